/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tus.h"

#include <string.h>

#include "base/hex.h"
#include "base/text.h"
#include "format/base64.h"

bool tus_read_number(const char *value, int64_t *out)
{
    return value && text_read_number(text_of(value), out);
}

/* --- metadata -----------------------------------------------------------------------------------
 */

static bool key_good(struct text key)
{
    for (size_t i = 0; i < key.size; i++)
        if (key.bytes[i] < 0x21 || key.bytes[i] > 0x7E)
            return false;
    return key.size > 0;
}

/* UTF-8 without control characters. */
static bool read_name(struct text value, char out[SPOOL_NAME_SIZE])
{
    if (value.size >= SPOOL_NAME_SIZE || !text_is_utf8(value))
        return false;
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.bytes[i] < 0x20 || value.bytes[i] == 0x7F)
            return false;
    if (value.size > 0)
        memcpy(out, value.bytes, value.size);
    out[value.size] = '\0';
    return true;
}

static bool read_hash(struct text value, char out[SPOOL_HASH_SIZE])
{
    unsigned char hash[(SPOOL_HASH_SIZE - 1) / 2];

    if (!hex_read(value, hash, sizeof hash))
        return false;
    hex_write(hash, sizeof hash, out);
    return true;
}

/* One pair; the value is what it decodes to. filename wins over name, in whatever order. */
static bool take_pair(struct text key, struct text value, bool *named, struct tus_metadata *out)
{
    if (text_is(key, "filename")) {
        *named = true;
        return read_name(value, out->name);
    }
    if (text_is(key, "name") && !*named)
        return read_name(value, out->name);
    if (text_is(key, "sha256"))
        return read_hash(value, out->sha256);
    return true;
}

/* Cuts the text at the first separator: what is before it is returned, what is behind it stays. */
static struct text cut(struct text *text, char separator)
{
    const char *at = text->size > 0 ? memchr(text->bytes, separator, text->size) : NULL;
    struct text head = {text->bytes, at ? (size_t)(at - text->bytes) : text->size};

    text->size -= at ? head.size + 1 : head.size;
    text->bytes = at ? at + 1 : text->bytes;
    return head;
}

static bool is_new(const struct text *keys, size_t count, struct text key)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(keys[i], key))
            return false;
    return true;
}

bool tus_read_metadata(const char *value, struct tus_metadata *out)
{
    struct text rest = value ? text_trim(text_of(value)) : (struct text){0};
    struct text keys[TUS_KEYS_MAX];
    bool named = false;

    *out = (struct tus_metadata){.name = ""};
    if (rest.size > TUS_METADATA_MAX)
        return false;
    for (size_t count = 0; rest.size > 0; count++) {
        bool last = !memchr(rest.bytes, ',', rest.size);
        struct text pair = text_trim(cut(&rest, ','));
        struct text key = cut(&pair, ' ');
        char decoded[BASE64_ROOM(TUS_METADATA_MAX)];
        size_t size = 0;
        if (count == TUS_KEYS_MAX || !key_good(key) || !is_new(keys, count, key) ||
            !base64_read(pair, decoded, &size) ||
            !take_pair(key, (struct text){decoded, size}, &named, out) || (rest.size == 0 && !last))
            return false;
        keys[count] = key;
    }
    return true;
}

/* --- range --------------------------------------------------------------------------------------
 */

/* "-N": the last N bytes. */
static bool read_suffix(struct text number, int64_t size, struct tus_range *out, bool *whole)
{
    int64_t count = 0;

    if (!text_read_number(number, &count))
        return true;
    *whole = false;
    *out = (struct tus_range){count < size ? size - count : 0, size - 1};
    return count > 0;
}

bool tus_read_range(const char *value, int64_t size, struct tus_range *out, bool *whole)
{
    struct text rest = text_of(value);
    struct text first = {0};
    struct tus_range range = {0, size - 1};

    *whole = true;
    *out = range;
    if (!text_starts_with(rest, "bytes="))
        return true;
    cut(&rest, '=');
    if (!memchr(rest.bytes, '-', rest.size))
        return true;
    first = cut(&rest, '-');
    if (first.size == 0)
        return read_suffix(rest, size, out, whole);
    if (!text_read_number(first, &range.first) ||
        (rest.size > 0 && (!text_read_number(rest, &range.last) || range.last < range.first)))
        return true;
    if (range.last >= size)
        range.last = size - 1;
    *whole = false;
    *out = range;
    return range.first < size;
}
