#!/usr/bin/env python3
"""Several threads against one: the same reports and the same faults, byte for byte.

    check_threads.py made COMPARE_THREADS               captures made here to be hard to split
    check_threads.py hosts COMPARE_THREADS CHECK_HOSTS  those of tests/hosts, with and without copies
    check_threads.py corpus COMPARE_THREADS SAMPLES     every real one
    check_threads.py short COMPARE_THREADS              some of those made here, for ThreadSanitizer

COMPARE_THREADS (compare_threads.c) cuts them into parts of some hundred bytes to some kB. That parts
were read and proven, and it is not always one thread that reads in the end, is checked as well.
"""

import csv
import pathlib
import re
import subprocess
import sys
import tempfile

import make_hostile

SKIPPED = 77


def compare(tool, paths, *options):
    """How many parts were read; None when something differs, which is told."""
    run = subprocess.run([tool, *options, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, errors="replace", check=False)
    found = re.search(r"^(\d+) parts$", run.stdout, re.MULTILINE)
    if run.returncode == 0 and found:
        return int(found[1])
    print(" ".join(options), run.stdout[-4000:], run.stderr[-4000:], f"status {run.returncode}")
    return None


def all_agree(tool, paths, ways, least):
    """ways: options of the tool. least: parts there must be at least for each capture, in all."""
    parts = [compare(tool, paths, *options) for options in ways]
    if None in parts:
        return False
    print(f"{len(paths)} captures, {parts} parts")
    if sum(parts) < least * len(paths):
        print(f"less than {least} parts for a capture: nothing was compared")
        return False
    return True


def made(tool, folder):
    good = True
    paths = []
    for name, data in make_hostile.all_captures():
        path = folder / name
        path.write_bytes(data)
        paths.append(str(path))
        good &= compare(tool, [str(path)]) is not None
    ways = ([], ["-t"], ["-s", "dedup=on"], ["-s", "dedup=off"], ["-s", "names=false"], ["-s", "dedup_window=50ms"],
            ["-s", "max_cells=40"], ["-t", "-s", "max_cells=400"], ["-s", "local_per_input=true"])
    return all_agree(tool, paths, ways, 20) and good


def short(tool, folder):
    chosen = {"carries-pcap", "copies-close", "copies-endless", "interfaces-le", "damage-middle",
              "unknown-block", "too-long", "cut-hellos-few"}
    paths = []
    for name, data in make_hostile.all_captures():
        if name in chosen:
            paths.append(str(folder / name))
            (folder / name).write_bytes(data)
    return all_agree(tool, paths, ([], ["-t"]), 5)


def hosts(tool, check_hosts, folder):
    subprocess.run([sys.executable, "-B", check_hosts, "--write", folder], check=True,
                   stdout=subprocess.DEVNULL)
    paths = sorted(str(path) for path in folder.iterdir())
    ways = ([], ["-s", "dedup=on"], ["-s", "dedup=off"], ["-t"],
            ["-t", "-s", "retransmissions=true"])
    return all_agree(tool, paths, ways, 3)


def corpus(tool, samples):
    index = pathlib.Path(samples, "captures.csv")
    if not samples or not index.exists():
        return None
    with open(index, newline="", encoding="utf-8") as file:
        paths = [str(index.parent / "captures" / row["path"]) for row in csv.DictReader(file)]
    return all_agree(tool, paths, ([], ["-s", "dedup=on"], ["-t"]), 3)


def main(what, tool, *rest):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if what == "made":
            good = made(tool, folder)
        elif what == "short":
            good = short(tool, folder)
        elif what == "hosts":
            good = hosts(tool, rest[0], folder)
        else:
            good = corpus(tool, rest[0])
    return SKIPPED if good is None else 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
