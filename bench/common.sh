# Shared by run.sh and kill.sh: build, worlds, servers. Sourced; expects `set -eu` and $work.

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-bench
shikaku=$build/shikaku
load=$build/bench/bench_load
institution=1319912349
service_port=18443
nginx_port=18444
service_pid=
nginx_pid=

say() {
    echo "$@" >&2
}

# BENCH_BUILD=no: measures what is built already
build_all() {
    [ "${BENCH_BUILD:-yes}" = yes ] || return 0
    "$root/packaging/install.sh" run bench
    [ -f "$build/build.ninja" ] ||
        meson setup "$build" "$root" --buildtype=release -Dtests=false >/dev/null
    ninja -C "$build" --quiet shikaku bench/bench_load bench/bench_parts
}

# make_world PEOPLE: in $work/world-PEOPLE, if it is not there yet
make_world() {
    [ -f "$work/world-$1/world.json" ] && return
    say "making a world of $1 people"
    "$shikaku" world --people "$1" --seed 1 --cards 1 --dir "$work/world-$1" >/dev/null
}

# start_service WORLD [OPTIONS...]: sets service_pid and ready_ms
start_service() {
    world=$1
    shift
    began=$(date +%s%3N)
    "$shikaku" serve --config "$world/serve.conf" --listen-port $service_port --log-level error \
        --requests 100000 "$@" >"$work/serve.out" 2>"$work/serve.err" &
    service_pid=$!
    until healthy "$world"; do
        kill -0 "$service_pid" 2>/dev/null || {
            cat "$work/serve.err" >&2
            exit 3
        }
        sleep 0.01
    done
    ready_ms=$(($(date +%s%3N) - began))
}

# healthy WORLD: does /healthz answer 200?
healthy() {
    curl -sf -o "$work/healthz" --cacert "$1/pki/network-ca.pem" \
        --cert "$1/pki/institutions/$institution.pem" \
        --key "$1/pki/institutions/$institution.key" "https://localhost:$service_port/healthz"
}

stop_service() {
    [ -n "$service_pid" ] || return 0
    kill "$service_pid" 2>/dev/null || true
    wait "$service_pid" 2>/dev/null || true
    service_pid=
}

# start_nginx WORLD BYTES: answers every request with so many bytes
start_nginx() {
    mkdir -p "$work/nginx"
    cat >"$work/nginx/nginx.conf" <<END
worker_processes 2;
pid $work/nginx/nginx.pid;
error_log $work/nginx/error.log;
daemon on;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 300;
    client_body_temp_path $work/nginx/body;
    proxy_temp_path $work/nginx/proxy;
    fastcgi_temp_path $work/nginx/fastcgi;
    uwsgi_temp_path $work/nginx/uwsgi;
    scgi_temp_path $work/nginx/scgi;
    server {
        listen 127.0.0.1:$nginx_port ssl;
        ssl_certificate $1/pki/server.pem;
        ssl_certificate_key $1/pki/server.key;
        ssl_client_certificate $1/pki/network-ca.pem;
        ssl_verify_client on;
        ssl_protocols TLSv1.3;
        location / {
            default_type application/xml;
            return 200 "$(head -c "$2" /dev/zero | tr '\0' x)";
        }
    }
}
END
    /usr/sbin/nginx -p "$work/nginx" -c "$work/nginx/nginx.conf"
    nginx_pid=$(cat "$work/nginx/nginx.pid")
}

stop_nginx() {
    [ -n "$nginx_pid" ] || return 0
    kill "$nginx_pid" 2>/dev/null || true
    nginx_pid=
}

# nginx and its workers, as --servers wants them
nginx_pids() {
    (echo "$nginx_pid"; ps -o pid= --ppid "$nginx_pid") | tr -d ' ' | paste -sd,
}
