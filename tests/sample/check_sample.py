#!/usr/bin/env python3
"""Compares what egshark reports on the made sample with the truth its maker wrote.

    check_sample.py EGSHARK FOLDER
"""

import json
import pathlib
import subprocess
import sys
from decimal import Decimal

import make_sample


def report(egshark, folder, *options):
    run = subprocess.run([egshark, "-T", "json", "--sites", folder / "sites.csv", *options,
                          folder / "azure-vm-day.pcap"], stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout, parse_float=Decimal)


class Differences:
    def __init__(self):
        self.found = []

    def compare(self, where, expected, got):
        if isinstance(expected, str) and isinstance(got, (int, Decimal)):
            expected = Decimal(expected)
        if expected != got:
            self.found.append(f"{where}: expected {expected!r}, got {got!r}")

    def fields(self, where, expected, got):
        for name, value in expected.items():
            self.compare(f"{where} {name}", value, got.get(name, "nothing"))


def compare(truth, got, differences):
    differences.fields("frames", truth["frames"], got["frames"])
    differences.fields("totals", truth["totals"], got["totals"])
    differences.fields("input", {name: truth[name] for name in ("first_time", "last_time")},
                       got["inputs"][0])
    differences.compare("the VM is local", True, truth["local"] in got["assumptions"]["local"])
    rows = {row["address"]: row for row in got["destinations"]}
    differences.compare("destinations", sorted(truth["destinations"]), sorted(rows))
    for address, expected in truth["destinations"].items():
        differences.fields(address, expected, rows.get(address, {}))


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: check_sample.py EGSHARK FOLDER")
    egshark, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    make_sample.make(folder)
    truth = json.loads((folder / "truth.json").read_text())
    differences = Differences()

    got = report(egshark, folder, "--region", "eastus")
    compare(truth, got, differences)
    differences.compare("region_source", "option", got["assumptions"]["region_source"])

    # The metadata service's answer in the capture tells the same region, rule 4.4.
    got = report(egshark, folder)
    compare(truth, got, differences)
    differences.compare("region", "eastus", got["assumptions"]["region"])
    differences.compare("region_source", "metadata", got["assumptions"]["region_source"])

    print("\n".join(differences.found) or "as the maker of the sample says")
    return 1 if differences.found else 0


if __name__ == "__main__":
    sys.exit(main())
