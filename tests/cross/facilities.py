#!/usr/bin/env python3
"""What each facility beside Socket adds to a program's flash on a Cortex-M core, and that it adds
nothing where it is not used: held against facilities.csv, exactly, or written there.

  facilities.py --write-all    builds every Cortex-M preset's programs and writes the table anew"""

import argparse
import csv
import pathlib
import re
import subprocess
import sys

from footprint import flash_of, sections

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = pathlib.Path(__file__).parent / "facilities.csv"
CORES = ("cortex-m0plus", "cortex-m3", "cortex-m4f", "cortex-m7", "cortex-m33")
# Sources that a program of Socket alone must not have linked.
OF_FACILITIES = re.compile(r"(connection|message|multicast|packet|poll|resolve|selector|"
                           r"socketserver|thread|unix)\.cpp\.")


def linked(map_file):
    """(section, member, size) of the library's part of a program."""
    found = list(sections(map_file.read_text(encoding="utf-8")))
    if not found:
        sys.exit(f"{map_file} shows nothing of the library: it is not what was linked")
    return found


def total(found):
    return sum(flash_of(found).values())


def ram_of(found):
    return sum(size for section, _, size in found
               if section.startswith((".data", ".bss", "COMMON", ".tbss", ".tdata")))


def measure(folder):
    """Facility -> bytes more than a program of Socket alone has; and what is wrong."""
    base = linked(folder / "whole_api_dual.map")
    wrong = [f"a program that does not use it has {size} bytes of {member}"
             for _, member, size in base if OF_FACILITIES.match(member)]
    added = {}
    for map_file in sorted(folder.glob("uses_*.map")):
        found = linked(map_file)
        name = map_file.stem.removeprefix("uses_")
        added[name] = total(found) - total(base)
        if ram_of(found):
            wrong.append(f"{name} has {ram_of(found)} bytes of static RAM")
    return added, wrong


def read_table():
    """core -> {facility: bytes}"""
    with open(TABLE, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {core: {row["facility"]: int(row[core]) for row in rows} for core in CORES}


def write_table(table):
    with open(TABLE, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["facility", *CORES])
        for name in table[CORES[0]]:
            out.writerow([name, *(table[core][name] for core in CORES)])


def write_all():
    table = {}
    for core in CORES:
        subprocess.run(["cmake", "--preset", core], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", "--preset", core, "--target", "facilities"], cwd=ROOT,
                       check=True)
        folder = ROOT / "build" / core / "tests" / "cross"
        table[core], wrong = measure(folder)
        if wrong:
            sys.exit(f"{core}: " + "\n".join(wrong))
    write_table(table)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--core", choices=CORES)
    parser.add_argument("--folder", type=pathlib.Path, help="where the programs' maps are")
    parser.add_argument("--write-all", action="store_true")
    options = parser.parse_args()
    if options.write_all:
        return write_all()

    added, wrong = measure(options.folder)
    said = read_table()[options.core]
    print(f"{options.core}: flash that a facility adds to a program of Socket, -Os, in bytes")
    for name, size in added.items():
        print(f"{size:8}  {name}")
    wrong += [f"{name}: {added.get(name)} bytes; the table says {said.get(name)}: see "
              "facilities.py --write-all"
              for name in sorted(added.keys() | said.keys()) if added.get(name) != said.get(name)]
    return "\n".join(f"{options.core}: {line}" for line in wrong) or None


if __name__ == "__main__":
    sys.exit(main())
