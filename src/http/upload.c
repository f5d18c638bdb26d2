/* SPDX-License-Identifier: Apache-2.0
 *
 * upload.c - a request about insurers' files from its header to its outcome. Only the insurer that
 * the client certificate names sees a file; another's is as unknown as none.
 */
#include "http/upload.h"

#include <string.h>
#include <unistd.h>

#define PART_TYPE "application/offset+octet-stream"

/* What each kind is: whether it must speak tus, how it is recorded, what it needs of the disk. */
static const struct {
    bool tus;
    enum journal_operation operation;
    bool on_disk;
    enum spool_task task;
} kinds[] = {
    [UPLOAD_OPTIONS] = {false, JOURNAL_FILE_ASKED, false, SPOOL_SETTLE},
    [UPLOAD_CREATE] = {true, JOURNAL_FILE_CREATED, true, SPOOL_CREATE},
    [UPLOAD_LIST] = {false, JOURNAL_FILE_ASKED, false, SPOOL_SETTLE},
    [UPLOAD_HEAD] = {true, JOURNAL_FILE_ASKED, true, SPOOL_SETTLE},
    [UPLOAD_PATCH] = {true, JOURNAL_FILE_PART, true, SPOOL_END},
    [UPLOAD_STATE] = {false, JOURNAL_FILE_ASKED, false, SPOOL_SETTLE},
    [UPLOAD_REMOVE] = {true, JOURNAL_FILE_REMOVED, true, SPOOL_REMOVE},
    [UPLOAD_REPLY] = {false, JOURNAL_FILE_REPLY, false, SPOOL_SETTLE},
    [UPLOAD_CONFIRM] = {false, JOURNAL_FILE_CONFIRMED, true, SPOOL_CONFIRM},
};

static const char *header(const struct connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection->handle, MHD_HEADER_KIND, name);
}

/* --- the header ---------------------------------------------------------------------------------
 */

static enum cause read_creation(const struct connection *connection, struct upload *upload)
{
    struct spool_entry *entry = &upload->job.entry;
    struct tus_metadata metadata = {.name = ""};

    if (!tus_read_number(header(connection, "Upload-Length"), &entry->length) ||
        entry->length == 0 || header(connection, "Upload-Defer-Length"))
        return CAUSE_UPLOAD_HEADER;
    if (!tus_read_metadata(header(connection, "Upload-Metadata"), &metadata))
        return CAUSE_UPLOAD_METADATA;
    memcpy(entry->name, metadata.name, sizeof entry->name);
    memcpy(entry->sha256, metadata.sha256, sizeof entry->sha256);
    return CAUSE_NONE;
}

/* Bytes the body will have; -1 where it is not said. */
static int64_t body_length(const struct connection *connection)
{
    int64_t length = -1;

    if (!tus_read_number(header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH), &length))
        return -1;
    return length;
}

static enum cause open_writer(struct connection *connection, struct upload *upload)
{
    struct http_server *server = connection->server;
    struct scope *scope = &connection->request.scope;
    const char *type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
    struct spool_part part = {
        .insurer = connection->client.caller.insurer,
        .id = upload->id,
        .length = body_length(connection),
    };

    if (!type || strcmp(type, PART_TYPE) != 0)
        return CAUSE_UPLOAD_TYPE;
    if (!tus_read_number(header(connection, "Upload-Offset"), &part.offset))
        return CAUSE_UPLOAD_HEADER;
    if (spool_writer_open(scope, server->options.spool, &part, &upload->writer, &upload->offset) !=
        STATUS_OK)
        return scope->cause;
    transport_extend(&connection->transport, server->options.upload_timeout);
    return CAUSE_NONE;
}

static enum cause read_header(struct connection *connection, struct upload *upload)
{
    const char *version = header(connection, "Tus-Resumable");

    if (kinds[upload->kind].tus && (!version || strcmp(version, TUS_VERSION) != 0))
        return CAUSE_UPLOAD_VERSION;
    if (upload->kind == UPLOAD_CREATE)
        return read_creation(connection, upload);
    if (upload->kind == UPLOAD_PATCH)
        return open_writer(connection, upload);
    return CAUSE_NONE;
}

/* A large body that nobody wants is not waited for: the answer goes out at once. */
static bool is_large(const struct connection *connection)
{
    const char *coding = header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);

    return coding || body_length(connection) > (int64_t)BODY_DROPPED_MAX;
}

