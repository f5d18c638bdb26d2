/* SPDX-License-Identifier: Apache-2.0
 *
 * inspect.h - a journal's directory as a whole: checkpoint, files, chain.
 */
#pragma once

#include "journal/walk.h"

/* What to look at. */
struct inspection {
    const struct folder *folder;
    struct hasher *hasher;
    bool tail_only; /* from the checkpoint's segment on: enough to go on writing */
    const struct journal_anchor *anchor; /* may be NULL */
    /* visit only what lies behind, and read from its file on; NULL: all */
    const struct journal_position *after;
    journal_visit visit; /* may be NULL */
    void *context;
};

/* What was found. */
struct inspected {
    bool fresh; /* no segment and no record yet; head is set where there is one */
    bool has_head;
    struct head head;
    uint32_t last;                   /* number of the last segment */
    struct chain chain;              /* behind the last good record */
    size_t end;                      /* offset of that place in the last segment */
    struct journal_position visited; /* the last record that was visited */
    struct journal_report report;
};

/* Fails only where something cannot be read. */
MUST_CHECK enum status inspect(struct scope *scope, const struct inspection *order,
                               struct inspected *out);
