"""What traces are made of, and what must be read of them.

CASES: name -> function that returns the bytes of a trace and its Truth.
"""

import dataclasses
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import make_etl as etl  # noqa: E402

VM, PEER = bytes([10, 1, 0, 4]), bytes([93, 184, 216, 34])
VM_MAC, GATEWAY_MAC = bytes.fromhex("000d3a010203"), bytes.fromhex("123456789abc")
ETHERNET, WLAN, RAW = 1, 105, 101


@dataclasses.dataclass
class Frame:
    time: int  # ns since 1970
    sent: object  # True, False, None
    link: int
    data: bytes
    wire: int = None  # as long as data
    ip_bytes: int = 0  # rule 1.4
    process: int = 4
    thread: int = 8


@dataclasses.dataclass
class Truth:
    frames: list
    build: int = 20348
    interfaces: list = None  # names; None: not looked at
    copies: int = 0
    cut: int = 0
    bad_buffers: int = 0
    bad_packets: int = 0
    no_frames: int = 0
    unfinished: int = 0
    events_lost: int = 0
    buffers_lost: int = 0
    lossy_buffers: int = 0
    closed: int = 1
    guessed: int = 0

    def is_damaged(self):
        return bool(self.cut or self.bad_buffers or self.bad_packets)


# ---- packets ----


def udp(sent, size=100, total=None, fill=None):
    """An IPv4 packet of `size` bytes. total: what its length field says instead."""
    source, destination = (VM, PEER) if sent else (PEER, VM)
    head = struct.pack(
        ">BBHHHBBH", 0x45, 0, size if total is None else total, 1, 0, 64, 17, 0
    )
    body = struct.pack(">HHHH", 50000, 53, size - 20, 0)
    rest = size - 28
    return head + source + destination + body + (
        bytes([fill]) * rest if fill is not None else bytes(i * 7 % 251 for i in range(rest))
    )


def udp6(sent, size, payload_length):
    source, destination = (b"\x20\x01\x0d\xb8" + bytes(12), b"\x2a\x00" + bytes(14))
    if not sent:
        source, destination = destination, source
    head = struct.pack(">IHBB", 6 << 28, payload_length, 17, 64)
    body = struct.pack(">HHHH", 50000, 53, size - 40, 0)
    return head + source + destination + body + bytes(size - 48)


def ethernet(sent, packet, kind=0x0800, tags=()):
    macs = GATEWAY_MAC + VM_MAC if sent else VM_MAC + GATEWAY_MAC
    for tag in tags:
        macs += struct.pack(">HH", 0x8100, tag)
    return macs + struct.pack(">H", kind) + packet


def wlan(packet, protected, qos, both_ds=False):
    control = 0x88 if qos else 0x08
    flags = (0x03 if both_ds else 0x01) | (0x40 if protected else 0)
    head = bytes([control, flags, 0, 0]) + GATEWAY_MAC + VM_MAC + GATEWAY_MAC + bytes(2)
    head += (VM_MAC if both_ds else b"") + (bytes(2) if qos else b"")
    return head + bytes.fromhex("aaaa030000000800") + packet


def frame_at(trace, ticks, sent, packet, **more):
    """The Ethernet frame of a packet, as it must be read."""
    data = ethernet(sent, packet)
    return Frame(trace.time(ticks), sent, ETHERNET, data, ip_bytes=len(packet), **more)


# ---- plain captures ----


def ndis_trace(count=6, cpus=1, first=1000, step=10_007, **options):
    """A conversation over one card. Packets go round the CPUs."""
    trace = etl.Trace(**options)
    frames = []
    for i in range(count):
        frame = frame_at(trace, first + i * step, i % 3 != 2, udp(i % 3 != 2, 60 + 13 * (i % 40)))
        trace.add(etl.ndis_frame(frame.data, frame.sent), cpu=i % cpus, at=first + i * step)
        frames.append(frame)
    return trace, frames


