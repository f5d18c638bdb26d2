/* SPDX-License-Identifier: Apache-2.0
 *
 * place.h - where invented people live: the 47 prefectures, and municipalities that do not exist.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "world/draw.h"

#define PREFECTURE_COUNT 47
#define MUNICIPALITY_NAME_MAX 64 /* bytes, NUL included */

/* One prefecture (都道府県), JIS X 0401 code = index + 1. */
struct prefecture {
    const char *name;
    int population;     /* thousands, about 2023: a weight */
    int municipalities; /* 市区町村 */
    int postal;         /* first two digits of a postal code there */
};
extern const struct prefecture prefectures[PREFECTURE_COUNT];

/* A municipality of the invented country. */
struct place {
    int prefecture;   /* 1 to 47 */
    int municipality; /* 0 to municipalities - 1 */
};

/* A place drawn as people live: by the prefecture's population, more in its first municipalities.
 */
struct place place_draw(struct draw *draw);

/* 架空市, 東見本町 ...: unique in its prefecture. */
void place_municipality_name(struct place place, char out[MUNICIPALITY_NAME_MAX]);
/* Five-digit code in the shape of JIS X 0402. */
void place_municipality_code(struct place place, char out[6]);

/* An address there, and its postal code (nnn-nnnn); both in the scope. */
MUST_CHECK enum status place_write_address(struct scope *scope, struct draw *draw,
                                           struct place place, struct text *address,
                                           struct text *postal_code);
