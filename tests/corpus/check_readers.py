#!/usr/bin/env python3
"""The core's capture readers against libwiretap, on real captures and on made ones.

usage: check_readers.py COMPARE_READERS SAMPLES

COMPARE_READERS (compare_readers.c) gets every capture of SAMPLES/captures.csv, if there are any, and
captures made here: both byte orders, every time resolution and offset, every packet block, and one
capture of each format cut at every byte. At least the made captures that are whole must be read to
their end by the core, so that the comparison is one.
"""

import csv
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

ETHERNET, RAW, COOKED2, PPP = 1, 101, 276, 9
FRAME = bytes(range(14)) + b"\x45" + bytes(40)


def pcap(order, magic, records, snaplen=65535, network=ETHERNET):
    """records: seconds, fraction, wire length (None: that of the frame), frame."""
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, network)]
    for seconds, fraction, wire, frame in records:
        length = len(frame) if wire is None else wire
        parts += [struct.pack(order + "IIII", seconds, fraction, len(frame), length), frame]
    return b"".join(parts)


class Pcapng:
    """Blocks of one byte order."""

    def __init__(self, order):
        self.order = order

    def pack(self, form, *values):
        return struct.pack(self.order + form, *values)

    def block(self, kind, body):
        length = 12 + (len(body) + 3) // 4 * 4
        return (self.pack("II", kind, length) + body.ljust(length - 12, b"\0")
                + self.pack("I", length))

    def options(self, *pairs):
        parts = [self.pack("HH", code, len(value)) + value.ljust((len(value) + 3) // 4 * 4, b"\0")
                 for code, value in pairs]
        return b"".join(parts) + (self.pack("HH", 0, 0) if pairs else b"")

    def section(self):
        return self.block(0x0A0D0D0A, self.pack("IHHq", 0x1A2B3C4D, 1, 0, -1)
                          + self.options((4, b"made for a test")))

    def interface(self, *options, link=ETHERNET, snaplen=0):
        return self.block(1, self.pack("HHI", link, 0, snaplen) + self.options(*options))

    def enhanced(self, stamp, *options, interface=0, frame=FRAME, wire=None):
        return self.block(6, self.packet("I", (interface,), stamp, frame, wire, options))

    def obsolete(self, stamp, *options, interface=0, frame=FRAME):
        return self.block(2, self.packet("HH", (interface, 0xFFFF), stamp, frame, None, options))

    def packet(self, form, interface, stamp, frame, wire, options):
        padded = frame.ljust((len(frame) + 3) // 4 * 4, b"\0")
        return (self.pack(form, *interface)
                + self.pack("IIII", stamp >> 32, stamp & 0xFFFFFFFF, len(frame), wire or len(frame))
                + padded + self.options(*options))

    def simple(self, frame=FRAME, wire=None):
        return self.block(3, self.pack("I", wire or len(frame)) + frame)

    def statistics(self, interface, *options):
        return self.block(5, self.pack("III", interface, 0, 0) + self.options(*options))


def made_pcaps():
    for order in "<>":
        for magic in (0xA1B2C3D4, 0xA1B23C4D):
            name = f"{'le' if order == '<' else 'be'}-{magic:x}"
            sound = [(1600000000, 999999, None, FRAME), (0, 0, 1500, FRAME), (2**32 - 1, 1, 60, b"")]
            # Behind the first three records nothing is taken for another format.
            odd = [(1, 2**32 - 1, None, FRAME), (1, 5000000, None, FRAME), (2, 2, 3, FRAME)]
            yield name, pcap(order, magic, sound + odd)
            yield name + "-none", pcap(order, magic, [])
            yield name + "-cooked2", pcap(order, magic, sound, network=COOKED2)


def made_pcapngs():
    u64 = lambda ng, value: ng.pack("Q", value % 2**64)
    for order in "<>":
        ng = Pcapng(order)
        name = "le" if order == "<" else "be"
        for resolution in (0, 3, 6, 9, 12, 19, 0x80, 0x8A, 0x9E, 0xBF):
            for offset in (None, 0, 5, -7, 2**40, -(2**63)):
                options = [(9, bytes([resolution]))]
                options += [(14, u64(ng, offset))] if offset is not None else []
                stamps = (0, 1, 1600000000123456, 2**63, 2**64 - 1, 1600000000)
                yield (f"{name}-resolution-{resolution}-{offset}",
                       ng.section() + ng.interface(*options)
                       + b"".join(ng.enhanced(stamp) for stamp in stamps))
        flags = [ng.enhanced(10**15, (2, ng.pack("I", flag)), (1, b"a comment"))
                 for flag in (0, 1, 2, 3, 0x1F2)]
        yield name + "-flags", ng.section() + ng.interface() + b"".join(flags)
        drops = [ng.statistics(0, (5, u64(ng, 7)), (7, u64(ng, 2))), ng.statistics(1),
                 ng.statistics(0, (5, u64(ng, 9)))]
        yield (name + "-blocks",
               ng.section() + ng.interface((11, b"\0tcp port 80"), snaplen=40)
               + ng.interface((2, b"eth1"), (11, b"\1" + bytes(8)), link=COOKED2)
               + ng.simple(FRAME[:40], wire=90) + ng.simple(FRAME[:8]) + ng.obsolete(10**15)
               + ng.obsolete(5, (2, ng.pack("I", 2)), interface=1)
               + ng.enhanced(10**15, interface=1, frame=b"", wire=9) + b"".join(drops))
        other = Pcapng(">" if order == "<" else "<")
        yield (name + "-sections",
               ng.section() + ng.interface() + ng.enhanced(1)
               + other.section() + other.interface(link=RAW) + other.interface()
               + other.enhanced(2, interface=1) + other.statistics(1, (5, u64(other, 3)))
               + ng.section() + ng.interface((9, b"\x09")) + ng.enhanced(3))


def left_to_libwiretap():
    """Whole captures that the core does not read, some of it."""
    ng = Pcapng("<")
    start = ng.section() + ng.interface() + ng.enhanced(1)
    yield "left-link", start + ng.interface(link=PPP) + ng.enhanced(2, interface=1)
    yield "left-interface", start + ng.enhanced(2, interface=1)
    yield "left-block", start + ng.block(0xBAD, bytes(4)) + ng.enhanced(2)
    yield "left-big", start + ng.enhanced(2, frame=bytes(300000))
    yield "left-options", start + ng.block(6, ng.packet("I", (0,), 1, FRAME, None, ()) + b"\2\0\9\0")
    yield "left-simple", ng.section() + ng.simple()
    yield "left-resolution", ng.section() + ng.interface((9, b"\x14")) + ng.enhanced(1)
    yield "left-version", ng.block(0x0A0D0D0A, ng.pack("IHHq", 0x1A2B3C4D, 2, 0, -1))
    yield "left-big-pcap", pcap("<", 0xA1B2C3D4, [(1, 1, None, FRAME)] * 3
                                + [(1, 1, None, bytes(262145))])
    yield "left-largest-pcap", pcap("<", 0xA1B2C3D4, [(1, 1, None, bytes(262144))] * 5, 262144)


def cuts(captures):
    for name, capture in captures:
        for length in range(len(capture)):
            yield f"{name}-cut-{length}", capture[:length]


def write_all(folder, captures):
    paths = []
    for name, capture in captures:
        path = folder / name
        path.write_bytes(capture)
        paths.append(str(path))
    return paths


def samples_in(samples):
    index = pathlib.Path(samples, "captures.csv")
    if not samples or not index.exists():
        return []
    with open(index, newline="", encoding="utf-8") as file:
        return [str(index.parent / "captures" / row["path"]) for row in csv.DictReader(file)]


def compare(tool, paths):
    """Whether all agree, and how many the core read to their end."""
    run = subprocess.run([tool, *paths], stdout=subprocess.PIPE, text=True, check=False)
    faults = [line for line in run.stdout.splitlines() if ": left after " not in line]
    print("\n".join(faults))
    found = re.match(r"(\d+) of", faults[-1] if faults else "")
    return run.returncode == 0, int(found[1]) if found else -1


def main(tool, samples):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        whole = write_all(folder, [*made_pcaps(), *made_pcapngs()])
        others = write_all(folder, left_to_libwiretap())
        short = write_all(folder, cuts([*list(made_pcaps())[:1], *list(made_pcapngs())[-2:]]))
        good, read = compare(tool, whole)
        if read != len(whole):
            print(f"the core read {read} of {len(whole)} whole captures")
            good = False
        for paths in (others, short, samples_in(samples)):
            good &= compare(tool, paths)[0]
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
