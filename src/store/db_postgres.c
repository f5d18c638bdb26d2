/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db_postgres.h"

#include <assert.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types of the catalogue (pg_type.dat); constant in all versions. */
#define TYPE_INT8 20
#define TYPE_INT2 21
#define TYPE_INT4 23
#define TYPE_TEXT 25

#define NAME_SIZE 16

/* Plans of our queries do not depend on values; a hung statement must not hold a desk. */
#define SESSION_ALL                                                                                \
    "SET plan_cache_mode = force_generic_plan; SET jit = off; SET standard_conforming_strings = "  \
    "on;"
#define SESSION_SOON "SET lock_timeout = '1s'"
#define SESSION_READ "SET default_transaction_read_only = on; SET statement_timeout = '10s'"
/* One writer at a time, as with SQLite: any number that nobody else uses. */
#define BEGIN_WRITE "BEGIN; SELECT pg_advisory_xact_lock(7310230)"
#define BEGIN_SNAPSHOT "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

static struct db_postgres *postgres_of(struct store *store)
{
    return (struct db_postgres *)store;
}

void db_postgres_clear(PGresult **result)
{
    PQclear(*result);
}

/* --- failures
 * -------------------------------------------------------------------------------------- */

/* One row a class of SQLSTATE, the first two letters; all others: UNAVAILABLE. */
static const struct {
    char class[3];
    enum cause cause;
} causes[] = {
    {"22", CAUSE_STORE_CORRUPT},  /* a value does not fit its column */
    {"23", CAUSE_ALREADY_EXISTS}, /* a key is there already */
    {"42", CAUSE_STORE_CORRUPT},  /* a table or column is not there */
    {"54", CAUSE_MEMORY_LIMIT},   /* program limit exceeded */
    {"XX", CAUSE_STORE_CORRUPT},  /* internal error, corrupted data */
};

enum status db_postgres_fail(struct scope *scope, const struct db_postgres *self,
                             const PGresult *result)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

    if (!state)
        return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "postgres: %s",
                          PQstatus(self->connection) == CONNECTION_OK ? "no result"
                                                                      : "connection lost");
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (strncmp(state, causes[i].class, 2) == 0)
            return scope_fail(scope, causes[i].cause, "postgres: SQLSTATE %.5s", state);
    /* the message may hold values of a row, the state does not */
    return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "postgres: SQLSTATE %.5s", state);
}

/* The result of one request; cleared by run(). */
struct answer {
    PGresult *result;
};

static bool succeeded(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

enum status db_postgres_exec(struct scope *scope, struct db_postgres *self, const char *sql)
{
    CLEANUP(db_postgres_clear) PGresult *result = PQexec(self->connection, sql);

    return succeeded(result) ? STATUS_OK : db_postgres_fail(scope, self, result);
}

/* --- parameters and rows
 * ----------------------------------------------------------------------------- */

/* Values in the binary form of the wire. */
struct wire_values {
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX];
    int formats[PARAMETERS_MAX];
    uint64_t numbers[PARAMETERS_MAX]; /* big-endian */
};

static void write_values(const struct request *request, struct wire_values *out)
{
    assert(request->value_count <= PARAMETERS_MAX);
    for (size_t i = 0; i < request->value_count; i++) {
        const struct cell *value = &request->values[i];
        out->formats[i] = 1;
        if (value->kind == CELL_NUMBER) {
            out->numbers[i] = htobe64((uint64_t)value->number);
            out->values[i] = (const char *)&out->numbers[i];
            out->lengths[i] = (int)sizeof out->numbers[i];
        } else {
            out->values[i] = value->text.bytes ? value->text.bytes : "";
            out->lengths[i] = (int)value->text.size;
        }
    }
}

static int64_t read_number(const char *bytes, int size)
{
    uint64_t number = 0;

    for (int i = 0; i < size; i++)
        number = number << 8 | (unsigned char)bytes[i];
    if (size == 4)
        return (int32_t)(uint32_t)number;
    return size == 2 ? (int16_t)(uint16_t)number : (int64_t)number;
}

