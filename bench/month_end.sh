#!/bin/sh
# month_end.sh - a month-end with its lists, and the monthly lists alone, beside one full scan of the
# same tables by sqlite3 in the same run. Bound: three times the scan.
#
#   bench/month_end.sh [PEOPLE [ROUNDS]]     default 1000000 people, 3 rounds; best and worst are told
#
# The scan: sqlite3 reads every row and column of the tables (SELECT *) and writes them to /dev/null.
# "columns" reads the columns that the batch reads, summed up within the engine: the least that a scan
# can cost. month-end: twice, of the world's month (papers for everybody who lacks one) and of the
# next one (an ordinary month).
set -eu
people=${1:-1000000}
rounds=${2:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
work=${BENCH_WORK:-/var/tmp/shikaku-bench}
shikaku=${BENCH_SHIKAKU:-$root/build-bench/shikaku}
world=$work/month-world-$people
mkdir -p "$work"
[ -f "$world/world.json" ] ||
    "$shikaku" world --people "$people" --cards 0 --seed 1 --on 2026-11-25 --dir "$world" >/dev/null
trap 'rm -rf "$work/month"' EXIT

# seconds COMMAND...: prints how long it took, in milliseconds
seconds() {
    began=$(date +%s%3N)
    "$@" >/dev/null
    echo $(($(date +%s%3N) - began))
}

scan() {
    sqlite3 "$work/month/store.sqlite" "SELECT * FROM person; SELECT * FROM coverage;
        SELECT * FROM authentication_certificate; SELECT * FROM deregistration_request;
        SELECT * FROM document; SELECT * FROM document_need; SELECT * FROM member"
}

scan_columns() {
    sqlite3 "$work/month/store.sqlite" "SELECT total(person_id + birth + sex1 + protection +
        registered + deregisters) FROM person;
        SELECT total(person_id + coverage_id + held_from + held_until + loss_reason + kind + paper +
        issued + valid_from + valid_until + share + recorded + length(insurer) + length(branch) +
        length(symbol) + length(number)) FROM coverage;
        SELECT total(person_id + not_before + expires + state + phone + recorded)
        FROM authentication_certificate; SELECT total(person_id) FROM document"
}

end_month() {
    "$shikaku" month-end --store "sqlite:$work/month/store.sqlite" --on "$1" --out "$2"
}

round=1
while [ "$round" -le "$rounds" ]; do
    rm -rf "$work/month"
    mkdir -p "$work/month"
    cp "$world/store.sqlite" "$work/month/store.sqlite"
    scan >/dev/null # the page cache is warm for all
    printf 'round %d: scan %s ms' "$round" "$(seconds scan)"
    printf ', columns %s ms' "$(seconds scan_columns)"
    printf ', first month-end %s ms' "$(seconds end_month 2026-11-30 "$work/month/lists")"
    printf ', ordinary month-end %s ms' "$(seconds end_month 2026-12-31 "$work/month/lists")"
    # nothing is left to change: the pass and the lists
    printf ', lists alone %s ms' "$(seconds end_month 2026-12-31 "$work/month/more")"
    printf ', scan again %s ms\n' "$(seconds scan)"
    round=$((round + 1))
done
