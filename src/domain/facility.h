/* SPDX-License-Identifier: Apache-2.0
 *
 * facility.h - what kind of place asks: facility types (施設類型) as statistics count them, and as
 * the service classes (E3) tell them apart.
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"
#include "base/text.h"

/* 施設類型, as registered of an institution. */
enum facility_type {
    FACILITY_HOSPITAL = 1,
    FACILITY_MEDICAL_CLINIC = 2,
    FACILITY_DENTAL_CLINIC = 3,
    FACILITY_PHARMACY = 4,
    FACILITY_HOME_NURSING = 5,
    FACILITY_CHECKUP_PROVIDER = 6,
    FACILITY_THERAPY_CLINIC = 7, /* 柔整・あはき */
    FACILITY_WORKPLACE_CLINIC = 8,
    FACILITY_MIDWIFERY = 9,
};

/* The rows of E3. */
enum facility_row {
    ROW_INSURED_INSTITUTION, /* 保険医療機関 */
    ROW_PHARMACY,            /* 薬局 */
    ROW_WORKPLACE_CLINIC,    /* 職域診療所 */
    ROW_HOME_CARE,    /* 訪問診療、訪問看護、訪問服薬指導、オンライン診療 */
    ROW_TRANSITIONAL, /* 経過措置の対象施設 */
    ROW_CHECKUP_PROVIDER, /* 健診実施機関 */
    ROW_MIDWIFERY,        /* 助産所 */
    ROW_MANDATE_EXEMPT,   /* 義務化対象外施設（紙レセプト） */
    ROW_THERAPY_CLINIC,   /* 施術所 */
    FACILITY_ROW_COUNT
};

#define MEASURE_NONE 0
#define MEASURE_FIRST 1 /* システム整備中 */
#define MEASURE_LAST 6  /* その他特に困難な事情 */

/* "insured_institution", "pharmacy" ... */
const char *facility_row_name(enum facility_row row);
const char *facility_row_ja(enum facility_row row);
const char *facility_row_en(enum facility_row row);
/* False where no row has this name. */
bool facility_row_read(struct text name, enum facility_row *out);
/* The row of a registered institution; measure: its transitional measure, 0 = none. */
enum facility_row facility_row_of(enum facility_type type, int measure);
/* 経過措置 1 to 6, in words. */
const char *facility_measure_ja(int measure);
const char *facility_measure_en(int measure);
