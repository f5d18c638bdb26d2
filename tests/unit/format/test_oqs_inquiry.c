/* SPDX-License-Identifier: Apache-2.0
 *
 * A check by numbers (E5): request files as real programs write them, and hostile ones.
 */
#include <string.h>

#include "format/oqs.h"
#include "samples.h"

/* Reads a sample that must be read. */
static struct oqs_inquiry reads(struct scope *scope, const char *name)
{
    struct oqs_inquiry inquiry = {0};
    struct oqs_partial partial = {0};
    enum oqs_syntax syntax = strstr(name, ".json") ? OQS_JSON : OQS_XML;

    assert_int_equal(oqs_inquiry_read(scope, syntax, sample(scope, name), &inquiry, &partial),
                     STATUS_OK);
    assert_string_equal(inquiry.institution.digits, "1319912349");
    assert_true(text_is(partial.institution, "1319912349"));
    assert_true(text_equal(partial.file_identifier, inquiry.file_identifier));
    assert_int_equal(partial.on.yyyymmdd, 20261105);
    return inquiry;
}

/* Asserts that bytes are refused for a cause whose text names an element, and nothing is set. */
static struct oqs_partial refused(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                                  enum cause cause, const char *named)
{
    struct oqs_inquiry inquiry = {0};
    struct oqs_inquiry untouched = {0};
    struct oqs_partial partial = {0};

    scope_forgive(scope);
    assert_int_not_equal(oqs_inquiry_read(scope, syntax, bytes, &inquiry, &partial), STATUS_OK);
    assert_string_equal(failure_text(scope->cause)->code, failure_text(cause)->code);
    assert_non_null(strstr(scope->failure, named));
    assert_memory_equal(&inquiry, &untouched, sizeof inquiry);
    return partial;
}

static void e5_single_quotes_blanks_and_an_empty_branch(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_inquiry inquiry = reads(&scope, "inquiry_xml/habit1_single_quotes.xml");

    (void)state;
    assert_string_equal(inquiry.insurer.digits, "139998");
    assert_string_equal(inquiry.key.insurer.digits, "139998");
    assert_true(text_is(inquiry.number, "0012345"));
    assert_string_equal(inquiry.key.number, "12345");
    assert_true(text_empty(inquiry.branch));
    assert_string_equal(inquiry.key.branch, "");
    assert_int_equal(inquiry.key.birth.yyyymmdd, 19710305);
    assert_int_equal(inquiry.consents, CONSENT_LIMIT);
    assert_int_equal(inquiry.unknown_elements, 0);
}

static void e5_shift_jis_in_another_order(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_inquiry inquiry = reads(&scope, "inquiry_xml/habit2_shift_jis.xml");

    (void)state;
    assert_string_equal(inquiry.insurer.digits, "139998");
    assert_true(text_is(inquiry.symbol, "髙・架空～９９"));
    assert_true(text_is(inquiry.number, "０００１２３４５"));
    assert_string_equal(inquiry.key.number, "12345");
    assert_int_equal(inquiry.consents, 0);
}

static void e5_byte_order_mark_and_crlf(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_inquiry inquiry = reads(&scope, "inquiry_xml/habit3_bom_crlf.xml");

    (void)state;
    assert_true(text_is(inquiry.symbol, "第７・組合"));
    assert_true(text_is(inquiry.identifier, "A-7"));
    assert_true(text_is(inquiry.file_identifier, "0003"));
}

static void e5_plain_files_of_the_other_habits(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);

    (void)state;
    assert_true(text_empty(reads(&scope, "inquiry_xml/habit4_renamed.xml").symbol));
    assert_string_equal(reads(&scope, "inquiry_xml/habit5_two_pieces.xml").key.branch, "01");
    assert_int_equal(reads(&scope, "inquiry_xml/habit7_suffix_again.xml").consents, 0);
    assert_string_equal(reads(&scope, "inquiry_xml/habit8_letters.xml").key.branch, "01");
}

