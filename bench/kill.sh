#!/bin/sh
# Kills the service (kill -9) at random moments under load and looks for acknowledged checks that
# the journal does not have. Exit code 0: none is missing and the journal is whole.
# usage: bench/kill.sh [--rounds N] [--dir DIR]
set -eu
rounds=100
work=/tmp/shikaku-bench
while [ $# -gt 1 ]; do
    case $1 in
    --rounds) rounds=$2 ;;
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
world=$work/world-10000
journal=$work/kill-journal
trap 'stop_service' EXIT

build_all
make_world 10000
rm -rf "$journal" "$work/acknowledged"
: >"$work/acknowledged"
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    kind=numbers
    [ $((round % 2)) -eq 0 ] && kind=card
    start_service "$world" --journal "$journal"
    "$load" $kind --world "$world" --institution $institution --port $service_port --warm 0 \
        --requests 1000000 --connections 16 --subjects 200 --acknowledged "$work/acknowledged" \
        --until-broken >/dev/null 2>"$work/load.err" &
    load_pid=$!
    # 0.3 to 0.8 s: the load has connections by then
    sleep "0.$((3 + $(od -An -N1 -tu1 /dev/urandom) % 6))$(od -An -N1 -tu1 /dev/urandom | tr -d ' ')"
    kill -9 "$service_pid"
    wait "$service_pid" 2>/dev/null || true
    service_pid=
    wait "$load_pid" || {
        cat "$work/load.err" >&2
        exit 3
    }
    printf '\r%d of %d' "$round" "$rounds" >&2
done
echo >&2
"$shikaku" audit show "$journal" --count 1000000000 | sed -n 's/.* request=\([0-9a-f]*\).*/\1/p' |
    sort >"$work/recorded"
sort "$work/acknowledged" >"$work/acknowledged.sorted"
total=$(wc -l <"$work/acknowledged.sorted")
missing=$(comm -23 "$work/acknowledged.sorted" "$work/recorded" | wc -l)
echo "$rounds kills, $total acknowledged checks, $(wc -l <"$work/recorded") recorded, $missing missing"
"$shikaku" audit verify "$journal"
[ "$missing" -eq 0 ] && [ "$total" -gt "$rounds" ]
