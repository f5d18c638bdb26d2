/* SPDX-License-Identifier: Apache-2.0
 *
 * note.c - the small text beside each file that says whose it is and how it stands: a line a value,
 * `name value`. It is written anew as a whole when the state changes; how much was received stands
 * nowhere but in the size of the file.
 */
#include <inttypes.h>
#include <string.h>

#include "spool/spool_parts.h"

#define NOTE_FIRST_LINE "shikaku-spool 1"
#define NOTE_SIZE 2048
#define CODE_SIZE 9 /* "SKK-6601" and NUL */

enum field_kind { FIELD_TEXT, FIELD_NUMBER };

/* One line. Numbers are int64_t. */
static const struct field {
    const char *name;
    enum field_kind kind;
    size_t offset, size; /* size: of a text's array */
} fields[] = {
#define TEXT_FIELD(name, member)                                                                   \
    {                                                                                              \
        name, FIELD_TEXT, offsetof(struct spool_entry, member),                                    \
            sizeof(((struct spool_entry *)0)->member)                                              \
    }
#define NUMBER_FIELD(name, member)                                                                 \
    {                                                                                              \
        name, FIELD_NUMBER, offsetof(struct spool_entry, member), sizeof(int64_t)                  \
    }
    TEXT_FIELD("id", id),
    TEXT_FIELD("insurer", insurer.digits),
    TEXT_FIELD("name", name),
    TEXT_FIELD("sha256", sha256),
    TEXT_FIELD("content", content),
    NUMBER_FIELD("length", length),
    NUMBER_FIELD("created", created.microseconds),
    NUMBER_FIELD("changed", changed.microseconds),
    NUMBER_FIELD("rows", rows),
    NUMBER_FIELD("accepted", accepted),
    NUMBER_FIELD("warned", warned),
    NUMBER_FIELD("refused", refused),
};
#define FIELD_COUNT (sizeof fields / sizeof fields[0])

enum status spool_note_write(struct scope *scope, const struct spool_entry *entry, struct text *out)
{
    struct text_buffer buffer = text_buffer_begin(scope, NOTE_SIZE);

    text_buffer_add_string(&buffer, NOTE_FIRST_LINE "\n");
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *at = (const char *)entry + fields[i].offset;
        int64_t number = 0;
        if (fields[i].kind == FIELD_TEXT && *at)
            text_buffer_add_format(&buffer, "%s %s\n", fields[i].name, at);
        if (fields[i].kind == FIELD_TEXT)
            continue;
        memcpy(&number, at, sizeof number);
        text_buffer_add_format(&buffer, "%s %" PRId64 "\n", fields[i].name, number);
    }
    text_buffer_add_format(&buffer, "state %d\nconfirmed %d\nbefore %d\n", (int)entry->state,
                           entry->confirmed, entry->loaded_before);
    if (entry->cause != CAUSE_NONE)
        text_buffer_add_format(&buffer, "cause %s\n", failure_text(entry->cause)->code);
    return text_buffer_end(&buffer, out);
}

/* --- reading -----------------------------------------------------------------------------------
 */

static bool read_switch(struct text value, bool *out)
{
    *out = text_is(value, "1");
    return *out || text_is(value, "0");
}

static bool read_state(struct text value, enum spool_state *out)
{
    int64_t number = 0;

    if (!text_read_number(value, &number) || number < 1 || number > SPOOL_STATE_LAST)
        return false;
    *out = (enum spool_state)number;
    return true;
}

static bool read_cause(struct text value, enum cause *out)
{
    char code[CODE_SIZE] = "";

    if (value.size >= sizeof code)
        return false;
    memcpy(code, value.bytes, value.size);
    *out = failure_cause(code);
    return *out != CAUSE_NONE;
}

static bool read_field(const struct field *field, struct text value, struct spool_entry *out)
{
    char *at = (char *)out + field->offset;
    int64_t number = 0;

    if (field->kind == FIELD_TEXT) {
        if (value.size >= field->size || !text_is_utf8(value))
            return false;
        memcpy(at, value.bytes, value.size);
        at[value.size] = '\0';
        return true;
    }
    if (!text_read_number(value, &number))
        return false;
    memcpy(at, &number, sizeof number);
    return true;
}

static bool read_line(struct text name, struct text value, struct spool_entry *out)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (text_is(name, fields[i].name))
            return read_field(&fields[i], value, out);
    if (text_is(name, "state"))
        return read_state(value, &out->state);
    if (text_is(name, "confirmed"))
        return read_switch(value, &out->confirmed);
    if (text_is(name, "before"))
        return read_switch(value, &out->loaded_before);
    if (text_is(name, "cause"))
        return read_cause(value, &out->cause);
    return false;
}

/* Takes a line off the text; false at the end, and where a line does not end. */
static bool next_line(struct text *text, struct text *line)
{
    const char *end = text->size > 0 ? memchr(text->bytes, '\n', text->size) : NULL;

    if (!end)
        return false;
    *line = (struct text){text->bytes, (size_t)(end - text->bytes)};
    text->size -= line->size + 1;
    text->bytes = end + 1;
    return true;
}

static bool makes_sense(const struct spool_entry *entry)
{
    struct insurer_number insurer = {0};

    return strlen(entry->id) == SPOOL_ID_SIZE - 1 && entry->length > 0 && entry->state != 0 &&
           insurer_number_read(text_of(entry->insurer.digits), &insurer) == NUMBER_GOOD;
}

bool spool_note_read(struct text text, struct spool_entry *out)
{
    struct spool_entry entry = {.state = 0};
    struct text line = {0};

    if (!next_line(&text, &line) || !text_is(line, NOTE_FIRST_LINE))
        return false;
    while (next_line(&text, &line)) {
        const char *blank = memchr(line.bytes, ' ', line.size);
        struct text name = {line.bytes, blank ? (size_t)(blank - line.bytes) : 0};
        if (!blank || !read_line(name, (struct text){blank + 1, line.size - name.size - 1}, &entry))
            return false;
    }
    if (text.size > 0 || !makes_sense(&entry))
        return false;
    *out = entry;
    return true;
}