static void begin_outcome(struct connection *connection, const struct upload *upload)
{
    struct request *request = &connection->request;
    const struct caller *caller = &connection->client.caller;

    request->outcome = (struct service_outcome){
        .recorded = true,
        .entry = {.operation = kinds[upload->kind].operation,
                  .at = request->scope.now,
                  .request_id = request->scope.id,
                  .institution = caller->insurer.digits,
                  .client = caller->fingerprint,
                  .terminal = upload->id[0] ? upload->id : NULL},
    };
}

static void refuse(struct connection *connection, const struct upload *upload, enum cause cause)
{
    struct request *request = &connection->request;

    if (upload->client_refused)
        request_refuse_client(connection, cause);
    else if (connection->verified && connection->client.caller.role == ROLE_INSURER)
        begin_outcome(connection, upload);
    else
        service_refuse(&request->scope, request->syntax, cause, &request->outcome);
    upload_answer_failure(&request->scope, cause, &request->outcome);
}

enum MHD_Result upload_begin(struct connection *connection, const char *url)
{
    struct request *request = &connection->request;
    struct upload *upload = NULL;

    request->content_type = syntax_content_type(OQS_JSON);
    if (scope_alloc(&request->scope, 1, sizeof *upload, &upload) != STATUS_OK)
        return MHD_NO;
    request->upload = upload;
    upload->kind = request->route->upload;
    upload->reply = -1;
    upload->offset = -1;
    route_id(request->route, url, upload->id);
    memcpy(upload->job.entry.id, upload->id, sizeof upload->id);
    upload->job.now = request->scope.now;
    upload->refusal = request_refusal(connection);
    if (upload->refusal == CAUSE_NONE) {
        upload->refusal = request_client_refusal(connection);
        upload->client_refused = upload->refusal != CAUSE_NONE;
    }
    upload->job.entry.insurer = connection->client.caller.insurer;
    if (upload->refusal == CAUSE_NONE)
        upload->refusal = read_header(connection, upload);
    if (upload->refusal == CAUSE_NONE || !is_large(connection))
        return MHD_YES;
    refuse(connection, upload, upload->refusal);
    return request_answer_now(connection);
}

/* --- the disk -----------------------------------------------------------------------------------
 */

/* On the spool's thread. */
static void disk_done(void *context)
{
    struct connection *connection = context;
    struct http_server *server = connection->server;

    atomic_store(&connection->request.upload->on_disk, false);
    MHD_resume_connection(connection->handle);
    /* the connection may be gone by now; the server waits for this */
    atomic_fetch_sub(&server->suspended, 1);
}

/* Suspends first: the job may be done before it was handed over. False where the server ends. */
static bool suspend(struct connection *connection)
{
    struct http_server *server = connection->server;

    atomic_fetch_add(&server->suspended, 1);
    if (atomic_load(&server->stopped)) {
        atomic_fetch_sub(&server->suspended, 1);
        return false;
    }
    atomic_store(&connection->request.upload->on_disk, true);
    MHD_suspend_connection(connection->handle);
    return true;
}

/* --- the body -----------------------------------------------------------------------------------
 */

static enum MHD_Result drop(struct upload *upload, size_t *size)
{
    upload->dropped += *size;
    *size = 0;
    return upload->dropped <= BODY_DROPPED_MAX ? MHD_YES : MHD_NO;
}

enum MHD_Result upload_take(struct connection *connection, const char *bytes, size_t *size)
{
    struct upload *upload = connection->request.upload;

    if (atomic_load(&upload->on_disk))
        return MHD_YES;
    if (upload->writer && atomic_load(&connection->server->stopping))
        return MHD_NO; /* what arrived is kept; its sender goes on later */
    if (upload->writer && upload->refusal == CAUSE_NONE) {
        upload->refusal = spool_writer_cause(upload->writer);
        if (spool_writer_too_long(upload->writer, *size))
            upload->refusal = CAUSE_UPLOAD_TOO_LONG;
    }
    if (!upload->writer || upload->refusal != CAUSE_NONE)
        return drop(upload, size);
    *size -= spool_writer_take(upload->writer, bytes, *size);
    if (!spool_writer_due(upload->writer, instant_now()))
        return MHD_YES;
    if (!suspend(connection))
        return MHD_NO;
    spool_writer_flush(upload->writer, disk_done, connection);
    return MHD_YES;
}

