#!/usr/bin/env python3
"""Breaks the socket layer, one line at a time, and asks that a case notices each time.

The sources are copied to a temporary directory, so the checkout stays as it is. Each mutation
names a case that must fail, or whose run must end badly; more may.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORE, POSIX = "port/core/", "port/posix/"

# File, what is there, what it becomes, the case that must notice.
MUTATIONS = [
    (CORE + "socket.cpp", "if (protocol == 0 || protocol == protocol_tcp) return protocol_tcp;",
     "return protocol_tcp;", "Open.StreamOverUdpIsRefused"),
    (CORE + "socket.cpp", "timeout_ms_ = other.timeout_ms_;", "", "Move.CarriesEverythingAlong"),
    (CORE + "socket.cpp", "SocketCore::set_gate(*this, SocketCore::gate(other));",
     "", "Move.KeepsTheEndOfTheStream"),
    (CORE + "socket.cpp", "if (handle_ >= 0) native::close(handle_);", "",
     "Close.DestructorCloses"),
    (CORE + "socket.cpp",
     "if (local.family() != family_) return Errc::address_family_not_supported;", "",
     "Bind.OtherFamilyIsRefused"),
    (CORE + "socket.cpp", "SocketCore::connected(socket);\n      return Accepted{",
     "return Accepted{", "Accept.BytesSentBeforeAreThere"),
    (CORE + "socket.cpp", "SocketCore::set_phase(*this, detail::Phase::failed);\n  return Error(",
     "return Error(", "Connect.AfterAFailureTheSocketIsSpent"),
    (CORE + "socket.cpp", "if (peer.port() == 0) return Errc::invalid_argument;", "",
     "Connect.WrongArgumentSpendsNothing"),
    (CORE + "socket.cpp", "timeout_ms_ = timeout.ms();", "", "Time.IsReadBackAsItWasSet"),
    (CORE + "socket.cpp",
     "if (phase != detail::Phase::connected && phase != detail::Phase::shut_write) {",
     "if (false) {", "Shutdown.BeforeConnectIsNotConnected"),
    (CORE + "socket.cpp",
     "if (write) SocketCore::set_phase(*this, detail::Phase::shut_write);", "",
     "Shutdown.SendingAfterwardsIsABrokenPipe"),
    (CORE + "socket.cpp", "if (read) SocketCore::set_gate(*this, detail::gate_shut);", "",
     "Shutdown.ReadHidesWhatComesLater"),
    (CORE + "socket_data.cpp", "case detail::gate_reset: return Errc::connection_reset;",
     "case detail::gate_reset: return 0U;", "Reset.IsSticky"),
    (CORE + "socket_data.cpp", "bool reset = phase(socket) == Phase::broken;",
     "bool reset = false;", "Reset.SenderWasToldReceiverIsToo"),
    (CORE + "socket_data.cpp",
     "if (SocketCore::is_stream(*this) && buffer.empty()) return 0U;", "",
     "Stream.EmptyBufferReceivesNothingAtOnce"),
    (CORE + "socket_data.cpp",
     "if (interrupted && !time.has_deadline()) return {Next::again, error};",
     "if (interrupted) return {Next::give_up, error};", "Time.Signals*"),
    (CORE + "socket_data.cpp", "outcome = Errc::end_of_stream;", "break;",
     "Stream.ExactReceiveMeetsTheEnd"),
    (CORE + "socket_data.cpp", "if (total) *total = done;", "", "Stream.SendallTellsHowMuchWent"),
    (CORE + "socket_data.cpp", "return ReceivedInto{datagram.size, peer, datagram.truncated};",
     "return ReceivedInto{datagram.size, Endpoint(), datagram.truncated};",
     "Datagram.CarriesBytesAndTellsFromWhom"),
    (CORE + "socket_data.cpp",
     "if (peer.family() != family_) return Errc::address_family_not_supported;", "",
     "Datagram.OtherFamilyIsRefused"),
    (CORE + "socket_data.cpp", "case Phase::broken: return Error(Errc::broken_pipe,",
     "case Phase::broken: return Error(Errc::connection_reset,",
     "Reset.SendingFailsOnceThenIsABrokenPipe"),
    (CORE + "socket_data.cpp", "if (ends_connect(error.code())) {", "if (false) {",
     "Connect.NonBlockingRefusalIsFoundBySending"),
    (CORE + "socket_options.cpp",
     "if (value < rule.least || value > rule.most) return Errc::invalid_argument;", "", "Option.*"),
    (CORE + "socket_options.cpp", "if (rule.inherited) SocketCore::touch_options(*this);", "",
     "Accept.NewSocketInherits*"),
    (CORE + "socket_options.cpp", "broken(socket);", "", "Option.PendingErrorTellsOfAReset"),
    (POSIX + "native.cpp",
     "if (timeout.is_zero()) return 0;",
     "if (timeout.is_zero() || (timeout.is_none() && before.ms() <= 0)) return 0;",
     "Time.NoneAgainWaits"),
    (POSIX + "native.cpp", "datagram.truncated = whole > buffer.size();",
     "datagram.truncated = false;", "Datagram.TooLongForTheBufferIsTruncated"),
    (POSIX + "native.cpp", "if (inherits) reset_inherited(accepted);", "",
     "Accept.NewSocketInherits*"),
    (POSIX + "native.cpp", "return bind(handle, {after.address(), before.port()});", "return 0;",
     "Datagram.ConnectToNothingForgetsThePeer"),
    (POSIX + "options.cpp", "raw / 2 : raw;", "raw : raw;", "Option.ReceiveBuffer"),
    (POSIX + "options.cpp", "time.l_onoff != 0 ? time.l_linger : -1;", "time.l_linger;",
     "Option.Linger"),
    (POSIX + "error.cpp", "case ECONNREFUSED: return Errc::connection_refused;",
     "case ECONNREFUSED: return Errc::connection_reset;", "Connect.ToAClosedPortIsRefused"),
    (POSIX + "error.cpp", "case ENETUNREACH:", "", "Datagram.WithoutARouteIsUnreachable"),
    (POSIX + "error.cpp", "case ENETUNREACH:", "", "Datagram.ConnectWithoutARouteIsUnreachable"),
    (POSIX + "error.cpp", "case EHOSTUNREACH: return Errc::unreachable;",
     "return Errc::unreachable;", "Connect.IcmpErrorEndsAnAttempt"),
    (POSIX + "error.cpp", "case ENETDOWN:", "", "Error.InterfaceThatIsDownIsNetworkDown"),
    (POSIX + "error.cpp", "case ETIMEDOUT: return Errc::timed_out;",
     "case ETIMEDOUT: return Errc::connection_reset;", "Reset.SilentPeerIsATimeOut"),
]


def compile_all(build, folders, sources):
    include = [f"-I{folder}" for folder in folders]
    flags = ["-std=c++20", "-O1", "-fno-exceptions", "-fno-rtti", "-w",
             "-DTWINSOCK_CONFORMANCE_SCRATCH=131072"]
    objects = []
    for source in sources:
        target = build / (str(source.relative_to(source.parents[2])).replace("/", "_") + ".o")
        objects.append(target)
        yield source, target, ["c++", *flags, *include, "-c", str(source), "-o", str(target)]
    yield None, objects, None


class Bench:
    """A copy of the sources, built once; a mutation compiles one file again."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for name in ("port", "tests/conformance"):
            shutil.copytree(ROOT / name, self.folder / name)
        port = self.folder / "port"
        tests = self.folder / "tests"
        sources = [*sorted((port / "core").glob("*.cpp")), *sorted((port / "posix").glob("*.cpp")),
                   *(path for path in sorted((tests / "conformance").glob("*.cpp"))
                     if path.name not in ("image.cpp", "mirror.cpp", "simulated.cpp"))]
        include = [port / "include", port / "posix", port, tests]
        self.build = self.folder / "build"
        self.build.mkdir()
        self.commands = {}
        self.objects = []
        for source, target, command in compile_all(self.build, include, sources):
            if source is None:
                break
            self.commands[source] = command
            self.objects.append(str(target))
        for command in self.commands.values():
            subprocess.run(command, check=True)
        self.program = self.build / "twinsock_conformance"
        self.link()

    def link(self):
        subprocess.run(["c++", *self.objects, "-pthread", "-o", str(self.program)], check=True)

    def passes(self, cases):
        try:
            done = subprocess.run([str(self.program), *cases], capture_output=True, text=True,
                                  timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def try_out(self, name, there, instead, cases):
        source = self.folder / name
        text = source.read_text()
        pattern = re.escape(there).replace(r"\ ", r"\s+").replace("\\\n", r"\s+")
        if len(re.findall(pattern, text)) < 1:
            return "is no longer in the file: bring the list up to date"
        if not self.passes(cases):
            return "cannot be judged: the cases fail without it"
        try:
            source.write_text(re.sub(pattern, lambda _: instead, text, count=1))
            if subprocess.run(self.commands[source], check=False).returncode != 0:
                return "does not compile: bring the list up to date"
            self.link()
            return None if not self.passes(cases) else "was not noticed"
        finally:
            source.write_text(text)
            subprocess.run(self.commands[source], check=True)
            self.link()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, metavar="N", help="the Nth mutation alone")
    options = parser.parse_args()
    chosen = list(enumerate(MUTATIONS, 1))
    if options.only:
        chosen = chosen[options.only - 1:options.only]
    bad = 0
    with tempfile.TemporaryDirectory(prefix="twinsock-mutate-") as folder:
        bench = Bench(folder)
        for number, (name, there, instead, cases) in chosen:
            problem = bench.try_out(name, there, instead, cases.split())
            bad += problem is not None
            print(f"{number:2} {name}: {there.split(chr(10))[0][:60]!r} {problem or 'noticed'}",
                  flush=True)
    print(f"mutations: {len(chosen)} tried, {len(chosen) - bad} noticed, {bad} not")
    return 1 if bad else 0


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    sys.exit(main())
