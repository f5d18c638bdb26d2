/* SPDX-License-Identifier: Apache-2.0
 *
 * batch_fixture.h - a store in memory and invented people, for the tests of src/batch.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/store_card_use.h"
#include "store/store_member.h"
#include "store/store_standing.h"

#define LIMIT (64UL * 1024 * 1024)
#define SOCIETY "06139992" /* 健康保険組合 */
#define OTHER_SOCIETY "06270017"
#define TOWN "139998"   /* 国民健康保険 */
#define LATE "39139993" /* 後期高齢者医療 */

struct bench {
    struct store *store;
};

static inline void must(struct scope *scope, enum status status)
{
    if (status != STATUS_OK)
        fail_msg("%s: %s", failure_text(scope->cause)->code, scope->failure);
}

static inline int bench_begin(void **state)
{
    static struct bench bench;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);

    must(&scope, store_open(&scope, "sqlite::memory:", STORE_CREATE, &bench.store));
    *state = &bench;
    return 0;
}

static inline int bench_end(void **state)
{
    struct bench *bench = *state;

    store_close(bench->store);
    return 0;
}

static inline struct scope scope_of(struct date day)
{
    return scope_begin_at(LIMIT, instant_noon(day));
}

/* A member born 1980-02-03, card registered 2022-04-01, its certificate good to 2030-02-03. */
struct member_order {
    int64_t person_id;
    const char *insurer;
    struct date from, until; /* DATE_NONE: 2020-04-01, open */
    struct date birth;
    struct date registered, expires; /* DATE_NEVER: none */
    unsigned protection;
    enum certificate_kind kind;
    enum paper paper;
    struct date paper_until;
};

static inline struct date day_or(struct date day, int fallback)
{
    return date_is(day) ? day : DATE(fallback);
}

static inline struct coverage coverage_from(const struct member_order *order, int64_t coverage_id)
{
    struct coverage coverage = {
        .coverage_id = coverage_id,
        .symbol = TEXT("12"),
        .number = TEXT("345"),
        .branch = "01",
        .relation = RELATION_INSURED,
        .from = day_or(order->from, 20200401),
        .until = day_or(order->until, 99991231),
        .kind = order->kind ? order->kind : KIND_GENERAL,
        .paper = order->paper,
        .valid_until = order->paper_until,
    };

    if (date_compare(coverage.until, DATE_NEVER) != 0)
        coverage.loss_reason = LOSS_OTHER;
    snprintf(coverage.insurer.digits, sizeof coverage.insurer.digits, "%s", order->insurer);
    return coverage;
}

/* number: of the paper, so that each person has an own one. */
static inline void add_member(struct bench *bench, const struct member_order *order)
{
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20260101));
    char number[24];
    struct coverage coverage = coverage_from(order, 1);
    struct person person = {
        .person_id = order->person_id,
        .name = TEXT("高橋　ハナ"),
        .name_kana = TEXT("ﾀｶﾊｼ ﾊﾅ"),
        .address = TEXT("架空区見本町５－６"),
        .birth = day_or(order->birth, 19800203),
        .sex1 = SEX_FEMALE,
        .protection = order->protection,
        .registered = day_or(order->registered, 20220401),
        .coverages = &coverage,
        .coverage_count = 1,
    };
    struct authentication_certificate certificate = {
        .issuer = 1,
        .serial = 1000 + (uint64_t)order->person_id,
        .person_id = order->person_id,
        .not_before = DATE(20210401),
        .expires = day_or(order->expires, 20300203),
        .state = CERTIFICATE_CURRENT,
    };

    snprintf(number, sizeof number, "%lld", (long long)(345 + order->person_id));
    coverage.number = text_of(number);
    if (date_compare(person.registered, DATE_NEVER) == 0)
        person.registered = DATE_NONE;
    must(&scope, store_put_person(&scope, bench->store, &person));
    if (date_compare(certificate.expires, DATE_NEVER) != 0)
        must(&scope, store_put_certificate(&scope, bench->store, &certificate));
}

/* The person's coverage ends on a day (first day not covered), and one of another insurer begins.
 */
static inline void change_insurer(struct bench *bench, const struct member_order *order,
                                  struct date day, const char *insurer, enum loss_reason reason)
{
    CLEANUP(scope_end) struct scope scope = scope_of(day);
    struct person person = {0};
    struct coverage coverages[2];
    size_t count = insurer ? 2 : 1;

    must(&scope, store_find_person(&scope, bench->store, order->person_id, &person));
    coverages[0] = person.coverages[0];
    coverages[0].until = day;
    coverages[0].loss_reason = reason;
    coverages[1] =
        coverage_from(&(struct member_order){.insurer = insurer ? insurer : "", .from = day}, 2);
    coverages[1].number = coverages[0].number;
    person.coverages = coverages;
    person.coverage_count = count;
    must(&scope, store_put_person(&scope, bench->store, &person));
}

static inline struct standing standing_in(struct scope *scope, struct bench *bench,
                                          int64_t person_id)
{
    struct standing standing = {0};

    must(scope, store_find_standing(scope, bench->store, person_id, &standing));
    return standing;
}

static inline struct insurer_number insurer_number_of(const char *digits)
{
    struct insurer_number number = {""};

    snprintf(number.digits, sizeof number.digits, "%s", digits);
    return number;
}
