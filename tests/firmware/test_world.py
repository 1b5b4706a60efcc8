#!/usr/bin/env python3
"""The worlds with a board, as host_sim runs them: every exchange, refusals, and nothing left."""
import argparse
import contextlib
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from board import PortTaken, free_port

OPTIONS = None
LIMIT_S = 300
EXCHANGES = ("tcp_echo", "udp_echo", "tcp_chat", "udp_chat", "tcp_greeting", "tcp_reply",
             "udp_timeout", "tcp_refused", "tcp_bulk", "tcp_half_close", "tcp_select_server",
             "tcp_socketserver", "udp_socketserver", "raw_ping", "dns_connect",
             "multicast_discovery", "udp_broadcast", "options_report", "packet_echo")


def host_sim(*words, firmware=None, env=None):
    command = [OPTIONS.host_sim, *words]
    if firmware is not False:
        command += ["--firmware", str(firmware or OPTIONS.build_dir)]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, env=env,
                          stdin=subprocess.DEVNULL)


class Case(unittest.TestCase):
    def assert_passed(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def assert_refused(self, done, status, *said):
        """One line that says all of `said`, and nothing was run."""
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        complaints = [line for line in done.stderr.splitlines() if line.startswith("host_sim: ")]
        self.assertEqual(len(complaints), 1, done.stderr)
        for words in said:
            self.assertIn(words, complaints[0])

    def compare(self, world, *words, exchanges=EXCHANGES, family="inet", firmware=None):
        if family == "inet6":  # not on every host's loopback; IPv6 has no broadcast at all
            exchanges = [exchange for exchange in exchanges if exchange not in
                         ("dns_connect", "multicast_discovery", "udp_broadcast", "packet_echo")]
        done = host_sim("compare", *exchanges, "--worlds", f"posix,{world}", "--family", family,
                        *words, firmware=firmware)
        self.assert_passed(done)
        same = re.findall(rf"^(\w+) +{family} +same +same$", done.stderr, re.M)
        self.assertEqual(tuple(same), tuple(exchanges), done.stderr)


class DesktopPeer(Case):
    def test_board_serves_every_exchange(self):
        self.compare(f"board:{OPTIONS.board}", "--as", "server")

    def test_board_calls_every_exchange(self):
        self.compare(f"board:{OPTIONS.board}", "--as", "client")


class Links(Case):
    """Two partners on a simulated link, in real time."""

    # Without the two with so many rounds that lwIP's timer of 1 s would take minutes.
    LOSSY = ("udp_echo", "tcp_chat", "udp_chat", "tcp_greeting", "tcp_reply", "tcp_refused",
             "tcp_half_close", "packet_echo")

    def setUp(self):
        self.board = f"board:{OPTIONS.board}"
        self.has_ipv6 = OPTIONS.board != "lm3s6965evb"
        self.is_main = OPTIONS.board in ("mps2-an385", "lm3s6965evb")

    def test_board_and_board(self):
        self.compare(f"{self.board}+{self.board}")

    def test_an_end_is_an_end_every_time(self):
        """Whatever the receiving thread does when lwIP's, which interrupts it, takes the end."""
        if not self.is_main:
            self.skipTest("it is tested on mps2-an385 and lm3s6965evb")
        for seed in range(100):
            self.assert_passed(host_sim("run", "tcp_half_close", "--world",
                                        f"{self.board},{self.board}", "--seed", str(seed)))

    def test_other_board_both_ways(self):
        if not OPTIONS.other_board:
            self.skipTest("no other board was given")
        for pair in ((self.board, f"board:{OPTIONS.other_board}"),
                     (f"board:{OPTIONS.other_board}", self.board)):
            with self.subTest(pair):
                self.compare("+".join(pair), exchanges=("tcp_bulk", "udp_echo"),
                             firmware=OPTIONS.build_dir.parent)

    def test_board_and_node(self):
        for role in ("server", "client"):
            with self.subTest(role):
                exchanges = list(EXCHANGES)
                # Segments of 536 bytes, Nagle's algorithm and delayed acknowledgements make each of
                # tcp_echo's larger sizes wait for 250 ms: minutes in all.
                if OPTIONS.board == "lm3s6965evb" and role == "server":
                    exchanges.remove("tcp_echo")
                self.compare(f"{self.board}+sim", "--as", role, exchanges=exchanges)

    def test_ipv6(self):
        if not self.has_ipv6:
            done = host_sim("run", "tcp_echo", "--world", f"{self.board},sim", "--family", "inet6")
            self.assert_refused(done, 2, "no IPv6", "--family inet")
            return
        # QEMU's user network has no IPv6 for it: a node is the peer.
        for role in ("server", "client"):
            self.compare(self.board, "--as", role, family="inet6")
        if self.is_main:
            self.compare(f"{self.board}+{self.board}", family="inet6")

    def test_five_percent_loss(self):
        if not self.is_main:
            self.skipTest("loss is tested on mps2-an385 and lm3s6965evb")
        for partner in (self.board, "sim"):
            with self.subTest(partner):
                self.compare(f"{self.board}+{partner}", "--loss", "5%", "--deadline", "2min",
                             exchanges=self.LOSSY)

    def test_faults_captures_and_reports(self):
        with tempfile.TemporaryDirectory() as folder:
            frames, page = pathlib.Path(folder, "a.pcapng"), pathlib.Path(folder, "a.html")
            done = host_sim("run", "tcp_greeting", "--world", f"{self.board},sim", "--delay",
                            "100ms", "--pcap", str(frames), "--report", str(page), "--trace")
            self.assert_passed(done)
            self.assertIn(b"Hello client", frames.read_bytes())
            self.assertIn("Hello client", page.read_text(encoding="utf-8"))
            # Two round trips of 200 ms at least, and each frame under way for its delay.
            times = [float(at) for at in re.findall(r"(?m)^(\d+\.\d+) .* tcp ", done.stderr)]
            self.assertGreater(times[-1] - times[0], 0.4)
            self.assertRegex(done.stderr, r"tcp S .*\| \+1000\d\d")

    def test_cut_link_fails_both_roles_by_their_deadline(self):
        for words in ((f"{self.board},sim",), (f"{self.board},sim", "--as", "client"),
                      (f"{self.board},{self.board}",)):
            with self.subTest(words):
                done = host_sim("run", "tcp_greeting", "--loss", "100%", "--deadline", "1s",
                                "--world", *words)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertRegex(done.stderr, "client: .*connect: expected a connection, came")
                self.assertRegex(done.stderr, r"(?m)^host_sim: .* server: ")


class Options(Case):
    world = property(lambda self: f"board:{OPTIONS.board}")

    def test_frames_are_captured(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "a,b.pcap")
            done = host_sim("run", "tcp_greeting", "--world", self.world, "--pcap", str(file))
            self.assert_passed(done)
            self.assertIn(f"frames: {file}", done.stderr)
            self.assertIn(b"Hello client", file.read_bytes())

    def test_lines_to_say_are_said(self):
        done = host_sim("run", "udp_chat", "--world", self.world, "--as", "client", "--say",
                        "bom dia, mundo", "--say", "ol\u00e1")
        self.assert_passed(done)
        self.assertIn("server: received: bom dia, mundo", done.stdout.splitlines())
        self.assertIn("server: received: ol\u00e1", done.stdout.splitlines())

    def test_lines_that_a_console_cannot_take_are_refused(self):
        for line in ('a "word"', "x" * 200):
            done = host_sim("run", "tcp_chat", "--world", self.world, "--as", "client", "--say",
                            line)
            self.assert_refused(done, 2, "--say", "console")

    def test_list_shows_it(self):
        done = host_sim("list", firmware=False)
        self.assertRegex(done.stdout, rf"(?m)^  {self.world} +inet +\w")

    def test_a_deadline_fails_with_step_and_role(self):
        done = host_sim("run", "tcp_bulk", "--world", self.world, "--deadline", "1ms")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"(client|server): .*timed_out")


