"""Captures without directions: tcpdump -i eth0, a mirror port. Rule A3.4; and several captures in
one run, A3.2 and A7.2."""

from devices import FABRIC, Nic
from packets import Talk, mac
from scenarios import CLIENT, HOST, MIRROR, NEIGHBOR, RESOLVER, STORAGE, everywhere, scenario
from truth import COOKED2, PCAP, PCAPNG, RECEIVED, UNFLAGGED, Capture, Device, Scenario, fate

ETH0 = Device("eth0", 2, mac("60:45:bd:10:20:30"))
GATEWAY = mac("00:1b:17:00:01:02")  # of no cloud
ONE_INTERFACE = (PCAP, UNFLAGGED)


class Wire:
    """What one interface shows; ways are not recorded."""

    def __init__(self, name="capture", start=Capture.START):
        self.capture = Capture(name, start)

    def run(self, talk, near=ETH0.mac, far=FABRIC, out="egress", back="ingress"):
        for outgoing, packet in talk:
            ends = (near, far) if outgoing else (far, near)
            bucket = out if outgoing else back
            self.capture.see(self.capture.later(), ETH0, RECEIVED, packet, *ends, fate(bucket))
            if bucket == "egress":
                self.capture.left.add(packet.destination, packet)
            elif bucket == "ingress":
                self.capture.entered.add(packet.source, packet)

    def scenario(self, local, formats=ONE_INTERFACE, **more):
        local = everywhere(local, formats) if local is not None else None
        more.setdefault("whole", formats)
        return Scenario("", [self.capture], formats, local=local, **more)


@scenario(4, 6)
def plain_several_addresses(family):
    """Three addresses of one VM."""
    own = {4: ["10.0.0.4", "10.0.0.5", "10.0.0.6"],
           6: ["fd00:1:2::4", "fd00:1:2::5", "fd00:1:2::6"]}[family]
    wire, talk = Wire(), Talk(20)
    for address in own:
        for remote in (STORAGE, MIRROR, NEIGHBOR):
            wire.run(talk.tcp(address, remote[family], 443, [500] * 3, [1400] * 3))
    return wire.scenario(own)


@scenario(4)
def plain_both_families(family):
    """IPv4 and IPv6 are found by themselves: hardly any IPv6 here, and still its VM is found."""
    wire, talk = Wire(), Talk(21)
    for _ in range(40):
        wire.run(talk.tcp(HOST[4], STORAGE[4], 443, [500] * 3, [1400] * 3))
    wire.run(talk.udp(HOST[6], RESOLVER[6], 53, [40], [90], connected=False))
    return wire.scenario({HOST[4], HOST[6]})


@scenario(4, 6)
def plain_pods_one_server(family):
    """Twenty pods and one private server, which has more packets than any of them. The pods send
    from the one address that is in every frame; the fabric's does not count."""
    pods = [HOST[family][:-1] + str(number) for number in range(40, 60)]
    wire, talk = Wire(), Talk(22)
    for pod in pods:
        wire.run(talk.tcp(pod, NEIGHBOR[family], 5432, [300] * 4, [900] * 4))
    return wire.scenario(pods)


@scenario(4, 6)
def plain_server_public_clients(family):
    wire, talk = Wire(), Talk(23)
    for number in range(200):
        client = f"71.191.{number}.9" if family == 4 else f"2600:4040:1:{number:x}::9"
        wire.run(talk.tcp(HOST[family], client, 443, [1400] * 2, [300], opened_by_remote=True))
    return wire.scenario({HOST[family]})


@scenario(4, 6)
def plain_server_private_clients(family):
    wire, talk = Wire(), Talk(24)
    for number in range(200):
        client = f"10.1.{number}.9" if family == 4 else f"fd00:1:3:{number:x}::9"
        wire.run(talk.tcp(HOST[family], client, 443, [1400] * 2, [300], opened_by_remote=True))
    return wire.scenario({HOST[family]})


