"""What was captured where, and what became of it in truth.

A Capture is a list of Sightings: this packet crossed this device at this time in this direction.
Each sighting says the bucket of rule 1.1 its frame belongs in; a capture format that keeps less
(cooked v1 knows no interface, a pcapng without flags no direction) may say another one. A scenario
writes them where the packet is put on the wire, with the reason; nothing here is computed by the
rules under test.

Captures also keep, apart from sightings, the packets that really left and entered the host: where a
format loses nothing, the buckets must come to the same (Scenario.check_itself).
"""

from collections import Counter
from dataclasses import dataclass, field

from packets import Packet

# sll_pkttype of packet(7).
RECEIVED, BROADCAST, MULTICAST, OTHER_HOST, SENT = 0, 1, 2, 3, 4

ETHER, LOOPBACK, NONE = 1, 772, 65534  # ARPHRD_ of linux/if_arp.h

COOKED2, COOKED1, PCAPNG, UNFLAGGED, PCAP = FORMATS = (
    "cooked2", "cooked1", "pcapng", "unflagged", "pcap")

ON_HOSTS = (COOKED2, COOKED1, PCAPNG)
# Formats that lose nothing: direction and interface are both known.
WHOLE = (COOKED2, PCAPNG)


@dataclass(frozen=True)
class Device:
    name: str
    index: int
    mac: bytes = b""
    hardware: int = ETHER
    pads: bool = False  # frames come in padded to Ethernet's 60 bytes


def fate(bucket, **but):
    """The bucket in every format; but=bucket for the formats where it is another one."""
    return {format: but.get(format, bucket) for format in FORMATS}


@dataclass(frozen=True)
class Sighting:
    time: int  # ns
    device: Device
    way: int
    packet: object
    link_source: bytes
    link_destination: bytes
    fate: dict


@dataclass
class Side:
    """Sums of one direction, per remote address: packets, ip_bytes, billable_bytes."""

    rows: dict = field(default_factory=dict)

    def add(self, remote, packet):
        row = self.rows.setdefault(remote, [0, 0, 0])
        row[0] += 1
        row[1] += packet.ip_bytes
        row[2] += packet.billable_bytes


class Capture:
    """One input. now moves on with every packet, so that nothing falls together by chance."""

    START = 1_782_000_000_000_000_000

    def __init__(self, name="capture", start=START):
        self.name = name
        self.now = start
        self.sightings = []
        self.left = Side()
        self.entered = Side()

    def later(self, ns=7_000_000):
        self.now += ns
        return self.now

    def see(self, time, device, way, packet, link_source, link_destination, fate):
        self.sightings.append(
            Sighting(time, device, way, packet, link_source, link_destination, fate))


@dataclass
class Scenario:
    name: str
    captures: list
    formats: tuple = ON_HOSTS
    options: list = field(default_factory=list)
    local: dict = None  # format -> set of addresses; None: not looked at
    warnings: list = field(default_factory=list)  # each a text that some warning must have
    whole: tuple = WHOLE  # formats whose rows must be those of the wire
    disordered: bool = False  # frames of one packet may be written in any order
    adds_up: bool = False  # the report is the sum of each capture's own

    def frames(self, format):
        return Counter(s.fate[format] for c in self.captures for s in c.sightings)

    def egress(self, format):
        return self._rows(format, "egress", lambda packet: packet.destination)

    def ingress(self, format):
        return self._rows(format, "ingress", lambda packet: packet.source)

    def _rows(self, format, bucket, remote):
        side = Side()
        for capture in self.captures:
            for sighting in capture.sightings:
                if sighting.fate[format] == bucket:
                    side.add(remote(sighting.packet), sighting.packet)
        return side.rows

    def transit_share(self, format):
        """Of the bytes of all packets that are no copies, rule 3.5."""
        sums = Counter()
        for capture in self.captures:
            for sighting in capture.sightings:
                bucket = sighting.fate[format]
                if isinstance(sighting.packet, Packet) and bucket != "duplicate":
                    sums[bucket] += sighting.packet.ip_bytes
        return sums["transit"] / max(1, sums.total())

    def check_itself(self):
        for format in self.formats:
            if format not in self.whole:
                continue
            for side, rows in (("left", self.egress(format)), ("entered", self.ingress(format))):
                wire = {}
                for capture in self.captures:
                    for remote, row in getattr(capture, side).rows.items():
                        have = wire.setdefault(remote, [0, 0, 0])
                        wire[remote] = [a + b for a, b in zip(have, row)]
                if wire != rows:
                    raise AssertionError(f"{self.name} {format}: {side}: {wire} != {rows}")
