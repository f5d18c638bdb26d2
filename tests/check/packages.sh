#!/bin/sh
# The package list names what the build and the tests use: each library of meson.build, and each
# program of this machine that a script of ./test has where a command stands, must come from a listed
# package, one that a listed package brings, or the smallest system that debootstrap makes.
cd "${SHIKAKU_ROOT:-.}" || exit 1
PATH=/usr/sbin:/usr/bin:/sbin:/bin # the system's own programs, not a wrapper in front of them
listed=$(sed -n 's/^[a-z][a-z]*  *//p' packaging/packages.txt)
# shellcheck disable=SC2086 # a list of words
brought=$(apt-cache depends --recurse --important $listed 2>/dev/null |
    sed -n 's/^ *|*Depends: *//p' | sort -u)
minimal=$(dpkg-query -Wf '${Package} ${Priority} ${Essential}\n' |
    awk '$2 == "required" || $3 == "yes" { print $1 }')
scripts="run test packaging/*.sh tests/run.sh tests/style.sh tests/with_postgres.sh tests/check/*.sh
    tests/integration/*.bats bench/card.sh"
# Words where a command may stand, less the functions of the scripts themselves
# shellcheck disable=SC2086
commands=$(cat $scripts | awk '
    match($0, /^[a-z_]+\(\)/) { ours[substr($0, 1, RLENGTH - 2)] = 1 }
    {
        sub(/^[ \t]*#.*/, "")
        gsub(/'"'[^']*'"'/, "")
        count = split($0, part, /\||&&|;|\(/)
        for (i = 1; i <= count; i++) {
            word = part[i]
            sub(/^[ \t{!]*/, "", word)
            while (word ~ /^(if|while|until|do|then|else|run|exec|env|[A-Za-z_]+=[^ ]*) /)
                sub(/^[^ ]* +/, "", word)
            if (match(word, /^[a-z][a-z0-9_.-]*/) && substr(word, RLENGTH + 1, 1) != "=")
                seen[substr(word, 1, RLENGTH)] = 1
        }
    }
    END { for (word in seen) if (!(word in ours)) print word }')
pc=$(sed -n "s/^ *dependency('\([^']*\)'.*/\1/p" meson.build | grep -v threads
    sed -n "s/.*= dependency('\([^']*\)').*/\1/p" tests/meson.build)
files=$(
    for library in $(echo "$pc" | sort -u); do
        echo "$(pkg-config --variable=pcfiledir "$library")/$library.pc"
    done
    for tool in gcc meson ninja pkg-config bats curl jq xmllint sqlite3 openssl clang clang-tidy \
        mandoc opensc-tool pcscd; do
        readlink -f "$(command -v "$tool" || echo "/missing/$tool")"
    done
    for tool in $commands; do
        case $(command -v "$tool") in /*) readlink -f "$(command -v "$tool")" ;; esac
    done
    echo /usr/lib/postgresql/15/bin/initdb
)
# shellcheck disable=SC2086
owners=$(dpkg -S $files $(echo "$files" | sed -n 's|^/usr/\(s*bin/\)|/\1|p') 2>/dev/null)
echo "$files" | sort -u | awk -v known=" $(echo $listed $brought apt apt-get $minimal) " -v owners="$owners" '
    BEGIN {
        count = split(owners, line, "\n")
        for (i = 1; i <= count; i++) {
            split(line[i], part, ": ")
            sub(/:.*/, "", part[1])
            owner[part[2]] = part[1]
        }
    }
    {
        rooted = substr($0, 5) # /bin is /usr/bin, by either name
        package = ($0 in owner) ? owner[$0] : (rooted in owner) ? owner[rooted] : "unknown"
        good = index(known, " " package " ") > 0
        bad += !good
        printf "%s %d - %s comes from %s\n", good ? "ok" : "not ok", NR, $0, package
    }
    END { print "1.." NR; exit bad > 0 }'
