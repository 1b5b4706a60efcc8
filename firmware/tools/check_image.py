#!/usr/bin/env python3
"""Fails if an image holds what no image may: a heap, exceptions, static constructors."""
import argparse
import subprocess
import sys

BANNED = ("malloc", "_malloc_r", "free", "_free_r", "realloc", "calloc", "_sbrk", "_sbrk_r",
          "_Znwj", "_Znaj", "__cxa_throw", "__cxa_allocate_exception", "_Unwind_RaiseException",
          "__gxx_personality_v0", "__cxa_guard_acquire", "_impure_ptr")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="arm-none-eabi-nm", help="the nm of the image's toolchain")
    parser.add_argument("image")
    arguments = parser.parse_args()
    listing = subprocess.run([arguments.nm, "--defined-only", arguments.image], check=True,
                             capture_output=True, text=True).stdout
    found = [line.split()[-1] for line in listing.splitlines() if line.split()[-1] in BANNED]
    found += [line.split()[-1] for line in listing.splitlines() if "_GLOBAL__sub_I" in line]
    if found:
        print(f"{arguments.image}: an image must do without {', '.join(sorted(found))}; the map "
              "says who asked for it", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
