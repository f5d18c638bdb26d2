/* SPDX-License-Identifier: Apache-2.0
 *
 * store_scan.c - standings in runs: the tables by ranges of person_id, each in its own order,
 * joined as they come.
 *
 * A run is one round of queries over one range. Where the range is empty (ids with gaps) the next
 * person is asked for. Only the columns that batches need are read; their kinds are checked, their
 * values were when they were put.
 */
#include <string.h>

#include "store/store_columns.h"
#include "store/store_rows.h"
#include "store/store_standing.h"

#define IN_RANGE " WHERE person_id >= $1 AND person_id < $2 "

static const struct query find_next = {
    QUERY_SCAN_NEXT, "SELECT person_id FROM person WHERE person_id >= $1 ORDER BY person_id "
                     "LIMIT 1"};
static const struct query find_last = {
    QUERY_SCAN_LAST, "SELECT person_id FROM person ORDER BY person_id DESC LIMIT 1"};
static const struct query scan_people = {
    QUERY_SCAN_PEOPLE, "SELECT person_id, birth, sex1, protection, registered, deregisters "
                       "FROM person" IN_RANGE "ORDER BY person_id"};
static const struct query scan_coverages = {
    QUERY_SCAN_COVERAGES,
    "SELECT person_id, coverage_id, held_from, held_until, loss_reason, kind, paper, issued, "
    "valid_from, valid_until, share, recorded, insurer, branch, symbol, number "
    "FROM coverage" IN_RANGE "ORDER BY person_id, coverage_id"};
/* the columns of the index by person, and no others: the table is not read */
static const struct query scan_certificates = {
    QUERY_SCAN_CERTIFICATES, "SELECT person_id, not_before, expires, state, phone, recorded "
                             "FROM authentication_certificate" IN_RANGE
                             "ORDER BY person_id, not_before, expires, state, phone, recorded"};
static const struct query scan_requests = {QUERY_SCAN_DEREGISTRATIONS,
                                           "SELECT " DEREGISTRATION_NAMES
                                           " FROM deregistration_request" IN_RANGE
                                           "ORDER BY person_id, request_id"};
static const struct query scan_issues = {QUERY_SCAN_DOCUMENTS,
                                         "SELECT " DOCUMENT_NAMES " FROM document" IN_RANGE
                                         "ORDER BY person_id, kind, serial"};
static const struct query scan_needs = {QUERY_SCAN_NEEDS,
                                        "SELECT " NEED_NAMES " FROM document_need" IN_RANGE
                                        "ORDER BY person_id, need, since"};

static const struct query scan_uses = {QUERY_SCAN_CARD_USES,
                                       "SELECT person_id, month, uses FROM card_use" IN_RANGE
                                       "ORDER BY person_id, month"};

static const struct query scan_members = {
    QUERY_SCAN_MEMBERS,
    "SELECT person_id, insurer, member_key FROM member" IN_RANGE "ORDER BY person_id, insurer, "
    "member_key"};

/* --- rows of one kind, as they come ----------------------------------------------------------- */

struct items {
    char *bytes;
    size_t size; /* of one */
    size_t count, capacity;
};

struct reading {
    struct items people, coverages, certificates, requests, issues, needs, keys, uses;
};

#define FIRST_ITEMS 16 /* one person's; a run's grow from there */

static enum status add_item(struct scope *scope, struct items *items, void *out)
{
    if (items->count == items->capacity) {
        size_t capacity = items->capacity ? items->capacity * 2 : FIRST_ITEMS;
        char *wider = NULL;
        TRY(scope_alloc(scope, capacity, items->size, &wider));
        if (items->count > 0)
            memcpy(wider, items->bytes, items->count * items->size);
        items->bytes = wider;
        items->capacity = capacity;
    }
    *(void **)out = items->bytes + items->count++ * items->size;
    return STATUS_OK;
}

/* kinds: a letter a column, 'n' number, 't' text. */
static enum status check_kinds(struct scope *scope, const struct cell *cells, size_t count,
                               const char *kinds)
{
    for (size_t i = 0; i < count; i++)
        if (kinds[i] == '\0' || cells[i].kind != (kinds[i] == 'n' ? CELL_NUMBER : CELL_TEXT))
            return scope_fail(scope, CAUSE_STORE_CORRUPT, "a table holds what it should not");
    if (kinds[count] != '\0')
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a table has other columns");
    return STATUS_OK;
}

