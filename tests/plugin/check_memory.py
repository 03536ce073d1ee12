#!/usr/bin/env python3
"""tshark with the plugin under valgrind or AddressSanitizer: nothing of ours is reported.

usage: check_memory.py valgrind|LIBASAN PLUGIN SAMPLES [COUNT]

Over COUNT (20) captures of SAMPLES tshark shows every field of the plugin, in two passes, and its
statistics. With the path of libasan, PLUGIN is one built with that sanitizer. Wireshark's own
errors and leaks are left out: only what has a function of the plugin on its stack counts.
Exit status 77: SAMPLES is absent.
"""

import concurrent.futures
import csv
import os
import re
import sys
import xml.etree.ElementTree

import ordinary_user

SKIPPED = 77
TSHARK = ("tshark", "-n", "-2", "-V", "-O", "egress", "-z", "egress,totals", "-z",
          "egress,totals,format=json,ip", "-z", "egress,dest", "-z", "egress,class", "-z",
          "egress,service")
ENVIRONMENT = {
    "G_DEBUG": "resident-modules",  # a module that was closed has no names
    "G_SLICE": "always-malloc",
    "WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple",
}


def valgrind_faults(user, capture, name):
    log = user.folder / "home" / f"{name}.xml"
    run = user.run(["valgrind", "--quiet", "--xml=yes", f"--xml-file={log}", "--leak-check=full",
                    "--num-callers=30", *TSHARK, "-r", capture], **ENVIRONMENT)
    if not log.exists():
        return ["valgrind does not start: " + run.stderr.decode(errors="replace")]
    faults = []
    for error in xml.etree.ElementTree.parse(log).getroot().iter("error"):
        frames = [(frame.findtext("obj", ""), frame.findtext("fn", "?"))
                  for frame in error.iter("frame")]
        if any(obj.endswith("/egress.so") for obj, _ in frames):
            what = error.findtext("what") or error.findtext("xwhat/text")
            faults.append(f"{what}: " + " < ".join(function for _, function in frames[:12]))
    return faults


def asan_faults(libasan, user, capture, name):
    log = user.folder / "home" / name
    run = user.run([*TSHARK, "-r", capture], **ENVIRONMENT, LD_PRELOAD=libasan,
                   ASAN_OPTIONS=f"log_path={log}:detect_leaks=1", LSAN_OPTIONS="max_leaks=0",
                   UBSAN_OPTIONS=f"log_path={log}.ub:print_stacktrace=1")
    text = run.stderr.decode(errors="replace")
    for report in log.parent.glob(f"{name}.*"):
        text += report.read_text(errors="replace")
    # A report is a paragraph or more; a leak is one paragraph.
    faults = [part for part in re.split(r"\n\n+", text) if re.search(r"egress\.so|/plugin/", part)]
    if "runtime error" in text or "ERROR: AddressSanitizer" in text:
        faults.append(text[:2000])
    return faults


def pick(samples, count):
    """Captures of every kind, and small: valgrind is slow."""
    with open(os.path.join(samples, "captures.csv"), newline="", encoding="utf-8") as file:
        paths = [row["path"] for row in csv.DictReader(file)
                 if row["file_type"] != "unreadable" and 0 < int(row["frames"]) < 500]
    return paths[:: max(1, len(paths) // count)][:count]


def main(arguments):
    if len(arguments) not in (4, 5):
        sys.exit(__doc__)
    tool, plugin, samples = arguments[1], os.path.abspath(arguments[2]), arguments[3]
    if not os.path.isfile(os.path.join(samples, "captures.csv")):
        print(f"skipped: no captures.csv in '{samples}'")
        return SKIPPED
    captures = pick(samples, int(arguments[4]) if len(arguments) == 5 else 20)
    environment = {} if tool == "valgrind" else {"LD_PRELOAD": tool, "ASAN_OPTIONS": "detect_leaks=0"}
    with ordinary_user.OrdinaryUser(plugin, **environment) as user, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def check(index):
            capture = os.path.join(samples, "captures", captures[index])
            if tool == "valgrind":
                return valgrind_faults(user, capture, f"run{index}")
            return asan_faults(tool, user, capture, f"run{index}")
        results = list(pool.map(check, range(len(captures))))
    for path, faults in zip(captures, results):
        for fault in faults:
            print(f"{path}: {fault}")
    print(f"{len(captures)} captures, {sum(map(bool, results))} with faults")
    return 1 if any(results) else 0


if __name__ == "__main__":
    ordinary_user.run_check(main)
