#!/bin/sh
# Arrows point one way: a folder of src/ includes only what stands in its row.
cd "${SHIKAKU_ROOT:-.}" || exit 1
allowed='base:base
domain:base domain
format:base domain format
store:base domain store
journal:base domain journal
proof:base domain proof
service:base domain format store journal proof service
http:base domain format store journal proof service http
card:base domain card
terminal:base domain format proof card terminal
command:base domain format store journal proof service http card terminal command'
wrong=$(grep -rHoE '^#include "[a-z_]+/' src | while IFS=: read -r file line; do
    from=$(echo "$file" | cut -d/ -f2)
    to=$(echo "$line" | sed 's/.*"\(.*\)\//\1/')
    row=$(echo "$allowed" | sed -n "s/^$from://p")
    case " $row " in *" $to "*) ;; *) echo "# $file includes $to/" ;; esac
done)
echo 1..1
if [ -z "$wrong" ]; then
    echo "ok 1 - includes follow the arrows"
else
    echo "not ok 1 - includes follow the arrows"
    echo "$wrong"
    exit 1
fi