static struct date day(const struct cell *cell)
{
    return DATE((int32_t)cell->number);
}

static enum status take_person(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct standing *standing = NULL;

    TRY(check_kinds(scope, cells, count, "nnnnnn"));
    TRY(add_item(scope, context, &standing));
    standing->person.person_id = cells[0].number;
    standing->person.birth = day(&cells[1]);
    standing->person.sex1 = (enum sex)cells[2].number;
    standing->person.protection = (unsigned)cells[3].number;
    standing->person.registered = day(&cells[4]);
    standing->person.deregisters = day(&cells[5]);
    return STATUS_OK;
}

/* A coverage with its owner before it. */
struct owned_coverage {
    int64_t person_id;
    struct coverage coverage;
};

static void copy_letters(char *out, size_t size, struct text text)
{
    if (text.size > 0) /* an empty text may have no bytes at all */
        memcpy(out, text.bytes, text.size < size ? text.size : size - 1);
}

/* Symbol and number lie behind one another. */
static enum status copy_texts(struct scope *scope, const struct cell *cells,
                              struct coverage *coverage)
{
    char *room = NULL;

    TRY(scope_alloc(scope, cells[0].text.size + cells[1].text.size + 1, 1, &room));
    if (cells[0].text.size > 0)
        memcpy(room, cells[0].text.bytes, cells[0].text.size);
    if (cells[1].text.size > 0)
        memcpy(room + cells[0].text.size, cells[1].text.bytes, cells[1].text.size);
    coverage->symbol = (struct text){room, cells[0].text.size};
    coverage->number = (struct text){room + cells[0].text.size, cells[1].text.size};
    return STATUS_OK;
}

static enum status take_coverage(struct scope *scope, struct cell *cells, size_t count,
                                 void *context)
{
    struct owned_coverage *owned = NULL;
    struct coverage *coverage = NULL;

    TRY(check_kinds(scope, cells, count, "nnnnnnnnnnnntttt"));
    TRY(add_item(scope, context, &owned));
    owned->person_id = cells[0].number;
    coverage = &owned->coverage;
    coverage->coverage_id = cells[1].number;
    coverage->from = day(&cells[2]);
    coverage->until = day(&cells[3]);
    coverage->loss_reason = (enum loss_reason)cells[4].number;
    coverage->kind = (enum certificate_kind)cells[5].number;
    coverage->paper = (enum paper)cells[6].number;
    coverage->issued = day(&cells[7]);
    coverage->valid_from = day(&cells[8]);
    coverage->valid_until = day(&cells[9]);
    coverage->share = (int)cells[10].number;
    coverage->recorded = (struct instant){cells[11].number};
    copy_letters(coverage->insurer.digits, sizeof coverage->insurer.digits, cells[12].text);
    copy_letters(coverage->branch, sizeof coverage->branch, cells[13].text);
    return copy_texts(scope, &cells[14], coverage);
}

static enum status take_certificate(struct scope *scope, struct cell *cells, size_t count,
                                    void *context)
{
    struct standing_certificate *certificate = NULL;

    TRY(check_kinds(scope, cells, count, "nnnnnn"));
    if (cells[3].number < CERTIFICATE_CURRENT || cells[3].number > CERTIFICATE_SUPERSEDED)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a certificate's state is unknown");
    TRY(add_item(scope, context, &certificate));
    certificate->certificate.person_id = cells[0].number;
    certificate->certificate.not_before = day(&cells[1]);
    certificate->certificate.expires = day(&cells[2]);
    certificate->certificate.state = (enum certificate_state)cells[3].number;
    certificate->certificate.phone = cells[4].number != 0;
    certificate->told = instant_date((struct instant){cells[5].number});
    return STATUS_OK;
}

static enum status take_request(struct scope *scope, struct cell *cells, size_t count,
                                void *context)
{
    struct deregistration_request *request = NULL;

    if (count != DEREGISTRATION_COLUMNS)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a table has other columns");
    TRY(row_take(scope, TABLE_DEREGISTRATION, cells));
    TRY(add_item(scope, context, &request));
    deregistration_of_cells(cells, request);
    return STATUS_OK;
}

