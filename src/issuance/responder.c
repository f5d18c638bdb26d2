/* SPDX-License-Identifier: Apache-2.0 */
#include "issuance/responder.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "format/base64.h"
#include "issuance/responder_route.h"
#include "net/listen_address.h"

#define REQUEST_SCOPE_LIMIT (2UL * 1024 * 1024)
#define CONNECTION_MEMORY (32UL * 1024)
#define SEND_SECONDS 600 /* for an answer: a CRL on a slow line */

/* A connection: its socket, and when its time is over. */
struct caller {
    struct caller *next;
    int socket;
    int64_t deadline; /* seconds of the monotonic clock */
};

struct responder {
    struct MHD_Daemon *daemon;
    struct status_desk *desk;
    struct responder_options options;
    int port;
    pthread_mutex_t lock; /* of what follows */
    struct caller *callers;
    int under_way;
};

/* A request under way. */
struct asking {
    struct scope scope;
    struct text_buffer body;
    struct responder_route route;
    bool too_large;
};

/* What is sent. */
struct reply {
    unsigned http_code;
    const char *type;
    struct text body;
    struct shared_bytes *list; /* in place of the body */
};

static int64_t clock_seconds(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec;
}

/* --- connections ------------------------------------------------------------------------------ */

static void give_time(struct responder *responder, struct caller *caller, int seconds)
{
    pthread_mutex_lock(&responder->lock);
    caller->deadline = clock_seconds() + seconds;
    pthread_mutex_unlock(&responder->lock);
}

static void begin_caller(struct responder *responder, struct MHD_Connection *handle, void **context)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct caller *caller = info ? calloc(1, sizeof *caller) : NULL;

    *context = caller;
    if (!caller)
        return;
    caller->socket = info->connect_fd;
    pthread_mutex_lock(&responder->lock);
    caller->deadline = clock_seconds() + responder->options.request_timeout;
    caller->next = responder->callers;
    responder->callers = caller;
    pthread_mutex_unlock(&responder->lock);
}

/* The socket is closed afterwards: no sweep shuts one that has become another's. */
static void end_caller(struct responder *responder, struct caller *caller)
{
    pthread_mutex_lock(&responder->lock);
    for (struct caller **at = &responder->callers; *at; at = &(*at)->next)
        if (*at == caller) {
            *at = caller->next;
            break;
        }
    pthread_mutex_unlock(&responder->lock);
    free(caller);
}

static void connection_notified(void *responder, struct MHD_Connection *handle, void **context,
                                enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        begin_caller(responder, handle, context);
    else if (*context)
        end_caller(responder, *context);
}

void responder_sweep(struct responder *responder)
{
    int64_t now = clock_seconds();

    pthread_mutex_lock(&responder->lock);
    for (struct caller *caller = responder->callers; caller; caller = caller->next)
        if (now > caller->deadline)
            shutdown(caller->socket, SHUT_RDWR);
    pthread_mutex_unlock(&responder->lock);
}

static struct caller *caller_of(struct MHD_Connection *handle)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

/* --- answers ---------------------------------------------------------------------------------- */

static enum status refuse(struct scope *scope, enum cause cause, struct reply *out)
{
    const struct failure_text *text = failure_text(cause);

    scope_forgive(scope);
    out->http_code = (unsigned)failure_http_code(text->status);
    out->type = "application/json";
    return text_format(scope, &out->body, "{\"code\":\"%s\",\"message\":\"%s\"}\n", text->code,
                       text->it_en);
}

static enum status answer_ocsp(struct scope *scope, struct status_desk *desk, struct text request,
                               struct reply *out)
{
    struct ocsp_told told = {0};

    out->type = "application/ocsp-response";
    TRY(status_desk_ocsp(scope, desk, request, &out->body, &told));
    if (told.reply == OCSP_REPLY_TRY_LATER)
        log_failure(scope, "an OCSP request is answered with tryLater");
    LOG(INFO, scope, "ocsp answered", "reply='%d' asked='%d'", (int)told.reply, told.asked);
    return STATUS_OK;
}

static enum status ask_ocsp(struct scope *scope, struct status_desk *desk,
                            const struct asking *asking, struct reply *out)
{
    const struct text none = {0};
    struct text body = {asking->body.bytes, asking->body.size};
    struct text coded = asking->route.base64;
    char *bytes = NULL;

    if (asking->route.question == ASKED_OCSP)
        return answer_ocsp(scope, desk, body, out);
    if (coded.size > 2UL * OCSP_REQUEST_MAX)
        return answer_ocsp(scope, desk, none, out);
    TRY(scope_alloc(scope, BASE64_ROOM(coded.size), 1, &bytes));
    if (!base64_read(coded, bytes, &body.size))
        return answer_ocsp(scope, desk, none, out);
    body.bytes = bytes;
    return answer_ocsp(scope, desk, body, out);
}

