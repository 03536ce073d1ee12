"""Hosts captured with tcpdump -i any and its like: rules A2 and A3.3.

Each function builds one scenario for a family. "In cooked v1 ..." comments derive from A2.2 and
A3.3: sent frames are told apart by hardware type and link address, received ones not at all, and
frames that are not told apart are copies only with a non-zero IPv4 identification; a frame whose
interface is not known is ingress if its destination is local, else transit.

The IPv6 variant of a host that forwards has some IPv4 traffic too, on each device: inner interfaces
are found by their IPv4 packets (A3.3).
"""

from dataclasses import replace

from devices import FABRIC, Containers, Nic, Pods, Router, Tunnel, loopback
from packets import UDP, Packet, Talk, arp, solicitation
from truth import (BROADCAST, COOKED1, COOKED2, MULTICAST, ON_HOSTS, PCAPNG, RECEIVED, SENT,
                   UNFLAGGED, Capture, Scenario, fate)

HOST = {4: "10.0.0.4", 6: "fd00:1:2::4"}
NEIGHBOR = {4: "10.1.0.9", 6: "fd00:1:3::9"}  # private, beyond the fabric
STORAGE = {4: "20.60.1.4", 6: "2603:1030:402:2::7"}
MIRROR = {4: "151.101.0.223", 6: "2a04:4e42::223"}
CLIENT = {4: "71.191.74.123", 6: "2600:4040:1:2::3"}
RESOLVER = {4: "8.8.8.8", 6: "2001:4860:4860::8888"}
PLATFORM = "168.63.129.16"
METADATA = "169.254.169.254"

MICROSECONDS = 1_000
MILLISECONDS = 1_000_000

SCENARIOS = {}


def scenario(*families):
    def add(function):
        for family in families:
            name = f"{function.__name__}_ipv{family}" if len(families) > 1 else function.__name__
            SCENARIOS[name] = (function, family)
        return function

    return add


def build(name):
    function, family = SCENARIOS[name]
    made = function(family)
    made.name = name
    made.check_itself()
    return made


def everywhere(addresses, formats=ON_HOSTS):
    return {format: set(addresses) for format in formats}


def both(family):
    """The family under test, and IPv4 beside it."""
    return (4,) if family == 4 else (6, 4)


def expect(made, format, **buckets):
    """States a scenario's numbers; they follow from the comment at the call."""
    have = made.frames(format)
    for bucket, count in buckets.items():
        assert have[bucket] == count, (format, bucket, have)
    return made


def vm(accelerated=True):
    capture = Capture()
    nic = Nic(capture)
    return capture, nic.add_vf() if accelerated else nic


@scenario(4, 6)
def an_traffic(family):
    """An accelerated VM's day: DNS and metadata, uploads in super-frames, downloads, a neighbor, a
    client of its own service (whose SYN-ACK has identification 0, as every Linux server's)."""
    capture, nic = vm()
    talk = Talk(1)
    own = HOST[family]
    nic.run(talk.udp(HOST[4], PLATFORM, 53, [40, 45], [120, 200], connected=False))
    nic.run(talk.tcp(HOST[4], METADATA, 80, [200], [900]))
    nic.run(talk.tcp(own, STORAGE[family], 443, [517, 1448, 20000, 64000, 1449], [1448, 300]))
    nic.run(talk.tcp(own, MIRROR[family], 443, [300], [1448] * 5))
    nic.run(talk.tcp(own, NEIGHBOR[family], 5432, [100, 200], [900, 1448]))
    nic.run(talk.tcp(own, CLIENT[family], 22, [600, 80], [40, 40], opened_by_remote=True))
    loopback(capture, Packet("127.0.0.1", "127.0.0.53", UDP, 50000, 53, b"q" * 30))
    formats = ON_HOSTS + (UNFLAGGED,)
    return Scenario("", [capture], formats, local=everywhere({own, HOST[4]}, formats))


