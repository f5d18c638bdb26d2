/* SPDX-License-Identifier: Apache-2.0
 *
 * overlap_row.h - what one insurer is told of a finding, and its row in the insurer's file.
 *
 * Our layout, cells parted by commas (RFC 4180), LF ends the row; a control character in a
 * text becomes a blank:
 *
 *   key, branch, finding, rule, own coverage from, until, other insurer, its name, other coverage
 *   from, until, first day of the finding, last day, days, own coverage counts 1/0, what was found
 *   (Japanese), what to do (Japanese), what was found (English), what to do (English)
 *
 * Of the other insurer an insurer learns number, name and dates, never key, symbol or number. Under
 * a protection flag (insurers-and-documents 2.5) the other insurer is left out too: its name may
 * say where the person lives now.
 */
#pragma once

#include "domain/overlap.h"

/* Room that a row takes at most; a file is read back by lines of 4096. */
#define OVERLAP_ROW_MAX 4000

/* Texts are borrowed. */
struct overlap_row {
    struct insurer_number to; /* who is told */
    struct text key;
    char branch[3];
    enum overlap_kind kind;
    const struct rule *rule;
    struct date from, until;     /* of the own coverage */
    struct insurer_number other; /* "" where there is none, or it is withheld */
    struct text other_name;
    struct date other_from, other_until;
    struct date first, last;
    int days;
    bool counts;   /* the own coverage is the one that counts (live overlaps) */
    bool withheld; /* the other insurer is left out under a protection flag */
};

/* Writes into out; returns the bytes, 0 where the row does not fit. */
size_t overlap_row_write(const struct overlap_row *row, char out[OVERLAP_ROW_MAX]);
