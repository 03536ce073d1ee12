"""One stream of sightings as the capture files different tools make of it.

cooked2    tcpdump -i any since libpcap 1.10.0 with tcpdump 4.99: LINKTYPE_LINUX_SLL2
cooked1    tcpdump -i any before: LINKTYPE_LINUX_SLL
pcapng     one interface block a device, the direction in each packet's epb_flags
unflagged  the same without flags: dumpcap -i eth0 -i docker0 ...
pcap       tcpdump -i eth0: Ethernet, neither interface nor direction
"""

import struct

from truth import COOKED1, COOKED2, PCAP, PCAPNG, SENT, UNFLAGGED

LINK_ETHERNET, LINK_RAW, LINK_SLL, LINK_SLL2 = 1, 101, 113, 276
SNAPLEN = 262144


def write(path, format, sightings, cut=0):
    """cut: bytes kept of each frame, 0 for all."""
    with open(path, "wb") as file:
        file.write(_WRITERS[format](sightings, cut or SNAPLEN))


def link_type(device):
    return LINK_ETHERNET if device.mac else LINK_RAW


def body_of(sighting):
    body = sighting.packet.to_bytes()
    if sighting.device.pads and sighting.way != SENT:
        body += bytes(max(0, 46 - len(body)))
    return body


def plain_frame(sighting):
    body = body_of(sighting)
    if not sighting.device.mac:
        return body
    header = sighting.link_destination + sighting.link_source
    return header + struct.pack("!H", sighting.packet.ethertype) + body


def cooked1_frame(sighting):
    """The link address is the frame's source as its header has it, not the device's."""
    source = sighting.link_source
    return struct.pack("!HHH8sH", sighting.way, sighting.device.hardware, len(source), source,
                       sighting.packet.ethertype) + body_of(sighting)


def cooked2_frame(sighting):
    source = sighting.link_source
    return struct.pack("!HHIHBB8s", sighting.packet.ethertype, 0, sighting.device.index,
                       sighting.device.hardware, sighting.way, len(source),
                       source) + body_of(sighting)


def _pcap(link, frame_of):
    def make(sightings, cut):
        out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, cut, link)]
        for sighting in sightings:
            frame = frame_of(sighting)
            kept = frame[:cut]
            seconds, rest = divmod(sighting.time, 10**9)
            out.append(struct.pack("<IIII", seconds, rest // 1000, len(kept), len(frame)) + kept)
        return b"".join(out)

    return make


def _block(kind, body):
    body += bytes(-len(body) % 4)
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def _option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


END_OF_OPTIONS = _option(0, b"")


def _pcapng(flagged):
    def make(sightings, cut):
        out = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
        numbers = {}
        for sighting in sightings:
            if sighting.device not in numbers:
                numbers[sighting.device] = len(numbers)
                out.append(_interface(sighting.device, cut))
            out.append(_packet(sighting, numbers[sighting.device], cut, flagged))
        return b"".join(out)

    return make


def _interface(device, cut):
    options = _option(2, device.name.encode()) + _option(9, b"\x09") + END_OF_OPTIONS
    return _block(1, struct.pack("<HHI", link_type(device), 0, cut) + options)


def _packet(sighting, number, cut, flagged):
    frame = plain_frame(sighting)
    kept = frame[:cut]
    body = struct.pack("<IIIII", number, sighting.time >> 32, sighting.time & 0xFFFFFFFF,
                       len(kept), len(frame)) + kept + bytes(-len(kept) % 4)
    if flagged:
        # Bits 0-1: 1 inbound, 2 outbound. There is none for a frame to another host.
        flags = 2 if sighting.way == SENT else 1
        body += _option(2, struct.pack("<I", flags)) + END_OF_OPTIONS
    return _block(6, body)


_WRITERS = {
    COOKED2: _pcap(LINK_SLL2, cooked2_frame),
    COOKED1: _pcap(LINK_SLL, cooked1_frame),
    PCAPNG: _pcapng(True),
    UNFLAGGED: _pcapng(False),
    PCAP: _pcap(LINK_ETHERNET, plain_frame),
}
