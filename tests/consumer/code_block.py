#!/usr/bin/env python3
"""Writes the first code block of a language in a Markdown page to a file, with where it came from.

    code_block.py PAGE LANGUAGE OUTPUT
"""
import pathlib
import re
import sys


def main():
    page, language, output = sys.argv[1:4]
    text = pathlib.Path(page).read_text(encoding="utf-8")
    match = re.search(rf"^```{language}\n(.*?)^```", text, re.M | re.S)
    if not match:
        sys.exit(f"{page} has no code block that begins with ```{language}")
    line = text.count("\n", 0, match.start(1)) + 1
    pathlib.Path(output).write_text(f'#line {line} "{page}"\n{match.group(1)}', encoding="utf-8")


if __name__ == "__main__":
    main()
