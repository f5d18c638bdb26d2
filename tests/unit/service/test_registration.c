/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service_fixture.h"
#include "store/store_standing.h"

#define SCOPE                                                                                      \
    CLEANUP(scope_end)                                                                             \
    struct scope scope = scope_begin_at(SERVICE_SCOPE_LIMIT, instant_noon(TODAY))

static const struct caller portal = {.role = ROLE_PORTAL, .fingerprint = "0123456789abcdef"};

/* A fresh world for each test: what one registers the next must not see. */
static int begin(void **state)
{
    memcpy(folder, "/tmp/test_service.XXXXXX", sizeof folder);
    return open_service(state);
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

static struct oqs_card_inquiry prove(struct scope *scope, const struct caller *caller,
                                     const char *card, enum identity_mode mode)
{
    const struct service_request request = {caller, OQS_XML, {0}};
    struct small_proof proof = {.folder = folder, .card = card, .at = scope->now, .mode = mode};
    struct service_outcome outcome = {0};
    struct oqs_challenge message = {0};
    struct oqs_card_inquiry inquiry = {0};

    if (caller->role == ROLE_PORTAL) {
        memcpy(proof.institution.digits, CHALLENGE_PORTAL, sizeof CHALLENGE_PORTAL);
        service_portal_challenge(scope, worker, &request, &outcome);
    } else {
        proof.institution = caller->institution;
        service_card_challenge(scope, worker, &request, &outcome);
    }
    assert_int_equal(oqs_challenge_read(scope, OQS_XML, outcome.body, &message), STATUS_OK);
    read_hex(message.session, proof.challenge.session, sizeof proof.challenge.session);
    read_hex(message.nonce, proof.challenge.nonce, sizeof proof.challenge.nonce);
    assert_int_equal(small_proof_make(scope, &proof, &inquiry), STATUS_OK);
    return inquiry;
}

static struct seen at_reader(struct scope *scope, const char *card, bool registers,
                             enum identity_mode mode)
{
    struct oqs_card_inquiry inquiry = prove(scope, &institution, card, mode);
    struct service_request request = {&institution, OQS_XML, {0}};
    struct seen seen = {0};

    inquiry.registers = registers;
    assert_int_equal(oqs_card_inquiry_write(scope, OQS_XML, &inquiry, &request.body), STATUS_OK);
    service_check_by_card(scope, worker, &request, &seen.outcome);
    assert_int_equal(oqs_answer_read(&world_scope, OQS_XML, seen.outcome.body, &seen.answer),
                     STATUS_OK);
    return seen;
}

static struct service_outcome at_portal(struct scope *scope, service_operation operation,
                                        enum oqs_syntax syntax, const char *card,
                                        enum identity_mode mode)
{
    struct oqs_card_inquiry inquiry = prove(scope, &portal, card, mode);
    struct service_request request = {&portal, syntax, {0}};
    struct service_outcome outcome = {0};

    assert_int_equal(oqs_portal_inquiry_write(scope, syntax, &inquiry, &request.body), STATUS_OK);
    operation(scope, worker, &request, &outcome);
    return outcome;
}

static bool says(const struct service_outcome *outcome, const char *words)
{
    return memmem(outcome->body.bytes, outcome->body.size, words, strlen(words)) != NULL;
}

/* Records of an operation in the journal, and the rule of the last. */
struct counting {
    enum journal_operation operation;
    int count;
    char rule[32];
    int64_t person_id;
};

static int count_entry(void *context, uint64_t sequence, const struct journal_entry *entry)
{
    struct counting *counting = context;

    (void)sequence;
    if (entry->operation != counting->operation)
        return 0;
    counting->count++;
    counting->person_id = entry->person_id;
    snprintf(counting->rule, sizeof counting->rule, "%s", entry->rule ? entry->rule : "");
    return 0;
}

static struct counting journal_of(struct scope *scope, enum journal_operation operation)
{
    struct counting counting = {.operation = operation};
    struct journal_report report = {0};

    assert_int_equal(journal_read(scope, service_options_of().journal_directory, count_entry,
                                  &counting, &report),
                     STATUS_OK);
    return counting;
}

static void assert_refused(struct scope *scope, const struct service_outcome *outcome,
                           enum cause cause, const char *rule)
{
    assert_int_equal(outcome->entry.cause, cause);
    assert_int_equal(outcome->http_code, failure_http_code(failure_text(cause)->status));
    assert_true(strstr(scope->failure, rule) != NULL);
    assert_true(outcome->recorded);
    scope_forgive(scope);
}

static void r1_the_reader_registers_at_a_yes_and_the_check_goes_on(void **state)
{
    (void)state;
    SCOPE;
    struct seen seen = at_reader(&scope, "unregistered", false, IDENTITY_PIN);
    assert_refused(&scope, &seen.outcome, CAUSE_CARD_NOT_REGISTERED, "R1.not_registered");
    seen = at_reader(&scope, "unregistered", true, IDENTITY_FACE);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_true(text_is(seen.answer.code, "SKK-7030"));
    struct counting made = journal_of(&scope, JOURNAL_REGISTRATION);
    assert_int_equal(made.count, 1);
    assert_string_equal(made.rule, "R1.registered");
    assert_int_equal(made.person_id, seen.outcome.entry.person_id);
    seen = at_reader(&scope, "unregistered", false, IDENTITY_PIN);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_true(text_empty(seen.answer.code));
    assert_int_equal(service_figures(service).changes, 1);
}

static void r1_a_second_yes_changes_nothing(void **state)
{
    (void)state;
    SCOPE;
    struct seen seen = at_reader(&scope, "valid", true, IDENTITY_PIN);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_true(text_empty(seen.answer.code));
    assert_int_equal(journal_of(&scope, JOURNAL_REGISTRATION).count, 0);
    assert_int_equal(service_figures(service).changes, 0);
}

static void r1_k2_k3_who_cannot_register_is_told_why(void **state)
{
    static const struct {
        const char *card;
        enum cause cause;
        const char *rule;
    } rows[] = {
        {"ungraced", CAUSE_REGISTRATION_IN_GRACE, "R1.not_in_grace"},
        {"blocked", CAUSE_CARD_USE_REFUSED, "R1.refused"},
        {"lapsed", CAUSE_CARD_CERTIFICATE_LAPSED, "K3.lapsed"},
        {"revoked", CAUSE_CARD_CERTIFICATE_REVOKED, "K1.revoked"},
        {"superseded", CAUSE_CARD_CERTIFICATE_SUPERSEDED, "K1.superseded"},
        {"unknown", CAUSE_CARD_SERIAL_UNKNOWN, "no holder"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPE;
        struct seen seen = at_reader(&scope, rows[i].card, true, IDENTITY_PIN);
        assert_refused(&scope, &seen.outcome, rows[i].cause, rows[i].rule);
    }
    SCOPE;
    assert_int_equal(journal_of(&scope, JOURNAL_REGISTRATION).count, 0);
    assert_int_equal(service_figures(service).changes, 0);
}

static void r1_p1_the_portal_registers_with_the_pin(void **state)
{
    (void)state;
    SCOPE;
    struct service_outcome outcome =
        at_portal(&scope, service_portal_registration, OQS_XML, "unregistered", IDENTITY_VISUAL);
    assert_refused(&scope, &outcome, CAUSE_REGISTRATION_NEEDS_PIN, "R1.portal_pin");
    outcome = at_portal(&scope, service_portal_registration, OQS_XML, "unregistered", IDENTITY_PIN);
    assert_int_equal(outcome.http_code, 200);
    assert_true(says(&outcome, "<ProcessingResultCode>SKK-7030</ProcessingResultCode>"));
    assert_true(says(&outcome, "<RegistrationStatus>registered</RegistrationStatus>"));
    assert_true(says(&outcome, "<RegistrationDate>20261105</RegistrationDate>"));
    assert_true(says(&outcome, "<RegistrationWay>portal</RegistrationWay>"));
    assert_int_equal(journal_of(&scope, JOURNAL_REGISTRATION).count, 1);
    outcome = at_portal(&scope, service_portal_registration, OQS_XML, "unregistered", IDENTITY_PIN);
    assert_int_equal(outcome.http_code, 200);
    assert_false(says(&outcome, "SKK-7030"));
    assert_int_equal(at_reader(&scope, "unregistered", false, IDENTITY_FACE).answer.validity,
                     VALIDITY_VALID);
}

static void p1_a_person_sees_coverage_registration_and_certificate(void **state)
{
    (void)state;
    SCOPE;
    struct service_outcome outcome =
        at_portal(&scope, service_portal_status, OQS_XML, "valid", IDENTITY_PIN);
    assert_int_equal(outcome.http_code, 200);
    assert_true(outcome.recorded);
    assert_int_equal(outcome.entry.operation, JOURNAL_PORTAL);
    assert_true(says(&outcome, "<CurrentClassification>1</CurrentClassification>"));
    assert_true(says(&outcome, "<InsurerName>" SMALL_INSURER_NAME "</InsurerName>"));
    assert_true(says(&outcome, "<ContributionRatio>030</ContributionRatio>"));
    assert_true(says(&outcome, "<RegistrationWay>before</RegistrationWay>"));
    assert_true(says(&outcome, "<CertificateStatus>valid</CertificateStatus>"));
    assert_true(says(&outcome, "<CertificateExpirationDate>20291105</CertificateExpirationDate>"));
    assert_true(says(&outcome, "<CertificateGraceEndDate>20300228</CertificateGraceEndDate>"));
    outcome = at_portal(&scope, service_portal_status, OQS_JSON, "grace", IDENTITY_PIN);
    assert_true(says(&outcome, "\"CertificateStatus\":\"grace\""));
    assert_true(says(&outcome, "\"CoverageList\":[{"));
}

static void put_request(struct scope *scope, enum deregistration_state state)
{
    const struct deregistration_request request = {
        .person_id = SMALL_CARDS,
        .request_id = 1,
        .requested = DATE(20261103),
        .received = DATE(20261104),
        .insurer = {SMALL_INSURER},
        .channel = DEREGISTRATION_BY_TERMINAL,
        .state = state,
        .executes = DATE(20261231),
    };
    struct store *store = NULL;
    char url[128];

    snprintf(url, sizeof url, "sqlite:%s/store.db", folder);
    assert_int_equal(store_open(scope, url, STORE_WRITE, &store), STATUS_OK);
    assert_int_equal(store_put_deregistration(scope, store, &request), STATUS_OK);
    store_close(store);
}

static void p1_r2_a_person_sees_the_request_and_its_day(void **state)
{
    (void)state;
    SCOPE;
    struct service_outcome outcome =
        at_portal(&scope, service_portal_status, OQS_XML, "valid", IDENTITY_PIN);
    assert_false(says(&outcome, "Deregistration"));
    put_request(&scope, DEREGISTRATION_ACCEPTED);
    outcome = at_portal(&scope, service_portal_status, OQS_XML, "valid", IDENTITY_PIN);
    assert_true(says(&outcome, "<DeregistrationStatus>accepted</DeregistrationStatus>"));
    assert_true(says(&outcome, "<DeregistrationRequestDate>20261103</DeregistrationRequestDate>"));
    assert_true(
        says(&outcome, "<DeregistrationReceptionDate>20261104</DeregistrationReceptionDate>"));
    assert_true(says(&outcome, "<DeregistrationDate>20261231</DeregistrationDate>"));
    put_request(&scope, DEREGISTRATION_DUPLICATE); /* between insurers: nothing to the person */
    outcome = at_portal(&scope, service_portal_status, OQS_JSON, "valid", IDENTITY_PIN);
    assert_false(says(&outcome, "Deregistration"));
    put_request(&scope, DEREGISTRATION_DONE);
    outcome = at_portal(&scope, service_portal_status, OQS_JSON, "valid", IDENTITY_PIN);
    assert_true(says(&outcome, "\"DeregistrationStatus\":\"done\""));
}

/* insurers-and-documents 2.5: "nothing shown in Mynaportal", not even that there is a flag. */
static void p1_under_a_self_refusal_no_operation_shows_anything(void **state)
{
    static const service_operation operations[] = {
        service_portal_status, service_portal_registration, service_portal_consents};

    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        SCOPE;
        struct service_outcome outcome =
            at_portal(&scope, operations[i], OQS_XML, "blocked", IDENTITY_PIN);
        assert_refused(&scope, &outcome, CAUSE_CARD_USE_REFUSED, "R1.refused");
        assert_false(says(&outcome, "Flg"));
        assert_false(says(&outcome, "Registration"));
        assert_false(says(&outcome, "ConsentList"));
        assert_false(says(&outcome, "<Name>"));
    }
}

static void p1_a_card_that_lapsed_shows_nothing(void **state)
{
    (void)state;
    SCOPE;
    struct service_outcome outcome =
        at_portal(&scope, service_portal_status, OQS_XML, "lapsed", IDENTITY_PIN);
    assert_refused(&scope, &outcome, CAUSE_CARD_CERTIFICATE_LAPSED, "K3.lapsed");
}

/* The person of a card of the small world, with a difference that a comparison found. */
static void put_difference(struct scope *scope, int64_t person_id, int difference)
{
    struct person person = {0};
    struct store *store = NULL;
    char url[128];

    snprintf(url, sizeof url, "sqlite:%s/store.db", folder);
    assert_int_equal(store_open(scope, url, STORE_WRITE, &store), STATUS_OK);
    assert_int_equal(store_find_person(scope, store, person_id, &person), STATUS_OK);
    person.register_difference = difference;
    assert_int_equal(store_put_person(scope, store, &person), STATUS_OK);
    store_close(store);
}

/* 2.4: of class 1 the record may be another's, whether the card is registered or not. */
static void p1_a_difference_of_class_1_shows_neither_name_nor_coverage(void **state)
{
    static const struct {
        const char *card;
        int64_t person_id;
    } rows[] = {{"valid", SMALL_CARDS}, {"unregistered", SMALL_CARDS + 6}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPE;
        struct service_outcome outcome =
            at_portal(&scope, service_portal_status, OQS_XML, rows[i].card, IDENTITY_PIN);
        assert_true(says(&outcome, "<Name>"));
        assert_true(says(&outcome, "CoverageInfo"));
        put_difference(&scope, rows[i].person_id, 1);
        outcome = at_portal(&scope, service_portal_status, OQS_XML, rows[i].card, IDENTITY_PIN);
        assert_int_equal(outcome.http_code, 200);
        assert_false(says(&outcome, "<Name>"));
        assert_false(says(&outcome, "<Birthdate>"));
        assert_false(says(&outcome, "CoverageInfo"));
        put_difference(&scope, rows[i].person_id, 2);
        outcome = at_portal(&scope, service_portal_status, OQS_XML, rows[i].card, IDENTITY_PIN);
        assert_true(says(&outcome, "CoverageInfo"));
    }
}

static void p1_a_proof_for_a_terminal_is_none_for_the_portal(void **state)
{
    struct service_request request = {&portal, OQS_XML, {0}};
    struct service_outcome outcome = {0};

    (void)state;
    SCOPE;
    struct oqs_card_inquiry inquiry = prove(&scope, &institution, "valid", IDENTITY_PIN);
    assert_int_equal(oqs_portal_inquiry_write(&scope, OQS_XML, &inquiry, &request.body), STATUS_OK);
    service_portal_status(&scope, worker, &request, &outcome);
    assert_refused(&scope, &outcome, CAUSE_CHALLENGE_UNKNOWN, "");
    request.caller = &institution;
    service_portal_registration(&scope, worker, &request, &outcome);
    assert_refused(&scope, &outcome, CAUSE_ROLE_MAY_NOT, "");
}

static void r1_a_store_that_cannot_be_written_registers_nobody(void **state)
{
    (void)state;
    SCOPE;
    struct service_options options = service_options_of();
    struct store *other = NULL;
    assert_int_equal(store_open(&scope, options.store_url, STORE_WRITE, &other), STATUS_OK);
    assert_int_equal(store_begin(&scope, other), STATUS_OK); /* another writer, for longer */
    struct seen seen = at_reader(&scope, "unregistered", true, IDENTITY_PIN);
    assert_int_equal(seen.outcome.http_code, 503);
    store_rollback(other);
    store_close(other);
    scope_forgive(&scope);
    seen = at_reader(&scope, "unregistered", false, IDENTITY_PIN);
    assert_int_not_equal(seen.answer.validity, VALIDITY_VALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(r1_the_reader_registers_at_a_yes_and_the_check_goes_on,
                                        begin, close_service),
        cmocka_unit_test_setup_teardown(r1_a_second_yes_changes_nothing, begin, close_service),
        cmocka_unit_test_setup_teardown(r1_k2_k3_who_cannot_register_is_told_why, begin,
                                        close_service),
        cmocka_unit_test_setup_teardown(r1_p1_the_portal_registers_with_the_pin, begin,
                                        close_service),
        cmocka_unit_test_setup_teardown(p1_a_person_sees_coverage_registration_and_certificate,
                                        begin, close_service),
        cmocka_unit_test_setup_teardown(p1_r2_a_person_sees_the_request_and_its_day, begin,
                                        close_service),
        cmocka_unit_test_setup_teardown(p1_under_a_self_refusal_no_operation_shows_anything, begin,
                                        close_service),
        cmocka_unit_test_setup_teardown(p1_a_card_that_lapsed_shows_nothing, begin, close_service),
        cmocka_unit_test_setup_teardown(p1_a_difference_of_class_1_shows_neither_name_nor_coverage,
                                        begin, close_service),
        cmocka_unit_test_setup_teardown(p1_a_proof_for_a_terminal_is_none_for_the_portal, begin,
                                        close_service),
        cmocka_unit_test_setup_teardown(r1_a_store_that_cannot_be_written_registers_nobody, begin,
                                        close_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
