#!/usr/bin/env python3
"""A board with programs that nobody here wrote as its peers: tests/peers/matrix.py."""
import argparse
import os
import pathlib
import sys
import unittest

from board import Board, serving, user_network

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
OPTIONS = argparse.ArgumentParser(description=__doc__)
OPTIONS.add_argument("--board", required=True)
OPTIONS.add_argument("--build-dir", required=True, type=pathlib.Path)
OPTIONS.add_argument("--host-sim", required=True, help="the desktop's tool")
OPTIONS, REST = OPTIONS.parse_known_args()
os.environ["HOST_SIM"] = OPTIONS.host_sim  # before they look
import matrix
import pairing


class ProgramsOfOthers(pairing.PairingTest):
    """host_sim with the board as server and as client; one test for each exchange, added below."""

    def test_http_page_is_served(self):
        clients = matrix.of(matrix.CLIENTS, "http_page", "board")
        wanted = [f"server: {line}" for each in clients for line in each.hears]
        board, port = serving(OPTIONS.build_dir, ["seed=a-test", "server", "listen=:80",
                                                  f"requests={len(wanted)}"], "tcp", 80, "http")
        try:
            for each in clients:
                with self.subTest(each.program), pairing.Theirs(each, "inet", port) as client:
                    self.assert_said(each, "inet", client.finish())
            self.assertEqual(board.wait(), 0, board.console())
            self.assertEqual(board.transcript("server"), wanted)
        finally:
            board.__exit__()

    def test_http_page_is_got(self):
        for each in matrix.of(matrix.SERVERS, "http_page", "board"):
            with self.subTest(each.words), pairing.Theirs(each, "inet") as server:
                with Board(OPTIONS.build_dir, "http",
                           ["seed=a-test", "client", f"peer=10.0.2.2:{server.port}", *each.words],
                           user_network()) as board:
                    self.assertEqual(board.wait(), 0, board.console())
                self.assert_heard(each, "client", board.console())
                self.assert_said(each, "inet", server.finish())


for name in matrix.exchanges("board"):
    def check_one(self, exchange=name):
        self.check(exchange, f"board:{OPTIONS.board}", ["inet"],
                   ("--firmware", str(OPTIONS.build_dir)))
    setattr(ProgramsOfOthers, f"test_{name}", check_one)


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C.UTF-8"
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
