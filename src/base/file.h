/* SPDX-License-Identifier: Apache-2.0
 *
 * file.h - whole small files: keys, certificates, cards.
 */
#pragma once

#include "base/text.h"

/* Modes of file_write(). */
#define FILE_MODE_SECRET 0600
#define FILE_MODE_PUBLIC 0644

/*
 * Reads a whole file into the scope. limit: bytes accepted; a larger file fails with
 * BODY_TOO_LARGE, an unreadable one with FILE_UNAVAILABLE.
 */
MUST_CHECK enum status file_read(struct scope *scope, const char *path, size_t limit,
                                 struct text *out);

/*
 * Writes a whole file so that a reader, or a crash, sees either the old content or the new: a
 * temporary file beside it, flushed to the disk, then renamed. The file has the mode whatever it
 * had before. Fails with FILE_UNAVAILABLE.
 */
MUST_CHECK enum status file_write(struct scope *scope, const char *path, struct text content,
                                  unsigned mode);
