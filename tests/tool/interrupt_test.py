"""run, ended by a signal: its files are whole, its status says so, and no process stays."""
import pathlib
import signal
import struct
import subprocess
import tempfile
import threading
import time
import unittest

import tool

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
BOARD = "mps2-an385"


def frames_of(capture):
    """Of a pcapng file that consists of whole blocks."""
    data, at, frames = capture.read_bytes(), 0, 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if struct.unpack_from("<I", data, at + size - 4)[0] != size:
            raise AssertionError(f"block at {at} is cut")
        frames += kind == 6
        at += size
    return frames


def is_running(process):
    """Soon not: the system has to end it."""
    for _ in range(200):
        try:
            state = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.01)
    return True


class Interrupted(tool.ToolTest):
    def start(self, folder, *words):
        self.folder = pathlib.Path(folder)
        process = subprocess.Popen([tool.HOST_SIM, "run", *words], cwd=folder, text=True,
                                   stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   stdout=(self.folder / "out").open("w"))
        watchdog = threading.Timer(tool.LIMIT_S, process.kill)
        watchdog.start()
        self.addCleanup(watchdog.cancel)
        while process.poll() is None and not self.lines("out"):
            time.sleep(0.001)
        return process

    def lines(self, name):
        return (self.folder / name).read_text(encoding="utf-8").splitlines()

    def end(self, process, number):
        process.send_signal(number)
        _, err = process.communicate(timeout=tool.LIMIT_S)
        self.assertEqual(process.returncode, 128 + number, err)
        self.assertRegex(err, r"(?m)^\w+ in .*, inet6?: interrupted$")
        self.assertNotIn("replay: ", err)

    def test_simulation_leaves_whole_files(self):
        tool.require(self, "sim")
        for number in SIGNALS:
            with self.subTest(number), tempfile.TemporaryDirectory() as folder:
                # It waits where the pipe of the trace is full.
                process = self.start(folder, "tcp_bulk", "--world", "sim", "--trace",
                                     "--loss", "5%", "--deadline", "1h", "--pcap", "a.pcapng",
                                     "--report", "a.html", "--transcript", "a.txt")
                self.end(process, number)
                self.assertGreater(frames_of(self.folder / "a.pcapng"), 10)
                page = (self.folder / "a.html").read_text(encoding="utf-8")
                self.assertIn("Interrupted before its end", page)
                self.assertTrue(page.endswith("</body></html>\n"))
                out = "\n".join(self.lines("out"))
                self.assertEqual(self.lines("a.txt"),
                                 tool.side(out, "client") + tool.side(out, "server"))

    def check_board(self, world, number):
        for part in world.split(","):
            tool.require(self, part)
        with tempfile.TemporaryDirectory() as folder:
            process = self.start(folder, "tcp_bulk", "--world", world, "--pcap", "a.pcapng",
                                 "--transcript", "a.txt")
            task = pathlib.Path(f"/proc/{process.pid}/task")
            children = [int(child) for thread in task.iterdir()
                        for child in (thread / "children").read_text().split()]
            self.assertTrue(children)
            self.end(process, number)
            self.assertEqual(sorted(self.lines("a.txt")), sorted(self.lines("out")))
            for child in children:
                self.assertFalse(is_running(child))
            if "," in world:
                self.assertGreater(frames_of(self.folder / "a.pcapng"), 10)

    def test_board_ends_too(self):
        for number in SIGNALS:
            with self.subTest(number):
                self.check_board(f"board:{BOARD}", number)

    def test_board_on_a_link_ends_too(self):
        for number in SIGNALS:
            with self.subTest(number):
                self.check_board(f"board:{BOARD},sim", number)


if __name__ == "__main__":
    unittest.main()
