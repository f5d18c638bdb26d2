#!/bin/sh
# clang-tidy over all of src/; warnings are errors (.clang-tidy has the list and its reasons).
set -u
cd "$(dirname "$0")/.." || exit 3
[ -f build-address/compile_commands.json ] ||
    CC=clang meson setup build-address --buildtype=debugoptimized -Db_lundef=false \
        -Db_sanitize=address,undefined >/dev/null || exit 3
find src -name '*.c' -print0 |
    xargs -0 -n 4 -P 2 clang-tidy -p build-address --quiet 2>/dev/null
