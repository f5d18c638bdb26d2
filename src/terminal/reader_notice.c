/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/reader_notice.h"

#include "proof/card_certificate.h"

#define NOTICE_SCOPE_LIMIT (64UL * 1024)
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct {
    enum cause cause;
    int number;
} numbers[] = {
    {CAUSE_CARD_UNREADABLE, 1},
    {CAUSE_CARD_NOT_OURS, 2},
    {CAUSE_CARD_CERTIFICATE_REVOKED, 6},
    {CAUSE_CARD_CERTIFICATE_LAPSED, 6},
    {CAUSE_CARD_CERTIFICATE_SUPERSEDED, 6},
    {CAUSE_CARD_CERTIFICATE_NOT_YET, 900},
    {CAUSE_CARD_PIN_WRONG, 901},
    {CAUSE_CARD_PIN_LOCKED, 902},
    {CAUSE_CARD_PIN_NONE, 903},
    {CAUSE_CARD_PIN_LAST_TRY, 904},
    {CAUSE_CARD_ABSENT, 905},
    {CAUSE_CARD_IN_USE, 906},
    {CAUSE_CARD_SILENT, 907},
    {CAUSE_CARD_LEFT, 908},
    {CAUSE_READER_AWAY, 909},
    {CAUSE_MODE_NOT_ON_PHONE, 910},
    {CAUSE_FACE_OTHER, 911},
    {CAUSE_FACE_ABSENT, 912},
    {CAUSE_FACE_BROKEN, 913},
    {CAUSE_FACE_DEVICE_AWAY, 914},
    {CAUSE_VISUAL_UNLIKE, 915},
    {CAUSE_VISUAL_NOT_PERMITTED, 916},
    {CAUSE_STAFF_MISSING, 917},
    {CAUSE_CARD_TAKEN_AWAY, 918},
    {CAUSE_IDENTITY_CANCELLED, 919},
    {CAUSE_IDENTITY_TIME_OVER, 920},
    {CAUSE_FACE_NOT_STATED, 921},
    {CAUSE_VISUAL_PASSWORD_PAUSED, 922},
    {CAUSE_CARD_NOT_REGISTERED, 930},
    {CAUSE_SERVICE_AWAY, 940},
};

int reader_number(enum cause cause)
{
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (numbers[i].cause == cause)
            return numbers[i].number;
    return 0;
}

static int days_between(struct date from, struct date to)
{
    return date_to_days(to) - date_to_days(from);
}

struct reader_warning reader_warning_of(struct text der, bool phone, struct date on)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(NOTICE_SCOPE_LIMIT);
    struct reader_warning warning = {.phase = PHASE_VALID};
    struct card_certificate read = {.serial = 0};
    struct authentication_certificate certificate = {.state = CERTIFICATE_CURRENT, .phone = phone};
    struct certificate_life life;

    if (card_certificate_read(&scope, der, &read) != STATUS_OK)
        return warning;
    certificate.serial = read.serial;
    certificate.not_before = instant_date(read.not_before);
    certificate.expires = instant_date(read.not_after);
    life = certificate_life_on(&certificate, on);
    warning.phase = life.phase;
    warning.cause = life.cause;
    warning.expires = certificate.expires;
    warning.last = life.phase == PHASE_GRACE ? life.grace_ends : certificate.expires;
    warning.days = days_between(on, warning.last);
    return warning;
}

bool reader_warns(const struct reader_warning *warning)
{
    return warning->phase == PHASE_ALERT || warning->phase == PHASE_GRACE;
}

void reader_warning_add(struct text_buffer *buffer, const struct reader_warning *warning)
{
    bool grace = warning->phase == PHASE_GRACE;
    int days = warning->days;
    char expires[11], last[11];

    date_write_iso(warning->expires, expires);
    date_write_iso(warning->last, last);
    text_buffer_add_format(buffer,
                           "{\"kind\":\"%s\",\"code\":\"%s\",\"expires\":\"%s\","
                           "\"last_day\":\"%s\",\"days\":%d,",
                           grace ? "grace" : "renew", failure_text(warning->cause)->code, expires,
                           last, days);
    if (grace)
        text_buffer_add_format(
            buffer,
            "\"ja\":\"電子証明書の有効期限(%s)が切れています。資格の確認のみできます(あと%d日)。"
            "市区町村で更新してください。\",\"en\":\"The certificate expired on %s: eligibility "
            "only, for %d more days. Renew it at the municipality.\"}",
            expires, days, expires, days);
    else
        text_buffer_add_format(
            buffer,
            "\"ja\":\"電子証明書の有効期限(%s)まであと%d日です。市区町村で更新してください。\","
            "\"en\":\"The certificate expires on %s, in %d days. Renew it at the "
            "municipality.\"}",
            expires, days, expires, days);
}
