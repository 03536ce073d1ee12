"""Wireshark with the plugin, seen by its user: the numbers in its windows are the command line's.

    check_gui.py FOLDER [TEST...]        run by on_desktop.sh, which prepares FOLDER
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest
from decimal import Decimal

from wireshark_gui import (EgressDialog, at, Tree, Wireshark, click, empty_home, find, find_all,
                           is_shown, keys, picture, press, type_text, wait_for)

FOLDER = ""
ROWS = 300  # to look at where the first packets will do: reading a cell takes a millisecond
LAST_PLACE = Decimal("0.000000000001")


def path(name):
    return os.path.join(FOLDER, name)


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def report(*options):
    """What the command line says of the sample."""
    return json.loads(run(path("egshark"), "-T", "json", *options, path("azure-vm-day.pcap")),
                      parse_float=Decimal)


def fields(field, *options):
    """A field of each packet by tshark, in two passes, as the GUI reads a file."""
    return run("tshark", "-2", "-r", path("azure-vm-day.pcap"), "-T", "fields", "-e", field,
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
        self.wireshark = Wireshark(FOLDER, path(capture), *arguments)
        return self.wireshark

    def start_with_sites(self, *arguments):
        return self.start("-o", "egress.sites:" + path("sites.csv"), *arguments)

    def column(self, rows=ROWS):
        return [cell.strip() for cell in self.wireshark.packet_list().column("Egress cost", rows)]

    def wait_for_column(self, expected, rows=ROWS):
        """Waits, for Wireshark dissects anew in its own time, and 4.4 shows a cell empty now and
        then while it does."""
        try:
            wait_for("expected column", lambda: self.column(rows) == expected[:rows])
        except AssertionError:
            self.assertEqual(self.column(rows), expected[:rows])

    def assert_tables(self, tables, expected):
        """The dialog's tables are those of a report."""
        shown = [(row["Goes to"], Decimal(row["Billable MB"]) * 10**6, int(row["Packets"]),
                  row["Cost"], row["Class"], row["Note"].startswith("no price"))
                 for row in tables.get("By destination", [])]
        self.assertEqual(shown, [
            (row["address"], row["billable_bytes"], row["packets"],
             "unpriced" if row["cost_usd"] is None else f"{Decimal(row['cost_usd']):.12f}",
             row["class"], row["cost_usd"] is None)
            for row in expected["destinations"]])
        self.assertEqual(
            {row["Goes to"]: Decimal(row["Billable MB"]) * 10**6 for row in tables["By class"]},
            {row["class"]: row["billable_bytes"] for row in expected["classes"]
             if row["packets"]})
        total, = tables["All"]
        self.assertEqual(Decimal(total["Billable MB"]) * 10**6,
                         expected["totals"]["billable_bytes"])
        self.assertEqual(Decimal(total["Unpriced MB"]) * 10**6,
                         expected["totals"]["unpriced_bytes"])
        self.assertEqual(Decimal(total["Cost"]), Decimal(expected["totals"]["cost_usd"]))
        self.assertEqual(sum(Decimal(row["Billable MB"]) for row in tables["By service"]),
                         Decimal(total["Billable MB"]))


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
        # Each session of the bus sees one Wireshark: see on_desktop.sh.
        subprocess.run(["env", "-u", "DISPLAY", "dbus-run-session", "--", "env",
                        "DISPLAY=" + os.environ["DISPLAY"], sys.executable, "-B", __file__, FOLDER,
                        "Column.remove_the_column"], check=True)
        self.start()
        self.assertNotIn("Egress cost", self.wireshark.packet_list().columns())

    def remove_the_column(self):
        self.start()
        wait_for("head of the column", lambda: [
            click(head, button=3) for head in self.wireshark.packet_list().heads()
            if head.name == "Egress cost"])
        time.sleep(0.5)
        keys("Up", "Return")  # the last item: Remove this Column
        wait_for("column to go", lambda: "Egress cost" not in
                 self.wireshark.packet_list().columns())
        self.wireshark.quit()


