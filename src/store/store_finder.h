/* SPDX-License-Identifier: Apache-2.0
 *
 * store_finder.h - what the finders read of many people at once, beside their standings: when
 * losses were registered, and by what people are known.
 *
 * In the order of person_id.
 */
#pragma once

#include "domain/overlap.h"
#include "store/store_standing.h"

/*
 * From one person_id to below another, at most STANDING_RUN apart: losses of coverages that we had
 * believed open: registered when we last did so. Ascending person_id and coverage_id. A coverage
 * that came with its loss is not among them.
 */
MUST_CHECK enum status store_list_losses(struct scope *scope, struct store *store, int64_t from,
                                         int64_t to, struct coverage_loss **out, size_t *count);

/* Kana name and birth date of a person. */
struct person_name {
    int64_t person_id;
    struct date birth;
    struct text kana;
};

/* People from a person_id on, ascending, at most limit (to STANDING_RUN). */
MUST_CHECK enum status store_list_names(struct scope *scope, struct store *store, int64_t from,
                                        size_t limit, struct person_name **out, size_t *count);
