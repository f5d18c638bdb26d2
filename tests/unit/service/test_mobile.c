/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/oqs_mobile.h"
#include "service_fixture.h"

#define SCOPE                                                                                      \
    CLEANUP(scope_end)                                                                             \
    struct scope scope = scope_begin_at(SERVICE_SCOPE_LIMIT, instant_noon(TODAY))

static const struct caller portal = {.role = ROLE_PORTAL, .fingerprint = "0123456789abcdef"};
static const struct caller nobody = {0};
static struct caller therapy = {.role = ROLE_INSTITUTION, .fingerprint = "0123456789abcdef"};

/* The other institution of the small world becomes a judo-therapy clinic: class 3 only. */
static int begin(void **state)
{
    struct institution place = {.code = small_institution_other(),
                                .name = TEXT("架空整骨院"),
                                .type = FACILITY_THERAPY_CLINIC};
    struct store *store = NULL;
    enum status status = STATUS_OK;

    memcpy(folder, "/tmp/test_service.XXXXXX", sizeof folder);
    if (open_service(state) != 0)
        return 1;
    therapy.institution = place.code;
    if (store_open(&world_scope, service_options_of().store_url, STORE_WRITE, &store) != STATUS_OK)
        return 1;
    status = store_put_institution(&world_scope, store, &place);
    store_close(store);
    return status != STATUS_OK;
}

static struct service_outcome call(struct scope *scope, service_operation operation,
                                   const struct caller *caller, struct text body)
{
    const struct service_request request = {caller, OQS_XML, body};
    struct service_outcome outcome = {0};

    operation(scope, worker, &request, &outcome);
    return outcome;
}

static bool says(const struct service_outcome *outcome, const char *words)
{
    return memmem(outcome->body.bytes, outcome->body.size, words, strlen(words)) != NULL;
}

static void assert_refused(struct scope *scope, const struct service_outcome *outcome,
                           enum cause cause)
{
    if (outcome->entry.cause != cause)
        fail_msg("%s", scope->failure);
    assert_true(says(outcome, failure_text(cause)->code));
    scope_forgive(scope);
}

static struct service_outcome device_call(struct scope *scope, service_operation operation,
                                          const struct caller *caller,
                                          const struct oqs_device *device)
{
    struct text body = {0};

    assert_int_equal(oqs_device_write(scope, OQS_XML, device, &body), STATUS_OK);
    return call(scope, operation, caller, body);
}

static struct oqs_device answered(struct scope *scope, const struct service_outcome *outcome)
{
    struct oqs_device device = {0};

    if (outcome->http_code != 200)
        fail_msg("%s", scope->failure);
    assert_int_equal(oqs_device_read(scope, OQS_XML, outcome->body, &device), STATUS_OK);
    return device;
}

static struct oqs_device issue(struct scope *scope, const struct caller *caller,
                               enum service_class class)
{
    const struct oqs_device asked = {.class = class};
    struct service_outcome outcome = device_call(scope, service_mobile_code, caller, &asked);

    assert_true(outcome.recorded);
    return answered(scope, &outcome);
}

static struct oqs_device activated(struct scope *scope, const struct caller *caller,
                                   enum service_class class)
{
    const struct oqs_device code = issue(scope, caller, class);
    const struct oqs_device asked = {.institution = caller->institution, .code = code.code};
    struct service_outcome outcome = device_call(scope, service_mobile_activation, &nobody, &asked);

    assert_true(outcome.recorded);
    assert_string_equal(outcome.entry.institution, caller->institution.digits);
    return answered(scope, &outcome);
}

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

static struct oqs_card_inquiry sign(struct scope *scope, const struct service_outcome *given,
                                    struct institution_code code, const char *card,
                                    enum identity_mode mode)
{
    struct small_proof proof = {
        .folder = folder, .card = card, .institution = code, .at = scope->now, .mode = mode};
    struct oqs_challenge message = {0};
    struct oqs_card_inquiry inquiry = {0};

