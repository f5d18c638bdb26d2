/* SPDX-License-Identifier: Apache-2.0
 *
 * R1: registrations for insurance use. Each change is one transaction: the person's row, which a
 * check reads, and the registration's row, which tells how that came to be.
 */
#include <stdlib.h>

#include "domain/registration.h"
#include "store/store_columns.h"
#include "store/store_put.h"

/* Cells of a person's row: registered, deregisters, and recorded behind all. */
enum { CELL_REGISTERED = 12, CELL_DEREGISTERS = 13 };

static const struct query find_row = {QUERY_PERSON_ROW,
                                      "SELECT " PERSON_NAMES " FROM person WHERE person_id = $1"};

static const struct query list_registrations = {
    QUERY_REGISTRATIONS, "SELECT " REGISTRATION_NAMES
                         " FROM registration WHERE person_id = $1 ORDER BY used_from LIMIT 513"};

static const struct query list_certificates = {
    QUERY_CERTIFICATES_OF_PERSON, "SELECT " CERTIFICATE_NAMES " FROM authentication_certificate "
                                  "WHERE person_id = $1 LIMIT 513"};

/* What the store holds of a person's registration. */
struct registration_rows {
    struct row_list persons, registrations;
};

static enum status read_rows(struct scope *scope, struct store *store, int64_t person_id,
                             struct registration_rows *out)
{
    const struct cell id = CELL_OF_NUMBER(person_id);
    const struct request requests[] = {
        {&find_row, &id, 1, row_keep, &out->persons},
        {&list_registrations, &id, 1, row_keep, &out->registrations},
    };

    *out = (struct registration_rows){{.table = TABLE_PERSON}, {.table = TABLE_REGISTRATION}};
    TRY(store_run(scope, store, requests, 2));
    return out->persons.count == 0 ? STATUS_NOT_FOUND : STATUS_OK;
}

/* The registration of the person's row, with what its own row, if there is one, adds. */
static struct registration latest(const struct registration_rows *rows, const struct person *person)
{
    struct registration registration = {.since = person->registered, .way = REGISTERED_BEFORE};

    for (size_t i = 0; i < rows->registrations.count; i++) {
        const struct cell *cells = row_at(&rows->registrations, i);
        if (cells[1].number == person->registered.yyyymmdd)
            registration_of_cells(cells, &registration);
    }
    if (date_is(person->deregisters) && !date_before(person->deregisters, person->registered)) {
        registration.until = person->deregisters;
        registration.ended = REGISTRATION_DEREGISTERED;
    }
    return registration;
}

static enum status add_row(struct scope *scope, struct change *change,
                           struct registration_rows *rows, const struct registration *registration)
{
    struct cell cells[REGISTRATION_COLUMNS];

    cells_of_registration(rows->persons.cells[0].number, registration, scope->now, cells);
    return change_put(scope, change, &rows->registrations, cells);
}

static enum status put_rows(struct scope *scope, struct store *store,
                            struct registration_rows *rows, const struct cell *person,
                            const struct registration *registration)
{
    struct change change = {0};

    TRY(add_row(scope, &change, rows, registration));
    TRY(change_put(scope, &change, &rows->persons, person));
    return change_run(scope, store, &change);
}

/* The person's row with other days. */
static void copy_person(const struct scope *scope, const struct registration_rows *rows,
                        struct date registered, struct date deregisters,
                        struct cell out[PERSON_COLUMNS])
{
    for (size_t i = 0; i < PERSON_COLUMNS; i++)
        out[i] = rows->persons.cells[i];
    out[CELL_REGISTERED].number = registered.yyyymmdd;
    out[CELL_DEREGISTERS].number = deregisters.yyyymmdd;
    out[PERSON_COLUMNS - 1].number = scope->now.microseconds;
}

/* --- registering --------------------------------------------------------------------------------
 */

struct registering {
    int64_t person_id;
    struct date since;
    enum registration_way way;
    bool *already;
};

/* A registration that ended keeps its row beside the new one. */
static enum status keep_former(struct scope *scope, struct store *store,
                               struct registration_rows *rows, const struct person *person)
{
    const struct registration former = latest(rows, person);
    struct change change = {0};

    TRY(add_row(scope, &change, rows, &former));
    return change_run(scope, store, &change);
}

static enum status register_person(struct scope *scope, struct store *store, const void *value)
{
    const struct registering *registering = value;
    const struct registration registration = {.since = registering->since, .way = registering->way};
    struct registration_rows rows;
    struct person person = {0};
    struct cell cells[PERSON_COLUMNS];

    TRY(read_rows(scope, store, registering->person_id, &rows));
    person_of_cells(rows.persons.cells, &person);
    *registering->already = registration_on(&person, registering->since).use;
    if (*registering->already)
        return STATUS_OK;
    if (date_is(person.registered))
        TRY(keep_former(scope, store, &rows, &person));
    copy_person(scope, &rows, registering->since, DATE_NONE, cells);
    return put_rows(scope, store, &rows, cells, &registration);
}

enum status store_register_person(struct scope *scope, struct store *store, int64_t person_id,
                                  struct date since, enum registration_way way, bool *already)
{
    bool held = false;
    const struct registering registering = {person_id, since, way, &held};

