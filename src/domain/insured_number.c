/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/insured_number.h"

#include <string.h>
#include <utf8proc.h>

#define LONG_VOWEL 0x30FC /* ー: a letter behind kana, else a hyphen that people typed */
#define IDEOGRAPHIC_SPACE 0x3000

/* Dashes and slashes that stand for one another on paper. */
static bool is_separator(int32_t point)
{
    return point == '-' || point == '/' || (point >= 0x2010 && point <= 0x2015) ||
           point == 0x2043 || point == 0x2044 || point == 0x2212 || point == 0x2215;
}

static bool is_blank(int32_t point)
{
    return (point >= '\t' && point <= '\r') || point == ' ' ||
           utf8proc_category(point) == UTF8PROC_CATEGORY_ZS;
}

static bool is_kana(int32_t point)
{
    return point >= 0x3041 && point <= 0x30FF && point != 0x30FB;
}

static bool is_dropped(int32_t point, int32_t before)
{
    if (point == LONG_VOWEL)
        return !is_kana(before);
    return is_separator(point) || is_blank(point);
}

/* The fast path: nearly every number, and most symbols. Returns the length. */
static size_t normalise_ascii(struct text text, char *out)
{
    size_t size = 0;

    for (size_t i = 0; i < text.size; i++) {
        int byte = (unsigned char)text.bytes[i];
        if (byte == '-' || byte == '/' || byte == ' ' || (byte >= '\t' && byte <= '\r'))
            continue;
        out[size++] = (char)(byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte);
    }
    return size;
}

/* Drops what does not count and makes letters upper case, in place. */
static utf8proc_ssize_t filter_points(int32_t *points, utf8proc_ssize_t count)
{
    utf8proc_ssize_t kept = 0;

    for (utf8proc_ssize_t i = 0; i < count; i++)
        if (!is_dropped(points[i], kept > 0 ? points[kept - 1] : 0))
            points[kept++] = utf8proc_toupper(points[i]);
    return kept;
}

/* NFKC with the filter between decomposing and composing. Returns the length, or -1: does not fit.
 */
static int normalise_points(struct text text, char *out)
{
    int32_t points[INSURED_NORMAL_SIZE];
    const utf8proc_option_t split =
        UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE;
    const utf8proc_option_t join = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t count =
        utf8proc_decompose((const utf8proc_uint8_t *)text.bytes, (utf8proc_ssize_t)text.size,
                           points, INSURED_NORMAL_SIZE, split);
    int size = 0;

    if (count < 0 || count > INSURED_NORMAL_SIZE)
        return -1;
    count = utf8proc_normalize_utf32(points, filter_points(points, count), join);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t more = utf8proc_encode_char(points[i], bytes);
        if (size + more >= INSURED_NORMAL_SIZE)
            return -1;
        memcpy(out + size, bytes, (size_t)more);
        size += (int)more;
    }
    return size;
}

static bool is_ascii(struct text text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.bytes[i] >= 0x80)
            return false;
    return true;
}

static void strip_leading_zeros(char *number)
{
    size_t zeros = strspn(number, "0");

    if (zeros > 0 && number[zeros] == 0)
        zeros--;
    memmove(number, number + zeros, strlen(number + zeros) + 1);
}

bool insured_text_normalise(struct text text, bool strip_zeros, char out[INSURED_NORMAL_SIZE])
{
    int size = 0;

    out[0] = 0;
    if (text.size > (size_t)INSURED_TEXT_MAX * 4 || !text_is_utf8(text) ||
        text_length(text) > INSURED_TEXT_MAX)
        return false;
    size = is_ascii(text) ? (int)normalise_ascii(text, out) : normalise_points(text, out);
    out[size < 0 ? 0 : size] = 0;
    if (strip_zeros)
        strip_leading_zeros(out);
    return size >= 0;
}

bool insured_branch_read(struct text text, char out[3])
{
    int digits[2] = {0};
    size_t count = 0;

    out[0] = 0;
    if (text.size > (size_t)INSURED_TEXT_MAX * 4 || !text_is_utf8(text))
        return false;
    for (size_t at = 0; at < text.size;) {
        uint32_t point = text_next(text, &at);
        int digit = number_digit(point);
        if (point == ' ' || point == IDEOGRAPHIC_SPACE)
            continue;
        if (digit < 0 || count == 2)
            return false;
        digits[count++] = digit;
    }
    if (count == 0)
        return true;
    out[0] = (char)('0' + (count == 2 ? digits[0] : 0));
    out[1] = (char)('0' + digits[count - 1]);
    out[2] = 0;
    return true;
}
