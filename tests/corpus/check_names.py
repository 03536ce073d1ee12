#!/usr/bin/env python3
"""Names of hosts against tshark's dissection, on real captures.

usage: check_names.py EGSHARK SAMPLES [PATTERN]

tshark reads each packet by itself first, and then puts streams together; it says what the first
packet of a frame goes to. For every readable capture of SAMPLES/captures.csv:
  - every name that egshark gives to a destination, tshark shows in a packet that says so, one way or
    the other;
  - every server name (TLS, QUIC), Host and address of a DNS answer that tshark shows in a frame of
    one IP packet in one piece, one way or the other, egshark gives to the destination, if that is
    one.

And the samples are worth it: each kind of name is found at least as often as MINIMUM says.
PATTERN limits the run to paths that contain it. Exit status 77: SAMPLES is absent.
"""
import collections
import concurrent.futures
import csv
import json
import os
import re
import subprocess
import sys

SKIPPED = 77
MINIMUM = {"tls": 40, "quic": 5, "http": 40, "dns": 100, "dns-cname": 20}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})*")
FIELDS = ("frame.protocols", "ip.dst", "ipv6.dst", "udp.srcport", "tcp.srcport",
          "tls.handshake.extensions_server_name", "quic", "http.host", "http.request.uri",
          "dns.flags.response", "dns.flags.rcode", "dns.qry.name", "dns.resp.name", "dns.a",
          "dns.aaaa", "dns.cname", "dns.ptr.domain_name", "http.request.method",
          "tls.handshake.type", "ip.flags.mf", "_ws.malformed")
Frame = collections.namedtuple("Frame", [field.replace(".", "_").lstrip("_") for field in FIELDS])
TOGETHER = ("tcp.desegment_tcp_streams:TRUE", "tcp.reassemble_out_of_order:TRUE",
            "ip.defragment:FALSE", "ipv6.defragment:FALSE")
OPTIONS = ("tcp.desegment_tcp_streams:FALSE", "tls.desegment_ssl_records:FALSE",
           "tls.desegment_ssl_application_data:FALSE", "http.desegment_headers:FALSE",
           "http.desegment_body:FALSE", "dns.desegment_dns_messages:FALSE",
           "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.analyze_sequence_numbers:FALSE",
           "tcp.relative_sequence_numbers:FALSE")


def host_of(text):
    """The name as egshark writes it; None when it is none."""
    name = text.lower().rstrip(".")
    whole = HOST.fullmatch(name) and len(name) <= 253
    return name if whole and not name.rpartition(".")[2].isdigit() else None


def frames_of(capture, options):
    command = ["tshark", "-n", "-r", capture, "-T", "fields", "-E", "aggregator=|"]
    for option in options:
        command += ["-o", option]
    for field in FIELDS:
        command += ["-e", field]
    run = subprocess.run(command, capture_output=True, check=False)
    for line in run.stdout.decode(errors="replace").splitlines():
        values = line.split("\t")
        if len(values) == len(FIELDS):
            yield Frame(*([word for word in value.split("|") if word] for value in values))


def is_plain(frame):
    """One IP packet in one piece, which tshark reads to its end."""
    if "1" in frame.ip_flags_mf or "True" in frame.ip_flags_mf or frame.ws_malformed or \
            "fraghdr" in frame.frame_protocols[0]:
        return False
    layers = [layer for layer in (frame.frame_protocols or [""])[0].split(":")]
    return layers.count("ip") + layers.count("ipv6") == 1 and \
        len(frame.ip_dst) + len(frame.ipv6_dst) == 1


