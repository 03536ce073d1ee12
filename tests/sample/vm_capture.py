"""An Azure VM with accelerated networking as `tcpdump -i any` sees it, and the truth about it.

The VM has loopback, the synthetic NIC eth0 and, behind it, the virtual function enP1s0 of the
physical NIC, which carries eth0's MAC address. A packet that takes the fast path is captured on
both, a few microseconds apart; multicast, broadcast and ARP take the synthetic path only, and so
does everything while the host is serviced and the function is gone.

What is written is a pcap of LINKTYPE_LINUX_SLL2 (https://www.tcpdump.org/linktypes/
LINKTYPE_LINUX_SLL2.html), cut to SNAPLEN as `tcpdump -s` does. The ledger is kept while the packets
are made, from what the VM meant to send, never from the bytes of the file.
"""

import ipaddress
import random
import struct
from collections import defaultdict

SNAPLEN = 320
MTU = 1500
MSS = MTU - 20 - 32  # TCP header with the timestamp option
ETHERNET = 14  # what Azure bills on top of the IP length, rule 5.1

US = 1000
MS = 1000 * US
SECOND = 1000 * MS

LINKTYPE_LINUX_SLL2 = 276
ARPHRD_ETHER, ARPHRD_LOOPBACK = 1, 772
RECEIVED, BROADCAST, MULTICAST, SENT = 0, 1, 2, 4
ETHERTYPE_IPV4, ETHERTYPE_ARP, ETHERTYPE_IPV6 = 0x0800, 0x0806, 0x86DD
ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
FIN, SYN, PSH, ACK = 0x01, 0x02, 0x08, 0x10

LO, ETH0, VF = 1, 2, 3
VM_MAC = bytes.fromhex("000d3a1b2c3d")
FABRIC_MAC = bytes.fromhex("123456789abc")  # answers for every neighbour in Azure


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Packet:
    """An IP packet and what the bill needs of it."""

    def __init__(self, source, destination, protocol, data, l4_header=0, fragment=False):
        self.source, self.destination, self.protocol = source, destination, protocol
        self.data = data
        self.l4_header = l4_header
        self.fragment = fragment

    @property
    def ip_bytes(self):
        return len(self.data)

    def billed(self):
        """(packets, bytes) on the wire: rules 5.1 and 5.2, for headers of 20 bytes."""
        payload = self.ip_bytes - 20 - self.l4_header
        if self.protocol not in (TCP, UDP) or self.fragment or self.ip_bytes <= MTU:
            return 1, ETHERNET + self.ip_bytes
        segments = -(-payload // (MTU - 20 - self.l4_header))
        return segments, payload + segments * (ETHERNET + 20 + self.l4_header)


def ipv4(source, destination, protocol, payload, ident, flags=2, offset=0, **facts):
    """flags: 2 do not fragment, 1 more fragments; offset in bytes."""
    header = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident & 0xFFFF, flags << 13 | offset // 8,
        64, protocol, 0, ipaddress.ip_address(source).packed,
        ipaddress.ip_address(destination).packed)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return Packet(source, destination, protocol, header + payload, **facts)


def ipv6(source, destination, next_header, payload, hop_limit=255):
    header = struct.pack("!IHBB", 6 << 28, len(payload), next_header, hop_limit)
    return Packet(source, destination, next_header, header + ipaddress.ip_address(source).packed
                  + ipaddress.ip_address(destination).packed + payload)


def udp(source, destination, source_port, destination_port, payload, ident=0):
    # A checksum of 0 says "none", RFC 768; what is in it never matters here.
    header = struct.pack("!HHHH", source_port, destination_port, 8 + len(payload), 0)
    return ipv4(source, destination, UDP, header + payload, ident, l4_header=8)


