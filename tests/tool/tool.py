"""Drives the real host_sim: runs it, waits for what it says, and never sleeps."""
import itertools
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import unittest

HOST_SIM = os.environ.get("HOST_SIM", "host_sim")
PEERS = pathlib.Path(__file__).resolve().parent.parent / "peers"
LIMIT_S = 60  # of wall time, for one program; a test that needs it has failed

EXCHANGES = ["tcp_echo", "udp_echo", "tcp_chat", "udp_chat", "tcp_greeting", "tcp_reply",
             "udp_timeout", "tcp_refused", "tcp_bulk", "tcp_half_close", "tcp_select_server",
             "tcp_socketserver", "udp_socketserver", "raw_ping", "dns_connect",
             "multicast_discovery", "udp_broadcast", "options_report", "unix_echo", "packet_echo"]
FAMILIES = ["inet", "inet6"]
COUNTER = itertools.count()
LOOPBACK = {"inet": "127.0.0.1", "inet6": "[::1]"}


def run(*words, typed=None, before=(), **surroundings):
    """`before` goes before the command; `surroundings` are subprocess's: env, cwd, …"""
    return subprocess.run([*before, HOST_SIM, *words], input=typed, capture_output=True, text=True,
                          timeout=LIMIT_S, stdin=subprocess.DEVNULL if typed is None else None,
                          **surroundings)


def unavailable(world, family):
    """Why that world cannot run that family here; None if it can."""
    for line in run("list").stdout.splitlines():
        row = re.match(rf"  {world} +{family} +not available: (.*)", line)
        if row:
            return row[1]
    return None


def lacking(exchange, world, family):
    """Why that exchange cannot be in a world that is here; None if it can."""
    for line in run("list").stdout.splitlines():
        row = re.match(rf"  {exchange} in (?:.*, )?{world}(?:, .*)?, {family}: not available: (.*)",
                       line)
        if row:
            return row[1]
    return None


def require(test, world, family="inet"):
    why = unavailable(world, family)
    if why:
        test.skipTest(f"{world}, {family}: {why}")


def side(output, name):
    """The lines of one role."""
    return [line for line in output.splitlines() if line.startswith(f"{name}: ")]


class Running:
    """A program that listens: started, and heard saying where. Killed at the end, if need be."""

    def __init__(self, command, typed=None):
        self.start(command, subprocess.PIPE if typed is not None else subprocess.DEVNULL)
        if typed is not None:
            self.process.stdin.write(typed)
            self.process.stdin.close()
            self.process.stdin = None
        self.endpoint = self.wait_for(r"^listening on (\S+)")[1]

    @property
    def port(self):
        return int(self.endpoint.rsplit(":", 1)[1])

    def start(self, command, stdin):
        self.process = subprocess.Popen(command, text=True, stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.watchdog = threading.Timer(LIMIT_S, self.process.kill)
        self.watchdog.start()
        self.heard = []

    def wait_for(self, pattern):
        """The next line on standard error that has the pattern; all lines are kept."""
        for line in self.process.stderr:
            self.heard.append(line.rstrip("\n"))
            found = re.search(pattern, line)
            if found:
                return found
        raise AssertionError(f"never heard '{pattern}', only: {self.heard}")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def finish(self):
        """Waits for the end by itself: status, standard output."""
        out, err = self.process.communicate(timeout=LIMIT_S)
        self.heard += err.splitlines()
        return self.process.returncode, out

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.finish()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.watchdog.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def free_place(exchange, family="inet"):
    """Where a server of it can listen on this host alone, as --listen takes it."""
    if exchange == "unix_echo":
        return f"@twinsock-test-{os.getpid()}-{next(COUNTER)}"
    return LOOPBACK[family] + ":0"


def serve(exchange, *words, listen="127.0.0.1:0", typed=None):
    return Running([HOST_SIM, "serve", exchange, "--listen", listen, *words], typed)


def peer_server(exchange, *words, address="127.0.0.1"):
    return Running([sys.executable, str(PEERS / f"{exchange}.py"), "server", address, "0", *words])


def peer_client(exchange, server, *words):
    address, port = server.endpoint.rsplit(":", 1)
    return subprocess.run([sys.executable, str(PEERS / f"{exchange}.py"), "client",
                           address.strip("[]"), port, *words],
                          capture_output=True, text=True, timeout=LIMIT_S)


class ToolTest(unittest.TestCase):
    """With assertions on a finished run that show all of it."""

    def assert_status(self, done, status):
        self.assertEqual(done.returncode, status, f"\n{done.stdout}\n{done.stderr}")

    def assert_transcript_only(self, output):
        for line in output.splitlines():
            self.assertRegex(line, r"^(client|server): ")

    def assert_refused(self, done, *said):
        """Wrong use: status 2, nothing on standard output, one line that says all of `said`."""
        self.assert_status(done, 2)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for words in said:
            self.assertIn(words, done.stderr)

    def assert_failed(self, done, *said):
        """A failure: status 1, and one line that says all of `said`."""
        self.assert_status(done, 1)
        self.assert_transcript_only(done.stdout)
        complaints = [line for line in done.stderr.splitlines() if line.startswith("host_sim: ")]
        self.assertEqual(len(complaints), 1, done.stderr)
        for words in said:
            self.assertIn(words, complaints[0])
