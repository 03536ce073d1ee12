#!/usr/bin/env python3
"""A capture with names made to break outputs: make_hostile_names.py FILE

Markup, escapes of a terminal, a formula, quotes, commas, letters that turn text around, loops of
compression. Each is in a DNS answer about 8.8.8.8, in a ClientHello and in a request of HTTP to it, and
all hold "evil". One good name is beside them, good.example; the bytes of no other may come out.
"""

import struct
import sys


def frame(source, destination, protocol, payload, ports):
    if protocol == 17:
        upper = struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload
    else:
        upper = struct.pack(">HHIIBBHHH", *ports, 1, 1, 5 << 4, 16, 65535, 0, 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(upper), 1, 0, 64, protocol, 0,
                     bytes(source), bytes(destination)) + upper
    ours, other = bytes.fromhex("000d3a000004"), bytes.fromhex("123456789abc")
    macs = other + ours if source == VM else ours + other
    return macs + b"\x08\x00" + ip


def name(text):
    return b"".join(bytes([len(label)]) + label for label in text.split(b".")) + b"\0"


def answer(owner, data=bytes((8, 8, 8, 8))):
    return struct.pack(">HHHHHH", 1, 0x8180, 0, 1, 0, 0) + owner + \
        struct.pack(">HHIH", 1, 1, 60, len(data)) + data


def hello(text):
    server = b"\0" + struct.pack(">H", len(text)) + text
    names = struct.pack(">H", len(server)) + server
    extensions = struct.pack(">HH", 0, len(names)) + names
    body = b"\x03\x03" + bytes(32) + b"\0" + b"\0\2\x13\1" + b"\1\0" + \
        struct.pack(">H", len(extensions)) + extensions
    return b"\x16\3\1" + struct.pack(">H", len(body) + 4) + b"\1\0" + \
        struct.pack(">H", len(body)) + body


VM, WEB, RESOLVER = (10, 1, 0, 4), (8, 8, 8, 8), (10, 1, 0, 2)
BAD = [b"<script>evil</script>", b"\x1b]0;evil\x07", b"\x1b[2Jevil", b"=evil()", b"evil\"quote",
       b"evil,comma", b"evil\nline", b"evil\0zero", b"evil space", b"evil\xff\xfe", b"&lt;evil",
       b"evil'", b"evil`id`", b"$(evil)", b"evil\\x", b"-evil", b"evil\xe2\x80\xae",
       b"\xe2\x80\xaelive.example", b"evil\xe2\x81\xa6.example", b"evil\xc2\x9b31m.example",
       b"\"><img src=x onerror=alert(1)>evil", b"evil.example</title>", b"javascript:evil()"]
frames = [frame(VM, WEB, 6, b"evil body", (50000, 443))]
for text in BAD:
    frames.append(frame(RESOLVER, VM, 17, answer(name(text)), (53, 40000)))
    frames.append(frame(VM, WEB, 6, hello(text), (50000, 443)))
    if b"\n" in text:  # which ends the field: the host is what is before it
        continue
    frames.append(frame(VM, WEB, 6, b"GET /evil HTTP/1.1\r\nCookie: evil\r\nHost: " + text +
                        b"\r\n\r\nevil", (50000, 80)))
for owner in (b"\xc0\x0c", b"\xff\xff", b"\x3fevil", (b"\x3f" + b"e" * 63) * 5 + b"\0"):
    frames.append(frame(RESOLVER, VM, 17, answer(owner), (53, 40000)))
longest = b".".join([b"e" * 63] * 3 + [b"x" * 61])
frames.append(frame(RESOLVER, VM, 17, answer(name(longest)), (53, 40000)))
frames.append(frame(VM, WEB, 6, hello(b"good.example"), (50000, 443)))
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
    for data in frames:
        file.write(struct.pack("<IIII", 1789344000, 0, len(data), len(data)) + data)
