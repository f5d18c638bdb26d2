/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include "proof/challenge.h"

#define LIMIT 65536
#define CLINIC ((struct institution_code){"1312345670"})
#define OTHER ((struct institution_code){"1312345671"})

static struct challenge_table *open_table(size_t capacity)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct challenge_table *table = NULL;

    assert_int_equal(challenge_table_open(&scope, capacity, CHALLENGE_LIFETIME_SECONDS, &table),
                     STATUS_OK);
    return table;
}

static struct challenge issue(struct challenge_table *table, struct instant now)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(LIMIT, now);
    struct challenge made = {0};

    assert_int_equal(challenge_issue(&scope, table, CLINIC, &made), STATUS_OK);
    return made;
}

/* The cause, CAUSE_NONE where the challenge came back as it was given. */
static enum cause consume(struct challenge_table *table, struct institution_code institution,
                          const struct challenge *given, struct instant now)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(LIMIT, now);
    struct challenge taken = {0};

    if (challenge_consume(&scope, table, institution, given->session, &taken) == STATUS_OK)
        assert_memory_equal(&taken, given, sizeof taken);
    return scope.cause;
}

static const struct instant noon = {INT64_C(1793934000000000)};

static struct instant later(int64_t seconds)
{
    return (struct instant){noon.microseconds + seconds * 1000000};
}

static void e1_a_challenge_is_used_once(void **state)
{
    struct challenge_table *table = open_table(100);
    struct challenge given = issue(table, noon);
    struct challenge second = issue(table, noon);

    (void)state;
    assert_memory_not_equal(&given, &second, sizeof given);
    assert_int_equal(consume(table, CLINIC, &given, noon), CAUSE_NONE);
    assert_int_equal(consume(table, CLINIC, &given, noon), CAUSE_CHALLENGE_UNKNOWN);
    assert_int_equal(consume(table, CLINIC, &second, noon), CAUSE_NONE);
    challenge_table_close(table);
}

static void e1_a_challenge_of_another_institution_is_gone(void **state)
{
    struct challenge_table *table = open_table(100);
    struct challenge given = issue(table, noon);

    (void)state;
    assert_int_equal(consume(table, OTHER, &given, noon), CAUSE_CHALLENGE_UNKNOWN);
    assert_int_equal(consume(table, CLINIC, &given, noon), CAUSE_CHALLENGE_UNKNOWN);
    challenge_table_close(table);
}

static void a_challenge_never_given_is_unknown(void **state)
{
    struct challenge_table *table = open_table(100);
    struct challenge given = issue(table, noon);
    struct challenge wrong = given;
    struct challenge zero = {0};

    (void)state;
    wrong.session[15] ^= 1;
    assert_int_equal(consume(table, CLINIC, &wrong, noon), CAUSE_CHALLENGE_UNKNOWN);
    assert_int_equal(consume(table, CLINIC, &zero, noon), CAUSE_CHALLENGE_UNKNOWN);
    assert_int_equal(consume(table, CLINIC, &given, noon), CAUSE_NONE);
    challenge_table_close(table);
}

static void a_challenge_lives_sixty_seconds(void **state)
{
    struct challenge_table *table = open_table(100);
    struct challenge given[4];

    (void)state;
    for (size_t i = 0; i < 4; i++)
        given[i] = issue(table, noon);
    assert_int_equal(consume(table, CLINIC, &given[0], later(60)), CAUSE_NONE);
    assert_int_equal(consume(table, CLINIC, &given[1], later(61)), CAUSE_CHALLENGE_EXPIRED);
    assert_int_equal(consume(table, CLINIC, &given[1], noon), CAUSE_CHALLENGE_UNKNOWN);
    assert_int_equal(consume(table, CLINIC, &given[2], later(-1)), CAUSE_NONE); /* a clock set */
    assert_int_equal(consume(table, CLINIC, &given[3], later(-3600)), CAUSE_CHALLENGE_EXPIRED);
    challenge_table_close(table);
}

/* However many are asked for, the last given ones can be used, and no more than fit. */
static void a_full_table_lets_the_oldest_go(void **state)
{
    enum { CAPACITY = 64, GIVEN = 1000 };
    struct challenge_table *table = open_table(CAPACITY);
    struct challenge given[GIVEN];
    int alive = 0;

    (void)state;
    for (size_t i = 0; i < GIVEN; i++)
        given[i] = issue(table, noon);
    assert_int_equal(consume(table, CLINIC, &given[0], noon), CAUSE_CHALLENGE_UNKNOWN);
    assert_int_equal(consume(table, CLINIC, &given[GIVEN - 1], noon), CAUSE_NONE);
    for (size_t i = 0; i < GIVEN - 1; i++)
        alive += consume(table, CLINIC, &given[i], noon) == CAUSE_NONE;
    assert_int_equal(alive, CAPACITY - 1);
    for (size_t i = 0; i < GIVEN; i++) /* all room is there again */
        given[i] = issue(table, noon);
    assert_int_equal(consume(table, CLINIC, &given[GIVEN - 1], noon), CAUSE_NONE);
    challenge_table_close(table);
}

