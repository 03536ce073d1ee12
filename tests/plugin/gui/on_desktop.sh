#!/usr/bin/env bash
# Wireshark on a desktop of its own, driven by a Python script.
set -euo pipefail

usage()
{
    cat <<'USAGE'
usage: on_desktop.sh PLUGIN EGSHARK PICTURES SCRIPT [ARGUMENT...]

Starts Xvfb, a window manager and an accessibility bus, as an ordinary user with
an empty home (root's Wireshark ignores plugins of its own), and runs SCRIPT by

    python3 SCRIPT FOLDER [ARGUMENT...]

FOLDER has the plugin and egress-etl.so, which is beside it, where Wireshark
finds them, the profile Egress, the program egshark, the made sample, and a
Windows trace. What SCRIPT leaves in FOLDER/pictures ends up in
PICTURES. Exits with 77 when a program is missing.
USAGE
}

[[ $# -ge 4 ]] || { usage >&2 && exit 1; }
plugin=$1 egshark=$2 pictures=$3 script=$4
shift 4

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
python=/usr/bin/python3 # the distribution's, which has pyatspi

missing=()
for program in wireshark tshark Xvfb openbox xdotool xclip import dbus-run-session; do
    command -v "$program" >/dev/null || missing+=("$program")
done
"$python" -c 'import pyatspi' 2>/dev/null || missing+=(python3-pyatspi)
[[ -e /usr/share/dbus-1/services/org.a11y.Bus.service ]] || missing+=(at-spi2-core)
if [[ ${#missing[@]} -gt 0 ]]; then
    echo "skipped: not installed: ${missing[*]}"
    exit 77
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/egress-gui.XXXXXX")
server=
finish()
{
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    wait
    mkdir -p "$pictures"
    cp "$folder"/pictures/*.png "$pictures" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

version=$(tshark --version 2>/dev/null | sed -n '1s/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p')
mkdir -p "$folder"/{home,run,pictures} "$folder/plugins/$version"/{epan,wiretap}
chmod 700 "$folder/run"
cp "$plugin" "$folder/plugins/$version/epan/egress.so"
cp "$(dirname "$plugin")/egress-etl.so" "$folder/plugins/$version/wiretap"
cp -r "$root/plugin/profiles/Egress" "$folder/Egress"
cp "$egshark" "$folder/egshark"
cp "$here"/*.py "$folder"
python3 -B "$root/tests/sample/make_sample.py" "$folder" >/dev/null
python3 -B "$root/tests/etl/etl_cases.py" cpus_shuffled_compressed "$folder/trace.etl"

as_user=()
if [[ $EUID -eq 0 ]]; then
    chown -R nobody "$folder"
    as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
as_user+=(env -i "PATH=$PATH" "HOME=$folder/home" "XDG_RUNTIME_DIR=$folder/run" LANG=C.UTF-8
    "WIRESHARK_PLUGIN_DIR=$folder/plugins" "WIRESHARK_EXTCAP_DIR=$folder/none"
    QT_QPA_PLATFORM=xcb QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1)
cd "$folder"

if ! "${as_user[@]}" tshark -G plugins 2>plugins.log | grep -q '^egress\.so'; then
    echo "the plugin does not load:"
    cat plugins.log
    exit 1
fi

"${as_user[@]}" Xvfb -displayfd 3 -screen 0 1600x1200x24 -wr -nolisten tcp 3>display 2>xvfb.log &
server=$!
for ((i = 0; i < 1200; i++)); do
    [[ ! -s display ]] || break
    sleep 0.1
done
[[ -s display ]] || { cat xvfb.log && exit 1; }
"${as_user[@]}" "DISPLAY=:$(cat display)" openbox >openbox.log 2>&1 &

# The accessibility bus is not told of the X server, since it would leave its address there for the
# next one to find. Where the script does not see Wireshark on it (75), it is tried again.
for attempt in 1 2 3 4 5; do
    status=0
    "${as_user[@]}" dbus-run-session -- env "DISPLAY=:$(cat display)" \
        "$python" -B "$folder/$(basename "$script")" "$folder" "$@" || status=$?
    [[ $status -eq 75 ]] || break
    echo "attempt $attempt: Wireshark is not on the accessibility bus" >&2
done
(exit "$status")
