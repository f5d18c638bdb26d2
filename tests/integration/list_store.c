/* SPDX-License-Identifier: Apache-2.0
 *
 * list_store.c - a small store of invented people, for tests of the lists for insurers. All is seen
 * on 2026-11-25.
 *
 * usage: list_store URL
 */
#include <stdio.h>

#include "store/store_member.h"
#include "store/store_register.h"

#define SOCIETY "06139992"
#define ASSOCIATION "01139997"
#define CITY "139998"
#define UNION "39139991"

#define OPEN 99991231

/* --- the 5 + 5 day clock ------------------------------------------------------------------------
 */

struct clock_row {
    int64_t person;
    const char *insurer, *symbol, *key; /* key: registered with the insurer; NULL = none is */
    enum clock_event event;
    int happened, received, registered;
};

static const struct clock_row clock_rows[] = {
    /* the employer 甲: 9 days late, and the insurer in time */
    {1, SOCIETY, "甲", "K-1", CLOCK_ACQUISITION, 20261001, 20261015, 20261020},
    /* 甲: in time; the insurer 3 days late */
    {2, SOCIETY, "甲", "K-2", CLOCK_ACQUISITION, 20261001, 20261006, 20261014},
    /* 乙: both late, and registered only after the day that is looked at */
    {3, SOCIETY, "乙", "K-3", CLOCK_LOSS, 20261101, 20261110, 20261202},
    /* 乙: all in time; and late, but long ago */
    {4, SOCIETY, "乙", "K-4", CLOCK_ACQUISITION, 20261101, 20261106, 20261111},
    {5, SOCIETY, "乙", "K-5", CLOCK_ACQUISITION, 20260101, 20260301, 20260302},
    /* the household had 14 days and took 20; a key was not registered */
    {6, CITY, "", NULL, CLOCK_ACQUISITION, 20261001, 20261021, 20261022},
    /* late on the last day that is looked at only from the next day on */
    {7, ASSOCIATION, "丙", "K-7", CLOCK_ACQUISITION, 20261119, 20261120, 20261130},
};

static struct coverage coverage_of(int64_t id, const char *insurer, int from, int until)
{
    struct coverage coverage = {
        .coverage_id = id,
        .symbol = TEXT("12"),
        .number = TEXT("345"),
        .branch = "01",
        .relation = RELATION_INSURED,
        .from = DATE(from),
        .until = DATE(until),
        .loss_reason = until == OPEN ? LOSS_NONE : LOSS_OTHER,
        .kind = KIND_GENERAL,
        .issued = DATE(from),
        .valid_from = DATE(from),
        .valid_until = DATE_NEVER,
    };

    snprintf(coverage.insurer.digits, sizeof coverage.insurer.digits, "%s", insurer);
    return coverage;
}

static struct person person_of(int64_t id, const struct coverage *coverages, size_t count)
{
    return (struct person){
        .person_id = id,
        .name = TEXT("試験　花子"),
        .name_kana = TEXT("ｼｹﾝ ﾊﾅｺ"),
        .postal_code = TEXT("100-0000"),
        .address = TEXT("東京都架空区試験１－２－３"),
        .birth = date_add_days(DATE(19850203), (int)id),
        .sex1 = SEX_FEMALE,
        .coverages = coverages,
        .coverage_count = count,
    };
}

static enum status put_clock(struct scope *scope, struct store *store, const struct clock_row *row)
{
    struct coverage coverage = coverage_of(1, row->insurer, row->happened, OPEN);
    struct person person = person_of(row->person, &coverage, 1);
    const struct member member = {coverage.insurer, text_of(row->key), row->person, 1, {0}};
    const struct registration_clock clock = {
        .person_id = row->person,
        .coverage_id = 1,
        .event = row->event,
        .insurer = coverage.insurer,
        .symbol = text_of(row->symbol),
        .happened = DATE(row->happened),
        .received = DATE(row->received),
        .registered = instant_noon(DATE(row->registered)),
        .late = clock_lateness(coverage.insurer, DATE(row->happened), DATE(row->received),
                               DATE(row->registered)),
    };

    coverage.symbol = text_of(row->symbol);
    if (row->event == CLOCK_LOSS) {
        coverage.from = DATE(20200401);
        coverage.until = DATE(row->happened);
        coverage.loss_reason = LOSS_OTHER;
    }
    TRY(store_put_person(scope, store, &person));
    if (row->key)
        TRY(store_put_member(scope, store, &member));
    return store_put_clock(scope, store, &clock);
}

/* --- what does not fit --------------------------------------------------------------------------
 */

