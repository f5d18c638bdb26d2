#!/bin/sh
# The test runs, one after the other; ends with "N passed, N failed".
#   plain    gcc, everything            address  clang, address and undefined sanitizer
#   thread   clang, thread sanitizer    style    clang-tidy over src/
set -u
cd "$(dirname "$0")/.." || exit 3
[ $# -gt 0 ] || set -- plain address thread style
passed=0
failed=0
red= green= end=
[ -t 1 ] && red='\033[31m' green='\033[32m' end='\033[0m'

# build FOLDER COMPILER MESON-OPTIONS...
build() {
    folder=$1
    compiler=$2
    shift 2
    if [ ! -f "$folder/build.ninja" ]; then
        CC=$compiler meson setup "$folder" "$@" >"$folder.log" 2>&1 || {
            cat "$folder.log"
            return 1
        }
        rm -f "$folder.log"
    fi
    ninja -C "$folder" >"$folder/build.log" 2>&1 || {
        tail -n 60 "$folder/build.log"
        return 1
    }
}

# count FOLDER: adds up what the test programs printed in TAP; one that failed without a "not ok",
# by a crash or a time-out, counts as one
count() {
    tally=$(jq -r '[(.stdout // "" | [scan("(?m)^ *ok [0-9]")] | length),
            (.stdout // "" | [scan("(?m)^ *not ok [0-9]")] | length),
            (if .result | IN("OK", "SKIP", "EXPECTEDFAIL") then 0 else 1 end)] | @tsv' \
        "$1/meson-logs/testlog.json" |
        awk '{ good += $1; bad += $2 > $3 ? $2 : $3 } END { print good + 0, bad + 0 }')
    passed=$((passed + ${tally% *}))
    failed=$((failed + ${tally#* }))
}

# run NAME FOLDER COMPILER MESON-OPTIONS... -- MESON-TEST-OPTIONS...
run() {
    name=$1
    folder=$2
    compiler=$3
    shift 3
    options=
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options="$options $1"
        shift
    done
    [ $# -gt 0 ] && shift
    printf '== %s\n' "$name"
    # shellcheck disable=SC2086 # a list of words
    if ! build "$folder" "$compiler" $options; then
        printf "${red}%s does not build${end}\n" "$name"
        failed=$((failed + 1))
        return
    fi
    if meson test -C "$folder" --no-rebuild --print-errorlogs --num-processes 2 "$@"; then
        printf "${green}%s passed${end}\n" "$name"
    else
        printf "${red}%s failed${end}\n" "$name"
    fi
    count "$folder"
}

for part in "$@"; do
    case $part in
    plain) run plain build-test gcc --buildtype=debugoptimized -- ;;
    address)
        run address build-address clang --buildtype=debugoptimized -Db_lundef=false \
            -Db_sanitize=address,undefined -- --no-suite check
        ;;
    thread)
        run thread build-thread clang --buildtype=debugoptimized -Db_lundef=false \
            -Db_sanitize=thread -- --suite threads --suite integration
        ;;
    style)
        printf '== style\n'
        if ./tests/style.sh; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
        ;;
    *)
        echo "unknown part '$part': plain, address, thread, style" >&2
        exit 2
        ;;
    esac
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
