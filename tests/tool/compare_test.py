"""compare: the table, its status, and what a terminal shows."""
import os
import pty
import re
import subprocess
import unittest

import tool


def on_a_terminal(*words, **variables):
    """Standard error as a terminal of 80 columns would get it; status."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", **variables}
    env = {name: value for name, value in env.items() if value is not None}
    with subprocess.Popen([tool.HOST_SIM, *words], stdout=subprocess.DEVNULL, stderr=theirs,
                          stdin=subprocess.DEVNULL, env=env) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            seen += piece
        process.wait(tool.LIMIT_S)
    os.close(ours)
    return seen.decode(), process.returncode


class Compare(tool.ToolTest):
    def test_every_exchange_is_the_same_in_every_world_and_family(self):
        tool.require(self, "sim")
        done = tool.run("compare", "--family", "both")
        self.assert_status(done, 0)
        self.assertEqual(done.stdout, "")
        rows = re.findall(r"^(\w+) +(inet6?) +same +same$", done.stderr, re.M)
        self.assertEqual(rows, [(exchange, family) for exchange in tool.EXCHANGES
                                for family in tool.FAMILIES
                                if not tool.lacking(exchange, "posix", family)
                                and not tool.lacking(exchange, "sim", family)])

    def test_an_exchange_that_cannot_be_in_a_family_is_named_and_no_failure(self):
        tool.require(self, "sim", "inet6")
        done = tool.run("compare", "udp_broadcast", "tcp_greeting", "--family", "both")
        self.assert_status(done, 0)
        self.assertRegex(done.stderr, r"(?m)^udp_broadcast +inet6 +not available +not available$")
        self.assertIn("udp_broadcast in sim, inet6: not available: IPv6 has no broadcast",
                      done.stderr)
        self.assertIn("3 of 4 the same in every world; 1 cannot be in all", done.stderr)

    def test_a_family_of_sockets_that_lwip_has_not_is_no_failure(self):
        tool.require(self, "sim")
        done = tool.run("compare", "unix_echo", "tcp_greeting")
        self.assert_status(done, 0)
        self.assertRegex(done.stderr, r"(?m)^unix_echo +inet +\w+ +not available$")
        self.assertIn("unix_echo in sim, inet: not available: lwIP has no local sockets",
                      done.stderr)
        self.assertIn("1 of 2 the same in every world; 1 cannot be in all", done.stderr)

    def test_show_prints_each_transcript(self):
        done = tool.run("compare", "tcp_greeting", "--show")
        self.assert_transcript_only(done.stdout)
        self.assertIn("server: sent: Hello client", done.stdout)
        self.assertIn("== tcp_greeting in posix, inet", done.stderr)

    def test_a_world_that_is_missing_is_not_the_same(self):
        if not tool.unavailable("sim", "inet"):
            self.skipTest("the sim world is available")
        done = tool.run("compare", "tcp_greeting")
        self.assert_status(done, 1)
        self.assertRegex(done.stderr, r"(?m)^tcp_greeting +inet +passed +not available$")
        self.assertRegex(done.stderr, r"(?m)^sim, inet: not available: ")

    def test_failure_says_what_and_how_to_replay_it(self):
        tool.require(self, "sim")
        done = tool.run("compare", "tcp_greeting", "--loss", "100%", "--deadline", "2s")
        self.assert_status(done, 1)
        self.assertRegex(done.stderr, r"(?m)^tcp_greeting +inet +passed +failed$")
        replay = re.search(r"(?m)^replay: host_sim (run .*)$", done.stderr)
        self.assert_status(tool.run(*replay[1].split()), 1)

    def test_wrong_use_is_refused(self):
        self.assert_refused(tool.run("compare", "tcp_ecko"), "did you mean tcp_echo?")
        self.assert_refused(tool.run("compare", "--worlds", "posix,moon"), "'moon'", "posix, sim")
        self.assert_refused(tool.run("compare", "--worlds", "posix,posix"), "named twice")
        self.assert_refused(tool.run("compare", "--worlds", "posix"), "two or more")
        self.assert_refused(tool.run("compare", "--family", "ipv4"), "inet, inet6, both")


class Terminal(tool.ToolTest):
    def test_shows_progress_and_colour(self):
        seen, _ = on_a_terminal("compare", "tcp_greeting", NO_COLOR=None)
        self.assertIn("[1/2] tcp_greeting in posix, inet", seen)
        self.assertIn("\x1b[32m", seen)

    def test_respects_no_color(self):
        seen, _ = on_a_terminal("compare", "tcp_greeting", NO_COLOR="1")
        self.assertIn("[1/2] tcp_greeting in posix, inet", seen)
        self.assertNotRegex(seen, "\x1b\\[[0-9]*m")

    def test_file_gets_neither(self):
        done = tool.run("compare", "tcp_greeting")
        self.assertNotIn("\x1b", done.stderr)
        self.assertNotIn("[1/2]", done.stderr)


if __name__ == "__main__":
    unittest.main()
