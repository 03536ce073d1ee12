#!/usr/bin/env python3
"""Measures egshark against tshark and cat on made captures, once its totals are right.

    bench.py check EGSHARK MAKE_BENCH FOLDER        small captures, totals only
    bench.py run EGSHARK MAKE_BENCH MEASURE FOLDER [--runs N] [--files full,s96,s96x6] [--tshark-totals]
"""

import argparse
import csv
import json
import pathlib
import statistics
import subprocess
import sys

# The captures by name, as options of make_bench.
CAPTURES = {"full": [], "s96": ["-s", "96"], "s96x6": ["-s", "96", "-x", "6"]}
SMALL = ["-n", "20000", "-f", "3000", "-d", "400"]
COLUMNS = ("packets", "ip_bytes", "ingress_packets", "ingress_ip_bytes")


def make(make_bench, folder, name, options):
    """The capture and its truth, made unless they are there."""
    capture, truth = folder / f"{name}.pcap", folder / f"{name}.csv"
    if not truth.exists() or truth.stat().st_mtime < make_bench.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        truth.unlink(missing_ok=True)  # written last, so it tells that the capture is whole
        subprocess.run([make_bench, *options, capture, truth], check=True)
    return capture, truth


def read_truth(path):
    with open(path, newline="") as file:
        return {row["address"]: tuple(int(row[name]) for name in COLUMNS)
                for row in csv.DictReader(file)}


def complain(where, expected, got):
    """Says how two tables of totals differ; true when they do."""
    wrong = [key for key in sorted(expected.keys() | got.keys())
             if expected.get(key) != got.get(key)]
    for key in wrong[:10]:
        print(f"{where}: {key}: expected {expected.get(key)}, got {got.get(key)}")
    if len(wrong) > 10:
        print(f"{where}: and {len(wrong) - 10} more")
    return bool(wrong)


def egshark_differs(egshark, capture, truth):
    run = subprocess.run([egshark, "-T", "json", "--no-segment", capture],
                         stdout=subprocess.PIPE, check=True)
    rows = json.loads(run.stdout)["destinations"]
    got = {row["address"]: tuple(row[name] for name in COLUMNS) for row in rows}
    return complain(f"egshark {capture.name}", read_truth(truth), got)


def tshark_differs(capture, truth):
    """tshark counts frames: packets each way, of IPv4."""
    run = subprocess.run(["tshark", "-q", "-n", "-z", "endpoints,ip", "-r", capture],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
    got = {}
    for line in run.stdout.splitlines():
        words = line.split()
        if len(words) == 7 and words[0][0].isdigit() and words[0] != "10.0.0.4":
            got[words[0]] = (int(words[5]), int(words[3]))  # received, sent
    expected = {address: (row[0], row[2]) for address, row in read_truth(truth).items()
                if ":" not in address}
    return complain(f"tshark {capture.name}", expected, got)


def measure_once(measure, command):
    run = subprocess.run([measure, *command], stdout=subprocess.PIPE, check=True, text=True)
    seconds, kib, status = run.stdout.split()
    if int(status) != 0:
        sys.exit(f"{command[0]} exited with {status}")
    return float(seconds), int(kib)


def measure_all(args, capture):
    """Every tool in turn, so that what else the machine does hits all alike."""
    commands = {
        "cat": ["cat", capture],
        "egshark": [args.egshark, "-n", capture],
        "with names": [args.egshark, capture],
        "tshark": ["tshark", "-q", "-n", "-z", "endpoints,ip", "-r", capture],
    }
    samples = {tool: [] for tool in commands}
    for _ in range(args.runs):
        for tool, command in commands.items():
            samples[tool].append(measure_once(args.measure, command))
    return samples


def show(name, samples):
    median = {tool: statistics.median(seconds for seconds, _ in runs)
              for tool, runs in samples.items()}
    print(f"\n{name:11}{'median s':>10}{'min s':>10}{'RSS MB':>9}{'vs egshark':>12}")
    for tool, runs in samples.items():
        fastest = min(seconds for seconds, _ in runs)
        memory = max(kib for _, kib in runs) / 1024
        print(f"{tool:11}{median[tool]:10.3f}{fastest:10.3f}{memory:9.1f}"
              f"{median[tool] / median['egshark']:11.2f}x")


def check(args):
    wrong = False
    for name, cut in CAPTURES.items():
        wrong |= egshark_differs(args.egshark, *make(args.make_bench, args.folder, name,
                                                     SMALL + cut))
    return wrong


def run(args):
    for name in args.files.split(","):
        capture, truth = make(args.make_bench, args.folder, name, CAPTURES[name])
        if egshark_differs(args.egshark, capture, truth):
            return True
        if args.tshark_totals and tshark_differs(capture, truth):
            return True
        print(f"{name}: totals are right", flush=True)
        show(name, measure_all(args, capture))
    return False


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    for function in (check, run):
        command = commands.add_parser(function.__name__)
        command.set_defaults(function=function)
        command.add_argument("egshark", type=pathlib.Path)
        command.add_argument("make_bench", type=pathlib.Path)
        if function is run:
            command.add_argument("measure", type=pathlib.Path)
            command.add_argument("--runs", type=int, default=5)
            command.add_argument("--files", default="full")
            command.add_argument("--tshark-totals", action="store_true")
        command.add_argument("folder", type=pathlib.Path)
    args = parser.parse_args()
    return args.function(args)


if __name__ == "__main__":
    sys.exit(main())
