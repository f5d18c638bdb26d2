/* SPDX-License-Identifier: Apache-2.0
 *
 * store_rows.h - a row of each table as cells: its shape, its check, and the way to and from
 * structs.
 *
 * The order of the columns is that of sql/; the key stands first, `recorded` last. The same check
 * runs over what is put (a wrong value is INVALID) and over what is read (STORE_CORRUPT).
 */
#pragma once

#include "domain/deregistration.h"
#include "domain/insurer_policy.h"
#include "domain/issue.h"
#include "domain/registration.h"
#include "store/store_engine.h"

enum table_id {
    TABLE_PERSON,
    TABLE_COVERAGE,
    TABLE_ELDERLY,
    TABLE_LIMIT,
    TABLE_DISEASE,
    TABLE_CERTIFICATE,
    TABLE_INSURER,
    TABLE_INSTITUTION,
    TABLE_REGISTRATION,
    TABLE_DEVICE,
    TABLE_CONSENT,
    TABLE_DEREGISTRATION,
    TABLE_DOCUMENT,
    TABLE_NEED,
    TABLE_POLICY,
    TABLE_CARD_USE,     /* has no history, nor `recorded` */
    TABLE_USE_POSITION, /* has no history */
    TABLE_FILING,
    TABLE_JOB, /* has no history */
    TABLE_KEY, /* coverage_key: derived, has no `recorded` */
    TABLE_PERSON_KEY,
    TABLE_REGISTER_CHECK,
    TABLE_REGISTER_NOTICE,
    TABLE_MEMBER,
    TABLE_CLOCK,
    TABLE_FILE,
    TABLE_COUNT
};

/* Columns of each table, and where one table's cells begin in a joined row. */
enum {
    PERSON_COLUMNS = 16,
    COVERAGE_COLUMNS = 18,
    ELDERLY_COLUMNS = 7,
    LIMIT_COLUMNS = 9,
    DISEASE_COLUMNS = 8,
    CERTIFICATE_COLUMNS = 9,
    INSURER_COLUMNS = 3,
    INSTITUTION_COLUMNS = 6,
    REGISTRATION_COLUMNS = 6,
    DEVICE_COLUMNS = 7,
    CONSENT_COLUMNS = 8,
    DEREGISTRATION_COLUMNS = 12,
    DOCUMENT_COLUMNS = 17,
    NEED_COLUMNS = 5,
    POLICY_COLUMNS = 9,
    CARD_USE_COLUMNS = 3,
    USE_POSITION_COLUMNS = 6,
    FILING_COLUMNS = 6,
    JOB_COLUMNS = 10,
    KEY_COLUMNS = 7,
    PERSON_KEY_COLUMNS = 3,
    REGISTER_CHECK_COLUMNS = 10,
    REGISTER_NOTICE_COLUMNS = 6,
    MEMBER_COLUMNS = 5,
    CLOCK_COLUMNS = 9,
    FILE_COLUMNS = 12,
};

/* Bits of person.holds. */
enum { HOLDS_ELDERLY = 1, HOLDS_LIMIT = 2, HOLDS_DISEASE = 4 };

struct column; /* store_rows.c: what a value of a column may be */

struct table {
    const char *name;
    const struct column *columns;
    size_t count;
    size_t key; /* columns of the primary key, the first ones */
};

const struct table *table_of(enum table_id id);

/* Refuses cells that cannot be put: INVALID, naming table and column. */
MUST_CHECK enum status row_check_put(struct scope *scope, enum table_id table,
                                     const struct cell *cells);

/* Checks a row that was read and copies its texts into the scope, in one piece. */
MUST_CHECK enum status row_take(struct scope *scope, enum table_id table, struct cell *cells);

bool cells_equal(const struct cell *a, const struct cell *b, size_t count);

/* A run of rows of one table; grows in the scope. */
struct row_list {
    enum table_id table;
    struct cell *cells; /* count rows of table_of(table)->count cells */
    size_t count, capacity;
};

