"""Captures whose middle is hard to find: captures in payloads, what looks like records, damage, cuts,
time that jumps, interfaces and sections that come late, and windows of copies that never end."""

import random
import struct

ETHERNET, COOKED2 = 1, 276
SECOND = 1_600_000_000


def ipv4_frame(number, payload, source="0a000004", destination="5db8d822", ident=None):
    """A UDP packet from one of some ports, so that there are some cells."""
    udp = struct.pack(">HHHH", 40000 + number % 50, 53 + number % 7, 8 + len(payload), 0) + payload
    ip = (struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), number & 0xFFFF if ident is None else ident,
                      0, 64, 17, 0) + bytes.fromhex(source) + bytes.fromhex(destination))
    return bytes.fromhex("02000000000a02000000000b0800") + ip + udp


def cooked2(frame, ifindex, kind):
    """The same packet as a Linux cooked v2 capture has it on an interface; kind 4: sent."""
    return struct.pack(">HHIHBB8s", 0x0800, 0, ifindex, 1, kind, 6, bytes(8)) + frame[14:]


class Pcap:
    def __init__(self, order="<", magic=0xA1B2C3D4, network=ETHERNET, snaplen=262144):
        self.order = order
        self.bytes = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, network)

    def add(self, ns, frame, wire=None):
        stamp = SECOND + ns // 10**9, ns % 10**9 // 1000
        self.bytes += struct.pack(self.order + "IIII", *stamp, len(frame), wire or len(frame)) + frame
        return self