struct pair_row {
    int64_t person;
    unsigned protection;
    const char *former;
    int former_until;
    const char *next;
    int next_from;
    bool loss_later; /* the loss is registered only now, of a coverage that was believed open */
};

static const struct pair_row pair_rows[] = {
    /* the former was never lost: two live */
    {20, 0, SOCIETY, OPEN, ASSOCIATION, 20261001, false},
    /* ten days without coverage */
    {21, 0, SOCIETY, 20261001, CITY, 20261011, false},
    /* lost on 2026-10-01, registered on 2026-11-20 */
    {22, 0, SOCIETY, 20261001, CITY, 20261001, true},
    /* two live, and the address must not come out */
    {23, PROTECTION_NON_DISCLOSURE, SOCIETY, OPEN, CITY, 20261001, false},
    /* one follows the other: nothing to tell */
    {24, 0, SOCIETY, 20261001, CITY, 20261001, false},
};

static enum status put_pair(struct scope *scope, struct store *store, const struct pair_row *row)
{
    struct coverage coverages[] = {coverage_of(1, row->former, 20200401, row->former_until),
                                   coverage_of(2, row->next, row->next_from, OPEN)};
    struct person person = person_of(row->person, coverages, 2);
    struct member member = {coverages[0].insurer, TEXT(""), row->person, 1, {0}};

    TRY(text_format(scope, &member.key, "K-%d", (int)row->person));
    person.protection = row->protection;
    if (row->loss_later) {
        coverages[0].until = DATE_NEVER;
        coverages[0].loss_reason = LOSS_NONE;
        TRY(store_put_person(scope, store, &person));
        coverages[0] = coverage_of(1, row->former, 20200401, row->former_until);
    }
    TRY(store_put_person(scope, store, &person));
    return store_put_member(scope, store, &member);
}

/* --- whom a city invites ------------------------------------------------------------------------
 */

struct lost_row {
    int64_t person;
    int until; /* of the only coverage, of the society */
    enum loss_reason reason;
    unsigned protection;
    int difference, birth;
    const char *address;  /* NULL: in the city */
    const char *city_key; /* of a former time in the city */
    int notice;           /* the register told of it: REGISTER_NOTICE_ */
};

static const struct lost_row lost_rows[] = {
    /* the last day of one month's list, the first and last of the next, the first of the third */
    {40, 20260630, LOSS_OTHER, 0, 0, 0, NULL, NULL, 0},
    {41, 20260701, LOSS_OTHER, 0, 0, 0, NULL, "C-41", 0},
    {42, 20260731, LOSS_OTHER_INSURANCE, 0, 0, 0, NULL, NULL, 0},
    {43, 20260801, LOSS_OTHER, 0, 0, 0, NULL, NULL, 0},
    /* not to be asked: dead, dead by the register, assisted, 75 */
    {44, 20260715, LOSS_DEATH, 0, 0, 0, NULL, NULL, 0},
    {45, 20260715, LOSS_OTHER, 0, 0, 0, NULL, NULL, REGISTER_NOTICE_DEATH},
    {46, 20260715, LOSS_PUBLIC_ASSISTANCE, 0, 0, 0, NULL, NULL, 0},
    {47, 20260715, LOSS_OTHER, 0, 0, 19511101, NULL, NULL, 0},
    /* no city is told: protected, the register differs, moved, an address of no city */
    {48, 20260715, LOSS_OTHER, PROTECTION_NON_DISCLOSURE, 0, 0, NULL, "C-48", 0},
    {49, 20260715, LOSS_OTHER, 0, 3, 0, NULL, NULL, 0},
    {50, 20260715, LOSS_OTHER, 0, 0, 0, NULL, NULL, REGISTER_NOTICE_ADDRESS},
    {51, 20260715, LOSS_OTHER, 0, 0, 0, "大阪府架空市試験１", NULL, 0},
};

static enum status put_notice(struct scope *scope, struct store *store, const struct lost_row *row)
{
    bool fresh = false;
    const struct notice_change change = {
        .notice = {row->person, row->person, row->notice, DATE(20261001), 0, {0}}, .fresh = &fresh};

    return store_put_register_notice(scope, store, &change);
}

static enum status put_lost(struct scope *scope, struct store *store, const struct lost_row *row)
{
    struct coverage coverage = coverage_of(1, SOCIETY, 20200401, row->until);
    struct person person = person_of(row->person, &coverage, 1);
    struct member member = {coverage.insurer, TEXT(""), row->person, 1, {0}};