def simple(**options):
    def make():
        trace, frames = ndis_trace(**options)
        truth = Truth(frames, build=trace.build, interfaces=["interface 12"])
        return trace.bytes(), truth

    return make


def out_of_order(order, **options):
    def make():
        trace, frames = ndis_trace(count=60, cpus=5, buffer_size=0x800, **options)
        trace.order = order
        return trace.bytes(), Truth(frames)

    return make


def tail_of_old_windows():
    """Before 17763 nothing follows the fragment."""
    trace = etl.Trace(build=9200, version=(6, 2))
    frame = frame_at(trace, 5, True, udp(True, 333))
    trace.add(etl.ndis_frame(frame.data, True, tail=False, bits=START_END), at=5)
    return trace.bytes(), Truth([frame], build=9200)


START_END = etl.START | etl.END


def other_media():
    trace = etl.Trace()
    packets = [udp(True, 90), udp(False, 91), udp(True, 92), udp(True, 93), udp(True, 94)]
    raw = udp(True, 88)
    frames = [Frame(trace.time(1), True, RAW, raw, ip_bytes=88)]
    trace.add(etl.ndis_frame(raw, True, 3, 3, media=etl.WWAN), at=1)
    variants = [(False, False, False), (True, False, False), (True, True, False), (True, True, True)]
    for i, (protected, qos, both_ds) in enumerate(variants):
        sent = i != 1
        data = wlan(packets[i], protected, qos, both_ds)
        read = wlan(packets[i], False, qos, both_ds)
        trace.add(etl.ndis_frame(data, sent, 4, 4, media=etl.WLAN), at=2 + i)
        frames.append(Frame(trace.time(2 + i), sent, WLAN, read, ip_bytes=len(packets[i])))
    # Ciphertext stays what it says it is.
    secret = bytes([0x08, 0x41, 0, 0]) + bytes(20) + b"\x17" * 40
    trace.add(etl.ndis_frame(secret, True, 4, 4, media=etl.WLAN), at=9)
    frames.append(Frame(trace.time(9), True, WLAN, secret))
    # No direction.
    unknown = ethernet(True, udp(True, 70))
    trace.add(etl.ndis_frame(unknown, None), at=10)
    frames.append(Frame(trace.time(10), None, ETHERNET, unknown, ip_bytes=70))
    return trace.bytes(), Truth(frames, interfaces=["interface 3", "interface 4", "interface 12"])


def fragments():
    """Windows 7 logs a packet in parts. Those of two threads on one CPU are mixed."""
    trace = etl.Trace(build=7601, version=(6, 1))
    one, two = ethernet(True, udp(True, 900)), ethernet(False, udp(False, 700))
    parts = [
        (one[:14], True, etl.START, 8), (two[:100], False, etl.START, 9),
        (one[14:400], True, 0, 8), (one[400:], True, etl.END, 8), (two[100:], False, etl.END, 9),
    ]  # fmt: skip
    for i, (data, sent, bits, tid) in enumerate(parts):
        trace.add(etl.ndis_frame(data, sent, bits=bits, tail=False, tid=tid), at=10 + i)
    frames = [
        Frame(trace.time(10), True, ETHERNET, one, ip_bytes=900),
        Frame(trace.time(11), False, ETHERNET, two, ip_bytes=700, thread=9),
    ]
    # Never finished, since another one starts; and the end of one whose start was lost.
    trace.add(etl.ndis_frame(one[:50], True, bits=etl.START, tail=False), at=20)
    trace.add(etl.ndis_frame(one, True, tail=False), at=21)
    trace.add(etl.ndis_frame(one[50:], True, bits=etl.END, tail=False), at=22)
    trace.add(etl.ndis_frame(two[:50], True, bits=etl.START, tail=False, tid=77), at=23)
    frames.append(Frame(trace.time(21), True, ETHERNET, one, ip_bytes=900))
    return trace.bytes(), Truth(frames, build=7601, unfinished=3)


