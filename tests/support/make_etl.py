#!/usr/bin/env python3
"""Writes Windows event traces (.etl): container, compression, headers and the capture events.

Made from the description of the format, and from nothing of the reader's, so that the two can
disagree. A library: tests/etl/etl_cases.py says what is in each trace.

    trace = Trace(compressed=True)
    trace.add(ndis_frame(frame, sent=True), cpu=1, at=1234)     at: ticks of the trace's clock
    open("x.etl", "wb").write(trace.bytes())
"""

import struct

FILETIME_OF_1970 = 116444736000000000

NDIS = "2ED6006E-4729-4609-B423-3EE7BCD678EF"
RAS = "D84521F7-2235-4237-A7C0-14E3A9676286"
PKTMON = "4D4F80D9-C8BD-4D73-BB5B-19C90402C5AC"

QPC, SYSTEM_TIME, CYCLES = 1, 2, 3

MODE_SEQUENTIAL, MODE_CIRCULAR, MODE_COMPRESSED = 0x1, 0x2, 0x4000000


def guid_bytes(text):
    """Three little-endian groups, then eight bytes as they are written."""
    a, b, c, d, e = text.split("-")
    return struct.pack("<IHH", int(a, 16), int(b, 16), int(c, 16)) + bytes.fromhex(d + e)


def wide(text):
    return text.encode("utf-16-le") + b"\0\0"


# ---- MS-XCA 2.3: plain LZ77 ----


class Packer:
    """The encoder of MS-XCA 2.3.4, over a greedy search."""

    def __init__(self, data):
        self.data = data
        self.out = bytearray(4)
        self.flags = 0
        self.flag_count = 0
        self.flag_place = 0
        self.half_byte = None

    def flag(self, bit):
        self.flags = self.flags << 1 | bit
        self.flag_count += 1
        if self.flag_count == 32:
            self.put_flags()
            self.flag_place = len(self.out)
            self.out += bytes(4)
            self.flags = self.flag_count = 0

    def put_flags(self):
        struct.pack_into("<I", self.out, self.flag_place, self.flags)

    def put_length(self, rest):
        """What a match's three bits cannot hold: rest = length - 3 - 7."""
        nibble = min(rest, 15)
        if self.half_byte is None:
            self.half_byte = len(self.out)
            self.out.append(nibble)
        else:
            self.out[self.half_byte] |= nibble << 4
            self.half_byte = None
        if nibble < 15:
            return
        rest -= 15
        if rest < 255:
            self.out.append(rest)
            return
        self.out.append(255)
        units = rest + 7 + 15
        if units < 1 << 16:
            self.out += struct.pack("<H", units)
        else:
            self.out += struct.pack("<HI", 0, units)

    def put_match(self, offset, length):
        units = length - 3
        self.out += struct.pack("<H", (offset - 1) << 3 | min(units, 7))
        if units >= 7:
            self.put_length(units - 7)
        self.flag(1)

    def pack(self):
        data, seen, at = self.data, {}, 0
        while at < len(data):
            key = bytes(data[at : at + 3])
            before = seen.get(key)
            length = 0
            if len(key) == 3 and before is not None and at - before <= 8192:
                while at + length < len(data) and data[before + length] == data[at + length]:
                    length += 1
            if length < 3:
                self.out.append(data[at])
                self.flag(0)
                length = 1
            else:
                self.put_match(at - before, length)
            for place in range(at, min(at + length, at + 64)):
                seen[bytes(data[place : place + 3])] = place
            at += length
        unused = 32 - self.flag_count
        self.flags = self.flags << unused | ((1 << unused) - 1)
        self.put_flags()
        return bytes(self.out)


def xpress(data):
    return Packer(data).pack()


# ---- records ----


def event(provider, number, payload, keyword=0, items=(), pid=4, tid=8, pointer=64, opcode=0):
    """EVENT_HEADER; a function of the time stamp, since the trace sets it."""
    extended = b""
    for i, (kind, data) in enumerate(items):
        padded = (8 + len(data) + 7) & ~7
        more = 1 if i + 1 < len(items) else 0
        head = struct.pack("<HHHH", padded, kind, more, len(data))
        extended += head + data + bytes(padded - 8 - len(data))

    def record(stamp):
        size = 0x50 + len(extended) + len(payload)
        head = struct.pack(
            "<HBBHHIIq", size, 0x13 if pointer == 64 else 0x12, 0xC0, 1 if items else 0, 0, tid, pid,
            stamp,
        )  # fmt: skip
        head += guid_bytes(provider)
        head += struct.pack("<HBBBBHQQ", number, 0, 16, 4, opcode, 0, keyword, 0) + bytes(16)
        return head + extended + payload

    return record


