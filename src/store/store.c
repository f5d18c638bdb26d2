/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "store/store_engine.h"

/* A word of letters and a colon: "sqlite:", "postgres:". */
static size_t scheme_size(const char *url)
{
    size_t size = 0;

    while (isalpha((unsigned char)url[size]))
        size++;
    return size > 0 && url[size] == ':' ? size + 1 : 0;
}

static bool starts_with(const char *url, const char *prefix)
{
    return strncmp(url, prefix, strlen(prefix)) == 0;
}

static enum status open_engine(struct scope *scope, const char *url, enum store_mode mode,
                               struct store **out)
{
    if (starts_with(url, "postgresql://") || starts_with(url, "postgres://"))
        return db_postgres_open(scope, url, mode, out);
    if (starts_with(url, "postgres:"))
        return db_postgres_open(scope, url + strlen("postgres:"), mode, out);
    if (starts_with(url, "sqlite:"))
        url += strlen("sqlite:");
    else if (scheme_size(url) > 0)
        return scope_fail(scope, CAUSE_CONFIGURATION, "the store's url has an unknown scheme");
    if (*url == '\0')
        return scope_fail(scope, CAUSE_CONFIGURATION, "the store's url names no file");
    return db_sqlite_open(scope, url, mode, out);
}

static void assert_complete(const struct store_ops *ops)
{
    assert(ops->name && ops->run && ops->hold && ops->release && ops->script);
    assert(ops->begin && ops->commit && ops->rollback);
    assert(ops->load_begin && ops->load_row && ops->load_end && ops->close);
    (void)ops;
}

enum status store_open(struct scope *scope, const char *url, enum store_mode mode,
                       struct store **out)
{
    struct store *store = NULL;
    enum status status = STATUS_OK;

    TRY(open_engine(scope, url, mode, &store));
    assert(store);
    assert_complete(store->ops);
    store->writable = mode != STORE_READ;
    if (mode == STORE_CREATE)
        status = store_migrate(scope, store);
    if (mode == STORE_UPGRADE)
        status = store_upgrade(scope, store);
    if (status == STATUS_OK)
        status = store_check_schema(scope, store);
    if (status != STATUS_OK) {
        store_close(store);
        return status;
    }
    *out = store;
    return STATUS_OK;
}

void store_close(struct store *store)
{
    if (store)
        store->ops->close(store);
}

const char *store_engine(const struct store *store)
{
    return store->ops->name;
}

static enum status must_work(struct scope *scope, const struct store *store)
{
    if (store->phase == PHASE_TRANSACTION_FAILED || store->phase == PHASE_LOAD_FAILED)
        return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "an earlier part of the change failed");
    return STATUS_OK;
}

enum status store_run(struct scope *scope, struct store *store, const struct request *requests,
                      size_t count)
{
    enum status status = must_work(scope, store);

    if (status == STATUS_OK)
        status = store->ops->run(scope, store, requests, count);
    /* what a transaction has done so far may be half of a change: it cannot be committed */
    if (status != STATUS_OK && store->phase == PHASE_TRANSACTION)
        store->phase = PHASE_TRANSACTION_FAILED;
    if (status != STATUS_OK && store->phase == PHASE_LOAD)
        store->phase = PHASE_LOAD_FAILED;
    return status;
}

bool store_hold(struct store *store)
{
    /* a transaction, and a load, see one state by themselves */
    return store->phase != PHASE_IDLE || store->ops->hold(store);
}

void store_release(struct store *store)
{
    if (store->phase == PHASE_IDLE)
        store->ops->release(store);
}

enum status store_script(struct scope *scope, struct store *store, const char *sql)
{
    return store->ops->script(scope, store, sql);
}

static enum status may_change(struct scope *scope, const struct store *store)
{
    if (!store->writable)
        return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "the store was opened to read");
    return must_work(scope, store);
}

enum status store_begin(struct scope *scope, struct store *store)
{
    TRY(may_change(scope, store));
    if (store->phase != PHASE_IDLE)
        return scope_fail(scope, CAUSE_INTERNAL, "a transaction is open already");
    TRY(store->ops->begin(scope, store));
    store->phase = PHASE_TRANSACTION;
    return STATUS_OK;
}

enum status store_commit(struct scope *scope, struct store *store)
{
    enum status status = may_change(scope, store);

    if (store->phase == PHASE_IDLE || store->phase == PHASE_LOAD)
        return scope_fail(scope, CAUSE_INTERNAL, "no transaction is open");
    if (status == STATUS_OK)
        status = store->ops->commit(scope, store);
    if (status != STATUS_OK)
        store->ops->rollback(store);
    store->phase = PHASE_IDLE;
    return status;
}

void store_rollback(struct store *store)
{
    if (store->phase != PHASE_TRANSACTION && store->phase != PHASE_TRANSACTION_FAILED)
        return;
    store->ops->rollback(store);
    store->phase = PHASE_IDLE;
}

enum status store_change(struct scope *scope, struct store *store, store_changer change,
                         const void *value)
{
    enum status status = STATUS_OK;

    TRY(may_change(scope, store));
    if (store->phase != PHASE_IDLE)
        return change(scope, store, value);
    TRY(store_begin(scope, store));
    status = change(scope, store, value);
    if (status == STATUS_OK)
        return store_commit(scope, store);
    store_rollback(store);
    return status;
}

enum status store_start_load(struct scope *scope, struct store *store,
                             const struct load_table *tables, size_t count)
{
    TRY(may_change(scope, store));
    if (store->phase != PHASE_IDLE)
        return scope_fail(scope, CAUSE_INTERNAL, "a transaction or load is open already");
    TRY(store->ops->load_begin(scope, store, tables, count));
    store->phase = PHASE_LOAD;
    store->last_loaded = -1;
    return STATUS_OK;
}

static enum status must_load(struct scope *scope, const struct store *store)
{
    TRY(may_change(scope, store));
    if (store->phase != PHASE_LOAD)
        return scope_fail(scope, CAUSE_INTERNAL, "no load was begun");
    return STATUS_OK;
}

enum status store_load_row(struct scope *scope, struct store *store, size_t table,
                           const struct cell *cells, size_t count)
{
    enum status status = STATUS_OK;

    TRY(must_load(scope, store));
    status = store->ops->load_row(scope, store, table, cells, count);
    if (status != STATUS_OK)
        store->phase = PHASE_LOAD_FAILED;
    return status;
}

enum status store_finish_load(struct scope *scope, struct store *store)
{
    enum status status = STATUS_OK;

    TRY(must_load(scope, store));
    status = store->ops->load_end(scope, store);
    store->phase = status == STATUS_OK ? PHASE_IDLE : PHASE_LOAD_FAILED;
    return status;
}

/* Reads one row, so that the file or the server has to answer. */
enum status store_ping(struct scope *scope, struct store *store)
{
    static const struct query ping = {QUERY_PING, "SELECT name, value FROM store_state "
                                                  "WHERE name = 'loading'"};
    const struct request request = {.query = &ping};

    return store_run(scope, store, &request, 1);
}
