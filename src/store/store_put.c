/* SPDX-License-Identifier: Apache-2.0
 *
 * Putting a row: the former one goes to the history with the time until which we believed it, the
 * new one takes its place. A row that says nothing new is left alone, or a registration file that
 * is sent twice would double the history.
 */
#include "store/store_put.h"

#include <string.h>

#include "store/store_columns.h"

static const struct query retire_person = {
    QUERY_PERSON_RETIRE, "INSERT INTO person_history (" PERSON_NAMES ", superseded) "
                         "SELECT " PERSON_NAMES ", $2 FROM person WHERE person_id = $1"};

static const struct query put_person = {
    QUERY_PERSON_PUT,
    "INSERT INTO person (" PERSON_NAMES ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
    "ON CONFLICT (person_id) DO UPDATE SET "
    "name = excluded.name, name_kana = excluded.name_kana, other_name = "
    "excluded.other_name, other_name_kana = excluded.other_name_kana, postal_code = "
    "excluded.postal_code, address = excluded.address, birth = excluded.birth, sex1 ="
    " excluded.sex1, sex2 = excluded.sex2, protection = excluded.protection, "
    "register_difference = excluded.register_difference, registered = "
    "excluded.registered, deregisters = excluded.deregisters, holds = excluded.holds,"
    " recorded = excluded.recorded"};

static const struct query retire_coverage = {
    QUERY_COVERAGE_RETIRE,
    "INSERT INTO coverage_history (" COVERAGE_NAMES ", superseded) "
    "SELECT " COVERAGE_NAMES ", $3 FROM coverage WHERE person_id = $1 AND coverage_id = $2"};

static const struct query put_coverage = {
    QUERY_COVERAGE_PUT,
    "INSERT INTO coverage (" COVERAGE_NAMES ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
    "$17, $18) "
    "ON CONFLICT (person_id, coverage_id) DO UPDATE SET "
    "insurer = excluded.insurer, symbol = excluded.symbol, number = excluded.number, "
    "branch = excluded.branch, relation = excluded.relation, insured_name = "
    "excluded.insured_name, held_from = excluded.held_from, held_until = "
    "excluded.held_until, loss_reason = excluded.loss_reason, kind = excluded.kind, "
    "paper = excluded.paper, issued = excluded.issued, valid_from = "
    "excluded.valid_from, valid_until = excluded.valid_until, share = excluded.share,"
    " recorded = excluded.recorded"};

static const struct query retire_elderly = {
    QUERY_ELDERLY_RETIRE,
    "INSERT INTO elderly_certificate_history (" ELDERLY_NAMES ", superseded) "
    "SELECT " ELDERLY_NAMES
    ", $4 FROM elderly_certificate WHERE person_id = $1 AND coverage_id = $2 AND valid_from = $3"};

static const struct query put_elderly = {
    QUERY_ELDERLY_PUT, "INSERT INTO elderly_certificate (" ELDERLY_NAMES ") "
                       "VALUES ($1, $2, $3, $4, $5, $6, $7) "
                       "ON CONFLICT (person_id, coverage_id, valid_from) DO UPDATE SET "
                       "valid_until = excluded.valid_until, issued = excluded.issued, share = "
                       "excluded.share, recorded = excluded.recorded"};

static const struct query retire_limit = {
    QUERY_LIMIT_RETIRE,
    "INSERT INTO limit_certificate_history (" LIMIT_NAMES ", superseded) "
    "SELECT " LIMIT_NAMES
    ", $4 FROM limit_certificate WHERE person_id = $1 AND coverage_id = $2 AND valid_from = $3"};

static const struct query put_limit = {
    QUERY_LIMIT_PUT, "INSERT INTO limit_certificate (" LIMIT_NAMES ") "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
                     "ON CONFLICT (person_id, coverage_id, valid_from) DO UPDATE SET "
                     "valid_until = excluded.valid_until, issued = excluded.issued, kind = "
                     "excluded.kind, category = excluded.category, long_stay = excluded.long_stay, "
                     "recorded = excluded.recorded"};