def classic(guid, opcode, payload, bits=64, instance=False):
    """EVENT_TRACE_HEADER, or that of an instance, which has 24 bytes more."""
    kinds = {(64, False): 0x14, (32, False): 0x0A, (64, True): 0x15, (32, True): 0x0B}
    more = bytes(24 if instance else 0)

    def record(stamp):
        size = 0x30 + len(more) + len(payload)
        head = struct.pack(
            "<HBBBBHIIq", size, kinds[bits, instance], 0xC0, opcode, 0, 2, 8, 4, stamp
        )
        return head + guid_bytes(guid) + bytes(8) + more + payload

    return record


def system(hook, payload, bits=64, compact=False):
    kind = (3 if compact else 1) + (1 if bits == 64 else 0)

    def record(stamp):
        size = (0x18 if compact else 0x20) + len(payload)
        head = struct.pack("<HBBHHIIq", 2, kind, 0xC0, size, hook, 8, 4, stamp)
        return head + bytes(0 if compact else 8) + payload

    return record


def perfinfo(hook, payload, bits=64):
    def record(stamp):
        size = 0x10 + len(payload)
        kind = 0x11 if bits == 64 else 0x10
        return struct.pack("<HBBHHq", 2, kind, 0xC0, size, hook, stamp) + payload

    return record


def wpp(payload):
    def record(_):
        return struct.pack("<HHHH", 8 + len(payload), 0x9000, 10, 0) + payload

    return record


def error_record(payload):
    def record(_):
        return struct.pack("<HBB", 4 + len(payload), 0x0D, 0xC0) + payload

    return record


def event_information(provider, name):
    """TRACE_EVENT_INFO, as merged traces have for each kind of event: who logs it, by name."""
    text = wide(name)
    fields = [0] * 16
    fields[1] = 0x70
    blob = guid_bytes(provider) + bytes(16) + bytes(16) + struct.pack("<16I", *fields) + text
    return classic("BBCCF6C1-6CD1-48C4-80FF-839482E37671", 0x20, blob)


# ---- capture events ----

SENT, RECEIVED = 1 << 32, 1 << 33
START, END = 1 << 30, 1 << 31
ETHERNET, WWAN, WLAN, SWITCH, TRUNCATED = 1, 1 << 9, 1 << 16, 1 << 24, 1 << 25


def ndis_frame(data, sent, miniport=12, lower=12, media=ETHERNET, bits=START | END, tail=True,
               **more):  # fmt: skip
    """1001. tail: the two fields that builds since 17763 have behind the fragment."""
    keyword = media | bits | (1 << 42)
    if sent is not None:
        keyword |= SENT if sent else RECEIVED
    payload = struct.pack("<III", miniport, lower, len(data)) + data
    return event(NDIS, 1001, payload + (bytes(16) if tail else b""), keyword, **more)


def ndis_switch_frame(data, sent, port, destinations, vlan=0, named=True, bits=64):
    payload = struct.pack("<III", 7, 7, port) + wide("port") + wide("nic") + wide("type")
    payload += struct.pack("<I", len(destinations))
    for number in destinations:
        payload += struct.pack("<I", number)
        payload += wide("p") + wide("n") + wide("t") if named else bytes(4)
    payload += struct.pack("<I", len(data)) + data
    slot = "<Q" if bits == 64 else "<I"
    slots = [0] * 4 + [vlan << 4] + [0] * 4
    oob = b"".join(struct.pack(slot, value) for value in slots)
    payload += struct.pack("<I", len(oob)) + oob
    keyword = ETHERNET | SWITCH | START | END | (SENT if sent else RECEIVED)
    return event(NDIS, 1003, payload, keyword, pointer=bits)


def ndis_source(index, name):
    payload = struct.pack("<B", 1) + wide(name) + struct.pack("<IH", index, 0)
    return event(NDIS, 5101, payload)


def ras_frame(data, sent):
    payload = wide("domain") + wide("user") + struct.pack("<I", len(data)) + data
    return event(RAS, 5001 if sent else 5002, payload)


PKTMON_IN, PKTMON_OUT = 3, 4


def pktmon_frame(data, sent, component, edge, group, appearance, number=1, kind=1, original=None,
                 event_id=160, reason=0):  # fmt: skip
    size = len(data) if original is None else original
    payload = struct.pack(
        "<QHHHHHHHIIHH", group, number, appearance, PKTMON_OUT if sent else PKTMON_IN, kind,
        component, edge, 0, reason, 0, size, len(data),
    )  # fmt: skip
    return event(PKTMON, event_id, payload + data, 0x10)


def pktmon_component(number, kind, name, description):
    payload = struct.pack("<HH", number, kind) + wide(name) + wide(description)
    return event(PKTMON, 20, payload, 0x2)


def pktmon_index(number, index):
    return event(PKTMON, 30, struct.pack("<HHI", number, 1, index), 0x2)


def pktmon_mac(number, mac):
    return event(PKTMON, 70, struct.pack("<HHI", number, 6, len(mac)) + mac, 0x2)


# ---- the container ----

