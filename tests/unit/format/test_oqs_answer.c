/* SPDX-License-Identifier: Apache-2.0
 *
 * The answer (E1, E4): byte for byte as the book's examples, and read again by libxml2's own tree.
 */
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <string.h>

#include "format/cp932.h"
#include "format/oqs.h"
#include "samples.h"

/* Hanako, 74, with an elderly certificate and a limit; the face result of oqs-files 2.3. */
static const struct elderly_certificate elderly = {
    .issued = {20260701}, .valid_from = {20260801}, .valid_until = {20270731}, .share = 20};
static const struct limit_certificate limit = {.kind = 2,
                                               .category = "B05",
                                               .issued = {20260801},
                                               .valid_from = {20260801},
                                               .valid_until = {20270731}};
static const struct coverage coverage = {
    .insurer = {"139998"},
    .symbol = {"９９・架空", 15},
    .number = {"0012345", 7},
    .branch = "02",
    .relation = RELATION_FAMILY,
    .insured_name = {"山田　一郎", 15},
    .from = {20200401},
    .until = {99991231},
    .kind = KIND_GENERAL,
    .issued = {20260701},
    .valid_from = {20260801},
    .valid_until = {20270731},
};
static const struct person person = {
    .name = {"山田　花子", 15},
    .name_kana = {"ﾔﾏﾀﾞ ﾊﾅｺ", 22},
    .postal_code = {"100-9999", 8},
    .address = {"東京都架空区見本町１－２－３", 42},
    .birth = {19520203},
    .sex1 = SEX_FEMALE,
};

static const struct eligibility *hanako(void)
{
    static struct eligibility eligibility;

    eligibility = (struct eligibility){
        .validity = VALIDITY_VALID,
        .person = &person,
        .coverage = &coverage,
        .copayment_share = 20,
        .show_address = true,
        .medical = true,
        .consents = CONSENT_LIMIT | CONSENT_CHECKUP | CONSENT_MEDICATION,
        .elderly = &elderly,
        .limit = &limit,
    };
    return &eligibility;
}

static const struct oqs_inquiry echo = {
    .insurer = {"139998"},
    .symbol = {"99", 2},
    .number = {"0012345", 7},
    .key = {.birth = {19520203}},
    .consents = CONSENT_LIMIT,
};

static struct oqs_answer face_answer(const struct eligibility *eligibility)
{
    return (struct oqs_answer){
        .processed = instant_from_japan14(20261105091530),
        .on = DATE(20261105),
        .institution = TEXT("1319999990"),
        .file_identifier = TEXT("Rk0wMDAxMjM0NTY="),
        .by_card = true,
        .eligibility = eligibility,
        .insurer_name = TEXT("架空区"),
        .consented = instant_from_japan14(20261105091512),
        .reference_number = TEXT("10234"),
    };
}

static struct oqs_answer numbers_answer(const struct eligibility *eligibility)
{
    struct oqs_answer answer = face_answer(eligibility);

    answer.by_card = false;
    answer.echo = &echo;
    answer.reference_number = (struct text){0};
    return answer;
}

static struct text written(struct scope *scope, enum oqs_syntax syntax,
                           const struct oqs_answer *answer)
{
    struct text text = {0};

    assert_int_equal(oqs_answer_write(scope, syntax, answer, &text), STATUS_OK);
    assert_int_equal(strlen(text.bytes), text.size);
    return text;
}

/* What an XPath expression says of an answer, as a string in the scope. */
static const char *xpath(struct scope *scope, struct text xml, const char *expression)
{
    xmlDoc *doc = xmlReadMemory(xml.bytes, (int)xml.size, NULL, NULL, XML_PARSE_NONET);
    xmlXPathContext *context = xmlXPathNewContext(doc);
    xmlXPathObject *found = NULL;
    xmlChar *string = NULL;
    struct text text = {0};

    assert_non_null(doc);
    found = xmlXPathEvalExpression((const xmlChar *)expression, context);
    assert_non_null(found);
    string = xmlXPathCastToString(found);
    assert_int_equal(text_copy(scope, text_of((const char *)string), &text), STATUS_OK);
    xmlFree(string);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlFreeDoc(doc);
    return text.bytes;
}

