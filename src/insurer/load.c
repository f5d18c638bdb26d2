/* SPDX-License-Identifier: Apache-2.0 */
#include "insurer/load.h"

#include <string.h>
#include <time.h>

#include "domain/coverage.h"
#include "domain/policy.h"
#include "insurer/reply_file.h"

#define CHECKPOINT_ROWS 20000
#define GROUP_MEMORY ((size_t)32 * 1024 * 1024) /* a person with all that one may have */
#define PERCENT 100

/* One load. */
struct load {
    const struct registration_order *order;
    struct registration_outcome *out;
    struct file_facts facts;
    struct file_source source;
    struct reply_file reply;
    struct draft_context context;
    struct scope group; /* the rows of one key */
    struct registration_row *rows;
    struct registration_finding *findings;
    size_t row_count;    /* of the group */
    struct text pending; /* the record behind the group, in the reader's buffer */
    struct instant visible;
    int64_t started;     /* monotonic clock, microseconds */
    struct instant base; /* of the transaction; its rows follow one another by a microsecond each */
    int64_t base_row;
};

static int64_t monotonic(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void load_end(struct load *load)
{
    file_source_close(&load->source);
    reply_file_close(&load->reply);
    scope_end(&load->group);
}

/* --- groups -------------------------------------------------------------------------------------
 */

/* The key as it stands: what lies between the second comma and the third. */
static struct text key_as_written(struct text raw)
{
    const char *last = raw.bytes + raw.size;
    const char *at = raw.bytes;
    const char *comma = NULL;

    for (int i = 0; i < 2 && at; i++) {
        at = memchr(at, ',', (size_t)(last - at));
        at = at ? at + 1 : NULL;
    }
    comma = at ? memchr(at, ',', (size_t)(last - at)) : NULL;
    return comma ? (struct text){at, (size_t)(comma - at)} : (struct text){0};
}

/* Fetches the next record; it stays the pending one until it is taken. */
static enum status fetch(struct scope *scope, struct load *load)
{
    enum status status = csv_next(scope, &load->source.reader, &load->pending);

    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_REGISTRATION_CUT, "the file became shorter meanwhile");
    return status;
}

static enum status pass_up(struct scope *scope, const struct scope *inner, enum status status)
{
    if (status == STATUS_OK || inner == scope)
        return status;
    if (inner->cause == CAUSE_NONE)
        return scope_fail(scope, CAUSE_INTERNAL, "a row failed without a cause");
    return scope_fail(scope, inner->cause, "%s", inner->failure);
}

static enum status take_pending(struct scope *scope, struct load *load)
{
    struct csv_record record;
    size_t at = load->row_count;

    TRY(pass_up(scope, &load->group, csv_split(&load->group, load->pending, &record)));
    registration_row_read(&record, &load->rows[at], &load->findings[at]);
    load->row_count++;
    return STATUS_OK;
}

/* A row that takes the person away ends its group: what follows may be another person. */
static bool ends_group(const struct load *load)
{
    const struct registration_row *row = &load->rows[load->row_count - 1];

    return load->row_count == DRAFT_ROWS_MAX ||
           (load->findings[load->row_count - 1].cause == CAUSE_NONE && row->type == ROW_PERSON &&
            row->op == OP_CANCEL);
}

/* Rows that stand together and have one key. */
static enum status read_group(struct scope *scope, struct load *load, int64_t rows_left)
{
    char first[CSV_RECORD_MAX];
    struct text key = key_as_written(load->pending);
    bool quoted = key.size > 0 && key.bytes[0] == '"'; /* may hold commas: a group of its own */

    memcpy(first, key.bytes ? key.bytes : "", key.size);
    scope_reset(&load->group);
    load->row_count = 0;
    do {
        TRY(take_pending(scope, load));
        TRY(fetch(scope, load));
        if (--rows_left == 0 || quoted || ends_group(load))
            return STATUS_OK;
    } while (text_equal(key_as_written(load->pending), (struct text){first, key.size}));
    return STATUS_OK;
}

static enum status apply_group(struct load *load)
{
    struct member_draft draft;
    size_t first = 0;

    while (first < load->row_count && load->findings[first].cause != CAUSE_NONE)
        first++;
    if (first == load->row_count)
        return STATUS_OK; /* no row of it could be read */
    TRY(member_draft_begin(&load->group, &load->context, &load->rows[first], load->row_count,
                           &draft));
    for (size_t i = first; i < load->row_count; i++)
        if (load->findings[i].cause == CAUSE_NONE)
            TRY(member_draft_apply(&load->group, &draft, &load->rows[i], &load->findings[i]));
    return member_draft_write(&load->group, &draft);
}

static enum status answer_group(struct scope *scope, struct load *load)
{
    struct registration_file *file = &load->out->file;

