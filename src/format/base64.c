/* SPDX-License-Identifier: Apache-2.0 */
#include "format/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

#define PADDING 64U         /* its place in the alphabet */
#define NOT_IN_ALPHABET 64U /* the only value above 63 */
#define NO NOT_IN_ALPHABET

/* By byte: its value, six bits. A look-up, as the bytes of a certificate are random. */
// clang-format off
static const unsigned char values[256] = {
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 62, NO, NO, NO, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NO, NO, NO, NO, NO, NO,
    NO, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO, NO,
    NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
};
// clang-format on
#undef NO

static unsigned value_of(char byte)
{
    return values[(unsigned char)byte];
}

/* Decodes four characters at once; false where one of them is not in the alphabet. */
static bool take_four(const char *in, char *out)
{
    unsigned a = value_of(in[0]);
    unsigned b = value_of(in[1]);
    unsigned c = value_of(in[2]);
    unsigned d = value_of(in[3]);
    unsigned bits = a << 18 | b << 12 | c << 6 | d;

    if ((a | b | c | d) > 63)
        return false;
    out[0] = (char)(bits >> 16);
    out[1] = (char)(bits >> 8 & 0xFF);
    out[2] = (char)(bits & 0xFF);
    return true;
}

/* A decoding under way. */
struct decoding {
    char *bytes;
    size_t size;
    unsigned bits;   /* read and not yet written out */
    size_t digits;   /* of the alphabet */
    size_t paddings; /* = */
};

/* Takes one character; false where it may not stand there. */
static bool take(struct decoding *decoding, char byte)
{
    unsigned value = value_of(byte);

    if (byte == '\r' || byte == '\n')
        return true;
    if (byte == '=')
        return ++decoding->paddings <= 2;
    if (value == NOT_IN_ALPHABET || decoding->paddings > 0)
        return false;
    decoding->bits = decoding->bits << 6 | value;
    if (decoding->digits++ % 4 != 0) {
        size_t spare = 6 - 2 * ((decoding->digits - 1) % 4);
        decoding->bytes[decoding->size++] = (char)(decoding->bits >> spare & 0xFF);
        decoding->bits &= (1U << spare) - 1;
    }
    return true;
}

bool base64_read(struct text text, char *out, size_t *size)
{
    struct decoding decoding = {0};

    decoding.bytes = out;
    for (size_t at = 0; at < text.size;) {
        if (decoding.digits % 4 == 0 && decoding.paddings == 0 && text.size - at >= 4 &&
            take_four(text.bytes + at, out + decoding.size)) {
            at += 4;
            decoding.size += 3;
        } else if (!take(&decoding, text.bytes[at++])) {
            return false;
        }
    }
    *size = decoding.size;
    return (decoding.digits + decoding.paddings) % 4 == 0 && decoding.bits == 0;
}

enum status base64_write(struct scope *scope, struct text bytes, struct text *out)
{
    const unsigned char *in = (const unsigned char *)bytes.bytes;
    char *made = NULL;
    size_t size = 0;

    TRY(scope_alloc(scope, bytes.size / 3 * 4 + 5, 1, &made));
    for (size_t at = 0; at < bytes.size; at += 3) {
        size_t left = bytes.size - at;
        unsigned group = (unsigned)in[at] << 16;
        group |= left > 1 ? (unsigned)in[at + 1] << 8 : 0;
        group |= left > 2 ? in[at + 2] : 0U;
        made[size++] = alphabet[group >> 18];
        made[size++] = alphabet[group >> 12 & 63];
        made[size++] = alphabet[left > 1 ? group >> 6 & 63 : PADDING];
        made[size++] = alphabet[left > 2 ? group & 63 : PADDING];
    }
    *out = (struct text){made, size};
    return STATUS_OK;
}
