/* SPDX-License-Identifier: Apache-2.0
 *
 * store_engine.h - what lies between the queries and a database: cells, requests, operations.
 *
 * A query is one SQL text that both engines understand, with parameters $1, $2 ... Its values and
 * its rows are arrays of cells: an integer or a text. An engine prepares a query at its first use
 * and keeps it for the life of the connection. Only store.c calls the operations.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "base/text.h"
#include "store/store.h"

enum cell_kind {
    CELL_NULL,
    CELL_NUMBER,
    CELL_TEXT,
    CELL_OTHER, /* a type that no column of ours has */
};

struct cell {
    enum cell_kind kind;
    int64_t number;
    struct text text; /* in a row: borrowed from the engine until the reader returns */
};

#define CELL_OF_NUMBER(number_) ((struct cell){.kind = CELL_NUMBER, .number = (number_)})
#define CELL_OF_TEXT(text_) ((struct cell){.kind = CELL_TEXT, .text = (text_)})

/* One enumerator a query: where a connection keeps its prepared statement. */
enum query_id {
    QUERY_PING,
    QUERY_SCHEMA_VERSION,
    QUERY_SCHEMA_RECORD,
    QUERY_STATE_FIND,
    QUERY_STATE_PUT,
    QUERY_CARD_HOLDER,
    QUERY_CERTIFICATE,
    QUERY_CERTIFICATE_RETIRE,
    QUERY_CERTIFICATE_PUT,
    QUERY_PERSON,
    QUERY_PERSON_AS_OF,
    QUERY_PERSON_RETIRE,
    QUERY_PERSON_PUT,
    QUERY_PERSON_ANY,
    QUERY_COVERAGE_AS_OF,
    QUERY_COVERAGE_RETIRE,
    QUERY_COVERAGE_PUT,
    QUERY_ELDERLY,
    QUERY_ELDERLY_AS_OF,
    QUERY_ELDERLY_RETIRE,
    QUERY_ELDERLY_PUT,
    QUERY_LIMIT,
    QUERY_LIMIT_AS_OF,
    QUERY_LIMIT_RETIRE,
    QUERY_LIMIT_PUT,
    QUERY_DISEASE,
    QUERY_DISEASE_AS_OF,
    QUERY_DISEASE_RETIRE,
    QUERY_DISEASE_PUT,
    QUERY_MATCHES,
    QUERY_KEY_DELETE,
    QUERY_KEY_PUT,
    QUERY_INSTITUTION,
    QUERY_INSTITUTION_RETIRE,
    QUERY_INSTITUTION_PUT,
    QUERY_INSURER,
    QUERY_INSURERS,
    QUERY_INSURER_RETIRE,
    QUERY_INSURER_PUT,
    QUERY_PERSON_KEY_PUT,
    QUERY_PERSON_KEY_FIND,
    QUERY_PERSON_KEY_OF,
    QUERY_REGISTER_REQUEST,
    QUERY_REGISTER_REQUEST_ALL,
    QUERY_REGISTER_CHECK,
    QUERY_REGISTER_WAITING,
    QUERY_REGISTER_DIFFERENCES,
    QUERY_REGISTER_COUNT,
    QUERY_REGISTER_RETIRE,
    QUERY_REGISTER_SETTLE,
    QUERY_REGISTER_PERSON_RETIRE,
    QUERY_REGISTER_PERSON_PUT,
    QUERY_FILINGS,
    QUERY_FILINGS_ENDED,
    QUERY_FILING_RETIRE,
    QUERY_FILING_PUT,
    QUERY_FILING_DELETE,
    QUERY_PROTECTION_RETIRE,
    QUERY_PROTECTION_PUT,
    QUERY_NOTICE_PUT,
    QUERY_NOTICE_OF_PERSON,
    QUERY_NOTICES,
    QUERY_REGISTER_CURSOR,
    QUERY_REGISTER_CURSOR_PUT,
    QUERY_PERSON_ROW,
    QUERY_REGISTRATIONS,
    QUERY_REGISTRATION_RETIRE,
    QUERY_REGISTRATION_PUT,
    QUERY_CERTIFICATES_OF_PERSON,
    QUERY_DEVICE,
    QUERY_DEVICE_BY_CODE,
    QUERY_DEVICE_COUNT,
    QUERY_DEVICE_RETIRE,
    QUERY_DEVICE_PUT,
    QUERY_DEVICE_DROP,
    QUERY_CONSENT,
    QUERY_CONSENTS_OF_PERSON,
    QUERY_CONSENTS,
    QUERY_CONSENT_RETIRE,
    QUERY_CONSENT_PUT,
    QUERY_MEMBER,
    QUERY_MEMBERS,
    QUERY_MEMBERS_OF_PERSON,
    QUERY_MEMBER_COUNT,
    QUERY_MEMBER_RETIRE,
    QUERY_MEMBER_PUT,
    QUERY_MEMBER_DELETE,
    QUERY_COVERAGE_DELETE,
    QUERY_ELDERLY_DELETE,
    QUERY_LIMIT_DELETE,
    QUERY_DISEASE_DELETE,
    QUERY_COVERAGE_NEXT,
    QUERY_PERSON_NEXT,
    QUERY_ELDERLY_ONE,
    QUERY_LIMIT_ONE,
    QUERY_DISEASE_ONE,
    QUERY_COVERAGE_ONE,
    QUERY_KEY_DROP,
    QUERY_CLOCK_PUT,
    QUERY_CLOCKS_LATE,
    QUERY_CLOCKS_LATE_NEXT,
    QUERY_FILE_FIND,
    QUERY_FILES_ALL,
    QUERY_FILE_PUT,
    QUERY_FILES,
    QUERY_DEREGISTRATIONS,
    QUERY_DEREGISTRATION_RETIRE,
    QUERY_DEREGISTRATION_PUT,
    QUERY_DOCUMENTS,
    QUERY_DOCUMENT_RETIRE,
    QUERY_DOCUMENT_PUT,
    QUERY_NEEDS,
    QUERY_NEED_RETIRE,
    QUERY_NEED_PUT,
    QUERY_POLICIES,
    QUERY_POLICIES_OF_INSURER,
    QUERY_POLICY_RETIRE,
    QUERY_POLICY_PUT,
    QUERY_JOB,
    QUERY_JOB_LAST,
    QUERY_JOB_PUT,
    QUERY_INSURED,
    QUERY_SCAN_NEXT,
    QUERY_SCAN_LAST,
    QUERY_SCAN_PEOPLE,
    QUERY_SCAN_COVERAGES,
    QUERY_SCAN_CERTIFICATES,
    QUERY_SCAN_DEREGISTRATIONS,
    QUERY_SCAN_DOCUMENTS,
    QUERY_SCAN_NEEDS,
    QUERY_SCAN_MEMBERS,
    QUERY_SCAN_LOSSES,
    QUERY_SCAN_NAMES,
    QUERY_SCAN_CARD_USES,
    QUERY_CARD_USE_ADD,
    QUERY_CARD_USE_DROP,
    QUERY_USE_POSITION_BEGIN,
    QUERY_USE_POSITION,
    QUERY_USE_POSITION_PUT,
    QUERY_USE_POSITION_LAST,
    QUERY_COUNT
};

