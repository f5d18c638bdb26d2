/* SPDX-License-Identifier: Apache-2.0
 *
 * transfer.h - inside this folder: what all that is asked by libcurl has in common.
 */
#pragma once

#include <curl/curl.h>

#include "base/text.h"

/* Where an answer's body goes, and how much of it may come. Set as CURLOPT_WRITEDATA. */
struct transfer_taking {
    struct text_buffer buffer;
    size_t most; /* bytes */
};

/*
 * What never changes of a handle: these protocols alone ("https"), HTTP/1.1, no proxy, no redirect,
 * no signals, the body into a struct transfer_taking. Not CURLE_OK: this libcurl lacks something.
 */
CURLcode transfer_set_up(CURL *curl, const char *protocols);
/* Called by curl for each piece; taking less than it has ends the transfer. taking: that struct. */
size_t transfer_take(const char *bytes, size_t size, size_t count, void *taking);
