#!/usr/bin/env python3
"""egshark -Y against tshark -Y, and over the fields of the plugin.

usage: check_filter.py EGSHARK PLUGIN [SAMPLES]

- Of real captures from SAMPLES, where it is there, as many packets pass as pass in tshark.
- Where no copies are looked for, `tshark -z egress,totals,FILTER` prints that very report.
- A filter over egress.class reports the packets of that class, whatever the user's own Wireshark is
  set to, but not from standard input.
- Where Wireshark does not load the plugin, that is said.
"""

import concurrent.futures
import csv
import json
import os
import pathlib
import subprocess
import sys

import ordinary_user
from two_faces import comparable

TESTS = pathlib.Path(__file__).resolve().parent.parent
PACKETS = ("egress", "ingress", "local", "internal", "transit", "duplicate")
FILTERS = (
    "tcp",
    "ip && !(tcp.srcport < 1024)",
    "frame.time_delta_displayed > 0.0005",
    'frame.interface_name contains "e"',
    'egress.direction == "egress"',
    "egress.cost > 0 && egress.billable_bytes > 100",
)

# Of vm.txt, from eastus: packets out of each class.
CLASSES = {"internet": 4, "same-region": 2, "inter-continent": 1, "platform": 1, "private": 1}


def frames_of(run):
    if run.returncode != 0:
        raise ValueError(f"egshark ends with {run.returncode}: {run.stderr.decode()}")
    return json.loads(run.stdout)["frames"]


def count_faults(user, egshark, capture):
    for text in FILTERS:
        shown = user.run(["tshark", "-n", "-2", "-r", capture, "-Y", text, "-T", "fields", "-e",
                          "egress.ip_bytes"])
        frames = frames_of(user.run([egshark, "-q", "-T", "json", "-Y", text, capture]))
        passed = sum(frames[bucket] for bucket in PACKETS)
        # What the core takes for no packet is that before it is filtered (rule 1.1).
        packets = len(shown.stdout.split())
        if passed != packets:
            yield f"{capture}: {passed} packets pass '{text}', in tshark {packets}"


def check_counts(user, egshark, samples):
    """On every tenth capture of a size that is worth it."""
    with open(os.path.join(samples, "captures.csv"), newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file)
                if row["tshark_ok"] == "yes" and 20 < int(row["frames"]) < 3000]
    captures = [os.path.join(samples, "captures", row["path"]) for row in rows[::10]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = pool.map(lambda capture: list(count_faults(user, egshark, capture)), captures)
        return [fault for some in faults for fault in some]


def check_statistics(user, egshark):
    """In tshark copies are those of the whole capture, in egshark of what passed (rule 2.2)."""
    folder = user.folder / "sample"
    subprocess.run([sys.executable, TESTS / "sample" / "make_sample.py", folder], check=True,
                   stdout=subprocess.DEVNULL)
    capture = folder / "azure-vm-day.pcap"
    # What was displayed before, a statistic does not know.
    for text in [text for text in FILTERS if "displayed" not in text] + ["arp", "frame.number > 99"]:
        theirs = user.run(["tshark", "-q", "-2", "-o", "egress.dedup:off", "-z",
                           f"egress,totals,format=json,{text}", "-r", capture])
        ours = user.run([egshark, "-q", "--dedup", "off", "-T", "json", "-Y", text, capture])
        if comparable(json.loads(ours.stdout)) != comparable(json.loads(theirs.stdout)):
            yield f"'{text}': egshark -Y and tshark -z differ"


def make_vm(user):
    capture = user.folder / "vm.pcap"
    with open(TESTS / "cli" / "vm.txt", encoding="utf-8") as lines:
        subprocess.run([sys.executable, TESTS / "support" / "make_capture.py", capture],
                       stdin=lines, check=True)
    return str(capture)


def set_preference(user, line):
    folder = user.folder / "home" / ".config" / "wireshark"
    folder.mkdir(parents=True)
    (folder / "preferences").write_text(line + "\n")


def check_fields(user, egshark):
    capture = make_vm(user)
    set_preference(user, "egress.region: westeurope")
    for name, packets in CLASSES.items():
        text = f'egress.class == "{name}" && egress.direction == "egress"'
        frames = frames_of(user.run([egshark, "-T", "json", "--region", "eastus", "-Y", text,
                                     capture]))
        if frames["egress"] != packets or frames["ingress"] != 0:
            yield f"{frames['egress']} packets of class {name}, not {packets}"
    run = user.run([egshark, "-Y", "egress.cost > 0", "-"])
    expected = b"egshark: 'standard input': a filter over fields of egress reads a capture twice"
    if run.returncode != 1 or not run.stderr.startswith(expected):
        yield f"standard input: status {run.returncode}: {run.stderr.decode()}"


def check_without_plugin(egshark):
    with ordinary_user.OrdinaryUser() as user:
        run = user.run([egshark, "-Y", "egress.cost > 0", make_vm(user)])
        if run.returncode != 1 or b"need the plugin egress.so" not in run.stderr:
            yield f"without the plugin: status {run.returncode}: {run.stderr.decode()}"


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    egshark, plugin = (os.path.abspath(path) for path in arguments[1:3])
    samples = arguments[3] if len(arguments) == 4 else ""
    with ordinary_user.OrdinaryUser(plugin, bare=True) as user:
        faults = list(check_statistics(user, egshark)) + list(check_fields(user, egshark))
        faults += check_without_plugin(egshark)
        if samples and os.path.isfile(os.path.join(samples, "captures.csv")):
            faults += check_counts(user, egshark, samples)
    return ordinary_user.tell(faults)


if __name__ == "__main__":
    ordinary_user.run_check(main)