@scenario(4, 6)
def an_retransmissions(family):
    """Real retransmissions are packets of their own (A5.3), however soon they come."""
    capture, nic = vm()
    talk = Talk(2)
    first = talk.tcp(HOST[family], STORAGE[family], 443, [1000], [1000])
    nic.run(first[:3])
    sent, received = first[3][1], first[5][1]

    # Sent anew by Linux, with a new identification, 300 us later.
    at = capture.later()
    nic.send(sent, at)
    anew = replace(sent, ident=sent.ident + 1)
    nic.send(anew, at + 300 * MICROSECONDS)
    # The same bytes once more after 300 us (as IPv6 has no identification, and some stacks keep
    # it): the second on eth0 is a packet, though the VF showed one before. Cooked v1 has one
    # device, and must take the second for a copy where there is an identification.
    at = capture.later()
    same = replace(anew, seq=sent.seq + 1000)
    nic.send(same, at)
    nic.send(same, at + 300 * MICROSECONDS, again=True)
    # After 40 ms the window is over, in every format.
    nic.send(same, at + 40 * MILLISECONDS)

    # Received twice on both paths; twice on the synthetic path only; and once on either.
    for seq, paths in ((1000, (False, False)), (2000, (True, True)), (3000, (True, False))):
        at = capture.later(50 * MILLISECONDS)
        packet = replace(received, seq=received.seq + seq, ident=0x7000 + seq)
        nic.receive(packet, at, synthetic=paths[0])
        nic.receive(packet, at + 300 * MICROSECONDS, synthetic=paths[1], again=True)

    made = Scenario("", [capture], ON_HOSTS + (UNFLAGGED,))
    # Sent: SYN and ACK of the handshake, then 2 + 2 + 1. Received: SYN-ACK, then 2 + 2 + 2.
    for format in (COOKED2, PCAPNG, UNFLAGGED):
        # Copies: each sent one on the VF; received: the SYN-ACK's, 2, 0, and 1 of the last pair.
        expect(made, format, egress=7, ingress=7, duplicate=7 + 1 + 2 + 0 + 1)
    if family == 4:
        # Lost: the one sent after 300 us with the same identification, and the second of each pair
        # received. Gained: the SYN-ACK counts twice, as its identification is 0.
        return expect(made, COOKED1, egress=6, ingress=2 + 1 + 1 + 1, duplicate=8 + 3 + 1 + 2)
    # Without identification everything counts as often as it was seen.
    return expect(made, COOKED1, egress=14, ingress=2 + 4 + 2 + 3, duplicate=0)


@scenario(4, 6)
def an_identical_datagrams(family):
    """Two sends of the same bytes on one interface are two packets, whether the copies on the VF
    come between them or after them."""
    capture, nic = vm()
    [(_, datagram)] = Talk(3).udp(HOST[family], STORAGE[family], 514, [200], connected=False)
    at = capture.later()
    nic.send(datagram, at)
    nic.send(datagram, at + 10 * MICROSECONDS)
    at = capture.later()
    nic.send(datagram, at)
    nic.send(datagram, at + 1 * MICROSECONDS)  # before the VF shows the first one
    made = Scenario("", [capture], ON_HOSTS + (UNFLAGGED,))
    # Its identification is 0 in either family: cooked v1 finds no copy.
    expect(made, COOKED1, egress=8, duplicate=0)
    return expect(made, COOKED2, egress=4, duplicate=4)


@scenario(4, 6)
def an_cooked1_limits(family):
    """What cooked v1 cannot tell of an accelerated VM: packets without identification, counted on
    both devices, and a packet that the network delivered twice, taken for a copy."""
    capture, nic = vm()
    talk = Talk(4)
    own, remote = HOST[family], CLIENT[family]
    [(_, query)] = talk.udp(own, RESOLVER[family], 53, [40], connected=False)
    nic.send(query)
    handshake = talk.tcp(own, remote, 443, [], [], opened_by_remote=True)[:3]
    nic.run(handshake)  # SYN received, SYN-ACK sent with identification 0, ACK received
    [(_, twice)] = talk.udp(remote, own, 9000, [300])
    at = capture.later()
    nic.receive(twice, at)
    nic.receive(twice, at + 100 * MICROSECONDS, again=True)
    made = Scenario("", [capture], local=everywhere({own}))
    expect(made, COOKED2, egress=2, ingress=4, duplicate=6)
    if family == 4:
        # Query and SYN-ACK twice each. SYN and ACK once each; of the datagram received twice the
        # first of four sightings.
        return expect(made, COOKED1, egress=4, ingress=3, duplicate=2 + 3)
    return expect(made, COOKED1, egress=4, ingress=8, duplicate=0)


