"""connect: servers that are not there, end early, say something else, or say nothing."""
import os
import pty
import socket
import subprocess
import threading
import unittest

import tool


class StrangeServer:
    """Accepts one client in a thread and does something to it."""

    def __init__(self, act):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(tool.LIMIT_S)
        self.act = act
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        self.endpoint = f"127.0.0.1:{self.listening.getsockname()[1]}"

    def serve(self):
        conn, _ = self.listening.accept()
        conn.settimeout(tool.LIMIT_S)
        with conn:
            self.act(conn)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.thread.join()
        self.listening.close()


def end_of(conn):
    """Waits until the client has gone."""
    try:
        while conn.recv(4096):
            pass
    except ConnectionResetError:
        pass


class BadServer(tool.ToolTest):
    def test_nobody_listens(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            done = tool.run("connect", "tcp_echo", f"127.0.0.1:{bound.getsockname()[1]}")
        self.assert_failed(done, "connect: ", "connection_refused", "start the server first")

    def test_nobody_listens_in_any_exchange(self):
        for exchange in tool.EXCHANGES:
            if (exchange in ("raw_ping", "multicast_discovery", "packet_echo", "unix_echo")
                    or exchange.startswith("udp")):
                continue
            with self.subTest(exchange), socket.socket() as bound:
                bound.bind(("127.0.0.1", 0))
                self.assert_failed(tool.run("connect", exchange,
                                            f"127.0.0.1:{bound.getsockname()[1]}"),
                                   "connection_refused")

    def test_no_route(self):
        self.assert_failed(tool.run("connect", "tcp_echo", "255.255.255.255:9"), "unreachable",
                           "check the address")

    def test_ends_early(self):
        with StrangeServer(lambda conn: None) as server:
            self.assert_failed(tool.run("connect", "tcp_greeting", server.endpoint), "greeting: ",
                               "end of stream", "the peer ended early")

    def test_says_something_else(self):
        def garbage(conn):
            conn.sendall(b"\xff\xfe\x00 garbage")
            end_of(conn)
        for exchange in ("tcp_echo", "tcp_reply", "tcp_half_close"):
            with self.subTest(exchange), StrangeServer(garbage) as server:
                done = tool.run("connect", exchange, server.endpoint, "--deadline", "500ms")
                self.assert_failed(done, "expected", "came")

    def test_is_silent(self):
        with StrangeServer(end_of) as server:
            self.assert_failed(tool.run("connect", "tcp_greeting", server.endpoint, "--deadline",
                                        "100ms"), "greeting: ", "timed_out", "--deadline")

    def test_datagrams_into_silence(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            self.assert_failed(tool.run("connect", "udp_chat",
                                        f"127.0.0.1:{silent.getsockname()[1]}", "--deadline",
                                        "200ms"), "answer to line 1: ", "timed_out")


class Interactive(tool.ToolTest):
    def chat(self, typed, exchange="tcp_chat"):
        with tool.serve(exchange, "--once") as server:
            done = tool.run("connect", exchange, server.endpoint, "--interactive", typed=typed)
            self.assertEqual(server.finish()[0], 0, server.heard)
        self.assert_status(done, 0)
        return done

    def test_person_says_lines(self):
        done = self.chat("bom dia\n###\nnever said\n")
        self.assertIn("client: received: you said: bom dia", done.stdout)
        self.assertTrue(done.stdout.endswith("client: received: you said: ###\n"))

    def test_end_of_input_ends_the_chat(self):
        for exchange in ("tcp_chat", "udp_chat"):
            for typed in ("", "bom dia", "bom dia\n"):
                with self.subTest(exchange=exchange, typed=typed):
                    done = self.chat(typed, exchange)
                    self.assertTrue(done.stdout.endswith("client: received: you said: ###\n"))

    def test_line_that_is_too_long_is_not_sent(self):
        done = self.chat("x" * 2000 + "\nshort\n")
        self.assertIn("the line has 2000 bytes and was not sent", done.stderr)
        self.assertNotIn("xxx", done.stdout)
        self.assertIn("client: sent: short", done.stdout)

    def test_terminal_is_prompted(self):
        ours, theirs = pty.openpty()
        with tool.serve("tcp_chat", "--once") as server:
            with subprocess.Popen([tool.HOST_SIM, "connect", "tcp_chat", server.endpoint,
                                   "--interactive"], stdin=theirs, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) as process:
                os.close(theirs)
                os.write(ours, b"hi\n###\n")
                out, err = process.communicate(timeout=tool.LIMIT_S)
        os.close(ours)
        self.assertIn("say: ", err)
        self.assertIn("client: received: you said: hi", out)

    def test_nobody_types_until_the_deadline(self):
        with tool.serve("tcp_chat", "--once") as server:
            read_end, write_end = os.pipe()
            with os.fdopen(read_end) as silent, os.fdopen(write_end, "w"):
                done = subprocess.run([tool.HOST_SIM, "connect", "tcp_chat", server.endpoint,
                                       "--interactive", "--deadline", "100ms"], stdin=silent,
                                      capture_output=True, text=True, timeout=tool.LIMIT_S)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nobody typed a line before the deadline", done.stderr)


class WrongUse(tool.ToolTest):
    def test_endpoint(self):
        for words, said in (([], "ADDR:PORT is missing"), ([":5000"], "names no one server"),
                            (["0.0.0.0:5000"], "names no one server"),
                            (["127.0.0.1:0"], "port 0 is out of range"),
                            (["127.0.0.1:65536"], "port 65536 is out of range"),
                            (["localhost:5000"], "not an IPv4 address"),
                            (["127.0.0.1:1", "x"], "one word too many")):
            with self.subTest(words):
                self.assert_refused(tool.run("connect", "tcp_echo", *words), said)

    def test_say(self):
        def chat(*words):
            return tool.run("connect", "tcp_chat", "127.0.0.1:1", *words)
        self.assert_refused(chat("--say", ""), "--say")
        self.assert_refused(chat("--say", "x" * 501), "501 bytes", "1 to 500")
        self.assert_refused(chat(*["--say", "x"] * 17), "17 lines", "1 to 16")
        self.assert_refused(chat("--say", "x", "--interactive"), "--say and --interactive")
        self.assert_refused(chat("--say"), "--say")
        self.assert_refused(tool.run("connect", "tcp_echo", "127.0.0.1:1", "--say", "x"),
                            "tcp_chat and udp_chat")

    def test_deadline(self):
        for word in ("0", "-1", "25d", "soon", "1.5.2s", ""):
            with self.subTest(word):
                self.assert_refused(tool.run("connect", "tcp_echo", "127.0.0.1:1",
                                             f"--deadline={word}"), "--deadline")

    def test_command_and_exchange(self):
        self.assert_refused(tool.run(), "COMMAND is missing", "list, run, compare")
        self.assert_refused(tool.run("conect"), "did you mean connect?")
        self.assert_refused(tool.run("connect"), "EXCHANGE is missing")
        self.assert_refused(tool.run("connect", "gopher", "127.0.0.1:1"), "'gopher'", "tcp_echo")
        self.assert_refused(tool.run("connect", "tcp_echo", "127.0.0.1:1", "--interactiv"),
                            "did you mean --interactive?")


if __name__ == "__main__":
    unittest.main()
