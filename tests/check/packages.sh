#!/bin/sh
# The package list names what the build and the tests use: each library of meson.build and each
# program that scripts and tests call must come from a listed package or the base system.
cd "${SHIKAKU_ROOT:-.}" || exit 1
listed=" $(sed -n 's/^[a-z]*  *//p' packaging/packages.txt | grep -v '^#' | tr '\n' ' ') "
essential=' dash bash coreutils sed grep findutils gawk mawk util-linux procps dpkg apt '
number=0
bad=0
# owned NAME FILE: FILE must belong to a listed package, or to one that a listed package depends on
owned() {
    number=$((number + 1))
    package=$(dpkg -S "$2" 2>/dev/null | head -n 1 | sed 's/:.*//')
    case "$listed$essential" in
    *" $package "*) echo "ok $number - $1 comes from $package" ;;
    *)
        for one in $listed; do
            if apt-cache depends --important "$one" 2>/dev/null | grep -qwF "$package"; then
                echo "ok $number - $1 comes from $package, which $one brings"
                return
            fi
        done
        echo "not ok $number - $1: package '${package:-unknown}' is not in packaging/packages.txt"
        bad=1
        ;;
    esac
}
pc=$(sed -n "s/^ *dependency('\([^']*\)'.*/\1/p" meson.build tests/meson.build |
    grep -v threads; sed -n "s/.*= dependency('\([^']*\)').*/\1/p" tests/meson.build)
for library in $(echo "$pc" | sort -u); do
    owned "library $library" "$(pkg-config --variable=pcfiledir "$library")/$library.pc"
done
for tool in gcc meson ninja pkg-config bats curl jq xmllint sqlite3 openssl clang clang-tidy mandoc; do
    owned "program $tool" "$(readlink -f "$(command -v "$tool")")"
done
owned 'program initdb' /usr/lib/postgresql/15/bin/initdb
echo "1..$number"
exit $bad