    if (given->http_code != 200)
        fail_msg("%s", scope->failure);
    assert_int_equal(oqs_challenge_read(scope, OQS_XML, given->body, &message), STATUS_OK);
    read_hex(message.session, proof.challenge.session, sizeof proof.challenge.session);
    read_hex(message.nonce, proof.challenge.nonce, sizeof proof.challenge.nonce);
    assert_int_equal(small_proof_make(scope, &proof, &inquiry), STATUS_OK);
    inquiry.consents = CONSENT_LIMIT | CONSENT_MEDICATION;
    inquiry.consent_until = date_add_months(TODAY, 3);
    return inquiry;
}

/* A card at the device of an institution's app. */
static struct oqs_card_inquiry at_device(struct scope *scope, const struct oqs_device *device,
                                         const char *card, enum identity_mode mode)
{
    struct service_outcome given = device_call(scope, service_mobile_challenge, &nobody, device);
    struct oqs_card_inquiry inquiry = sign(scope, &given, device->institution, card, mode);

    inquiry.class = device->class;
    inquiry.device = device->device;
    inquiry.secret = device->secret;
    return inquiry;
}

static struct oqs_card_inquiry on_web(struct scope *scope, const char *card,
                                      enum identity_mode mode)
{
    const struct oqs_device asked = {.institution = institution.institution};
    struct service_outcome given = device_call(scope, service_web_challenge, &portal, &asked);
    struct oqs_card_inquiry inquiry = sign(scope, &given, asked.institution, card, mode);

    inquiry.class = CLASS_MOBILE_CONSENT;
    return inquiry;
}

static struct service_outcome check(struct scope *scope, service_operation operation,
                                    const struct caller *caller,
                                    const struct oqs_card_inquiry *inquiry)
{
    struct text body = {0};

    assert_int_equal(oqs_card_inquiry_write(scope, OQS_XML, inquiry, &body), STATUS_OK);
    return call(scope, operation, caller, body);
}

static struct service_outcome fetch(struct scope *scope, const struct caller *caller)
{
    struct text body = {0};

    assert_int_equal(
        text_format(scope, &body,
                    "<XmlMsg><MessageHeader><MedicalInstitutionCode>%s</MedicalInstitutionCode>"
                    "</MessageHeader><MessageBody><QualificationConfirmSearchInfo>"
                    "<ConsentDateFrom>20261101</ConsentDateFrom><ConsentDateTo>20261105"
                    "</ConsentDateTo><MedicalTreatmentFlag>2</MedicalTreatmentFlag>"
                    "</QualificationConfirmSearchInfo></MessageBody></XmlMsg>",
                    caller->institution.digits),
        STATUS_OK);
    return call(scope, service_mobile_results, caller, body);
}

static void e3_a_code_activates_one_device_within_its_life(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_device code = issue(&scope, &institution, CLASS_MOBILE_CONSENT);
    struct oqs_device asked = {.institution = therapy.institution, .code = code.code};
    struct service_outcome outcome =
        device_call(&scope, service_mobile_activation, &nobody, &asked);
    assert_refused(&scope, &outcome, CAUSE_ACTIVATION_CODE_WRONG); /* another's */
    asked.institution = institution.institution;
    outcome = device_call(&scope, service_mobile_activation, &nobody, &asked);
    assert_int_equal(answered(&scope, &outcome).class, CLASS_MOBILE_CONSENT);
    outcome = device_call(&scope, service_mobile_activation, &nobody, &asked);
    assert_refused(&scope, &outcome, CAUSE_ACTIVATION_CODE_WRONG); /* used */
    code = issue(&scope, &institution, CLASS_MOBILE_CONSENT);
    asked.code = code.code;
    scope.now.microseconds += INT64_C(86401) * 1000000;
    outcome = device_call(&scope, service_mobile_activation, &nobody, &asked);
    assert_refused(&scope, &outcome, CAUSE_ACTIVATION_CODE_EXPIRED);
}

