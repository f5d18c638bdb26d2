/* SPDX-License-Identifier: Apache-2.0
 *
 * resident_file.h - the resident register's own file: who lives where, by what number.
 *
 * Part of the register's program (the role of J-LIS and the municipalities), which is another
 * organisation than the insurers: nothing of the central service reads this file. It has individual
 * numbers as they are, as the real register does, and so is its owner's only (mode 0600). SQLite;
 * one handle belongs to one thread.
 */
#pragma once

#include "base/scope.h"
#include "register/link_code.h"
#include "register/register_client.h"

struct resident_file; /* opaque */

enum resident_mode {
    RESIDENT_READ,
    RESIDENT_WRITE,
    RESIDENT_CREATE, /* a new file; one that exists fails with ALREADY_EXISTS */
};

/* Fails with REGISTER_FILE_AWAY, REGISTER_FILE_OPEN (others may read it), ALREADY_EXISTS. */
MUST_CHECK enum status resident_file_open(struct scope *scope, const char *path,
                                          enum resident_mode mode, struct resident_file **out);
/* Accepts NULL. */
void resident_file_close(struct resident_file *file);

/* Adds many in one transaction: begin, add ..., end. What was not ended is not there. */
MUST_CHECK enum status resident_load_begin(struct scope *scope, struct resident_file *file);
MUST_CHECK enum status resident_load_end(struct scope *scope, struct resident_file *file);
/* A resident; number and link of one another, municipality five digits. */
MUST_CHECK enum status resident_add(struct scope *scope, struct resident_file *file,
                                    const struct register_person *person);

/* NOT_FOUND where nobody has it. */
MUST_CHECK enum status resident_find_number(struct scope *scope, struct resident_file *file,
                                            struct text number, struct register_person *out);
MUST_CHECK enum status resident_find_link(struct scope *scope, struct resident_file *file,
                                          struct text link, struct register_person *out);
/* All five items must be there and equal after normalising. */
MUST_CHECK enum status resident_find_items(struct scope *scope, struct resident_file *file,
                                           const struct register_identity *items,
                                           struct register_finding *out);
MUST_CHECK enum status resident_count(struct scope *scope, struct resident_file *file,
                                      int64_t *out);

/* An event of one resident's life, as a municipality reports it. Texts that are empty stay as they
 * are. */
struct resident_event {
    struct text link;
    enum register_change_kind kind;
    struct date day;
    struct text address, municipality; /* ADDRESS */
    struct text name, kana;            /* NAME */
};
/* Changes the resident, keeps the former address, and adds to the feed. Fails with
 * REGISTER_PERSON_UNKNOWN, USAGE (something the event needs is missing). */
MUST_CHECK enum status resident_record(struct scope *scope, struct resident_file *file,
                                       const struct resident_event *event);
MUST_CHECK enum status resident_list_changes(struct scope *scope, struct resident_file *file,
                                             int64_t since, struct register_changes *out);