    TRY(store_change(scope, store, register_person, &registering));
    *already = held;
    return STATUS_OK;
}

/* --- its end ------------------------------------------------------------------------------------
 */

struct ending {
    int64_t person_id;
    struct date until;
    enum registration_end ended;
};

/* A lapse or a return leaves no day of registration; a deregistration keeps it, with its last. */
static enum status end_registration(struct scope *scope, struct store *store, const void *value)
{
    const struct ending *ending = value;
    struct registration_rows rows;
    struct registration registration = {0};
    struct person person = {0};
    struct cell cells[PERSON_COLUMNS];
    bool keeps = ending->ended == REGISTRATION_DEREGISTERED;

    TRY(read_rows(scope, store, ending->person_id, &rows));
    person_of_cells(rows.persons.cells, &person);
    if (!date_is(person.registered))
        return STATUS_NOT_FOUND;
    registration = latest(&rows, &person);
    registration.until = ending->until;
    registration.ended = ending->ended;
    copy_person(scope, &rows, keeps ? person.registered : DATE_NONE,
                keeps ? ending->until : DATE_NONE, cells);
    return put_rows(scope, store, &rows, cells, &registration);
}

enum status store_end_registration(struct scope *scope, struct store *store, int64_t person_id,
                                   struct date until, enum registration_end ended)
{
    const struct ending ending = {person_id, until, ended};

    return store_change(scope, store, end_registration, &ending);
}

static enum status resume_registration(struct scope *scope, struct store *store, const void *value)
{
    const int64_t *person_id = value;
    struct registration_rows rows;
    struct registration registration = {0};
    struct person person = {0};
    struct cell cells[PERSON_COLUMNS];

    TRY(read_rows(scope, store, *person_id, &rows));
    person_of_cells(rows.persons.cells, &person);
    if (!date_is(person.registered) || !date_is(person.deregisters))
        return STATUS_NOT_FOUND;
    registration = latest(&rows, &person);
    registration.until = DATE_NONE;
    registration.ended = REGISTRATION_RUNS;
    copy_person(scope, &rows, person.registered, DATE_NONE, cells);
    return put_rows(scope, store, &rows, cells, &registration);
}

enum status store_resume_registration(struct scope *scope, struct store *store, int64_t person_id)
{
    return store_change(scope, store, resume_registration, &person_id);
}

/* --- queries ------------------------------------------------------------------------------------
 */

enum status store_list_registrations(struct scope *scope, struct store *store, int64_t person_id,
                                     struct registration **out, size_t *count)
{
    struct registration_rows rows;
    struct registration *items = NULL;
    struct person person = {0};
    size_t given = 0;

    TRY(read_rows(scope, store, person_id, &rows));
    person_of_cells(rows.persons.cells, &person);
    TRY(scope_alloc(scope, rows.registrations.count + 1, sizeof *items, &items));
    for (size_t i = 0; i < rows.registrations.count; i++) {
        registration_of_cells(row_at(&rows.registrations, i), &items[given]);
        given += items[given].since.yyyymmdd != person.registered.yyyymmdd;
    }
    if (date_is(person.registered))
        items[given++] = latest(&rows, &person);
    *out = items;
    *count = given;
    return STATUS_OK;
}

static int by_first_day(const void *a, const void *b)
{
    const struct authentication_certificate *one = a;
    const struct authentication_certificate *other = b;
    int order = date_compare(one->not_before, other->not_before);

    return order != 0 ? order : (one->serial > other->serial) - (one->serial < other->serial);
}

enum status store_list_certificates(struct scope *scope, struct store *store, int64_t person_id,
                                    struct authentication_certificate **out, size_t *count)
{
    struct row_list rows = {.table = TABLE_CERTIFICATE};
    const struct cell id = CELL_OF_NUMBER(person_id);
    const struct request request = {&list_certificates, &id, 1, row_keep, &rows};
    struct authentication_certificate *items = NULL;

    TRY(store_run(scope, store, &request, 1));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *items, &items));
    for (size_t i = 0; i < rows.count; i++)
        certificate_of_cells(row_at(&rows, i), &items[i]);
    qsort(items, rows.count, sizeof *items, by_first_day);
    *out = items;
    *count = rows.count;
    return STATUS_OK;
}

/* --- a new certificate --------------------------------------------------------------------------
 */

enum status store_follow_certificate(struct scope *scope, struct store *store,
                                     const struct authentication_certificate *certificate)
{
    struct authentication_certificate *certificates = NULL;
    struct registration_rows rows;
    struct person person = {0};
    struct date last;
    size_t count = 0;
    enum status status = read_rows(scope, store, certificate->person_id, &rows);

    if (status == STATUS_NOT_FOUND)
        return STATUS_OK; /* the person is yet to come */
    TRY(status);
    person_of_cells(rows.persons.cells, &person);
    if (!date_is(person.registered) || !date_before(person.registered, certificate->not_before))
        return STATUS_OK;
    TRY(store_list_certificates(scope, store, person.person_id, &certificates, &count));
    last = registration_lapse(certificates, count, person.registered, certificate->not_before);
    return date_is(last)
               ? store_end_registration(scope, store, person.person_id, last, REGISTRATION_LAPSED)
               : STATUS_OK;
}
