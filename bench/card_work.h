/* SPDX-License-Identifier: Apache-2.0
 *
 * card_work.h - cards of a new CA, and one kind of work on them done over and over by threads.
 */
#pragma once

#include "base/text.h"
#include "proof/issuer.h"

#define CARDS 16
#define THREADS_MAX 2

/* Certificates (DER) and what each card signs: one hash, which stands for a challenge. */
struct cards {
    struct text certificates[CARDS];
    unsigned char signatures[CARDS][256];
    unsigned char hash[32];
};

/* Ends the program with a line on stderr where something that must be good is not. */
void check(bool good, const char *what);

/* A CA of its own and CARDS cards by it; the caller closes the CA. */
struct issuer *cards_make(struct scope *scope, struct cards *out);

/* What a run took: per piece of work, and per second of the clock. */
struct work_cost {
    double per_second;   /* over the whole run, which other load on the machine slows */
    double best;         /* a second, in the best window of 5 ms */
    double microseconds; /* of CPU, each */
    double waits;        /* how often a thread gave up its processor, each */
};

/* Lets threads (1 to THREADS_MAX) do once() on the cards in turn for some seconds. */
struct work_cost work_run(void (*once)(size_t card), size_t threads, double seconds);