static void e5_zero_padded_number_and_hyphens(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_inquiry inquiry = reads(&scope, "inquiry_xml/habit6_zero_padded.xml");
    char symbol[INSURED_NORMAL_SIZE];

    (void)state;
    assert_string_equal(inquiry.insurer.digits, "139998");
    assert_true(text_is(inquiry.symbol, "9-9・ア/イ")); /* echoed as sent */
    assert_true(insured_text_normalise(TEXT("99・アイ"), false, symbol));
    assert_string_equal(inquiry.key.symbol, symbol);
    assert_string_equal(inquiry.key.number, "12345");
    assert_string_equal(inquiry.key.branch, "02");
}

static void unknown_elements_are_counted_and_skipped(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);

    (void)state;
    assert_int_equal(reads(&scope, "inquiry_xml/unknown_elements.xml").unknown_elements, 2);
    assert_int_equal(reads(&scope, "inquiry_json/nulls_and_unknown.json").unknown_elements, 1);
}

static void e5_the_json_twin_says_the_same(void **state)
{
    static const char *const names[] = {"inquiry_json/twin.json",
                                        "inquiry_json/escaped_indented.json",
                                        "inquiry_json/in_an_array.json"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
        struct oqs_inquiry inquiry = reads(&scope, names[i]);
        assert_string_equal(inquiry.insurer.digits, "139998");
        assert_true(text_is(inquiry.symbol, "９９"));
        assert_string_equal(inquiry.key.branch, "02");
        assert_int_equal(inquiry.key.birth.yyyymmdd, 19520203);
    }
}