static enum status ask_crl(struct scope *scope, struct status_desk *desk,
                           const struct asking *asking, struct reply *out)
{
    CLEANUP(scope_end) struct scope large = scope_begin_at(DESK_CRL_SCOPE_LIMIT, scope->now);
    enum status status = status_desk_crl(&large, desk, asking->route.name.generation, &out->list);

    if (status == STATUS_NOT_FOUND)
        return refuse(scope, CAUSE_ROUTE_UNKNOWN, out);
    if (status != STATUS_OK)
        return scope_fail(scope, large.cause, "%s", large.failure);
    out->type = "application/pkix-crl";
    LOG(INFO, scope, "crl answered", "issuer='%d' bytes='%zu'", asking->route.name.generation,
        out->list->size);
    return STATUS_OK;
}

/* A query's number, 0 where it is not there; false for another thing. */
static bool query_number(struct MHD_Connection *handle, const char *name, int64_t *out)
{
    const char *value = MHD_lookup_connection_value(handle, MHD_GET_ARGUMENT_KIND, name);

    *out = 0;
    return !value || text_read_number(text_of(value), out);
}

static enum status ask_links(struct scope *scope, struct status_desk *desk,
                             struct MHD_Connection *handle, const struct asking *asking,
                             struct reply *out)
{
    int64_t after = 0, phones = 0;
    enum status status = STATUS_OK;

    if (!query_number(handle, "after", &after) || !query_number(handle, "phones", &phones))
        return refuse(scope, CAUSE_LINK_QUESTION, out);
    out->type = "application/json";
    if (asking->route.question == ASKED_LINKS)
        status = status_desk_links(scope, desk, after, phones != 0, &out->body);
    else
        status = status_desk_link(scope, desk, asking->route.name, phones != 0, &out->body);
    if (status == STATUS_NOT_FOUND)
        return refuse(scope, CAUSE_LINK_UNKNOWN, out);
    LOG(INFO, scope, "links answered", "page='%d'", asking->route.question == ASKED_LINKS);
    return status;
}

static enum status answer(struct responder *responder, struct MHD_Connection *handle,
                          struct asking *asking, struct reply *out)
{
    struct scope *scope = &asking->scope;

    if (asking->too_large)
        return refuse(scope, CAUSE_BODY_TOO_LARGE, out);
    switch (asking->route.question) {
    case ASKED_OCSP:
    case ASKED_OCSP_GET:
        return ask_ocsp(scope, responder->desk, asking, out);
    case ASKED_CRL:
        return ask_crl(scope, responder->desk, asking, out);
    case ASKED_LINK:
    case ASKED_LINKS:
        return ask_links(scope, responder->desk, handle, asking, out);
    case ASKED_HEALTH:
        out->type = "application/json";
        out->body = TEXT("{\"ok\":true}\n");
        return STATUS_OK;
    case ASKED_NOTHING:
        break;
    }
    return refuse(scope, CAUSE_ROUTE_UNKNOWN, out);
}

/* --- one request ------------------------------------------------------------------------------ */

static struct MHD_Response *new_response(const struct reply *reply)
{
    void *bytes = NULL; /* libmicrohttpd's pointer has no const; it only reads */

