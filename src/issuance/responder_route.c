/* SPDX-License-Identifier: Apache-2.0 */
#include "issuance/responder_route.h"

#include <string.h>

#include "base/hex.h"

#define SERIAL_DIGITS_MAX 16

/* One or two digits up to a mark; 0 where there is another thing. */
static int read_generation(const char **at, char mark)
{
    const char *end = strchr(*at, mark);
    int64_t number = 0;

    if (!end || end - *at > 2 ||
        !text_read_number((struct text){*at, (size_t)(end - *at)}, &number))
        return 0;
    *at = end + 1;
    return (int)number;
}

/* 0 where there is another thing, or more than 63 bits. */
static uint64_t read_serial(const char *digits)
{
    size_t size = strlen(digits);
    uint64_t serial = 0;

    if (size == 0 || size > SERIAL_DIGITS_MAX)
        return 0;
    for (size_t i = 0; i < size; i++) {
        int digit = hex_digit(digits[i]);
        if (digit < 0)
            return 0;
        serial = serial << 4 | (unsigned)digit;
    }
    return serial <= INT64_MAX ? serial : 0;
}

static void read_crl(const char *rest, struct responder_route *route)
{
    route->name.generation = read_generation(&rest, '.');
    if (route->name.generation > 0 && strcmp(rest, "crl") == 0)
        route->question = ASKED_CRL;
}

static void read_link(const char *rest, struct responder_route *route)
{
    route->name.generation = read_generation(&rest, '/');
    if (route->name.generation == 0)
        return;
    route->name.serial = read_serial(rest);
    if (route->name.serial > 0)
        route->question = ASKED_LINK;
}

static void read_ocsp(const char *rest, struct responder_route *route)
{
    route->base64 = text_of(rest);
    route->question = ASKED_OCSP_GET;
}

static const struct {
    const char *method, *path;
    enum responder_question question;
} whole[] = {
    {"POST", "/", ASKED_OCSP},
    {"POST", "/ocsp", ASKED_OCSP},
    {"GET", "/links", ASKED_LINKS},
    {"GET", "/healthz", ASKED_HEALTH},
};

static const struct {
    const char *prefix;
    void (*read)(const char *rest, struct responder_route *route);
} beginnings[] = {
    {"/ocsp/", read_ocsp},
    {"/crl/", read_crl},
    {"/links/", read_link},
};

struct responder_route responder_route_of(const char *method, const char *path)
{
    struct responder_route route = {.question = ASKED_NOTHING};

    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcmp(whole[i].method, method) == 0 && strcmp(whole[i].path, path) == 0)
            route.question = whole[i].question;
    if (route.question != ASKED_NOTHING || strcmp(method, "GET") != 0)
        return route;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (strncmp(path, beginnings[i].prefix, strlen(beginnings[i].prefix)) == 0)
            beginnings[i].read(path + strlen(beginnings[i].prefix), &route);
    return route;
}
