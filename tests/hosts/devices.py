"""What a Linux host's devices show of the packets that cross them.

As packet(7) sockets see it: a sent packet is seen by each device that transmits it, a received
one by each device that takes it in (an rx handler such as netvsc's or a bridge's hands it on after
it was seen, and with the time it was first stamped). Every method writes the sightings of one
packet, with the bucket each belongs in. Containers, bridge and loopback are as a Linux kernel
showed them to dumpcap -i any in network namespaces (real_host.py does so again); accelerated
networking is after drivers/net/hyperv/netvsc_drv.c.
"""

from dataclasses import replace

from packets import mac
from truth import (BROADCAST, LOOPBACK, MULTICAST, NONE, OTHER_HOST, RECEIVED, SENT, Device,
                   fate)

FABRIC = mac("12:34:56:78:9a:bc")  # every Azure VM's next hop
GROUP_MACS = {BROADCAST: mac("ff:ff:ff:ff:ff:ff"), MULTICAST: mac("01:00:5e:00:00:fb")}
HOP = 2_000  # ns from device to device


def told_apart_by_ident(packet, else_bucket):
    """Cooked v1 cannot tell the two devices apart: a copy needs an identification (A2.2)."""
    return "duplicate" if packet.family == 4 and packet.ident else else_bucket


class Nic:
    """An uplink; with vf, accelerated networking: the synthetic netvsc device and its virtual
    function have one MAC. Sent packets pass eth0, then the VF. Received ones come in by the VF and
    are handed to eth0, or by the synthetic path, which only eth0 shows (as a new flow's first)."""

    def __init__(self, capture, name="eth0", index=2, link="60:45:bd:10:20:30", gateway=FABRIC,
                 pads=False):
        self.capture = capture
        self.device = Device(name, index, mac(link), pads=pads)
        self.vf = None
        self.gateway = gateway

    def add_vf(self, name="enP1s1", index=3):
        self.vf = Device(name, index, self.device.mac)
        return self

    def remove_vf(self):
        self.vf = None

    def send(self, packet, at=None, bucket="egress", again=False, seen=False, group=None):
        """again: the same bytes crossed within the window, so that cooked v1 takes them for copies
        where they carry an identification. seen: an inner device showed the same packet, which
        matters only where directions are unknown. group: the link-layer destination, if one."""
        capture = self.capture
        at = capture.later() if at is None else at
        destination = GROUP_MACS.get(group, self.gateway)
        cooked1 = told_apart_by_ident(packet, bucket) if again else bucket
        unflagged = "duplicate" if seen else bucket
        capture.see(at, self.device, SENT, packet, self.device.mac, destination,
                    fate(bucket, cooked1=cooked1, unflagged=unflagged))
        if self.vf:
            # The driver may have filled in the checksum on the way to the VF.
            capture.see(at + HOP, self.vf, SENT, replace(packet, checksum_late=False),
                        self.device.mac, destination,
                        fate("duplicate", cooked1=told_apart_by_ident(packet, bucket)))
        if bucket == "egress":
            capture.left.add(packet.destination, packet)

    def receive(self, packet, at=None, bucket="ingress", again=False, synthetic=False,
                way=RECEIVED):
        capture = self.capture
        at = capture.later() if at is None else at
        destination = GROUP_MACS.get(way, self.device.mac)
        first = bucket
        if self.vf and not synthetic:
            cooked1 = told_apart_by_ident(packet, bucket) if again else bucket
            capture.see(at, self.vf, way, packet, self.gateway, destination,
                        fate(bucket, cooked1=cooked1))
            first, again = "duplicate", True
        cooked1 = told_apart_by_ident(packet, bucket) if again else bucket
        # The stack stamps a received packet once: both devices show the same time.
        capture.see(at, self.device, way, packet, self.gateway, destination,
                    fate(first, cooked1=cooked1))
        if bucket == "ingress":
            capture.entered.add(packet.source, packet)

    def run(self, talk):
        for outgoing, packet in talk:
            if outgoing:
                self.send(replace(packet, checksum_late=True))
            else:
                self.receive(packet)


