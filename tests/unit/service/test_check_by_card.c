/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service_fixture.h"

#define SCOPE                                                                                      \
    CLEANUP(scope_end)                                                                             \
    struct scope scope = scope_begin_at(SERVICE_SCOPE_LIMIT, instant_noon(TODAY))

static int hex(char digit)
{
    return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static void read_hex(struct text text, unsigned char *out, size_t size)
{
    assert_int_equal(text.size, 2 * size);
    for (size_t i = 0; i < size; i++)
        out[i] = (unsigned char)(16 * hex(text.bytes[2 * i]) + hex(text.bytes[2 * i + 1]));
}

static struct challenge get_challenge(struct scope *scope)
{
    const struct service_request request = {&institution, OQS_XML, {0}};
    struct service_outcome outcome = {0};
    struct oqs_challenge message = {0};
    struct challenge challenge = {0};

    service_card_challenge(scope, worker, &request, &outcome);
    assert_int_equal(outcome.http_code, 200);
    assert_false(outcome.recorded);
    assert_int_equal(oqs_challenge_read(scope, OQS_XML, outcome.body, &message), STATUS_OK);
    assert_int_equal(message.lifetime, 60);
    read_hex(message.session, challenge.session, sizeof challenge.session);
    read_hex(message.nonce, challenge.nonce, sizeof challenge.nonce);
    return challenge;
}

static struct oqs_card_inquiry prove(struct scope *scope, const char *card)
{
    const struct small_proof proof = {
        .folder = folder,
        .card = card,
        .institution = {SMALL_INSTITUTION},
        .challenge = get_challenge(scope),
        .at = scope->now,
    };
    struct oqs_card_inquiry inquiry = {0};

    assert_int_equal(small_proof_make(scope, &proof, &inquiry), STATUS_OK);
    return inquiry;
}

static struct seen ask_as(struct scope *scope, const struct caller *caller,
                          const struct oqs_card_inquiry *inquiry)
{
    struct service_request request = {caller, OQS_XML, {0}};
    struct seen seen = {0};

    assert_int_equal(oqs_card_inquiry_write(scope, OQS_XML, inquiry, &request.body), STATUS_OK);
    service_check_by_card(scope, worker, &request, &seen.outcome);
    assert_int_equal(oqs_answer_read(&world_scope, OQS_XML, seen.outcome.body, &seen.answer),
                     STATUS_OK);
    return seen;
}

static struct seen ask(struct scope *scope, const struct oqs_card_inquiry *inquiry)
{
    return ask_as(scope, &institution, inquiry);
}

static struct seen ask_with(struct scope *scope, const char *card)
{
    const struct oqs_card_inquiry inquiry = prove(scope, card);

    return ask(scope, &inquiry);
}

static void assert_refused(const struct seen *seen, enum cause cause)
{
    const struct failure_text *text = failure_text(cause);

    assert_int_equal(seen->outcome.entry.cause, cause);
    assert_int_equal(seen->outcome.http_code, failure_http_code(text->status));
    assert_int_equal(seen->answer.segment, 9);
    assert_true(text_is(seen->answer.code, text->code));
    assert_true(seen->outcome.recorded);
    assert_int_equal(seen->outcome.entry.validity, 0);
}

static void e1_e2_a_registered_card_is_answered_and_recorded(void **state)
{
    SCOPE;
    struct oqs_card_inquiry inquiry = prove(&scope, "valid");
    struct seen seen = {0};
    const struct journal_entry *entry = &seen.outcome.entry;

    (void)state;
    inquiry.consents = CONSENT_LIMIT | CONSENT_MEDICATION;
    seen = ask(&scope, &inquiry);
    assert_int_equal(seen.outcome.http_code, 200);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_true(seen.outcome.recorded);
    assert_int_equal(entry->operation, JOURNAL_CHECK_BY_CARD);
    assert_int_equal(entry->person_id, SMALL_CARDS);
    assert_int_equal(entry->coverage_id, 100);
    assert_int_equal(entry->mode, IDENTITY_PIN);
    assert_int_equal(entry->consents, CONSENT_LIMIT | CONSENT_MEDICATION);
    assert_string_equal(entry->terminal, "T-1");
    assert_int_equal(entry->validity, VALIDITY_VALID);
}

static void k1_k2_a_certificate_near_or_past_its_end_warns(void **state)
{
    (void)state;
    SCOPE;
    struct seen seen = ask_with(&scope, "alert");
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_true(text_is(seen.answer.code, "SKK-7001"));
    seen = ask_with(&scope, "grace");
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_true(text_is(seen.answer.code, "SKK-7002"));
    assert_int_equal(seen.outcome.entry.cause, CAUSE_REMARK_CERTIFICATE_GRACE);
}

static void k3_cards_that_cannot_be_used_say_why(void **state)
{
    static const struct {
        const char *card;
        enum cause cause;
        bool known; /* whose card it is was found out */
    } rows[] = {
        {"lapsed", CAUSE_CARD_CERTIFICATE_LAPSED, true},
        {"revoked", CAUSE_CARD_CERTIFICATE_REVOKED, true},
        {"superseded", CAUSE_CARD_CERTIFICATE_SUPERSEDED, true},
        {"unregistered", CAUSE_CARD_NOT_REGISTERED, true},
        {"unknown", CAUSE_CARD_SERIAL_UNKNOWN, false},
        {"forged", CAUSE_CARD_ISSUER_UNKNOWN, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPE;
        struct seen seen = ask_with(&scope, rows[i].card);
        assert_refused(&seen, rows[i].cause);
        assert_int_equal(seen.outcome.entry.person_id != 0, rows[i].known);
    }
}

static void a_challenge_is_good_for_one_attempt(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_card_inquiry inquiry = prove(&scope, "valid");
    struct seen seen = ask(&scope, &inquiry);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    seen = ask(&scope, &inquiry);
    assert_refused(&seen, CAUSE_CHALLENGE_UNKNOWN);
}

static void a_failed_attempt_uses_the_challenge_up(void **state)
{
    struct oqs_card_inquiry inquiry = {0};
    struct text good = {0};
    struct text bad = {0};
    char signature[256];

    (void)state;
    SCOPE;
    inquiry = prove(&scope, "valid");
    good = inquiry.signature;
    memcpy(signature, good.bytes, sizeof signature);
    signature[128] ^= 1;
    bad = (struct text){signature, sizeof signature};
    inquiry.signature = bad;
    {
        struct seen seen = ask(&scope, &inquiry);
        assert_refused(&seen, CAUSE_CARD_SIGNATURE_WRONG);
        assert_int_equal(seen.outcome.entry.person_id, 0);
    }
    inquiry.signature = good;
    scope_forgive(&scope);
    {
        struct seen seen = ask(&scope, &inquiry);
        assert_refused(&seen, CAUSE_CHALLENGE_UNKNOWN);
    }
}

static void a_proof_holds_for_what_was_signed_only(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        SCOPE;
        struct oqs_card_inquiry inquiry = prove(&scope, "valid");
        const struct oqs_card_inquiry other = prove(&scope, "alert");
        if (i == 0)
            inquiry.mode = IDENTITY_FACE;
        if (i == 1)
            inquiry.terminal = TEXT("T-2");
        if (i == 2)
            inquiry.time += 1;
        if (i == 3)
            inquiry.certificate = other.certificate;
        struct seen seen = ask(&scope, &inquiry);
        assert_refused(&seen, CAUSE_CARD_SIGNATURE_WRONG);
    }
}

static void a_challenge_belongs_to_its_institution(void **state)
{
    struct caller other = institution;

    (void)state;
    SCOPE;
    struct oqs_card_inquiry inquiry = prove(&scope, "valid");
    other.institution = inquiry.institution = small_institution_other();
    struct seen seen = ask_as(&scope, &other, &inquiry);
    assert_refused(&seen, CAUSE_CHALLENGE_UNKNOWN);
}

static void another_institutions_code_is_refused(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_card_inquiry inquiry = prove(&scope, "valid");
    inquiry.institution = small_institution_other();
    struct seen seen = ask(&scope, &inquiry);
    assert_refused(&seen, CAUSE_NOT_YOUR_INSTITUTION);
}

static void a_card_is_checked_for_today_by_a_clock_that_is_right(void **state)
{
    (void)state;
    for (int days = -2; days <= 2; days++) {
        SCOPE;
        struct oqs_card_inquiry inquiry = prove(&scope, "valid");
        inquiry.on = date_add_days(TODAY, days);
        struct seen seen = ask(&scope, &inquiry);
        if (days == -2 || days == 2)
            assert_refused(&seen, CAUSE_DATE_WRONG);
        else
            assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    }
    for (int minutes = -6; minutes <= 6; minutes += 12) {
        SCOPE;
        struct oqs_card_inquiry inquiry = prove(&scope, "valid");
        inquiry.time = instant_to_japan14(
            (struct instant){scope.now.microseconds + INT64_C(60000000) * minutes});
        struct seen seen = ask(&scope, &inquiry);
        assert_refused(&seen, CAUSE_PROOF_TIME_WRONG);
    }
}

static void a_challenge_does_not_wait_for_ever(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_card_inquiry inquiry = prove(&scope, "valid");
    scope.now.microseconds += INT64_C(61000000);
    struct seen seen = ask(&scope, &inquiry);
    assert_refused(&seen, CAUSE_CHALLENGE_EXPIRED);
}

static void sessions_that_are_no_sessions_are_unknown(void **state)
{
    static const char *const sessions[] = {"00000000000000000000000000000000",
                                           "zz000000000000000000000000000000"};

    (void)state;
    for (size_t i = 0; i < sizeof sessions / sizeof sessions[0]; i++) {
        SCOPE;
        struct oqs_card_inquiry inquiry = prove(&scope, "valid");
        struct service_request request = {&institution, OQS_XML, {0}};
        struct service_outcome outcome = {0};
        inquiry.session = text_of(sessions[i]);
        if (oqs_card_inquiry_write(&scope, OQS_XML, &inquiry, &request.body) != STATUS_OK)
            continue;
        service_check_by_card(&scope, worker, &request, &outcome);
        assert_true(outcome.http_code == 403 || outcome.http_code == 400);
        assert_int_equal(outcome.entry.validity, 0);
    }
}

static void challenges_are_for_registered_institutions(void **state)
{
    struct caller stranger = institution;
    const struct caller insurer = {.role = ROLE_INSURER, .insurer = {SMALL_INSURER}};
    struct service_request request = {&stranger, OQS_XML, {0}};
    struct service_outcome outcome = {0};

    (void)state;
    SCOPE;
    stranger.institution = small_institution_stranger();
    service_card_challenge(&scope, worker, &request, &outcome);
    assert_int_equal(outcome.entry.cause, CAUSE_INSTITUTION_UNKNOWN);
    assert_true(outcome.recorded);
    scope_forgive(&scope);
    request.caller = &insurer;
    service_card_challenge(&scope, worker, &request, &outcome);
    assert_int_equal(outcome.entry.cause, CAUSE_ROLE_MAY_NOT);
    assert_int_equal(outcome.http_code, 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_e2_a_registered_card_is_answered_and_recorded),
        cmocka_unit_test(k1_k2_a_certificate_near_or_past_its_end_warns),
        cmocka_unit_test(k3_cards_that_cannot_be_used_say_why),
        cmocka_unit_test(a_challenge_is_good_for_one_attempt),
        cmocka_unit_test(a_failed_attempt_uses_the_challenge_up),
        cmocka_unit_test(a_proof_holds_for_what_was_signed_only),
        cmocka_unit_test(a_challenge_belongs_to_its_institution),
        cmocka_unit_test(another_institutions_code_is_refused),
        cmocka_unit_test(a_card_is_checked_for_today_by_a_clock_that_is_right),
        cmocka_unit_test(a_challenge_does_not_wait_for_ever),
        cmocka_unit_test(sessions_that_are_no_sessions_are_unknown),
        cmocka_unit_test(challenges_are_for_registered_institutions),
    };
    return cmocka_run_group_tests(tests, open_service, close_service);
}
