#!/bin/sh
# Loads a registration file and compares with sqlite3 importing the same rows, as they come to lie
# in the store, into the same indexed tables without any check. Also: memory, and whether the reply
# answers each row as it must. Exit code 0: at least a quarter of sqlite3's rate, at most 256 MiB,
# the reply exact.
# usage: bench/registration.sh [--rows N] [--dir DIR]
set -eu
rows=1000000
work=/tmp/shikaku-bench
while [ $# -gt 1 ]; do
    case $1 in
    --rows) rows=$2 ;;
    --dir) work=$2 ;;
    *)
        sed -n 's/^# usage: /usage: /p' "$0" >&2
        exit 2
        ;;
    esac
    shift 2
done
mkdir -p "$work"
. "$(dirname "$0")/common.sh"
[ "${BENCH_BUILD:-yes}" = no ] || build_all
shikaku=${SHIKAKU:-$shikaku}
place=$work/registration
trap 'rm -rf "$place"' EXIT
rm -rf "$place"
mkdir "$place"

now() {
    date +%s%3N
}

say "making $rows rows"
file=$place/file.csv
{
    echo "H,1,06139992,20261125,$rows"
    awk -v rows="$rows" -f "$(dirname "$0")/registration_rows.awk"
} >"$file"
echo "T,$rows,$(sha256sum "$file" | cut -c1-64)" >>"$file"
od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$place/link.key"
chmod 600 "$place/link.key"
wanted=$(grep -c '^C,N,.*,20300230,$' "$file" || true)

# peak PID: the largest resident set, KiB, while it runs
peak() {
    most=0
    while [ "$(sed -n 's/^State:[^A-Z]*\([A-Z]\).*/\1/p' "/proc/$1/status" 2>/dev/null || true)" != Z ] &&
        kill -0 "$1" 2>/dev/null; do
        seen=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null || true)
        most=${seen:-$most}
        sleep 0.2
    done
    echo "$most"
}

say "loading"
began=$(now)
"$shikaku" insurer load "$file" --store "sqlite:$place/store.sqlite" --link-key "$place/link.key" \
    --create --today 2026-11-25 --reply "$place/reply.csv" --json >"$place/report" 2>"$place/errors" &
pid=$!
memory=$(peak $pid)
code=0
wait $pid || code=$?
ours=$(($(now) - began))
[ "$code" -le 1 ] || {
    cat "$place/errors" >&2
    exit 3
}

# Exact: row i answers row i, and just the wrong days are refused.
exact=no
awk -F, -v rows="$rows" '
    NR == FNR { kind[FNR] = /^C,N,.*,20300230,$/ ? 2 : 0; next }
    FNR > 1 && FNR <= rows + 1 && ($1 != FNR - 1 || $2 != kind[FNR]) { wrong++ }
    END { exit wrong > 0 || FNR != rows + 2 }' "$file" "$place/reply.csv" &&
    [ "$(jq .refused "$place/report")" = "$wanted" ] && exact=yes

say "the same rows with sqlite3"
tables='person coverage coverage_key limit_certificate member person_key registration_clock register_check'
for table in $tables; do
    sqlite3 "$place/store.sqlite" ".mode csv" "SELECT * FROM $table" >"$place/$table.csv"
done
head -n 1 "$file" | sed 's/,[0-9]*$/,0/' >"$place/none.csv"
echo "T,0,$(sha256sum "$place/none.csv" | cut -c1-64)" >>"$place/none.csv"
"$shikaku" insurer load "$place/none.csv" --store "sqlite:$place/plain.sqlite" \
    --link-key "$place/link.key" --create --reply "$place/none.reply" >/dev/null
sync
began=$(now)
for table in $tables; do
    echo ".import --csv $place/$table.csv $table"
done | sqlite3 "$place/plain.sqlite"
plain=$(($(now) - began))
for table in $tables; do
    [ "$(sqlite3 "$place/store.sqlite" "SELECT COUNT(*) FROM $table")" = \
        "$(sqlite3 "$place/plain.sqlite" "SELECT COUNT(*) FROM $table")" ] || {
        say "sqlite3 did not import $table"
        exit 3
    }
done

awk -v rows="$rows" -v ours="$ours" -v plain="$plain" -v memory="$memory" -v exact=$exact 'BEGIN {
    printf "rows                        %12d\n", rows
    printf "insurer load, rows/s        %12.0f  (%.1f s)\n", rows * 1000 / ours, ours / 1000
    printf "sqlite3 .import, rows/s     %12.0f  (%.1f s)\n", rows * 1000 / plain, plain / 1000
    printf "ratio                       %12.2f  (bound 0.25)\n", plain / ours
    printf "largest resident set, MiB   %12.0f  (bound 256)\n", memory / 1024
    printf "reply exact                 %12s\n", exact
    exit !(plain / ours >= 0.25 && memory <= 256 * 1024 && exact == "yes")
}'
