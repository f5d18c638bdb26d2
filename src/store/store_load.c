/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_register.h"
#include "store/store_rows.h"

/* Tables that a load fills, in the order of enum loaded. */
enum loaded {
    LOADED_PERSON,
    LOADED_COVERAGE,
    LOADED_ELDERLY,
    LOADED_LIMIT,
    LOADED_DISEASE,
    LOADED_CERTIFICATE,
    LOADED_KEY,
    LOADED_PERSON_KEY,
    LOADED_COUNT
};

/* People come in ascending order; certificates and keys do not, and are sorted at the end. */
static const struct load_table tables[LOADED_COUNT] = {
    [LOADED_PERSON] = {"person", NULL,
                       "ltttttti"
                       "iiiiiiil",
                       NULL},
    [LOADED_COVERAGE] = {"coverage", NULL,
                         "lltttt"
                         "it"
                         "iiiiiiiii"
                         "l",
                         NULL},
    [LOADED_ELDERLY] = {"elderly_certificate", NULL, "lliiiil", NULL},
    [LOADED_LIMIT] = {"limit_certificate", NULL, "lliiiitil", NULL},
    [LOADED_DISEASE] = {"specified_disease", NULL, "lliiiiil", NULL},
    [LOADED_CERTIFICATE] = {"authentication_certificate", "issuer, serial", "illiiilil",
                            "person_id, not_before, expires, state, phone, recorded"},
    [LOADED_KEY] = {"coverage_key", "insurer, symbol, number, birth, person_id, coverage_id",
                    "tttillt", NULL},
    [LOADED_PERSON_KEY] = {"person_key", "link", "tll", "person_id, recorded"},
};

static enum status note_row(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    (void)scope;
    (void)cells;
    (void)count;
    *(bool *)context = true;
    return STATUS_OK;
}

static const struct query find_any = {
    QUERY_PERSON_ANY, "SELECT 1 FROM person WHERE person_id >= 0 UNION ALL "
                      "SELECT 1 FROM authentication_certificate WHERE issuer >= 0 LIMIT 1"};

enum status store_load_begin(struct scope *scope, struct store *store)
{
    bool filled = false;
    const struct request request = {.query = &find_any, .read = note_row, .context = &filled};

    TRY(store_run(scope, store, &request, 1));
    if (filled)
        return scope_fail(scope, CAUSE_ALREADY_EXISTS, "the store has people: load an empty one");
    return store_start_load(scope, store, tables, LOADED_COUNT);
}

static enum status load_row(struct scope *scope, struct store *store, enum loaded loaded,
                            enum table_id table, const struct cell *cells)
{
    TRY(row_check_put(scope, table, cells));
    return store_load_row(scope, store, loaded, cells, table_of(table)->count);
}

static enum status load_coverage(struct scope *scope, struct store *store,
                                 const struct person *person, const struct coverage *coverage)
{
    struct cell cells[COVERAGE_COLUMNS];
    struct cell key[KEY_COLUMNS];
    struct key_texts texts;

    cells_of_coverage(person->person_id, coverage, scope->now, cells);
    TRY(load_row(scope, store, LOADED_COVERAGE, TABLE_COVERAGE, cells));
    TRY(cells_of_key(scope, cells, person->birth.yyyymmdd, &texts, key));
    return load_row(scope, store, LOADED_KEY, TABLE_KEY, key);
}

static enum status load_certificates(struct scope *scope, struct store *store,
                                     const struct person *person)
{
    struct cell cells[COLUMNS_MAX];

    for (size_t i = 0; i < person->elderly_count; i++) {
        cells_of_elderly(person->person_id, &person->elderly[i], scope->now, cells);
        TRY(load_row(scope, store, LOADED_ELDERLY, TABLE_ELDERLY, cells));
    }
    for (size_t i = 0; i < person->limit_count; i++) {
        cells_of_limit(person->person_id, &person->limits[i], scope->now, cells);
        TRY(load_row(scope, store, LOADED_LIMIT, TABLE_LIMIT, cells));
    }
    for (size_t i = 0; i < person->disease_count; i++) {
        cells_of_disease(person->person_id, &person->diseases[i], scope->now, cells);
        TRY(load_row(scope, store, LOADED_DISEASE, TABLE_DISEASE, cells));
    }
    return STATUS_OK;
}

static unsigned holds_of(const struct person *person)
{
    return (person->elderly_count ? HOLDS_ELDERLY : 0U) | (person->limit_count ? HOLDS_LIMIT : 0U) |
           (person->disease_count ? HOLDS_DISEASE : 0U);
}

static bool too_many(const struct person *person)
{
    return person->coverage_count > COVERAGE_HISTORY_MAX ||
           person->elderly_count > PERSON_CERTIFICATES_MAX ||
           person->limit_count > PERSON_CERTIFICATES_MAX ||
           person->disease_count > PERSON_CERTIFICATES_MAX;
}

static enum status load_person(struct scope *scope, struct store *store,
                               const struct person *person)
{
    struct cell cells[PERSON_COLUMNS];

    if (person->person_id <= store->last_loaded)
        return scope_fail(scope, CAUSE_CODE_VALUE_WRONG, "people must come in ascending order");
    if (too_many(person))
        return scope_fail(scope, CAUSE_VALUE_TOO_LONG, "more than %d coverages or certificates",
                          COVERAGE_HISTORY_MAX);
    cells_of_person(person, holds_of(person), scope->now, cells);
    TRY(load_row(scope, store, LOADED_PERSON, TABLE_PERSON, cells));
    store->last_loaded = person->person_id;
    for (size_t i = 0; i < person->coverage_count; i++)
        TRY(load_coverage(scope, store, person, &person->coverages[i]));
    return load_certificates(scope, store, person);
}

/* A person that cannot be loaded may be half there: the load has failed. */
enum status store_load_person(struct scope *scope, struct store *store, const struct person *person)
{
    enum status status = load_person(scope, store, person);

    if (status != STATUS_OK && store->phase == PHASE_LOAD)
        store->phase = PHASE_LOAD_FAILED;
    return status;
}

enum status store_load_certificate(struct scope *scope, struct store *store,
                                   const struct authentication_certificate *certificate)
{
    struct cell cells[CERTIFICATE_COLUMNS];

    cells_of_certificate(certificate, scope->now, cells);
    return load_row(scope, store, LOADED_CERTIFICATE, TABLE_CERTIFICATE, cells);
}

enum status store_load_person_key(struct scope *scope, struct store *store,
                                  const struct person_key *key)
{
    const struct cell cells[PERSON_KEY_COLUMNS] = {CELL_OF_TEXT(key->link),
                                                   CELL_OF_NUMBER(key->person_id),
                                                   CELL_OF_NUMBER(scope->now.microseconds)};

    return load_row(scope, store, LOADED_PERSON_KEY, TABLE_PERSON_KEY, cells);
}

enum status store_load_end(struct scope *scope, struct store *store)
{
    return store_finish_load(scope, store);
}
