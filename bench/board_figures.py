#!/usr/bin/env python3
"""The boards' figures: measures them, prints them, and holds them against the tables in
bench/board_figures; --write makes the tables anew.

  size    flash and RAM of the images, by part, in bytes; exact
  echo    instructions of a TCP echo over the loopback, both ends, raw lwip_* calls and ours; exact
  boot    from the reset to a listening socket, with DHCP, at 64 ns an instruction; exact
  stacks  the most that each thread used in all exchanges; at most 128 bytes more than the table
  bulk    MB for each second of the emulator's processor time; at least a fifth of the table, and no
          frame lost

A figure is measured for each build directory that can give it. Exit status: 0 as in the tables,
1 not so, 2 wrong use.
"""
import argparse
import csv
import pathlib
import re
import resource
import socket
import struct
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
TABLES = pathlib.Path(__file__).resolve().with_suffix("")
sys.path[:0] = [str(ROOT / "tests" / "firmware"), str(ROOT / "firmware" / "tools")]
import board as emulated
import size_report
from board import Board

SEED = "seed=figures"
ECHO_MOST_PERCENT = 1.0
EXCHANGES = ("tcp_echo", "udp_echo", "tcp_chat", "udp_chat", "tcp_greeting", "tcp_reply",
             "udp_timeout", "tcp_refused", "tcp_bulk", "tcp_half_close", "tcp_select_server",
             "tcp_socketserver", "udp_socketserver", "raw_ping", "dns_connect",
             "multicast_discovery", "udp_broadcast", "options_report", "packet_echo")
SMALL_BOARD_RAM, SMALL_BOARD = 64 * 1024, "lm3s6965evb"


def name_of(build):
    return pathlib.Path(build).name


# ---- size

PARTS = list(dict.fromkeys(name for _, name in size_report.PARTS)) + ["stacks", "other"]


def measure_size(build):
    """Rows (build, image, flash or RAM, total, part ...)."""
    rows = []
    for image in ("blank", "exchanges"):
        linked = pathlib.Path(build, f"{image}.map")
        if not linked.exists():
            continue
        for kind, sizes in zip(("flash", "ram"), size_report.measure(linked.read_text())):
            rows.append([name_of(build), image, kind, sum(sizes.values()),
                         *(sizes.get(part, 0) for part in PARTS)])
    return rows


