/* SPDX-License-Identifier: Apache-2.0 */
#include "net/listen_address.h"

#include <arpa/inet.h>

enum status listen_address_read(struct scope *scope, const char *address, int port,
                                struct sockaddr_storage *out)
{
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

    if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        return STATUS_OK;
    }
    if (inet_pton(AF_INET6, address, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)port);
        return STATUS_OK;
    }
    return scope_fail(scope, CAUSE_CONFIGURATION, "listen address '%s' is no numeric address",
                      address);
}
