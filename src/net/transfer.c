/* SPDX-License-Identifier: Apache-2.0 */
#include "net/transfer.h"

size_t transfer_take(const char *bytes, size_t size, size_t count, void *taking_)
{
    struct transfer_taking *taking = taking_;
    size_t all = size * count;

    if (all > taking->most - taking->buffer.size)
        return 0;
    text_buffer_add(&taking->buffer, (struct text){bytes, all});
    return taking->buffer.status == STATUS_OK ? all : 0;
}

CURLcode transfer_set_up(CURL *curl, const char *protocols)
{
    CURLcode bad = CURLE_OK;

    bad |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    bad |= curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    bad |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
    bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, transfer_take);
    return bad;
}
