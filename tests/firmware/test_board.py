#!/usr/bin/env python3
"""What one board's images do in QEMU: start-up, console, every exchange, with peers in Python."""
import argparse
import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import board as emulated
from board import Board, cable, serving, user_network

OPTIONS = None
EXCHANGES = ("tcp_echo", "udp_echo", "tcp_chat", "udp_chat", "tcp_greeting", "tcp_reply",
             "udp_timeout", "tcp_refused", "tcp_bulk", "tcp_half_close")
SEED = "seed=a-test"


def run(image, *words, **options):
    """Exit status and console of an image that ends by itself."""
    with Board(OPTIONS.build_dir, image, words, **options) as board:
        status = board.wait()
    return status, board.console()


class Case(unittest.TestCase):
    def check(self, image, *words, status, shows=(), **options):
        came, console = run(image, *words, **options)
        self.assertEqual(came, status, console)
        for text in shows:
            self.assertIn(text, console)
        return console


class StartUp(Case):
    def selftest(self, name, status, *shows):
        return self.check("selftest", SEED, "net=off", *name.split(), status=status, shows=shows)

    def test_exit_status_is_the_programs(self):
        for status in (0, 1, 42, 255):
            self.selftest(f"exit {status}", status)

    def test_write_to_null_faults(self):
        self.selftest("null", emulated.FAULT, "access where it is forbidden",
                      "at address 00000000", "in thread null", "pc  ", "most used")

    def test_write_where_nothing_is_faults(self):
        if OPTIONS.board == "lm3s6965evb":
            self.skipTest("QEMU's lm3s6965evb ignores accesses to nothing")
        self.selftest("nowhere", emulated.FAULT, "no memory behind a data address",
                      "at address e8000000", "in thread nowhere")

    def test_undefined_instruction_faults(self):
        self.selftest("undefined", emulated.FAULT, "undefined instruction")

    def test_interrupt_without_a_handler_stops(self):
        self.selftest("interrupt", emulated.FAULT, "interrupt 20 has no handler")

    def test_panic_names_place_and_thread(self):
        console = self.selftest("panic", emulated.PANIC, "on purpose", "thread careless")
        self.assertRegex(console, r"selftest\.cpp:\d+")

    def test_assertion_in_lwip_names_its_place(self):
        console = self.selftest("assert", emulated.PANIC, "thread careless")
        short = re.search(r"assertion before (0x\w+) \(line:(\d+),", console)
        if not short:  # with texts
            self.assertRegex(console, r"on purpose \(.*selftest\.cpp:\d+")
            return
        told = subprocess.run(["arm-none-eabi-addr2line", "-fe",
                               OPTIONS.build_dir / "selftest.elf", short[1]],
                              capture_output=True, text=True, check=True).stdout
        self.assertIn(f"selftest.cpp:{short[2]}", told)

    def test_stack_overflow_faults_in_its_thread(self):
        self.selftest("overflow", emulated.FAULT, "in thread diver", "diver             running")

    def test_overrun_stack_is_found_at_the_next_switch(self):
        self.selftest("scribble", emulated.PANIC, "stack overflow", "thread scribbler")

    def test_memory_shared_with_a_dma_is_data_only(self):
        if OPTIONS.board == "mps2-an505":
            self.skipTest("no board with that core has a DMA")
        self.selftest("shared", emulated.FAULT, "shared memory: sum 97920",
                      "execution where it is forbidden", "in thread runner")

    def test_floating_point_registers_survive_switches(self):
        expected = "kept" if OPTIONS.has_fpu else "none"
        self.selftest("fpu", 0, f"floating point: {expected}")

    def test_time_passes_as_on_the_host(self):
        start = time.monotonic()
        self.selftest("time", 0, "slept 2 s, counted 2 s")
        self.assertGreater(time.monotonic() - start, 3.95)

    def test_exact_under_instruction_counting(self):
        consoles = {run("selftest", SEED, "net=off", "time",
                        extra=("-icount", "shift=6,sleep=off"))[1] for _ in range(2)}
        self.assertEqual(len(consoles), 1, consoles)


