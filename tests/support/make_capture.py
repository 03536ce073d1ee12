#!/usr/bin/env python3
"""Makes a capture file from a readable description.

    make_capture.py FILE [--format pcap|pcapng] [--link ethernet|user0] [--cut BYTES]
                    [--start TIME] [--vm ADDRESS] [LINE...]

The lines are arguments, or standard input when there are none:

    interface eth0 filter "port 443" drops 3     of a pcapng: the packets below are on it
    10.1.0.4:50000 > 20.150.32.4:443 tcp 1000    payload bytes
    8.8.8.8:53 > 10.1.0.4:40000 udp 90 x3        three of them
    10.1.0.4 > 10.1.0.5 icmp 64
    ... syn | sent | received                    a SYN without ACK; the direction in epb_flags
    ... again                                    the very packet of the line before, seen again
    ... +200                                     200 ms after the one before; else 1 ms
    arp                                          a frame without IP
    # a comment

TIME is of the first frame, 2026-09-14T00:00:00 unless given. What ADDRESS (10.1.0.4) sends has the
VM's MAC as its source, what others send has it as its destination. The same call writes the same
bytes.
"""

import argparse
import pathlib
import shlex
import struct
import sys
from datetime import datetime, timezone

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hosts"))

import packets  # noqa: E402

LINKS = {"ethernet": 1, "user0": 147}
PROTOCOLS = {"tcp": packets.TCP, "udp": packets.UDP, "icmp": packets.ICMP}
VM_MAC = packets.mac("00:0d:3a:00:00:04")
FABRIC_MAC = packets.mac("12:34:56:78:9a:bc")
MILLISECOND = 10**6
SNAPLEN = 262144
SENT, RECEIVED = 2, 1  # epb_flags, bits 0-1


class Interface:
    def __init__(self, words):
        self.name = words[0]
        self.options = dict(zip(words[1::2], words[2::2]))


class Frame:
    def __init__(self, time, interface, data, flags):
        self.time, self.interface, self.data, self.flags = time, interface, data, flags


def split_end(text):
    """'10.1.0.4:443', '[2001:db8::1]:443', '10.1.0.4', '2001:db8::1'."""
    if text.startswith("["):
        address, _, port = text[1:].partition("]:")
        return address, int(port)
    if text.count(":") == 1:
        address, _, port = text.partition(":")
        return address, int(port)
    return text, 0


class Describer:
    """Lines to interfaces and frames, in time."""

    def __init__(self, start, vm):
        self.time, self.vm = start, vm
        self.interfaces, self.frames = [], []
        self.seq = 0

    def read(self, line):
        words = shlex.split(line, comments=True)
        if not words:
            return
        if words[0] == "interface":
            self.interfaces.append(Interface(words[1:]))
        elif words[0] == "arp":
            self.add(packets.arp(VM_MAC, self.vm, "10.1.0.1"), True, 0, MILLISECOND)
        else:
            self.read_packet(words)

    def read_packet(self, words):
        source, arrow, destination, protocol, size, *rest = words
        if arrow != ">":
            sys.exit(f"make_capture.py: not a line of a capture: {words}")
        count, step, flags, syn, new = 1, MILLISECOND, 0, False, 1
        for word in rest:
            if word[0] == "x":
                count = int(word[1:])
            elif word[0] == "+":
                step = int(word[1:]) * MILLISECOND
            elif word == "syn":
                syn = True
            elif word == "again":
                new = 0
            else:
                flags = {"sent": SENT, "received": RECEIVED}[word]
        (source, sport), (destination, dport) = split_end(source), split_end(destination)
        for _ in range(count):
            self.seq += new
            self.add(packets.Packet(source, destination, PROTOCOLS[protocol], sport, dport,
                                    payload=bytes(int(size)), ident=self.seq, seq=self.seq,
                                    flags=packets.SYN if syn else packets.ACK),
                     source == self.vm, flags, step)

    def add(self, packet, out, flags, step):
        ends = (FABRIC_MAC, VM_MAC) if out else (VM_MAC, FABRIC_MAC)
        header = ends[0] + ends[1] + struct.pack("!H", packet.ethertype)
        interface = max(0, len(self.interfaces) - 1)
        self.time += step if self.frames else 0
        self.frames.append(Frame(self.time, interface, header + packet.to_bytes(), flags))


def write_pcap(file, described, link, cut):
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, cut, link))
    for frame in described.frames:
        seconds, rest = divmod(frame.time, 10**9)
        kept = frame.data[:cut]
        file.write(struct.pack("<IIII", seconds, rest // 1000, len(kept), len(frame.data)) + kept)


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def write_pcapng(file, described, link, cut):
    """https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-01.html"""
    file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
    interfaces = described.interfaces or [Interface(["eth0"])]
    for interface in interfaces:
        options = option(2, interface.name.encode()) + option(9, b"\x09")
        if "filter" in interface.options:
            options += option(11, b"\0" + interface.options["filter"].encode())
        file.write(block(1, struct.pack("<HHI", link, 0, cut) + options + option(0, b"")))
    for frame in described.frames:
        kept = frame.data[:cut]
        body = struct.pack("<IIIII", frame.interface, frame.time >> 32, frame.time & 0xFFFFFFFF,
                           len(kept), len(frame.data)) + kept + bytes(-len(kept) % 4)
        if frame.flags:
            body += option(2, struct.pack("<I", frame.flags)) + option(0, b"")
        file.write(block(6, body))
    for number, interface in enumerate(interfaces):
        if "drops" in interface.options:
            counters = option(5, struct.pack("<Q", int(interface.options["drops"])))
            file.write(block(5, struct.pack("<III", number, 0, 0) + counters + option(0, b"")))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("lines", nargs="*")
    parser.add_argument("--format", choices=("pcap", "pcapng"), default="pcap")
    parser.add_argument("--link", choices=LINKS, default="ethernet")
    parser.add_argument("--cut", type=int, default=SNAPLEN)
    parser.add_argument("--start", default="2026-09-14T00:00:00")
    parser.add_argument("--vm", default="10.1.0.4")
    options = parser.parse_intermixed_args()
    start = datetime.fromisoformat(options.start).replace(tzinfo=timezone.utc)
    described = Describer(int(start.timestamp()) * 10**9, options.vm)
    for line in options.lines or sys.stdin:
        described.read(line)
    write = {"pcap": write_pcap, "pcapng": write_pcapng}[options.format]
    with open(options.file, "wb") as file:
        write(file, described, LINKS[options.link], options.cut)


if __name__ == "__main__":
    main()
