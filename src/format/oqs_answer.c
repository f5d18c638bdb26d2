/* SPDX-License-Identifier: Apache-2.0
 *
 * OQSsiquc01res, OQSsiquc01res_face (OQS-IF-002): the answer. Source: oqs-files 2.3, 3.3, 5.
 */
#include "format/cp932.h"
#include "format/envelope.h"
#include "format/fields.h"
#include "format/message_writer.h"
#include "format/oqs.h"
#include "format/person_block.h"
#include "format/search_info.h"

/* OQSCD002 to OQSCD004. */
enum { REFERENCE_CARD = 1, REFERENCE_NUMBERS = 2 };
enum { SEGMENT_NORMAL = 1, SEGMENT_ABNORMAL = 9 };
enum { RESULT_NORMAL = 1, RESULT_ERROR = 2 };

/* Characters that a reader takes at most. */
#define NAME_MAX_LENGTH 100
#define CODE_MAX_LENGTH 50
#define MESSAGE_MAX_LENGTH 1000

static void write_header(struct message_writer *writer, const struct oqs_answer *answer)
{
    const struct failure_text *failure = failure_text(answer->cause);

    message_group(writer, TEXT("MessageHeader"));
    message_number(writer, TEXT("ProcessExecutionTime"), instant_to_japan14(answer->processed), 14);
    if (date_is(answer->on))
        message_number(writer, TEXT("QualificationConfirmationDate"), answer->on.yyyymmdd, 8);
    message_leaf(writer, TEXT("MedicalInstitutionCode"), answer->institution);
    message_leaf(writer, TEXT("ArbitraryFileIdentifier"), answer->file_identifier);
    message_number(writer, TEXT("ReferenceClassification"),
                   answer->by_card ? REFERENCE_CARD : REFERENCE_NUMBERS, 1);
    message_number(writer, TEXT("SegmentOfResult"),
                   answer->cause == CAUSE_NONE ? SEGMENT_NORMAL : SEGMENT_ABNORMAL, 1);
    if (answer->cause != CAUSE_NONE) {
        message_leaf(writer, TEXT("ErrorCode"), text_of(failure->code));
        message_leaf(writer, TEXT("ErrorMessage"), text_of(failure->desk_ja));
    }
    message_number(writer, TEXT("CharacterCodeIdentifier"), OQS_UTF8, 1);
    if (writer->syntax == OQS_JSON)
        message_leaf(writer, TEXT("RequestIdentifier"), text_of(answer->request_id));
    message_group_end(writer);
}

static void write_result(struct message_writer *writer, int status, enum cause cause)
{
    message_number(writer, TEXT("ProcessingResultStatus"), status, 1);
    if (cause == CAUSE_NONE)
        return;
    message_leaf(writer, TEXT("ProcessingResultCode"), text_of(failure_text(cause)->code));
    message_leaf(writer, TEXT("ProcessingResultMessage"), text_of(failure_text(cause)->desk_ja));
}

/* Elements of our own, which the book has no place for: the revocation was checked against an older
 * record. A remark of its own only where no other is to be told. */
static void write_degraded(struct message_writer *writer, const struct oqs_answer *answer)
{
    if (answer->status_as_of.microseconds == 0)
        return;
    message_number(writer, TEXT("RevocationCheckDegraded"), 1, 1);
    message_number(writer, TEXT("RevocationCheckTime"), instant_to_japan14(answer->status_as_of),
                   14);
}

static void write_eligibility(struct message_writer *writer, const struct oqs_answer *answer)
{
    const struct eligibility *eligibility = answer->eligibility;

    write_result(writer, RESULT_NORMAL, eligibility->remark);
    message_number(writer, TEXT("QualificationValidity"), eligibility->validity, 1);
    write_degraded(writer, answer);
    if (!eligibility->person || !eligibility->coverage)
        return;
    message_list(writer, TEXT("ResultList"));
    person_block_write(writer, answer);
    message_group_end(writer);
}

static void write_body(struct message_writer *writer, const struct oqs_answer *answer)
{
    message_group(writer, TEXT("MessageBody"));
    if (answer->prescription_issue > 0)
        message_number(writer, TEXT("PrescriptionIssueSelect"), answer->prescription_issue, 1);
    if (answer->cause == CAUSE_NONE && answer->eligibility)
        write_eligibility(writer, answer);
    else
        write_result(writer, RESULT_ERROR, answer->cause);
    if (answer->echo)
        search_info_write(writer, answer->echo);
    message_group_end(writer);
}

enum status oqs_answer_write(struct scope *scope, enum oqs_syntax syntax,
                             const struct oqs_answer *answer, struct text *out)
{
    struct message_writer writer = message_begin(scope, syntax);

    write_header(&writer, answer);
    write_body(&writer, answer);
    return message_end(&writer, out);
}

/* What the summary is made from. */
struct reading {
    struct oqs_answer_summary summary;
    struct text error_code, error_message;
    int ratio, elderly_ratio;
};