class Refusals(Case):
    def refused(self, *words, said, status=2, **options):
        self.assert_refused(host_sim("run", "tcp_greeting", *words, **options), status, *said)

    def test_worlds_that_there_are_not(self):
        for world, said in (("board:mps2-an38", "did you mean mps2-an385?"),
                            ("board:", "allowed: board:NAME"), ("board:x,moon", "'moon'"),
                            ("board:a,sim,sim", "3 partners"),
                            ("sim,board:a,board:b", "3 partners")):
            with self.subTest(world):
                self.refused("--world", world, said=[said], firmware=False)

    def test_no_emulator(self):
        self.refused("--world", "board:mps2-an385", status=2, env={"PATH": "/nowhere"},
                     said=["qemu-system-arm is not installed", "tools/setup"])

    def test_image_of_another_board(self):
        for place in (OPTIONS.build_dir, OPTIONS.build_dir / "exchanges.elf"):
            self.refused("--world", "board:mps2-an500", firmware=place,
                         said=["is an image for mps2-an385, not for mps2-an500"])

    def test_files_that_are_no_image(self):
        with tempfile.TemporaryDirectory() as folder:
            empty = pathlib.Path(folder, "empty.elf")
            empty.write_bytes(b"")
            alone = shutil.copy(OPTIONS.build_dir / "exchanges.elf", folder)
            cut = pathlib.Path(folder, "cut.elf")
            cut.write_bytes(pathlib.Path(alone).read_bytes()[:3000])
            blank = OPTIONS.build_dir / "board.json"
            for place, said in ((folder, "build the firmware there"), (empty, "no firmware image"),
                                (cut, "no firmware image"), (blank, "no firmware image"),
                                (alone, "board.json"), (f"{folder}/none", "there is no '")):
                with self.subTest(place):
                    self.refused("--world", "board:mps2-an385", firmware=place, said=[said])

    def test_options_that_do_not_fit(self):
        for words, said in ((["--loss", "5%"], "board:NAME,sim"),
                            (["--as", "peer"], "client, server"),
                            (["--sockets"], "the sim world"),
                            (["--board-at", "1.2.3.4:5"], "--serial"),
                            (["--pcap", "missing/file"], "cannot write 'missing/file'"),
                            (["--serial", "missing"], "cannot open 'missing'"),
                            (["--serial", "/dev/null"], "is no serial line"),
                            (["--serial", "/dev/null,12"], "'12' is no speed")):
            with self.subTest(words):
                self.refused("--world", "board:mps2-an385", *words, said=[said],
                             firmware=False if "--serial" in words else None)
        self.refused("--as", "client", said=["board:NAME", "only posix"], firmware=False)