@scenario(4, 6)
def an_vf_removed(family):
    """Host maintenance takes the VF away and brings it back under another index."""
    capture, nic = vm()
    talk = Talk(5)
    own, remote = HOST[family], STORAGE[family]
    nic.run(talk.tcp(own, remote, 443, [1448, 9000], [500]))
    nic.remove_vf()
    nic.run(talk.tcp(own, remote, 443, [1448, 9000], [500]))
    nic.add_vf(index=12)
    nic.run(talk.tcp(own, remote, 443, [1448, 9000], [500]))
    formats = ON_HOSTS + (UNFLAGGED,)
    return Scenario("", [capture], formats, local=everywhere({own}, formats))


@scenario(4, 6)
def an_disordered(family):
    """A program that captures each device by itself writes a packet's frames in any order."""
    capture, nic = vm()
    nic.run(Talk(6).tcp(HOST[family], STORAGE[family], 443, [1448] * 20, [1448] * 20))
    formats = (PCAPNG, UNFLAGGED)
    return Scenario("", [capture], formats, disordered=True,
                    local=everywhere({HOST[family]}, formats))


@scenario(4)
def an_noise(family):
    """What else is on the wire: ARP, DHCP, mDNS, neighbor discovery. Local, never egress; and no
    group address becomes the VM's."""
    capture, nic = vm()
    for device in (nic.device, nic.vf):
        capture.see(capture.later(), device, SENT, arp(device.mac, HOST[4], "10.0.0.1"),
                    device.mac, b"\xff" * 6, fate("not_ip"))
    nic.send(Packet("0.0.0.0", "255.255.255.255", UDP, 68, 67, bytes(300)), bucket="local",
             group=BROADCAST)
    nic.receive(Packet(PLATFORM, HOST[4], UDP, 67, 68, bytes(300), ident=77))
    nic.send(Packet(HOST[4], "224.0.0.251", UDP, 5353, 5353, b"m" * 50, ident=78), bucket="local",
             group=MULTICAST)
    nic.receive(Packet("10.0.0.7", "10.0.0.255", UDP, 138, 138, b"n" * 60, ident=79),
                bucket="local", way=BROADCAST)
    nic.receive(Packet("10.0.0.7", "224.0.0.251", UDP, 5353, 5353, b"o" * 60, ident=80),
                bucket="local", way=MULTICAST)
    nic.send(solicitation(HOST[6], "fd00:1:2::1"), bucket="local", group=MULTICAST)
    nic.send(solicitation("fe80::6245:bdff:fe10:2030", "fd00:1:2::1"), bucket="local",
             group=MULTICAST)
    nic.run(Talk(7).tcp(HOST[4], STORAGE[4], 443, [1000] * 5, [1000] * 5))
    nic.run(Talk(8).tcp(HOST[6], STORAGE[6], 443, [1000] * 5, [1000] * 5))
    return Scenario("", [capture], local=everywhere({HOST[4], HOST[6]}))


@scenario(4, 6)
def own_address(family):
    """A host that talks to its own address does so on its loopback device, inside the host. Cooked
    v1 does not know where it was received, but both ends are local."""
    capture, nic = vm()
    talk = Talk(9)
    own = HOST[family]
    for _, packet in talk.tcp(own, own, 8080, [500] * 3, [900] * 3):
        loopback(capture, packet, "internal")
    nic.run(talk.tcp(own, STORAGE[family], 443, [400] * 9, [1400] * 9))
    formats = (COOKED2, COOKED1, UNFLAGGED)
    return Scenario("", [capture], formats, whole=(COOKED2, UNFLAGGED),
                    local=everywhere({own}, formats))


INNER = {4: ["172.17.0.2", "172.17.0.3"], 6: ["fd00:17::2", "fd00:17::3"]}
ROUTABLE = {4: ["10.0.8.2", "10.0.8.3"], 6: ["fd00:8::2", "fd00:8::3"]}


def containers(family, nat, accelerated=False):
    capture, nic = vm(accelerated)
    talk = Talk(10)
    addresses = INNER if nat else ROUTABLE
    network = Containers(capture, nic, HOST if nat else None)
    for pair in zip(addresses[4], addresses[6]):
        network.add(*pair)
    for each in both(family):
        one, two = addresses[each]
        network.run(talk.tcp(one, STORAGE[each], 443, [517, 1400, 1400], [1400] * 4))
        network.run(talk.tcp(two, MIRROR[each], 443, [300], [1400] * 6))
        network.run(talk.udp(two, RESOLVER[each], 53, [40], [90], connected=False))
        network.run(talk.tcp(one, NEIGHBOR[each], 5432, [100, 90], [200]))
        nic.run(talk.tcp(HOST[each], CLIENT[each], 22, [900] * 3, [40] * 3, opened_by_remote=True))
    own = {HOST[each] for each in both(family)}
    if not nat:
        own |= {address for each in both(family) for address in addresses[each]}
    return capture, network, own


