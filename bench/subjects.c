/* SPDX-License-Identifier: Apache-2.0 */
#include "subjects.h"

#include <limits.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "proof/issuer.h"

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint64_t begin_random(uint64_t seed)
{
    uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;

    next_random(&state);
    return state;
}

static void database_drop(sqlite3 **database)
{
    sqlite3_close(*database);
}

static void statement_drop(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
}

static enum status sql_fail(struct scope *scope, sqlite3 *database)
{
    return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "the world's store: %s",
                      sqlite3_errmsg(database));
}

static enum status prepare(struct scope *scope, const char *path, const char *sql,
                           sqlite3 **database, sqlite3_stmt **statement)
{
    if (sqlite3_open_v2(path, database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(*database, sql, -1, statement, NULL) != SQLITE_OK)
        return sql_fail(scope, *database);
    return STATUS_OK;
}

/* The highest value of a column; the lowest is near zero. */
static enum status highest(struct scope *scope, const char *path, const char *sql, int64_t *out)
{
    CLEANUP(database_drop) sqlite3 *database = NULL;
    CLEANUP(statement_drop) sqlite3_stmt *statement = NULL;

    TRY(prepare(scope, path, sql, &database, &statement));
    if (sqlite3_step(statement) != SQLITE_ROW)
        return sql_fail(scope, database);
    *out = sqlite3_column_int64(statement, 0);
    return *out > 0 ? STATUS_OK
                    : scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "the world's store is empty");
}

static enum status column_text(struct scope *scope, sqlite3_stmt *statement, int column,
                               struct text *out)
{
    struct text text = {(const char *)sqlite3_column_text(statement, column),
                        (size_t)sqlite3_column_bytes(statement, column)};

    return text_copy(scope, text, out);
}

static enum status read_number(struct scope *scope, sqlite3_stmt *statement,
                               struct number_subject *out)
{
    struct text insurer = {0};

    TRY(column_text(scope, statement, 0, &insurer));
    if (insurer_number_read(insurer, &out->insurer) != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "an insurer number of the store");
    TRY(column_text(scope, statement, 1, &out->symbol));
    TRY(column_text(scope, statement, 2, &out->number));
    TRY(column_text(scope, statement, 3, &out->branch));
    out->birth.yyyymmdd = sqlite3_column_int(statement, 4);
    return STATUS_OK;
}

enum status subjects_draw_numbers(struct scope *scope, const char *store, struct date on,
                                  size_t count, uint64_t seed, struct subjects *out)
{
    CLEANUP(database_drop) sqlite3 *database = NULL;
    CLEANUP(statement_drop) sqlite3_stmt *statement = NULL;
    uint64_t random = begin_random(seed);
    int64_t last = 0;

    TRY(highest(scope, store, "SELECT max(person_id) FROM person", &last));
    TRY(prepare(scope, store,
                "SELECT c.insurer, c.symbol, c.number, c.branch, p.birth"
                " FROM coverage c JOIN person p ON p.person_id = c.person_id"
                " WHERE c.person_id >= ?1 AND c.held_from <= ?2 AND c.held_until > ?2 LIMIT 1",
                &database, &statement));
    TRY(scope_alloc(scope, count, sizeof *out->numbers, &out->numbers));
    while (out->number_count < count) {
        sqlite3_bind_int64(statement, 1, (int64_t)(next_random(&random) % (uint64_t)last));
        sqlite3_bind_int(statement, 2, on.yyyymmdd);
        if (sqlite3_step(statement) == SQLITE_ROW)
            TRY(read_number(scope, statement, &out->numbers[out->number_count++]));
        sqlite3_reset(statement);
    }
    return STATUS_OK;
}

/* --- cards --- */

/* What a certificate is made of: one that the issuer made, the CA's key. */
struct card_press {
    X509 *pattern;
    EVP_PKEY *ca_key;
};

static void card_press_drop(struct card_press *press)
{
    X509_free(press->pattern);
    EVP_PKEY_free(press->ca_key);
}

static void file_drop(FILE **file)
{
    if (*file)
        fclose(*file);
}

static void bio_drop(BIO **bio)
{
    BIO_free(*bio);
}

static void issuer_drop(struct issuer **issuer)
{
    issuer_close(*issuer);
}

static enum status read_ca_key(struct scope *scope, const char *path, EVP_PKEY **out)
{
    CLEANUP(file_drop) FILE *file = fopen(path, "r");

