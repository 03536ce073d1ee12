#!/usr/bin/env python3
"""egshark -i on a real kernel: traffic that this makes is counted to the byte.

    check_live.py EGSHARK TEST

The truth is what the kernel counted on the VM's wire, and the sizes of what was sent. Exit status 77
where there are no network namespaces.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from network import REMOTES, VM, Network, counter, run_tests, send_datagrams, send_stream

NOBODY = 65534


class Capture:
    """egshark -T json -i ..., from the moment on in which it captures."""

    def __init__(self, program, *arguments, wrapper=()):
        self.process = subprocess.Popen([*wrapper, program, "-T", "json", *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = self.process.stderr.readline()
        assert self.said.startswith("egshark: capturing on "), self.said

    def end(self, number=signal.SIGINT):
        if number:
            self.process.send_signal(number)
        output, said = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, (self.process.returncode, said)
        assert said == "", said
        return json.loads(output)


def billed(report):
    return {row["address"]: row["billable_bytes"] for row in report["destinations"]
            if row["billable_bytes"]}


def counters():
    return {name: counter(name) for name in ("tx_bytes", "tx_packets", "rx_bytes", "rx_packets")}


def traffic():
    """Returns the exact bytes to the second remote; the first one gets a stream."""
    send_stream(REMOTES[0], 300_000)
    return send_datagrams(REMOTES[1], 40, 1000) + send_datagrams(REMOTES[1], 7, 3)


def same(what, have, expected):
    if have != expected:
        sys.exit(f"{what}: {have}, expected {expected}")


def check_bytes(program, interface):
    before = counters()
    capture = Capture(program, "-i", interface, "--direction", "egress")
    datagrams = traffic()
    report = capture.end()
    moved = {name: value - before[name] for name, value in counters().items()}
    have = billed(report)
    same("to the second remote", have[REMOTES[1]], datagrams)
    same("to the first remote", have[REMOTES[0]], moved["tx_bytes"] - datagrams)
    same("destinations", set(have), set(REMOTES))
    same("sent", report["frames"]["egress"], moved["tx_packets"])
    same("received", report["frames"]["ingress"], moved["rx_packets"])
    ingress = sum(row["ingress_ip_bytes"] for row in report["destinations"])
    same("received bytes", ingress + 14 * moved["rx_packets"], moved["rx_bytes"])
    same("local", report["assumptions"]["local"], [VM])
    same("how it was found", report["assumptions"]["local_source"], "hints")
    same("unread frames", report["frames"]["truncated"] + report["frames"]["malformed"], 0)
    (source,) = report["inputs"]
    same("input", (source["path"], source["drops"], source["truncated_file"],
                   source["capture_filter"]), (interface, 0, False, None))
    return report


def of_a_device_is_counted_to_the_byte(program):
    Network()
    same("copies", check_bytes(program, "eth0")["frames"]["duplicate"], 0)


def of_a_bridge_and_its_port_is_counted_once(program):
    Network(bridge=True)
    report = check_bytes(program, "any")
    moved = report["frames"]["egress"] + report["frames"]["ingress"]
    same("copies", report["frames"]["duplicate"], moved)


def goes_on_until_a_duration(program):
    Network()
    start = time.monotonic()
    capture = Capture(program, "-i", "eth0", "-a", "duration:1.5")
    expected = send_datagrams(REMOTES[1], 3, 100)
    have = billed(capture.end(None))
    took = time.monotonic() - start
    same("bytes", have, {REMOTES[1]: expected})
    if not 1.5 <= took < 4:
        sys.exit(f"a capture of 1.5 s took {took} s")


def of_the_last_moment_is_counted(program):
    """What was sent right before the end is still on its way through the kernel's ring."""
    Network()
    for _ in range(5):
        capture = Capture(program, "-i", "eth0")
        expected = send_datagrams(REMOTES[0], 20, 1200)
        same("bytes", billed(capture.end(signal.SIGTERM)), {REMOTES[0]: expected})


def ends_after_a_number_of_packets(program):
    Network()
    for option in ("-c5", "-apackets:5"):
        capture = Capture(program, "-i", "eth0", option)
        send_datagrams(REMOTES[1], 9, 100)
        report = capture.end(None)
        same("frames", report["frames"]["total"], 5)
        same("bytes", billed(report), {REMOTES[1]: 5 * 142})


def is_kept_as_a_file(program):
    """The file reads into the report that was made while it was written."""
    Network()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept.pcapng"
        kept.write_text("an old file")
        writes = "-i", "any", "-w", str(kept), "--write", "all"
        capture = Capture(program, *writes)
        expected = traffic()
        same("while it is written", kept.read_text(), "an old file")
        report = capture.end()
        same("to the second remote", billed(report)[REMOTES[1]], expected)
        read = json.loads(subprocess.run([program, "-T", "json", kept], check=True,
                                         capture_output=True).stdout)
        for part in ("frames", "totals", "classes", "destinations", "assumptions"):
            same(part, read[part], report[part])
        same("drops", read["inputs"][0]["drops"], 0)
        same("format", read["inputs"][0]["format"], "pcapng")
        same("beside it", sorted(Path(folder).iterdir()), [kept])

        egress = Path(folder) / "egress.pcapng"
        subprocess.run([program, kept, "-w", egress], check=True, capture_output=True)
        same("frames of what left", frames_in(program, egress), report["frames"]["egress"])


