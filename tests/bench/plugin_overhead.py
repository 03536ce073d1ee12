"""What the plugin adds to tshark's dissection.

`tshark -q -z io,stat,0` runs over a capture of 300 MB in turn without and with the plugin; in a
third kind of run the plugin prints its report, too. The time is the processor's.
"""

import pathlib
import resource
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "plugin"))

import ordinary_user  # noqa: E402


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


def compare(tools, folder, quick, runs):
    """{kind of run: [(seconds of the processor, of the clock)]}"""
    capture = folder / ("quick" if quick else "full") / "plugin.pcap"
    capture.parent.mkdir(parents=True, exist_ok=True)
    capture.parent.chmod(0o755)  # for the ordinary user
    if not capture.exists():
        size = ["-n", "5000", "-f", "700", "-d", "70"] if quick else ["-n", "420000"]
        subprocess.run([tools["make_bench"], *size, capture, capture.with_suffix(".csv")],
                       check=True)  # fmt: skip
    samples = {"without the plugin": [], "with it": [], "with it and its report": []}
    with ordinary_user.OrdinaryUser() as without, \
            ordinary_user.OrdinaryUser(tools["plugin"]) as with_it:
        kinds = list(zip(samples, ((without, ()), (with_it, ()),
                                   (with_it, ("-z", "egress,totals")))))  # fmt: skip
        for _ in range(runs):
            for kind, (user, options) in kinds:
                samples[kind].append(measure(user, ["-z", "io,stat,0", *options], capture))
    return samples
