/* SPDX-License-Identifier: Apache-2.0
 *
 * leftover.h - results that nobody collects do not stay: they hold personal data (oqs-files 3.4).
 *
 * A result that lies in res/ longer than the stay time (結果データファイルの消し忘れ判定時間) is
 * removed; DEL_<name>.txt says so with its name and the time. Only results that a terminal writes
 * are looked at; what else lies in res/ belongs to others.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "terminal/folder.h"

/*
 * Removes what is older than stay_seconds at scope->now. removed (may be NULL) counts. Fails:
 * FILE_UNAVAILABLE; files before the failing one are done.
 */
MUST_CHECK enum status leftover_remove(struct scope *scope, const struct folders *folders,
                                       int64_t stay_seconds, size_t *removed);
