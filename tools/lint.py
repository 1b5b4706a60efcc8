#!/usr/bin/env python3
"""The project's linter: what neither the compiler nor clang-format checks, one rule a function.

    tools/lint.py [--root DIR] [--rule NAME]... [--list]

Prints `file:line: rule: what is wrong; what to do` and ends with 1 if it found anything. The rules'
settings are the tables in lint_rules.py; tests/style shows each rule failing.
"""
import argparse
import pathlib
import subprocess
import sys

import lint_code
import lint_project
import lint_rules


class Project:
    """The files of the project, each read once: what git tracks or would track."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.paths = sorted(path for path in self._list() if (self.root / path).is_file()
                            and not (self.root / path).is_symlink())
        self._text = {}

    def _list(self):
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        try:
            listing = subprocess.run(command, cwd=self.root, check=True, capture_output=True,
                                     text=True).stdout
            return listing.splitlines()
        except (OSError, subprocess.CalledProcessError):  # an unpacked archive has no history
            found = (path.relative_to(self.root) for path in self.root.rglob("*"))
            return [str(path) for path in found
                    if not path.parts[0].startswith((".deps", ".git", "build"))]

    def text(self, path):
        if path not in self._text:
            data = (self.root / path).read_bytes()
            self._text[path] = None if b"\0" in data else data.decode("utf-8", "replace")
        return self._text[path]

    def lines(self, path):
        return (self.text(path) or "").split("\n")

    def select(self, *suffixes):
        return [path for path in self.paths
                if path.endswith(suffixes) and self.text(path) is not None]

    def code(self):
        return self.select(*lint_rules.CODE)

    def scripts(self):
        """Executable text: those with an interpreter line."""
        return [path for path in self.paths
                if self.text(path) is not None and self.text(path).startswith("#!")]


RULES = {**lint_code.RULES, **lint_project.RULES}


def run(project, names):
    found = []
    for name in names:
        for path, line, message in RULES[name](project):
            found.append((path, line, name, message))
    return sorted(set(found))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--root", default=pathlib.Path(__file__).resolve().parent.parent,
                        help="the checkout to look at (default: this one)")
    parser.add_argument("--rule", action="append", choices=sorted(RULES), metavar="NAME",
                        help="only this rule, any number of times")
    parser.add_argument("--list", action="store_true", help="list the rules")
    options = parser.parse_args()
    if options.list:
        for name, rule in RULES.items():
            print(f"{name:18} {rule.__doc__.strip().splitlines()[0]}")
        return 0
    found = run(Project(options.root), options.rule or list(RULES))
    for path, line, name, message in found:
        print(f"{path}:{line}: {name}: {message}")
    if found:
        print(f"lint: {len(found)} findings", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
