/* SPDX-License-Identifier: Apache-2.0
 *
 * fixture.h - a fresh store of each engine, and invented people.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/store_engine.h"

enum engine { ENGINE_SQLITE_MEMORY, ENGINE_SQLITE_FILE, ENGINE_POSTGRES, ENGINE_COUNT };

extern const char *const engine_names[ENGINE_COUNT];

/* One test's store: empty, schema applied. */
struct world {
    enum engine engine;
    char folder[64]; /* SQLite: temporary */
    char url[512];
    struct store *store;
};

/* cmocka set-up and tear-down; the initial state points to an enum engine. */
int world_begin(void **state);
int world_end(void **state);
/* Removes everything, schema included: what a database is before its first use. */
void world_empty(const struct world *world);
/* Another handle on the same database. */
enum status world_open(struct scope *scope, const struct world *world, enum store_mode mode,
                       struct store **out);
/* A value out of one row with one number; -1 where there is no row. */
int64_t world_number(struct world *world, const char *sql);
/* Runs SQL behind the store's back. */
void world_tamper(struct world *world, const char *sql);

/* 2026-11-05 12:00 in Japan, and seconds later. */
struct instant at(int seconds);
struct scope scope_at(int seconds);

/* A person with two coverages and one certificate of each kind; all differ by id. */
struct sample {
    struct person person;
    struct coverage coverages[2];
    struct elderly_certificate elderly[1];
    struct limit_certificate limits[1];
    struct specified_disease diseases[2];
    char number[24];
};
void sample_make(struct sample *sample, int64_t person_id);
struct authentication_certificate sample_certificate(uint64_t serial, int64_t person_id);
struct insured_key sample_key(const struct sample *sample, int coverage);

/* Compares everything but coverage.recorded. */
void assert_person(const struct person *found, const struct person *wanted);
void assert_ok(const struct scope *scope, enum status status);
/* Checks status and cause, and takes the failure back. */
void assert_fails(struct scope *scope, enum status status, enum cause cause);
