/* SPDX-License-Identifier: Apache-2.0
 *
 * db_postgres.h - the PostgreSQL connection, shared by db_postgres.c and db_postgres_load.c.
 */
#pragma once

#include <libpq-fe.h>

#include "store/store_engine.h"

#define POSTGRES_LOAD_TABLES_MAX 12

/* Rows of one table on their way, in the binary form of COPY. */
struct copy_buffer {
    char *bytes;
    size_t size, capacity;
};

struct db_postgres {
    struct store base; /* first, so that a struct store * of ours is this */
    PGconn *connection;
    enum store_mode mode;
    bool prepared[QUERY_COUNT];
    const struct load_table *load_tables; /* while loading */
    size_t load_table_count;
    struct copy_buffer load_buffers[POSTGRES_LOAD_TABLES_MAX];
};

/* Notes a failure: the SQLSTATE of a result, or the loss of the connection where it is NULL. */
enum status db_postgres_fail(struct scope *scope, const struct db_postgres *self,
                             const PGresult *result);
/* Runs statements without parameters. */
MUST_CHECK enum status db_postgres_exec(struct scope *scope, struct db_postgres *self,
                                        const char *sql);
void db_postgres_clear(PGresult **result);

/* db_postgres_load.c */
enum status db_postgres_load_begin(struct scope *scope, struct store *store,
                                   const struct load_table *tables, size_t count);
enum status db_postgres_load_row(struct scope *scope, struct store *store, size_t table,
                                 const struct cell *cells, size_t count);
enum status db_postgres_load_end(struct scope *scope, struct store *store);
void db_postgres_load_drop(struct db_postgres *self);