class Words(Case):
    def test_no_seed_is_refused(self):
        self.check("exchanges", "list", status=2, shows=["no entropy source", "seed=TEXT"])

    def test_wrong_words_are_refused_with_what_is_allowed(self):
        for words, allowed in ((["pi=1"], "seed=, ip="), (["ip=10.0.0.300/24"], "ip=ADDR/BITS"),
                               (["ip=10.0.0.1/33"], "ip=ADDR/BITS"), (["net=maybe"], "net=off"),
                               (["gateway=::1"], "an IPv4 address"), (["x"] * 40, "32 at most"),
                               ([SEED, "net=off", "dance"], "there is no command 'dance'"),
                               ([SEED, "net=off", "serve"], "usage: serve EXCHANGE PORT"),
                               ([SEED, "net=off", "serve", "tcp_ech", "7"],
                                "no exchange 'tcp_ech'"),
                               ([SEED, "net=off", "serve", "tcp_echo", "0"], "1 to 65535"),
                               ([SEED, "net=off", "connect", "tcp_echo", "10"], "ADDRESS:PORT"),
                               ([SEED, "net=off", "ping", "host"], "ping takes an address")):
            with self.subTest(words):
                self.check("exchanges", *words, status=2, shows=[allowed])

    def test_list_names_every_exchange(self):
        console = self.check("exchanges", SEED, "net=off", "list", status=0)
        named = console[console.index("twinsock on"):].splitlines()[1:]
        self.assertEqual(tuple(line.split()[0] for line in named), EXCHANGES)


class Console(Case):
    def test_what_is_typed_before_the_prompt_is_kept(self):
        with Board(OPTIONS.build_dir, "exchanges", [SEED, "net=off"]) as board:
            board.type("uptime\r")
            board.expect(r"up \d+ s \d+ ms")

    def test_a_person_types(self):
        with Board(OPTIONS.build_dir, "exchanges", [SEED, "net=off"]) as board:
            board.expect("help lists the commands")
            board.type("helx\x08p\r")
            board.expect("uptime  ")
            board.type("bad word\x17\x17uptime\r")
            board.expect(r"up \d+ s \d+ ms")
            board.type("\x1b[A\r")
            board.expect(r"up \d+ s \d+ ms")
            board.type("garbage\x03list\r\n")
            board.expect("tcp_half_close")
            board.type("frobnicate\r")
            board.expect("there is no command 'frobnicate'")
            board.type("reset\r")
            board.expect("help lists the commands")


class Network(Case):
    def test_dhcp_ping_and_tables(self):
        self.check("exchanges", SEED, "net", ";", "ping", "10.0.2.2", ";", "pools", ";", "sockets",
                   ";", "stacks", status=0, network=user_network(), mac="52:54:00:12:00:07",
                   shows=["52:54:00:12:00:07  link up", "inet   10.0.2.15", "4 of 4 answered",
                          "PBUF_POOL", "udp               0.0.0.0:68", "tcpip_thread"])

    def test_no_dhcp_server_is_said(self):
        with tempfile.TemporaryDirectory() as place:
            self.check("exchanges", SEED, "uptime", status=0,
                       network=cable(f"{place}/a", f"{place}/b"), shows=["no address after 10 s"])


    def test_cable_out_and_in_again(self):
        if OPTIONS.board == "lm3s6965evb":
            self.skipTest("QEMU's Stellaris Ethernet has no cable")
        with tempfile.TemporaryDirectory() as place:
            monitor = emulated.Monitor(place)
            with Board(OPTIONS.build_dir, "exchanges", [SEED], user_network(),
                       extra=monitor.words) as board:
                board.expect("help lists the commands")
                with monitor:
                    monitor.set_cable(False)
                    board.expect("link down")
                    board.type("net\r")
                    board.expect("en0 .*no link")
                    monitor.set_cable(True)
                    board.expect("link up")
                    board.type("net\r")
                    board.expect("en0 .*link up")
                board.type("ping 10.0.2.2\r")
                board.expect("4 of 4 answered")


