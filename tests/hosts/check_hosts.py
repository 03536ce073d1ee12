#!/usr/bin/env python3
"""Runs egshark on captures of known truth.

    check_hosts.py EGSHARK --scenario NAME    one scenario, in each of its formats, full and cut
    check_hosts.py EGSHARK --random COUNT     hosts put together at random; --seed repeats one
    check_hosts.py --list                     the scenarios' names
    check_hosts.py --write DIRECTORY          all captures, to look at

Compared: the bucket of every frame (A1.1); packets, ip_bytes and billable_bytes of every remote
address, out and in; the VM's addresses; warnings. The truth comes with each scenario (scenarios.py,
plain_scenarios.py); how devices show packets is in devices.py. Capture formats are told in
writers.py. check_captures.py asks tshark whether the captures are sound. Python 3 and nothing else.
"""

import argparse
import ipaddress
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import plain_scenarios  # adds its own to SCENARIOS
import random_hosts
import scenarios
import writers
from truth import FORMATS, UNFLAGGED, PCAPNG

CUTS = (0, 96)
SUFFIX = {PCAPNG: "pcapng", UNFLAGGED: "pcapng"}
TRANSIT_WARNED = 0.05  # rule A3.5


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("egshark", nargs="?")
    parser.add_argument("--scenario", choices=scenarios.SCENARIOS, metavar="NAME", action="append")
    parser.add_argument("--format", choices=FORMATS)
    parser.add_argument("--random", type=int, metavar="COUNT")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--write", type=Path, metavar="DIRECTORY")
    options = parser.parse_args()
    if options.list:
        print("\n".join(scenarios.SCENARIOS))
        return 0
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        for _, _, _, _, paths in all_files(options, options.write):
            print(*paths, sep="\n")
        return 0
    if not options.egshark:
        parser.error("which egshark?")
    with tempfile.TemporaryDirectory() as directory:
        return check_egshark(options, Path(directory))


def wanted(options):
    if options.random is None:
        for name in options.scenario or scenarios.SCENARIOS:
            yield scenarios.build(name)
        return
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    for number in range(seed, seed + options.random):
        print(f"seed {number}", flush=True)
        made = random_hosts.build(number)
        made.check_itself()
        yield made


def all_files(options, directory):
    """Writes each wanted scenario in each format and cut: scenario, format, cut, label, paths."""
    for scenario in wanted(options):
        for format in scenario.formats:
            if options.format not in (None, format):
                continue
            for cut in CUTS:
                label = f"{scenario.name}-{format}-{cut or 'full'}"
                yield scenario, format, cut, label, write(scenario, format, cut, label, directory)


def write(scenario, format, cut, label, directory):
    paths = []
    for capture in scenario.captures:
        path = directory / f"{label}-{capture.name}.{SUFFIX.get(format, 'pcap')}"
        writers.write(path, format, order(scenario, capture), cut)
        paths.append(path)
    return paths


def order(scenario, capture):
    """The capture's sightings as they are written."""
    sightings = sorted(capture.sightings, key=lambda sighting: sighting.time)
    if scenario.disordered:
        mixed = random.Random(1)
        # Packets are milliseconds apart, a packet's own frames 2 us.
        sightings.sort(key=lambda sighting: sighting.time + mixed.randrange(20_000))
    return sightings


def check_egshark(options, directory):
    failures = runs = 0
    for scenario, format, _, label, paths in all_files(options, directory):
        problems = compare(options.egshark, scenario, format, paths)
        runs += 1
        failures += bool(problems)
        for problem in problems:
            print(f"{label}: {problem}")
    print(f"{runs - failures} of {runs} reports as they should be")
    return 1 if failures or not runs else 0


class Failed(Exception):
    pass


