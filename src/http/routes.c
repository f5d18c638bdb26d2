/* SPDX-License-Identifier: Apache-2.0 */
#include "http/routes.h"

#include <string.h>
#include <strings.h>

#include "http/pages.h"

const struct route routes[] = {
    {"GET", "/healthz", "healthz", 0, NULL, page_health, UPLOAD_NONE},
    {"GET", "/metrics", "metrics", ROLE_BIT(ROLE_OPERATOR), NULL, page_metrics, UPLOAD_NONE},
    {"POST", "/v1/eligibility/numbers", "numbers", ROLE_BIT(ROLE_INSTITUTION),
     service_check_by_numbers, NULL, UPLOAD_NONE},
    {"POST", "/v1/eligibility/card/challenge", "card_challenge", ROLE_BIT(ROLE_INSTITUTION),
     service_card_challenge, NULL, UPLOAD_NONE},
    {"POST", "/v1/eligibility/card", "card", ROLE_BIT(ROLE_INSTITUTION), service_check_by_card,
     NULL, UPLOAD_NONE},
    {"POST", "/v1/portal/challenge", "portal_challenge", ROLE_BIT(ROLE_PORTAL),
     service_portal_challenge, NULL, UPLOAD_NONE},
    {"POST", "/v1/portal/status", "portal_status", ROLE_BIT(ROLE_PORTAL), service_portal_status,
     NULL, UPLOAD_NONE},
    {"POST", "/v1/portal/registration", "portal_registration", ROLE_BIT(ROLE_PORTAL),
     service_portal_registration, NULL, UPLOAD_NONE},
    {"POST", "/v1/portal/consents", "portal_consents", ROLE_BIT(ROLE_PORTAL),
     service_portal_consents, NULL, UPLOAD_NONE},
    {"POST", "/v1/mobile/code", "mobile_code", ROLE_BIT(ROLE_INSTITUTION), service_mobile_code,
     NULL, UPLOAD_NONE},
    {"POST", "/v1/mobile/withdrawal", "mobile_withdrawal", ROLE_BIT(ROLE_INSTITUTION),
     service_mobile_withdrawal, NULL, UPLOAD_NONE},
    {"POST", "/v1/mobile/results", "mobile_results", ROLE_BIT(ROLE_INSTITUTION),
     service_mobile_results, NULL, UPLOAD_NONE},
    /* a device has no certificate: code or secret stand in the message */
    {"POST", "/v1/mobile/activation", "mobile_activation", 0, service_mobile_activation, NULL,
     UPLOAD_NONE},
    {"POST", "/v1/mobile/challenge", "mobile_challenge", 0, service_mobile_challenge, NULL,
     UPLOAD_NONE},
    {"POST", "/v1/mobile/check", "mobile_check", 0, service_mobile_check, NULL, UPLOAD_NONE},
    {"POST", "/v1/mobile/web/challenge", "web_challenge", ROLE_BIT(ROLE_PORTAL),
     service_web_challenge, NULL, UPLOAD_NONE},
    {"POST", "/v1/mobile/web/check", "web_check", ROLE_BIT(ROLE_PORTAL), service_web_check, NULL,
     UPLOAD_NONE},
    {"OPTIONS", UPLOAD_PATH, "files_options", ROLE_BIT(ROLE_INSURER), NULL, NULL, UPLOAD_OPTIONS},
    {"OPTIONS", UPLOAD_PATH "/*", "file_options", ROLE_BIT(ROLE_INSURER), NULL, NULL,
     UPLOAD_OPTIONS},
    {"POST", UPLOAD_PATH, "files_create", ROLE_BIT(ROLE_INSURER), NULL, NULL, UPLOAD_CREATE},
    {"GET", UPLOAD_PATH, "files_list", ROLE_BIT(ROLE_INSURER), NULL, NULL, UPLOAD_LIST},
    {"HEAD", UPLOAD_PATH "/*", "file_head", ROLE_BIT(ROLE_INSURER), NULL, NULL, UPLOAD_HEAD},
    {"PATCH", UPLOAD_PATH "/*", "file_patch", ROLE_BIT(ROLE_INSURER), NULL, NULL, UPLOAD_PATCH},
    {"GET", UPLOAD_PATH "/*", "file_state", ROLE_BIT(ROLE_INSURER), NULL, NULL, UPLOAD_STATE},
    {"DELETE", UPLOAD_PATH "/*", "file_remove", ROLE_BIT(ROLE_INSURER), NULL, NULL, UPLOAD_REMOVE},
    {"GET", UPLOAD_PATH "/*/reply", "file_reply", ROLE_BIT(ROLE_INSURER), NULL, NULL, UPLOAD_REPLY},
    {"POST", UPLOAD_PATH "/*/confirm", "file_confirm", ROLE_BIT(ROLE_INSURER), NULL, NULL,
     UPLOAD_CONFIRM},
};
const size_t route_count = sizeof routes / sizeof routes[0];
_Static_assert(sizeof routes / sizeof routes[0] <= ROUTES_MAX, "metrics have a row a route");

/* Digits of an id, as ids are made: lower case. */
static bool starts_with_id(const char *path)
{
    return strspn(path, "0123456789abcdef") == SPOOL_ID_SIZE - 1;
}

static bool path_matches(const char *pattern, const char *path)
{
    const char *star = strchr(pattern, '*');
    size_t before = star ? (size_t)(star - pattern) : 0;

    if (!star)
        return strcmp(pattern, path) == 0;
    return strncmp(pattern, path, before) == 0 && starts_with_id(path + before) &&
           strcmp(star + 1, path + before + SPOOL_ID_SIZE - 1) == 0;
}

const struct route *route_find(const char *method, const char *path)
{
    for (size_t i = 0; i < route_count; i++)
        if (strcmp(routes[i].method, method) == 0 && path_matches(routes[i].path, path))
            return &routes[i];
    return NULL;
}

void route_id(const struct route *route, const char *path, char out[SPOOL_ID_SIZE])
{
    const char *star = strchr(route->path, '*');

    out[0] = '\0';
    if (!star)
        return;
    memcpy(out, path + (star - route->path), SPOOL_ID_SIZE - 1);
    out[SPOOL_ID_SIZE - 1] = '\0';
}

bool route_allows(const struct route *route, enum role role)
{
    return route->roles == 0 || (role != ROLE_NONE && (route->roles & ROLE_BIT(role)) != 0);
}

static const struct {
    const char *type;
    enum oqs_syntax syntax;
} types[] = {
    {"application/xml", OQS_XML},
    {"text/xml", OQS_XML},
    {"application/json", OQS_JSON},
};

bool syntax_read(const char *content_type, enum oqs_syntax *out)
{
    size_t size = 0;

    *out = OQS_XML;
    if (!content_type)
        return true;
    content_type += strspn(content_type, " \t");
    size = strcspn(content_type, "; \t");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strlen(types[i].type) == size && strncasecmp(types[i].type, content_type, size) == 0) {
            *out = types[i].syntax;
            return true;
        }
    return false;
}

const char *syntax_content_type(enum oqs_syntax syntax)
{
    return syntax == OQS_JSON ? "application/json; charset=utf-8"
                              : "application/xml; charset=utf-8";
}
