#!/usr/bin/env python3
"""A board under load: as many connections as it has room for, and a soak that counts its memory.

The long soak: test_load.py --board B --build-dir D --soak-s 86400 Soak
"""
import argparse
import contextlib
import pathlib
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import board as emulated
from board import Board

OPTIONS = None
SEED = "seed=a-test"


class Crowd(unittest.TestCase):
    """A server with as many sockets as the board's profile allows."""

    def call(self):
        peer = socket.create_connection(("127.0.0.1", self.port), 10)
        self.peers.callback(peer.close)
        return peer

    def is_served(self, peer, text=b"anybody there?"):
        """Whether it gets its bytes back, as against an end or a reset."""
        try:
            peer.sendall(text)
            answer = peer.recv(len(text), socket.MSG_WAITALL)
        except (ConnectionResetError, BrokenPipeError):
            return False
        self.assertIn(answer, (text, b""))
        return answer == text

    def fill(self, room):
        """All who find room are served, one after the other and all at once."""
        guests = []
        for _ in range(room):
            guests.append(self.call())
            # Each before the next: QEMU repeats an unanswered connect after six seconds only.
            self.assertTrue(self.is_served(guests[-1]))
        for number, guest in enumerate(guests):
            guest.sendall(b"all at once %03d" % number)
        for number, guest in enumerate(guests):
            self.assertEqual(guest.recv(15, socket.MSG_WAITALL), b"all at once %03d" % number)
        return guests

    def test_one_more_than_there_is_room_for_is_refused_and_the_board_lives_on(self):
        words = [SEED, "crowd", "2"]
        board, self.port = emulated.serving(OPTIONS.build_dir, words, "tcp", 7, image="load")
        with contextlib.ExitStack() as self.peers:
            self.peers.push(board)  # which runs already
            room = int(board.lines[-1].rsplit(" ", 1)[1])
            self.assertGreaterEqual(room, 5)
            guests = self.fill(room)
            for _ in range(3):
                self.assertFalse(self.is_served(self.call()))
            self.assertTrue(all(self.is_served(guest) for guest in guests))
            # Whoever leaves makes room for one.
            board.expect(f"present {room}$")
            guests.pop().close()
            board.expect(f"present {room - 1}$")
            self.assertTrue(self.is_served(self.call()))

    def test_nothing_is_left_when_all_have_gone(self):
        board, self.port = emulated.serving(OPTIONS.build_dir, [SEED, "crowd", "2"], "tcp", 7,
                                            image="load")
        with contextlib.ExitStack() as self.peers:
            self.peers.push(board)  # which runs already
            room = int(board.lines[-1].rsplit(" ", 1)[1])
            for _ in range(2):
                for guest in self.fill(room):
                    guest.close()
                board.expect(r"present 0$")
            self.assertEqual(board.wait(), 0, board.console())
        rows = {line.split()[0]: line.split()[1:] for line in board.lines if line}
        for pool in ("NETCONN", "TCP_PCB_LISTEN", "TCP_SEG", "PBUF_POOL", "NETBUF"):
            self.assertEqual(rows[pool][0], "0", (pool, rows[pool]))


class Soak(unittest.TestCase):
    def test_ten_minutes_of_work_lose_no_element_of_any_pool(self):
        """In the board's time, which skips what is idle; both ends and the gateway are inside."""
        with Board(OPTIONS.build_dir, "load", [SEED, "soak", OPTIONS.soak_s],
                   emulated.user_network(), extra=emulated.EXACT,
                   time_limit_s=120 + OPTIONS.soak_s // 2) as board:
            self.assertEqual(board.wait(), 0, board.console())
        self.assertIn(f"worked for {OPTIONS.soak_s} s", board.lines)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--board", required=True)
    parser.add_argument("--build-dir", required=True)
    parser.add_argument("--soak-s", type=int, default=600, help="how long (600)")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