/* --- the end ------------------------------------------------------------------------------------
 */

static enum MHD_Result send_to_disk(struct connection *connection, struct upload *upload)
{
    if (!suspend(connection))
        return MHD_NO;
    connection->request.state = REQUEST_ON_DISK;
    if (upload->writer) {
        spool_writer_end(upload->writer, disk_done, connection);
        return MHD_YES;
    }
    upload->job.task = kinds[upload->kind].task;
    upload->job.done = disk_done;
    upload->job.context = connection;
    spool_submit(connection->server->options.spool, &upload->job);
    return MHD_YES;
}

static enum cause disk_cause(struct upload *upload)
{
    if (upload->kind == UPLOAD_OPTIONS || upload->kind == UPLOAD_LIST)
        return CAUSE_NONE;
    if (upload->writer) {
        upload->entry = *spool_writer_entry(upload->writer);
        return spool_writer_cause(upload->writer);
    }
    upload->entry = upload->job.entry;
    return upload->job.cause;
}

static enum status find_reply(struct connection *connection, struct upload *upload)
{
    struct scope *scope = &connection->request.scope;
    const char *range = header(connection, MHD_HTTP_HEADER_RANGE);

    TRY(spool_open_reply(scope, connection->server->options.spool, upload->job.entry.insurer,
                         upload->id, &upload->reply, &upload->reply_size));
    upload->whole = true;
    upload->range = (struct tus_range){0, upload->reply_size - 1};
    if (range && !tus_read_range(range, upload->reply_size, &upload->range, &upload->whole)) {
        close(upload->reply);
        upload->reply = -1;
        return scope_fail(scope, CAUSE_UPLOAD_RANGE, "%s", "");
    }
    return STATUS_OK;
}

/* What the table alone can answer. */
static enum status look_up(struct connection *connection, struct upload *upload)
{
    struct request *request = &connection->request;
    struct spool *spool = connection->server->options.spool;
    struct insurer_number insurer = upload->job.entry.insurer;
    struct spool_entry *entries = NULL;
    size_t count = 0;

    if (upload->kind == UPLOAD_REPLY)
        return find_reply(connection, upload);
    if (upload->kind == UPLOAD_STATE)
        return spool_find(&request->scope, spool, insurer, upload->id, &upload->job.entry);
    if (upload->kind == UPLOAD_OPTIONS)
        return STATUS_OK;
    TRY(spool_list(&request->scope, spool, insurer, &entries, &count));
    return upload_answer_list(&request->scope, spool, entries, count, &request->outcome.body);
}

static enum MHD_Result finish(struct connection *connection, struct upload *upload)
{
    struct request *request = &connection->request;
    enum cause cause = upload->refusal;

    if (cause == CAUSE_NONE)
        cause = disk_cause(upload);
    if (cause != CAUSE_NONE) {
        refuse(connection, upload, cause);
        return request_finish(connection);
    }
    memcpy(upload->id, upload->entry.id, sizeof upload->id);
    request->outcome.entry.terminal = upload->id[0] ? upload->id : NULL;
    if (upload_answer(&request->scope, upload, connection->server->options.spool,
                      &request->outcome) != STATUS_OK)
        upload_answer_failure(&request->scope, request->scope.cause, &request->outcome);
    return request_finish(connection);
}

enum MHD_Result upload_end(struct connection *connection)
{
    struct request *request = &connection->request;
    struct upload *upload = request->upload;

    if (atomic_load(&upload->on_disk))
        return MHD_YES;
    if (request->state == REQUEST_ON_DISK)
        return finish(connection, upload);
    if (upload->writer && upload->refusal == CAUSE_NONE)
        upload->refusal = spool_writer_cause(upload->writer);
    if (upload->refusal != CAUSE_NONE)
        return finish(connection, upload);
    begin_outcome(connection, upload);
    if (kinds[upload->kind].on_disk)
        return send_to_disk(connection, upload);
    if (look_up(connection, upload) != STATUS_OK)
        upload->refusal = request->scope.cause;
    return finish(connection, upload);
}

void upload_close(struct upload *upload)
{
    spool_writer_close(upload->writer);
    if (upload->reply >= 0)
        close(upload->reply);
}
