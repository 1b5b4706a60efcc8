#!/usr/bin/env python3
"""Makes a project of a Markdown page: each code block behind a line "`NAME`:" becomes that file.

    page_project.py PAGE FOLDER CHECKOUT

The checkout stands in the folder as `twinsock`, as a user would have it.
"""
import pathlib
import re
import shutil
import sys


def main():
    page, folder, checkout = (pathlib.Path(word) for word in sys.argv[1:])
    text = page.read_text(encoding="utf-8")
    files = re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```", text, re.M | re.S)
    if not files:
        sys.exit(f"{page} has no code block behind a line that names its file, as in `main.cpp`:")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files:
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "twinsock").symlink_to(checkout, target_is_directory=True)


if __name__ == "__main__":
    main()
