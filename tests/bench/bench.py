#!/usr/bin/env python3
"""Measures egshark beside other programs on made captures, once the totals are right.

    bench.py check BUILD [--folder FOLDER]      small captures, totals only
    bench.py run BUILD [options]                everything; scripts/bench says more
    bench.py show RESULTS [--doc] [--svg FILE]  the tables of a run that was kept by --json
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import captures
import check_instructions
import contestants
import picture
import plugin_overhead
import show

PARTS = (*captures.CAPTURES, "instructions", "core", "plugin")
STARTS = 20  # runs on one packet, which take some ms
CORE_STEPS = ("decode", "frames", "known", "prefixes", "ranges")
DOC = pathlib.Path(__file__).resolve().parents[2] / "docs"


def tools_of(build):
    made = {name: build / "tests" / "bench" / name
            for name in ("make_bench", "measure", "reformat", "pcap_loop", "wiretap_loop",
                         "bench_core")}  # fmt: skip
    made["egshark"] = build / "standalone" / "egshark"
    made["plugin"] = build / "plugin" / "egress.so"
    return made


def say(text):
    print(text, file=sys.stderr, flush=True)


# ---- captures ----


def measure_once(measure, command):
    """Seconds, KiB of the process that had most, seconds of the processor."""
    run = subprocess.run([measure, *command], stdout=subprocess.PIPE, check=True, text=True)
    seconds, kib, status, processor = run.stdout.split()
    if int(status) != 0:
        sys.exit(f"{command[0]} exited with {status}")
    return float(seconds), int(kib), float(processor)


def measure_capture(args, tools, maker, name, missing):
    """Every program in turn, so that what else the machine does hits all alike."""
    say(f"{name}: making, checking totals")
    path, truth = maker.make(name)
    all_ = contestants.of(name, tools, maker.folder, missing)
    said = contestants.check(name, path, truth, all_)
    if said is None:
        return None
    runs = max(args.runs, STARTS) if name == "one" and not args.quick else args.runs
    samples = {contestant.name: [] for contestant in all_}
    measure_once(tools["measure"], ["cat", path])  # into the page cache
    for number in range(runs):
        say(f"{name}: run {number + 1} of {runs}")
        for contestant in all_:
            samples[contestant.name].append(
                measure_once(tools["measure"], contestant.command(path)))
    return {"bytes": path.stat().st_size, "samples": samples, "totals": said,
            "packets": packets_of(truth) * captures.CAPTURES[name][2]}  # fmt: skip


def packets_of(truth):
    return sum(row["packets"] + row["ingress_packets"]
               for row in captures.read_truth(truth).values())


# ---- instructions ----


def count_frames(tools, maker, quick):
    """Instructions of a whole run over s96 by its packets, and what each further one takes."""
    path, truth = maker.make("s96")
    packets, result = packets_of(truth), {}
    small = {times: maker.folder / f"times{times}.pcap" for times in (1, 2)}
    for times, capture in small.items():
        subprocess.run([tools["make_bench"], *check_instructions.SIZES, "-x", str(times), capture,
                        maker.folder / "times.csv"], check=True)  # fmt: skip
    for dedup in ("off", "on"):
        options = ["-n", "--threads", "1", "--dedup", dedup]
        counts = [check_instructions.instructions(tools["egshark"], options, small[times])
                  for times in (1, 2)]
        result[dedup] = {"each": (counts[1] - counts[0]) / check_instructions.PACKETS}
        if not quick:
            result[dedup]["all"] = check_instructions.instructions(tools["egshark"], options,
                                                                   path) / packets
    return result


def count_steps(tool, step, count):
    """Instructions of one: what a second `count` of them adds."""
    counts = []
    for times in (1, 2):
        run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", tool,
                              step, str(times * count)], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True, check=True)  # fmt: skip
        counts.append(int(re.search(r"Collected : (\d+)", run.stderr)[1]))
    return (counts[1] - counts[0]) / count


# ---- the core's steps ----


def run_core(tool, step, count):
    run = subprocess.run([tool, step, str(count)], stdout=subprocess.PIPE, check=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def measure_core(args, tools):
    count, result = (100000 if args.quick else 10000000), {"steps": {}, "curve": [], "collide": []}
    samples = {}
    for _ in range(args.runs):
        for step in CORE_STEPS:
            for line in run_core(tools["bench_core"], step, count):
                samples.setdefault(line["step"], []).append(line["ns"])
    for step, ns in samples.items():
        result["steps"][step] = {"ns": ns}
        if step in CORE_STEPS and shutil.which("valgrind"):
            result["steps"][step]["instructions"] = count_steps(
                tools["bench_core"], step, 10240 if args.quick else 102400)
    # The last is past the ceiling of 16 Mi cells.
    for cells in (10**4, 10**5) if args.quick else (10**4, 10**5, 10**6, 10**7, 2 * 10**7):
        say(f"core: {cells:,} destinations")
        result["curve"] += run_core(tools["bench_core"], "curve", cells)
    for keys in (10000,) if args.quick else (200000, 2000000):
        result["collide"] += run_core(tools["bench_core"], "collide", keys)
    return result


# ---- all of it ----


def machine():
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"cores": os.cpu_count(), "memory_gib": round(int(memory[1]) / 2**20),
            "processor": model[1] if model else "unknown", "load": os.getloadavg()[0],
            "date": datetime.date.today().isoformat()}  # fmt: skip


def measure_all(args, tools, keep):
    """What was measured is kept after each part: `show` has it if a later one fails."""
    maker = captures.Maker(tools, args.folder, args.quick)
    missing = []
    results = {"machine": machine(), "runs": args.runs, "quick": args.quick, "captures": {}}
    for name in captures.CAPTURES:
        if name in args.only:
            measured = measure_capture(args, tools, maker, name, missing)
            if measured is None:
                return None
            results["captures"][name] = measured
            results["missing"] = sorted(set(missing))
            keep(results)
    parts = {
        "instructions": lambda: count_frames(tools, maker, args.quick),
        "core": lambda: measure_core(args, tools),
        "plugin": lambda: plugin_overhead.compare(tools, args.folder, args.quick, args.runs),
    }
    for part, measure in parts.items():
        if part in args.only and (part != "instructions" or shutil.which("valgrind")):
            say(part)
            results[part] = measure()
            keep(results)
    return results


def publish(args, results):
    text = show.everything(results)
    print(text)
    svg = picture.draw(results)
    if args.svg:
        args.svg.write_text(svg)
    if args.doc:
        show.into_doc(DOC / "performance.md", results)
        (DOC / "pictures" / "performance.svg").write_text(svg)


def run(args):
    begin = time.monotonic()
    kept = args.json or args.folder / "results.json"
    results = measure_all(args, tools_of(args.build), lambda so_far: kept.write_text(
        json.dumps(so_far, indent=1) + "\n"))  # fmt: skip
    if results is None:
        return 1
    publish(args, results)
    say(f"{time.monotonic() - begin:.0f} s; the raw figures are in {kept}")
    return 0


def check(args):
    tools = tools_of(args.build)
    maker = captures.Maker(tools, args.folder, True)
    good = True
    for name in captures.CAPTURES:
        path, truth = maker.make(name)
        ours = [contestant for contestant in contestants.of(name, tools, maker.folder, [
                    "capinfos", "nfpcapd", "tshark"]) if contestant.read]  # fmt: skip
        said = contestants.check(name, path, truth, ours)
        good &= said is not None
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(prog="bench")
    commands = parser.add_subparsers(required=True)
    for function in (run, check):
        command = commands.add_parser(function.__name__)
        command.set_defaults(function=function)
        command.add_argument("build", type=pathlib.Path)
        command.add_argument("--folder", type=pathlib.Path, required=True)
    shown = commands.add_parser("show")
    shown.set_defaults(function=lambda args: publish(args, json.loads(args.results.read_text())))
    shown.add_argument("results", type=pathlib.Path)
    measured = commands.choices["run"]
    measured.add_argument("--quick", action="store_true")
    measured.add_argument("--runs", type=int)
    measured.add_argument("--only", type=lambda text: text.split(","), default=PARTS)
    measured.add_argument("--json", type=pathlib.Path)
    for command in (measured, shown):
        command.add_argument("--svg", type=pathlib.Path)
        command.add_argument("--doc", action="store_true")
    args = parser.parse_args()
    if args.function is run:
        args.runs = args.runs or (1 if args.quick else 5)
        unknown = set(args.only) - set(PARTS)
        if unknown:
            parser.error(f"--only: no {', '.join(sorted(unknown))}; there is {', '.join(PARTS)}")
    if args.function is not shown.get_default("function"):
        args.folder = args.folder.resolve()
        args.folder.mkdir(parents=True, exist_ok=True)
    return args.function(args)


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