static enum status take_issue(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct issue *issue = NULL;

    if (count != DOCUMENT_COLUMNS)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a table has other columns");
    TRY(row_take(scope, TABLE_DOCUMENT, cells));
    TRY(add_item(scope, context, &issue));
    issue_of_cells(cells, issue);
    return STATUS_OK;
}

static enum status take_need(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct need_row *need = NULL;

    if (count != NEED_COLUMNS)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a table has other columns");
    TRY(row_take(scope, TABLE_NEED, cells));
    TRY(add_item(scope, context, &need));
    need_of_cells(cells, need);
    return STATUS_OK;
}

static enum status take_key(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct standing_key *key = NULL;
    char *copy = NULL;

    TRY(check_kinds(scope, cells, count, "ntt"));
    TRY(add_item(scope, context, &key));
    TRY(scope_copy(scope, cells[2].text.bytes, cells[2].text.size, &copy));
    key->person_id = cells[0].number;
    copy_letters(key->insurer.digits, sizeof key->insurer.digits, cells[1].text);
    key->key = (struct text){copy, cells[2].text.size};
    return STATUS_OK;
}

static enum status take_use(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct monthly_uses *use = NULL;

    if (count != CARD_USE_COLUMNS)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a table has other columns");
    TRY(row_take(scope, TABLE_CARD_USE, cells));
    TRY(add_item(scope, context, &use));
    *use = (struct monthly_uses){cells[0].number, (int32_t)cells[1].number, cells[2].number};
    return STATUS_OK;
}

/* --- joining ---------------------------------------------------------------------------------- */

/* All items begin with their person_id but certificates; whose is item n? */
static int64_t owner_of(const struct items *items, size_t n, size_t at)
{
    int64_t owner = 0;

    memcpy(&owner, items->bytes + n * items->size + at, sizeof owner);
    return owner;
}

/* The items of one person from *next on; those of nobody before are passed over. */
static size_t take_run(const struct items *items, size_t at, int64_t person_id, size_t *next,
                       size_t *first)
{
    while (*next < items->count && owner_of(items, *next, at) < person_id)
        ++*next;
    *first = *next;
    while (*next < items->count && owner_of(items, *next, at) == person_id)
        ++*next;
    return *next - *first;
}

/* Coverages without their owners, in one piece, in the same order. */
static enum status bare_coverages(struct scope *scope, const struct items *owned,
                                  struct coverage **out)
{
    TRY(scope_alloc(scope, owned->count + 1, sizeof **out, out));
    for (size_t i = 0; i < owned->count; i++)
        (*out)[i] = ((const struct owned_coverage *)(const void *)owned->bytes)[i].coverage;
    return STATUS_OK;
}

#define AT(type, member) offsetof(struct type, member)
/* Where a run begins; an empty one begins nowhere: its table may have no rows, and no memory. */
#define RUN_OF(rows, first, count) ((count) > 0 ? (rows) + (first) : NULL)

static enum status join(struct scope *scope, const struct reading *reading)
{
    const struct standing_certificate *certificates = (const void *)reading->certificates.bytes;
    const struct deregistration_request *requests = (const void *)reading->requests.bytes;
    const struct issue *issues = (const void *)reading->issues.bytes;
    const struct need_row *needs = (const void *)reading->needs.bytes;
    struct standing *people = (void *)reading->people.bytes;
    struct coverage *coverages = NULL;
    const struct standing_key *keys = (const void *)reading->keys.bytes;
    const struct monthly_uses *uses = (const void *)reading->uses.bytes;
    size_t next[7] = {0};
    size_t first = 0;

