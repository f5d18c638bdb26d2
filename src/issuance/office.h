/* SPDX-License-Identifier: Apache-2.0
 *
 * office.h - the issuer at work (J-LIS and the municipality's counter): issues, renews and revokes
 * authentication certificates.
 *
 * The state folder holds book.sqlite and, as the world makes them, card-ca.key and card-ca.pem (the
 * first CA generation; the file of certificates holds all generations in order), card-ca-N.key of
 * later ones, and terminal-ca.pem. New certificates are signed by the last generation
 * (card-and-pki 2.1). Rules: 2.3 expiry, 2.4 reasons, 2.6 renewal. Simulated throughout.
 */
#pragma once

#include "base/text.h"
#include "issuance/book.h"
#include "proof/issuer.h"

#define OFFICE_GENERATIONS_MAX 8

/* What a new certificate lies in. */
enum card_kind_issued {
    ISSUED_PLASTIC, /* a card with a PIN */
    ISSUED_PINLESS, /* 顔認証マイナンバーカード */
    ISSUED_ANDROID, /* スマートフォン用, linked to the holder's card */
    ISSUED_IPHONE,
};
/* "plastic", "pinless", "android", "iphone"; false for other words. */
bool issued_kind_read(const char *word, enum card_kind_issued *out);

struct office; /* opaque */

/* Makes the book of a new issuer; serials begin at first. */
MUST_CHECK enum status office_found(struct scope *scope, const char *folder, uint64_t first);
/* Opens the issuer of a folder: keys, generations, book. Fails with CONFIGURATION and as a book. */
MUST_CHECK enum status office_open(struct scope *scope, const char *folder, struct office **out);
void office_close(struct office *office); /* accepts NULL */

struct book *office_book(struct office *office);
int office_generations(const struct office *office);
/* From 1. */
const struct issuer *office_issuer(const struct office *office, int generation);

struct issue_order {
    const char *card; /* path of the card file to be made */
    int64_t holder;   /* 0 = a new one, of whom birth and municipality are told */
    struct date birth;
    const char *municipality; /* five digits */
    const char *pin;          /* four digits; not looked at for ISSUED_PINLESS */
    const char *ocsp;         /* address in the certificate, NULL = one that leads nowhere */
    enum card_kind_issued kind;
};

/* What was done. */
struct issued {
    struct book_certificate certificate;
    struct book_holder holder;
    uint64_t former; /* the certificate it comes after, 0 = none */
    struct date card_expires;
    const struct rule *rule; /* which gave the day of expiry */
};

/*
 * Issues a certificate and writes its card file. One that the holder's card has already is
 * superseded, unless it was revoked or lapsed; a phone's stands beside it. Fails: USAGE,
 * CERTIFICATE_NOT_ISSUED (no such holder, or no card for a phone), FOLDER_TAKEN (the file is
 * there).
 */
MUST_CHECK enum status office_issue(struct scope *scope, struct office *office,
                                    const struct issue_order *order, struct issued *out);
/*
 * Renews the certificate of a card file: new key and certificate on the same card, the old one
 * superseded (reason 4). From three months before expiry on; after expiry it is a reissue. Fails:
 * RENEWAL_TOO_EARLY, CERTIFICATE_ENDED, CERTIFICATE_NOT_ISSUED, CARD_IN_USE.
 */
MUST_CHECK enum status office_renew(struct scope *scope, struct office *office, const char *card,
                                    const char *ocsp, struct issued *out);
/* Revokes at scope->now. Fails: CERTIFICATE_ENDED, CERTIFICATE_NOT_ISSUED. */
MUST_CHECK enum status office_revoke(struct scope *scope, struct office *office, uint64_t serial,
                                     enum revocation_reason reason, struct book_certificate *out);

/* The serial of a card file's authentication certificate. */
MUST_CHECK enum status office_card_serial(struct scope *scope, const char *card, uint64_t *out);

/* What the rules of the certificate's life take (K1-K3). */
struct authentication_certificate office_life_of(const struct book_certificate *certificate);
