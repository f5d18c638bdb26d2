#!/bin/sh
# The package list names what the build and the tests use: each library of meson.build and each
# program that scripts and tests call must come from a listed package, one that a listed package
# brings, or the base system.
cd "${SHIKAKU_ROOT:-.}" || exit 1
listed=$(sed -n 's/^[a-z][a-z]*  *//p' packaging/packages.txt)
# shellcheck disable=SC2086 # a list of words
brought=$(apt-cache depends --important $listed 2>/dev/null | sed -n 's/^ *|*Depends: *//p' | sort -u)
essential='dash bash coreutils sed grep findutils mawk util-linux procps dpkg apt'
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
    echo /usr/lib/postgresql/15/bin/initdb
)
# shellcheck disable=SC2086
owners=$(dpkg -S $files 2>/dev/null)
echo "$files" | awk -v known=" $(echo $listed $brought $essential) " -v owners="$owners" '
    BEGIN {
        count = split(owners, line, "\n")
        for (i = 1; i <= count; i++) {
            split(line[i], part, ": ")
            sub(/:.*/, "", part[1])
            owner[part[2]] = part[1]
        }
    }
    {
        package = ($0 in owner) ? owner[$0] : "unknown"
        good = index(known, " " package " ") > 0
        bad += !good
        printf "%s %d - %s comes from %s\n", good ? "ok" : "not ok", NR, $0, package
    }
    END { print "1.." NR; exit bad > 0 }'
