#!/usr/bin/env python3
"""Breaks the socket layer, one place at a time, and asks which conformance cases notice.

mutations/*.txt hold the mutations, and which cases each must make fail, in which world: `posix` is
this machine's sockets, `sim` a simulated node with lwIP, `mirror` the same node whose packets meet
a mirror (mirror.hpp), for the cases that only it can run. A case counts as seen to fail when it
fails alone with the mutation, and passes without. Nothing is changed in the checkout or in the
build: what is mutated is compiled elsewhere, and linked in front of the true library.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import selectors
import shlex
import subprocess
import sys
import tempfile
import threading
import time

import schemata

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
TARGETS = {"posix": "tests/conformance/twinsock_conformance",
           "sim": "tests/conformance/conformance-default.node",
           "mirror": "tests/conformance/conformance-default.node"}
BACKENDS = {"posix": "posix", "sim": "lwip", "mirror": "lwip"}
SIMULATOR = "tests/conformance/twinsock_conformance_sim"
# A case ends after 10 s, by its own deadlines, which are virtual on a node: what is silent for
# longer hangs.
SILENCE_S = {"posix": 15, "sim": 8, "mirror": 8}
MUTATION_S = 90
AT_ONCE = 40  # names of cases that one run takes: a role has 64 arguments at most
INCLUDE_ROOTS = ("port/include", "port/posix/include", "port/lwip/include", "port")
FAILED = ("fail", "ends badly", "hangs")


SWITCH = """#include <cstdlib>
namespace twinsock_mutation {
bool is(int number) {
  static const char* const text = std::getenv("TWINSOCK_MUTATION");
  static const int chosen = text != nullptr ? std::atoi(text) : 0;
  return chosen == number;
}
}
"""


class Mutation:
    def __init__(self, file, place):
        self.file, self.place = file, place
        self.there, self.instead = [], []
        self.cases = {}

    def worlds(self):
        if self.file.startswith("port/posix/"):
            return ["posix"]
        return ["sim", "mirror"] if self.file.startswith("port/lwip/") else list(TARGETS)

    def worlds_to_try(self, explore):
        return self.worlds() if explore else self.cases

    def key(self):
        return "\n".join([self.file, *self.there, "becomes", *self.instead])

    def span(self):
        """Where it stands in its file, and what instead; ValueError: it is not there once."""
        text = (ROOT / self.file).read_text()
        words = "\n".join(self.there).split()
        found = list(re.finditer(r"\s+".join(map(re.escape, words)), text))
        if len(found) != 1:
            raise ValueError(f"{self.place}: is in {self.file} {len(found)} times instead of once: "
                             + " ".join(words)[:80])
        return found[0].start(), found[0].end(), "\n".join(self.instead)

    def apply(self):
        begin, end, instead = self.span()
        text = (ROOT / self.file).read_text()
        return text[:begin] + instead + text[end:]

    def title(self):
        return f"{self.place} {self.file}: {' '.join(self.there)[:60]}"


def read_mutations():
    """The mutations, and the cases that nothing here makes fail, each with the reason."""
    mutations, excused, file = [], {}, None
    for path in sorted((FOLDER / "mutations").glob("*.txt")):
        text = []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            word, _, rest = line.partition(" ")
            if word == "file":
                file = rest.strip()
            elif word == "-":
                mutations.append(Mutation(file, f"{path.name}:{number}"))
                text = mutations[-1].there
                text.append(rest)
            elif word == "+":
                text = mutations[-1].instead
                text.append(rest)
            elif line.startswith("  "):  # goes on
                text.append(line.strip())
            elif word in TARGETS:
                mutations[-1].cases.setdefault(word, []).extend(rest.split())
            elif word == "unseen":
                case, _, reason = rest.partition(" ")
                excused[case] = reason
            elif word and word != "#":
                sys.exit(f"mutate.py: {path.name}:{number}: '{word}' is no word of this list")
    return mutations, excused


def all_cases():
    """Every name in the tables of the cases' sources."""
    names = []
    for path in sorted(FOLDER.glob("*.cpp")):
        names += re.findall(r'^    \{"([A-Z]\w+\.\w+)",', path.read_text(), re.M)
    return names


