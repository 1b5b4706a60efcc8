#!/usr/bin/env python3
"""docs/FROM_PYTHON.md: each of its programs runs with its Python original on the other side, and
its tables name what Python has."""
import argparse
import ast
import contextlib
import io
import pathlib
import queue
import re
import select
import selectors
import socket
import socketserver
import subprocess
import sys
import threading
import types
import unittest
import warnings

import python_page

OPTIONS = None
LIMIT_S = 30
# What people who write such programs look for.
SOUGHT = """
    socket.socket socket.AF_INET socket.AF_INET6 socket.AF_UNIX socket.PF_PACKET socket.AF_PACKET
    socket.SOCK_STREAM socket.SOCK_DGRAM socket.SOCK_RAW socket.timeout socket.error select.select
    s.bind s.listen s.accept s.connect s.connect_ex s.getpeername s.getsockname s.send s.sendall
    s.sendto s.recv s.recvfrom s.recv_into s.recvfrom_into s.getsockopt s.setsockopt s.settimeout
    s.setblocking s.close s.shutdown s.family s.type s.proto socketserver.TCPServer
    socketserver.UDPServer encode decode HOST
    """.split()
ROOTS = {"socket": socket, "s": socket.socket, "select": select, "selectors": selectors,
         "socketserver": socketserver}


def dotted_names(code):
    for node in ast.walk(ast.parse(code)):
        name = node
        path = []
        while isinstance(name, ast.Attribute):
            path.insert(0, name.attr)
            name = name.value
        if path and isinstance(name, ast.Name):
            yield ".".join([name.id, *path])


class Tables(unittest.TestCase):
    def setUp(self):
        self.text = OPTIONS.page.read_text(encoding="utf-8")
        self.rows = list(python_page.rows(self.text))

    def test_every_name_is_pythons(self):
        self.assertGreater(len(self.rows), 70)
        for line, code, _ in self.rows:
            for name in dotted_names(code):
                root, *path = name.split(".")
                with self.subTest(f"line {line}: {name}"):
                    self.assertIn(root, ROOTS)
                    found = ROOTS[root]
                    for part in path:
                        self.assertTrue(hasattr(found, part))
                        found = getattr(found, part)

    def test_what_is_sought_is_there(self):
        words = " ".join(code for _, code, _ in self.rows)
        for name in SOUGHT:
            with self.subTest(name):
                self.assertTrue(re.search(rf"(?<!\w){re.escape(name)}\b", words))

    def test_every_method_of_a_socket_is_told(self):
        for name in dir(socket.socket):
            if not name.startswith("_"):
                with self.subTest(name):
                    self.assertTrue(re.search(rf"`[^`\n]*\bs\.{name}\b", self.text))

    def test_every_exchange_is_one(self):
        known = {path.stem for path in (OPTIONS.page.parent.parent / "exchanges").glob("*.cpp")}
        named = re.findall(r"^### .*: exchange `(\w+)`$", self.text, re.M)
        self.assertEqual(len(named), 5)
        self.assertLessEqual(set(named), known)


class Listening:
    """Python's socket module, whose servers take any free port and tell it."""

    def __init__(self):
        told = self.told = queue.Queue()

        class Socket(socket.socket):
            def bind(self, address):
                super().bind(address)
                self.settimeout(LIMIT_S)
                if self.type == socket.SOCK_DGRAM:
                    told.put(self.getsockname()[1])

            def listen(self, *backlog):
                super().listen(*backlog)
                told.put(self.getsockname()[1])

        self.module = types.ModuleType("socket")
        self.module.__dict__.update(vars(socket), socket=Socket)


