"""Runs the conformance cases in each world, and reads what they say."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "firmware"))
import board as emulated

BOARDS = ("mps2-an385", "lm3s6965evb", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an524")
LOSSY = "sim-lossy"
FAULTS = "loss=5% jitter=10ms reorder=2% duplicate=2%"
NO_FAMILY = "no such family here"
OUTCOMES = ("pass", "gap", "skip", "fail", "unexpected-pass")


def lines_of(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(f"{command[0]}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout.splitlines()


def cases_of(command):
    """Name -> clause, in the order of the tables."""
    cases = {}
    for line in lines_of([*command, "list"]):
        _, name, clause, *_ = line.split()
        cases[name] = clause
    return cases


def results_of(lines):
    """Name -> {family: (outcome, reason)}."""
    results = {}
    for line in lines:
        outcome, _, rest = line.partition(" ")
        if outcome not in OUTCOMES:
            continue
        full, _, reason = rest.partition(" ")
        name, _, family = full.partition("/")
        results.setdefault(name, {})[family] = (outcome, reason)
    return results


def cell_of(families):
    """What a table says of a case in a world: one word if its families agree."""
    there = {name: found for name, found in families.items() if found[1] != NO_FAMILY}
    families = there or families
    outcomes = {outcome for outcome, _ in families.values()}
    if len(outcomes) == 1:
        return outcomes.pop()
    return ", ".join(f"{family} {outcome}" for family, (outcome, _) in families.items())


def bad_of(worlds):
    """One line for each case that is not as declared."""
    return [f"{world}: {outcome} {name}{'/' if family else ''}{family} {why}".rstrip()
            for world, results in worlds.items()
            for name, families in results.items() for family, (outcome, why) in families.items()
            if outcome in ("fail", "unexpected-pass")]


# ---- boards

def board_of(build_dir):
    return pathlib.Path(build_dir).name


def images_of(build_dir):
    """Image -> its hash."""
    build_dir = pathlib.Path(build_dir)
    facts = json.loads((build_dir / "board.json").read_text())
    return {image: hashlib.sha256((build_dir / f"{image}.elf").read_bytes()).hexdigest()
            for image in facts["conformance"].split(";")}


def lines_of_board(build_dir, words=()):
    """What all of a board's images say; each must end as it should."""
    lines, statuses = [], set()
    for image, status, console in emulated.conformance(build_dir, *words):
        # A board with several images has some cases in each: elsewhere it knows no such name.
        if status not in (0, 1) and not (words and status == emulated.WRONG_USE):
            sys.exit(f"{image} of {board_of(build_dir)}: exit status {status}\n{console}")
        statuses.add(status)
        lines += console.splitlines()
    if not statuses & {0, 1}:
        sys.exit(f"{board_of(build_dir)}: no case has such a name")
    return lines


def memory_of(build_dir):
    return pathlib.Path(build_dir) / "conformance-results.json"


def remember(build_dir, lines):
    """Keeps what the board's present images said, for who wants it without a further run."""
    memory = memory_of(build_dir)
    fresh = memory.with_suffix(".new")
    fresh.write_text(json.dumps({"images": images_of(build_dir), "lines": lines}))
    os.replace(fresh, memory)


def remembered(build_dir):
    """What the board's present images said when they last ran; None if they did not."""
    try:
        kept = json.loads(memory_of(build_dir).read_text())
    except (OSError, ValueError):
        return None
    return kept["lines"] if kept["images"] == images_of(build_dir) else None


# ---- all worlds

def run_worlds(posix, sim, boards, words=(), fresh=False):
    """World -> results, of the desktop's program, of the simulator's (program, image), and of the
    boards with these build directories. fresh: run also what is remembered."""
    def board_lines(build_dir):
        lines = None if fresh else remembered(build_dir)
        return lines_of_board(build_dir, words) if lines is None else lines

    runs = {"posix": lambda: lines_of([posix, *words]),
            "sim": lambda: lines_of([*sim, *words]),
            LOSSY: lambda: lines_of([*sim, "--faults", FAULTS, *words])}
    runs |= {board_of(place): lambda place=place: board_lines(place) for place in boards}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        started = {world: pool.submit(run) for world, run in runs.items()}
        return {world: results_of(run.result()) for world, run in started.items()}
