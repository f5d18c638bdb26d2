/* SPDX-License-Identifier: Apache-2.0
 *
 * service_class.h - E3: the three ways to check a card, and which facility may use which, when.
 *
 * The table is the ministry's (各種施設類型におけるマイナンバーカードを用いた資格確認). Pure; it
 * answers for any day.
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"
#include "domain/facility.h"
#include "domain/rule.h"

enum service_class {
    CLASS_NORMAL = 1,         /* ①通常: face reader */
    CLASS_MOBILE_CONSENT = 2, /* ②居宅同意取得型: phone or tablet, consent taken by it */
    CLASS_ELIGIBILITY_ONLY = 3, /* ③資格確認限定型: phone or tablet, no medical information */
};

/* Who asks. */
struct service_place {
    enum facility_row row;
    int measure;               /* ROW_TRANSITIONAL: 1 to 6 */
    struct date measure_until; /* its deadline for this place; DATE_NONE = the measure's own */
};

struct service_permission {
    bool allowed;
    bool optional;        /* 任意: the table calls its use voluntary */
    bool medical;         /* medical information, with the patient's consent */
    enum rule_id rule;    /* E3.* */
    struct date from;     /* first day of this class there, DATE_NONE = no day at all */
    struct date deadline; /* last day of the transitional measure, or DATE_NONE */
};

/* What a facility may do in a class on a day. A measure outside 1 to 6 counts as none. */
struct service_permission service_class_on(const struct service_place *place,
                                           enum service_class class, struct date on);
const char *service_class_ja(enum service_class class);
const char *service_class_en(enum service_class class);