class Containers:
    """Docker's bridge network. A container's packet is seen on its veth as sent to another host
    (its link destination is the bridge's address, not the veth's), on the bridge as received, and
    on the uplink as sent. The reply is sent on the bridge and on the veth, in one frame whose link
    source is the bridge's: cooked v1 sees one device.

    nat maps a family to the host's address; without nat the containers are routable."""

    def __init__(self, capture, nic, nat=None):
        self.capture, self.nic, self.nat = capture, nic, nat
        self.bridge = Device("docker0", 4, mac("02:42:5e:11:22:33"))
        self.veths = {}

    def add(self, *addresses):
        """A container with one address of each family."""
        number = len(self.veths) + 1
        veth = Device(f"veth{number:07x}", 4 + 2 * number, mac(f"9e:00:00:00:00:{number:02x}"))
        inner = mac(f"02:42:ac:11:00:{number + 1:02x}")
        for address in addresses:
            self.veths[address] = (veth, inner)

    def send(self, packet, at=None):
        capture = self.capture
        at = capture.later() if at is None else at
        veth, inner = self.veths[packet.source]
        # Where directions are unknown all of its sightings are copies, unless NAT changes it: then
        # it leaves twice, from either address.
        capture.see(at, veth, OTHER_HOST, packet, inner, self.bridge.mac,
                    fate("internal", cooked1="transit", unflagged="egress"))
        # The flags of pcapng have no "other host", so veth and bridge show the same packet there;
        # in cooked captures the hint differs, and the key with it (A2.2).
        capture.see(at, self.bridge, RECEIVED, packet, inner, self.bridge.mac,
                    fate("internal", cooked1="transit", pcapng="duplicate", unflagged="duplicate"))
        source = self.nat[packet.family] if self.nat else packet.source
        self.nic.send(packet.forwarded(source=source), at + HOP, seen=not self.nat)

    def receive(self, packet, at=None):
        """packet is as its container gets it."""
        capture = self.capture
        at = capture.later() if at is None else at
        outer = self.nat[packet.family] if self.nat else packet.destination
        self.nic.receive(replace(packet, destination=outer), at)
        veth, inner = self.veths[packet.destination]
        packet = packet.forwarded()
        capture.see(at + HOP, self.bridge, SENT, packet, self.bridge.mac, inner,
                    fate("internal", unflagged="ingress" if self.nat else "duplicate"))
        capture.see(at + 2 * HOP, veth, SENT, packet, self.bridge.mac, inner,
                    fate("duplicate", cooked1=told_apart_by_ident(packet, "internal")))

    def between(self, packet, at=None):
        """From container to container, bridged: the bridge device itself shows nothing, and the
        link source stays the sending container's. In cooked v1 that is a device of its own which
        sends a private address's packets: an uplink, and its sources local."""
        at = self.capture.later() if at is None else at
        source_veth, source_mac = self.veths[packet.source]
        veth, inner = self.veths[packet.destination]
        self.capture.see(at, source_veth, OTHER_HOST, packet, source_mac, inner,
                         fate("internal", cooked1="local"))
        self.capture.see(at + HOP, veth, SENT, packet, source_mac, inner,
                         fate("internal", cooked1="local"))

    def run(self, talk):
        for outgoing, packet in talk:
            (self.send if outgoing else self.receive)(packet)


