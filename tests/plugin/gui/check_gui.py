"""Wireshark with the plugin, seen by its user: the numbers in its windows are the command line's.

    check_gui.py FOLDER [TEST...]        run by on_desktop.sh, which prepares FOLDER
"""

import functools
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import unittest
from decimal import Decimal

from wireshark_gui import (UNSEEN, EgressDialog, Timeout, Tree, Wireshark, at, click, empty_home, find,
                           find_all, is_shown, keys, picture, press_when_enabled, repeat_until,
                           type_into, type_text, wait_for)

FOLDER = ""
ROWS = 300  # to look at where the first packets will do: reading a cell takes a millisecond
LAST_PLACE = Decimal("0.000000000001")


def path(name):
    return os.path.join(FOLDER, name)


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def report(*options, capture="azure-vm-day.pcap"):
    """What the command line says of the sample."""
    return json.loads(run(path("egshark"), "-T", "json", *options, path(capture)),
                      parse_float=Decimal)


def offset_of(capture, packet):
    """Of the packet, counted from 0, in the bytes of a pcap file."""
    offset = 24
    for _ in range(packet):
        offset += 16 + struct.unpack_from("<I", capture, offset + 8)[0]
    return offset


@functools.lru_cache(None)
def fields(field, *options, capture="azure-vm-day.pcap"):
    """A field of each packet by tshark, in two passes, as the GUI reads a file."""
    return run("tshark", "-2", "-r", path(capture), "-T", "fields", "-e", field,
               *options).splitlines()


def costs(*options):
    """What each packet costs, as the column shows it; "" without a price."""
    return [f"{Decimal(cost):.12f}" if cost else "" for cost in fields("egress.cost", *options)]


class Gui(unittest.TestCase):
    def setUp(self):
        empty_home(FOLDER, ["Egress"])
        self.wireshark = None

    def tearDown(self):
        if self.wireshark is None:
            return
        picture(path(f"pictures/{self._testMethodName}.png"))
        output = self.wireshark.output()
        self.wireshark.kill()
        for line in output.splitlines():
            self.assertNotRegex(line, "(?i)egress.*(warning|error|critical)", "on stderr")

    def start(self, *arguments, capture="azure-vm-day.pcap"):
        self.wireshark = Wireshark(FOLDER, capture, "-r", path(capture), *arguments)
        self.wireshark.wait_until_loaded(len(fields("frame.number", capture=capture)))

    def start_with_sites(self, *arguments):
        self.start("-o", "egress.sites:" + path("sites.csv"), *arguments)

    def column(self, rows=ROWS):
        return [cell.strip() for cell in self.wireshark.packet_list().column("Egress cost", rows)]

    def wait_for_column(self, expected, rows=ROWS):
        """Waits, for Wireshark dissects anew in its own time, and 4.4 shows a cell empty now and
        then while it does."""
        try:
            wait_for("expected column", lambda: self.column(rows) == expected[:rows])
        except AssertionError:
            self.assertEqual(self.column(rows), expected[:rows])

    def assert_tables(self, dialog, expected):
        """The dialog's tables are, or soon become, those of a report."""
        try:
            wait_for("expected tables",
                     lambda: shown_of(dialog.tables()) == shown_in(expected))
        except Timeout:
            self.assertEqual(shown_of(dialog.tables()), shown_in(expected))

    def open_dialog(self):
        self.wireshark.menu("Statistics", "Egress Cost")
        return EgressDialog(self.wireshark)


def shown_of(tables):
    """What the tables of the dialog say, as shown_in() has it of a report."""
    total, = tables["All"]
    services = sum(Decimal(row["Billable MB"]) for row in tables.get("By service", []))
    return {
        "destinations": [(row["Goes to"], Decimal(row["Billable MB"]) * 10**6, int(row["Packets"]),
                          row["Cost"], row["Class"], row["Note"].startswith("no price"))
                         for row in tables.get("By destination", [])],
        "classes": {row["Goes to"]: Decimal(row["Billable MB"]) * 10**6
                    for row in tables.get("By class", [])},
        "services": services * 10**6,
        "billable": Decimal(total["Billable MB"]) * 10**6,
        "unpriced": Decimal(total["Unpriced MB"]) * 10**6,
        "cost": Decimal(total["Cost"]),
        "warnings": joined(row["Goes to"] for row in tables.get("Uncertain", [])),
    }


