#!/usr/bin/env python3
"""Holds the layer against raw C on the same 64-byte TCP echo: exact instructions and system calls.

Usage: echo_budget.py ECHO_RAW ECHO_TWINSOCK [--most-instructions N]

Prints one table; exit status 1 if the layer costs more than N instructions an echo (5 unless told)
or a single further system call, blocking or with a timeout.
"""
import argparse
import re
import subprocess
import sys
import tempfile

FEW, MANY = 1000, 3000


def collected(program, rounds, mode):
    """Instructions within serve(), from callgrind; exact for the same binary."""
    with tempfile.NamedTemporaryFile() as out:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=serve",
             f"--callgrind-out-file={out.name}", program, str(rounds), mode],
            capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        sys.exit(f"echo_budget: {program} failed under valgrind:\n{run.stderr}")
    # The child of fork() counts for itself and never enters serve().
    return max(int(n) for n in re.findall(r"Collected : (\d+)", run.stderr))


def system_calls(program, rounds, mode):
    """System calls of the serving process in the whole run."""
    run = subprocess.run(["strace", "-c", "-U", "name,calls", program, str(rounds), mode],
                         capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        sys.exit(f"echo_budget: {program} failed under strace:\n{run.stderr}")
    return sum(int(n) for name, n in re.findall(r"^(\w+)\s+(\d+)$", run.stderr, re.M)
               if name != "total")


def per_echo(measure, program, mode):
    return (measure(program, MANY, mode) - measure(program, FEW, mode)) / (MANY - FEW)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("echo_raw")
    parser.add_argument("echo_twinsock")
    parser.add_argument("--most-instructions", type=float, default=5)
    asked = parser.parse_args()
    missed = []
    print(f"{'64 B TCP echo':<16}{'raw C':>10}{'twinsock':>10}{'more':>8}"
          "   a round trip, server side")
    for what, measure, most in (("instructions", collected, asked.most_instructions),
                                ("system calls", system_calls, 0)):
        for mode in ("blocking", "timed"):
            raw = per_echo(measure, asked.echo_raw, mode)
            ours = per_echo(measure, asked.echo_twinsock, mode)
            print(f"{what:<16}{raw:>10.2f}{ours:>10.2f}{ours - raw:>+8.2f}   {mode}")
            if ours - raw > most:
                missed.append(f"{what}, {mode}: {ours - raw:+.2f}, at most {most:+.2f}")
    for line in missed:
        print(f"over budget: {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
