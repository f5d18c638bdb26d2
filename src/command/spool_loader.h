/* SPDX-License-Identifier: Apache-2.0
 *
 * spool_loader.h - what the service's spool calls to load a file: the loader of
 * `shikaku insurer load`, with a connection of its own to the store while a load lasts.
 */
#pragma once

#include "register/link_code.h"
#include "spool/spool.h"

struct spool_loading {
    const char *store_url;
    struct link_key key;
};

/* Borrows store_url. Fails as link_key_read() does. Ended with spool_loading_drop(). */
MUST_CHECK enum status spool_loading_begin(struct scope *scope, const char *store_url,
                                           const char *link_key, struct spool_loading *out);
void spool_loading_drop(struct spool_loading *loading);
/* The loader of these; loading must outlive the spool. */
struct spool_loader spool_loading_loader(struct spool_loading *loading);
