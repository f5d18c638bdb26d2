#!/bin/sh
# Proof on a fresh, minimal Debian 12: makes one with debootstrap, copies the committed tree into it,
# and runs ./run --once, then ./test. Needs root, debootstrap, some minutes and 3 GB.
# usage: tests/fresh_debian.sh [MIRROR]
set -eu
cd "$(dirname "$0")/.."
mirror=${1:-$(sed -n 's/^URIs: *\(.*\/debian\)\/*$/\1/p; s/^deb \([^ ]*\/debian\)\/* bookworm main.*/\1/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)}
root=$(mktemp -d)
chmod 755 "$root" # the database runs as a user of its own
finish() {
    for mount in dev/shm dev/pts dev proc; do umount "$root/$mount" 2>/dev/null || true; done
    mountpoint -q "$root/dev" || rm -rf --one-file-system "$root"
}
trap finish EXIT INT TERM
debootstrap --variant=minbase bookworm "$root" "$mirror" >/dev/null
cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
mkdir "$root/shikaku"
git archive HEAD | tar -x -C "$root/shikaku"
echo '== ./run --once'
time chroot "$root" /shikaku/run --once
[ -z "${FRESH_RUN_ONLY:-}" ] || exit 0
echo '== ./test'
time chroot "$root" /shikaku/test
