/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/invitations.h"

#include <string.h>

#include "batch/list_files.h"
#include "batch/member_label.h"
#include "batch/month_folder.h"
#include "store/store_finder.h"
#include "store/store_register.h"

#define RUN_SCOPE_LIMIT (64UL * 1024 * 1024)

enum status invitation_cities_make(struct scope *scope, const struct insurer *insurers,
                                   size_t count, struct invitation_cities *out)
{
    *out = (struct invitation_cities){0};
    TRY(scope_alloc(scope, count + 1, sizeof *out->items, &out->items));
    for (size_t i = 0; i < count; i++)
        if (residence_city_of(insurers[i].number, insurers[i].name, &out->items[out->count]))
            out->count++;
    return STATUS_OK;
}

/* --- one person ---------------------------------------------------------------------------------
 */

/* What the resident register told of since, beside its comparisons. */
struct news {
    bool died, moved;
};

static enum status read_news(struct scope *scope, struct store *store, int64_t person_id,
                             struct date on, struct news *out)
{
    struct register_notice *notices = NULL;
    struct register_check check = {0};
    size_t count = 0;
    enum status status = store_find_register_check(scope, store, person_id, &check);

    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    TRY(store_list_person_notices(scope, store, person_id, &notices, &count));
    *out = (struct news){0};
    for (size_t i = 0; i < count; i++) {
        out->died |= notices[i].kind == REGISTER_NOTICE_DEATH && !date_before(on, notices[i].day);
        out->moved |= notices[i].kind == REGISTER_NOTICE_ADDRESS &&
                      notices[i].recorded.microseconds > check.compared.microseconds;
    }
    return STATUS_OK;
}

/* The key that an insurer has for the person; "" where it has none. */
static enum status own_key(struct scope *scope, struct store *store, const struct person *person,
                           struct insurer_number insurer, struct text *out)
{
    struct member *members = NULL;
    size_t count = 0;

    *out = TEXT("");
    TRY(store_list_person_members(scope, store, person->person_id, &members, &count));
    for (size_t i = 0; i < count && text_empty(*out); i++)
        if (insurer_number_equal(members[i].insurer, insurer))
            *out = members[i].key;
    return STATUS_OK;
}

static enum status tell(struct scope *scope, struct store *store,
                        const struct invitations_order *order, const struct person *person,
                        struct invitation_row *row, struct invitations_figures *figures)
{
    if (order->insurer.digits[0] && !insurer_number_equal(order->insurer, row->to))
        return STATUS_OK;
    if (row->way == INVITATION_BY_CITY) {
        row->person = person;
        TRY(own_key(scope, store, person, row->to, &row->key));
    }
    figures->rows[row->way]++;
    return order->row(scope, order->context, row);
}

/* due->lost: of a person that holds no more than a standing. */
static enum status invite(struct scope *scope, struct store *store,
                          const struct invitations_order *order, int64_t person_id,
                          const struct invitation *due, struct invitations_figures *figures)
{
    const struct residence_city *city = NULL;
    struct person person = {0};
    struct news news;
    struct invitation_row row = {.to = due->lost->insurer,
                                 .key = TEXT(""),
                                 .lost = due->lost->until,
                                 .reason = due->lost->loss_reason};

    TRY(read_news(scope, store, person_id, order->on, &news));
    if (news.died)
        return STATUS_OK;
    TRY(store_find_person(scope, store, person_id, &person));
    city = residence_find(order->cities.items, order->cities.count, person.address);
    row.way = invitation_way_of(&person, news.moved, city != NULL);
    if (city && row.way == INVITATION_BY_CITY)
        row.to = city->insurer;
    else
        TRY(member_label(scope, store, &person, due->lost, &row.key));
    return tell(scope, store, order, &person, &row, figures);
}

/* --- many ---------------------------------------------------------------------------------------
 */

static bool is_wanted(const struct invitations_order *order, const struct invitation *due)
{
    return !date_before(due->month, date_first_of_month(order->from)) &&
           !date_before(order->to, due->month);
}

