/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_columns.h"
#include "store/store_person.h"
#include "store/store_put.h"

/*
 * The look-up that each check by card makes: certificate, person and coverages in one descent each,
 * one row a coverage.
 */
static const struct query find_card_holder = {
    QUERY_CARD_HOLDER, "SELECT " CERTIFICATE_JOINED_NAMES ", " PERSON_JOINED_NAMES
                       ", " COVERAGE_JOINED_NAMES " FROM authentication_certificate c "
                       "JOIN person p ON p.person_id = c.person_id "
                       "LEFT JOIN coverage v ON v.person_id = p.person_id "
                       "WHERE c.issuer = $1 AND c.serial = $2 LIMIT 513"};

struct holder_reading {
    struct authentication_certificate certificate;
    struct person_reading person;
};

static enum status take_holder(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct holder_reading *reading = context;

    if (count != CERTIFICATE_COLUMNS + PERSON_COLUMNS + COVERAGE_COLUMNS)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "card holder has other columns");
    if (!reading->person.found) {
        TRY(row_take(scope, TABLE_CERTIFICATE, cells));
        certificate_of_cells(cells, &reading->certificate);
    }
    return person_reading_take(scope, &reading->person, cells + CERTIFICATE_COLUMNS);
}

enum status store_find_card_holder(struct scope *scope, struct store *store, int issuer,
                                   uint64_t serial, struct card_holder *out)
{
    const struct cell key[] = {CELL_OF_NUMBER(issuer), CELL_OF_NUMBER((int64_t)serial)};
    struct holder_reading reading = {0};
    const struct request request = {&find_card_holder, key, 2, take_holder, &reading};

    person_reading_begin(&reading.person);
    TRY(person_reading_run(scope, store, &reading.person, &request));
    if (!reading.person.found)
        return STATUS_NOT_FOUND;
    out->certificate = reading.certificate;
    return person_reading_end(scope, &reading.person, &out->person);
}

static const struct query find_certificate = {
    QUERY_CERTIFICATE, "SELECT " CERTIFICATE_NAMES " FROM authentication_certificate "
                       "WHERE issuer = $1 AND serial = $2"};

static enum status put_certificate(struct scope *scope, struct store *store, const void *value)
{
    struct cell cells[CERTIFICATE_COLUMNS];
    struct row_list rows = {.table = TABLE_CERTIFICATE};
    struct change change = {0};
    const struct request request = {&find_certificate, cells, 2, row_keep, &rows};
    bool known = false;

    cells_of_certificate(value, scope->now, cells);
    TRY(store_run(scope, store, &request, 1));
    known = rows.count > 0;
    TRY(change_put(scope, &change, &rows, cells));
    TRY(change_run(scope, store, &change));
    return known ? STATUS_OK : store_follow_certificate(scope, store, value);
}

enum status store_put_certificate(struct scope *scope, struct store *store,
                                  const struct authentication_certificate *certificate)
{
    return store_change(scope, store, put_certificate, certificate);
}
