/* SPDX-License-Identifier: Apache-2.0
 *
 * resident_parts.h - inside of this folder: the register's database and its statements.
 */
#pragma once

#include <sqlite3.h>

#include "resident/resident_file.h"

enum resident_statement {
    RESIDENT_ADD,
    RESIDENT_BY_NUMBER,
    RESIDENT_BY_LINK,
    RESIDENT_BY_ITEMS,
    RESIDENT_COUNT,
    RESIDENT_MOVE_KEEP,
    RESIDENT_MOVE,
    RESIDENT_RENAME,
    RESIDENT_BURY,
    RESIDENT_SUPPORT,
    RESIDENT_CHANGE_ADD,
    RESIDENT_CHANGES,
    RESIDENT_STATEMENT_COUNT
};

struct resident_file {
    sqlite3 *db;
    sqlite3_stmt *statements[RESIDENT_STATEMENT_COUNT]; /* prepared at their first use */
    bool loading;
};

/* The statement, reset and without values. */
MUST_CHECK enum status resident_prepare(struct scope *scope, struct resident_file *file,
                                        enum resident_statement which, const char *sql,
                                        sqlite3_stmt **out);
/* The error in words that hold no value. */
enum status resident_failed(struct scope *scope, const struct resident_file *file,
                            const char *doing);
MUST_CHECK enum status resident_exec(struct scope *scope, struct resident_file *file,
                                     const char *sql);
void resident_bind_text(sqlite3_stmt *statement, int at, struct text text);
MUST_CHECK enum status resident_take_text(struct scope *scope, sqlite3_stmt *statement, int column,
                                          struct text *out);
/* Runs a statement that gives no rows; *changed says how many rows it touched. */
MUST_CHECK enum status resident_run(struct scope *scope, struct resident_file *file,
                                    sqlite3_stmt *statement, int *changed);
/* Forgets the values of a statement. */
void resident_done(sqlite3_stmt *statement);
