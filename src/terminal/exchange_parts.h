/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange_parts.h - what the two sides of exchange.h share: the look at req/ and the workers.
 */
#pragma once

#include <pthread.h>

#include "terminal/entry.h"
#include "terminal/exchange.h"

struct exchange {
    struct exchange_settings settings;
    pthread_mutex_t mutex; /* over all that follows; a worker reads its entry through a copy */
    pthread_cond_t work;   /* something was queued, or stopping was set */
    struct entries entries;
    bool stopping;
    bool listing_failed; /* logged once until it works again */
    struct exchange_figures figures;
};