def fragments_of_two_media():
    """What a packet began as it is, whatever its other parts say."""
    trace = etl.Trace(build=7601, version=(6, 1))
    data = wlan(udp(True, 300), False, True)
    trace.add(
        etl.ndis_frame(data[:90], True, 4, 4, media=etl.WLAN, bits=etl.START, tail=False), at=5
    )
    trace.add(etl.ndis_frame(data[90:], True, 4, 4, bits=etl.END, tail=False), at=6)
    whole = ethernet(True, udp(True, 80))
    trace.add(etl.ndis_frame(whole, True, 4, 4, tail=False), at=7)
    frames = [
        Frame(trace.time(5), True, WLAN, data, ip_bytes=300),
        Frame(trace.time(7), True, ETHERNET, whole, ip_bytes=80),
    ]
    return trace.bytes(), Truth(frames, build=7601)


def fragments_over_buffers():
    """A packet of 9000 bytes in parts of 700, over buffers of 1024."""
    trace = etl.Trace(buffer_size=0x400, compressed=True)
    data = ethernet(True, udp(True, 9000))
    cuts = list(range(0, len(data), 700))
    for i, at in enumerate(cuts):
        bits = (etl.START if i == 0 else 0) | (etl.END if i == len(cuts) - 1 else 0)
        trace.add(etl.ndis_frame(data[at : at + 700], True, bits=bits), cpu=2, at=50 + i)
    frame = Frame(trace.time(50), True, ETHERNET, data, ip_bytes=9000)
    return trace.bytes(), Truth([frame])


def lengths():
    """What is not logged is taken from the IP header, if that says more than is there."""
    trace = etl.Trace(buffer_size=0x20000)
    frames = []

    def add(data, wire, ip_bytes, **options):
        at = 100 + len(frames)
        trace.add(etl.ndis_frame(data, True, **options), at=at)
        link = RAW if options.get("media") == etl.WWAN else ETHERNET
        frames.append(Frame(trace.time(at), True, link, data, wire, ip_bytes))

    cut = etl.ETHERNET | etl.TRUNCATED
    add(ethernet(True, udp(True, 1400))[:64], 14 + 1400, 1400, media=cut)
    add(ethernet(True, udp6(True, 1300, 1260), 0x86DD)[:80], 14 + 1300, 1300, media=cut)
    add(ethernet(True, udp(True, 1000), tags=(5, 6))[:60], 14 + 8 + 1000, 1000, media=cut)
    # Beside a card, raw IP is a tunnel inside the host, rule 3.3.
    add(udp(True, 800)[:40], 800, 0, media=etl.WWAN)
    # Padding of a short frame is on the wire too.
    add(ethernet(True, udp(True, 30)) + bytes(16), 60, 30)
    # Segmentation offload: the length field is 0, what was captured is the packet.
    add(ethernet(True, udp(True, 40000, total=0)), 14 + 40000, 40000)
    add(ethernet(True, udp6(True, 30000, 0), 0x86DD), 14 + 30000, 30000)
    # ARP has no length of its own.
    add(ethernet(True, bytes(28), 0x0806), 42, 0)
    return trace.bytes(), Truth(frames)


def layers():
    """netsh with several layers: the same frame at the card and at two filters above it."""
    trace = etl.Trace()
    frames = []
    for i in range(5):
        frame = frame_at(trace, 100 * i, i != 3, udp(i != 3, 200 + i))
        for layer, name in ((12, 0), (20, 1), (21, 2)):
            trace.add(etl.ndis_frame(frame.data, frame.sent, 12, layer), at=100 * i + name)
        frames.append(frame)
    trace.add(etl.ndis_source(12, "Microsoft Hyper-V Network Adapter"), at=900)
    truth = Truth(frames, interfaces=["Microsoft Hyper-V Network Adapter"], copies=10)
    return trace.bytes(), truth