    for (size_t i = 0; i < load->row_count; i++) {
        const struct registration_reply reply = {
            .row = file->next_row,
            .finding = load->findings[i],
            .difference = -1, /* the comparison comes later: register_check */
            .visible = load->visible,
        };
        int result = registration_result(&reply.finding);
        file->accepted += result == 0;
        file->warned += result == 1;
        file->refused += result == 2;
        file->next_row++;
        TRY(reply_file_add(scope, &load->reply, &reply));
    }
    return STATUS_OK;
}

/* --- transactions -------------------------------------------------------------------------------
 */

static int64_t rows_left(const struct load *load)
{
    return load->out->file.rows - load->out->file.next_row + 1;
}

static enum status apply_rows(struct scope *scope, struct load *load, int64_t upto)
{
    while (rows_left(load) > 0 && load->out->file.next_row < upto) {
        TRY(read_group(scope, load, rows_left(load)));
        load->group.now =
            (struct instant){load->base.microseconds + load->out->file.next_row - load->base_row};
        TRY(pass_up(scope, &load->group, apply_group(load)));
        TRY(answer_group(scope, load));
    }
    return STATUS_OK;
}

/* What the rows so far come to, into the transaction that has them. */
static enum status put_checkpoint(struct scope *scope, struct load *load)
{
    struct registration_file *file = &load->out->file;

    if (rows_left(load) == 0) {
        TRY(reply_file_end(scope, &load->reply, file));
        file->state = FILE_DONE;
    }
    file->next_byte = load->source.reader.offset - (int64_t)load->pending.size;
    file->reply_size = load->reply.size;
    TRY(reply_file_sync(scope, &load->reply));
    return load->order->dry_run ? STATUS_OK
                                : store_put_registration_file(scope, load->order->store, file);
}

/* Somebody else may load the same file: inside of the transaction it must stand where we left it.
 */
static enum status check_stand(struct scope *scope, const struct load *load)
{
    const struct registration_file *ours = &load->out->file;
    struct registration_file found = {0};
    enum status status = store_find_registration_file(scope, load->order->store, ours->insurer,
                                                      ours->sha256, &found);

    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    if (status == STATUS_NOT_FOUND || found.state == FILE_STOPPED)
        return ours->next_row == 1 ? STATUS_OK
                                   : scope_fail(scope, CAUSE_REGISTRATION_BUSY,
                                                "where the file stood is gone from the store");
    if (found.state != FILE_LOADING || found.next_row != ours->next_row)
        return scope_fail(scope, CAUSE_REGISTRATION_BUSY, "another load of the file goes on");
    return STATUS_OK;
}

/* When the transaction's rows are registered. Time that stands still moves on with the rows. */
static void set_base(const struct scope *scope, struct load *load)
{
    int64_t passed =
        load->order->fixed_time ? load->out->file.next_row : monotonic() - load->started;

    load->base = (struct instant){scope->now.microseconds + passed};
    load->base_row = load->out->file.next_row;
}

/* Lists are written for the insurers of the store: one that is new there must not be passed over. */
static enum status know_insurer(struct scope *scope, const struct load *load)
{
    const struct insurer ours = {.number = load->context.insurer}; /* its name is in no file */
    struct insurer *insurers = NULL;
    size_t count = 0;

    TRY(store_list_insurers(scope, load->order->store, &insurers, &count));
    for (size_t i = 0; i < count; i++)
        if (insurer_number_equal(insurers[i].number, ours.number))
            return STATUS_OK;
    return store_put_insurer(scope, load->order->store, &ours);
}

static enum status run_transaction(struct scope *scope, struct load *load)
{
    struct store *store = load->order->store;
    int64_t rows = load->order->checkpoint ? load->order->checkpoint : CHECKPOINT_ROWS;
    int64_t first_person = 0;

    TRY(check_stand(scope, load));
    if (load->out->file.next_row == 1)
        TRY(know_insurer(scope, load));
    set_base(scope, load);
    TRY(store_next_person_id(scope, store, &load->context.next_person));
    first_person = load->context.next_person;
    TRY(apply_rows(scope, load,
                   load->order->dry_run ? INT64_MAX : load->out->file.next_row + rows));
    load->out->new_people += load->context.next_person - first_person;
    return put_checkpoint(scope, load);
}

static enum status transact(struct scope *scope, struct load *load)
{
    struct store *store = load->order->store;
    enum status status = STATUS_OK;

    TRY(store_begin(scope, store));
    status = run_transaction(scope, load);
    if (status == STATUS_OK && !load->order->dry_run)
        return store_commit(scope, store);
    store_rollback(store);
    return status;
}

static bool stopped(const struct load *load)
{
    return load->order->stop && atomic_load(load->order->stop);
}

static enum status apply_file(struct scope *scope, struct load *load)
{
    const struct file_watch *watch = &load->order->watch;

    TRY(file_source_seek(scope, &load->source, load->out->file.next_byte));
    TRY(fetch(scope, load));
    while (load->out->file.state != FILE_DONE) {
        if (stopped(load))
            return scope_fail(scope, CAUSE_REGISTRATION_STOPPED, "%lld of %lld rows are loaded",
                              (long long)load->out->file.next_row - 1,
                              (long long)load->out->file.rows);
        TRY(transact(scope, load));
        if (watch->progress)
            watch->progress(watch->context, FILE_LOADED_ROWS, load->out->file.next_row - 1,
                            load->out->file.rows);
    }
    return STATUS_OK;
}