@scenario(4, 6)
def plain_public_server(family):
    """A server with a public address on its NIC, as small clouds give them: two public ends, and
    two link addresses in every frame, so the packets decide."""
    own = {4: "51.158.1.20", 6: "2001:bc8:1:2::20"}[family]
    wire, talk = Wire(), Talk(25)
    for number in range(50):
        client = f"71.191.{number}.9" if family == 4 else f"2600:4040:1:{number:x}::9"
        wire.run(talk.tcp(own, client, 443, [1400] * 2, [300], opened_by_remote=True), far=GATEWAY)
    return wire.scenario({own})


def mirrored(number):
    return mac(f"00:22:48:00:00:{number:02x}")


@scenario(4)
def plain_mirror_port(family):
    """Eight busy VMs, and three that sent a single query: less than 1 % of the packets, so they do
    not get into L. Their query is egress even so; the answer has no end in L."""
    wire, talk = Wire(), Talk(26)
    busy = [f"10.0.0.{number}" for number in range(10, 18)]
    for number, address in enumerate(busy):
        for _ in range(4):
            wire.run(talk.tcp(address, STORAGE[4], 443, [500] * 6, [1400] * 6),
                     near=mirrored(number), far=GATEWAY)
    # Two of them with each other: both ends local.
    wire.run(talk.tcp(busy[0], busy[1], 445, [900] * 4, [900] * 4), near=mirrored(0),
             far=mirrored(1), out="local", back="local")
    for number in range(3):
        wire.run(talk.udp(f"10.0.0.{100 + number}", RESOLVER[4], 53, [40], [90]),
                 near=mirrored(100 + number), far=GATEWAY, back="transit")
    # Six of 983 packets.
    return wire.scenario(busy, whole=())


@scenario(4)
def plain_mirror_port_crowded(family):
    """A hundred VMs alike: L takes 64, the lower addresses. What the others send is egress; what
    they receive is not determined, and too much of it to stay silent."""
    wire, talk = Wire(), Talk(27)
    everyone = [f"10.0.0.{number}" for number in range(10, 110)]
    for number, address in enumerate(everyone):
        wire.run(talk.tcp(address, STORAGE[4], 443, [500] * 2, [1400] * 2), near=mirrored(number),
                 far=GATEWAY, back="ingress" if number < 64 else "transit")
    return wire.scenario(everyone[:64], whole=())


def one_conversation(far, out, back, **more):
    wire = Wire()
    wire.run(Talk(28).tcp(HOST[4], NEIGHBOR[4], 445, [900] * 5, [1400] * 5), far=far, out=out,
             back=back)
    return wire.scenario(more.pop("local", None), **more)


@scenario(4)
def plain_one_conversation(family):
    """Two private ends, two link addresses: nothing tells which one is the VM."""
    return one_conversation(GATEWAY, "transit", "transit", whole=(), warnings=["--local"])


@scenario(4)
def plain_one_conversation_azure(family):
    """The same with Azure's fabric at one end: the other end is the VM."""
    return one_conversation(FABRIC, "egress", "ingress", local={HOST[4]})


@scenario(4)
def plain_one_conversation_local(family):
    """The same with --local."""
    return one_conversation(GATEWAY, "egress", "ingress", local={HOST[4]},
                            options=["--local", HOST[4]])


@scenario(4)
def plain_local_network(family):
    """--local takes networks, several of them, and nothing else is local then: not even a host
    that hints or packets would make so."""
    wire, talk = Wire(), Talk(29)
    wire.run(talk.tcp("10.0.0.4", NEIGHBOR[4], 443, [500], [600]))
    wire.run(talk.tcp("10.0.0.99", STORAGE[4], 443, [500], [600]))
    wire.run(talk.tcp("10.0.0.4", "10.0.0.99", 443, [500], [600]), out="local", back="local")
    wire.run(talk.tcp(HOST[6], STORAGE[6], 443, [500], [600]))
    return wire.scenario({"10.0.0.4", "10.0.0.99", HOST[6]},
                         options=["--local", "10.0.0.0/24", "--local", HOST[6]])


