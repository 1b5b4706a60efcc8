#!/usr/bin/env python3
"""The conformance images of one board: every case runs, and ends as docs/CONFORMANCE.md says."""
import argparse
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "conformance"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import board as emulated
import page
import runs

OPTIONS = None
RUNS_EACH = {"any": 1, "inet": 1, "inet6": 1, "each": 2}
SUMMARY = re.compile(r"conformance: (\d+) run, (\d+) passed, (\d+) failed, (\d+) gaps, "
                     r"(\d+) unexpected, (\d+) skipped")


class Conformance(unittest.TestCase):
    def setUp(self):
        self.expected = {}  # name -> how often it runs, by the suite's own list
        for line in runs.lines_of([OPTIONS.cases, "list"]):
            _, name, _, families, *_ = line.split()
            self.expected[name] = RUNS_EACH[families]

    def test_every_case_ends_as_the_page_says(self):
        lines, counted = [], 0
        for image, status, console in emulated.conformance(OPTIONS.build_dir):
            self.assertEqual(status, 0, f"{image}:\n{console}")
            counts = [int(n) for n in SUMMARY.search(console).groups()]
            run, passed, failed, gaps, unexpected, skipped = counts
            self.assertEqual((failed, unexpected, passed + gaps), (0, 0, run), image)
            counted += run + skipped
            lines += console.splitlines()
        results = runs.results_of(lines)
        self.assertEqual({name: len(found) for name, found in results.items()}, self.expected)
        self.assertEqual(counted, sum(self.expected.values()), "a case ran twice or not at all")
        runs.remember(OPTIONS.build_dir, lines)  # for conformance.page
        said = page.cells_of_page(page.PAGE.read_text())
        self.assertEqual({name: runs.cell_of(found) for name, found in results.items()},
                         {name: cells[OPTIONS.board] for name, cells in said.items()})

    def test_wrong_words_are_refused(self):
        for words, told in ((["No.SuchCase"], "no case has such a name"),
                            (["x", "world=moon"], "the worlds are posix, sim and board")):
            for image, status, console in emulated.conformance(OPTIONS.build_dir, *words):
                self.assertEqual(status, 2, f"{image}:\n{console}")
                self.assertIn(told, console)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--board", required=True)
    parser.add_argument("--build-dir", required=True)
    parser.add_argument("--cases", required=True, help="the program twinsock_conformance")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