@scenario(4, 6)
def containers_nat(family):
    """Docker's default: seen inside with the container's address, outside with the host's."""
    capture, _, own = containers(family, nat=True)
    return Scenario("", [capture], local=everywhere(own))


@scenario(4, 6)
def containers_nat_accelerated(family):
    capture, _, own = containers(family, nat=True, accelerated=True)
    return Scenario("", [capture], local=everywhere(own))


@scenario(4, 6)
def containers_routable(family):
    capture, _, own = containers(family, nat=False)
    formats = ON_HOSTS + (UNFLAGGED,)
    return Scenario("", [capture], formats, local=everywhere(own, formats))


@scenario(4)
def containers_nat_unflagged(family):
    """Without directions the inside cannot be known for what it is: what NAT changes is counted
    with either address, and the report is double. This is why to capture with directions."""
    capture, _, own = containers(family, nat=True)
    return Scenario("", [capture], (UNFLAGGED,), whole=(),
                    local={UNFLAGGED: own | set(INNER[4])})


@scenario(4)
def containers_among_themselves(family):
    """Bridged from container to container. In cooked v1 the sender's link address looks like an
    uplink of its own, which makes the containers local; nothing becomes egress of it."""
    capture, network, own = containers(family, nat=True)
    for outgoing, packet in Talk(11).tcp(*INNER[4], 6379, [100] * 4, [500] * 4):
        network.between(packet)
    local = everywhere(own)
    local[COOKED1] = own | set(INNER[4])
    return Scenario("", [capture], local=local)


PODS = {4: ["10.244.0.5", "10.244.0.6", "10.244.0.7"], 6: ["fd00:244::5", "fd00:244::6",
                                                         "fd00:244::7"]}
OTHER_NODES_POD = {4: "10.244.1.9", 6: "fd00:244:1::9"}


def node(family, masked, accelerated=False):
    capture, nic = vm(accelerated)
    talk = Talk(12)
    pods = Pods(capture, nic, HOST if masked else None)
    for pair in zip(PODS[4], PODS[6]):
        pods.add(*pair)
    for each in both(family):
        for pod in PODS[each]:
            pods.run(talk.tcp(pod, STORAGE[each], 443, [517, 1400], [1400] * 3), masked)
            pods.run(talk.tcp(pod, OTHER_NODES_POD[each], 8080, [300], [700]))
        for _, packet in talk.tcp(PODS[each][0], PODS[each][1], 8080, [200] * 3, [600] * 3):
            pods.between(packet)
        for outgoing, packet in talk.tcp(HOST[each], PODS[each][2], 8080, [90], [120]):
            (pods.from_node if outgoing else pods.to_node)(packet)
        nic.run(talk.tcp(HOST[each], MIRROR[each], 443, [400] * 2, [1400] * 4))
    own = {HOST[each] for each in both(family)}
    own |= {pod for each in both(family) for pod in PODS[each]}
    return capture, pods, own


@scenario(4, 6)
def node_routable(family):
    """Pods with addresses of the VNet: pod to pod on the node, to another node, to the internet."""
    capture, _, own = node(family, masked=False)
    formats = ON_HOSTS + (UNFLAGGED,)
    return Scenario("", [capture], formats, local=everywhere(own, formats))


@scenario(4, 6)
def node_masked(family):
    """As AKS does: only what goes to the internet gets the node's address."""
    capture, _, own = node(family, masked=True)
    return Scenario("", [capture], local=everywhere(own))


@scenario(4, 6)
def node_accelerated(family):
    capture, _, own = node(family, masked=True, accelerated=True)
    return Scenario("", [capture], local=everywhere(own))


def local_options(addresses):
    return [word for address in sorted(addresses) for word in ("--local", address)]


@scenario(4)
def node_local(family):
    """--local says who the VM is, not which way: what a pod sends leaves by the uplink alone."""
    capture, _, own = node(family, masked=False)
    return Scenario("", [capture], (COOKED2, PCAPNG), options=local_options(own),
                    local=everywhere(own))


