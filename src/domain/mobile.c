/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/mobile.h"

#include "domain/policy.h"

#define MODE_BIT(mode) (1U << (mode))

/* Which modes each way takes; 0 = the class does not exist there. Source: card-and-pki 3.2. */
static const unsigned modes[][CLASS_ELIGIBILITY_ONLY + 1] = {
    [MOBILE_WEB] = {[CLASS_MOBILE_CONSENT] = MODE_BIT(IDENTITY_PIN)},
    [MOBILE_APP] =
        {
            [CLASS_MOBILE_CONSENT] = MODE_BIT(IDENTITY_PIN) | MODE_BIT(IDENTITY_VISUAL),
            [CLASS_ELIGIBILITY_ONLY] = MODE_BIT(IDENTITY_PIN) | MODE_BIT(IDENTITY_VISUAL),
        },
};

enum cause mobile_refusal(enum mobile_kind kind, enum service_class class, enum identity_mode mode)
{
    unsigned taken = modes[kind][class];

    if (taken == 0)
        return CAUSE_MOBILE_CLASS_WRONG;
    if (taken & MODE_BIT(mode))
        return CAUSE_NONE;
    return mode == IDENTITY_FACE ? CAUSE_MODE_NOT_IN_CLASS : CAUSE_MOBILE_WEB_PIN_ONLY;
}

enum consent_state mobile_consent_on(const struct mobile_consent *consent, struct date on)
{
    return consent->withdrawn || date_before(consent->until, on) ? CONSENT_EXPIRED : CONSENT_HOLDS;
}

struct date mobile_consent_last(struct date on)
{
    return date_add_months(on, POLICY_MOBILE_CONSENT_MONTHS);
}
