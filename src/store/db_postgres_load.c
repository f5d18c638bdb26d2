/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading a new world into PostgreSQL: one transaction, rows gathered a table and sent with COPY in
 * its binary form. A connection copies into one table at a time, so each table has a buffer; memory
 * stays flat. Keys whose rows come in no order are dropped first and built at the end.
 */
#include <assert.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/db_postgres.h"

#define SQL_SIZE 256
#define BUFFER_SIZE ((size_t)1024 * 1024)

static const char copy_header[] =
    "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"; /* signature, flags, extension */
static const char copy_trailer[] = "\377\377";

static struct db_postgres *postgres_of(struct store *store)
{
    return (struct db_postgres *)store;
}

static enum status copy_end(struct scope *scope, struct db_postgres *self)
{
    enum status status = STATUS_OK;

    for (PGresult *result = PQgetResult(self->connection); result;
         result = PQgetResult(self->connection)) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && status == STATUS_OK)
            status = db_postgres_fail(scope, self, result);
        PQclear(result);
    }
    return status;
}

static enum status flush(struct scope *scope, struct db_postgres *self, size_t table)
{
    struct copy_buffer *buffer = &self->load_buffers[table];
    CLEANUP(db_postgres_clear) PGresult *result = NULL;
    char sql[SQL_SIZE];

    if (buffer->size == 0)
        return STATUS_OK;
    snprintf(sql, sizeof sql, "COPY %s FROM STDIN (FORMAT binary)", self->load_tables[table].name);
    result = PQexec(self->connection, sql);
    if (PQresultStatus(result) != PGRES_COPY_IN)
        return db_postgres_fail(scope, self, result);
    if (PQputCopyData(self->connection, copy_header, sizeof copy_header - 1) != 1 ||
        PQputCopyData(self->connection, buffer->bytes, (int)buffer->size) != 1 ||
        PQputCopyData(self->connection, copy_trailer, sizeof copy_trailer - 1) != 1 ||
        PQputCopyEnd(self->connection, NULL) != 1)
        return db_postgres_fail(scope, self, NULL);
    buffer->size = 0;
    return copy_end(scope, self);
}

static enum status alter_key(struct scope *scope, struct db_postgres *self,
                             const struct load_table *table, bool build)
{
    char sql[SQL_SIZE];

    if (table->index) {
        snprintf(sql, sizeof sql,
                 build ? "CREATE INDEX %s_by_person ON %s (%s)" : "DROP INDEX %s_by_person",
                 table->name, table->name, table->index);
        TRY(db_postgres_exec(scope, self, sql));
    }
    if (!table->key)
        return STATUS_OK;
    if (build)
        snprintf(sql, sizeof sql, "ALTER TABLE %s ADD PRIMARY KEY (%s)", table->name, table->key);
    else
        snprintf(sql, sizeof sql, "ALTER TABLE %s DROP CONSTRAINT %s_pkey", table->name,
                 table->name);
    return db_postgres_exec(scope, self, sql);
}

enum status db_postgres_load_begin(struct scope *scope, struct store *store,
                                   const struct load_table *tables, size_t count)
{
    struct db_postgres *self = postgres_of(store);

    assert(count <= POSTGRES_LOAD_TABLES_MAX);
    TRY(store->ops->begin(scope, store));
    self->load_tables = tables;
    self->load_table_count = count;
    TRY(db_postgres_exec(scope, self, "SET LOCAL maintenance_work_mem = '128MB'"));
    for (size_t i = 0; i < count; i++) {
        self->load_buffers[i].bytes = malloc(BUFFER_SIZE);
        if (!self->load_buffers[i].bytes)
            return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
        self->load_buffers[i].capacity = BUFFER_SIZE;
        TRY(alter_key(scope, self, &tables[i], false));
    }
    return STATUS_OK;
}

static size_t row_size(const struct cell *cells, size_t count)
{
    size_t size = sizeof(uint16_t);

    for (size_t i = 0; i < count; i++)
        size +=
            sizeof(uint32_t) + (cells[i].kind == CELL_TEXT ? cells[i].text.size : sizeof(uint64_t));
    return size;
}

static void add_bytes(struct copy_buffer *buffer, const void *bytes, size_t size)
{
    if (size > 0)
        memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
}

static void add_field(struct copy_buffer *buffer, char type, const struct cell *cell)
{
    uint64_t wide = htobe64((uint64_t)cell->number);
    uint32_t narrow = htobe32((uint32_t)cell->number);
    const void *bytes = type == 'l' ? (const void *)&wide : (const void *)&narrow;
    size_t size = type == 'l' ? sizeof wide : sizeof narrow;
    uint32_t length = 0;

    if (type == 't') {
        bytes = cell->text.bytes;
        size = cell->text.size;
    }
    length = htobe32((uint32_t)size);
    add_bytes(buffer, &length, sizeof length);
    add_bytes(buffer, bytes, size);
}

enum status db_postgres_load_row(struct scope *scope, struct store *store, size_t table,
                                 const struct cell *cells, size_t count)
{
    struct db_postgres *self = postgres_of(store);
    struct copy_buffer *buffer = &self->load_buffers[table];
    const char *types = self->load_tables[table].types;
    uint16_t fields = htobe16((uint16_t)count);
    size_t size = row_size(cells, count);

    assert(strlen(types) == count && size <= buffer->capacity);
    if (buffer->size + size > buffer->capacity)
        TRY(flush(scope, self, table));
    add_bytes(buffer, &fields, sizeof fields);
    for (size_t i = 0; i < count; i++)
        add_field(buffer, types[i], &cells[i]);
    return STATUS_OK;
}

void db_postgres_load_drop(struct db_postgres *self)
{
    for (size_t i = 0; i < self->load_table_count; i++) {
        if (self->load_buffers[i].bytes)
            explicit_bzero(self->load_buffers[i].bytes, self->load_buffers[i].capacity);
        free(self->load_buffers[i].bytes);
        self->load_buffers[i] = (struct copy_buffer){0};
    }
    self->load_table_count = 0;
}

enum status db_postgres_load_end(struct scope *scope, struct store *store)
{
    struct db_postgres *self = postgres_of(store);
    char sql[SQL_SIZE];

    for (size_t i = 0; i < self->load_table_count; i++) {
        TRY(flush(scope, self, i));
        TRY(alter_key(scope, self, &self->load_tables[i], true));
        snprintf(sql, sizeof sql, "ANALYZE %s", self->load_tables[i].name);
        TRY(db_postgres_exec(scope, self, sql));
    }
    db_postgres_load_drop(self);
    return store->ops->commit(scope, store);
}