static const struct query retire_disease = {
    QUERY_DISEASE_RETIRE,
    "INSERT INTO specified_disease_history (" DISEASE_NAMES ", superseded) "
    "SELECT " DISEASE_NAMES ", $5 FROM specified_disease WHERE person_id = $1 AND coverage_id = $2 "
    "AND category = $3 AND valid_from = $4"};

static const struct query put_disease = {
    QUERY_DISEASE_PUT,
    "INSERT INTO specified_disease (" DISEASE_NAMES ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (person_id, coverage_id, category, valid_from) DO UPDATE SET "
    "valid_until = excluded.valid_until, issued = excluded.issued, monthly_limit = "
    "excluded.monthly_limit, recorded = excluded.recorded"};

static const struct query retire_certificate = {
    QUERY_CERTIFICATE_RETIRE,
    "INSERT INTO authentication_certificate_history (" CERTIFICATE_NAMES ", superseded) "
    "SELECT " CERTIFICATE_NAMES
    ", $3 FROM authentication_certificate WHERE issuer = $1 AND serial = $2"};

static const struct query put_certificate = {
    QUERY_CERTIFICATE_PUT,
    "INSERT INTO authentication_certificate (" CERTIFICATE_NAMES ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
    "ON CONFLICT (issuer, serial) DO UPDATE SET "
    "person_id = excluded.person_id, not_before = excluded.not_before, expires = "
    "excluded.expires, state = excluded.state, successor = excluded.successor, phone "
    "= excluded.phone, recorded = excluded.recorded"};

static const struct query retire_insurer = {
    QUERY_INSURER_RETIRE, "INSERT INTO insurer_history (" INSURER_NAMES ", superseded) "
                          "SELECT " INSURER_NAMES ", $2 FROM insurer WHERE number = $1"};

static const struct query put_insurer = {QUERY_INSURER_PUT,
                                         "INSERT INTO insurer (" INSURER_NAMES ") "
                                         "VALUES ($1, $2, $3) "
                                         "ON CONFLICT (number) DO UPDATE SET "
                                         "name = excluded.name, recorded = excluded.recorded"};

static const struct query retire_institution = {
    QUERY_INSTITUTION_RETIRE, "INSERT INTO institution_history (" INSTITUTION_NAMES ", superseded) "
                              "SELECT " INSTITUTION_NAMES ", $2 FROM institution WHERE code = $1"};

static const struct query put_institution = {
    QUERY_INSTITUTION_PUT,
    "INSERT INTO institution (" INSTITUTION_NAMES ") "
    "VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (code) DO UPDATE SET "
    "name = excluded.name, type = excluded.type, measure = excluded.measure, "
    "measure_until = excluded.measure_until, recorded = excluded.recorded"};

static const struct query retire_registration = {
    QUERY_REGISTRATION_RETIRE,
    "INSERT INTO registration_history (" REGISTRATION_NAMES ", superseded) "
    "SELECT " REGISTRATION_NAMES ", $3 FROM registration WHERE person_id = $1 AND used_from = $2"};

static const struct query put_registration = {
    QUERY_REGISTRATION_PUT, "INSERT INTO registration (" REGISTRATION_NAMES ") "
                            "VALUES ($1, $2, $3, $4, $5, $6) "
                            "ON CONFLICT (person_id, used_from) DO UPDATE SET "
                            "used_until = excluded.used_until, way = excluded.way, ended = "
                            "excluded.ended, recorded = excluded.recorded"};

static const struct query retire_device = {
    QUERY_DEVICE_RETIRE, "INSERT INTO mobile_device_history (" DEVICE_NAMES ", superseded) "
                         "SELECT " DEVICE_NAMES ", $2 FROM mobile_device WHERE device = $1"};

