#!/usr/bin/env python3
"""The HTML report of tshark with the plugin is that of egshark, but for what rule 8.4 excepts.

usage: check_report.py EGSHARK PLUGIN
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import ordinary_user
from two_faces import comparable

SAMPLE = pathlib.Path(__file__).resolve().parent.parent / "sample" / "make_sample.py"
DATA = re.compile(r'<script[^>]* id="egshark-report">(.*?)</script>', re.DOTALL)


def data_of(page):
    return comparable(json.loads(DATA.search(page)[1]))


def main(egshark, plugin):
    problems = []

    def expect(what, holds, got=""):
        if not holds:
            problems.append(f"{what} {got}".rstrip())

    with tempfile.TemporaryDirectory() as made, ordinary_user.OrdinaryUser(plugin) as user:
        subprocess.run([sys.executable, "-B", SAMPLE, made], check=True)
        capture = user.folder / "azure-vm-day.pcap"
        capture.write_bytes((pathlib.Path(made) / capture.name).read_bytes())
        capture.chmod(0o644)

        def tshark(report, *options):
            run = user.run(["tshark", "-q", "-r", str(capture), *options, "-z", report])
            return run.stdout.decode(), run.stderr.decode()

        ours = subprocess.run([egshark, "-T", "html", "--lang", "ja", "--retransmissions", capture],
                              capture_output=True, check=True).stdout.decode()
        japanese = ("-o", "egress.lang:ja", "-o", "egress.retransmissions:TRUE")
        theirs, _ = tshark("egress,totals,html", *japanese)
        expect("the data is the same", data_of(theirs) == data_of(ours))
        expect("what was sent again is told",
               "retransmissions" in [it["id"] for it in data_of(theirs)["findings"]])
        expect("the page is Japanese", '<html lang="ja">' in theirs)
        expect("format=html is the same", tshark("egress,totals,format=html", *japanese)[0] == theirs)
        part, _ = tshark("egress,totals,html,udp")
        counted = data_of(part)["frames"]
        expect("a filter behind it chooses frames",
               0 < counted["egress"] < data_of(ours)["frames"]["egress"] and counted["filtered"] > 0,
               counted)
        page, error = tshark("egress,totals,htmlx")
        expect("htmlx is a filter, and none", page == "" and '"htmlx" is invalid' in error, error)
    print("\n".join(problems) or "both faces write one page")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
