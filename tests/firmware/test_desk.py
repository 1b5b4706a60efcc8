#!/usr/bin/env python3
"""run-, flash- and debug-BOARD of one board: what they print is what they run, OpenOCD knows the
board, its drive takes the image, and what cannot be is told in one line."""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from board import free_port

OPTIONS = None
LIMIT_S = 100
# Says in a file, word by word, how it was called.
STAND_IN = '#!/bin/sh\nprintf "%s\\0" "$(basename "$0")" "$@" > "$STAND_IN_CALL"\n'


class Case(unittest.TestCase):
    def setUp(self):
        self.elf = OPTIONS.build_dir / "exchanges.elf"
        self.facts = json.loads((OPTIONS.build_dir / "board.json").read_text(encoding="utf-8"))
        self.place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def enterContext(self, manager):  # unittest has it from Python 3.11 on
        value = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return value

    def command(self, action, *words, facts=None, image=None):
        return [sys.executable, str(OPTIONS.tool), action,
                str(facts or OPTIONS.build_dir / "board.json"), str(image or self.elf), *words]

    def run_tool(self, action, *words, typed="", env=None, **options):
        return subprocess.run(self.command(action, *words, **options), input=typed, text=True,
                              env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=LIMIT_S)

    def refused(self, status, said, action, *words, **options):
        """One line behind those that tell what is done."""
        done = self.run_tool(action, *words, **options)
        self.assertEqual(done.returncode, status, done.stdout)
        self.assertIn(said, done.stdout.splitlines()[-1])
        self.assertNotIn("Traceback", done.stdout)
        return done.stdout

    def stand_ins(self, *names):
        """An environment in which programs of these names do nothing but tell of their call."""
        for name in names:
            script = self.place / name
            script.write_text(STAND_IN, encoding="utf-8")
            script.chmod(0o755)
        return {**os.environ, "PATH": f"{self.place}:{os.environ['PATH']}",
                "STAND_IN_CALL": str(self.place / "call")}

    def call_of(self, output):
        """The words of the one call, which are those that were printed."""
        printed = re.findall(r"(?m)^\+ (.*)$", output)
        called = (self.place / "call").read_text(encoding="utf-8").split("\0")[:-1]
        self.assertEqual([shlex.split(line) for line in printed], [called])
        return called


