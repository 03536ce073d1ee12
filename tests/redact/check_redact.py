#!/usr/bin/env python3
"""What egshark --redact lets out of the house.

    check_redact.py EGSHARK TEST [SAMPLES]

Every output format is searched for every private address of captures, and for its names, in every
spelling. The addresses are tshark's findings in the packets, not egshark's. Exit status 77 without
tshark, or without the samples where they are needed.
"""

import csv
import ipaddress
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
HERE = Path(__file__).resolve().parent
FORMATS = ("text", "csv", "json", "ndjson", "html")

# The same for everybody; the test's own list.
COMMON = {ipaddress.ip_address(text) for text in (
    "168.63.129.16", "169.254.169.254", "169.254.169.253", "169.254.169.123", "169.254.169.250",
    "169.254.170.2", "100.100.100.200", "192.0.0.192", "255.255.255.255", "fd00:ec2::254",
    "fd00:ec2::253", "fd00:ec2::123", "fd20:ce::254")}


def is_common(address):
    return (address in COMMON or address.is_loopback or address.is_unspecified or
            address in ipaddress.ip_network("224.0.0.0/24") or
            address in ipaddress.ip_network("0.0.0.0/8"))


def is_secret(address):
    """By Python's registries. Multicast groups of the internet are private to nobody, but hidden."""
    return not address.is_global and not address.is_multicast and not is_common(address)


def spellings(address):
    """Patterns of lower case."""
    if address.version == 4:
        octets = str(address).split(".")
        number = int(address)
        for text in (".".join(octets), "-".join(octets), "_".join(octets), ".".join(octets[::-1]),
                     "-".join(octets[::-1]), ".".join(f"{int(octet):03}" for octet in octets)):
            yield rf"(?<![0-9.]){re.escape(text)}(?![0-9])"
        yield rf"::ffff:{number >> 16:x}:{number & 0xffff:x}(?![0-9a-f])"
        yield rf"(?<![0-9a-f]){number:08x}(?![0-9a-f])"
        return
    for text in (str(address), address.exploded, address.exploded.replace(":", "-"),
                 address.exploded.replace(":", ""), address.reverse_pointer):
        yield rf"(?<![0-9a-f:]){re.escape(text)}(?![0-9a-f:])"
    if address.ipv4_mapped:
        yield from spellings(address.ipv4_mapped)


def mac_spellings(mac):
    digits = mac.replace(":", "")
    for text in (mac, mac.replace(":", "-"), ".".join((digits[:4], digits[4:8], digits[8:])),
                 digits):
        yield rf"(?<![0-9a-f]){re.escape(text)}(?![0-9a-f])"


def ask_tshark(path, *fields):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "occurrence=a",
               "-E", "aggregator=\x1f"]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line.split("\t") for line in done.stdout.split("\n") if line]


def secrets_of(path):
    """Patterns, and what each stands for."""
    lines = ask_tshark(path, "ip.addr", "ipv6.addr", "eth.addr", "dns.a", "dns.aaaa",
                       "dns.resp.name")
    addresses, macs, names = set(), set(), set()
    for line in lines:
        line += [""] * (6 - len(line))
        ips = {ipaddress.ip_address(text) for text in
               filter(None, (line[0] + "\x1f" + line[1]).split("\x1f"))}
        addresses |= {one for one in ips if is_secret(one)}
        macs |= set(filter(None, line[2].split("\x1f")))
        answers = [ipaddress.ip_address(text) for text in
                   filter(None, (line[3] + "\x1f" + line[4]).split("\x1f"))]
        if answers and all(map(is_secret, answers)):
            addresses |= set(answers)
            names |= {name.lower() for name in filter(None, line[5].split("\x1f"))
                      if name != "<Root>"}
    found = {pattern: str(address) for address in addresses for pattern in spellings(address)}
    found.update({pattern: mac for mac in macs - {"ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"}
                  for pattern in mac_spellings(mac)})
    found.update({re.escape(name): name for name in names if len(name) > 4})
    return found


def run(program, *arguments, status=(0, 2)):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          errors="replace", check=False)
    if done.returncode not in status:
        sys.exit(f"{arguments}: status {done.returncode}: {done.stderr}")
    return done.stdout