def layers_above_only():
    """Where the card itself was not captured, the layer that saw most counts."""
    trace = etl.Trace()
    frames = []
    for i in range(4):
        frame = frame_at(trace, 100 * i, True, udp(True, 300 + i))
        trace.add(etl.ndis_frame(frame.data, True, 12, 21), at=100 * i)
        frames.append(frame)
        if i:
            trace.add(etl.ndis_frame(frame.data, True, 12, 20), at=100 * i + 1)
    return trace.bytes(), Truth(frames, copies=3)


def switch(named, bits):
    def make():
        trace = etl.Trace(bits=bits)
        frames = []
        for i, (port, vlan) in enumerate(((3, 0), (3, 0), (4, 77))):
            frame = frame_at(trace, 10 * i, i != 1, udp(i != 1, 120 + i))
            record = etl.ndis_switch_frame(
                frame.data, frame.sent, port, [1, 2][: 1 + i % 2], vlan, named, bits
            )
            trace.add(record, at=10 * i)
            frames.append(frame)
        return trace.bytes(), Truth(frames, interfaces=["switch port 3", "switch port 4"])

    return make


def switch_and_card():
    """What a switch sends out is seen at the card once more."""
    trace = etl.Trace()
    frame = frame_at(trace, 10, True, udp(True, 150))
    trace.add(etl.ndis_switch_frame(frame.data, True, 3, [1]), at=9)
    trace.add(etl.ndis_frame(frame.data, True), at=10)
    trace.add(etl.ras_frame(ethernet(True, udp(True, 60)), True), at=11)
    return trace.bytes(), Truth([frame], copies=2, interfaces=["interface 12"])


def vpn_server():
    trace = etl.Trace()
    frames = [frame_at(trace, 3, True, udp(True, 77)), frame_at(trace, 4, False, udp(False, 78))]
    for i, frame in enumerate(frames):
        trace.add(etl.ras_frame(frame.data, frame.sent), at=3 + i)
    return trace.bytes(), Truth(frames, interfaces=["VPN tunnels"])


# ---- pktmon ----

COMPONENTS = [(number, 3, f"filter{number}.sys", f"Filter {number}") for number in range(60, 72)]
CARD = (48, 2, "netvsc.sys", "Microsoft Hyper-V Network Adapter")
VF = (47, 2, "mlx5.sys", "Mellanox ConnectX")


def describe(trace, components, at):
    for component in components:
        trace.add(etl.pktmon_component(*component), at=at)
    trace.add(etl.pktmon_index(CARD[0], 6), at=at)
    trace.add(etl.pktmon_mac(CARD[0], VM_MAC), at=at)


def pktmon(grouped, described=True, **options):
    """Each packet at 13 components: at the card first when it comes, last when it goes."""

    def make():
        trace = etl.Trace(**options)
        frames = []
        serial = 0
        for i in range(4):
            sent = i % 2 == 0
            base = 1000 * i
            path = [number for number, *_ in COMPONENTS]
            path = path + [CARD[0]] if sent else [CARD[0]] + path
            data = ethernet(sent, udp(sent, 400 + i))
            for k, component in enumerate(path):
                serial += 1
                group, appearance = (500 + i, k + 1) if grouped else (serial, 0)
                edge = 1 if component == CARD[0] else 1 + k % 2
                record = etl.pktmon_frame(
                    data[:128], sent, component, edge, group, appearance, original=len(data)
                )
                trace.add(record, cpu=i % 2, at=base + k)
            # Where it is counted: at the card; without knowing it, where it appears first.
            at_card = base + path.index(CARD[0]) if described else base
            frames.append(
                Frame(trace.time(at_card), sent, ETHERNET, data[:128], len(data), 400 + i)
            )
        if described:
            describe(trace, [*COMPONENTS, CARD], at=90_000)
        names = [CARD[3]] if described else None
        return trace.bytes(), Truth(frames, build=trace.build, copies=48, interfaces=names)

    return make


