/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "played_responder.h"

#define LIMIT (1 << 22)
#define SERIAL UINT64_C(7001)

static struct world {
    struct scope scope;
    struct issuer *ca, *stranger;
    struct card_trust *trust;
    EVP_PKEY *key;
    X509 *signer, *client, *foreign;
} world;

/* Asks, lets the played responder answer, reads; the cause of a refusal. */
static enum cause asked(const struct played_answer *how, struct revocation *out)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct ocsp_question question = {0};
    struct text request = {0};
    struct text answer = {0};
    enum status status = STATUS_OK;

    assert_int_equal(ocsp_question_make(&scope, 1, SERIAL, &question), STATUS_OK);
    assert_int_equal(ocsp_question_write(&scope, world.trust, &question, &request), STATUS_OK);
    answer = played_respond(&scope, world.ca, request, how);
    status = ocsp_answer_read(&scope, world.trust, &question, answer, out);
    assert_int_equal(status, failure_text(scope.cause)->status);
    return scope.cause;
}

static void k1_tells_good_revoked_and_unknown(void **state)
{
    const struct played_answer good = {.state = V_OCSP_CERTSTATUS_GOOD, .valid = 900};
    const struct played_answer revoked = {
        .state = V_OCSP_CERTSTATUS_REVOKED, .reason = 4, .age = 60};
    const struct played_answer unknown = {.state = V_OCSP_CERTSTATUS_UNKNOWN};
    struct revocation said = {0};

    (void)state;
    assert_int_equal(asked(&good, &said), CAUSE_NONE);
    assert_int_equal(said.state, REVOCATION_GOOD);
    assert_true(said.until.microseconds == said.as_of.microseconds + INT64_C(900000000));
    assert_int_equal(asked(&revoked, &said), CAUSE_NONE);
    assert_int_equal(said.state, REVOCATION_REVOKED);
    assert_int_equal(said.reason, REVOCATION_REASON_SUPERSEDED);
    assert_true(said.until.microseconds == 0);
    assert_int_equal(asked(&unknown, &said), CAUSE_NONE);
    assert_int_equal(said.state, REVOCATION_UNKNOWN);
}

static void k1_takes_a_signer_that_the_ca_certified_for_it(void **state)
{
    const struct played_answer delegated = {.key = world.key, .signer = world.signer};
    struct revocation said = {0};

    (void)state;
    assert_int_equal(asked(&delegated, &said), CAUSE_NONE);
    assert_int_equal(said.state, REVOCATION_GOOD);
}

static void k1_refuses_what_no_one_with_a_right_to_it_signed(void **state)
{
    const struct played_answer rows[] = {
        {.key = world.key, .signer = world.client},  /* certified, but not for this */
        {.key = world.key, .signer = world.foreign}, /* for this, but by another CA */
        {.key = world.stranger->key, .signer = world.stranger->certificate}, /* the CA's name */
        {.digest = EVP_sha1()},
    };
    struct revocation said = {.reason = 99};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(asked(&rows[i], &said), CAUSE_STATUS_ANSWER_WRONG);
    assert_int_equal(said.reason, 99); /* out is set on success only */
}

static void k1_refuses_an_answer_about_another_certificate(void **state)
{
    const struct played_answer other = {.serial = SERIAL + 1};
    const struct played_answer of_another = {.of = world.stranger};
    struct revocation said = {0};

    (void)state;
    assert_int_equal(asked(&other, &said), CAUSE_STATUS_ANSWER_WRONG);
    assert_int_equal(asked(&of_another, &said), CAUSE_STATUS_ANSWER_WRONG);
}

static void k1_a_nonce_must_be_ours_where_there_is_one(void **state)
{
    const struct played_answer other = {.other_nonce = true};
    const struct played_answer none = {.no_nonce = true};
    struct revocation said = {0};

    (void)state;
    assert_int_equal(asked(&other, &said), CAUSE_STATUS_ANSWER_WRONG);
    assert_int_equal(asked(&none, &said), CAUSE_NONE);
}