    TRY(bare_coverages(scope, &reading->coverages, &coverages));
    for (size_t i = 0; i < reading->people.count; i++) {
        struct standing *to = &people[i];
        int64_t id = to->person.person_id;
        to->person.coverage_count = take_run(&reading->coverages, 0, id, &next[0], &first);
        to->person.coverages = RUN_OF(coverages, first, to->person.coverage_count);
        to->certificate_count =
            take_run(&reading->certificates, AT(standing_certificate, certificate.person_id), id,
                     &next[1], &first);
        to->certificates = RUN_OF(certificates, first, to->certificate_count);
        to->request_count = take_run(&reading->requests, 0, id, &next[2], &first);
        to->requests = RUN_OF(requests, first, to->request_count);
        to->issue_count = take_run(&reading->issues, 0, id, &next[3], &first);
        to->issues = RUN_OF(issues, first, to->issue_count);
        to->need_count = take_run(&reading->needs, 0, id, &next[4], &first);
        to->needs = RUN_OF(needs, first, to->need_count);
        to->key_count = take_run(&reading->keys, 0, id, &next[5], &first);
        to->keys = RUN_OF(keys, first, to->key_count);
        to->use_count = take_run(&reading->uses, 0, id, &next[6], &first);
        to->uses = RUN_OF(uses, first, to->use_count);
    }
    return STATUS_OK;
}

static enum status read_range(struct scope *scope, struct store *store, int64_t from, int64_t to,
                              struct reading *out)
{
    const struct cell range[] = {CELL_OF_NUMBER(from), CELL_OF_NUMBER(to)};
    const struct request requests[] = {
        {&scan_people, range, 2, take_person, &out->people},
        {&scan_coverages, range, 2, take_coverage, &out->coverages},
        {&scan_certificates, range, 2, take_certificate, &out->certificates},
        {&scan_requests, range, 2, take_request, &out->requests},
        {&scan_issues, range, 2, take_issue, &out->issues},
        {&scan_needs, range, 2, take_need, &out->needs},
        {&scan_members, range, 2, take_key, &out->keys},
        {&scan_uses, range, 2, take_use, &out->uses},
    };

    *out = (struct reading){
        .people = {.size = sizeof(struct standing)},
        .coverages = {.size = sizeof(struct owned_coverage)},
        .certificates = {.size = sizeof(struct standing_certificate)},
        .requests = {.size = sizeof(struct deregistration_request)},
        .issues = {.size = sizeof(struct issue)},
        .needs = {.size = sizeof(struct need_row)},
        .keys = {.size = sizeof(struct standing_key)},
        .uses = {.size = sizeof(struct monthly_uses)},
    };
    TRY(store_run(scope, store, requests, sizeof requests / sizeof requests[0]));
    return out->people.count > 0 ? join(scope, out) : STATUS_OK;
}

static enum status take_id(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    TRY(check_kinds(scope, cells, count, "n"));
    *(int64_t *)context = cells[0].number;
    return STATUS_OK;
}

/* The first person_id from one on, or -1. */
static enum status next_person(struct scope *scope, struct store *store, int64_t from, int64_t *out)
{
    const struct cell id = CELL_OF_NUMBER(from);
    const struct request request = {&find_next, &id, 1, take_id, out};

    *out = -1;
    return store_run(scope, store, &request, 1);
}

enum status store_find_last_person(struct scope *scope, struct store *store, int64_t *out)
{
    const struct request request = {&find_last, NULL, 0, take_id, out};

    *out = -1;
    return store_run(scope, store, &request, 1);
}

enum status store_read_standings(struct scope *scope, struct store *store, int64_t from,
                                 struct standing_run *out)
{
    struct reading reading = {0};
    int64_t first = from;

    TRY(read_range(scope, store, from, from + STANDING_RUN, &reading));
    if (reading.people.count == 0) {
        TRY(next_person(scope, store, from, &first));
        if (first < 0) {
            *out = (struct standing_run){.next = from, .last = true};
            return STATUS_OK;
        }
        TRY(read_range(scope, store, first, first + STANDING_RUN, &reading));
    }
    *out = (struct standing_run){
        .standings = (const void *)reading.people.bytes,
        .count = reading.people.count,
        .next = first + STANDING_RUN,
    };
    return STATUS_OK;
}

enum status store_find_standing(struct scope *scope, struct store *store, int64_t person_id,
                                struct standing *out)
{
    struct reading reading = {0};

    TRY(read_range(scope, store, person_id, person_id + 1, &reading));
    if (reading.people.count == 0)
        return STATUS_NOT_FOUND;
    *out = *(const struct standing *)(const void *)reading.people.bytes;
    return STATUS_OK;
}
