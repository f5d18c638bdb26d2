/* SPDX-License-Identifier: Apache-2.0
 *
 * Two tables, filled once from iconv's CP932: a request then needs no iconv_open(), which costs
 * more than converting a whole message.
 */
#include "format/cp932.h"

#include <iconv.h>
#include <pthread.h>

#define TRAILS 256  /* a row for each lead byte */
#define GETA 0x819C /* ● */
#define BMP_END 0x10000U
#define SELECTOR_FIRST 0xFE00U /* variation selectors */
#define SELECTOR_LAST 0xFE0FU
#define SELECTOR_MORE_FIRST 0xE0100U /* ideographic ones */
#define SELECTOR_MORE_LAST 0xE01EFU

static struct {
    bool filled;
    uint16_t points[TRAILS][TRAILS]; /* [lead][trail], [0][byte] for one byte; 0 = not CP932 */
    uint16_t codes[BMP_END];         /* 0 = CP932 cannot hold it; below 256: one byte */
} table;

/*
 * Characters that other systems use for what CP932 knows by another code point. iconv knows wave
 * dash, minus and their like; it would make yen sign and overline a backslash and a tilde.
 */
static const struct {
    uint16_t from, to;
} likenesses[] = {
    {0x00A0, 0x0020}, /* no-break space */
    {0x00A5, 0xFFE5}, /* yen sign */
    {0x00A6, 0xFFE4}, /* broken bar */
    {0x203E, 0xFFE3}, /* overline */
};

/* One character to CP932; 0 where it has none. */
static uint16_t code_of(iconv_t to_cp932, uint32_t point)
{
    char in[3] = {(char)(0xE0 | point >> 12), (char)(0x80 | (point >> 6 & 0x3F)),
                  (char)(0x80 | (point & 0x3F))};
    unsigned char out[4] = {0};
    char *from = in;
    char *to = (char *)out;
    size_t in_left = sizeof in;
    size_t out_left = sizeof out;

    if (point < 0x80)
        return (uint16_t)point;
    if (point < 0x800) {
        in[0] = (char)(0xC0 | point >> 6);
        in[1] = in[2];
        in_left = 2;
    }
    if (iconv(to_cp932, &from, &in_left, &to, &out_left) == (size_t)-1) {
        (void)iconv(to_cp932, NULL, NULL, NULL, NULL);
        return 0;
    }
    return (uint16_t)(out_left == 3 ? out[0] : out[0] << 8 | out[1]);
}

/* Two bytes (or one, where size is 1) to a code point; 0 where they are not CP932. */
static uint16_t point_of(iconv_t to_utf16, unsigned lead, unsigned trail, size_t size)
{
    char in[2] = {(char)lead, (char)trail};
    unsigned char out[8] = {0};
    char *from = in;
    char *to = (char *)out;
    size_t out_left = sizeof out;

    if (iconv(to_utf16, &from, &size, &to, &out_left) == (size_t)-1 || out_left != 6) {
        (void)iconv(to_utf16, NULL, NULL, NULL, NULL);
        return 0;
    }
    return (uint16_t)(out[0] | out[1] << 8);
}

