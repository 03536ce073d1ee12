#!/usr/bin/env bash
# Opens the reports that check_html.py made in headless Chromium.
#
# usage: in_browser.sh FOLDER      exits with 77 where there is no browser to be had
#
# Chromium is Debian's; what drives it (playwright-core) and what checks for accessibility (axe-core)
# come from npm, once, at the versions named here, into FOLDER. They run on Debian 12's Node.js, 18.
set -euo pipefail

folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages=(playwright-core@1.61.0 axe-core@4.14.1)

skip()
{
    echo "skipped: $*"
    exit 77
}

for program in chromium node npm; do
    command -v "$program" >/dev/null || skip "not installed: $program"
done

tools=$folder/tools
if [[ "$(cat "$tools/installed" 2>/dev/null)" != "${packages[*]}" ]]; then
    rm -rf "$tools"
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-save --no-package-lock --no-audit --no-fund \
        --ignore-scripts "${packages[@]}" >"$folder/npm.log" 2>&1 ||
        skip "npm cannot install ${packages[*]}: $(tail -n 1 "$folder/npm.log")"
    echo "${packages[*]}" >"$tools/installed"
fi

NODE_PATH=$tools/node_modules exec node "$here/check_pages.js" "$folder"
