/* SPDX-License-Identifier: Apache-2.0
 *
 * reject.h - requests whose name is wrong leave req/ with a note of what to correct.
 */
#pragma once

#include "base/scope.h"
#include "terminal/folder.h"
#include "terminal/request_name.h"

/*
 * Writes rejected/<name>.txt (Japanese and English) and moves the file to rejected/<name>; where
 * that is taken, ".2", ".3" ... follow the name. A file that is gone is none to reject: STATUS_OK.
 * Fails: FILE_UNAVAILABLE.
 */
MUST_CHECK enum status reject_request(struct scope *scope, const struct folders *folders,
                                      const char *name, enum name_fault fault);
