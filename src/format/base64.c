/* SPDX-License-Identifier: Apache-2.0 */
#include "format/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#define NOT_IN_ALPHABET 64U

static unsigned value_of(char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return (unsigned)(byte - 'A');
    if (byte >= 'a' && byte <= 'z')
        return (unsigned)(byte - 'a') + 26;
    if (byte >= '0' && byte <= '9')
        return (unsigned)(byte - '0') + 52;
    if (byte == '+')
        return 62;
    return byte == '/' ? 63 : NOT_IN_ALPHABET;
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
    struct decoding decoding = {.bytes = out};

    for (size_t i = 0; i < text.size; i++)
        if (!take(&decoding, text.bytes[i]))
            return false;
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
        made[size++] = left > 1 ? alphabet[group >> 6 & 63] : '=';
        made[size++] = left > 2 ? alphabet[group & 63] : '=';
    }
    *out = (struct text){made, size};
    return STATUS_OK;
}
