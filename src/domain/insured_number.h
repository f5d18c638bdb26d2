/* SPDX-License-Identifier: Apache-2.0
 *
 * insured_number.h - symbol, number and branch (記号・番号・枝番), and how they are matched.
 *
 * People type them as they look on paper: full or half width, with hyphens or blanks, with or
 * without leading zeros. Both sides of a comparison are normalised the same way: NFKC, blanks,
 * hyphens and slashes dropped, letters upper case, leading zeros of the number dropped (one digit
 * is kept). Raw values are kept beside and given back as registered.
 */
#pragma once

#include "base/date.h"
#include "base/text.h"
#include "domain/number.h"

#define INSURED_TEXT_MAX 20 /* characters in a symbol or a number as sent */
#define INSURED_NORMAL_SIZE                                                                        \
    128 /* bytes that a normalised symbol or number needs at most, NUL included */

/* The way in by numbers. Normalised; compares bytewise. */
struct insured_key {
    struct insurer_number insurer;
    char symbol[INSURED_NORMAL_SIZE]; /* "" = none */
    char number[INSURED_NORMAL_SIZE];
    char branch[3]; /* two digits, or "" = not told */
    struct date birth;
};

/*
 * Normalises one value into out (NUL-terminated). strip_zeros: for the number, not the symbol.
 * Returns false where the text is not UTF-8, has more than INSURED_TEXT_MAX characters, or does not
 * fit; out is then "". Source: oqs-files 3.7.
 */
bool insured_text_normalise(struct text text, bool strip_zeros, char out[INSURED_NORMAL_SIZE]);

/* Reads a branch: "", one digit (a zero is put before it) or two, full or half width. */
bool insured_branch_read(struct text text, char out[3]);
