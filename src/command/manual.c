/* SPDX-License-Identifier: Apache-2.0 */
#include "command/manual.h"

#include <ctype.h>
#include <string.h>

void manual_write_overview(FILE *out)
{
    fputs("shikaku (資格) - eligibility verification of Japan's health insurance\n"
          "                オンライン資格確認のオープンな実装\n\n"
          "usage: shikaku COMMAND [OPTIONS]     shikaku COMMAND --help\n\n",
          out);
    for (size_t i = 0; commands[i]; i++)
        fprintf(out, "  %-22s %s\n  %-22s %s\n", commands[i]->name, commands[i]->summary_en, "",
                commands[i]->summary_ja);
    fputs("\nStart here / はじめに: shikaku demo\n", out);
}

bool manual_write_group(FILE *out, const char *group)
{
    size_t size = strlen(group);
    bool found = false;

    for (size_t i = 0; commands[i]; i++) {
        if (strncmp(commands[i]->name, group, size) != 0 || commands[i]->name[size] != ' ')
            continue;
        if (!found)
            fprintf(out, "usage: shikaku %s ... --help\n\n", group);
        fprintf(out, "  %-22s %s\n  %-22s %s\n", commands[i]->name, commands[i]->summary_en, "",
                commands[i]->summary_ja);
        found = true;
    }
    return found;
}

void manual_write_help(FILE *out, const struct command *command)
{
    fprintf(out, "usage: shikaku %s%s%s%s\n\n%s\n%s\n", command->name,
            command->table.count ? " [OPTIONS]" : "", *command->arguments ? " " : "",
            command->arguments, command->summary_en, command->summary_ja);
    if (command->description)
        fprintf(out, "\n%s\n", command->description);
    if (command->table.count) {
        fputs("\noptions:\n", out);
        options_write_help(out, command->table);
    }
    if (command->examples && command->examples[0])
        fputs("\nexamples:\n", out);
    for (size_t i = 0; command->examples && command->examples[i]; i += 2)
        fprintf(out, "  %s\n      %s\n", command->examples[i], command->examples[i + 1]);
}

/* mdoc reads a leading dot or quote, and backslashes, as its own. */
static void write_escaped(FILE *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        if ((*at == '.' || *at == '\'') && (at == text || at[-1] == '\n'))
            fputs("\\&", out);
        if (*at == '\\')
            fputs("\\e", out);
        else if (*at == '-')
            fputs("\\-", out);
        else
            fputc(*at, out);
    }
}

/* "number check" -> "number-check". */
static void page_name(const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s", name);
    for (char *at = out; *at; at++)
        if (*at == ' ')
            *at = '-';
}

static void write_head(FILE *out, const char *name, const char *summary)
{
    char upper[64];

    snprintf(upper, sizeof upper, "%s", name);
    for (char *at = upper; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    fprintf(out, ".Dd $Mdocdate$\n.Dt %s 1\n.Os shikaku %s\n.Sh NAME\n.Nm %s\n.Nd ", upper,
            SHIKAKU_VERSION, name);
    write_escaped(out, summary);
    fputs("\n", out);
}

static void write_options(FILE *out, struct option_table table)
{
    fputs(".Sh OPTIONS\n.Bl -tag -width Ds\n", out);
    for (size_t i = 0; i < table.count; i++) {
        const struct option *option = &table.options[i];
        fprintf(out, ".It Fl Fl %s%s%s\n", option->name, option->placeholder ? " Ar " : "",
                option->placeholder ? option->placeholder : "");
        write_escaped(out, option->help_en);
        if (option->fallback && option->type != OPTION_FLAG) {
            fputs("\nDefault: ", out);
            write_escaped(out, option->fallback);
            fputs(".", out);
        }
        fputs("\n.br\n", out);
        write_escaped(out, option->help_ja);
        fputs("\n", out);
    }
    fputs(".El\n", out);
}

static void write_examples(FILE *out, const char *const *examples)
{
    fputs(".Sh EXAMPLES\n", out);
    for (size_t i = 0; examples[i]; i += 2) {
        write_escaped(out, examples[i + 1]);
        fputs(":\n.Dl ", out);
        write_escaped(out, examples[i]);
        fputs("\n.Pp\n", out);
    }
}

void manual_write_page(FILE *out, const struct command *command)
{
    char name[64] = "shikaku-";

    page_name(command->name, name + 8, sizeof name - 8);
    write_head(out, name, command->summary_en);
    fprintf(out, ".Sh SYNOPSIS\n.Nm shikaku %s\n", command->name);
    if (command->table.count)
        fputs(".Op Ar options\n", out);
    if (*command->arguments)
        fprintf(out, ".Ar %s\n", command->arguments);
    fputs(".Sh DESCRIPTION\n", out);
    write_escaped(out, command->description ? command->description : command->summary_en);
    fputs("\n.Pp\n", out);
    write_escaped(out, command->summary_ja);
    fputs("\n", out);
    if (command->table.count)
        write_options(out, command->table);
    if (command->examples && command->examples[0])
        write_examples(out, command->examples);
    fputs(".Sh EXIT STATUS\n0 done; 1 the answer is no; 2 bad input or usage; 3 something needed "
          "is unavailable.\n.Sh SEE ALSO\n.Xr shikaku 1\n",
          out);
}

static void write_overview_page(FILE *out)
{
    write_head(out, "shikaku", "eligibility verification of Japan's health insurance");
    fputs(".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar options\n.Sh DESCRIPTION\n.Bl -tag -width Ds\n",
          out);
    for (size_t i = 0; commands[i]; i++) {
        char name[64] = "shikaku-";
        page_name(commands[i]->name, name + 8, sizeof name - 8);
        fprintf(out, ".It Xr %s 1\n", name);
        write_escaped(out, commands[i]->summary_en);
        fputs("\n", out);
    }
    fputs(".El\n", out);
}

static bool write_file(const char *folder, const char *name, const struct command *command)
{
    char path[4096];
    FILE *out = NULL;
    bool good = false;

    snprintf(path, sizeof path, "%s/%s.1", folder, name);
    out = fopen(path, "we");
    if (!out) {
        fprintf(stderr, "shikaku: cannot write '%s'\n", path);
        return false;
    }
    if (command)
        manual_write_page(out, command);
    else
        write_overview_page(out);
    good = !ferror(out);
    return fclose(out) == 0 && good;
}

int manual_write_pages(const char *folder)
{
    if (!write_file(folder, "shikaku", NULL))
        return 3;
    for (size_t i = 0; commands[i]; i++) {
        char name[64] = "shikaku-";
        page_name(commands[i]->name, name + 8, sizeof name - 8);
        if (!write_file(folder, name, commands[i]))
            return 3;
    }
    return 0;
}
