/* SPDX-License-Identifier: Apache-2.0
 *
 * store_put.h - a change as a list of requests, gathered first and run in one round.
 */
#pragma once

#include "store/store_rows.h"

struct change {
    struct request *requests;
    size_t count, capacity;
};

/* Adds one request; values live as long as the scope. */
MUST_CHECK enum status change_add(struct scope *scope, struct change *change,
                                  const struct query *query, const struct cell *values,
                                  size_t count);
/*
 * Adds what putting a row takes. rows: those that the store holds, brought up to date here, so that
 * a key that is put twice in one change is right too. Fails with INVALID where a value cannot be.
 */
MUST_CHECK enum status change_put(struct scope *scope, struct change *change, struct row_list *rows,
                                  const struct cell *cells);
/* Adds what taking a row away takes: it moves to the history. former: as the store has it. */
MUST_CHECK enum status change_drop(struct scope *scope, struct change *change, enum table_id table,
                                   const struct cell *former);
/* The query that puts a row of a table, for rows that have no former one. */
const struct query *change_put_query(enum table_id table);
/*
 * R1, K3: ends the registration of a person whose certificates left a gap before this one, which
 * the store has not had before. Inside of a transaction, after the certificate was put.
 */
MUST_CHECK enum status
store_follow_certificate(struct scope *scope, struct store *store,
                         const struct authentication_certificate *certificate);
/* Adds a row that is not there (fresh), or replaces one whose key is there, without a look. */
MUST_CHECK enum status change_write(struct scope *scope, struct change *change, enum table_id table,
                                    const struct cell *cells, bool fresh);
/* Runs them all; inside of a transaction. */
MUST_CHECK enum status change_run(struct scope *scope, struct store *store,
                                  const struct change *change);