static void read_cell(const PGresult *result, int row, int column, struct cell *out)
{
    const char *bytes = PQgetvalue(result, row, column);
    int size = PQgetlength(result, row, column);
    Oid type = PQftype(result, column);

    *out = (struct cell){.kind = CELL_OTHER};
    if (PQgetisnull(result, row, column)) {
        out->kind = CELL_NULL;
    } else if (type == TYPE_TEXT) {
        out->kind = CELL_TEXT;
        out->text = (struct text){bytes, (size_t)size};
    } else if (type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2) {
        out->kind = CELL_NUMBER;
        out->number = read_number(bytes, size);
    }
}

static enum status read_rows(struct scope *scope, const PGresult *result,
                             const struct request *request)
{
    int columns = PQnfields(result);

    assert(columns <= COLUMNS_MAX);
    for (int row = 0; request->read && row < PQntuples(result); row++) {
        struct cell cells[COLUMNS_MAX];
        for (int column = 0; column < columns; column++)
            read_cell(result, row, column, &cells[column]);
        TRY(request->read(scope, cells, (size_t)columns, request->context));
    }
    return STATUS_OK;
}

/* --- running queries
 * ----------------------------------------------------------------------------------- */

static void query_name(const struct query *query, char out[NAME_SIZE])
{
    snprintf(out, NAME_SIZE, "q%d", (int)query->id);
}

static enum status prepare(struct scope *scope, struct db_postgres *self,
                           const struct request *request)
{
    CLEANUP(db_postgres_clear) PGresult *result = NULL;
    Oid types[PARAMETERS_MAX] = {0};
    char name[NAME_SIZE];

    if (self->prepared[request->query->id])
        return STATUS_OK;
    for (size_t i = 0; i < request->value_count; i++)
        types[i] = request->values[i].kind == CELL_NUMBER ? TYPE_INT8 : TYPE_TEXT;
    query_name(request->query, name);
    result =
        PQprepare(self->connection, name, request->query->sql, (int)request->value_count, types);
    if (!succeeded(result))
        return db_postgres_fail(scope, self, result);
    self->prepared[request->query->id] = true;
    return STATUS_OK;
}

static bool send_request(struct db_postgres *self, const struct request *request)
{
    struct wire_values wire;
    char name[NAME_SIZE];

    write_values(request, &wire);
    query_name(request->query, name);
    return PQsendQueryPrepared(self->connection, name, (int)request->value_count, wire.values,
                               wire.lengths, wire.formats, 1) == 1;
}

