/* SPDX-License-Identifier: Apache-2.0
 *
 * What only PostgreSQL has: connections that are lost, plans of a server, values in its messages.
 */
#include "fixture.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A connection past the store. */
static PGconn *past_the_store(const struct world *world)
{
    PGconn *connection = PQconnectdb(world->url + strlen("postgres:"));

    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    return connection;
}

static void ask(PGconn *connection, const char *sql, char *out, size_t size)
{
    PGresult *result = PQexec(connection, sql);
    size_t used = 0;

    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s", PQerrorMessage(connection));
    out[0] = '\0';
    for (int i = 0; i < PQntuples(result) && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s\n", PQgetvalue(result, i, 0));
    PQclear(result);
}

/* Ends all connections but the one that asks: what a restart or a broken line looks like. */
static void cut_connections(const struct world *world)
{
    PGconn *connection = past_the_store(world);
    char out[64];

    ask(connection,
        "SELECT COUNT(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        out, sizeof out);
    PQfinish(connection);
}

static void put_sample(struct world *world, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate certificate = sample_certificate(5, person_id);
    struct sample sample;

    sample_make(&sample, person_id);
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
}

static void a_lost_connection_is_made_again(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct card_holder holder = {0};
    struct person found = {0};
    struct sample sample;

    put_sample(world, 7);
    sample_make(&sample, 7);
    for (int i = 0; i < 3; i++) {
        cut_connections(world);
        assert_ok(&scope, store_find_card_holder(&scope, world->store, 1, 5, &holder));
        assert_person(&holder.person, &sample.person);
        cut_connections(world); /* several requests in one round */
        assert_ok(&scope, store_find_person_as_of(&scope, world->store, 7, at(0), &found));
        assert_person(&found, &sample.person);
        cut_connections(world);
        sample.person.person_id = 7;
        sample.coverages[0].share = i;
        assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    }
    assert_int_equal(scope.cause, CAUSE_NONE);
}

static void a_transaction_that_lost_its_connection_is_lost(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    struct sample sample;

    sample_make(&sample, 7);
    assert_ok(&scope, store_begin(&scope, world->store));
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    cut_connections(world);
    assert_fails(&scope, store_put_person(&scope, world->store, &sample.person),
                 CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_commit(&scope, world->store), CAUSE_STORE_UNAVAILABLE);
    assert_int_equal(store_find_person(&scope, world->store, 7, &found), STATUS_NOT_FOUND);
    assert_ok(&scope, store_begin(&scope, world->store));
    cut_connections(world);
    assert_fails(&scope, store_commit(&scope, world->store), CAUSE_STORE_UNAVAILABLE);
    put_sample(world, 7);
}

static void a_load_that_lost_its_connection_was_never_there(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    struct sample sample;

    sample_make(&sample, 7);
    assert_ok(&scope, store_load_begin(&scope, world->store));
    assert_ok(&scope, store_load_person(&scope, world->store, &sample.person));
    cut_connections(world);
    assert_fails(&scope, store_load_end(&scope, world->store), CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_find_person(&scope, world->store, 7, &found),
                 CAUSE_STORE_UNAVAILABLE);
    store_close(world->store);
    assert_ok(&scope, world_open(&scope, world, STORE_WRITE, &world->store));
    assert_int_equal(store_find_person(&scope, world->store, 7, &found), STATUS_NOT_FOUND);
    put_sample(world, 7); /* the keys that the load had dropped are there */
    put_sample(world, 7);
}

static void a_server_that_is_away_is_unavailable(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    struct store *store = NULL;
    PGconn *connection = past_the_store(world);
    char out[64];

    assert_fails(&scope,
                 store_open(&scope, "postgres:host=/nonexistent dbname=x", STORE_READ, &store),
                 CAUSE_STORE_UNAVAILABLE);
    assert_fails(
        &scope,
        store_open(&scope, "postgresql://127.0.0.1:1/x?connect_timeout=2", STORE_READ, &store),
        CAUSE_STORE_UNAVAILABLE);
    /* the role may no longer connect: what is there is lost, and is not made again */
    ask(connection,
        "CREATE ROLE desk LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO desk;"
        "GRANT USAGE ON SCHEMA public TO desk",
        out, sizeof out);
    snprintf(world->url + strlen(world->url), 16, " user=desk");
    assert_ok(&scope, world_open(&scope, world, STORE_READ, &store));
    ask(connection, "ALTER ROLE desk NOLOGIN", out, sizeof out);
    ask(connection,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'desk'", out,
        sizeof out);
    assert_fails(&scope, store_find_person(&scope, store, 7, &found), CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_ping(&scope, store), CAUSE_STORE_UNAVAILABLE);
    ask(connection, "ALTER ROLE desk LOGIN", out, sizeof out);
    assert_ok(&scope, store_ping(&scope, store));
    store_close(store);
    ask(connection, "DROP OWNED BY desk; DROP ROLE desk", out, sizeof out);
    PQfinish(connection);
}

static void a_failure_does_not_tell_whose_row_it_was(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    world_tamper(world, "ALTER TABLE person ADD CONSTRAINT nobody CHECK (name = '')");
    sample_make(&sample, 7);
    sample.person.name = TEXT("SECRETNAME");
    assert_int_equal(store_put_person(&scope, world->store, &sample.person), STATUS_CONFLICT);
    assert_null(strstr(scope.failure, "SECRETNAME"));
    assert_non_null(strstr(scope.failure, "23514"));
}

/* Plans of the server for a table that is not empty; its statistics must not invite a scan. */
static void no_query_scans_a_table_of_people(void **state)
{
    static const char *const plans[] = {
        ("SELECT * FROM authentication_certificate c JOIN person p ON p.person_id = c.person_id "
         "LEFT JOIN coverage v ON v.person_id = p.person_id "
         "WHERE c.issuer = 1::int8 AND c.serial = 5::int8 LIMIT 513"),
        ("SELECT * FROM coverage_key WHERE insurer = '1' AND symbol = '' AND number = '1' "
         "AND birth = 19540203::int8 ORDER BY person_id, coverage_id LIMIT 64"),
        "SELECT * FROM limit_certificate WHERE person_id = 7::int8 LIMIT 513",
    };
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    PGconn *connection = NULL;
    char out[4096];

    assert_ok(&scope, store_load_begin(&scope, world->store));
    for (int i = 0; i < 5000; i++) {
        struct authentication_certificate certificate = sample_certificate((uint64_t)i, i);
        struct sample sample;
        sample_make(&sample, i);
        assert_ok(&scope, store_load_person(&scope, world->store, &sample.person));
        assert_ok(&scope, store_load_certificate(&scope, world->store, &certificate));
        scope_reset(&scope);
    }
    assert_ok(&scope, store_load_end(&scope, world->store));
    connection = past_the_store(world);
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        char sql[512];
        snprintf(sql, sizeof sql, "EXPLAIN %s", plans[i]);
        ask(connection, sql, out, sizeof out);
        if (strstr(out, "Seq Scan"))
            print_message("%s", out);
        assert_null(strstr(out, "Seq Scan"));
        assert_non_null(strstr(out, "Index"));
    }
    PQfinish(connection);
}

/* Lists are the same as SQLite's, and an update of the system's locales breaks no index. */
static void texts_are_sorted_by_their_bytes_whatever_the_locale(void **state)
{
    struct world *world = *state;

    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM pg_attribute a JOIN pg_class c "
                                         "ON c.oid = a.attrelid JOIN pg_collation n "
                                         "ON n.oid = a.attcollation WHERE c.relkind = 'r' AND "
                                         "c.relnamespace = 'public'::regnamespace AND "
                                         "a.attnum > 0 AND n.collname <> 'C'"),
                     0);
    assert_true(world_number(world, "SELECT COUNT(*) FROM pg_attribute WHERE attcollation <> 0 "
                                    "AND attrelid = 'member'::regclass") > 0);
}

int main(void)
{
    static enum engine postgres = ENGINE_POSTGRES;
    const struct CMUnitTest tests[] = {
#define ON_SERVER(test)                                                                            \
    cmocka_unit_test_prestate_setup_teardown(test, world_begin, world_end, &postgres)
        ON_SERVER(a_lost_connection_is_made_again),
        ON_SERVER(a_transaction_that_lost_its_connection_is_lost),
        ON_SERVER(a_load_that_lost_its_connection_was_never_there),
        ON_SERVER(a_server_that_is_away_is_unavailable),
        ON_SERVER(a_failure_does_not_tell_whose_row_it_was),
        ON_SERVER(no_query_scans_a_table_of_people),
        ON_SERVER(texts_are_sorted_by_their_bytes_whatever_the_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
