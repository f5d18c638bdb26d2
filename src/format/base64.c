/* SPDX-License-Identifier: Apache-2.0 */
#include "format/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

#define PADDING 64U         /* its place in the alphabet */
#define NOT_IN_ALPHABET 64U /* the only value above 63 */

/* Without branches: the bytes of a certificate are random, and guessing would go wrong. */
static unsigned value_of(char byte)
{
    unsigned code = (unsigned char)byte;
    unsigned value = NOT_IN_ALPHABET;

    value = code - 'A' < 26 ? code - 'A' : value;
    value = code - 'a' < 26 ? code - 'a' + 26 : value;
    value = code - '0' < 10 ? code - '0' + 52 : value;
    value = code == '+' ? 62 : value;
    value = code == '/' ? 63 : value;
    return value;
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