class Truth:
    """What tshark allows of an address, and what it asks for, by source."""

    def __init__(self):
        self.allowed = collections.defaultdict(set)
        self.wanted = collections.defaultdict(set)

    def say(self, address, source, names, wanted):
        names = {name for name in map(host_of, names) if name}
        self.allowed[address, source] |= names
        if wanted and names:
            self.wanted[address, source] |= names

    def add(self, frame):
        destination = (frame.ip_dst + frame.ipv6_dst + [None])[0]
        plain = is_plain(frame)
        source = "quic" if frame.quic else "tls"
        if frame.tls_handshake_type[:1] == ["1"]:
            self.say(destination, source, frame.tls_handshake_extensions_server_name, plain)
        names = [re.sub(r":\d+$", "", host.strip()) for host in frame.http_host]
        origin = all(uri.startswith("/") for uri in frame.http_request_uri)
        if origin and frame.http_request_uri:
            self.say(destination, "http", names, plain and len(names) == 1 and
                     frame.http_request_method[0] in METHODS)
        self.add_dns(frame, plain)

    def add_dns(self, frame, plain):
        names = frame.dns_qry_name + frame.dns_resp_name + frame.dns_cname
        for address in frame.dns_a + frame.dns_aaaa:
            for source in ("dns", "mdns", "dns-cname"):
                self.say(address, source, names, False)
        asked = frame.dns_qry_name
        if plain and len(asked) == 1 and frame.dns_flags_response in (["1"], ["True"]) and \
                frame.dns_flags_rcode == ["0"] and "53" in frame.udp_srcport:
            if frame.dns_resp_name and frame.dns_resp_name[0].lower() == asked[0].lower():
                for address in frame.dns_a + frame.dns_aaaa:
                    self.wanted[address, "dns"]  # some name of that source

    def faults(self, rows, found):
        for row in rows:
            names = collections.defaultdict(set)
            for entry in row["names"]:
                names[entry["source"]].add(entry["name"])
                found[entry["source"]] += 1
            for source, given in names.items():
                if source in ("file", "dns-ptr"):
                    continue
                extra = given - self.allowed[row["address"], source]
                if extra:
                    yield f"{row['address']}: no packet of tshark's has {source} {sorted(extra)}"
            for (address, source), wanted in list(self.wanted.items()):
                if address != row["address"] or row["names_cut"]:
                    continue
                missing = wanted - names[source]
                if missing or not names[source]:
                    yield f"{address}: {source} {sorted(missing)} is missing"


def check(egshark, capture):
    """The faults of one capture, as lines, and how many names of each source it has."""
    found = collections.Counter()
    run = subprocess.run([egshark, "-q", "-T", "json", "--direction", "any", "--dedup", "off",
                          capture], capture_output=True, check=False)
    if not run.stdout:
        return ["egshark prints no report: " + run.stderr.decode(errors="replace")], found
    truth = Truth()
    for options in (OPTIONS, TOGETHER):
        for frame in frames_of(capture, options):
            truth.add(frame)
    return list(truth.faults(json.loads(run.stdout)["destinations"], found)), found


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    egshark, samples = map(os.path.abspath, arguments[1:3])
    pattern = arguments[3] if len(arguments) == 4 else ""
    if not os.path.isfile(os.path.join(samples, "captures.csv")):
        print(f"skipped: no captures.csv in '{samples}'")
        return SKIPPED
    with open(os.path.join(samples, "captures.csv"), newline="", encoding="utf-8") as file:
        paths = [row["path"] for row in csv.DictReader(file)
                 if pattern in row["path"] and row["file_type"] != "unreadable"
                 and not row["path"].endswith(".etl")]
    total, faulty = collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        captures = (os.path.join(samples, "captures", path) for path in paths)
        for path, (faults, found) in zip(paths, pool.map(lambda c: check(egshark, c), captures)):
            total += found
            faulty += bool(faults)
            for fault in faults[:8]:
                print(f"{path}: {fault}")
    print(f"{len(paths)} captures, {faulty} with faults; names: {dict(sorted(total.items()))}")
    few = {source: total[source] for source, least in MINIMUM.items() if total[source] < least}
    if few and not pattern:
        print(f"fewer names than the samples have: {few}")
        return 1
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