VM_A, VM_B = "10.0.0.4", "10.0.0.5"
MAC_A, MAC_B = mac("60:45:bd:10:20:30"), mac("60:45:bd:10:20:40")


def two_wires(inner_out, inner_back):
    """Two VMs' own captures, and a conversation that both show."""
    wires = []
    for own, peer, link, name, other in ((VM_A, VM_B, MAC_A, "a", STORAGE),
                                         (VM_B, VM_A, MAC_B, "b", MIRROR)):
        wire = Wire(name)
        for _ in range(3):
            wire.run(Talk(30).tcp(own, other[4], 443, [700] * 4, [1400] * 4), near=link)
        for outgoing, packet in Talk(31).tcp(VM_A, VM_B, 5432, [300] * 3, [900] * 3):
            wire.run([(outgoing == (own == VM_A), packet)], near=link, out=inner_out,
                     back=inner_back)
        wires.append(wire.capture)
    return wires


def of_both(captures, formats, **more):
    return Scenario("", captures, formats, local=everywhere({VM_A, VM_B}, formats), **more)


@scenario(4)
def two_captures(family):
    """L is settled over all inputs: both VMs are local in either."""
    return of_both(two_wires("local", "local"), ONE_INTERFACE, whole=ONE_INTERFACE)


@scenario(4)
def two_captures_apart(family):
    """--local-per-input: each VM is local in its own capture only; what A sends to B left A and
    entered B. So the report is the sum of each capture's own."""
    return of_both(two_wires("egress", "ingress"), ONE_INTERFACE, whole=ONE_INTERFACE,
                   options=["--local-per-input"], adds_up=True)


@scenario(4)
def two_captures_local(family):
    """--local settles it for all inputs: what A sends to B is egress in either capture, and what
    only B sent is not."""
    captures = []
    for own, link, name in ((VM_A, MAC_A, "a"), (VM_B, MAC_B, "b")):
        wire = Wire(name)
        wire.run(Talk(32).tcp(VM_A, VM_B, 5432, [300] * 3, [900] * 3), near=link)
        captures.append(wire.capture)
    made = of_both(captures, ONE_INTERFACE, whole=ONE_INTERFACE, options=["--local", VM_A],
                   adds_up=True)
    made.local = everywhere({VM_A}, ONE_INTERFACE)
    return made


def two_hosts(bucket_out, bucket_back):
    captures = []
    for own, link, name, first in ((VM_A, "60:45:bd:10:20:30", "a", True),
                                   (VM_B, "60:45:bd:10:20:40", "b", False)):
        capture = Capture(name)
        nic = Nic(capture, link=link).add_vf()
        nic.run(Talk(33).tcp(own, CLIENT[4], 443, [700] * 4, [1400] * 4))
        for outgoing, packet in Talk(34).tcp(VM_A, VM_B, 5432, [300] * 3, [900] * 3):
            if outgoing == first:
                nic.send(packet, bucket=bucket_out)
            else:
                nic.receive(packet, bucket=bucket_back)
        captures.append(capture)
    return captures


@scenario(4)
def two_hosts_captured(family):
    """With directions: what is sent to an address that is local anywhere is local; what is received
    for a local address is ingress (A3.3)."""
    return of_both(two_hosts("local", "ingress"), (COOKED2, PCAPNG))


@scenario(4)
def two_hosts_captured_apart(family):
    return of_both(two_hosts("egress", "ingress"), (COOKED2, PCAPNG),
                   options=["--local-per-input"], adds_up=True)


@scenario(4)
def same_capture_twice(family):
    """Copies are looked for within an input: two files with the same packets count twice."""
    captures = []
    for name in ("a", "b"):
        capture = Capture(name)
        Nic(capture).add_vf().run(Talk(35).tcp(VM_A, STORAGE[4], 443, [700] * 4, [1400] * 4))
        captures.append(capture)
    formats = (COOKED2, PCAPNG, UNFLAGGED)
    made = of_both(captures, formats, adds_up=True)
    made.local = everywhere({VM_A}, formats)
    return made
