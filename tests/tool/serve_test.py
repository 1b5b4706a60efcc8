"""serve: peer after peer, bad peers, its end, and what it leaves behind."""
import os
import signal
import socket
import tempfile
import unittest

import tool

PEERS_IN_A_ROW = 300
A_FEW = 4  # descriptors that an exchange opens and closes: they may be counted or not


def connect(exchange, server, *words, **more):
    return tool.run("connect", exchange, server.endpoint, *words, **more)


def stranger(server, kind=socket.SOCK_STREAM):
    """A socket of a program that does not speak the exchange."""
    s = socket.socket(socket.AF_INET, kind)
    s.settimeout(tool.LIMIT_S)
    s.connect(("127.0.0.1", server.port))
    return s


class Pair(tool.ToolTest):
    """serve and connect against each other: one test for each exchange and family, added below."""

    def check(self, exchange, family):
        tool.require(self, "posix", family)
        if why := tool.lacking(exchange, "posix", family):
            self.skipTest(why)
        with tool.serve(exchange, "--once", listen=tool.free_place(exchange, family)) as server:
            done = connect(exchange, server)
            self.assert_status(done, 0)
            self.assert_transcript_only(done.stdout)
            status, out = server.finish()
            self.assertEqual(status, 0, server.heard)
        alone = tool.run("run", exchange, "--family", family)
        self.assertEqual(tool.side(done.stdout, "client"), tool.side(alone.stdout, "client"))
        if exchange != "udp_timeout":  # whether the first wait expires is the peer's choice here
            self.assertEqual(tool.side(out, "server"), tool.side(alone.stdout, "server"))


for each_family in tool.FAMILIES:
    for each in tool.EXCHANGES:
        def check_one(self, exchange=each, family=each_family):
            self.check(exchange, family)
        setattr(Pair, f"test_{each}_{each_family}", check_one)


class Serve(tool.ToolTest):
    def test_serves_peer_after_peer(self):
        for exchange in ("tcp_chat", "udp_chat", "udp_echo"):
            with self.subTest(exchange), tool.serve(exchange) as server:
                for number in (1, 2, 3):
                    self.assert_status(connect(exchange, server), 0)
                    server.wait_for(f"{exchange}, exchange {number}: passed")
                self.assertEqual(server.stop()[0], 0)
                self.assertIn("stopped after 3 exchanges", server.heard)

    def test_empty_address_is_every_address(self):
        with tool.serve("tcp_greeting", "--once", listen=":0") as server:
            self.assertTrue(server.endpoint.startswith("0.0.0.0:"))
            self.assert_status(tool.run("connect", "tcp_greeting", f"127.0.0.1:{server.port}"), 0)

    def test_empty_address_of_inet6(self):
        tool.require(self, "posix", "inet6")
        with tool.serve("tcp_greeting", "--once", "--family", "inet6", listen=":0") as server:
            self.assertTrue(server.endpoint.startswith("[::]:"))
            self.assert_status(tool.run("connect", "tcp_greeting", f"[::1]:{server.port}"), 0)

    def test_many_peers_leave_no_descriptor(self):
        with tool.serve("tcp_greeting") as server:
            before = 0
            for number in range(1, PEERS_IN_A_ROW + 1):
                with stranger(server) as peer:
                    peer.recv(64)
                    peer.sendall(b"Hello server")
                server.wait_for(f"exchange {number}: passed")
                before = before or server.descriptors()
            self.assertLessEqual(server.descriptors(), before + A_FEW)
            self.assertEqual(server.stop()[0], 0)

    def test_many_echoes_leave_no_descriptor(self):
        with tool.serve("tcp_echo") as server:
            before = 0
            for number in range(1, PEERS_IN_A_ROW + 1):
                with stranger(server) as peer:
                    peer.sendall(b"echo")
                    self.assertTrue(peer.recv(64))
                server.wait_for(f"exchange {number}: passed")
                before = before or server.descriptors()
            self.assertLessEqual(server.descriptors(), before + A_FEW)
            self.assertEqual(server.stop()[0], 0)


