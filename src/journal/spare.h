/* SPDX-License-Identifier: Apache-2.0
 *
 * spare.h - the file of the next segment, filled with zeros ahead of time by a thread of its own.
 *
 * Filling 64 MiB takes a tenth of a second and more; nobody's answer shall wait for that. One spare
 * at a time: it has no number yet, folder_name_segment() gives it one.
 */
#pragma once

#include "journal/folder.h"

struct spare; /* opaque; used by one thread */

/* Starts the thread; nothing is made yet. The folder must outlive it. */
MUST_CHECK enum status spare_open(struct scope *scope, const struct folder *folder, uint64_t bytes,
                                  struct spare **out);
/* Removes a spare that was not taken. Accepts NULL. */
void spare_close(struct spare *spare);

/* Lets the thread make a spare, where there is none. */
void spare_begin(struct spare *spare);
/*
 * Takes the spare: waits where it is being made, makes it here where nobody began or making it
 * failed. *fd is open for writing.
 */
MUST_CHECK enum status spare_take(struct scope *scope, struct spare *spare, int *fd);