static bool is_lead(unsigned byte)
{
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

static void fill_points(iconv_t to_utf16)
{
    for (unsigned byte = 1; byte < TRAILS; byte++)
        if (!is_lead(byte))
            table.points[0][byte] = point_of(to_utf16, byte, 0, 1);
    for (unsigned lead = 0x81; lead <= 0xFC; lead++)
        for (unsigned trail = 0x40; is_lead(lead) && trail <= 0xFC; trail++)
            table.points[lead][trail] = point_of(to_utf16, lead, trail, 2);
}

static void fill_codes(iconv_t to_cp932)
{
    for (uint32_t point = 1; point < BMP_END; point++)
        if (point < 0xD800 || point > 0xDFFF)
            table.codes[point] = code_of(to_cp932, point);
    for (size_t i = 0; i < sizeof likenesses / sizeof *likenesses; i++)
        table.codes[likenesses[i].from] = table.codes[likenesses[i].to];
}

static void fill(void)
{
    iconv_t to_utf16 = iconv_open("UTF-16LE", "CP932");
    iconv_t to_cp932 = iconv_open("CP932", "UTF-8");
    iconv_t failed = (iconv_t)-1; /* NOLINT(performance-no-int-to-ptr): iconv's own sign */

    if (to_utf16 != failed && to_cp932 != failed) {
        fill_points(to_utf16);
        fill_codes(to_cp932);
        table.filled = true;
    }
    if (to_utf16 != failed)
        iconv_close(to_utf16);
    if (to_cp932 != failed)
        iconv_close(to_cp932);
}

static enum status fill_once(struct scope *scope)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, fill);
    if (!table.filled)
        return scope_fail(scope, CAUSE_INTERNAL, "iconv of this system has no CP932");
    return STATUS_OK;
}

/* Writes a code point below 0x10000; returns the bytes written, 1 to 3. */
static size_t put_utf8(char *out, unsigned point)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | point >> 12);
    out[1] = (char)(0x80 | (point >> 6 & 0x3F));
    out[2] = (char)(0x80 | (point & 0x3F));
    return 3;
}

enum status cp932_to_utf8(struct scope *scope, struct text cp932, struct text *out)
{
    const unsigned char *bytes = (const unsigned char *)cp932.bytes;
    char *utf8 = NULL;
    size_t size = 0;

    TRY(fill_once(scope));
    TRY(scope_alloc(scope, cp932.size + 1, 3, &utf8)); /* a half-width kana: one byte, then three */
    for (size_t at = 0; at < cp932.size; at++) {
        unsigned point = table.points[0][bytes[at]];
        if (is_lead(bytes[at]) && at + 1 < cp932.size) {
            point = table.points[bytes[at]][bytes[at + 1]];
            at++;
        }
        if (point == 0)
            return scope_fail(scope, CAUSE_ENCODING, "byte %zu is not CP932", at + 1);
        size += put_utf8(utf8 + size, point);
    }
    *out = (struct text){utf8, size};
    return STATUS_OK;
}

static bool is_selector(uint32_t point)
{
    return (point >= SELECTOR_FIRST && point <= SELECTOR_LAST) ||
           (point >= SELECTOR_MORE_FIRST && point <= SELECTOR_MORE_LAST);
}

/* Writes a code; returns the bytes written. */
static size_t put_code(char *out, unsigned code)
{
    if (code < 0x100) {
        out[0] = (char)code;
        return 1;
    }
    out[0] = (char)(code >> 8);
    out[1] = (char)(code & 0xFF);
    return 2;
}

enum status utf8_to_cp932(struct scope *scope, struct text utf8, struct text *out, size_t *replaced)
{
    char *cp932 = NULL;
    size_t size = 0;
    size_t count = 0;

    TRY(fill_once(scope));
    if (!text_is_utf8(utf8))
        return scope_fail(scope, CAUSE_ENCODING, "what becomes CP932 is not UTF-8");
    TRY(scope_alloc(scope, utf8.size + 1, 2, &cp932)); /* half-width yen: one byte, then two */
    for (size_t at = 0; at < utf8.size;) {
        if ((unsigned char)utf8.bytes[at] < 0x80) { /* most of a message */
            cp932[size++] = utf8.bytes[at++];
            continue;
        }
        uint32_t point = text_next(utf8, &at);
        uint16_t code = point < BMP_END ? table.codes[point] : 0;
        if (is_selector(point))
            continue; /* its base stands there already, or its ● */
        count += code == 0;
        size += put_code(cp932 + size, code == 0 ? GETA : code);
    }
    *out = (struct text){cp932, size};
    *replaced = count;
    return STATUS_OK;
}
