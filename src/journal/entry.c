/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/entry.h"

#include <stdio.h>
#include <string.h>

#include "journal/bytes.h"

#define FLAG_DEGRADED 1U
#define CLASS_SHIFT 1
#define FLAGS_MAX (CLASS_ELIGIBILITY_ONLY << CLASS_SHIFT | FLAG_DEGRADED)
#define CODE_SIZE 16

/* The number in a cause's code: "SKK-1104" is 1104. */
static unsigned code_number(enum cause cause)
{
    const char *code = failure_text(cause)->code;
    unsigned number = 0;

    for (; *code; code++)
        if (*code >= '0' && *code <= '9')
            number = number * 10 + (unsigned)(*code - '0');
    return number;
}

static bool code_cause(unsigned number, enum cause *out)
{
    char code[CODE_SIZE];

    *out = CAUSE_NONE;
    if (number == 0)
        return true;
    snprintf(code, sizeof code, "SKK-%04u", number);
    *out = failure_cause(code);
    return *out != CAUSE_NONE;
}

static bool text_fits(const char *text, size_t size)
{
    if (size > ENTRY_TEXT_MAX)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return false;
    return true;
}

static bool enumerations_fit(const struct journal_entry *entry)
{
    return entry->operation >= 1 && (unsigned)entry->operation <= UINT8_MAX &&
           (unsigned)entry->mode <= IDENTITY_VISUAL &&
           (unsigned)entry->class <= CLASS_ELIGIBILITY_ONLY &&
           (unsigned)entry->validity <= VALIDITY_VALID_UNREGISTERED &&
           (unsigned)entry->cause < CAUSE_COUNT;
}

size_t entry_write(const struct journal_entry *entry, unsigned char out[ENTRY_SIZE_MAX])
{
    const char *texts[ENTRY_TEXT_COUNT] = {entry->request_id, entry->institution, entry->client,
                                           entry->terminal,   entry->rule,        entry->staff};
    size_t size = ENTRY_FIXED_SIZE;

    if (!enumerations_fit(entry))
        return 0;
    bytes_put(out, 1, (uint64_t)entry->operation);
    bytes_put(out + 1, 1, (uint64_t)entry->mode);
    bytes_put(out + 2, 1, (uint64_t)entry->validity);
    bytes_put(out + 3, 1,
              (unsigned)entry->class << CLASS_SHIFT | (entry->degraded ? FLAG_DEGRADED : 0U));
    bytes_put(out + 4, 4, entry->consents);
    bytes_put(out + 8, 4, code_number(entry->cause));
    bytes_put(out + 12, 8, (uint64_t)entry->at.microseconds);
    bytes_put(out + 20, 8, (uint64_t)entry->person_id);
    bytes_put(out + 28, 8, (uint64_t)entry->coverage_id);
    bytes_put(out + 36, 4, (uint64_t)entry->on.yyyymmdd);
    for (size_t i = 0; i < ENTRY_TEXT_COUNT; i++) {
        size_t length = texts[i] ? strlen(texts[i]) : 0;
        if (!text_fits(texts[i], length))
            return 0;
        if (length == 0 && i >= ENTRY_TEXT_ALWAYS)
            continue;
        out[size++] = (unsigned char)length;
        if (length > 0)
            memcpy(out + size, texts[i], length);
        size += length;
    }
    return size;
}

/* One text at *at, which moves on behind it. */
static bool read_text(const unsigned char *bytes, size_t size, size_t *at,
                      char out[ENTRY_TEXT_MAX + 1])
{
    size_t length = *at < size ? bytes[(*at)++] : SIZE_MAX;

    if (length > ENTRY_TEXT_MAX || length > size - *at)
        return false;
    memcpy(out, bytes + *at, length);
    out[length] = '\0';
    *at += length;
    return text_fits(out, length);
}

/* The texts; false unless they fill the bytes exactly, as entry_write() would. */
static bool read_texts(const unsigned char *bytes, size_t size, struct entry_texts *texts)
{
    size_t at = 0;

    for (size_t i = 0; i < ENTRY_TEXT_ALWAYS; i++)
        if (!read_text(bytes, size, &at, texts->text[i]))
            return false;
    for (size_t i = ENTRY_TEXT_ALWAYS; i < ENTRY_TEXT_COUNT; i++) {
        texts->text[i][0] = '\0';
        if (at < size && (!read_text(bytes, size, &at, texts->text[i]) || !texts->text[i][0]))
            return false;
    }
    return at == size;
}

static const char *text_or_null(const char *text)
{
    return *text ? text : NULL;
}

bool entry_read(const unsigned char *bytes, size_t size, struct entry_texts *texts,
                struct journal_entry *out)
{
    if (size < ENTRY_FIXED_SIZE ||
        !read_texts(bytes + ENTRY_FIXED_SIZE, size - ENTRY_FIXED_SIZE, texts))
        return false;
    *out = (struct journal_entry){
        .operation = (enum journal_operation)bytes[0],
        .mode = (enum identity_mode)bytes[1],
        .validity = (enum validity)bytes[2],
        .degraded = (bytes[3] & FLAG_DEGRADED) != 0,
        .class = (enum service_class)(bytes[3] >> CLASS_SHIFT & 3),
        .consents = (unsigned)bytes_get(bytes + 4, 4),
        .at = {(int64_t)bytes_get(bytes + 12, 8)},
        .person_id = (int64_t)bytes_get(bytes + 20, 8),
        .coverage_id = (int64_t)bytes_get(bytes + 28, 8),
        .on = {(int32_t)bytes_get(bytes + 36, 4)},
        .request_id = text_or_null(texts->text[0]),
        .institution = text_or_null(texts->text[1]),
        .client = text_or_null(texts->text[2]),
        .terminal = text_or_null(texts->text[3]),
        .rule = text_or_null(texts->text[4]),
        .staff = text_or_null(texts->text[5]),
    };
    return bytes[3] <= FLAGS_MAX && code_cause((unsigned)bytes_get(bytes + 8, 4), &out->cause) &&
           enumerations_fit(out);
}
