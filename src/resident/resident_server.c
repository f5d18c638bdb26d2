/* SPDX-License-Identifier: Apache-2.0 */
#include "resident/resident_server.h"

#include <gnutls/x509.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/file.h"
#include "base/log.h"
#include "net/listen_address.h"
#include "resident/resident_answer.h"

#define TLS_PRIORITIES                                                                             \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:"                     \
    "-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:%SERVER_PRECEDENCE"
#define PEM_FILE_MAX (1024UL * 1024)
/* A request of REGISTER_BODY_MAX, its tree, what was found and the answer. */
#define REQUEST_SCOPE_LIMIT (32UL * 1024 * 1024)
#define CONNECTION_MEMORY (32UL * 1024)
#define NAME_SIZE 65

struct resident_server {
    struct MHD_Daemon *daemon;
    struct resident_file *file;
    int port;
};

/* A request under way. */
struct asking {
    struct scope scope;
    struct text_buffer body;
    enum register_question question;
    enum cause refusal; /* known before the body is here */
};

/* --- who asks -----------------------------------------------------------------------------------
 */

static const struct {
    const char *unit;
    enum resident_role role;
} roles[] = {{"insurer", RESIDENT_INSURER}, {"operator", RESIDENT_OPERATOR}};

static enum resident_role role_of_unit(const gnutls_datum_t *der)
{
    char unit[NAME_SIZE] = "";
    char second[NAME_SIZE];
    size_t size = sizeof unit;
    size_t more = sizeof second;
    gnutls_x509_crt_t certificate = NULL;
    bool one = false;

    if (gnutls_x509_crt_init(&certificate) < 0)
        return RESIDENT_NOBODY;
    one = gnutls_x509_crt_import(certificate, der, GNUTLS_X509_FMT_DER) >= 0 &&
          gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME, 0, 0,
                                        unit, &size) >= 0 &&
          gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME, 1, 0,
                                        second, &more) == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE &&
          strlen(unit) == size;
    gnutls_x509_crt_deinit(certificate);
    for (size_t i = 0; one && i < sizeof roles / sizeof roles[0]; i++)
        if (strcmp(roles[i].unit, unit) == 0)
            return roles[i].role;
    return RESIDENT_NOBODY;
}

/* Issuer, signature, purpose and dates are looked at on each request: a batch is long enough. */
static enum resident_role role_of(struct MHD_Connection *handle)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    unsigned char client_purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
    gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID, .data = client_purpose};
    gnutls_session_t session = info ? info->tls_session : NULL;
    const gnutls_datum_t *chain = NULL;
    unsigned count = 0;
    unsigned faults = 0;

    if (!session || gnutls_certificate_verify_peers(session, &purpose, 1, &faults) < 0 ||
        faults != 0)
        return RESIDENT_NOBODY;
    chain = gnutls_certificate_get_peers(session, &count);
    return chain && count > 0 ? role_of_unit(&chain[0]) : RESIDENT_NOBODY;
}

/* --- one request --------------------------------------------------------------------------------
 */

static enum MHD_Result send_reply(struct MHD_Connection *handle, const struct resident_reply *reply)
{
    /* libmicrohttpd's pointer has no const; it only reads */
    void *bytes = NULL;
    struct MHD_Response *response = NULL;
    enum MHD_Result queued = MHD_NO;

    memcpy(&bytes, &reply->body.bytes, sizeof bytes);
    response = MHD_create_response_from_buffer(reply->body.size, bytes, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    queued = MHD_queue_response(handle, (unsigned)reply->http_code, response);
    MHD_destroy_response(response);
    return queued;
}

static enum status reply_to(struct resident_server *server, struct asking *asking,
                            enum resident_role role, struct resident_reply *out)
{
    struct scope *scope = &asking->scope;
    struct text body = {0};

    if (asking->refusal == CAUSE_NONE && text_buffer_end(&asking->body, &body) == STATUS_OK)
        return resident_answer(scope, server->file, role, asking->question, body, out);
    if (asking->refusal == CAUSE_NONE)
        asking->refusal = CAUSE_BODY_TOO_LARGE;
    scope_forgive(scope);
    out->cause = asking->refusal;
    out->http_code = failure_http_code(failure_text(out->cause)->status);
    return register_refusal_write(scope, out->cause, &out->body);
}

static enum MHD_Result finish(struct resident_server *server, struct MHD_Connection *handle,
                              struct asking *asking)
{
    static const char *const names[] = {"nobody", "insurer", "operator"};
    enum resident_role role = role_of(handle);
    struct resident_reply reply = {0};