    coverage.loss_reason = row->reason;
    person.protection = row->protection;
    person.register_difference = row->difference;
    if (row->birth)
        person.birth = DATE(row->birth);
    if (row->address)
        person.address = text_of(row->address);
    TRY(text_format(scope, &member.key, "K-%d", (int)row->person));
    TRY(store_put_person(scope, store, &person));
    TRY(store_put_member(scope, store, &member));
    if (row->city_key) {
        member.key = text_of(row->city_key);
        snprintf(member.insurer.digits, sizeof member.insurer.digits, "%s", CITY);
        TRY(store_put_member(scope, store, &member));
    }
    return row->notice ? put_notice(scope, store, row) : STATUS_OK;
}

/* --- one human twice ----------------------------------------------------------------------------
 */

struct twice_row {
    int64_t person;
    const char *insurer, *key;
    int birth;
    unsigned protection;
    const char *address; /* NULL: as all */
    bool numbered;
};

static const struct twice_row twice_rows[] = {
    /* all five items, one without a number: certain, and told to two insurers */
    {60, SOCIETY, "K-60", 19700101, 0, NULL, true},
    {61, ASSOCIATION, "A-61", 19700101, 0, NULL, false},
    /* moved: probable; both are the society's own */
    {62, SOCIETY, "K-62", 19700102, 0, NULL, true},
    {63, SOCIETY, "K-63", 19700102, 0, "大阪府架空市試験１", false},
    /* a flag on one record only: the insurer of the other is not led to it */
    {64, SOCIETY, "K-64", 19700103, PROTECTION_NON_DISCLOSURE, NULL, true},
    {65, ASSOCIATION, "A-65", 19700103, 0, NULL, false},
    /* two numbers, and another address: two people */
    {66, SOCIETY, "K-66", 19700104, 0, NULL, true},
    {67, ASSOCIATION, "A-67", 19700104, 0, "大阪府架空市試験１", true},
};

static enum status put_twice(struct scope *scope, struct store *store, const struct twice_row *row)
{
    struct coverage coverage = coverage_of(1, row->insurer, 20200401, OPEN);
    struct person person = person_of(row->person, &coverage, 1);
    const struct member member = {coverage.insurer, text_of(row->key), row->person, 1, {0}};
    struct person_key key = {.person_id = row->person};

    person.birth = DATE(row->birth);
    person.protection = row->protection;
    if (row->address)
        person.address = text_of(row->address);
    TRY(store_put_person(scope, store, &person));
    TRY(store_put_member(scope, store, &member));
    if (!row->numbered)
        return STATUS_OK;
    TRY(text_format(scope, &key.link, "%064d", (int)row->person));
    return store_put_person_key(scope, store, &key);
}

static enum status put_insurers(struct scope *scope, struct store *store)
{
    const struct insurer insurers[] = {
        {{SOCIETY}, TEXT("架空健康保険組合")},
        {{ASSOCIATION}, TEXT("協会けんぽ架空支部")},
        {{CITY}, TEXT("架空区")},
        {{UNION}, TEXT("架空広域連合")},
    };

    for (size_t i = 0; i < sizeof insurers / sizeof insurers[0]; i++)
        TRY(store_put_insurer(scope, store, &insurers[i]));
    return STATUS_OK;
}

static enum status put_all(struct scope *scope, struct store *store)
{
    TRY(put_insurers(scope, store));
    for (size_t i = 0; i < sizeof clock_rows / sizeof clock_rows[0]; i++)
        TRY(put_clock(scope, store, &clock_rows[i]));
    for (size_t i = 0; i < sizeof pair_rows / sizeof pair_rows[0]; i++)
        TRY(put_pair(scope, store, &pair_rows[i]));
    for (size_t i = 0; i < sizeof lost_rows / sizeof lost_rows[0]; i++)
        TRY(put_lost(scope, store, &lost_rows[i]));
    for (size_t i = 0; i < sizeof twice_rows / sizeof twice_rows[0]; i++)
        TRY(put_twice(scope, store, &twice_rows[i]));
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    CLEANUP(scope_end)
    struct scope scope = scope_begin_at(4 << 20, instant_noon(DATE(20261120)));
    struct store *store = NULL;
    enum status status = STATUS_INVALID;

    if (argc != 2)
        return 2;
    status = store_open(&scope, argv[1], STORE_CREATE, &store);
    if (status == STATUS_OK)
        status = put_all(&scope, store);
    if (status != STATUS_OK)
        fprintf(stderr, "%s\n", scope.failure);
    store_close(store);
    return status == STATUS_OK ? 0 : 1;
}