def pktmon_undescribed_ungrouped():
    """Nothing tells copies: the component that saw most packets of a direction stands for it."""
    trace = etl.Trace(build=26100)
    frames = []
    for i in range(4):
        sent = i < 2
        data = ethernet(sent, udp(sent, 99 + i))
        trace.add(etl.pktmon_frame(data, sent, 48, 1, 900 + 2 * i, 0), at=10 * i)
        frames.append(Frame(trace.time(10 * i), sent, ETHERNET, data, ip_bytes=99 + i))
        if i % 2 == 0:
            trace.add(etl.pktmon_frame(data, sent, 60, 2, 901 + 2 * i, 0), at=10 * i + 1)
    return trace.bytes(), Truth(frames, build=26100, copies=2, guessed=1)


def pktmon_virtual_function():
    """Accelerated networking: a packet is at the virtual card, and mostly at the real one too."""
    trace = etl.Trace()
    frames = []
    for i in range(6):
        sent = i % 2 == 0
        data = ethernet(sent, udp(sent, 500 + i))
        path = [CARD, VF] if sent else [VF, CARD]
        if i >= 4:
            path = [CARD]
        for k, component in enumerate(path):
            record = etl.pktmon_frame(data, sent, component[0], 1, 70 + i, k + 1)
            trace.add(record, cpu=i, at=100 * i + k)
        frames.append(Frame(trace.time(100 * i), sent, ETHERNET, data, ip_bytes=500 + i))
    describe(trace, [CARD, VF], at=9000)
    return trace.bytes(), Truth(frames, copies=4)


def pktmon_virtual_function_ungrouped(both):
    """
    The same since 24H2, where nothing ties appearances together: the two cards have one address.
    The virtual one sees all, and stands for both; unless the real one alone saw something.
    """

    def make():
        trace = etl.Trace(build=26100)
        frames = []
        for i in range(5):
            sent = i % 2 == 0
            data = ethernet(sent, udp(sent, 500 + i))
            path = [CARD, VF] if sent else [CARD]
            if both and i == 4:
                path = [VF]
            for k, component in enumerate(path):
                record = etl.pktmon_frame(data, sent, component[0], 1, 70 + 2 * i + k, 0)
                trace.add(record, at=100 * i + k)
                if k == 0 or both:
                    # The program finds the copies that are left, by their bytes.
                    size = 500 + i if k == 0 else 0
                    frames.append(
                        Frame(trace.time(100 * i + k), sent, ETHERNET, data, ip_bytes=size)
                    )
        describe(trace, [CARD, VF], at=9000)
        trace.add(etl.pktmon_mac(VF[0], VM_MAC), at=9001)
        return trace.bytes(), Truth(frames, build=26100, copies=0 if both else 3)

    return make


def pktmon_forwarded():
    """A router's packet comes in at one card and leaves by another: both are packets."""
    trace = etl.Trace()
    data = ethernet(True, udp(True, 250))
    frames = []
    for k, (component, sent) in enumerate(((VF, False), (CARD, True))):
        trace.add(etl.pktmon_frame(data, sent, component[0], 1, 7, k + 1), at=k)
        frames.append(Frame(trace.time(k), sent, ETHERNET, data))
    describe(trace, [CARD, VF], at=9000)
    return trace.bytes(), Truth(frames)


def pktmon_next_to_card(kind):
    """A trace of chosen components: those nearest to the wire stand for the card."""

    def make():
        trace = etl.Trace(build=26100)
        data = ethernet(True, udp(True, 160))
        frames = []
        for i in range(3):
            for k, (component, edge) in enumerate(((33, 1), (33, 2), (60, 1))):
                record = etl.pktmon_frame(data, True, component, edge, 10 * i + k, 0)
                trace.add(record, at=10 * i + k)
            frames.append(Frame(trace.time(10 * i), True, ETHERNET, data, ip_bytes=160))
        describe(trace, [(33, kind, "x.sys", "Next"), COMPONENTS[0]], at=90)
        return trace.bytes(), Truth(frames, build=26100, copies=6, interfaces=["Next"])

    return make


