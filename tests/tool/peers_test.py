"""The exchanges with programs that nobody here wrote, on either side: tests/peers/matrix.py."""
import os
import shutil
import sys
import unittest

import tool

sys.path.insert(0, str(tool.PEERS))
import matrix
import pairing


FAMILIES = os.environ.get("PEER_FAMILIES", "inet,inet6").split(",")


def families(exchange):
    return [family for family in FAMILIES if not tool.unavailable("posix", family)
            and not tool.lacking(exchange, "posix", family)]


class Programs(unittest.TestCase):
    def test_are_all_here(self):
        for name in ("socat", "nc", "curl"):
            self.assertIsNotNone(shutil.which(name), f"{name} is not installed")

    def test_table_is_in_the_readme(self):
        page = (tool.PEERS / "README.md").read_text(encoding="utf-8")
        self.assertIn(matrix.table(), page, "write it anew: python3 tests/peers/matrix.py")


class Posix(pairing.PairingTest):
    """One test for each exchange, added below."""

    def test_http_page(self):
        for family in families("tcp_reply"):
            self.check_pages("posix", family, [os.environ["HTTP_POSIX"]])


class Sim(pairing.PairingTest):
    def setUp(self):
        tool.require(self, "sim")

    def test_http_page(self):
        for family in families("tcp_reply"):
            self.check_pages("sim", family, os.environ["HTTP_NODE"].split(","))


def add_tests(group, world):
    for each in matrix.exchanges(world):
        def check_one(self, exchange=each):
            those = families(exchange)
            if not those:
                self.skipTest(tool.lacking(exchange, "posix", "inet"))
            self.check(exchange, world, those)
        setattr(group, f"test_{each}", check_one)


add_tests(Posix, "posix")
add_tests(Sim, "sim")

if __name__ == "__main__":
    unittest.main()
