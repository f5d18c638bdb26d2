/* SPDX-License-Identifier: Apache-2.0
 *
 * residents.h - the world's resident register: the same people as their insurers know, but for the
 * few whose records differ.
 *
 * Who has register_difference 1 was born a day later by the register, 2 has another name and kana,
 * 3 lives elsewhere, so that a comparison finds just these classes. Some names are written with
 * another form of a character, which is no difference.
 */
#pragma once

#include "domain/person.h"
#include "register/link_code.h"
#include "world/folder.h"

#define CAST_MUNICIPALITY "13201" /* where all of the cast live */

struct resident_file;
struct store;

struct residents {
    struct resident_file *file;
    struct link_key key; /* of the world: pki/link.key */
    struct store *store; /* takes the link codes, while it is being loaded */
};

/* Makes register.sqlite and pki/link.key, mode 0600, and register.conf. */
MUST_CHECK enum status residents_begin(struct scope *scope, const struct world_folder *folder,
                                       struct store *store, struct residents *out);
/* municipality: five digits. */
MUST_CHECK enum status residents_add(struct scope *scope, struct residents *residents,
                                     const struct person *person, const char *municipality);
MUST_CHECK enum status residents_end(struct scope *scope, struct residents *residents);
/* Closes the file and wipes the key; what was not ended is not there. */
void residents_close(struct residents *residents);
