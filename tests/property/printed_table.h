/* SPDX-License-Identifier: Apache-2.0
 *
 * printed_table.h - E3 as the ministry printed it, in letters, for models that know no rules.
 */
#pragma once

/* As printed: o yes, v voluntary, x no; for classes 1, 2, 3. */
struct printed_row {
    const char *type;
    int measure;
    const char *classes;
    int ends; /* yyyymmdd, 0 = no day known */
};

static const struct printed_row printed[] = {
    {"insured_institution", 0, "ovx", 0}, {"pharmacy", 0, "ovx", 0},
    {"workplace_clinic", 0, "oxx", 0},    {"home_care", 0, "xox", 0},
    {"transitional", 1, "ovx", 0},        {"transitional", 2, "oov", 20260930},
    {"transitional", 3, "oox", 20260331}, {"transitional", 4, "oov", 0},
    {"transitional", 5, "oox", 20250331}, {"transitional", 6, "oov", 20270630},
    {"checkup_provider", 0, "xxo", 0},    {"midwifery", 0, "xxo", 0},
    {"mandate_exempt", 0, "xxo", 0},      {"therapy_clinic", 0, "xxo", 0},
};

/* The letter that counts on a day: after its end a measure's place is as any institution. */
static char letter(const struct printed_row *row, int class, int day)
{
    bool over = row->ends != 0 && day > row->ends;
    char found = row->classes[class - 1];

    if (day < (class == 1 ? 20211020 : 20240401))
        return 'x';
    if (!over)
        return found;
    return "ovx"[class - 1];
}
