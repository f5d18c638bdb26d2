#!/bin/sh
# Measures what a check costs the server, against nginx answering a constant of the same size over
# the same TLS, in the same run. Prints tables; docs/benchmarks.md says how to read them.
# usage: bench/run.sh [--people N] [--rounds N] [--checks N] [--dir DIR]
set -eu
people=1000000
small=10000
rounds=5
checks=20000
work=/tmp/shikaku-bench
while [ $# -gt 1 ]; do
    case $1 in
    --people) people=$2 ;;
    --rounds) rounds=$2 ;;
    --checks) checks=$2 ;;
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
results=$work/results
trap 'stop_service; stop_nginx' EXIT

# measure NAME WORLD PORT PIDS KIND [OPTIONS...]: adds a line to $results
measure() {
    name=$1 world=$2 port=$3 pids=$4
    shift 4
    "$load" "$@" --world "$world" --institution $institution --port "$port" --servers "$pids" \
        --requests "$checks" | jq -c --arg name "$name" '. + {name: $name}' >>"$results"
}

# median NAME FIELD
median() {
    jq -s --arg name "$1" "map(select(.name == \$name).$2) | sort |
        if length == 0 then 0 else .[length / 2 | floor] end" "$results"
}

# row NAME TITLE
row() {
    jq -rs --arg name "$1" --arg title "$2" '
        def median: sort | .[length / 2 | floor];
        map(select(.name == $name)) | if length == 0 then empty else
        "| \($title) | \(map(.server_cpu_us) | median | . * 10 | round / 10) | \(map(.server_cpu_us) |
        min | . * 10 | round / 10)-\(map(.server_cpu_us) | max | . * 10 | round / 10) | \(map(.per_second) |
        median) | \(map(.p50_us) | median) | \(map(.p99_us) | median) | \(map(.refused) | add) |" end' \
        "$results" | tr -d '\n'
    echo
}

# ratio A B
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'
}

memory_mib() {
    awk '/^RssAnon:/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"
}

build_all
make_world "$small"
make_world "$people"
: >"$results"

say "$small people"
start_service "$work/world-$small"
for round in $(seq "$rounds"); do
    measure card-small "$work/world-$small" $service_port "$service_pid" card
    measure numbers-small "$work/world-$small" $service_port "$service_pid" numbers
done
stop_service

say "$people people"
start_service "$work/world-$people"
ready=$ready_ms
# one warm round tells how large an answer is
measure warm "$work/world-$people" $service_port "$service_pid" card
answer=$(jq -s 'map(select(.name == "warm").answer_bytes)[0] | round' "$results")
request=$(jq -s 'map(select(.name == "warm").request_bytes)[0] | round' "$results")
start_nginx "$work/world-$people" "$answer"
for round in $(seq "$rounds"); do
    say "round $round"
    measure card "$work/world-$people" $service_port "$service_pid" card
    measure nginx-get "$work/world-$people" $nginx_port "$(nginx_pids)" constant
    measure numbers "$work/world-$people" $service_port "$service_pid" numbers
    measure nginx-post "$work/world-$people" $nginx_port "$(nginx_pids)" constant --body "$request"
    measure challenge "$work/world-$people" $service_port "$service_pid" challenge
    measure healthz "$work/world-$people" $service_port "$service_pid" constant
done
memory=$(memory_mib "$service_pid")
stop_service
say "cards that the service has never seen"
start_service "$work/world-$people" --certificate-cache 0
for round in $(seq "$rounds"); do
    measure card-new "$work/world-$people" $service_port "$service_pid" card
done
stop_service
stop_nginx

echo "| request | server CPU us (median) | min-max | a second | p50 us | p99 us | refused |"
echo "|---|---:|---:|---:|---:|---:|---:|"
row nginx-get "nginx, GET, constant of $answer bytes"
row nginx-post "nginx, POST of $request bytes, the same constant"
row healthz "GET /healthz"
row challenge "challenge alone"
row card "card check (challenge + proof), $people people"
row card-new "card check, certificate never seen"
row card-small "card check, $small people"
row numbers "number check, $people people"
row numbers-small "number check, $small people"
echo
nginx=$(median nginx-get server_cpu_us)
card=$(median card server_cpu_us)
echo "| bar | measured | wanted |"
echo "|---|---:|---:|"
echo "| card check / nginx constant (GET) | $(ratio "$card" "$nginx") | <= 8 |"
echo "| card check, never seen / nginx constant | $(ratio "$(median card-new server_cpu_us)" "$nginx") | |"
echo "| number check / nginx constant | $(ratio "$(median numbers server_cpu_us)" "$nginx") | |"
echo "| growth of a card check, $small to $people people | $(ratio "$card" "$(median card-small server_cpu_us)") | <= 1.5 |"
echo "| growth of a number check | $(ratio "$(median numbers server_cpu_us)" "$(median numbers-small server_cpu_us)") | <= 1.5 |"
echo "| memory of the service (RssAnon), MiB | $memory | <= 512 |"
echo "| start to ready, ms | $ready | <= 2000 |"
echo
rm -rf "$work/parts-journal"
"$build/bench/bench_parts" --world "$work/world-$people" --institution $institution \
    --journal "$work/parts-journal"
rm -rf "$work/parts-journal"
