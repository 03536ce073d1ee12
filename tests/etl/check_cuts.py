#!/usr/bin/env python3
"""Cuts small traces at every byte: what is there is read, and what is missing is told.

usage: check_cuts.py READ_ETL
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import etl_cases  # noqa: E402
from walk_etl import BUFFER_HEADER  # noqa: E402

# The log-file header's fields end here: buffer header, record header, fields of 64 bits.
LOG_HEADER_END = BUFFER_HEADER + 0x20 + 0x118


def readable_ends(trace, data):
    """Of an uncompressed trace: where in the file each packet is complete."""
    ends = []
    start = trace.buffer_size
    for _, area in trace.areas():
        at = 0
        while at < len(area):
            size = int.from_bytes(area[at : at + 2], "little")
            ends.append(start + BUFFER_HEADER + at + size)
            at += (size + 7) & ~7
        start += trace.buffer_size
    assert start == len(data)
    return ends


def results(read_etl, data):
    """By length: (frames, told, bad), or None where it is no trace."""
    with tempfile.NamedTemporaryFile(suffix=".etl") as file:
        file.write(data)
        file.flush()
        done = subprocess.run(
            [read_etl, "--cuts", file.name], capture_output=True, text=True, check=True
        )
    found = {}
    for line in done.stdout.splitlines():
        kind, length, *rest = line.split()
        found[int(length)] = tuple(map(int, rest)) if kind == "cut" else None
    assert len(found) == len(data) + 1
    return found


def faults(name, read_etl, trace, frames, ends):
    data = trace.bytes()
    found = results(read_etl, data)
    if found[len(data)] != (len(frames), 0, 0):
        yield f"{name}: whole, it is {found[len(data)]}"
    before = 0
    for length in range(len(data)):
        result = found[length]
        if length < LOG_HEADER_END:
            if result is not None:
                yield f"{name}: without a header, {length} bytes are taken for a trace"
            continue
        if result is None:
            if length >= LOG_HEADER_END + 64:
                yield f"{name}: {length} bytes are no trace"
            continue
        count, told, bad = result
        expected = sum(end <= length for end in ends) if ends else None
        if expected is not None and count != expected:
            yield f"{name}: of {length} bytes {count} frames are read, not {expected}"
        if not told or bad:
            yield f"{name}: {length} bytes: told to be cut: {told}, bad buffers: {bad}"
        if count < before:
            yield f"{name}: {length} bytes give fewer frames than one byte less"
        before = count


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    failed = 0
    for name, options in {
        "uncompressed": {"buffer_size": 0x400},
        "compressed": {"buffer_size": 0x400, "compressed": True},
    }.items():
        trace, frames = etl_cases.ndis_trace(count=12, **options)
        ends = None if trace.compressed else readable_ends(trace, trace.bytes())
        for fault in faults(name, arguments[0], trace, frames, ends):
            failed += 1
            if failed < 20:
                print(fault)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
