/* SPDX-License-Identifier: Apache-2.0
 *
 * list_row.h - one row of 初回登録・有効期限状況一覧, our layout (insurers-and-documents 12.2):
 *
 *   insurer's key, branch, registered 0/1, registered since, certificate state, its last day, last
 *   day of its grace, deregistration state, day it was asked for, card returned 0/1, certificate
 *   recommended 0/1, trigger T1 to T7, issue by
 *
 * Days are yyyymmdd, empty where there is none; LF ends the row.
 */
#pragma once

#include "domain/standing.h"

/* Room that a row takes at most: a key of 512 bytes and the rest. */
#define LIST_ROW_MAX 768

/* Writes the row of one coverage into out; returns its bytes, 0 where it does not fit. */
size_t list_row_write(const struct standing *standing, const struct coverage *coverage,
                      struct date on, char out[LIST_ROW_MAX]);
/* The key alone: the insurer's own, or SYMBOL-NUMBER-BRANCH. Returns its bytes. */
size_t list_key_write(const struct standing *standing, const struct coverage *coverage, char *out,
                      size_t room);
/* yyyymmdd or nothing; returns the bytes. */
size_t list_date_write(struct date date, char out[8]);
