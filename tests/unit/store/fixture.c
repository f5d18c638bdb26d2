/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/db_sqlite.h"

#define SCOPE_LIMIT (4 * 1024 * 1024)

const char *const engine_names[ENGINE_COUNT] = {"sqlite memory", "sqlite file", "postgres"};

struct instant at(int seconds)
{
    struct instant noon = instant_noon(DATE(20261105));

    return (struct instant){noon.microseconds + seconds * INT64_C(1000000)};
}

struct scope scope_at(int seconds)
{
    return scope_begin_at(SCOPE_LIMIT, at(seconds));
}

void assert_ok(const struct scope *scope, enum status status)
{
    if (status != STATUS_OK)
        print_message("# %s: %s\n", failure_text(scope->cause)->code, scope->failure);
    assert_int_equal(status, STATUS_OK);
}

void assert_fails(struct scope *scope, enum status status, enum cause cause)
{
    assert_int_equal(status, failure_text(cause)->status);
    if (scope->cause != cause)
        print_message("# %s: %s\n", failure_text(scope->cause)->code, scope->failure);
    assert_int_equal(scope->cause, cause);
    scope_forgive(scope);
}

/* --- worlds -------------------------------------------------------------------------------------
 */

static void empty_postgres(const char *conninfo)
{
    PGconn *connection = PQconnectdb(conninfo);
    PGresult *result = PQexec(connection, "SET client_min_messages = error;"
                                          "DROP SCHEMA public CASCADE; CREATE SCHEMA public");

    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    PQfinish(connection);
}

static void remove_files(const struct world *world)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char path[128];

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        snprintf(path, sizeof path, "%s/store%s", world->folder, suffixes[i]);
        unlink(path);
    }
}

void world_empty(const struct world *world)
{
    if (world->engine == ENGINE_POSTGRES)
        empty_postgres(world->url + strlen("postgres:"));
    else if (world->engine == ENGINE_SQLITE_FILE)
        remove_files(world);
}

static void name_world(struct world *world)
{
    const char *conninfo = getenv("SHIKAKU_POSTGRES");

    switch (world->engine) {
    case ENGINE_POSTGRES:
        if (!conninfo)
            fail_msg("SHIKAKU_POSTGRES is not set: run through tests/with_postgres.sh");
        snprintf(world->url, sizeof world->url, "postgres:%s", conninfo);
        break;
    case ENGINE_SQLITE_FILE:
        snprintf(world->folder, sizeof world->folder, "/tmp/shikaku-store.XXXXXX");
        assert_non_null(mkdtemp(world->folder));
        snprintf(world->url, sizeof world->url, "sqlite:%s/store", world->folder);
        break;
    case ENGINE_SQLITE_MEMORY:
    case ENGINE_COUNT:
        snprintf(world->url, sizeof world->url, "sqlite::memory:");
        break;
    }
}

int world_begin(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct scope scope = scope_at(0);

    assert_non_null(world);
    world->engine = *(enum engine *)*state;
    name_world(world);
    world_empty(world);
    assert_ok(&scope, store_open(&scope, world->url, STORE_CREATE, &world->store));
    scope_end(&scope);
    *state = world;
    return 0;
}

int world_end(void **state)
{
    struct world *world = *state;

    store_close(world->store);
    if (*world->folder) {
        remove_files(world);
        rmdir(world->folder);
    }
    free(world);
    return 0;
}

enum status world_open(struct scope *scope, const struct world *world, enum store_mode mode,
                       struct store **out)
{
    return store_open(scope, world->url, mode, out);
}

static enum status take_number(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    (void)scope;
    assert_int_equal(count, 1);
    assert_int_equal(cells[0].kind, CELL_NUMBER);
    *(int64_t *)context = cells[0].number;
    return STATUS_OK;
}