def check_size(rows, _):
    return [f"{build} {image}: {total} bytes of RAM, more than half of the board's"
            for build, image, kind, total, *_ in rows
            if build == SMALL_BOARD and kind == "ram" and total > SMALL_BOARD_RAM // 2]


# ---- echo and boot: exact under instruction counting

def run_figures(build, words, network, shift):
    """The console, where an instruction takes 2 ** shift ns and idle time is skipped."""
    with Board(build, "figures", [SEED, *words], network,
               extra=("-icount", f"shift={shift},sleep=off"), time_limit_s=120) as board:
        status = board.wait()
    if status != 0:
        sys.exit(f"{name_of(build)}: figures {' '.join(words)} ended with {status}\n"
                 f"{board.console()}")
    return board.console()


def instructions(us):
    return us * 1000 / 1024  # at shift 10 each takes 1,024 ns


def measure_echo(build):
    rows = []
    for size in (64, 1024):
        found = {}
        for way in ("raw", "twinsock"):
            console = run_figures(build, ["ip=10.9.0.1/24", "echo", way, str(size)],
                                  emulated.no_network(), 10)
            us, rounds = map(int, re.search(r": (\d+) us for (\d+)", console).groups())
            found[way] = instructions(us) / rounds
        more = 100 * (found["twinsock"] / found["raw"] - 1)
        rows.append([name_of(build), size, round(found["raw"]), round(found["twinsock"]),
                     f"{more:.1f}"])
    return rows


def check_echo(rows, _):
    return [f"{build}: an echo of {size} bytes costs {more} % more than raw calls, at most "
            f"{ECHO_MOST_PERCENT} %" for build, size, _, _, more in rows
            if float(more) > ECHO_MOST_PERCENT]


def measure_boot(build):
    pattern = re.compile(r"LISTENING after (\d+) us, idle (\d+) us")
    network = emulated.user_network()
    guest_us = int(pattern.search(run_figures(build, ["boot"], network, 6))[1])
    total, idle = map(int, pattern.search(run_figures(build, ["boot"], network, 10)).groups())
    return [[name_of(build), guest_us, round(instructions(total - idle))]]


# ---- stacks

def run_command(board, words, until):
    board.type(words + "\r")
    board.expect(until)


def stacks_of(board):
    """Thread -> (size, most used)."""
    board.type("stacks\r")
    board.expect("thread +state")
    found = {}
    while "(interrupts)" not in found:
        line = board.expect(r"^(\S+) .* (\d+) +(\d+)$")
        found[line[1]] = (int(line[2]), int(line[3]))
    return found


def measure_stacks(build):
    worst = {}
    with tempfile.TemporaryDirectory() as place:
        ends = [f"{place}/a", f"{place}/b"]
        with Board(build, "exchanges", [SEED, "ip=10.9.0.1/24"], emulated.cable(*ends),
                   mac="52:54:00:00:00:0a", time_limit_s=200) as server, \
             Board(build, "exchanges", [SEED, "ip=10.9.0.2/24"], emulated.cable(*ends[::-1]),
                   mac="52:54:00:00:00:0b", time_limit_s=200) as client:
            for exchange in EXCHANGES:
                run_command(server, f"serve {exchange} 5005", "LISTENING")
                client.type(f"connect {exchange} 10.9.0.1:5005\r")
                for side in (client, server):
                    run_command(side, "uptime", r"up \d+ s")
            for side in (server, client):
                run_command(side, "ping 10.9.0.1", "of 4 answered")
                for thread, (size, most) in stacks_of(side).items():
                    worst[thread] = (size, max(most, worst.get(thread, (0, 0))[1]))
    return [[name_of(build), thread, size, most] for thread, (size, most) in worst.items()]


def check_stacks(rows, table):
    said = {tuple(row[:2]): int(row[3]) for row in table}
    wrong = []
    for build, thread, size, most in rows:
        if most > 0.95 * size:
            wrong.append(f"{build}: {thread} used {most} of its {size} bytes")
        if most > said.get((build, thread), -1000) + 128:
            wrong.append(f"{build}: {thread} used {most} bytes; the table says "
                         f"{said.get((build, thread), 'nothing')}")
    return wrong


# ---- bulk

BULK_KIB = 4096


def payload_bytes(capture):
    """Bytes of TCP payload on the wire and how many of them for the first time, both ways."""
    data = capture.read_bytes()
    at, total, spans = 24, 0, {}
    while at + 16 <= len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + size]
        at += 16 + size
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        begin = 14 + 20 + 4 * (frame[46] >> 4)
        length = 14 + struct.unpack_from("!H", frame, 16)[0] - begin
        sequence = struct.unpack_from("!I", frame, 38)[0]
        if length > 0:
            total += length
            spans.setdefault(frame[26:30], {})[sequence] = length
    return total, sum(sum(found.values()) for found in spans.values())


def move(peer, direction):
    if direction == "to board":
        for _ in range(BULK_KIB):
            peer.sendall(bytes(1024))
        peer.shutdown(socket.SHUT_WR)
    count = 0
    while data := peer.recv(65536):
        count += len(data)
    return count


