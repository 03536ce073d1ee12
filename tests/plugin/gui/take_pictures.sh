#!/usr/bin/env bash
# Takes the pictures of docs/wireshark.md anew.
set -euo pipefail

usage()
{
    cat <<'USAGE'
usage: take_pictures.sh BUILD

Needs what the tests of the windows need, and a build folder with the plugin
and egshark. Makes the files small with ImageMagick.
USAGE
}

[[ $# -eq 1 && $1 != -* ]] || { usage >&2 && exit 1; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pictures=$here/../../../docs/pictures

"$here/on_desktop.sh" "$1/plugin/egress.so" "$1/standalone/egshark" "$pictures" take_pictures.py
convert "$pictures/menu.png" -crop 670x1160+280+30 +repage "$pictures/menu.png"
for name in menu packets statistics; do # the others are another script's
    picture=$pictures/$name.png
    convert "$picture" -strip +dither -colors 64 -define png:compression-level=9 "PNG8:$picture"
done
