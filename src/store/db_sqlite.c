/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db_sqlite.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every connection: the file is mapped as far as Debian's build allows, the rest is cached. */
#define PRAGMAS_ALL                                                                                \
    "PRAGMA mmap_size = 2147418112;" /* bytes; SQLITE_MAX_MMAP_SIZE of Debian 12 */                \
    "PRAGMA cache_size = -32768;"    /* KiB a connection, for what is not mapped */                \
    "PRAGMA trusted_schema = OFF;"
/* A commit is on disk before it is answered. */
#define PRAGMAS_WRITE "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;"
/*
 * A batch writes all over a large file: pages that it maps would count as its memory without bound,
 * and a page that leaves the cache in the middle of a transaction is written twice.
 */
#define PRAGMAS_BATCH "PRAGMA mmap_size = 0; PRAGMA cache_size = -131072;"
#define BUSY_READ 2000 /* milliseconds to wait for a lock */
#define BUSY_WRITE 10000
#define BUSY_WRITE_SOON 1000

static struct db_sqlite *sqlite_of(struct store *store)
{
    return (struct db_sqlite *)store;
}

enum status db_sqlite_fail(struct scope *scope, const struct db_sqlite *self, int code,
                           const char *what)
{
    enum cause cause = CAUSE_STORE_UNAVAILABLE;
    int extended = self && self->db ? sqlite3_extended_errcode(self->db) : code;

    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* a table or column that the query names is not there */
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
        cause = CAUSE_STORE_CORRUPT;
        break;
    case SQLITE_CONSTRAINT:
        cause = CAUSE_ALREADY_EXISTS;
        break;
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
        cause = CAUSE_MEMORY_LIMIT;
        break;
    default:
        break;
    }
    /* sqlite3_errstr() is constant text: no value of a row can be in it */
    return scope_fail(scope, cause, "sqlite: %s (%d): %s", sqlite3_errstr(code), extended, what);
}

enum status db_sqlite_exec(struct scope *scope, struct db_sqlite *self, const char *sql)
{
    int code = sqlite3_exec(self->db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? STATUS_OK : db_sqlite_fail(scope, self, code, "statement");
}

/* Our SQL has $1; in SQLite that is a name, and ?1 the first parameter. No text of ours holds a $.
 */
enum status db_sqlite_prepare(struct scope *scope, struct db_sqlite *self, const char *sql,
                              sqlite3_stmt **out)
{
    size_t size = strlen(sql);
    char *dialect = malloc(size + 1);
    int code = SQLITE_OK;

    if (!dialect)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    for (size_t i = 0; i <= size; i++)
        dialect[i] = sql[i];
    for (char *mark = strchr(dialect, '$'); mark; mark = strchr(mark, '$'))
        *mark = '?';
    code = sqlite3_prepare_v3(self->db, dialect, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    free(dialect);
    return code == SQLITE_OK ? STATUS_OK : db_sqlite_fail(scope, self, code, "prepare");
}

enum status db_sqlite_bind(struct scope *scope, struct db_sqlite *self, sqlite3_stmt *statement,
                           const struct cell *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cell *value = &values[i];
        const char *bytes = value->text.bytes ? value->text.bytes : "";
        int at = (int)i + 1;
        int code = value->kind == CELL_NUMBER
                       ? sqlite3_bind_int64(statement, at, value->number)
                       : sqlite3_bind_text64(statement, at, bytes, value->text.size, SQLITE_STATIC,
                                             SQLITE_UTF8);
        if (code != SQLITE_OK)
            return db_sqlite_fail(scope, self, code, "bind");
    }
    return STATUS_OK;
}

/* --- running queries ----------------------------------------------------------------------------
 */

static void read_cell(sqlite3_stmt *statement, int column, struct cell *out)
{
    sqlite3_value *value = sqlite3_column_value(statement, column);

    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        out->kind = CELL_NUMBER;
        out->number = sqlite3_value_int64(value);
        break;
    case SQLITE_TEXT:
        out->kind = CELL_TEXT;
        out->text.bytes =
            sqlite3_value_blob(value); /* as it lies there, without a copy for a NUL */
        out->text.size = (size_t)sqlite3_value_bytes(value);
        break;
    case SQLITE_NULL:
        out->kind = CELL_NULL;
        break;
    default:
        out->kind = CELL_OTHER;
        break;
    }
}

static enum status read_rows(struct scope *scope, struct db_sqlite *self, sqlite3_stmt *statement,
                             const struct request *request)
{
    int columns = sqlite3_column_count(statement);
    int code = SQLITE_OK;

    assert(columns <= COLUMNS_MAX);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct cell cells[COLUMNS_MAX];
        if (!request->read)
            continue;
        for (int i = 0; i < columns; i++)
            read_cell(statement, i, &cells[i]);
        TRY(request->read(scope, cells, (size_t)columns, request->context));
    }
    return code == SQLITE_DONE ? STATUS_OK : db_sqlite_fail(scope, self, code, "query");
}

static enum status run_one(struct scope *scope, struct db_sqlite *self,
                           const struct request *request)
{
    sqlite3_stmt **slot = &self->statements[request->query->id];
    enum status status = STATUS_OK;

    if (!*slot)
        TRY(db_sqlite_prepare(scope, self, request->query->sql, slot));
    assert(sqlite3_bind_parameter_count(*slot) <= (int)request->value_count);
    status = db_sqlite_bind(scope, self, *slot, request->values,
                            (size_t)sqlite3_bind_parameter_count(*slot));
    if (status == STATUS_OK)
        status = read_rows(scope, self, *slot, request);
    sqlite3_reset(*slot); /* repeats the failure of the last step, which is known */
    return status;
}

