/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/facility.h"

static const struct {
    const char *name, *ja, *en;
} rows[FACILITY_ROW_COUNT] = {
    [ROW_INSURED_INSTITUTION] = {"insured_institution", "保険医療機関",
                                 "insured medical institution"},
    [ROW_PHARMACY] = {"pharmacy", "薬局", "pharmacy"},
    [ROW_WORKPLACE_CLINIC] = {"workplace_clinic", "職域診療所", "workplace clinic"},
    [ROW_HOME_CARE] = {"home_care", "訪問診療・訪問看護・訪問服薬指導・オンライン診療",
                       "home visits, home nursing, home medication guidance, online care"},
    [ROW_TRANSITIONAL] = {"transitional", "経過措置の対象施設",
                          "facility under a transitional measure"},
    [ROW_CHECKUP_PROVIDER] = {"checkup_provider", "健診実施機関", "checkup provider"},
    [ROW_MIDWIFERY] = {"midwifery", "助産所", "midwifery home"},
    [ROW_MANDATE_EXEMPT] = {"mandate_exempt", "義務化対象外施設(紙レセプト)",
                            "facility exempt from the mandate (paper claims)"},
    [ROW_THERAPY_CLINIC] = {"therapy_clinic",
                            "施術所(柔道整復・あん摩マッサージ指圧・はり・きゅう)",
                            "judo-therapy, acupuncture or massage clinic"},
};

static const enum facility_row rows_of_types[] = {
    [FACILITY_HOSPITAL] = ROW_INSURED_INSTITUTION,
    [FACILITY_MEDICAL_CLINIC] = ROW_INSURED_INSTITUTION,
    [FACILITY_DENTAL_CLINIC] = ROW_INSURED_INSTITUTION,
    [FACILITY_PHARMACY] = ROW_PHARMACY,
    [FACILITY_HOME_NURSING] = ROW_HOME_CARE,
    [FACILITY_CHECKUP_PROVIDER] = ROW_CHECKUP_PROVIDER,
    [FACILITY_THERAPY_CLINIC] = ROW_THERAPY_CLINIC,
    [FACILITY_WORKPLACE_CLINIC] = ROW_WORKPLACE_CLINIC,
    [FACILITY_MIDWIFERY] = ROW_MIDWIFERY,
};

static const struct {
    const char *ja, *en;
} measures[MEASURE_LAST + 1] = {
    {"", ""},
    {"システム整備中", "system being prepared"},
    {"ネットワーク環境事情", "network circumstances"},
    {"訪問診療のみ", "home visits only"},
    {"改築工事中・臨時施設", "rebuilding or temporary"},
    {"廃止・休止", "closing or suspended"},
    {"その他特に困難な事情", "other particular hardship"},
};

const char *facility_row_name(enum facility_row row)
{
    return rows[row].name;
}

const char *facility_row_ja(enum facility_row row)
{
    return rows[row].ja;
}

const char *facility_row_en(enum facility_row row)
{
    return rows[row].en;
}

bool facility_row_read(struct text name, enum facility_row *out)
{
    for (int row = 0; row < FACILITY_ROW_COUNT; row++)
        if (text_equal(name, text_of(rows[row].name))) {
            *out = (enum facility_row)row;
            return true;
        }
    return false;
}

enum facility_row facility_row_of(enum facility_type type, int measure)
{
    return measure == MEASURE_NONE ? rows_of_types[type] : ROW_TRANSITIONAL;
}

const char *facility_measure_ja(int measure)
{
    return measures[measure].ja;
}

const char *facility_measure_en(int measure)
{
    return measures[measure].en;
}
