"""serve and connect in the sim world: a node with lwIP, joined to this host by libslirp or TAP."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

import tool

ALL_FAULTS = ["--loss", "2%", "--delay", "2ms", "--jitter", "1ms", "--reorder", "2%",
              "--duplicate", "2%", "--corrupt", "1%", "--seed", "7", "--deadline", "60s"]


def serve(exchange, *words, listen="127.0.0.1:0"):
    return tool.serve(exchange, "--world", "sim", *words, listen=listen)


def connect(exchange, endpoint, *words):
    return tool.run("connect", exchange, endpoint, "--world", "sim", *words)


def stranger(server, kind=socket.SOCK_STREAM):
    s = socket.socket(socket.AF_INET, kind)
    s.settimeout(tool.LIMIT_S)
    s.connect(("127.0.0.1", server.port))
    return s


def processor_s(process):
    """What it has used up to now."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        words = stat.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


class BridgeTest(tool.ToolTest):
    def setUp(self):
        tool.require(self, "sim")


class Both(BridgeTest):
    """A node and this host's own sockets: one test for each exchange, family and direction."""

    def check(self, exchange, family, server_words, client_words):
        tool.require(self, "posix", family)
        listen = tool.LOOPBACK[family] + ":0"
        with tool.serve(exchange, "--once", *server_words, listen=listen) as server:
            done = tool.run("connect", exchange, server.endpoint, *client_words)
            self.assert_status(done, 0)
            self.assert_transcript_only(done.stdout)
            status, out = server.finish()
            self.assertEqual(status, 0, server.heard)
        alone = tool.run("run", exchange, "--family", family)
        self.assertEqual(tool.side(done.stdout, "client"), tool.side(alone.stdout, "client"))
        if exchange != "udp_timeout":  # whether the first wait expires is the peer's choice here
            self.assertEqual(tool.side(out, "server"), tool.side(alone.stdout, "server"))


SIM = ["--world", "sim"]
for each_family in tool.FAMILIES:
    for each in tool.EXCHANGES:
        if each in ("raw_ping", "multicast_discovery", "udp_broadcast", "packet_echo",
                    "unix_echo"):
            continue  # refused: see WrongUse
        if each == "dns_connect" and each_family == "inet6":
            continue  # many hosts have no name for ::1
        for each_way, server_side, client_side in (("in", SIM, []), ("out", [], SIM)):
            def check_one(self, what=(each, each_family, server_side, client_side)):
                self.check(*what)
            setattr(Both, f"test_{each}_{each_family}_{each_way}", check_one)


class Peers(BridgeTest):
    """A bad network between; peers_test.py has a good one, with every program that is not ours."""

    def test_python_client_over_a_bad_network(self):
        with serve("tcp_chat", *ALL_FAULTS) as server:
            done = tool.peer_client("tcp_chat", server, "olá", "###")
            self.assert_status(done, 0)
            self.assertIn("you said: olá", done.stdout)
            server.wait_for("exchange 1: passed")
            self.assertEqual(server.stop()[0], 0)

    def test_python_server_over_a_bad_network(self):
        with tool.peer_server("tcp_chat") as server:
            self.assert_status(connect("tcp_chat", server.endpoint, *ALL_FAULTS), 0)
            self.assertEqual(server.finish()[0], 0)

    def test_every_profile(self):
        for profile in os.environ.get("PROFILES", "default").split(","):
            with self.subTest(profile), serve("tcp_bulk", "--profile", profile, "--once") as server:
                self.assert_status(tool.run("connect", "tcp_bulk", server.endpoint), 0)
                self.assertEqual(server.finish()[0], 0)


class BadPeer(BridgeTest):
    def test_that_is_silent_or_ends_early_and_the_next_is_served(self):
        with serve("tcp_reply", "--deadline", "200ms") as server:
            with stranger(server):
                server.wait_for("exchange 1: request: .*timed_out.*--deadline")
            stranger(server).close()
            server.wait_for("exchange 2: request: expected UTF-8 text, came end of stream; ")
            self.assert_status(tool.run("connect", "tcp_reply", server.endpoint), 0)
            server.wait_for("exchange 3: passed")
            self.assertEqual(server.stop()[0], 0)

    def test_nobody_listens(self):
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with self.subTest(address), socket.socket(family) as bound:
                bound.bind((address, 0))
                host = f"[{address}]" if ":" in address else address
                done = connect("tcp_echo", f"{host}:{bound.getsockname()[1]}")
                self.assert_failed(done, "connect: ", "connection_refused")

    def test_lost_behind_a_partition(self):
        with tool.serve("tcp_greeting") as server:
            done = connect("tcp_greeting", server.endpoint, "--partition", "0s,forever",
                           "--deadline", "300ms")
            self.assert_failed(done, "connect: ", "timed_out")
            self.assertEqual(server.stop()[0], 0)