    if (reply->list)
        return MHD_create_response_from_buffer_with_free_callback_cls(
            reply->list->size, reply->list->bytes, shared_bytes_drop, reply->list);
    memcpy(&bytes, &reply->body.bytes, sizeof bytes);
    return MHD_create_response_from_buffer(reply->body.size, bytes, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(struct MHD_Connection *handle, const struct reply *reply)
{
    struct MHD_Response *response = new_response(reply);
    enum MHD_Result queued = MHD_NO;

    if (!response) {
        shared_bytes_drop(reply->list);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    queued = MHD_queue_response(handle, reply->http_code, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result finish(struct responder *responder, struct MHD_Connection *handle,
                              struct asking *asking)
{
    struct caller *caller = caller_of(handle);
    struct reply reply = {.http_code = MHD_HTTP_OK};

    if (answer(responder, handle, asking, &reply) != STATUS_OK) {
        enum cause cause = asking->scope.cause;
        log_failure(&asking->scope, "no answer");
        if (refuse(&asking->scope, cause == CAUSE_NONE ? CAUSE_INTERNAL : cause, &reply) !=
            STATUS_OK)
            return MHD_NO;
    }
    if (caller)
        give_time(responder, caller, SEND_SECONDS);
    return send_reply(handle, &reply);
}

static struct asking *begin(struct responder *responder, const char *url, const char *method)
{
    struct asking *asking = calloc(1, sizeof *asking);

    if (!asking)
        return NULL;
    asking->scope = scope_begin(REQUEST_SCOPE_LIMIT);
    asking->body = text_buffer_begin(&asking->scope, OCSP_REQUEST_MAX);
    asking->route = responder_route_of(method, url);
    pthread_mutex_lock(&responder->lock);
    responder->under_way++;
    pthread_mutex_unlock(&responder->lock);
    return asking;
}

static enum MHD_Result handle_request(void *responder, struct MHD_Connection *handle,
                                      const char *url, const char *method, const char *version,
                                      const char *bytes, size_t *size, void **context)
{
    struct asking *asking = *context;

    (void)version;
    if (!asking) {
        *context = begin(responder, url, method);
        return *context ? MHD_YES : MHD_NO;
    }
    if (*size == 0)
        return finish(responder, handle, asking);
    if (*size > OCSP_REQUEST_MAX - asking->body.size)
        asking->too_large = true;
    else if (!asking->too_large)
        text_buffer_add(&asking->body, (struct text){bytes, *size});
    *size = 0;
    return MHD_YES;
}

static void request_ended(void *responder_, struct MHD_Connection *handle, void **context,
                          enum MHD_RequestTerminationCode how)
{
    struct responder *responder = responder_;
    struct caller *caller = caller_of(handle);
    struct asking *asking = *context;

    (void)how;
    *context = NULL;
    if (!asking)
        return;
    scope_end(&asking->scope);
    free(asking);
    if (caller)
        give_time(responder, caller,
                  responder->options.idle_timeout + responder->options.request_timeout);
    pthread_mutex_lock(&responder->lock);
    responder->under_way--;
    pthread_mutex_unlock(&responder->lock);
}

/* --- open and close --------------------------------------------------------------------------- */

static enum status start(struct scope *scope, struct responder *responder)
{
    const struct responder_options *options = &responder->options;
    struct sockaddr_storage address = {0};
    const union MHD_DaemonInfo *info = NULL;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD;

    TRY(listen_address_read(scope, options->address, options->port, &address));
    if (address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    responder->daemon = MHD_start_daemon(
        flags, (uint16_t)options->port, NULL, NULL, handle_request, responder, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_CONNECTION_LIMIT, (unsigned)options->connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)options->idle_timeout,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, MHD_OPTION_NOTIFY_CONNECTION,
        connection_notified, responder, MHD_OPTION_NOTIFY_COMPLETED, request_ended, responder,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!responder->daemon)
        return scope_fail(scope, CAUSE_LISTEN_FAILED, "cannot listen on %s port %d",
                          options->address, options->port);
    info = MHD_get_daemon_info(responder->daemon, MHD_DAEMON_INFO_BIND_PORT);
    responder->port = info ? info->port : options->port;
    return STATUS_OK;
}

enum status responder_open(struct scope *scope, const struct responder_options *options,
                           struct status_desk *desk, struct responder **out)
{
    struct responder *responder = calloc(1, sizeof *responder);
    enum status status = STATUS_OK;

    if (!responder)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the responder");
    responder->desk = desk;
    responder->options = *options;
    pthread_mutex_init(&responder->lock, NULL);
    status = start(scope, responder);
    if (status == STATUS_OK)
        *out = responder;
    else
        responder_close(responder, 0);
    return status;
}

int responder_port(const struct responder *responder)
{
    return responder->port;
}

static bool busy(struct responder *responder)
{
    bool some = false;

    pthread_mutex_lock(&responder->lock);
    some = responder->under_way > 0;
    pthread_mutex_unlock(&responder->lock);
    return some;
}

void responder_close(struct responder *responder, int seconds)
{
    const struct timespec moment = {.tv_nsec = 10000000};
    MHD_socket listening = MHD_INVALID_SOCKET;

    if (!responder)
        return;
    if (responder->daemon) {
        listening = MHD_quiesce_daemon(responder->daemon);
        for (int i = 0; i < seconds * 100 && busy(responder); i++)
            nanosleep(&moment, NULL);
        MHD_stop_daemon(responder->daemon);
        if (listening != MHD_INVALID_SOCKET)
            close(listening);
    }
    pthread_mutex_destroy(&responder->lock);
    free(responder);
}
