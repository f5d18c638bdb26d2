/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/unconfirmed_reason.h"

/* One row a reason. Source: C5. */
static const struct {
    const char *name;
    const char *ja;
    const char *en;
} names[UNCONFIRMED_REASON_COUNT] = {
    [UNCONFIRMED_NOT] = {"confirmed", "確認済み", "confirmed"},
    [UNCONFIRMED_LATE_REGISTRATION] = {"late_registration",
                                       "資格(無効)・資格情報なし(データ登録の遅れ)",
                                       "invalid or no information (late registration)"},
    [UNCONFIRMED_TERMINAL_FAULT] = {"terminal_fault", "カードリーダーまたは端末の不具合",
                                    "fault of the reader or the terminal"},
    [UNCONFIRMED_CARD_FAULT] = {"card_fault", "カードまたはICチップの不具合",
                                "fault of the card or its chip"},
    [UNCONFIRMED_CERTIFICATE_NOT_RENEWED] = {"certificate_not_renewed", "電子証明書の更新忘れ",
                                             "the certificate was not renewed"},
    [UNCONFIRMED_POWER_OR_NETWORK] = {"power_or_network", "停電または通信障害",
                                      "power or network failure"},
    [UNCONFIRMED_OTHER] = {"other", "その他", "other"},
};

/* Causes not named here are UNCONFIRMED_OTHER. */
static const enum unconfirmed_reason reasons[CAUSE_COUNT] = {
    [CAUSE_CARD_CERTIFICATE_LAPSED] = UNCONFIRMED_CERTIFICATE_NOT_RENEWED,

    [CAUSE_CARD_UNREADABLE] = UNCONFIRMED_CARD_FAULT,
    [CAUSE_CARD_NOT_OURS] = UNCONFIRMED_CARD_FAULT,
    [CAUSE_CARD_CERTIFICATE_MALFORMED] = UNCONFIRMED_CARD_FAULT,
    [CAUSE_CARD_SIGNATURE_WRONG] = UNCONFIRMED_CARD_FAULT,

    [CAUSE_CLIENT_CERTIFICATE_MISSING] = UNCONFIRMED_TERMINAL_FAULT,
    [CAUSE_CLIENT_CERTIFICATE_UNKNOWN] = UNCONFIRMED_TERMINAL_FAULT,
    [CAUSE_CLIENT_CERTIFICATE_EXPIRED] = UNCONFIRMED_TERMINAL_FAULT,
    [CAUSE_FILE_UNAVAILABLE] = UNCONFIRMED_TERMINAL_FAULT,

    [CAUSE_SERVICE_AWAY] = UNCONFIRMED_POWER_OR_NETWORK,
    [CAUSE_SERVICE_BUSY] = UNCONFIRMED_POWER_OR_NETWORK,
    [CAUSE_STORE_UNAVAILABLE] = UNCONFIRMED_POWER_OR_NETWORK,
    [CAUSE_JOURNAL_UNAVAILABLE] = UNCONFIRMED_POWER_OR_NETWORK,
};

static enum unconfirmed_reason reason_of_validity(enum validity validity)
{
    switch (validity) {
    case VALIDITY_VALID:
    case VALIDITY_VALID_UNREGISTERED:
        return UNCONFIRMED_NOT;
    case VALIDITY_INVALID:
    case VALIDITY_INVALID_NEWER:
    case VALIDITY_NONE:
        return UNCONFIRMED_LATE_REGISTRATION;
    case VALIDITY_SEVERAL:
    default:
        return UNCONFIRMED_OTHER;
    }
}

enum unconfirmed_reason unconfirmed_reason_of(enum validity validity, enum cause cause)
{
    if (cause == CAUSE_NONE || failure_text(cause)->status == STATUS_OK)
        return reason_of_validity(validity);
    return reasons[cause] == UNCONFIRMED_NOT ? UNCONFIRMED_OTHER : reasons[cause];
}

const char *unconfirmed_reason_name(enum unconfirmed_reason reason)
{
    return names[reason].name;
}

const char *unconfirmed_reason_ja(enum unconfirmed_reason reason)
{
    return names[reason].ja;
}

const char *unconfirmed_reason_en(enum unconfirmed_reason reason)
{
    return names[reason].en;
}