def pktmon_other_payloads():
    """Drops are copies; HTTP is no frame; raw IP and 802.11 are links of their own."""
    trace = etl.Trace()
    data, raw = ethernet(True, udp(True, 100)), udp(True, 101)
    radio = wlan(udp(True, 102), True, True)
    trace.add(etl.pktmon_frame(data, True, 48, 1, 1, 1), at=1)
    trace.add(etl.pktmon_frame(data, True, 48, 0, 1, 2, event_id=170, reason=5), at=2)
    trace.add(etl.pktmon_frame(b"GET / HTTP", True, 48, 1, 2, 1, kind=4), at=3)
    trace.add(etl.pktmon_frame(raw, True, 48, 1, 3, 1, kind=3), at=4)
    trace.add(etl.pktmon_frame(radio, True, 48, 1, 4, 1, kind=2), at=5)
    trace.add(etl.pktmon_frame(data, True, 48, 1, 5, 1, number=1), at=6)
    trace.add(etl.pktmon_frame(data, True, 48, 1, 5, 1, number=2), at=7)
    describe(trace, [CARD], at=90)
    frames = [
        Frame(trace.time(1), True, ETHERNET, data, ip_bytes=100),
        Frame(trace.time(4), True, RAW, raw),  # inside the host, rule 3.3
        Frame(trace.time(5), True, WLAN, wlan(udp(True, 102), False, True), ip_bytes=102),
        Frame(trace.time(6), True, ETHERNET, data, ip_bytes=100),
        Frame(trace.time(7), True, ETHERNET, data, ip_bytes=100),
    ]
    return trace.bytes(), Truth(frames, copies=1, no_frames=1)


# ---- the container ----


def every_record(bits):
    """Records of every kind around a packet; items before its payload."""

    def make():
        trace = etl.Trace(bits=bits, compressed=True)
        guid = "9B79EE91-B5FD-41C0-A243-4248E266E9D0"
        others = [
            etl.system(0x0A01, b"system!", bits), etl.system(0x0B02, b"c" * 9, bits, compact=True),
            etl.perfinfo(0x0F2E, b"p" * 12, bits), etl.classic(guid, 3, b"classic", bits),
            etl.classic(guid, 4, b"i" * 5, bits, instance=True), etl.wpp(b"message"),
            etl.error_record(b"e" * 9), etl.event(guid, 1, b"\x01", pointer=bits),
            etl.event_information(guid, "Test-Provider"),
        ]  # fmt: skip
        for i, record in enumerate(others):
            trace.add(record, at=i)
        frame = frame_at(trace, 50, True, udp(True, 111), process=1234, thread=5678)
        items = [(1, bytes(16)), (6, bytes(24)), (12, b"\x07\x00abc\x00")]
        record = etl.ndis_frame(
            frame.data, True, items=items, pid=1234, tid=5678, pointer=bits
        )
        trace.add(record, at=50)
        return trace.bytes(), Truth([frame])

    return make


def zeros_between_and_behind():
    """Room that was set aside and not written: an uncompressed trace goes on behind it."""
    trace, frames = ndis_trace(count=30, buffer_size=0x800)
    trace.order = lambda made: [made[0], bytes(0x800), *made[1:]]
    trace.tail = bytes(0x800 * 3)
    trace.written = 1
    return trace.bytes(), Truth(frames)


def zeros_behind_compressed():
    trace, frames = ndis_trace(compressed=True)
    trace.tail = bytes(0x1000)
    return trace.bytes(), Truth(frames)