static void k1_times_decide_to_the_second(void **state)
{
    const struct {
        struct played_answer how;
        enum cause cause;
    } rows[] = {
        {{.age = -OCSP_SKEW_SECONDS + 5}, CAUSE_NONE},
        {{.age = -OCSP_SKEW_SECONDS - 5}, CAUSE_STATUS_ANSWER_WRONG}, /* of tomorrow */
        {{.age = 86400, .valid = 86400}, CAUSE_NONE},
        {{.age = 86400, .valid = 86400 - OCSP_SKEW_SECONDS + 5}, CAUSE_NONE},
        {{.age = 86400, .valid = 86400 - OCSP_SKEW_SECONDS - 5}, CAUSE_STATUS_ANSWER_WRONG},
        {{.age = OCSP_AGE_SECONDS - 5, .no_nonce = true}, CAUSE_NONE},
        {{.age = OCSP_AGE_SECONDS + 5, .no_nonce = true}, CAUSE_STATUS_ANSWER_WRONG},
        {{.age = OCSP_AGE_SECONDS + 5}, CAUSE_NONE}, /* our nonce says that it is new */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct revocation said = {0};
        assert_int_equal(asked(&rows[i].how, &said), rows[i].cause);
    }
}

/* No flipped byte of an answer is taken for a word of the issuer. */
static void every_changed_byte_of_an_answer_is_noticed(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    const struct played_answer good = {.valid = 900};
    struct ocsp_question question = {0};
    struct revocation said = {0};
    struct revocation changed = {0};
    struct text request = {0};
    struct text answer = {0};
    char *bytes = NULL;

    (void)state;
    assert_int_equal(ocsp_question_make(&scope, 1, SERIAL, &question), STATUS_OK);
    assert_int_equal(ocsp_question_write(&scope, world.trust, &question, &request), STATUS_OK);
    answer = played_respond(&scope, world.ca, request, &good);
    assert_int_equal(ocsp_answer_read(&scope, world.trust, &question, answer, &said), STATUS_OK);
    assert_int_equal(scope_copy(&scope, answer.bytes, answer.size, &bytes), STATUS_OK);
    for (size_t at = 0; at < answer.size; at++) {
        CLEANUP(scope_end) struct scope inner = scope_begin(LIMIT);
        bytes[at] = (char)(bytes[at] ^ 1);
        if (ocsp_answer_read(&inner, world.trust, &question, (struct text){bytes, answer.size},
                             &changed) == STATUS_OK)
            assert_memory_equal(&changed, &said, sizeof said); /* a byte outside what is signed */
        bytes[at] = (char)(bytes[at] ^ 1);
    }
}

static void refuses_what_is_no_answer(void **state)
{
    const unsigned char later[] = {0x30, 0x03, 0x0A, 0x01, 0x03}; /* tryLater */
    const struct text rows[] = {
        {NULL, 0}, TEXT("x"), TEXT("<html>busy</html>"), {(const char *)later, sizeof later}};
    const struct ocsp_question question = {.issuer = 1, .serial = SERIAL};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        struct revocation said = {0};
        assert_int_equal(ocsp_answer_read(&scope, world.trust, &question, rows[i], &said),
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
    world.key = issuer_new_p256();
    world.signer = played_signer(world.ca, world.key, "OCSPSigning");
    world.client = played_signer(world.ca, world.key, "clientAuth");
    world.foreign = played_signer(world.stranger, world.key, "OCSPSigning");
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    X509_free(world.signer);
    X509_free(world.client);
    X509_free(world.foreign);
    EVP_PKEY_free(world.key);
    card_trust_close(world.trust);
    issuer_close(world.ca);
    issuer_close(world.stranger);
    scope_end(&world.scope);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_tells_good_revoked_and_unknown),
        cmocka_unit_test(k1_takes_a_signer_that_the_ca_certified_for_it),
        cmocka_unit_test(k1_refuses_what_no_one_with_a_right_to_it_signed),
        cmocka_unit_test(k1_refuses_an_answer_about_another_certificate),
        cmocka_unit_test(k1_a_nonce_must_be_ours_where_there_is_one),
        cmocka_unit_test(k1_times_decide_to_the_second),
        cmocka_unit_test(every_changed_byte_of_an_answer_is_noticed),
        cmocka_unit_test(refuses_what_is_no_answer),
    };

    return cmocka_run_group_tests(tests, make_world, drop_world);
}
