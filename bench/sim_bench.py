"""The simulator's figures as a table, each with its goal: sim_bench.py SIM_BENCH HOST_SIM [NS3].

Each figure is the best of three runs, one process at a time, as the machine's other work only ever
makes them worse. The exit status is 0 whether goals are met or not: figures depend on the machine.
"""
import re
import subprocess
import sys
import time


def figures(*command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return {name: float(value) for name, value in zip(out[::2], out[1::2])}


def best(key, *command):
    return max((figures(*command) for _ in range(3)), key=key)


def rate(of):
    return lambda found: found[of] / found["seconds"]


def seeds_a_second(host_sim, exchange, count):
    """Of one process, with its start."""
    def once():
        begin = time.perf_counter()
        done = subprocess.run([host_sim, "sweep", exchange, "--seeds", f"1..{count}", "--chaos",
                               "--jobs", "1"], capture_output=True, text=True)
        seconds = time.perf_counter() - begin
        summary = re.search(r"(?m)^sweep: .*$", done.stderr)
        if not summary or " 0 failed" not in summary[0]:
            sys.exit(f"sim_bench.py: the sweep of {exchange} failed:\n{done.stderr}")
        return count / seconds
    return max(once() for _ in range(3))


def row(what, value, goal, met):
    verdict = ("met" if met else "missed") if goal else ""
    print(f"{what:48} {value:>24}   {goal:22} {verdict}".rstrip(), flush=True)


def compare_with_ns3(bulk, echo, ns3):
    theirs = best(rate("frames"), ns3, "bulk")
    # Frames alone would flatter whoever sends more acknowledgements: bytes count as well.
    frames = rate("frames")(bulk) / rate("frames")(theirs)
    volume = rate("bytes")(bulk) / rate("bytes")(theirs)
    row("  ns-3, the same transfer", f"{rate('frames')(theirs):,.0f} frames/s", "", True)
    row("  ratio, frames", f"{frames:.1f} x", "8 x", frames >= 8)
    row("  ratio, bytes", f"{volume:.1f} x", "", True)
    theirs = best(rate("round_trips"), ns3, "echo")
    ratio = rate("round_trips")(echo) / rate("round_trips")(theirs)
    row("  ns-3, the same echo", f"{rate('round_trips')(theirs):,.0f} round trips/s", "", True)
    row("  ratio, round trips", f"{ratio:.1f} x", "10 x", ratio >= 10)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__.splitlines()[0])
    sim, host_sim, *ns3 = sys.argv[1:]
    bulk = best(rate("frames"), sim, "bulk")
    row("TCP bulk, two nodes, 100 Mbit/s, 1 ms", f"{rate('frames')(bulk):,.0f} frames/s",
        "900,000 frames/s", rate("frames")(bulk) >= 900e3)
    echo = best(rate("round_trips"), sim, "echo")
    row("TCP echo, 64 B", f"{rate('round_trips')(echo):,.0f} round trips/s",
        "500,000 round trips/s", rate("round_trips")(echo) >= 500e3)
    if ns3:
        compare_with_ns3(bulk, echo, ns3[0])
    else:
        print("  ns-3 was not found when this was built: no ratios")
    idle = best(lambda found: -found["seconds"], sim, "idle")
    row("two idle nodes with keep-alive, 24 virtual hours", f"{idle['seconds']:.2f} s", "0.5 s",
        idle["seconds"] <= 0.5)
    load = best(lambda found: -found["seconds"], sim, "load", "1000")
    row("1,000 nodes (tiny) load and boot",
        f"{load['seconds']:.2f} s, {load['memory_mb']:.0f} MB", "1 s and 150 MB",
        load["seconds"] <= 1 and load["memory_mb"] <= 150)
    load = best(lambda found: -found["seconds"], sim, "load-default", "1000")
    row("1,000 nodes (default) load and boot",
        f"{load['seconds']:.2f} s, {load['memory_mb']:.0f} MB", "", True)
    few = best(rate("round_trips"), sim, "pairs", "50")
    many = best(rate("round_trips"), sim, "pairs", "500")
    # The same work in all: linear growth is the same time for each round trip.
    slower = rate("round_trips")(few) / rate("round_trips")(many)
    row("echo, 50 pairs of 100 nodes", f"{rate('round_trips')(few):,.0f} round trips/s", "", True)
    row("echo, 500 pairs of 1,000 nodes", f"{rate('round_trips')(many):,.0f} round trips/s",
        "", True)
    row("  10 times the nodes: time for a round trip", f"{slower:.2f} x", "1 x", slower <= 1)
    for exchange, count, goal in (("tcp_echo", 600, 200), ("tcp_chat", 4000, 2000)):
        seeds = seeds_a_second(host_sim, exchange, count)
        row(f"sweep --chaos of {exchange}, one process", f"{seeds:,.0f} seeds/s",
            f"{goal:,} seeds/s", seeds >= goal)


if __name__ == "__main__":
    main()
