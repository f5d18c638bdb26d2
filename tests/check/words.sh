#!/bin/sh
# Calls that have no safe use here, and marks of unfinished work.
cd "${SHIKAKU_ROOT:-.}" || exit 1
number=0
bad=0
# refuse WHAT PATTERN
refuse() {
    number=$((number + 1))
    found=$(grep -rnE "$2" src bench --include='*.c' --include='*.h' | sed 's/^/# /')
    if [ -z "$found" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        echo "$found"
        bad=1
    fi
}
echo 1..4
refuse 'no strcpy, strcat, sprintf, gets' '\b(strcpy|strcat|sprintf|vsprintf|gets)\('
refuse 'no atoi, strtok, system' '\b(atoi|atol|strtok|system|popen)\('
refuse 'no marks of unfinished work' '\b(TODO|FIXME|XXX)\b'
refuse 'no rand' '\b(rand|srand|random)\('
exit $bad