def ends_with_the_size_of_its_file(program):
    """5,000 bytes, and the packet that passes them: what is in the file is what is reported."""
    Network()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept.pcapng"
        capture = Capture(program, "-i", "eth0", "-w", str(kept), "--write", "all",
                          "-a", "filesize:5")
        send_datagrams(REMOTES[1], 40, 1000)
        report = capture.end(None)
        size, drops = kept.stat().st_size, 100  # at most, of what the section says at its end
        if not 5000 <= size <= 5000 + 1200 + drops:
            sys.exit(f"a file of 5 kB and a packet has {size} bytes")
        same("frames", report["frames"]["total"], frames_in(program, kept))
        if not 3 <= report["frames"]["egress"] <= 6:
            sys.exit(f"frames of 1,042 bytes in 5,000: {report['frames']}")


def frames_in(program, capture):
    run = subprocess.run([program, "-T", "json", capture], check=True, capture_output=True)
    return json.loads(run.stdout)["frames"]["total"]


def is_chosen_by_a_filter(program):
    Network()
    capture = Capture(program, "-i", "eth0", "-f", f"udp and dst host {REMOTES[1]}")
    send_stream(REMOTES[0], 5000)
    send_datagrams(REMOTES[0], 5, 100)
    expected = send_datagrams(REMOTES[1], 5, 100)
    report = capture.end()
    same("bytes", billed(report), {REMOTES[1]: expected})
    same("frames", report["frames"]["total"], 5)
    same("filter", report["inputs"][0]["capture_filter"], f"udp and dst host {REMOTES[1]}")


def has_its_lengths_from_few_bytes(program):
    Network()
    capture = Capture(program, "-i", "eth0", "-s", "64")
    expected = send_datagrams(REMOTES[1], 20, 1400)
    same("bytes", billed(capture.end()), {REMOTES[1]: expected})


def needs_one_capability(program):
    """An ordinary user has it, or is told how to get it."""
    Network()
    setpriv = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in ("egshark", "egshark-capture"):
            shutil.copy(Path(program).parent / name, folder)
        program = str(Path(folder) / "egshark")
        refused = subprocess.run([*setpriv, program, "-i", "eth0"], capture_output=True, text=True)
        same("status", refused.returncode, 2)
        same("report", refused.stdout, "")
        for words in ("CAP_NET_RAW", f"sudo setcap cap_net_raw+ep '{folder}/egshark-capture'"):
            if words not in refused.stderr:
                sys.exit(f"not said: {words}\n{refused.stderr}")
        capture = Capture(program, "-i", "eth0", wrapper=[
            *setpriv, "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw"])
        expected = send_datagrams(REMOTES[1], 5, 100)
        status = Path(f"/proc/{child_of(capture.process.pid)}/status").read_text()
        same("bytes", billed(capture.end()), {REMOTES[1]: expected})
        if "CapEff:\t0000000000000000" not in status:
            sys.exit("the capability is kept while packets are read")


def child_of(number):
    (child,) = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    return child


def has_interfaces_to_list(program):
    Network(bridge=True)
    done = subprocess.run([program, "-D"], capture_output=True, text=True, check=True)
    names = [line.split(" ")[1] for line in done.stdout.splitlines()]
    if not {"eth0", "br0", "any", "lo"} <= set(names):
        sys.exit(f"not listed: {done.stdout}")


def of_an_unknown_interface_is_refused(program):
    Network()
    for arguments, status, words in (
            (["-i", "eth9"], 2, "'eth9': there is no such interface"),
            (["-i", "eth0", "-f", "tcp prot 80"], 1, "'-f': "),
            (["-i", "eth0", "-f", "tcp) or (udp"], 1, "'-f': ")):
        done = subprocess.run([program, *arguments], capture_output=True, text=True)
        same("status", done.returncode, status)
        same("report", done.stdout, "")
        if words not in done.stderr:
            sys.exit(f"not said: {words}\n{done.stderr}")


TESTS = (
    of_a_device_is_counted_to_the_byte, of_a_bridge_and_its_port_is_counted_once,
    goes_on_until_a_duration, of_the_last_moment_is_counted, ends_after_a_number_of_packets,
    is_kept_as_a_file, ends_with_the_size_of_its_file, is_chosen_by_a_filter,
    has_its_lengths_from_few_bytes, needs_one_capability, has_interfaces_to_list,
    of_an_unknown_interface_is_refused)


if __name__ == "__main__":
    run_tests(TESTS)
