#!/usr/bin/env python3
"""Are the captures of the scenarios what they claim? As TSHARK sees them:

    check_captures.py TSHARK [SCENARIO...]

It finds every frame, on the device and in the direction that the scenario says; every IP checksum
right, and every TCP and UDP one but those that a NIC was to fill in; and the IP bytes of each
destination.
"""

import ipaddress
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import check_hosts
import plain_scenarios  # adds its own to SCENARIOS
import scenarios
from truth import COOKED1, COOKED2, PCAPNG, SENT

FIELDS = ("ip.dst", "ipv6.dst", "ip.len", "ipv6.plen", "ip.checksum.status", "tcp.checksum.status",
          "udp.checksum.status", "sll.pkttype", "sll.ifindex", "frame.interface_name",
          "frame.packet_flags_direction")
CHECKSUMS = ("ip", "tcp", "udp")


def read(tshark, path):
    command = [tshark, "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=f"]
    for protocol in CHECKSUMS:
        command += ["-o", f"{protocol}.check_checksum:TRUE"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [dict(zip(FIELDS, line.split("\t"))) for line in done.stdout.split("\n")[:-1]]


def problems(frames, sightings, format, cut):
    if len(frames) != len(sightings):
        yield f"{len(frames)} frames, not {len(sightings)}"
        return
    seen, truth = Counter(), Counter()
    for number, (frame, sighting) in enumerate(zip(frames, sightings), 1):
        destination = frame["ip.dst"] or frame["ipv6.dst"]
        if destination:
            seen[destination] += int(frame["ip.len"] or int(frame["ipv6.plen"]) + 40)
        if hasattr(sighting.packet, "ip_bytes"):
            address = ipaddress.ip_address(sighting.packet.destination)
            truth[str(address)] += sighting.packet.ip_bytes
        late = getattr(sighting.packet, "checksum_late", False)
        for protocol in CHECKSUMS:
            # 0 is bad, 1 good, 2 not looked at.
            bad = frame[f"{protocol}.checksum.status"] == "0"
            if bad and (protocol == "ip" or not late) and not cut:
                yield f"frame {number}: bad {protocol} checksum"
        if not crossed(frame, sighting, format):
            yield f"frame {number}: {frame}, not {sighting.device.name}, {sighting.way}"
    if seen != truth:
        yield f"ip bytes: {seen}, not {truth}"


def crossed(frame, sighting, format):
    if format in (COOKED1, COOKED2) and int(frame["sll.pkttype"]) != sighting.way:
        return False
    if format == COOKED2:
        return int(frame["sll.ifindex"]) == sighting.device.index
    if format == PCAPNG:
        direction = 2 if sighting.way == SENT else 1
        return (frame["frame.interface_name"] == sighting.device.name and
                int(frame["frame.packet_flags_direction"], 0) == direction)
    return True


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as directory:
        for name in sys.argv[2:] or scenarios.SCENARIOS:
            scenario = scenarios.build(name)
            for format in scenario.formats:
                for cut in check_hosts.CUTS:
                    label = f"{name}-{format}-{cut or 'full'}"
                    paths = check_hosts.write(scenario, format, cut, label, Path(directory))
                    for path, capture in zip(paths, scenario.captures):
                        ordered = check_hosts.order(scenario, capture)
                        for problem in problems(read(sys.argv[1], path), ordered, format, cut):
                            failures += 1
                            print(f"{label}: {problem}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
