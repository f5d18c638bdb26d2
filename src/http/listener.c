/* SPDX-License-Identifier: Apache-2.0
 *
 * listener.c - opens, reloads and closes the server; connections come and go.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "http/server_parts.h"
#include "net/listen_address.h"

/* TLS 1.3 only, X25519 first (card-and-pki Q20). */
#define TLS_PRIORITIES                                                                             \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:"                     \
    "-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:%SERVER_PRECEDENCE"
#define LISTEN_BACKLOG 1024U
/* Kept-alive connections may send one more request while we stop; they are waited for this long. */
#define QUIET_MILLISECONDS 200

/* --- workers and identity ------------------------------------------------------------------- */

enum status server_worker(struct scope *scope, struct http_server *server,
                          struct service_worker **out)
{
    /* the pool's threads live as long as the server, which closes their workers after them */
    static _Thread_local struct service_worker *mine;

    if (!mine) {
        struct service_worker *made = NULL;
        TRY(service_worker_open(scope, server->service, &made));
        pthread_mutex_lock(&server->lock);
        mine = server->workers[server->worker_count++] = made;
        pthread_mutex_unlock(&server->lock);
    }
    *out = mine;
    return STATUS_OK;
}

/* The connection holds the identity as of now; its session uses it from here on. */
static void take_identity(struct connection *connection)
{
    struct http_server *server = connection->server;
    struct tls_identity *former = connection->identity;

    pthread_mutex_lock(&server->lock);
    connection->identity = tls_identity_hold(server->identity);
    connection->identity_version = atomic_load(&server->identity_version);
    pthread_mutex_unlock(&server->lock);
    gnutls_credentials_set(connection->session, GNUTLS_CRD_CERTIFICATE,
                           tls_identity_credentials(connection->identity));
    tls_identity_drop(former);
    connection->verified = false;
}

const struct client_identity *connection_client(struct connection *connection)
{
    if (connection->identity_version != atomic_load(&connection->server->identity_version))
        take_identity(connection);
    if (!connection->verified)
        connection->client = client_identity_read(connection->session);
    connection->verified = true;
    return &connection->client;
}

/* --- connections ---------------------------------------------------------------------------- */

/* Before the handshake: the session exists, nothing was sent. Without memory there is no context
 * and the first request closes the connection. */
static void connection_begin(struct http_server *server, struct MHD_Connection *handle,
                             void **context)
{
    const union MHD_ConnectionInfo *session =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct connection *connection = session && socket ? calloc(1, sizeof *connection) : NULL;

    atomic_fetch_add(&server->metrics.connections, 1);
    atomic_fetch_add(&server->metrics.connections_made, 1);
    *context = connection;
    if (!connection)
        return;
    connection->server = server;
    connection->handle = handle;
    connection->session = session->tls_session;
    transport_begin(&connection->transport, connection->session, socket->connect_fd,
                    server->options.request_timeout);
    take_identity(connection);
    gnutls_session_ticket_enable_server(connection->session, &server->ticket_key);
}

static void connection_end(struct http_server *server, void **context)
{
    struct connection *connection = *context;

    atomic_fetch_sub(&server->metrics.connections, 1);
    if (!connection)
        return;
    tls_identity_drop(connection->identity);
    free(connection);
    *context = NULL;
}

static void connection_notified(void *server, struct MHD_Connection *handle, void **context,
                                enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        connection_begin(server, handle, context);
    else
        connection_end(server, context);
}

/* --- open ------------------------------------------------------------------------------------ */