static bool send_words(struct db_postgres *self, const char *sql)
{
    return PQsendQueryParams(self->connection, sql, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

static bool send_all(struct db_postgres *self, const struct request *requests, size_t count,
                     bool snapshot)
{
    if (snapshot && !send_words(self, BEGIN_SNAPSHOT))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!send_request(self, &requests[i]))
            return false;
    if (snapshot && !send_words(self, "COMMIT"))
        return false;
    return PQpipelineSync(self->connection) == 1;
}

/* The result of one query in the pipeline, and the NULL behind it. The caller clears it. */
static PGresult *next_result(struct db_postgres *self)
{
    PGresult *result = PQgetResult(self->connection);
    PGresult *end = NULL;

    if (result && PQresultStatus(result) != PGRES_PIPELINE_SYNC) {
        end = PQgetResult(self->connection);
        PQclear(end);
    }
    return result;
}

/* Takes the answer to a statement without rows. */
static enum status take_words(struct scope *scope, struct db_postgres *self)
{
    CLEANUP(db_postgres_clear) PGresult *result = next_result(self);

    return succeeded(result) ? STATUS_OK : db_postgres_fail(scope, self, result);
}

/* Takes all answers, also behind a failure, so that the connection is ready for the next round. */
static enum status take_all(struct scope *scope, struct db_postgres *self, struct answer *answers,
                            size_t count, bool snapshot)
{
    enum status status = snapshot ? take_words(scope, self) : STATUS_OK;
    enum status ended = STATUS_OK;

    for (size_t i = 0; i < count; i++) {
        answers[i].result = next_result(self);
        if (status == STATUS_OK && !succeeded(answers[i].result))
            status = db_postgres_fail(scope, self, answers[i].result);
    }
    if (snapshot)
        ended = take_words(scope, self);
    PQclear(PQgetResult(self->connection)); /* the mark of the sync */
    return status == STATUS_OK ? ended : status;
}

static enum status run_pipeline(struct scope *scope, struct db_postgres *self,
                                const struct request *requests, size_t count,
                                struct answer *answers)
{
    bool snapshot = self->base.phase == PHASE_IDLE;
    enum status status = STATUS_OK;

    if (PQenterPipelineMode(self->connection) != 1)
        return db_postgres_fail(scope, self, NULL);
    if (send_all(self, requests, count, snapshot))
        status = take_all(scope, self, answers, count, snapshot);
    else
        status = db_postgres_fail(scope, self, NULL);
    if (PQexitPipelineMode(self->connection) != 1 && status == STATUS_OK)
        status = db_postgres_fail(scope, self, NULL);
    if (snapshot && PQtransactionStatus(self->connection) != PQTRANS_IDLE)
        PQclear(PQexec(self->connection, "ROLLBACK"));
    return status;
}

static enum status run_single(struct scope *scope, struct db_postgres *self,
                              const struct request *request, PGresult **result)
{
    struct wire_values wire;
    char name[NAME_SIZE];

    write_values(request, &wire);
    query_name(request->query, name);
    *result = PQexecPrepared(self->connection, name, (int)request->value_count, wire.values,
                             wire.lengths, wire.formats, 1);
    return succeeded(*result) ? STATUS_OK : db_postgres_fail(scope, self, *result);
}

static enum status ask(struct scope *scope, struct db_postgres *self,
                       const struct request *requests, size_t count, struct answer *answers)
{
    for (size_t i = 0; i < count; i++)
        TRY(prepare(scope, self, &requests[i]));
    return count == 1 ? run_single(scope, self, requests, &answers->result)
                      : run_pipeline(scope, self, requests, count, answers);
}

/* --- the connection
 * ------------------------------------------------------------------------------------- */

static enum status begin_session(struct scope *scope, struct db_postgres *self)
{
    memset(self->prepared, 0, sizeof self->prepared);
    if (PQstatus(self->connection) != CONNECTION_OK)
        return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "postgres: cannot connect");
    TRY(db_postgres_exec(scope, self, SESSION_ALL));
    if (self->mode == STORE_WRITE_SOON)
        return db_postgres_exec(scope, self, SESSION_SOON);
    return self->mode == STORE_READ ? db_postgres_exec(scope, self, SESSION_READ) : STATUS_OK;
}

static bool lost(const struct db_postgres *self)
{
    return PQstatus(self->connection) != CONNECTION_OK;
}

/* Once; what was lost inside of a transaction stays lost. */
static enum status reconnect(struct scope *scope, struct db_postgres *self)
{
    scope_forgive(scope);
    PQreset(self->connection);
    return begin_session(scope, self);
}

static enum status ask_again_if_lost(struct scope *scope, struct db_postgres *self,
                                     const struct request *requests, size_t count,
                                     struct answer *answers)
{
    enum status status = ask(scope, self, requests, count, answers);

    if (status == STATUS_OK || !lost(self) || self->base.phase != PHASE_IDLE)
        return status;
    for (size_t i = 0; i < count; i++) {
        PQclear(answers[i].result);
        answers[i].result = NULL;
    }
    TRY(reconnect(scope, self));
    return ask(scope, self, requests, count, answers);
}

static enum status run(struct scope *scope, struct store *store, const struct request *requests,
                       size_t count)
{
    struct answer *answers = calloc(count + 1, sizeof *answers);
    enum status status = STATUS_OK;

    if (!answers)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    status = ask_again_if_lost(scope, postgres_of(store), requests, count, answers);
    for (size_t i = 0; i < count; i++) {
        if (status == STATUS_OK)
            status = read_rows(scope, answers[i].result, &requests[i]);
        PQclear(answers[i].result);
    }
    free(answers);
    return status;
}

/* A state of its own would take a round; several requests in one run() have one anyway. */
static bool hold(struct store *store)
{
    (void)store;
    return false;
}

