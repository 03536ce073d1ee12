#!/usr/bin/env bash
# The pictures of docs/report.md: the HTML report of the made sample.
#
# usage: take_pictures.sh EGSHARK      after html.browser has run once, which installs the tools
set -euo pipefail

egshark=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=$(dirname "$egshark")/../tests/html/tools/node_modules
[[ -d $tools ]] || { echo "take_pictures: run ctest -R html first" >&2 && exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -B "$root/tests/sample/make_sample.py" . >/dev/null
for language in en ja; do
    "$egshark" --region eastus --sites sites.csv --budget 0.002 --lang "$language" \
        --report "$language.html" azure-vm-day.pcap >/dev/null
done
NODE_PATH=$tools node - "$folder" "$root/docs/pictures" <<'SCRIPT'
const { chromium } = require("playwright-core");
const [, , folder, pictures] = process.argv;

async function take(browser, file, name, width, height, colorScheme, place) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto("file://" + folder + "/" + file);
  const shot = { path: `${pictures}/${name}.png` };
  if (place) await page.locator(place).screenshot(shot);
  else await page.screenshot(shot);
  await page.close();
}

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  await take(browser, "en.html", "report", 1180, 1180, "light");
  await take(browser, "en.html", "report-flow", 1180, 900, "light", "svg.flow.wide");
  await take(browser, "en.html", "report-phone", 390, 1180, "dark");
  await take(browser, "ja.html", "report-ja", 1180, 760, "light");
  await browser.close();
})();
SCRIPT
echo "the pictures are in $root/docs/pictures"
