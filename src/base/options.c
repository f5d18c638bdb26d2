/* SPDX-License-Identifier: Apache-2.0 */
#include "base/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FILE_LINE_MAX 4096

static const struct option *option_named(struct option_table table, const char *name, size_t size)
{
    for (size_t i = 0; i < table.count; i++)
        if (strlen(table.options[i].name) == size &&
            strncmp(table.options[i].name, name, size) == 0)
            return &table.options[i];
    return NULL;
}

/* Count of letters to change, insert or drop (Levenshtein), for names up to 31 letters. */
static int distance(const char *a, size_t a_size, const char *b)
{
    int row[32];
    size_t b_size = strlen(b);

    if (b_size > 31)
        return 99;
    for (size_t j = 0; j <= b_size; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= a_size; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_size; j++) {
            int change = diagonal + (a[i - 1] != b[j - 1]);
            int step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < step ? change : step;
        }
    }
    return row[b_size];
}

/* What people write for the day. */
static const char *const day_words[] = {"date", "day", "today", "on", "as-of"};

static const char *nearest_day(struct option_table table, const char *name, size_t size)
{
    const char *found = NULL;
    bool day = false;

    for (size_t i = 0; i < sizeof day_words / sizeof day_words[0]; i++)
        day |= strlen(day_words[i]) == size && strncmp(day_words[i], name, size) == 0;
    for (size_t i = 0; day && !found && i < table.count; i++)
        if (strcmp(table.options[i].name, "on") == 0 || strcmp(table.options[i].name, "today") == 0)
            found = table.options[i].name;
    return found;
}

static size_t same_beginning(const char *name, size_t size, const char *other)
{
    size_t same = 0;

    while (same < size && other[same] && name[same] == other[same])
        same++;
    return same;
}

/* The option that begins alike, by four letters or more; of several the one nearest in letters. */
static const char *nearest_beginning(struct option_table table, const char *name, size_t size)
{
    const char *best = NULL;
    size_t most = 3;
    int least = 0;

    for (size_t i = 0; i < table.count; i++) {
        size_t same = same_beginning(name, size, table.options[i].name);
        int away = distance(name, size, table.options[i].name);
        if (same > most || (best && same == most && away < least)) {
            most = same;
            least = away;
            best = table.options[i].name;
        }
    }
    return best;
}

static const char *nearest(struct option_table table, const char *name, size_t size)
{
    const char *best = nearest_day(table, name, size);
    int least = 4; /* farther than three letters is no hint */

    if (!best)
        best = nearest_beginning(table, name, size);
    if (best)
        return best;
    for (size_t i = 0; i < table.count; i++) {
        int away = distance(name, size, table.options[i].name);
        if (away < least) {
            least = away;
            best = table.options[i].name;
        }
    }
    return best;
}

static enum status fail_value(struct scope *scope, enum cause cause, const struct option *option,
                              const char *where)
{
    if (option->type == OPTION_DATE)
        return scope_fail(scope, cause, "%s%s: a date such as 2026-11-05", where, option->name);
    if (option->minimum == 0 && option->maximum == 0)
        return scope_fail(scope, cause, "%s%s: a whole number", where, option->name);
    return scope_fail(scope, cause, "%s%s: a whole number from %lld to %lld", where, option->name,
                      (long long)option->minimum, (long long)option->maximum);
}

static bool read_number(const struct option *option, const char *value, int64_t *out)
{
    char *end = NULL;
    long long number = 0;

    errno = 0;
    number = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0')
        return false;
    if ((option->minimum != 0 || option->maximum != 0) &&
        (number < option->minimum || number > option->maximum))
        return false;
    *out = number;
    return true;
}

/* Puts a value where the option's row says. The text must outlive the settings. */
static bool put(const struct option *option, const char *value, void *settings)
{
    void *place = (char *)settings + option->offset;

    switch (option->type) {
    case OPTION_TEXT:
        *(const char **)place = value;
        return true;
    case OPTION_NUMBER:
        return read_number(option, value, place);
    case OPTION_FLAG:
        *(bool *)place = strcmp(value, "no") != 0;
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
    case OPTION_DATE:
        return date_read_option(value, place);
    }
    return false;
}

enum status options_default(struct scope *scope, struct option_table table, void *settings)
{
    for (size_t i = 0; i < table.count; i++) {
        const struct option *option = &table.options[i];
        if (option->fallback && !put(option, option->fallback, settings))
            return fail_value(scope, CAUSE_USAGE, option, "default of --");
    }
    return STATUS_OK;
}

static enum status fail_unknown(struct scope *scope, struct option_table table, const char *word,
                                size_t size)
{
    const char *hint = size < 32 ? nearest(table, word, size) : NULL;
    const struct option *denied =
        size > 4 && strncmp(word, "not-", 4) == 0 ? option_named(table, word + 4, size - 4) : NULL;

    if (denied && denied->type == OPTION_TEXT)
        return scope_fail(scope, CAUSE_USAGE, "unknown option --%.*s; did you mean --%s no?",
                          (int)(size < 64 ? size : 64), word, denied->name);
    if (hint)
        return scope_fail(scope, CAUSE_USAGE, "unknown option --%.*s; did you mean --%s?",
                          (int)size, word, hint);
    return scope_fail(scope, CAUSE_USAGE, "unknown option --%.*s", (int)(size < 64 ? size : 64),
                      word);
}

