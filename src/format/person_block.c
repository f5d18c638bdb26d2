/* SPDX-License-Identifier: Apache-2.0
 *
 * The items 1 to n + 1 of oqs-files 2.3, in the order of the book: a table for each run of items
 * that come from one struct.
 */
#include "format/person_block.h"

#include "format/fields.h"

/* 閲覧有効期限: how long a consent to view holds (oqs-files 2.3, item 36). */
#define CONSENT_LASTS (INT64_C(24) * 3600 * 1000000)

#define COVERAGE(name_, kind_, member_, ...)                                                       \
    FIELD(name_, kind_, struct coverage, member_, __VA_ARGS__)

static const struct field membership_fields[] = {
    COVERAGE("InsuredCardClassification", FIELD_HEX_CODE, kind, .required = true),
    COVERAGE("InsurerNumber", FIELD_INSURER, insurer, .required = true),
    COVERAGE("InsuredCardSymbol", FIELD_TEXT, symbol, .required = false),
    COVERAGE("InsuredIdentificationNumber", FIELD_TEXT, number, .required = false),
    COVERAGE("InsuredBranchNumber", FIELD_CHARS, branch, .required = false),
    COVERAGE("PersonalFamilyClassification", FIELD_CODE, relation, .digits = 1),
    COVERAGE("InsuredName", FIELD_TEXT, insured_name, .required = false),
};

#define PERSON(name_, kind_, member_, ...) FIELD(name_, kind_, struct person, member_, __VA_ARGS__)

static const struct field name_fields[] = {
    PERSON("Name", FIELD_TEXT, name, .required = true),
    PERSON("NameOfOther", FIELD_TEXT, other_name, .required = false),
    PERSON("NameKana", FIELD_TEXT, name_kana, .required = false),
    PERSON("NameOfOtherKana", FIELD_TEXT, other_name_kana, .required = false),
};

static const struct field birth_fields[] = {
    PERSON("Sex2", FIELD_CODE, sex2, .digits = 1),
    PERSON("Birthdate", FIELD_DATE, birth, .required = true),
};

static const struct field address_fields[] = {
    PERSON("Address", FIELD_TEXT, address, .required = false),
    PERSON("PostNumber", FIELD_TEXT, postal_code, .required = false),
};

static const struct field period_fields[] = {
    COVERAGE("QualificationDate", FIELD_DATE, from, .required = false),
    COVERAGE("DisqualificationDate", FIELD_END_DATE, until, .required = false),
    COVERAGE("InsuredCertificateIssuanceDate", FIELD_DATE, issued, .required = false),
    COVERAGE("InsuredCardValidDate", FIELD_DATE, valid_from, .required = false),
    COVERAGE("InsuredCardExpirationDate", FIELD_END_DATE, valid_until, .required = false),
    COVERAGE("InsuredPartialContributionRatio", FIELD_CODE, share, .digits = 3),
};

static const struct field loss_fields[] = {
    COVERAGE("ReasonOfLoss", FIELD_CODE, loss_reason, .digits = 2),
};

#define ELDERLY(name_, kind_, member_, ...)                                                        \
    FIELD(name_, kind_, struct elderly_certificate, member_, __VA_ARGS__)

static const struct field elderly_fields[] = {
    ELDERLY("ElderlyRecipientCertificateDate", FIELD_DATE, issued, .required = false),
    ELDERLY("ElderlyRecipientValidStartDate", FIELD_DATE, valid_from, .required = false),
    ELDERLY("ElderlyRecipientValidEndDate", FIELD_END_DATE, valid_until, .required = false),
    ELDERLY("ElderlyRecipientContributionRatio", FIELD_CODE, share, .digits = 3),
};

#define LIMIT(name_, kind_, member_, ...)                                                          \
    FIELD("LimitApplicationCertificate" name_, kind_, struct limit_certificate, member_,           \
          __VA_ARGS__)

static const struct field limit_fields[] = {
    LIMIT("Classification", FIELD_CODE, kind, .digits = 2),
    LIMIT("ClassificationFlag", FIELD_CHARS, category, .required = false),
    LIMIT("Date", FIELD_DATE, issued, .required = false),
    LIMIT("ValidStartDate", FIELD_DATE, valid_from, .required = false),
    LIMIT("ValidEndDate", FIELD_END_DATE, valid_until, .required = false),
    LIMIT("LongTermDate", FIELD_DATE, long_stay, .required = false),
};

#define DISEASE(name_, kind_, member_, ...)                                                        \
    FIELD("SpecificDiseases" name_, kind_, struct specified_disease, member_, __VA_ARGS__)

static const struct field disease_fields[] = {
    DISEASE("DiseaseCategory", FIELD_CODE, category, .digits = 1),
    DISEASE("CertificateDate", FIELD_DATE, issued, .required = false),
    DISEASE("ValidStartDate", FIELD_DATE, valid_from, .required = false),
    DISEASE("ValidEndDate", FIELD_END_DATE, valid_until, .required = false),
    DISEASE("SelfPay", FIELD_CODE, monthly_limit, .digits = 1),
};

/* A consent: its flag, when it was given, and until when it holds, if the book has that. */
struct consent_names {
    unsigned bit;
    struct text flag, time, available;
};

