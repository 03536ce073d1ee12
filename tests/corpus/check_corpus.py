#!/usr/bin/env python3
"""Compare egshark with tshark's truth on real captures.

usage: check_corpus.py EGSHARK SAMPLES [PATTERN]

Every capture of SAMPLES/captures.csv is read by EGSHARK with every IP packet counted toward its
destination (rules 1.2 to 1.4, 3.7). Packets and ip_bytes of each destination must be those of
SAMPLES/truth, and the buckets of rule 1.1 must sum to the frames that tshark read. Where a rule
makes the core differ from tshark, exceptions.csv beside this file holds the difference exactly: a
difference that changes is a failure, and so is one that has gone.

PATTERN limits the run to paths that contain it. Exit status 77: SAMPLES is absent.
"""
import concurrent.futures
import csv
import json
import os
import subprocess
import sys

SKIPPED = 77
BUCKETS = ("egress", "ingress", "local", "internal", "transit", "duplicate", "filtered", "not_ip",
           "truncated", "malformed", "unsupported_link")
OPTIONS = ("-T", "json", "--direction", "any", "--dedup", "off")
TIMEOUT_SECONDS = 120


def read_rows(path, delimiter=","):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def truth_of(samples, path):
    """{address: (packets, ip_bytes)} as tshark has it, zero lengths replaced (rule 1.4)."""
    rows = read_rows(os.path.join(samples, "truth", path + ".tsv"), "\t")
    return {row["dst"]: (int(row["packets"]), int(row["ip_bytes_tso"])) for row in rows}


def difference_of(report, truth):
    """What egshark has more (+) or less (-) than the truth: "address packets ip_bytes; ..."."""
    ours = {row["address"]: (row["packets"], row["ip_bytes"]) for row in report["destinations"]}
    parts = []
    for address in sorted(set(ours) | set(truth)):
        packets, ip_bytes = ours.get(address, (0, 0))
        true_packets, true_bytes = truth.get(address, (0, 0))
        if (packets, ip_bytes) != (true_packets, true_bytes):
            parts.append(f"{address} {packets - true_packets:+d} {ip_bytes - true_bytes:+d}")
    return "; ".join(parts)


def frame_faults(frames, expected):
    """Rule 1.1: every frame is in one bucket, and none is lost."""
    total = sum(frames[bucket] for bucket in BUCKETS)
    if total != frames["total"]:
        yield f"the buckets sum to {total}, not to {frames['total']} frames"
    if frames["total"] != expected:
        yield f"{frames['total']} frames, tshark reads {expected}"


def expected_of(capture):
    """Exit status and frames. A Windows trace is read as one, not as the MPEG or WaveAgent file that
    tshark takes it for: those of the samples are whole and hold no packets."""
    if capture["path"].endswith(".etl"):
        return 0, 0
    return 0 if capture["tshark_ok"] == "yes" else 2, int(capture["frames"])


def check(egshark, samples, capture, expected_difference):
    """The faults of one capture, as lines."""
    path = capture["path"]
    readable = capture["file_type"] != "unreadable"
    expected_status, expected_frames = expected_of(capture)
    run = subprocess.run([egshark, *OPTIONS, os.path.join(samples, "captures", path)],
                         stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS,
                         check=False)
    faults = []
    if run.returncode != expected_status:
        message = run.stderr.decode(errors="replace").strip()
        faults.append(f"exit status {run.returncode}, not {expected_status}: {message}")
    if not readable:
        return faults
    try:
        report = json.loads(run.stdout)
    except ValueError as error:
        return faults + [f"the report is not JSON: {error}"]
    faults += frame_faults(report["frames"], expected_frames)
    difference = difference_of(report, truth_of(samples, path))
    if difference != expected_difference:
        faults.append(f"difference '{difference}', not '{expected_difference}'")
    return faults


def announced(captures, exceptions):
    """Exceptions that the samples' own table tells of: IP in containers, IPv6 lengths of 0."""
    return sum(1 for capture in captures if capture["path"] in exceptions
               and (capture["deep_ip_packets"] != "0" or capture["p_flag"] != "0"))


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    egshark, samples = arguments[1:3]
    pattern = arguments[3] if len(arguments) == 4 else ""
    if not os.path.isfile(os.path.join(samples, "captures.csv")):
        print(f"skipped: no captures.csv in '{samples}'")
        return SKIPPED
    captures = [row for row in read_rows(os.path.join(samples, "captures.csv"))
                if pattern in row["path"]]
    here = os.path.dirname(os.path.abspath(__file__))
    exceptions = {row["file"]: row for row in read_rows(os.path.join(here, "exceptions.csv"))}
    faulty = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def run(capture):
            exception = exceptions.get(capture["path"], {"difference": ""})
            return check(egshark, samples, capture, exception["difference"])
        for capture, faults in zip(captures, pool.map(run, captures)):
            faulty += bool(faults)
            for fault in faults:
                print(f"{capture['path']}: {fault}")
    unknown = set(exceptions) - {capture["path"] for capture in captures}
    if unknown and not pattern:
        faulty += len(unknown)
        print("exceptions.csv names captures that are not there:", *sorted(unknown))
    print(f"{len(captures)} captures, {faulty} with faults, {len(exceptions)} exceptions listed, "
          f"{announced(captures, exceptions)} of which captures.csv announces")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
