/* SPDX-License-Identifier: Apache-2.0
 *
 * book.c - the issuer's book in SQLite. All columns are integers.
 */
#include "issuance/book.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "issuance/book_parts.h"

#define LAYOUT 1
#define BUSY_MILLISECONDS 5000

static const char layout[] =
    "CREATE TABLE holder ("
    " id INTEGER PRIMARY KEY,"         /* our own number; no name, no 12-digit number */
    " birth INTEGER NOT NULL,"         /* yyyymmdd, for the expiry rule */
    " municipality INTEGER NOT NULL);" /* five-digit JIS code */
    "CREATE TABLE certificate ("
    " serial INTEGER PRIMARY KEY,"
    " generation INTEGER NOT NULL,"
    " holder INTEGER NOT NULL REFERENCES holder (id),"
    " phone INTEGER NOT NULL,"
    " not_before INTEGER NOT NULL," /* microseconds */
    " expires INTEGER NOT NULL,"    /* yyyymmdd, Japan */
    " state INTEGER NOT NULL,"      /* 1 current, 2 revoked, 3 superseded */
    " revoked INTEGER NOT NULL,"    /* microseconds, 0 = not */
    " reason INTEGER NOT NULL,"
    " successor INTEGER NOT NULL);"
    "CREATE INDEX certificate_by_holder ON certificate (holder, not_before);"
    "CREATE INDEX certificate_by_state ON certificate (generation, state, serial)"
    " WHERE state <> 1;"
    "CREATE TABLE link ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT," /* the feed's order; never used twice */
    " new INTEGER NOT NULL UNIQUE REFERENCES certificate (serial),"
    " old INTEGER NOT NULL REFERENCES certificate (serial),"
    " at INTEGER NOT NULL);" /* microseconds */
    "CREATE INDEX link_by_old ON link (old);"
    "CREATE TABLE sequence (name INTEGER PRIMARY KEY, next INTEGER NOT NULL);"
    "INSERT INTO sequence VALUES (0, 2);" /* 0: serials (1 is the first CA's); n: CRLs of n */
    "PRAGMA user_version = 1;";

static enum status book_fail(struct scope *scope, const struct book *book, const char *what)
{
    int code = book->db ? sqlite3_errcode(book->db) : SQLITE_NOMEM;
    enum cause cause = CAUSE_ISSUER_BOOK_UNAVAILABLE;

    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        cause = CAUSE_STORE_CORRUPT;
    if (code == SQLITE_CONSTRAINT)
        cause = CAUSE_ALREADY_EXISTS;
    return scope_fail(scope, cause, "issuer's book: %s: SQLite %d", what, code);
}

static void statement_drop(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
}

static enum status step_all(struct scope *scope, struct book *book, const struct book_query *query,
                            sqlite3_stmt *statement)
{
    int64_t row[BOOK_VALUES_MAX];
    int code = 0;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!query->take)
            continue;
        for (int i = 0; i < query->columns; i++)
            row[i] = sqlite3_column_int64(statement, i);
        TRY(query->take(scope, row, query->context));
    }
    return code == SQLITE_DONE ? STATUS_OK : book_fail(scope, book, query->sql);
}

enum status book_run(struct scope *scope, struct book *book, const struct book_query *query)
{
    CLEANUP(statement_drop) sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(book->db, query->sql, -1, &statement, NULL) != SQLITE_OK)
        return book_fail(scope, book, query->sql);
    for (int i = 0; i < query->value_count; i++)
        if (sqlite3_bind_int64(statement, i + 1, query->values[i]) != SQLITE_OK)
            return book_fail(scope, book, query->sql);
    return step_all(scope, book, query, statement);
}

static enum status execute(struct scope *scope, struct book *book, const char *sql)
{
    return sqlite3_exec(book->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? STATUS_OK
               : book_fail(scope, book, "a change");
}

/* --- open and close --------------------------------------------------------------------------- */

static enum status take_number(struct scope *scope, const int64_t *row, void *context)
{
    (void)scope;
    *(int64_t *)context = row[0];
    return STATUS_OK;
}

static enum status prepare(struct scope *scope, struct book *book, enum book_mode mode)
{
    int64_t version = 0;
    const struct book_query ask = {"PRAGMA user_version", {0}, 0, 1, take_number, &version};

