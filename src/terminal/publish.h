/* SPDX-License-Identifier: Apache-2.0
 *
 * publish.h - files that other programs watch for appear whole, once, and never over another.
 *
 * Readers in the field want different events (oqs-files 3.2, measured): "created" watchers see a
 * file that is renamed in from another folder; "changed" watchers see its modification time touched
 * a little later; nobody sees half a file.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"

/* From a file's appearance to the touch of its modification time. */
#define PUBLISH_TOUCH_MILLISECONDS 300

/*
 * Writes a file and puts it on the disk (fsync); one of the same name is replaced. Fails:
 * FILE_UNAVAILABLE.
 */
MUST_CHECK enum status publish_write(struct scope *scope, int folder, const char *name,
                                     struct text bytes);

/*
 * Moves a file to its final name, never over another: renameat2(RENAME_NOREPLACE), or link and
 * unlink where the file system lacks it. Fails: STATUS_CONFLICT without a cause (the name is taken;
 * nothing happened), STATUS_NOT_FOUND without a cause (no such file to move), FILE_UNAVAILABLE.
 */
MUST_CHECK enum status publish_place(struct scope *scope, int from, const char *from_name, int to,
                                     const char *to_name);

/* Touches a file's modification time; one that is gone is left alone. */
void publish_touch(int folder, const char *name);

/* Puts a folder's entries on the disk, where the file system can. */
void publish_sync(int folder);