def joined(lines):
    """The texts that the lines are of; those that go on begin with blanks."""
    texts = []
    for line in lines:
        if line.startswith(" "):
            texts[-1] += " " + line.strip()
        else:
            texts.append(line)
    return texts


def shown_in(report_):
    totals = report_["totals"]
    return {
        "destinations": [(row["address"], row["billable_bytes"], row["packets"],
                          cost_text(row["cost_usd"]), row["class"], row["cost_usd"] is None)
                         for row in report_["destinations"]],
        "classes": {row["class"]: row["billable_bytes"] for row in report_["classes"]
                    if row["packets"]},
        "services": totals["billable_bytes"],
        "billable": totals["billable_bytes"],
        "unpriced": totals["unpriced_bytes"],
        "cost": Decimal(totals["cost_usd"]),
        "warnings": report_["warnings"],
    }


def cost_text(cost):
    return "unpriced" if cost is None else f"{Decimal(cost):.12f}"


class Column(Gui):
    def test_the_column_comes_by_itself_with_what_each_packet_costs(self):
        self.start_with_sites()
        sites = path("sites.csv")
        columns = self.wireshark.packet_list().columns()
        self.assertEqual(columns[-2:], ["Egress cost", "Info"])
        expected = costs("-o", "egress.sites:" + sites)
        self.wait_for_column(expected, None)
        priced = [Decimal(cost) for cost in expected if cost]
        self.assertAlmostEqual(sum(priced), report("--sites", sites)["totals"]["cost_usd"],
                               delta=LAST_PLACE / 2 * len(priced))

    def test_the_column_can_be_turned_off(self):
        self.start("-o", "egress.auto_column:FALSE")
        self.assertNotIn("Egress cost", self.wireshark.packet_list().columns())

    def test_a_removed_column_stays_away(self):
        # A session of the bus sees one Wireshark.
        first = subprocess.run([
            "env", "-u", "DISPLAY", "dbus-run-session", "--", "env",
            "DISPLAY=" + os.environ["DISPLAY"], sys.executable, "-B", __file__, FOLDER,
            "Column.remove_the_column"], check=False)
        if first.returncode == UNSEEN:
            os._exit(UNSEEN)
        self.assertEqual(first.returncode, 0)
        self.start()
        self.assertNotIn("Egress cost", self.wireshark.packet_list().columns())

    def remove_the_column(self):
        self.start()
        head, = (head for head in self.wireshark.packet_list().heads()
                 if head.name == "Egress cost")
        self.wireshark.choose_last(head, "removed column", lambda: "Egress cost" not in
                                   self.wireshark.packet_list().columns())
        self.wireshark.quit()