    *out = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    return *out ? STATUS_OK
                : scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the world's card CA: %s", path);
}

static enum status open_press(struct scope *scope, const char *world, struct date on,
                              struct card_press *press, EVP_PKEY **key)
{
    CLEANUP(issuer_drop) struct issuer *issuer = NULL;
    CLEANUP(bio_drop) BIO *pem = NULL;
    char key_path[PATH_MAX];
    char certificate_path[PATH_MAX];
    struct text key_pem = {0}, der = {0};
    const unsigned char *at = NULL;
    struct card_certificate_order order = {.serial = 1,
                                           .not_before = instant_noon(date_add_months(on, -12)),
                                           .expires = date_add_months(on, 48),
                                           .municipality = "13101"};

    snprintf(key_path, sizeof key_path, "%s/pki/card-ca.key", world);
    snprintf(certificate_path, sizeof certificate_path, "%s/pki/card-ca.pem", world);
    TRY(issuer_read(scope, ISSUER_CARD_AUTHENTICATION, key_path, certificate_path, &issuer));
    TRY(issuer_make_card(scope, issuer, &order, &key_pem, &der));
    TRY(read_ca_key(scope, key_path, &press->ca_key));
    at = (const unsigned char *)der.bytes;
    press->pattern = d2i_X509(NULL, &at, (long)der.size);
    pem = BIO_new_mem_buf(key_pem.bytes, (int)key_pem.size);
    *key = pem ? PEM_read_bio_PrivateKey(pem, NULL, NULL, NULL) : NULL;
    return press->pattern && *key ? STATUS_OK
                                  : scope_fail(scope, CAUSE_INTERNAL, "the card as it was made");
}

static enum status press_card(struct scope *scope, const struct card_press *press, uint64_t serial,
                              struct card_subject *out)
{
    unsigned char *der = NULL;
    char *copy = NULL;
    int size = 0;

    if (ASN1_INTEGER_set_uint64(X509_get_serialNumber(press->pattern), serial) != 1 ||
        X509_sign(press->pattern, press->ca_key, EVP_sha256()) <= 0)
        return scope_fail(scope, CAUSE_INTERNAL, "cannot sign a card's certificate");
    size = i2d_X509(press->pattern, &der);
    if (size <= 0)
        return scope_fail(scope, CAUSE_INTERNAL, "cannot write a card's certificate");
    enum status status = scope_copy(scope, der, (size_t)size, &copy);
    OPENSSL_free(der);
    *out = (struct card_subject){serial, {copy, (size_t)size}};
    return status;
}

enum status subjects_draw_cards(struct scope *scope, const char *world, struct date on,
                                size_t count, uint64_t seed, struct subjects *out)
{
    CLEANUP(database_drop) sqlite3 *database = NULL;
    CLEANUP(statement_drop) sqlite3_stmt *statement = NULL;
    CLEANUP(card_press_drop) struct card_press press = {0};
    char store[PATH_MAX];
    uint64_t random = begin_random(seed);
    int64_t last = 0;

    snprintf(store, sizeof store, "%s/store.sqlite", world);
    TRY(open_press(scope, world, on, &press, &out->key));
    TRY(highest(scope, store, "SELECT max(serial) FROM authentication_certificate WHERE issuer = 1",
                &last));
    TRY(prepare(scope, store,
                "SELECT a.serial FROM authentication_certificate a"
                " JOIN person p ON p.person_id = a.person_id"
                " WHERE a.issuer = 1 AND a.serial >= ?1 AND a.state = 1 AND a.phone = 0"
                " AND p.registered > 0 AND p.deregisters = 0 LIMIT 1",
                &database, &statement));
    TRY(scope_alloc(scope, count, sizeof *out->cards, &out->cards));
    while (out->card_count < count) {
        sqlite3_bind_int64(statement, 1, (int64_t)(next_random(&random) % (uint64_t)last));
        if (sqlite3_step(statement) == SQLITE_ROW)
            TRY(press_card(scope, &press, (uint64_t)sqlite3_column_int64(statement, 0),
                           &out->cards[out->card_count++]));
        sqlite3_reset(statement);
    }
    return STATUS_OK;
}

void subjects_close(struct subjects *subjects)
{
    EVP_PKEY_free(subjects->key);
    subjects->key = NULL;
}
