#!/usr/bin/env python3
"""The two faces say the same: tshark with the plugin against egshark, on real captures.

usage: check_totals.py EGSHARK PLUGIN SAMPLES [EVERY [PATTERN]]

For every readable capture of SAMPLES/captures.csv, with each of three configurations:
  - `tshark -z egress,totals,format=json` prints what `egshark -T json` does, but for what rule 8.4
    excepts: the tool, the inputs, and warnings about the file itself.
And over its packets, with two passes:
  - every packet of a bucket is one of that direction or a duplicate, and none is provisional;
  - egress.billable_bytes summed per egress.rate are the report's, exactly;
  - egress.cost is that of its bytes at its rate, and the sum of them is the report's total, each
    within half a last place a packet (rule 6.3).
In one pass, fields that are not provisional are those of two passes (rule 3.8): of every fifth.

EVERY (1) is 5 for every fifth capture; PATTERN limits the run to paths that contain it. Exit status 77: SAMPLES is absent.
"""
import collections
import concurrent.futures
import csv
import decimal
import json
import os
import sys

import ordinary_user
from two_faces import comparable

SKIPPED = 77
BUCKETS = ("egress", "ingress", "local", "internal", "transit")
FIELDS = ("frame.number", "egress.direction", "egress.duplicate", "egress.rate",
          "egress.billable_bytes", "egress.cost", "egress.class", "egress.provisional")
GIB = 2**30
PLACE = decimal.Decimal("1e-12")
NANO = decimal.Decimal("1e-9")

# User-defined link layers that hold frames of their own: dissection loses which one it was, and the
# name in a warning is all that tells (plugin/epan/egress_link.h).
NAME_IS_LOST = ("LINKTYPE_USER2_PKTAP.pcap", "pktap-heap-overflow.pcap")

SITES = """prefix,class,region,via,payer,label
10.0.0.0/8,peering,eastus,,both,hub
172.16.0.0/12,global-peering,westeurope,,source,partner
192.168.0.0/16,vnet,eastus,,,spoke
fc00::/7,vnet,eastus,,,spoke
0.0.0.0/0,auto,,nat-gateway,,everything public
"""

Packet = collections.namedtuple(
    "Packet", "number direction duplicate rate bytes cost class_ provisional")


def decimal_of(text):
    return decimal.Decimal(text) if text else None


def rate_of(number):
    """A rate has 9 decimals; 4.6 prints the 17 digits of a double."""
    return None if number is None else decimal.Decimal(number).quantize(NANO)


def packet_of(line):
    number, direction, duplicate, rate, size, cost, class_, provisional = line.split("\t")
    return Packet(number, direction, duplicate in ("1", "True"),
                  rate_of(decimal_of(rate.strip())), int(size or 0), decimal_of(cost.strip()),
                  class_, bool(provisional))


