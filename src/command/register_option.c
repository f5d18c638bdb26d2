/* SPDX-License-Identifier: Apache-2.0 */
#include "command/register_option.h"

#include <curl/curl.h>

enum status register_option_open(struct scope *scope, const char *prefix,
                                 const struct register_address *address,
                                 struct register_client **out)
{
    *out = NULL;
    if (!address->url)
        return STATUS_OK;
    if (!address->ca || !address->certificate || !address->key)
        return scope_fail(scope, CAUSE_USAGE,
                          "--register needs --%sca, --%scertificate and --%skey", prefix, prefix,
                          prefix);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return scope_fail(scope, CAUSE_INTERNAL, "libcurl does not start");
    return register_client_open(scope, address, out);
}
