/* SPDX-License-Identifier: Apache-2.0 */
#include "world/facility.h"

#include <string.h>

#include "world/draw.h"
#include "world/place.h"

static const struct cast_institution rows[] = {
    {CAST_CLINIC, "テスト内科医院", FACILITY_MEDICAL_CLINIC, 0, 0, true, "medical clinic"},
    {"1319910012", "テスト総合病院", FACILITY_HOSPITAL, 0, 0, true, "hospital"},
    {"1339930016", "テスト歯科医院", FACILITY_DENTAL_CLINIC, 0, 0, true, "dental clinic"},
    {"1349940013", "テスト薬局", FACILITY_PHARMACY, 0, 0, true, "pharmacy"},
    {"1369910011", "テスト訪問看護ステーション", FACILITY_HOME_NURSING, 0, 0, false,
     "home nursing"},
    {"1329910010", "テスト健診センター", FACILITY_CHECKUP_PROVIDER, 0, 0, false,
     "checkup provider"},
    {"1379910019", "テスト接骨院", FACILITY_THERAPY_CLINIC, 0, 0, false, "judo-therapy clinic"},
    {"1319911010", "テスト工業職域診療所", FACILITY_WORKPLACE_CLINIC, 0, 0, true,
     "workplace clinic"},
    {"1389910017", "テスト助産所", FACILITY_MIDWIFERY, 0, 0, false, "midwifery home"},
    {"1319912026", "テスト山間診療所", FACILITY_MEDICAL_CLINIC, 2, 6, false,
     "transitional measure (2): network circumstances"},
    {"1319912034", "テスト訪問専門診療所", FACILITY_MEDICAL_CLINIC, 3, 4, false,
     "transitional measure (3): home visits only"},
    {"1319912042", "テスト仮設診療所", FACILITY_MEDICAL_CLINIC, 4, 12, false,
     "transitional measure (4): rebuilding, temporary building"},
    {"1319912059", "テスト休止診療所", FACILITY_MEDICAL_CLINIC, 5, 3, false,
     "transitional measure (5): closing or suspended"},
    {"1319912067", "テスト困難事情診療所", FACILITY_MEDICAL_CLINIC, 6, 9, false,
     "transitional measure (6): other hardship"},
};

const struct cast_institution *cast_institutions(size_t *count)
{
    *count = sizeof rows / sizeof *rows;
    return rows;
}

struct institution cast_institution_make(const struct cast_institution *row, struct date t)
{
    struct institution institution = {
        .name = text_of(row->name),
        .type = row->type,
        .measure = row->measure,
    };

    memcpy(institution.code.digits, row->code, sizeof institution.code.digits);
    if (row->measure > 0)
        institution.measure_until =
            date_end_of_month(date_add_months(date_first_of_month(t), row->measure_months));
    return institution;
}

/*
 * The kinds with their numbers in Japan (hundreds, about 2024), the fee table digit and the first
 * four-digit number of the code (claims 3.1). Judo therapists have codes of their own scheme; 7 is
 * ours.
 */
static const struct {
    enum facility_type type;
    int weight;
    int fee_table, first_number;
    const char *name;
} kinds[] = {
    {FACILITY_HOSPITAL, 81, 1, 1001, "病院"},
    {FACILITY_MEDICAL_CLINIC, 1050, 1, 1001, "医院"},
    {FACILITY_DENTAL_CLINIC, 667, 3, 3001, "歯科医院"},
    {FACILITY_PHARMACY, 618, 4, 4001, "薬局"},
    {FACILITY_HOME_NURSING, 160, 6, 1001, "訪問看護ステーション"},
    {FACILITY_CHECKUP_PROVIDER, 15, 2, 1001, "健診センター"},
    {FACILITY_THERAPY_CLINIC, 500, 7, 1001, "接骨院"},
    {FACILITY_WORKPLACE_CLINIC, 20, 1, 1001, "職域診療所"},
};
#define KIND_COUNT (sizeof kinds / sizeof *kinds)
#define NUMBERS_EACH 900 /* codes of one fee table, prefecture and area */
#define AREAS 98         /* 01 to 98; the cast has area 99 */

enum status facility_make(struct scope *scope, uint64_t n, struct institution *out)
{
    struct draw draw = draw_begin(0, DRAW_FACILITIES, n);
    int weights[KIND_COUNT];
    struct institution made = {0};
    size_t kind = 0;
    int prefecture = (int)(n % PREFECTURE_COUNT) + 1;
    uint64_t in_prefecture = n / PREFECTURE_COUNT;
    struct text code = {0};
    struct place place = {prefecture,
                          draw_below(&draw, prefectures[prefecture - 1].municipalities)};
    char municipality[MUNICIPALITY_NAME_MAX];

    for (size_t i = 0; i < KIND_COUNT; i++)
        weights[i] = kinds[i].weight;
    kind = draw_weighted(&draw, weights, KIND_COUNT);
    /* the place in the prefecture gives area and number, so that no two codes are alike */
    TRY(text_format(scope, &code, "%02d%d%02u%04u", prefecture, kinds[kind].fee_table,
                    (unsigned)(in_prefecture / NUMBERS_EACH % AREAS + 1),
                    (unsigned)kinds[kind].first_number + (unsigned)(in_prefecture % NUMBERS_EACH)));
    memcpy(made.code.digits, code.bytes, code.size);
    made.code.digits[code.size] = (char)('0' + number_check_digit(NUMBER_INSTITUTION, code));
    made.type = kinds[kind].type;
    place_municipality_name(place, municipality);
    TRY(text_format(scope, &made.name, "テスト%s%s", municipality, kinds[kind].name));
    *out = made;
    return STATUS_OK;
}