def measure_bulk(build):
    rows = []
    for direction, words in (("to board", ["sink"]), ("from board", ["source", str(BULK_KIB)])):
        with tempfile.TemporaryDirectory() as place:
            capture = pathlib.Path(place, "pcap")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            board, port = emulated.serving(
                build, [SEED, *words], "tcp", 7, image="figures", time_limit_s=120,
                extra=("-object", f"filter-dump,id=d,netdev=n0,file={capture}"))
            try:
                with socket.create_connection(("127.0.0.1", port), 60) as peer:
                    move(peer, direction)
                status = board.wait()
            finally:
                board.__exit__()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            total, unique = payload_bytes(capture)
        if status != 0 or unique != BULK_KIB * 1024:
            sys.exit(f"{name_of(build)}, {direction}: status {status}, {unique} bytes came\n"
                     f"{board.console()}")
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        rows.append([name_of(build), direction, f"{unique / seconds / 1e6:.1f}", total - unique])
    return rows


def check_bulk(rows, table):
    said = {tuple(row[:2]): float(row[2]) for row in table}
    wrong = []
    for build, direction, speed, again in rows:
        if again > 0:
            wrong.append(f"{build}, {direction}: {again} bytes sent again: frames were lost")
        if float(speed) < said.get((build, direction), 1e9) / 5:
            wrong.append(f"{build}, {direction}: {speed} MB for a second of processor time; the "
                         f"table says {said.get((build, direction), 'nothing')}")
    return wrong


# ---- tables

# name: (columns, measure a build, further checks, whether the table holds exactly, whose)
FIGURES = {
    "size": (["build", "image", "memory", "total", *PARTS], measure_size, check_size, True, ".*"),
    "echo": (["build", "bytes", "raw", "twinsock", "percent_more"], measure_echo, check_echo, True,
             "mps2-an385$"),
    "boot": (["build", "guest_us", "instructions"], measure_boot, None, True,
             "mps2-an385$|lm3s6965evb$"),
    "stacks": (["build", "thread", "size", "most_used"], measure_stacks, check_stacks, False,
               "mps2-an385$|lm3s6965evb$"),
    "bulk": (["build", "direction", "mb_per_cpu_s", "sent_again"], measure_bulk, check_bulk, False,
             "mps2-an385$|lm3s6965evb$"),
}


def read_table(name):
    path = TABLES / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def write_table(name, columns, rows):
    """The new rows, and the old ones of other builds."""
    fresh = {row[0] for row in rows}
    kept = [row for row in read_table(name) if row[0] not in fresh]
    with (TABLES / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(sorted([list(map(str, row)) for row in rows] + kept, key=lambda r: r[0]))


def print_table(columns, rows):
    texts = [list(map(str, row)) for row in [columns, *rows]]
    widths = [max(len(row[i]) for row in texts) for i in range(len(columns))]
    for row in texts:
        print("  ".join(text.rjust(width) for text, width in zip(row, widths)))


def differences(name, rows):
    fresh = {row[0] for row in rows}
    said = [row for row in read_table(name) if row[0] in fresh]
    now = [list(map(str, row)) for row in rows]
    return [f"{name}: the table says {','.join(row)}" for row in said if row not in now] + \
           [f"{name}: it is now     {','.join(row)}" for row in now if row not in said]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("builds", nargs="+", metavar="BUILD-DIRECTORY",
                        help="of a board's images, with TWINSOCK_FIRMWARE_TESTS=ON")
    parser.add_argument("--only", choices=FIGURES, action="append", help="this figure")
    parser.add_argument("--write", action="store_true", help="write the tables instead of checking")
    options = parser.parse_args()
    for build in options.builds:
        if not pathlib.Path(build, "board.json").exists():
            print(f"{build}: no build directory of a board", file=sys.stderr)
            sys.exit(2)
    wrong = []
    for name in options.only or FIGURES:
        columns, measure, check, is_exact, whose = FIGURES[name]
        rows = [row for build in options.builds if re.match(whose, name_of(build))
                for row in measure(build)]
        print_table(columns, rows)
        if options.write:
            write_table(name, columns, rows)
        elif is_exact:
            wrong += differences(name, rows)
        wrong += check(rows, read_table(name)) if check else []
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        print("if that is as it should be: --target board_figures writes the tables anew",
              file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
