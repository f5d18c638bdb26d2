/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange.h - req/ to res/: which request is due, who works on it, when it is tried again.
 *
 * One thread calls exchange_scan(): it looks at req/, decides, and queues what is due. Workers call
 * exchange_work(). Times are milliseconds of any steady clock, above 0, and come from the caller of
 * exchange_scan() alone. Nothing here must survive: what does is told in claim.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "format/oqs.h"
#include "terminal/claim.h"
#include "terminal/folder.h"
#include "terminal/service_client.h"

/* Between tries while the service is away: doubled from the first to the last. */
#define EXCHANGE_RETRY_FIRST 1000
#define EXCHANGE_RETRY_LAST 30000

struct exchange_settings {
    const struct folders *folders; /* outlives the exchange */
    enum oqs_encoding encoding;
    size_t request_max; /* bytes; larger files are answered without being read */
    size_t queue_max;   /* requests handed to workers at once */
    int64_t settle;     /* ms without change after which a cut or misnamed file is taken as it is */
    int64_t give_up;    /* ms after which a try that fails is the last: SERVICE_AWAY is answered */
    int64_t rescan;     /* ms between looks at folders that send no events (network shares) */
    claim_step step;    /* tests only, else NULL */
    void (*wake)(void *context); /* a worker has news for exchange_scan(); may be NULL */
    void *wake_context;
};

/* For the staff's screen and the log. */
struct exchange_figures {
    uint64_t answered, rejected, withdrawn;
    size_t waiting;    /* files in req/ that we know and that are not answered */
    size_t blocked;    /* ... because their result's name still lies in res/ */
    size_t finishing;  /* results that are placed and not touched yet */
    size_t away;       /* ... because the service is away */
    bool service_away; /* the last try did not reach it */
};

struct exchange; /* opaque; safe to use from many threads */

/* Opens, and finds what was under way when the last terminal stopped. Fails: FILE_UNAVAILABLE. */
MUST_CHECK enum status exchange_open(struct scope *scope, const struct exchange_settings *settings,
                                     struct exchange **out);
/* No worker may be in exchange_work() any more. Accepts NULL. */
void exchange_close(struct exchange *exchange);

/*
 * Looks at req/ and at everything that is due at the time now. Returns the milliseconds after which
 * it wants to be called again even if nothing happens; at most settings.rescan.
 */
int64_t exchange_scan(struct exchange *exchange, int64_t now);

/*
 * Takes one request off the queue and works on it. With wait: sleeps until there is one. Returns
 * false where there was none (without wait), or after exchange_stop().
 */
bool exchange_work(struct exchange *exchange, struct service_client *client, bool wait);

/* Workers finish what they have and get nothing more; what is queued stays in req/. */
void exchange_stop(struct exchange *exchange);

struct exchange_figures exchange_figures(struct exchange *exchange);

/* The waiting requests and why, as a JSON array; for work/status.json. */
MUST_CHECK enum status exchange_write_waiting(struct scope *scope, struct exchange *exchange,
                                              struct text *out);
