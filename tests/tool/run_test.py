"""run: every exchange in every world and family, its transcript, and its failures."""
import functools
import pathlib
import re
import subprocess
import tempfile
import unittest

import tool


class Run(tool.ToolTest):
    """One test for each exchange, world and family is added below."""

    def check(self, exchange, world, family):
        tool.require(self, world, family)
        if why := tool.lacking(exchange, world, family):
            self.assert_refused(tool.run("run", exchange, "--world", world, "--family", family),
                                "not available", why)
            return
        done = tool.run("run", exchange, "--world", world, "--family", family)
        self.assert_status(done, 0)
        self.assert_transcript_only(done.stdout)
        self.assertTrue(tool.side(done.stdout, "client"))
        self.assertTrue(tool.side(done.stdout, "server"))
        self.assertIn(f"{exchange} in {world}, {family}: passed", done.stderr)


for world in ("posix", "sim"):
    for family in tool.FAMILIES:
        for exchange in tool.EXCHANGES:
            setattr(Run, f"test_{exchange}_{world}_{family}",
                    functools.partialmethod(Run.check, exchange, world, family))


class Transcript(tool.ToolTest):
    def test_file_holds_the_client_then_the_server(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "transcript")
            done = tool.run("run", "tcp_chat", "--transcript", str(file))
            self.assert_status(done, 0)
            self.assertEqual(file.read_text().splitlines(),
                             tool.side(done.stdout, "client") + tool.side(done.stdout, "server"))

    def test_file_of_a_folder_that_is_missing_is_refused(self):
        self.assert_refused(tool.run("run", "tcp_echo", "--transcript", "missing/file"),
                            "'missing/file'", "No such file or directory")

    def test_lines_to_say_are_said(self):
        done = tool.run("run", "tcp_chat", "--say", "bom dia", "--say", "[a,b]", "--say", "-x")
        self.assert_status(done, 0)
        self.assertEqual(tool.side(done.stdout, "server"),
                         ["server: client connected", "server: received: bom dia",
                          "server: received: [a,b]", "server: received: -x",
                          "server: received: ###", "server: client closed"])


