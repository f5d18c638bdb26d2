/* SPDX-License-Identifier: Apache-2.0
 *
 * The written form of names, kana and addresses in which the resident register is compared: see
 * docs/resident-register.md for the list of what falls together.
 */
#include <string.h>
#include <utf8proc.h>

#include "domain/register_comparison.h"

#define POINTS_MAX REGISTER_ITEM_MAX
#define MIDDLE_DOT 0x30FB
#define LONG_VOWEL 0x30FC
#define REPEAT_MARK 0x3005 /* 々 */

/* Code points, as they are rewritten in place. */
struct points {
    int32_t at[POINTS_MAX];
    utf8proc_ssize_t count;
};

/* --- one character ------------------------------------------------------------------------------
 */

static bool is_blank(int32_t point)
{
    return (point >= '\t' && point <= '\r') || point == ' ' ||
           utf8proc_category(point) == UTF8PROC_CATEGORY_ZS;
}

static bool is_dash(int32_t point)
{
    return point == '-' || (point >= 0x2010 && point <= 0x2015) || point == 0x2043 ||
           point == 0x2212 || point == 0x2500;
}

static bool is_digit(int32_t point)
{
    return point >= '0' && point <= '9';
}

/* Hiragana to katakana, small letters to large ones: old systems had no small ones. */
static int32_t fold_kana(int32_t point)
{
    static const struct {
        int32_t small, large;
    } pairs[] = {
        {0x30A1, 0x30A2}, {0x30A3, 0x30A4}, {0x30A5, 0x30A6}, {0x30A7, 0x30A8},
        {0x30A9, 0x30AA}, {0x30C3, 0x30C4}, {0x30E3, 0x30E4}, {0x30E5, 0x30E6},
        {0x30E7, 0x30E8}, {0x30EE, 0x30EF}, {0x30F5, 0x30AB}, {0x30F6, 0x30B1},
    };

    if (point >= 0x3041 && point <= 0x3096)
        point += 0x60;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (point == pairs[i].small)
            return pairs[i].large;
    return point;
}

static int32_t fold_variant(int32_t point)
{
    static const struct {
        int32_t variant, common;
    } variants[] = {
#define VARIANT(variant, common) {variant, common},
#include "domain/name_variants.def"
#undef VARIANT
    };
    size_t low = 0;
    size_t high = sizeof variants / sizeof variants[0];

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (variants[middle].variant == point)
            return variants[middle].common;
        if (variants[middle].variant < point)
            low = middle + 1;
        else
            high = middle;
    }
    return point;
}

/* --- to code points, and back ------------------------------------------------------------------
 */

/* NFKC without variation selectors and other characters that show nothing. */
static bool read_points(struct text text, struct points *out)
{
    const utf8proc_option_t split =
        UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE;

    if (text.size > REGISTER_ITEM_MAX || !text_is_utf8(text))
        return false;
    out->count = utf8proc_decompose((const utf8proc_uint8_t *)(text.size ? text.bytes : ""),
                                    (utf8proc_ssize_t)text.size, out->at, POINTS_MAX, split);
    if (out->count < 0 || out->count > POINTS_MAX)
        return false;
    out->count = utf8proc_normalize_utf32(out->at, out->count, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return out->count >= 0;
}

static bool write_points(const struct points *points, char out[REGISTER_ITEM_MAX + 1])
{
    utf8proc_ssize_t size = 0;

    for (utf8proc_ssize_t i = 0; i < points->count; i++) {
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t more = utf8proc_encode_char(points->at[i], bytes);
        if (size + more > REGISTER_ITEM_MAX)
            return false;
        memcpy(out + size, bytes, (size_t)more);
        size += more;
    }
    out[size] = '\0';
    return true;
}

/* --- names and kana -----------------------------------------------------------------------------
 */

bool register_normalise_name(struct text text, char out[REGISTER_ITEM_MAX + 1])
{
    struct points points;
    utf8proc_ssize_t kept = 0;

    if (!read_points(text, &points))
        return false;
    for (utf8proc_ssize_t i = 0; i < points.count; i++) {
        int32_t point = points.at[i];
        if (is_blank(point) || point == MIDDLE_DOT)
            continue;
        if (point == REPEAT_MARK && kept > 0)
            point = points.at[kept - 1];
        points.at[kept++] = fold_variant(utf8proc_toupper(point));
    }
    points.count = kept;
    return write_points(&points, out);
}

bool register_normalise_kana(struct text text, char out[REGISTER_ITEM_MAX + 1])
{
    struct points points;
    utf8proc_ssize_t kept = 0;

    if (!read_points(text, &points))
        return false;
    for (utf8proc_ssize_t i = 0; i < points.count; i++) {
        int32_t point = points.at[i];
        if (is_blank(point) || point == MIDDLE_DOT)
            continue;
        points.at[kept++] = is_dash(point) ? LONG_VOWEL : fold_kana(utf8proc_toupper(point));
    }
    points.count = kept;
    return write_points(&points, out);
}

/* --- addresses ----------------------------------------------------------------------------------
 */

static int kanji_digit(int32_t point)
{
    static const int32_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                     0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};

    for (int i = 0; i < 10; i++)
        if (digits[i] == point)
            return i;
    return -1;
}

