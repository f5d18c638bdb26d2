/* SPDX-License-Identifier: Apache-2.0
 *
 * request.c - the life of a request: header, body, may they?, operation, record, answer.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "http/upload.h"

/* Bytes of a body that is sent in one record with its header. */
#define ONE_RECORD_MAX (12UL * 1024)
/* Seconds after which a client that found us busy may come back. */
#define RETRY_AFTER "1"

static struct connection *connection_of(struct MHD_Connection *handle)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

/* --- header and body ------------------------------------------------------------------------ */

/* Bytes the body will have, as far as the header tells. */
static size_t announced(struct MHD_Connection *handle)
{
    const char *length =
        MHD_lookup_connection_value(handle, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

    return length ? (size_t)strtoull(length, NULL, 10) : 0;
}

/* Files have routes only where there is a spool; tus lets a POST stand for another method. */
static const struct route *find_route(const struct connection *connection, const char *method,
                                      const char *url)
{
    const char *instead = NULL;
    const struct route *route = NULL;

    if (strncmp(url, UPLOAD_PATH, sizeof UPLOAD_PATH - 1) != 0)
        return route_find(method, url);
    if (strcmp(method, MHD_HTTP_METHOD_POST) == 0)
        instead = MHD_lookup_connection_value(connection->handle, MHD_HEADER_KIND,
                                              "X-HTTP-Method-Override");
    route = route_find(instead ? instead : method, url);
    return connection->server->options.spool ? route : NULL;
}

static void request_begin(struct connection *connection, const char *method, const char *url)
{
    struct request *request = &connection->request;
    const char *type = MHD_lookup_connection_value(connection->handle, MHD_HEADER_KIND,
                                                   MHD_HTTP_HEADER_CONTENT_TYPE);

    *request = (struct request){
        .state = REQUEST_READING,
        .scope = scope_begin(SERVICE_SCOPE_LIMIT),
        .route = find_route(connection, method, url),
        .began = transport_clock(),
        .capacity = announced(connection->handle),
    };
    request->syntax_known = syntax_read(type, &request->syntax);
    if (request->route && request->route->upload != UPLOAD_NONE) {
        request->syntax = OQS_JSON;
        request->syntax_known = true;
    }
    atomic_fetch_add(&connection->server->metrics.under_way, 1);
}

/* A body without announced length gets the limit; it is in the scope either way. */
static bool make_room(struct connection *connection)
{
    struct request *request = &connection->request;
    size_t limit = connection->server->options.body_limit;

    if (request->body)
        return true;
    if (request->capacity == 0 || request->capacity > limit)
        request->capacity = limit;
    return scope_alloc(&request->scope, request->capacity + 1, 1, &request->body) == STATUS_OK;
}

/* False where so much was dropped that the connection is better closed. */
static bool take_body(struct connection *connection, const char *bytes, size_t size)
{
    struct request *request = &connection->request;

    if (!make_room(connection) || size > request->capacity - request->size) {
        request->dropped += size;
        return request->dropped <= BODY_DROPPED_MAX;
    }
    memcpy(request->body + request->size, bytes, size);
    request->size += size;
    return true;
}

/* --- answer --------------------------------------------------------------------------------- */

static void add_headers(const struct connection *connection, struct MHD_Response *response)
{
    const struct request *request = &connection->request;

    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, request->content_type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Request-Id", request->scope.id);
    if (request->outcome.http_code == MHD_HTTP_SERVICE_UNAVAILABLE)
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_AFTER);
    if (request->dropped > 0 || atomic_load(&connection->server->stopping))
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (request->upload)
        upload_add_headers(request, connection->server->options.spool, response);
}

/* A reply comes from its file; any other body is in the scope until the request is completed. */
static struct MHD_Response *make_response(struct request *request)
{
    struct upload *upload = request->upload;
    const struct text body = request->outcome.body;
    struct MHD_Response *response = NULL;
    void *bytes = NULL;

