"""unix_echo and packet_echo with peers that are not ours: Python programs, on either side."""
import subprocess
import sys
import tempfile
import unittest

import tool


class NotOverIp(tool.ToolTest):
    """Local names and frames: the peer takes a name, or an interface and a port."""

    def peer(self, exchange, side, *words):
        return [sys.executable, str(tool.PEERS / f"{exchange}.py"), side, *words]

    def run_peer(self, *words):
        return subprocess.run(self.peer(*words), capture_output=True, text=True,
                              timeout=tool.LIMIT_S)

    def places(self):
        with tempfile.TemporaryDirectory() as folder:
            for place in (tool.free_place("unix_echo"), f"{folder}/echo"):
                with self.subTest(place):
                    yield place

    def test_unix_echo_client(self):
        for place in self.places():
            with tool.serve("unix_echo", "--once", listen=place) as server:
                done = self.run_peer("unix_echo", "client", place)
                self.assertEqual((done.returncode, done.stdout), (0, "all echoed\n"), done.stderr)
                status, out = server.finish()
                self.assertEqual(status, 0, server.heard)
                self.assertEqual(out.splitlines()[-1], "server: echoed 1200 datagrams")

    def test_unix_echo_server(self):
        for place in self.places():
            with tool.Running(self.peer("unix_echo", "server", place)) as server:
                self.assert_status(tool.run("connect", "unix_echo", server.endpoint), 0)
                self.assertEqual(server.finish(), (0, "at least 720600 bytes\n"
                                                      "at least 1200 datagrams\n"))

    def test_packet_echo_client(self):
        if why := tool.lacking("packet_echo", "posix", "inet"):
            self.skipTest(why)
        with tool.serve("packet_echo", "--once") as server:
            done = self.run_peer("packet_echo", "client", "lo", str(server.port))
            self.assertEqual((done.returncode, done.stdout), (0, "all echoed\n"), done.stderr)
            self.assertEqual(server.finish()[0], 0, server.heard)

    def test_packet_echo_server(self):
        if why := tool.lacking("packet_echo", "posix", "inet"):
            self.skipTest(why)
        with tool.Running(self.peer("packet_echo", "server", "lo", "0")) as server:
            self.assert_status(tool.run("connect", "packet_echo", server.endpoint), 0)
            self.assertEqual(server.finish(), (0, "at least 29 frames\n"))


if __name__ == "__main__":
    unittest.main()
