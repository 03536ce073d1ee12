"""Two network namespaces with a wire between them, and traffic whose size is known.

The namespace that this process makes for itself is the VM: 10.0.0.4 on eth0, or on br0 over eth0.
The other one answers on the internet addresses REMOTES. There is no ARP, no IPv6 and no
segmentation offload, so what the kernel counts on eth0 is the IP packets and their Ethernet headers
and nothing else.
"""

import ctypes
import os
import socket
import subprocess
import sys
import threading
import time

SKIPPED = 77
CLONE_NEWNET = 0x40000000
VM = "10.0.0.4"
REMOTES = ("20.60.1.4", "185.125.190.57")
PORT = 9000
MAC_VM, MAC_OUTSIDE = "02:00:00:00:00:04", "02:00:00:00:00:01"

OUTSIDE = """
import sys
sys.path.insert(0, sys.argv[1])
import network
network.outside()
"""


def run(text, **options):
    subprocess.run(text.split(), check=True, capture_output=True, **options)


def outside():
    """The other end, until standard input closes."""
    sys.stdin.readline()
    run("ip link set lo up")
    run("ip link set wire arp off addrgenmode none gso_max_segs 1 up")
    for remote in REMOTES:
        run(f"ip addr add {remote}/32 dev wire")
    run("ip route add 10.0.0.0/24 dev wire")
    run(f"ip neigh add {VM} lladdr {MAC_VM} dev wire")
    listener = socket.create_server(("0.0.0.0", PORT))
    sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sink.bind(("0.0.0.0", PORT))
    threading.Thread(target=_serve, args=(listener,), daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)


def _serve(listener):
    while True:
        one, _ = listener.accept()
        while one.recv(65536):
            pass
        one.sendall(b"thanks")
        one.close()


class Network:
    """Made once a process. SystemExit with 77 where the kernel does not let us."""

    def __init__(self, bridge=False):
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
            print("skipped: no network namespaces here:", os.strerror(ctypes.get_errno()))
            sys.exit(SKIPPED)
        here = os.path.dirname(os.path.abspath(__file__))
        own = os.readlink("/proc/self/ns/net")
        self.other = subprocess.Popen(
            ["unshare", "--net", sys.executable, "-B", "-c", OUTSIDE, here],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        while os.readlink(f"/proc/{self.other.pid}/ns/net") == own:
            time.sleep(0.01)
        self._make_devices("br0" if bridge else "eth0")
        self.other.stdin.write("\n")
        self.other.stdin.flush()
        assert self.other.stdout.readline() == "ready\n"

    def _make_devices(self, device):
        run("ip link set lo up")
        run(f"ip link add eth0 address {MAC_VM} type veth peer name wire address {MAC_OUTSIDE} "
            f"netns {self.other.pid}")
        if device == "br0":
            run(f"ip link add br0 address {MAC_VM} type bridge mcast_snooping 0")
            run("ip link set br0 arp off addrgenmode none gso_max_segs 1 up")
            run("ip link set eth0 master br0")
        run("ip link set eth0 arp off addrgenmode none gso_max_segs 1 up")
        run(f"ip addr add {VM}/24 dev {device}")
        for remote in REMOTES:
            run(f"ip route add {remote}/32 dev {device}")
            run(f"ip neigh add {remote} lladdr {MAC_OUTSIDE} dev {device}")

    def close(self):
        self.other.stdin.close()
        self.other.wait()


def counter(name, device="eth0"):
    # /sys shows the namespace of who mounted it; this file always that of who reads.
    with open("/proc/net/dev", encoding="ascii") as table:
        for line in table:
            if line.strip().startswith(device + ":"):
                fields = line.split(":")[1].split()
                return int(fields[{"rx_bytes": 0, "rx_packets": 1,
                                   "tx_bytes": 8, "tx_packets": 9}[name]])
    raise KeyError(device)


def send_datagrams(remote, count, size):
    """What this comes to on the wire: count Ethernet frames of 14 + 20 + 8 + size bytes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        for _ in range(count):
            one.sendto(b"x" * size, (remote, PORT))
    return count * (14 + 20 + 8 + size)


def send_stream(remote, size):
    with socket.create_connection((remote, PORT), timeout=5) as one:
        one.sendall(b"y" * size)
        one.shutdown(socket.SHUT_WR)
        while one.recv(65536):
            pass


def run_tests(tests):
    """Of a script: --list names its tests; PROGRAM NAME runs one, each a function of the program."""
    named = {test.__name__: test for test in tests}
    if sys.argv[1:] == ["--list"]:
        print("\n".join(named))
    elif not hasattr(os, "geteuid") or os.geteuid() != 0:
        print("skipped: only root makes network namespaces")
        sys.exit(SKIPPED)
    else:
        program, name = sys.argv[1:]
        named[name](program)
        print("as expected")