def check(mutations):
    """Whether the list fits the sources: what the everyday tests ask."""
    known, problems = set(all_cases()), []
    for mutation in mutations:
        try:
            mutation.span()
        except (ValueError, OSError) as error:
            problems.append(str(error))
        if not mutation.cases:
            problems.append(f"{mutation.place}: names no case that notices")
        for world, names in mutation.cases.items():
            if world not in mutation.worlds():
                problems.append(f"{mutation.place}: {mutation.file} is no part of {world}")
            problems += [f"{mutation.place}: no case is called {name}"
                         for name in names if name not in known]
    return problems


def count(seen, excused):
    """How many cases a mutation makes fail, as a line, after those that none does."""
    cases = all_cases()
    everywhere = set.union(*seen.values()) & set(cases)
    for case in cases:
        if case not in everywhere:
            print(f"not seen to fail: {case} {excused.get(case, '')}".rstrip())
    worlds = ", ".join(f"{len(names)} in {world}" for world, names in seen.items())
    return f"{len(everywhere)} of {len(cases)} cases seen to fail: {worlds}"


def without_noise(words):
    """A compile command without its output, its dependency file and what only costs time."""
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-MT", "-MF", "-c"):
            skip = True
        elif word not in ("-MD", "-g", "-O2", "-Werror") and not word.endswith("ccache"):
            kept.append(word)
    return [*kept, "-O0", "-w"]


