/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a batch stands. A row is overwritten: it says nothing of a person.
 */
#include "store/store_columns.h"
#include "store/store_rows.h"
#include "store/store_standing.h"

enum { JOB_RUNNING = 1, JOB_DONE = 2 };

static const struct query find_job = {QUERY_JOB,
                                      "SELECT " JOB_NAMES " FROM job WHERE kind = $1 AND day = $2"};

static const struct query put_job = {
    QUERY_JOB_PUT,
    "INSERT INTO job (" JOB_NAMES ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT (kind, day) DO UPDATE SET state = excluded.state, next_person = "
    "excluded.next_person, executed = excluded.executed, failed = excluded.failed, lapsed = "
    "excluded.lapsed, documents = excluded.documents, changed = excluded.changed, recorded = "
    "excluded.recorded"};

enum status store_find_job(struct scope *scope, struct store *store, struct job *job)
{
    const struct cell key[] = {CELL_OF_TEXT(text_of(job->kind)), CELL_OF_NUMBER(job->day.yyyymmdd)};
    struct row_list rows = {.table = TABLE_JOB};
    const struct request request = {&find_job, key, 2, row_keep, &rows};
    const struct cell *cells = NULL;

    TRY(store_run(scope, store, &request, 1));
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    cells = row_at(&rows, 0);
    job->done = cells[2].number == JOB_DONE;
    job->next_person = cells[3].number;
    job->executed = cells[4].number;
    job->failed = cells[5].number;
    job->lapsed = cells[6].number;
    job->documents = cells[7].number;
    job->changed = cells[8].number;
    return STATUS_OK;
}

static const struct query find_last = {
    QUERY_JOB_LAST, "SELECT " JOB_NAMES " FROM job WHERE kind = $1 ORDER BY day DESC LIMIT 1"};

enum status store_find_last_job(struct scope *scope, struct store *store, const char *kind,
                                struct date *out)
{
    const struct cell key = CELL_OF_TEXT(text_of(kind));
    struct row_list rows = {.table = TABLE_JOB};
    const struct request request = {&find_last, &key, 1, row_keep, &rows};

    TRY(store_run(scope, store, &request, 1));
    *out = rows.count > 0 ? DATE((int32_t)row_at(&rows, 0)[1].number) : DATE_NONE;
    return STATUS_OK;
}

static enum status put(struct scope *scope, struct store *store, const void *value)
{
    const struct job *job = value;
    const struct cell cells[JOB_COLUMNS] = {
        CELL_OF_TEXT(text_of(job->kind)),
        CELL_OF_NUMBER(job->day.yyyymmdd),
        CELL_OF_NUMBER(job->done ? JOB_DONE : JOB_RUNNING),
        CELL_OF_NUMBER(job->next_person),
        CELL_OF_NUMBER(job->executed),
        CELL_OF_NUMBER(job->failed),
        CELL_OF_NUMBER(job->lapsed),
        CELL_OF_NUMBER(job->documents),
        CELL_OF_NUMBER(job->changed),
        CELL_OF_NUMBER(scope->now.microseconds),
    };
    const struct request request = {.query = &put_job, .values = cells, .value_count = JOB_COLUMNS};

    TRY(row_check_put(scope, TABLE_JOB, cells));
    return store_run(scope, store, &request, 1);
}

enum status store_put_job(struct scope *scope, struct store *store, const struct job *job)
{
    return store_change(scope, store, put, job);
}
