#!/usr/bin/env python3
"""The same on a real Linux kernel: a container host in network namespaces.

    real_host.py EGSHARK

A host with a bridge and a container, and the network outside, each in its own namespace. The host
is captured on all of its devices as libpcap does (packet(7) sockets), in cooked v2 and v1; the
truth is what the other end of the host's wire saw. Exit status 77 where there are no namespaces.
"""

import ipaddress
import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from packets import IPV4, IPV6
from truth import COOKED1, COOKED2, LOOPBACK, SENT, Device, Sighting, fate
from writers import write

SKIPPED = 77
ETH_P_ALL, SO_TIMESTAMPNS = 3, 35
PORT = 9000
REMOTES = ("20.60.1.4", "2603:1030:402::7")
HOST_ADDRESSES = ("10.0.0.4", "fd00:1:2::4")


class Captured:
    """A packet already in bytes."""

    def __init__(self, ethertype, body):
        self.ethertype, self.body = ethertype, body

    def to_bytes(self):
        return self.body


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


def ip(text):
    run("ip", *text.split())


class Tap:
    """What all devices of this namespace show until it is closed."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sightings = []
        self.open = True
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def close(self):
        time.sleep(0.3)
        self.open = False
        self.thread.join()
        return self.sightings

    def _read(self):
        while self.open:
            if not select.select([self.socket], [], [], 0.1)[0]:
                continue
            body, notes, _, place = self.socket.recvmsg(1 << 17, 256)
            name, protocol, way, hardware, link = place
            if hardware == LOOPBACK and way == SENT:
                continue  # as libpcap does: it is received again
            seconds, rest = struct.unpack("qq", notes[0][2])
            device = Device(name, socket.if_nametoindex(name), link, hardware)
            self.sightings.append(Sighting(seconds * 10**9 + rest, device, way,
                                           Captured(protocol, body), link, b"", fate("")))


def serve():
    """Answers every stream and datagram with three times its bytes."""
    for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        stream = socket.socket(family, socket.SOCK_STREAM)
        datagram = socket.socket(family, socket.SOCK_DGRAM)
        for one in (stream, datagram):
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind((address, PORT))
        stream.listen()
        threading.Thread(target=_serve_stream, args=(stream,), daemon=True).start()
        threading.Thread(target=_serve_datagram, args=(datagram,), daemon=True).start()


def _serve_stream(listener):
    while True:
        one, _ = listener.accept()
        data = b""
        while part := one.recv(65536):
            data += part
        one.sendall(data * 3)
        one.close()


def _serve_datagram(one):
    while True:
        data, peer = one.recvfrom(65536)
        one.sendto(data * 3, peer)


def talk(remote):
    family = socket.AF_INET6 if ":" in remote else socket.AF_INET
    with socket.create_connection((remote, PORT), timeout=5) as stream:
        stream.sendall(os.urandom(40_000))
        stream.shutdown(socket.SHUT_WR)
        while stream.recv(65536):
            pass
    with socket.socket(family, socket.SOCK_DGRAM) as datagram:
        datagram.settimeout(5)
        for _ in range(2):
            datagram.sendto(b"the same bytes", (remote, PORT))
        for _ in range(2):
            datagram.recv(65536)


def sums(sightings):
    """Per remote address packets and bytes, of what left the host and of what entered it, as the
    outside of its wire has seen them."""
    left, entered = {}, {}
    for sighting in sightings:
        body = sighting.packet.body
        if sighting.device.name != "wire" or sighting.packet.ethertype not in (IPV4, IPV6):
            continue
        if sighting.packet.ethertype == IPV4:
            source, destination = (ipaddress.ip_address(body[at:at + 4]) for at in (12, 16))
            length = struct.unpack("!H", body[2:4])[0]
        else:
            source, destination = (ipaddress.ip_address(body[at:at + 16]) for at in (8, 24))
            length = struct.unpack("!H", body[4:6])[0] + 40
        if destination.is_multicast or destination.is_link_local:
            continue
        rows, remote = (entered, source) if sighting.way == SENT else (left, destination)
        row = rows.setdefault(str(remote), [0, 0])
        row[0] += 1
        row[1] += length
    return left, entered


# Each of these runs in a namespace of its own, driven by lines on standard input.


def outside():
    sys.stdin.readline()
    for command in ("link set lo up", "addr add 10.0.0.1/24 dev wire",
                    "addr add fd00:1:2::1/64 dev wire nodad", "link set wire up",
                    f"addr add {REMOTES[0]}/32 dev wire",
                    f"addr add {REMOTES[1]}/128 dev wire nodad",
                    "route add default via 10.0.0.4", "route add default via fd00:1:2::4"):
        ip(command)
    serve()
    tap = Tap()
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(sums(tap.close())), flush=True)
    os._exit(0)


def container():
    sys.stdin.readline()
    for command in ("link set lo up", "addr add 10.0.8.2/24 dev eth0",
                    "addr add fd00:8::2/64 dev eth0 nodad", "link set eth0 up",
                    "route add default via 10.0.8.1", "route add default via fd00:8::1"):
        ip(command)
    print("ready", flush=True)
    for line in sys.stdin:
        talk(line.strip())
        print("done", flush=True)


class Child:
    def __init__(self, role):
        self.process = subprocess.Popen(["unshare", "--net", sys.executable, "-B", __file__, role],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line=""):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


def wait_for_namespace(child):
    own = os.readlink("/proc/self/ns/net")
    while os.readlink(f"/proc/{child.process.pid}/ns/net") == own:
        time.sleep(0.01)


def host(directory):
    """Writes host-cooked2, host-cooked1 and truth to the directory."""
    children = away, inside = Child("outside"), Child("container")
    for child in children:
        wait_for_namespace(child)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    Path("/proc/sys/net/ipv6/conf/all/forwarding").write_text("1")
    for command in ("link set lo up", "link add docker0 type bridge",
                    f"link add eth0 type veth peer name wire netns {away.process.pid}",
                    f"link add veth1 type veth peer name eth0 netns {inside.process.pid}",
                    "link set veth1 master docker0 up", "addr add 10.0.8.1/24 dev docker0",
                    "addr add fd00:8::1/64 dev docker0 nodad", "link set docker0 up",
                    "addr add 10.0.0.4/24 dev eth0", "addr add fd00:1:2::4/64 dev eth0 nodad",
                    "link set eth0 up", "route add default via 10.0.0.1",
                    "route add default via fd00:1:2::1"):
        ip(command)
    serve()
    tap = Tap()
    for child in children:
        child.ask()
    time.sleep(2)  # link-local addresses settle
    for remote in REMOTES:
        inside.ask(remote)
        talk(remote)
    for own in HOST_ADDRESSES:
        inside.ask(own)
        talk(own)
    sightings = tap.close()
    (directory / "truth").write_text(away.ask())
    for format in (COOKED2, COOKED1):
        write(directory / f"host-{format}.pcap", format, sightings, cut=96)
    for child in children:
        child.process.stdin.close()
    os._exit(0)


def rows(report):
    return {row["address"]: [row["packets"], row["ip_bytes"]]
            for row in report["destinations"] if row["packets"]}


def check(program, path, truth):
    bad = 0
    for direction, expected in zip(("egress", "ingress"), truth):
        done = subprocess.run([program, "-T", "json", "--direction", direction, path], check=True,
                              capture_output=True)
        report = json.loads(done.stdout)
        have = rows(report)
        print(path.name, direction, report["frames"], report["assumptions"]["local"])
        for address in sorted(set(expected) | set(have)):
            if expected.get(address) != have.get(address):
                bad += 1
                print(f"  {address}: packets, ip_bytes are {have.get(address)}, the wire had "
                      f"{expected.get(address)}")
    return bad


def main():
    roles = {"outside": outside, "container": container}
    if sys.argv[1] in roles:
        return roles[sys.argv[1]]()
    if sys.argv[1] == "host":
        return host(Path(sys.argv[2]))
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-B", __file__, "host", name]
        done = subprocess.run(["unshare", "--user", "--map-root-user", "--net", *command],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            print("no network namespaces here:", done.stderr.strip().splitlines()[-1:])
            return SKIPPED
        directory = Path(name)
        truth = json.loads((directory / "truth").read_text())
        paths = sorted(directory.glob("host-*.pcap"))
        return 1 if sum(check(sys.argv[1], path, truth) for path in paths) else 0


if __name__ == "__main__":
    sys.exit(main())