class Pods:
    """Pods of a Kubernetes node, routed: Azure CNI's transparent mode, Calico. Each host-side veth
    has the same link address, and no bridge is in the way."""

    LINK = "aa:aa:aa:aa:aa:aa"

    def __init__(self, capture, nic, nat=None):
        """nat: as for Containers, but only toward public addresses (ip-masq-agent)."""
        self.capture, self.nic, self.nat = capture, nic, nat
        self.veths = {}

    def add(self, *addresses):
        number = len(self.veths) + 1
        veth = Device(f"azv{number:08x}", 10 + number, mac(self.LINK))
        for address in addresses:
            self.veths[address] = (veth, mac(f"d6:00:00:00:00:{number:02x}"))

    def send(self, packet, at=None, masked=False):
        capture = self.capture
        at = capture.later() if at is None else at
        veth, inner = self.veths[packet.source]
        capture.see(at, veth, RECEIVED, packet, inner, veth.mac,
                    fate("internal", cooked1="transit", unflagged="egress"))
        source = self.nat[packet.family] if masked else packet.source
        self.nic.send(packet.forwarded(source=source), at + HOP, seen=not masked)

    def receive(self, packet, at=None, masked=False):
        capture = self.capture
        at = capture.later() if at is None else at
        outer = self.nat[packet.family] if masked else packet.destination
        self.nic.receive(replace(packet, destination=outer), at)
        veth, inner = self.veths[packet.destination]
        capture.see(at + HOP, veth, SENT, packet.forwarded(), veth.mac, inner,
                    fate("internal", unflagged="ingress" if masked else "duplicate"))

    def between(self, packet, at=None):
        """Pod to pod on the node. Cooked v1 does not know where the first was received; but both of
        its ends are local, because both also send on the uplink."""
        capture = self.capture
        at = capture.later() if at is None else at
        veth, inner = self.veths[packet.source]
        capture.see(at, veth, RECEIVED, packet, inner, veth.mac,
                    fate("internal", cooked1="local", unflagged="local"))
        veth, inner = self.veths[packet.destination]
        capture.see(at + HOP, veth, SENT, packet.forwarded(), veth.mac, inner,
                    fate("internal", unflagged="duplicate"))

    def from_node(self, packet):
        """A probe of the kubelet: from the node's own address, on the veth alone."""
        veth, inner = self.veths[packet.destination]
        self.capture.see(self.capture.later(), veth, SENT, packet, veth.mac, inner,
                         fate("internal", unflagged="local"))

    def to_node(self, packet):
        """Its answer; in cooked v1 as in between()."""
        veth, inner = self.veths[packet.source]
        self.capture.see(self.capture.later(), veth, RECEIVED, packet, inner, veth.mac,
                         fate("internal", cooked1="local", unflagged="local"))

    def run(self, talk, masked=False):
        for outgoing, packet in talk:
            (self.send if outgoing else self.receive)(packet, masked=masked)


class Tunnel:
    """A VPN's tun device: raw IP inside, and outside one UDP datagram (WireGuard's 32 bytes of
    header and tag). The outer one is what is billed (A1.2)."""

    def __init__(self, capture, nic, own, peer):
        self.capture, self.nic, self.own, self.peer = capture, nic, own, peer
        self.device = Device("tun0", 9, b"", NONE)

    def run(self, talk, wrap):
        """wrap(outgoing, inner) makes the outer packet."""
        for outgoing, packet in talk:
            at = self.capture.later()
            if outgoing:
                self.capture.see(at, self.device, SENT, packet, b"", b"", fate("internal"))
                self.nic.send(wrap(True, packet), at + HOP)
            else:
                self.nic.receive(wrap(False, packet), at)
                # Cooked v1: received who knows where, and for no address that is local.
                self.capture.see(at + HOP, self.device, RECEIVED, packet, b"", b"",
                                 fate("internal", cooked1="transit"))


class Router:
    """Two legs: what comes in by the inner one leaves by the outer one. nat as for Containers."""

    def __init__(self, capture, outer, inner, nat=None):
        self.capture, self.outer, self.inner, self.nat = capture, outer, inner, nat

    def run(self, talk):
        for outgoing, packet in talk:
            (self._out if outgoing else self._back)(packet)

    def _out(self, packet):
        at = self.capture.later()
        inner = self.inner
        self.capture.see(at, inner.device, RECEIVED, packet, inner.gateway, inner.device.mac,
                         fate("internal", cooked1="transit", unflagged="egress"))
        source = self.nat[packet.family] if self.nat else packet.source
        self.outer.send(packet.forwarded(source=source), at + HOP, seen=not self.nat)

    def _back(self, packet):
        at = self.capture.later()
        outer = self.nat[packet.family] if self.nat else packet.destination
        self.outer.receive(replace(packet, destination=outer), at)
        inner = self.inner
        self.capture.see(at + HOP, inner.device, SENT, packet.forwarded(), inner.device.mac,
                         inner.gateway,
                         fate("internal", unflagged="ingress" if self.nat else "duplicate"))


def loopback(capture, packet, bucket="local"):
    """libpcap shows a loopback packet once, as received."""
    device = Device("lo", 1, bytes(6), LOOPBACK)
    capture.see(capture.later(), device, RECEIVED, packet, bytes(6), bytes(6),
                fate(bucket, cooked1="local", unflagged="local"))
