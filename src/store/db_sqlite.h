/* SPDX-License-Identifier: Apache-2.0
 *
 * db_sqlite.h - the SQLite connection, shared by db_sqlite.c and db_sqlite_load.c.
 */
#pragma once

#include <sqlite3.h>

#include "store/store_engine.h"

#define SQLITE_LOAD_TABLES_MAX 12

struct db_sqlite {
    struct store base; /* first, so that a struct store * of ours is this */
    sqlite3 *db;
    sqlite3_stmt *statements[QUERY_COUNT]; /* prepared at first use, kept */
    sqlite3_stmt *begin_read, *end_read;
    const struct load_table *load_tables; /* while loading */
    size_t load_table_count;
    sqlite3_stmt *load_statements[SQLITE_LOAD_TABLES_MAX];
};

/* Notes a failure of SQLite: what = the query or step, in words. */
enum status db_sqlite_fail(struct scope *scope, const struct db_sqlite *self, int code,
                           const char *what);
/* Runs SQL that has no rows, or whose rows do not matter. */
MUST_CHECK enum status db_sqlite_exec(struct scope *scope, struct db_sqlite *self, const char *sql);
MUST_CHECK enum status db_sqlite_prepare(struct scope *scope, struct db_sqlite *self,
                                         const char *sql, sqlite3_stmt **out);
MUST_CHECK enum status db_sqlite_bind(struct scope *scope, struct db_sqlite *self,
                                      sqlite3_stmt *statement, const struct cell *values,
                                      size_t count);

/* db_sqlite_map.c: the file layer of read connections; registered once, before the first. */
#define DB_SQLITE_MAP_LAYER "shikaku-mapped"
void db_sqlite_map_register(void);

/* db_sqlite_load.c */
enum status db_sqlite_load_begin(struct scope *scope, struct store *store,
                                 const struct load_table *tables, size_t count);
enum status db_sqlite_load_row(struct scope *scope, struct store *store, size_t table,
                               const struct cell *cells, size_t count);
enum status db_sqlite_load_end(struct scope *scope, struct store *store);
void db_sqlite_load_drop(struct db_sqlite *self);
