/* SPDX-License-Identifier: Apache-2.0
 *
 * person_name.h - names of invented people, as registers hold them.
 *
 * Kanji and half-width kana from name_table.def: common names by their frequency, given names by
 * the year of birth, and at realistic rates the ones that break programs (髙 﨑 𠮷, variation
 * selectors, one character, foreign names, aliases).
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "domain/person.h"
#include "world/draw.h"

/* What the members of a household share. Strings are constants. */
struct family_name {
    const char *kanji, *kana;
    bool foreign;
    bool full_width; /* a foreign name is written in full-width letters */
    bool large_kana; /* the register lost the small kana: ﾘﾖｳ for ﾘｮｳ */
};

struct family_name family_name_draw(struct draw *draw);

/*
 * Fills name, name_kana, other_name and other_name_kana of a person whose birth and sex1 are set.
 * Fails only where the scope is full.
 */
MUST_CHECK enum status person_name_write(struct scope *scope, struct draw *draw,
                                         const struct family_name *family, struct person *person);
