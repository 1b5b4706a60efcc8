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
             "udp_timeout", "tcp_refused", "tcp_bulk", "tcp_half_close", "tcp_select_server",
             "tcp_socketserver", "udp_socketserver", "raw_ping", "dns_connect",
             "multicast_discovery", "udp_broadcast", "options_report", "unix_echo", "packet_echo")
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
        if OPTIONS.cpu.startswith("cortex-m33"):
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

    def test_a_sleep_has_no_regular_tick(self):
        self.selftest("sleep", 0, "slept 3 s with ")

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

    def test_connection_outlives_a_cable_that_was_out(self):
        if OPTIONS.board == "lm3s6965evb":
            self.skipTest("QEMU's Stellaris Ethernet has no cable")
        with tempfile.TemporaryDirectory() as place:
            monitor = emulated.Monitor(place)
            board, port = serving(OPTIONS.build_dir, [SEED, "serve", "tcp_echo", "7"], "tcp", 7,
                                  extra=monitor.words)
            with contextlib.ExitStack() as stack:
                stack.push(board)
                peer = stack.enter_context(socket.create_connection(("127.0.0.1", port), 30))
                peer.sendall(b"before")
                self.assertEqual(peer.recv(6, socket.MSG_WAITALL), b"before")
                with monitor:
                    monitor.set_cable(False)
                    board.expect("link down")
                    peer.sendall(b"meanwhile")
                    monitor.set_cable(True)
                    board.expect("link up")
                self.assertEqual(peer.recv(9, socket.MSG_WAITALL), b"meanwhile")
                peer.shutdown(socket.SHUT_WR)
                self.assertEqual(board.wait(), 0, board.console())
            self.assertIn("server: echoed 15 bytes", board.lines)

    def test_no_link_is_told_in_one_line(self):
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
                    board.type("connect tcp_reply 10.0.2.2:9\r")
                    board.expect("^failed at connect: .*no route to that host")
                    board.expect("^failed with status 1")


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

    def test_reset_in_the_middle_of_a_transfer_leaves_a_board_that_serves_again(self):
        port = emulated.free_port()
        with Board(OPTIONS.build_dir, "exchanges", [SEED],
                   user_network(("tcp", port, 7))) as board:
            board.expect("help lists the commands")
            for _ in range(3):
                board.type("serve tcp_bulk 7\r")
                board.expect("LISTENING 7")
                with socket.create_connection(("127.0.0.1", port), 10) as peer:
                    peer.sendall(bytes(5000))
                    self.receive(peer, 20000)
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                board.expect("^failed at (receive|send), after [0-9]+ bytes")
                board.expect("failed with status 1")
            board.type("serve tcp_echo 7\r")
            board.expect("LISTENING 7")
            with socket.create_connection(("127.0.0.1", port), 10) as peer:
                peer.sendall(b"still there?")
                self.assertEqual(self.receive(peer, 12), b"still there?")
                peer.shutdown(socket.SHUT_WR)
                board.expect("server: echoed 12 bytes")
            self.expect_empty_pools(board)

    def expect_empty_pools(self, board):
        """Soon: the last frame may still be on its way. TCP may keep what it sent: of some resets
        the emulator's network makes an end of stream, after which nobody takes it."""
        for _ in range(50):
            board.type("pools\r")
            used = {board.expect(rf"^{pool} +(\d+)")[1]
                    for pool in ("NETBUF", "NETCONN", "PBUF_POOL")}
            if used == {"0"}:
                return
        self.fail(board.console())

    def receive(self, peer, size):
        data = b""
        while len(data) < size:
            part = peer.recv(size - len(data))
            if not part:
                break
            data += part
        return data


class Nonsense(Case):
    def test_malformed_frames_stop_neither_of_two_boards(self):
        for kind in ("any", "oversized", "short"):
            with self.subTest(kind), tempfile.TemporaryDirectory() as place, \
                 emulated.LossyLink(place, seed=1, nonsense=kind) as cables, \
                 Board(OPTIONS.build_dir, "exchanges",
                       [SEED, "ip=10.9.0.1/24", "serve", "tcp_echo", "5005", ";", "pools", ";",
                        "net"], cable(*cables[0]), mac="52:54:00:00:00:0a") as serves:
                serves.expect("LISTENING")
                with Board(OPTIONS.build_dir, "exchanges",
                           [SEED + "2", "ip=10.9.0.2/24", "connect", "tcp_echo", "10.9.0.1:5005"],
                           cable(*cables[1]), mac="52:54:00:00:00:0b") as calls:
                    self.assertEqual(calls.wait(), 0, calls.console() + serves.console())
                self.assertEqual(serves.wait(), 0, serves.console())
                self.check_dropped(serves)

    def check_dropped(self, board):
        """What makes no sense was counted, and its buffers given back."""
        rows = {line.split()[0]: line.split()[1:] for line in board.lines if line}
        self.assertEqual(rows["PBUF_POOL"][0], "0", "a frame's buffer was not given back")
        self.assertEqual(rows["PBUF_POOL"][3], "0", board.console())
        damaged = int(re.search(r"(\d+) damaged", board.console())[1])
        if OPTIONS.board != "lm3s6965evb":  # QEMU keeps them from its Ethernet
            self.assertGreater(damaged, 10, board.console())


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--board", required=True)
    parser.add_argument("--build-dir", required=True, type=pathlib.Path)
    OPTIONS, rest = parser.parse_known_args()
    OPTIONS.cpu = emulated.facts(OPTIONS.build_dir)["cpu"]
    OPTIONS.has_fpu = OPTIONS.cpu in ("cortex-m4f", "cortex-m7", "cortex-m33f")
    if not shutil.which("qemu-system-arm"):
        sys.exit("qemu-system-arm is not installed")
    os.environ["LC_ALL"] = "C.UTF-8"
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