/* Before the losses are asked for: a late one makes it later, never sooner. */
static bool may_be_due(const struct invitations_order *order, const struct person *person)
{
    const struct invitation_facts facts = {.person = person, .on = order->on};
    struct invitation due;

    return invitation_due(&facts, &due) && !date_before(order->to, due.month);
}

static bool anybody_may(const struct invitations_order *order, const struct standing_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        if (may_be_due(order, &run->standings[i].person))
            return true;
    return false;
}

enum status invitations_of_run(struct scope *scope, struct store *store,
                               const struct invitations_order *order,
                               const struct standing_run *run, struct invitations_figures *figures)
{
    struct coverage_loss *losses = NULL;
    size_t loss_count = 0;
    size_t at = 0;

    figures->people += (int64_t)run->count;
    if (!anybody_may(order, run))
        return STATUS_OK;
    TRY(store_list_losses(scope, store, run->standings[0].person.person_id, run->next, &losses,
                          &loss_count));
    for (size_t i = 0; i < run->count; i++) {
        const struct person *person = &run->standings[i].person;
        struct invitation_facts facts = {.person = person, .on = order->on};
        struct invitation due;
        while (at < loss_count && losses[at].person_id < person->person_id)
            at++;
        facts.losses = losses ? &losses[at] : NULL;
        while (at + facts.loss_count < loss_count &&
               losses[at + facts.loss_count].person_id == person->person_id)
            facts.loss_count++;
        if (invitation_due(&facts, &due) && is_wanted(order, &due))
            TRY(invite(scope, store, order, person->person_id, &due, figures));
    }
    return STATUS_OK;
}

enum status invitations_read(struct scope *scope, struct store *store,
                             const struct invitations_order *order,
                             struct invitations_figures *figures)
{
    struct standing_run run = {0};

    while (!run.last) {
        CLEANUP(scope_end) struct scope round = scope_begin_at(RUN_SCOPE_LIMIT, scope->now);
        if (store_read_standings(&round, store, run.next, &run) != STATUS_OK ||
            invitations_of_run(&round, store, order, &run, figures) != STATUS_OK)
            return scope_fail(scope, round.cause, "%s", round.failure);
    }
    return STATUS_OK;
}

/* --- files --------------------------------------------------------------------------------------
 */

static void drop_lists(struct list_files **lists)
{
    list_files_drop(*lists);
}

enum status invitation_row_add(struct scope *scope, void *context, const struct invitation_row *row)
{
    char bytes[INVITATION_ROW_MAX];
    size_t size = invitation_row_write(row, bytes);

    if (size == 0)
        return scope_fail(scope, CAUSE_INTERNAL, "a row is larger than the room for it");
    return list_files_add(scope, context, row->to, bytes, size);
}

enum status invitation_files_write(struct scope *scope, struct store *store,
                                   const struct invitations_order *order,
                                   const struct invitation_files_order *files,
                                   struct invitations_figures *figures)
{
    CLEANUP(month_folder_end) struct month_folder folder = {.lock = -1};
    CLEANUP(drop_lists) struct list_files *lists = NULL;
    struct invitations_order writing = *order;
    struct list_file_figures *made = NULL;
    size_t count = 0;
    char name[32] = "invitations-";
    const struct list_files_order listing = {.folder = folder.part,
                                             .suffix = "",
                                             .insurers = files->insurers,
                                             .count = files->count,
                                             .created = order->on};

    date_write_iso(order->on, name + sizeof "invitations-" - 1);
    TRY(month_folder_begin_named(scope, files->out, name, &folder));
    TRY(list_files_begin(scope, &listing, &lists));
    writing.row = invitation_row_add;
    writing.context = lists;
    TRY(invitations_read(scope, store, &writing, figures));
    TRY(list_files_finish(scope, lists, &made, &count));
    return month_folder_publish(scope, &folder, made, count);
}
