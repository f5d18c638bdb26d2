/* SPDX-License-Identifier: Apache-2.0
 *
 * mobile.h - E3: what a phone or tablet may do, and how long a consent that it took holds.
 *
 * Class 2 (居宅同意取得型) takes the patient's consent before the visit, from the institution's
 * page (Web) or its app; class 3 (資格確認限定型) is an app that tells the coverage and nothing
 * else. Pure. Source: card-and-pki 3.2; E3.
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"
#include "base/failure.h"
#include "domain/eligibility.h"
#include "domain/service_class.h"

/* What the patient uses. */
enum mobile_kind {
    MOBILE_WEB, /* マイナ在宅受付Web: any phone, by the institution's address */
    MOBILE_APP, /* マイナ資格確認アプリ: a device of the institution, activated */
};

/* CAUSE_NONE, or why this class and mode cannot be used so. */
enum cause mobile_refusal(enum mobile_kind kind, enum service_class class, enum identity_mode mode);

/* A consent that the patient gave one institution (同意). */
struct mobile_consent {
    int64_t person_id;
    struct institution_code institution;
    int64_t given;     /* 同意日時, yyyymmddhhmmss, Japan */
    struct date until; /* last day */
    bool withdrawn;    /* by the patient */
    unsigned consents; /* CONSENT_ bits */
    enum identity_mode mode;
};

/* OQSCD016 同意区分, as far as it applies. */
enum consent_state { CONSENT_HOLDS = 1, CONSENT_EXPIRED = 2 };

enum consent_state mobile_consent_on(const struct mobile_consent *consent, struct date on);
/* The last day that a patient may choose on a day; the first is the day itself. */
struct date mobile_consent_last(struct date on);
