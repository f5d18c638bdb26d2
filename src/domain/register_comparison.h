/* SPDX-License-Identifier: Apache-2.0
 *
 * register_comparison.h - is the person of an insurer's record the one of the resident register?
 *
 * After a registration the insurer's record is compared with the resident register (住民基本台帳,
 * asked over 住基ネット). What differs decides what is stopped: class 1 (birth date or sex) stops
 * everything, 2 (both names, or one name and the address) and 3 (the address) stop medical
 * information. Two ways of writing one name are no difference: see name_variants.def. Pure.
 * Source: insurers-and-documents 2.4. Proven by: tests/unit/domain/test_register_comparison.c.
 */
#pragma once

#include "domain/person.h"
#include "domain/rule.h"

/* Longest item that is compared, bytes of UTF-8; a longer one differs from everything. */
#define REGISTER_ITEM_MAX 768

/* The five items (5情報) by which a person is known. Texts as they are written; not normalised. */
struct register_identity {
    struct text name;    /* 氏名, kanji */
    struct text kana;    /* 氏名カナ, half or full width */
    struct text address; /* 住所 */
    struct date birth;   /* 生年月日 */
    enum sex sex;        /* 性別; SEX_NOT_SET (printed on the back: give sex2) is not compared */
};

/* What differs, a bit each. */
enum {
    REGISTER_BIRTH = 1,
    REGISTER_SEX = 2,
    REGISTER_NAME = 4,
    REGISTER_KANA = 8,
    REGISTER_ADDRESS = 16,
};

/* What a comparison found. */
struct register_comparison {
    int difference;     /* 0 equal, 1 to 3: the class, as person.register_difference */
    unsigned items;     /* REGISTER_ bits of what differs */
    unsigned rewritten; /* REGISTER_ bits of what is equal but written otherwise (variant, width) */
    enum rule_id rule;  /* why */
};

/* Compares what an insurer reported with what the register has. Cannot fail. */
struct register_comparison register_compare(const struct register_identity *reported,
                                            const struct register_identity *held);

/* What a comparison by a number says that the register does not have: class 1. */
struct register_comparison register_unknown(void);

/* The rule of a difference's class, 0 to 3. */
enum rule_id register_rule_of(int difference);

/* The classes that a registration of "no doubt, with reason" (理由付き疑いなし) clears: true where
 * a reason that was given for one class still stands when a later comparison finds another. */
bool register_reason_stands(int given_for, int found);

/*
 * The written form that comparisons use, into out (REGISTER_ITEM_MAX bytes and a NUL); false where
 * it does not fit or is no UTF-8. Names: width, blanks, variation selectors and variant characters
 * (髙 高) fall together. Kana: width, hiragana and small letters too. Addresses: blanks, numerals
 * and the words between them (二丁目３番４号, 2-3-4), 大字, the prefecture at the front.
 */
bool register_normalise_name(struct text text, char out[REGISTER_ITEM_MAX + 1]);
bool register_normalise_kana(struct text text, char out[REGISTER_ITEM_MAX + 1]);
bool register_normalise_address(struct text text, char out[REGISTER_ITEM_MAX + 1]);
