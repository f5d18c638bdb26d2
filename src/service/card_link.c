/* SPDX-License-Identifier: Apache-2.0
 *
 * card_link.c - Q4 (card-and-pki 6): a serial that the store does not know may be a renewed one.
 * The issuer's link service tells the serial it came after; the person behind that one is the
 * holder.
 *
 * What the store does with a new certificate is its own rule: the registration goes on, unless the
 * former certificate had lapsed before the new one began (store_put_certificate()). Links are not
 * signed: the address must be https, or on this machine.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "service/operation.h"

#define LINK_MILLISECONDS 300
#define LINK_ANSWER_MAX 4096
#define HTTP_OK 200
/* Renewals in a row that the store was not told of. Our limit: one is the rule. */
#define LINKS_MAX 4

static void json_drop(json_t **json)
{
    json_decref(*json);
}

bool card_link_url_ok(const char *url)
{
    return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://127.0.0.1:", 17) == 0 ||
           strncmp(url, "http://[::1]:", 13) == 0;
}

/* 1 to 16 hexadecimal digits, above 0. */
static bool read_serial(const json_t *value, uint64_t *out)
{
    const char *digits = json_string_value(value);
    uint64_t serial = 0;
    size_t size = digits ? strlen(digits) : 0;

    for (size_t i = 0; i < size && size <= 16; i++) {
        int digit = hex_digit(digits[i]);
        if (digit < 0)
            return false;
        serial = serial << 4 | (unsigned)digit;
    }
    *out = serial;
    return size > 0 && size <= 16 && serial > 0;
}

/* The certificate before `key`, where the answer says so of this very one. */
static bool read_link(struct text body, struct status_key key, struct status_key *before)
{
    CLEANUP(json_drop)
    json_t *json = json_loadb(body.bytes, body.size, JSON_REJECT_DUPLICATES, NULL);
    json_int_t issuer = json_integer_value(json_object_get(json, "issuer"));
    uint64_t serial = 0;

    if (!read_serial(json_object_get(json, "new_serial"), &serial) || serial != key.serial ||
        json_integer_value(json_object_get(json, "new_issuer")) != key.issuer ||
        !read_serial(json_object_get(json, "serial"), &before->serial) || issuer < 1 ||
        issuer > 255)
        return false;
    before->issuer = (int)issuer;
    return true;
}

/* False: no link leads to it, or nobody could tell. */
static bool find_link(struct scope *scope, struct service *service, struct status_key key,
                      struct status_key *before)
{
    char url[768];
    const struct fetch_request request = {
        .url = url, .milliseconds = LINK_MILLISECONDS, .limit = LINK_ANSWER_MAX};
    struct text body = {0};
    long http_code = 0;

    snprintf(url, sizeof url, "%s/links/%d/%" PRIX64, service->options.link_url, key.issuer,
             key.serial);
    if (fetcher_get_any(scope, service->fetcher, &request, &body, &http_code) != STATUS_OK) {
        scope_forgive(scope);
        return false;
    }
    return http_code == HTTP_OK && read_link(body, key, before);
}

struct linking {
    struct authentication_certificate former, newer;
};

static enum status put_link(struct scope *scope, struct store *store, void *context)
{
    struct linking *linking = context;

    if (linking->former.state == CERTIFICATE_CURRENT)
        linking->former.state = CERTIFICATE_SUPERSEDED;
    linking->former.successor = linking->newer.serial;
    TRY(store_put_certificate(scope, store, &linking->former));
    return store_put_certificate(scope, store, &linking->newer);
}

/* The holder of the nearest certificate before this one that the store knows. */
static enum status find_former(struct scope *scope, struct service_worker *worker,
                               struct status_key key, struct card_holder *out)
{
    enum status status = STATUS_NOT_FOUND;

    for (int i = 0; i < LINKS_MAX && status == STATUS_NOT_FOUND; i++) {
        struct status_key before = {0};
        if (!find_link(scope, worker->service, key, &before))
            return STATUS_NOT_FOUND;
        status = store_find_card_holder(scope, worker->store, before.issuer, before.serial, out);
        key = before;
    }
    return status;
}

enum status card_follow_link(struct scope *scope, struct service_worker *worker,
                             const struct card_identity *identity, struct card_holder *out)
{
    const struct status_key key = {identity->issuer, identity->serial};
    struct card_holder former = {0};
    struct linking linking = {0};

    if (text_empty(text_of(worker->service->options.link_url)))
        return STATUS_NOT_FOUND;
    TRY(find_former(scope, worker, key, &former));
    linking.former = former.certificate;
    linking.newer = (struct authentication_certificate){
        .issuer = identity->issuer,
        .serial = identity->serial,
        .person_id = former.certificate.person_id,
        .not_before = identity->not_before,
        .expires = identity->expires,
        .state = CERTIFICATE_CURRENT,
    };
    TRY(service_write(scope, worker->service, put_link, &linking));
    return store_find_card_holder(scope, worker->store, identity->issuer, identity->serial, out);
}