static const struct query put_device = {
    QUERY_DEVICE_PUT, "INSERT INTO mobile_device (" DEVICE_NAMES ") "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7) "
                      "ON CONFLICT (device) DO UPDATE SET institution = excluded.institution, "
                      "class = excluded.class, code_hash = excluded.code_hash, code_until = "
                      "excluded.code_until, secret_hash = excluded.secret_hash, "
                      "recorded = excluded.recorded"};

static const struct query retire_consent = {
    QUERY_CONSENT_RETIRE,
    "INSERT INTO mobile_consent_history (" CONSENT_NAMES ", superseded) "
    "SELECT " CONSENT_NAMES ", $3 FROM mobile_consent WHERE person_id = $1 AND institution = $2"};

static const struct query put_consent = {
    QUERY_CONSENT_PUT, "INSERT INTO mobile_consent (" CONSENT_NAMES ") "
                       "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                       "ON CONFLICT (person_id, institution) DO UPDATE SET given = excluded.given, "
                       "until = excluded.until, ended = excluded.ended, consents = "
                       "excluded.consents, mode = excluded.mode, recorded = excluded.recorded"};

static const struct query retire_member = {
    QUERY_MEMBER_RETIRE, "INSERT INTO member_history (" MEMBER_NAMES ", superseded) "
                         "SELECT " MEMBER_NAMES ", $3 FROM member WHERE insurer = $1 "
                         "AND member_key = $2"};

static const struct query put_member = {
    QUERY_MEMBER_PUT, "INSERT INTO member (" MEMBER_NAMES ") "
                      "VALUES ($1, $2, $3, $4, $5) "
                      "ON CONFLICT (insurer, member_key) DO UPDATE SET "
                      "person_id = excluded.person_id, identity = excluded.identity, "
                      "recorded = excluded.recorded"};

static const struct query retire_deregistration = {
    QUERY_DEREGISTRATION_RETIRE,
    "INSERT INTO deregistration_request_history (" DEREGISTRATION_NAMES ", superseded) "
    "SELECT " DEREGISTRATION_NAMES
    ", $3 FROM deregistration_request WHERE person_id = $1 AND request_id = $2"};

static const struct query put_deregistration = {
    QUERY_DEREGISTRATION_PUT,
    "INSERT INTO deregistration_request (" DEREGISTRATION_NAMES ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
    "ON CONFLICT (person_id, request_id) DO UPDATE SET requested = excluded.requested, received = "
    "excluded.received, insurer = excluded.insurer, channel = excluded.channel, proxy = "
    "excluded.proxy, state = excluded.state, executes = excluded.executes, executed = "
    "excluded.executed, error = excluded.error, recorded = excluded.recorded"};

static const struct query retire_document = {
    QUERY_DOCUMENT_RETIRE,
    "INSERT INTO document_history (" DOCUMENT_NAMES ", superseded) SELECT " DOCUMENT_NAMES
    ", $4 FROM document WHERE person_id = $1 AND kind = $2 AND serial = $3"};

static const struct query put_document = {
    QUERY_DOCUMENT_PUT,
    "INSERT INTO document (" DOCUMENT_NAMES ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
    "ON CONFLICT (person_id, kind, serial) DO UPDATE SET insurer = excluded.insurer, coverage_id = "
    "excluded.coverage_id, reason = excluded.reason, rule = excluded.rule, due = excluded.due, "
    "latest = excluded.latest, issued = excluded.issued, valid_from = excluded.valid_from, "
    "valid_until = excluded.valid_until, state = excluded.state, returned = excluded.returned, "
    "replaced_by = excluded.replaced_by, special = excluded.special, recorded = "
    "excluded.recorded"};

static const struct query retire_need = {
    QUERY_NEED_RETIRE, "INSERT INTO document_need_history (" NEED_NAMES ", superseded) "
                       "SELECT " NEED_NAMES ", $4 FROM document_need "
                       "WHERE person_id = $1 AND need = $2 AND since = $3"};

