/* SPDX-License-Identifier: Apache-2.0
 *
 * What only SQLite has: plans, files that cannot be written or are no database, full disks.
 */
#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db_sqlite.h"
#include "store/store_finder.h"

static sqlite3 *database(struct store *store)
{
    return ((struct db_sqlite *)store)->db;
}

/* --- plans ------------------------------------------------------------------------------------ */

/* The steps of a plan, joined by line ends. */
static void explain(sqlite3 *db, const char *sql, char *out, size_t size)
{
    char *question = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *statement = NULL;
    size_t used = 0;

    out[0] = '\0';
    assert_int_equal(sqlite3_prepare_v2(db, question, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW && used < size)
        used += (size_t)snprintf(out + used, size - used, "%s\n",
                                 (const char *)sqlite3_column_text(statement, 3));
    sqlite3_finalize(statement);
    sqlite3_free(question);
}

/* Asks everything once, so that every statement is prepared. */
static void ask_everything(struct store *store)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    CLEANUP(scope_end) struct scope later = scope_at(10);
    struct authentication_certificate certificate = sample_certificate(5, 7);
    struct institution institution = {{"1319912349"}, TEXT("一"), FACILITY_PHARMACY, 0, DATE_NONE};
    struct insurer insurer = {{"139998"}, TEXT("一")};
    struct insurer *insurers = NULL;
    struct person_name *names = NULL;
    struct insured_match *matches = NULL;
    struct card_holder holder = {0};
    struct person found = {0};
    struct insured_key key;
    struct sample sample;
    size_t count = 0;

    sample_make(&sample, 7);
    key = sample_key(&sample, 0);
    for (int i = 0; i < 2; i++) {
        assert_ok(&later, store_put_person(&later, store, &sample.person));
        assert_ok(&later, store_put_certificate(&later, store, &certificate));
        assert_ok(&later, store_put_institution(&later, store, &institution));
        assert_ok(&later, store_put_insurer(&later, store, &insurer));
        sample.person.birth = DATE(19540204);
        sample.coverages[0].share = sample.elderly[0].share = 30;
        sample.limits[0].kind = 3;
        sample.diseases[0].monthly_limit = 1;
        certificate.state = CERTIFICATE_REVOKED;
        institution.name = insurer.name = TEXT("二");
    }
    assert_ok(&scope, store_find_card_holder(&scope, store, 1, 5, &holder));
    assert_ok(&scope, store_find_person(&scope, store, 7, &found));
    assert_ok(&scope, store_find_person_as_of(&scope, store, 7, at(20), &found));
    assert_ok(&scope, store_list_matches(&scope, store, &key, &matches, &count));
    assert_ok(&scope, store_find_institution(&scope, store, institution.code, &institution));
    assert_ok(&scope, store_list_insurers(&scope, store, &insurers, &count));
    assert_ok(&scope, store_list_names(&scope, store, 0, 2, &names, &count));
    assert_int_equal(store_load_begin(&scope, store), STATUS_CONFLICT);
    scope_forgive(&scope);
    assert_ok(&scope, store_ping(&scope, store));
}

static void no_query_scans_a_table_of_people(void **state)
{
    static const char *const small[] = {"insurer", "schema_version", "CONSTANT ROW", "UNION ALL"};
    struct world *world = *state;
    sqlite3 *db = database(world->store);
    size_t statements = 0;

    ask_everything(world->store);
    for (sqlite3_stmt *one = sqlite3_next_stmt(db, NULL); one; one = sqlite3_next_stmt(db, one)) {
        char plan[2048];
        char *line = plan;
        char *rest = NULL;
        explain(db, sqlite3_sql(one), plan, sizeof plan);
        statements++;
        for (line = strtok_r(plan, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            bool allowed = !strstr(line, "SCAN") && !strstr(line, "TEMP B-TREE");
            for (size_t i = 0; i < sizeof small / sizeof small[0]; i++)
                allowed = allowed || strstr(line, small[i]);
            if (!allowed)
                print_message("# %s\n# %s\n", sqlite3_sql(one), line);
            assert_true(allowed);
        }
    }
    assert_in_range(statements, 35, 60);
}

static void e1_a_card_costs_three_descents(void **state)
{
    struct world *world = *state;
    sqlite3 *db = database(world->store);
    char plan[2048] = "";

    ask_everything(world->store);
    for (sqlite3_stmt *one = sqlite3_next_stmt(db, NULL); one; one = sqlite3_next_stmt(db, one))
        if (strstr(sqlite3_sql(one), "FROM authentication_certificate c"))
            explain(db, sqlite3_sql(one), plan, sizeof plan);
    assert_string_equal(plan, "SEARCH c USING PRIMARY KEY (issuer=? AND serial=?)\n"
                              "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)\n"
                              "SEARCH v USING PRIMARY KEY (person_id=?) LEFT-JOIN\n");
}

/* --- files ------------------------------------------------------------------------------------ */

static void a_file_that_is_no_database_is_corrupt(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    char path[128];
    FILE *file = NULL;

    store_close(world->store);
    world->store = NULL;
    world_empty(world);
    snprintf(path, sizeof path, "%s/store", world->folder);
    file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 10000; i++)
        fputs("no database ", file);
    fclose(file);
    assert_fails(&scope, world_open(&scope, world, STORE_READ, &world->store), CAUSE_STORE_CORRUPT);
    assert_fails(&scope, world_open(&scope, world, STORE_CREATE, &world->store),
                 CAUSE_STORE_CORRUPT);
}