/* The book's order of the person block (oqs-files 2.3). */
static const char *const book_order[] = {
    "InsuredCardClassification",
    "InsurerNumber",
    "InsuredCardSymbol",
    "InsuredIdentificationNumber",
    "InsuredBranchNumber",
    "PersonalFamilyClassification",
    "InsuredName",
    "Name",
    "NameOfOther",
    "NameKana",
    "NameOfOtherKana",
    "Sex1",
    "Sex2",
    "Birthdate",
    "Address",
    "PostNumber",
    "QualificationDate",
    "DisqualificationDate",
    "InsuredCertificateIssuanceDate",
    "InsuredCardValidDate",
    "InsuredCardExpirationDate",
    "InsuredPartialContributionRatio",
    "PreschoolClassification",
    "ReasonOfLoss",
    "InsurerName",
    "ElderlyRecipientCertificateInfo",
    "LimitApplicationCertificateRelatedConsFlg",
    "LimitApplicationCertificateRelatedConsTime",
    "LimitApplicationCertificateRelatedInfo",
    "SpecificDiseasesCertificateRelatedConsFlg",
    "SpecificDiseasesCertificateRelatedConsTime",
    "SpecificDiseasesCertificateList",
    "SpecificHealthCheckupsInfoConsFlg",
    "SpecificHealthCheckupsInfoConsTime",
    "SpecificHealthCheckupsInfoAvailableTime",
    "PharmacistsInfoConsFlg",
    "PharmacistsInfoConsTime",
    "PharmacistsInfoAvailableTime",
    "DiagnosisInfoConsFlg",
    "DiagnosisInfoConsTime",
    "DiagnosisInfoAvailableTime",
    "OperationInfoConsFlg",
    "OperationInfoConsTime",
    "OperationInfoAvailableTime",
    "ArbitraryIdentifier",
    "ReferenceNumber",
};

#define PERSON_PATH "/XmlMsg/MessageBody/ResultList/ResultOfQualificationConfirmation"

/* Asserts that the person block follows the book; returns how many items it has. */
static size_t follows_the_book(struct scope *scope, struct text xml)
{
    char expression[160];
    size_t items = 0;
    size_t row = 0;
    const char *name = NULL;

    for (;;) {
        snprintf(expression, sizeof expression, "name(" PERSON_PATH "/*[%zu])", items + 1);
        name = xpath(scope, xml, expression);
        if (*name == '\0')
            break;
        while (row < sizeof book_order / sizeof *book_order && strcmp(book_order[row], name) != 0)
            row++;
        assert_true(row < sizeof book_order / sizeof *book_order);
        row++;
        items++;
    }
    assert_string_equal(xpath(scope, xml, "count(//*[not(node())])"), "0");
    return items;
}

static void e1_the_face_result_of_the_book(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_answer answer = face_answer(hanako());
    struct text golden = sample(&scope, "answer_xml/face_both_certificates.xml");

    (void)state;
    answer.prescription_issue = 2;
    assert_string_equal(written(&scope, OQS_XML, &answer).bytes, golden.bytes);
    assert_int_equal(follows_the_book(&scope, golden), 32);
}

/* Our own elements, and only there: the issuer was away, and this is how old its word is. */
static void k1_an_old_word_about_the_card_is_told_with_its_time(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_answer answer = face_answer(hanako());
    struct oqs_answer_summary summary = {0};
    struct text xml = {0};

    (void)state;
    answer.status_as_of = instant_from_japan14(20261105013000);
    xml = written(&scope, OQS_XML, &answer);
    assert_string_equal(xpath(&scope, xml, "string(//MessageBody/RevocationCheckDegraded)"), "1");
    assert_string_equal(xpath(&scope, xml, "string(//MessageBody/RevocationCheckTime)"),
                        "20261105013000");
    assert_int_equal(oqs_answer_read(&scope, OQS_XML, xml, &summary), STATUS_OK);
    assert_int_equal(summary.validity, VALIDITY_VALID);
    answer.status_as_of = (struct instant){0};
    xml = written(&scope, OQS_XML, &answer);
    assert_string_equal(xpath(&scope, xml, "count(//*[starts-with(name(),'Revocation')])"), "0");
}

static void e1_no_match_and_failure_of_the_book(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct eligibility none = {.validity = VALIDITY_NONE};
    struct oqs_answer answer = numbers_answer(&none);

    (void)state;
    assert_string_equal(written(&scope, OQS_XML, &answer).bytes,
                        sample(&scope, "answer_xml/no_match.xml").bytes);
    answer.eligibility = NULL;
    answer.echo = NULL;
    answer.cause = CAUSE_DATE_WRONG;
    assert_string_equal(written(&scope, OQS_XML, &answer).bytes,
                        sample(&scope, "answer_xml/failure.xml").bytes);
}

