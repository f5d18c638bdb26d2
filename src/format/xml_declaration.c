/* SPDX-License-Identifier: Apache-2.0 */
#include "format/xml_declaration.h"

#include <string.h>
#include <strings.h>

/* A declaration longer than this is none of ours (bytes). */
#define DECLARATION_MAX 256

static const struct {
    const char *name;
    enum oqs_encoding encoding;
} encodings[] = {
    {"UTF-8", OQS_UTF8},
    {"UTF8", OQS_UTF8},
    {"Shift_JIS", OQS_SHIFT_JIS},
    {"Shift-JIS", OQS_SHIFT_JIS},
    {"SJIS", OQS_SHIFT_JIS},
    {"CP932", OQS_SHIFT_JIS},
    {"Windows-31J", OQS_SHIFT_JIS},
    {"MS932", OQS_SHIFT_JIS},
};

/* What stands between <?xml and ?>, blanks included; empty where there is no declaration. */
static struct text declaration_of(struct text bytes)
{
    const char *end = NULL;

    if (bytes.size < 6 || !text_starts_with(bytes, "<?xml") || !strchr(" \t\r\n", bytes.bytes[5]) ||
        bytes.bytes[5] == '\0')
        return (struct text){0};
    if (bytes.size > DECLARATION_MAX)
        bytes.size = DECLARATION_MAX;
    end = memmem(bytes.bytes, bytes.size, "?>", 2);
    if (!end)
        return (struct text){0};
    return (struct text){bytes.bytes + 5, (size_t)(end - bytes.bytes) - 5};
}

/* Takes the next name='value' off the front of rest; false at the end or where it is none. */
static bool next_pair(struct text *rest, struct text *name, struct text *value)
{
    const char *equals = memchr(rest->bytes, '=', rest->size);
    struct text quoted = {0};
    const char *end = NULL;

    if (!equals)
        return false;
    *name = text_trim((struct text){rest->bytes, (size_t)(equals - rest->bytes)});
    quoted = text_trim((struct text){equals + 1, rest->size - (size_t)(equals - rest->bytes) - 1});
    if (quoted.size < 2 || (quoted.bytes[0] != '"' && quoted.bytes[0] != '\''))
        return false;
    end = memchr(quoted.bytes + 1, quoted.bytes[0], quoted.size - 1);
    if (!end)
        return false;
    *value = (struct text){quoted.bytes + 1, (size_t)(end - quoted.bytes) - 1};
    *rest = (struct text){end + 1, quoted.size - value->size - 2};
    return true;
}

static bool encoding_of_name(struct text name, enum oqs_encoding *encoding)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (name.size == strlen(encodings[i].name) &&
            strncasecmp(name.bytes, encodings[i].name, name.size) == 0) {
            *encoding = encodings[i].encoding;
            return true;
        }
    return false;
}

bool xml_declared_encoding(struct text bytes, enum oqs_encoding *encoding, size_t *mark)
{
    struct text rest = {0};
    struct text name = {0};
    struct text value = {0};

    *encoding = OQS_UTF8;
    *mark = text_starts_with(bytes, "\xEF\xBB\xBF") ? 3 : 0;
    if (text_starts_with(bytes, "\xFF\xFE") || text_starts_with(bytes, "\xFE\xFF"))
        return false;
    rest = declaration_of((struct text){bytes.bytes + *mark, bytes.size - *mark});
    while (rest.size > 0 && next_pair(&rest, &name, &value))
        if (text_is(name, "encoding"))
            return encoding_of_name(value, encoding) && (*mark == 0 || *encoding == OQS_UTF8);
    return true;
}
