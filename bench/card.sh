#!/bin/sh
# Measures a check by card from end to end: an emulated card in pcscd (vsmartcard-vpcd), the terminal
# with card-reader = pcsc, the service. From the presentation's appearance to the face file's, card
# put down anew each time; prints the median of each step and its share. Needs root, for pcscd, and
# no other pcscd on the machine but one that has the virtual reader.
# usage: bench/card.sh [--rounds N] [--mode pin|visual|face] [--shikaku PROGRAM] [--dir DIR]
set -eu
rounds=21
mode=pin
work=/tmp/shikaku-bench-card
root=$(cd "$(dirname "$0")/.." && pwd)
program=
while [ $# -gt 1 ]; do
    case $1 in
    --rounds) rounds=$2 ;;
    --mode) mode=$2 ;;
    --shikaku) program=$2 ;;
    --dir) work=$2 ;;
    *)
        sed -n 's/^# usage: /usage: /p' "$0" >&2
        exit 2
        ;;
    esac
    shift 2
done
if [ -z "$program" ]; then
    "$root/packaging/install.sh" run test
    [ -f "$root/build-bench/build.ninja" ] ||
        meson setup "$root/build-bench" "$root" --buildtype=release -Dtests=false >/dev/null
    ninja -C "$root/build-bench" --quiet shikaku
    program=$root/build-bench/shikaku
fi
mkdir -p "$work"
world=$work/world
folder=$work/terminal
results=$work/results
pids=
card_pid=

finish() {
    # shellcheck disable=SC2086 # a list
    kill $card_pid $pids 2>/dev/null || true
    wait
}
trap finish EXIT

# wait_until COMMAND...: twenty seconds at most
wait_until() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 4000 ] || {
            echo "waited in vain: $*" >&2
            exit 3
        }
        sleep 0.005
    done
}

card_on_reader() {
    grep -qs ready "$work/card.out"
}

# The terminal sees a card up to half a second after the reader; a short wait keeps that out of what
# is measured: how fast a card is noticed is the reader's business.
put_card() {
    "$program" card emulate "$work/measured.card" >"$work/card.out" 2>"$work/card.log" &
    card_pid=$!
    wait_until card_on_reader
    sleep 1
}

take_card() {
    kill "$card_pid"
    wait "$card_pid" || true
    card_pid=
    sleep 1 # until pcscd and the terminal have seen it go
}

# One check: microseconds by the clock beside the terminal's own figures
check() {
    rm -f "$folder/reader/bench.result"
    printf 'mode = %s\n%s\n' "$mode" "$([ "$mode" = pin ] && echo 'pin = 1234')" >"$work/present"
    began=$(date +%s%N)
    cp "$work/present" "$folder/reader/bench.present"
    until [ -s "$folder/reader/bench.result" ]; do :; done
    ended=$(date +%s%N)
    jq -c --argjson clock $(((ended - began) / 1000)) '. + {clock: ($clock / 1000)}' \
        "$folder/reader/bench.result" >>"$results"
}

# median FIELD
median() {
    jq -s "map(.$1) | sort | .[length / 2 | floor] * 10 | round / 10" "$results"
}

line() {
    printf '%-10s %7s %6s  %s\n' "$@"
}

# row NAME FIELD WHAT
row() {
    value=$(median "milliseconds.$2")
    line "$1" "$value" "$(jq -n "$value * 1000 / $total | round / 10")" "$3"
}

if ! pidof pcscd >/dev/null; then
    pcscd -f >"$work/pcscd.log" 2>&1 &
    pids="$pids $!"
fi
[ -f "$world/world.json" ] || "$program" world --people 100 --cards 0 --dir "$world" >/dev/null
cp "$world/cards/valid-employee.card" "$work/measured.card"
"$program" serve --config "$world/serve.conf" --listen-port 0 >"$work/serve.out" \
    2>"$work/serve.log" &
pids="$pids $!"
wait_until grep -qs ready "$work/serve.out"
"$program" terminal --config "$world/terminal.conf" --folder "$folder" --card-reader pcsc \
    --service "https://127.0.0.1:$(sed 's/.*://' "$work/serve.out")" >"$work/terminal.out" \
    2>"$work/terminal.log" &
pids="$pids $!"
wait_until grep -qs ready "$work/terminal.out"

: >"$results"
round=0
while [ $round -lt "$rounds" ]; do
    put_card
    check
    take_card
    round=$((round + 1))
done
wrong=$(jq -s 'map(select(.validity != 1 or .face_file == null)) | length' "$results")
total=$(median clock)
line step ms % what
row card card "open, certificate read"
row challenge challenge "the service's"
row identify identify "the PIN, or what is stated"
row sign sign "terminal authentication, signature"
row service service "the check"
row file file "into face/"
sum=$(jq -s 'map(.milliseconds | add) | sort | .[length / 2 | floor] * 10 | round / 10' "$results")
rest=$(jq -n "($total - $sum) * 10 | round / 10")
line rest "$rest" "$(jq -n "$rest * 1000 / $total | round / 10")" \
    "folders: the PIN overwritten on the disk, the result"
line all "$total" 100 "median of $rounds, mode $mode"
echo "slowest $(jq -s 'map(.clock) | max * 10 | round / 10' "$results")"
[ "$wrong" = 0 ] || {
    echo "$wrong checks without an answer" >&2
    exit 1
}