static const struct field header_fields[] = {
    FIELD("SegmentOfResult", FIELD_CODE, struct reading, summary.segment, .required = true,
          .min = SEGMENT_NORMAL, .max = SEGMENT_ABNORMAL),
    FIELD("ErrorCode", FIELD_TEXT, struct reading, error_code, .max = CODE_MAX_LENGTH),
    FIELD("ErrorMessage", FIELD_TEXT, struct reading, error_message, .max = MESSAGE_MAX_LENGTH),
};

static const struct field body_fields[] = {
    FIELD("ProcessingResultStatus", FIELD_CODE, struct reading, summary.status,
          .min = RESULT_NORMAL, .max = RESULT_ERROR),
    FIELD("ProcessingResultCode", FIELD_TEXT, struct reading, summary.code, .max = CODE_MAX_LENGTH),
    FIELD("ProcessingResultMessage", FIELD_TEXT, struct reading, summary.message,
          .max = MESSAGE_MAX_LENGTH),
    FIELD("QualificationValidity", FIELD_CODE, struct reading, summary.validity,
          .min = VALIDITY_VALID, .max = VALIDITY_VALID_UNREGISTERED),
};

static const struct field person_fields[] = {
    FIELD("InsurerNumber", FIELD_TEXT, struct reading, summary.insurer_number, .max = 8),
    FIELD("Name", FIELD_TEXT, struct reading, summary.name, .max = NAME_MAX_LENGTH),
    FIELD("InsuredPartialContributionRatio", FIELD_CODE, struct reading, ratio, .max = 100),
};

static const struct field elderly_fields[] = {
    FIELD("ElderlyRecipientContributionRatio", FIELD_CODE, struct reading, elderly_ratio,
          .max = 100),
};

/* The first person of a list, if there is one. */
static enum status read_person(struct scope *scope, const struct element *body,
                               struct reading *reading)
{
    const struct element *list = element_find(body, TEXT("ResultList"));
    const struct element *person = element_find(list, TEXT("ResultOfQualificationConfirmation"));
    const struct element *elderly = element_find(person, TEXT("ElderlyRecipientCertificateInfo"));
    size_t unknown = 0;

    if (person)
        TRY(fields_read(scope, person, FIELD_TABLE(person_fields), reading, &unknown));
    if (elderly)
        TRY(fields_read(scope, elderly, FIELD_TABLE(elderly_fields), reading, &unknown));
    return STATUS_OK;
}

enum status oqs_answer_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                            struct oqs_answer_summary *out)
{
    struct element *document = NULL;
    struct envelope envelope = {0};
    struct reading reading = {0};

    TRY(element_read(scope, syntax, bytes, &document));
    TRY(envelope_open(scope, document, &envelope));
    if (!envelope.header)
        return scope_fail(scope, CAUSE_XML_ROOT, "no MessageHeader");
    TRY(fields_read(scope, envelope.header, FIELD_TABLE(header_fields), &reading,
                    &envelope.unknown));
    TRY(fields_read(scope, envelope.body, FIELD_TABLE(body_fields), &reading, &envelope.unknown));
    TRY(read_person(scope, envelope.body, &reading));
    *out = reading.summary;
    if (!text_empty(reading.error_code)) {
        out->code = reading.error_code;
        out->message = reading.error_message;
    }
    out->share = reading.ratio > 0 ? reading.ratio : reading.elderly_ratio;
    return STATUS_OK;
}

/* The next element in the order of the file, NULL behind the last one in root; ends groups left. */
static const struct element *next_in_file(struct message_writer *writer, const struct element *root,
                                          const struct element *at)
{
    if (at->first)
        return at->first;
    while (at != root && !at->next) {
        at = at->parent;
        message_group_end(writer);
    }
    return at == root ? NULL : at->next;
}

/* Writes an element: the start of a group, or a leaf. Names that are not ASCII could become ●. */
static void write_element(struct message_writer *writer, const struct element *element)
{
    struct text text = element->text;

    if (writer->status == STATUS_OK && !element_name_ok(element))
        writer->status = scope_fail(writer->scope, CAUSE_TEXT_WRONG, "an element's name");
    if (element->first)
        message_group(writer, element->name);
    else
        message_required_leaf(writer, element->name,
                              text_empty(text_trim(text)) ? (struct text){0} : text);
}

enum status oqs_answer_to_shift_jis(struct scope *scope, struct text utf8, struct text *out,
                                    size_t *replaced)
{
    struct element *document = NULL;
    struct element *root = NULL;
    struct element *code = NULL;
    struct message_writer writer = {0};
    struct text text = {0};

    TRY(element_read(scope, OQS_XML, utf8, &document));
    root = element_find(document, TEXT("XmlMsg"));
    code = element_find(element_find(root, TEXT("MessageHeader")), TEXT("CharacterCodeIdentifier"));
    if (!code)
        return scope_fail(scope, CAUSE_ELEMENT_MISSING, "element CharacterCodeIdentifier");
    code->first = NULL;
    code->text = TEXT("1");
    writer = message_begin_declared(scope, TEXT("Shift_JIS"));
    for (const struct element *at = root->first; at; at = next_in_file(&writer, root, at))
        write_element(&writer, at);
    TRY(message_end(&writer, &text));
    return utf8_to_cp932(scope, text, out, replaced);
}