static void e3_codes_are_for_the_classes_of_the_place(void **state)
{
    struct oqs_device asked = {.class = CLASS_ELIGIBILITY_ONLY};

    (void)state;
    SCOPE;
    struct service_outcome outcome = device_call(&scope, service_mobile_code, &institution, &asked);
    assert_refused(&scope, &outcome, CAUSE_CLASS_NOT_ALLOWED);
    asked.class = CLASS_MOBILE_CONSENT;
    outcome = device_call(&scope, service_mobile_code, &therapy, &asked);
    assert_refused(&scope, &outcome, CAUSE_CLASS_NOT_ALLOWED);
    asked.class = CLASS_NORMAL;
    outcome = device_call(&scope, service_mobile_code, &institution, &asked);
    assert_refused(&scope, &outcome, CAUSE_MOBILE_CLASS_WRONG);
}

static void e3_a_place_has_two_hundred_devices_at_most(void **state)
{
    const struct oqs_device asked = {.class = CLASS_MOBILE_CONSENT};
    struct service_outcome outcome = {0};

    (void)state;
    for (int i = 0; i < 200; i++) {
        SCOPE;
        issue(&scope, &institution, CLASS_MOBILE_CONSENT);
    }
    SCOPE;
    outcome = device_call(&scope, service_mobile_code, &institution, &asked);
    assert_refused(&scope, &outcome, CAUSE_DEVICES_TOO_MANY);
    scope.now.microseconds += INT64_C(86401) * 1000000; /* codes that ran out are forgotten */
    issue(&scope, &institution, CLASS_MOBILE_CONSENT);
}

static void e3_class_2_keeps_the_consent_and_the_institution_fetches_by_it(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_device device = activated(&scope, &institution, CLASS_MOBILE_CONSENT);
    struct oqs_card_inquiry inquiry = at_device(&scope, &device, "valid", IDENTITY_VISUAL);
    struct service_outcome outcome = check(&scope, service_mobile_check, &nobody, &inquiry);
    assert_true(says(&outcome, "<QualificationValidity>1<"));
    assert_true(says(&outcome, "<PharmacistsInfoConsFlg>1<"));
    assert_int_equal(outcome.entry.class, CLASS_MOBILE_CONSENT);
    assert_string_equal(outcome.entry.institution, SMALL_INSTITUTION);
    outcome = fetch(&scope, &institution);
    assert_int_equal(outcome.http_code, 200);
    assert_true(says(&outcome, "<ConsentStatus>1<"));
    assert_true(says(&outcome, "<ConsentLimitDate>20270205<"));
    assert_true(says(&outcome, "<PharmacistsInfoConsFlg>1<"));
    assert_true(says(&outcome, "<Name>札見　太郎<"));
    scope.now = instant_noon(DATE(20270206)); /* the day after its last */
    outcome = fetch(&scope, &institution);
    assert_true(says(&outcome, "<ConsentStatus>2<"));
    assert_false(says(&outcome, "<Name>"));
}

static void e3_what_one_institution_was_given_another_does_not_see(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_card_inquiry inquiry = on_web(&scope, "valid", IDENTITY_PIN);
    struct service_outcome outcome = check(&scope, service_web_check, &portal, &inquiry);
    assert_true(says(&outcome, "<QualificationValidity>1<"));
    outcome = fetch(&scope, &therapy);
    assert_refused(&scope, &outcome, CAUSE_CLASS_NOT_ALLOWED);
    struct caller stranger = therapy;
    stranger.institution = institution.institution;
    stranger.role = ROLE_INSURER;
    outcome = fetch(&scope, &stranger);
    assert_refused(&scope, &outcome, CAUSE_ROLE_MAY_NOT);
}

