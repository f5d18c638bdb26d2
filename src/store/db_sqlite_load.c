/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading a new world into SQLite. Without a journal the file cannot be rolled back, so a mark in
 * store_state, on disk before the first row, says that the file is not whole until the end.
 *
 * Tables whose rows come in the key's order are appended to; those with an order of their own are
 * kept in a temporary table and sorted into place at the end.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/db_sqlite.h"

#define SQL_SIZE 512

static struct db_sqlite *sqlite_of(struct store *store)
{
    return (struct db_sqlite *)store;
}

static bool in_memory(const struct db_sqlite *self)
{
    const char *path = sqlite3_db_filename(self->db, "main");

    return !path || *path == '\0';
}

/* Sets the mark, with all the care of an ordinary commit. */
static enum status mark(struct scope *scope, struct db_sqlite *self, int loading)
{
    char sql[SQL_SIZE];

    snprintf(sql, sizeof sql, "UPDATE store_state SET value = %d WHERE name = 'loading'", loading);
    return db_sqlite_exec(scope, self, sql);
}

static enum status read_word(struct scope *scope, struct db_sqlite *self, const char *sql,
                             char *out, size_t size)
{
    sqlite3_stmt *statement = NULL;
    const unsigned char *word = NULL;
    int code = SQLITE_OK;

    TRY(db_sqlite_prepare(scope, self, sql, &statement));
    code = sqlite3_step(statement);
    word = code == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
    snprintf(out, size, "%s", word ? (const char *)word : "");
    code = sqlite3_finalize(statement);
    return code == SQLITE_OK ? STATUS_OK : db_sqlite_fail(scope, self, code, "journal mode");
}

static enum status set_journal(struct scope *scope, struct db_sqlite *self, const char *mode)
{
    char sql[SQL_SIZE];
    char word[16];

    snprintf(sql, sizeof sql, "PRAGMA journal_mode = %s", mode);
    TRY(read_word(scope, self, sql, word, sizeof word));
    if (strcasecmp(word, mode) != 0 && !in_memory(self))
        return scope_fail(scope, CAUSE_STORE_UNAVAILABLE,
                          "sqlite: the file is in use, its journal mode stays '%s'", word);
    return STATUS_OK;
}

/* Sorting needs room: beside the database, where there is room for the database too. */
static enum status use_own_folder(struct scope *scope, struct db_sqlite *self)
{
    const char *path = sqlite3_db_filename(self->db, "main"); /* from the root */
    const char *slash = path ? strrchr(path, '/') : NULL;
    char *sql = NULL;
    enum status status = STATUS_OK;

    if (in_memory(self) || !slash)
        return db_sqlite_exec(scope, self, "PRAGMA temp_store = MEMORY");
    sql = sqlite3_mprintf("PRAGMA temp_store_directory = '%.*q'", (int)(slash - path), path);
    status = sql ? db_sqlite_exec(scope, self, sql)
                 : scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    sqlite3_free(sql);
    return status;
}

static enum status prepare_table(struct scope *scope, struct db_sqlite *self,
                                 const struct load_table *table, sqlite3_stmt **out)
{
    char sql[SQL_SIZE];
    size_t used = 0;

    if (table->index) {
        snprintf(sql, sizeof sql, "DROP INDEX %s_by_person", table->name);
        TRY(db_sqlite_exec(scope, self, sql));
    }
    if (table->key) {
        snprintf(sql, sizeof sql, "CREATE TEMP TABLE load_%s AS SELECT * FROM main.%s WHERE 0",
                 table->name, table->name);
        TRY(db_sqlite_exec(scope, self, sql));
    }
    used = (size_t)snprintf(sql, sizeof sql, "INSERT INTO %s%s VALUES (?1",
                            table->key ? "temp.load_" : "main.", table->name);
    for (size_t i = 1; table->types[i]; i++)
        used += (size_t)snprintf(sql + used, sizeof sql - used, ", ?%zu", i + 1);
    snprintf(sql + used, sizeof sql - used, ")");
    return db_sqlite_prepare(scope, self, sql, out);
}