class Pcapng:
    def __init__(self, order="<"):
        self.order = order
        self.bytes = b""

    def block(self, kind, body):
        length = 12 + (len(body) + 3) // 4 * 4
        self.bytes += (struct.pack(self.order + "II", kind, length) + body.ljust(length - 12, b"\0")
                       + struct.pack(self.order + "I", length))
        return self

    def section(self):
        return self.block(0x0A0D0D0A, struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1))

    def interface(self, link=ETHERNET, name=b""):
        options = struct.pack(self.order + "HH", 2, len(name)) + name.ljust(-(-len(name) // 4) * 4, b"\0")
        return self.block(1, struct.pack(self.order + "HHI", link, 0, 0) + options
                          + struct.pack(self.order + "HH", 0, 0))

    def add(self, ns, frame, interface=0, direction=0):
        stamp = SECOND * 10**6 + ns // 1000
        flags = struct.pack(self.order + "HHI", 2, 4, direction) + bytes(4) if direction else b""
        return self.block(6, struct.pack(self.order + "IIIII", interface, stamp >> 32,
                                         stamp & 0xFFFFFFFF, len(frame), len(frame))
                          + frame.ljust((len(frame) + 3) // 4 * 4, b"\0") + flags)

    def statistics(self, interface, drops):
        return self.block(5, struct.pack(self.order + "IIIHHQ", interface, 0, 0, 5, 8, drops)
                          + bytes(4))


def plain(capture, count, first=0, size=200):
    for i in range(first, first + count):
        capture.add(i * 10**6, ipv4_frame(i, bytes((i * 7 + k) % 256 for k in range(i % size))))
    return capture


def carried():
    """Captures that packets carry, whole and from the middle on, small and large."""
    for outer, inner in ((Pcap, Pcap), (Pcapng, Pcapng)):
        inside = inner() if inner is Pcap else inner().section().interface()
        inside = plain(inside, 120).bytes
        capture = outer() if outer is Pcap else outer().section().interface()
        plain(capture, 40)
        for i in range(40):
            start = random.Random(i).randrange(len(inside)) // 4 * 4
            chunk = inside[start:start + 60000 if i % 3 else start + 9000]
            capture.add((50 + i) * 10**6, ipv4_frame(i, chunk))
            plain(capture, 5, 50 + i)
        yield f"carries-{outer.__name__.lower()}", capture.bytes


def copies(count, gap, interfaces):
    """Packets on each of some interfaces, a gap in ns apart."""
    time = 0
    for i in range(count):
        frame = ipv4_frame(i, bytes([i % 256]) * 40)
        for ifindex in range(1, interfaces + 1):
            yield time, cooked2(frame, ifindex, 4)
            time += gap // interfaces


def deduplicated():
    for name, gap, interfaces in (("close", 2000, 2), ("wide", 900_000, 3), ("many", 5000, 9)):
        capture = Pcap(network=COOKED2)
        for time, frame in copies(1500, gap, interfaces):
            capture.add(time, frame)
        yield f"copies-{name}", capture.bytes
    # One packet again and again, each within the window of the one before.
    capture = Pcap(network=COOKED2)
    for i in range(3000):
        capture.add(i * 600_000, cooked2(ipv4_frame(7, b"again" * 9, ident=9), 1 + i % 2, 4))
    yield "copies-endless", capture.bytes
    capture = Pcap(network=COOKED2)
    mixed = random.Random(5)
    for i in range(3000):
        number = mixed.randrange(40)
        capture.add(i * 100_000 + mixed.randrange(10**6),
                    cooked2(ipv4_frame(number, b"some" * 9), 1 + mixed.randrange(3), 4))
    yield "copies-disordered", capture.bytes


def times():
    capture = Pcap(network=COOKED2)
    for start in (5 * 10**12, 0, 7 * 10**12, 10**6):  # as captures joined in the wrong order
        for time, frame in copies(250, 3000, 2):
            capture.add(start + time, frame)
    yield "time-jumps", capture.bytes
    capture = plain(Pcap(), 700)
    capture.bytes += struct.pack("<IIII", 0, 0, 60, 60) + ipv4_frame(1, bytes(18))
    yield "time-zero", plain(capture, 700, 700).bytes


def pcapngs():
    for order in "<>":
        capture = Pcapng(order).section().interface(name=b"eth0").interface(COOKED2, b"any")
        for i in range(900):
            frame = ipv4_frame(i // 2, bytes([i // 2 % 256]) * 30)
            capture.add(i * 3000, frame, 0, 1 + i % 2) if i % 3 else capture.add(
                i * 3000, cooked2(frame, 3, 4), 1)
            if i % 100 == 7:
                capture.statistics(i % 2, i)
        yield f"interfaces-{'le' if order == '<' else 'be'}", capture.bytes
    named = Pcapng().section().interface()
    for i in range(12):  # a name of the file, and what is none, as often as it stands there
        names = b"host%d.example.net\0<no name>\0" % i
        record = struct.pack("<HH4s", 1, 4 + len(names), bytes([93, 184, 216, 34])) + names
        named.block(4, record + bytes(-len(record) % 4) + bytes(4))
        plain(named, 100, i * 100)
    yield "names", named.bytes
    late = Pcapng().section().interface()
    for i in range(1, 6):
        plain(late, 150, i * 150)
        late.interface(name=b"late%d" % i).add(i * 10**9, ipv4_frame(i, b"on a new one"), i)
    yield "interfaces-late", late.bytes
    sections = Pcapng()
    for i in range(5):
        plain(sections.section().interface(), 150, i * 150).statistics(0, i)
    yield "sections", sections.bytes
    swapped = Pcapng()
    for i in range(4):
        swapped.order = "<>"[i % 2]
        plain(swapped.section().interface(), 200, i * 200)
    yield "sections-swapped", swapped.bytes


def damaged():
    whole = plain(Pcap(), 900).bytes
    for name, offset in (("early", 9000), ("middle", len(whole) // 2), ("late", len(whole) - 300)):
        yield f"damage-{name}", whole[:offset] + b"\xff" * 40 + whole[offset + 40:]
        yield f"cut-{name}", whole[:offset]
    whole = plain(Pcapng().section().interface(), 900).bytes
    for name, offset in (("early", 9000), ("middle", len(whole) // 2), ("late", len(whole) - 300)):
        yield f"damage-{name}-pcapng", whole[:offset] + b"\xff" * 40 + whole[offset + 40:]
        yield f"cut-{name}-pcapng", whole[:offset]
    odd = plain(Pcap(), 400)
    odd.bytes += struct.pack("<IIII", SECOND, 0, 300000, 300000) + bytes(300000)
    yield "too-long", plain(odd, 400, 400).bytes
    odd = plain(Pcapng().section().interface(), 400).block(0xBAD, bytes(40))
    yield "unknown-block", plain(odd, 400, 400).bytes


def alike():
    """Whole payloads of what looks like record headers, at every alignment."""
    capture = plain(Pcap(), 30)
    for i in range(60):
        header = struct.pack("<IIII", SECOND + i, i, i % 5, 60)
        fill = b"".join(header + bytes(i % 5) for _ in range(400))
        capture.add((40 + i) * 10**6, ipv4_frame(i, bytes(i % 4) + fill))
        plain(capture, 3, 40 + i)
    yield "looks-like-records", capture.bytes
    capture = Pcap()
    for i in range(5000):
        capture.add(i * 1000, b"" if i % 3 else bytes(i % 60))
    yield "empty-frames", capture.bytes
    capture = Pcap(">", 0xA1B23C4D)
    yield "big-endian", plain(capture, 900).bytes


def tcp_frame(port, sequence, payload, flags=0x10, destination="5db8d822"):
    tcp = struct.pack(">HHIIBBHHH", port, 443, sequence % 2**32, 1, 0x50, flags, 65535, 0, 0) + payload
    ip = (struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0)
          + bytes.fromhex("0a000004") + bytes.fromhex(destination))
    return bytes.fromhex("02000000000a02000000000b0800") + ip + tcp


def client_hello(name, filling):
    """RFC 8446, 4.1.2, in one record, with an extension of so many bytes in front of the name."""
    def vector(data):
        return struct.pack(">H", len(data)) + data
    extensions = (b"\x44\x69" + vector(bytes(filling)) + bytes(2)
                  + vector(vector(b"\0" + vector(name.encode()))))
    body = b"\3\3" + bytes(32) + b"\0" + vector(b"\x13\1") + b"\1\0" + vector(extensions)
    return b"\x16\3\1" + vector(b"\1\0" + vector(body))


def cut_messages():
    """ClientHellos cut into segments, of which some are late or sent again, so that some are open at
    nearly every place; and some that are never whole, so that they are open for as long as may be."""
    for name, flows, others, lossy in (("few", 1, 10, False), ("many", 9, 1, False),
                                       ("lost", 3, 40, True), ("long", 2, 400, True)):
        mixed = random.Random(name)
        capture, time = Pcap(), 0
        waiting = []
        for i in range(6000):
            time += 10**5
            if len(waiting) < flows and i % (others + 1) == 0:
                stream = client_hello("host%d.example.net" % (i % 97), 900 + i % 800)
                cuts = sorted({0, len(stream)} | {mixed.randrange(9, len(stream)) for _ in range(3)})
                pieces = [(cuts[k], stream[cuts[k]:cuts[k + 1]]) for k in range(len(cuts) - 1)]
                if i % 3 == 0:
                    mixed.shuffle(pieces)
                if i % 5 == 0:
                    pieces.append(mixed.choice(pieces))
                if lossy and i % 7 == 0:
                    pieces.pop(mixed.randrange(len(pieces)))
                waiting.append((1024 + i, pieces))
                if i % 2 == 0:
                    capture.add(time, tcp_frame(1024 + i, 999, b"", 2))
            if waiting and mixed.randrange(others + 1) == 0:
                port, pieces = waiting.pop(mixed.randrange(len(waiting)))
                offset, piece = pieces.pop(0)
                capture.add(time, tcp_frame(port, 1000 + offset, piece))
                if pieces:
                    waiting.append((port, pieces))
            else:
                capture.add(time, tcp_frame(443, i, bytes([0x17]) * (i % 60)))
        yield f"cut-hellos-{name}", capture.bytes


def all_captures():
    for some in (carried, deduplicated, times, pcapngs, damaged, alike, cut_messages):
        yield from some()
