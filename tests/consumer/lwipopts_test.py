#!/usr/bin/env python3
"""The lwipopts.h of docs/FIRMWARE.md is complete, each checked line of it is needed, and the page
quotes what the compiler says."""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

OPTIONS = None
# Lines before this comment are checked by port/lwip/check.cpp.
END_OF_CHECKED = "/* Not checked"
# lwIP's own default for these is what the line says, or its value can do without.
ALSO_A_DEFAULT = {"NO_SYS", "LWIP_SOCKET"}

# What lwipopts.h of an SDK that differs little has, as read in its public sources.
SHIPPED_BY_ESP_IDF = """
#define NO_SYS 0
#define LWIP_COMPAT_SOCKETS 0
#define LWIP_SO_RCVTIMEO 1
#define SO_REUSE 1
#define LWIP_NETCONN_FULLDUPLEX 1
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_TCP_KEEPALIVE 1
#define TCP_LISTEN_BACKLOG 1
#define MEMP_NUM_NETCONN 10
#define DEFAULT_TCP_RECVMBOX_SIZE 6
#define DEFAULT_UDP_RECVMBOX_SIZE 6
#define DEFAULT_RAW_RECVMBOX_SIZE 6
#define DEFAULT_ACCEPTMBOX_SIZE 6
#define TCP_MSS 1440
#define TCP_SND_BUF 5760
#define LWIP_RAW 1
"""


def compile_check(text, *definitions):
    """What the compiler says of the check with such a lwipopts.h."""
    with tempfile.TemporaryDirectory() as place:
        pathlib.Path(place, "lwipopts.h").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [OPTIONS.compiler, "-std=c++20", "-fsyntax-only", *definitions, f"-I{place}",
             f"-I{OPTIONS.checkout}/tests/cross", f"-I{OPTIONS.lwip}/src/include",
             f"{OPTIONS.checkout}/port/lwip/check.cpp"], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


class Lwipopts(unittest.TestCase):
    def setUp(self):
        self.text = OPTIONS.options.read_text(encoding="utf-8")
        self.page = (OPTIONS.checkout / "docs/FIRMWARE.md").read_text(encoding="utf-8")
        self.checked = re.findall(r"^#define (\w+)", self.text.split(END_OF_CHECKED)[0], re.M)

    def without(self, option):
        return re.sub(rf"^#define {option} .*\n", "", self.text, flags=re.M)

    def test_is_complete(self):
        status, said = compile_check(self.text)
        self.assertEqual((status, said), (0, ""))

    def test_each_line_is_needed_and_missed_by_name(self):
        self.assertGreater(len(self.checked), 12)
        for option in self.checked:
            if option in ALSO_A_DEFAULT:
                continue
            with self.subTest(option):
                status, said = compile_check(self.without(option))
                self.assertNotEqual(status, 0)
                self.assertRegex(said, rf"lwipopts\.h: {option} is .*; twinsock needs ")

    def test_page_tells_what_an_sdk_lacks(self):
        row = re.search(r"^\| ESP-IDF \|.*\| (.*) \|$", self.page, re.M)[1]
        told = [option.removeprefix("CONFIG_") for option in re.findall(r"`(\w+)", row)]
        said = compile_check(SHIPPED_BY_ESP_IDF)[1]
        self.assertEqual(sorted(re.findall(r"lwipopts\.h: (\w+) is", said)), sorted(told))

    def test_page_quotes_the_compiler(self):
        quotes = [line for block in re.findall(r"^```text\n(.*?)^```", self.page, re.M | re.S)
                  for line in block.splitlines()]
        self.assertGreater(len(quotes), 2)
        for quote in quotes:
            with self.subTest(quote):
                if match := re.match(r"lwipopts\.h: (\w+) is", quote):
                    said = compile_check(self.without(match.group(1)))[1]
                else:  # lwIP's version is in its own headers, so they must be told
                    said = compile_check(self.text + "#include <lwip/init.h>\n"
                                         "#undef LWIP_VERSION_REVISION\n"
                                         "#define LWIP_VERSION_REVISION 0\n")[1]
                self.assertIn(quote, said)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--checkout", required=True, type=pathlib.Path)
    parser.add_argument("--lwip", required=True, type=pathlib.Path)
    parser.add_argument("--options", required=True, type=pathlib.Path)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