def circular():
    """The first data buffers were written over by the last ones."""
    trace, frames = ndis_trace(count=90, buffer_size=0x800, mode=etl.MODE_CIRCULAR)
    kept = []

    def wrap(made):
        oldest = len(made) // 3
        newest = made[-oldest:]
        kept.append(oldest)
        return newest + made[oldest:-oldest]

    trace.order = wrap
    trace.written = 1000
    data = trace.bytes()
    per_buffer = []
    for _, area in trace.areas():
        per_buffer.append(area.count(etl.guid_bytes(etl.NDIS)))
    lost = sum(per_buffer[: kept[0]])
    return data, Truth(frames[lost:])


def not_stopped():
    trace, frames = ndis_trace(closed=False)
    trace.written = 1
    return trace.bytes(), Truth(frames, closed=0)


def lost_events():
    trace, frames = ndis_trace(events_lost=17, buffers_lost=2)
    trace.lost_cpus = {0}
    return trace.bytes(), Truth(frames, events_lost=17, buffers_lost=2, lossy_buffers=1)


def lost_events_not_counted():
    """A trace that was not stopped has no counts, but its buffers tell."""
    trace, frames = ndis_trace(cpus=3, closed=False)
    trace.lost_cpus = {0, 2}
    return trace.bytes(), Truth(frames, closed=0, lossy_buffers=2)


def second_header():
    """One log behind another, with another clock."""
    first, frames = ndis_trace()
    second, more = ndis_trace(
        clock=etl.CYCLES, mhz=2100, first_stamp=5, start_ns=1_700_000_100_000_000_000
    )
    return first.bytes() + second.bytes(), Truth(frames + more)


def bad_record():
    """The rest of a buffer is lost with a record whose size cannot be; others are read."""
    trace, frames = ndis_trace(count=20, buffer_size=0x800)
    counts = [area.count(etl.guid_bytes(etl.NDIS)) for _, area in trace.areas()]

    def spoil(number, area):
        if number != 2:
            return area
        second = (struct.unpack_from("<H", area)[0] + 7) & ~7
        return area[:second] + b"\x04\x00\x13\xc0" + area[second + 4 :]

    trace.spoil = spoil
    kept = frames[: counts[0] + 1] + frames[counts[0] + counts[1] :]
    return trace.bytes(), Truth(kept, bad_buffers=1)


def bad_buffer_header():
    trace, frames = ndis_trace(count=20, buffer_size=0x800)
    counts = [area.count(etl.guid_bytes(etl.NDIS)) for _, area in trace.areas()]
    trace.order = lambda made: [b"\x11" * 0x800, *made[1:]]
    return trace.bytes(), Truth(frames[counts[0] :], bad_buffers=1)


def bad_compression():
    """The first match reaches before the start: nothing of that buffer can be read."""
    trace, frames = ndis_trace(count=20, buffer_size=0x800, compressed=True)
    counts = [area.count(etl.guid_bytes(etl.NDIS)) for _, area in trace.areas()]

    def order(made):
        head, body = made[0][: etl.BUFFER_HEADER], made[0][etl.BUFFER_HEADER :]
        return [head + struct.pack("<IH", 0xFFFFFFFF, 0x3FF8) + body[6:], *made[1:]]

    trace.order = order
    return trace.bytes(), Truth(frames[counts[0] :], bad_buffers=1)


def bad_packet():
    trace, frames = ndis_trace()
    payload = struct.pack("<III", 12, 12, 5000) + bytes(20)
    trace.add(etl.event(etl.NDIS, 1001, payload, etl.ETHERNET | START_END | etl.SENT), at=900_000)
    trace.add(etl.event(etl.PKTMON, 160, bytes(33), 0x10), at=900_001)
    return trace.bytes(), Truth(frames, bad_packets=2)


def lacks_buffers():
    """A file that ends between two buffers: the header tells that there were more."""
    trace, frames = ndis_trace(count=20, buffer_size=0x800)
    counts = [area.count(etl.guid_bytes(etl.NDIS)) for _, area in trace.areas()]
    return trace.bytes()[:-0x800], Truth(frames[: -counts[-1]], cut=1)


