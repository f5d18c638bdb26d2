/* SPDX-License-Identifier: Apache-2.0
 *
 * options.h - options and settings as a table: one row an option.
 *
 * Parser, --help, sample configuration file and manual page all come from the row. A configuration
 * file has lines `name = value`, `#` begins a comment; the command line wins over the file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/scope.h"

enum option_type {
    OPTION_TEXT,   /* const char * */
    OPTION_NUMBER, /* int64_t */
    OPTION_FLAG,   /* bool; no value on the command line */
    OPTION_DATE,   /* struct date */
};

/* One row. The value goes to the settings struct at offset. */
struct option {
    const char *name; /* long name without --, e.g. "people" */
    enum option_type type;
    const char *placeholder;  /* "N", "DIR", "DATE"; NULL for flags */
    const char *fallback;     /* default as it would be written, or NULL = none */
    int64_t minimum, maximum; /* numbers; both 0 = any */
    const char *help_en;      /* one sentence */
    const char *help_ja;
    size_t offset;
    bool required;
};

#define OPTION_AT(type, member) offsetof(type, member)

/* A table of options and the settings they fill. */
struct option_table {
    const struct option *options;
    size_t count;
};

/* Fills settings with the defaults. Fails with USAGE where a default is not valid (our bug). */
MUST_CHECK enum status options_default(struct scope *scope, struct option_table table,
                                       void *settings);
/*
 * Reads arguments: --name value, --name=value, --flag. Words that are no options are moved to the
 * front of argv, in order; *words says how many. `--` ends the options. A word that begins with '-'
 * and is no option fails with USAGE, naming the nearest option.
 */
MUST_CHECK enum status options_parse(struct scope *scope, struct option_table table, int argc,
                                     char **argv, void *settings, int *words);
/* Reads a configuration file; failures name file, line and setting (CONFIGURATION). */
MUST_CHECK enum status options_read_file(struct scope *scope, struct option_table table,
                                         const char *path, void *settings);
/* Fails with USAGE naming the first required option that is not set. */
MUST_CHECK enum status options_require(struct scope *scope, struct option_table table,
                                       const void *settings);
/* Options as --help shows them. */
void options_write_help(FILE *out, struct option_table table);
/* A commented sample configuration file with all defaults. */
void options_write_sample(FILE *out, struct option_table table, const char *title);
