#!/usr/bin/env python3
"""What egshark -w writes, against what tshark sees in the capture itself.

usage: check_written.py EGSHARK PLUGIN [SAMPLES]

Of a made capture, and of real ones from SAMPLES where it is there:
  - `--write all` holds every frame with its time, lengths, bytes, direction and interface's name
  - without it, the frames are those that tshark with the plugin shows as egress
  - the same with -Y
"""

import concurrent.futures
import csv
import os
import sys

import check_filter
import ordinary_user

FIELDS = ("frame.time_epoch", "frame.len", "frame.cap_len", "frame.md5_hash",
          "frame.packet_flags_direction", "frame.interface_name")
EGRESS = 'egress.direction == "egress"'
FILTER = "tcp || frame.number == 7"
# From here on a time in nanoseconds has no room in 64 bits, and such a frame none.
END_OF_TIME = 2**63 // 10**9 - 1


def plain(line):
    """As it is in a pcapng file: no time is 0, no direction and an unknown one are the same, and an
    interface without a name is called unknown."""
    time, *lengths, direction, name = line
    seconds = int(time.split(".")[0] or 0)
    if not 0 <= seconds < END_OF_TIME:
        time = ""
    direction = str(int(direction, 16) or "") if direction else ""
    return [time or "0.000000000", *lengths, direction, "" if name == "unknown" else name]


def fields_of(user, path, *options):
    run = user.run(["tshark", "-n", "-2", "-o", "frame.generate_md5_hash:TRUE", *options, "-r", path,
                    "-T", "fields", *(word for field in FIELDS for word in ("-e", field))])
    return [plain(line.split("\t")) for line in run.stdout.decode(errors="replace").splitlines()]


def write(user, egshark, capture, target, *options):
    run = user.run([egshark, "-q", "-w", target, *options, capture])
    if not os.path.exists(target):
        raise ValueError(f"nothing is written: {run.stderr.decode()}")


def capture_faults(user, egshark, capture, name):
    target = str(user.folder / "home" / f"{name}.pcapng")
    for options, shown in (
        (("--write", "all"), ()),
        ((), ("-Y", EGRESS)),
        (("-Y", FILTER), ("-Y", f"{EGRESS} && ({FILTER})")),
    ):
        # The filters are of numbers in the capture; of the ones in the file nothing is asked.
        write(user, egshark, capture, target, *options)
        ours, theirs = fields_of(user, target), fields_of(user, capture, *shown)
        os.remove(target)
        if len(ours) != len(theirs):
            yield f"{capture}: {options} writes {len(ours)} frames, tshark shows {len(theirs)}"
        for number, pair in enumerate(zip(ours, theirs)):
            if pair[0] != pair[1]:
                yield f"{capture}: {options}, frame {number + 1}: {pair[0]} for {pair[1]}"
                break


def pick(samples):
    """Every eighth of a size that is worth it; of pcapng more, since it has more to keep."""
    with open(os.path.join(samples, "captures.csv"), newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file)
                if row["tshark_ok"] == "yes" and 5 < int(row["frames"]) < 2000]
    pcapng = [row for row in rows if "pcapng" in row["file_type"]]
    others = [row for row in rows if "pcapng" not in row["file_type"]]
    chosen = pcapng[::4] + others[::10]
    return [os.path.join(samples, "captures", row["path"]) for row in chosen]


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    egshark, plugin = (os.path.abspath(path) for path in arguments[1:3])
    samples = arguments[3] if len(arguments) == 4 else ""
    with ordinary_user.OrdinaryUser(plugin) as user, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        captures = [check_filter.make_vm(user)]
        if samples and os.path.isfile(os.path.join(samples, "captures.csv")):
            captures += pick(samples)
        faults = pool.map(lambda item: list(capture_faults(user, egshark, item[1], item[0])),
                          enumerate(captures))
        faults = [fault for some in faults for fault in some]
    print(f"{len(captures)} captures, {len(faults)} faults")
    return ordinary_user.tell(faults)


if __name__ == "__main__":
    ordinary_user.run_check(main)