static void e3_the_web_takes_the_pin_the_app_a_look_too_neither_a_face(void **state)
{
    static const enum identity_mode modes[] = {IDENTITY_PIN, IDENTITY_VISUAL, IDENTITY_FACE};
    static const enum cause web[] = {CAUSE_NONE, CAUSE_MOBILE_WEB_PIN_ONLY,
                                     CAUSE_MODE_NOT_IN_CLASS};
    static const enum cause app[] = {CAUSE_NONE, CAUSE_NONE, CAUSE_MODE_NOT_IN_CLASS};

    (void)state;
    for (int i = 0; i < 3; i++) {
        SCOPE;
        struct oqs_card_inquiry inquiry = on_web(&scope, "valid", modes[i]);
        struct service_outcome outcome = check(&scope, service_web_check, &portal, &inquiry);
        assert_int_equal(outcome.entry.cause, web[i]);
        scope_forgive(&scope);
        struct oqs_device device = activated(&scope, &institution, CLASS_MOBILE_CONSENT);
        inquiry = at_device(&scope, &device, "valid", modes[i]);
        outcome = check(&scope, service_mobile_check, &nobody, &inquiry);
        assert_int_equal(outcome.entry.cause, app[i]);
    }
}

static void e3_class_3_tells_the_coverage_and_nothing_else(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_device device = activated(&scope, &therapy, CLASS_ELIGIBILITY_ONLY);
    struct oqs_card_inquiry inquiry = at_device(&scope, &device, "valid", IDENTITY_VISUAL);
    struct service_outcome outcome = check(&scope, service_mobile_check, &nobody, &inquiry);
    assert_true(says(&outcome, "<QualificationValidity>1<"));
    assert_false(says(&outcome, "ConsFlg>1<"));
    assert_int_equal(outcome.entry.consents, 0);
    inquiry = at_device(&scope, &device, "valid", IDENTITY_PIN);
    inquiry.class = CLASS_MOBILE_CONSENT; /* not the device's */
    outcome = check(&scope, service_mobile_check, &nobody, &inquiry);
    assert_refused(&scope, &outcome, CAUSE_MOBILE_CLASS_WRONG);
}

static void e3_k2_in_the_grace_no_medical_consent_is_kept(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_card_inquiry inquiry = on_web(&scope, "grace", IDENTITY_PIN);
    struct service_outcome outcome = check(&scope, service_web_check, &portal, &inquiry);
    assert_true(says(&outcome, "SKK-7002"));
    assert_true(says(&outcome, "<PharmacistsInfoConsFlg>0<"));
    outcome = fetch(&scope, &institution);
    assert_true(says(&outcome, "<PharmacistsInfoConsFlg>0<"));
    assert_true(says(&outcome, "<LimitApplicationCertificateRelatedConsFlg>1<"));
}

static void e3_who_is_no_device_is_told_nothing(void **state)
{
    (void)state;
    SCOPE;
    struct oqs_device device = activated(&scope, &institution, CLASS_MOBILE_CONSENT);
    struct oqs_device wrong = device;
    char secret[65];
    memcpy(secret, device.secret.bytes, 64);
    secret[0] = secret[0] == '0' ? '1' : '0';
    wrong.secret = (struct text){secret, 64};
    struct service_outcome outcome = device_call(&scope, service_mobile_challenge, &nobody, &wrong);
    assert_refused(&scope, &outcome, CAUSE_DEVICE_UNKNOWN);
    wrong = device;
    wrong.institution = therapy.institution;
    outcome = device_call(&scope, service_mobile_challenge, &nobody, &wrong);
    assert_refused(&scope, &outcome, CAUSE_DEVICE_UNKNOWN);
    outcome = device_call(&scope, service_mobile_withdrawal, &therapy, &device);
    assert_refused(&scope, &outcome, CAUSE_DEVICE_UNKNOWN);
    outcome = device_call(&scope, service_mobile_withdrawal, &institution, &device);
    assert_int_equal(outcome.http_code, 200);
    outcome = device_call(&scope, service_mobile_challenge, &nobody, &device);
    assert_refused(&scope, &outcome, CAUSE_DEVICE_UNKNOWN);
}