@contextlib.contextmanager
def board_at_a_serial_line():
    """QEMU with its console at a pseudo-terminal: the device, and the port that leads to it."""
    for attempt in range(5):
        port = free_port()
        rules = "".join(f",hostfwd={kind}:127.0.0.1:{port}-:5005" for kind in ("tcp", "udp"))
        with subprocess.Popen(
                ["timeout", str(LIMIT_S), "qemu-system-arm", "-M", "mps2-an385", "-kernel",
                 str(OPTIONS.build_dir / "exchanges.elf"), "-display", "none", "-monitor", "none",
                 "-serial", "pty", "-semihosting-config",
                 "enable=on,target=native,arg=exchanges,arg=seed=a-test",
                 "-nic", f"user,model=lan9118{rules}"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as qemu:
            try:
                said = ""
                for line in qemu.stdout:
                    said += line
                    if device := re.search(r"/dev/pts/\d+", line):
                        break
                if device:
                    yield device[0], port
                    return
                if "forwarding rule" not in said or attempt == 4:
                    raise PortTaken(said)
            finally:
                qemu.terminate()


@contextlib.contextmanager
def scripted_console(answer):
    """A pseudo-terminal behind which somebody says `answer` whatever is typed."""
    ours, theirs = pty.openpty()

    def run():
        with contextlib.suppress(OSError):
            while os.read(ours, 100):
                os.write(ours, answer)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(theirs)
        os.close(ours)
        thread.join(10)


class SerialLine(Case):
    def test_every_exchange_both_ways(self):
        with board_at_a_serial_line() as (device, port):
            words = ["--serial", device, "--board-at", f"127.0.0.1:{port}", "--host-at",
                     "10.0.2.2"]
            # The network behind this line's board is QEMU's, which forwards ports alone.
            through = tuple(exchange for exchange in EXCHANGES if exchange not in
                            ("raw_ping", "multicast_discovery", "udp_broadcast", "packet_echo"))
            for role in ("server", "client"):
                self.compare("board:mps2-an385", "--as", role, *words, exchanges=through,
                             firmware=False)
            frames = host_sim("run", "packet_echo", "--world", "board:mps2-an385", "--serial",
                              device, firmware=False)
            self.assert_refused(frames, 2, "packet_echo is not available", "board's console")
            other = host_sim("run", "tcp_echo", "--world", "board:lm3s6965evb", "--serial", device,
                             firmware=False)
            self.assert_refused(other, 1, "the board there is mps2-an385, not lm3s6965evb")

    def test_what_is_no_board_is_told_with_its_words(self):
        for answer, said in ((b"login: ", "it said 'login: "), (b"> ", "echo"),
                             (b"\xff\x00\r\n", "it said '\\xff\\x00'")):
            with self.subTest(answer), scripted_console(answer) as device:
                self.assert_refused(
                    host_sim("run", "tcp_echo", "--world", "board:mps2-an385", "--serial",
                             device, firmware=False), 1, said)


class Peers(Case):
    """serve and connect with a board in place of this host's sockets."""

    @contextlib.contextmanager
    def serving(self, exchange, *words):
        """A host_sim that serves: the process, and where it says that it listens."""
        with subprocess.Popen([OPTIONS.host_sim, "serve", exchange, *words], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            watchdog = threading.Timer(LIMIT_S, process.kill)
            watchdog.start()
            try:
                for line in process.stderr:
                    if found := re.search(r"^listening on (\S+)", line):
                        break
                self.assertTrue(found)
                yield process, found[1]
            finally:
                watchdog.cancel()
                process.kill()

    def test_board_serves_one_client_after_another(self):
        with self.serving("tcp_chat", "--listen", "127.0.0.1:0", "--world", "board:mps2-an385",
                          "--firmware", str(OPTIONS.build_dir)) as (server, place):
            for i in range(1, 3):
                done = host_sim("connect", "tcp_chat", place, "--say", f"number {i}",
                                firmware=False)
                self.assert_passed(done)
                self.assertIn(f"client: received: you said: number {i}", done.stdout.splitlines())
                for line in server.stderr:  # until it is ready for the next
                    if line.startswith("listening on "):
                        break
            taken = host_sim("serve", "tcp_chat", "--listen", place, "--world",
                             "board:mps2-an385")
            self.assert_refused(taken, 1, f"cannot listen on {place}")
            server.send_signal(signal.SIGINT)
            out, err = server.communicate(timeout=60)
            self.assertEqual(server.returncode, 0, err)
            self.assertIn("server: received: number 2", out.splitlines())
            self.assertIn("stopped after 2 exchanges", err)

    def test_board_calls_a_server(self):
        with self.serving("tcp_reply", "--listen", "127.0.0.1:0", "--once") as (_, place):
            done = host_sim("connect", "tcp_reply", place, "--world", "board:mps2-an385")
        self.assert_passed(done)
        self.assertTrue(done.stdout.startswith("client: "))

    def test_what_no_board_does_is_refused(self):
        board = ["--world", "board:mps2-an385"]
        for words, said in ((["serve", "tcp_echo", "--listen", "[::1]:0", *board], "no IPv6"),
                            (["connect", "tcp_echo", "[::1]:5", *board], "no IPv6"),
                            (["serve", "tcp_chat", "--listen", ":0", "--interactive", *board],
                             "--interactive"),
                            (["serve", "packet_echo", "--listen", ":0", *board], "no groups"),
                            (["connect", "raw_ping", "127.0.0.1:5", *board], "no groups"),
                            (["serve", "unix_echo", "--listen", "@x", *board], "lwIP has no local"),
                            (["run", "unix_echo", *board], "lwIP has no local"),
                            (["connect", "tcp_echo", "127.0.0.1:5"], "--firmware goes with")):
            with self.subTest(words):
                self.assert_refused(host_sim(*words), 2, said)


def descendants(pid):
    """The processes that a process started, whichever of its threads did."""
    return [int(word) for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children")
            for word in path.read_text(encoding="ascii").split()]


class Processes(Case):
    """No emulator outlives host_sim, however that ends."""

    def test_none_is_left(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number):
                self.check_end_by(number)

    def check_end_by(self, number):
        # Behind a cut link the exchange is still there when the signal comes.
        with subprocess.Popen(
                [OPTIONS.host_sim, "run", "tcp_bulk", "--world",
                 "board:mps2-an385,board:mps2-an385", "--loss", "100%", "--deadline", "1h",
                 "--firmware", str(OPTIONS.build_dir)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                process.stderr.readline()  # the server listens, so both have booted
                emulators = [os.pidfd_open(pid) for pid in descendants(process.pid)]
                self.assertEqual(len(emulators), 2)
                process.send_signal(number)
                killed = number == signal.SIGKILL  # the others it hears, and writes its files
                self.assertEqual(process.wait(30), -number if killed else 128 + number)
                for each in emulators:
                    self.assertTrue(select.select([each], [], [], 30)[0], "QEMU is still there")
                    os.close(each)
            finally:
                process.kill()


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--board", required=True)
    parser.add_argument("--build-dir", required=True, type=pathlib.Path)
    parser.add_argument("--other-board", help="to talk to; built beside this one")
    parser.add_argument("--host-sim", required=True, help="the desktop's tool")
    OPTIONS, rest = parser.parse_known_args()
    if not shutil.which("qemu-system-arm"):
        sys.exit("qemu-system-arm is not installed")
    os.environ["LC_ALL"] = "C.UTF-8"
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
