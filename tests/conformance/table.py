#!/usr/bin/env python3
"""Runs the conformance cases in every world that is built, now, and prints a table of them."""

import argparse
import pathlib
import sys

import runs


def boards_in(build_dir):
    """The build directories of the boards whose images of the cases are there."""
    found = []
    for board in runs.BOARDS:
        place = build_dir / "boards" / board
        try:
            runs.images_of(place)
        except OSError:
            continue
        found.append(place)
    return found


def table_of(cases, worlds):
    """Lines; a case that does not run in a world of this selection has a dash."""
    names = [name for name in cases if any(name in results for results in worlds.values())]
    rows = [["case", *worlds]]
    for name in names:
        rows.append([name, *(runs.cell_of(results[name]) if name in results else "-"
                             for results in worlds.values())])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
            for row in rows]


def counts_of(worlds):
    for world, results in worlds.items():
        cells = [outcome for families in results.values() for outcome, _ in families.values()]
        yield world + ": " + ", ".join(f"{cells.count(what)} {what}" for what in runs.OUTCOMES
                                       if what in ("pass", "gap", "skip") or what in cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build-dir", type=pathlib.Path, required=True)
    parser.add_argument("words", nargs="*", metavar="NAME", help="a case, or 'Group.*'; none: all")
    options = parser.parse_args()

    place = options.build_dir / "tests" / "conformance"
    posix = str(place / "twinsock_conformance")
    sim = [str(place / "twinsock_conformance_sim"), str(place / "conformance-default.node")]
    cases = runs.cases_of([posix])
    boards = boards_in(options.build_dir)
    worlds = runs.run_worlds(posix, sim, boards, options.words, fresh=True)
    print("\n".join(table_of(cases, worlds)))
    print("\n" + "\n".join(counts_of(worlds)))
    if missing := [board for board in runs.BOARDS if board not in map(runs.board_of, boards)]:
        print("not built: " + ", ".join(missing) + " (cmake --build BUILD --target firmware-BOARD)")
    bad = runs.bad_of(worlds)
    if not any(worlds.values()):
        sys.exit("no case has such a name")
    if bad:
        sys.exit("not as declared:\n  " + "\n  ".join(bad))
    print("all as declared")


if __name__ == "__main__":
    main()
