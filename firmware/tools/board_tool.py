#!/usr/bin/env python3
"""run: an image in QEMU, its console on this terminal. flash: onto a board on the desk. debug: gdb
on such a board, or where OpenOCD knows none in QEMU. gdb-server: what an editor's debugger connects
to, with the image halted at its first instruction.

Each prints the command before it runs it.
"""
import argparse
import json
import pathlib
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time


def fail(text, status=2):
    print(text, file=sys.stderr)
    sys.exit(status)


def read_facts(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        fail(f"{path} is no board.json of a board's build directory")


def check_image(image, board):
    """Another board's image would end in a fault that says nothing."""
    try:
        elf = pathlib.Path(image).read_bytes()
    except OSError:
        fail(f"there is no image {image}")
    if elf[:4] != b"\x7fELF" or board.encode() + b"\0" not in elf:
        fail(f"{image} is no image for {board}")


def port_number(text):
    if not 1 <= int(text) <= 65535:
        raise ValueError
    return int(text)


def check_port(port, ending):
    """That it is free, of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            fail(f"port {port} of 127.0.0.1: {error.strerror}; {ending}", 1)


def show_and_run(command):
    print("+ " + shlex.join(command), flush=True)
    if not shutil.which(command[0]):
        fail(f"{command[0]} is not installed")
    return subprocess.call(command)


def qemu_command(facts, image, words, serial, network="", extra=()):
    if not facts["machine"]:
        fail(f"QEMU has no machine for {facts['board']}")
    name = pathlib.Path(image).stem
    words = [name, f"seed={secrets.token_hex(16)}", *words]
    arguments = ",".join("arg=" + word.replace(",", ",,") for word in words)
    return ["qemu-system-arm", "-M", facts["machine"], "-kernel", image, "-display", "none",
            "-serial", serial, "-nic", f"user,model={facts['nic']}{network}",
            "-semihosting-config", f"enable=on,target=native,{arguments}", *extra]


def run(facts, arguments):
    port = arguments.port or 5005
    command = qemu_command(facts, arguments.image, arguments.words, "mon:stdio",
                           "".join(f",hostfwd={kind}:127.0.0.1:{port}-:5005"
                                   for kind in ("tcp", "udp")))
    check_port(port, "end what listens there")
    print(f"Ports {port} of 127.0.0.1 lead to the board's 5005; it reaches this machine as "
          "10.0.2.2. Ctrl-A X ends.")
    return show_and_run(command)


def flash(facts, arguments):
    drive = facts["drive_path"]
    if facts["openocd"] and not (drive and arguments.drive):
        if drive:
            print(f"Or copy it to the board's USB drive ({facts['drive_note']}): "
                  "-DTWINSOCK_BOARD_DRIVE=DIRECTORY")
        status = show_and_run(["openocd", *facts["openocd"].split(), "-c",
                               f"program {{{arguments.image}}} verify reset exit"])
        if status != 0:
            fail(f"{facts['board']} was not flashed, see above: is it connected and powered?", 1)
        return status
    if not drive:
        fail(f"{facts['board']} has no way to be flashed")
    print(f"{facts['board']} loads {drive} from its USB drive; {facts['drive_note']}.")
    if not arguments.drive:
        fail("say where that drive is mounted: -DTWINSOCK_BOARD_DRIVE=DIRECTORY")
    target = pathlib.Path(arguments.drive, drive)
    if not target.parent.is_dir():
        fail(f"{target.parent} is no directory: the drive is not mounted there")
    image = pathlib.Path(arguments.image)
    if target.suffix == ".bin":  # without addresses, from the flash's first byte on
        image = image.with_suffix(".bin")
    return show_and_run(["cp", str(image), str(target)])


# The second reset takes the stack from the vectors that were just loaded, not from the old ones.
DESK_START = ("-ex", "load", "-ex", "monitor reset halt")


def debug(facts, arguments):
    gdb = next(filter(shutil.which, ("arm-none-eabi-gdb", "gdb-multiarch")), None)
    if not gdb:
        fail("neither arm-none-eabi-gdb nor gdb-multiarch is installed")
    if facts["openocd"]:
        server = ["openocd", *facts["openocd"].split(), "-c", "gdb_port pipe", "-c", "init",
                  "-c", "arm semihosting enable", "-c", "reset halt"]
    else:
        console = arguments.facts.with_name("debug-console.txt")
        print(f"The board's console is written to {console}.")
        server = qemu_command(facts, arguments.image, arguments.words, f"file:{console}",
                              extra=["-gdb", "stdio", "-S"])
    # gdb asks again after 2 s, before a slow server has come up, and then mistakes the answers.
    return show_and_run([gdb, arguments.image, "-ex", f"directory {arguments.facts.parent}",
                         "-ex", "set remotetimeout 60",
                         "-ex", f"target remote | {shlex.join(server)}",
                         *(DESK_START if facts["openocd"] else []), "-ex", "break main"])


def gdb_server(facts, arguments):
    place = arguments.on or ("qemu" if facts["machine"] else "desk")
    port = arguments.port or 1234
    if place == "qemu":
        command = qemu_command(facts, arguments.image, arguments.words, "stdio",
                               extra=["-monitor", "none", "-gdb", f"tcp:127.0.0.1:{port}", "-S"])
    elif facts["openocd"]:
        command = ["openocd", *facts["openocd"].split(), "-c", "bindto 127.0.0.1", "-c",
                   f"gdb_port {port}", "-c", "init", "-c", "arm semihosting enable", "-c",
                   "reset halt"]
    else:
        fail(f"OpenOCD knows no {facts['board']}; debug it in QEMU: --on qemu")
    check_port(port, "is another debugger there? --port takes another")
    print("+ " + shlex.join(command), flush=True)
    if not shutil.which(command[0]):
        fail(f"{command[0]} is not installed")
    with subprocess.Popen(command) as server:
        try:
            announce(server, port)
            return server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            server.terminate()


def announce(server, port):
    """Says that the server takes connections, once it listens: a connection to try would be the
    debugger's to it."""
    wanted = f"0100007F:{port:04X} 00000000:0000 0A"  # 127.0.0.1, in state LISTEN
    while server.poll() is None:
        if wanted in pathlib.Path("/proc/net/tcp").read_text(encoding="ascii"):
            print(f"gdb server: 127.0.0.1:{port}", flush=True)
            return
        time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("run", "flash", "debug", "gdb-server"))
    parser.add_argument("facts", type=pathlib.Path, help="board.json of the build directory")
    parser.add_argument("image", help="the .elf")
    parser.add_argument("words", nargs="*", help="settings and commands for the image")
    parser.add_argument("--drive", help="where the board's USB drive is mounted")
    parser.add_argument("--on", choices=("qemu", "desk"), help="gdb-server: where")
    parser.add_argument("--port", type=port_number,
                        help="of 127.0.0.1; gdb-server: 1234, run: 5005")
    arguments = parser.parse_intermixed_args()
    facts = read_facts(arguments.facts)
    check_image(arguments.image, facts["board"])
    sys.exit({"run": run, "flash": flash, "debug": debug,
              "gdb-server": gdb_server}[arguments.action](facts, arguments))


if __name__ == "__main__":
    main()