static void release(struct store *store)
{
    (void)store;
}

/*
 * Texts are sorted by their bytes, as in SQLite, whatever the locale of the database: lists are the
 * same, and no index breaks when the system's locales are updated.
 */
#define TEXT_PLAIN " TEXT NOT NULL"
#define TEXT_BYTES " TEXT COLLATE \"C\" NOT NULL"

/* The bytes that a script has when its texts are sorted so. */
static size_t widened_size(const char *sql)
{
    size_t size = strlen(sql);

    for (const char *at = strstr(sql, TEXT_PLAIN); at; at = strstr(at + 1, TEXT_PLAIN))
        size += strlen(TEXT_BYTES) - strlen(TEXT_PLAIN);
    return size;
}

static enum status script(struct scope *scope, struct store *store, const char *sql)
{
    size_t capacity = widened_size(sql) + 1;
    char *dialect = malloc(capacity);
    enum status status = STATUS_OK;
    size_t used = 0;

    if (!dialect)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    for (const char *at = strstr(sql, TEXT_PLAIN); at; at = strstr(sql, TEXT_PLAIN)) {
        used += (size_t)snprintf(dialect + used, capacity - used, "%.*s" TEXT_BYTES,
                                 (int)(at - sql), sql);
        sql = at + strlen(TEXT_PLAIN);
    }
    snprintf(dialect + used, capacity - used, "%s", sql);
    status = db_postgres_exec(scope, postgres_of(store), dialect);
    free(dialect);
    return status;
}

static enum status begin(struct scope *scope, struct store *store)
{
    struct db_postgres *self = postgres_of(store);
    enum status status = db_postgres_exec(scope, self, BEGIN_WRITE);

    if (status == STATUS_OK || !lost(self))
        return status;
    TRY(reconnect(scope, self));
    return db_postgres_exec(scope, self, BEGIN_WRITE);
}

static enum status commit(struct scope *scope, struct store *store)
{
    struct db_postgres *self = postgres_of(store);
    CLEANUP(db_postgres_clear) PGresult *result = PQexec(self->connection, "COMMIT");

    if (!succeeded(result))
        return db_postgres_fail(scope, self, result);
    if (strcmp(PQcmdStatus(result), "COMMIT") != 0) /* it says ROLLBACK where a statement failed */
        return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "postgres: nothing was committed");
    return STATUS_OK;
}

static void rollback(struct store *store)
{
    struct db_postgres *self = postgres_of(store);

    if (PQtransactionStatus(self->connection) != PQTRANS_IDLE)
        PQclear(PQexec(self->connection, "ROLLBACK"));
}

static void close_store(struct store *store)
{
    struct db_postgres *self = postgres_of(store);

    db_postgres_load_drop(self);
    PQfinish(self->connection);
    free(self);
}

static const struct store_ops operations = {
    .name = "postgres",
    .run = run,
    .hold = hold,
    .release = release,
    .script = script,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .load_begin = db_postgres_load_begin,
    .load_row = db_postgres_load_row,
    .load_end = db_postgres_load_end,
    .close = close_store,
};

static void say_nothing(void *context, const char *message)
{
    (void)context;
    (void)message;
}

enum status db_postgres_open(struct scope *scope, const char *conninfo, enum store_mode mode,
                             struct store **out)
{
    /* what stands before dbname is a default, what stands behind it wins */
    const char *const names[] = {"connect_timeout", "fallback_application_name", "dbname",
                                 "client_encoding", NULL};
    const char *const values[] = {"5", "shikaku", conninfo, "UTF8", NULL};
    struct db_postgres *self = calloc(1, sizeof *self);
    enum status status = STATUS_OK;

    if (!self)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    self->base.ops = &operations;
    self->mode = mode;
    self->connection = PQconnectdbParams(names, values, 1);
    PQsetNoticeProcessor(self->connection, say_nothing, NULL);
    status = begin_session(scope, self);
    if (status != STATUS_OK) {
        close_store(&self->base);
        return status;
    }
    *out = &self->base;
    return STATUS_OK;
}
