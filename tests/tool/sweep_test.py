"""sweep and merge: many seeds, failures that replay and shrink, shards, results, Ctrl-C."""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import unittest
import xml.etree.ElementTree

import tool

INET = len(tool.EXCHANGES) - 1  # runs of one seed: lwIP has no local sockets
BOTH = 2 * INET - 2             # IPv6 has no broadcast, and frames are of no family
BROKEN_NODE = os.environ.get("BROKEN_NODE", "")  # an image whose roles break promises


def cases(path):
    """(suite, seed, state) of each run in a JUnit file."""
    found = []
    for suite in xml.etree.ElementTree.parse(path).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            state = [child.tag for child in case] or ["passed"]
            found.append((suite.get("name"), int(case.get("name").split()[1]), *state))
    return sorted(found)


class SweepTest(tool.ToolTest):
    def setUp(self):
        tool.require(self, "sim")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def sweep(self, *words):
        return tool.run("sweep", *words)


class Sweep(SweepTest):
    def test_of_everything_without_faults_passes(self):
        done = self.sweep("all", "--seeds", "1..3", "--family", "both")
        self.assert_status(done, 0)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, rf"^sweep: {3 * BOTH} runs: {3 * BOTH} passed, 0 gave up "
                                      r"cleanly, 0 failed; ")

    def test_with_chaos_has_no_failure(self):
        done = self.sweep("all", "--seeds", "1..30", "--chaos")
        self.assert_status(done, 0)
        self.assertRegex(done.stderr, rf"(?m)^sweep: {30 * INET} runs: .*, 0 failed; ")

    def test_of_networks_that_hardly_work_has_no_failure(self):
        """What was sent last may take hours to arrive, which is no leak."""
        for faults in (["--loss", "60%"], ["--corrupt", "60%"],
                       ["--loss", "20%", "--duplicate", "20%", "--reorder", "20%", "--rate",
                        "128kbit", "--queue", "3", "--jitter", "100ms"]):
            with self.subTest(" ".join(faults)):
                done = self.sweep("all", "--seeds", "1..4", "--deadline", "10min", *faults)
                self.assert_status(done, 0)
                self.assertRegex(done.stderr, rf"(?m)^sweep: {4 * INET} runs: .*, 0 failed; ")

    def test_over_every_scenario_has_no_failure(self):
        scenarios = sorted((tool.PEERS.parents[1] / "host_sim" / "scenarios").glob("*.scenario"))
        self.assertGreaterEqual(len(scenarios), 6)
        for scenario in scenarios:
            with self.subTest(scenario.name):
                done = self.sweep("all", "--seeds", "1..2", "--family", "both", "--deadline",
                                  "20min", "--scenario", str(scenario))
                self.assert_status(done, 0)
                self.assertIn("0 failed", done.stderr)
                if scenario.stem != "half-open-peer":  # where the server forgets its client
                    self.assertIn(f"{2 * BOTH} passed", done.stderr)

    def test_through_nothing_gives_up_cleanly_in_every_exchange(self):
        done = self.sweep("all", "--seeds", "1..2", "--loss", "100%", "--family", "both")
        self.assert_status(done, 0)
        # Silence is what udp_timeout is for: it is content with it.
        self.assertRegex(done.stderr, rf"sweep: {2 * BOTH} runs: \d+ passed, \d\d gave up "
                                      r"cleanly, 0 failed")

    def test_strict_wants_a_pass(self):
        done = self.sweep("tcp_greeting", "--seeds", "1", "--loss", "100%", "--strict")
        self.assert_status(done, 1)
        self.assertIn("came timed_out", done.stderr)

    def test_failure_replays_and_shrinks(self):
        done = self.sweep("tcp_greeting", "--seeds", "7..8", "--deadline", "1ms", "--strict",
                          "--delay", "50ms", "--duplicate", "1%")
        self.assert_status(done, 1)
        replays = re.findall(r"(?m)^replay: host_sim (.*)", done.stderr)
        self.assertEqual(len(replays), 4)  # as found, and with the smallest faults
        self.assertIn("run tcp_greeting --world sim --deadline 1ms --delay 50ms --duplicate 1% "
                      "--seed 7", replays)
        for replay in replays:
            again = tool.run(*replay.split())
            self.assert_status(again, 1)
            self.assertIn("came timed_out", again.stderr)
        self.assertIn("2 failed", done.stderr.splitlines()[-1])
        smallest = replays[-1]
        self.assertNotIn("--duplicate", smallest)
        self.assertNotIn("--delay 50ms", smallest)

    def test_failure_without_a_fault_shrinks_to_none(self):
        done = self.sweep("tcp_bulk", "--seeds", "7", "--deadline", "1ms")
        self.assert_status(done, 1)
        self.assertIn("replay: host_sim run tcp_bulk --world sim --deadline 1ms --seed 7",
                      done.stderr)

    def test_chaos_of_run_is_that_of_sweep(self):
        done = self.sweep("tcp_reply", "--seeds", "5", "--chaos", "--strict", "--deadline", "1ms")
        self.assert_status(done, 1)
        replay = re.search(r"(?m)^replay: .*", done.stderr)[0]
        alone = tool.run("run", "tcp_reply", "--world", "sim", "--chaos", "--seed", "5",
                         "--deadline", "1ms")
        self.assert_status(alone, 1)
        self.assertEqual(alone.stderr.splitlines()[-1], replay)


