/* SPDX-License-Identifier: Apache-2.0
 *
 * A check by card (E1, E2): the proof, and the challenge before it.
 */
#include <string.h>

#include "format/oqs.h"
#include "samples.h"

static struct oqs_card_inquiry reads(struct scope *scope, const char *name)
{
    struct oqs_card_inquiry inquiry = {0};

    assert_int_equal(oqs_card_inquiry_read(scope, OQS_XML, sample(scope, name), &inquiry, NULL),
                     STATUS_OK);
    return inquiry;
}

static void refused(struct scope *scope, struct text bytes, enum cause cause, const char *named)
{
    struct oqs_card_inquiry inquiry = {0};
    struct oqs_partial partial = {0};

    scope_forgive(scope);
    assert_int_equal(oqs_card_inquiry_read(scope, OQS_XML, bytes, &inquiry, &partial),
                     STATUS_INVALID);
    assert_string_equal(failure_text(scope->cause)->code, failure_text(cause)->code);
    assert_non_null(strstr(scope->failure, named));
    assert_true(text_is(partial.institution, "1319912349"));
}

static void e1_a_proof_is_read(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_card_inquiry inquiry = reads(&scope, "card_inquiry_xml/pin.xml");

    (void)state;
    assert_int_equal(inquiry.on.yyyymmdd, 20261105);
    assert_string_equal(inquiry.institution.digits, "1319912349");
    assert_true(text_is(inquiry.session, "00112233445566778899aabbccddeeff"));
    assert_true(text_is(inquiry.terminal, "front-desk-1"));
    assert_int_equal(inquiry.mode, IDENTITY_PIN);
    assert_int_equal(inquiry.time, 20261105091512);
    assert_int_equal(inquiry.certificate.size, 1500);
    assert_int_equal(inquiry.signature.size, 256);
    assert_int_equal((unsigned char)inquiry.signature.bytes[255], (255 * 13 + 5) & 255);
    assert_int_equal(inquiry.consents, CONSENT_LIMIT | CONSENT_DISEASE | CONSENT_CHECKUP |
                                           CONSENT_MEDICATION | CONSENT_DIAGNOSIS);
}

static void e2_the_staff_account_is_optional_and_no_name(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_card_inquiry inquiry = reads(&scope, "card_inquiry_xml/pin.xml");
    struct text visual = sample(&scope, "card_inquiry_xml/visual_staff.xml");

    (void)state;
    assert_true(text_empty(inquiry.staff));
    inquiry = reads(&scope, "card_inquiry_xml/visual_staff.xml");
    assert_int_equal(inquiry.mode, IDENTITY_VISUAL);
    assert_true(text_is(inquiry.staff, "desk-07"));
    refused(&scope, sample(&scope, "card_inquiry_xml/hostile_staff.xml"), CAUSE_TEXT_WRONG,
            "StaffIdentifier");
    refused(&scope, exchanged(&scope, visual, ">desk-07<", ">desk-0123456789-01234<"),
            CAUSE_VALUE_TOO_LONG, "StaffIdentifier");
}

static void e2_every_mode_and_no_other(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct text pin = sample(&scope, "card_inquiry_xml/pin.xml");
    struct oqs_card_inquiry inquiry = {0};

    (void)state;
    assert_int_equal(
        oqs_card_inquiry_read(&scope, OQS_XML,
                              exchanged(&scope, pin, ">2</IdentityMode>", ">1</IdentityMode>"),
                              &inquiry, NULL),
        STATUS_OK);
    assert_int_equal(inquiry.mode, IDENTITY_FACE);
    inquiry = reads(&scope, "card_inquiry_xml/line_ends_no_consents.xml");
    assert_int_equal(inquiry.mode, IDENTITY_VISUAL);
    assert_int_equal(inquiry.consents, 0);
    assert_int_equal(inquiry.certificate.size, 1500);
    refused(&scope, sample(&scope, "card_inquiry_xml/hostile_mode.xml"), CAUSE_CODE_VALUE_WRONG,
            "IdentityMode");
    refused(&scope, exchanged(&scope, pin, ">2</IdentityMode>", ">0</IdentityMode>"),
            CAUSE_CODE_VALUE_WRONG, "IdentityMode");
    refused(&scope, exchanged(&scope, pin, ">2</IdentityMode>", "></IdentityMode>"),
            CAUSE_ELEMENT_MISSING, "IdentityMode");
}

