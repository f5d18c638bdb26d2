/* SPDX-License-Identifier: Apache-2.0
 *
 * PortalStatus: what a person sees of themselves (P1). The layout is ours; items of a coverage and
 * of a person are the book's.
 */
#include "format/message_writer.h"
#include "format/oqs.h"
#include "format/person_block.h"

/* OQSCD004. */
enum { RESULT_NORMAL = 1 };

static void write_date(struct message_writer *writer, struct text name, struct date date)
{
    if (date_is(date))
        message_number(writer, name, date.yyyymmdd, 8);
}

static void write_header(struct message_writer *writer, const struct oqs_portal_status *status)
{
    message_group(writer, TEXT("MessageHeader"));
    message_number(writer, TEXT("ProcessExecutionTime"), instant_to_japan14(status->processed), 14);
    write_date(writer, TEXT("QualificationConfirmationDate"), status->on);
    message_number(writer, TEXT("SegmentOfResult"), 1, 1);
    message_number(writer, TEXT("CharacterCodeIdentifier"), OQS_UTF8, 1);
    if (writer->syntax == OQS_JSON)
        message_leaf(writer, TEXT("RequestIdentifier"), text_of(status->request_id));
    message_group_end(writer);
}

/* R2: what was asked for at an insurer, whose name is not the portal's business. */
static void write_deregistration(struct message_writer *writer,
                                 const struct deregistration_request *request)
{
    if (!request)
        return;
    message_leaf(writer, TEXT("DeregistrationStatus"),
                 text_of(deregistration_state_name(request->state)));
    write_date(writer, TEXT("DeregistrationRequestDate"), request->requested);
    write_date(writer, TEXT("DeregistrationReceptionDate"), request->received);
    write_date(writer, TEXT("DeregistrationDate"), request->executes);
}

static void write_registration(struct message_writer *writer,
                               const struct oqs_portal_status *status)
{
    const struct registration *last = status->registration;

    message_group(writer, TEXT("RegistrationInfo"));
    message_leaf(writer, TEXT("RegistrationStatus"),
                 text_of(registration_state_name(status->standing.state)));
    if (last) {
        write_date(writer, TEXT("RegistrationDate"), last->since);
        write_date(writer, TEXT("RegistrationEndDate"), last->until);
        message_leaf(writer, TEXT("RegistrationWay"), text_of(registration_way_name(last->way)));
        message_leaf(writer, TEXT("RegistrationEndReason"),
                     last->ended == REGISTRATION_RUNS
                         ? (struct text){0}
                         : text_of(registration_end_name(last->ended)));
    }
    write_deregistration(writer, status->deregistration);
    message_group_end(writer);
}

static void write_certificate(struct message_writer *writer, const struct oqs_portal_status *status)
{
    message_group(writer, TEXT("CertificateInfo"));
    message_leaf(writer, TEXT("CertificateStatus"),
                 text_of(certificate_phase_name(status->life.phase)));
    write_date(writer, TEXT("CertificateAlertDate"), status->life.alert_from);
    write_date(writer, TEXT("CertificateExpirationDate"), status->certificate->expires);
    write_date(writer, TEXT("CertificateGraceEndDate"), status->life.grace_ends);
    message_number(writer, TEXT("PhoneClassification"), status->certificate->phone, 1);
    message_group_end(writer);
}

static void write_protection(struct message_writer *writer, const struct person *person)
{
    message_group(writer, TEXT("ProtectionInfo"));
    message_number(writer, TEXT("NonDisclosureFlg"),
                   (person->protection & PROTECTION_NON_DISCLOSURE) != 0, 1);
    message_group_end(writer);
}

static void write_coverages(struct message_writer *writer, const struct oqs_portal_status *status)
{
    message_list(writer, TEXT("CoverageList"));
    for (size_t i = 0; i < status->person->coverage_count; i++) {
        const struct coverage *coverage = &status->person->coverages[i];
        message_group(writer, TEXT("CoverageInfo"));
        message_number(writer, TEXT("CurrentClassification"), coverage == status->covered, 1);
        if (coverage == status->covered)
            message_number(writer, TEXT("ContributionRatio"), status->share, 3);
        coverage_items_write(writer, coverage, status->insurer_names[i]);
        message_group_end(writer);
    }
    message_group_end(writer);
}

static void write_body(struct message_writer *writer, const struct oqs_portal_status *status)
{
    message_group(writer, TEXT("MessageBody"));
    message_number(writer, TEXT("ProcessingResultStatus"), RESULT_NORMAL, 1);
    if (status->remark != CAUSE_NONE) {
        const struct failure_text *remark = failure_text(status->remark);
        message_leaf(writer, TEXT("ProcessingResultCode"), text_of(remark->code));
        message_leaf(writer, TEXT("ProcessingResultMessage"), text_of(remark->desk_ja));
    }
    message_group(writer, TEXT("PortalStatus"));
    write_registration(writer, status);
    write_certificate(writer, status);
    write_protection(writer, status->person);
    if (status->person_shown) {
        person_names_write(writer, status->person);
        write_coverages(writer, status);
    }
    message_group_end(writer);
    message_group_end(writer);
}

enum status oqs_portal_status_write(struct scope *scope, enum oqs_syntax syntax,
                                    const struct oqs_portal_status *status, struct text *out)
{
    struct message_writer writer = message_begin(scope, syntax);

    write_header(&writer, status);
    write_body(&writer, status);
    return message_end(&writer, out);
}
