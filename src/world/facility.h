/* SPDX-License-Identifier: Apache-2.0
 *
 * facility.h - the institutions (保険医療機関・薬局等) of a world: those of the cast, and invented
 * ones.
 */
#pragma once

#include "base/scope.h"
#include "store/store.h"

/* An institution of the cast. */
struct cast_institution {
    const char *code, *name;
    enum facility_type type;
    int measure;        /* transitional measure 2 to 6, 0 = none */
    int measure_months; /* its deadline: the end of the month, so many months after T */
    bool face_reader;   /* class 1 (E3): gets a credential for terminal authentication */
    const char *what;   /* for the documentation */
};
const struct cast_institution *cast_institutions(size_t *count);

/* The institution that the samples ask from. */
#define CAST_CLINIC "1319912349"

struct institution cast_institution_make(const struct cast_institution *row, struct date t);

/* The n-th invented institution (from 0), with a right check digit; name in the scope. */
MUST_CHECK enum status facility_make(struct scope *scope, uint64_t n, struct institution *out);
