/* SPDX-License-Identifier: Apache-2.0 */
#include "command/issuer_words.h"

#include <stdio.h>
#include <string.h>

/* JPKI's use of CRLReason (card-and-pki 2.4). */
static const struct {
    const char *word, *words;
} reasons[] = {
    [REASON_UNSPECIFIED] = {"unspecified", "unspecified(0) 交付前の廃棄等"},
    [REASON_KEY_COMPROMISE] = {"keyCompromise", "keyCompromise(1) 秘密鍵の危殆化"},
    [REASON_CA_COMPROMISE] = {"cACompromise", "cACompromise(2) 認証局鍵の危殆化"},
    [REASON_AFFILIATION_CHANGED] = {"affiliationChanged", "affiliationChanged(3) 記録事項の変更"},
    [REASON_SUPERSEDED] = {"superseded", "superseded(4) 更新"},
    [REASON_CESSATION] = {"cessationOfOperation", "cessationOfOperation(5) 返納・死亡等"},
    [REASON_HOLD] = {"certificateHold", "certificateHold(6) 秘密鍵に疑い(解除なし)"},
};

#define REASON_COUNT (sizeof reasons / sizeof *reasons)

void office_drop(struct office **office)
{
    office_close(*office);
}

bool reason_read(const char *word, enum revocation_reason *out)
{
    for (size_t i = 0; i < REASON_COUNT; i++) {
        char digit[2] = {(char)('0' + i), '\0'};
        if (strcmp(reasons[i].word, word) == 0 || strcmp(digit, word) == 0) {
            *out = (enum revocation_reason)i;
            return true;
        }
    }
    return false;
}

const char *reason_words(enum revocation_reason reason)
{
    return (size_t)reason < REASON_COUNT ? reasons[reason].words : "";
}

struct instant act_time(const struct scope *scope, struct date today)
{
    if (!date_is(today) || date_compare(today, instant_date(scope->now)) == 0)
        return scope->now;
    return instant_noon(today);
}

static enum status tell_end(struct scope *scope, const struct book_certificate *certificate,
                            struct explanation *out)
{
    if (certificate->state == CERTIFICATE_CURRENT)
        return STATUS_OK;
    TRY(explain_date(scope, out, "ended", "失効・更新日 / ended",
                     instant_date(certificate->revoked)));
    explain_text(out, "reason", "失効理由 / reason", reason_words(certificate->reason));
    return STATUS_OK;
}

enum status tell_certificate(struct scope *scope, const struct book_certificate *certificate,
                             struct date on, struct explanation *out)
{
    const struct authentication_certificate row = office_life_of(certificate);
    struct certificate_life life = certificate_life_on(&row, on);

    explain_number(out, "serial", "シリアル番号 / serial", (int64_t)certificate->serial);
    explain_number(out, "generation", "認証局の世代 / CA generation", certificate->generation);
    explain_number(out, "holder", "所持者番号 / holder", certificate->holder);
    explain_flag(out, "phone", "スマートフォン / phone", certificate->phone);
    explain_text(out, "state", "状態 / state", certificate_phase_name(life.phase));
    TRY(explain_date(scope, out, "on", "基準日 / day", on));
    TRY(explain_date(scope, out, "not_before", "発行日 / issued", row.not_before));
    TRY(explain_date(scope, out, "expires", "有効期限 / expires", certificate->expires));
    TRY(explain_date(scope, out, "grace_ends", "猶予期間の末日 / grace ends", life.grace_ends));
    TRY(tell_end(scope, certificate, out));
    if (certificate->successor != 0)
        explain_number(out, "successor", "更新後のシリアル番号 / successor",
                       (int64_t)certificate->successor);
    return STATUS_OK;
}
