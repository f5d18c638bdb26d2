/* SPDX-License-Identifier: Apache-2.0
 *
 * store.h - what the service knows: people, coverages, certificates, institutions, insurers.
 *
 * One function a query; SQLite and PostgreSQL behind one table of operations, one SQL text for
 * both. A handle is one connection and belongs to one thread at a time; open one a thread. Nothing
 * is overwritten: a row that is replaced moves to its table's history with the time until which we
 * believed it, so that "what did we answer that day" can be answered.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "domain/certificate_life.h"
#include "domain/eligibility.h"
#include "domain/facility.h"
#include "domain/insured_number.h"
#include "domain/mobile.h"
#include "domain/person.h"
#include "domain/registration.h"

struct store; /* opaque: one connection */

enum store_mode {
    STORE_READ,       /* queries only; many at once */
    STORE_WRITE,      /* one writer */
    STORE_WRITE_SOON, /* the same, but waits a second at most for another writer to end */
    STORE_CREATE,  /* makes the database where it is missing, applies migrations, then as WRITE */
    STORE_UPGRADE, /* applies migrations to a store that is there, then as WRITE */
};

struct institution {
    struct institution_code code;
    struct text name;
    enum facility_type type;
    int measure;               /* transitional measure 2 to 6 (経過措置), 0 = none */
    struct date measure_until; /* its deadline, or DATE_NONE */
};

/* A phone or tablet of an institution (E3). Hashes and ids are lower-case hexadecimal. */
#define MOBILE_ID_SIZE 33   /* 32 digits and NUL */
#define MOBILE_HASH_SIZE 65 /* SHA-256 */
struct mobile_device {
    char device[MOBILE_ID_SIZE];
    struct institution_code institution;
    enum service_class class;
    char code_hash[MOBILE_HASH_SIZE]; /* of the activation code */
    struct instant code_until;
    char secret_hash[MOBILE_HASH_SIZE]; /* "" before the activation */
};

struct insurer {
    struct insurer_number number;
    struct text name;
};

/*
 * Opens a store. url: "sqlite:PATH", a bare path, "sqlite::memory:", or "postgres:CONNINFO" /
 * "postgresql://..." (libpq connection string). The schema must be there, and this
 * program's but for CREATE and UPGRADE. Fails: UNAVAILABLE (cannot open), STORE_VERSION (older or
 * newer than this program), CORRUPT (no store), INVALID (url).
 */
MUST_CHECK enum status store_open(struct scope *scope, const char *url, enum store_mode mode,
                                  struct store **out);
/* Accepts NULL. */
void store_close(struct store *store);

/* "sqlite" or "postgres". */
const char *store_engine(const struct store *store);

/* Migrations this program knows, and how many the database has. */
MUST_CHECK enum status store_schema_version(struct scope *scope, struct store *store, int *known,
                                            int *applied);

/* --- queries of a check -------------------------------------------------------------------- */

/* A card's holder: the certificate and the person with all a check needs, in one round. */
struct card_holder {
    struct authentication_certificate certificate;
    struct person person;
    /* Not of the store: set where the certificate's state is an old word of the issuer's, which is
     * away (card_status.h); else 0. */
    struct instant status_as_of;
};

/* By issuer and serial. NOT_FOUND where the serial is not known. */
MUST_CHECK enum status store_find_card_holder(struct scope *scope, struct store *store, int issuer,
                                              uint64_t serial, struct card_holder *out);

/*
 * Coverages whose normalised insurer number, symbol, number and birth date are those of the key;
 * the key's branch is not looked at (see eligibility_narrow). At most 64; none is not a failure.
 */
MUST_CHECK enum status store_list_matches(struct scope *scope, struct store *store,
                                          const struct insured_key *key, struct insured_match **out,
                                          size_t *count);

/* NOT_FOUND where there is no such person. */
MUST_CHECK enum status store_find_person(struct scope *scope, struct store *store,
                                         int64_t person_id, struct person *out);

/* What we believed at an instant: the same, from current and history tables. Slower. */
MUST_CHECK enum status store_find_person_as_of(struct scope *scope, struct store *store,
                                               int64_t person_id, struct instant believed,
                                               struct person *out);

/*
 * R1: all registrations of a person, by their first day; that which the person's row alone tells of
 * has way REGISTERED_BEFORE. NOT_FOUND where there is no such person.
 */
MUST_CHECK enum status store_list_registrations(struct scope *scope, struct store *store,
                                                int64_t person_id, struct registration **out,
                                                size_t *count);
/* All certificates linked to a person, by their first day; none is not a failure. */
MUST_CHECK enum status store_list_certificates(struct scope *scope, struct store *store,
                                               int64_t person_id,
                                               struct authentication_certificate **out,
                                               size_t *count);

