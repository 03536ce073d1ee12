#!/usr/bin/env python3
"""egress.host and egress.org of tshark are what egshark says of the same destination.

usage: check_names.py EGSHARK PLUGIN

With a database of MaxMind's format that is made here, and with the one of libloc where it is installed.
"""

import json
import pathlib
import struct
import subprocess
import sys

import ordinary_user

TESTS = pathlib.Path(__file__).resolve().parent.parent
FIELDS = ("egress.direction", "ip.dst", "egress.host", "egress.org", "egress.asn", "egress.country")
LOW, HIGH = ("Low Half & Söhne", 64500), ("High Half", 64501)  # below and from 128.0.0.0 on


def text(value):
    value = value.encode()
    short = len(value) < 29  # else what is above it follows
    return (bytes([2 << 5 | len(value)]) if short else bytes([2 << 5 | 29, len(value) - 29])) + value


def number(kind, value, size):
    head = bytes([kind << 5 | size]) if kind <= 7 else bytes([size, kind - 7])
    return head + value.to_bytes(size, "big")


def mapping(*pairs):
    return bytes([7 << 5 | len(pairs)]) + b"".join(text(name) + value for name, value in pairs)


def holder(org, asn):
    return mapping(("autonomous_system_organization", text(org)),
                   ("autonomous_system_number", number(6, asn, 4)))


def database():
    """One node, of records of 24 bits: behind it 16 bytes of nothing, then the data."""
    low, high = holder(*LOW), holder(*HIGH)
    records = [1 + 16, 1 + 16 + len(low)]
    about = mapping(
        ("binary_format_major_version", number(5, 2, 2)),
        ("binary_format_minor_version", number(5, 0, 2)),
        ("build_epoch", number(9, 1780000000, 8)), ("database_type", text("GeoLite2-ASN")),
        ("description", mapping()), ("ip_version", number(5, 4, 2)),
        ("languages", bytes([0, 11 - 7])), ("node_count", number(6, 1, 4)),
        ("record_size", number(5, 24, 2)))
    return b"".join(struct.pack(">I", one)[1:] for one in records) + bytes(16) + low + high + \
        b"\xab\xcd\xefMaxMind.com" + about


def by_tshark(user, capture, geo):
    """The four fields of each destination: a set, since every frame has to say the same."""
    fields = [part for name in FIELDS for part in ("-e", name)]
    run = user.run(["tshark", "-2", "-r", str(capture), *geo, "-T", "fields", *fields,
                    "-E", "occurrence=f"])
    said = {}
    for line in run.stdout.decode().splitlines():
        direction, address, *names = line.split("\t")
        if direction == "egress":
            said.setdefault(address, set()).add(tuple(names))
    return said, run.stderr.decode()


def by_egshark(egshark, capture, geo):
    run = subprocess.run([egshark, "-T", "json", *geo, capture], capture_output=True, check=True)
    return {one["address"]: {(one["host"] or "", one["org"] or "", str(one["asn"] or ""),
                              one["country"] or "")}
            for one in json.loads(run.stdout)["destinations"]}


def main(arguments):
    _, egshark, plugin = arguments
    faults = []
    with ordinary_user.OrdinaryUser(plugin) as user:
        made = user.folder / "made.mmdb"
        made.write_bytes(database())
        sample, names = user.folder / "azure-vm-day.pcap", user.folder / "names.pcap"
        for command in ([TESTS / "sample" / "make_sample.py", user.folder],
                        [TESTS / "support" / "make_hostile_names.py", names]):
            subprocess.run([sys.executable, "-B", *command], check=True, capture_output=True)
        for capture in (sample, names):
            capture.chmod(0o644)
            for ours, theirs in (((), ()), (("--geo", made), ("-o", f"egress.geo:{made}"))):
                wanted = by_egshark(egshark, capture, ours)
                said, error = by_tshark(user, capture, theirs)
                if said != wanted:
                    faults.append(f"{capture.name} {theirs}: {said} and not {wanted} {error}")
                # By hand: 8.8.8.8 is below 128, 162.158.62.10 is not.
                for address, (org, asn) in (("8.8.8.8", LOW), ("162.158.62.10", HIGH)):
                    for host, *who in said.get(address, ()) if ours else ():
                        if who != [org, str(asn), ""]:
                            faults.append(f"{capture.name}: {address} is of {who}")
                if capture is names and {one[0] for one in said["8.8.8.8"]} != {"good.example"}:
                    faults.append(f"8.8.8.8 is {said['8.8.8.8']}")
    return ordinary_user.tell(faults)


if __name__ == "__main__":
    ordinary_user.run_check(main)