class LocalNames(tool.ToolTest):
    """unix_echo at a path: its files are there while it serves, and gone when it ends."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "echo.sock")

    def files(self):
        return sorted(os.listdir(os.path.dirname(self.path)))

    def test_serves_peer_after_peer(self):
        with tool.serve("unix_echo", listen=self.path) as server:
            self.assertEqual(server.endpoint, self.path)
            for number in (1, 2):
                self.assert_status(connect("unix_echo", server), 0)
                server.wait_for(f"unix_echo, exchange {number}: passed")
            self.assertEqual(server.stop()[0], 0)
        self.assertEqual(self.files(), [])

    def test_once_leaves_nothing(self):
        with tool.serve("unix_echo", "--once", listen=self.path) as server:
            self.assert_status(connect("unix_echo", server), 0)
            self.assertEqual(server.finish()[0], 0)
        self.assertEqual(self.files(), [])

    def test_of_a_server_that_was_killed_are_taken_over(self):
        with tool.serve("unix_echo", listen=self.path) as server:
            server.process.kill()
        self.assertIn("echo.sock", self.files())
        self.assert_failed(tool.run("connect", "unix_echo", self.path), "connection_refused")
        with tool.serve("unix_echo", "--once", listen=self.path) as server:
            self.assert_status(connect("unix_echo", server), 0)
            self.assertEqual(server.finish()[0], 0)

    def test_in_use_are_refused_and_the_server_goes_on(self):
        with tool.serve("unix_echo", listen=self.path) as server:
            done = tool.run("serve", "unix_echo", "--listen", self.path)
            self.assert_failed(done, f"cannot listen on {self.path}", "address_in_use",
                               "another name")
            self.assert_status(connect("unix_echo", server), 0)
            server.wait_for("exchange 1: passed")
            self.assertEqual(server.stop()[0], 0)

    def test_of_no_folder_and_of_nobody(self):
        self.assert_failed(tool.run("serve", "unix_echo", "--listen", "/nowhere/x"),
                           "cannot listen on /nowhere/x", "a folder that is there")
        self.assert_failed(tool.run("connect", "unix_echo", "/nowhere/x"), "connection_refused")

    def test_that_are_none_are_refused(self):
        for word, said in (("127.0.0.1:5", "a path with a / in it"), ("x", "or @NAME"),
                           ("@", "or @NAME"), ("/" + "x" * 102, "101 bytes")):
            with self.subTest(word):
                self.assert_refused(tool.run("serve", "unix_echo", "--listen", word), said)
                self.assert_refused(tool.run("connect", "unix_echo", word), said)
        self.assert_refused(tool.run("serve", "unix_echo"), "--listen is missing", "@NAME")
        self.assert_refused(tool.run("serve", "unix_echo", "--listen", "@x", "--family", "inet6"),
                            "not over IP")
        self.assert_refused(tool.run("serve", "tcp_echo", "--listen", "/tmp/x"), "has no port")


class BadPeer(tool.ToolTest):
    def assert_goes_on(self, server, exchange):
        """The next peer is served."""
        self.assert_status(connect(exchange, server), 0)
        server.wait_for("exchange 2: passed")
        self.assertEqual(server.stop()[0], 0)

    def test_that_says_something_else(self):
        with tool.serve("tcp_greeting") as server:
            with stranger(server) as peer:
                peer.sendall(b"\x00\xff\x1b[2J garbage\n")
                peer.shutdown(socket.SHUT_WR)
                line = server.wait_for("host_sim: tcp_greeting, exchange 1: reply: .*").string
            self.assertIn("expected Hello server", line)
            self.assertNotIn("\x1b", line)
            self.assert_goes_on(server, "tcp_greeting")

    def test_that_ends_early(self):
        with tool.serve("tcp_reply") as server:
            stranger(server).close()
            server.wait_for("exchange 1: request: expected UTF-8 text, came end of stream; ")
            self.assert_goes_on(server, "tcp_reply")

    def test_that_resets(self):
        with tool.serve("tcp_greeting") as server:
            with stranger(server) as peer:
                peer.recv(64)
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            server.wait_for("exchange 1: reply: .*connection_reset")
            self.assert_goes_on(server, "tcp_greeting")

    def test_that_is_silent(self):
        with tool.serve("tcp_reply", "--deadline", "100ms") as server, stranger(server):
            server.wait_for("exchange 1: request: .*timed_out.*--deadline")
            self.assert_goes_on(server, "tcp_reply")

    def test_ends_once_with_its_verdict(self):
        with tool.serve("tcp_reply", "--once") as server:
            stranger(server).close()
            self.assertEqual(server.finish()[0], 1)

    def test_wait_for_a_peer_has_no_deadline(self):
        with tool.serve("udp_timeout", "--once", "--deadline", "1ms") as server:
            first = server.process.stdout.readline()
            self.assertEqual(first, "server: Client not connected\n")  # and goes on waiting
            with stranger(server, socket.SOCK_DGRAM) as peer:
                peer.send(b"Hello server")
                self.assertIn("server: received: Hello server", server.finish()[1])


class End(tool.ToolTest):
    def check(self, number):
        with tool.serve("tcp_echo") as server:
            self.assertEqual(server.stop(number), (0, ""))
            with socket.socket() as again:  # the port is free
                again.bind(("127.0.0.1", server.port))

    def test_ctrl_c(self):
        self.check(signal.SIGINT)

    def test_sigterm(self):
        self.check(signal.SIGTERM)

    def test_ctrl_c_with_a_silent_peer(self):
        with tool.serve("tcp_greeting", "--deadline", "1h") as server, stranger(server) as peer:
            peer.recv(64)
            self.assertEqual(server.stop()[0], 0)

    def test_ctrl_c_before_the_one_exchange(self):
        with tool.serve("tcp_echo", "--once") as server:
            self.assertEqual(server.stop()[0], 1)


class Interactive(tool.ToolTest):
    def test_person_answers(self):
        with tool.serve("tcp_chat", "--interactive", "--once", typed="fine\n\nbye\n") as server:
            done = connect("tcp_chat", server, "--say", "how are you?")
            self.assert_status(done, 0)
            self.assertEqual(done.stdout.splitlines(),
                             ["client: connected", "client: sent: how are you?",
                              "client: received: fine", "client: sent: ###",
                              "client: received: bye"])
            self.assertEqual(server.finish()[0], 0)
        self.assertIn("host_sim: an empty line cannot be sent; type a line, or ### to end",
                      server.heard)

    def test_end_of_input_gives_the_answers_back(self):
        with tool.serve("udp_chat", "--interactive", "--once", typed="fine\n") as server:
            done = connect("udp_chat", server, "--say", "how are you?")
            self.assert_status(done, 0)
            self.assertIn("client: received: you said: ###", done.stdout)


class WrongUse(tool.ToolTest):
    def test_malformed_endpoint(self):
        for word, said in (("127.0.0.1", "has no port"), ("127.0.0.1:", "has no port"),
                           ("[::1]", "has no port"), ("127.0.0.1:70000", "70000 is out of range"),
                           ("127.0.0.1:abc", "'abc' is not a port"),
                           ("127.0.0.1:-1", "'-1' is not a port"),
                           ("localhost:5000", "'localhost' is not an IPv4 address"),
                           ("1.2.3:5000", "'1.2.3' is not an IPv4 address"),
                           ("[::g]:5000", "'[::g]' is not an IPv6 address"),
                           ("::1:5000", "[::1]:5000"), ("", "--listen")):
            with self.subTest(word):
                self.assert_refused(tool.run("serve", "tcp_echo", f"--listen={word}"), said)

    def test_exchange_and_options(self):
        self.assert_refused(tool.run("serve"), "EXCHANGE is missing", "tcp_echo")
        self.assert_refused(tool.run("serve", "tcp_eco", "--listen", ":0"),
                            "did you mean tcp_echo?")
        self.assert_refused(tool.run("serve", "tcp_echo"), "--listen is missing")
        self.assert_refused(tool.run("serve", "tcp_echo", "--listen", ":0", "--interactive"),
                            "tcp_chat and udp_chat")
        self.assert_refused(tool.run("serve", "tcp_echo", "--listen", ":0", "--loss", "5%"),
                            "--loss is for the sim world")
        self.assert_refused(tool.run("serve", "tcp_echo", "--listen", "127.0.0.1:0", "--family",
                                     "inet6"), "--family")

    def test_port_in_use(self):
        for exchange in ("tcp_echo", "udp_echo"):
            with self.subTest(exchange), tool.serve(exchange) as server:
                done = tool.run("serve", exchange, "--listen", server.endpoint)
                self.assert_failed(done, server.endpoint, "address_in_use", "take another")

    def test_address_of_another_host(self):
        self.assert_failed(tool.run("serve", "tcp_echo", "--listen", "192.0.2.1:0"),
                           "192.0.2.1:0", "address_not_available", "take an address of this host")


if __name__ == "__main__":
    unittest.main()
