/* SPDX-License-Identifier: Apache-2.0
 *
 * number.h - insurer numbers, institution codes, individual numbers: shapes and check digits.
 *
 * Pure. Read the claims page of the specification, section 3, for where each rule is written.
 */
#pragma once

#include <stdbool.h>

#include "base/text.h"

/* 保険者番号: 6 (国保) or 8 ASCII digits, leading zeros kept, NUL-terminated; "" = none. */
struct insurer_number {
    char digits[9];
};

/* 医療機関コード, ten-digit form: prefecture 2, fee table 1, seven digits; "" = none. */
struct institution_code {
    char digits[11];
};

/* What number_check() checks, and `shikaku number KIND` names. */
enum number_kind {
    NUMBER_INSURER,        /* 保険者番号, 6 or 8 digits */
    NUMBER_INSTITUTION,    /* 医療機関コード, 10 digits */
    NUMBER_PUBLIC_EXPENSE, /* 公費負担者番号, 8 digits */
    NUMBER_RECIPIENT,      /* 受給者番号, 7 digits */
    NUMBER_INDIVIDUAL,     /* 個人番号, 12 digits */
    NUMBER_KIND_COUNT
};

/* What a number is. */
enum number_verdict {
    NUMBER_GOOD,
    NUMBER_UNKNOWN_SENTINEL,  /* all 7, or 77777779: 不詳 */
    NUMBER_DISASTER_SENTINEL, /* all 9: 災害時の不詳 */
    NUMBER_WRONG_LENGTH,
    NUMBER_NOT_DIGITS,
    NUMBER_WRONG_CHECK_DIGIT,
    NUMBER_WRONG_PREFECTURE, /* not 01-47 nor 51-97 */
    NUMBER_WRONG_LAW,        /* 8 digits with a law number (法別番号) that no insurer has */
};

/*
 * The check digit (検証番号) of a body without it: weights 2, 1, 2, 1 ... from the right, digits of
 * the products added, ten's complement. The individual number has its own rule (省令85号5条).
 * body: ASCII digits. Returns 0 to 9, or -1 where body is not made of digits or has a wrong length.
 */
int number_check_digit(enum number_kind kind, struct text body);

/* What a whole number, check digit included, is. Sentinels are recognised before the check digit.
 */
enum number_verdict number_check(enum number_kind kind, struct text number);

/* "insurer", "institution" ...; false for other words. */
bool number_read_kind(const char *word, enum number_kind *out);
const char *number_kind_name(enum number_kind kind);
/* "good", "wrong_check_digit" ... */
const char *number_verdict_name(enum number_verdict verdict);
/* One line in Japanese and one in English on a verdict. */
const char *number_verdict_ja(enum number_verdict verdict);
const char *number_verdict_en(enum number_verdict verdict);

/* The digit of a half or full width digit (a code point), or -1. */
int number_digit(uint32_t point);

/*
 * Reads an insurer number as receipt computers send it: blanks on either side, or zeros on the left
 * of a six-digit number (00139998). Full-width digits are read too. Six digits stay six.
 * Returns the verdict of what was read; out is set for GOOD and the two sentinels.
 */
enum number_verdict insurer_number_read(struct text text, struct insurer_number *out);

/* 法別番号: the first two of eight digits as a number, 0 for 国保 (six digits). */
int insurer_number_law(struct insurer_number number);
/* Whose insurance a law number is, 0 for 国保; "" where no insurer has it. */
const char *insurer_law_ja(int law);
const char *insurer_law_en(int law);
bool insurer_number_equal(struct insurer_number a, struct insurer_number b);
/* Right-aligned in eight places with blanks on the left, NUL behind: the shape in OQS files. */
void insurer_number_pad(struct insurer_number number, char out[9]);

enum number_verdict institution_code_read(struct text text, struct institution_code *out);
bool institution_code_equal(struct institution_code a, struct institution_code b);
