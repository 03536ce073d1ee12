#!/usr/bin/env python3
"""Makes the sample: a quiet day of an Azure VM, its sites file, and the truth about both.

    make_sample.py FOLDER

writes FOLDER/azure-vm-day.pcap, sites.csv and truth.json. The VM is 10.1.0.4 in eastus. Its day is
invented; nothing in it was captured anywhere. The addresses of services are numbers out of the
ranges that the providers publish, so that the report names them as it would in earnest.

The truth is computed from the rules of accounting and from the story told here, in exact fractions.
The same call writes the same bytes, whatever the Python.
"""

import json
import pathlib
import struct
import sys
from datetime import datetime, timezone
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from vm_capture import (ACK, ICMP, ICMPV6, MS, MSS, MULTICAST, PSH, RECEIVED, SECOND, SENT, UDP, US,
                        VM_MAC, Tcp, VmCapture, checksum, ipv4, ipv6, tcp, udp)

MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
MORNING = int(datetime(2026, 9, 14, tzinfo=timezone.utc).timestamp()) * SECOND

VM = "10.1.0.4"
WIRESERVER = "168.63.129.16"  # DNS, DHCP and the guest agent's server on every Azure VM
METADATA = "169.254.169.254"
DATABASE = "10.1.0.10"  # in the VM's own virtual network
HUB = "10.2.0.7"  # in a peered one: where engineers come from, and where logs go
UNLISTED = "192.168.50.20"  # in no sites file: nobody can say what it costs
STORAGE_HERE = "20.150.32.4"  # Storage.EastUS
STORAGE_EUROPE = "20.150.37.228"  # Storage.WestEurope
APP_NEXT_DOOR = "20.49.97.5"  # AppService.EastUS2
FRONT_DOOR = "13.107.246.40"  # AzureFrontDoor.Frontend: anycast, in no region
CDN = "162.158.62.10"  # Cloudflare's address for fetching from origins
ARCHIVE = "91.189.91.83"  # archive.ubuntu.com
TIME_SERVER = "185.125.190.57"  # ntp.ubuntu.com
PINGED = "8.8.8.8"

# Classes by rule 4, and Azure's list prices of 2026-08-18 in dollars a GB: (egress, ingress). None:
# unpriced. internet: zone 1, first paid tier. inter-region: within North America.
# inter-continent: from North America. peering in one region: each network pays 0.01 for what leaves
# it and 0.01 for what enters it, and the sites file says that both networks are ours: a byte either
# way is paid once as it leaves the one and once as it enters the other.
PRICES = {
    "platform": ("0", "0"),
    "vnet": ("0", "0"),
    "same-region": ("0", "0"),
    "inter-region": ("0.02", "0"),
    "inter-continent": ("0.05", "0"),
    "internet": ("0.087", "0"),
    "provider-global": ("0.087", "0"),
    "peering": ("0.02", "0.02"),
    "private": None,
}
CLASSES = {
    WIRESERVER: "platform",
    METADATA: "platform",
    DATABASE: "vnet",
    HUB: "peering",
    UNLISTED: "private",
    STORAGE_HERE: "same-region",
    STORAGE_EUROPE: "inter-continent",
    APP_NEXT_DOOR: "inter-region",
    FRONT_DOOR: "provider-global",
    CDN: "internet",
    ARCHIVE: "internet",
    TIME_SERVER: "internet",
    PINGED: "internet",
}
SITES = """\
# Networks of ours that the VM talks to.
prefix,class,region,via,payer,label
10.1.0.0/16,vnet,eastus,,,spoke
10.2.0.0/16,peering,eastus,,both,hub
"""

INSTANCE = b'{"compute":{"location":"eastus","name":"vm-app-1","osType":"Linux"}}'
INSTANCE_ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
                   b"Server: IMDS/150.870.65.1854\r\nContent-Length: %d\r\n\r\n%s"
                   % (len(INSTANCE), INSTANCE))