static void a_failure_says_only_what_it_knows(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_answer answer = {.cause = CAUSE_XML_NOT_WELL_FORMED, .request_id = "0123456789"};
    struct oqs_answer_summary summary = {0};
    struct text xml = written(&scope, OQS_XML, &answer);

    (void)state;
    assert_string_equal(xpath(&scope, xml, "count(//MedicalInstitutionCode)"), "0");
    assert_string_equal(xpath(&scope, xml, "count(//QualificationConfirmationDate)"), "0");
    assert_string_equal(xpath(&scope, xml, "count(//QualificationValidity)"), "0");
    assert_int_equal(oqs_answer_read(&scope, OQS_XML, xml, &summary), STATUS_OK);
    assert_int_equal(summary.segment, 9);
    assert_int_equal(summary.status, 2);
    assert_true(text_is(summary.code, "SKK-1001"));
    assert_true(text_is(summary.message, failure_text(CAUSE_XML_NOT_WELL_FORMED)->desk_ja));
}

static void every_failure_can_be_written_and_read(void **state)
{
    (void)state;
    for (int cause = 1; cause < CAUSE_COUNT; cause++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
        struct oqs_answer answer = {.cause = (enum cause)cause};
        struct oqs_answer_summary summary = {0};
        assert_int_equal(
            oqs_answer_read(&scope, OQS_JSON, written(&scope, OQS_JSON, &answer), &summary),
            STATUS_OK);
        assert_true(text_is(summary.code, failure_text((enum cause)cause)->code));
    }
}

static void e4_certificates_come_only_with_consent(void **state)
{
    static const struct specified_disease dialysis = {
        .category = 1, .valid_from = {20250101}, .valid_until = {99991231}, .monthly_limit = 10000};
    static const struct specified_disease hiv = {.category = 3, .monthly_limit = 10000};
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct eligibility eligibility = *hanako();
    struct oqs_answer answer = face_answer(&eligibility);
    struct text xml = {0};

    (void)state;
    eligibility.diseases[0] = &dialysis;
    eligibility.diseases[1] = &hiv;
    eligibility.disease_count = 2;
    eligibility.consents = 0;
    xml = written(&scope, OQS_XML, &answer);
    assert_string_equal(xpath(&scope, xml, "count(//LimitApplicationCertificateRelatedInfo)"), "0");
    assert_string_equal(xpath(&scope, xml, "count(//SpecificDiseasesCertificateList)"), "0");
    assert_string_equal(xpath(&scope, xml, "count(//*[contains(name(), 'ConsTime')])"), "0");
    assert_string_equal(xpath(&scope, xml, "count(//*[contains(name(), 'ConsFlg')][. = '0'])"),
                        "6");
    eligibility.consents = CONSENT_DISEASE | CONSENT_LIMIT | CONSENT_MEDICAL;
    xml = written(&scope, OQS_XML, &answer);
    assert_int_equal(follows_the_book(&scope, xml), 38);
    assert_string_equal(xpath(&scope, xml,
                              PERSON_PATH
                              "/SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo[2]/"
                              "SpecificDiseasesDiseaseCategory"),
                        "3");
    assert_string_equal(xpath(&scope, xml, "string(//SpecificDiseasesSelfPay)"), "10000");
    assert_string_equal(xpath(&scope, xml, "count(//SpecificDiseasesValidEndDate)"), "0");
    assert_string_equal(xpath(&scope, xml, "string(//OperationInfoAvailableTime)"),
                        "20261106091512");
}

static void e5_numbers_tell_no_consent_to_view(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct eligibility eligibility = *hanako();
    struct oqs_answer answer = numbers_answer(&eligibility);
    struct oqs_inquiry asked = echo;
    struct text xml = {0};

    (void)state;
    eligibility.consents = CONSENT_LIMIT;
    asked.identifier = TEXT("A-7");
    answer.echo = &asked;
    xml = written(&scope, OQS_XML, &answer);
    follows_the_book(&scope, xml);
    assert_string_equal(xpath(&scope, xml, "string(//ReferenceClassification)"), "2");
    assert_string_equal(xpath(&scope, xml,
                              "string(//LimitApplicationCertificate"
                              "ClassificationFlag)"),
                        "B05");
    assert_string_equal(xpath(&scope, xml, "count(//*[contains(name(), 'AvailableTime')])"), "0");
    assert_string_equal(xpath(&scope, xml, "count(//SpecificHealthCheckupsInfoConsFlg)"), "0");
    assert_string_equal(xpath(&scope, xml, "name(/XmlMsg/MessageBody/*[last()])"),
                        "QualificationConfirmSearchInfo");
    assert_string_equal(xpath(&scope, xml, "string(/XmlMsg/MessageBody/*[last()]/*[1])"),
                        "  139998");
    assert_string_equal(xpath(&scope, xml, "string(" PERSON_PATH "/ArbitraryIdentifier)"), "A-7");
}

