"""An emulated board: QEMU with an image, its console line by line, and its exit status."""
import contextlib
import json
import os
import pathlib
import queue
import random
import re
import select
import socket
import subprocess
import threading
import time

FAULT, PANIC, WRONG_USE = 99, 98, 2


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def facts(build_dir):
    """What the build says of its board: names, core, QEMU's words."""
    return json.loads((pathlib.Path(build_dir) / "board.json").read_text())


class PortTaken(Exception):
    """Somebody took the port between our looking and QEMU's binding."""


class Board:
    """A context manager; the emulator does not outlive it, nor its time limit."""

    def __init__(self, build_dir, image, words=(), network=("-nic", "none"), mac=None,
                 extra=(), time_limit_s=60):
        build_dir = pathlib.Path(build_dir)
        told = facts(build_dir)
        network = [part.replace("NIC", told["nic"]) for part in network]
        if mac:
            network[-1] += f",mac={mac}" if network[0] == "-nic" else f",macaddr={mac}"
        arguments = ",".join("arg=" + str(word).replace(",", ",,") for word in (image, *words))
        self.command = [
            "timeout", "--kill-after=2", str(time_limit_s),
            "qemu-system-arm", "-M", told["machine"], "-kernel", str(build_dir / f"{image}.elf"),
            "-display", "none", "-monitor", "none", "-serial", "stdio",
            "-semihosting-config", f"enable=on,target=native,{arguments}", *network, *extra]
        self.time_limit_s = time_limit_s
        self.name = told["board"]
        self.lines = []
        self._queue = queue.Queue()

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdin.close()

    def _read(self):
        for raw in self.process.stdout:
            self._queue.put(raw.decode("utf-8", "replace").rstrip("\r\n"))
        self._queue.put(None)
        self.process.stdout.close()

    def _next_line(self, limit):
        try:
            line = self._queue.get(timeout=max(0.0, limit - time.monotonic()))
        except queue.Empty:
            raise AssertionError(f"{self.name} fell silent:\n{self.console()}") from None
        if line is not None:
            self.lines.append(line)
        return line

    def console(self):
        return "\n".join(self.lines)

    def expect(self, pattern):
        """The match of the next line that has the pattern."""
        limit = time.monotonic() + self.time_limit_s
        while (line := self._next_line(limit)) is not None:
            if match := re.search(pattern, line):
                return match
            if "Could not set up host forwarding rule" in line:
                raise PortTaken(line)
        raise AssertionError(f"{self.name} ended without '{pattern}':\n{self.console()}")

    def type(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def wait(self):
        """The exit status, with all lines read."""
        limit = time.monotonic() + self.time_limit_s + 5
        while self._next_line(limit) is not None:
            pass
        return self.process.wait(timeout=10)

    def transcript(self, side):
        return [line for line in self.lines if line.startswith(side + ": ")]


def user_network(*forwards):
    """QEMU's user network; a forward is ("tcp"|"udp", host port, board's port)."""
    rules = "".join(f",hostfwd={kind}:127.0.0.1:{host}-:{guest}" for kind, host, guest in forwards)
    return ["-nic", f"user,id=n0,model=NIC{rules}"]


def cable(own, other):
    """A private link: one datagram is one frame."""
    return ["-netdev", f"dgram,id=n0,local.type=unix,local.path={own},"
                       f"remote.type=unix,remote.path={other}",
            "-net", "nic,netdev=n0,model=NIC"]


def no_network():
    """An Ethernet whose frames nobody sees; on some machines the chip is there only with one."""
    return ["-netdev", "hubport,id=n0,hubid=0", "-net", "nic,netdev=n0,model=NIC"]


EXACT = ("-icount", "shift=6,sleep=off")  # guest time goes by instructions and skips what is idle


def conformance(build_dir, *words):
    """(image, exit status, console) of each image of the conformance cases."""
    told = facts(build_dir)
    for image in told["conformance"].split(";"):
        with Board(build_dir, image, ["seed=cases", "ip=10.9.0.1/24", *words], no_network(),
                   extra=EXACT, time_limit_s=240) as board:
            status = board.wait()
        yield image, status, board.console()


def serving(build_dir, words, kind, port, image="exchanges", **options):
    """A board that serves on `port`, started, and the host's port that leads there."""
    for attempt in range(5):
        host_port = free_port(socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
        board = Board(build_dir, image, words, user_network((kind, host_port, port)),
                      **options)
        board.__enter__()
        try:
            board.expect(rf"LISTENING {port}\b")
            return board, host_port
        except PortTaken:
            board.__exit__()
            if attempt == 4:
                raise
        except BaseException:
            board.__exit__()
            raise


class Monitor:
    """QEMU's machine monitor, at a Unix socket: words for Board's `extra`, then a connection."""

    def __init__(self, place):
        self.path = f"{place}/monitor"
        self.words = ("-qmp", f"unix:{self.path},server=on,wait=off")

    def __enter__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(self.path)  # QEMU listens before the board runs
        self.stream = self.socket.makefile("rw")
        self.stream.readline()
        self.execute("qmp_capabilities")
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.socket.close()

    def execute(self, command, **arguments):
        self.stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.stream.flush()
        while "return" not in (answer := json.loads(self.stream.readline())):
            if "error" in answer:
                raise AssertionError(f"{command}: {answer['error']['desc']}")

    def set_cable(self, is_in):
        self.execute("set_link", name="n0", up=is_in)


class LossyLink:
    """Two cables with a relay between them that loses frames, or adds some that make no sense: of
    any kind, or only "oversized" or "short" ones."""

    def __init__(self, place, loss=0.0, seed=0, nonsense=None):
        self.ends = [(f"{place}/a", f"{place}/ra"), (f"{place}/b", f"{place}/rb")]
        self.loss, self.nonsense, self.random = loss, nonsense, random.Random(seed)
        self.sockets = []

    def __enter__(self):
        for _, relay in self.ends:
            self.sockets.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            self.sockets[-1].bind(relay)
        self.thread = threading.Thread(target=self._relay, daemon=True)
        self.stop_read, self.stop_write = os.pipe()
        self.thread.start()
        return self.ends

    def __exit__(self, *_):
        os.write(self.stop_write, b"x")
        self.thread.join()
        for each in self.sockets:
            each.close()
        os.close(self.stop_read)
        os.close(self.stop_write)

    def _relay(self):
        while True:
            ready, _, _ = select.select([*self.sockets, self.stop_read], [], [])
            if self.stop_read in ready:
                return
            for index, source in enumerate(self.sockets):
                if source in ready:
                    self._forward(source.recv(70000), self.sockets[1 - index],
                                  self.ends[1 - index][0])

    def _forward(self, frame, through, to):
        frames = [] if self.random.random() < self.loss else [frame]
        if self.nonsense and self.random.random() < 0.2:
            frames.insert(0, self._make_nonsense(frame))
        for each in frames:
            with contextlib.suppress(OSError):  # the other board is not there yet, or is full
                through.sendto(each, to)

    def _make_nonsense(self, frame):
        """A frame cut short, grown too long, full of noise, or with one bit changed (of several, a
        checksum may miss the sum)."""
        kind = {"any": self.random.randrange(4), "short": 0, "oversized": 1}[self.nonsense]
        if kind == 0:
            return frame[:self.random.randrange(1, 60)]
        if kind == 1:  # up to 2,048 bytes QEMU leaves the dropping to the board
            return frame + bytes(self.random.choice((1515, 1600, 1700, 9000)))
        if kind == 2:
            return frame[:12] + self.random.randbytes(self.random.randrange(48, 1500))
        changed = bytearray(frame)
        changed[self.random.randrange(12, len(changed))] ^= 1 << self.random.randrange(8)
        return bytes(changed)