def egshark(program, scenario, paths, direction):
    command = [program, "-T", "json", "--direction", direction, *scenario.options, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: exit status {done.returncode}: "
                     f"{done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def compare(program, scenario, format, paths):
    try:
        out = json.loads(egshark(program, scenario, paths, "egress"))
        back = json.loads(egshark(program, scenario, paths, "ingress"))
        problems = compare_buckets(scenario.frames(format), out["frames"])
        problems += compare_rows("out", scenario.egress(format), rows_of(out))
        problems += compare_rows("in", scenario.ingress(format), rows_of(back))
        problems += compare_other_direction(out, scenario.ingress(format))
        problems += compare_local(scenario.local, format, out["assumptions"]["local"])
        problems += compare_warnings(scenario, format, out["warnings"])
        if len(paths) > 1:
            problems += compare_together(program, scenario, paths)
        return problems
    except (Failed, json.JSONDecodeError, KeyError) as error:
        return [f"{type(error).__name__}: {error}"]


def compare_buckets(expected, frames):
    problems = []
    for bucket in sorted(set(expected) | set(frames) - {"total"}):
        if frames.get(bucket, 0) != expected[bucket]:
            problems.append(f"frames {bucket}: {frames.get(bucket, 0)}, truth {expected[bucket]}")
    if frames["total"] != expected.total():
        problems.append(f"frames total: {frames['total']}, truth {expected.total()}")
    return problems


def rows_of(report):
    """The rows of the report's direction that have packets."""
    return {row["address"]: [row["packets"], row["ip_bytes"], row["billable_bytes"]]
            for row in report["destinations"] if row["packets"]}


def canonical(rows):
    return {str(ipaddress.ip_address(address)): row for address, row in rows.items()}


def compare_rows(what, expected, rows):
    expected = canonical(expected)
    problems = []
    for address in sorted(set(expected) | set(rows)):
        if expected.get(address) != rows.get(address):
            problems.append(f"{what} {address}: packets, ip_bytes, billable_bytes are "
                            f"{rows.get(address)}, truth {expected.get(address)}")
    return problems


def compare_other_direction(report, expected):
    expected = canonical(expected)
    problems = []
    for row in report["destinations"]:
        truth = expected.get(row["address"], [0, 0])[:2]
        if [row["ingress_packets"], row["ingress_ip_bytes"]] != truth:
            problems.append(f"{row['address']}: ingress_packets and ingress_ip_bytes are "
                            f"{row['ingress_packets']}, {row['ingress_ip_bytes']}, truth {truth}")
    return problems


def compare_local(expected, format, local):
    """An interface's link-local address may be listed: it is the VM's, and of no consequence."""
    if expected is None:
        return []
    have = {address for address in map(ipaddress.ip_address, local)
            if not (address.version == 6 and address.is_link_local)}
    want = set(map(ipaddress.ip_address, expected[format]))
    if have == want:
        return []
    return [f"local: too many {sorted(map(str, have - want))}, missing "
            f"{sorted(map(str, want - have))}"]


def compare_warnings(scenario, format, warnings):
    problems = [f"no warning has '{text}': {warnings}" for text in scenario.warnings
                if not any(text in warning for warning in warnings)]
    share = scenario.transit_share(format)
    warned = any("(transit)" in warning for warning in warnings)
    if warned != (share > TRANSIT_WARNED):
        problems.append(f"{share:.1%} of the bytes are transit; warnings: {warnings}")
    return problems


def compare_together(program, scenario, paths):
    problems = []
    if egshark(program, scenario, paths, "egress") != egshark(program, scenario, paths[::-1],
                                                              "egress"):
        problems.append("the report depends on the order of the captures")
    if scenario.adds_up:
        for direction in ("egress", "ingress"):
            sums = {}
            for path in paths:
                for address, row in rows_of(json.loads(egshark(program, scenario, [path],
                                                               direction))).items():
                    have = sums.setdefault(address, [0, 0, 0])
                    sums[address] = [a + b for a, b in zip(have, row)]
            together = rows_of(json.loads(egshark(program, scenario, paths, direction)))
            problems += compare_rows(f"{direction}, sum of each capture's own:", sums, together)
    return problems


if __name__ == "__main__":
    sys.exit(main())