static void e1_the_oldest_have_their_share_on_the_certificate(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct eligibility eligibility = *hanako();
    struct coverage late = coverage;
    struct oqs_answer answer = face_answer(&eligibility);
    struct oqs_answer_summary summary = {0};
    struct text xml = {0};

    (void)state;
    late.insurer = (struct insurer_number){"39139993"};
    late.symbol = (struct text){0};
    late.branch[0] = '\0';
    late.relation = RELATION_NONE;
    late.share = 10;
    eligibility.coverage = &late;
    eligibility.elderly = NULL;
    xml = written(&scope, OQS_XML, &answer);
    follows_the_book(&scope, xml);
    assert_string_equal(xpath(&scope, xml, "string(//InsuredPartialContributionRatio)"), "010");
    assert_string_equal(xpath(&scope, xml, "count(//InsuredCardSymbol)"), "0");
    assert_string_equal(xpath(&scope, xml, "count(//ElderlyRecipientCertificateInfo)"), "0");
    assert_int_equal(oqs_answer_read(&scope, OQS_XML, xml, &summary), STATUS_OK);
    assert_int_equal(summary.share, 10);
    assert_true(text_is(summary.insurer_number, "39139993"));
}

static void e1_lost_coverage_gives_the_old_values(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct eligibility eligibility = *hanako();
    struct coverage lost = coverage;
    struct oqs_answer answer = numbers_answer(&eligibility);
    struct text xml = {0};

    (void)state;
    lost.until = DATE(20261101);
    lost.loss_reason = LOSS_OTHER;
    lost.valid_until = DATE_NEVER;
    lost.kind = KIND_MEDICAL_ASSISTANCE;
    eligibility.coverage = &lost;
    eligibility.validity = VALIDITY_INVALID_NEWER;
    eligibility.remark = CAUSE_REMARK_NEWER_COVERAGE;
    eligibility.preschool = true;
    xml = written(&scope, OQS_XML, &answer);
    follows_the_book(&scope, xml);
    assert_string_equal(xpath(&scope, xml, "string(//DisqualificationDate)"), "20261101");
    assert_string_equal(xpath(&scope, xml, "string(//ReasonOfLoss)"), "99");
    assert_string_equal(xpath(&scope, xml, "count(//InsuredCardExpirationDate)"), "0");
    assert_string_equal(xpath(&scope, xml, "string(//InsuredCardClassification)"), "A1");
    assert_string_equal(xpath(&scope, xml, "string(//PreschoolClassification)"), "1");
    /* a remark stands beside status 1 */
    assert_string_equal(xpath(&scope, xml, "string(//SegmentOfResult)"), "1");
    assert_string_equal(xpath(&scope, xml, "string(//ProcessingResultStatus)"), "1");
    assert_string_equal(xpath(&scope, xml, "string(//ProcessingResultCode)"), "SKK-7006");
}

static void e1_a_protected_address_is_left_out(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct eligibility eligibility = *hanako();
    struct oqs_answer answer = face_answer(&eligibility);
    struct text xml = {0};

    (void)state;
    eligibility.show_address = false;
    for (int syntax = OQS_XML; syntax <= OQS_JSON; syntax++) {
        xml = written(&scope, (enum oqs_syntax)syntax, &answer);
        assert_null(strstr(xml.bytes, "見本町"));
        assert_null(strstr(xml.bytes, "100-9999"));
    }
}

static void e1_what_must_be_there_is_there(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct person bare = {.birth = {19520203}};
    struct coverage thin = {.kind = KIND_GENERAL, .until = {99991231}};
    struct eligibility eligibility = {
        .validity = VALIDITY_VALID, .person = &bare, .coverage = &thin};
    struct oqs_answer answer = {.eligibility = &eligibility};
    struct text xml = {0};

    (void)state;
    xml = written(&scope, OQS_XML, &answer);
    assert_string_equal(xpath(&scope, xml, "count(//InsuredCardClassification)"), "1");
    assert_string_equal(xpath(&scope, xml, "count(//Name)"), "1");
    assert_string_equal(xpath(&scope, xml, "string(//Sex1)"), "3");
    assert_string_equal(xpath(&scope, xml, "count(//Birthdate)"), "1");
    assert_string_equal(xpath(&scope, xml, "count(//InsurerName)"), "1");
    assert_string_equal(xpath(&scope, xml, "count(" PERSON_PATH "/*)"), "6");
}

