"""Runs pairings of matrix.py: their program, and host_sim in some world as its partner."""
import pathlib
import subprocess
import sys

import matrix

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tool"))
import tool

LOOPBACK = {"inet": "127.0.0.1", "inet6": "::1"}


class Theirs(tool.Running):
    """Their program, started. A server has told its port."""

    def __init__(self, pairing, family, port=0):
        host = LOOPBACK[family]
        names = {"host": host, "at": f"[{host}]" if ":" in host else host, "port": port,
                 "v": "6" if family == "inet6" else "4"}
        self.pairing = pairing
        self.start([word.format(**names) for word in pairing.command], subprocess.PIPE)
        self.process.stdin.write(pairing.typed)
        self.process.stdin.flush()
        if pairing.role == "server":
            self.endpoint = f"{names['at']}:{self.wait_for(pairing.listens)[1]}"

    def finish(self):
        """Hears all that it should say; only then does its input end. Its end: the status."""
        said = ""
        wanted = "\n".join(self.pairing.says)
        while len(said) < len(wanted):
            piece = self.process.stdout.read(1)
            if not piece:
                break
            said += piece
        self.process.stdin.close()
        self.process.stdin = None
        if not self.pairing.once:
            self.process.terminate()
        status, rest = super().finish()
        return status if self.pairing.once else 0, said + rest


class PairingTest(tool.ToolTest):
    """`world` is host_sim's; `ours` are more words of it."""

    def assert_said(self, pairing, family, done):
        status, out = done
        self.assertEqual(status, 0, (pairing, family, out))
        self.assertEqual(out.splitlines()[:len(pairing.says)], list(pairing.says))

    def assert_heard(self, pairing, role, transcript):
        for line in pairing.hears:
            self.assertIn(f"{role}: {line}", transcript.splitlines())

    def deadline(self, exchange):
        """Echoes make 1,220 rounds, in real time and on a machine that may be busy."""
        return ("--deadline", "60s") if "echo" in exchange or "bulk" in exchange else ()

    def check_clients(self, exchange, world, family, ours=()):
        """Every one of theirs calls one server of ours, one after the other."""
        wanted = matrix.of(matrix.CLIENTS, exchange, world)
        if not wanted:
            return
        with tool.serve(exchange, "--world", world, *self.deadline(exchange), *ours,
                        listen=tool.LOOPBACK[family] + ":0") as server:
            # udp_chat answers repetitions for some seconds, unless its next client comes.
            at_once = exchange == "udp_chat" and not world.startswith("board")
            for number, pairing in enumerate(wanted, 1):
                with self.subTest(family=family, client=pairing.program):
                    if number > 1 and world.startswith("board"):
                        server.wait_for("^listening on ")
                    with Theirs(pairing, family, server.port) as client:
                        self.assert_said(pairing, family, client.finish())
                    if not at_once:
                        server.wait_for(f"exchange {number}: passed")
            if at_once:
                server.wait_for(f"exchange {len(wanted)}: passed")
            status, out = server.stop()
            self.assertEqual(status, 0, server.heard)
            self.assert_transcript_only(out)
            for pairing in wanted:
                self.assert_heard(pairing, "server", out)

    def check_servers(self, exchange, world, family, ours=()):
        for pairing in matrix.of(matrix.SERVERS, exchange, world):
            with self.subTest(family=family, server=pairing.program), \
                    Theirs(pairing, family) as server:
                done = tool.run("connect", exchange, server.endpoint, "--world", world,
                                *self.deadline(exchange), *pairing.words, *ours)
                self.assert_status(done, 0)
                self.assert_transcript_only(done.stdout)
                self.assert_heard(pairing, "client", done.stdout)
                self.assert_said(pairing, family, server.finish())

    def check(self, exchange, world, families, ours=()):
        for family in families:
            self.check_clients(exchange, world, family, ours)
            self.check_servers(exchange, world, family, ours)

    def check_pages(self, world, family, command):
        """`http_page`: `command` is the tests' own program of that world."""
        clients = matrix.of(matrix.CLIENTS, "http_page", world)
        wanted = [line for each in clients for line in each.hears]
        listen = tool.LOOPBACK[family] + ":0"
        with tool.Running([*command, "server", f"listen={listen}",
                           f"requests={len(wanted)}"]) as server:
            for pairing in clients:
                with Theirs(pairing, family, server.port) as client:
                    self.assert_said(pairing, family, client.finish())
            self.assertEqual(server.finish(),
                             (0, "".join(f"server: {line}\n" for line in wanted)))
        for pairing in matrix.of(matrix.SERVERS, "http_page", world):
            with Theirs(pairing, family) as server:
                done = subprocess.run([*command, "client", f"peer={server.endpoint}",
                                       *pairing.words], capture_output=True, text=True,
                                      timeout=tool.LIMIT_S)
                self.assert_status(done, 0)
                self.assert_heard(pairing, "client", done.stdout)
                self.assert_said(pairing, family, server.finish())
