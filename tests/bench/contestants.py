"""Who is measured, how each is started, and whether its totals are right.

Each that gives bytes or packets of a destination is compared with what the capture's maker counted,
destination by destination.
"""

import csv
import dataclasses
import io
import re
import shutil
import subprocess
import typing

from captures import VM, read_truth


@dataclasses.dataclass
class Contestant:
    name: str
    command: typing.Callable  # of a path
    read: typing.Callable = None  # of the totals' text: what it counted
    expected: typing.Callable = None  # of the truth: the same, as it should be
    totals: typing.Callable = None  # of a path: the command whose output has the totals
    must_be_right: bool = False


# ---- what is right: {what: a tuple of numbers} ----


def by_destination(truth):
    """Packets and bytes to each address, the VM's own included."""
    expected = {address: (row["packets"], row["ip_bytes"]) for address, row in truth.items()}
    for size, vm in VM.items():
        rows = [row for address, row in truth.items() if (":" in address) == (size == 16)]
        into = tuple(sum(row[name] for row in rows)
                     for name in ("ingress_packets", "ingress_ip_bytes"))
        if into[0]:
            expected[vm] = into
    return expected


def both_ways(truth):
    return {address: tuple(row[name] for name in ("packets", "ip_bytes", "ingress_packets",
                                                  "ingress_ip_bytes"))
            for address, row in truth.items()}  # fmt: skip


def frame_bytes(row, way=""):
    return (row[f"{way}ip_bytes"] + 14 * row[f"{way}packets"] + 4 * row[f"{way}vlan_packets"])


def frames_of_ipv4(truth):
    """As tshark counts: frames, with the link layer's bytes."""
    return {address: (row["packets"], frame_bytes(row), row["ingress_packets"],
                      frame_bytes(row, "ingress_"))
            for address, row in truth.items() if ":" not in address}  # fmt: skip


def frames_in_all(truth):
    return {"all": (sum(row["packets"] + row["ingress_packets"] for row in truth.values()),
                    sum(frame_bytes(row) + frame_bytes(row, "ingress_") for row in
                        truth.values()))}  # fmt: skip


# ---- what each says ----


def read_tally(text):
    rows = (line.split(",") for line in text.splitlines())
    return {address: (int(packets), int(size)) for address, packets, size in rows}


def read_egshark(text):
    return {row["address"]: tuple(int(row[name]) for name in (
                "packets", "ip_bytes", "ingress_packets", "ingress_ip_bytes"))
            for row in csv.DictReader(io.StringIO(text))}  # fmt: skip


def read_tshark(text):
    """Versions from 4.2 on print bytes in units: then the packets alone are compared."""
    got = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) < 7 or not re.match(r"\d+\.\d+\.\d+\.\d+$", words[0]) or words[0] == VM[4]:
            continue
        exact = len(words) == 7
        numbers = [int(word) for word in words[1:] if word.isdigit()]
        got[words[0]] = (numbers[4], numbers[5], numbers[2], numbers[3]) if exact else None
    if None in got.values():
        raise Skip("totals in units, not compared")
    return got


def read_capinfos(text):
    packets = re.search(r"Number of packets:\s+(\d+)", text)
    size = re.search(r"Data size:\s+(\d+) bytes", text)
    return {"all": (int(packets[1]), int(size[1]))}


def read_nfdump(text):
    rows = (row for row in csv.reader(io.StringIO(text)) if len(row) >= 10 and row[3] == "any")
    return {row[4]: (int(row[7]), int(row[9])) for row in rows}


class Skip(Exception):
    """Why totals were not compared."""


# ---- the contestants ----


def egshark(tools, name, *options):
    command = [tools["egshark"], *options]
    return Contestant(name, lambda path: [*command, path], read_egshark, both_ways,
                      lambda path: [*command, "-T", "csv", "--no-segment", path], True)  # fmt: skip


