#!/usr/bin/env python3
"""docs/FROM_PYTHON.md as code: its programs, and each row of its tables as a function.

    python_page.py PAGE programs|rows OUTPUT
"""
import pathlib
import re
import sys

# What the rows' code may use; the page says it in words.
ROWS_BEGIN = """\
#include <array>
#include <chrono>
#include <twinsock/connection.hpp>
#include <twinsock/message.hpp>
#include <twinsock/multicast.hpp>
#include <twinsock/packet.hpp>
#include <twinsock/selector.hpp>
#include <twinsock/socketserver.hpp>
#include <twinsock/unix.hpp>
using namespace twinsock;
void handle(void*, Socket&, const Endpoint&);
void handle_datagram(void*, Socket&, const Received&);
extern Socket socket, listener;
extern const Endpoint server;
extern std::array<char, 1024> buffer;
extern std::array<Bytes, 2> parts;
extern std::array<MutableBytes, 2> rooms;
extern std::array<AddressInfo, 4> room;
extern std::span<Socket*> readers;
extern std::array<PollItem, 2> items;
extern TcpServer<1> tcp_server;
"""


def blocks(text, language):
    """(number of its first line, code) of each code block."""
    return [(text.count("\n", 0, found.start(1)) + 1, found[1])
            for found in re.finditer(rf"^```{language}\n(.*?)^```", text, re.M | re.S)]


def rows(text):
    """(line, Python, twinsock) of each row of a table."""
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line[1:-1].split("|")]
        if not line.startswith("| `"):
            continue
        if len(cells) != 4 or not all(re.fullmatch(r"`[^`]+`", cell) for cell in cells[:2]):
            sys.exit(f"line {number}: a row is `Python`, `twinsock`, what differs, where")
        yield number, cells[0].strip("`"), cells[1].strip("`")


def main():
    page, what, output = sys.argv[1:4]
    text = pathlib.Path(page).read_text(encoding="utf-8")
    if what == "programs":
        code = "".join(f'#line {line} "{page}"\n{block}' for line, block in blocks(text, "cpp"))
    else:
        code = ROWS_BEGIN + "".join(f'#line {line} "{page}"\nvoid row_{line}() {{ {code}; }}\n'
                                    for line, _, code in rows(text))
    pathlib.Path(output).write_text(code, encoding="utf-8")


if __name__ == "__main__":
    main()
