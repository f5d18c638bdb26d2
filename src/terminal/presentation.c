/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/presentation.h"

#include <string.h>

static const struct {
    const char *name;
    enum identity_mode mode;
} modes[] = {{"face", IDENTITY_FACE}, {"pin", IDENTITY_PIN}, {"visual", IDENTITY_VISUAL}};

static const struct {
    const char *name;
    unsigned consent;
} consents[] = {
    {"limit", CONSENT_LIMIT},         {"disease", CONSENT_DISEASE},
    {"checkup", CONSENT_CHECKUP},     {"medication", CONSENT_MEDICATION},
    {"diagnosis", CONSENT_DIAGNOSIS}, {"operation", CONSENT_OPERATION},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

const char *identity_mode_name(enum identity_mode mode)
{
    for (size_t i = 0; i < COUNT(modes); i++)
        if (modes[i].mode == mode)
            return modes[i].name;
    return "";
}

static enum cause read_card(struct text value, struct presentation *out)
{
    if (value.size >= sizeof out->card)
        return CAUSE_VALUE_TOO_LONG;
    memcpy(out->card, value.bytes, value.size);
    return CAUSE_NONE;
}

enum identity_mode identity_mode_read(struct text name)
{
    for (size_t i = 0; i < COUNT(modes); i++)
        if (text_is(name, modes[i].name))
            return modes[i].mode;
    return (enum identity_mode)0;
}

static enum cause read_mode(struct text value, struct presentation *out)
{
    if (text_is(value, "ask"))
        return CAUSE_NONE;
    out->mode = identity_mode_read(value);
    return out->mode ? CAUSE_NONE : CAUSE_CODE_VALUE_WRONG;
}

static enum cause read_pin(struct text value, struct presentation *out)
{
    if (value.size != 4 || !text_is_digits(value))
        return CAUSE_CODE_VALUE_WRONG;
    memcpy(out->pin, value.bytes, 4);
    return CAUSE_NONE;
}

static unsigned consent_of(struct text word)
{
    for (size_t i = 0; i < COUNT(consents); i++)
        if (text_is(word, consents[i].name))
            return consents[i].consent;
    return 0;
}

bool consents_read(struct text value, unsigned *out)
{
    unsigned read = 0;

    if (text_is(value, "none")) {
        *out = 0;
        return true;
    }
    while (value.size > 0) {
        const char *comma = memchr(value.bytes, ',', value.size);
        size_t size = comma ? (size_t)(comma - value.bytes) : value.size;
        unsigned consent = consent_of(text_trim((struct text){value.bytes, size}));
        if (!consent)
            return false;
        read |= consent;
        size += comma ? 1 : 0;
        value = (struct text){value.bytes + size, value.size - size};
    }
    *out = read;
    return read != 0;
}

void consents_add(struct text_buffer *buffer, unsigned wanted)
{
    bool first = true;

    for (size_t i = 0; i < COUNT(consents); i++)
        if (wanted & consents[i].consent) {
            text_buffer_add_string(buffer, first ? "" : ",");
            text_buffer_add_string(buffer, consents[i].name);
            first = false;
        }
    if (first)
        text_buffer_add_string(buffer, "none");
}

static enum cause read_consent(struct text value, struct presentation *out)
{
    return consents_read(value, &out->consents) ? CAUSE_NONE : CAUSE_CODE_VALUE_WRONG;
}

bool staff_read(struct text value, char out[STAFF_ID_MAX + 1])
{
    char staff[STAFF_ID_MAX + 1] = "";

    if (value.size == 0 || value.size > STAFF_ID_MAX)
        return false;
    memcpy(staff, value.bytes, value.size);
    if (!staff_id_ok(staff))
        return false;
    memcpy(out, staff, sizeof staff);
    return true;
}

bool password_read(struct text value, char out[VISUAL_PASSWORD_MAX + 1])
{
    if (value.size == 0 || value.size > VISUAL_PASSWORD_MAX)
        return false;
    for (size_t i = 0; i < value.size; i++)
        if (value.bytes[i] <= 0x20 || value.bytes[i] >= 0x7F)
            return false;
    memset(out, 0, VISUAL_PASSWORD_MAX + 1);
    memcpy(out, value.bytes, value.size);
    return true;
}

static enum cause read_staff(struct text value, struct presentation *out)
{
    return staff_read(value, out->staff) ? CAUSE_NONE : CAUSE_STAFF_MISSING;
}

static enum cause read_password(struct text value, struct presentation *out)
{
    return password_read(value, out->password) ? CAUSE_NONE : CAUSE_TEXT_WRONG;
}

static enum cause read_visual(struct text value, struct presentation *out)
{
    out->order = text_is(value, "on") ? VISUAL_ORDER_ON : VISUAL_ORDER_OFF;
    return text_is(value, "on") || text_is(value, "off") ? CAUSE_NONE : CAUSE_CODE_VALUE_WRONG;
}

static enum cause read_minutes(struct text value, struct presentation *out)
{
    int64_t minutes = 0;

    if (!text_read_number(value, &minutes) || minutes < 1 || minutes > VISUAL_MINUTES_MAX)
        return CAUSE_CODE_VALUE_WRONG;
    out->minutes = (int)minutes;
    return CAUSE_NONE;
}

static enum cause read_on(struct text value, struct presentation *out)
{
    char option[11] = "";

    if (value.size >= sizeof option)
        return CAUSE_DATE_WRONG;
    memcpy(option, value.bytes, value.size);
    return date_read_option(option, &out->on) ? CAUSE_NONE : CAUSE_DATE_WRONG;
}

static enum cause read_last_try(struct text value, struct presentation *out)
{
    out->last_try = text_is(value, "yes");
    return out->last_try || text_is(value, "no") ? CAUSE_NONE : CAUSE_CODE_VALUE_WRONG;
}

static enum cause read_register(struct text value, struct presentation *out)
{
    out->registers = text_is(value, "yes");
    return out->registers || text_is(value, "no") ? CAUSE_NONE : CAUSE_CODE_VALUE_WRONG;
}

/* One row a line; a row's place is its bit in seen. */
static const struct {
    const char *name;
    enum cause (*read)(struct text value, struct presentation *out);
} lines[] = {
    {"card", read_card},
    {"mode", read_mode},
    {"pin", read_pin},
    {"consent", read_consent},
    {"on", read_on},
    {"last-try", read_last_try},
    {"staff", read_staff},
    {"password", read_password},
    {"register", read_register},
    {"visual", read_visual},
    {"minutes", read_minutes},
};
#define LINE_MODE 1 /* its place above */

static enum status read_line(struct scope *scope, struct text line, int number, unsigned *seen,
                             struct presentation *out)
{
    const char *equals = memchr(line.bytes, '=', line.size);
    struct text name = {0}, value = {0};

    if (!equals)
        return scope_fail(scope, CAUSE_CODE_VALUE_WRONG, "line %d: not 'name = value'", number);
    name = text_trim((struct text){line.bytes, (size_t)(equals - line.bytes)});
    value = text_trim((struct text){equals + 1, line.size - (size_t)(equals - line.bytes) - 1});
    for (size_t i = 0; i < COUNT(lines); i++) {
        enum cause cause = CAUSE_NONE;
        if (!text_is(name, lines[i].name))
            continue;
        if (*seen & 1U << i)
            return scope_fail(scope, CAUSE_ELEMENT_REPEATED, "line %d: '%s' stands twice", number,
                              lines[i].name);
        *seen |= 1U << i;
        cause = value.size == 0 ? CAUSE_ELEMENT_MISSING : lines[i].read(value, out);
        return cause == CAUSE_NONE
                   ? STATUS_OK
                   : scope_fail(scope, cause, "line %d: value of '%s'", number, lines[i].name);
    }
    return scope_fail(scope, CAUSE_CODE_VALUE_WRONG, "line %d: unknown name", number);
}

static enum status read_lines(struct scope *scope, struct text bytes, unsigned *seen,
                              struct presentation *out)
{
    for (int number = 1; bytes.size > 0; number++) {
        const char *end = memchr(bytes.bytes, '\n', bytes.size);
        size_t size = end ? (size_t)(end - bytes.bytes) + 1 : bytes.size;
        struct text line = text_trim((struct text){bytes.bytes, size});
        if (line.size > 0 && line.bytes[0] != '#')
            TRY(read_line(scope, line, number, seen, out));
        bytes = (struct text){bytes.bytes + size, bytes.size - size};
    }
    return STATUS_OK;
}

static struct text without_mark(struct text bytes)
{
    if (text_starts_with(bytes, "\xEF\xBB\xBF"))
        return (struct text){bytes.bytes + 3, bytes.size - 3};
    return bytes;
}

enum status presentation_read(struct scope *scope, struct text bytes, struct presentation *out)
{
    struct presentation read = {0};
    unsigned seen = 0;
    enum status status = STATUS_OK;

    if (bytes.size > PRESENTATION_MAX)
        return scope_fail(scope, CAUSE_VALUE_TOO_LONG, "more than %d bytes", PRESENTATION_MAX);
    if (!text_is_utf8(bytes))
        return scope_fail(scope, CAUSE_ENCODING, "not UTF-8, or NUL");
    status = read_lines(scope, without_mark(bytes), &seen, &read);
    if (status == STATUS_OK && !read.order && !(seen & 1U << LINE_MODE))
        status = scope_fail(scope, CAUSE_ELEMENT_MISSING, "'mode' is missing");
    if (status == STATUS_OK && read.order && !read.staff[0])
        status = scope_fail(scope, CAUSE_STAFF_MISSING, "the switch needs an account");
    if (status == STATUS_OK && read.mode == IDENTITY_PIN && !read.pin[0])
        status = scope_fail(scope, CAUSE_ELEMENT_MISSING, "mode pin needs a pin");
    if (status == STATUS_OK)
        *out = read;
    presentation_wipe(&read);
    return status;
}

void presentation_wipe(struct presentation *presentation)
{
    explicit_bzero(presentation, sizeof *presentation);
}