class DesktopTool(Case):
    """host_sim on the desktop's own sockets as the peer, in both directions."""

    def setUp(self):
        if not OPTIONS.host_sim:
            self.skipTest("no host_sim was given")

    def transcript(self, output, side):
        return [line for line in output.splitlines() if line.startswith(side + ": ")]

    def reference(self, exchange, side):
        done = subprocess.run([OPTIONS.host_sim, "run", exchange, "--world", "posix"],
                              capture_output=True, text=True, timeout=60, check=True)
        return self.transcript(done.stdout, side)

    def test_board_serves_every_exchange(self):
        for exchange in EXCHANGES:
            kind = "udp" if exchange.startswith("udp") else "tcp"
            with self.subTest(exchange), contextlib.ExitStack() as stack:
                board, port = serving(OPTIONS.build_dir, [SEED, "serve", exchange, "7"], kind, 7)
                stack.push(board)
                done = subprocess.run(
                    [OPTIONS.host_sim, "connect", exchange, f"127.0.0.1:{port}"],
                    capture_output=True, text=True, timeout=60)
                self.assertEqual(board.wait(), 0, board.console() + done.stderr)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(board.transcript("server"), self.reference(exchange, "server"))
                self.assertEqual(self.transcript(done.stdout, "client"),
                                 self.reference(exchange, "client"))

    def test_board_calls_every_exchange(self):
        for exchange in EXCHANGES:
            with self.subTest(exchange), subprocess.Popen(
                    [OPTIONS.host_sim, "serve", exchange, "--listen", "127.0.0.1:0", "--once"],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
                try:
                    port = server.stderr.readline().rsplit(":", 1)[1].strip()
                    # This one's client may come only after the first wait.
                    first = server.stdout.readline() if exchange == "udp_timeout" else ""
                    console = self.check("exchanges", SEED, "connect", exchange,
                                         f"10.0.2.2:{port}", status=0, network=user_network())
                    output, errors = server.communicate(timeout=30)
                finally:
                    server.kill()
                self.assertEqual(server.returncode, 0, errors)
                self.assertEqual(self.transcript(console, "client"),
                                 self.reference(exchange, "client"))
                self.assertEqual(self.transcript(first + output, "server"),
                                 self.reference(exchange, "server"))


class PythonPeers(Case):
    sizes = (1, 2, 3, 4, 59, 60, 61, 535, 536, 537, 1000, 1199, 1200)

    def messages(self):
        return [bytes((7 * size + i) & 255 for i in range(size)) for size in self.sizes]

    def test_board_serves_tcp_echo(self):
        board, port = serving(OPTIONS.build_dir, [SEED, "serve", "tcp_echo", "7", ";", "pools"],
                              "tcp", 7)
        with contextlib.ExitStack() as stack:
            stack.push(board)
            with socket.create_connection(("127.0.0.1", port), 10) as peer:
                for message in self.messages():
                    peer.sendall(message)
                    self.assertEqual(self.receive(peer, len(message)), message)
                peer.shutdown(socket.SHUT_WR)
                self.assertEqual(peer.recv(1), b"")
            self.assertEqual(board.wait(), 0, board.console())
            self.assertIn(f"server: echoed {sum(self.sizes)} bytes", board.lines)

    def test_board_serves_udp_echo(self):
        board, port = serving(OPTIONS.build_dir, [SEED, "serve", "udp_echo", "7"], "udp", 7)
        with contextlib.ExitStack() as stack:
            stack.push(board)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
                peer.settimeout(10)
                for message in self.messages():
                    peer.sendto(message, ("127.0.0.1", port))
                    self.assertEqual(peer.recv(2000), message)
                peer.sendto(b"", ("127.0.0.1", port))
            self.assertEqual(board.wait(), 0, board.console())

    def test_board_calls_tcp_echo(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            def serve():
                peer = server.accept()[0]
                with peer:
                    while data := peer.recv(4096):
                        peer.sendall(data)
            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            self.check("exchanges", SEED, "connect", "tcp_echo",
                       f"10.0.2.2:{server.getsockname()[1]}", status=0, network=user_network(),
                       shows=["client: sizes 1 to 1200: all echoed"])
            thread.join(10)

    def test_refused_connection_is_a_failure_in_one_line(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))  # bound but not listening
            self.check("exchanges", SEED, "connect", "tcp_reply",
                       f"10.0.2.2:{closed.getsockname()[1]}", status=1, network=user_network(),
                       shows=["failed at connect", "connection_refused"])

    def test_five_hundred_connections_leave_nothing_behind(self):
        count = 500 if OPTIONS.board in ("mps2-an385", "lm3s6965evb") else 50
        words = [SEED, "serve", "tcp_echo", "7", f"times={count}", ";", "pools"]
        board, port = serving(OPTIONS.build_dir, words, "tcp", 7, time_limit_s=120)
        with contextlib.ExitStack() as stack:
            stack.push(board)
            for i in range(count):
                if i > 0:
                    board.expect("LISTENING 7")
                with socket.create_connection(("127.0.0.1", port), 10) as peer:
                    peer.sendall(b"once")
                    self.assertEqual(self.receive(peer, 4), b"once")
            self.assertEqual(board.wait(), 0, board.console())
            rows = {line.split()[0]: line.split()[1:] for line in board.lines if line}
            for pool in ("NETCONN", "PBUF_POOL", "TCP_SEG", "NETBUF"):
                self.assertEqual(rows[pool][0], "0", (pool, rows[pool]))
                self.assertEqual(rows[pool][3], "0", (pool, rows[pool]))

    def test_reset_in_the_middle_is_a_failure_and_the_board_lives_on(self):
        words = [SEED, "serve", "tcp_reply", "7", "times=2"]
        board, port = serving(OPTIONS.build_dir, words, "tcp", 7)
        with contextlib.ExitStack() as stack:
            stack.push(board)
            with socket.create_connection(("127.0.0.1", port), 10) as peer:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.assertEqual(board.wait(), 1, board.console())
            self.assertRegex(board.console(), "failed at .*expected .*came ")

    def receive(self, peer, size):
        data = b""
        while len(data) < size:
            part = peer.recv(size - len(data))
            if not part:
                break
            data += part
        return data


class Product(Case):
    """What docs/FIRMWARE.md shows."""

    def test_says_how_long_it_has_been_up(self):
        for _ in range(5):
            port = emulated.free_port()
            with Board(OPTIONS.build_dir, "product", [SEED],
                       user_network(("tcp", port, 5000))) as board:
                try:
                    board.expect("LISTENING 5000")
                except emulated.PortTaken:
                    continue
                times = [self.ask(port) for _ in range(3)]
            self.assertEqual(times, sorted(times))
            self.assertGreater(times[0], 0)
            return
        self.fail("no free port")

    def ask(self, port):
        with socket.create_connection(("127.0.0.1", port), 10) as peer:
            text = b""
            while part := peer.recv(100):
                text += part
        self.assertRegex(text, rb"^\d+ ms\n$")
        return int(text.split()[0])


class BoardAgainstBoard(Case):
    def pair(self, exchange, *more, server="ip=10.9.0.1/24", client="ip=10.9.0.2/24",
             peer="10.9.0.1:5005", boards=None, link=None, time_limit_s=60):
        boards = boards or (OPTIONS.build_dir, OPTIONS.build_dir)
        with tempfile.TemporaryDirectory() as place:
            ends = [f"{place}/{name}" for name in "ab"]
            outer = link(place) if link else contextlib.nullcontext([ends, ends[::-1]])
            with outer as cables, \
                 Board(boards[0], "exchanges",
                       [SEED, server, "serve", exchange, "5005", *more, ";", "pools"],
                       cable(*cables[0]), mac="52:54:00:00:00:0a",
                       time_limit_s=time_limit_s) as serves:
                serves.expect("LISTENING")
                with Board(boards[1], "exchanges",
                           [SEED + "2", client, "connect", exchange, peer, *more],
                           cable(*cables[1]), mac="52:54:00:00:00:0b",
                           time_limit_s=time_limit_s) as calls:
                    self.assertEqual(calls.wait(), 0, calls.console() + serves.console())
                self.assertEqual(serves.wait(), 0, serves.console())
        return serves.transcript("server") + calls.transcript("client")

    def reference(self, exchange):
        """The transcript of the desktop's own sockets."""
        done = subprocess.run([OPTIONS.host_sim, "run", exchange, "--world", "posix"],
                              capture_output=True, text=True, timeout=60, check=True)
        return sorted(done.stdout.splitlines())

    def test_every_exchange(self):
        for exchange in EXCHANGES:
            with self.subTest(exchange):
                transcript = self.pair(exchange)
                self.assertTrue(transcript)
                if OPTIONS.host_sim:
                    self.assertEqual(sorted(transcript), self.reference(exchange))

    def test_other_board_both_ways(self):
        if not OPTIONS.other_build_dir:
            self.skipTest("no other board was given")
        dirs = (OPTIONS.build_dir, OPTIONS.other_build_dir)
        for boards in (dirs, dirs[::-1]):
            for exchange in ("tcp_bulk", "udp_echo"):
                with self.subTest(exchange, boards=boards):
                    self.pair(exchange, boards=boards)

    def test_every_exchange_over_ipv6(self):
        if OPTIONS.board != "mps2-an385":
            self.skipTest("IPv6 is tested on mps2-an385")
        for exchange in EXCHANGES:
            with self.subTest(exchange):
                self.pair(exchange, "family=inet6", peer="[fd00::1]:5005",
                          server="ip=10.9.0.1/24 ip6=fd00::1", client="ip=10.9.0.2/24 ip6=fd00::2")

    def test_every_exchange_with_five_percent_loss(self):
        if OPTIONS.board not in ("mps2-an385", "lm3s6965evb"):
            self.skipTest("loss is tested on mps2-an385 and lm3s6965evb")
        # Without the two with so many rounds that lwIP's timer of 1 s would take minutes.
        for exchange in ("udp_echo", "tcp_chat", "udp_chat", "tcp_greeting", "tcp_reply",
                         "tcp_refused", "tcp_half_close"):
            with self.subTest(exchange):
                self.pair(exchange, "deadline=60000", time_limit_s=90,
                          link=lambda place: emulated.LossyLink(place, loss=0.05, seed=1))

    def test_malformed_frames_do_not_stop_a_server(self):
        self.pair("tcp_echo", link=lambda place: emulated.LossyLink(place, seed=1, nonsense=True))


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--board", required=True)
    parser.add_argument("--build-dir", required=True, type=pathlib.Path)
    parser.add_argument("--other-build-dir", type=pathlib.Path, help="another board, to talk to")
    parser.add_argument("--host-sim", help="the desktop's tool, to compare transcripts with")
    OPTIONS, rest = parser.parse_known_args()
    OPTIONS.has_fpu = OPTIONS.board in ("mps2-an386", "mps2-an500", "mps2-an505")
    if not shutil.which("qemu-system-arm"):
        sys.exit("qemu-system-arm is not installed")
    os.environ["LC_ALL"] = "C.UTF-8"
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