struct cell *row_at(const struct row_list *list, size_t row);
/* Copies a row behind the others. Its texts stay borrowed. */
MUST_CHECK enum status row_add(struct scope *scope, struct row_list *list,
                               const struct cell *cells);
/* A row_reader whose context is a row_list: checks, takes, adds; refuses more than the limit. */
MUST_CHECK enum status row_keep(struct scope *scope, struct cell *cells, size_t count,
                                void *context);
/* The row with the key that cells begin with, or NULL. */
struct cell *row_find(const struct row_list *list, const struct cell *key);

/* --- structs to cells, and back. Texts stay borrowed; cells hold what a check has passed.
 * --------- */

void cells_of_person(const struct person *person, unsigned holds, struct instant recorded,
                     struct cell *out);
void cells_of_coverage(int64_t person_id, const struct coverage *coverage, struct instant recorded,
                       struct cell *out);
void cells_of_elderly(int64_t person_id, const struct elderly_certificate *elderly,
                      struct instant recorded, struct cell *out);
void cells_of_limit(int64_t person_id, const struct limit_certificate *limit,
                    struct instant recorded, struct cell *out);
void cells_of_disease(int64_t person_id, const struct specified_disease *disease,
                      struct instant recorded, struct cell *out);
void cells_of_certificate(const struct authentication_certificate *certificate,
                          struct instant recorded, struct cell *out);
void cells_of_insurer(const struct insurer *insurer, struct instant recorded, struct cell *out);
void cells_of_registration(int64_t person_id, const struct registration *registration,
                           struct instant recorded, struct cell *out);
void cells_of_device(const struct mobile_device *device, struct instant recorded, struct cell *out);
void cells_of_consent(const struct mobile_consent *consent, struct instant recorded,
                      struct cell *out);
void cells_of_institution(const struct institution *institution, struct instant recorded,
                          struct cell *out);

void cells_of_deregistration(const struct deregistration_request *request, struct instant recorded,
                             struct cell *out);
void cells_of_issue(const struct issue *issue, struct instant recorded, struct cell *out);
void cells_of_need(const struct need_row *need, struct instant recorded, struct cell *out);
void cells_of_policy(const struct insurer_policy *policy, struct instant recorded,
                     struct cell *out);
void policy_of_cells(const struct cell *cells, struct insurer_policy *out);
void deregistration_of_cells(const struct cell *cells, struct deregistration_request *out);
void issue_of_cells(const struct cell *cells, struct issue *out);
void need_of_cells(const struct cell *cells, struct need_row *out);
struct member;
struct registration_clock;
void cells_of_member(const struct member *member, struct instant recorded, struct cell *out);
void cells_of_clock(const struct registration_clock *clock, struct cell *out);

/* Without the arrays. */
void person_of_cells(const struct cell *cells, struct person *out);
unsigned person_holds(const struct cell *cells);
int64_t person_birth(const struct cell *cells);
void coverage_of_cells(const struct cell *cells, struct coverage *out);
void elderly_of_cells(const struct cell *cells, struct elderly_certificate *out);
void limit_of_cells(const struct cell *cells, struct limit_certificate *out);
void disease_of_cells(const struct cell *cells, struct specified_disease *out);
void certificate_of_cells(const struct cell *cells, struct authentication_certificate *out);
void insurer_of_cells(const struct cell *cells, struct insurer *out);
void registration_of_cells(const struct cell *cells, struct registration *out);
void device_of_cells(const struct cell *cells, struct mobile_device *out);
void consent_of_cells(const struct cell *cells, struct mobile_consent *out);
void institution_of_cells(const struct cell *cells, struct institution *out);

/* Room for what a row of coverage_key points to. */
struct key_texts {
    char symbol[INSURED_NORMAL_SIZE], number[INSURED_NORMAL_SIZE];
};

/*
 * The way in by numbers of a coverage, as a row of coverage_key; symbol and number are normalised
 * into texts. Fails with VALUE_TOO_LONG where one cannot be normalised.
 */
MUST_CHECK enum status cells_of_key(struct scope *scope, const struct cell *coverage, int64_t birth,
                                    struct key_texts *texts, struct cell *out);
