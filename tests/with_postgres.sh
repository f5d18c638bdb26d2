#!/bin/sh
# Runs a command with a PostgreSQL of its own: tests/with_postgres.sh COMMAND [ARGUMENT]...
# The server listens on a Unix socket in a temporary folder only, is empty, and is gone afterwards.
# SHIKAKU_POSTGRES is its connection string. As root the server runs as user postgres, as it must.
set -u
[ $# -gt 0 ] || {
    echo "usage: $0 COMMAND [ARGUMENT]..." >&2
    exit 2
}
programs=${POSTGRES_PROGRAMS:-/usr/lib/postgresql/15/bin}
folder=$(mktemp -d "${TMPDIR:-/tmp}/shikaku-postgres.XXXXXX") || exit 3

as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        # not the caller's folder: the user postgres need not be able to read it
        (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@")
    else
        "$@"
    fi
}
finish() {
    code=$?
    trap - EXIT
    [ -f "$folder/data/postmaster.pid" ] &&
        as_server "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1
    rm -rf "$folder"
    exit "$code"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

[ "$(id -u)" -eq 0 ] && chown postgres "$folder"
as_server "$programs/initdb" -D "$folder/data" -U shikaku -A trust -E UTF8 --locale=C --no-sync \
    >"$folder/log" 2>&1 &&
    as_server "$programs/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 \
        -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off" \
        start >>"$folder/log" 2>&1 || {
    cat "$folder/log" "$folder/server.log" >&2
    echo "PostgreSQL does not start" >&2
    exit 3
}
SHIKAKU_POSTGRES="host=$folder dbname=postgres user=shikaku"
export SHIKAKU_POSTGRES
"$@"
