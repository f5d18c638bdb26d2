/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/same_people.h"

#include <stdlib.h>
#include <string.h>

#include "batch/member_label.h"
#include "domain/coverage.h"
#include "domain/register_comparison.h"
#include "store/store_finder.h"
#include "store/store_register.h"

#define ROUND_LIMIT (64UL * 1024 * 1024)
#define MARKS_FIRST 4096
#define PAIRS_FIRST 256
#define TOLD_MAX 8 /* insurers of one record */

/* A record by what it is looked for. */
struct mark {
    uint64_t hash;
    int64_t person_id;
};

struct pair {
    int64_t a, b; /* a < b */
    enum same_person_answer answer;
};

struct finding {
    struct store *store;
    const struct same_people_order *order;
    struct same_people_figures *figures;
    struct mark *marks;
    size_t mark_count, mark_capacity, mark_max;
    struct pair *pairs;
    size_t pair_count, pair_capacity;
};

static void finding_drop(struct finding *finding)
{
    free(finding->marks);
    free(finding->pairs);
}

static enum status fail_memory(struct scope *scope)
{
    return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
}

/* Room for one more in an array of the heap. */
static bool grow(void **items, size_t count, size_t *capacity, size_t size, size_t first)
{
    size_t wider = *capacity ? 2 * *capacity : first;
    void *moved = NULL;

    if (count < *capacity)
        return true;
    moved = realloc(*items, wider * size);
    if (!moved)
        return false;
    *items = moved;
    *capacity = wider;
    return true;
}

/* --- marks --------------------------------------------------------------------------------------
 */

static uint64_t mix(uint64_t hash)
{
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
    return hash ^ (hash >> 33);
}

/* false: a name without letters, or none that can be compared. */
static bool hash_of(const struct person_name *name, uint64_t *out)
{
    char kana[REGISTER_ITEM_MAX + 1];
    uint64_t hash = 14695981039346656037U ^ (uint64_t)name->birth.yyyymmdd;

    if (!register_normalise_kana(name->kana, kana) || kana[0] == '\0')
        return false;
    for (const char *at = kana; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211U;
    *out = mix(hash);
    return true;
}

/* One page of people; those whose hash falls into the part. *full: they are more than may be. */
static enum status mark_page(struct scope *scope, struct finding *finding, size_t part,
                             size_t parts, int64_t *next, bool *full)
{
    struct person_name *names = NULL;
    size_t count = 0;

    TRY(store_list_names(scope, finding->store, *next, STANDING_RUN, &names, &count));
    for (size_t i = 0; i < count && !*full; i++) {
        struct mark mark = {0, names[i].person_id};
        if (!hash_of(&names[i], &mark.hash) || mark.hash % parts != part)
            continue;
        *full = finding->mark_count == finding->mark_max;
        if (*full)
            break;
        if (!grow((void **)&finding->marks, finding->mark_count, &finding->mark_capacity,
                  sizeof mark, MARKS_FIRST))
            return fail_memory(scope);
        finding->marks[finding->mark_count++] = mark;
    }
    if (part == 0 && !*full && finding->order->progress)
        finding->order->progress(finding->order->progress_context, (int64_t)count);
    if (part == 0)
        finding->figures->people += (int64_t)count;
    *next = count > 0 ? names[count - 1].person_id + 1 : -1;
    return STATUS_OK;
}

static enum status mark_part(struct scope *scope, struct finding *finding, size_t part,
                             size_t parts, bool *full)
{
    int64_t next = 0;

    finding->mark_count = 0;
    *full = false;
    if (part == 0)
        finding->figures->people = 0;
    while (next >= 0 && !*full) {
        CLEANUP(scope_end) struct scope round = scope_begin_at(ROUND_LIMIT, scope->now);
        if (mark_page(&round, finding, part, parts, &next, full) != STATUS_OK)
            return scope_fail(scope, round.cause, "%s", round.failure);
    }
    return STATUS_OK;
}

static int compare_marks(const void *a, const void *b)
{
    const struct mark *one = a;
    const struct mark *other = b;

    if (one->hash != other->hash)
        return one->hash < other->hash ? -1 : 1;
    return (one->person_id > other->person_id) - (one->person_id < other->person_id);
}

/* --- deciding -----------------------------------------------------------------------------------
 */

static enum status add_pair(struct scope *scope, struct finding *finding, struct pair pair)
{
    if (finding->pair_count == SAME_PEOPLE_PAIRS_MAX) {
        finding->figures->untold++;
        return STATUS_OK;
    }
    if (!grow((void **)&finding->pairs, finding->pair_count, &finding->pair_capacity, sizeof pair,
              PAIRS_FIRST))
        return fail_memory(scope);
    finding->pairs[finding->pair_count++] = pair;
    return STATUS_OK;
}

/* Someone who is gone since was read again is nobody: person stays NULL. */
static enum status read_record(struct scope *scope, struct store *store, int64_t person_id,
                               struct same_person_record *out)
{
    struct person *person = NULL;
    struct text link = {0};
    enum status status = STATUS_OK;

    *out = (struct same_person_record){0};
    TRY(scope_alloc(scope, 1, sizeof *person, &person));
    status = store_find_person(scope, store, person_id, person);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    status = store_find_link(scope, store, person_id, &link);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    *out = (struct same_person_record){person, status == STATUS_OK};
    return STATUS_OK;
}

/* Each with each; at most SAME_PEOPLE_GROUP. */
static enum status decide_group(struct scope *scope, struct finding *finding,
                                const struct mark *marks, size_t count)
{
    struct same_person_record records[SAME_PEOPLE_GROUP];

    for (size_t i = 0; i < count; i++)
        TRY(read_record(scope, finding->store, marks[i].person_id, &records[i]));
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            struct pair pair = {marks[i].person_id, marks[j].person_id, SAME_PERSON_NO};
            if (records[i].person && records[j].person)
                pair.answer = same_person_decide(&records[i], &records[j]);
            if (pair.answer != SAME_PERSON_NO)
                TRY(add_pair(scope, finding, pair));
        }
    return STATUS_OK;
}