#define KANJI_TEN 0x5341
#define KANJI_BLOCK 0x4E01  /* 丁, of 丁目 */
#define KANJI_LOT 0x756A    /* 番, of 番 and 番地 */
#define KANJI_HOUSE 0x53F7  /* 号 */
#define KANJI_EYE 0x76EE    /* 目 */
#define KANJI_GROUND 0x5730 /* 地 */

static bool is_unit(int32_t point)
{
    return point == KANJI_BLOCK || point == KANJI_LOT || point == KANJI_HOUSE;
}

/* 二十三丁目: the number that begins at i, where a unit stands behind it; returns how many code
 * points it takes, 0 where there is none. */
static utf8proc_ssize_t read_kanji_number(const struct points *points, utf8proc_ssize_t i, int *out)
{
    utf8proc_ssize_t begin = i;
    int tens = 0;
    int ones = 0;

    for (; i < points->count && i - begin < 4; i++) {
        int digit = kanji_digit(points->at[i]);
        if (points->at[i] == KANJI_TEN) {
            tens = ones ? ones : 1;
            ones = 0;
        } else if (digit >= 0) {
            ones = digit;
        } else {
            break;
        }
    }
    if (i == begin || i >= points->count || !is_unit(points->at[i]))
        return 0;
    *out = tens * 10 + ones;
    return i - begin;
}

static utf8proc_ssize_t put_number(struct points *points, utf8proc_ssize_t kept, int number)
{
    if (number >= 10)
        points->at[kept++] = '0' + number / 10;
    points->at[kept++] = '0' + number % 10;
    return kept;
}

/* Kanji numerals before a unit to digits. */
static void numerals_to_digits(struct points *points)
{
    struct points from = *points;
    utf8proc_ssize_t kept = 0;

    for (utf8proc_ssize_t i = 0; i < from.count && kept + 2 <= POINTS_MAX;) {
        int number = 0;
        utf8proc_ssize_t taken = read_kanji_number(&from, i, &number);
        if (taken > 0)
            kept = put_number(points, kept, number);
        else
            points->at[kept++] = from.at[i++];
        i += taken;
    }
    points->count = kept;
}

/* Code points of a unit behind a digit: 丁目 2, 番地 2, 番 1, 号 1; else 0. */
static utf8proc_ssize_t unit_size(const struct points *points, utf8proc_ssize_t i)
{
    int32_t point = points->at[i];
    int32_t next = i + 1 < points->count ? points->at[i + 1] : 0;

    if (point == KANJI_BLOCK)
        return next == KANJI_EYE ? 2 : 0;
    if (point == KANJI_LOT)
        return next == KANJI_GROUND ? 2 : 1;
    return point == KANJI_HOUSE ? 1 : 0;
}

/* 2丁目3番4号, 2-3-4, 2－3　4: one hyphen between two numbers, none elsewhere; other blanks go. */
static void join_numbers(struct points *points)
{
    utf8proc_ssize_t kept = 0;
    bool parted = false;

    for (utf8proc_ssize_t i = 0; i < points->count;) {
        int32_t point = points->at[i];
        bool behind = kept > 0 && is_digit(points->at[kept - 1]);
        utf8proc_ssize_t unit = behind ? unit_size(points, i) : 0;
        if (unit > 0 || is_blank(point) || (behind && (is_dash(point) || point == LONG_VOWEL))) {
            parted = true;
            i += unit > 0 ? unit : 1;
            continue;
        }
        if (parted && behind && is_digit(point))
            points->at[kept++] = '-';
        parted = false;
        points->at[kept++] = fold_variant(fold_kana(utf8proc_toupper(point)));
        i++;
    }
    points->count = kept;
}

static void drop_front(struct points *points, utf8proc_ssize_t count)
{
    points->count -= count;
    memmove(points->at, points->at + count, (size_t)points->count * sizeof points->at[0]);
}

/* 都 道 府 県 as third or fourth character: 東京都, 北海道, 京都府, 神奈川県. */
static void drop_prefecture(struct points *points)
{
    for (utf8proc_ssize_t i = 2; i < 4 && i < points->count; i++) {
        int32_t point = points->at[i];
        bool third = i == 2 && (point == 0x90FD || point == 0x9053 || point == 0x5E9C);
        if (third || point == 0x770C) {
            drop_front(points, i + 1);
            return;
        }
    }
}

/* 大字 is written or left out. */
static void drop_large_section(struct points *points)
{
    utf8proc_ssize_t kept = 0;

    for (utf8proc_ssize_t i = 0; i < points->count; i++)
        if (points->at[i] == 0x5927 && i + 1 < points->count && points->at[i + 1] == 0x5B57)
            i++;
        else
            points->at[kept++] = points->at[i];
    points->count = kept;
}

bool register_normalise_address(struct text text, char out[REGISTER_ITEM_MAX + 1])
{
    struct points points;

    if (!read_points(text, &points))
        return false;
    numerals_to_digits(&points);
    join_numbers(&points);
    drop_large_section(&points);
    drop_prefecture(&points);
    return write_points(&points, out);
}
