#!/usr/bin/env python3
"""The report of a real Azure VM, every number of it derived here.

usage: check_azure_vm.py EGSHARK SAMPLES      exits 77 without the capture

The capture (Windows 10, dumpcap 3.4 on the VM's one NIC, 2020-12-19) shows what makes such traffic
hard to bill: the NIC hands 16 kB super-frames to the host, their Total Length is 0, the far MAC is
Azure's fabric 12:34:56:78:9a:bc, and the platform's own addresses are among the peers.

Where the numbers come from, all by tshark and arithmetic, none by egshark:

    tshark -r FILE -T fields -e ip.src -e ip.dst -e ip.len -e ip.hdr_len -e tcp.hdr_len -e frame.len

gives for each destination of 172.18.39.5 its packets and `ip_bytes` (Total Length, or where that is
0 the frame less its 14 bytes of Ethernet, rule 1.4). A packet above 1500 bytes leaves as
n = ceil(payload / (1500 - headers)) packets; `more` is the sum of n - 1 over a destination. Every
super-frame is TCP with 20 + 20 bytes of headers, UDP never exceeds 1500. So, by rules 5.1 and 5.2,

    billable = ip_bytes + 40 * more + 14 * (packets + more)
"""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

CAPTURE = (
    "captures/OTRF__Security-Datasets/datasets/atomic/windows/lateral_movement/network/"
    "schtask_modification.zip.d/schtask_modification_2020-12-1907505969.pcapng"
)

# destination: packets, ip_bytes, more, $/GB, class, region, service, opened by
ROWS = {
    # RDP, the engineer at home: 204 super-frames of one more segment each. The connection is older
    # than the capture, so nobody is seen to open it. Internet from zone 1: 0.087.
    "71.191.74.123": (1156, 461341, 204, "0.087", "internet", None, None, None),
    # Telemetry to Azure Monitor: 124 super-frames, 705 more segments. In 40.79.154.80/29, tag
    # AzureMonitor.EastUS: the VM's region, free.
    "40.79.154.83": (438, 1293599, 705, "0", "same-region", "eastus", "AzureMonitor", None),
    # The wire server (DNS, DHCP, health): 4 super-frames of 14,769 and less, 34 more segments.
    "168.63.129.16": (76, 61681, 34, "0", "platform", None, None, "vm"),
    # A neighbour of the VNet over DCE/RPC, 2 x 5,876 bytes, 4 more segments each. No sites file
    # names it, so no price: free in the VNet, 0.01 and up when peered.
    "172.18.39.6": (31, 21133, 8, None, "private", None, None, "vm"),
    # 20.38.98.0/24 is Storage.EastUS.
    "20.38.98.4": (12, 4536, 0, "0", "same-region", "eastus", "Storage", None),
    # 52.114.20.0/22 is in AzureCloud.australiasoutheast and no named service. North America to
    # another continent: 0.05.
    "52.114.20.18": (10, 2534, 0, "0.05", "inter-continent", "australiasoutheast", None, "vm"),
    "151.101.208.133": (7, 748, 0, "0.087", "internet", None, None, "vm"),
    # The VNet's own DNS server.
    "172.18.38.5": (3, 217, 0, None, "private", None, None, None),
    # Instance metadata: a FIN and an ACK of an older connection.
    "169.254.169.254": (2, 80, 0, "0", "platform", None, None, None),
}


def billable_of(packets, ip_bytes, more):
    return ip_bytes + 40 * more + 14 * (packets + more)


def cost_of(billable, rate):
    """In 10^-12 dollars, rounded half to even (rule 6.3)."""
    return round(Fraction(rate) * billable * 10**12 / 2**30)


def expect(problems, what, is_, should_be):
    if is_ != should_be:
        problems.append(f"{what}: {is_}, not {should_be}")


def check_rows(problems, report):
    seen = {row["address"]: row for row in report["destinations"]}
    expect(problems, "destinations", sorted(seen), sorted(ROWS))
    for address, (packets, ip_bytes, more, rate, class_, region, service, opener) in ROWS.items():
        row = seen.get(address, {})
        billable = billable_of(packets, ip_bytes, more)
        wanted = {
            "packets": packets,
            "ip_bytes": ip_bytes,
            "billable_bytes": billable,
            "class": class_,
            "region": region,
            "service": service,
            "opened_by": opener,
            "usd_per_gb": None if rate is None else Fraction(rate),
        }
        for name, value in wanted.items():
            got = row.get(name)
            if name == "usd_per_gb" and got is not None:
                got = Fraction(got)
            expect(problems, f"{address} {name}", got, value)
        cost = row.get("cost_usd")
        expect(
            problems,
            f"{address} cost_usd",
            None if cost is None else Fraction(cost) * 10**12,
            None if rate is None else cost_of(billable, rate),
        )


def check_totals(problems, report):
    frames, totals = report["frames"], report["totals"]
    # 4,216 frames, all IPv4, none captured twice; 1,735 of them from 172.18.39.5.
    expect(problems, "frames", (frames["total"], frames["egress"], frames["ingress"]),
           (4216, 1735, 2481))
    # ip.len == 0: 4 + 4 + 124 + 204 of the four destinations with super-frames
    expect(problems, "length_from_wire", frames["length_from_wire"], 336)
    rows = [(billable_of(*row[:3]), row[3]) for row in ROWS.values()]
    expect(problems, "billable_bytes", totals["billable_bytes"], sum(b for b, _ in rows))
    expect(problems, "unpriced_bytes", totals["unpriced_bytes"],
           sum(b for b, rate in rows if rate is None))
    more = sum(row[2] for row in ROWS.values())  # 951 segments more than frames
    expect(problems, "segmentation_bytes", totals["segmentation_bytes"], more * (14 + 40))
    exact = sum(Fraction(rate) * billable for billable, rate in rows if rate)
    expect(problems, "cost_usd", Fraction(totals["cost_usd"]) * 10**12,
           round(exact * 10**12 / 2**30))


def check_assumptions(problems, report):
    assumptions = report["assumptions"]
    expect(problems, "local", assumptions["local"], ["172.18.39.5"])
    expect(problems, "local_source", assumptions["local_source"], "inferred")
    expect(problems, "byte_basis", assumptions["byte_basis"], "ethernet")


def main():
    egshark, samples = sys.argv[1:3]
    capture = Path(samples) / CAPTURE
    if not samples or not capture.is_file():
        print("no samples: EGSHARK_SAMPLES")
        return 77
    run = [egshark, "-T", "json", "--region", "eastus", str(capture)]
    output = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    report = json.loads(output, parse_float=lambda digits: Fraction(digits))
    problems = []
    check_rows(problems, report)
    check_totals(problems, report)
    check_assumptions(problems, report)
    print("\n".join(problems) or "every number is as derived")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
