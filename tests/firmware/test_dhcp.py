#!/usr/bin/env python3
"""A board and a DHCP server that is prompt, late, or refuses."""
import argparse
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import board as emulated
import dhcp

OPTIONS = None


class Dhcp(unittest.TestCase):
    def boot(self, talk, **server):
        """What the server saw of a board whose console `talk` got."""
        with tempfile.TemporaryDirectory() as place, dhcp.DhcpServer(place, **server) as answers, \
             emulated.Board(OPTIONS.build_dir, "exchanges", ["seed=a-test"],
                            emulated.cable(answers.board_end, answers.own_end)) as board:
            talk(board, answers)
        return answers.seen

    def expect_address(self, board, _):
        board.expect(rf"address {dhcp.CLIENT}$")

    def expect_address_later(self, board, server):
        """The program runs without an address, and has one once it is given."""
        board.expect("no address after 10 s")
        board.expect("help lists the commands")
        self.assertTrue(server.acknowledged.wait(30))
        for _ in range(100):  # until the frame has been worked upon
            board.type("net\r")
            if board.expect("inet +(.*)")[1] == dhcp.CLIENT:
                return
        self.fail(board.console())

    def test_prompt_server(self):
        seen = self.boot(self.expect_address)
        self.assertEqual(seen, [dhcp.DISCOVER, dhcp.OFFER, dhcp.REQUEST, dhcp.ACK])

    def test_server_that_misses_the_first_call(self):
        seen = self.boot(self.expect_address, silent=1)
        self.assertEqual(seen[:3], [dhcp.DISCOVER, dhcp.DISCOVER, dhcp.OFFER])

    def test_server_that_is_later_than_the_board_waits(self):
        seen = self.boot(self.expect_address_later, silent=3)
        self.assertEqual(seen.count(dhcp.ACK), 1)

    def test_server_that_refuses_once(self):
        seen = self.boot(self.expect_address, refusals=1)
        self.assertEqual(seen[3:6], [dhcp.NAK, dhcp.DISCOVER, dhcp.OFFER])
        self.assertEqual(seen[-1], dhcp.ACK)

    def test_server_that_always_refuses(self):
        def talk(board, _):
            board.expect("no address after 10 s")
            board.type("net\r")
            board.expect("inet   none")
            board.type("pools\r")
            self.assertLess(int(board.expect(r"PBUF_POOL +(\d+)")[1]), 4)

        seen = self.boot(talk, refusals=-1)
        self.assertGreater(seen.count(dhcp.NAK), 1)
        self.assertEqual(seen.count(dhcp.ACK), 0)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--board", required=True)
    parser.add_argument("--build-dir", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