def nfdump(folder):
    flows = folder / "nfpcapd"
    script = ('rm -rf "$1" && mkdir "$1" && nfpcapd -r "$0" -w "$1" >/dev/null 2>&1 && '
              'nfdump -q -R "$1" -s dstip/bytes -n 0 -o csv')  # fmt: skip
    return Contestant("nfpcapd, nfdump -s dstip/bytes",
                      lambda path: ["sh", "-c", script, path, flows], read_nfdump,
                      by_destination)  # fmt: skip


def loops(tools):
    return [
        Contestant("libpcap loop with a hash", lambda path: [tools["pcap_loop"], path],
                   read_tally, by_destination),
        Contestant("libwiretap loop with a hash", lambda path: [tools["wiretap_loop"], path],
                   read_tally, by_destination),
    ]  # fmt: skip


def peers(folder, missing):
    """Programs that people use; what is not installed goes into `missing`."""
    made = [
        ("capinfos", Contestant("capinfos", lambda path: ["capinfos", path], read_capinfos,
                                frames_in_all, lambda path: ["capinfos", "-M", "-c", "-d", path])),
        ("nfpcapd", nfdump(folder)),
        ("tshark", Contestant("tshark -q -n -z endpoints,ip", lambda path: [
            "tshark", "-q", "-n", "-z", "endpoints,ip", "-r", path], read_tshark, frames_of_ipv4)),
    ]  # fmt: skip
    missing += [program for program, _ in made if not shutil.which(program)]
    return [contestant for program, contestant in made if program not in missing]


def of(capture, tools, folder, missing):
    """The contestants of one capture."""
    cat = Contestant("cat", lambda path: ["cat", path])
    one = egshark(tools, "egshark -n, one thread", "-n", "--threads", "1")
    two = egshark(tools, "egshark -n, two threads", "-n", "--threads", "2")
    if capture == "one":
        return [egshark(tools, "egshark -n", "-n"), egshark(tools, "egshark, with names")]
    if capture == "etl":
        return [cat, one, two]
    if capture == "cooked":
        off = egshark(tools, "egshark -n --dedup off, one thread", "-n", "--threads", "1", "--dedup",
                      "off")  # fmt: skip
        off.must_be_right = False
        return [cat, loops(tools)[0], off, one, two]
    if capture == "snoop":
        bare = Contestant("bare wtap_read() loop", lambda path: [tools["wiretap_loop"], "-b", path])
        return [cat, bare, loops(tools)[1], one]
    names = [egshark(tools, "egshark with names, one thread", "--threads", "1"),
             egshark(tools, "egshark with names, two threads", "--threads", "2")]
    dedup = [egshark(tools, f"egshark -n --dedup on, {number} thread{'s' * (number == 'two')}", "-n",
                     "--threads", count, "--dedup", "on")
             for number, count in (("one", "1"), ("two", "2"))]  # fmt: skip
    made = [cat, *loops(tools), one, two]
    if capture in ("full", "s96"):
        return [*made, *names, *dedup, *peers(folder, missing)]
    return made + dedup if capture == "s96x6" else made


def totals_of(contestant, path, truth):
    """What is to be said of its totals, and whether they are right; None: not compared."""
    if contestant.read is None:
        return "", None
    run = subprocess.run((contestant.totals or contestant.command)(path), stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True, text=True)  # fmt: skip
    try:
        got = contestant.read(run.stdout)
    except Skip as why:
        return str(why), None
    expected = contestant.expected(truth)
    wrong = sum(got.get(key) != expected.get(key) for key in got.keys() | expected.keys())
    if wrong == 0:
        return "right", True
    share = 100 * sum(row[1] for row in got.values()) / sum(row[1] for row in expected.values())
    return f"wrong for {wrong:,}: {share:.1f} % of the bytes", False


def check(capture, path, truth_path, contestants):
    """{name: what is to be said of its totals}; None when one that must be right is not."""
    truth, said, good = read_truth(truth_path), {}, True
    for contestant in contestants:
        said[contestant.name], right = totals_of(contestant, path, truth)
        if right is False and contestant.must_be_right:
            print(f"{capture}: {contestant.name}: totals are {said[contestant.name]}")
            good = False
    return said if good else None