class Statistics(Gui):
    def test_the_dialog_shows_the_report(self):
        self.start_with_sites("-z", "egress,dest")
        self.assert_tables(EgressDialog(self.wireshark), report("--sites", path("sites.csv")))

    def test_the_menu_opens_the_dialog(self):
        self.start_with_sites()
        self.assert_tables(self.open_dialog(), report("--sites", path("sites.csv")))

    def test_a_filter_of_the_dialog_chooses_packets_and_keeps_their_prices(self):
        self.start_with_sites()
        dialog = self.open_dialog()
        self.assert_tables(dialog, report("--sites", path("sites.csv")))
        dialog.apply("udp")
        expected = json.loads(run("tshark", "-q", "-o", "egress.sites:" + path("sites.csv"), "-r",
                                  path("azure-vm-day.pcap"), "-z",
                                  "egress,totals,format=json,udp"), parse_float=Decimal)
        self.assertGreater(expected["totals"]["billable_bytes"], 0)
        self.assert_tables(dialog, expected)

    def test_a_filter_that_nothing_passes_leaves_a_total_of_nothing(self):
        self.start_with_sites("-z", "egress,dest,ip.addr == 192.0.2.1")
        dialog = EgressDialog(self.wireshark)
        tables = wait_for("total", lambda: (found := dialog.tables()).get("All") and found)
        self.assertEqual(tables.get("By destination", []), [])
        self.assertEqual(tables["All"][0]["Billable MB"], "0.000000")

    def test_two_dialogs_keep_their_own_numbers(self):
        self.start_with_sites("-z", "egress,dest")
        expected = report("--sites", path("sites.csv"))
        first = EgressDialog(self.wireshark)
        self.assert_tables(first, expected)
        self.wireshark.menu("Statistics", "Egress Cost")
        second = EgressDialog(self.wireshark, 1)
        self.assert_tables(second, expected)
        second.apply("udp")
        wait_for("fewer destinations", lambda: 0 < len(
            second.tables()["By destination"]) < len(expected["destinations"]))
        self.assert_copy(first, expected)
        second.close()
        wait_for("end of a dialog", lambda: len(self.wireshark.dialogs("Egress Cost")) == 1)
        click(next(head for head in first.tree().heads() if head.name == "Cost"))  # sorts
        self.assert_copy(first, expected)
        first.close()
        self.wireshark.wait_until_closed("Egress Cost")
        self.assert_tables(self.open_dialog(), expected)

    def assert_copy(self, dialog, expected):
        """Copied rows have all digits, and are those the dialog shows."""
        copied = {cells[1]: cells[2:4] for cells in dialog.copied() if len(cells) > 3}
        for row in expected["destinations"]:
            self.assertEqual(copied[row["address"]], [
                cost_text(row["cost_usd"]), f"{Decimal(row['billable_bytes']) / 10**6:.6f}"])


class Report(Gui):
    def test_the_menu_saves_the_report_beside_the_capture(self):
        self.start()
        page = path("azure-vm-day.pcap.egress.html")
        if os.path.exists(page):
            os.unlink(page)
        self.wireshark.menu("Statistics", "Egress Report and Filters", "Save Report")
        text = wait_for("report", lambda: os.path.exists(page) and pathlib.Path(page).read_text())
        data = re.search(r'<script[^>]* id="egshark-report">(.*?)</script>', text, re.DOTALL)[1]
        saved = json.loads(data, parse_float=Decimal)
        expected = report()
        for part in ("frames", "totals", "classes", "destinations"):
            self.assertEqual(saved[part], expected[part])
        # And says where.
        self.assertTrue(wait_for("message", lambda: [
            label for window in self.wireshark.application
            for label in find_all(window, at().ROLE_LABEL, "azure-vm-day.pcap.egress.html")]))


class Filters(Gui):
    def test_that_nothing_costs_is_said_when_the_costliest_is_asked_for(self):
        with open(path("azure-vm-day.pcap"), "rb") as file:
            capture = file.read()
        with open(path("free.pcap"), "wb") as file:
            file.write(capture[:offset_of(capture, 1)])
        self.assertEqual(fields("egress.cost", capture="free.pcap"), [""])
        self.start(capture="free.pcap")
        self.wireshark.menu("Statistics", "Egress Report and Filters", "Costliest Destination")
        self.assertTrue(wait_for("message", lambda: [
            label for window in self.wireshark.application
            for label in find_all(window, at().ROLE_LABEL, "no destination has a price")]))

    def assert_filter(self, item):
        before = self.wireshark.filter_text()
        self.wireshark.menu("Statistics", "Egress Report and Filters", item)
        text = wait_for("new filter", lambda: (
            now := self.wireshark.filter_text()) != before and now)
        expected = len(fields("frame.number", "-Y", text))
        wait_for(f"{expected} packets that pass {text}",
                 lambda: self.wireshark.displayed() == expected)
        return text, expected

    def test_the_submenu_filters_the_packets(self):
        self.start()
        everything = self.wireshark.displayed()
        for item in ["Billed", "Free", "Unpriced", "Copies", "Class: internet",
                     "Class: same-region"]:
            text, passed = self.assert_filter(item)
            self.assertTrue(0 < passed < everything, text)

    def test_the_costliest_destination_is_that_of_the_report(self):
        self.start()
        text, passed = self.assert_filter("Costliest Destination")
        row = report()["destinations"][0]
        self.assertIn(row["address"], text)
        self.assertEqual(passed, row["packets"])