MUST_CHECK enum status store_find_institution(struct scope *scope, struct store *store,
                                              struct institution_code code,
                                              struct institution *out);
/* All insurers, ordered by number; some thousands. */
MUST_CHECK enum status store_list_insurers(struct scope *scope, struct store *store,
                                           struct insurer **out, size_t *count);

/* E3: a device by its id, and by the hash of its activation code. NOT_FOUND where there is none. */
MUST_CHECK enum status store_find_device(struct scope *scope, struct store *store,
                                         const char *device, struct mobile_device *out);
MUST_CHECK enum status store_find_device_by_code(struct scope *scope, struct store *store,
                                                 const char *code_hash, struct mobile_device *out);
MUST_CHECK enum status store_count_devices(struct scope *scope, struct store *store,
                                           struct institution_code institution, size_t *out);
/* A person's consents, one an institution; at most 500. */
MUST_CHECK enum status store_list_person_consents(struct scope *scope, struct store *store,
                                                  int64_t person_id, struct mobile_consent **out,
                                                  size_t *count);
/* Those given to an institution between two moments (yyyymmddhhmmss), the first 21. */
MUST_CHECK enum status store_list_consents(struct scope *scope, struct store *store,
                                           struct institution_code institution, int64_t after,
                                           int64_t before, struct mobile_consent **out,
                                           size_t *count);

/* Cheap proof that the database answers. */
MUST_CHECK enum status store_ping(struct scope *scope, struct store *store);

/* --- changes -------------------------------------------------------------------------------- */

MUST_CHECK enum status store_begin(struct scope *scope, struct store *store);
MUST_CHECK enum status store_commit(struct scope *scope, struct store *store);
/* Never fails: a connection that cannot roll back is unusable and says so at its next use. */
void store_rollback(struct store *store);

/* Adds, or replaces and keeps the former row in the history (recorded = scope->now). */
MUST_CHECK enum status store_put_insurer(struct scope *scope, struct store *store,
                                         const struct insurer *insurer);
MUST_CHECK enum status store_put_institution(struct scope *scope, struct store *store,
                                             const struct institution *institution);
/*
 * Puts a person with all coverages and certificates in it, and the ways in by numbers. A coverage
 * of the store that is not in the value stays as it is. Symbols and numbers are normalised here.
 */
MUST_CHECK enum status store_put_person(struct scope *scope, struct store *store,
                                        const struct person *person);
/*
 * R1: a certificate that is new here and comes after the grace of those before it ends the person's
 * registration (LAPSED); one that comes in time leaves it as it is.
 */
MUST_CHECK enum status store_put_certificate(struct scope *scope, struct store *store,
                                             const struct authentication_certificate *certificate);

/*
 * R1: registers a person for insurance use from a day on. *already: a registration held that day
 * already, and nothing was changed. NOT_FOUND where there is no such person.
 */
MUST_CHECK enum status store_register_person(struct scope *scope, struct store *store,
                                             int64_t person_id, struct date since,
                                             enum registration_way way, bool *already);
/*
 * Ends the registration that runs: LAPSED or RETURNED take it away; DEREGISTERED keeps its day and
 * sets the last one (person.deregisters). NOT_FOUND where none is.
 */
MUST_CHECK enum status store_end_registration(struct scope *scope, struct store *store,
                                              int64_t person_id, struct date until,
                                              enum registration_end ended);

/*
 * Takes back an end that was set for a day to come (DEREGISTERED): the registration runs on.
 * NOT_FOUND where none was set.
 */
MUST_CHECK enum status store_resume_registration(struct scope *scope, struct store *store,
                                                 int64_t person_id);

/* Forgets an institution's codes that ran out unused, and devices that were withdrawn. */
MUST_CHECK enum status store_drop_codes(struct scope *scope, struct store *store,
                                        struct institution_code institution);
MUST_CHECK enum status store_put_device(struct scope *scope, struct store *store,
                                        const struct mobile_device *device);
MUST_CHECK enum status store_put_consent(struct scope *scope, struct store *store,
                                         const struct mobile_consent *consent);

/* --- loading a new world --------------------------------------------------------------------- */

/*
 * Fast load into an empty store: people in ascending person_id, certificates as they come. Memory
 * stays flat; indexes are built at the end. Nothing is visible to others before store_load_end().
 */
MUST_CHECK enum status store_load_begin(struct scope *scope, struct store *store);
MUST_CHECK enum status store_load_person(struct scope *scope, struct store *store,
                                         const struct person *person);
MUST_CHECK enum status store_load_certificate(struct scope *scope, struct store *store,
                                              const struct authentication_certificate *certificate);
MUST_CHECK enum status store_load_end(struct scope *scope, struct store *store);