static void hard_names_survive_and_markup_is_escaped(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct person hard = person;
    struct eligibility eligibility = *hanako();
    struct oqs_answer answer = face_answer(&eligibility);
    struct oqs_answer_summary summary = {0};

    (void)state;
    eligibility.person = &hard;
    hard.name = TEXT("髙﨑　𠮷\U000E0100次 <&>\"\\]]>\r\n");
    for (int syntax = OQS_XML; syntax <= OQS_JSON; syntax++) {
        struct text text = written(&scope, (enum oqs_syntax)syntax, &answer);
        assert_int_equal(oqs_answer_read(&scope, (enum oqs_syntax)syntax, text, &summary),
                         STATUS_OK);
        assert_true(text_is(summary.name, "髙﨑　𠮷\U000E0100次 <&>\"\\]]>"));
    }
}

static void what_xml_cannot_hold_is_refused(void **state)
{
    static const char *const texts[] = {"\x01",         "a\x1F", "\uFFFE",  "\uFFFF",
                                        "\xED\xA0\x80", "\xFF",  "\xE9\xAB"};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof texts / sizeof *texts; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
        struct person bad = person;
        struct eligibility eligibility = *hanako();
        struct oqs_answer answer = face_answer(&eligibility);
        struct text text = {0};
        bad.name = text_of(texts[i / 2]);
        eligibility.person = &bad;
        assert_int_equal(oqs_answer_write(&scope, i % 2 ? OQS_XML : OQS_JSON, &answer, &text),
                         STATUS_INVALID);
        assert_int_equal(scope.cause, CAUSE_TEXT_WRONG);
        assert_non_null(strstr(scope.failure, "Name"));
        assert_null(text.bytes);
    }
}

static void json_says_the_same_with_lists_as_arrays(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct oqs_answer answer = face_answer(hanako());
    struct oqs_answer_summary xml = {0}, json = {0};
    struct text text = {0};

    (void)state;
    answer.request_id = "00112233aabbccdd";
    text = written(&scope, OQS_JSON, &answer);
    assert_non_null(strstr(text.bytes, "\"ResultList\":[{\"ResultOfQualificationConfirmation\":{"
                                       "\"InsuredCardClassification\":\"01\""));
    assert_non_null(strstr(text.bytes, "\"RequestIdentifier\":\"00112233aabbccdd\""));
    assert_non_null(strstr(text.bytes, "\"ReferenceNumber\":\"10234\"}}]}}}"));
    assert_int_equal(oqs_answer_read(&scope, OQS_JSON, text, &json), STATUS_OK);
    text = written(&scope, OQS_XML, &answer);
    assert_null(strstr(text.bytes, "RequestIdentifier"));
    assert_int_equal(oqs_answer_read(&scope, OQS_XML, text, &xml), STATUS_OK);
    assert_true(text_equal(xml.name, json.name));
    assert_true(text_is(json.insurer_number, "139998"));
    assert_int_equal(json.validity, VALIDITY_VALID);
    assert_int_equal(json.share, 20);
}