class World:
    """A program of the conformance cases, as its build makes it."""

    def __init__(self, name, build):
        self.name, self.build = name, build
        commands = subprocess.run(["ninja", "-C", str(build), "-t", "commands", TARGETS[name]],
                                  check=True, capture_output=True, text=True).stdout.splitlines()
        self.compile = {}
        for command in commands:
            words = shlex.split(command)
            if "-c" in words and "-o" in words:
                self.compile[words[words.index("-c") + 1]] = without_noise(words)
        link = commands[-1].replace(": && ", "").replace(" && :", "")
        self.link = [word for word in shlex.split(link) if not word.endswith("ccache")]
        self.true_program = build / TARGETS[name]
        self.precompiled = tempfile.TemporaryDirectory(prefix="twinsock-mutate-")
        self.front, self.lock = None, threading.Lock()
        self.held = set()  # numbers of the mutations in self.program
        self.program = None
        self.order = []  # the names of all runs of cases that pass, with their families

    def precompile(self):
        """Most of what compiling a file of the layer costs is reading the same headers."""
        header = pathlib.Path(self.precompiled.name) / "layer.hpp"
        header.write_text("#include <native/native.hpp>\n")
        example = self.compile[str(ROOT / f"port/{BACKENDS[self.name]}/native.cpp")]
        subprocess.run([*example, "-x", "c++-header", str(header), "-o", f"{header}.gch"],
                       cwd=self.build, check=True)
        self.front = ["-include", str(header)]

    def compile_file(self, source, text, target, front):
        """The compiler's messages; None: it compiled. The text stands in the source's place."""
        file = target.with_suffix(".cpp")
        if text is not None:
            file.write_text(text)
        words = self.compile[source]
        done = subprocess.run(
            [words[0], *front, *words[1:], "-c", str(file if text is not None else source), "-o",
             str(target)], cwd=self.build, capture_output=True, text=True, check=False)
        return done.stderr if done.returncode != 0 else None

    def make_schemata(self, mutations, pool, explore):
        """One program with every mutation that can be held beside the true text."""
        folder = pathlib.Path(self.precompiled.name)
        by_file = {}
        for number, mutation in enumerate(mutations, 1):
            tried = self.name in mutation.worlds_to_try(explore)
            if tried and mutation.file.endswith(".cpp"):
                by_file.setdefault(mutation.file, {})[number] = mutation
        switch = folder / "switch.o"
        example = str(ROOT / f"port/{BACKENDS[self.name]}/native.cpp")
        message = self.compile_file(example, SWITCH, switch, [])
        if message:
            sys.exit(message)
        objects = [str(switch)]

        def hold(item):
            file, numbers = item
            schema = schemata.Schema((ROOT / file).read_text(),
                                     {n: m.span() for n, m in numbers.items()})
            target = folder / (file.replace("/", "_")[:-4] + ".o")
            for _ in range(12):
                text = schema.render()
                message = self.compile_file(str(ROOT / file), text, target, [])
                if message is None:
                    objects.append(str(target))
                    self.held.update(n for n in numbers if schema.left[n])
                    return
                if not schema.drop(message, str(target.with_suffix(".cpp"))):
                    print(f"{file}: {message[:1500]}", file=sys.stderr)
                    return

        list(pool.map(hold, by_file.items()))
        self.program = self.link_with(objects, folder / f"all-{self.name}", self.link)
        if self.program is None:
            self.held.clear()
            return
        ended = self.run(self.program, self.order, time.monotonic() + 300)
        failed = [name for name in self.order if ended.get(name) in FAILED]
        again = self.run(self.program, failed, time.monotonic() + 300)
        still = [name for name in failed if again.get(name) != "pass"]
        if still:
            sys.exit(f"mutate.py: with no mutation chosen, these fail: {' '.join(still)}")

    def link_with(self, objects, program, link):
        words = list(link)
        words[words.index("-o") + 1] = str(program)
        done = subprocess.run([words[0], "-Wl,--strip-debug", *objects, *words[1:]], cwd=self.build,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(done.stderr[:2000], file=sys.stderr)
        return program if done.returncode == 0 else None

    def start(self, program, cases, number=0):
        words = [str(program), *cases]
        if self.name != "posix":
            words.insert(0, str(self.build / SIMULATOR))
        if self.name == "mirror":
            words.append("--mirror")
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                env={**os.environ, "TWINSOCK_MUTATION": str(number)})

    def run(self, program, cases, until, number=0):
        """How each of these runs ended; without those for which there was no time."""
        ended, left = {}, list(cases)
        while left and time.monotonic() < until:
            process = self.start(program, left[:AT_ONCE], number)
            how = self.read_lines(process.stdout, ended, until)
            process.kill()
            process.wait()
            process.stdout.close()
            left = [name for name in left if name not in ended]
            if left and how:
                ended[left.pop(0)] = how
        return ended

    def read_lines(self, stdout, ended, until):
        """Notes how runs ended; and gives what ended the first one without a line, if one did."""
        text = b""
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while True:
                limit = min(SILENCE_S[self.name], until - time.monotonic())
                if limit <= 0 or not selector.select(limit):
                    return "hangs" if limit == SILENCE_S[self.name] else None
                part = os.read(stdout.fileno(), 65536)
                if not part:
                    return "ends badly"
                text += part
                *lines, text = text.split(b"\n")
                for line in lines:
                    word, _, rest = line.decode(errors="replace").partition(" ")
                    if word in ("pass", "fail", "gap", "skip", "unexpected-pass"):
                        ended[rest.split()[0]] = word
                    if word == "conformance:":
                        return None

    def learn_order(self):
        process, ended = self.start(self.true_program, []), {}
        self.read_lines(process.stdout, ended, time.monotonic() + 300)
        process.communicate()
        self.order = [name for name, how in ended.items() if how == "pass"]

    def make(self, mutation, folder):
        """A program with this mutation alone; None: it does not compile."""
        with self.lock:
            if self.front is None:
                self.precompile()
        true_file, front = str(ROOT / mutation.file), self.front
        jobs, link = [(true_file, mutation.apply())], self.link
        if mutation.file.endswith(".hpp"):  # everything is compiled again, with it in front
            root = next(r for r in INCLUDE_ROOTS if mutation.file.startswith(r + "/"))
            header = folder / mutation.file
            header.parent.mkdir(parents=True)
            header.write_text(mutation.apply())
            front = [f"-I{folder / root}"]
            jobs = [(source, None) for source in self.compile
                    if source.startswith((str(ROOT / "port"), str(FOLDER)))]
            link = [word for word in link if not word.endswith(".o")]
        objects = []
        for source, text in jobs:
            objects.append(str(folder / f"{self.name}{len(objects)}.o"))
            message = self.compile_file(source, text, pathlib.Path(objects[-1]), front)
            if message:
                print(message[:2000], file=sys.stderr)
                return None
        return self.link_with(objects, folder / f"program-{self.name}", link)

    def runs_of(self, case):
        return [name for name in self.order if name.split("/")[0] == case]


