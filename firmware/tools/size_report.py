#!/usr/bin/env python3
"""Flash and RAM of an image by part, from the linker's map.

Flash counts code, constants and the first values of variables; RAM counts variables and stacks.
"""
import argparse
import json
import re
import sys

# The first pattern that matches an input file's path names its part.
PARTS = [
    (r"liblwip\.a\((tcp|tcp_in|tcp_out|altcp.*)\.c", "lwIP TCP"),
    (r"liblwip\.a\((sockets|api_lib|api_msg|netbuf|err|if_api|netifapi)\.c", "lwIP sockets"),
    (r"liblwip\.a\((ip6.*|nd6|mld6|icmp6|ethip6|inet6|dhcp6)\.c", "lwIP IPv6"),
    (r"liblwip\.a\((dhcp|dns|acd|autoip)\.c", "lwIP DHCP and DNS"),
    (r"liblwip\.a\((udp|raw)\.c", "lwIP UDP and raw"),
    (r"liblwip\.a\((mem|memp|pbuf)\.c", "lwIP memory"),
    (r"liblwip\.a", "lwIP IPv4 and core"),
    (r"libcoop\.a", "kernel and sys_arch"),
    (r"libsockets\.a", "twinsock"),
    (r"libexchange_roles\.a", "exchanges"),
    (r"board\.dir.*/drivers/", "drivers"),
    (r"board\.dir", "board and start-up"),
    (r"lib(gcc|c_nano|c|m|stdc\+\+|stdc\+\+_nano|nosys)\.a", "C and C++ libraries"),
    (r"\.dir/", "program"),
]
STACKS = "stacks"
IN_RAM_ONLY = (".bss", ".start_stacks", ".shared")
IN_BOTH = (".data",)
IN_FLASH = (".text", ".ARM.exidx", ".init_array")


def part_of(path):
    return next((name for pattern, name in PARTS if re.search(pattern, path)), "other")


def input_sections(text):
    """Yields (output section, input section, size, file) of the map's memory map."""
    text = text[text.index("Linker script and memory map"):]
    text = re.sub(r"\n (\S+)\n +(0x)", r"\n \1 \2", text)  # long names stand on a line of their own
    output = None
    for line in text.splitlines():
        if match := re.match(r"(\.[\w.]+)(\s|$)", line):
            output = match.group(1)
        match = re.match(r" (\*fill\*|\S+) +0x[0-9a-f]+ +0x([0-9a-f]+)(?: (.+))?$", line)
        if output and match and int(match.group(2), 16):
            yield output, match.group(1), int(match.group(2), 16), match.group(3) or ""


def measure(text):
    flash, ram = {}, {}
    for output, section, size, path in input_sections(text):
        if output not in IN_RAM_ONLY + IN_BOTH + IN_FLASH:
            continue
        part = part_of(path) if path else "other"
        if output == ".start_stacks" or "stack_pool" in section:
            part = STACKS
        if output in IN_FLASH + IN_BOTH:
            flash[part] = flash.get(part, 0) + size
        if output in IN_RAM_ONLY + IN_BOTH:
            ram[part] = ram.get(part, 0) + size
    # The start's stacks have no input section: their size is in the symbols.
    begin, end = (re.search(rf"0x([0-9a-f]+) +{name} = ", text)
                  for name in ("_interrupt_stack_begin", "_main_stack_end"))
    if begin and end:
        ram[STACKS] = ram.get(STACKS, 0) + int(end.group(1), 16) - int(begin.group(1), 16)
    return flash, ram


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maps", nargs="+", metavar="MAP", help="the .map beside an image")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args()
    report = {}
    for path in arguments.maps:
        try:
            with open(path, encoding="utf-8") as file:
                flash, ram = measure(file.read())
        except (OSError, ValueError) as error:
            print(f"{path}: no linker map: {error}", file=sys.stderr)
            return 2
        report[path] = {part: [flash.get(part, 0), ram.get(part, 0)]
                        for part in sorted(flash.keys() | ram.keys(),
                                           key=lambda p: -flash.get(p, 0))}
    if arguments.json:
        print(json.dumps(report, indent=1))
        return 0
    for path, parts in report.items():
        print(f"{path:<24}   flash     RAM")
        for part, (flash, ram) in parts.items():
            print(f"  {part:<22}{flash:>8}{ram:>8}")
        total = [sum(sizes) for sizes in zip(*parts.values())]
        print(f"  {'total':<22}{total[0]:>8}{total[1]:>8}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