/* The marks of one hash, from i on. */
static size_t group_size(const struct finding *finding, size_t i)
{
    size_t size = 1;

    while (i + size < finding->mark_count &&
           finding->marks[i + size].hash == finding->marks[i].hash)
        size++;
    return size;
}

static enum status decide_part(struct scope *scope, struct finding *finding)
{
    size_t size = 0;

    if (finding->mark_count > 0)
        qsort(finding->marks, finding->mark_count, sizeof *finding->marks, compare_marks);
    for (size_t i = 0; i < finding->mark_count; i += size) {
        size = group_size(finding, i);
        finding->figures->crowded += size > SAME_PEOPLE_GROUP;
        for (size_t at = 0; size > 1 && at < size; at += SAME_PEOPLE_GROUP) {
            CLEANUP(scope_end) struct scope round = scope_begin_at(ROUND_LIMIT, scope->now);
            size_t count = size - at > SAME_PEOPLE_GROUP ? SAME_PEOPLE_GROUP : size - at;
            if (decide_group(&round, finding, &finding->marks[i + at], count) != STATUS_OK)
                return scope_fail(scope, round.cause, "%s", round.failure);
        }
    }
    return STATUS_OK;
}

/* All people, in as many parts as the marks need: twice as many where one was too large. */
static enum status find_pairs(struct scope *scope, struct finding *finding)
{
    size_t parts = 1;
    size_t part = 0;

    while (part < parts) {
        bool full = false;
        TRY(mark_part(scope, finding, part, parts, &full));
        if (full && finding->mark_max > 0 && parts < SIZE_MAX / 2) {
            parts *= 2;
            part = 0;
            finding->pair_count = 0;
            finding->figures->crowded = finding->figures->untold = 0;
            continue;
        }
        TRY(decide_part(scope, finding));
        part++;
    }
    return STATUS_OK;
}

/* --- telling ------------------------------------------------------------------------------------
 */

