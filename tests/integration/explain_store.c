/* SPDX-License-Identifier: Apache-2.0
 *
 * explain_store.c - a small store of invented people, for tests of `shikaku explain check`.
 *
 * usage: explain_store FILE
 */
#include <stdio.h>

#include "store/store.h"

#define TODAY DATE(20261105)

static struct coverage coverage_of(int64_t id, const char *branch, int until)
{
    struct coverage coverage = {
        .coverage_id = id,
        .insurer = {"06139992"},
        .symbol = TEXT("１２-３４"),
        .number = TEXT("0005678"),
        .relation = RELATION_FAMILY,
        .from = DATE(20200401),
        .until = DATE(until),
        .loss_reason = until == DATE_NEVER.yyyymmdd ? LOSS_NONE : LOSS_OTHER,
        .kind = KIND_GENERAL,
        .paper = PAPER_ELIGIBILITY_CERTIFICATE,
        .issued = DATE(20200401),
        .valid_from = DATE(20200401),
        .valid_until = DATE_NEVER,
    };

    snprintf(coverage.branch, sizeof coverage.branch, "%s", branch);
    return coverage;
}

static struct person person_of(int64_t id, int birth, const struct coverage *coverage)
{
    return (struct person){
        .person_id = id,
        .name = TEXT("試験　花子"),
        .name_kana = TEXT("ｼｹﾝ ﾊﾅｺ"),
        .birth = DATE(birth),
        .sex1 = SEX_FEMALE,
        .registered = DATE(20220101),
        .coverages = coverage,
        .coverage_count = 1,
    };
}

static enum status put_card(struct scope *scope, struct store *store, int64_t person, int expires)
{
    const struct authentication_certificate card = {
        .issuer = 1,
        .serial = (uint64_t)(100 + person),
        .person_id = person,
        .not_before = DATE(20211105),
        .expires = DATE(expires),
        .state = CERTIFICATE_CURRENT,
    };

    return store_put_certificate(scope, store, &card);
}

/* One a row: 1 holds, with a limit certificate; 2 lost; 3 and 4 are twins; 5 not registered. */
static enum status put_people(struct scope *scope, struct store *store)
{
    const struct limit_certificate limit = {
        11, 1, "A03", DATE(20260801), DATE(20260801), DATE(20270731), DATE_NONE};
    struct coverage coverage = coverage_of(11, "00", DATE_NEVER.yyyymmdd);
    struct person person = person_of(1, 19850203, &coverage);

    person.limits = &limit;
    person.limit_count = 1;
    TRY(store_put_person(scope, store, &person));
    TRY(put_card(scope, store, 1, 20290203));
    coverage = coverage_of(12, "01", 20261101);
    person = person_of(2, 19860203, &coverage);
    TRY(store_put_person(scope, store, &person));
    TRY(put_card(scope, store, 2, 20260203));
    coverage = coverage_of(13, "02", DATE_NEVER.yyyymmdd);
    person = person_of(3, 20170509, &coverage);
    TRY(store_put_person(scope, store, &person));
    TRY(put_card(scope, store, 3, 20261020));
    coverage = coverage_of(14, "03", DATE_NEVER.yyyymmdd);
    person = person_of(4, 20170509, &coverage);
    TRY(store_put_person(scope, store, &person));
    coverage = coverage_of(15, "04", DATE_NEVER.yyyymmdd);
    person = person_of(5, 19870203, &coverage);
    person.registered = DATE_NONE;
    TRY(store_put_person(scope, store, &person));
    return put_card(scope, store, 5, 20290203);
}

int main(int argc, char **argv)
{
    struct scope scope = scope_begin_at(1 << 20, instant_noon(TODAY));
    struct store *store = NULL;
    enum status status = STATUS_INVALID;

    if (argc != 2)
        return 2;
    status = store_open(&scope, argv[1], STORE_CREATE, &store);
    if (status == STATUS_OK)
        status = put_people(&scope, store);
    if (status != STATUS_OK)
        fprintf(stderr, "%s\n", scope.failure);
    store_close(store);
    scope_end(&scope);
    return status == STATUS_OK ? 0 : 1;
}