static void e3_a_consent_has_a_last_day_within_a_year(void **state)
{
    static const struct {
        int until;
        enum cause cause;
    } rows[] = {
        {20261104, CAUSE_CONSENT_PERIOD_WRONG},
        {20261105, CAUSE_NONE},
        {20271105, CAUSE_NONE},
        {20271106, CAUSE_CONSENT_PERIOD_WRONG},
        {0, CAUSE_CONSENT_PERIOD_WRONG},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPE;
        struct oqs_card_inquiry inquiry = on_web(&scope, "valid", IDENTITY_PIN);
        inquiry.consent_until = DATE(rows[i].until);
        assert_int_equal(check(&scope, service_web_check, &portal, &inquiry).entry.cause,
                         rows[i].cause);
    }
}

/* What the person does at the portal. */
static struct service_outcome consents(struct scope *scope, enum consent_action action, int until)
{
    struct service_outcome given = call(scope, service_portal_challenge, &portal, (struct text){0});
    struct institution_code code = {CHALLENGE_PORTAL};
    struct oqs_card_inquiry inquiry = sign(scope, &given, code, "valid", IDENTITY_PIN);
    struct text body = {0};

    inquiry.action = action;
    inquiry.consent_to = institution.institution;
    inquiry.consent_until = DATE(until);
    assert_int_equal(oqs_portal_inquiry_write(scope, OQS_XML, &inquiry, &body), STATUS_OK);
    return call(scope, service_portal_consents, &portal, body);
}

static void e3_p1_the_patient_views_renews_and_withdraws(void **state)
{
    (void)state;
    SCOPE;
    struct service_outcome outcome = consents(&scope, CONSENT_WITHDRAW, 0);
    assert_refused(&scope, &outcome, CAUSE_CONSENT_UNKNOWN);
    struct oqs_card_inquiry inquiry = on_web(&scope, "valid", IDENTITY_PIN);
    outcome = check(&scope, service_web_check, &portal, &inquiry);
    assert_int_equal(outcome.http_code, 200);
    outcome = consents(&scope, CONSENT_VIEW, 0);
    assert_true(says(&outcome, "<ConsentLimitDate>20270205<"));
    outcome = consents(&scope, CONSENT_RENEW, 20270601);
    assert_true(says(&outcome, "<ConsentLimitDate>20270601<"));
    outcome = consents(&scope, CONSENT_RENEW, 20281105);
    assert_refused(&scope, &outcome, CAUSE_CONSENT_PERIOD_WRONG);
    outcome = consents(&scope, CONSENT_WITHDRAW, 0);
    assert_true(says(&outcome, "<ConsentStatus>2<"));
    outcome = fetch(&scope, &institution);
    assert_true(says(&outcome, "<ConsentStatus>2<"));
    assert_false(says(&outcome, "<Name>"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, close_service)
    const struct CMUnitTest tests[] = {
        TEST(e3_a_code_activates_one_device_within_its_life),
        TEST(e3_codes_are_for_the_classes_of_the_place),
        TEST(e3_a_place_has_two_hundred_devices_at_most),
        TEST(e3_class_2_keeps_the_consent_and_the_institution_fetches_by_it),
        TEST(e3_what_one_institution_was_given_another_does_not_see),
        TEST(e3_the_web_takes_the_pin_the_app_a_look_too_neither_a_face),
        TEST(e3_class_3_tells_the_coverage_and_nothing_else),
        TEST(e3_k2_in_the_grace_no_medical_consent_is_kept),
        TEST(e3_who_is_no_device_is_told_nothing),
        TEST(e3_a_consent_has_a_last_day_within_a_year),
        TEST(e3_p1_the_patient_views_renews_and_withdraws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
