#!/usr/bin/env python3
"""Sums over buckets of time are the totals, on real captures.

usage: check_intervals.py EGSHARK SAMPLES [PATTERN]

Of every capture of SAMPLES/captures.csv, in several views: packets and bytes of all buckets, and of
what has no time, are those of the totals, of each class and of each destination; a destination's
first and last bucket with packets are those of its first and last packet; there are at most 160
buckets of the usual width. Exit status 77: SAMPLES is absent.
"""
import concurrent.futures
import csv
import datetime
import json
import os
import subprocess
import sys
from decimal import Decimal

SKIPPED = 77
COUNTS = ("packets", "ip_bytes", "billable_bytes")
VIEWS = ((), ("--direction", "ingress"), ("--direction", "any", "--interval", "1s"),
         ("--region", "eastus", "--interval", "7min"))
FILTERED = ("-Y", "frame.number % 3 == 1", "--direction", "any")
FILTERED_EVERY = 12  # libwireshark takes a second to start


def nanoseconds(time):
    date, fraction = time.rstrip("Z").split(".")
    whole = datetime.datetime.fromisoformat(date + "+00:00") - \
        datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (whole.days * 86400 + whole.seconds) * 10**9 + int(fraction)


def compare_sums(where, line, totals):
    untimed = line.get("untimed", {})
    for name in COUNTS:
        summed = sum(line[name]) + untimed.get(name, 0)
        if summed != totals[name]:
            yield f"{where}: {name} of the buckets are {summed}, not {totals[name]}"
    if line["cost_usd"] is None:
        return
    # each shown cost is half of a last place off at most
    cost = sum(line["cost_usd"]) + (untimed.get("cost_usd") or 0)
    if abs(cost - (totals["cost_usd"] or 0)) > Decimal("0.5e-12") * (len(line["cost_usd"]) + 2):
        yield f"{where}: costs of the buckets are {cost}, not {totals['cost_usd']}"


def compare_times(line, row, interval):
    if row["first_time"] is None:
        return
    start, width = nanoseconds(interval["first_time"]), interval["width_ns"]
    filled = [i for i, packets in enumerate(line["packets"]) if packets]
    for name, bucket in (("first_time", filled[0]), ("last_time", filled[-1])):
        expected = (nanoseconds(row[name]) - start) // width
        if bucket != expected:
            yield f"{row['address']}: {name} is in bucket {expected}, not {bucket}"


def faults_of(report, usual):
    interval = report["interval"]
    if interval["width_ns"] is None:
        if report["totals"]["packets"] and any(row["first_time"] for row in report["destinations"]):
            yield f"there are times and no buckets: {interval['reason']}"
        return
    if usual and interval["buckets"] > 160:
        yield f"{interval['buckets']} buckets"
    yield from compare_sums("totals", interval, report["totals"])
    for name, key in (("classes", "class"), ("destinations", "address")):
        rows = {row[key]: row for row in report[name]}
        for line in interval[name]:
            yield from compare_sums(line[key], line, rows[line[key]])
    if len(interval["classes"]) != len(report["classes"]):
        yield "a class has no buckets"
    rows = {row["address"]: row for row in report["destinations"]}
    for line in interval["destinations"]:
        yield from compare_times(line, rows[line["address"]], interval)


def check(egshark, path, options):
    run = subprocess.run([egshark, "-T", "json", *options, path], stdin=subprocess.DEVNULL,
                         capture_output=True, timeout=300, check=False)
    if not run.stdout:
        return []
    report = json.loads(run.stdout, parse_float=Decimal)
    return [f"{' '.join(options)}: {fault}"
            for fault in faults_of(report, "--interval" not in options)]


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    egshark, samples = arguments[1:3]
    pattern = arguments[3] if len(arguments) == 4 else ""
    table = os.path.join(samples, "captures.csv")
    if not os.path.isfile(table):
        print(f"skipped: no captures.csv in '{samples}'")
        return SKIPPED
    with open(table, newline="", encoding="utf-8") as file:
        paths = [row["path"] for row in csv.DictReader(file) if pattern in row["path"]]
    runs = [(path, view) for path in paths for view in VIEWS]
    runs += [(path, FILTERED) for path in paths[::FILTERED_EVERY] if not path.endswith(".etl")]
    faulty = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def run(one):
            return check(egshark, os.path.join(samples, "captures", one[0]), one[1])
        for (path, _), faults in zip(runs, pool.map(run, runs)):
            faulty += bool(faults)
            for fault in faults:
                print(f"{path}: {fault}")
    print(f"{len(paths)} captures, {len(runs)} reports, {faulty} with faults")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
