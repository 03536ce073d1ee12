# shellcheck shell=bash
# What the scripts share; sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

jobs=$(nproc 2>/dev/null || echo 2)

# samples: where the real captures are, or nothing.
samples=${EGSHARK_SAMPLES:-}
if [[ -z $samples && -d $root/../shared/samples ]]; then
    samples=$(cd "$root/../shared/samples" && pwd)
fi

# build_preset PRESET [TARGET...]: configures and builds into build/PRESET; says little when all is
# well. With testing=OFF nothing that only tests need has to be there.
build_preset()
{
    local preset=$1 target
    local log=$root/build/$preset.log targets=()
    shift
    for target in "$@"; do
        targets+=(--target "$target")
    done
    mkdir -p "$root/build"
    echo "building preset $preset (log: $log)" >&2
    if ! {
        cd "$root" &&
            cmake --preset "$preset" -DEGSHARK_SAMPLES="$samples" \
                -DBUILD_TESTING="${testing:-ON}" &&
            cmake --build --preset "$preset" -j "$jobs" "${targets[@]}"
    } >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        echo "building preset $preset failed" >&2
        return 1
    fi
}