static void e1_hostile_proofs_have_each_their_cause(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct text pin = sample(&scope, "card_inquiry_xml/pin.xml");

    (void)state;
    refused(&scope, sample(&scope, "card_inquiry_xml/hostile_session.xml"), CAUSE_TEXT_WRONG,
            "SessionIdentifier");
    refused(&scope, exchanged(&scope, pin, "</MessageHeader>", "</MessageHeader><MessageHeader/>"),
            CAUSE_ELEMENT_REPEATED, "MessageHeader");
    refused(&scope, exchanged(&scope, pin, "eeff<", "eeffaa<"), CAUSE_VALUE_TOO_LONG,
            "SessionIdentifier");
    refused(&scope, exchanged(&scope, pin, "eeff<", "eefg<"), CAUSE_TEXT_WRONG,
            "SessionIdentifier");
    refused(&scope, sample(&scope, "card_inquiry_xml/hostile_terminal.xml"), CAUSE_TEXT_WRONG,
            "TerminalIdentifier");
    refused(&scope, exchanged(&scope, pin, "front-desk-1", "123456789012345678901"),
            CAUSE_VALUE_TOO_LONG, "TerminalIdentifier");
    refused(&scope, sample(&scope, "card_inquiry_xml/hostile_time.xml"), CAUSE_DATE_WRONG,
            "ProofTime");
    refused(&scope, exchanged(&scope, pin, ">20261105091512<", ">2026110509151<"), CAUSE_DATE_WRONG,
            "ProofTime");
    refused(&scope, exchanged(&scope, pin, ">20261105091512<", ">20260229091512<"),
            CAUSE_DATE_WRONG, "ProofTime");
    refused(&scope, sample(&scope, "card_inquiry_xml/hostile_long_certificate.xml"),
            CAUSE_VALUE_TOO_LONG, "Certificate");
    refused(&scope, exchanged(&scope, pin, "<Certificate>", "<Certificate>*"), CAUSE_TEXT_WRONG,
            "Certificate");
    refused(&scope, sample(&scope, "card_inquiry_xml/hostile_short_signature.xml"),
            CAUSE_TEXT_WRONG, "Signature");
    refused(&scope, exchanged(&scope, pin, "<Signature>", "<Signature>AAAA"), CAUSE_VALUE_TOO_LONG,
            "Signature");
    refused(&scope, exchanged(&scope, pin, ">1</PharmacistsInfo", ">3</PharmacistsInfo"),
            CAUSE_CODE_VALUE_WRONG, "PharmacistsInfoConsFlg");
}

static void e1_a_proof_needs_its_header(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_card_inquiry inquiry = {0};

    (void)state;
    assert_int_equal(oqs_card_inquiry_read(
                         &scope, OQS_JSON,
                         TEXT("{\"XmlMsg\":{\"MessageBody\":{\"CardProof\":{}}}}"), &inquiry, NULL),
                     STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_XML_ROOT);
}

static void e1_what_is_written_is_what_was_read(void **state)
{
    static const enum oqs_syntax syntaxes[] = {OQS_XML, OQS_JSON};
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct text pin = sample(&scope, "card_inquiry_xml/pin.xml");
    struct oqs_card_inquiry inquiry = reads(&scope, "card_inquiry_xml/pin.xml");
    struct text text = {0};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct oqs_card_inquiry again = {0};
        assert_int_equal(oqs_card_inquiry_write(&scope, syntaxes[i], &inquiry, &text), STATUS_OK);
        assert_int_equal(oqs_card_inquiry_read(&scope, syntaxes[i], text, &again, NULL), STATUS_OK);
        assert_true(text_equal(again.certificate, inquiry.certificate));
        assert_true(text_equal(again.signature, inquiry.signature));
        assert_int_equal(again.consents, inquiry.consents);
        assert_int_equal(again.time, inquiry.time);
    }
    assert_int_equal(oqs_card_inquiry_write(&scope, OQS_XML, &inquiry, &text), STATUS_OK);
    assert_string_equal(text.bytes, pin.bytes);
}

#define SESSION "00112233445566778899aabbccddeeff"

static void e1_a_challenge_travels_both_ways(void **state)
{
    static const struct oqs_challenge challenge = {
        .session = {SESSION, 32}, .nonce = {SESSION SESSION, 64}, .lifetime = 60};
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_challenge read = {0};
    struct text text = {0};

    (void)state;
    assert_int_equal(oqs_challenge_write(&scope, OQS_JSON, &challenge, &text), STATUS_OK);
    assert_string_equal(text.bytes,
                        "{\"XmlMsg\":{\"MessageBody\":{\"CardChallenge\":{"
                        "\"SessionIdentifier\":\"" SESSION "\",\"Nonce\":\"" SESSION SESSION
                        "\",\"ChallengeLifetime\":\"60\"}}}}");
    assert_int_equal(oqs_challenge_read(&scope, OQS_JSON, text, &read), STATUS_OK);
    assert_int_equal(read.lifetime, 60);
    assert_int_equal(oqs_challenge_write(&scope, OQS_XML, &challenge, &text), STATUS_OK);
    assert_int_equal(oqs_challenge_read(&scope, OQS_XML, text, &read), STATUS_OK);
    assert_true(text_equal(read.nonce, challenge.nonce));
    assert_int_equal(
        oqs_challenge_read(&scope, OQS_XML, exchanged(&scope, text, ">60<", ">0<"), &read),
        STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_CODE_VALUE_WRONG);
    scope_forgive(&scope);
    assert_int_equal(oqs_challenge_read(&scope, OQS_XML,
                                        exchanged(&scope, text, "eeff</Nonce", "eef</Nonce"),
                                        &read),
                     STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_TEXT_WRONG);
    scope_forgive(&scope);
    assert_int_equal(
        oqs_challenge_read(&scope, OQS_XML, TEXT("<XmlMsg><MessageBody/></XmlMsg>"), &read),
        STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_XML_ROOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_a_proof_is_read),
        cmocka_unit_test(e2_the_staff_account_is_optional_and_no_name),
        cmocka_unit_test(e2_every_mode_and_no_other),
        cmocka_unit_test(e1_hostile_proofs_have_each_their_cause),
        cmocka_unit_test(e1_a_proof_needs_its_header),
        cmocka_unit_test(e1_what_is_written_is_what_was_read),
        cmocka_unit_test(e1_a_challenge_travels_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