/* What libmicrohttpd says is about single connections: of use when looking for a fault. */
static void log_library(void *unused, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void log_library(void *unused, const char *format, va_list args)
{
    char line[256];

    (void)unused;
    vsnprintf(line, sizeof line, format, args);
    line[strcspn(line, "\n")] = '\0';
    LOG(DEBUG, NULL, "libmicrohttpd", "text='%s'", line);
}

static unsigned pool_size(const struct http_options *options)
{
    long cores = options->threads > 0 ? options->threads : sysconf(_SC_NPROCESSORS_ONLN);

    if (cores < 1)
        return 1;
    return cores > THREADS_MAX ? THREADS_MAX : (unsigned)cores;
}

static enum status start(struct scope *scope, struct http_server *server,
                         const struct tls_files *files)
{
    const struct http_options *options = &server->options;
    struct sockaddr_storage address = {0};
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME;
    const union MHD_DaemonInfo *info = NULL;

    TRY(listen_address_read(scope, options->address, options->port, &address));
    if (address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    server->daemon = MHD_start_daemon(
        flags, (uint16_t)options->port, NULL, NULL, request_handle, server,
        MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_HTTPS_MEM_CERT, files->certificate.bytes, MHD_OPTION_HTTPS_MEM_KEY,
        files->key.bytes, MHD_OPTION_HTTPS_MEM_TRUST, files->client_ca.bytes,
        MHD_OPTION_HTTPS_PRIORITIES, TLS_PRIORITIES, MHD_OPTION_THREAD_POOL_SIZE,
        server->thread_count, MHD_OPTION_CONNECTION_LIMIT, (unsigned)options->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)options->connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)options->idle_timeout,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->header_memory, MHD_OPTION_LISTEN_BACKLOG_SIZE,
        LISTEN_BACKLOG, MHD_OPTION_NOTIFY_CONNECTION, connection_notified, server,
        MHD_OPTION_NOTIFY_COMPLETED, request_completed, server, MHD_OPTION_SIGPIPE_HANDLED_BY_APP,
        1, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!server->daemon)
        return scope_fail(scope, CAUSE_LISTEN_FAILED, "cannot listen on %s port %d",
                          options->address, options->port);
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : options->port;
    return STATUS_OK;
}

static enum status open_parts(struct scope *scope, struct http_server *server)
{
    const struct http_options *options = &server->options;
    struct tls_files files = {0};

    if (gnutls_session_ticket_key_generate(&server->ticket_key) < 0)
        return scope_fail(scope, CAUSE_INTERNAL, "no key for session tickets");
    server->thread_count = pool_size(options);
    TRY(tls_files_read(scope, options->certificate_path, options->key_path, options->client_ca_path,
                       &files));
    TRY(tls_identity_make(scope, &files, &server->identity));
    return start(scope, server, &files);
}

static void close_parts(struct http_server *server)
{
    for (size_t i = 0; i < server->worker_count; i++)
        service_worker_close(server->workers[i]);
    tls_identity_drop(server->identity);
    if (server->ticket_key.data) {
        explicit_bzero(server->ticket_key.data, server->ticket_key.size);
        gnutls_free(server->ticket_key.data);
    }
    pthread_mutex_destroy(&server->lock);
    free(server);
}

enum status http_server_open(struct scope *scope, const struct http_options *options,
                             struct service *service, struct http_server **out)
{
    struct http_server *server = calloc(1, sizeof *server);
    enum status status = STATUS_OK;

    if (!server)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the server");
    server->options = *options;
    server->service = service;
    pthread_mutex_init(&server->lock, NULL);
    status = open_parts(scope, server);
    if (status != STATUS_OK)
        close_parts(server);
    else
        *out = server;
    return status;
}

int http_server_port(const struct http_server *server)
{
    return server->port;
}

enum status http_server_reload(struct scope *scope, struct http_server *server)
{
    struct tls_files files = {0};
    struct tls_identity *identity = NULL;
    struct tls_identity *former = NULL;

    TRY(tls_files_read(scope, server->options.certificate_path, server->options.key_path,
                       server->options.client_ca_path, &files));
    TRY(tls_identity_make(scope, &files, &identity));
    pthread_mutex_lock(&server->lock);
    former = server->identity;
    server->identity = identity;
    atomic_fetch_add(&server->identity_version, 1);
    pthread_mutex_unlock(&server->lock);
    tls_identity_drop(former);
    return STATUS_OK;
}

/* --- close ----------------------------------------------------------------------------------- */

static bool at_rest(struct http_server *server)
{
    return atomic_load(&server->metrics.under_way) == 0 && atomic_load(&server->suspended) == 0;
}

/* Waits until nothing was under way for a while, or no connection is left. */
static void wait_for_rest(struct http_server *server, int seconds)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    int quiet = 0;

    for (int i = 0; i < seconds * 1000 && quiet < QUIET_MILLISECONDS; i++) {
        quiet = at_rest(server) ? quiet + 1 : 0;
        if (quiet > 0 && atomic_load(&server->metrics.connections) == 0)
            return;
        nanosleep(&millisecond, NULL);
    }
}

bool http_server_close(struct http_server *server, int seconds)
{
    MHD_socket listening = MHD_INVALID_SOCKET;

    if (!server)
        return true;
    atomic_store(&server->stopping, true);
    listening = MHD_quiesce_daemon(server->daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    wait_for_rest(server, seconds);
    atomic_store(&server->stopped, true);
    if (atomic_load(&server->suspended) > 0)
        return false;
    MHD_stop_daemon(server->daemon);
    close_parts(server);
    return true;
}
