#!/bin/sh
# Runs every fuzz target for so many seconds, each with its corpus, one after the other.
# usage: tests/fuzz/run.sh SECONDS [NAME...]     findings and new inputs stay in build-fuzz/
set -u
cd "$(dirname "$0")/../.." || exit 3
seconds=${1:?usage: tests/fuzz/run.sh SECONDS [NAME...]}
shift
[ -f build-fuzz/build.ninja ] ||
    CC=clang meson setup build-fuzz -Dfuzz=true -Db_lundef=false \
        -Db_sanitize=address,undefined >build-fuzz.log 2>&1 || {
    cat build-fuzz.log >&2
    exit 3
}
rm -f build-fuzz.log
[ $# -gt 0 ] || set -- $(sed -n 's/^fuzz_targets += //p' tests/fuzz/meson.build | tr -d "[],'")
targets=$(printf 'tests/fuzz/fuzz_%s ' "$@")
# shellcheck disable=SC2086 # a list
ninja -C build-fuzz --quiet $targets || exit 3
bad=0
for name in "$@"; do
    mkdir -p "build-fuzz/corpus/$name"
    echo "$name: $seconds s"
    if ! "./build-fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=16384 \
        -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="build-fuzz/found_${name}_" \
        "build-fuzz/corpus/$name" "tests/data/$name" >"build-fuzz/$name.log" 2>&1; then
        bad=1
        grep -E '^(SUMMARY|==|artifact|Test unit)' "build-fuzz/$name.log"
    fi
    grep -E '^(Done|stat::number_of_executed|stat::peak)' "build-fuzz/$name.log" | sed 's/^/  /'
done
exit $bad
