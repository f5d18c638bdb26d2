/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "played_crl.h"
#include "proof/crl.h"

#define LIMIT ((size_t)64 << 20)

static struct world {
    struct scope scope;
    struct issuer *ca, *stranger;
    struct card_trust *trust;
} world;

static enum cause read_by(const struct issuer *ca, const struct played_crl *how, struct crl **out)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    const struct text der = played_list(&scope, ca, how);
    enum status status = crl_read(&scope, world.trust, 1, der, out);

    assert_int_equal(status, failure_text(scope.cause)->status);
    return scope.cause;
}

static void k1_tells_who_is_revoked_and_why(void **state)
{
    const struct played_crl how = {
        .first = 5000, .step = 3, .count = 1000, .reason = 4, .age = 60, .valid = 86400};
    struct crl *crl = NULL;

    (void)state;
    assert_int_equal(read_by(world.ca, &how, &crl), CAUSE_NONE);
    assert_int_equal(crl_count(crl), 1000);
    for (uint64_t serial = 4990; serial < 8010; serial++) {
        struct revocation said = crl_find(crl, serial);
        bool listed = serial >= 5000 && serial < 8000 && (serial - 5000) % 3 == 0;
        assert_int_equal(said.state, listed ? REVOCATION_REVOKED : REVOCATION_GOOD);
        assert_int_equal(said.reason, listed ? 4 : 0);
    }
    assert_true(crl_times(crl).until.microseconds - crl_times(crl).as_of.microseconds ==
                INT64_C(86400) * 1000000);
    crl_free(crl);
}

static void k1_an_empty_list_revokes_nobody(void **state)
{
    const struct played_crl how = {.valid = 86400};
    struct crl *crl = NULL;

    (void)state;
    assert_int_equal(read_by(world.ca, &how, &crl), CAUSE_NONE);
    assert_int_equal(crl_count(crl), 0);
    assert_int_equal(crl_find(crl, 1).state, REVOCATION_GOOD);
    crl_free(crl);
}

/* A list beyond 64 KiB and 16 MiB of content: lengths of three and four bytes. */
static void reads_large_lists(void **state)
{
    const struct played_crl how = {
        .first = UINT64_C(0xFFFFFFFFFFFF0000), .count = 60000, .reason = 1, .valid = 86400};
    struct crl *crl = NULL;

    (void)state;
    assert_int_equal(read_by(world.ca, &how, &crl), CAUSE_NONE);
    assert_int_equal(crl_count(crl), 60000);
    assert_int_equal(crl_find(crl, UINT64_C(0xFFFFFFFFFFFF0000)).state, REVOCATION_REVOKED);
    assert_int_equal(crl_find(crl, UINT64_C(0xFFFFFFFFFFFFFFFF)).state, REVOCATION_GOOD);
    crl_free(crl);
}

static void k1_refuses_lists_that_must_not_count(void **state)
{
    const struct played_crl rows[] = {
        {.age = -600},                                            /* of the future */
        {.digest = EVP_sha1()},                                   /* weak */
        {.nid = NID_delta_crl, .value = "critical,DER:02:01:05"}, /* changes only */
        {.nid = NID_delta_crl, .value = "DER:02:01:05"},
        {.nid = NID_issuing_distribution_point, .value = "critical,onlyuser:TRUE"},
        {.nid = NID_issuing_distribution_point, .value = "onlyuser:TRUE"},
        {.count = 1, .first = 9, .reason = 8}, /* removeFromCRL */
    };
    const struct played_crl good = {.count = 1, .first = 9};
    struct crl *crl = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(read_by(world.ca, &rows[i], &crl), CAUSE_STATUS_ANSWER_WRONG);
    assert_int_equal(read_by(world.stranger, &good, &crl), CAUSE_STATUS_ANSWER_WRONG);
    assert_null(crl);
}

static void numbered_lists_are_read(void **state)
{
    const struct played_crl how = {
        .count = 2, .first = 9, .nid = NID_authority_key_identifier, .value = "keyid:always"};
    struct crl *crl = NULL;

    (void)state;
    assert_int_equal(read_by(world.ca, &how, &crl), CAUSE_NONE);
    assert_int_equal(crl_count(crl), 2);
    crl_free(crl);
}

static void every_changed_byte_and_every_cut_is_noticed(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    const struct played_crl how = {.count = 3, .first = 9, .reason = 1, .valid = 60};
    const struct text der = played_list(&scope, world.ca, &how);
    struct crl *crl = NULL;
    char *bytes = NULL;

    (void)state;
    assert_int_equal(scope_copy(&scope, der.bytes, der.size, &bytes), STATUS_OK);
    for (size_t at = 0; at < der.size; at++) {
        CLEANUP(scope_end) struct scope inner = scope_begin(LIMIT);
        bytes[at] = (char)(bytes[at] ^ (1 << at % 8));
        assert_int_equal(crl_read(&inner, world.trust, 1, (struct text){bytes, der.size}, &crl),
                         STATUS_UNAVAILABLE);
        bytes[at] = der.bytes[at];
        scope_reset(&inner);
        assert_int_equal(crl_read(&inner, world.trust, 1, (struct text){bytes, at}, &crl),
                         STATUS_UNAVAILABLE);
    }
}

static int make_world(void **state)
{
    (void)state;
    world.scope = scope_begin(LIMIT);
    world.ca = test_make_issuer(&world.scope, ISSUER_CARD_AUTHENTICATION);
    world.stranger = test_make_issuer(&world.scope, ISSUER_CARD_AUTHENTICATION);
    world.trust = played_trust(&world.scope, world.ca);
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    card_trust_close(world.trust);
    issuer_close(world.ca);
    issuer_close(world.stranger);
    scope_end(&world.scope);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_tells_who_is_revoked_and_why),
        cmocka_unit_test(k1_an_empty_list_revokes_nobody),
        cmocka_unit_test(reads_large_lists),
        cmocka_unit_test(k1_refuses_lists_that_must_not_count),
        cmocka_unit_test(numbered_lists_are_read),
        cmocka_unit_test(every_changed_byte_and_every_cut_is_noticed),
    };

    return cmocka_run_group_tests(tests, make_world, drop_world);
}
