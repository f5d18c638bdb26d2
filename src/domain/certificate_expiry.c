/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/certificate_expiry.h"

#include "domain/certificate_life.h"
#include "domain/policy.h"

struct date certificate_renewable_from(struct date expires)
{
    return date_add_days(date_add_months(expires, -POLICY_ALERT_MONTHS), 1);
}

bool certificate_is_renewal(struct date former, struct date issued)
{
    return date_is(former) && date_within(issued, certificate_renewable_from(former), former);
}

struct certificate_expiry certificate_expiry_of(const struct certificate_order *order)
{
    bool renewed = certificate_is_renewal(order->former, order->issued);
    struct date card = date_is(order->card_expires) ? order->card_expires : DATE_NEVER;
    struct date alone = certificate_expiry(order->birth, order->issued, renewed, DATE_NEVER);
    enum rule_id rule = renewed ? RULE_K1_EXPIRES_RENEWED : RULE_K1_EXPIRES_FIRST;

    if (date_before(card, alone))
        rule = RULE_K1_EXPIRES_CARD;
    return (struct certificate_expiry){
        certificate_expiry(order->birth, order->issued, renewed, card), rule_at(rule)};
}
