#!/usr/bin/env python3
"""Every clause of the contract has a case or another test that exists; and what is missing is
noticed."""

import argparse
import sys
import unittest

import clauses
import runs

OPTIONS = None
CONTRACT = "**A-1** One.\n\ntext about **A-9** in a line\n\n**A-2** Two.\n"
CASES = {"A.One": "A-1"}
PROOFS = [("A-2", "a.test", "two")]
TESTS = {"a.test"}


class Clauses(unittest.TestCase):
    def test_all_of_the_contract_are_proved(self):
        cases = runs.cases_of([OPTIONS.cases])
        self.assertGreater(len(cases), 400)
        problems = clauses.problems_of(clauses.CONTRACT.read_text(), cases, clauses.read_proofs(),
                                       clauses.tests_of(OPTIONS.build_dir))
        self.assertEqual(problems, [])

    def test_a_complete_list_has_no_problems(self):
        self.assertEqual(clauses.problems_of(CONTRACT, CASES, PROOFS, TESTS), [])

    def test_a_new_clause_without_a_proof_is_noticed(self):
        problems = clauses.problems_of(CONTRACT + "**A-3** New.\n", CASES, PROOFS, TESTS)
        self.assertEqual(problems, ["A-3 has neither a case nor a row in proofs.csv"])

    def test_a_clause_that_is_there_twice_is_noticed(self):
        problems = clauses.problems_of(CONTRACT + "**A-1** Again.\n", CASES, PROOFS, TESTS)
        self.assertEqual(problems, ["A-1 is there twice"])

    def test_a_case_without_its_clause_is_noticed(self):
        problems = clauses.problems_of(CONTRACT, CASES | {"A.Nine": "A-9"}, PROOFS, TESTS)
        self.assertEqual(problems, ["A.Nine cites A-9, which the contract does not have"])

    def test_a_proof_whose_test_is_gone_is_noticed(self):
        problems = clauses.problems_of(CONTRACT, CASES, PROOFS, {"another.test"})
        self.assertEqual(problems, ["proofs.csv names a.test, which is no test of this build"])

    def test_a_proof_that_does_not_say_what_it_shows_is_noticed(self):
        problems = clauses.problems_of(CONTRACT, CASES, [("A-2", "a.test", "")], TESTS)
        self.assertEqual(problems, ["proofs.csv does not say what a.test shows"])


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", required=True, help="the program twinsock_conformance")
    parser.add_argument("--build-dir", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
