/* SPDX-License-Identifier: Apache-2.0
 *
 * spool_loader.h - what the service's spool calls to load a file: the loader of
 * `shikaku insurer load`, with a connection of its own to the store while a load lasts.
 */
#pragma once

#include "register/link_code.h"
#include "register/register_client.h"
#include "spool/spool.h"

/* What a load needs. Texts are borrowed. */
struct spool_loading_order {
    const char *store_url;
    const char *link_key;              /* path */
    struct register_address registrar; /* asked where an individual number is missing; url NULL:
                                          nobody is asked, and such rows are refused */
};

struct spool_loading {
    const char *store_url;
    struct link_key key;
    struct register_client *lookup; /* of the loading thread; or NULL */
};

/*
 * Fails as link_key_read() and register_option_open() do, and with USAGE. Ended with
 * spool_loading_drop().
 */
MUST_CHECK enum status spool_loading_begin(struct scope *scope,
                                           const struct spool_loading_order *order,
                                           struct spool_loading *out);
void spool_loading_drop(struct spool_loading *loading);
/* The loader of these; loading must outlive the spool. */
struct spool_loader spool_loading_loader(struct spool_loading *loading);
