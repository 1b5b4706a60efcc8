"""Which clause of the contract is proved by what: a conformance case, or a test that proofs.csv
names because no case of one node can show it."""

import csv
import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "docs" / "SOCKET_CONTRACT.md"
PROOFS = pathlib.Path(__file__).parent / "proofs.csv"


def clauses_of(contract):
    return re.findall(r"^\*\*([A-Z]+-\d+)\*\*", contract, re.MULTILINE)


def read_proofs(path=PROOFS):
    """(clause, test, what it shows) of each row."""
    with open(path, newline="") as file:
        return [(row["clause"], row["test"], row["shows"]) for row in csv.DictReader(file)]


def tests_of(build_dir):
    """The names that CTest knows in a build that is complete."""
    done = subprocess.run(["ctest", "--test-dir", str(build_dir), "--show-only=json-v1"],
                          capture_output=True, text=True, check=True)
    return {test["name"] for test in json.loads(done.stdout)["tests"]}


def problems_of(contract, cases, proofs, tests):
    """One line for each clause without a proof, and for each proof that proves nothing. `cases` is
    name -> clause."""
    clauses = clauses_of(contract)
    proved = set(cases.values()) | {clause for clause, _, _ in proofs}
    cited = [*((name, clause) for name, clause in cases.items()),
             *((test, clause) for clause, test, _ in proofs)]
    return [
        *(f"{clause} has neither a case nor a row in proofs.csv"
          for clause in clauses if clause not in proved),
        *(f"{clause} is there twice" for clause in set(clauses) if clauses.count(clause) > 1),
        *(f"{name} cites {clause}, which the contract does not have"
          for name, clause in cited if clause not in clauses),
        *(f"proofs.csv names {test}, which is no test of this build"
          for _, test, _ in proofs if test not in tests),
        *(f"proofs.csv does not say what {test} shows" for _, test, shows in proofs if not shows),
    ]
