#!/usr/bin/env python3
"""What needs attention is marked by expert information, and counted by `tshark -z expert`.

usage: check_expert.py PLUGIN
"""

import os
import pathlib
import re
import subprocess
import sys

import ordinary_user

MAKE_CAPTURE = pathlib.Path(__file__).resolve().parent.parent / "support" / "make_capture.py"
PRIVATE = "Private destination that no sites file names"
LINK = "Link layer that is not decoded"
SUPER_FRAME = "Offloaded super-frame"

# The MTU is 1,500: the frame with 3,000 bytes leaves as several packets.
LINES = ["10.1.0.4:50000 > 10.1.0.10:443 tcp 100 x3", "10.1.0.10:443 > 10.1.0.4:50000 tcp 100",
         "10.1.0.4:50001 > 8.8.8.8:443 tcp 3000", "10.1.0.4:50001 > 8.8.8.8:443 tcp 1000"]
CASES = (
    ("ethernet", "", {PRIVATE: 3, LINK: 0, SUPER_FRAME: 1}),
    ("ethernet", "10.1.0.10,vnet,eastus,,,database", {PRIVATE: 0, LINK: 0, SUPER_FRAME: 1}),
    ("user0", "", {PRIVATE: 0, LINK: 6, SUPER_FRAME: 0}),
)


def check(user, link, site, expected, *passes):
    capture, sites = user.folder / "expert.pcap", user.folder / "sites.csv"
    subprocess.run([sys.executable, MAKE_CAPTURE, capture, "--link", link, *LINES], check=True)
    sites.write_text(f"prefix,class,region,via,payer,label\n{site}\n")
    run = user.run(["tshark", "-q", *passes, "-o", f"egress.sites:{sites}", "-z", "expert", "-r",
                    capture])
    shown = run.stdout.decode()
    for text, count in expected.items():
        found = re.search(rf"(\d+) +\S+ +Egress +{text}", shown)
        if (int(found[1]) if found else 0) != count:
            yield f"{link} {site} {passes}: not {count} times '{text}':\n{shown}"


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    with ordinary_user.OrdinaryUser(os.path.abspath(arguments[1])) as user:
        faults = [fault for case in CASES for passes in ((), ("-2",))
                  for fault in check(user, *case, *passes)]
    return ordinary_user.tell(faults)


if __name__ == "__main__":
    ordinary_user.run_check(main)
