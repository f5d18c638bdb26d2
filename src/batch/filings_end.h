/* SPDX-License-Identifier: Apache-2.0
 *
 * filings_end.h - the daily work on protection filings (2.5): what ended is taken away.
 */
#pragma once

#include "store/store_protection.h"

/*
 * Takes away every filing whose last day lies before a day, of the future none: before the scope's
 * day at the latest. The flag goes with the last filing that held it. One person a transaction;
 * the same again changes nothing. people: whose filings ended.
 */
MUST_CHECK enum status filings_end(struct scope *scope, struct store *store, struct date day,
                                   int64_t *people);
