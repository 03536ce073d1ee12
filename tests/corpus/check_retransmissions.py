#!/usr/bin/env python3
"""What was sent again, by the rule of docs/findings.md and by tshark, on real captures.

usage: check_retransmissions.py EGSHARK SAMPLES

tshark gives sequence numbers, lengths and its own opinion of each segment. Of what it gives, the
rule is worked out here once more, with sets of bytes of any size, and has to come to the packets and
bytes of egshark's finding. And the two opinions are compared, segment by segment:
  - what the rule counts, tshark calls a retransmission (fast, spurious or not), or out of order;
  - what tshark calls a retransmission and the rule does not count has bytes that the capture shows
    for the first time: they filled a gap, lay in front of all that was captured, or were new.
How many there are of each is printed. Captures: those of the list below, with directions that are
inferred. Exit status 77: SAMPLES is absent.
"""
import collections
import json
import os
import subprocess
import sys

SKIPPED = 77
CAPTURES = """ntop__nDPI/tests/cfgs/default/pcap/alexa-app.pcapng
ntop__nDPI/tests/cfgs/default/pcap/gnutella.pcap
ntop__nDPI/tests/cfgs/default/pcap/wechat.pcap
ntop__nDPI/tests/cfgs/default/pcap/1kxun.pcap
ntop__nDPI/tests/cfgs/default/pcap/webex.pcap
ntop__nDPI/tests/cfgs/default/pcap/zoom.pcap
ntop__nDPI/tests/cfgs/default/pcap/teams.pcap
OISF__suricata-verify/tests/tls/tls-subjectaltname/input.pcap""".split()
FIELDS = ("ip.src", "ip.dst", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.len", "tcp.flags",
          "ip.len", "tcp.hdr_len", "tcp.analysis.retransmission",
          "tcp.analysis.fast_retransmission", "tcp.analysis.spurious_retransmission",
          "tcp.analysis.out_of_order")
LINK = 14
FIN, SYN, RST = 1, 2, 4
MINIMUM = 100  # segments that were sent again, in all captures


def segments_of(capture):
    command = ["tshark", "-n", "-r", capture, "-Y", "tcp && ip && !icmp && ip.frag_offset == 0",
               "-T", "fields", "-E", "occurrence=f", "-o", "tcp.relative_sequence_numbers:FALSE",
               "-o", "tcp.desegment_tcp_streams:FALSE"]
    for field in FIELDS:
        command += ["-e", field]
    run = subprocess.run(command, capture_output=True, check=False, text=True, errors="replace")
    for line in run.stdout.splitlines():
        values = dict(zip(FIELDS, line.split("\t")))
        if values["tcp.seq_raw"]:
            yield values


class Stream:
    """One direction between two ports."""

    def __init__(self):
        self.sent, self.syn, self.top = set(), None, 0

    def send(self, sequence, payload, flags):
        """How much was sent before: (all of it, bytes of its payload)."""
        if flags & RST or not (payload or flags & (SYN | FIN)):
            return False, 0
        if not self.sent or (flags & SYN and self.syn != sequence):
            self.sent, self.syn = set(), sequence if flags & SYN else None
            self.top = sequence
        elif payload == 1 and not flags & (SYN | FIN) and sequence + 1 == self.top:
            return False, 0  # a keep-alive
        syn, fin = bool(flags & SYN), bool(flags & FIN)
        numbers = range(sequence, sequence + payload + syn + fin)
        data = range(sequence + syn, sequence + syn + payload)
        whole = all(number in self.sent for number in numbers)
        part = sum(number in self.sent for number in data)
        self.sent.update(numbers)
        self.top = max(self.top, numbers.stop)
        return whole, part


def finding_of(egshark, capture):
    run = subprocess.run([egshark, "-T", "json", "-n", "--retransmissions", "--dedup", "off",
                          "--no-segment", capture], capture_output=True, check=True)
    report = json.loads(run.stdout)
    found = [it for it in report["findings"] if it["id"] == "retransmissions"]
    return found[0]["evidence"], set(report["assumptions"]["local"])


def check(egshark, capture, counts):
    evidence, local = finding_of(egshark, capture)
    streams = collections.defaultdict(Stream)
    packets = billable = 0
    for it in segments_of(capture):
        if it["ip.src"] not in local or it["ip.dst"] in local:
            continue
        key = it["ip.src"], it["ip.dst"], it["tcp.srcport"], it["tcp.dstport"]
        whole, part = streams[key].send(int(it["tcp.seq_raw"]), int(it["tcp.len"]),
                                        int(it["tcp.flags"], 0))
        again = any(it[f"tcp.analysis.{word}retransmission"] for word in ("", "fast_", "spurious_"))
        late = bool(it["tcp.analysis.out_of_order"])
        counts["both"] += whole and again
        counts["out of order by tshark"] += whole and late and not again
        counts["tshark alone: shows bytes for the first time"] += again and not whole
        if whole and not again and not late:
            counts["egshark alone"] += 1
            print(f"{capture}: only egshark has {it}")
        packets += whole
        billable += LINK + int(it["ip.len"]) if whole else part
    got = evidence["packets"], evidence["billable_bytes"]
    if got == (packets, billable):
        return True
    print(f"{capture}: egshark says {got}, the rule {(packets, billable)}")
    return False


def main():
    egshark, samples = sys.argv[1:]
    if not samples or not os.path.isdir(samples):
        return SKIPPED
    counts = collections.Counter()
    good = True
    for capture in CAPTURES:
        good &= check(egshark, os.path.join(samples, "captures", capture), counts)
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    if counts["both"] < MINIMUM:
        print("too few segments were sent again: nothing was compared")
        return 1
    return 0 if good and not counts["egshark alone"] else 1


if __name__ == "__main__":
    sys.exit(main())
