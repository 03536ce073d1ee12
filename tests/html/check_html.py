#!/usr/bin/env python3
"""The HTML report carries what -T json says, whole, whatever is in the capture, and stays small.

usage: check_html.py EGSHARK FOLDER SAMPLES

Leaves in FOLDER, for check_pages.js, NAME.html and NAME.json of:
  sample     the made day of an Azure VM, with its sites file
  azure-vm   the real one of tests/corpus/check_azure_vm.py, in Japanese (with SAMPLES)
  hostile    labels, filters and paths that are markup
  names      hostile names of hosts in the packets; a filter and a path that turn text around
  large      100,000 destinations
  empty      no packet at all
"""

import json
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "sample"), str(HERE.parent / "corpus"), str(HERE.parent / "support")]

import check_azure_vm  # noqa: E402
import make_sample  # noqa: E402

LARGE = 100_000
BYTES_MAX = 2_000_000
# A right-to-left override, an isolate, a control of C1, and an escape.
TURNED = "turned \u202e\u2066\u009b31m\x1b[31m"
UNSEEN = {chr(code) for first, last in ((0, 9), (11, 32), (127, 160), (0x200E, 0x2010),
                                        (0x202A, 0x202F), (0x2066, 0x206A))
          for code in range(first, last)}
MARKUP = '"><img src=x onerror=alert(1)><script>alert(2)</script><!--'


class Checker:
    def __init__(self, egshark, folder):
        self.egshark, self.folder = egshark, folder
        self.problems = []

    def expect(self, what, holds, got=""):
        if not holds:
            self.problems.append(f"{what} {got}".rstrip())

    def make(self, name, *options):
        """Both reports of one run; the page, its data, and what -T json says."""
        page = self.folder / f"{name}.html"
        run = subprocess.run([self.egshark, "-q", "-T", "json", "--report", page, *options],
                             capture_output=True, check=True)
        (self.folder / f"{name}.json").write_bytes(run.stdout)
        text = page.read_text(encoding="utf-8")
        # As the page itself tells.
        data = subprocess.run(
            ["sed", "-n", '/^<script.* id="egshark-report"/,/^<\\/script/{//!p}', page],
            capture_output=True, check=True).stdout
        return text, json.loads(data), json.loads(run.stdout)


def make_capture(path, *lines):
    subprocess.run([sys.executable, HERE.parent / "support/make_capture.py", path, *lines],
                   check=True)


def make_large(path):
    """One packet of 60 to 959 bytes from 10.1.0.4 to each of LARGE addresses of 11.0.0.0/8, UDP."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    packets = []
    for number in range(LARGE):
        size = 60 + number % 900
        destination = (11 << 24) + number * 5
        ip = struct.pack(">BBHHHBBHII", 0x45, 0, size, number & 0xFFFF, 0, 64, 17, 0,
                         0x0A010004, destination)
        udp = struct.pack(">HHHH", 40000, 443, size - 20, 0)
        packets.append(struct.pack("<IIII", 1789344000 + number // 10, number % 10, 28, size)
                       + ip + udp)
    path.write_bytes(head + b"".join(packets))


def check_plain(check, name, *options):
    page, data, report = check.make(name, *options)
    check.expect(f"{name}: the data is what -T json says", data == report)
    check.expect(f"{name}: nothing is loaded", "http://" not in page.split("<script")[0]
                 and "https://" not in page.split("<script")[0])
    return page


def check_sample(check):
    folder = check.folder / "day"
    make_sample.make(folder)
    check_plain(check, "sample", "--region", "eastus", "--sites", folder / "sites.csv",
                folder / "azure-vm-day.pcap")


def check_hostile(check):
    folder = check.folder
    capture = folder / '"><img src=x onerror=alert(1)>.pcapng'
    make_capture(capture, "--format", "pcapng",
                 f"interface eth0 filter '{MARKUP}'", "10.1.0.4:5000 > 10.9.9.9:443 tcp 500",
                 "10.1.0.4:5000 > 8.8.8.8:443 tcp 700")
    sites = folder / "hostile.csv"
    quoted = MARKUP.replace('"', '""')
    sites.write_text("prefix,class,region,via,payer,label\n"
                     f'10.9.9.0/24,peering,eastus,,both,"{quoted}"\n', encoding="utf-8")
    page = check_plain(check, "hostile", "--region", "eastus", "--sites", sites, capture)
    check.expect("hostile: no markup of others", "<img" not in page)
    check.expect("hostile: two scripts", page.count("<script") == 2, page.count("<script"))
    check.expect("hostile: the label is there", "&lt;img src=x onerror=alert(1)&gt;" in page)


def check_names(check):
    """Nothing of what is no host's name comes out, and of the rest nothing that is not shown."""
    folder = check.folder
    packets, capture = folder / "packets.pcap", folder / f"{TURNED}.pcapng"
    subprocess.run([sys.executable, "-B", HERE.parent / "support/make_hostile_names.py", packets],
                   check=True)
    make_capture(capture, "--format", "pcapng", f"interface eth0 filter '{TURNED}'",
                 "10.1.0.4:5000 > 8.8.8.8:443 tcp 700")
    page = check_plain(check, "names", "--region", "eastus", "--local", "10.1.0.4", capture,
                       packets)
    check.expect("names: the good one is there", "good.example" in page)
    check.expect("names: no other", "evil" not in page and "live.example" not in page)
    check.expect("names: the filter is there", "turned" in page)
    found = sorted({f"U+{ord(letter):04X}" for letter in page if letter in UNSEEN})
    check.expect("names: no letter that is not shown", not found, found)


def check_large(check):
    capture = check.folder / "large.pcap"
    make_large(capture)
    page, data, report = check.make("large", "--region", "eastus", "--local", "10.1.0.4",
                                    capture)
    capture.unlink()
    size = len(page.encode())
    check.expect("large: below 2 MB", size < BYTES_MAX, size)
    rows, rest, totals = data["destinations"], data["rest"], report["totals"]
    check.expect("large: all destinations are in -T json", len(report["destinations"]) == LARGE)
    check.expect("large: rows are the first", rows == report["destinations"][:len(rows)])
    check.expect("large: the rest is counted", len(rows) + rest["rows"] == LARGE)
    for name in ("packets", "ip_bytes", "billable_bytes"):
        check.expect(f"large: {name} add up",
                     sum(row[name] for row in rows) + rest[name] == totals[name])
    check.expect("large: totals are whole", data["totals"] == totals)
    (check.folder / "large.json").write_text(json.dumps(data), encoding="utf-8")


def main(egshark, folder, samples):
    check = Checker(egshark, pathlib.Path(folder))
    for old in check.folder.glob("*.html"):
        old.unlink()
    check_sample(check)
    check_hostile(check)
    check_names(check)
    check_large(check)
    empty = check.folder / "empty.pcap"
    make_capture(empty, "arp")
    check_plain(check, "empty", empty)
    vm = pathlib.Path(samples) / check_azure_vm.CAPTURE
    if samples and vm.is_file():
        check_plain(check, "azure-vm", "--region", "eastus", "--lang", "ja", vm)
    print("\n".join(check.problems) or "every page is as it should be")
    return 1 if check.problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