/* Runs BEGIN or COMMIT; the statement is kept. */
static bool step_once(struct db_sqlite *self, const char *sql, sqlite3_stmt **slot)
{
    if (!*slot &&
        sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL) != SQLITE_OK)
        return false;
    sqlite3_step(*slot);
    return sqlite3_reset(*slot) == SQLITE_OK;
}

static bool hold(struct store *store)
{
    struct db_sqlite *self = sqlite_of(store);

    return sqlite3_get_autocommit(self->db) && step_once(self, "BEGIN", &self->begin_read);
}

static void release(struct store *store)
{
    struct db_sqlite *self = sqlite_of(store);

    if (!sqlite3_get_autocommit(self->db))
        step_once(self, "COMMIT", &self->end_read);
}

static enum status run(struct scope *scope, struct store *store, const struct request *requests,
                       size_t count)
{
    struct db_sqlite *self = sqlite_of(store);
    bool held = count > 1 && hold(store);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = run_one(scope, self, &requests[i]);
    if (held)
        release(store);
    return status;
}

/* --- transactions, scripts
 * -------------------------------------------------------------------------- */

/* Widens a mark of the schema's text in place of the same number of bytes or fewer. */
static void widen(char *sql, const char *mark, const char *word)
{
    size_t size = strlen(mark);

    assert(strlen(word) <= size);
    for (char *at = strstr(sql, mark); at; at = strstr(at, mark)) {
        memset(at, ' ', size);
        for (size_t i = 0; word[i]; i++)
            at[i] = word[i];
    }
}

static enum status script(struct scope *scope, struct store *store, const char *sql)
{
    char *dialect = strdup(sql);
    enum status status = STATUS_OK;

    if (!dialect)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    widen(dialect, "/*clustered*/", "WITHOUT ROWID");
    widen(dialect, "BIGINT /*rowid*/", "INTEGER");
    status = db_sqlite_exec(scope, sqlite_of(store), dialect);
    free(dialect);
    return status;
}

static enum status begin(struct scope *scope, struct store *store)
{
    return db_sqlite_exec(scope, sqlite_of(store), "BEGIN IMMEDIATE");
}

static enum status commit(struct scope *scope, struct store *store)
{
    return db_sqlite_exec(scope, sqlite_of(store), "COMMIT");
}

static void rollback(struct store *store)
{
    struct db_sqlite *self = sqlite_of(store);

    if (!sqlite3_get_autocommit(self->db))
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
}

static void close_store(struct store *store)
{
    struct db_sqlite *self = sqlite_of(store);

    for (size_t i = 0; i < QUERY_COUNT; i++)
        sqlite3_finalize(self->statements[i]);
    sqlite3_finalize(self->begin_read);
    sqlite3_finalize(self->end_read);
    db_sqlite_load_drop(self);
    sqlite3_close(self->db);
    free(self);
}

static const struct store_ops operations = {
    .name = "sqlite",
    .run = run,
    .hold = hold,
    .release = release,
    .script = script,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .load_begin = db_sqlite_load_begin,
    .load_row = db_sqlite_load_row,
    .load_end = db_sqlite_load_end,
    .close = close_store,
};

/* --- opening
 * ---------------------------------------------------------------------------------------- */

/* For the process, before its first connection: each connection belongs to one thread at a time. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
                   0);                    /* counting bytes would take a lock at each malloc */
    sqlite3_config(SQLITE_CONFIG_URI, 0); /* a path is a path */
    db_sqlite_map_register();
}

/* A new file is for its owner and group alone; SQLite gives the same mode to its companions. */
static void create_file(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

    if (file >= 0)
        close(file);
}

static int busy_milliseconds(enum store_mode mode)
{
    if (mode == STORE_READ)
        return BUSY_READ;
    return mode == STORE_WRITE_SOON ? BUSY_WRITE_SOON : BUSY_WRITE;
}

static enum status open_file(struct scope *scope, struct db_sqlite *self, const char *path,
                             enum store_mode mode)
{
    int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int code = SQLITE_OK;

    if (strcmp(path, ":memory:") != 0 && mode == STORE_CREATE)
        create_file(path);
    if (mode == STORE_CREATE)
        flags |= SQLITE_OPEN_CREATE;
    code = sqlite3_open_v2(path, &self->db, flags | SQLITE_OPEN_NOMUTEX,
                           mode == STORE_READ ? DB_SQLITE_MAP_LAYER : NULL);
    if (code != SQLITE_OK)
        return db_sqlite_fail(scope, self, code, "open");
    sqlite3_extended_result_codes(self->db, 0);
    sqlite3_busy_timeout(self->db, busy_milliseconds(mode));
    TRY(db_sqlite_exec(scope, self, PRAGMAS_ALL));
    if (mode == STORE_READ)
        return STATUS_OK;
    if (mode == STORE_CREATE)
        TRY(db_sqlite_exec(scope, self, "PRAGMA journal_mode = WAL"));
    if (mode != STORE_WRITE_SOON)
        TRY(db_sqlite_exec(scope, self, PRAGMAS_BATCH));
    return db_sqlite_exec(scope, self, PRAGMAS_WRITE);
}

enum status db_sqlite_open(struct scope *scope, const char *path, enum store_mode mode,
                           struct store **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct db_sqlite *self = NULL;
    enum status status = STATUS_OK;

    pthread_once(&once, configure);
    self = calloc(1, sizeof *self);
    if (!self)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    self->base.ops = &operations;
    status = open_file(scope, self, path, mode);
    if (status != STATUS_OK) {
        close_store(&self->base);
        return status;
    }
    *out = &self->base;
    return STATUS_OK;
}
