#!/usr/bin/env python3
"""Instructions a packet, each kind of capture within its limit.

usage: check_instructions.py EGSHARK MAKE_BENCH FOLDER       exits 77 without valgrind

Other than time, instructions are the same on a busy machine. What one packet costs, reading
included, is what reading a capture's traffic a second time adds (make_bench -x 2 against -x 1), so
that start, report and opening cells do not count; a capture of one packet has little else. Limits
are what was measured, by gcc 12 with the preset release, and a twentieth; whoever makes it cheaper
lowers the limit.
"""

import pathlib
import re
import shutil
import struct
import subprocess
import sys

PACKETS, SIZES = 20000, ["-n", "20000", "-f", "3000", "-d", "400", "-s", "96"]
VM_MAC = bytes.fromhex("000d3a1b2c3d")  # make_bench.c's


def records(path):
    """Microseconds, wire length and bytes of each frame of a little-endian pcap."""
    data = path.read_bytes()
    at = 24
    while at < len(data):
        seconds, micro, captured, wire = struct.unpack_from("<IIII", data, at)
        yield seconds * 1000000 + micro, wire, data[at + 16:at + 16 + captured]
        at += 16 + captured


def block(kind, body):
    body = body.ljust((len(body) + 3) // 4 * 4, b"\0")
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def to_pcapng(source, target):
    """One interface, as dumpcap writes it."""
    parts = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
             block(1, struct.pack("<HHI", 1, 0, 0))]
    parts += [block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(frame), wire)
                    + frame) for time, wire, frame in records(source)]
    target.write_bytes(b"".join(parts))


def to_cooked2(source, target):
    """`tcpdump -i any` with accelerated networking: every packet on two devices of one MAC."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 276)]
    for time, wire, frame in records(source):
        sent = frame[6:12] == VM_MAC
        link = 18 if frame[12:14] == b"\x81\x00" else 14
        for number, device in enumerate((2, 3) if sent else (3, 2)):
            head = frame[link - 2:link] + struct.pack(">HIHBB", 0, device, 1, 4 if sent else 0, 6)
            cooked = head + frame[6:12] + bytes(2) + frame[link:]
            moment = time + 15 * number
            parts += [struct.pack("<IIII", moment // 1000000, moment % 1000000, len(cooked),
                                  wire - link + 20), cooked]
    target.write_bytes(b"".join(parts))


# Name: how the capture is made, frames a packet, options, limit for one frame.
CASES = {
    "ethernet, --dedup off": (shutil.copyfile, 1, ["-n", "--dedup", "off"], 137),
    "ethernet with names, --dedup off": (shutil.copyfile, 1, ["--dedup", "off"], 178),
    "ethernet, --dedup on": (shutil.copyfile, 1, ["-n", "--dedup", "on"], 260),
    "pcapng": (to_pcapng, 1, ["-n"], 302),
    "cooked v2, each packet twice": (to_cooked2, 2, ["-n"], 316),
}


START_LIMIT = 21.3  # millions, from start to report, with names


def instructions(egshark, options, capture):
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                          egshark, *options, capture],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def is_started_within_limit(egshark, make_bench, folder):
    capture = folder / "one.pcap"
    subprocess.run([make_bench, "-n", "1", "-f", "1", "-d", "1", capture, folder / "truth.csv"],
                   check=True)
    millions = instructions(egshark, [], capture) / 1e6
    print(f"one packet, with names: {millions:.1f} million instructions, limit {START_LIMIT}")
    return millions <= START_LIMIT


def main(egshark, make_bench, folder):
    if not shutil.which("valgrind"):
        return 77
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    plain = {times: folder / f"times{times}.pcap" for times in (1, 2)}
    for times, path in plain.items():
        subprocess.run([make_bench, *SIZES, "-x", str(times), path, folder / "truth.csv"],
                       check=True)
    good = is_started_within_limit(egshark, make_bench, folder)
    for name, (convert, frames, options, limit) in CASES.items():
        counts = []
        for path in plain.values():
            convert(path, folder / "capture")
            counts.append(instructions(egshark, options, folder / "capture"))
        each = (counts[1] - counts[0]) / (PACKETS * frames)
        print(f"{name}: {each:.0f} instructions a frame, limit {limit}")
        good &= each <= limit
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