class Broken(SweepTest):
    """An image that breaks promises: each is seen, named and replayed, and the rest goes on."""

    def setUp(self):
        super().setUp()
        if not BROKEN_NODE:
            self.skipTest("BROKEN_NODE names no image")

    def broken(self, exchange, *said):
        done = self.sweep(exchange, "tcp_reply", "--seeds", "1..2", "--image", BROKEN_NODE,
                          "--loss", "1%", "--jobs", "1")
        self.assert_status(done, 1)
        self.assertRegex(done.stderr, r"(?m)^sweep: 4 runs: 2 passed, 0 gave up cleanly, 2 failed")
        for words in said:
            self.assertIn(words, done.stderr)
        again = tool.run(*re.search(r"(?m)^replay: host_sim (.*)", done.stderr)[1].split())
        self.assert_status(again, 1)
        for words in said:
            self.assertIn(words, again.stderr)

    def test_crash_is_named(self):
        self.broken("tcp_greeting", "node client crashed: illegal instruction")

    def test_leak_is_named(self):
        self.broken("tcp_half_close", "leak: client: ", "TCP_PCB")

    def test_late_end_is_named(self):
        self.broken("udp_timeout", "client: ended 20s after it began; its deadline is 10s")

    def test_wrong_bytes_are_named(self):
        self.broken("udp_echo", "expected byte 3 to be 17, came 18")

    def test_hang_is_ended_and_named(self):
        done = self.sweep("tcp_chat", "tcp_reply", "--seeds", "1", "--image", BROKEN_NODE)
        self.assert_status(done, 1)
        self.assertRegex(done.stderr, r"tcp_chat, inet, seed 1: node client .*10 s")
        self.assertIn("2 runs: 1 passed", done.stderr)


class Shards(SweepTest):
    WORDS = ["all", "--seeds", "1..4", "--loss", "100%"]

    def shard(self, name, *words, status=0):
        path = str(self.folder / name)
        self.assert_status(self.sweep(*self.WORDS, "--junit", path, *words), status)
        return path

    def test_together_are_the_whole(self):
        whole = self.shard("whole.xml")
        parts = [self.shard(f"{i}.xml", "--shard", f"{i}/3") for i in (1, 2, 3)]
        self.assertEqual(len(cases(whole)), 4 * INET)
        self.assertEqual(sorted(sum((cases(part) for part in parts), [])), cases(whole))
        merged = str(self.folder / "merged.xml")
        done = tool.run("merge", *reversed(parts), "--junit", merged)
        self.assert_status(done, 0)
        self.assertEqual(cases(merged), cases(whole))
        self.assertRegex(done.stderr,
                         rf"^sweep: {4 * INET} runs: \d+ passed, \d+ gave up cleanly, 0 failed; "
                         r"3 of 3 sh")

    def test_failures_are_printed_and_decide_the_status(self):
        parts = [self.shard(f"{i}.xml", "--shard", f"{i}/2", "--strict", status=1) for i in (1, 2)]
        done = tool.run("merge", *parts)
        self.assert_status(done, 1)
        printed = re.findall(r"^replay: host_sim run \w+ --world sim --loss 100% --seed \d$",
                             done.stderr, re.M)
        more = re.search(r"^and (\d+) failures more$", done.stderr, re.M)
        self.assertEqual(len(set(printed)), 20)
        self.assertEqual(20 + int(more[1]), 4 * INET)

    def test_one_that_is_missing_is_named(self):
        part = self.shard("2.xml", "--shard", "2/3")
        done = tool.run("merge", part)
        self.assert_status(done, 1)
        self.assertIn("shard 1/3 is missing", done.stderr)
        self.assertIn("shard 3/3 is missing", done.stderr)

    def test_same_one_twice_is_refused(self):
        part = self.shard("1.xml", "--shard", "1/2")
        self.assert_refused(tool.run("merge", part, part), "are both shard 1/2")

    def test_of_another_sweep_is_refused(self):
        part = self.shard("1.xml", "--shard", "1/2")
        other = self.shard("2.xml", "--shard", "2/2", "--family", "inet6")
        self.assert_refused(tool.run("merge", part, other), "is of another sweep")

    def test_files_of_others_are_refused(self):
        for text in ("", "hello", "<testsuites></testsuites>", "<testsuites><testsuite"):
            file = self.folder / "other.xml"
            file.write_text(text)
            self.assert_refused(tool.run("merge", str(file)), "other.xml")
        self.assert_refused(tool.run("merge", "missing.xml"), "'missing.xml'", "No such file")
        self.assert_refused(tool.run("merge"), "FILE is missing")


