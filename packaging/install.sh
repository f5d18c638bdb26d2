#!/bin/sh
# Installs what packages.txt names for the purposes given, if anything is missing.
# usage: packaging/install.sh run [test] [bench]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
missing=
for purpose in "$@"; do
    for package in $(sed -n "s/^$purpose  *//p" "$here/packages.txt"); do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$status" = installed ] || missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0
as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "missing packages:$missing" >&2
        echo "run as root once, or install sudo / rootで一度実行するか、sudoを導入してください" >&2
        exit 3
    }
    as_root=sudo
fi
echo "installing / 導入中:$missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
{
    $as_root apt-get update -q &&
        # shellcheck disable=SC2086 # a list of words
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
} >"$log" 2>&1 || {
    cat "$log" >&2
    echo "the packages above could not be installed / パッケージを導入できませんでした" >&2
    exit 3
}
