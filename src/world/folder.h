/* SPDX-License-Identifier: Apache-2.0
 *
 * folder.h - the folder of a world on disk: what lies where, beginning one, removing one.
 */
#pragma once

#include <limits.h>

#include "base/scope.h"
#include "base/text.h"

#define FOLDER_FILE_MAX 96 /* bytes of a file's path below the folder */
#define FOLDER_PATH_SIZE (PATH_MAX + FOLDER_FILE_MAX)

struct world_folder {
    char path[PATH_MAX]; /* absolute */
};

/*
 * Begins a world's folder: makes it and the folders in it. One that exists must be empty, or a
 * world that force replaces. Fails with FOLDER_TAKEN, FILE_UNAVAILABLE.
 */
MUST_CHECK enum status folder_begin(struct scope *scope, const char *directory, bool force,
                                    struct world_folder *out);

/* Removes all that a world has, and the folder where nothing else is in it. Never fails. */
void folder_remove(const struct world_folder *folder);

/* The absolute path of a file below the folder; at least FOLDER_PATH_SIZE bytes. */
void folder_path(const struct world_folder *folder, const char *file, char *out);

/* Writes a public file below the folder. */
MUST_CHECK enum status folder_write(struct scope *scope, const struct world_folder *folder,
                                    const char *file, struct text content);
