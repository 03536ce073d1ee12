"""The captures that scripts/bench measures on, each with the truth about it from its maker.

Made in a folder of the user's, kept for the next run; the same options give the same bytes.
"""

import csv
import dataclasses
import pathlib
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import make_etl  # noqa: E402

VM_MAC = bytes.fromhex("000d3a1b2c3d")  # make_bench.c's
VM = {4: "10.0.0.4", 16: "fd00:db8::4"}

# What make_bench is asked for: packets, flows, destinations, and more.
SIZES = {
    False: {"full": (1400000, 200000, 20000), "etl": (420000, 60000, 6000),
            "new": (1400000, 1400000, 1400000), "one": (1, 1, 1)},
    True: {"full": (20000, 3000, 400), "etl": (2000, 300, 40), "new": (20000, 20000, 20000),
           "one": (1, 1, 1)},
}  # fmt: skip


@dataclasses.dataclass
class Source:
    """A run of make_bench; its sizes are those of `like`."""

    like: str
    options: tuple = ()


SOURCES = {
    "full": Source("full"),
    "s96": Source("full", ("-s", "96")),
    "s96x6": Source("full", ("-s", "96", "-x", "6")),
    "new": Source("new", ("-s", "96")),
    "one": Source("one"),
    "etl.source": Source("etl"),
}

# Name: (what it is, the source it is made from or None, frames a packet)
CAPTURES = {
    "full": ("frames of 700 bytes in the mean, 20,000 destinations", None, 1),
    "s96": ("the same cut to 96 bytes", None, 1),
    "s96x6": ("`s96` six times over", None, 1),
    "pcapng": ("`full` as pcapng", "full", 1),
    "cooked": ("`s96` as Linux cooked v2, each packet on two devices", "s96", 2),
    "snoop": ("`full` as snoop, which libwiretap reads", "full", 1),
    "etl": ("a Windows trace of netsh, 6,000 destinations", "etl.source", 1),
    "new": ("every packet to another destination, cut to 96 bytes", None, 1),
    "one": ("one packet", None, 1),
}

COLUMNS = ("packets", "ip_bytes", "ingress_packets", "ingress_ip_bytes", "vlan_packets",
           "ingress_vlan_packets")  # fmt: skip


def records(path):
    """Microseconds and bytes of each frame of a little-endian pcap that is not cut."""
    with open(path, "rb") as file:
        file.read(24)
        while header := file.read(16):
            seconds, micro, captured, _ = struct.unpack("<IIII", header)
            yield seconds * 1000000 + micro, file.read(captured)


def write_etl(source, target):
    """netsh's, uncompressed; of one processor."""
    trace, first = make_etl.Trace(buffer_size=0x10000, start_ns=1_789_344_000_000_000_000), None
    for time, frame in records(source):
        first = time if first is None else first
        trace.add(make_etl.ndis_frame(frame, frame[6:12] == VM_MAC), at=(time - first) * 10)
    target.write_bytes(trace.bytes())


class Maker:
    def __init__(self, tools, folder, quick):
        self.tools, self.folder, self.quick = tools, folder / ("quick" if quick else "full"), quick
        self.folder.mkdir(parents=True, exist_ok=True)

    def is_made(self, path, made_from):
        return path.exists() and path.stat().st_mtime >= max(
            made.stat().st_mtime for made in made_from)

    def source(self, name):
        """pcap and truth of a run of make_bench."""
        tool = self.tools["make_bench"]
        capture, truth = self.folder / f"{name}.pcap", self.folder / f"{name}.csv"
        if not self.is_made(truth, [tool]):
            truth.unlink(missing_ok=True)  # written last, so it tells that the capture is whole
            packets, flows, destinations = SIZES[self.quick][SOURCES[name].like]
            subprocess.run([tool, "-n", str(packets), "-f", str(flows), "-d", str(destinations),
                            *SOURCES[name].options, capture, truth], check=True)  # fmt: skip
        return capture, truth

    def make(self, name):
        """The capture, and its truth."""
        source = CAPTURES[name][1]
        if source is None:
            return self.source(name)
        from_, truth = self.source(source)
        capture = self.folder / f"{name}.{'etl' if name == 'etl' else 'cap'}"
        if not self.is_made(capture, [truth, self.tools["reformat"]]):
            unfinished = capture.with_suffix(".new")
            if name == "etl":
                write_etl(from_, unfinished)
            else:
                subprocess.run([self.tools["reformat"], name, from_, unfinished], check=True)
            unfinished.replace(capture)
        return capture, truth


def read_truth(path):
    """{destination: {column: number}}"""
    with open(path, newline="") as file:
        return {row["address"]: {name: int(row[name]) for name in COLUMNS}
                for row in csv.DictReader(file)}