class Targets(Case):
    """cmake --build DIR --target ACTION-BOARD, with stand-ins for what it would run."""

    def build(self, action):
        env = self.stand_ins("qemu-system-arm", "openocd", "arm-none-eabi-gdb", "gdb-multiarch")
        return subprocess.run(["cmake", "--build", str(OPTIONS.build_dir), "--target",
                               f"{action}-{OPTIONS.board}"], env=env, text=True, timeout=LIMIT_S,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def test_run(self):
        done = self.build("run")
        if not self.facts["machine"]:
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(f"QEMU has no machine for {OPTIONS.board}", done.stdout)
            return
        if "port 5005 of 127.0.0.1: " in done.stdout:
            self.skipTest("somebody else has port 5005")
        self.assertEqual(done.returncode, 0, done.stdout)
        called = self.call_of(done.stdout)
        self.assertEqual(called[:5], ["qemu-system-arm", "-M", self.facts["machine"], "-kernel",
                                      str(self.elf)])
        self.assertIn("mon:stdio", called)

    def test_flash(self):
        done = self.build("flash")
        if not self.facts["openocd"]:
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("-DTWINSOCK_BOARD_DRIVE=DIRECTORY", done.stdout)
            return
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(self.call_of(done.stdout),
                         ["openocd", *self.facts["openocd"].split(), "-c",
                          f"program {{{self.elf}}} verify reset exit"])

    def test_debug(self):
        done = self.build("debug")
        self.assertEqual(done.returncode, 0, done.stdout)
        called = self.call_of(done.stdout)
        self.assertEqual(called[:2], ["arm-none-eabi-gdb", str(self.elf)])
        commands = [word for word in called[2:] if word != "-ex"]
        self.assertEqual(commands[0], f"directory {OPTIONS.build_dir}")
        server = shlex.split(commands[2].removeprefix("target remote | "))
        if not self.facts["openocd"]:
            self.assertEqual(server[:3], ["qemu-system-arm", "-M", self.facts["machine"]])
            self.assertEqual(commands[3:], ["break main"])
            return
        self.assertEqual(server[:3], ["openocd", *self.facts["openocd"].split()])
        # Once more after the loading, so that the stack is the new image's.
        self.assertEqual(server[-1], "reset halt")
        self.assertEqual(commands[3:], ["load", "monitor reset halt", "break main"])


class Flash(Case):
    # Where a driver of OpenOCD that asks the chip, and says 0 until then, has its flash.
    FOUND_BY_ASKING = {"stm32f2x": 0x08000000}

    def test_openocd_has_the_board_and_its_flash_where_the_image_lies(self):
        if not self.facts["openocd"]:
            self.skipTest("the board is flashed as a drive")
        if not shutil.which("openocd"):
            self.skipTest("openocd is not installed")
        done = subprocess.run(["openocd", *self.facts["openocd"].split(), "-c", "gdb_port pipe",
                               "-c", "flash banks", "-c", "help program", "-c", "shutdown"],
                              capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = done.stdout + done.stderr
        banks = [self.FOUND_BY_ASKING.get(driver, int(at, 16)) for driver, at in
                 re.findall(r"#\d+ : \S+ \((\w+)\) at (0x[0-9a-f]+)", said)]
        self.assertIn(self.first_flash_address(), banks, said)
        self.assertIn("write an image to flash", said)

    def first_flash_address(self):
        elf = self.elf.read_bytes()
        table, = struct.unpack_from("<I", elf, 28)
        size, count = struct.unpack_from("<HH", elf, 42)
        segments = [struct.unpack_from("<IIIIII", elf, table + i * size) for i in range(count)]
        return min(physical for kind, _, _, physical, in_file, _ in segments
                   if kind == 1 and in_file > 0)

    def test_openocd_without_a_board_is_a_failure_that_says_so(self):
        if not self.facts["openocd"]:
            self.skipTest("the board is flashed as a drive")
        env = self.stand_ins("openocd")
        (self.place / "openocd").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        self.refused(1, "is it connected and powered?", "flash", env=env)

    def test_copies_to_the_drive(self):
        path = self.facts["drive_path"]
        if not path:
            self.skipTest("the board is no drive")
        (self.place / path).parent.mkdir(exist_ok=True)
        done = self.run_tool("flash", "--drive", str(self.place))
        self.assertEqual(done.returncode, 0, done.stdout)
        wanted = self.elf.with_suffix(".bin") if path.endswith(".bin") else self.elf
        self.assertEqual(re.findall(r"(?m)^\+ (.*)$", done.stdout),
                         [f"cp {wanted} {self.place / path}"])
        self.assertEqual((self.place / path).read_bytes(), wanted.read_bytes())

    def test_no_drive_there_is_refused(self):
        if self.facts["drive_path"]:
            self.refused(2, "the drive is not mounted there", "flash", "--drive",
                         str(self.place / "none"))


class Refusals(Case):
    def test_what_is_no_image_of_the_board(self):
        other, cut = self.place / "other.elf", self.place / "cut.elf"
        name = OPTIONS.board.encode()
        other.write_bytes(self.elf.read_bytes().replace(name, b"x" * len(name)))
        cut.write_bytes(b"")
        for action in ("run", "flash", "debug", "gdb-server"):
            for image in (other, cut):
                self.refused(2, f"{image} is no image for {OPTIONS.board}", action, image=image)
            self.refused(2, "there is no image", action, image=self.place / "none.elf")

    def test_what_is_no_board(self):
        empty = self.place / "board.json"
        empty.write_text("", encoding="utf-8")
        for facts in (empty, self.place / "none"):
            self.refused(2, "is no board.json of a board's build directory", "run", facts=facts)

    def test_programs_that_are_not_there(self):
        env = {**os.environ, "PATH": "/nowhere"}
        self.refused(2, "neither arm-none-eabi-gdb nor gdb-multiarch", "debug", env=env)
        if self.facts["machine"]:
            self.refused(2, "qemu-system-arm is not installed", "run", "--port", str(free_port()),
                         env=env)
        if self.facts["openocd"]:
            self.refused(2, "openocd is not installed", "flash", env=env)
        else:
            self.refused(2, f"OpenOCD knows no {OPTIONS.board}", "gdb-server", "--on", "desk")

    def test_a_port_that_somebody_has(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = self.refused(1, f"port {port} of 127.0.0.1: Address already in use",
                                "gdb-server", "--port", str(port))
            self.assertNotIn("gdb server: ", said)
            if self.facts["machine"]:
                self.refused(1, f"port {port} of 127.0.0.1: ", "run", "--port", str(port))
        self.assertEqual(self.run_tool("run", "--port", "65536").returncode, 2)

    def test_no_emulator_for_it(self):
        if not self.facts["machine"]:
            self.refused(2, f"QEMU has no machine for {OPTIONS.board}", "run")
            self.refused(2, f"QEMU has no machine for {OPTIONS.board}", "gdb-server", "--on",
                         "qemu")


class RunningCase(Case):
    def start(self, *words, **options):
        process = self.enterContext(subprocess.Popen(
            ["timeout", str(LIMIT_S), *self.command("run", *words, **options)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
        self.addCleanup(process.terminate)
        return process

    def expect(self, process, pattern):
        seen = []
        for line in process.stdout:
            seen.append(line)
            if re.search(pattern, line):
                return
        self.fail(f"no '{pattern}' in {seen}")

    def type(self, process, keys):
        with contextlib.suppress(BrokenPipeError):  # expect() tells what it said instead
            process.stdin.write(keys)
            process.stdin.flush()


class FirstImages(RunningCase):
    """What docs/FIRMWARE.md shows, and images/blank: reached where run-BOARD leads."""

    def answers(self, image, count):
        port = free_port()
        process = self.start("--port", str(port), image=OPTIONS.build_dir / f"{image}.elf")
        self.expect(process, "LISTENING 5005")
        texts = [self.ask(port) for _ in range(count)]
        self.type(process, "\x01x")  # Ctrl-A X
        process.communicate(timeout=30)
        return texts

    def ask(self, port):
        with socket.create_connection(("127.0.0.1", port), 10) as peer:
            text = b""
            while part := peer.recv(100):
                text += part
        return text

    def test_product_says_how_long_it_has_been_up(self):
        texts = self.answers("product", 3)
        for text in texts:
            self.assertRegex(text, rb"^\d+ ms\n$")
        times = [int(text.split()[0]) for text in texts]
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[0], 0)

    def test_blank_greets(self):
        self.assertEqual(self.answers("blank", 2), 2 * [b"Hello from the board\r\n"])


class InQemu(RunningCase):
    """run and debug as a person has them."""

    def test_run_gives_the_console_and_ends_by_its_keys(self):
        process = self.start("--port", str(free_port()))
        self.expect(process, "help lists the commands")
        self.type(process, "uptime\r")
        self.expect(process, r"up \d+ s \d+ ms")
        self.type(process, "\x01x")  # Ctrl-A X
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)

    def test_debug_stops_in_main_with_a_way_back_to_the_reset(self):
        if self.facts["openocd"]:
            self.skipTest("debug takes the board on the desk")
        if not shutil.which("gdb-multiarch"):
            self.skipTest("gdb-multiarch is not installed")
        facts = self.place / "board.json"  # beside which it writes the console
        facts.write_text(json.dumps(self.facts), encoding="utf-8")
        done = self.run_tool("debug", facts=facts,
                             typed="set backtrace past-main on\ncontinue\nbacktrace\n"
                                   "info threads\nkill\nquit\n")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"Breakpoint 1, main \(\)")
        self.assertRegex(done.stdout, r"(?s)#0 +main \(\).*#1 .*\bstart \(\)")
        self.assertRegex(done.stdout, r"\* 1 +Thread 1\b.*main \(\)")


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--board", required=True)
    parser.add_argument("--build-dir", required=True, type=pathlib.Path)
    parser.add_argument("--tool", required=True, help="firmware/tools/board_tool.py")
    OPTIONS, rest = parser.parse_known_args()
    os.environ["LC_ALL"] = "C.UTF-8"
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
