"""list, and the manual of every command."""
import re
import unittest

import tool

COMMANDS = ["list", "run", "compare", "sweep", "merge", "serve", "connect"]


class List(tool.ToolTest):
    def test_names_every_exchange_and_world(self):
        done = tool.run("list")
        self.assert_status(done, 0)
        self.assertEqual(done.stderr, "")
        everywhere = done.stdout.split("\nNot everywhere\n")[0]
        named = re.findall(r"^  (\w+) +\S", everywhere, re.M)
        self.assertEqual(named, tool.EXCHANGES + ["posix", "posix", "sim", "sim"])

    def test_says_why_a_world_is_not_available(self):
        for line in tool.run("list").stdout.splitlines():
            if "not available" in line and " in " not in line.split(":")[0]:
                self.assertRegex(line, r"not available: \w+.*; \w+")  # why; what to do

    def test_tells_a_reason_once_for_all_worlds(self):
        reasons = re.findall(r"^  (\w+) in .*, (inet6?): not available: (.*)$",
                             tool.run("list").stdout, re.M)
        self.assertIn(("udp_broadcast", "inet6"), [row[:2] for row in reasons])
        self.assertEqual(len(reasons), len(set(reasons)))

    def test_takes_no_argument(self):
        self.assert_refused(tool.run("list", "tcp_echo"), "'tcp_echo' is one word too many")


class Manual(tool.ToolTest):
    def sections_of(self, *words):
        done = tool.run(*words, "--help")
        self.assert_status(done, 0)
        self.assertEqual(done.stderr, "")
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line), 80)
        return re.findall(r"^[A-Z][A-Z ]*[A-Z]", done.stdout, re.M), done.stdout

    def test_of_the_program_names_every_command(self):
        titles, text = self.sections_of()
        self.assertEqual(titles, ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS",
                                  "EXIT STATUS", "EXAMPLES"])
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^    {command} +\w")

    def test_of_each_command_has_every_section(self):
        for command in COMMANDS:
            with self.subTest(command):
                titles, text = self.sections_of(command)
                groups = ("BOARD OPTIONS", "NETWORK OPTIONS")
                self.assertEqual([title for title in titles if title not in groups],
                                 ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS",
                                  "EXAMPLES"])
                self.assertIn(f"host_sim {command} - ", text)

    def test_examples_are_accepted(self):
        """With one word too many behind it, an example has no other mistake."""
        for command in COMMANDS:
            examples = tool.run(command, "--help").stdout.split("\nEXAMPLES\n")[1]
            for example in examples.splitlines():
                with self.subTest(example):
                    words = [word.strip("'") for word in example.split()[1:]]
                    done = tool.run(*words, "--no-such-option")
                    self.assert_refused(done, "'--no-such-option'")

    def test_version(self):
        self.assertRegex(tool.run("--version").stdout, r"^host_sim \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main()
