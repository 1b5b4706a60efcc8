"""The table of traces: which runs it holds, and how it is written anew.

    ninja trace_table                      (or: HOST_SIM=…/host_sim traces.py --write)

A change of a hash says that seeds, and with them old replay lines, mean something else than before:
write the table anew only when that is meant, and say so in the change.
"""
import pathlib
import sys

import tool

TABLE = pathlib.Path(__file__).resolve().with_name("traces.txt")
PROFILES = ["tiny", "default", "default-messages", "large"]
FAULTS = [
    [],
    ["--loss", "5%", "--delay", "20ms"],
    ["--burst", "1%,30%", "--delay", "5ms"],
    ["--duplicate", "5%", "--reorder", "5%"],
    ["--corrupt", "3%"],
    ["--delay", "5ms", "--jitter", "30ms"],
    ["--rate", "512kbit", "--queue", "6"],
    ["--partition", "20ms,1s", "--down", "2s,500ms"],
    ["--chaos"],
]


# Those that came later stand behind, so that they changed no seed of the first.
FIRST = tool.EXCHANGES[:10]
LATER = [exchange for exchange in tool.EXCHANGES[10:] if exchange != "unix_echo"]
INET_ALONE = ("udp_broadcast", "packet_echo")


def row(profile, exchange, family, number):
    return [exchange, "--profile", profile, "--family", family, "--seed", str(number),
            *FAULTS[number * 4 % len(FAULTS)]]


def rows():
    """The words of each run behind `host_sim run`."""
    number = 0
    for profile in PROFILES:
        for exchange in FIRST:
            for family in tool.FAMILIES:
                number += 1
                yield row(profile, exchange, family, number)
    for profile in PROFILES:
        for exchange in LATER:
            for family in tool.FAMILIES:
                if family == "inet" or exchange not in INET_ALONE:
                    number += 1
                    yield row(profile, exchange, family, number)


def trace(words, **surroundings):
    """What host_sim says is the hash of a run's trace."""
    done = tool.run("run", *words, "--world", "sim", "--deadline", "1h", "--hash", **surroundings)
    hashes = [line[7:] for line in done.stderr.splitlines() if line.startswith("trace: ")]
    if len(hashes) != 1:
        raise AssertionError(f"{' '.join(words)}: no hash\n{done.stdout}\n{done.stderr}")
    return hashes[0]


def table():
    """The expected hash of each row, by its words."""
    found = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        value, _, words = line.partition("  ")
        found[words] = value
    return found


def main():
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    lines = [f"{trace(words)}  {' '.join(words)}\n" for words in rows()]
    TABLE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
