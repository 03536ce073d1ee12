"""Rows of the built-in rates, renewed by egshark-facts from answers of Azure's Retail Prices API.

usage: check_rates.py EGSHARK_FACTS DATA_FOLDER PRICES_FOLDER [unittest options]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

FACTS, DATA, PRICES = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
SOURCE = ("Retail Prices API rows, as kept in ratecard-cloud/ratecard "
          "data/raw/azure/egress.json@18e3f20")
AS_OF = "2026-08-18"
MGN = "Rtn Preference: MGN"


def answered():
    """The items of the kept answers, which are of four regions, as the API gives them."""
    kept = json.loads((PRICES / "ratecard_raw_azure_egress.json").read_text(encoding="utf-8"))
    return [item for items in kept.values() for item in items]


def renew(items, rates=None, source=SOURCE, as_of=AS_OF):
    with tempfile.TemporaryDirectory() as folder:
        answer = pathlib.Path(folder, "answer.json")
        answer.write_text(json.dumps({"BillingCurrency": "USD", "Items": items}), encoding="utf-8")
        given = pathlib.Path(folder, "rates.csv")
        given.write_text(rates or (DATA / "rates-azure.csv").read_text(encoding="utf-8"),
                         encoding="utf-8")
        return subprocess.run(
            [FACTS, "renew-rates", given, DATA / "regions.csv", answer, source, as_of],
            capture_output=True, text=True, check=False)


def is_out(item, region):
    return (item["productName"] == MGN and item["armRegionName"] == region and
            item["meterName"] == "Standard Data Transfer Out")


class Renewal(unittest.TestCase):
    def setUp(self):
        self.built_in = (DATA / "rates-azure.csv").read_text(encoding="utf-8")

    def lines_that_differ(self, renewed):
        return [(old, new) for old, new in zip(self.built_in.splitlines(), renewed.splitlines())
                if old != new]

    def test_the_built_in_rates_are_what_the_answers_make(self):
        run = renew(answered())
        self.assertEqual(run.stderr, "")
        self.assertEqual(run.stdout, self.built_in)

    def test_what_is_renewed_says_so_and_nothing_else_does(self):
        run = renew(answered(), source="the API", as_of="2027-01-02")
        changed = self.lines_that_differ(run.stdout)
        # Two zones, with six tiers each by Microsoft's network and five each by the internet's.
        self.assertEqual(len(changed), 2 * 6 + 2 * 5)
        for old, new in changed:
            self.assertIn("the API,2027-01-02,certain,", new)
            self.assertEqual(old.split(",")[:9], new.split(",")[:9])

    def test_a_new_price_and_a_new_tier_are_taken(self):
        items = answered()
        for item in items:
            if item["productName"] == MGN and item["retailPrice"] == 0.087:
                item["retailPrice"] = 0.0865
        items += [{**item, "tierMinimumUnits": 1e6, "retailPrice": 0.04}
                  for item in items if is_out(item, "eastus") and item["tierMinimumUnits"] == 0]
        rows = [line.split(",")[5:7] for line in renew(items).stdout.splitlines()
                if line.startswith("internet,zone1,*,microsoft,")]
        self.assertEqual(rows, [["0", "0"], ["100", "0.0865"], ["10335", "0.083"],
                                ["51295", "0.07"], ["153695", "0.05"], ["512095", "0.05"],
                                ["1000000", "0.04"]])

    def test_regions_of_a_zone_that_disagree_are_refused(self):
        items = answered()
        for item in items:
            if is_out(item, "westus2") and item["tierMinimumUnits"] == 100:
                item["retailPrice"] = 0.09
        run = renew(items)
        self.assertEqual(run.returncode, 1)
        self.assertIn("'Rtn Preference: MGN - Standard Data Transfer Out', scope 'zone1': from "
                      "100 GB on it is ", run.stderr)
        self.assertIn("0.09 in westus2", run.stderr)

    def test_a_region_with_a_ladder_of_its_own_is_not_its_zone_s(self):
        own = "\n".join(line.replace(",zone1,", ",westus2,") for line in self.built_in.splitlines()
                        if line.startswith("internet,zone1,*,microsoft,"))
        items = answered()
        for item in items:
            if is_out(item, "westus2") and item["tierMinimumUnits"] == 100:
                item["retailPrice"] = 0.09
        lines = renew(items, self.built_in + own + "\n").stdout.splitlines()
        tiers = [line.split(",")[1:7] for line in lines if ",microsoft,egress,100," in line]
        self.assertIn(["westus2", "*", "microsoft", "egress", "100", "0.09"], tiers)
        self.assertIn(["zone1", "*", "microsoft", "egress", "100", "0.087"], tiers)

    def test_what_is_no_answer_is_refused(self):
        run = renew([])
        self.assertEqual(run.returncode, 1)
        self.assertIn("'Items' has no price by the GB", run.stderr)
        self.assertEqual(run.stdout, "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
