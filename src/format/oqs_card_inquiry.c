/* SPDX-License-Identifier: Apache-2.0
 *
 * CardProof: a check by card. The layout is ours; names of dates, codes and consents are the
 * book's.
 */
#include "format/envelope.h"
#include "format/fields.h"
#include "format/oqs.h"

/* Our limits. Certificates of cards have about 1,600 bytes; keys have 2,048 bits. */
#define CERTIFICATE_MAX 4096
#define SIGNATURE_SIZE 256
#define TERMINAL_MAX 20
#define STAFF_MAX 20
#define SESSION_DIGITS 32
#define DEVICE_DIGITS 32
#define SECRET_DIGITS 64

static const struct field header_fields[] = {
    FIELD("QualificationConfirmationDate", FIELD_DATE, struct oqs_card_inquiry, on,
          .required = true),
    FIELD("MedicalInstitutionCode", FIELD_INSTITUTION, struct oqs_card_inquiry, institution,
          .required = true),
    FIELD("ArbitraryFileIdentifier", FIELD_IDENTIFIER, struct oqs_card_inquiry, file_identifier,
          .max = OQS_IDENTIFIER_MAX),
};

static const struct field portal_header_fields[] = {
    FIELD("QualificationConfirmationDate", FIELD_DATE, struct oqs_card_inquiry, on,
          .required = false),
    FIELD("ArbitraryFileIdentifier", FIELD_IDENTIFIER, struct oqs_card_inquiry, file_identifier,
          .max = OQS_IDENTIFIER_MAX),
};

#define CONSENT(name_, bit_)                                                                       \
    FIELD(name_, FIELD_FLAG, struct oqs_card_inquiry, consents, .bit = (bit_))

static const struct field proof_fields[] = {
    FIELD("SessionIdentifier", FIELD_HEX, struct oqs_card_inquiry, session, .required = true,
          .max = SESSION_DIGITS),
    FIELD("TerminalIdentifier", FIELD_NAME, struct oqs_card_inquiry, terminal, .required = true,
          .max = TERMINAL_MAX),
    FIELD("IdentityMode", FIELD_CODE, struct oqs_card_inquiry, mode, .required = true,
          .min = IDENTITY_FACE, .max = IDENTITY_VISUAL, .digits = 1),
    FIELD("StaffIdentifier", FIELD_NAME, struct oqs_card_inquiry, staff, .max = STAFF_MAX),
    FIELD("ServiceClass", FIELD_CODE, struct oqs_card_inquiry, class, .min = CLASS_NORMAL,
          .max = CLASS_ELIGIBILITY_ONLY, .digits = 1),
    FIELD("ProofTime", FIELD_TIME, struct oqs_card_inquiry, time, .required = true),
    FIELD("Certificate", FIELD_BASE64, struct oqs_card_inquiry, certificate, .required = true,
          .min = 1, .max = CERTIFICATE_MAX),
    FIELD("Signature", FIELD_BASE64, struct oqs_card_inquiry, signature, .required = true,
          .min = SIGNATURE_SIZE, .max = SIGNATURE_SIZE),
    CONSENT("LimitApplicationCertificateRelatedConsFlg", CONSENT_LIMIT),
    CONSENT("SpecificDiseasesCertificateRelatedConsFlg", CONSENT_DISEASE),
    CONSENT("SpecificHealthCheckupsInfoConsFlg", CONSENT_CHECKUP),
    CONSENT("PharmacistsInfoConsFlg", CONSENT_MEDICATION),
    CONSENT("DiagnosisInfoConsFlg", CONSENT_DIAGNOSIS),
    CONSENT("OperationInfoConsFlg", CONSENT_OPERATION),
    FIELD("DeviceIdentifier", FIELD_HEX, struct oqs_card_inquiry, device, .max = DEVICE_DIGITS),
    FIELD("DeviceSecret", FIELD_HEX, struct oqs_card_inquiry, secret, .max = SECRET_DIGITS),
    FIELD("ConsentLimitDate", FIELD_DATE, struct oqs_card_inquiry, consent_until,
          .required = false),
    FIELD("ConsentAction", FIELD_CODE, struct oqs_card_inquiry, action, .min = CONSENT_VIEW,
          .max = CONSENT_WITHDRAW, .digits = 1),
    FIELD("ConsentInstitutionCode", FIELD_INSTITUTION, struct oqs_card_inquiry, consent_to,
          .required = false),
    FIELD("RegistrationConsFlg", FIELD_FLAG, struct oqs_card_inquiry, registers, .bit = 1),
};

/* header: of a card's check it must be there, of the portal's it need not. */
static enum status read_inquiry(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                                struct field_table header, bool header_needed,
                                struct oqs_card_inquiry *out, struct oqs_partial *partial)
{
    struct element *document = NULL;
    const struct element *proof = NULL;
    struct envelope envelope = {0};
    struct oqs_card_inquiry inquiry = {.class = CLASS_NORMAL};
    enum status status = element_read(scope, syntax, bytes, &document);

    envelope_partial(document, partial);
    TRY(status);
    TRY(envelope_open(scope, document, &envelope));
    if (!envelope.header && header_needed)
        return scope_fail(scope, CAUSE_XML_ROOT, "no MessageHeader");
    TRY(envelope_group(scope, &envelope, TEXT("CardProof"), &proof));
    if (envelope.header)
        TRY(fields_read(scope, envelope.header, header, &inquiry, &envelope.unknown));
    TRY(fields_read(scope, proof, FIELD_TABLE(proof_fields), &inquiry, &envelope.unknown));
    inquiry.unknown_elements = envelope.unknown;
    *out = inquiry;
    return STATUS_OK;
}

enum status oqs_card_inquiry_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                                  struct oqs_card_inquiry *out, struct oqs_partial *partial)
{
    return read_inquiry(scope, syntax, bytes, FIELD_TABLE(header_fields), true, out, partial);
}

enum status oqs_portal_inquiry_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                                    struct oqs_card_inquiry *out, struct oqs_partial *partial)
{
    return read_inquiry(scope, syntax, bytes, FIELD_TABLE(portal_header_fields), false, out,
                        partial);
}

static enum status write_inquiry(struct scope *scope, enum oqs_syntax syntax,
                                 struct field_table header, const struct oqs_card_inquiry *inquiry,
                                 struct text *out)
{
    struct message_writer writer = message_begin(scope, syntax);
    struct oqs_card_inquiry written = *inquiry;

    if (written.class == CLASS_NORMAL)
        written.class = (enum service_class)0; /* what a missing element means */
    message_group(&writer, TEXT("MessageHeader"));
    fields_write(&writer, header, &written);
    message_group_end(&writer);
    message_group(&writer, TEXT("MessageBody"));
    message_group(&writer, TEXT("CardProof"));
    fields_write(&writer, FIELD_TABLE(proof_fields), &written);
    message_group_end(&writer);
    message_group_end(&writer);
    return message_end(&writer, out);
}

enum status oqs_card_inquiry_write(struct scope *scope, enum oqs_syntax syntax,
                                   const struct oqs_card_inquiry *inquiry, struct text *out)
{
    return write_inquiry(scope, syntax, FIELD_TABLE(header_fields), inquiry, out);
}

enum status oqs_portal_inquiry_write(struct scope *scope, enum oqs_syntax syntax,
                                     const struct oqs_card_inquiry *inquiry, struct text *out)
{
    return write_inquiry(scope, syntax, FIELD_TABLE(portal_header_fields), inquiry, out);
}
