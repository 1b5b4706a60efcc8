#!/usr/bin/env python3
"""Proves from symbols what the library does without, and holds its flash against a table."""
import argparse
import csv
import re
import subprocess
import sys

# What may not be asked for by anything of ours, and what it would mean.
FORBIDDEN = [
    (r"_?(malloc|calloc|realloc|free|sbrk)(_r)?$|_Zn[wa]|_Zd[la]", "the heap"),
    (r"__cxa_(throw|begin_catch|end_catch|rethrow|allocate_exception)|__gxx_personality|_Unwind",
     "exceptions"),
    (r"_ZT[IS]|__dynamic_cast|_ZTVN10__cxxabi", "RTTI"),
    (r"__cxa_atexit|__aeabi_atexit|__dso_handle|_GLOBAL__sub_I", "static constructors"),
    (r"__cxa_guard", "guarded statics"),
    (r"(f|s|sn|v\w*)?printf$|abort$|_ZSt\d+__throw", "the C++ library's errors or printf"),
]
# Undefined symbols that are what the library stands on.
EXPECTED = re.compile(
    r"(lwip|sys|netconn|ip6?addr|netif|tcpip|pbuf|dns|raw|udp|tcp)_\w+$|"
    r"mem(cpy|set|move|cmp|chr)$|strlen$|__errno$|errno$|(un)?lock_tcpip_core|"
    r"err_to_errno$|ethernet_input$|__aeabi_\w+|__gnu_thumb1_case_\w+|_ZNK?8twinsock|"
    r"ip_addr_any\w*|in6addr_\w+|__atomic_\w+_[124]$|__clz|__popcount")


def symbols(nm, archive):
    """(object, kind, name) of every symbol in the archive."""
    listing = subprocess.run([nm, "-A", archive], check=True, capture_output=True, text=True).stdout
    for line in listing.splitlines():
        match = re.match(r".*:([^:]+):\s*[0-9a-f]*\s+(\w)\s+(\S+)$", line)
        if match:
            yield match.groups()


def sections(map_text):
    """(section, object, size) of all that the link took out of the library.

    Merged strings stand in the map once for each object, at one address: they count once.
    """
    linked = map_text[map_text.index("Linker script and memory map"):]
    entry = re.compile(r"^ (\.[\w.$+*-]+) +0x([0-9a-f]+) +0x([0-9a-f]+) +(\S+)", re.M)
    entries = [(int(address, 16), int(size, 16), section, source) for section, address, size, source
               in entry.findall(re.sub(r"\n {10,}(?=0x)", " ", linked)) if int(size, 16)]
    entries.sort()
    for (address, size, section, source), following in zip(entries, entries[1:] + [(1 << 62,)]):
        if re.search(r"libtwinsock_cross_\w+\.a\(", source):
            member = source.rsplit("(", 1)[1].rstrip(")")
            yield section, member, min(size, following[0] - address)


def check_symbols(found):
    complaints = []
    for member, kind, name in found:
        for pattern, what in FORBIDDEN:
            if re.match(pattern, name):
                complaints.append(f"{member} needs {what}: {name}")
        if kind == "U" and not EXPECTED.match(name):
            complaints.append(f"{member} needs {name}, which nothing here promises")
    return complaints


def check_sections(linked):
    complaints = []
    for section, member, size in linked:
        if section.startswith((".data", ".bss", "COMMON", ".tbss", ".tdata")):
            complaints.append(f"{member} has {size} bytes of static RAM in {section}")
        if section.startswith((".init_array", ".ctors", ".fini_array")):
            complaints.append(f"{member} has a static constructor in {section}")
    return complaints


def flash_of(linked):
    """Source file -> bytes."""
    flash = {}
    for section, member, size in linked:
        if section.startswith((".text", ".rodata", ".data", ".ARM.ex")):
            flash[member] = flash.get(member, 0) + size
    return flash


def print_files(title, flash):
    print(title)
    for member, size in sorted(flash.items(), key=lambda item: -item[1]):
        print(f"{size:8}  {member}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("core", "nm", "table"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--archive", action="append", required=True)
    parser.add_argument("--map", action="append", nargs=3, required=True,
                        metavar=("ADDRESSES", "USE", "FILE"))
    options = parser.parse_args()

    with open(options.table, encoding="utf-8", newline="") as table:
        limits = {(row["core"], row["addresses"]): row for row in csv.DictReader(table)}
    complaints = [complaint for archive in options.archive
                  for complaint in check_symbols(symbols(options.nm, archive))]
    print(f"{options.core}, -Os: flash of what each use links, in bytes; static RAM: none")
    for addresses, use, path in options.map:
        with open(path, encoding="utf-8") as text:
            linked = list(sections(text.read()))
        if not linked:
            sys.exit(f"{path} shows nothing of the library: it is not what was linked")
        complaints += check_sections(linked)
        flash = flash_of(linked)
        total, limit = sum(flash.values()), int(limits[options.core, addresses][use])
        print(f"{total:8}  {use}, {addresses}; {limit} allowed")
        if total > limit:
            complaints.append(f"{use}, {addresses}: {total} bytes of flash, {limit} allowed")
        if (addresses, use) == ("dual", "whole_api"):
            whole = flash
    print_files("the whole API, dual, by source file:", whole)
    for complaint in complaints:
        print(f"{options.core}: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