static void a_file_cut_short_is_corrupt(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    enum status status = STATUS_OK;
    char path[128];

    ask_everything(world->store);
    store_close(world->store);
    world->store = NULL;
    snprintf(path, sizeof path, "%s/store", world->folder);
    assert_int_equal(truncate(path, 8192), 0);
    status = world_open(&scope, world, STORE_READ, &world->store);
    if (status == STATUS_OK)
        status = store_find_person(&scope, world->store, 7, &found);
    assert_fails(&scope, status, CAUSE_STORE_CORRUPT);
}

static void a_path_that_leads_nowhere_is_away(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *store = NULL;

    (void)state;
    assert_fails(&scope, store_open(&scope, "/nonexistent/store", STORE_READ, &store),
                 CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_open(&scope, "/nonexistent/store", STORE_CREATE, &store),
                 CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_open(&scope, "/tmp", STORE_WRITE, &store), CAUSE_STORE_UNAVAILABLE);
    assert_null(store);
}

static void people_are_not_for_others_to_read(void **state)
{
    struct world *world = *state;
    struct stat found;
    char path[128];

    snprintf(path, sizeof path, "%s/store", world->folder);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 07, 0);
    snprintf(path, sizeof path, "%s/store-wal", world->folder);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 07, 0);
}

/* --- full disks --------------------------------------------------------------------------------
 */

/* Room for so many pages more than there are. */
static void leave_pages(struct world *world, int64_t more)
{
    char sql[64];
    int64_t pages = world_number(world, "PRAGMA page_count");

    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld", (long long)(pages + more));
    world_tamper(world, sql);
}

static void a_full_disk_takes_nothing_half(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    enum status status = STATUS_OK;
    int64_t stored = 0;

    leave_pages(world, 4);
    while (status == STATUS_OK) {
        struct sample sample;
        sample_make(&sample, stored);
        status = store_put_person(&scope, world->store, &sample.person);
        if (status == STATUS_OK)
            stored++;
    }
    assert_fails(&scope, status, CAUSE_STORE_UNAVAILABLE);
    assert_in_range(stored, 1, 1000);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person"), stored);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM coverage"), stored * 2);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM coverage_key"), stored * 2);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM specified_disease"), stored * 2);
    leave_pages(world, 1000);
    for (int64_t i = stored; i < stored + 10; i++) {
        struct sample sample;
        sample_make(&sample, i);
        assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    }
}

static void a_full_disk_ends_a_load(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *store = NULL;
    enum status status = STATUS_OK;

    assert_ok(&scope, store_load_begin(&scope, world->store));
    world_tamper(world, "PRAGMA max_page_count = 60");
    for (int64_t i = 0; i < 100000 && status == STATUS_OK; i++) {
        struct sample sample;
        sample_make(&sample, i);
        status = store_load_person(&scope, world->store, &sample.person);
    }
    if (status == STATUS_OK)
        status = store_load_end(&scope, world->store);
    assert_fails(&scope, status, CAUSE_STORE_UNAVAILABLE);
    store_close(world->store);
    world->store = NULL;
    assert_fails(&scope, world_open(&scope, world, STORE_READ, &store), CAUSE_STORE_CORRUPT);
}

static void a_load_refuses_a_file_in_use(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *reader = NULL;

    assert_ok(&scope, world_open(&scope, world, STORE_READ, &reader));
    assert_ok(&scope, store_ping(&scope, reader));
    sqlite3_busy_timeout(database(world->store), 10);
    assert_fails(&scope, store_load_begin(&scope, world->store), CAUSE_STORE_UNAVAILABLE);
    assert_ok(&scope, store_ping(&scope, reader)); /* nothing was marked */
    store_close(reader);
    assert_ok(&scope, store_load_begin(&scope, world->store));
    assert_ok(&scope, store_load_end(&scope, world->store));
}

