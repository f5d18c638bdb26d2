/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer_book.h - the book of the world's issuer (J-LIS role): all certificates with real keys.
 */
#pragma once

#include "world/card_maker.h"

/* Where the world's certificates say their OCSP responder is: `shikaku card respond`. */
#define ISSUER_BOOK_OCSP "http://127.0.0.1:8444/ocsp"

/* What goes into it. */
struct issuer_book_order {
    const struct card_job *jobs; /* those of institutions are passed over */
    size_t count;
    struct date on; /* the world's date */
    uint64_t next;  /* the serial that new certificates begin with */
};

/* Makes pki/book.sqlite and enters holders, certificates and links of the jobs. */
MUST_CHECK enum status issuer_book_write(struct scope *scope, const struct world_folder *folder,
                                         const struct issuer_book_order *order);
