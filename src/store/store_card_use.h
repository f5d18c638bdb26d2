/* SPDX-License-Identifier: Apache-2.0
 *
 * store_card_use.h - uses of the card by month (domain/card_use.h), and how far each journal was
 * counted.
 *
 * A batch adds uses and puts the position in one transaction, so that each record counts once.
 */
#pragma once

#include "domain/card_use.h"
#include "store/store.h"

struct card_use_run {
    const struct monthly_uses *uses; /* each person and month once */
    size_t count;
    struct date born_by; /* of people who were born later nothing is kept */
};

/* Adds to what is there; people whom the store does not know are passed over. */
MUST_CHECK enum status store_add_card_uses(struct scope *scope, struct store *store,
                                           const struct card_use_run *run);
/* Drops the months before one (yyyymm). */
MUST_CHECK enum status store_drop_card_uses(struct scope *scope, struct store *store,
                                            int32_t before);

struct use_position {
    char journal[33]; /* 32 hexadecimal digits */
    int64_t records;  /* number of the last record that was counted, 0 = none */
    int64_t segment;
    char hash[65]; /* of that record; "" = none */
    struct date counted;
};

/* First in a transaction: makes the row where there is none; another count waits for the end. */
MUST_CHECK enum status store_lock_use_position(struct scope *scope, struct store *store,
                                               const char *journal);
/* NOT_FOUND where the journal was never counted. */
MUST_CHECK enum status store_find_use_position(struct scope *scope, struct store *store,
                                               const char *journal, struct use_position *out);
/* Of a journal that was locked. */
MUST_CHECK enum status store_put_use_position(struct scope *scope, struct store *store,
                                              const struct use_position *position);
/* The day of the last count of any journal; DATE_NONE: never. */
MUST_CHECK enum status store_find_last_use_count(struct scope *scope, struct store *store,
                                                 struct date *out);