enum status db_sqlite_load_begin(struct scope *scope, struct store *store,
                                 const struct load_table *tables, size_t count)
{
    struct db_sqlite *self = sqlite_of(store);

    assert(count <= SQLITE_LOAD_TABLES_MAX);
    TRY(use_own_folder(scope, self));
    TRY(mark(scope, self, 1));
    if (set_journal(scope, self, "off") != STATUS_OK) {
        enum status status = failure_text(scope->cause)->status;
        (void)!mark(scope, self, 0); /* nothing was touched yet; the first failure is kept */
        return status;
    }
    TRY(db_sqlite_exec(scope, self,
                       "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
                       "PRAGMA cache_size = -65536; PRAGMA temp.cache_size = -16384;"
                       "BEGIN EXCLUSIVE"));
    self->load_tables = tables;
    self->load_table_count = count;
    for (size_t i = 0; i < count; i++)
        TRY(prepare_table(scope, self, &tables[i], &self->load_statements[i]));
    return STATUS_OK;
}

enum status db_sqlite_load_row(struct scope *scope, struct store *store, size_t table,
                               const struct cell *cells, size_t count)
{
    struct db_sqlite *self = sqlite_of(store);
    sqlite3_stmt *statement = self->load_statements[table];
    int code = SQLITE_OK;

    TRY(db_sqlite_bind(scope, self, statement, cells, count));
    code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? STATUS_OK : db_sqlite_fail(scope, self, code, "load");
}

static enum status build_index(struct scope *scope, struct db_sqlite *self,
                               const struct load_table *table)
{
    char sql[SQL_SIZE];

    if (!table->index)
        return STATUS_OK;
    snprintf(sql, sizeof sql, "CREATE INDEX %s_by_person ON %s (%s)", table->name, table->name,
             table->index);
    return db_sqlite_exec(scope, self, sql);
}

static enum status sort_into_place(struct scope *scope, struct db_sqlite *self,
                                   const struct load_table *table)
{
    char sql[SQL_SIZE];

    snprintf(sql, sizeof sql,
             "INSERT INTO main.%s SELECT * FROM temp.load_%s ORDER BY %s;"
             "DROP TABLE temp.load_%s",
             table->name, table->name, table->key, table->name);
    return db_sqlite_exec(scope, self, sql);
}

void db_sqlite_load_drop(struct db_sqlite *self)
{
    for (size_t i = 0; i < self->load_table_count; i++) {
        sqlite3_finalize(self->load_statements[i]);
        self->load_statements[i] = NULL;
    }
    self->load_table_count = 0;
}

/* The pages were written without care; they must be on disk before the mark is taken away. */
static enum status sync_file(struct scope *scope, struct db_sqlite *self)
{
    sqlite3_file *file = NULL;
    int code = SQLITE_OK;

    if (in_memory(self))
        return STATUS_OK;
    code = sqlite3_file_control(self->db, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&file);
    if (code == SQLITE_OK && file && file->pMethods)
        code = file->pMethods->xSync(file, SQLITE_SYNC_FULL);
    return code == SQLITE_OK ? STATUS_OK : db_sqlite_fail(scope, self, code, "sync");
}

enum status db_sqlite_load_end(struct scope *scope, struct store *store)
{
    struct db_sqlite *self = sqlite_of(store);

    for (size_t i = 0; i < self->load_table_count; i++) {
        sqlite3_finalize(self->load_statements[i]);
        self->load_statements[i] = NULL;
        if (self->load_tables[i].key)
            TRY(sort_into_place(scope, self, &self->load_tables[i]));
        TRY(build_index(scope, self, &self->load_tables[i]));
    }
    db_sqlite_load_drop(self);
    TRY(db_sqlite_exec(scope, self, "COMMIT"));
    TRY(sync_file(scope, self));
    TRY(db_sqlite_exec(scope, self,
                       "PRAGMA locking_mode = NORMAL; PRAGMA synchronous = FULL;"
                       "PRAGMA cache_size = -32768; SELECT value FROM store_state"));
    TRY(set_journal(scope, self, "wal"));
    return mark(scope, self, 0);
}