def tcp(source, destination, ports, sequence, acknowledgement, flags, payload, clock, ident):
    """With the timestamp option, and a checksum that offload has not filled in."""
    options = struct.pack("!BBBBII", 1, 1, 8, 10, clock & 0xFFFFFFFF, 0)
    header = struct.pack("!HHIIBBHHH", ports[0], ports[1], sequence & 0xFFFFFFFF,
                         acknowledgement & 0xFFFFFFFF, (20 + len(options)) // 4 << 4, flags,
                         501, 0, 0)
    return ipv4(source, destination, TCP, header + options + payload, ident,
                l4_header=20 + len(options))


class Ledger:
    """The truth, by rules 1.1, 2 and 3: one entry a remote address."""

    def __init__(self):
        self.frames = defaultdict(int)
        self.remotes = defaultdict(lambda: defaultdict(int))
        self.duplicate_bytes = 0
        self.segmentation_bytes = 0

    def outside(self, bucket, remote, packet):
        self.frames[bucket] += 1
        prefix = "" if bucket == "egress" else "ingress_"
        _, billable = packet.billed()
        row = self.remotes[remote]
        row[prefix + "packets"] += 1
        row[prefix + "ip_bytes"] += packet.ip_bytes
        row[prefix + "billable_bytes"] += billable
        if bucket == "egress":
            self.segmentation_bytes += billable - ETHERNET - packet.ip_bytes

    def duplicate(self, packet):
        self.frames["duplicate"] += 1
        self.duplicate_bytes += packet.billed()[1]


class VmCapture:
    """The capture being made; times are ns since 1970."""

    def __init__(self, address, seed):
        self.address = address
        self.ledger = Ledger()
        self.random = random.Random(seed)
        self.records = []
        self.serviced = []  # (from, to): the virtual function is gone

    def _record(self, time, ifindex, packet_type, mac, ethertype, data, hardware=ARPHRD_ETHER):
        header = struct.pack("!HHIHBB8s", ethertype, 0, ifindex, hardware, packet_type, 6, mac)
        self.records.append((time, len(self.records), header + data))

    def _fast_path(self, time):
        return not any(begin <= time < end for begin, end in self.serviced)

    def _both(self, time, first, second, packet_type, mac, packet):
        """The packet on its first device, and, on the fast path, its copy on the second."""
        self._record(time, first, packet_type, mac, ETHERTYPE_IPV4, packet.data)
        if first != second:
            later = time + self.random.randrange(1, 6) * US
            self._record(later, second, packet_type, mac, ETHERTYPE_IPV4, packet.data)
            self.ledger.duplicate(packet)

    def send(self, time, packet):
        """Out: eth0 hands the packet to the virtual function."""
        self.ledger.outside("egress", packet.destination, packet)
        self._both(time, ETH0, VF if self._fast_path(time) else ETH0, SENT, VM_MAC, packet)

    def receive(self, time, packet):
        """In: the virtual function takes the packet, eth0 shows it."""
        self.ledger.outside("ingress", packet.source, packet)
        self._both(time, VF if self._fast_path(time) else ETH0, ETH0, RECEIVED, FABRIC_MAC, packet)

    def neighbours(self, time, packet, packet_type):
        """Multicast or link-local, on the synthetic path: local, rule 3.6."""
        mac = VM_MAC if packet_type == SENT else FABRIC_MAC
        ethertype = ETHERTYPE_IPV6 if packet.data[0] >> 4 == 6 else ETHERTYPE_IPV4
        self._record(time, ETH0, packet_type, mac, ethertype, packet.data)
        self.ledger.frames["local"] += 1

    def arp(self, time, operation, target):
        """operation: 1 the VM asks, 2 the fabric answers. Not IP."""
        ends = [(VM_MAC, self.address), (bytes(6) if operation == 1 else FABRIC_MAC, target)]
        if operation == 2:
            ends.reverse()
        data = struct.pack("!HHBBH", 1, ETHERTYPE_IPV4, 6, 4, operation)
        for mac, address in ends:
            data += mac + ipaddress.ip_address(address).packed
        if operation == 1:
            self._record(time, ETH0, SENT, VM_MAC, ETHERTYPE_ARP, data)
        else:
            self._record(time, ETH0, RECEIVED, FABRIC_MAC, ETHERTYPE_ARP, data)
        self.ledger.frames["not_ip"] += 1

    def loop(self, time, packet, bucket):
        """On lo; libpcap shows the received side only."""
        self._record(time, LO, RECEIVED, bytes(6), ETHERTYPE_IPV4, packet.data, ARPHRD_LOOPBACK)
        self.ledger.frames[bucket] += 1

    def write(self, path):
        """Returns the times of the first and the last frame."""
        self.records.sort()
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAPLEN,
                                   LINKTYPE_LINUX_SLL2))
            for time, _, data in self.records:
                kept = data[:SNAPLEN]
                file.write(struct.pack("<IIII", time // SECOND, time % SECOND // US, len(kept),
                                       len(data)))
                file.write(kept)
        return self.records[0][0], self.records[-1][0]