/* What is in memory has one handle only: the engine is asked past the store. */
static int64_t memory_number(struct world *world, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;

    assert_int_equal(
        sqlite3_prepare_v2(((struct db_sqlite *)world->store)->db, sql, -1, &statement, NULL),
        SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

int64_t world_number(struct world *world, const char *sql)
{
    struct query query = {QUERY_PING, sql};
    int64_t number = -1;
    struct request request = {.query = &query, .read = take_number, .context = &number};
    struct scope scope = scope_at(0);
    struct store *other = NULL;

    if (world->engine == ENGINE_SQLITE_MEMORY)
        return memory_number(world, sql);
    assert_ok(&scope, world_open(&scope, world, STORE_READ, &other));
    assert_ok(&scope, store_run(&scope, other, &request, 1));
    store_close(other);
    scope_end(&scope);
    return number;
}

void world_tamper(struct world *world, const char *sql)
{
    struct scope scope = scope_at(0);

    assert_ok(&scope, store_script(&scope, world->store, sql));
    scope_end(&scope);
}

/* --- people -------------------------------------------------------------------------------------
 */

static void make_coverages(struct sample *sample)
{
    static const char *const insurers[] = {"06139992", "139998"};

    snprintf(sample->number, sizeof sample->number, "00%lld",
             (long long)(sample->person.person_id % 100000000));
    for (int i = 0; i < 2; i++) {
        struct coverage *coverage = &sample->coverages[i];
        *coverage = (struct coverage){
            .coverage_id = i + 1,
            .symbol = i ? TEXT("架空−１") : TEXT("1234"),
            .number = text_of(sample->number),
            .relation = i ? RELATION_FAMILY : RELATION_INSURED,
            .insured_name = i ? TEXT("架空　一郎") : TEXT(""),
            .from = i ? DATE(20240401) : DATE(20200401),
            .until = i ? DATE_NEVER : DATE(20240401),
            .loss_reason = i ? LOSS_NONE : LOSS_OTHER_INSURANCE,
            .kind = KIND_GENERAL,
            .paper = PAPER_ELIGIBILITY_CERTIFICATE,
            .issued = DATE(20240401),
            .valid_from = DATE(20240401),
            .valid_until = i ? DATE_NEVER : DATE(20250731),
            .share = 0,
        };
        snprintf(coverage->insurer.digits, sizeof coverage->insurer.digits, "%s", insurers[i]);
        snprintf(coverage->branch, sizeof coverage->branch, "%s", i ? "" : "01");
    }
}

static void make_certificates(struct sample *sample)
{
    sample->elderly[0] =
        (struct elderly_certificate){2, DATE(20240401), DATE(20240401), DATE(20270731), 20};
    sample->limits[0] = (struct limit_certificate){
        .coverage_id = 2,
        .kind = 2,
        .category = "B05",
        .issued = DATE(20240401),
        .valid_from = DATE(20240401),
        .valid_until = DATE(20270731),
        .long_stay = DATE(20240501),
    };
    for (int i = 0; i < 2; i++)
        sample->diseases[i] = (struct specified_disease){
            2, i + 1, DATE(20240401), DATE(20240401), DATE_NEVER, 10000 * (i + 1)};
}

void sample_make(struct sample *sample, int64_t person_id)
{
    memset(sample, 0, sizeof *sample);
    sample->person = (struct person){
        .person_id = person_id,
        .name = TEXT("髙﨑　𠮷次\U000E0100"),
        .name_kana = TEXT("ﾀｶｻｷ ﾖｼｼﾞ"),
        .other_name = TEXT("高崎　吉次"),
        .other_name_kana = TEXT(""),
        .postal_code = TEXT("100-0001"),
        .address = TEXT("架空県架空市１−２−３"),
        .birth = DATE(19540203),
        .sex1 = SEX_NOT_SET,
        .sex2 = SEX_MALE,
        .protection = PROTECTION_NON_DISCLOSURE,
        .register_difference = 2,
        .registered = DATE(20220401),
        .deregisters = DATE_NONE,
        .coverages = sample->coverages,
        .coverage_count = 2,
        .elderly = sample->elderly,
        .elderly_count = 1,
        .limits = sample->limits,
        .limit_count = 1,
        .diseases = sample->diseases,
        .disease_count = 2,
    };
    make_coverages(sample);
    make_certificates(sample);
}

struct authentication_certificate sample_certificate(uint64_t serial, int64_t person_id)
{
    return (struct authentication_certificate){
        .issuer = 1,
        .serial = serial,
        .person_id = person_id,
        .not_before = DATE(20230203),
        .expires = DATE(20280203),
        .state = CERTIFICATE_CURRENT,
        .successor = 0,
        .phone = (serial & 1) != 0,
    };
}

struct insured_key sample_key(const struct sample *sample, int coverage)
{
    const struct coverage *chosen = &sample->coverages[coverage];
    struct insured_key key = {.insurer = chosen->insurer, .birth = sample->person.birth};

    assert_true(insured_text_normalise(chosen->symbol, false, key.symbol));
    assert_true(insured_text_normalise(chosen->number, true, key.number));
    return key;
}

static void assert_text(struct text found, struct text wanted)
{
    assert_int_equal(found.size, wanted.size);
    assert_true(text_equal(found, wanted));
    assert_int_equal(found.bytes[found.size], 0);
}

static void assert_coverage(const struct coverage *found, const struct coverage *wanted)
{
    assert_int_equal(found->coverage_id, wanted->coverage_id);
    assert_string_equal(found->insurer.digits, wanted->insurer.digits);
    assert_text(found->symbol, wanted->symbol);
    assert_text(found->number, wanted->number);
    assert_string_equal(found->branch, wanted->branch);
    assert_int_equal(found->relation, wanted->relation);
    assert_text(found->insured_name, wanted->insured_name);
    assert_int_equal(found->from.yyyymmdd, wanted->from.yyyymmdd);
    assert_int_equal(found->until.yyyymmdd, wanted->until.yyyymmdd);
    assert_int_equal(found->loss_reason, wanted->loss_reason);
    assert_int_equal(found->kind, wanted->kind);
    assert_int_equal(found->paper, wanted->paper);
    assert_int_equal(found->issued.yyyymmdd, wanted->issued.yyyymmdd);
    assert_int_equal(found->valid_from.yyyymmdd, wanted->valid_from.yyyymmdd);
    assert_int_equal(found->valid_until.yyyymmdd, wanted->valid_until.yyyymmdd);
    assert_int_equal(found->share, wanted->share);
}

static void assert_certificates(const struct person *found, const struct person *wanted)
{
    assert_int_equal(found->elderly_count, wanted->elderly_count);
    for (size_t i = 0; i < wanted->elderly_count; i++)
        assert_memory_equal(&found->elderly[i], &wanted->elderly[i], sizeof *found->elderly);
    assert_int_equal(found->limit_count, wanted->limit_count);
    for (size_t i = 0; i < wanted->limit_count; i++)
        assert_memory_equal(&found->limits[i], &wanted->limits[i], sizeof *found->limits);
    assert_int_equal(found->disease_count, wanted->disease_count);
    for (size_t i = 0; i < wanted->disease_count; i++)
        assert_memory_equal(&found->diseases[i], &wanted->diseases[i], sizeof *found->diseases);
}

void assert_person(const struct person *found, const struct person *wanted)
{
    assert_int_equal(found->person_id, wanted->person_id);
    assert_text(found->name, wanted->name);
    assert_text(found->name_kana, wanted->name_kana);
    assert_text(found->other_name, wanted->other_name);
    assert_text(found->other_name_kana, wanted->other_name_kana);
    assert_text(found->postal_code, wanted->postal_code);
    assert_text(found->address, wanted->address);
    assert_int_equal(found->birth.yyyymmdd, wanted->birth.yyyymmdd);
    assert_int_equal(found->sex1, wanted->sex1);
    assert_int_equal(found->sex2, wanted->sex2);
    assert_int_equal(found->protection, wanted->protection);
    assert_int_equal(found->register_difference, wanted->register_difference);
    assert_int_equal(found->registered.yyyymmdd, wanted->registered.yyyymmdd);
    assert_int_equal(found->deregisters.yyyymmdd, wanted->deregisters.yyyymmdd);
    assert_int_equal(found->coverage_count, wanted->coverage_count);
    for (size_t i = 0; i < wanted->coverage_count; i++)
        assert_coverage(&found->coverages[i], &wanted->coverages[i]);
    assert_certificates(found, wanted);
}
