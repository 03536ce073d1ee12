#!/usr/bin/env python3
"""What the plugin adds to tshark's dissection.

usage: plugin_overhead.py PLUGIN MAKE_BENCH FOLDER [RUNS]

Makes a capture of 300 MB in FOLDER and runs `tshark -q -z io,stat,0` over it in turn without and
with the plugin, RUNS times (5); prints the medians of the processor time, of the clock, and of the ratio to
the run without it that came before. In a third kind of run the plugin prints its report, too.
"""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "plugin"))

import ordinary_user  # noqa: E402

FRAMES = 420000  # of make_bench: 300 MB


def measure(user, options, capture):
    """Seconds of the processor, and of the clock."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    run = user.run(["tshark", "-n", "-q", *options, "-r", capture])
    elapsed = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode != 0:
        sys.exit(run.stderr.decode())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, elapsed


def main(arguments):
    if len(arguments) not in (4, 5):
        sys.exit(__doc__)
    plugin, make_bench, folder = arguments[1], arguments[2], pathlib.Path(arguments[3]).resolve()
    runs = int(arguments[4]) if len(arguments) == 5 else 5
    folder.mkdir(parents=True, exist_ok=True)
    capture = folder / "plugin.pcap"
    if not capture.exists():
        subprocess.run([make_bench, "-n", str(FRAMES), capture, folder / "plugin.csv"], check=True)
    print(f"{capture.stat().st_size / 1e6:.0f} MB")
    with ordinary_user.OrdinaryUser() as without, ordinary_user.OrdinaryUser(plugin) as with_it:
        kinds = {
            "without": (without, ["-z", "io,stat,0"]),
            "with": (with_it, ["-z", "io,stat,0"]),
            "report": (with_it, ["-z", "io,stat,0", "-z", "egress,totals"]),
        }
        samples = {kind: [] for kind in kinds}
        for _ in range(runs):
            for kind, (user, options) in kinds.items():
                samples[kind].append(measure(user, options, capture))
    for kind, measured in samples.items():
        median = statistics.median(seconds for seconds, _ in measured)
        clock = statistics.median(elapsed for _, elapsed in measured)
        ratio = statistics.median(seconds / base for (seconds, _), (base, _)
                                  in zip(measured, samples["without"]))
        print(f"{kind:8} {median:7.2f} s of the processor, {clock:7.2f} s, {ratio:5.3f}x")


if __name__ == "__main__":
    os.umask(0o022)
    main(sys.argv)