def views():
    for format in FORMATS:
        for direction in ("egress", "any"):
            yield ("-T", format, "--direction", direction, "--top", "0")
    yield ("-T", "csv", "--by", "host", "--direction", "any")
    yield ("-T", "text", "--by", "service", "--direction", "any")
    yield ("-T", "html", "--lang", "ja")


def leaks(text, secrets):
    lower = text.lower()
    whole = re.compile("|".join(secrets)) if secrets else None
    if not whole or not whole.search(lower):
        return []
    return [(pattern, secret) for pattern, secret in secrets.items() if re.search(pattern, lower)]


def check_capture(program, path, *options):
    """How many outputs would have told something without --redact."""
    secrets = secrets_of(path)
    local = json.loads(run(program, "-T", "json", "-q", *options, path) or "{}")
    for text in local.get("assumptions", {}).get("local", []):
        secrets.update({pattern: text for pattern in spellings(ipaddress.ip_address(text))})
    secrets[re.escape(path.name.lower())] = path.name
    told = 0
    for view in views():
        told += bool(leaks(run(program, "-q", *view, *options, path), secrets))
        found = leaks(run(program, "-q", "--redact", *view, *options, path), secrets)
        if found:
            sys.exit(f"{path} {view}: {found[:5]}")
    return told


def check_captures(program, paths):
    told = sum(check_capture(program, path) for path in paths)
    print(f"{len(paths)} captures; without --redact {told} outputs tell secrets")
    if told < 5 * len(paths):
        sys.exit("the captures are no test: they have hardly any secret")


# ---- the tests ----


