#!/usr/bin/env python3
"""Reads generated traces with read_etl and egshark, and compares with what is in them.

usage: check_etl.py READ_ETL EGSHARK [CASE...]
"""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from etl_cases import CASES  # noqa: E402

HINTS = {None: 0, False: 1, True: 2}
COUNTS = [
    "build", "closed", "events_lost", "buffers_lost", "lossy_buffers", "cut", "bad_buffers", "bad_packets",
    "no_frames", "guessed", "copies", "unfinished",
]  # fmt: skip


def run_reader(program, path, *options):
    done = subprocess.run([program, *options, path], capture_output=True, text=True, check=True)
    frames, facts, interfaces = [], {}, []
    for line in done.stdout.splitlines():
        kind, rest = line.split(" ", 1)
        if kind == "frame":
            frames.append(rest.split(" "))
        elif kind == "interface":
            interfaces.append(rest)
        elif kind != "provider":
            facts[kind] = int(rest)
    return frames, facts, [name[2:] for name in interfaces if name[0] == "1"]


def line_of(frame):
    """As read_etl writes it, but for the number of the interface."""
    wire = len(frame.data) if frame.wire is None else frame.wire
    return [
        str(frame.time), str(HINTS[frame.sent]), str(frame.link), str(len(frame.data)), str(wire),
        str(frame.process), str(frame.thread), frame.data.hex(),
    ]  # fmt: skip


def order(lines):
    """Times are in order; packets of one time may be in any, and parts begin before they end."""
    return sorted(lines, key=lambda line: (int(line[0]), line))


def reader_faults(read_etl, path, truth):
    frames, facts, interfaces = run_reader(read_etl, path)
    got = [line[:5] + line[6:] for line in frames]
    expected = [line_of(frame) for frame in truth.frames]
    if order(got) != order(expected):
        yield f"frames differ: {len(got)} read, {len(expected)} expected"
        for a, b in zip(order(got), order(expected)):
            if a != b:
                yield f"  read     {' '.join(a)[:150]}"
                yield f"  expected {' '.join(b)[:150]}"
                break
    times = [int(line[0]) for line in got]
    if truth.unfinished == 0 and times != sorted(times) and len(truth.frames) > 1:
        yield "frames are not in the order of time"
    for name in COUNTS:
        if facts[name] != getattr(truth, name):
            yield f"{name} is {facts[name]}, not {getattr(truth, name)}"
    if truth.interfaces is not None and interfaces != truth.interfaces:
        yield f"interfaces are {interfaces}, not {truth.interfaces}"
    again, _, _ = run_reader(read_etl, path, "--memory", "1")
    if order(again) != order(frames):
        yield "with little memory other frames are read"
    for options in ((), ("--all",)):
        once, _, _ = run_reader(read_etl, path, *options)
        again, _, _ = run_reader(read_etl, path, "--again", *options)
        if again != once[::-1]:
            yield f"read again by their places, {options} frames are not the same"
    everything, _, _ = run_reader(read_etl, path, "--all")
    if len(everything) != len(frames) + facts["copies"]:
        yield f"of all components {len(everything)} frames are read, not copies and frames"


def egshark_faults(egshark, path, truth):
    done = subprocess.run(
        [egshark, "-T", "json", "--local", "10.1.0.4,2001:db8::", path], capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    status = 2 if truth.is_damaged() else 0
    if done.returncode != status:
        yield f"exit status {done.returncode}, not {status}: {done.stderr}"
        return
    report = json.loads(done.stdout)
    source = report["inputs"][0]
    expected = {
        "format": "etl",
        "frames": len(truth.frames),
        "truncated_file": truth.is_damaged(),
    }
    for name, value in expected.items():
        if source[name] != value:
            yield f"inputs[0].{name} is {source[name]}, not {value}"
    if f"build {truth.build}" not in source["system"]:
        yield f"inputs[0].system is {source['system']}"
    if truth.frames and source["drops"] != truth.events_lost:
        yield f"inputs[0].drops is {source['drops']}, not {truth.events_lost}"
    if not truth.frames and not truth.is_damaged():
        text = " ".join(report["warnings"])
        if "holds no packets" not in text or "Contoso-Widgets" not in text:
            yield f"the warnings do not say what is in it: {text}"
    sent = sum(frame.ip_bytes for frame in truth.frames if frame.sent is not False)
    if sent and report["totals"]["ip_bytes"] != sent:
        yield f"totals.ip_bytes is {report['totals']['ip_bytes']}, not {sent}"


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    read_etl, egshark, *names = arguments
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in names or CASES:
            data, truth = CASES[name]()
            path = f"{folder}/{name}.etl"
            pathlib.Path(path).write_bytes(data)
            faults = [*reader_faults(read_etl, path, truth), *egshark_faults(egshark, path, truth)]
            for fault in faults:
                print(f"{name}: {fault}")
            failed += bool(faults)
    print(f"{len(names or CASES)} traces, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