class Findings:
    """Which cases were seen to fail, by world; filled by several threads."""

    def __init__(self):
        self.seen = {name: set() for name in TARGETS}

    def try_out(self, number, mutation, worlds, explore):
        """Which cases fail, as {world: {case: how}}; None: it cannot be compiled."""
        found = {}
        with tempfile.TemporaryDirectory(prefix="twinsock-mutate-") as name:
            for world in worlds:
                if world.name not in mutation.worlds_to_try(explore):
                    continue
                held = number in world.held and world.program is not None
                program = world.program if held else world.make(mutation, pathlib.Path(name))
                if program is None:
                    return None
                switch = number if held else 0
                cases = mutation.cases.get(world.name, [])
                if explore:
                    ended = world.run(program, world.order, time.monotonic() + MUTATION_S,
                                      switch)
                    cases = [n.split("/")[0] for n, how in ended.items() if how in FAILED]
                found[world.name] = self.fail_alone(world, program, switch, dict.fromkeys(cases),
                                                    explore)
        return found

    def fail_alone(self, world, program, switch, cases, explore):
        until = time.monotonic() + MUTATION_S
        failed = {}
        for case in cases:
            failed[case] = "fail"
            if explore and (case in self.seen[world.name] or time.monotonic() > until):
                failed[case] = "with others"
                continue
            alone = world.run(program, world.runs_of(case), time.monotonic() + 40, switch)
            hows = [how for how in alone.values() if how in FAILED]
            # On a busy machine a case over posix may fail for want of time, which proves nothing.
            if hows and world.name == "posix":
                true = world.run(world.true_program, world.runs_of(case), time.monotonic() + 40)
                hows = hows if all(how not in FAILED for how in true.values()) else []
            if hows:
                self.seen[world.name].add(case)
                failed[case] = hows[0]
            else:
                del failed[case]
        return failed


def judge(mutation, found, explore):
    if found is None:
        return "cannot be compiled: bring the list up to date"
    missed = [f"{case} ({world})" for world, failed in found.items()
              for case in mutation.cases.get(world, []) if case not in failed]
    if missed and not explore:
        return "not noticed by " + ", ".join(missed)
    if found and not any(found.values()):
        return "not noticed by any case"
    return None


def run(mutations, excused, options):
    build = pathlib.Path(options.build).resolve()
    worlds = [World(name, build) for name in TARGETS if name in (options.world or TARGETS)]
    for world in worlds:
        world.learn_order()
    matrix_file = options.explore and pathlib.Path(options.explore)
    matrix = json.loads(matrix_file.read_text()) if matrix_file and matrix_file.exists() else {}
    if not options.explore:
        mutations = [m for m in mutations if any(world.name in m.cases for world in worlds)]
    else:
        mutations = [m for m in mutations
                     if any(world.name in m.worlds() and world.name not in
                            (matrix.get(m.key(), {}).get("found") or {}) for world in worlds)]
    findings, bad = Findings(), 0
    for known in matrix.values():
        for world, cases in (known["found"] or {}).items():
            findings.seen[world].update(c for c, how in cases.items() if how in FAILED)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for world in worlds:
            world.make_schemata(mutations, pool, options.explore)
            print(f"{world.name}: {len(world.held)} of {len(mutations)} mutations in one program",
                  flush=True)
        futures = {pool.submit(findings.try_out, n, m, worlds, options.explore): m
                   for n, m in sorted(enumerate(mutations, 1), key=lambda item:
                                      any(item[0] not in world.held for world in worlds))}
        for future in concurrent.futures.as_completed(futures):
            mutation, found = futures[future], future.result()
            problem = judge(mutation, found, options.explore)
            bad += problem is not None
            by = ", ".join(f"{len(cases)} in {name}" for name, cases in (found or {}).items())
            print(f"{mutation.title()}: {problem or 'noticed by ' + by}", flush=True)
            if matrix_file:
                before = matrix.get(mutation.key(), {}).get("found") or {}
                matrix[mutation.key()] = {"place": mutation.place,
                                          "found": {**before, **(found or {})}}
                matrix_file.write_text(json.dumps(matrix, indent=1))
    line = count(findings.seen, excused)
    print(f"mutations: {len(mutations)} tried, {len(mutations) - bad} noticed, {bad} not; {line}")
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true",
                        help="only whether the list fits the sources: nothing is compiled")
    parser.add_argument("--only", metavar="TEXT", help="those whose place or file has that text")
    parser.add_argument("--explore", metavar="FILE",
                        help="run every case and write which failed, as JSON; go on with that file")
    parser.add_argument("--build", default=str(ROOT / "build" / "sim"),
                        help="where both programs were built (build/sim)")
    parser.add_argument("--world", choices=list(TARGETS), help="that one alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    mutations, excused = read_mutations()
    problems = check(mutations)
    if options.check or (problems and not options.explore):
        print("\n".join(problems) or f"{len(mutations)} mutations, each fits the sources once")
        return 1 if problems else 0
    if options.only:
        mutations = [m for m in mutations if options.only in f"{m.place} {m.file}"]
    return run(mutations, excused, options)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    sys.exit(main())
