/* SPDX-License-Identifier: Apache-2.0
 *
 * deregistration.h - R2, R3: the end of a card's registration on request (利用登録解除).
 *
 * The person asks the insurer, in any form; the insurer enters it. What is entered in month N is
 * carried out at the end of month N + 1. A request belongs to the person: it is carried out whoever
 * insures them then, and a new registration while it is open does not take it back. A second one
 * meets an error that hides who entered the first. Pure.
 * Source: insurers-and-documents 4.4; 12.1, questions 7 to 9.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"
#include "base/failure.h"
#include "domain/person.h"
#include "domain/rule.h"

/* Our limit: requests of one person. */
#define DEREGISTRATIONS_MAX 512

/* How the insurer entered it; the numbers are in the store. */
enum deregistration_channel {
    DEREGISTRATION_BY_TERMINAL = 1, /* 統合専用端末 */
    DEREGISTRATION_BY_FILE = 2,     /* 一括登録 */
    DEREGISTRATION_BY_LINK = 3,     /* サーバー間連携 */
};

enum deregistration_state {
    DEREGISTRATION_REQUESTED = 1, /* entered, not yet looked at */
    DEREGISTRATION_ACCEPTED = 2,  /* to be carried out */
    DEREGISTRATION_DUPLICATE = 3, /* R3: another one is open */
    DEREGISTRATION_DONE = 4,
    DEREGISTRATION_FAILED = 5, /* on its day there was no registration to end */
    DEREGISTRATION_WITHDRAWN = 6,
};

struct deregistration_request {
    int64_t person_id;
    int64_t request_id;    /* 1 and up within the person */
    struct date requested; /* the person asked */
    struct date received;  /* the insurer entered it: month N */
    struct insurer_number insurer;
    enum deregistration_channel channel;
    bool proxy;
    enum deregistration_state state;
    struct date executes; /* last day of use: end of month N + 1 */
    struct date executed; /* day on which it was carried out, failed, or was withdrawn */
    enum cause error;     /* what the insurer was told */
};

/* Last day of use for what is entered on a day. */
struct date deregistration_executes(struct date received);
/* Still to be carried out. */
bool deregistration_is_open(const struct deregistration_request *request);

/* What comes of a request or a withdrawal. */
struct deregistration_decision {
    enum cause refusal; /* CAUSE_NONE where accepted; R3 is DEREGISTRATION_ALREADY */
    const struct rule *rule;
    /* the one in the way, or sent twice; of a duplicate that was sent twice the one in its way */
    const struct deregistration_request *existing;
    bool again; /* the same was sent twice: nothing changes */
};

/*
 * R2, R3: a request that an insurer enters, against those that are there. Refused with
 * DEREGISTRATION_NOT_OPEN before entry opened, DATE_WRONG where it was asked for after the day of
 * entry, DEREGISTRATION_ALREADY where one is open.
 */
struct deregistration_decision deregistration_decide(const struct deregistration_request *existing,
                                                     size_t count,
                                                     const struct deregistration_request *request);

/*
 * Withdrawal by the insurer that entered it, to the last moment before its day:
 * DEREGISTRATION_NONE_OPEN where that insurer has none open, DEREGISTRATION_TOO_LATE.
 */
struct deregistration_decision
deregistration_withdraw_decide(const struct deregistration_request *existing, size_t count,
                               struct insurer_number insurer, struct date on);

/*
 * At the end of a day: is it to be carried out, and does it find a registration? The person may
 * have died, moved to another insurer, or registered anew since: none of it matters.
 */
enum deregistration_state deregistration_outcome(const struct deregistration_request *request,
                                                 const struct person *person, struct date on);

/* The one to be shown: open, or else the newest that was not withdrawn; NULL where there is none.
 */
const struct deregistration_request *
deregistration_shown(const struct deregistration_request *requests, size_t count,
                     struct insurer_number insurer);

/* What an insurer is shown: NONE, REQUESTED, DONE, ERROR (12.2). */
const char *deregistration_shown_name(const struct deregistration_request *shown);
const char *deregistration_state_name(enum deregistration_state state); /* "accepted" ... */