BUFFER_HEADER = 0x48
TYPE_GENERIC, TYPE_HEADER = 0, 4
FLAG_LOST, FLAG_CPU_INDEX, FLAG_COMPRESSED = 0x02, 0x20, 0x40


def buffer_header(size, used, cpu, sequence, flags, kind, stamp):
    return struct.pack(
        "<IIIiqqQHHIIHH", size, used, used, 0, stamp, sequence, 0xFFFFF80000000001, cpu, 1, 3,
        used, flags | FLAG_CPU_INDEX, kind,
    ) + bytes(16)  # fmt: skip


class Trace:
    """Events of some CPUs, and all that a log-file header says."""

    def __init__(self, compressed=False, bits=64, clock=QPC, frequency=10_000_000, mhz=2400,
                 start_ns=1_700_000_000_000_000_000, first_stamp=987_654_321_000, buffer_size=0x2000,
                 build=20348, version=(10, 0), mode=MODE_SEQUENTIAL, closed=True, events_lost=0,
                 buffers_lost=0):  # fmt: skip
        self.compressed, self.bits, self.clock = compressed, bits, clock
        self.frequency, self.mhz, self.start_ns = frequency, mhz, start_ns
        self.buffer_size, self.build, self.version = buffer_size, build, version
        self.mode = mode | (MODE_COMPRESSED if compressed else 0)
        self.closed, self.events_lost, self.buffers_lost = closed, events_lost, buffers_lost
        self.start = FILETIME_OF_1970 + start_ns // 100
        self.first_stamp = self.start if clock == SYSTEM_TIME else first_stamp
        self.events = {}  # cpu: [(ticks, record)]
        self.order = None  # of buffers in the file, as a function of their list
        self.lost_cpus = set()  # whose buffers say that events were lost
        self.written = None  # BuffersWritten; None: as many as there are
        self.spoil = lambda number, area: area  # of a buffer's events, before they are packed
        self.tail = b""

    def hertz(self):
        return {QPC: self.frequency, SYSTEM_TIME: 10_000_000, CYCLES: self.mhz * 1_000_000}[
            self.clock
        ]

    def time(self, ticks):
        """ns since 1970 of a number of ticks since the start, rounded down."""
        return self.start_ns + ticks * 1_000_000_000 // self.hertz()

    def add(self, record, cpu=0, at=0):
        self.events.setdefault(cpu, []).append((at, record))

    def log_header(self, buffers):
        pointer = "<QQ" if self.bits == 64 else "<II"
        written = buffers if self.written is None else self.written
        payload = struct.pack(
            "<IBBBBIIqIIIIIIII", self.buffer_size, *self.version, 0, 0, self.build,
            max(self.events, default=0) + 1, self.start + 10_000_000 if self.closed else 0, 156250,
            256, self.mode, written, 1, 8 if self.bits == 64 else 4, self.events_lost, self.mhz,
        )  # fmt: skip
        payload += struct.pack(pointer, 0x7FF, 0x7FF) + bytes(0xAC) + bytes(4)
        payload += struct.pack(
            "<qqqII", self.start - 86_400 * 10_000_000, self.frequency, self.start, self.clock,
            self.buffers_lost,
        ) + wide("test") + wide("C:\\test.etl")  # fmt: skip
        return system(0, payload, self.bits)(self.first_stamp)

    def areas(self):
        """(cpu, events of one buffer) of each CPU in turn."""
        room = self.buffer_size - BUFFER_HEADER
        for cpu, events in sorted(self.events.items()):
            area = b""
            for ticks, record in events:
                bytes_ = record(self.first_stamp + ticks)
                padded = bytes_ + bytes(-len(bytes_) % 8)
                if area and len(area) + len(padded) > room:
                    yield cpu, area
                    area = b""
                area += padded
                assert len(area) <= room, "an event larger than a buffer"
            yield cpu, area

    def data_buffers(self):
        made = []
        for number, (cpu, area) in enumerate(self.areas(), 1):
            area = self.spoil(number, area)
            flags = FLAG_LOST if cpu in self.lost_cpus else 0
            used = BUFFER_HEADER + len(area)
            size, body = self.buffer_size, area.ljust(self.buffer_size - BUFFER_HEADER, b"\xff")
            if self.compressed:
                body = xpress(area)
                size = BUFFER_HEADER + len(body)
                flags |= FLAG_COMPRESSED
            made.append(buffer_header(size, used, cpu, number, flags, TYPE_GENERIC, 0) + body)
        return self.order(made) if self.order else made

    def bytes(self):
        buffers = self.data_buffers()
        first = self.log_header(len(buffers) + 1)
        size = 0x400 if self.compressed else self.buffer_size
        used = BUFFER_HEADER + len(first)
        head = buffer_header(size, used, 0, 0, 0, TYPE_HEADER, self.first_stamp)
        first_buffer = (head + first).ljust(size, b"\xff")
        return first_buffer + b"".join(buffers) + self.tail