class Readme(tool.ToolTest):
    def test_simulated_runs_that_it_shows_pass(self):
        tool.require(self, "sim")
        text = (pathlib.Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
        lines = re.findall(r"(?m)^build/sim/host_sim/host_sim (run .*--world sim\b.*)$", text)
        self.assertTrue(lines)
        for line in lines:
            with self.subTest(line), tempfile.TemporaryDirectory() as folder:
                done = tool.run(*line.split(), cwd=folder)
                self.assert_status(done, 0)
                self.assertLess(len(done.stderr.splitlines()), 12, done.stderr)


class Failure(tool.ToolTest):
    def test_deadline_names_role_and_step(self):
        done = tool.run("run", "tcp_bulk", "--deadline", "1ms")
        self.assert_status(done, 1)
        self.assertRegex(done.stderr, r"(client|server): .*: expected .*, came timed_out.*; ")
        self.assertIn("tcp_bulk in posix, inet: failed", done.stderr)

    def test_standard_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([tool.HOST_SIM, "list"], stdout=full, stderr=subprocess.PIPE,
                                  text=True, timeout=tool.LIMIT_S)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot write to standard output", done.stderr)


class Files(tool.ToolTest):
    def setUp(self):
        tool.require(self, "sim")

    def test_full_disk_is_a_failure_that_names_the_file(self):
        for option in ("--pcap", "--report", "--transcript"):
            with self.subTest(option):
                done = tool.run("run", "tcp_echo", "--world", "sim", option, "/dev/full")
                self.assert_status(done, 1)
                self.assertRegex(done.stderr, "/dev/full.*No space left on device")
                self.assertIn("tcp_echo in sim, inet: passed", done.stderr)
                self.assertNotRegex(done.stderr, "(?m)^(frames|report): ")

    def test_one_file_for_two_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            for one, other in (("--report", "--pcap"), ("--transcript", "--report")):
                self.assert_refused(tool.run("run", "tcp_echo", "--world", "sim", one, "same",
                                             other, "./same", cwd=folder), one, other, "one file")

    def test_period_that_nobody_waits_for_is_refused(self):
        for option in ("--down", "--partition"):
            self.assert_refused(tool.run("run", "tcp_echo", "--world", "sim", option,
                                         "0s,1ns,every:2ns"), option, "1ms or more")


class Simulated(tool.ToolTest):
    FAULTS = ["--loss", "5%", "--delay", "20ms", "--jitter", "5ms", "--duplicate", "1%"]

    def setUp(self):
        tool.require(self, "sim")

    def test_faults_do_not_change_the_transcript(self):
        clean = tool.run("run", "tcp_echo", "--world", "sim")
        faulty = tool.run("run", "tcp_echo", "--world", "sim", "--deadline", "1h", *self.FAULTS)
        self.assert_status(faulty, 0)
        self.assertEqual(tool.side(faulty.stdout, "client"), tool.side(clean.stdout, "client"))
        self.assertEqual(tool.side(faulty.stdout, "server"), tool.side(clean.stdout, "server"))

    def test_failure_replays(self):
        words = ["run", "tcp_greeting", "--world", "sim", "--loss", "100%", "--seed", "7"]
        done = tool.run(*words)
        self.assert_status(done, 1)
        last = done.stderr.splitlines()[-1]
        self.assertRegex(last, r"^replay: host_sim run tcp_greeting .*--loss 100% --seed 7$")
        again = tool.run(*last.split()[2:])
        self.assertEqual((again.returncode, again.stdout, again.stderr),
                         (done.returncode, done.stdout, done.stderr))

    def test_advice_knows_no_peer_but_our_own(self):
        done = tool.run("run", "tcp_greeting", "--world", "sim", "--loss", "100%")
        self.assert_status(done, 1)
        self.assertNotIn("check that the peer runs this exchange", done.stderr)
        self.assertIn("give it longer with --deadline, or take milder faults", done.stderr)

    def test_one_seed_is_one_trace_and_another_is_another(self):
        def trace(seed):
            return tool.run("run", "tcp_echo", "--world", "sim", "--deadline", "1h", "--trace",
                            "--loss", "5%", "--seed", seed).stderr
        first = trace("3")
        self.assertGreater(len(first.splitlines()), 1000)
        self.assertEqual(first, trace("3"))
        self.assertNotEqual(first, trace("4"))

    def test_deadline_is_virtual(self):
        done = tool.run("run", "tcp_greeting", "--world", "sim", "--loss", "100%", "--deadline",
                        "10min")
        self.assert_status(done, 1)

    def test_pcap_is_pcapng(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "echo.pcapng")
            done = tool.run("run", "tcp_greeting", "--world", "sim", "--pcap", str(file))
            self.assert_status(done, 0)
            self.assertEqual(file.read_bytes()[:4], b"\x0a\x0d\x0d\x0a")
            self.assertIn(str(file), done.stderr)

    def test_sockets_prints_a_table_for_each_node(self):
        done = tool.run("run", "udp_chat", "--world", "sim", "--sockets")
        self.assert_status(done, 0)
        self.assertRegex(done.stderr, r"(?s)of the client.*sockets of the server.* udp .*:5005")

    def test_faults_out_of_range_are_refused(self):
        for words, said in ((["--loss", "101%"], "--loss"), (["--mtu", "3"], "--mtu"),
                            (["--delay", "20"], "--delay"), (["--rate", "fast"], "--rate"),
                            (["--queue", "0"], "--queue"), (["--partition", "2s"], "--partition"),
                            (["--scenario", "missing.txt"], "missing.txt"),
                            (["--profile", "huge"], "tiny, default"),
                            (["--image", "missing.node"], "missing.node"),
                            (["--loss", "1%", "--loss", "2%"], "given twice")):
            with self.subTest(words):
                self.assert_refused(tool.run("run", "tcp_echo", "--world", "sim", *words), said)

    def test_scenario_is_laid_under_the_options(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "slow.txt")
            file.write_text("both: loss=100%\n")
            words = ["run", "tcp_greeting", "--world", "sim", "--scenario", str(file)]
            self.assert_status(tool.run(*words), 1)
            self.assert_status(tool.run(*words, "--loss", "0%"), 0)

    def test_mistake_in_a_scenario_names_file_and_line(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "wrong.txt")
            file.write_text("# a comment\nboth: losss=1%\n")
            self.assert_refused(tool.run("run", "tcp_echo", "--world", "sim", "--scenario",
                                         str(file)), "wrong.txt:2")


class Options(tool.ToolTest):
    def test_network_options_belong_to_the_sim_world(self):
        for words in (["--loss", "5%"], ["--partition", "2s,10s"], ["--scenario", "x"],
                      ["--pcap", "x"], ["--trace"], ["--sockets"], ["--hash"],
                      ["--profile", "tiny"]):
            with self.subTest(words):
                self.assert_refused(tool.run("run", "tcp_echo", "--world", "posix", *words),
                                    words[0], "is for the sim world")

    def test_seed_is_taken_in_the_posix_world(self):
        self.assert_status(tool.run("run", "tcp_greeting", "--seed", "18446744073709551615"), 0)


if __name__ == "__main__":
    unittest.main()