/* Most parameters of a query, most columns of a row. */
#define PARAMETERS_MAX 24
#define COLUMNS_MAX 48

struct query {
    enum query_id id;
    const char *sql;
};

/* Takes one row. cells may be changed; a failure ends the query and is passed up. */
typedef enum status (*row_reader)(struct scope *scope, struct cell *cells, size_t count,
                                  void *context);

/* A query with its values. */
struct request {
    const struct query *query;
    const struct cell *values; /* NUMBER or TEXT */
    size_t value_count;
    row_reader read; /* NULL for a query without rows */
    void *context;
};

/* A table that is loaded by rows of cells, in the order of its columns. */
struct load_table {
    const char *name;
    const char *key;   /* primary key, to be sorted by at the end; NULL: rows come in its order */
    const char *types; /* a letter a column: 't' text, 'i' 32 bits, 'l' 64 bits */
    const char *index; /* columns of the index <name>_by_person, built anew at the end; or NULL */
};

struct store_ops {
    const char *name;
    /*
     * Runs requests in order and hands their rows to the readers. Several requests outside of a
     * transaction see one snapshot. Fails: UNAVAILABLE, CORRUPT, ALREADY_EXISTS, or as a reader
     * did.
     */
    enum status (*run)(struct scope *scope, struct store *store, const struct request *requests,
                       size_t count);
    /*
     * From hold to release all reads see one state, where the engine can do that without a further
     * round; returns whether it does. Outside of transactions only; release accepts what was not
     * held.
     */
    bool (*hold)(struct store *store);
    void (*release)(struct store *store);
    /* Runs a script of several statements without parameters: migrations. */
    enum status (*script)(struct scope *scope, struct store *store, const char *sql);
    enum status (*begin)(struct scope *scope, struct store *store);
    enum status (*commit)(struct scope *scope, struct store *store);
    void (*rollback)(struct store *store);
    /* The load of a new world: begin, rows of tables by number, end. tables live for ever. */
    enum status (*load_begin)(struct scope *scope, struct store *store,
                              const struct load_table *tables, size_t count);
    enum status (*load_row)(struct scope *scope, struct store *store, size_t table,
                            const struct cell *cells, size_t count);
    enum status (*load_end)(struct scope *scope, struct store *store);
    void (*close)(struct store *store);
};

