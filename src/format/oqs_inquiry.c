/* SPDX-License-Identifier: Apache-2.0
 *
 * OQSsiquc01req (OQS-IF-001): a check by numbers. Source: oqs-files 2.2.
 */
#include "format/envelope.h"
#include "format/fields.h"
#include "format/oqs.h"
#include "format/search_info.h"

static const struct field header_fields[] = {
    FIELD("QualificationConfirmationDate", FIELD_DATE, struct oqs_inquiry, on, .required = true),
    FIELD("MedicalInstitutionCode", FIELD_INSTITUTION, struct oqs_inquiry, institution,
          .required = true),
    FIELD("ArbitraryFileIdentifier", FIELD_IDENTIFIER, struct oqs_inquiry, file_identifier,
          .max = OQS_IDENTIFIER_MAX),
};

static const struct field search_fields[] = {
    FIELD("InsurerNumber", FIELD_INSURER, struct oqs_inquiry, insurer, .required = true),
    FIELD("InsuredCardSymbol", FIELD_TEXT, struct oqs_inquiry, symbol, .max = INSURED_TEXT_MAX),
    FIELD("InsuredIdentificationNumber", FIELD_TEXT, struct oqs_inquiry, number, .required = true,
          .max = INSURED_TEXT_MAX),
    FIELD("InsuredBranchNumber", FIELD_TEXT, struct oqs_inquiry, branch, .max = 2),
    FIELD("Birthdate", FIELD_DATE, struct oqs_inquiry, key.birth, .required = true),
    FIELD("LimitApplicationCertificateRelatedConsFlg", FIELD_FLAG, struct oqs_inquiry, consents,
          .required = true, .bit = CONSENT_LIMIT),
    FIELD("ArbitraryIdentifier", FIELD_IDENTIFIER, struct oqs_inquiry, identifier,
          .max = OQS_IDENTIFIER_MAX),
};

/* The numbers as they are compared. */
static enum status make_key(struct scope *scope, struct oqs_inquiry *inquiry)
{
    struct insured_key *key = &inquiry->key;

    key->insurer = inquiry->insurer;
    if (!insured_text_normalise(inquiry->symbol, false, key->symbol))
        return scope_fail(scope, CAUSE_VALUE_TOO_LONG, "element InsuredCardSymbol");
    if (!insured_text_normalise(inquiry->number, true, key->number))
        return scope_fail(scope, CAUSE_VALUE_TOO_LONG, "element InsuredIdentificationNumber");
    if (key->number[0] == '\0')
        return scope_fail(scope, CAUSE_TEXT_WRONG,
                          "element InsuredIdentificationNumber: separators only");
    if (!insured_branch_read(inquiry->branch, key->branch))
        return scope_fail(scope, CAUSE_CODE_VALUE_WRONG, "element InsuredBranchNumber");
    return STATUS_OK;
}

enum status oqs_inquiry_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                             struct oqs_inquiry *out, struct oqs_partial *partial)
{
    struct element *document = NULL;
    const struct element *search = NULL;
    struct envelope envelope = {0};
    struct oqs_inquiry inquiry = {0};
    enum status status = element_read(scope, syntax, bytes, &document);

    envelope_partial(document, partial);
    TRY(status);
    TRY(envelope_open(scope, document, &envelope));
    if (!envelope.header)
        return scope_fail(scope, CAUSE_XML_ROOT, "no MessageHeader");
    TRY(envelope_group(scope, &envelope, TEXT("QualificationConfirmSearchInfo"), &search));
    TRY(fields_read(scope, envelope.header, FIELD_TABLE(header_fields), &inquiry,
                    &envelope.unknown));
    TRY(fields_read(scope, search, FIELD_TABLE(search_fields), &inquiry, &envelope.unknown));
    TRY(make_key(scope, &inquiry));
    inquiry.unknown_elements = envelope.unknown;
    *out = inquiry;
    return STATUS_OK;
}

void search_info_write(struct message_writer *writer, const struct oqs_inquiry *inquiry)
{
    message_group(writer, TEXT("QualificationConfirmSearchInfo"));
    fields_write(writer, FIELD_TABLE(search_fields), inquiry);
    message_group_end(writer);
}

enum status oqs_inquiry_write(struct scope *scope, enum oqs_syntax syntax,
                              const struct oqs_inquiry *inquiry, struct text *out)
{
    struct message_writer writer = message_begin(scope, syntax);

    message_group(&writer, TEXT("MessageHeader"));
    fields_write(&writer, FIELD_TABLE(header_fields), inquiry);
    message_group_end(&writer);
    message_group(&writer, TEXT("MessageBody"));
    search_info_write(&writer, inquiry);
    message_group_end(&writer);
    return message_end(&writer, out);
}