    sqlite3_busy_timeout(book->db, BUSY_MILLISECONDS);
    TRY(execute(scope, book, "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF"));
    TRY(book_run(scope, book, &ask));
    if (mode == BOOK_CREATE) {
        if (version != 0)
            return scope_fail(scope, CAUSE_ALREADY_EXISTS, "there is an issuer's book already");
        TRY(execute(scope, book, "PRAGMA journal_mode = WAL"));
        TRY(execute(scope, book, layout));
    } else if (version != LAYOUT) {
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "the issuer's book has another layout");
    }
    return mode == BOOK_READ ? STATUS_OK : execute(scope, book, "PRAGMA synchronous = FULL");
}

/* With birth dates in it, it is the owner's only. */
static void make_file(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (file >= 0)
        close(file);
}

enum status book_open(struct scope *scope, const char *path, enum book_mode mode, struct book **out)
{
    struct book *book = calloc(1, sizeof *book);
    enum status status = STATUS_OK;

    if (!book)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    if (mode == BOOK_CREATE)
        make_file(path);
    /* a reader of a log-ahead database writes to its shared index: READ is a promise, not a mode */
    if (sqlite3_open_v2(path, &book->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        status = scope_fail(scope, CAUSE_ISSUER_BOOK_UNAVAILABLE, "cannot open '%s'", path);
    else
        status = prepare(scope, book, mode);
    if (status != STATUS_OK) {
        book_close(book);
        return status;
    }
    *out = book;
    return STATUS_OK;
}

void book_close(struct book *book)
{
    if (!book)
        return;
    sqlite3_close(book->db);
    free(book);
}

enum status book_begin(struct scope *scope, struct book *book)
{
    return execute(scope, book, "BEGIN IMMEDIATE");
}

enum status book_commit(struct scope *scope, struct book *book)
{
    return execute(scope, book, "COMMIT");
}

void book_rollback(struct book *book)
{
    sqlite3_exec(book->db, "ROLLBACK", NULL, NULL, NULL);
}

enum status book_version(struct scope *scope, struct book *book, int64_t *out)
{
    int64_t version = 0;
    const struct book_query query = {"PRAGMA data_version", {0}, 0, 1, take_number, &version};

    TRY(book_run(scope, book, &query));
    *out = version;
    return STATUS_OK;
}

/* --- sequences -------------------------------------------------------------------------------- */

enum status book_start_serials(struct scope *scope, struct book *book, uint64_t first)
{
    const struct book_query query = {"UPDATE sequence SET next = max(next, ?1) WHERE name = 0",
                                     {(int64_t)first},
                                     1,
                                     0,
                                     NULL,
                                     NULL};

    return book_run(scope, book, &query);
}

static enum status take_next(struct scope *scope, struct book *book, int name, uint64_t *out)
{
    int64_t next = 0;
    const struct book_query query = {
        "INSERT INTO sequence VALUES (?1, 2) ON CONFLICT (name) DO UPDATE SET next = next + 1 "
        "RETURNING next - 1",
        {name},
        1,
        1,
        take_number,
        &next};

    TRY(book_run(scope, book, &query));
    *out = (uint64_t)next;
    return STATUS_OK;
}

enum status book_take_serial(struct scope *scope, struct book *book, uint64_t *out)
{
    return take_next(scope, book, 0, out);
}

enum status book_take_crl_number(struct scope *scope, struct book *book, int generation,
                                 uint64_t *out)
{
    return take_next(scope, book, generation, out);
}

/* --- holders ---------------------------------------------------------------------------------- */

enum status book_put_holder(struct scope *scope, struct book *book, struct book_holder *holder)
{
    const struct book_query query = {
        "INSERT INTO holder VALUES (CASE ?1 WHEN 0 THEN NULL ELSE ?1 END, ?2, ?3) "
        "ON CONFLICT (id) DO UPDATE SET birth = excluded.birth, "
        "municipality = excluded.municipality",
        {holder->id, holder->birth.yyyymmdd, holder->municipality},
        3,
        0,
        NULL,
        NULL};

    TRY(book_run(scope, book, &query));
    if (holder->id == 0)
        holder->id = sqlite3_last_insert_rowid(book->db);
    return STATUS_OK;
}

static enum status take_holder(struct scope *scope, const int64_t *row, void *context)
{
    (void)scope;
    *(struct book_holder *)context =
        (struct book_holder){row[0], DATE((int32_t)row[1]), (int)row[2]};
    return STATUS_OK;
}

enum status book_find_holder(struct scope *scope, struct book *book, int64_t id,
                             struct book_holder *out)
{
    struct book_holder found = {0};
    const struct book_query query = {"SELECT id, birth, municipality FROM holder WHERE id = ?1",
                                     {id},
                                     1,
                                     3,
                                     take_holder,
                                     &found};

    TRY(book_run(scope, book, &query));
    if (found.id == 0)
        return STATUS_NOT_FOUND;
    *out = found;
    return STATUS_OK;
}

/* --- certificates ----------------------------------------------------------------------------- */

struct book_certificate book_certificate_of(const int64_t *row)
{
    return (struct book_certificate){
        .serial = (uint64_t)row[0],
        .generation = (int)row[1],
        .holder = row[2],
        .phone = row[3] != 0,
        .not_before = {row[4]},
        .expires = DATE((int32_t)row[5]),
        .state = (enum certificate_state)row[6],
        .revoked = {row[7]},
        .reason = (enum revocation_reason)row[8],
        .successor = (uint64_t)row[9],
    };
}

enum status book_add_certificate(struct scope *scope, struct book *book,
                                 const struct book_certificate *certificate)
{
    const struct book_query query = {
        "INSERT INTO certificate (" BOOK_CERTIFICATE
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        {(int64_t)certificate->serial, certificate->generation, certificate->holder,
         certificate->phone, certificate->not_before.microseconds, certificate->expires.yyyymmdd,
         certificate->state, certificate->revoked.microseconds, certificate->reason,
         (int64_t)certificate->successor},
        BOOK_CERTIFICATE_COLUMNS,
        0,
        NULL,
        NULL};

    return book_run(scope, book, &query);
}

static enum status take_certificate(struct scope *scope, const int64_t *row, void *context)
{
    (void)scope;
    *(struct book_certificate *)context = book_certificate_of(row);
    return STATUS_OK;
}

static enum status find_one(struct scope *scope, struct book *book, const char *sql, int64_t key,
                            struct book_certificate *out)
{
    struct book_certificate found = {0};
    const struct book_query query = {sql,   {key}, 1, BOOK_CERTIFICATE_COLUMNS, take_certificate,
                                     &found};

    TRY(book_run(scope, book, &query));
    if (found.serial == 0)
        return STATUS_NOT_FOUND;
    *out = found;
    return STATUS_OK;
}

enum status book_find_certificate(struct scope *scope, struct book *book, uint64_t serial,
                                  struct book_certificate *out)
{
    return find_one(scope, book, "SELECT " BOOK_CERTIFICATE " FROM certificate WHERE serial = ?1",
                    (int64_t)serial, out);
}

enum status book_find_newest(struct scope *scope, struct book *book, int64_t holder,
                             struct book_certificate *out)
{
    return find_one(scope, book,
                    "SELECT " BOOK_CERTIFICATE " FROM certificate WHERE holder = ?1 AND phone = 0 "
                    "ORDER BY not_before DESC, serial DESC LIMIT 1",
                    holder, out);
}

enum status book_update_certificate(struct scope *scope, struct book *book,
                                    const struct book_certificate *certificate)
{
    const struct book_query query = {
        "UPDATE certificate SET state = ?2, revoked = ?3, reason = ?4, successor = ?5 "
        "WHERE serial = ?1",
        {(int64_t)certificate->serial, certificate->state, certificate->revoked.microseconds,
         certificate->reason, (int64_t)certificate->successor},
        5,
        0,
        NULL,
        NULL};

    return book_run(scope, book, &query);
}
