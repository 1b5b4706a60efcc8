#!/usr/bin/env python3
"""The images of a board that QEMU does not have: their memory map, their vectors."""
import argparse
import pathlib
import re
import struct
import subprocess
import sys
import unittest

OPTIONS = None
IMAGES = ("blank", "exchanges", "selftest")
# What the chips' manuals say: interrupts, flash, the program's RAM, the Ethernet DMA's.
CHIPS = {
    "nucleo-f767zi": {"interrupts": 110, "flash": (0x08000000, 2 << 20),
                      "ram": (0x20000000, 480 << 10), "shared": (0x20078000, 32 << 10)},
    "nucleo-h743zi": {"interrupts": 150, "flash": (0x08000000, 2 << 20),
                      "ram": (0x24000000, 512 << 10), "shared": (0x30040000, 32 << 10)},
}
CONSOLE, ETHERNET = 39, 61


class Image:
    def __init__(self, name):
        self.elf = OPTIONS.build_dir / f"{name}.elf"
        self.binary = (OPTIONS.build_dir / f"{name}.bin").read_bytes()
        listing = subprocess.run(["arm-none-eabi-nm", "-C", self.elf], capture_output=True,
                                 text=True, check=True).stdout
        self.symbols = {name: int(value, 16) for value, name in
                        re.findall(r"^([0-9a-f]{8}) \w (.+)$", listing, re.M)}
        sections = subprocess.run(["arm-none-eabi-size", "-A", self.elf], capture_output=True,
                                  text=True, check=True).stdout
        self.sections = {name: (int(size), int(at)) for name, size, at in
                         re.findall(r"^(\.\S+) +(\d+) +(\d+)", sections, re.M)}


class Images(unittest.TestCase):
    def test_every_section_lies_in_its_memory(self):
        chip = CHIPS[OPTIONS.board]
        places = {".text": "flash", ".start_stacks": "ram", ".data": "ram", ".bss": "ram",
                  ".shared": "shared"}
        for name in IMAGES:
            image = Image(name)
            for section, place in places.items():
                size, at = image.sections[section]
                begin, room = chip[place]
                with self.subTest(name, section=section):
                    self.assertGreaterEqual(at, begin)
                    self.assertLessEqual(at + size, begin + room)
                    self.assertGreater(size, 0)

    def test_vectors_are_complete(self):
        chip = CHIPS[OPTIONS.board]
        for name in IMAGES:
            image = Image(name)
            vectors = struct.unpack_from(f"<{16 + chip['interrupts']}I", image.binary)
            with self.subTest(name):
                self.assertEqual(vectors[0], image.symbols["_interrupt_stack_end"])
                handlers = {1: "reset_handler", 3: "fault_handler", 15: "systick_handler",
                            16 + CONSOLE: "firmware::on_console_interrupt()",
                            16 + ETHERNET: "firmware::on_ethernet_interrupt()"}
                for index, word in enumerate(vectors[1:], 1):
                    wanted = handlers.get(index, "fault_handler" if index < 16
                                          else "firmware::unexpected_interrupt()")
                    self.assertEqual(word, image.symbols[wanted] | 1, (index, wanted))

    def test_shared_memory_is_what_the_protection_unit_can_describe(self):
        begin, size = CHIPS[OPTIONS.board]["shared"]
        self.assertEqual(begin % size, 0)
        self.assertEqual(size & (size - 1), 0)
        self.assertEqual(Image("exchanges").symbols["_shared_begin"], begin)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--board", required=True, choices=sorted(CHIPS))
    parser.add_argument("--build-dir", required=True, type=pathlib.Path)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
