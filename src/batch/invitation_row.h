/* SPDX-License-Identifier: Apache-2.0
 *
 * invitation_row.h - one person of the joining-invitation list (加入勧奨ファイル), and the row.
 *
 * Our layout, cells as in row_line.h:
 *
 *   own key, rule, day of the loss, its reason (OQSCD008), name, kana, birth date, sex (OQSCD007),
 *   postal code, address, what is told (Japanese), what to do (Japanese), the same in English
 *
 * A city is told who it is, and no insurer. A former insurer is told its own key and nothing of the
 * person: name to address are empty.
 */
#pragma once

#include "domain/invitation.h"

/* Room that a row takes at most; a file is read back by lines of 4096. */
#define INVITATION_ROW_MAX 4000
/* Bytes of a name that a row shows. */
#define INVITATION_NAME_MAX 240

/* Texts are borrowed. */
struct invitation_row {
    struct insurer_number to; /* who is told: the city, or the former insurer */
    struct text key;          /* of that insurer for the person; "" = it has none */
    enum invitation_way way;
    struct date lost;
    enum loss_reason reason;
    const struct person *person; /* who it is, for a city; else NULL */
};

/* Writes into out; returns the bytes, 0 where the row does not fit. */
size_t invitation_row_write(const struct invitation_row *row, char out[INVITATION_ROW_MAX]);