def dns(vm, time, name):
    """The stub resolver on lo, then the platform's resolver."""
    query = struct.pack("!HHHHHH", vm.random.getrandbits(16), 0x0100, 1, 0, 0, 0) + b"".join(
        bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0\0\x01\0\x01"
    answer = query[:2] + b"\x81\x80" + query[4:] + b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04" + bytes(4)
    port, upstream = vm.random.randrange(33000, 60000), vm.random.randrange(33000, 60000)
    ident = vm.random.getrandbits(16)
    vm.loop(time, udp("127.0.0.1", "127.0.0.53", port, 53, query), "local")
    vm.send(time + 80 * US, udp(VM, WIRESERVER, upstream, 53, query))
    vm.receive(time + 900 * US, udp(WIRESERVER, VM, 53, upstream, answer, ident))
    vm.loop(time + 950 * US, udp("127.0.0.53", "127.0.0.1", 53, port, answer), "local")


def lease(operation, message):
    """DHCP, RFC 2131: the message type is the only option."""
    fixed = struct.pack("!BBBBIHH", operation, 1, 6, 0, 0x1B2C3D4E, 0, 0)
    addresses = bytes([10, 1, 0, 4]) + bytes(12)
    return (fixed + addresses + VM_MAC.ljust(16, b"\0") + bytes(64 + 128)
            + bytes.fromhex("63825363") + bytes([53, 1, message, 255]))


def boot(vm, time):
    """Neighbours, a lease, who am I."""
    link, router = "fe80::20d:3aff:fe1b:2c3d", "fe80::1234:5678:9abc"
    for second in range(3):
        solicit = b"\x85\0\0\0" + bytes(4)
        vm.neighbours(time + second * 4 * SECOND, ipv6(link, "ff02::2", ICMPV6, solicit), SENT)
    advert = b"\x86\0\0\0\x40\0" + struct.pack("!H", 9000) + bytes(8)
    vm.neighbours(time + 9 * SECOND, ipv6(router, "ff02::1", ICMPV6, advert), MULTICAST)
    unicast = b"\x87\0\0\0" + bytes(20)
    vm.neighbours(time + 10 * SECOND, ipv6(router, link, ICMPV6, unicast), RECEIVED)
    vm.arp(time + SECOND, 1, "10.1.0.1")
    vm.arp(time + SECOND + 300 * US, 2, "10.1.0.1")
    vm.send(time + 2 * SECOND, udp(VM, WIRESERVER, 68, 67, lease(1, 3), 7))
    vm.receive(time + 2 * SECOND + MS, udp(WIRESERVER, VM, 67, 68, lease(2, 5), 8))
    who_am_i = Tcp(vm, time + 3 * SECOND, METADATA, (41522, 80), rtt=MS)
    who_am_i.say(b"GET /metadata/instance?api-version=2017-08-01 HTTP/1.1\r\n"
                 b"Host: 169.254.169.254\r\nMetadata: true\r\n\r\n")
    who_am_i.hear(INSTANCE_ANSWER)
    who_am_i.close()


def heartbeat(vm, time):
    """The guest agent tells the platform that it lives; chrony asks for the time."""
    agent = Tcp(vm, time, WIRESERVER, (vm.random.randrange(33000, 60000), 80), rtt=MS)
    agent.put(640)
    agent.get(420)
    agent.close()
    request, answer = b"\x23" + bytes(47), b"\x24" + vm.random.randbytes(47)
    port = vm.random.randrange(33000, 60000)
    vm.send(time + 5 * SECOND, udp(VM, TIME_SERVER, port, 123, request))
    vm.receive(time + 5 * SECOND + 70 * MS, udp(TIME_SERVER, VM, 123, port, answer,
                                                vm.random.getrandbits(16)))


def packages(vm, time):
    """apt: much in, acknowledgements out."""
    dns(vm, time - SECOND, "archive.ubuntu.com")
    download = Tcp(vm, time, ARCHIVE, (45670, 80), rtt=8 * MS)
    download.put(180)
    download.get(300 * 1000)
    download.close()


def morning_of_engineers(vm, time):
    """SSH from the hub, and logs to it. Two identical log lines within a millisecond are two
    packets, each of them with a copy (rule 2.2); a long one goes in two fragments."""
    shell = Tcp(vm, time, HUB, (22, 50112), opened_by_vm=False)
    for _ in range(25):
        shell.hear(vm.random.randbytes(36))
        shell.put(100 + vm.random.randrange(400))
    shell.close()
    line = b"<134>app[812]: upstream timed out (110: Connection timed out)"
    for repeat in (0, 300 * US):
        vm.send(time + MINUTE + repeat, udp(VM, HUB, 38412, 514, line))
    long_line = struct.pack("!HHHH", 38412, 514, 8 + 2400, 0) + vm.random.randbytes(2400)
    ident = 0x4D2
    vm.send(time + 2 * MINUTE, ipv4(VM, HUB, UDP, long_line[:1480], ident, flags=1, fragment=True))
    vm.send(time + 2 * MINUTE + 9 * US, ipv4(VM, HUB, UDP, long_line[1480:], ident, flags=0,
                                             offset=1480, fragment=True))


def work(vm, time):
    """The application: its database, the CDN that fetches pages from it, its telemetry."""
    database = Tcp(vm, time, DATABASE, (vm.random.randrange(33000, 60000), 5432), rtt=MS)
    for _ in range(10):
        database.put(220)
        database.get(900)
    database.close()
    for number in range(3):
        origin = Tcp(vm, time + (10 + number) * SECOND, CDN, (443, 20110 + number),
                     opened_by_vm=False, rtt=12 * MS)
        origin.get(600)
        origin.put(18 * 1000)
        origin.close()
    dns(vm, time + MINUTE, "api.example.net")
    for peer, size in ((APP_NEXT_DOOR, 9000), (FRONT_DOOR, 1300)):
        call = Tcp(vm, time + MINUTE + SECOND, peer, (vm.random.randrange(33000, 60000), 443))
        call.put(size)
        call.get(2200)
        call.close()
    # The application calls itself by its own address: on lo, inside the host.
    itself = tcp(VM, VM, (51000, 8080), 1, 1, PSH | ACK, b"GET /health HTTP/1.1\r\n\r\n", 1, 99)
    vm.loop(time + 2 * MINUTE, itself, "internal")


def night(vm, time):
    """Backups: to storage next door in super-frames of 45 segments, and one copy to Europe; the
    function is taken away for half a minute of it."""
    vm.serviced.append((time + 40 * SECOND, time + 70 * SECOND))
    backup = Tcp(vm, time, STORAGE_HERE, (38822, 443))
    for _ in range(10):
        backup.put(5 * 45 * MSS, burst=45)
        backup.time += 7 * SECOND
    backup.put(10 * 1000, burst=45)
    backup.close()
    copy = Tcp(vm, time + HOUR, STORAGE_EUROPE, (38824, 443), rtt=80 * MS)
    copy.put(250 * 1000)
    copy.put_with_loss()
    copy.close()


def odds_and_ends(vm, time):
    """Pings, and a socket to a private address that nobody has written down."""
    for number in range(3):
        echo = struct.pack("!BBHHH", 8, 0, 0, 77, number) + vm.random.randbytes(56)
        for kind, send in ((8, True), (0, False)):
            echo = bytes([kind, 0, 0, 0]) + echo[4:]
            echo = echo[:2] + struct.pack("!H", checksum(echo)) + echo[4:]
            if send:
                vm.send(time + number * SECOND, ipv4(VM, PINGED, ICMP, echo, 1000 + number))
            else:
                vm.receive(time + number * SECOND + 4 * MS,
                           ipv4(PINGED, VM, ICMP, echo, 0, flags=0))
    legacy = Tcp(vm, time + MINUTE, UNLISTED, (40110, 8443), rtt=30 * MS)
    legacy.put(24 * 1000)
    legacy.get(3000)
    legacy.close()


def the_day():
    vm = VmCapture(VM, seed=20260914)
    boot(vm, MORNING)
    packages(vm, MORNING + 6 * HOUR)
    morning_of_engineers(vm, MORNING + 9 * HOUR)
    for hour in (10, 12, 14, 16):
        work(vm, MORNING + hour * HOUR)
    odds_and_ends(vm, MORNING + 17 * HOUR)
    for hour in range(1, 24, 3):
        heartbeat(vm, MORNING + hour * HOUR + 7 * MINUTE)
    night(vm, MORNING + 22 * HOUR)
    return vm


def dollars(amount):
    """At most 12 decimals, rounded half to even, as a report shows them."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(amount.numerator) / Decimal(amount.denominator)
        return format(exact.quantize(Decimal(1).scaleb(-12), ROUND_HALF_EVEN), "f")


def priced(address, row):
    """The row as a report must have it, and its exact cost (0 where it has no price)."""
    prices = PRICES[CLASSES[address]]
    cost = Fraction(0)
    if prices:
        cost = (row["billable_bytes"] * Fraction(prices[0])
                + row["ingress_billable_bytes"] * Fraction(prices[1])) / 2**30
    truth = {name: row[name] for name in ("packets", "ip_bytes", "billable_bytes",
                                          "ingress_packets", "ingress_ip_bytes")}
    truth["class"] = CLASSES[address]
    truth["usd_per_gb"] = prices[0] if prices else None
    truth["cost_usd"] = dollars(cost) if prices else None
    if "opened_by" in row:
        truth["opened_by"] = row["opened_by"]
    return truth, cost


def rfc3339(time):
    second = datetime.fromtimestamp(time // SECOND, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{second}.{time % SECOND:09d}Z"


def the_truth(vm, first, last):
    ledger = vm.ledger
    frames = {bucket: ledger.frames[bucket] for bucket in (
        "egress", "ingress", "local", "internal", "transit", "duplicate", "filtered", "not_ip",
        "truncated", "malformed", "unsupported_link")}
    frames["total"] = len(vm.records)
    rows = {address: priced(address, row) for address, row in sorted(ledger.remotes.items())}
    totals = {name: sum(row[name] for row, _ in rows.values())
              for name in ("packets", "ip_bytes", "billable_bytes")}
    totals["cost_usd"] = dollars(sum(cost for _, cost in rows.values()))
    totals["unpriced_bytes"] = sum(row["billable_bytes"] for row, _ in rows.values()
                                   if row["cost_usd"] is None)
    totals["segmentation_bytes"] = ledger.segmentation_bytes
    totals["duplicate_bytes"] = ledger.duplicate_bytes
    return {"first_time": rfc3339(first), "last_time": rfc3339(last), "local": VM,
            "frames": frames, "totals": totals,
            "destinations": {address: row for address, (row, _) in rows.items()}}


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    vm = the_day()
    first, last = vm.write(folder / "azure-vm-day.pcap")
    (folder / "sites.csv").write_text(SITES)
    truth = the_truth(vm, first, last)
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_sample.py FOLDER")
    make(pathlib.Path(sys.argv[1]))


if __name__ == "__main__":
    main()
