#!/bin/sh
# Compiles every header of a folder alone, and twice over, as C and as C++.
#
# usage: check_headers.sh CC CXX FOLDER
set -eu

cc=$1
cxx=$2
cd "$3"

status=0
count=0
for header in $(find . -name '*.h' | sort); do
    count=$((count + 1))
    header=${header#./}
    twice=$(printf '#include "%s"\n#include "%s"\n' "$header" "$header")
    printf '%s\n' "$twice" |
        "$cc" -std=c17 -pedantic -Wall -Wextra -Werror -I. -fsyntax-only -x c - || status=1
    printf '%s\n' "$twice" |
        "$cxx" -std=c++17 -Wall -Wextra -Werror -I. -fsyntax-only -x c++ - || status=1
done
echo "$count headers"
[ "$count" -gt 0 ] && exit $status
exit 1
