#!/bin/sh
# Line coverage by file of src/, from all tests: build-coverage/coverage.txt and .html.
set -eu
cd "$(dirname "$0")/.."
./packaging/install.sh run test coverage
[ -f build-coverage/build.ninja ] ||
    meson setup build-coverage --buildtype=debug -Db_coverage=true >/dev/null
ninja -C build-coverage >/dev/null
meson test -C build-coverage --no-suite check --num-processes 2 >/dev/null || echo 'some tests failed' >&2
gcovr -r . --object-directory build-coverage --filter 'src/' --txt build-coverage/coverage.txt \
    --html-details build-coverage/coverage.html 2>/dev/null
cat build-coverage/coverage.txt
