/* SPDX-License-Identifier: Apache-2.0
 *
 * standing.h - all that the batches and the status enquiry know of a person: coverages, the card's
 * certificates, requests for deregistration, papers, and needs; and what follows from it on a day.
 *
 * Pure. The store reads standings in runs; month-end, daily step, status and portal decide by them.
 * Source: insurers-and-documents 4, 5, 8, 12.2.
 */
#pragma once

#include "domain/card_use.h"
#include "domain/certificate_life.h"
#include "domain/deregistration.h"
#include "domain/document.h"
#include "domain/issue.h"
#include "domain/person.h"

struct standing_certificate {
    struct authentication_certificate certificate;
    struct date
        told; /* the day since which we believe its row: of a revocation, when we learnt it */
};

/* An insurer's own key for the person. */
struct standing_key {
    int64_t person_id;
    struct insurer_number insurer;
    struct text key;
};

struct standing {
    /* person_id, birth, sex1, protection, registered, deregisters, coverages: no more */
    struct person person;
    const struct standing_certificate *certificates;
    size_t certificate_count;
    const struct deregistration_request *requests; /* ascending request_id */
    size_t request_count;
    const struct issue *issues;
    size_t issue_count;
    const struct need_row *needs;
    size_t need_count;
    const struct standing_key *keys;
    size_t key_count;
    int uses_12_months, uses_3_months; /* of the card, where no months are given */
    const struct monthly_uses *uses; /* ascending month; of those for whom they are kept */
    size_t use_count;
};

/* The card's certificate that counts on a day; NULL where none is known. */
const struct standing_certificate *standing_certificate_on(const struct standing *standing,
                                                           struct date on);
/* 12.2: VALID, ALERT, GRACE, LAPSED, REVOKED, NONE. */
const char *standing_certificate_state(const struct standing *standing, struct date on);
/* R1, K3: the last day of a registration whose certificates lapsed by a day; DATE_NONE: it runs. */
struct date standing_lapsed(const struct standing *standing, struct date on);
/* The card went back: the day; or DATE_NONE. */
struct date standing_card_returned(const struct standing *standing, struct date on);
/* Is a certificate or card of these days lost: was one asked for anew after it was issued? */
bool standing_paper_lost(const struct standing *standing, struct date issued,
                         struct date valid_from, struct date on);

/*
 * What documents_due() asks for one coverage. Papers of the register that are due or issued count
 * as in hand, but for the one at `without` (NULL: none).
 */
struct document_facts standing_facts(const struct standing *standing,
                                     const struct coverage *coverage, struct date on,
                                     const struct issue *without);

/* One row of the monthly list, and the answer to a status enquiry. */
struct standing_status {
    bool registered;
    struct date since;
    const char *certificate; /* VALID ... NONE */
    struct date expires, grace_ends;
    const struct deregistration_request *deregistration; /* as this insurer may see it, or NULL */
    bool returned;
    const struct issue *recommended; /* the certificate that is due, not yet issued; or NULL */
};

/* Seen by the insurer of a coverage. issues: those of the standing, or as a plan changed them. */
struct standing_status standing_status(const struct standing *standing,
                                       const struct coverage *coverage, struct date on);
