#!/usr/bin/env python3
"""Windows traces in Wireshark's programs by egress-etl.so, and as egshark -w writes them.

usage: check_traces.py EGSHARK PLUGIN READER [SAMPLES [CASE...]]

Every case of tests/etl/etl_cases.py, under a name that tells nothing:
  - tshark reads the frames that are in it, with their times, lengths, bytes, directions and who ran,
    in one pass from front to back and in two, of which the second reads frames by their places
  - what `egshark --write all -w` makes of it holds the same frames, on interfaces of the same names,
    and so does what editcap makes of it
  - what is damaged is told by both
  - egshark -Y passes the frames that tshark -Y passes
  - tshark -z egress,totals prints what egshark prints
One trace is cut in many places: both read the same of what is left. The real traces of SAMPLES/etl
are opened; of the ping no packet is malformed and every IPv4 checksum is right. Other captures are
still read by who read them before.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import sys

import ordinary_user
from two_faces import comparable

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "etl"))

from etl_cases import CASES  # noqa: E402

FIELDS = ("frame.time_epoch", "frame.len", "frame.cap_len", "frame.md5_hash",
          "frame.packet_flags_direction", "frame.comment", "frame.interface_name",
          "frame.interface_description")
DIRECTIONS = {None: "", True: "2", False: "1"}
PORT = "udp.port == 53"
TRACE_WARNINGS = ("was not stopped", "events hold packets", "logged in part only",
                  "could only be guessed", "events were lost", "buffers of events were lost",
                  "were read late", "holds no packets", "packets are captured with",
                  "has no packets", "events that the trace lost")


def without_form(line):
    """A direction is 0x2 or 0x00000002 by version, an unknown one 0 or none."""
    line[4] = str(int(line[4], 16) or "") if line[4] else ""
    return line


def fields_of(user, path, *options):
    """The lines of tshark, and its status."""
    run = user.run(["tshark", "-n", "-o", "frame.generate_md5_hash:TRUE", *options, "-r", path,
                    "-T", "fields", *(word for field in FIELDS for word in ("-e", field))])
    return [without_form(line.split("\t")) for line in run.stdout.decode().splitlines()], run


def line_of(frame):
    """As tshark prints it, less the interface."""
    wire = len(frame.data) if frame.wire is None else frame.wire
    time = f"{frame.time // 10**9}.{frame.time % 10**9:09}"
    return [time, str(wire), str(len(frame.data)), hashlib.md5(frame.data).hexdigest(),
            DIRECTIONS[frame.sent], f"PID={frame.process} TID={frame.thread}"]


def first_difference(one, other):
    if len(one) != len(other):
        return f"{len(one)} frames, not {len(other)}"
    at = next(i for i, pair in enumerate(zip(one, other)) if pair[0] != pair[1])
    return f"frame {at + 1} is {one[at]}, not {other[at]}"


class Checker:
    def __init__(self, user, egshark):
        self.user, self.egshark = user, egshark

    def write(self, path, *options):
        target = path + ".pcapng"
        run = self.user.run([self.egshark, "-q", "--write", "all", "-w", target, *options, path])
        return target, run

    def frames(self, path, truth):
        """Those of tshark, the same in each way of reading."""
        once, run = fields_of(self.user, path)
        twice, _ = fields_of(self.user, path, "-2")
        if once != twice:
            yield "in two passes: " + first_difference(twice, once)
        if truth:
            got = sorted(line[:6] for line in once)
            expected = sorted(line_of(frame) for frame in truth.frames)
            if got != expected:
                yield "tshark: " + first_difference(got, expected)
            if (run.returncode != 0) != truth.is_damaged():
                yield f"tshark ends with {run.returncode}: {run.stderr.decode()}"
        target, written = self.write(path)
        if (run.returncode != 0) != (written.returncode != 0):
            yield f"egshark ends with {written.returncode}, tshark with {run.returncode}"
        ours, _ = fields_of(self.user, target)
        if ours != once:
            yield "written by egshark: " + first_difference(ours, once)
        edited = path + ".edited"
        self.user.run(["editcap", path, edited])
        copy, _ = fields_of(self.user, edited)
        if copy != once:
            yield "written by editcap: " + first_difference(copy, once)

    def filtered(self, path):
        shown, _ = fields_of(self.user, path, "-2", "-Y", PORT)
        target, _ = self.write(path, "-Y", PORT)
        ours, _ = fields_of(self.user, target)
        if ours != shown:
            yield f"-Y '{PORT}': " + first_difference(ours, shown)

    def totals(self, path):
        local = "10.1.0.4"
        ours = self.user.run([self.egshark, "-q", "-T", "json", "--local", local, path])
        theirs = self.user.run(["tshark", "-q", "-o", f"egress.local:{local}", "-z",
                                "egress,totals,format=json", "-r", path])
        start = theirs.stdout.find(b"{\n")
        if start < 0 or not ours.stdout:
            yield f"no totals: {ours.stderr.decode()} {theirs.stderr.decode()}"
            return
        reports = [comparable(json.loads(text), TRACE_WARNINGS)
                   for text in (ours.stdout, theirs.stdout[start:])]
        if reports[0] != reports[1]:
            names = [name for name in reports[0] if reports[0][name] != reports[1].get(name)]
            yield f"totals differ in {names}: {[[r.get(n) for n in names] for r in reports]}"[:600]

    def case(self, name):
        data, truth = CASES[name]()
        path = self.file(name, data)
        faults = [*self.frames(path, truth), *self.filtered(path), *self.totals(path)]
        return [f"{name}: {fault}" for fault in faults]

    def file(self, name, data):
        """With the extension of another format that has no magic number."""
        path = self.user.folder / "home" / f"{name}.mpg"
        path.write_bytes(data)
        path.chmod(0o644)
        return str(path)

    def cuts(self):
        """At the ends of records, in them and in headers."""
        data, _ = CASES["plain"]()
        end = data.rfind(b"\xff" * 64)
        for length in [0x2000, 0x2047, 0x2048, *range(0x2049, end, 131), len(data) - 1]:
            path = self.file(f"cut{length}", data[:length])
            for fault in self.frames(path, None):
                yield f"cut to {length}: {fault}"

    def sample(self, path):
        faults = [f"{path.name}: {fault}" for fault in self.frames(self.copy(path), None)]
        if path.name == "pktmon-ws2022-icmp.etl":
            faults += [f"{path.name}: {fault}" for fault in self.ping(self.copy(path))]
        return faults

    def copy(self, path):
        return self.file(path.stem, path.read_bytes())

    def ping(self, path):
        target, _ = self.write(path)
        for read in (path, target):
            run = self.user.run(["tshark", "-n", "-o", "ip.check_checksum:TRUE", "-r", read, "-T",
                                 "fields", "-e", "ip.checksum.status", "-e", "_ws.malformed"])
            lines = run.stdout.decode().splitlines()
            good = [line for line in lines if line.split("\t")[0] in ("1", "Good")]
            if len(lines) != 38 or len(good) != 38:
                yield f"{len(good)} of {len(lines)} packets have a good checksum"
            if any(line.split("\t")[1] for line in lines):
                yield "a packet is malformed"

    def others(self):
        pcap = self.user.folder / "home" / "other.pcap"
        pcap.write_bytes(bytes.fromhex("d4c3b2a102000400" + "00" * 8 + "00000400" + "01000000"))
        run = self.user.run(["capinfos", "-t", str(pcap)])
        if b"pcap" not in run.stdout:
            yield f"a pcap is taken for {run.stdout.decode()}"


def main(arguments):
    if len(arguments) < 4:
        sys.exit(__doc__)
    egshark, plugin, reader = (os.path.abspath(path) for path in arguments[1:4])
    samples = arguments[4] if len(arguments) > 4 else ""
    with ordinary_user.OrdinaryUser(plugin, reader) as user, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        checker = Checker(user, egshark)
        names = arguments[5:] or list(CASES)
        work = [pool.submit(checker.case, name) for name in names]
        if not arguments[5:]:
            work.append(pool.submit(lambda: list(checker.cuts())))
            work.append(pool.submit(lambda: list(checker.others())))
            paths = sorted(pathlib.Path(samples, "etl").glob("*.etl")) if samples else []
            work += [pool.submit(checker.sample, path) for path in paths]
        faults = [fault for item in work for fault in item.result()]
    print(f"{len(names)} cases, {len(faults)} faults")
    return ordinary_user.tell(faults)


if __name__ == "__main__":
    ordinary_user.run_check(main)