class Interruption(SweepTest):
    def interrupted(self, *words):
        """Ctrl-C as a terminal sends it, to all processes, as soon as something is found."""
        junit = self.folder / "part.xml"
        process = subprocess.Popen(
            [tool.HOST_SIM, "sweep", *words, "--seeds", "1..10000000", "--junit", str(junit)],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True)
        return process, junit

    def rest_of(self, process):
        watchdog = threading.Timer(tool.LIMIT_S, process.kill)
        watchdog.start()
        with process.stderr:
            rest = process.stderr.read()
        process.wait()
        watchdog.cancel()
        return rest

    def test_loses_nothing_that_was_found(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                self.check_that_nothing_is_lost(number)

    def check_that_nothing_is_lost(self, number):
        process, junit = self.interrupted("tcp_greeting", "--loss", "100%", "--strict")
        first = process.stderr.readline()
        os.killpg(process.pid, number)
        rest = self.rest_of(process)
        self.assertEqual(process.returncode, 1, rest)
        self.assertRegex(first, r"tcp_greeting, inet, seed \d+: ")
        self.assertRegex(rest, r"interrupted: \d+ of 10000000 runs were made\nsweep: \d+ runs: ")
        found = len(re.findall(r"tcp_greeting, inet, seed", first + rest))
        self.assertEqual(found, len([case for case in cases(junit) if case[2] == "failure"]))
        merged = tool.run("merge", str(junit))
        self.assert_status(merged, 1)
        self.assertIn("shard 1/1 was interrupted", merged.stderr)

    def test_without_a_failure_has_a_status_of_its_own(self):
        process, _ = self.interrupted("tcp_reply", "--jobs", "1")
        # It catches the signal before its first process is there.
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while process.poll() is None and not children.read_text().split():
            pass
        os.killpg(process.pid, signal.SIGINT)
        rest = self.rest_of(process)
        self.assertEqual(process.returncode, 130, rest)
        self.assertIn("0 failed", rest)


class Refusals(tool.ToolTest):
    def test_of_a_file_that_cannot_be_written_names_it(self):
        tool.require(self, "sim")
        self.assert_refused(tool.run("sweep", "all", "--seeds", "1", "--junit", "missing/x"),
                            "'missing/x'")

    def test_say_what_is_allowed(self):
        for words, said in ((["tcp_echo"], "--seeds is missing"),
                            (["--seeds", "1..2"], "EXCHANGE is missing"),
                            (["all", "tcp_echo", "--seeds", "1"], "there is no exchange 'all'"),
                            (["tcp_echo", "tcp_echo", "--seeds", "1"], "named twice"),
                            (["tcp_ecko", "--seeds", "1"], "did you mean tcp_echo"),
                            (["all", "--seeds", "2..1"], "A..B"),
                            (["all", "--seeds", "1..2", "--shard", "3/2"], "I/N"),
                            (["tcp_echo", "--seeds", "1", "--shard", "3/4"], "nothing to do"),
                            (["all", "--seeds", "1", "--jobs", "0"], "1 to 1024"),
                            (["all", "--seeds", "1", "--family", "ipx"], "inet, inet6, both"),
                            (["all", "--seeds", "1", "--loss", "101%"], "0% to 100%"),
                            (["all", "--seeds", "1", "--chaos", "--loss", "1%"], "--chaos draws"),
                            (["all", "--seeds", "1", "--pcap", "x"], "no option '--pcap'")):
            with self.subTest(words):
                self.assert_refused(tool.run("sweep", *words), said)

    def test_chaos_belongs_to_the_sim_world_and_excludes_other_faults(self):
        self.assert_refused(tool.run("run", "tcp_echo", "--chaos"), "--chaos is for the sim world")
        self.assert_refused(tool.run("run", "tcp_echo", "--report", "x"), "--report is for the sim")
        self.assert_refused(tool.run("run", "tcp_echo", "--world", "sim", "--chaos", "--loss",
                                     "1%"), "--chaos draws all faults")


class Report(SweepTest):
    def test_is_a_page_with_settings_and_verdict(self):
        file = self.folder / "page.html"
        done = tool.run("run", "tcp_greeting", "--world", "sim", "--loss", "5%", "--seed", "9",
                        "--family", "inet6", "--deadline", "1min", "--report", str(file))
        self.assert_status(done, 0)
        self.assertIn(f"report: {file}", done.stderr)
        page = file.read_text()
        for row in ("exchange</td><td>tcp_greeting", "family</td><td>inet6", "seed</td><td>9",
                    "deadline</td><td>1min", "--loss</td><td>5%", "Passed.", "</html>",
                    "host_sim run tcp_greeting --world sim --family inet6 --deadline 1min "
                    "--loss 5% --seed 9"):
            self.assertIn(row, page)

    def test_of_a_failure_says_why(self):
        file = self.folder / "page.html"
        done = tool.run("run", "tcp_greeting", "--world", "sim", "--loss", "100%", "--report",
                        str(file))
        self.assert_status(done, 1)
        self.assertIn('class="verdict failed">client: failed at connect', file.read_text())

    def test_that_cannot_be_written_is_refused(self):
        self.assert_refused(tool.run("run", "tcp_greeting", "--world", "sim", "--report",
                                     "missing/page.html"), "--report", "No such file")


if __name__ == "__main__":
    unittest.main()
