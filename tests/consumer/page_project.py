#!/usr/bin/env python3
"""Makes a project of a Markdown page: each code block behind a line "`NAME`:" becomes that file.

    page_project.py PAGE FOLDER CHECKOUT|find_package

The checkout stands in the folder as `twinsock`, as a user would have it; or the project finds the
installed package instead.
"""
import pathlib
import re
import shutil
import sys


def main():
    page, folder = (pathlib.Path(word) for word in sys.argv[1:3])
    text = page.read_text(encoding="utf-8")
    files = re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```", text, re.M | re.S)
    if not files:
        sys.exit(f"{page} has no code block behind a line that names its file, as in `main.cpp`:")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    installed = sys.argv[3] == "find_package"
    for name, content in files:
        if installed and name == "CMakeLists.txt":
            content, count = re.subn(r"set\(TWINSOCK_SIM ON\).*\nadd_subdirectory\(twinsock\).*",
                                     "find_package(twinsock REQUIRED COMPONENTS simulator)",
                                     content)
            if count != 1:
                sys.exit(f"{page}: {name} does not take twinsock in as it did")
        (folder / name).write_text(content, encoding="utf-8")
    if not installed:
        (folder / "twinsock").symlink_to(pathlib.Path(sys.argv[3]), target_is_directory=True)


if __name__ == "__main__":
    main()
