/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages of phones and tablets (E3, class 2 and 3). The layout is ours; what an institution asks
 * for its consents with is the book's (OQSmuhvq, OQSmuonq, oqs-files 2.9).
 */
#include "format/oqs_mobile.h"

#include "format/envelope.h"
#include "format/fields.h"
#include "format/person_block.h"

#define DEVICE_DIGITS 32
#define SECRET_DIGITS 64
#define CODE_LENGTH 20

static const struct field device_fields[] = {
    FIELD("MedicalInstitutionCode", FIELD_INSTITUTION, struct oqs_device, institution,
          .required = false),
    FIELD("ServiceClass", FIELD_CODE, struct oqs_device, class, .min = CLASS_NORMAL,
          .max = CLASS_ELIGIBILITY_ONLY, .digits = 1),
    FIELD("ActivationCode", FIELD_NAME, struct oqs_device, code, .max = CODE_LENGTH),
    FIELD("ActivationCodeLimit", FIELD_TIME, struct oqs_device, code_limit, .required = false),
    FIELD("DeviceIdentifier", FIELD_HEX, struct oqs_device, device, .max = DEVICE_DIGITS),
    FIELD("DeviceSecret", FIELD_HEX, struct oqs_device, secret, .max = SECRET_DIGITS),
};

enum status oqs_device_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                            struct oqs_device *out)
{
    struct element *document = NULL;
    const struct element *group = NULL;
    struct envelope envelope = {0};
    struct oqs_device device = {0};

    TRY(element_read(scope, syntax, bytes, &document));
    TRY(envelope_open(scope, document, &envelope));
    TRY(envelope_group(scope, &envelope, TEXT("MobileDevice"), &group));
    TRY(fields_read(scope, group, FIELD_TABLE(device_fields), &device, &envelope.unknown));
    *out = device;
    return STATUS_OK;
}

enum status oqs_device_write(struct scope *scope, enum oqs_syntax syntax,
                             const struct oqs_device *device, struct text *out)
{
    struct message_writer writer = message_begin(scope, syntax);

    message_group(&writer, TEXT("MessageBody"));
    message_group(&writer, TEXT("MobileDevice"));
    fields_write(&writer, FIELD_TABLE(device_fields), device);
    message_group_end(&writer);
    message_group_end(&writer);
    return message_end(&writer, out);
}

/* --- consents ----------------------------------------------------------------------------------
 */

static const struct field search_header_fields[] = {
    FIELD("MedicalInstitutionCode", FIELD_INSTITUTION, struct oqs_consent_search, institution,
          .required = true),
    FIELD("ArbitraryFileIdentifier", FIELD_IDENTIFIER, struct oqs_consent_search, file_identifier,
          .max = OQS_IDENTIFIER_MAX),
};
static const struct field search_fields[] = {
    FIELD("ConsentDateFrom", FIELD_DATE, struct oqs_consent_search, from, .required = true),
    FIELD("ConsentDateTo", FIELD_DATE, struct oqs_consent_search, to, .required = true),
    FIELD("ConsentTimeAfter", FIELD_TIME, struct oqs_consent_search, after, .required = false),
};

enum status oqs_consent_search_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                                    struct oqs_consent_search *out)
{
    struct element *document = NULL;
    const struct element *group = NULL;
    struct envelope envelope = {0};
    struct oqs_consent_search search = {0};

    TRY(element_read(scope, syntax, bytes, &document));
    TRY(envelope_open(scope, document, &envelope));
    if (!envelope.header)
        return scope_fail(scope, CAUSE_XML_ROOT, "no MessageHeader");
    TRY(envelope_group(scope, &envelope, TEXT("QualificationConfirmSearchInfo"), &group));
    TRY(fields_read(scope, envelope.header, FIELD_TABLE(search_header_fields), &search,
                    &envelope.unknown));
    TRY(fields_read(scope, group, FIELD_TABLE(search_fields), &search, &envelope.unknown));
    *out = search;
    return STATUS_OK;
}

static void write_header(struct message_writer *writer, struct instant processed,
                         struct text institution, struct text file_identifier)
{
    message_group(writer, TEXT("MessageHeader"));
    message_number(writer, TEXT("ProcessExecutionTime"), instant_to_japan14(processed), 14);
    message_leaf(writer, TEXT("MedicalInstitutionCode"), institution);
    message_leaf(writer, TEXT("ArbitraryFileIdentifier"), file_identifier);
    message_number(writer, TEXT("SegmentOfResult"), 1, 1);
    message_number(writer, TEXT("CharacterCodeIdentifier"), OQS_UTF8, 1);
    message_group_end(writer);
}

static void write_consent(struct message_writer *writer, const struct mobile_consent *consent,
                          struct date on)
{
    message_leaf(writer, TEXT("MedicalInstitutionCode"), text_of(consent->institution.digits));
    message_number(writer, TEXT("ConsentTime"), consent->given, 14);
    message_number(writer, TEXT("ConsentLimitDate"), consent->until.yyyymmdd, 8);
    message_number(writer, TEXT("ConsentStatus"), mobile_consent_on(consent, on), 1);
}

enum status oqs_consents_write(struct scope *scope, enum oqs_syntax syntax,
                               const struct mobile_consent *consents, size_t count, struct date on,
                               struct text *out)
{
    struct message_writer writer = message_begin(scope, syntax);

    write_header(&writer, scope->now, (struct text){0}, (struct text){0});
    message_group(&writer, TEXT("MessageBody"));
    message_number(&writer, TEXT("ProcessingResultStatus"), 1, 1);
    message_list(&writer, TEXT("ConsentList"));
    for (size_t i = 0; i < count; i++) {
        message_group(&writer, TEXT("ConsentInfo"));
        write_consent(&writer, &consents[i], on);
        message_group_end(&writer);
    }
    message_group_end(&writer);
    message_group_end(&writer);
    return message_end(&writer, out);
}

static void write_result(struct message_writer *writer, const struct oqs_consent_result *result)
{
    const struct eligibility *eligibility = result->answer.eligibility;

    message_group(writer, TEXT("BulkConfirmUnit"));
    write_consent(writer, result->consent, result->answer.on);
    if (eligibility)
        message_number(writer, TEXT("QualificationValidity"), eligibility->validity, 1);
    if (eligibility && eligibility->person && eligibility->coverage)
        person_block_write(writer, &result->answer);
    message_group_end(writer);
}

enum status oqs_consent_results_write(struct scope *scope, enum oqs_syntax syntax,
                                      const struct oqs_consent_search *search,
                                      const struct oqs_consent_result *results, size_t count,
                                      bool more, struct text *out)
{
    struct message_writer writer = message_begin(scope, syntax);

    write_header(&writer, scope->now, text_of(search->institution.digits), search->file_identifier);
    message_group(&writer, TEXT("MessageBody"));
    message_number(&writer, TEXT("ProcessingResultStatus"), 1, 1);
    if (more)
        message_number(&writer, TEXT("ConsentTimeAfter"), results[count - 1].consent->given, 14);
    message_list(&writer, TEXT("ResultList"));
    for (size_t i = 0; i < count; i++)
        write_result(&writer, &results[i]);
    message_group_end(&writer);
    message_group_end(&writer);
    return message_end(&writer, out);
}