static void a_second_writer_waits_and_gives_up(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *second = NULL;

    assert_ok(&scope, world_open(&scope, world, STORE_WRITE, &second));
    assert_ok(&scope, store_begin(&scope, world->store));
    sqlite3_busy_timeout(database(second), 10);
    assert_fails(&scope, store_begin(&scope, second), CAUSE_STORE_UNAVAILABLE);
    assert_ok(&scope, store_commit(&scope, world->store));
    assert_ok(&scope, store_begin(&scope, second));
    store_close(second); /* its transaction is gone with it */
    assert_ok(&scope, store_begin(&scope, world->store));
    store_rollback(world->store);
}

static void a_reader_holds_no_state_longer_than_a_query(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *reader = NULL;
    struct person found = {0};
    struct sample sample;

    assert_ok(&scope, world_open(&scope, world, STORE_READ, &reader));
    for (int i = 0; i < 3; i++) {
        sample_make(&sample, 7);
        sample.coverages[0].share = i * 10;
        assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
        assert_ok(&scope, store_find_person(&scope, reader, 7, &found));
        assert_int_equal(found.coverages[0].share, i * 10);
        assert_int_equal(sqlite3_txn_state(database(reader), NULL), SQLITE_TXN_NONE);
    }
    store_close(reader);
}

/* --- the file layer of readers
 * -------------------------------------------------------------------- */

static void assert_found(struct store *store, int64_t from, int64_t to)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    for (int64_t i = from; i < to; i++) {
        struct person found = {0};
        struct sample sample;
        sample_make(&sample, i);
        assert_ok(&scope, store_find_person(&scope, store, i, &found));
        assert_person(&found, &sample.person);
        scope_reset(&scope);
    }
}

/* Bytes of the longest mapping of the store's file in this process. */
static unsigned long longest_mapping(const struct world *world)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    unsigned long longest = 0;
    char line[512];

    assert_non_null(maps);
    while (fgets(line, sizeof line, maps)) {
        unsigned long from = 0;
        unsigned long to = 0;
        if (strstr(line, world->folder) && !strstr(line, "-shm") &&
            sscanf(line, "%lx-%lx", &from, &to) == 2 && to - from > longest)
            longest = to - from;
    }
    fclose(maps);
    return longest;
}

static void put_samples(struct world *world, int64_t from, int64_t to)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    assert_ok(&scope, store_begin(&scope, world->store));
    for (int64_t i = from; i < to; i++) {
        struct scope one = scope_at(0);
        struct sample sample;
        sample_make(&sample, i);
        assert_ok(&one, store_put_person(&one, world->store, &sample.person));
        scope_end(&one);
    }
    assert_ok(&scope, store_commit(&scope, world->store));
}

/* Beyond what a reader mapped at first, through the log and through the file. */
static void a_reader_follows_a_growing_file(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *reader = NULL;
    struct store *second = NULL;

    put_samples(world, 0, 100);
    assert_ok(&scope, world_open(&scope, world, STORE_READ, &reader));
    assert_ok(&scope, world_open(&scope, world, STORE_READ, &second));
    assert_found(reader, 0, 100);
    world_tamper(world, "CREATE TABLE filler (bytes BLOB); PRAGMA wal_checkpoint(TRUNCATE)");
    for (int64_t grown = 1; grown < 4; grown++) {
        world_tamper(world, "INSERT INTO filler VALUES (zeroblob(30000000))");
        put_samples(world, grown * 100, grown * 100 + 100);
        assert_found(reader, 0, grown * 100 + 100);
        world_tamper(world, "PRAGMA wal_checkpoint(TRUNCATE)");
        assert_found(reader, 0, grown * 100 + 100);
        assert_found(second, 0, grown * 100 + 100);
    }
    assert_true(longest_mapping(world) > 150000000); /* ours: twice the file */
    store_close(second);
    assert_found(reader, 0, 400);
    put_samples(world, 400, 410); /* the lock of the other reader did not go with the first */
    assert_found(reader, 0, 410);
    store_close(reader);
    assert_true(longest_mapping(world) < 150000000);
}

int main(void)
{
    static enum engine file = ENGINE_SQLITE_FILE;
    const struct CMUnitTest tests[] = {
#define ON_FILE(test) cmocka_unit_test_prestate_setup_teardown(test, world_begin, world_end, &file)
        ON_FILE(no_query_scans_a_table_of_people),
        ON_FILE(e1_a_card_costs_three_descents),
        ON_FILE(a_file_that_is_no_database_is_corrupt),
        ON_FILE(a_file_cut_short_is_corrupt),
        ON_FILE(a_path_that_leads_nowhere_is_away),
        ON_FILE(people_are_not_for_others_to_read),
        ON_FILE(a_full_disk_takes_nothing_half),
        ON_FILE(a_full_disk_ends_a_load),
        ON_FILE(a_load_refuses_a_file_in_use),
        ON_FILE(a_second_writer_waits_and_gives_up),
        ON_FILE(a_reader_holds_no_state_longer_than_a_query),
        ON_FILE(a_reader_follows_a_growing_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