class Looking(BridgeTest):
    def test_capture_trace_and_sockets(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "chat.pcapng")
            with serve("tcp_chat", "--pcap", path, "--trace", "--sockets", "--once") as server:
                self.assert_status(tool.run("connect", "tcp_chat", server.endpoint), 0)
                self.assertEqual(server.finish()[0], 0)
            said = "\n".join(server.heard)
            self.assertIn(f"frames: {path}", said)
            self.assertIn("sockets of the server", said)
            self.assertIn("10.0.0.254", said)  # the desktop, in the trace
            if shutil.which("tshark"):
                done = subprocess.run(
                    ["tshark", "-r", path, "-Y", "tcp.payload and ip.dst == 10.0.0.1"],
                    capture_output=True, text=True, timeout=tool.LIMIT_S)
                self.assertGreaterEqual(len(done.stdout.splitlines()), 6, done.stderr)

    def test_scenario_switches_the_node_off_and_on(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "power.scenario")
            with open(path, "w", encoding="utf-8") as file:
                file.write("summary: A server that starts again\nboth: delay=1ms\n"
                           "at 100ms node server: restart 10ms\n")
            with serve("tcp_greeting", "--scenario", path, "--trace") as server:
                server.wait_for("power on")
                server.wait_for("ready")  # the second boot
                self.assert_status(tool.run("connect", "tcp_greeting", server.endpoint), 0)
                self.assertEqual(server.stop()[0], 0)
            done = connect("tcp_greeting", "127.0.0.1:9", "--scenario", path)
            self.assert_refused(done, "there is no node 'server'", "client")