static const struct query put_need = {
    QUERY_NEED_PUT, "INSERT INTO document_need (" NEED_NAMES ") VALUES ($1, $2, $3, $4, $5) "
                    "ON CONFLICT (person_id, need, since) DO UPDATE SET until = excluded.until, "
                    "recorded = excluded.recorded"};

static const struct query retire_policy = {
    QUERY_POLICY_RETIRE,
    "INSERT INTO insurer_policy_history (" POLICY_NAMES ", superseded) SELECT " POLICY_NAMES
    ", $3 FROM insurer_policy WHERE insurer = $1 AND valid_from = $2"};

static const struct query put_policy = {
    QUERY_POLICY_PUT,
    "INSERT INTO insurer_policy (" POLICY_NAMES ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
    "ON CONFLICT (insurer, valid_from) DO UPDATE SET gives_both = excluded.gives_both, "
    "certificate_years = excluded.certificate_years, expiry_months = excluded.expiry_months, "
    "uses_12_months = excluded.uses_12_months, uses_3_months = excluded.uses_3_months, "
    "uses_month = excluded.uses_month, recorded = excluded.recorded"};

static const struct query retire_filing = {
    QUERY_FILING_RETIRE, "INSERT INTO protection_filing_history (" FILING_NAMES ", superseded) "
                         "SELECT " FILING_NAMES ", $4 FROM protection_filing "
                         "WHERE person_id = $1 AND source = $2 AND flag = $3"};

static const struct query put_filing = {
    QUERY_FILING_PUT, "INSERT INTO protection_filing (" FILING_NAMES ") "
                      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person_id, source, flag) "
                      "DO UPDATE SET valid_from = excluded.valid_from, "
                      "valid_until = excluded.valid_until, recorded = excluded.recorded"};

static const struct query delete_filing = {
    QUERY_FILING_DELETE,
    "DELETE FROM protection_filing WHERE person_id = $1 AND source = $2 AND flag = $3"};

static const struct query delete_coverage = {
    QUERY_COVERAGE_DELETE, "DELETE FROM coverage WHERE person_id = $1 AND coverage_id = $2"};

static const struct query delete_elderly = {QUERY_ELDERLY_DELETE,
                                            "DELETE FROM elderly_certificate WHERE person_id = $1 "
                                            "AND coverage_id = $2 AND valid_from = $3"};

static const struct query delete_limit = {
    QUERY_LIMIT_DELETE,
    "DELETE FROM limit_certificate WHERE person_id = $1 AND coverage_id = $2 AND valid_from = $3"};

static const struct query delete_disease = {
    QUERY_DISEASE_DELETE, "DELETE FROM specified_disease WHERE person_id = $1 "
                          "AND coverage_id = $2 AND category = $3 AND valid_from = $4"};

static const struct query delete_member = {
    QUERY_MEMBER_DELETE, "DELETE FROM member WHERE insurer = $1 AND member_key = $2"};

/* drop: NULL where rows of the table are never taken away. */
static const struct {
    const struct query *retire, *put, *drop;
} queries[TABLE_COUNT] = {
    [TABLE_PERSON] = {&retire_person, &put_person, NULL},
    [TABLE_COVERAGE] = {&retire_coverage, &put_coverage, &delete_coverage},
    [TABLE_ELDERLY] = {&retire_elderly, &put_elderly, &delete_elderly},
    [TABLE_LIMIT] = {&retire_limit, &put_limit, &delete_limit},
    [TABLE_DISEASE] = {&retire_disease, &put_disease, &delete_disease},
    [TABLE_CERTIFICATE] = {&retire_certificate, &put_certificate, NULL},
    [TABLE_INSURER] = {&retire_insurer, &put_insurer, NULL},
    [TABLE_REGISTRATION] = {&retire_registration, &put_registration, NULL},
    [TABLE_DEVICE] = {&retire_device, &put_device, NULL},
    [TABLE_CONSENT] = {&retire_consent, &put_consent, NULL},
    [TABLE_MEMBER] = {&retire_member, &put_member, &delete_member},
    [TABLE_INSTITUTION] = {&retire_institution, &put_institution, NULL},
    [TABLE_DEREGISTRATION] = {&retire_deregistration, &put_deregistration, NULL},
    [TABLE_DOCUMENT] = {&retire_document, &put_document, NULL},
    [TABLE_FILING] = {&retire_filing, &put_filing, &delete_filing},
    [TABLE_NEED] = {&retire_need, &put_need, NULL},
    [TABLE_POLICY] = {&retire_policy, &put_policy, NULL},
};

