#!/bin/sh
# Every requirement id has code and a test that names it. docs/requirements.txt lists the ids, one a
# line, with "later" behind those whose part is not built yet; those must not be named as proven.
cd "${SHIKAKU_ROOT:-.}" || exit 1
ids=$(sed -n 's/^\([A-Z][0-9]*\) *$/\1/p' docs/requirements.txt)
count=$(echo "$ids" | wc -l)
echo "1..$count"
number=0
bad=0
for id in $ids; do
    number=$((number + 1))
    lower=$(echo "$id" | tr 'A-Z' 'a-z')
    code=$(grep -rlwE "$id(\.[a-z_]+)?" src | head -n 1)
    proof=$(grep -rlE "\b${lower}_[a-z]|\b$id\b" tests --include='*.c' --include='*.bats' | head -n 1)
    if [ -n "$code" ] && [ -n "$proof" ]; then
        echo "ok $number - $id in $code, proven in $proof"
    else
        echo "not ok $number - $id code: '${code:-none}' test: '${proof:-none}'"
        bad=1
    fi
done
exit $bad