@scenario(4)
def node_private_pod(family):
    """A pod that talks to private addresses only, beside others: a database behind a service. Its
    veth never sees a public address, and yet what crosses it is inside the host."""
    capture, pods, own = node(family, masked=False)
    pods.add("10.244.0.8")
    for _ in range(3):
        pods.run(Talk(13).tcp("10.244.0.8", NEIGHBOR[4], 5432, [1000] * 4, [200] * 4))
    return Scenario("", [capture], local=everywhere(own | {"10.244.0.8"}))


@scenario(4)
def node_private_pod_local(family):
    """The same with --local."""
    made = node_private_pod(family)
    made.formats, made.options = (COOKED2, PCAPNG), local_options(made.local[COOKED2])
    return made


@scenario(6)
def containers_ipv6_only(family):
    """Routable containers on a host without any IPv4."""
    capture, nic = vm(accelerated=False)
    talk = Talk(14)
    network = Containers(capture, nic)
    network.add("fd00:8::2")
    network.run(talk.tcp("fd00:8::2", STORAGE[6], 443, [1400] * 4, [1400] * 4))
    nic.run(talk.tcp(HOST[6], MIRROR[6], 443, [400], [1400] * 2))
    return Scenario("", [capture], local=everywhere({"fd00:8::2", HOST[6]}))


VPN_SERVER = {4: "51.158.1.20", 6: "2001:bc8:1:2::20"}
VPN_OWN = {4: "10.8.0.2", 6: "fd00:88::2"}
OFFICE = {4: "192.168.40.9", 6: "fd00:40::9"}


@scenario(4, 6)
def vpn_client(family):
    """All of a host's traffic through WireGuard: one datagram to the server for each packet, and
    that datagram is what is billed."""
    capture, nic = vm(accelerated=False)
    talk = Talk(15)
    own, server = HOST[family], VPN_SERVER[family]
    tunnel = Tunnel(capture, nic, own, server)

    def wrap(outgoing, inner):
        payload = talk.random.randbytes(32 + -(-inner.ip_bytes // 16) * 16)
        ends = (own, server, UDP, 41000, 51820) if outgoing else (server, own, UDP, 51820, 41000)
        return Packet(*ends, payload, ident=talk.ident())

    tunnel.run(talk.tcp(VPN_OWN[family], STORAGE[family], 443, [1300] * 6, [1300] * 3), wrap)
    tunnel.run(talk.tcp(VPN_OWN[family], OFFICE[family], 445, [900] * 3, [1300] * 3), wrap)
    nic.run(talk.udp(HOST[4], PLATFORM, 53, [40], [90], connected=False))
    return Scenario("", [capture], local=everywhere({own, HOST[4]}))


LEGS = {4: ["10.0.1.4", "10.0.2.4"], 6: ["fd00:a::4", "fd00:b::4"]}
BEHIND = {4: ["10.0.2.10", "10.0.2.11"], 6: ["fd00:b::10", "fd00:b::11"]}


def router(family, nat):
    capture = Capture()
    outer = Nic(capture, pads=True)
    inner = Nic(capture, "eth1", 3, "60:45:bd:10:20:31", pads=True)
    legs = {each: LEGS[each][0] for each in (4, 6)}
    box = Router(capture, outer, inner, legs if nat else None)
    talk = Talk(16)
    for each in both(family):
        for behind in BEHIND[each]:
            box.run(talk.tcp(behind, STORAGE[each], 443, [517, 1400, 1400], [1400] * 4))
            box.run(talk.udp(behind, RESOLVER[each], 53, [40], [90], connected=False))
        outer.run(talk.tcp(legs[each], MIRROR[each], 443, [300] * 3, [1400] * 3))
    # Somebody behind it looks at the box itself. The inner leg is inside, by the rule.
    for outgoing, packet in talk.tcp(LEGS[4][1], BEHIND[4][0], 22, [90], [40],
                                     opened_by_remote=True):
        ends = (inner.device.mac, FABRIC) if outgoing else (FABRIC, inner.device.mac)
        capture.see(capture.later(), inner.device, SENT if outgoing else RECEIVED, packet, *ends,
                    fate("internal", cooked1="internal" if outgoing else "transit"))
    own = {legs[each] for each in both(family)}
    if not nat:
        own |= {behind for each in both(family) for behind in BEHIND[each]}
    return Scenario("", [capture], local=everywhere(own))


@scenario(4, 6)
def router_routed(family):
    return router(family, nat=False)


@scenario(4, 6)
def router_nat(family):
    return router(family, nat=True)