class End(BridgeTest):
    def leftovers(self):
        return [name for name in os.listdir("/dev/shm") if name.startswith("twinsock-images-")]

    def check(self, number):
        with serve("tcp_echo") as server:
            pid = server.process.pid
            status, out = server.stop(number)
            self.assertEqual((status, out), (0, ""))
            self.assertIn("stopped after 0 exchanges", server.heard)
            self.assertEqual([name for name in self.leftovers() if f"-{pid}-" in name], [])
            with socket.socket() as again:
                again.bind(("127.0.0.1", server.port))

    def test_ctrl_c(self):
        self.check(signal.SIGINT)

    def test_sigterm(self):
        self.check(signal.SIGTERM)

    def test_ctrl_c_with_a_silent_peer(self):
        with serve("tcp_greeting", "--deadline", "1h") as server, stranger(server) as peer:
            peer.recv(64)
            self.assertEqual(server.stop()[0], 0)

    def test_ctrl_c_before_the_one_exchange(self):
        with serve("tcp_echo", "--once") as server:
            self.assertEqual(server.stop()[0], 1)

    def test_ctrl_c_of_a_client_keeps_its_capture(self):
        with tempfile.TemporaryDirectory() as folder, \
                socket.create_server(("127.0.0.1", 0)) as silent:
            path = os.path.join(folder, "x.pcapng")
            client = subprocess.Popen([tool.HOST_SIM, "connect", "tcp_greeting", *SIM,
                                       "--pcap", path, f"127.0.0.1:{silent.getsockname()[1]}"],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            silent.settimeout(tool.LIMIT_S)
            with silent.accept()[0]:
                client.send_signal(signal.SIGINT)
                _, said = client.communicate(timeout=tool.LIMIT_S)
            self.assertEqual((client.returncode, said), (130, f"frames: {path}\n"))
            self.assertGreater(os.path.getsize(path), 300)

    def test_idle_server_sleeps(self):
        with serve("tcp_echo") as server, stranger(server) as peer:
            peer.sendall(b"x")
            peer.recv(1)
            before_s = processor_s(server.process)
            peer.settimeout(1)
            self.assertRaises(TimeoutError, peer.recv, 1)
            self.assertLess(processor_s(server.process) - before_s, 0.3)
            self.assertEqual(server.stop()[0], 0)


class WrongUse(BridgeTest):
    def test_exchange_of_groups_or_raw_packets_is_refused(self):
        for exchange in ("raw_ping", "multicast_discovery", "udp_broadcast", "packet_echo"):
            for words in (["serve", exchange, "--listen", "127.0.0.1:0"],
                          ["connect", exchange, "127.0.0.1:9"]):
                with self.subTest(words):
                    self.assert_refused(tool.run(*words, *SIM), "carries TCP and UDP between two",
                                        f"host_sim run {exchange} --world sim")

    def test_local_names_are_refused(self):
        for words in (["serve", "unix_echo", "--listen", "@x"], ["connect", "unix_echo", "@x"]):
            self.assert_refused(tool.run(*words, *SIM), "unix_echo is not available",
                                "lwIP has no local sockets")

    def test_world_and_options(self):
        listen = ["--listen", "127.0.0.1:0"]
        for words, said in ((["--world", "moon"], "allowed: posix, sim"),
                            (["--tap", "tap0"], "--tap is for the sim world"),
                            (["--loss", "5%"], "--loss is for the sim world"),
                            ([*SIM, "--loss", "500%"], "--loss"),
                            ([*SIM, "--seed", "x"], "--seed"),
                            ([*SIM, "--hash"], "--hash is for `run`"),
                            ([*SIM, "--profile", "huge"], "allowed: tiny, default"),
                            ([*SIM, "--family", "inet5"], "allowed: inet, inet6"),
                            ([*SIM, "--pcap", "/nowhere/x"], "--pcap")):
            with self.subTest(words):
                self.assert_refused(tool.run("serve", "tcp_echo", *listen, *words), said)
        self.assert_refused(tool.run("serve", "tcp_chat", *listen, *SIM, "--interactive"),
                            "--interactive is for the posix world")

    def test_peers_that_are_out_of_reach(self):
        for endpoint, said in (("127.0.0.2:5", "allowed are 127.0.0.1 and ::1"),
                               ("10.0.0.7:5", "within the simulated network (10.0.0.0/24)"),
                               ("[fd00::7]:5", "within the simulated network (fd00::/64)")):
            with self.subTest(endpoint):
                self.assert_refused(connect("tcp_echo", endpoint), said)

    def test_port_in_use(self):
        for exchange in ("tcp_echo", "udp_echo"):
            with self.subTest(exchange), tool.serve(exchange) as server:
                done = tool.run("serve", exchange, "--listen", server.endpoint, *SIM)
                self.assert_failed(done, f"cannot listen on {server.endpoint}", "in use", "port 0")

    def test_address_of_another_host(self):
        self.assert_failed(tool.run("serve", "tcp_echo", "--listen", "192.0.2.1:0", *SIM),
                           "192.0.2.1:0", "take an address of this host")

    def test_tap_that_is_not_there(self):
        for name, said in (("nosuchtap", "there is no device nosuchtap; as root: ip tuntap add"),
                           ("lo", "lo is no TAP device" if os.geteuid() == 0 else "--tap"),
                           ("a" * 16, "1 to 15 bytes")):
            with self.subTest(name):
                self.assert_failed(tool.run("serve", "tcp_echo", "--listen", ":0", *SIM, "--tap",
                                            name), said)


IN_NAMESPACE = "TWINSOCK_TEST_IN_NAMESPACE"


def lacks_for_tap():
    """Why no TAP device can be made here; None if one can."""
    if os.geteuid() != 0:
        return "only root makes TAP devices"
    if not shutil.which("unshare") or not shutil.which("ip"):
        return "unshare or ip is not installed"
    made = subprocess.run(["unshare", "-n", "ip", "tuntap", "add", "tap0", "mode", "tap"],
                          capture_output=True, text=True, timeout=tool.LIMIT_S)
    return f"no TAP device can be made: {made.stderr.strip()}" if made.returncode else None


class Tap(BridgeTest):
    """In a network namespace of its own, which ends with the test."""

    def setUp(self):
        super().setUp()
        why = lacks_for_tap()
        if why:
            self.skipTest(why)

    def test_in_a_namespace_of_its_own(self):
        done = subprocess.run(["unshare", "-n", sys.executable, "-B", "-m", "unittest",
                               "bridge_test.TapInside"], capture_output=True, text=True,
                              timeout=3 * tool.LIMIT_S, env={**os.environ, IN_NAMESPACE: "1"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("skipped", done.stderr)


class TapInside(tool.ToolTest):
    @classmethod
    def setUpClass(cls):
        for words in ("tuntap add tap0 mode tap", "address add 10.0.0.254/24 dev tap0",
                      "address add fd00::fe/64 dev tap0 nodad", "link set tap0 up",
                      "link set lo up", "tuntap add down0 mode tap"):
            subprocess.run(["ip", *words.split()], check=True, timeout=tool.LIMIT_S)

    def test_serve(self):
        for exchange, faults in (("tcp_echo", []), ("udp_echo", []),
                                 ("tcp_bulk", ["--loss", "0.5%", "--duplicate", "1%"])):
            for family, own in (("inet", "10.0.0.1:"), ("inet6", "[fd00::1]:")):
                with self.subTest(exchange=exchange, family=family):
                    with serve(exchange, "--tap", "tap0", "--family", family, "--once",
                               "--deadline", "60s", *faults, listen=":0") as server:
                        self.assertTrue(server.endpoint.startswith(own), server.endpoint)
                        done = tool.run("connect", exchange, server.endpoint, "--deadline", "60s")
                        self.assert_status(done, 0)
                        self.assertEqual(server.finish()[0], 0, server.heard)

    def test_connect(self):
        for address in ("10.0.0.254", "fd00::fe"):
            for exchange in ("tcp_chat", "udp_chat"):
                with self.subTest(exchange=exchange, address=address):
                    with tool.peer_server(exchange, address=address) as server:
                        done = connect(exchange, server.endpoint, "--tap", "tap0")
                        self.assert_status(done, 0)
                        self.assertEqual(server.finish()[0], 0)

    def test_frames_between_a_node_and_this_host(self):
        with serve("packet_echo", "--tap", "tap0", "--once", listen=":0") as server:
            done = tool.run("connect", "packet_echo", server.endpoint)
            self.assert_status(done, 0)
            self.assertEqual(server.finish()[0], 0, server.heard)
        with tool.serve("packet_echo", "--once", listen="10.0.0.254:0") as server:
            self.assert_status(connect("packet_echo", server.endpoint, "--tap", "tap0"), 0)
            status, out = server.finish()
            self.assertEqual(status, 0, server.heard)
            self.assertIn("server: everyone was asked, answered", out)

    def test_frames_between_two_hosts(self):
        """Each in a namespace, joined by a pair of devices."""
        other = subprocess.Popen(["unshare", "-n", "sh", "-c", f"echo; exec sleep {tool.LIMIT_S}"],
                                 stdout=subprocess.PIPE)
        try:
            other.stdout.readline()  # it is in its namespace
            for words in (f"link add here0 type veth peer name there0 netns {other.pid}",
                          "address add 10.9.0.1/24 dev here0", "link set here0 up"):
                subprocess.run(["ip", *words.split()], check=True, timeout=tool.LIMIT_S)
            there = ["nsenter", f"--net=/proc/{other.pid}/ns/net"]
            for words in ("address add 10.9.0.2/24 dev there0", "link set there0 up",
                          "link set lo up"):
                subprocess.run([*there, "ip", *words.split()], check=True, timeout=tool.LIMIT_S)
            with tool.serve("packet_echo", "--once", listen="10.9.0.1:0") as server:
                done = tool.run("connect", "packet_echo", server.endpoint, before=there)
                self.assert_status(done, 0)
                self.assertEqual(server.finish()[0], 0, server.heard)
        finally:
            other.kill()
            other.wait()
            other.stdout.close()

    def test_wrong_use(self):
        words = ["serve", "tcp_echo", *SIM, "--tap"]
        self.assert_refused(tool.run(*words, "tap0", "--listen", "127.0.0.1:0"),
                            "the server listens on the node", "10.0.0.1:PORT")
        self.assert_failed(tool.run(*words, "down0", "--listen", ":0"), "ip link set down0 up")
        self.assert_refused(connect("tcp_echo", "127.0.0.1:5", "--tap", "tap0"), "10.0.0.254")
        with serve("tcp_echo", "--tap", "tap0", listen=":0"):
            self.assert_failed(tool.run(*words, "tap0", "--listen", ":0"),
                               "tap0 is held by another program")

    def test_device_that_goes_ends_it(self):
        subprocess.run("ip tuntap add gone0 mode tap && ip link set gone0 up", shell=True,
                       check=True, timeout=tool.LIMIT_S)
        with serve("tcp_echo", "--tap", "gone0", listen=":0") as server:
            subprocess.run("ip link delete gone0", shell=True, check=True, timeout=tool.LIMIT_S)
            self.assertEqual(server.finish()[0], 1)
        self.assertIn("gone0 is gone", "\n".join(server.heard))


if not os.environ.get(IN_NAMESPACE):
    del TapInside  # Tap runs it, in its namespace

if __name__ == "__main__":
    unittest.main()
