/* SPDX-License-Identifier: Apache-2.0
 *
 * https_client_parts.h - inside this folder: a client as both its sources know it.
 */
#pragma once

#include "net/https_client.h"
#include "net/transfer.h"

#define HTTPS_URL_MAX 1024

struct https_client {
    CURL *curl;
    struct curl_slist *headers; /* of what is posted */
    struct https_order order;
    char error[CURL_ERROR_SIZE];
};

/* What never changes of a client's handle: TLS, time-outs, how it posts. */
CURLcode https_client_set_up(struct https_client *client);
/* What a result that is not CURLE_OK means to the caller. */
enum status https_client_failed(struct scope *scope, const struct https_client *client,
                                CURLcode result);