static void random_use_matches_a_slow_model(void **state)
{
    enum { ROUNDS = 20000, KEPT = 200 };
    struct challenge_table *table = open_table(16 * KEPT);
    struct challenge alive[KEPT];
    size_t count = 0;

    (void)state;
    srandom(20241202);
    for (int i = 0; i < ROUNDS; i++) {
        if (count < KEPT && (count == 0 || random() % 2)) {
            alive[count++] = issue(table, noon);
        } else {
            size_t at = (size_t)random() % count;
            assert_int_equal(consume(table, CLINIC, &alive[at], noon), CAUSE_NONE);
            assert_int_equal(consume(table, CLINIC, &alive[at], noon), CAUSE_CHALLENGE_UNKNOWN);
            alive[at] = alive[--count];
        }
    }
    challenge_table_close(table);
}

static void refuses_a_table_without_room_or_life(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct challenge_table *table = NULL;

    (void)state;
    assert_int_equal(challenge_table_open(&scope, 0, 60, &table), STATUS_INVALID);
    assert_int_equal(challenge_table_open(&scope, 10, 0, &table), STATUS_INVALID);
    assert_int_equal(challenge_table_open(&scope, (size_t)1 << 40, 60, &table), STATUS_INVALID);
    assert_null(table);
    challenge_table_close(NULL);
}

/* Many threads want the same challenges: each is had once. */
#define SHARED 2000
static struct race {
    struct challenge_table *table;
    struct challenge given[SHARED];
    _Atomic int had;
} race;

static void *consume_all(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < SHARED; i++) {
        struct challenge own = issue(race.table, noon);
        if (consume(race.table, CLINIC, &race.given[i], noon) == CAUSE_NONE)
            atomic_fetch_add(&race.had, 1);
        if (consume(race.table, CLINIC, &own, noon) != CAUSE_NONE)
            abort();
    }
    return NULL;
}

static void e1_threads_cannot_use_one_challenge_twice(void **state)
{
    pthread_t threads[4];

    (void)state;
    race.table = open_table((size_t)SHARED * 8);
    for (size_t i = 0; i < SHARED; i++)
        race.given[i] = issue(race.table, noon);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, consume_all, NULL), 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(race.had, SHARED);
    challenge_table_close(race.table);
}

static const struct proof_circumstance circumstance = {.institution = {"1312345670"},
                                                       .terminal = "desk-1",
                                                       .mode = IDENTITY_PIN,
                                                       .time = 20261105091530};

static void the_block_has_its_documented_layout(void **state)
{
    struct challenge challenge;
    unsigned char expected[32];
    unsigned char hash[32];
    unsigned char block[114] = "shikaku-card-proof-1";

    (void)state;
    memset(challenge.nonce, 0xAB, sizeof challenge.nonce);
    memset(challenge.session, 0xCD, sizeof challenge.session);
    memset(block + 21, 0xAB, 32);
    memset(block + 53, 0xCD, 16);
    memcpy(block + 69, "1312345670", 10);
    memcpy(block + 79, "desk-1", 6);
    block[99] = 2;
    memcpy(block + 100, "20261105091530", 14);
    SHA256(block, sizeof block, expected);
    proof_block_hash(&challenge, &circumstance, hash);
    assert_memory_equal(hash, expected, 32);
}

static void e2_every_circumstance_is_signed(void **state)
{
    struct challenge challenge = {{1}, {2}};
    struct challenge changed[2] = {{{3}, {2}}, {{1}, {3}}};
    struct proof_circumstance other[5];
    unsigned char hash[32];
    unsigned char different[32];

    (void)state;
    proof_block_hash(&challenge, &circumstance, hash);
    for (size_t i = 0; i < 2; i++) {
        proof_block_hash(&changed[i], &circumstance, different);
        assert_memory_not_equal(hash, different, 32);
    }
    for (size_t i = 0; i < 5; i++)
        other[i] = circumstance;
    other[0].institution = OTHER;
    other[1].terminal = "desk-2";
    other[2].mode = IDENTITY_VISUAL;
    other[3].time++;
    other[4].terminal = "desk-1 with a long name"; /* cut, not read beyond */
    for (size_t i = 0; i < 5; i++) {
        proof_block_hash(&challenge, &other[i], different);
        assert_memory_not_equal(hash, different, 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_a_challenge_is_used_once),
        cmocka_unit_test(e1_a_challenge_of_another_institution_is_gone),
        cmocka_unit_test(a_challenge_never_given_is_unknown),
        cmocka_unit_test(a_challenge_lives_sixty_seconds),
        cmocka_unit_test(a_full_table_lets_the_oldest_go),
        cmocka_unit_test(random_use_matches_a_slow_model),
        cmocka_unit_test(refuses_a_table_without_room_or_life),
        cmocka_unit_test(e1_threads_cannot_use_one_challenge_twice),
        cmocka_unit_test(the_block_has_its_documented_layout),
        cmocka_unit_test(e2_every_circumstance_is_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