    if (reply_to(server, asking, role, &reply) != STATUS_OK)
        return MHD_NO;
    LOG(INFO, &asking->scope, "register asked",
        "question='%s' role='%s' count='%zu' http='%d' code='%s'",
        asking->refusal == CAUSE_ROUTE_UNKNOWN ? "?" : register_path(asking->question), names[role],
        reply.count, reply.http_code, failure_text(reply.cause)->code);
    return send_reply(handle, &reply);
}

static struct asking *begin(const char *url, const char *method)
{
    struct asking *asking = calloc(1, sizeof *asking);

    if (!asking)
        return NULL;
    asking->scope = scope_begin(REQUEST_SCOPE_LIMIT);
    asking->body = text_buffer_begin(&asking->scope, 4096);
    if (strcmp(method, MHD_HTTP_METHOD_POST) != 0 || !resident_question(url, &asking->question))
        asking->refusal = CAUSE_ROUTE_UNKNOWN;
    return asking;
}

static enum MHD_Result handle_request(void *server, struct MHD_Connection *handle, const char *url,
                                      const char *method, const char *version, const char *bytes,
                                      size_t *size, void **context)
{
    struct asking *asking = *context;

    (void)version;
    if (!asking) {
        *context = begin(url, method);
        return *context ? MHD_YES : MHD_NO;
    }
    if (*size == 0)
        return finish(server, handle, asking);
    if (*size > REGISTER_BODY_MAX - asking->body.size)
        asking->refusal = CAUSE_BODY_TOO_LARGE;
    else if (asking->refusal == CAUSE_NONE)
        text_buffer_add(&asking->body, (struct text){bytes, *size});
    *size = 0;
    return MHD_YES;
}

static void request_ended(void *server, struct MHD_Connection *handle, void **context,
                          enum MHD_RequestTerminationCode how)
{
    struct asking *asking = *context;

    (void)server;
    (void)handle;
    (void)how;
    if (asking)
        scope_end(&asking->scope);
    free(asking);
    *context = NULL;
}

/* --- opening ------------------------------------------------------------------------------------
 */

static enum status start(struct scope *scope, const struct resident_options *options,
                         struct resident_server *server)
{
    struct sockaddr_storage address = {0};
    struct text certificate = {0};
    struct text key = {0};
    struct text client_ca = {0};
    const union MHD_DaemonInfo *info = NULL;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS;

    TRY(file_read(scope, options->certificate_path, PEM_FILE_MAX, &certificate));
    TRY(file_read(scope, options->key_path, PEM_FILE_MAX, &key));
    TRY(file_read(scope, options->client_ca_path, PEM_FILE_MAX, &client_ca));
    TRY(listen_address_read(scope, options->address, options->port, &address));
    if (address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    server->daemon = MHD_start_daemon(
        flags, (uint16_t)options->port, NULL, NULL, handle_request, server, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_HTTPS_MEM_CERT, certificate.bytes, MHD_OPTION_HTTPS_MEM_KEY, key.bytes,
        MHD_OPTION_HTTPS_MEM_TRUST, client_ca.bytes, MHD_OPTION_HTTPS_PRIORITIES, TLS_PRIORITIES,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)options->connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)options->idle_timeout, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
        MHD_OPTION_NOTIFY_COMPLETED, request_ended, server, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!server->daemon)
        return scope_fail(scope, CAUSE_LISTEN_FAILED, "cannot listen on %s port %d",
                          options->address, options->port);
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : options->port;
    return STATUS_OK;
}

enum status resident_server_open(struct scope *scope, const struct resident_options *options,
                                 struct resident_file *file, struct resident_server **out)
{
    struct resident_server *server = calloc(1, sizeof *server);
    enum status status = STATUS_OK;

    if (!server)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the server");
    server->file = file;
    status = start(scope, options, server);
    if (status != STATUS_OK)
        resident_server_close(server);
    else
        *out = server;
    return status;
}

int resident_server_port(const struct resident_server *server)
{
    return server->port;
}

void resident_server_close(struct resident_server *server)
{
    if (!server)
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    free(server);
}