class Changes(Gui):
    def preferences(self, label):
        """The dialog, and the entry beside a label on the plugin's page."""
        self.wireshark.menu("Edit", "Preferences…")
        dialog = self.wireshark.dialog("Preferences")
        pages = wait_for("pages", lambda: next(
            tree for tree in find_all(dialog, at().ROLE_TREE)
            if tree.childCount > 1 and tree.getChildAtIndex(1).name == "Appearance"))

        def choose_page():
            click(Tree(pages).cell("Protocols"))
            keys("Right")
            type_text("Egress")

        page = repeat_until("page", choose_page, lambda: next(
            node.parent for node in find_all(dialog, at().ROLE_LABEL, f"^{label}$")
            if is_shown(node)))
        widgets = list(page)
        names = [widget.name for widget in widgets]
        return dialog, widgets[names.index(label) + 1]

    def set_preference(self, label, value):
        dialog, entry = self.preferences(label)
        type_into(entry, value)
        press_when_enabled(find(dialog, at().ROLE_PUSH_BUTTON, "^OK$"))

    def test_a_changed_preference_prices_anew(self):
        self.start()
        self.wait_for_column(costs())
        self.set_preference("Region", "westeurope")
        expected = costs("-o", "egress.region:westeurope")
        self.assertNotEqual(costs(), expected)
        self.wait_for_column(expected, None)

    def test_a_bad_value_is_reported_and_the_last_good_one_stays(self):
        self.start("-o", "egress.region:westeurope")
        self.set_preference("Region", "eastus77")
        message, box = wait_for("message", lambda: next(
            (label.name, dialog) for dialog in self.wireshark.application
            for label in find_all(dialog, at().ROLE_LABEL, "eastus77")))
        self.assertIn("The last good settings stay in force", message)
        picture(path("pictures/bad_value.png"))
        press_when_enabled(find(box, at().ROLE_PUSH_BUTTON, "OK"))
        self.wait_for_column(costs("-o", "egress.region:westeurope"))

    def test_another_profile_has_its_columns_and_buttons(self):
        self.start()
        self.wireshark.menu("Edit", "Configuration Profiles…")
        dialog = self.wireshark.dialog("Configuration Profiles")
        profile = wait_for("profile", lambda: Tree(find(dialog, at().ROLE_TREE)).cell("Egress"))
        repeat_until("chosen profile", lambda: click(profile),
                     lambda: profile.getState().contains(at().STATE_SELECTED))
        press_when_enabled(find(dialog, at().ROLE_PUSH_BUTTON, "^OK$"))
        wait_for("columns of the profile", lambda: "Class" in
                 self.wireshark.packet_list().columns())
        self.wait_for_column(costs())
        wait_for("column of classes", lambda: self.wireshark.packet_list().column(
            "Class", ROWS) == fields("egress.class")[:ROWS])
        for name in ["billed", "internet", "copies", "unpriced"]:
            find(self.wireshark.window, at().ROLE_PUSH_BUTTON, f"^{name}$")

    def test_a_reloaded_file_has_the_same_numbers(self):
        self.start_with_sites()
        expected = costs("-o", "egress.sites:" + path("sites.csv"))
        self.wait_for_column(expected)
        self.wireshark.menu("View", "Reload")
        self.wireshark.wait_until_loaded(len(expected))
        self.wait_for_column(expected)
        self.assert_tables(self.open_dialog(), report("--sites", path("sites.csv")))

    def test_an_ignored_packet_costs_nothing_and_its_copy_does(self):
        self.start()
        before = costs()
        self.wait_for_column(before)
        number = next(i for i, cost in enumerate(before) if cost and Decimal(cost) > 0)
        self.assertIn(fields("egress.duplicate")[number + 1], ["1", "True"])
        self.wireshark.go_to(number + 1)
        self.wireshark.menu("Edit", "Ignore/Unignore.*")
        self.wait_for_column(before[:number] + ["", before[number]] + before[number + 2:])
        self.wireshark.menu("Edit", "Ignore/Unignore.*")
        self.wait_for_column(before)

    def test_a_followed_stream_has_the_numbers_it_had(self):
        self.start()
        number = 1 + next(i for i, cost in enumerate(costs())
                          if cost and Decimal(cost) > 0 and fields("tcp.stream")[i])
        stream = f"tcp.stream eq {fields('tcp.stream')[number - 1]}"
        self.wireshark.go_to(number)
        self.wireshark.menu("Analyze", "Follow", "TCP Stream")
        dialog = self.wireshark.dialog("Follow TCP Stream")
        wait_for("filter of the stream", lambda: self.wireshark.filter_text() == stream)
        press_when_enabled(find(dialog, at().ROLE_PUSH_BUTTON, "^Close$"))
        self.wireshark.wait_until_closed("Follow TCP Stream")
        self.wait_for_column([f"{Decimal(cost):.12f}" if cost else ""
                              for cost in fields("egress.cost", "-Y", stream)])
        self.assert_tables(self.open_dialog(), report())


