#!/usr/bin/env python3
"""Debugging images: what the editor's files name is there, and gdb stops in main()."""
import argparse
import importlib.util
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import unittest

OPTIONS = None
ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "firmware/tools/board_tool.py"


def editor_file(name):
    return json.loads((ROOT / ".vscode" / name).read_text(encoding="utf-8"))


def launch_of(name):
    return next(launch for launch in editor_file("launch.json")["configurations"]
                if launch["name"] == name)


def in_build_dir(text):
    """With the editor's variables as they would be for this build."""
    settings = editor_file("settings.json")
    place = "${workspaceFolder}/build/sim/boards/${config:twinsock.board}"
    text = text.replace(place, str(OPTIONS.build_dir))
    return text.replace("${config:twinsock.image}", settings["twinsock.image"])


class EditorFiles(unittest.TestCase):
    def setUp(self):
        settings = editor_file("settings.json")
        self.board, self.image = settings["twinsock.board"], settings["twinsock.image"]
        self.tasks = {task["label"]: task for task in editor_file("tasks.json")["tasks"]}
        self.launches = editor_file("launch.json")["configurations"]

    def test_board_and_image_exist(self):
        self.assertTrue((ROOT / "firmware/boards" / self.board / "board.cmake").exists())
        self.assertTrue((ROOT / "firmware/images" / self.image).is_dir())

    def test_tasks_name_what_there_is(self):
        for label, task in self.tasks.items():
            with self.subTest(label):
                self.assertIn(task.get("dependsOn", label), self.tasks)
                for path in re.findall(r"\bfirmware/[\w/.]+", task["command"]):
                    self.assertTrue((ROOT / path).exists(), path)
        targets = subprocess.run(["cmake", "--build", OPTIONS.main_build_dir, "--target", "help"],
                                 capture_output=True, text=True, check=True).stdout
        self.assertRegex(targets, rf"(?m)^firmware-{self.board}: ")
        presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
        named = {preset["name"]: preset for preset in presets["configurePresets"]}
        preset = re.search(r"--preset (\w+)", self.tasks["firmware"]["command"])[1]
        self.assertIn(preset, named)
        self.assertEqual(named["base"]["binaryDir"], "${sourceDir}/build/${presetName}")

    def test_launches_name_what_there_is(self):
        for launch in self.launches:
            with self.subTest(launch["name"]):
                task = launch.get("preLaunchTask")
                if task is None:
                    continue
                self.assertIn("gdb-server", self.tasks[task]["command"])
                self.assertIn(launch["program"].removeprefix("${workspaceFolder}/"),
                              self.tasks[task]["command"])
                self.assertEqual(launch["miDebuggerServerAddress"], "127.0.0.1:1234")

    def test_desk_launch_starts_a_board_as_debug_does(self):
        spec = importlib.util.spec_from_file_location("board_tool", TOOL)
        tool = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(tool)
        commands = [one["text"] for one in
                    launch_of("Firmware on the desk")["postRemoteConnectCommands"]]
        # A server that an editor keeps has not reset the board since the last time.
        self.assertEqual(commands, ["monitor reset halt", *tool.DESK_START[1::2], "break main"])


class Debugger(unittest.TestCase):
    def start_server(self, *words):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            ["timeout", "120", str(TOOL), "gdb-server", "--port", str(port), *words,
             str(OPTIONS.build_dir / "board.json"), str(OPTIONS.build_dir / "exchanges.elf")],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        return server

    def test_gdb_stops_in_main_and_shows_its_line(self):
        if not shutil.which("gdb-multiarch"):
            self.skipTest("gdb-multiarch is not installed")
        server = self.start_server("--on", "qemu")
        ready = editor_file("tasks.json")["tasks"][2]["problemMatcher"]["background"]
        said = []
        while not re.search(ready["endsPattern"], said[-1] if said else ""):
            said.append(server.stdout.readline())
            self.assertTrue(said[-1], said)
        self.assertRegex(said[0], ready["beginsPattern"])
        address = said[-1].split(": ")[1].strip()
        launch = launch_of("Firmware in QEMU")
        commands = [*launch["setupCommands"], {"text": f"target remote {address}"},
                    *launch["postRemoteConnectCommands"], {"text": "continue"}, {"text": "kill"}]
        done = subprocess.run(
            [launch["miDebuggerPath"], "-nx", "-batch",
             *(word for one in commands for word in ("-ex", in_build_dir(one["text"]))),
             in_build_dir(launch["program"])], capture_output=True, text=True, timeout=100)
        self.assertRegex(done.stdout, r"Breakpoint 1, main \(\)", done.stderr)
        self.assertIn("firmware::run(program)", done.stdout)  # the source is found

    def test_a_board_that_openocd_does_not_know_is_refused(self):
        server = self.start_server("--on", "desk")
        self.assertIn("OpenOCD knows no mps2-an385", server.stdout.read())
        self.assertEqual(server.wait(), 2)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build-dir", required=True, type=pathlib.Path, help="of mps2-an385")
    parser.add_argument("--main-build-dir", required=True, help="of the project")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