def hosts_made_here(program, _samples, folder):
    subprocess.run([sys.executable, "-B", HERE.parent / "hosts" / "check_hosts.py", "--write",
                    folder], check=True, capture_output=True)
    wanted = sorted(folder.glob("*-full-*"))
    check_captures(program, wanted[::max(1, len(wanted) // 6)])


def captures_of_others(program, samples, _folder):
    if not samples or not Path(samples).is_dir():
        print("skipped: no samples")
        sys.exit(SKIPPED)
    rows = list(csv.DictReader(open(Path(samples) / "captures.csv", encoding="utf-8")))
    small = [Path(samples) / "captures" / row["path"] for row in rows
             if row["tshark_ok"] == "yes" and 5000 < int(row["size"]) < 300_000 and
             int(row["ip_packets"]) > 20]
    small = [path for path in small if path.exists()]
    chosen = small[::max(1, len(small) // 8)]
    told = sum(check_capture(program, path) for path in chosen)
    print(f"{len(chosen)} captures; without --redact {told} outputs tell secrets")
    if told < len(chosen):
        sys.exit("the captures are no test")


def dns_answer(name, address, number):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
    return (struct.pack("!HHHHHH", number, 0x8180, 1, 1, 0, 0) + labels +
            struct.pack("!HH", 1, 1) + b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) +
            ipaddress.ip_address(address).packed)


def packet(source, destination, sport, dport, body):
    udp = struct.pack("!HHHH", sport, dport, 8 + len(body), 0) + body
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 7, 0, 64, 17, 0,
                     ipaddress.ip_address(source).packed, ipaddress.ip_address(destination).packed)
    return b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0" + ip + udp


def block(number, body):
    length = len(body) + 12
    return struct.pack("<II", number, length) + body + struct.pack("<I", length)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


NAMES = (("db.acme.example", "10.9.8.7"), ("vpn.acme.example", "10.9.8.8"),
         ("vpn.acme.example", "20.60.1.4"), ("ip-10-9-8-7.example", "52.1.2.3"),
         ("www.example.org", "185.125.190.57"))


def write_house(path):
    """A capture whose every corner tells something of the house."""
    with open(path, "wb") as out:
        out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
        out.write(block(1, struct.pack("<HHI", 1, 0, 0) + option(2, b"acme-nic") +
                        option(11, b"\0host 10.9.8.7") + option(0, b"")))
        out.write(block(4, struct.pack("<HH", 1, 4 + 15) + bytes([10, 9, 8, 9]) +
                        b"nrb.acme.local\0" + b"\0" + struct.pack("<HH", 0, 0)))
        frames = [packet("10.9.8.1", "10.9.8.4", 53, 5000 + i, dns_answer(name, address, i))
                  for i, (name, address) in enumerate(NAMES)]
        for address in sorted({address for _, address in NAMES} | {"10.9.8.9", "198.51.100.7"}):
            frames += [packet("10.9.8.4", address, 4000, 8000, b"payload-of-acme" * 9)] * 3
        frames.append(packet("10.9.8.4", "203.0.113.9", 4000, 8000, b"x"))
        for i, frame in enumerate(frames):
            head = struct.pack("<IIIII", 0, 0, i * 1000, len(frame), len(frame))
            out.write(block(6, head + frame + b"\0" * (-len(frame) % 4)))


SITES = """prefix,class,region,via,payer,label
10.9.8.7/32,peering,eastus,,both,hub of Contoso
52.1.2.0/24,free,,,,partner of Contoso
0.0.0.0/0,auto,,nat-gateway,,Contoso exit
"""

SECRET_WORDS = ("10.9.8.", "10-9-8", "acme", "contoso", "52.1.2.3", "secret", "8.9.10")


def names_labels_and_paths(program, _samples, folder):
    path = folder / "secret" / "house.pcapng"
    path.parent.mkdir()
    write_house(path)
    sites = folder / "sites.csv"
    sites.write_text(SITES)
    told = set()
    for view in views():
        for options in (("--sites", sites), ()):
            open_text = run(program, "-q", *view, *options, path)
            text = run(program, "-q", "--redact", *view, *options, path)
            words = [word for word in SECRET_WORDS if word != "52.1.2.3" or options]
            told |= {word for word in words if word in open_text.lower()}
            for word in words:
                if word in text.lower():
                    sys.exit(f"{view} {options}: {word}\n{text}")
            if "by" not in " ".join(view) and "185.125.190.57" not in text:
                sys.exit(f"{view}: a public address is gone\n{text}")
            if "www.example.org" in open_text and "www.example.org" not in text:
                sys.exit(f"{view}: a public name is gone\n{text}")
            everything = run(program, "-q", "--redact-all", *view, *options, path)
            for word in (*words, "185.125.190.57", "20.60.1.4", "www.example.org"):
                if word in everything.lower():
                    sys.exit(f"--redact-all {view}: {word}\n{everything}")
    if told != set(SECRET_WORDS) - {"8.9.10"}:
        sys.exit(f"the capture is no test: {told}")


def masked(report):
    """What stays the same: the numbers."""
    text = re.sub(r"\b(priv|pub)-[0-9a-z]{6}-[0-9a-z]{8}\b|\b(capture|interface|host)-[0-9a-z]{10}\b"
                  r"|\bsite-[0-9a-z]{8}\b", "*", report)
    return text


def a_key_makes_pseudonyms_stay(program, _samples, folder):
    path = folder / "house.pcapng"
    write_house(path)
    keys = [folder / "one", folder / "two"]
    os.umask(0)
    first = [run(program, "--redact-key", key, "-T", "json", path) for key in keys]
    again = [run(program, "--redact", "--redact-key", key, "-T", "json", path) for key in keys]
    if first != again:
        sys.exit("another run has other pseudonyms")
    random = [run(program, "--redact", "-T", "json", path) for _ in range(2)]
    everyone = [*first, *random]
    for i, one in enumerate(everyone):
        for other in everyone[:i]:
            rows = [{row["address"] for row in json.loads(text)["destinations"]
                     if row["address"].startswith("priv-")} for text in (one, other)]
            if not rows[0] or len(rows[0]) != len(rows[1]) or rows[0] & rows[1]:
                sys.exit(f"two keys share pseudonyms: {rows}")
            if sorted(masked(one)) != sorted(masked(other)):
                sys.exit("the numbers differ")
    for key in keys:
        mode = stat.S_IMODE(key.stat().st_mode)
        if mode != 0o600 or not re.fullmatch("[0-9a-f]{64}\n", key.read_text()):
            sys.exit(f"the key file: {mode:o} {key.read_text()!r}")


def a_pseudonym_tells_the_network_only(program, _samples, folder):
    path = folder / "house.pcapng"
    write_house(path)
    rows = json.loads(run(program, "--redact", "-T", "json", "--direction", "any", path))
    names = [row["address"] for row in rows["destinations"] if row["address"].startswith("priv-")]
    # 10.9.8.4, .7, .8 and .9 are of one network; 198.51.100.7 and 203.0.113.9 are each of another.
    networks = sorted(name.split("-")[1] for name in names)
    counts = sorted(networks.count(one) for one in set(networks))
    if counts != [1, 1, 4] or len(set(names)) != 6:
        sys.exit(f"{names}")
    if rows["assumptions"]["local"][0] not in names or rows["assumptions"]["redacted"] != "private":
        sys.exit(f"{rows['assumptions']}")


def a_key_is_made_or_whole(program, _samples, folder):
    path, key = folder / "house.pcapng", folder / "key"
    write_house(path)
    for text in ("", "00\n", "g" * 64 + "\n", "0" * 63 + "\n", "0" * 65 + "\n"):
        key.write_text(text)
        done = subprocess.run([program, "--redact-key", key, path], capture_output=True, text=True)
        if done.returncode != 1 or "key of egshark" not in done.stderr or done.stdout or (
                len(text) > 9 and text.strip() in done.stderr):
            sys.exit(f"{text!r}: {done}")
    key.unlink()
    done = subprocess.run([program, "--redact-key", folder / "no" / "key", path],
                          capture_output=True, text=True)
    if done.returncode != 1 or done.stdout:
        sys.exit(f"{done}")
    run(program, "-o", f"egress.redact_key:{key}", path)
    if key.exists():
        sys.exit("a key is made that nothing needs")


def of_both_faces_is_the_same(program, _samples, folder):
    """The plugin has the settings as preferences."""
    plugin = Path(program).parent.parent / "plugin" / "egress.so"
    if not plugin.exists():
        print("skipped: no plugin")
        sys.exit(SKIPPED)
    sys.path.insert(0, str(HERE.parent / "plugin"))
    from ordinary_user import OrdinaryUser
    folder.chmod(0o755)
    path, key, sites = folder / "house.pcapng", folder / "key", folder / "sites.csv"
    write_house(path)
    sites.write_text(SITES)
    key.write_text("0123456789abcdef" * 4 + "\n")
    settings = {"redact": "private", "redact_key": key, "sites": sites}
    preferences = [word for name, value in settings.items()
                   for word in ("-o", f"egress.{name}:{value}")]
    ours = run(program, "-q", *preferences, path)
    with OrdinaryUser(plugin) as user:
        def tshark(*arguments):
            done = user.run(["tshark", "-r", str(path), *preferences, *arguments])
            return done.stdout.decode()
        totals = tshark("-q", "-z", "egress,totals")
        part = tshark("-q", "-z", "egress,dest,ip.addr==10.9.8.7")
        fields = tshark("-T", "fields", "-e", "egress.label")
    pseudonym = re.compile(r"\b(?:priv|pub|site)-[0-9a-z-]+")
    have, expected = set(pseudonym.findall(totals)), set(pseudonym.findall(ours))
    if not expected or have != expected:
        sys.exit(f"tshark: {have}, egshark: {expected}\n{totals}")
    for text in (totals, part, fields):
        for word in SECRET_WORDS:
            if word in text.lower():
                sys.exit(f"{word} in {text}")
    if "site-" not in fields:
        sys.exit(f"no label of a frame: {fields}")
    if "Filter: (redacted)" not in part:
        sys.exit(part)


TESTS = {test.__name__: test for test in (
    hosts_made_here, captures_of_others, names_labels_and_paths, a_key_makes_pseudonyms_stay,
    a_pseudonym_tells_the_network_only, a_key_is_made_or_whole, of_both_faces_is_the_same)}


def main(arguments):
    if arguments == ["--list"]:
        print("\n".join(TESTS))
        return 0
    program, name, *samples = arguments
    if not shutil.which("tshark"):
        print("skipped: no tshark")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        TESTS[name](program, samples[0] if samples else "", Path(folder))
    print("as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
