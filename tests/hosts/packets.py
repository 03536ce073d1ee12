"""Packets as bytes: IPv4, IPv6, TCP and UDP with right lengths, identifications and checksums.

A Packet is what a host puts on a wire; the bytes are made when a capture is written. Checksums are
those of RFC 1071; `checksum_late` leaves in the L4 checksum what Linux leaves there when the NIC
is to fill it in: the sum of the pseudo header only.
"""

import ipaddress
import random
import struct
from dataclasses import dataclass, replace

ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
IPV4, IPV6, ARP = 0x0800, 0x86DD, 0x0806
ETHERNET_HEADER = 14
MTU = 1500


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def ones_sum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@dataclass(frozen=True)
class Packet:
    """One IP packet. Addresses are text; ident is IPv4's identification (0 with DF is common)."""

    source: str
    destination: str
    protocol: int
    source_port: int = 0
    destination_port: int = 0
    payload: bytes = b""
    ident: int = 0
    ttl: int = 64
    seq: int = 0
    ack: int = 0
    flags: int = ACK
    stamp: int = 0
    checksum_late: bool = False

    @property
    def family(self):
        return 6 if ":" in self.source else 4

    @property
    def ethertype(self):
        return IPV6 if self.family == 6 else IPV4

    @property
    def ip_header_bytes(self):
        return 40 if self.family == 6 else 20

    @property
    def upper_header_bytes(self):
        """TCP carries the timestamp option, as on every Linux and Windows host of today."""
        return {TCP: 32, UDP: 8}.get(self.protocol, 0)

    @property
    def ip_bytes(self):
        return self.ip_header_bytes + self.upper_header_bytes + len(self.payload)

    @property
    def billable_bytes(self):
        """Rule 5.1 on Azure, the Ethernet frame without FCS; rule 5.2 for a super-frame."""
        headers = self.ip_header_bytes + self.upper_header_bytes
        count = 1
        if self.ip_bytes > MTU and self.protocol in (TCP, UDP):
            count = -(-len(self.payload) // (MTU - headers))
        return len(self.payload) + count * (ETHERNET_HEADER + headers)

    def forwarded(self, **changes):
        """The packet one router further on; changes are those of a NAT."""
        return replace(self, ttl=self.ttl - 1, **changes)

    def to_bytes(self):
        upper = self._upper()
        source = ipaddress.ip_address(self.source).packed
        destination = ipaddress.ip_address(self.destination).packed
        if self.family == 6:
            header = struct.pack("!IHBB", 6 << 28, len(upper), self.protocol, self.ttl)
            return header + source + destination + upper
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(upper), self.ident, 0x4000, self.ttl,
                             self.protocol, 0) + source + destination
        checksum = struct.pack("!H", 0xFFFF ^ ones_sum(header))
        return header[:10] + checksum + header[12:] + upper

    def _upper(self):
        if self.protocol == TCP:
            options = struct.pack("!BBBBII", 1, 1, 8, 10, self.stamp, 0)
            header = struct.pack("!HHIIBBHHH", self.source_port, self.destination_port, self.seq,
                                 self.ack, 8 << 4, self.flags, 64240, 0, 0)
            return self._with_checksum(header + options + self.payload, 16)
        if self.protocol == UDP:
            header = struct.pack("!HHHH", self.source_port, self.destination_port,
                                 8 + len(self.payload), 0)
            return self._with_checksum(header + self.payload, 6)
        return self._with_checksum(self.payload, 2)

    def _with_checksum(self, upper, offset):
        pseudo = b""
        if self.protocol != ICMP:
            pseudo = (ipaddress.ip_address(self.source).packed +
                      ipaddress.ip_address(self.destination).packed +
                      struct.pack("!II", len(upper), self.protocol))
        if self.checksum_late:
            value = ones_sum(pseudo)
        else:
            value = 0xFFFF ^ ones_sum(pseudo + upper)
            if self.protocol == UDP and value == 0:
                value = 0xFFFF
        return upper[:offset] + struct.pack("!H", value) + upper[offset + 2:]


