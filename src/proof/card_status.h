/* SPDX-License-Identifier: Apache-2.0
 *
 * card_status.h - is a card's certificate revoked? What the issuer says, and what counts while it
 * says nothing.
 *
 * Sources: an OCSP responder, asked when a certificate comes up, and CRLs, fetched in the
 * background; either may be missing. An answer is kept and used for `age` seconds; one that nears
 * its end is asked for anew in the background, so that a card that comes often never waits. Where
 * the responder is away, the last known word counts, or the CRL if that is newer, up to `grace`
 * seconds, and is told as degraded. What was revoked stays so: nothing of JPKI's is ever lifted
 * (card-and-pki 2.4), so a revocation counts at any age, and whatever other source says good.
 *
 * The path of a check waits for a responder ASK_MILLISECONDS at most, and after a few failures in a
 * row not at all, until a background question was answered again (circuit breaker).
 *
 * Why so: docs/decisions/0033-revocation.md.
 */
#pragma once

#include "proof/card_certificate.h"
#include "net/fetch.h"
#include "proof/revocation.h"
#include "proof/status_cache.h"

struct card_status_options {
    const char *ocsp_url; /* NULL or empty: none. "%d" in it becomes the issuer's number */
    const char *crl_url;  /* the same, for DER CRLs */
    int age;              /* seconds that a word of the responder is used, and between CRLs */
    int grace;            /* seconds that one is used while the responder is away */
    size_t cache;         /* certificates whose state is kept */
};

struct card_status; /* safe to use from many threads */

/*
 * Opens the sources and starts the background thread; tries each CRL once. trust and fetcher are
 * borrowed. Fails with CONFIGURATION for an address that is none; a source that is away is no
 * failure here.
 */
MUST_CHECK enum status card_status_open(struct scope *scope, struct card_trust *trust,
                                        struct fetcher *fetcher,
                                        const struct card_status_options *options,
                                        struct card_status **out);
void card_status_close(struct card_status *status); /* accepts NULL */

/* The state of a certificate, as far as anyone can say. */
struct card_standing {
    enum revocation_state state; /* UNKNOWN: the issuer says nothing of it */
    int reason;                  /* CRLReason where revoked */
    struct instant as_of;        /* when the issuer said so */
    bool degraded;               /* older than it should be: the issuer is away */
};

/* Fails with CARD_STATUS_UNCONFIRMED where no word is young enough. */
MUST_CHECK enum status card_status_find(struct scope *scope, struct card_status *status,
                                        struct status_key key, struct card_standing *out);

struct card_status_figures {
    uint64_t kept;                /* checks answered by a word that was kept */
    uint64_t asked, failed;       /* questions to the responder, and those without an answer */
    uint64_t degraded, refused;   /* checks with an old word, and without any */
    uint64_t lists, lists_failed; /* CRLs read, and those that could not be */
    uint64_t listed;              /* entries of the CRLs in use */
    bool away;                    /* the breaker is open: the responder is not asked by checks */
};
/* All 0 for NULL. */
struct card_status_figures card_status_figures(struct card_status *status);
