"""One seed is one trace: the same with every compiler and sanitizer, in every environment."""
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import unittest

import tool
import traces

HERE = os.environ.get("PROFILES", "default").split(",")  # that this build has images of


class Table(tool.ToolTest):
    """Every preset compares with the same table."""

    def setUp(self):
        tool.require(self, "sim")

    def compare(self, profile):
        if profile not in HERE:
            self.skipTest(f"this build has no image of the profile {profile}")
        expected = traces.table()
        for words in traces.rows():
            if words[2] == profile:
                with self.subTest(" ".join(words)):
                    self.assertEqual(traces.trace(words), expected[" ".join(words)])

    def test_of_tiny(self):
        self.compare("tiny")

    def test_of_default(self):
        self.compare("default")

    def test_of_default_messages(self):
        self.compare("default-messages")

    def test_of_large(self):
        self.compare("large")

    def test_holds_every_row_and_no_trace_twice(self):
        expected = traces.table()
        self.assertEqual(list(expected), [" ".join(words) for words in traces.rows()])
        self.assertEqual(len(set(expected.values())), len(expected))


class Surroundings(tool.ToolTest):
    """A few rows of the table again, with all that must not matter changed."""

    ROWS = [words for words in traces.rows()
            if words[2] == "default" and words[0] in ("tcp_half_close", "udp_chat", "tcp_chat")]

    def setUp(self):
        tool.require(self, "sim")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def expect_same(self, **surroundings):
        expected = traces.table()
        for words in self.ROWS:
            with self.subTest(" ".join(words)):
                self.assertEqual(traces.trace(words, **surroundings), expected[" ".join(words)])

    def test_twice_in_a_row(self):
        self.expect_same()
        self.expect_same()

    def test_without_address_randomisation(self):
        setarch = ["setarch", "-R"]
        if not shutil.which("setarch") or subprocess.run([*setarch, "true"], check=False,
                                                         capture_output=True).returncode != 0:
            self.skipTest("setarch -R is not to be had here")
        self.expect_same(before=setarch)

    def test_another_environment(self):
        stuffing = {f"STUFFING_{i}": "x" * 100 for i in range(300)}  # the stack begins elsewhere
        self.expect_same(cwd="/", env={
            **os.environ, **stuffing, "HOME": "/nonexistent", "USER": "somebody", "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu", "TMPDIR": str(self.folder),
            "MALLOC_PERTURB_": "165", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"})

    def test_an_empty_environment(self):
        self.expect_same(cwd=self.folder, env={})

    def test_other_limits(self):
        def limit():
            for kind, most in ((resource.RLIMIT_STACK, 1 << 20), (resource.RLIMIT_NOFILE, 64),
                               (resource.RLIMIT_CORE, 0)):
                resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
        self.expect_same(preexec_fn=limit)

    def test_an_image_of_another_name_and_place(self):
        built = pathlib.Path(tool.HOST_SIM).parent.parent / "exchanges" / "exchanges-default.node"
        copy = self.folder / "copy.node"
        shutil.copy(built, copy)
        expected = traces.table()
        for words in self.ROWS:
            with self.subTest(" ".join(words)):
                elsewhere = [words[0], "--image", str(copy), *words[3:]]
                self.assertEqual(traces.trace(elsewhere), expected[" ".join(words)])

    def test_another_seed_is_another_trace(self):
        for words in self.ROWS:
            with self.subTest(" ".join(words)):
                other = [*words[:6], "1000", *words[7:]]
                self.assertNotEqual(traces.trace(other), traces.trace(words))

    def test_watching_changes_nothing(self):
        expected = traces.table()
        words = self.ROWS[0]
        self.assertEqual(
            traces.trace([*words, "--trace", "--sockets", "--pcap", str(self.folder / "x.pcapng"),
                          "--report", str(self.folder / "x.html")]), expected[" ".join(words)])


if __name__ == "__main__":
    unittest.main()
