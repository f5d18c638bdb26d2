/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/der.h"

#include <string.h>

#define LENGTH_BYTES_MAX 4 /* of a length that follows its own size */

static unsigned char byte_at(struct text text, size_t at)
{
    return (unsigned char)text.bytes[at];
}

static void drop(struct text *text, size_t size)
{
    text->bytes += size;
    text->size -= size;
}

unsigned char der_peek(struct text text)
{
    return text.size > 0 ? byte_at(text, 0) : 0;
}

/* A length of several bytes, of which size begin at 2: the shortest form only. */
static bool read_long_length(struct text text, size_t size, size_t *length)
{
    if (size == 0 || size > LENGTH_BYTES_MAX || text.size < 2 + size || byte_at(text, 2) == 0)
        return false;
    *length = 0;
    for (size_t i = 0; i < size; i++)
        *length = *length << 8 | byte_at(text, 2 + i);
    return *length >= 0x80;
}

/* Reads tag and length; head: their bytes, length: of the content, which lies within the text. */
static bool read_head(struct text text, size_t *head, size_t *length)
{
    if (text.size < 2 || (byte_at(text, 0) & 0x1F) == 0x1F)
        return false;
    *head = 2;
    *length = byte_at(text, 1);
    if (*length & 0x80) {
        *head += *length & 0x7F;
        if (!read_long_length(text, *length & 0x7F, length))
            return false;
    }
    return *length <= text.size - *head;
}

bool der_take(struct text *rest, unsigned char tag, struct text *content, struct text *whole)
{
    size_t head = 0;
    size_t length = 0;

    if (der_peek(*rest) != tag || !read_head(*rest, &head, &length))
        return false;
    *content = (struct text){rest->bytes + head, length};
    if (whole)
        *whole = (struct text){rest->bytes, head + length};
    drop(rest, head + length);
    return true;
}

bool der_take_bytes(struct text *rest, const void *bytes, size_t size)
{
    if (rest->size < size || memcmp(rest->bytes, bytes, size) != 0)
        return false;
    drop(rest, size);
    return true;
}

bool der_positive(struct text content, struct text *magnitude)
{
    if (content.size == 0 || (byte_at(content, 0) & 0x80))
        return false;
    if (byte_at(content, 0) == 0) { /* a sign byte is there only where it is needed */
        if (content.size == 1 || !(byte_at(content, 1) & 0x80))
            return false;
        drop(&content, 1);
    }
    *magnitude = content;
    return true;
}

bool der_take_positive(struct text *rest, struct text *magnitude)
{
    struct text content = {0};

    return der_take(rest, DER_INTEGER, &content, NULL) && der_positive(content, magnitude);
}

bool der_take_number(struct text *rest, uint64_t *out)
{
    struct text magnitude = {0};
    uint64_t number = 0;

    if (!der_take_positive(rest, &magnitude) || magnitude.size > sizeof number)
        return false;
    for (size_t i = 0; i < magnitude.size; i++)
        number = number << 8 | byte_at(magnitude, i);
    *out = number;
    return true;
}

/* Arcs in base 128: the last byte ends one, none begins with 0x80. */
static bool oid_ok(struct text content)
{
    bool begins = true;

    for (size_t i = 0; i < content.size; i++) {
        if (begins && byte_at(content, i) == 0x80)
            return false;
        begins = !(byte_at(content, i) & 0x80);
    }
    return content.size > 0 && begins;
}

bool der_take_oid(struct text *rest, struct text *whole)
{
    struct text content = {0};

    return der_take(rest, DER_OID, &content, whole) && oid_ok(content);
}

bool der_take_bits(struct text *rest, struct text *out)
{
    struct text bits = {0};

    if (!der_take(rest, DER_BIT_STRING, &bits, NULL) || !der_take_bytes(&bits, "", 1))
        return false;
    *out = bits;
    return true;
}

bool der_take_sha256_with_rsa(struct text *rest)
{
    static const unsigned char whole[] = {0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                          0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00};

    return der_take_bytes(rest, whole, sizeof whole);
}

static int two_digits(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* mmddHHMMSS of a year. */
static bool read_time(int year, const char *at, struct instant *out)
{
    struct date date = date_of(year, two_digits(at), two_digits(at + 2));
    int hour = two_digits(at + 4);
    int minute = two_digits(at + 6);
    int second = two_digits(at + 8);

    if (!date_ok(date) || hour > 23 || minute > 59 || second > 59)
        return false;
    out->microseconds = (date_to_days(date) * INT64_C(86400) + hour * INT64_C(3600) +
                         minute * INT64_C(60) + second) *
                        1000000;
    return true;
}

bool der_take_time(struct text *rest, struct instant *out)
{
    size_t year_size = der_peek(*rest) == DER_UTC_TIME ? 2 : 4;
    unsigned char tag = year_size == 2 ? DER_UTC_TIME : DER_GENERALIZED_TIME;
    struct text content = {0};
    int year = 0;

    if (!der_take(rest, tag, &content, NULL) || content.size != year_size + 11 ||
        content.bytes[content.size - 1] != 'Z' ||
        !text_is_digits((struct text){content.bytes, content.size - 1}))
        return false;
    year = two_digits(content.bytes);
    if (year_size == 4)
        year = year * 100 + two_digits(content.bytes + 2);
    else
        year += year < 50 ? 2000 : 1900; /* RFC 5280, 4.1.2.5.1 */
    return read_time(year, content.bytes + year_size, out);
}

static bool printable(struct text content)
{
    static const char others[] = " '()+,-./:=?";

    for (size_t i = 0; i < content.size; i++) {
        char byte = content.bytes[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!letter && !(byte >= '0' && byte <= '9') && !memchr(others, byte, sizeof others - 1))
            return false;
    }
    return true;
}

static bool ascii(struct text content)
{
    for (size_t i = 0; i < content.size; i++)
        if (byte_at(content, i) == 0 || byte_at(content, i) >= 0x80)
            return false;
    return true;
}

/* The string types a name may hold. */
static const struct {
    unsigned char tag;
    bool (*ok)(struct text content);
} strings[] = {
    {DER_PRINTABLE_STRING, printable},
    {DER_UTF8_STRING, text_is_utf8},
    {DER_IA5_STRING, ascii},
};

static bool take_string(struct text *rest)
{
    struct text content = {0};

    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        if (der_take(rest, strings[i].tag, &content, NULL))
            return content.size > 0 && strings[i].ok(content);
    return false;
}

bool der_take_name(struct text *rest, struct text *whole)
{
    struct text parts = {0};

    if (!der_take(rest, DER_SEQUENCE, &parts, whole))
        return false;
    while (parts.size > 0) {
        struct text part = {0};
        struct text attribute = {0};
        struct text type = {0};
        if (!der_take(&parts, DER_SET, &part, NULL) ||
            !der_take(&part, DER_SEQUENCE, &attribute, NULL) || part.size > 0 ||
            !der_take_oid(&attribute, &type) || !take_string(&attribute) || attribute.size > 0)
            return false;
    }
    return true;
}