/* One coverage an insurer: those that hold on the day, or where none does, the last one lost. */
struct sides {
    const struct coverage *items[TOLD_MAX];
    size_t count;
};

static void add_side(struct sides *sides, const struct coverage *coverage)
{
    for (size_t i = 0; i < sides->count; i++)
        if (insurer_number_equal(sides->items[i]->insurer, coverage->insurer))
            return;
    if (sides->count < TOLD_MAX)
        sides->items[sides->count++] = coverage;
}

static struct sides sides_of(const struct person *person, struct date on)
{
    const struct coverage *lost = coverage_last_lost(person, on);
    struct sides sides = {0};

    for (size_t i = 0; i < person->coverage_count; i++)
        if (coverage_holds(&person->coverages[i], on))
            add_side(&sides, &person->coverages[i]);
    if (sides.count == 0 && lost)
        add_side(&sides, lost);
    return sides;
}

/* The insurers of one record; of the other one no more than their own key. */
static enum status tell_side(struct scope *scope, struct finding *finding, const struct person *own,
                             const struct person *other, struct same_person_row *row)
{
    const struct same_people_order *order = finding->order;
    const struct sides sides = sides_of(own, order->on);
    const struct sides others = sides_of(other, order->on);

    for (size_t i = 0; i < sides.count; i++) {
        row->to = sides.items[i]->insurer;
        row->other_key = TEXT("");
        if (order->insurer.digits[0] && !insurer_number_equal(order->insurer, row->to))
            continue;
        TRY(member_label(scope, finding->store, own, sides.items[i], &row->key));
        for (size_t j = 0; j < others.count; j++)
            if (insurer_number_equal(others.items[j]->insurer, row->to))
                TRY(member_label(scope, finding->store, other, others.items[j], &row->other_key));
        finding->figures->rows++;
        TRY(order->row(scope, order->context, row));
    }
    return STATUS_OK;
}

static enum status tell_pair(struct scope *scope, struct finding *finding, const struct pair *pair,
                             int64_t number)
{
    struct same_person_row row = {.answer = pair->answer, .pair = number, .key = TEXT("")};
    struct same_person_record a;
    struct same_person_record b;

    TRY(read_record(scope, finding->store, pair->a, &a));
    TRY(read_record(scope, finding->store, pair->b, &b));
    if (!a.person || !b.person)
        return STATUS_OK;
    finding->figures->pairs[pair->answer]++;
    finding->figures->one_sided += (a.person->protection != 0) != (b.person->protection != 0);
    if (same_person_tells(a.person, b.person))
        TRY(tell_side(scope, finding, a.person, b.person, &row));
    if (same_person_tells(b.person, a.person))
        TRY(tell_side(scope, finding, b.person, a.person, &row));
    return STATUS_OK;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *one = a;
    const struct pair *other = b;

    if (one->a != other->a)
        return one->a < other->a ? -1 : 1;
    return (one->b > other->b) - (one->b < other->b);
}

static enum status tell_all(struct scope *scope, struct finding *finding)
{
    if (finding->pair_count > 0)
        qsort(finding->pairs, finding->pair_count, sizeof *finding->pairs, compare_pairs);
    for (size_t i = 0; i < finding->pair_count; i++) {
        CLEANUP(scope_end) struct scope round = scope_begin_at(ROUND_LIMIT, scope->now);
        if (tell_pair(&round, finding, &finding->pairs[i], (int64_t)i + 1) != STATUS_OK)
            return scope_fail(scope, round.cause, "%s", round.failure);
    }
    return STATUS_OK;
}

enum status same_people_read(struct scope *scope, struct store *store,
                             const struct same_people_order *order, struct same_people_figures *out)
{
    CLEANUP(finding_drop)
    struct finding finding = {.store = store,
                              .order = order,
                              .figures = out,
                              .mark_max = order->marks_max ? order->marks_max : SAME_PEOPLE_MARKS};

    *out = (struct same_people_figures){0};
    TRY(find_pairs(scope, &finding));
    return tell_all(scope, &finding);
}
