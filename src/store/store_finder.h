/* SPDX-License-Identifier: Apache-2.0
 *
 * store_finder.h - what the overlap finder reads of many people at once, beside their standings:
 * when losses were registered.
 *
 * Ranges of person_id, as of standings: from one to below another, at most STANDING_RUN apart.
 */
#pragma once

#include "domain/overlap.h"
#include "store/store_standing.h"

/*
 * Losses of coverages that we had believed open: registered when we last did so. Ascending
 * person_id and coverage_id. A coverage that came with its loss is not among them.
 */
MUST_CHECK enum status store_list_losses(struct scope *scope, struct store *store, int64_t from,
                                         int64_t to, struct coverage_loss **out, size_t *count);
