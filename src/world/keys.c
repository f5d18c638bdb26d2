/* SPDX-License-Identifier: Apache-2.0 */
#include "world/keys.h"

#include <stdio.h>

#include "base/file.h"
#include "world/cast.h"

#define DAY_MICROSECONDS (INT64_C(86400) * 1000000)
#define CLIENT_MONTHS 120
#define SECOND_CA_MONTHS_BEFORE 1
#define CARD_CA_MONTHS_BEFORE                                                                      \
    60 /* so that every new card ends inside its CA (card-and-pki 2.1)                             \
        */

/* The validity of network certificates: the clock of the machines counts, not T. */
static struct instant yesterday(const struct scope *scope)
{
    return (struct instant){scope->now.microseconds - DAY_MICROSECONDS};
}

static struct instant far_end(const struct scope *scope)
{
    return instant_noon(date_add_months(instant_date(scope->now), CLIENT_MONTHS - 1));
}

static enum status make_issuer(struct scope *scope, const struct world_folder *folder,
                               enum issuer_kind kind, const char *name, struct instant not_before,
                               struct issuer **out)
{
    char file[FOLDER_FILE_MAX];
    char key[FOLDER_PATH_SIZE];
    char certificate[FOLDER_PATH_SIZE];

    snprintf(file, sizeof file, "pki/%s.key", name);
    folder_path(folder, file, key);
    snprintf(file, sizeof file, "pki/%s.pem", name);
    folder_path(folder, file, certificate);
    TRY(issuer_make(scope, kind, not_before, out));
    return issuer_write(scope, *out, key, certificate);
}

/* file: below pki/, without ending. */
static enum status make_network(struct scope *scope, const struct world_folder *folder,
                                const struct issuer *issuer, const char *file,
                                const struct network_certificate_order *order)
{
    char name[FOLDER_FILE_MAX];
    char key[FOLDER_PATH_SIZE];
    char certificate[FOLDER_PATH_SIZE];

    snprintf(name, sizeof name, "pki/%s.key", file);
    folder_path(folder, name, key);
    snprintf(name, sizeof name, "pki/%s.pem", file);
    folder_path(folder, name, certificate);
    return issuer_make_network(scope, issuer, order, key, certificate);
}

static enum status make_institutions(struct scope *scope, const struct world_folder *folder,
                                     const struct issuer *issuer)
{
    size_t count = 0;
    const struct cast_institution *rows = cast_institutions(&count);

    for (size_t i = 0; i < count; i++) {
        char file[FOLDER_FILE_MAX];
        const struct network_certificate_order order = {"institution", rows[i].code, NULL,
                                                        yesterday(scope), far_end(scope)};
        snprintf(file, sizeof file, "institutions/%s", rows[i].code);
        TRY(make_network(scope, folder, issuer, file, &order));
    }
    return STATUS_OK;
}

static enum status make_insurers(struct scope *scope, const struct world_folder *folder,
                                 const struct issuer *issuer)
{
    size_t count = 0;
    const struct cast_insurer *rows = cast_insurers(&count);

    for (size_t i = 0; i < count; i++) {
        char file[FOLDER_FILE_MAX];
        const struct network_certificate_order order = {"insurer", rows[i].number, NULL,
                                                        yesterday(scope), far_end(scope)};
        snprintf(file, sizeof file, "insurers/%s", rows[i].number);
        TRY(make_network(scope, folder, issuer, file, &order));
    }
    return STATUS_OK;
}

/* The server, the operator, the portal, and a client whose certificate has expired. */
static enum status make_others(struct scope *scope, const struct world_folder *folder,
                               const struct issuer *issuer)
{
    const struct network_certificate_order server = {
        "server", "localhost", "localhost,127.0.0.1,::1", yesterday(scope), far_end(scope)};
    const struct network_certificate_order operator= {"operator", "operator", NULL,
                                                      yesterday(scope), far_end(scope)};
    const struct network_certificate_order portal = {"portal", "portal", NULL, yesterday(scope),
                                                     far_end(scope)};
    const struct network_certificate_order resident_register = {
        "server", "localhost", "localhost,127.0.0.1,::1", yesterday(scope), far_end(scope)};
    struct network_certificate_order expired = {"institution", CAST_CLINIC, NULL, {0}, {0}};

    expired.not_before.microseconds = scope->now.microseconds - 30 * DAY_MICROSECONDS;
    expired.not_after = yesterday(scope);
    TRY(make_network(scope, folder, issuer, "server", &server));
    TRY(make_network(scope, folder, issuer, "register", &resident_register));
    TRY(make_network(scope, folder, issuer, "operator", &operator));
    TRY(make_network(scope, folder, issuer, "portal", &portal));
    return make_network(scope, folder, issuer, "expired-client", &expired);
}