class PythonProgram(threading.Thread):
    """A Python program of the page, with words typed to it."""

    def __init__(self, code, port, typed):
        super().__init__(daemon=True)
        self.code, self.typed, self.said = code, list(typed), io.StringIO()
        self.listening = Listening()
        self.names = {"address": ("127.0.0.1", port), "input": lambda _: self.typed.pop(0),
                      "print": lambda *words: print(*words, file=self.said),
                      "__builtins__": {**vars(__import__("builtins")), "__import__": self.find}}
        self.start()

    def find(self, name, *more):
        return self.listening.module if name == "socket" else __import__(name, *more)

    def run(self):
        with contextlib.suppress(SystemExit), warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # a program that exits closes nothing
            exec(compile(self.code, "the page", "exec"), self.names)
            self.names.clear()

    def port(self):
        return self.listening.told.get(timeout=LIMIT_S)

    def finish(self):
        self.join(LIMIT_S)
        return self.said.getvalue().splitlines()


class Programs(unittest.TestCase):
    def setUp(self):
        text = OPTIONS.page.read_text(encoding="utf-8")
        self.code = {}  # "greeting_server": its Python
        names = {"tcp_greeting": "greeting", "tcp_reply": "reply", "tcp_chat": "chat",
                 "udp_chat": "datagram", "udp_timeout": "timeout"}
        for section in re.split(r"^### ", text, flags=re.M)[1:]:
            name = names[re.search(r"exchange `(\w+)`", section)[1]]
            for _, block in python_page.blocks(section, "python"):
                self.code[f"{name}_{block.split()[1]}"] = block

    def start(self, name, typed, *words):
        return subprocess.Popen([OPTIONS.program, name, *words], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, process, typed):
        out, err = process.communicate("".join(line + "\n" for line in typed), timeout=LIMIT_S)
        self.assertEqual(process.returncode, 0, err)
        return out.splitlines()

    def check(self, name, client_types, server_types, client_says, server_says):
        with self.subTest(f"our {name} server"):
            ours = self.start(f"{name}_server", server_types)
            port = int(re.search(r"listening on .*:(\d+)", ours.stderr.readline())[1])
            client = PythonProgram(self.code[f"{name}_client"], port, client_types)
            self.assertEqual(self.finish(ours, server_types), server_says)
            self.assertEqual(client.finish(), client_says)
        with self.subTest(f"their {name} server"):
            server = PythonProgram(self.code[f"{name}_server"], 0, server_types)
            ours = self.start(f"{name}_client", client_types, f"127.0.0.1:{server.port()}")
            self.assertEqual(self.finish(ours, client_types), client_says)
            self.assertEqual(server.finish(), server_says)

    def test_greeting(self):
        self.check("greeting", [], [], ["Hello client"], ["Hello server"])

    def test_reply(self):
        self.check("reply", [], [], ["três horas"], ["¿Qué hora es?"])

    def test_chat(self):
        self.check("chat", ["olá", "###"], ["bom dia", "adeus"], ["bom dia", "adeus"],
                   ["olá", "###"])

    def test_chat_without_a_server(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            port = bound.getsockname()[1]
            client = PythonProgram(self.code["chat_client"], port, [])
            self.assertEqual(client.finish(), ["server not found"])
            ours = self.start("chat_client", [], f"127.0.0.1:{port}")
            out, err = ours.communicate("", timeout=LIMIT_S)
            self.assertEqual((ours.returncode, out, err),
                             (1, "server not found\n", "connection_refused\n"))

    def test_datagrams(self):
        self.check("datagram", ["olá", "até já", ""], ["bom dia", "adeus"], ["bom dia", "adeus"],
                   ["olá", "até já"])

    def test_timeout(self):
        server = PythonProgram(self.code["timeout_server"], 0, [])
        self.assertEqual(server.finish(), ["Client not connected"])
        ours = self.start("timeout_server", [])
        self.assertEqual(self.finish(ours, []), ["Client not connected"])
        ours = self.start("timeout_server", [])
        port = int(re.search(r"listening on .*:(\d+)", ours.stderr.readline())[1])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(b"Hello server", ("127.0.0.1", port))
        self.assertEqual(self.finish(ours, []), ["obtained Hello server"])


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", required=True, type=pathlib.Path)
    parser.add_argument("--program", required=True, help="python_page")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