    if (upload && upload->reply >= 0 && request->outcome.entry.cause == CAUSE_NONE) {
        response = MHD_create_response_from_fd_at_offset64(
            (uint64_t)(upload->range.last - upload->range.first + 1), upload->reply,
            (uint64_t)upload->range.first);
        if (response)
            upload->reply = -1; /* the response's now */
        return response;
    }
    memcpy(&bytes, &body.bytes, sizeof bytes); /* the library's type has no const; it only reads */
    return MHD_create_response_from_buffer(body.size, bytes, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer(struct connection *connection)
{
    struct request *request = &connection->request;
    size_t size = request->outcome.body.size;
    bool from_file = request->upload && request->upload->reply >= 0;
    struct MHD_Response *response = make_response(request);
    enum MHD_Result queued = MHD_NO;

    if (!response)
        return MHD_NO;
    add_headers(connection, response);
    if (size <= ONE_RECORD_MAX && !from_file)
        transport_hold(&connection->transport, size);
    queued = MHD_queue_response(connection->handle, (unsigned)request->outcome.http_code, response);
    MHD_destroy_response(response);
    request->state = REQUEST_ANSWERED;
    return queued;
}

/* --- record --------------------------------------------------------------------------------- */

/* On the journal's thread: the record is on disk, or never will be. */
static void record_done(void *context, bool ok)
{
    struct connection *connection = context;
    struct http_server *server = connection->server;

    atomic_store(&connection->request.record, ok ? RECORD_WRITTEN : RECORD_LOST);
    MHD_resume_connection(connection->handle);
    /* the connection may be gone by now; the server waits for this */
    atomic_fetch_sub(&server->suspended, 1);
}

static void refuse(struct request *request, enum cause cause)
{
    scope_forgive(&request->scope);
    service_refuse(&request->scope, request->syntax, cause, &request->outcome);
    request->content_type = syntax_content_type(request->syntax);
}

/* Suspends first: the record may be on disk before journal_append() returns. */
static enum MHD_Result record(struct connection *connection)
{
    struct http_server *server = connection->server;
    struct request *request = &connection->request;

    atomic_fetch_add(&server->suspended, 1);
    if (atomic_load(&server->stopped)) {
        atomic_fetch_sub(&server->suspended, 1);
        return MHD_NO;
    }
    request->state = REQUEST_WAITING;
    MHD_suspend_connection(connection->handle);
    if (journal_append(&request->scope, service_journal(server->service), &request->outcome.entry,
                       record_done, connection) != STATUS_OK)
        record_done(connection, false);
    return MHD_YES;
}

static enum MHD_Result answer_recorded(struct connection *connection)
{
    struct request *request = &connection->request;

    switch (atomic_load(&request->record)) {
    case RECORD_WAITING:
        return MHD_YES;
    case RECORD_LOST:
        refuse(request, CAUSE_JOURNAL_UNAVAILABLE);
        if (request->upload)
            upload_answer_failure(&request->scope, CAUSE_JOURNAL_UNAVAILABLE, &request->outcome);
        break;
    default:
        break;
    }
    return answer(connection);
}

enum MHD_Result request_finish(struct connection *connection)
{
    return connection->request.outcome.recorded ? record(connection) : answer(connection);
}

/* On the journal's thread: nobody waits for this record but the server's end. */
static void record_aside_done(void *server_, bool ok)
{
    struct http_server *server = server_;

    (void)ok; /* the journal says itself that it failed */
    atomic_fetch_sub(&server->suspended, 1);
}

enum MHD_Result request_answer_now(struct connection *connection)
{
    struct http_server *server = connection->server;
    struct request *request = &connection->request;

    request->dropped = 1;
    if (request->outcome.recorded && !atomic_load(&server->stopped)) {
        atomic_fetch_add(&server->suspended, 1);
        if (journal_append(&request->scope, service_journal(server->service),
                           &request->outcome.entry, record_aside_done, server) != STATUS_OK)
            record_aside_done(server, false);
    }
    return answer(connection);
}

/* --- may they?, operation -------------------------------------------------------------------- */

static void run_page(struct connection *connection, struct service_worker *worker)
{
    struct request *request = &connection->request;

    request->content_type = "text/plain; version=0.0.4; charset=utf-8";
    request->outcome = (struct service_outcome){.http_code = MHD_HTTP_OK};
    if (request->route->page(&request->scope, connection->server, worker, &request->outcome.body) !=
        STATUS_OK) {
        request->outcome.entry.cause = request->scope.cause;
        request->outcome.http_code = failure_http_code(failure_text(request->scope.cause)->status);
        request->outcome.body = text_of(failure_text(request->scope.cause)->code);
    }
}

static void run_route(struct connection *connection)
{
    struct request *request = &connection->request;
    const struct service_request asked = {
        .caller = &connection->client.caller,
        .syntax = request->syntax,
        .body = {request->body, request->size},
    };
    struct service_worker *worker = NULL;

    if (server_worker(&request->scope, connection->server, &worker) != STATUS_OK)
        service_refuse(&request->scope, request->syntax, CAUSE_STORE_UNAVAILABLE,
                       &request->outcome);
    else if (request->route->page)
        run_page(connection, worker);
    else
        request->route->operation(&request->scope, worker, &asked, &request->outcome);
}

void request_refuse_client(struct connection *connection, enum cause cause)
{
    struct request *request = &connection->request;

    service_refuse_client(&request->scope, &connection->client.caller, request->syntax, cause,
                          &request->outcome);
    if (connection->refusal_recorded)
        request->outcome.recorded = false;
    connection->refusal_recorded = true;
}

enum cause request_client_refusal(struct connection *connection)
{
    const struct request *request = &connection->request;
    const struct client_identity *client = NULL;
    enum cause cause = CAUSE_NONE;

    if (request->route->roles == 0)
        return CAUSE_NONE;
    client = connection_client(connection);
    cause = client_refusal(client, request->scope.now);
    if (cause == CAUSE_NONE && !route_allows(request->route, client->caller.role))
        cause = CAUSE_ROLE_MAY_NOT;
    return cause;
}

enum cause request_refusal(const struct connection *connection)
{
    const struct request *request = &connection->request;
    struct http_server *server = connection->server;

    if (atomic_load(&server->metrics.under_way) > server->options.requests_under_way)
        return CAUSE_SERVICE_BUSY;
    if (!request->route)
        return CAUSE_ROUTE_UNKNOWN;
    if (request->dropped > 0)
        return CAUSE_BODY_TOO_LARGE;
    return request->syntax_known ? CAUSE_NONE : CAUSE_MEDIA_TYPE_WRONG;
}

static void run(struct connection *connection)
{
    struct request *request = &connection->request;
    enum cause cause = request_refusal(connection);

    request->content_type = syntax_content_type(request->syntax);
    if (cause != CAUSE_NONE) {
        refuse(request, cause);
        return;
    }
    cause = request_client_refusal(connection);
    if (cause != CAUSE_NONE)
        request_refuse_client(connection, cause);
    else
        run_route(connection);
}

/* --- called by libmicrohttpd ---------------------------------------------------------------- */

static bool is_upload(const struct request *request)
{
    return request->route && request->route->upload != UPLOAD_NONE;
}

enum MHD_Result request_handle(void *server, struct MHD_Connection *handle, const char *url,
                               const char *method, const char *version, const char *bytes,
                               size_t *size, void **context)
{
    struct connection *connection = connection_of(handle);

    (void)server;
    (void)version;
    if (!connection)
        return MHD_NO;
    if (!*context) {
        request_begin(connection, method, url);
        *context = &connection->request;
        if (is_upload(&connection->request))
            return upload_begin(connection, url);
        if (connection->request.capacity <= BODY_DROPPED_MAX)
            return MHD_YES;
        connection->request.dropped = connection->request.capacity; /* refused unread */
    } else if (connection->request.upload && *size > 0) {
        return upload_take(connection, bytes, size);
    } else if (*size > 0) {
        bool go_on = take_body(connection, bytes, *size);
        *size = 0;
        return go_on ? MHD_YES : MHD_NO;
    }
    if (connection->request.state == REQUEST_WAITING)
        return answer_recorded(connection);
    if (connection->request.upload)
        return upload_end(connection);
    run(connection);
    return request_finish(connection);
}

static void log_request(const struct request *request, int64_t microseconds)
{
    const struct scope *scope = &request->scope;

    if (scope->cause != CAUSE_NONE)
        log_failure(scope, "request refused");
    LOG(DEBUG, scope, "request", "route='%s' code='%d' us='%" PRId64 "' bytes='%zu'",
        request->route ? request->route->name : "none", request->outcome.http_code, microseconds,
        request->outcome.body.size);
}

void request_completed(void *server, struct MHD_Connection *handle, void **context,
                       enum MHD_RequestTerminationCode how)
{
    struct http_server *of = server;
    struct connection *connection = connection_of(handle);
    struct request *request = *context;
    int64_t microseconds = 0;

    (void)how;
    if (!request || !connection)
        return;
    transport_release(&connection->transport);
    microseconds = transport_clock() - request->began;
    if (request->state == REQUEST_ANSWERED) {
        metrics_count(&of->metrics, request->route, &request->outcome, microseconds);
        log_request(request, microseconds);
    }
    if (request->upload)
        upload_close(request->upload);
    scope_end(&request->scope);
    request->state = REQUEST_NONE;
    *context = NULL;
    atomic_fetch_sub(&of->metrics.under_way, 1);
}