static void issuer_drop(struct issuer **issuer)
{
    issuer_close(*issuer);
}

/* A client whose certificate another CA signed; that CA's key is kept nowhere. */
static enum status make_stranger(struct scope *scope, const struct world_folder *folder)
{
    CLEANUP(issuer_drop) struct issuer *other = NULL;
    const struct network_certificate_order order = {"institution", CAST_CLINIC, NULL,
                                                    yesterday(scope), far_end(scope)};

    TRY(issuer_make(scope, ISSUER_NETWORK, yesterday(scope), &other));
    return make_network(scope, folder, other, "stranger", &order);
}

/* Whoever checks cards pins the generations in their order. */
static enum status pin_both(struct scope *scope, const struct world_folder *folder,
                            const struct issuer *first, const struct issuer *second)
{
    struct text one = {0}, two = {0}, both = {0};
    char path[FOLDER_PATH_SIZE];

    TRY(issuer_public_pem(scope, first, &one));
    TRY(issuer_public_pem(scope, second, &two));
    TRY(text_format(scope, &both, "%.*s%.*s", TEXT_ARGS(one), TEXT_ARGS(two)));
    folder_path(folder, "pki/card-ca.pem", path);
    return file_write(scope, path, both, FILE_MODE_PUBLIC);
}

static enum status make_card_cas(struct scope *scope, const struct world_folder *folder,
                                 struct date t, uint64_t serial, struct issuer **first)
{
    CLEANUP(issuer_drop) struct issuer *second = NULL;
    struct instant begins = instant_start(date_add_months(t, -CARD_CA_MONTHS_BEFORE));
    char key[FOLDER_PATH_SIZE];
    char certificate[FOLDER_PATH_SIZE];

    TRY(issuer_make_generation(scope, ISSUER_CARD_AUTHENTICATION, begins, 1, first));
    folder_path(folder, "pki/card-ca.key", key);
    folder_path(folder, "pki/card-ca.pem", certificate);
    TRY(issuer_write(scope, *first, key, certificate));
    begins = instant_start(date_add_months(t, -SECOND_CA_MONTHS_BEFORE));
    TRY(issuer_make_generation(scope, ISSUER_CARD_AUTHENTICATION, begins, serial, &second));
    folder_path(folder, "pki/card-ca-2.key", key);
    folder_path(folder, "pki/card-ca-2.pem", certificate);
    TRY(issuer_write(scope, second, key, certificate));
    return pin_both(scope, folder, *first, second);
}

enum status keys_make(struct scope *scope, const struct world_folder *folder, struct date t,
                      uint64_t serial, struct world_keys *out)
{
    CLEANUP(issuer_drop) struct issuer *network = NULL;
    struct instant begins = instant_start(date_add_months(t, -CARD_CA_MONTHS_BEFORE));

    TRY(make_card_cas(scope, folder, t, serial, &out->card));
    TRY(make_issuer(scope, folder, ISSUER_CARD_SIGNATURE, "card-sign-ca", begins, &out->signature));
    TRY(make_issuer(scope, folder, ISSUER_TERMINAL, "terminal-ca", begins, &out->terminal));
    TRY(make_issuer(scope, folder, ISSUER_NETWORK, "network-ca", yesterday(scope), &network));
    TRY(make_institutions(scope, folder, network));
    TRY(make_insurers(scope, folder, network));
    TRY(make_others(scope, folder, network));
    return make_stranger(scope, folder);
}

void keys_close(struct world_keys *keys)
{
    issuer_close(keys->card);
    issuer_close(keys->signature);
    issuer_close(keys->terminal);
    *keys = (struct world_keys){0};
}
