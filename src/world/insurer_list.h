/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_list.h - the insurers (医療保険者) of a world: about 3,400, of every law number.
 *
 * Numbers have right check digits; names say that they are made up (架空). A number may be one that
 * exists: nothing is meant by it. The same list in every world.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "domain/number.h"
#include "world/draw.h"
#include "world/place.h"

/* 法別番号. */
enum scheme {
    SCHEME_COMMUNITY = 0, /* 国保, six digits */
    SCHEME_ASSOCIATION = 1,
    SCHEME_SEAMEN = 2,
    SCHEME_DAY_LABOUR = 3,
    SCHEME_DAY_LABOUR_SPECIAL = 4,
    SCHEME_SOCIETY = 6,
    SCHEME_SELF_DEFENCE = 7,
    SCHEME_NATIONAL_SERVANTS = 31,
    SCHEME_LOCAL_SERVANTS = 32,
    SCHEME_POLICE = 33,
    SCHEME_SCHOOLS = 34,
    SCHEME_LATE_ELDERLY = 39,
    SCHEME_SPECIAL_RETIRED = 63,
    SCHEME_RETIRED = 67,
    SCHEME_SPECIAL_NATIONAL = 72,
    SCHEME_SPECIAL_LOCAL = 73,
    SCHEME_SPECIAL_POLICE = 74,
    SCHEME_SPECIAL_SCHOOLS = 75,
};

/* How an insurer writes symbols. */
enum symbol_style {
    SYMBOL_NONE,       /* 39 */
    SYMBOL_EIGHT,      /* 21700023 */
    SYMBOL_DIGITS,     /* 1234 */
    SYMBOL_FULL_WIDTH, /* １２３４ */
    SYMBOL_HYPHEN,     /* 12-34 */
    SYMBOL_KANJI,      /* 架国１２ */
    SYMBOL_KANA,       /* ア・12 */
    SYMBOL_STYLE_COUNT
};

/* How it writes numbers. */
struct number_style {
    bool full_width, leading_zeros, hyphen;
};

struct world_insurer {
    struct insurer_number number;
    struct text name;
    enum scheme scheme;
    int prefecture; /* 1 to 47 */
    enum symbol_style symbol;
    struct number_style style;
};

/* The list; lives in the scope it was made in. */
struct insurer_list {
    struct world_insurer *items;
    size_t count;
    size_t community[PREFECTURE_COUNT + 1]; /* index of a prefecture's first municipality */
    size_t first[80], size[80];             /* by law number, of the employers' and 39 and unions */
    size_t union_first, union_count;        /* 国保組合 */
    int *society_sums;                      /* 06: cumulative sizes */
};

MUST_CHECK enum status insurer_list_make(struct scope *scope, struct insurer_list *out);

/* Municipal 国保 of a place. */
const struct world_insurer *insurer_of_place(const struct insurer_list *list, struct place place);
/* 後期高齢者医療広域連合 of a prefecture. */
const struct world_insurer *insurer_late_elderly(const struct insurer_list *list, int prefecture);
/* An employee's insurer, as people are insured in Japan; 01 is the branch of the prefecture. */
const struct world_insurer *insurer_draw_employee(const struct insurer_list *list,
                                                  struct draw *draw, int prefecture);
/* One of a law number. */
const struct world_insurer *insurer_draw_scheme(const struct insurer_list *list, struct draw *draw,
                                                enum scheme scheme);
/* A trade association (国保組合). */
const struct world_insurer *insurer_draw_union(const struct insurer_list *list, struct draw *draw);