def without_packets():
    trace = etl.Trace()
    for i in range(7):
        trace.add(etl.event("E13C0D23-CCBC-4E12-931B-D9CC2EEE27E4", 1, b"x"), at=i)
    traits = [(12, b"\x10\0Fabrikam-Spade\0")]
    for i in range(3):
        guid = "0CD1C309-0878-4515-83DB-749843B3F5C9"
        trace.add(etl.event(guid, 1, b"y", items=traits), at=7)
    trace.add(
        etl.event_information("E13C0D23-CCBC-4E12-931B-D9CC2EEE27E4", "Contoso-Widgets"), at=8
    )
    return trace.bytes(), Truth([])


CASES = {
    "plain": simple(),
    "compressed": simple(compressed=True, count=200),
    "header_of_32_bits": simple(bits=32),
    "header_of_32_bits_compressed": simple(bits=32, compressed=True),
    "clock_counter_of_another_rate": simple(frequency=3_579_545, step=77_777),
    "clock_system_time": simple(clock=etl.SYSTEM_TIME),
    "clock_cycles": simple(clock=etl.CYCLES, mhz=3192, step=333_333),
    "clock_over_weeks": simple(step=10_000_000 * 86_400 * 9),
    "before_the_header": simple(first=-100_000),
    "cpus_in_turn": out_of_order(None),
    "cpus_reversed": out_of_order(lambda made: made[::-1]),
    "cpus_shuffled_compressed": out_of_order(
        lambda made: sorted(made, key=lambda b: b[100:140]), compressed=True
    ),
    "tail_of_old_windows": tail_of_old_windows,
    "other_media": other_media,
    "fragments": fragments,
    "fragments_of_two_media": fragments_of_two_media,
    "fragments_over_buffers": fragments_over_buffers,
    "lengths": lengths,
    "layers": layers,
    "layers_above_only": layers_above_only,
    "switch": switch(True, 64),
    "switch_of_32_bits": switch(True, 32),
    "switch_unnamed": switch(False, 64),
    "switch_and_card": switch_and_card,
    "vpn_server": vpn_server,
    "pktmon": pktmon(True),
    "pktmon_compressed": pktmon(True, compressed=True, buffer_size=0x100000),
    "pktmon_ungrouped": pktmon(False, build=26100),
    "pktmon_undescribed": pktmon(True, described=False),
    "pktmon_undescribed_ungrouped": pktmon_undescribed_ungrouped,
    "pktmon_virtual_function": pktmon_virtual_function,
    "pktmon_virtual_function_ungrouped": pktmon_virtual_function_ungrouped(False),
    "pktmon_virtual_function_alone": pktmon_virtual_function_ungrouped(True),
    "pktmon_forwarded": pktmon_forwarded,
    "pktmon_next_to_card": pktmon_next_to_card(0xE),
    "pktmon_at_a_switch": pktmon_next_to_card(8),
    "pktmon_other_payloads": pktmon_other_payloads,
    "every_record": every_record(64),
    "every_record_of_32_bits": every_record(32),
    "zeros_between_and_behind": zeros_between_and_behind,
    "zeros_behind_compressed": zeros_behind_compressed,
    "circular": circular,
    "not_stopped": not_stopped,
    "lost_events": lost_events,
    "lost_events_not_counted": lost_events_not_counted,
    "second_header": second_header,
    "bad_record": bad_record,
    "bad_buffer_header": bad_buffer_header,
    "bad_compression": bad_compression,
    "bad_packet": bad_packet,
    "lacks_buffers": lacks_buffers,
    "without_packets": without_packets,
}


def main(arguments):
    """etl_cases.py CASE OUT.etl"""
    name, path = arguments
    pathlib.Path(path).write_bytes(CASES[name]()[0])


if __name__ == "__main__":
    main(sys.argv[1:])