class Tcp:
    """A connection of the VM. Every step moves `time` on; the receiver acknowledges each second
    segment."""

    def __init__(self, vm, time, peer, ports, opened_by_vm=True, rtt=2 * MS):
        """ports: the VM's, the peer's."""
        self.vm, self.time, self.peer, self.ports, self.rtt = vm, time, peer, ports, rtt
        self.sent = vm.random.getrandbits(32)
        self.received = vm.random.getrandbits(32)
        self.ident = [vm.random.getrandbits(16), vm.random.getrandbits(16)]
        vm.ledger.remotes[peer]["opened_by"] = "vm" if opened_by_vm else "peer"
        first, second = (self._out, self._in) if opened_by_vm else (self._in, self._out)
        first(SYN)
        second(SYN | ACK)
        first(ACK)

    def _out(self, flags, payload=b"", at=None):
        self.time += self.rtt // 20
        packet = tcp(self.vm.address, self.peer, self.ports, at or self.sent, self.received, flags,
                     payload, self.time // MS, self._next_ident(0))
        self.vm.send(self.time, packet)
        if at is None:
            self.sent += len(payload) + (1 if flags & (SYN | FIN) else 0)

    def _in(self, flags, payload=b""):
        self.time += self.rtt // 2 if flags & SYN or not payload else self.rtt // 20
        packet = tcp(self.peer, self.vm.address, self.ports[::-1], self.received, self.sent, flags,
                     payload, self.time // MS, self._next_ident(1))
        self.vm.receive(self.time, packet)
        self.received += len(payload) + (1 if flags & (SYN | FIN) else 0)

    def _next_ident(self, end):
        self.ident[end] += 1
        return self.ident[end]

    def put(self, size, burst=1):
        """The VM sends `size` bytes, in frames of `burst` segments: above 1 they are super-frames
        that the NIC will segment."""
        for number, chunk in enumerate(self._chunks(size, burst * MSS)):
            self._out(PSH | ACK, chunk)
            if number % 2 or burst > 1:
                self._in(ACK)
        self._in(ACK)

    def get(self, size):
        """The peer sends `size` bytes."""
        for number, chunk in enumerate(self._chunks(size, MSS)):
            self._in(PSH | ACK, chunk)
            if number % 2:
                self._out(ACK)
        self._out(ACK)

    def say(self, payload):
        self._out(PSH | ACK, payload)

    def hear(self, payload):
        self._in(PSH | ACK, payload)
        self._out(ACK)

    def put_with_loss(self):
        """One segment that is lost and sent again after a timeout: billed twice, rule 5.3."""
        chunk = self.vm.random.randbytes(MSS)
        lost = self.sent
        self._out(PSH | ACK, chunk)
        self.time += 200 * MS
        self._out(PSH | ACK, chunk, at=lost)
        self._in(ACK)

    def close(self):
        self._out(FIN | ACK)
        self._in(FIN | ACK)
        self._out(ACK)

    def _chunks(self, size, most):
        while size > 0:
            yield self.vm.random.randbytes(min(size, most))
            size -= most
