/* SPDX-License-Identifier: Apache-2.0
 *
 * log.h - the operator's log: one line an event on standard error, in logfmt.
 *
 *   2026-11-05T00:15:30.123456Z info id=5f3a… msg="check answered" route='by_card' us='312'
 *
 * The scope's id first, then the words, then values in single quotes. No personal data: names,
 * numbers of insured persons, birth dates and addresses never reach a log. The audit log is not
 * logging: see journal/.
 */
#pragma once

#include <stdbool.h>

#include "base/scope.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Lines above this level are dropped; LOG_INFO at the start. Set before threads begin. */
void log_set_level(enum log_level level);
/* "error", "warning", "info", "debug"; false for other words. */
bool log_read_level(const char *word, enum log_level *out);

/* words: constant, lower case. format: key='%s' pairs; may be "". Control bytes become '?'. */
void log_write(enum log_level level, const struct scope *scope, const char *words,
               const char *format, ...) PRINTF_LIKE(4, 5);

#define LOG(level, scope, words, ...) log_write(LOG_##level, (scope), (words), __VA_ARGS__)

/* Logs the failure a scope carries: code, status, detail. Only the ways in call this, once. */
void log_failure(const struct scope *scope, const char *words);