#define CONSENT_TO(name_, bit_)                                                                    \
    {                                                                                              \
        (bit_), {name_ "ConsFlg", sizeof(name_ "ConsFlg") - 1},                                    \
            {name_ "ConsTime", sizeof(name_ "ConsTime") - 1},                                      \
        {                                                                                          \
            name_ "AvailableTime", sizeof(name_ "AvailableTime") - 1                               \
        }                                                                                          \
    }

static const struct consent_names limit_consent =
    CONSENT_TO("LimitApplicationCertificateRelated", CONSENT_LIMIT);
static const struct consent_names disease_consent =
    CONSENT_TO("SpecificDiseasesCertificateRelated", CONSENT_DISEASE);
static const struct consent_names viewing_consents[] = {
    CONSENT_TO("SpecificHealthCheckupsInfo", CONSENT_CHECKUP),
    CONSENT_TO("PharmacistsInfo", CONSENT_MEDICATION),
    CONSENT_TO("DiagnosisInfo", CONSENT_DIAGNOSIS),
    CONSENT_TO("OperationInfo", CONSENT_OPERATION),
};

/* Returns true where the consent was given, and when is known. */
static bool write_consent(struct message_writer *writer, const struct consent_names *names,
                          const struct oqs_answer *answer)
{
    bool given = (answer->eligibility->consents & names->bit) != 0;

    message_number(writer, names->flag, given, 1);
    if (!given || answer->consented.microseconds <= 0)
        return false;
    message_number(writer, names->time, instant_to_japan14(answer->consented), 14);
    return true;
}

static void write_group(struct message_writer *writer, struct text name, struct field_table table,
                        const void *record)
{
    if (!record)
        return;
    message_group(writer, name);
    fields_write(writer, table, record);
    message_group_end(writer);
}

static void write_limit(struct message_writer *writer, const struct oqs_answer *answer)
{
    (void)write_consent(writer, &limit_consent, answer);
    if (answer->eligibility->consents & CONSENT_LIMIT)
        write_group(writer, TEXT("LimitApplicationCertificateRelatedInfo"),
                    FIELD_TABLE(limit_fields), answer->eligibility->limit);
}

static void write_diseases(struct message_writer *writer, const struct oqs_answer *answer)
{
    const struct eligibility *eligibility = answer->eligibility;

    (void)write_consent(writer, &disease_consent, answer);
    if (!(eligibility->consents & CONSENT_DISEASE))
        return;
    message_list(writer, TEXT("SpecificDiseasesCertificateList"));
    for (size_t i = 0; i < eligibility->disease_count; i++)
        write_group(writer, TEXT("SpecificDiseasesCertificateInfo"), FIELD_TABLE(disease_fields),
                    eligibility->diseases[i]);
    message_group_end(writer);
}

static void write_viewing_consents(struct message_writer *writer, const struct oqs_answer *answer)
{
    struct instant until = {answer->consented.microseconds + CONSENT_LASTS};

    for (size_t i = 0; i < sizeof viewing_consents / sizeof *viewing_consents; i++)
        if (write_consent(writer, &viewing_consents[i], answer))
            message_number(writer, viewing_consents[i].available, instant_to_japan14(until), 14);
}

static void write_person(struct message_writer *writer, const struct oqs_answer *answer)
{
    const struct person *person = answer->eligibility->person;

    fields_write(writer, FIELD_TABLE(name_fields), person);
    message_number(writer, TEXT("Sex1"), person->sex1 == SEX_NONE ? SEX_NOT_SET : person->sex1, 1);
    fields_write(writer, FIELD_TABLE(birth_fields), person);
    if (answer->eligibility->show_address)
        fields_write(writer, FIELD_TABLE(address_fields), person);
}

void coverage_items_write(struct message_writer *writer, const struct coverage *coverage,
                          struct text insurer_name)
{
    fields_write(writer, FIELD_TABLE(membership_fields), coverage);
    fields_write(writer, FIELD_TABLE(period_fields), coverage);
    fields_write(writer, FIELD_TABLE(loss_fields), coverage);
    message_required_leaf(writer, TEXT("InsurerName"), insurer_name);
}

void person_names_write(struct message_writer *writer, const struct person *person)
{
    fields_write(writer, FIELD_TABLE(name_fields), person);
    fields_write(writer, FIELD_TABLE(birth_fields), person);
}

void person_block_write(struct message_writer *writer, const struct oqs_answer *answer)
{
    const struct eligibility *eligibility = answer->eligibility;

    message_group(writer, TEXT("ResultOfQualificationConfirmation"));
    fields_write(writer, FIELD_TABLE(membership_fields), eligibility->coverage);
    write_person(writer, answer);
    fields_write(writer, FIELD_TABLE(period_fields), eligibility->coverage);
    if (eligibility->preschool)
        message_number(writer, TEXT("PreschoolClassification"), 1, 1);
    fields_write(writer, FIELD_TABLE(loss_fields), eligibility->coverage);
    message_required_leaf(writer, TEXT("InsurerName"), answer->insurer_name);
    write_group(writer, TEXT("ElderlyRecipientCertificateInfo"), FIELD_TABLE(elderly_fields),
                eligibility->elderly);
    write_limit(writer, answer);
    if (answer->by_card) {
        write_diseases(writer, answer);
        write_viewing_consents(writer, answer);
    }
    if (answer->echo)
        message_leaf(writer, TEXT("ArbitraryIdentifier"), answer->echo->identifier);
    message_leaf(writer, TEXT("ReferenceNumber"), answer->reference_number);
    message_group_end(writer);
}
