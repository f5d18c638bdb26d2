/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - shikaku, one program with commands: finds the command, reads its options, runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "command/command.h"
#include "command/manual.h"

#define COMMAND_SCOPE_LIMIT (256UL * 1024 * 1024)
#define SETTINGS_SIZE_MAX 4096

/* Words of a command's name: "number check" has two. */
static int words_of(const char *name)
{
    int words = 1;

    for (const char *at = name; *at; at++)
        words += *at == ' ';
    return words;
}

/* Do the first words make this name? */
static bool is_named(const struct command *command, int argc, char **argv)
{
    const char *at = command->name;
    int words = words_of(command->name);

    if (argc < words)
        return false;
    for (int i = 0; i < words; i++) {
        size_t size = strcspn(at, " ");
        if (strlen(argv[i]) != size || strncmp(at, argv[i], size) != 0)
            return false;
        at += size + (at[size] == ' ');
    }
    return true;
}

static const struct command *command_find(int argc, char **argv)
{
    for (size_t i = 0; commands[i]; i++)
        if (is_named(commands[i], argc, argv))
            return commands[i];
    return NULL;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

/* Prints a failure for a person: what it is, what to do, and how to see more. */
static int print_failure(const struct scope *scope, const char *command)
{
    const struct failure_text *text = failure_text(scope->cause);
    bool colour = isatty(STDERR_FILENO);

    fprintf(stderr, "%sshikaku %s: %s%s: %s\n", colour ? "\033[31m" : "", command, text->code,
            colour ? "\033[0m" : "", scope->failure[0] ? scope->failure : text->it_en);
    fprintf(stderr, "  %s\n  %s\n", text->it_ja, text->it_en);
    if (scope->cause == CAUSE_USAGE)
        fprintf(stderr, "  shikaku %s --help\n", command);
    return failure_exit_code(text->status);
}

static enum status prepare(struct scope *scope, const struct command *command, int argc,
                           char **argv, void *settings, int *words)
{
    TRY(options_default(scope, command->table, settings));
    TRY(options_parse(scope, command->table, argc, argv, settings, words));
    if (*words < command->words_min || *words > command->words_max)
        return scope_fail(scope, CAUSE_USAGE, "%s%s",
                          command->words_max == 0 ? "no words besides options" : "expected: ",
                          command->words_max == 0 ? "" : command->arguments);
    return STATUS_OK;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(COMMAND_SCOPE_LIMIT);
    _Alignas(16) char settings[SETTINGS_SIZE_MAX] = {0};
    int skip = words_of(command->name);
    int words = 0;
    int code = -1;

    if (asks_for_help(argc - skip, argv + skip)) {
        manual_write_help(stdout, command);
        return 0;
    }
    if (prepare(&scope, command, argc - skip, argv + skip, settings, &words) == STATUS_OK)
        code = command->run(&scope, settings, words, argv + skip);
    return code >= 0 ? code : print_failure(&scope, command->name);
}

/* "insurer --help", "insurer policy --help": what there is of that name. */
static bool asks_for_group(int argc, char **argv)
{
    char group[64];

    if (argc == 3 && asks_for_help(1, argv + 2))
        return manual_write_group(stdout, argv[1]);
    if (argc != 4 || !asks_for_help(1, argv + 3))
        return false;
    snprintf(group, sizeof group, "%s %s", argv[1], argv[2]);
    return manual_write_group(stdout, group);
}

static int unknown_command(const char *word)
{
    fprintf(stderr, "shikaku: no command '%.40s'\n", word);
    for (size_t i = 0; commands[i]; i++)
        if (strncmp(commands[i]->name, word, strlen(word)) == 0)
            fprintf(stderr, "  shikaku %s\n", commands[i]->name);
    fprintf(stderr, "  shikaku --help\n");
    return 2;
}

int main(int argc, char **argv)
{
    const struct command *command = NULL;

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        manual_write_overview(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("shikaku " SHIKAKU_VERSION);
        return 0;
    }
    if (strcmp(argv[1], "--write-manual") == 0 && argc == 3)
        return manual_write_pages(argv[2]);
    command = command_find(argc - 1, argv + 1);
    if (!command && asks_for_group(argc, argv))
        return 0;
    if (!command)
        return unknown_command(argv[1]);
    return run_command(command, argc - 1, argv + 1);
}
