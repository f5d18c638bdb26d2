/* SPDX-License-Identifier: Apache-2.0
 *
 * protection_people.c - people under protection flags and comparison classes, with cards, added to
 * a small world (tests/support/small_world.h), for the audit of what each answer shows.
 *
 * usage: protection_people DIR
 *
 * Each has a name, an address and a postal code that nobody else has, numbers at two insurers that
 * both cover today, a key and a late registration at the first, a limit certificate and a card.
 */
#include <stdio.h>

#include "base/file.h"
#include "proof/issuer.h"
#include "small_world.h"
#include "store/store_member.h"

#define FIRST_ID 500
#define FIRST_SERIAL 5000

static const struct {
    const char *name; /* of the card, and in the key */
    const char *written, *kana, *address, *postal, *number;
    unsigned protection;
    int difference;
} rows[] = {
    {"plain", "公開　花子", "ｺｳｶｲ ﾊﾅｺ", "標識県公開市一丁目", "901-0001", "5001", 0, 0},
    {"hidden", "不開示　花子", "ﾌｶｲｼﾞ ﾊﾅｺ", "標識県秘密市二丁目", "901-0002", "5002",
     PROTECTION_NON_DISCLOSURE, 0},
    {"refused", "不可　花子", "ﾌｶ ﾊﾅｺ", "標識県秘密市三丁目", "901-0003", "5003",
     PROTECTION_SELF_REFUSAL, 0},
    {"class1", "区分一　花子", "ｸﾌﾞﾝｲﾁ ﾊﾅｺ", "標識県秘密市四丁目", "901-0004", "5004", 0, 1},
    {"class2", "区分二　花子", "ｸﾌﾞﾝﾆ ﾊﾅｺ", "標識県公開市五丁目", "901-0005", "5005", 0, 2},
    {"class3", "区分三　花子", "ｸﾌﾞﾝｻﾝ ﾊﾅｺ", "標識県公開市六丁目", "901-0006", "5006", 0, 3},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static struct coverage coverage_of(int64_t id, const char *insurer, const char *number, int issued)
{
    struct coverage coverage = {
        .coverage_id = id,
        .symbol = TEXT("12"),
        .number = text_of(number),
        .branch = "01",
        .relation = RELATION_INSURED,
        .from = DATE(20200401),
        .until = DATE_NEVER,
        .kind = KIND_GENERAL,
        .paper = PAPER_NONE,
        .issued = DATE(issued),
        .valid_from = DATE(issued),
        .valid_until = DATE_NEVER,
    };

    snprintf(coverage.insurer.digits, sizeof coverage.insurer.digits, "%s", insurer);
    return coverage;
}

static enum status put_person(struct scope *scope, struct store *store, size_t row)
{
    const struct coverage coverages[] = {
        coverage_of(1, SMALL_INSURER, rows[row].number, 20250401),
        coverage_of(2, SMALL_INSURER_OTHER, rows[row].number, 20241202)};
    const struct limit_certificate limit = {.coverage_id = 1,
                                            .kind = 1,
                                            .category = "A03",
                                            .valid_from = DATE(20250401),
                                            .valid_until = DATE_NEVER};
    const struct person person = {
        .person_id = FIRST_ID + (int64_t)row,
        .name = text_of(rows[row].written),
        .name_kana = text_of(rows[row].kana),
        .postal_code = text_of(rows[row].postal),
        .address = text_of(rows[row].address),
        .birth = date_add_days(DATE(19850203), (int)row),
        .sex1 = SEX_FEMALE,
        .registered = DATE(20250101),
        .protection = rows[row].protection,
        .register_difference = rows[row].difference,
        .coverages = coverages,
        .coverage_count = 2,
        .limits = &limit,
        .limit_count = 1,
    };

    return store_put_person(scope, store, &person);
}

/* What lists tell of: the insurer's key, and a notice that came forty days late. */
static enum status put_lists(struct scope *scope, struct store *store, size_t row)
{
    const struct date today = instant_date(scope->now);
    const struct date happened = date_add_days(today, -50);
    const struct date received = date_add_days(today, -5);
    struct member member = {{SMALL_INSURER}, {0}, FIRST_ID + (int64_t)row, 1, {0}};
    const struct registration_clock clock = {
        .person_id = member.person_id,
        .coverage_id = 1,
        .event = CLOCK_ACQUISITION,
        .insurer = member.insurer,
        .symbol = TEXT("12"),
        .happened = happened,
        .received = received,
        .registered = scope->now,
        .late = clock_lateness(member.insurer, happened, received, today),
    };

    TRY(text_format(scope, &member.key, "K-%s", rows[row].name));
    TRY(store_put_member(scope, store, &member));
    return store_put_clock(scope, store, &clock);
}

static enum status put_card(struct scope *scope, struct store *store, const char *folder,
                            const struct issuer *issuer, size_t row)
{
    const struct date today = instant_date(scope->now);
    const struct authentication_certificate certificate = {
        .issuer = 1,
        .serial = FIRST_SERIAL + row,
        .person_id = FIRST_ID + (int64_t)row,
        .not_before = date_add_months(today, -24),
        .expires = date_add_months(today, 36),
        .state = CERTIFICATE_CURRENT,
    };
    const struct card_certificate_order order = {
        .serial = certificate.serial,
        .not_before = instant_noon(certificate.not_before),
        .expires = certificate.expires,
        .municipality = "13101",
    };
    struct text key = {0}, der = {0}, path = {0};

    TRY(issuer_make_card(scope, issuer, &order, &key, &der));
    TRY(text_format(scope, &path, "%s/cards/%s.key", folder, rows[row].name));
    TRY(file_write(scope, path.bytes, key, FILE_MODE_SECRET));
    TRY(text_format(scope, &path, "%s/cards/%s.der", folder, rows[row].name));
    TRY(file_write(scope, path.bytes, der, FILE_MODE_PUBLIC));
    return store_put_certificate(scope, store, &certificate);
}

static enum status put_all(struct scope *scope, struct store *store, const char *folder,
                           const struct issuer *issuer)
{
    const struct insurer other = {{SMALL_INSURER_OTHER}, TEXT("標識県秘密市国民健康保険")};

    TRY(store_put_insurer(scope, store, &other));
    for (size_t row = 0; row < ROW_COUNT; row++) {
        TRY(put_person(scope, store, row));
        TRY(put_lists(scope, store, row));
        TRY(put_card(scope, store, folder, issuer, row));
    }
    return STATUS_OK;
}

static enum status run(struct scope *scope, const char *folder)
{
    struct store *store = NULL;
    struct issuer *issuer = NULL;
    struct text key = {0}, certificate = {0}, url = {0};
    enum status status = STATUS_OK;

    TRY(text_format(scope, &key, "%s/card-ca.key", folder));
    TRY(text_format(scope, &certificate, "%s/card-ca.pem", folder));
    TRY(text_format(scope, &url, "sqlite:%s/store.db", folder));
    TRY(issuer_read(scope, ISSUER_CARD_AUTHENTICATION, key.bytes, certificate.bytes, &issuer));
    status = store_open(scope, url.bytes, STORE_WRITE, &store);
    if (status == STATUS_OK)
        status = put_all(scope, store, folder, issuer);
    store_close(store);
    issuer_close(issuer);
    return status;
}

int main(int argc, char **argv)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(16UL << 20);
    enum status status = argc == 2 ? run(&scope, argv[1]) : STATUS_INVALID;

    if (status != STATUS_OK)
        fprintf(stderr, "%s\n", scope.failure);
    return status == STATUS_OK ? 0 : 1;
}
