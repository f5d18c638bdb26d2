/* SPDX-License-Identifier: Apache-2.0
 *
 * registration.h - R1: registration of the card for insurance use (利用登録, 初回登録).
 *
 * Made once: it survives a change of insurer and a renewal of the certificate. It ends when the
 * card has no working certificate left (the grace is over), when the card is returned, and when a
 * request for 利用登録解除 is carried out; it may then be made anew. Pure; answers for any day.
 * Sources: card-and-pki 2.5, 2.6, 3.3; insurers-and-documents 2.5, 4.2.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"
#include "base/failure.h"
#include "domain/certificate_life.h"
#include "domain/eligibility.h"
#include "domain/person.h"
#include "domain/rule.h"

/* Our limit: registrations, and certificates, of one person. */
#define REGISTRATIONS_MAX 512

/* How a registration was made; the numbers are in the store. */
enum registration_way {
    REGISTERED_BEFORE = 0,    /* came with the person's data: made before this service kept count */
    REGISTERED_AT_READER = 1, /* 顔認証付きカードリーダー等 */
    REGISTERED_AT_PORTAL = 2, /* マイナポータル */
};

/* Why it ended; the numbers are in the store. */
enum registration_end {
    REGISTRATION_RUNS = 0,
    REGISTRATION_LAPSED = 1,       /* the certificate lapsed, K3 */
    REGISTRATION_RETURNED = 2,     /* カードの返納 */
    REGISTRATION_DEREGISTERED = 3, /* 利用登録解除, R2 */
};

/* One registration, from a day to a day. */
struct registration {
    struct date since; /* first day of use */
    struct date until; /* last day of use; DATE_NONE while it runs */
    enum registration_way way;
    enum registration_end ended;
};

/* Where a person stands. */
enum registration_state {
    REGISTRATION_NONE,   /* never, or not yet */
    REGISTRATION_HOLDS,  /* registered */
    REGISTRATION_ENDING, /* registered, with a last day that is known (R2) */
    REGISTRATION_ENDED,  /* deregistered */
    REGISTRATION_BLOCKED, /* 自己情報提供不可: the card is of no use, whatever else is known */
};

struct registration_standing {
    enum registration_state state;
    bool use;                /* the card may be used for insurance */
    enum cause refusal;      /* CAUSE_NONE where it may */
    const struct rule *rule; /* R1.* or R2.*, never NULL */
};

/* Where the person stands on a day, whatever the card's certificate says. Cannot fail. */
struct registration_standing registration_on(const struct person *person, struct date on);
const char *registration_state_name(enum registration_state state); /* "registered" ... */
/* "before", "reader", "portal"; "runs", "lapsed", "returned", "deregistered". */
const char *registration_way_name(enum registration_way way);
const char *registration_end_name(enum registration_end ended);
/* Why the card is not registered (any more), by how its last registration ended. */
const struct rule *registration_end_rule(enum registration_end ended);

/* What comes of a wish to register. */
struct registration_decision {
    bool allowed;
    bool already;       /* allowed, and nothing is to be done: it is made once */
    enum cause refusal; /* CAUSE_NONE where allowed */
    const struct rule *rule;
};

/*
 * R1: may this person register this card here and now? The certificate's life goes first, then the
 * self-refusal, then the way: the portal takes a PIN only, so that a card without one
 * (顔認証マイナン バーカード) is registered at a reader. In the grace a registration that runs is
 * used, but none is made: JPKI does not vouch for an expired certificate.
 */
struct registration_decision
registration_decide(const struct person *person,
                    const struct authentication_certificate *certificate, enum identity_mode mode,
                    enum registration_way way, struct date on);

/*
 * R1, K3: the last day on which one of a person's certificates worked, where no other took over
 * before a day; DATE_NONE where one works still, or nothing is known of the day of registration.
 * A renewal in time, a replacement of a lost card included, carries the registration on.
 */
struct date registration_lapse(const struct authentication_certificate *certificates, size_t count,
                               struct date since, struct date on);
