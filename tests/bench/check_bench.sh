#!/usr/bin/env bash
# scripts/bench on small captures: every part of it runs, and what it shows holds what was measured.
#
# usage: check_bench.sh BUILD FOLDER
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/bench.py
build=$1 folder=$2
failed=0

# expect WHAT PATTERN FILE
expect()
{
    grep -qE "$2" "$3" || { echo "no $1 in $3" && failed=1; }
}

rm -rf "$folder"
mkdir -p "$folder"
python3 -B "$bench" run "$build" --quick --folder "$folder" --json "$folder/raw.json" \
    --svg "$folder/times.svg" >"$folder/tables.txt"
for program in cat 'libpcap loop with a hash' 'libwiretap loop with a hash' capinfos \
    'tshark -q -n -z endpoints,ip' 'egshark -n, one thread' 'egshark -n, two threads' \
    'egshark -n --dedup on, one thread' 'bare wtap_read\(\) loop'; do
    expect "time of $program" "^\| \`$program\` +\| +[0-9]+\.[0-9]+ \|" "$folder/tables.txt"
done
# A loop that knows of no copies counts each packet of the cooked capture twice.
expect "loop that counts copies" 'libpcap loop .*wrong for 402: 200\.0 %' "$folder/tables.txt"
expect "share of the plugin" '^\| with it +\| .*%' "$folder/tables.txt"
if grep -E 'egshark' "$folder/tables.txt" | grep -v 'dedup off' | grep wrong; then failed=1; fi
python3 -B -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$folder/times.svg"

# What was kept shows the same again.
python3 -B "$bench" show "$folder/raw.json" >"$folder/again.txt"
diff "$folder/tables.txt" "$folder/again.txt" || failed=1

# A program with wrong totals is told, and egshark's ends the run.
mkdir -p "$folder/wrong/standalone"
ln -s "$(realpath "$build/tests")" "$(realpath "$build/plugin")" "$folder/wrong/"
printf '#!/bin/sh\necho address,packets,ip_bytes,ingress_packets,ingress_ip_bytes\n' \
    >"$folder/wrong/standalone/egshark"
chmod +x "$folder/wrong/standalone/egshark"
if python3 -B "$bench" check "$folder/wrong" --folder "$folder" >"$folder/wrong.txt"; then
    echo "totals that are wrong passed" && failed=1
fi
expect "word of wrong totals" '^full: egshark -n, one thread: totals are wrong for 400' \
    "$folder/wrong.txt"
exit $failed
