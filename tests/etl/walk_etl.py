"""A second reader of traces, slow and plain: what a walk over buffers and records finds.

It shares nothing with the core's reader, so that the two can be compared on real traces.
"""

import collections
import struct

BUFFER_HEADER = 0x48
COMPRESSED = 0x40
KERNEL = "9E814AAD-3204-11D2-9A82006008A86939"


def expand(packed, size):
    """MS-XCA 2.4.4."""
    out, at, flags, left, half = bytearray(), 0, 0, 0, None
    while len(out) < size:
        if left == 0:
            flags, left = struct.unpack_from("<I", packed, at)[0], 32
            at += 4
        left -= 1
        if not flags >> left & 1:
            out.append(packed[at])
            at += 1
            continue
        match = struct.unpack_from("<H", packed, at)[0]
        at += 2
        length = match & 7
        if length == 7:
            if half is None:
                half, at = at, at + 1
                nibble = packed[half] & 15
            else:
                nibble, half = packed[half] >> 4, None
            length += nibble
            if nibble == 15:
                length += packed[at]
                at += 1
                if packed[at - 1] == 255:
                    length = struct.unpack_from("<H", packed, at)[0]
                    at += 2
                    if length == 0:
                        length = struct.unpack_from("<I", packed, at)[0]
                        at += 4
        offset = (match >> 3) + 1
        for _ in range(length + 3):
            out.append(out[-offset])
    assert len(out) == size
    return bytes(out)


def buffers(data):
    """(cpu, events) of each buffer; every byte of the file belongs to one."""
    at = 0
    while at < len(data):
        size, saved = struct.unpack_from("<II", data, at)
        cpu = struct.unpack_from("<H", data, at + 0x28)[0]
        used, flags = struct.unpack_from("<IH", data, at + 0x30)
        body = data[at + BUFFER_HEADER : at + size]
        if flags & COMPRESSED:
            yield cpu, expand(body, saved - BUFFER_HEADER)
        else:
            yield cpu, body[: min(max(saved, used), size) - BUFFER_HEADER]
        at += size
    assert at == len(data)


def guid_text(raw):
    a, b, c = struct.unpack_from("<IHH", raw)
    return f"{a:08X}-{b:04X}-{c:04X}-{raw[8:10].hex().upper()}-{raw[10:].hex().upper()}"


Record = collections.namedtuple("Record", "cpu kind guid number opcode stamp keyword payload")


def records(data):
    """Every record of a trace that is whole; AssertionError where a chain breaks."""
    for cpu, area in buffers(data):
        at = 0
        while at < len(area):
            if area[at : at + 4] == b"\xff\xff\xff\xff":
                break
            first, kind, marker = struct.unpack_from("<HBB", area, at)
            assert marker == 0xC0, (at, kind, marker)
            late = kind in (1, 2, 3, 4, 0x10, 0x11)
            size = struct.unpack_from("<H", area, at + 4)[0] if late else first
            assert 8 <= size <= len(area) - at, (at, kind, size)
            yield read_record(cpu, kind, area[at : at + size])
            at += (size + 7) & ~7


def read_record(cpu, kind, raw):
    if kind in (0x12, 0x13):
        flags = struct.unpack_from("<H", raw, 4)[0]
        stamp = struct.unpack_from("<q", raw, 0x10)[0]
        number, opcode = struct.unpack_from("<H", raw, 0x28)[0], raw[0x2D]
        keyword = struct.unpack_from("<Q", raw, 0x30)[0]
        at, more = 0x50, flags & 1
        while more:
            length, _, linkage = struct.unpack_from("<HHH", raw, at)
            at, more = at + length, linkage & 1
        guid = guid_text(raw[0x18:0x28])
        return Record(cpu, kind, guid, number, opcode, stamp, keyword, raw[at:])
    stamp = struct.unpack_from("<q", raw, 8 if kind in (0x10, 0x11) else 0x10)[0]
    if kind in (0x0A, 0x14):
        return Record(cpu, kind, guid_text(raw[0x18:0x28]), 0, raw[4], stamp, 0, raw[0x30:])
    assert kind in (1, 2, 0x10, 0x11), kind
    hook = struct.unpack_from("<H", raw, 6)[0]
    return Record(cpu, kind, KERNEL, hook, 0, stamp, 0, raw[0x20:])
