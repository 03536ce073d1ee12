#!/usr/bin/env python3
"""What tshark is told wrongly about the plugin is said, and never taken for something else.

usage: check_mistakes.py EGSHARK PLUGIN
"""

import json
import pathlib
import subprocess
import sys
import tempfile
from decimal import Decimal

import ordinary_user
from two_faces import comparable

SAMPLE = pathlib.Path(__file__).resolve().parent.parent / "sample" / "make_sample.py"
CAPTURE = "azure-vm-day.pcap"
REPORT = "egress,totals,format=json"

# Of each kind of setting; Wireshark itself would take the choices for their defaults, and the
# switches for false.
BAD = {"region": "nowhere", "local": "10.1", "month_to_date": "internet=much", "mtu": "12",
       "sites": "/nonexistent", "ranges": "/nonexistent", "provider": "amazon", "redact": "privat",
       "dedup": "no", "segment": "yes", "names": "1"}
# As a person writes them, and as Wireshark's windows do.
GOOD = {"provider": ("aws", ""), "bytes": ("ip",), "segment": ("false", "FALSE"),
        "names": ("FALSE", "true", "TRUE"), "mtu": ("", "9000")}
# A comma comes before a format or a filter.
ARGUMENTS = ("egress,totalsudp", "egress,totals.format=json", "egress,totals,format=xml",
             "egress,totals,format=JSON", "egress,totals,format=", "egress,destudp",
             "egress,destination", "egress,classudp", "egress,services", "egress,dest,nosuch.field")
SETTLED_LATE = ("egress.cost > 0", 'egress.class == "nothing"', "udp && egress.duplicate == 1")
SETTLED_AT_ONCE = ("udp", 'http.host contains "egress.cost"')
ADVICE = "with -2 it chooses the right packets"


class Check:
    def __init__(self, egshark, user):
        self.egshark, self.user, self.faults = egshark, user, []

    def expect(self, what, holds, got=""):
        if not holds:
            self.faults.append(f"{what}: {got}")

    def tshark(self, report, *options):
        run = self.user.run(["tshark", "-q", "-r", CAPTURE, *options, "-z", report])
        return run.returncode, run.stdout.decode(), run.stderr.decode()

    def report(self, *options):
        """What egshark says, as both faces do."""
        run = subprocess.run([self.egshark, "-T", "json", *options, self.user.folder / CAPTURE],
                             stdout=subprocess.PIPE, check=True)
        return comparable(json.loads(run.stdout, parse_float=Decimal))

    def check_preferences(self):
        plain = self.report()
        for name, value in BAD.items():
            _, output, error = self.tshark(REPORT, "-o", f"egress.{name}:{value}")
            self.expect(f"{name}:{value} is told", "Egress cost: " in error
                        and value.rpartition("=")[2] in error and "stay in force" in error, error)
            self.expect(f"{name}:{value} changes nothing",
                        comparable(json.loads(output, parse_float=Decimal)) == plain)
        for name, values in GOOD.items():
            for value in values:
                _, output, error = self.tshark(REPORT, "-o", f"egress.{name}:{value}")
                self.expect(f"{name}:{value} is no mistake", error == "", error)
                self.expect(f"{name}:{value} is egshark's", comparable(json.loads(
                    output, parse_float=Decimal)) == self.report(
                        "-o", f"egress.{name}:{value.lower()}"))

    def check_hiding(self):
        """A mistake elsewhere does not show what is to be hidden."""
        for mistake in ("region:nowhere", "redact_key:/nonexistent"):
            _, output, error = self.tshark(REPORT, "-o", f"egress.{mistake}",
                                           "-o", "egress.redact:all")
            self.expect(f"{mistake} is told", "stay in force" in error, error)
            for address in ("10.1.0.4", "162.158.62.10"):
                self.expect(f"{mistake}: {address} is hidden", output and address not in output)

    def check_arguments(self):
        for argument in ARGUMENTS:
            status, output, error = self.tshark(argument)
            self.expect(f"-z {argument} is refused", status == 1 and output == ""
                        and f"-z {argument}: " in error, (status, output[:80], error))

    def check_filters(self):
        for text in SETTLED_LATE:
            for statistic in ("egress,dest", "egress,totals"):
                self.expect(f"{text} in one pass is told",
                            ADVICE in self.tshark(f"{statistic},{text}")[2])
                self.expect(f"{text} in two passes is not",
                            self.tshark(f"{statistic},{text}", "-2")[2] == "")
        for text in SETTLED_AT_ONCE:
            _, _, error = self.tshark(f"egress,totals,{text}")
            self.expect(f"{text} in one pass is not told", error == "", error)


def main(egshark, plugin):
    with tempfile.TemporaryDirectory() as made, \
            ordinary_user.OrdinaryUser(plugin, bare=True) as user:
        subprocess.run([sys.executable, "-B", SAMPLE, made], check=True)
        capture = user.folder / CAPTURE
        capture.write_bytes((pathlib.Path(made) / CAPTURE).read_bytes())
        capture.chmod(0o644)
        check = Check(egshark, user)
        check.check_preferences()
        check.check_hiding()
        check.check_arguments()
        check.check_filters()
    return ordinary_user.tell(check.faults)


if __name__ == "__main__":
    ordinary_user.run_check(lambda arguments: main(*arguments[1:]))