/* What a store is doing, and so what it may do next. */
enum store_phase {
    PHASE_IDLE,
    PHASE_TRANSACTION,
    PHASE_TRANSACTION_FAILED, /* only a rollback helps */
    PHASE_LOAD,
    PHASE_LOAD_FAILED,
};

struct store {
    const struct store_ops *ops; /* every member set: store.c asserts it */
    enum store_phase phase;
    bool writable;
    int64_t last_loaded; /* person_id of the last person loaded */
};

/* --- the operations, for the queries (store.c) ------------------------------------------------ */

MUST_CHECK enum status store_run(struct scope *scope, struct store *store,
                                 const struct request *requests, size_t count);
bool store_hold(struct store *store);
void store_release(struct store *store);
MUST_CHECK enum status store_script(struct scope *scope, struct store *store, const char *sql);
/*
 * Runs a change in the transaction that is open, or in one of its own. Refuses a store that was
 * opened to read, or whose transaction has failed.
 */
typedef enum status (*store_changer)(struct scope *scope, struct store *store, const void *value);
MUST_CHECK enum status store_change(struct scope *scope, struct store *store, store_changer change,
                                    const void *value);
MUST_CHECK enum status store_start_load(struct scope *scope, struct store *store,
                                        const struct load_table *tables, size_t count);
MUST_CHECK enum status store_load_row(struct scope *scope, struct store *store, size_t table,
                                      const struct cell *cells, size_t count);
MUST_CHECK enum status store_finish_load(struct scope *scope, struct store *store);

/* --- migrations (store_schema.c) ---------------------------------------------------------------
 */

struct store_migration {
    int version;
    const char *name;
    const char *sql; /* both engines; see src/store/README.md */
};

/* Made from sql/ by the build, in order, versions 1, 2, 3 ... */
extern const struct store_migration store_migrations[];
extern const size_t store_migration_count;

/* Applies what is missing. */
MUST_CHECK enum status store_migrate(struct scope *scope, struct store *store);
/* The same for a store that must be there already; CORRUPT where there is none. */
MUST_CHECK enum status store_upgrade(struct scope *scope, struct store *store);
/* Fails with STORE_CORRUPT where the schema is not the one of this program, or a load broke off. */
MUST_CHECK enum status store_check_schema(struct scope *scope, struct store *store);

/* --- engines -----------------------------------------------------------------------------------
 */

MUST_CHECK enum status db_sqlite_open(struct scope *scope, const char *path, enum store_mode mode,
                                      struct store **out);
MUST_CHECK enum status db_postgres_open(struct scope *scope, const char *conninfo,
                                        enum store_mode mode, struct store **out);