@dataclass(frozen=True)
class Other:
    """A frame that carries no IP."""

    ethertype: int
    body: bytes

    def to_bytes(self):
        return self.body


def arp(sender_mac, sender, target):
    """An ARP request, RFC 826."""
    body = struct.pack("!HHBBH", 1, IPV4, 6, 4, 1) + sender_mac
    body += ipaddress.ip_address(sender).packed + bytes(6) + ipaddress.ip_address(target).packed
    return Other(ARP, body)


def solicitation(source, target):
    """An IPv6 neighbor solicitation to the solicited-node group, RFC 4861."""
    packed = ipaddress.ip_address(target).packed
    group = str(ipaddress.ip_address(bytes.fromhex("ff0200000000000000000001ff") + packed[13:]))
    body = struct.pack("!BBHI", 135, 0, 0, 0) + packed
    return Packet(source, group, ICMP6, payload=body, ttl=255)


class Talk:
    """Conversations: lists of (outgoing, packet) in the order they happen.

    Identifications are as Linux chooses them: counted from a random start by each connected
    socket, 0 in a SYN-ACK and in a datagram of an unconnected socket, because DF is set.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.port = 32768 + self.random.randrange(1000)

    def ident(self):
        return self.random.randrange(1, 0x10000)

    def tcp(self, local, remote, port, out, back, opened_by_remote=False):
        """One connection to (or from a remote client of) a service port; out and back are lists of
        payload sizes."""
        self.port += 1
        ports = (port, self.port) if opened_by_remote else (self.port, port)
        ours = _Side(self, local, remote, ports)
        theirs = _Side(self, remote, local, ports[::-1])
        opener, server = (theirs, ours) if opened_by_remote else (ours, theirs)
        steps = [(opener, opener.segment(server, flags=SYN)),
                 (server, server.segment(opener, flags=SYN | ACK, ident=0)),
                 (opener, opener.segment(server))]
        out, back = list(out), list(back)
        while out or back:
            if out:
                steps.append((ours, ours.segment(theirs, size=out.pop(0), flags=PSH | ACK)))
                steps.append((theirs, theirs.segment(ours)))
            if back:
                steps.append((theirs, theirs.segment(ours, size=back.pop(0), flags=PSH | ACK)))
                steps.append((ours, ours.segment(theirs)))
        for one, two in ((opener, server), (server, opener)):
            steps.append((one, one.segment(two, flags=FIN | ACK)))
        steps.append((opener, opener.segment(server)))
        return [(side is ours, packet) for side, packet in steps]

    def udp(self, local, remote, port, out, back=(), connected=True):
        self.port += 1
        steps = []
        for index in range(max(len(out), len(back))):
            for outgoing, sizes in ((True, out), (False, back)):
                if index >= len(sizes):
                    continue
                ends = (local, remote) if outgoing else (remote, local)
                ports = (self.port, port) if outgoing else (port, self.port)
                ident = self.ident() if connected else 0
                steps.append((outgoing, Packet(*ends, UDP, *ports, ident=ident,
                                               payload=self.random.randbytes(sizes[index]))))
        return steps


class _Side:
    def __init__(self, talk, own, peer, ports):
        self.talk, self.own, self.peer, self.ports = talk, own, peer, ports
        self.seq = talk.random.randrange(1 << 32)
        self.ident = talk.random.randrange(1, 0x8000)

    def segment(self, other, size=0, flags=ACK, ident=None):
        if ident is None:
            self.ident += 1
            ident = self.ident
        packet = Packet(self.own, self.peer, TCP, *self.ports, flags=flags, ident=ident,
                        seq=self.seq, ack=other.seq if flags & ACK else 0,
                        stamp=self.talk.random.randrange(1 << 32),
                        payload=self.talk.random.randbytes(size))
        self.seq = (self.seq + size + (1 if flags & (SYN | FIN) else 0)) & 0xFFFFFFFF
        return packet