def differing(ours, theirs, path=""):
    """The first few places where two JSON documents differ, as lines."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted({*ours, *theirs}):
            yield from differing(ours.get(key), theirs.get(key), f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs)):
            yield from differing(*pair, f"{path}[{index}]")
    elif ours != theirs:
        yield f"{path[1:]}: egshark {ours!r}, tshark {theirs!r}"


def bytes_per_rate(packets, direction):
    sums = collections.Counter()
    for packet in packets:
        if packet.direction == direction and packet.bytes and not packet.duplicate:
            sums[packet.rate] += packet.bytes
    return sums


def egress_per_rate(report):
    sums = collections.Counter()
    for row in report["destinations"]:
        sums[rate_of(row["usd_per_gb"])] += row["billable_bytes"]
    return +sums


def without_free(sums):
    return +collections.Counter({rate: size for rate, size in sums.items() if rate})


def ingress_per_rate(report):
    """Of the ingress that bears a charge, its own or one on both directions."""
    sums = collections.Counter()
    for row in report["destinations"]:
        charges = [charge for charge in row["charges"] if charge["direction"] != "egress"]
        if charges:
            rate = sum(rate_of(charge["usd_per_gb"]) for charge in charges)
            egress = row["billable_bytes"] if charges[0]["direction"] == "both" else 0
            sums[rate] += charges[0]["billable_bytes"] - egress
    return without_free(sums)


def packet_faults(packets, report):
    """What the packets of a two-pass run say against the report over them."""
    seen = collections.Counter(packet.direction for packet in packets if not packet.duplicate)
    for bucket in BUCKETS:
        if seen[bucket] != report["frames"][bucket]:
            yield f"{seen[bucket]} packets {bucket}, {report['frames'][bucket]} in the report"
    copies = sum(packet.duplicate for packet in packets)
    if copies != report["frames"]["duplicate"]:
        yield f"{copies} copies, {report['frames']['duplicate']} in the report"
    if any(packet.provisional for packet in packets):
        yield "a packet is provisional after two passes"
    egress, ingress = (bytes_per_rate(packets, direction) for direction in ("egress", "ingress"))
    for name, sums, expected in (("egress", egress, egress_per_rate(report)),
                                 ("ingress", without_free(ingress), ingress_per_rate(report))):
        if sums != expected:
            yield f"{name} bytes per rate: {dict(sums)}, in the report {dict(expected)}"
    yield from cost_faults(packets, report)


def cost_faults(packets, report):
    total, count = decimal.Decimal(0), 0
    for packet in packets:
        if (packet.cost is None) != (packet.rate is None):
            yield f"frame {packet.number}: a rate without a cost, or the reverse"
        elif packet.cost is not None:
            exact = packet.bytes * packet.rate / GIB
            # Half a place, and what a double cannot hold of it.
            if abs(packet.cost - exact) > PLACE / 2 + exact * decimal.Decimal("1e-15"):
                yield f"frame {packet.number}: costs {packet.cost}, not {exact}"
            total += packet.cost
            count += 1
    shown = report["totals"]["cost_usd"]  # null: nothing has a price
    if abs(total - (shown or 0)) > PLACE / 2 * (count + 1):
        yield f"packets cost {total}, the report {shown}"


def pass_faults(once, twice):
    for one, two in zip(once, twice):
        if not one.provisional and one != two:
            yield f"frame {one.number}: {one} in one pass, {two} in two"
    if len(once) != len(twice):
        yield f"{len(once)} packets in one pass, {len(twice)} in two"


class Checker:
    def __init__(self, user, egshark, samples, sites):
        self.user, self.egshark, self.samples = user, egshark, samples
        ranges = os.path.join(samples, "ranges", "gcp-cloud.json")
        self.configured = {"region": "eastus", "sites": sites, "ranges": ranges}

    def by_egshark(self, capture, settings):
        options = [word for item in settings.items() for word in ("-o", "egress.%s:%s" % item)]
        run = self.user.run([self.egshark, "-q", "-T", "json", *options, capture])
        if not run.stdout:
            raise ValueError("egshark prints no report: " + run.stderr.decode(errors="replace"))
        return json.loads(run.stdout, parse_float=decimal.Decimal)

    def by_tshark(self, capture, settings, *options):
        """The packets, if options ask for their fields, and the report."""
        for item in settings.items():
            options += ("-o", "egress.%s:%s" % item)
        run = self.user.run(["tshark", "-n", "-z", "egress,totals,format=json", *options, "-r",
                             capture])
        text = run.stdout.decode()
        start = text.find("{\n")
        if start < 0:
            raise ValueError("tshark prints no report: " + run.stderr.decode(errors="replace"))
        packets = [packet_of(line) for line in text[:start].splitlines()]
        return packets, json.loads(text[start:], parse_float=decimal.Decimal)

    def check(self, path, in_one_pass):
        """The faults of one capture, as lines."""
        capture = os.path.join(self.samples, "captures", path)
        fields = ["-T", "fields", *(word for field in FIELDS for word in ("-e", field))]
        faults = []

        def compare(name, settings, *options):
            packets, report = self.by_tshark(capture, settings, *options)
            ours = self.by_egshark(capture, settings)
            lost = ("cannot be decoded",) if path.endswith(NAME_IS_LOST) else ()
            faults.extend(f"{name}: {line}" for line in
                          list(differing(comparable(ours, lost), comparable(report, lost)))[:5])
            return packets, report
        try:
            packets, report = compare("defaults", {}, "-2", *fields)
            faults += list(packet_faults(packets, report))[:5]
            if in_one_pass:
                once, _ = compare("one pass", {}, *fields)
                faults += list(pass_faults(once, packets))[:5]
            packets, report = compare("configured", self.configured, "-2", *fields)
            faults += [f"configured: {line}" for line in list(packet_faults(packets, report))[:5]]
            compare("any", {"direction": "any"}, "-q")
        except ValueError as error:
            faults.append(str(error))
        return faults


def readable_captures(samples, pattern):
    """But Windows traces, which egshark reads itself, and Wireshark by another plugin."""
    with open(os.path.join(samples, "captures.csv"), newline="", encoding="utf-8") as file:
        return [row["path"] for row in csv.DictReader(file)
                if pattern in row["path"] and row["file_type"] != "unreadable"
                and not row["path"].endswith(".etl")]


def main(arguments):
    if len(arguments) not in (4, 5, 6):
        sys.exit(__doc__)
    egshark, plugin, samples = (os.path.abspath(path) for path in arguments[1:4])
    if not os.path.isfile(os.path.join(samples, "captures.csv")):
        print(f"skipped: no captures.csv in '{samples}'")
        return SKIPPED
    every = int(arguments[4]) if len(arguments) > 4 else 1
    captures = readable_captures(samples, arguments[5] if len(arguments) > 5 else "")[::every]
    faulty = 0
    with ordinary_user.OrdinaryUser(plugin, bare=True) as user, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        sites = user.folder / "sites.csv"
        sites.write_text(SITES)
        checker = Checker(user, egshark, samples, sites)
        in_one_pass = (index % 5 == 0 for index in range(len(captures)))
        for path, faults in zip(captures, pool.map(checker.check, captures, in_one_pass)):
            faulty += bool(faults)
            for fault in faults:
                print(f"{path}: {fault}")
    print(f"{len(captures)} captures, {faulty} with faults")
    return 1 if faulty else 0


if __name__ == "__main__":
    ordinary_user.run_check(main)
