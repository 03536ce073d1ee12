#!/usr/bin/env bash
# Runs one case of the command line: a folder with
#
#   cmd              shell text, run in an empty folder of its own after prelude.sh
#   expected_stdout  exactly; absent: nothing
#   expected_stderr  exactly; absent: nothing
#   expected_status  of cmd; absent: 0
#   skip_if          shell text; the case is skipped (status 77) where it succeeds
#
# usage: EGSHARK=program EGSHARK_BUILD=folder run_case.sh case
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
case=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/run"
chmod 755 "$work"

# What a developer's shell may hold must not show.
export EGSHARK EGSHARK_BUILD CLI=$here LC_ALL=C TZ=UTC TERM=dumb
unset NO_COLOR POSIXLY_CORRECT

run()
{
    cd "$work/run" && bash -c '. "$CLI/prelude.sh" && . "$1"' "$1" "$1" </dev/null
}

if [[ -e $case/skip_if ]] && (run "$case/skip_if") >/dev/null 2>&1; then
    echo "skipped: $(cat "$case/skip_if")"
    exit 77
fi

status=0
(run "$case/cmd") >"$work/stdout" 2>"$work/stderr" || status=$?
echo "$status" >"$work/status"

failed=0
# compare NAME DEFAULT: what came against what the case expects.
compare()
{
    local expected=$case/expected_$1
    if [[ ! -e $expected ]]; then
        printf '%s' "$2" >"$work/default"
        expected=$work/default
    fi
    diff -u --label "expected $1" --label "$1" "$expected" "$work/$1" || failed=1
}
compare stdout ''
compare stderr ''
compare status $'0\n'
exit "$failed"