class Statistics(Gui):
    def test_the_dialog_shows_the_report(self):
        self.start_with_sites("-z", "egress,dest")
        expected = report("--sites", path("sites.csv"))
        tables = EgressDialog(self.wireshark).tables()
        self.assert_tables(tables, expected)
        self.assertEqual([row["Note"] for row in tables["Uncertain"]], expected["warnings"])

    def test_the_menu_opens_the_dialog(self):
        self.start_with_sites()
        self.wireshark.menu("Statistics", "Egress Cost")
        self.assert_tables(EgressDialog(self.wireshark).tables(),
                           report("--sites", path("sites.csv")))

    def test_a_filter_of_the_dialog_chooses_packets_and_keeps_their_prices(self):
        self.start_with_sites()
        self.wireshark.menu("Statistics", "Egress Cost")
        dialog = EgressDialog(self.wireshark)
        dialog.tables()
        dialog.apply("udp")
        expected = json.loads(run("tshark", "-q", "-o", "egress.sites:" + path("sites.csv"), "-r",
                                  path("azure-vm-day.pcap"), "-z",
                                  "egress,totals,format=json,udp"), parse_float=Decimal)
        self.assertGreater(expected["totals"]["billable_bytes"], 0)
        self.assert_tables(dialog.tables(), expected)

    def test_a_filter_that_nothing_passes_leaves_a_total_of_nothing(self):
        self.start_with_sites("-z", "egress,dest,ip.addr == 192.0.2.1")
        tables = EgressDialog(self.wireshark).tables()
        self.assertEqual(tables["By destination"], [])
        self.assertEqual(tables["All"][0]["Billable MB"], "0.000000")

    def test_two_dialogs_keep_their_own_numbers(self):
        self.start_with_sites("-z", "egress,dest")
        expected = report("--sites", path("sites.csv"))
        first = EgressDialog(self.wireshark)
        first.tables()
        self.wireshark.menu("Statistics", "Egress Cost")
        second = EgressDialog(self.wireshark, 1)
        second.tables()
        second.apply("udp")
        self.assert_copy(first, expected)
        self.assertLess(len(second.tables()["By destination"]), len(expected["destinations"]))
        second.close()
        wait_for("end of a dialog", lambda: len(self.wireshark.dialogs("Egress Cost")) == 1)
        click(next(head for head in first.tree().heads() if head.name == "Cost"))  # sorts
        self.assert_copy(first, expected)
        first.close()
        self.wireshark.wait_until_closed("Egress Cost")
        self.wireshark.menu("Statistics", "Egress Cost")
        self.assert_tables(EgressDialog(self.wireshark).tables(), expected)

    def assert_copy(self, dialog, expected):
        """Copied rows have all digits, and are those the dialog shows."""
        copied = {cells[1]: cells[2:4] for cells in dialog.copied() if len(cells) > 3}
        for row in expected["destinations"]:
            cost = row["cost_usd"]
            self.assertEqual(copied[row["address"]], [
                "unpriced" if cost is None else f"{Decimal(cost):.12f}",
                f"{Decimal(row['billable_bytes']) / 10**6:.6f}"])


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
    def assert_filter(self, item):
        self.wireshark.menu("Statistics", "Egress Report and Filters", item)
        text = wait_for("filter", self.wireshark.filter_text)
        expected = len(fields("frame.number", "-Y", text))
        wait_for(f"{expected} packets that pass {text}",
                 lambda: self.wireshark.displayed() == expected)
        self.wireshark.menu("Edit", "Copy")  # closes what is open of the menu
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
    def preferences(self):
        """The page of the plugin, as a dialog and its widgets by label."""
        self.wireshark.menu("Edit", "Preferences…")
        dialog = self.wireshark.dialog("Preferences")
        pages = wait_for("pages", lambda: [
            tree for tree in find_all(dialog, at().ROLE_TREE)
            if tree.childCount > 1 and tree.getChildAtIndex(1).name == "Appearance"])[0]
        click(Tree(pages).cell("Protocols"))
        keys("Right")
        type_text("Egress")
        return dialog

    def set_preference(self, label, value):
        dialog = self.preferences()
        page = wait_for("page", lambda: [
            node.parent for node in find_all(dialog, at().ROLE_LABEL, f"^{label}$")
            if is_shown(node)])[0]
        widgets = list(page)
        names = [widget.name for widget in widgets]
        click(widgets[names.index(label) + 1])
        keys("ctrl+a")
        type_text(value)
        press(find(dialog, at().ROLE_PUSH_BUTTON, "^OK$"))

    def test_a_changed_preference_prices_anew(self):
        self.start()
        self.wait_for_column(costs())
        self.set_preference("Region", "westeurope")
        expected = costs("-o", "egress.region:westeurope")
        self.assertNotEqual(costs()[:ROWS], expected[:ROWS])
        self.wait_for_column(expected)

    def test_a_bad_value_is_reported_and_the_last_good_one_stays(self):
        self.start("-o", "egress.region:westeurope")
        self.set_preference("Region", "eastus77")
        message = wait_for("message", lambda: [
            label.name for dialog in self.wireshark.application
            for label in find_all(dialog, at().ROLE_LABEL, "eastus77")])[0]
        self.assertIn("The last good settings stay in force", message)
        picture(path("pictures/bad_value.png"))
        keys("Return")
        self.wait_for_column(costs("-o", "egress.region:westeurope"))

    def test_another_profile_has_its_columns_and_buttons(self):
        self.start()
        self.wireshark.menu("Edit", "Configuration Profiles…")
        dialog = self.wireshark.dialog("Configuration Profiles")
        click(Tree(find(dialog, at().ROLE_TREE)).cell("Egress"))
        press(find(dialog, at().ROLE_PUSH_BUTTON, "^OK$"))
        wait_for("columns of the profile", lambda: "Class" in
                 self.wireshark.packet_list().columns())
        self.wait_for_column(costs())
        self.assertEqual(
            self.wireshark.packet_list().column("Class", ROWS), fields("egress.class")[:ROWS])
        for name in ["billed", "internet", "copies", "unpriced"]:
            find(self.wireshark.window, at().ROLE_PUSH_BUTTON, f"^{name}$")

    def test_a_reloaded_file_has_the_same_numbers(self):
        self.start_with_sites()
        expected = costs("-o", "egress.sites:" + path("sites.csv"))
        self.wait_for_column(expected)
        self.wireshark.menu("View", "Reload")
        self.wait_for_column(expected)
        self.wireshark.menu("Statistics", "Egress Cost")
        self.assert_tables(EgressDialog(self.wireshark).tables(),
                           report("--sites", path("sites.csv")))

    def test_an_ignored_packet_costs_nothing_and_its_copy_does(self):
        self.start()
        before = costs()
        self.wait_for_column(before)
        number = next(i for i, cost in enumerate(before) if cost and Decimal(cost) > 0)
        self.assertIn(fields("egress.duplicate")[number + 1], ["1", "True"])
        keys("ctrl+g")
        type_text(str(number + 1))
        keys("Return")
        keys("ctrl+d")
        self.wait_for_column(before[:number] + ["", before[number]] + before[number + 2:])
        keys("ctrl+d")
        self.wait_for_column(before)


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
        wait_for(start, lambda: any(node.name.startswith(start) for node in details))

    def test_a_windows_trace_is_looked_at_and_reloaded(self):
        self.start(capture="trace.etl")
        lengths = self.shown()
        self.assertEqual(len(lengths), 60)
        self.wait_for_lengths(lengths)
        for item, number in (("Last", 60), ("Previous", 59), ("First", 1), ("Next", 2)):
            self.wireshark.menu("Go", f"{item} Packet")
            self.wait_for_details(f"Frame {number}: {lengths[number - 1]} bytes")
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
