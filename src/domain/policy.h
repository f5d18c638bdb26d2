/* SPDX-License-Identifier: Apache-2.0
 *
 * policy.h - every date, age, percentage and period that the rules turn on, each with its source.
 *
 * The values stand in policy_values.def, one row each, as constants POLICY_<name>. No rule writes
 * such a value anywhere else.
 */
#pragma once

#include <stddef.h>

#include "base/date.h"

/* What a value counts. */
enum policy_unit {
    POLICY_UNIT_DAY,     /* a day of the calendar, yyyymmdd */
    POLICY_UNIT_DAYS,    /* a number of days */
    POLICY_UNIT_MONTHS,  /* a number of months */
    POLICY_UNIT_AGE,     /* years of age */
    POLICY_UNIT_PERCENT, /* percent */
    POLICY_UNIT_FLAG,    /* 1 or 0 */
    POLICY_UNIT_COUNT,   /* a number of things */
    POLICY_UNIT_MINUTES, /* a number of minutes */
};

enum policy_constant {
#define POLICY(name, value, unit, meaning, source) POLICY_##name = (value),
#include "domain/policy_values.def"
#undef POLICY
};

/* A constant of POLICY_UNIT_DAY as a date. */
#define POLICY_DATE(name) DATE(POLICY_##name)

/* One row, for `explain`, documents and tests. */
struct policy_value {
    const char *name; /* "REFORM_DAY" */
    int value;
    enum policy_unit unit;
    const char *meaning; /* one line, English, with the official term */
    const char *source;  /* requirement id, or document and section */
};

const struct policy_value *policy_list(size_t *count);
