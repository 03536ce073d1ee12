#!/usr/bin/env python3
"""Reads real traces, and compares with a walk over them by other code, and with what they are.

usage: check_samples.py READ_ETL EGSHARK FOLDER
"""

import collections
import json
import pathlib
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import walk_etl  # noqa: E402

FAULTLESS = ["cut", "bad_buffers", "bad_packets", "no_frames", "unfinished", "disordered"]
PKTMON = "4D4F80D9-C8BD-4D73-BB5B-19C90402C5AC"


def run_reader(read_etl, path, *options):
    done = subprocess.run([read_etl, *options, path], capture_output=True, text=True, check=True)
    facts, providers, frames = {}, [], []
    for line in done.stdout.splitlines():
        kind, rest = line.split(" ", 1)
        if kind == "provider":
            providers.append(int(rest.split(" ", 1)[0]))
        elif kind == "frame":
            frames.append(rest.split(" "))
        elif kind != "interface":
            facts[kind] = int(rest)
    return facts, providers, frames


def walk_faults(read_etl, path):
    records = list(walk_etl.records(path.read_bytes()))
    facts, providers, frames = run_reader(read_etl, path)
    _, _, again = run_reader(read_etl, path, "--again")
    if again != frames[::-1]:
        yield f"{path.name}: read again by their places, frames are not the same"
    if facts["records"] != len(records):
        yield f"{path.name}: {facts['records']} records are read, there are {len(records)}"
    events = collections.Counter(record.guid for record in records)
    if sorted(providers) != sorted(events.values()):
        yield f"{path.name}: events by provider are {providers}, not {events}"
    for name in FAULTLESS:
        if facts[name]:
            yield f"{path.name}: {name} is {facts[name]}"


def program_faults(egshark, path):
    done = subprocess.run([egshark, "-T", "json", path], capture_output=True, check=False)
    if done.returncode != 0 or done.stderr:
        yield f"{path.name}: egshark ends with {done.returncode}: {done.stderr.decode()}"
        return
    report = json.loads(done.stdout)
    source = report["inputs"][0]
    if source["format"] != "etl" or source["truncated_file"]:
        yield f"{path.name}: the report says {source}"
    if source["frames"] == 0 and "holds no packets" not in " ".join(report["warnings"]):
        yield f"{path.name}: the report does not say that it holds no packets"


def ping_frames(path):
    """
    The packets of the ping from its raw events: each PktGroupId is one packet, and its first event
    at the card (component 59, netvsc.sys) is the one that counts.
    """
    records = list(walk_etl.records(path.read_bytes()))
    header = records[0].payload
    frequency, start = struct.unpack_from("<q", header, 0x100)[0], None
    start = struct.unpack_from("<q", header, 0x108)[0]
    packets = {}
    for record in sorted(records, key=lambda record: record.stamp):
        if record.guid != PKTMON or record.number != 160:
            continue
        group, _, _, direction, _, component = struct.unpack_from("<QHHHHH", record.payload)
        if component == 59 and group not in packets:
            ticks = record.stamp - records[0].stamp
            time = (start - 116444736000000000) * 100 + ticks * 10**9 // frequency
            packets[group] = (time, 2 if direction == 4 else 1, record.payload[0x22:])
    return list(packets.values())


def ping_faults(read_etl, egshark, path):
    """
    10.9.1.14 asks 10.9.1.22, where pktmon runs, 19 times; sequence numbers 1 to 19, 98 bytes a
    frame, of which 84 are IP.
    """
    expected = ping_frames(path)
    _, _, frames = run_reader(read_etl, path)
    got = [(int(f[0]), int(f[1]), bytes.fromhex(f[8])) for f in frames]
    if got != expected:
        yield f"{path.name}: its frames are not those of the raw events"
    if len(got) != 38:
        yield f"{path.name}: {len(got)} frames, not 19 questions and 19 answers"
        return
    for i, (_, hint, data) in enumerate(got):
        answer, sequence = i % 2 == 1, struct.unpack_from(">H", data, 14 + 20 + 6)[0]
        ends = (b"\x0a\x09\x01\x16", b"\x0a\x09\x01\x0e")
        if (hint == 2) != answer or sequence != i // 2 + 1 or data[34] != (0 if answer else 8):
            yield f"{path.name}: frame {i + 1} is not where it belongs in a ping"
        if (data[26:30], data[30:34]) != (ends if answer else ends[::-1]) or len(data) != 98:
            yield f"{path.name}: frame {i + 1} is not between the two hosts"
    done = subprocess.run([egshark, "-T", "json", path], capture_output=True, check=True)
    report = json.loads(done.stdout)
    row = report["destinations"][0]
    if (row["address"], row["packets"], row["ip_bytes"]) != ("10.9.1.14", 19, 19 * 84):
        yield f"{path.name}: the report's row is {row}"
    if report["inputs"][0]["system"] != "Windows 10.0 build 20348":
        yield f"{path.name}: captured on {report['inputs'][0]['system']}"


def main(arguments):
    if len(arguments) != 3:
        sys.exit(__doc__)
    read_etl, egshark, folder = arguments
    paths = sorted(pathlib.Path(folder).glob("*.etl"))
    faults = [] if paths else [f"no trace in {folder}"]
    for path in paths:
        faults += [*walk_faults(read_etl, path), *program_faults(egshark, path)]
        if path.name == "pktmon-ws2022-icmp.etl":
            faults += ping_faults(read_etl, egshark, path)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