static void hostile_files_have_each_their_cause(void **state)
{
    static const struct {
        const char *name;
        enum cause cause;
        const char *named;
    } files[] = {
        {"hostile_cut.xml", CAUSE_XML_NOT_WELL_FORMED, ""},
        {"hostile_wrong_encoding.xml", CAUSE_ENCODING, ""},
        {"hostile_utf16.xml", CAUSE_ENCODING, ""},
        {"hostile_entities.xml", CAUSE_XML_DOCTYPE, ""},
        {"hostile_external.xml", CAUSE_XML_DOCTYPE, ""},
        {"hostile_nested.xml", CAUSE_XML_TOO_DEEP, ""},
        {"hostile_two_bodies.xml", CAUSE_ELEMENT_REPEATED, "MessageBody"},
        {"hostile_nul.xml", CAUSE_ENCODING, "NUL"},
        {"hostile_date.xml", CAUSE_DATE_WRONG, "QualificationConfirmationDate"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
        char path[128];
        snprintf(path, sizeof path, "inquiry_xml/%s", files[i].name);
        refused(&scope, OQS_XML, sample(&scope, path), files[i].cause, files[i].named);
    }
}

static void hostile_json_has_each_its_cause(void **state)
{
    static const struct {
        const char *name;
        enum cause cause;
    } files[] = {
        {"hostile_cut.json", CAUSE_JSON_NOT_WELL_FORMED},
        {"hostile_twice.json", CAUSE_JSON_NOT_WELL_FORMED},
        {"hostile_nested.json", CAUSE_XML_TOO_DEEP},
        {"hostile_nul.json", CAUSE_JSON_NOT_WELL_FORMED},
        {"hostile_control.json", CAUSE_TEXT_WRONG},
        {"hostile_number.json", CAUSE_JSON_NOT_WELL_FORMED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
        char path[128];
        snprintf(path, sizeof path, "inquiry_json/%s", files[i].name);
        refused(&scope, OQS_JSON, sample(&scope, path), files[i].cause, "");
    }
}

static void the_code_of_another_institution_is_read(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_inquiry inquiry = {0};

    (void)state; /* who may ask is the service's to say */
    assert_int_equal(oqs_inquiry_read(&scope, OQS_XML,
                                      sample(&scope, "inquiry_xml/hostile_other_institution.xml"),
                                      &inquiry, NULL),
                     STATUS_OK);
    assert_string_equal(inquiry.institution.digits, "1319999999");
}

/* Four characters, each of which NFKC makes eighteen. */
#define FOUR "\uFDFA\uFDFA\uFDFA\uFDFA"
#define SEARCH "<QualificationConfirmSearchInfo>"

static void each_wrong_value_names_its_element(void **state)
{
    static const struct {
        const char *part, *other;
        enum cause cause;
        const char *named;
    } changes[] = {
        {"XmlMsg>", "XmlMsk>", CAUSE_XML_NOT_WELL_FORMED, ""},
        {"<MessageHeader>", "<Header><MessageHeader>", CAUSE_XML_NOT_WELL_FORMED, ""},
        {">20261105<", ">2026-11-05<", CAUSE_DATE_WRONG, "QualificationConfirmationDate"},
        {">20261105<", "><", CAUSE_ELEMENT_MISSING, "QualificationConfirmationDate"},
        {">1319912349<", ">1319912340<", CAUSE_INSTITUTION_CODE_WRONG, "MedicalInstitutionCode"},
        {">1319912349<", ">131991234<", CAUSE_INSTITUTION_CODE_WRONG, "MedicalInstitutionCode"},
        {">1319912349<", "> \n <", CAUSE_ELEMENT_MISSING, "MedicalInstitutionCode"},
        {">0005<", ">ファイル<", CAUSE_TEXT_WRONG, "ArbitraryFileIdentifier"},
        {">0005<", ">123456789-123456789-123456789-123456789-123456789-1<", CAUSE_VALUE_TOO_LONG,
         "ArbitraryFileIdentifier"},
        {">06139992<", ">06139993<", CAUSE_INSURER_NUMBER_WRONG, "InsurerNumber"},
        {">06139992<", ">  0613999<", CAUSE_INSURER_NUMBER_WRONG, "InsurerNumber"},
        {">06139992<", ">77777777<", CAUSE_INSURER_NUMBER_WRONG, "InsurerNumber"},
        {">06139992<", ">        <", CAUSE_ELEMENT_MISSING, "InsurerNumber"},
        {">12<", ">123456789012345678901<", CAUSE_VALUE_TOO_LONG, "InsuredCardSymbol"},
        {">12<", ">1&#9;2<", CAUSE_TEXT_WRONG, "InsuredCardSymbol"},
        {">12<", ">1&#x7F;2<", CAUSE_TEXT_WRONG, "InsuredCardSymbol"},
        {">12<", ">1&#x85;2<", CAUSE_TEXT_WRONG, "InsuredCardSymbol"},
        {">12<", "><b>12</b><", CAUSE_TEXT_WRONG, "InsuredCardSymbol"},
        {">12<", ">" FOUR FOUR FOUR FOUR FOUR "<", CAUSE_VALUE_TOO_LONG, "InsuredCardSymbol"},
        {">345678<", ">" FOUR FOUR FOUR FOUR FOUR "<", CAUSE_VALUE_TOO_LONG,
         "InsuredIdentificationNumber"},
        {">345678<", "><", CAUSE_ELEMENT_MISSING, "InsuredIdentificationNumber"},
        {">345678<", ">--<", CAUSE_TEXT_WRONG, "InsuredIdentificationNumber"},
        {">345678<", ">123456789012345678901<", CAUSE_VALUE_TOO_LONG,
         "InsuredIdentificationNumber"},
        {">01<", ">1a<", CAUSE_CODE_VALUE_WRONG, "InsuredBranchNumber"},
        {">01<", ">001<", CAUSE_VALUE_TOO_LONG, "InsuredBranchNumber"},
        {">19850412<", ">19850431<", CAUSE_DATE_WRONG, "Birthdate"},
        {">19850412<", ">昭和60年<", CAUSE_DATE_WRONG, "Birthdate"},
        {"<Birthdate>", "<Birthdate>19850412</Birthdate><Birthdate>", CAUSE_ELEMENT_REPEATED,
         "Birthdate"},
        {"<Birthdate>", "<Birthdate/><Birthdate>", CAUSE_ELEMENT_REPEATED, "Birthdate"},
        {">1</Limit", ">2</Limit", CAUSE_CODE_VALUE_WRONG,
         "LimitApplicationCertificateRelatedConsFlg"},
        {">1</Limit", "></Limit", CAUSE_ELEMENT_MISSING,
         "LimitApplicationCertificateRelatedConsFlg"},
        {SEARCH, SEARCH "</QualificationConfirmSearchInfo>" SEARCH, CAUSE_ELEMENT_REPEATED,
         "QualificationConfirmSearchInfo"},
        {"<MessageHeader>", "<MessageHeader/><MessageHeader>", CAUSE_ELEMENT_REPEATED,
         "MessageHeader"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
        struct text good = sample(&scope, "inquiry_xml/habit5_two_pieces.xml");
        refused(&scope, OQS_XML, exchanged(&scope, good, changes[i].part, changes[i].other),
                changes[i].cause, changes[i].named);
    }
}

static void other_messages_are_of_another_kind(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);

    (void)state;
    refused(&scope, OQS_XML, TEXT("<XmlMsk/>"), CAUSE_XML_ROOT, "XmlMsg");
    refused(&scope, OQS_XML, TEXT("<x:XmlMsg xmlns:x='y'/>"), CAUSE_XML_ROOT, "XmlMsg");
    refused(&scope, OQS_XML, TEXT("<XmlMsg/>"), CAUSE_XML_ROOT, "MessageBody");
    refused(&scope, OQS_XML, TEXT("<XmlMsg><MessageBody/></XmlMsg>"), CAUSE_XML_ROOT,
            "MessageHeader");
    refused(&scope, OQS_XML, TEXT("<XmlMsg><MessageHeader/><MessageBody/></XmlMsg>"),
            CAUSE_XML_ROOT, "QualificationConfirmSearchInfo");
    refused(&scope, OQS_JSON, TEXT("{}"), CAUSE_XML_ROOT, "XmlMsg");
    refused(&scope, OQS_JSON, TEXT("{\"XmlMsg\":\"\"}"), CAUSE_XML_ROOT, "MessageBody");
    refused(&scope, OQS_XML, sample(&scope, "card_inquiry_xml/pin.xml"), CAUSE_XML_ROOT,
            "QualificationConfirmSearchInfo");
}

static void a_refusal_still_names_its_request(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_partial partial = {0};

    (void)state;
    partial = refused(&scope, OQS_XML, sample(&scope, "inquiry_xml/hostile_cut.xml"),
                      CAUSE_XML_NOT_WELL_FORMED, "");
    assert_true(text_is(partial.institution, "1319912349"));
    assert_true(text_is(partial.file_identifier, "20261105-0001"));
    assert_int_equal(partial.on.yyyymmdd, 20261105);
    partial = refused(&scope, OQS_XML, sample(&scope, "inquiry_xml/hostile_date.xml"),
                      CAUSE_DATE_WRONG, "");
    assert_true(text_is(partial.institution, "1319912349"));
    assert_int_equal(partial.on.yyyymmdd, 0);
    /* what could not be echoed safely is not told */
    partial = refused(&scope, OQS_XML,
                      TEXT("<XmlMsg><MessageHeader><MedicalInstitutionCode>13199&lt;</"
                           "MedicalInstitutionCode><ArbitraryFileIdentifier>ファイル</"
                           "ArbitraryFileIdentifier></MessageHeader></XmlMsg>"),
                      CAUSE_XML_ROOT, "");
    assert_true(text_empty(partial.institution));
    assert_true(text_empty(partial.file_identifier));
}

static void a_failure_text_tells_nothing_of_the_person(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct text good = sample(&scope, "inquiry_xml/habit5_two_pieces.xml");

    (void)state;
    refused(&scope, OQS_XML, exchanged(&scope, good, ">345678<", ">987654321012345678901<"),
            CAUSE_VALUE_TOO_LONG, "");
    assert_null(strstr(scope.failure, "98765"));
    refused(&scope, OQS_XML, exchanged(&scope, good, ">19850412<", ">19850499<"), CAUSE_DATE_WRONG,
            "");
    assert_null(strstr(scope.failure, "1985"));
}

static void an_identifier_is_echoed_byte_for_byte(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct text good = sample(&scope, "inquiry_xml/habit5_two_pieces.xml");
    struct oqs_inquiry inquiry = {0};

    (void)state;
    assert_int_equal(oqs_inquiry_read(&scope, OQS_XML,
                                      exchanged(&scope, good, ">0005<", "> a&amp;b ]]&gt; <"),
                                      &inquiry, NULL),
                     STATUS_OK);
    assert_true(text_is(inquiry.file_identifier, " a&b ]]> "));
    assert_int_equal(oqs_inquiry_read(&scope, OQS_XML,
                                      exchanged(&scope, good, ">0005<", ">\n  0005\n <"), &inquiry,
                                      NULL),
                     STATUS_OK);
    assert_true(text_is(inquiry.file_identifier, "0005"));
}

static void what_is_written_is_what_was_read(void **state)
{
    static const enum oqs_syntax syntaxes[] = {OQS_XML, OQS_JSON};
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_inquiry inquiry = reads(&scope, "inquiry_xml/habit3_bom_crlf.xml");

    (void)state;
    inquiry.file_identifier = TEXT("\"a\\b\"<&>'");
    for (size_t i = 0; i < 2; i++) {
        struct oqs_inquiry again = {0};
        struct text text = {0}, second = {0};
        assert_int_equal(oqs_inquiry_write(&scope, syntaxes[i], &inquiry, &text), STATUS_OK);
        assert_int_equal(oqs_inquiry_read(&scope, syntaxes[i], text, &again, NULL), STATUS_OK);
        assert_true(text_equal(again.file_identifier, inquiry.file_identifier));
        assert_memory_equal(&again.key, &inquiry.key, sizeof inquiry.key);
        assert_int_equal(oqs_inquiry_write(&scope, syntaxes[i], &again, &second), STATUS_OK);
        assert_true(text_equal(text, second));
    }
}

static void the_request_of_the_book_is_written_byte_for_byte(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct text golden = sample(&scope, "inquiry_xml/book.xml");
    struct oqs_inquiry inquiry = {
        .on = DATE(20261105),
        .institution = {"1319912349"},
        .file_identifier = TEXT("20261105-0001"),
        .insurer = {"139998"},
        .symbol = TEXT("99"),
        .number = TEXT("0012345"),
        .branch = TEXT("02"),
        .key = {.birth = DATE(19520203)},
        .consents = CONSENT_LIMIT,
    };
    struct text text = {0};

    (void)state;
    assert_int_equal(oqs_inquiry_write(&scope, OQS_XML, &inquiry, &text), STATUS_OK);
    assert_string_equal(text.bytes, golden.bytes);
}

static void no_bytes_at_all_are_no_message(void **state)
{
    static const struct {
        enum oqs_syntax syntax;
        enum cause cause;
    } cases[] = {{OQS_XML, CAUSE_XML_NOT_WELL_FORMED}, {OQS_JSON, CAUSE_JSON_NOT_WELL_FORMED}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
        struct oqs_inquiry inquiry = {0};
        assert_int_equal(
            oqs_inquiry_read(&scope, cases[i].syntax, (struct text){NULL, 0}, &inquiry, NULL),
            STATUS_INVALID);
        assert_int_equal(scope.cause, cases[i].cause);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bytes_at_all_are_no_message),
        cmocka_unit_test(e5_single_quotes_blanks_and_an_empty_branch),
        cmocka_unit_test(e5_shift_jis_in_another_order),
        cmocka_unit_test(e5_byte_order_mark_and_crlf),
        cmocka_unit_test(e5_plain_files_of_the_other_habits),
        cmocka_unit_test(e5_zero_padded_number_and_hyphens),
        cmocka_unit_test(unknown_elements_are_counted_and_skipped),
        cmocka_unit_test(e5_the_json_twin_says_the_same),
        cmocka_unit_test(hostile_files_have_each_their_cause),
        cmocka_unit_test(hostile_json_has_each_its_cause),
        cmocka_unit_test(the_code_of_another_institution_is_read),
        cmocka_unit_test(each_wrong_value_names_its_element),
        cmocka_unit_test(other_messages_are_of_another_kind),
        cmocka_unit_test(a_refusal_still_names_its_request),
        cmocka_unit_test(a_failure_text_tells_nothing_of_the_person),
        cmocka_unit_test(an_identifier_is_echoed_byte_for_byte),
        cmocka_unit_test(what_is_written_is_what_was_read),
        cmocka_unit_test(the_request_of_the_book_is_written_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
