/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/face_message.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* --- fields ----------------------------------------------------------------------------------- */

static bool read_session(struct text value, struct face_message *out)
{
    if (value.size != FACE_SESSION_SIZE)
        return false;
    for (size_t i = 0; i < value.size; i++)
        if (value.bytes[i] == '\0' || !strchr("0123456789abcdef", value.bytes[i]))
            return false;
    memcpy(out->session, value.bytes, value.size);
    return true;
}

static bool read_version(struct text value, struct face_message *out)
{
    int64_t version = 0;

    if (value.size > 4 || !text_read_number(value, &version))
        return false;
    out->version = (int)version;
    return true;
}

static bool read_mode(struct text value, struct face_message *out)
{
    out->mode = identity_mode_read(value);
    return out->mode == IDENTITY_FACE || out->mode == IDENTITY_PIN;
}

static const struct {
    const char *name;
    enum face_word word;
    enum identity_happening result;
} results[] = {
    {"match", FACE_RESULT, HAPPENED_FACE_MATCH},    {"no-match", FACE_RESULT, HAPPENED_FACE_OTHER},
    {"no-face", FACE_RESULT, HAPPENED_FACE_ABSENT}, {"broken", FACE_RESULT, HAPPENED_FACE_BROKEN},
    {"alike", FACE_LOOKED, HAPPENED_ALIKE},         {"other", FACE_LOOKED, HAPPENED_UNLIKE},
};

static bool read_result(struct text value, struct face_message *out)
{
    for (size_t i = 0; i < COUNT(results); i++)
        if (results[i].word == out->word && text_is(value, results[i].name)) {
            out->result = results[i].result;
            return true;
        }
    return false;
}

static bool read_pin(struct text value, struct face_message *out)
{
    if (value.size != 4 || !text_is_digits(value))
        return false;
    memcpy(out->pin, value.bytes, 4);
    return true;
}

static bool read_account(struct text value, struct face_message *out)
{
    return staff_read(value, out->staff);
}

static bool read_password(struct text value, struct face_message *out)
{
    return password_read(value, out->password);
}

static bool read_items(struct text value, struct face_message *out)
{
    return consents_read(value, &out->consents);
}

/* A field's place is its bit below. */
static const struct {
    const char *name;
    bool (*read)(struct text value, struct face_message *out);
} fields[] = {
    {"session", read_session}, {"version", read_version},   {"mode", read_mode},
    {"result", read_result},   {"pin", read_pin},           {"account", read_account},
    {"items", read_items},     {"password", read_password},
};

enum {
    SESSION = 1,
    VERSION = 2,
    MODE = 4,
    RESULT = 8,
    PIN = 16,
    ACCOUNT = 32,
    ITEMS = 64,
    PASSWORD = 128
};

/* --- words ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    enum face_word word;
    unsigned needed, allowed;
} words[] = {
    {"hello", FACE_HELLO, VERSION, 0},
    {"pick", FACE_PICK, SESSION | MODE, 0},
    {"face", FACE_RESULT, SESSION | RESULT, 0},
    {"digits", FACE_DIGITS, SESSION | PIN, 0},
    {"last-try", FACE_LAST_TRY, SESSION, 0},
    {"staff", FACE_STAFF, SESSION | ACCOUNT, PASSWORD},
    {"looked", FACE_LOOKED, SESSION | RESULT, 0},
    {"consented", FACE_CONSENTED, SESSION | ITEMS, 0},
    {"cancel", FACE_CANCEL, SESSION, 0},
};

/* Up to the next blank, which is taken too. */
static struct text next_field(struct text *line)
{
    const char *blank = memchr(line->bytes, ' ', line->size);
    size_t size = blank ? (size_t)(blank - line->bytes) : line->size;
    struct text field = {line->bytes, size};

    size += blank ? 1 : 0;
    *line = (struct text){line->bytes + size, line->size - size};
    return field;
}

/* The bit of a field that was read; 0 where it is none, or none of this value. */
static unsigned read_field(struct text field, struct face_message *out)
{
    const char *equals = memchr(field.bytes, '=', field.size);
    size_t size = equals ? (size_t)(equals - field.bytes) : field.size;

    for (size_t i = 0; equals && i < COUNT(fields); i++)
        if (text_is((struct text){field.bytes, size}, fields[i].name))
            return fields[i].read((struct text){equals + 1, field.size - size - 1}, out) ? 1U << i
                                                                                         : 0U;
    return 0;
}

static enum status read_fields(struct scope *scope, struct text line, unsigned needed,
                               unsigned allowed, struct face_message *out)
{
    unsigned seen = 0;

    while (line.size > 0) {
        unsigned bit = read_field(next_field(&line), out);
        if (!(bit & (needed | allowed)) || bit & seen)
            return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY,
                              "face device: a field that is wrong, unknown or repeated");
        seen |= bit;
    }
    if ((seen & needed) != needed)
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: a field is missing");
    return STATUS_OK;
}

enum status face_message_read(struct scope *scope, struct text line, struct face_message *out)
{
    struct face_message read = {.word = FACE_HELLO};
    enum status status = STATUS_INVALID;
    struct text word = {0};

    if (line.size == 0 || line.size >= FACE_LINE_MAX)
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: a line of %zu bytes",
                          line.size);
    word = next_field(&line);
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!text_is(word, words[i].name))
            continue;
        read.word = words[i].word;
        status = read_fields(scope, line, words[i].needed, words[i].allowed, &read);
        if (status == STATUS_OK)
            *out = read;
        face_message_wipe(&read);
        return status;
    }
    return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: an unknown word");
}

void face_message_wipe(struct face_message *message)
{
    explicit_bzero(message, sizeof *message);
}