/* --- the file as a whole ------------------------------------------------------------------------
 */

static enum status check_insurer(struct scope *scope, const struct load *load)
{
    struct insurer_number wanted = load->order->insurer;
    struct insurer_number named = load->facts.header.insurer;
    int law = insurer_number_law(named);

    if (wanted.digits[0] != '\0' && !insurer_number_equal(wanted, named))
        return scope_fail(scope, CAUSE_REGISTRATION_INSURER, "the header names another insurer");
    if (law == LAW_DAY_LABOURER || law == LAW_DAY_LABOURER_SPECIAL)
        return scope_fail(scope, CAUSE_REGISTRATION_DAY_LABOURER, "E9: law number %02d", law);
    return STATUS_OK;
}

/* Many rows that take something away are a mistake more often than not: IaD 11, row 5. */
static enum status check_mass_change(struct scope *scope, struct load *load)
{
    int64_t members = 0;

    if (load->order->confirm_mass_change || load->facts.lessening < POLICY_MASS_CHANGE_LEAST)
        return STATUS_OK;
    TRY(store_count_members(scope, load->order->store, load->context.insurer, &members));
    if (load->facts.lessening * PERCENT <= members * POLICY_MASS_CHANGE_PERCENT)
        return STATUS_OK;
    load->out->file.state = FILE_STOPPED;
    if (!load->order->dry_run)
        TRY(store_put_registration_file(scope, load->order->store, &load->out->file));
    return scope_fail(scope, CAUSE_REGISTRATION_MASS_CHANGE,
                      "%lld rows take something away, of %lld members",
                      (long long)load->facts.lessening, (long long)members);
}

static struct registration_file file_anew(const struct load *load, struct instant now)
{
    struct registration_file file = {
        .insurer = load->facts.header.insurer,
        .rows = load->facts.header.rows,
        .state = FILE_LOADING,
        .begun = now,
        .next_row = 1,
        .next_byte = load->facts.first_byte,
    };

    memcpy(file.sha256, load->facts.sha256, sizeof file.sha256);
    return file;
}

/* Where the file stands: new, under way, or done. */
static enum status find_stand(struct scope *scope, struct load *load)
{
    struct registration_file *file = &load->out->file;
    enum status status = store_find_registration_file(
        scope, load->order->store, load->facts.header.insurer, load->facts.sha256, file);

    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && file->state == FILE_STOPPED)) {
        *file = file_anew(load, scope->now);
        return STATUS_OK;
    }
    TRY(status);
    load->out->loaded_before = file->state == FILE_DONE;
    load->out->resumed = !load->out->loaded_before && file->next_row > 1;
    if (load->order->dry_run && load->out->resumed)
        return scope_fail(scope, CAUSE_REGISTRATION_BUSY, "the file is loaded in part already");
    return STATUS_OK;
}

static enum status begin_rows(struct scope *scope, struct load *load)
{
    const struct registration_file *file = &load->out->file;

    load->visible = (struct instant){file->begun.microseconds +
                                     (int64_t)POLICY_REGISTRATION_VISIBLE_MINUTES * 60 * 1000000};
    TRY(scope_alloc(scope, DRAFT_ROWS_MAX, sizeof *load->rows, &load->rows));
    TRY(scope_alloc(scope, DRAFT_ROWS_MAX, sizeof *load->findings, &load->findings));
    TRY(reply_file_open(scope, load->order->reply, file->reply_size, &load->reply));
    return file->reply_size == 0 ? reply_file_begin(scope, &load->reply, file) : STATUS_OK;
}

static enum status load_file(struct scope *scope, struct load *load)
{
    TRY(file_source_open(scope, load->order->file, load->order->descriptor, &load->source));
    TRY(file_source_verify(scope, &load->source, &load->order->watch, &load->facts));
    load->out->lessening = load->facts.lessening;
    load->context.insurer = load->facts.header.insurer;
    TRY(check_insurer(scope, load));
    TRY(find_stand(scope, load));
    if (load->out->loaded_before)
        return STATUS_OK;
    if (!load->out->resumed)
        TRY(check_mass_change(scope, load));
    TRY(begin_rows(scope, load));
    return apply_file(scope, load);
}

enum status registration_load(struct scope *scope, const struct registration_order *order,
                              struct registration_outcome *out)
{
    CLEANUP(load_end)
    struct load load = {
        .order = order,
        .out = out,
        .source = {.file = -1},
        .reply = {.file = -1},
        .group = scope_begin_at(GROUP_MEMORY, scope->now),
        .started = monotonic(),
        .context = {.store = order->store,
                    .key = order->key,
                    .lookup = order->lookup,
                    .dry_run = order->dry_run},
    };

    *out = (struct registration_outcome){0};
    return load_file(scope, &load);
}