static void answers_of_others_are_read_with_care(void **state)
{
    static const struct {
        const char *xml;
        enum cause cause;
    } wrong[] = {
        {"<XmlMsg><MessageBody/></XmlMsg>", CAUSE_XML_ROOT},
        {"<XmlMsg><MessageHeader/><MessageBody/></XmlMsg>", CAUSE_ELEMENT_MISSING},
        {"<XmlMsg><MessageHeader><SegmentOfResult>0</SegmentOfResult></MessageHeader><MessageBody/>"
         "</XmlMsg>",
         CAUSE_CODE_VALUE_WRONG},
        {"<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>"
         "<QualificationValidity>7</QualificationValidity></MessageBody></XmlMsg>",
         CAUSE_CODE_VALUE_WRONG},
        {"<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>"
         "<ResultList><ResultOfQualificationConfirmation><Name>a</Name><Name>b</Name>"
         "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>",
         CAUSE_ELEMENT_REPEATED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
        struct oqs_answer_summary summary = {0};
        assert_int_equal(oqs_answer_read(&scope, OQS_XML, text_of(wrong[i].xml), &summary),
                         STATUS_INVALID);
        assert_string_equal(failure_text(scope.cause)->code, failure_text(wrong[i].cause)->code);
    }
}

static void shift_jis_replaces_what_it_cannot_hold(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct person hard = person;
    struct eligibility eligibility = *hanako();
    struct oqs_answer answer = face_answer(&eligibility);
    struct oqs_answer_summary summary = {0};
    struct text text = {0};
    size_t replaced = 0;

    (void)state;
    eligibility.person = &hard;
    hard.name = TEXT("髙﨑　𠮷\U000E0100次 & 〜");
    text = written(&scope, OQS_XML, &answer);
    assert_int_equal(oqs_answer_to_shift_jis(&scope, text, &text, &replaced), STATUS_OK);
    assert_int_equal(replaced, 1);
    assert_true(text_starts_with(
        text, "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\n<XmlMsg>\n"));
    assert_non_null(memmem(text.bytes, text.size, ">1</CharacterCodeIdentifier>", 28));
    assert_null(memmem(text.bytes, text.size, "&#", 2));
    assert_int_equal(oqs_answer_read(&scope, OQS_XML, text, &summary), STATUS_OK);
    assert_true(text_is(summary.name, "髙﨑　●次 & ～"));
}

static void shift_jis_changes_nothing_else(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct text golden = sample(&scope, "answer_xml/face_both_certificates.xml");
    struct text expected = exchanged(&scope, golden, ">0</CharacterCode", ">1</CharacterCode");
    struct text text = {0}, cp932 = {0}, utf8 = {0};
    size_t replaced = 9;

    (void)state;
    expected = exchanged(&scope, expected, "\"UTF-8\"", "\"Shift_JIS\"");
    assert_int_equal(oqs_answer_to_shift_jis(&scope, golden, &cp932, &replaced), STATUS_OK);
    assert_int_equal(replaced, 0);
    assert_int_equal(cp932_to_utf8(&scope, cp932, &utf8), STATUS_OK);
    assert_true(text_equal(utf8, expected));
    assert_int_equal(oqs_answer_to_shift_jis(&scope, TEXT("<XmlMsg/>"), &text, &replaced),
                     STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_ELEMENT_MISSING);
    scope_forgive(&scope);
    assert_int_equal(oqs_answer_to_shift_jis(
                         &scope, exchanged(&scope, golden, "<ResultList>", "<氏名/><ResultList>"),
                         &text, &replaced),
                     STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_TEXT_WRONG);
}

static void every_allocation_may_fail(void **state)
{
    int failed = 0;

    (void)state;
    for (size_t limit_bytes = 0; limit_bytes < 32768; limit_bytes += 512) {
        CLEANUP(scope_end) struct scope scope = scope_begin(limit_bytes);
        struct oqs_answer answer = face_answer(hanako());
        struct text text = {0};
        enum status status = oqs_answer_write(&scope, OQS_XML, &answer, &text);
        assert_true(status == STATUS_OK || scope.cause == CAUSE_MEMORY_LIMIT);
        assert_int_equal(status == STATUS_OK, text.size > 0);
        failed += status != STATUS_OK;
    }
    assert_in_range(failed, 8, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_the_face_result_of_the_book),
        cmocka_unit_test(k1_an_old_word_about_the_card_is_told_with_its_time),
        cmocka_unit_test(e1_no_match_and_failure_of_the_book),
        cmocka_unit_test(a_failure_says_only_what_it_knows),
        cmocka_unit_test(every_failure_can_be_written_and_read),
        cmocka_unit_test(e4_certificates_come_only_with_consent),
        cmocka_unit_test(e5_numbers_tell_no_consent_to_view),
        cmocka_unit_test(e1_the_oldest_have_their_share_on_the_certificate),
        cmocka_unit_test(e1_lost_coverage_gives_the_old_values),
        cmocka_unit_test(e1_a_protected_address_is_left_out),
        cmocka_unit_test(e1_what_must_be_there_is_there),
        cmocka_unit_test(hard_names_survive_and_markup_is_escaped),
        cmocka_unit_test(what_xml_cannot_hold_is_refused),
        cmocka_unit_test(json_says_the_same_with_lists_as_arrays),
        cmocka_unit_test(answers_of_others_are_read_with_care),
        cmocka_unit_test(shift_jis_replaces_what_it_cannot_hold),
        cmocka_unit_test(shift_jis_changes_nothing_else),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