/* One option at argv[*at], which begins with "--"; moves *at to its last word. */
static enum status parse_one(struct scope *scope, struct option_table table, int argc, char **argv,
                             int *at, void *settings)
{
    const char *word = argv[*at] + 2;
    size_t size = strcspn(word, "=");
    const struct option *option = option_named(table, word, size);
    const char *value = word[size] == '=' ? word + size + 1 : NULL;

    if (!option)
        return fail_unknown(scope, table, word, size);
    if (option->type == OPTION_FLAG)
        value = value ? value : "yes";
    else if (!value && *at + 1 < argc)
        value = argv[++*at];
    if (!value)
        return scope_fail(scope, CAUSE_USAGE, "--%s needs a value", option->name);
    if (!put(option, value, settings))
        return fail_value(scope, CAUSE_USAGE, option, "--");
    return STATUS_OK;
}

enum status options_parse(struct scope *scope, struct option_table table, int argc, char **argv,
                          void *settings, int *words)
{
    bool ended = false;
    int count = 0;

    for (int at = 0; at < argc; at++) {
        if (!ended && strcmp(argv[at], "--") == 0)
            ended = true;
        else if (!ended && strncmp(argv[at], "--", 2) == 0)
            TRY(parse_one(scope, table, argc, argv, &at, settings));
        else if (!ended && argv[at][0] == '-' && argv[at][1] != '\0')
            return scope_fail(scope, CAUSE_USAGE, "options begin with --: '%.32s'", argv[at]);
        else
            argv[count++] = argv[at];
    }
    *words = count;
    return STATUS_OK;
}

/* Reads "name = value"; comments and empty lines give an empty name. */
static bool split_line(struct text line, struct text *name, struct text *value)
{
    const char *equals = NULL;

    line = text_trim(line);
    *name = *value = (struct text){0};
    if (line.size == 0 || line.bytes[0] == '#')
        return true;
    equals = memchr(line.bytes, '=', line.size);
    if (!equals)
        return false;
    *name = text_trim((struct text){line.bytes, (size_t)(equals - line.bytes)});
    *value = text_trim((struct text){equals + 1, line.size - (size_t)(equals - line.bytes) - 1});
    return name->size > 0;
}

static enum status read_line(struct scope *scope, struct option_table table, const char *path,
                             int number, const char *line, void *settings)
{
    struct text name = {0}, value = {0};
    const struct option *option = NULL;
    char *copy = NULL;
    char where[256];

    if (!split_line(text_of(line), &name, &value))
        return scope_fail(scope, CAUSE_CONFIGURATION, "%s line %d: not 'name = value'", path,
                          number);
    if (name.size == 0)
        return STATUS_OK;
    option = option_named(table, name.bytes, name.size);
    if (!option || strcmp(option->name, "config") == 0)
        return scope_fail(scope, CAUSE_CONFIGURATION, "%s line %d: unknown setting '%.*s'", path,
                          number, (int)(name.size < 40 ? name.size : 40), name.bytes);
    TRY(scope_copy(scope, value.bytes, value.size, &copy));
    snprintf(where, sizeof where, "%s line %d: ", path, number);
    if (!put(option, copy, settings))
        return fail_value(scope, CAUSE_CONFIGURATION, option, where);
    return STATUS_OK;
}

static void file_drop(FILE **file)
{
    if (*file)
        fclose(*file);
}

enum status options_read_file(struct scope *scope, struct option_table table, const char *path,
                              void *settings)
{
    CLEANUP(file_drop) FILE *file = fopen(path, "re");
    char line[FILE_LINE_MAX];

    if (!file)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot open configuration '%s'", path);
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        if (strlen(line) == sizeof line - 1)
            return scope_fail(scope, CAUSE_CONFIGURATION, "%s line %d: too long", path, number);
        TRY(read_line(scope, table, path, number, line, settings));
    }
    return STATUS_OK;
}

static bool is_set(const struct option *option, const void *settings)
{
    const void *place = (const char *)settings + option->offset;

    if (option->type == OPTION_TEXT)
        return *(const char *const *)place != NULL;
    return option->type != OPTION_DATE || date_is(*(const struct date *)place);
}

enum status options_require(struct scope *scope, struct option_table table, const void *settings)
{
    for (size_t i = 0; i < table.count; i++)
        if (table.options[i].required && !is_set(&table.options[i], settings))
            return scope_fail(scope, CAUSE_USAGE, "--%s %s is needed", table.options[i].name,
                              table.options[i].placeholder);
    return STATUS_OK;
}

void options_write_help(FILE *out, struct option_table table)
{
    for (size_t i = 0; i < table.count; i++) {
        const struct option *option = &table.options[i];
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->placeholder ? " " : "",
                 option->placeholder ? option->placeholder : "");
        fprintf(out, "  %-26s %s", left, option->help_en);
        if (option->fallback && option->type != OPTION_FLAG)
            fprintf(out, " [%s]", option->fallback);
        fprintf(out, "\n  %-26s %s\n", "", option->help_ja);
    }
}

void options_write_sample(FILE *out, struct option_table table, const char *title)
{
    fprintf(out, "# %s\n# Lines are `name = value`; `#` begins a comment.\n", title);
    for (size_t i = 0; i < table.count; i++) {
        const struct option *option = &table.options[i];
        if (strcmp(option->name, "config") == 0)
            continue;
        fprintf(out, "\n# %s\n# %s\n", option->help_en, option->help_ja);
        fprintf(out, "%s%s = %s\n", option->fallback && !option->required ? "" : "#", option->name,
                option->fallback ? option->fallback : "");
    }
}