enum status change_add(struct scope *scope, struct change *change, const struct query *query,
                       const struct cell *values, size_t count)
{
    if (change->count == change->capacity) {
        size_t capacity = change->capacity ? change->capacity * 2 : 8;
        struct request *wider = NULL;
        TRY(scope_alloc(scope, capacity, sizeof *wider, &wider));
        if (change->count > 0)
            memcpy(wider, change->requests, change->count * sizeof *wider);
        change->requests = wider;
        change->capacity = capacity;
    }
    change->requests[change->count++] =
        (struct request){.query = query, .values = values, .value_count = count};
    return STATUS_OK;
}

/* The former row's key and the time at which the new one takes over. */
static enum status retire(struct scope *scope, struct change *change, enum table_id table,
                          const struct cell *former, int64_t superseded)
{
    size_t key = table_of(table)->key;
    struct cell *values = NULL;

    TRY(scope_alloc(scope, key + 1, sizeof *values, &values));
    memcpy(values, former, key * sizeof *values);
    values[key] = CELL_OF_NUMBER(superseded);
    return change_add(scope, change, queries[table].retire, values, key + 1);
}

enum status change_put(struct scope *scope, struct change *change, struct row_list *rows,
                       const struct cell *cells)
{
    size_t last = table_of(rows->table)->count - 1; /* recorded */
    struct cell *former = row_find(rows, cells);
    struct cell *values = NULL;

    if (former && cells_equal(former, cells, last))
        return STATUS_OK;
    TRY(row_check_put(scope, rows->table, cells));
    TRY(scope_alloc(scope, last + 1, sizeof *values, &values));
    memcpy(values, cells, (last + 1) * sizeof *values);
    if (former) {
        /* a clock that was set back must not make a row older than the one it replaces */
        if (values[last].number < former[last].number)
            values[last].number = former[last].number;
        TRY(retire(scope, change, rows->table, former, values[last].number));
        memcpy(former, values, (last + 1) * sizeof *values);
    } else {
        TRY(row_add(scope, rows, values));
    }
    return change_add(scope, change, queries[rows->table].put, values, last + 1);
}

enum status change_write(struct scope *scope, struct change *change, enum table_id table,
                         const struct cell *cells, bool fresh)
{
    size_t count = table_of(table)->count;

    TRY(row_check_put(scope, table, cells));
    if (!fresh)
        TRY(retire(scope, change, table, cells, cells[count - 1].number));
    return change_add(scope, change, queries[table].put, cells, count);
}

enum status change_drop(struct scope *scope, struct change *change, enum table_id table,
                        const struct cell *former)
{
    size_t last = table_of(table)->count - 1; /* recorded */
    int64_t now = scope->now.microseconds;
    struct cell *key = NULL;

    TRY(scope_alloc(scope, table_of(table)->key, sizeof *key, &key));
    memcpy(key, former, table_of(table)->key * sizeof *key);
    TRY(retire(scope, change, table, former,
               now < former[last].number ? former[last].number : now));
    return change_add(scope, change, queries[table].drop, key, table_of(table)->key);
}

const struct query *change_put_query(enum table_id table)
{
    return queries[table].put;
}

enum status change_run(struct scope *scope, struct store *store, const struct change *change)
{
    return change->count == 0 ? STATUS_OK
                              : store_run(scope, store, change->requests, change->count);
}