class Live(Gui):
    """A capture from a pipe, which needs no privilege."""

    def test_a_live_capture_counts_as_it_goes_and_ends_with_the_report(self):
        with open(path("azure-vm-day.pcap"), "rb") as file:
            capture = file.read()
        packets, half = len(fields("frame.number")), len(fields("frame.number")) // 2
        cut = offset_of(capture, half)
        with open(path("half.pcap"), "wb") as file:
            file.write(capture[:cut])
        os.mkfifo(path("pipe"))
        self.wireshark = Wireshark(FOLDER, "Capturing from", "-k", "-i", path("pipe"))
        with open(path("pipe"), "wb") as pipe:
            pipe.write(capture[:cut])
            pipe.flush()
            self.wireshark.wait_until_loaded(half)
            dialog = self.open_dialog()
            self.assert_tables(dialog, report(capture="half.pcap"))
            pipe.write(capture[cut:])
            pipe.flush()
            self.wireshark.wait_until_loaded(packets)
        wait_for("end of the capture", lambda: not re.search("^Capturing", self.wireshark.title()))
        press_when_enabled(dialog.button("Apply"))
        self.assert_tables(dialog, report())
        self.wait_for_column(costs(), None)


class Traces(Gui):
    """Of five processors, out of order and compressed: each look at a packet reads it again."""

    def shown(self, *options):
        return run("tshark", "-r", path("trace.etl"), "-T", "fields", "-e", "frame.len",
                   *options).splitlines()

    def wait_for_lengths(self, expected):
        wait_for("expected packets",
                 lambda: self.wireshark.packet_list().column("Length", ROWS) == expected)

    def wait_for_details(self, start):
        details = find(self.wireshark.window, at().ROLE_TREE, "^Packet details$")
        wait_for(start, lambda: any(re.match(start, node.name) for node in details))

    def test_a_windows_trace_is_looked_at_and_reloaded(self):
        self.start(capture="trace.etl")
        lengths = self.shown()
        self.assertEqual(len(lengths), 60)
        self.wait_for_lengths(lengths)
        for item, number in (("Last", 60), ("Previous", 59), ("First", 1), ("Next", 2)):
            self.wireshark.menu("Go", f"{item} Packet")
            self.wait_for_details(f"Frame {number}: (Packet, )?{lengths[number - 1]} bytes")
        self.wireshark.menu("View", "Reload")
        self.wait_for_lengths(lengths)

    def test_a_windows_trace_is_filtered(self):
        text = "frame.packet_flags_direction == 1"
        self.start("-Y", text, capture="trace.etl")
        received = self.shown("-Y", text)
        self.assertEqual(len(received), 20)
        self.wait_for_lengths(received)


if __name__ == "__main__":
    FOLDER = sys.argv.pop(1)
    unittest.main(verbosity=2)
