/* SPDX-License-Identifier: Apache-2.0 */
#include "http/routes.h"

#include <string.h>
#include <strings.h>

#include "http/pages.h"

const struct route routes[] = {
    {"GET", "/healthz", "healthz", 0, NULL, page_health},
    {"GET", "/metrics", "metrics", ROLE_BIT(ROLE_OPERATOR), NULL, page_metrics},
    {"POST", "/v1/eligibility/numbers", "numbers", ROLE_BIT(ROLE_INSTITUTION),
     service_check_by_numbers, NULL},
    {"POST", "/v1/eligibility/card/challenge", "card_challenge", ROLE_BIT(ROLE_INSTITUTION),
     service_card_challenge, NULL},
    {"POST", "/v1/eligibility/card", "card", ROLE_BIT(ROLE_INSTITUTION), service_check_by_card,
     NULL},
    {"POST", "/v1/portal/challenge", "portal_challenge", ROLE_BIT(ROLE_PORTAL),
     service_portal_challenge, NULL},
    {"POST", "/v1/portal/status", "portal_status", ROLE_BIT(ROLE_PORTAL), service_portal_status,
     NULL},
    {"POST", "/v1/portal/registration", "portal_registration", ROLE_BIT(ROLE_PORTAL),
     service_portal_registration, NULL},
    {"POST", "/v1/portal/consents", "portal_consents", ROLE_BIT(ROLE_PORTAL),
     service_portal_consents, NULL},
    {"POST", "/v1/mobile/code", "mobile_code", ROLE_BIT(ROLE_INSTITUTION), service_mobile_code,
     NULL},
    {"POST", "/v1/mobile/withdrawal", "mobile_withdrawal", ROLE_BIT(ROLE_INSTITUTION),
     service_mobile_withdrawal, NULL},
    {"POST", "/v1/mobile/results", "mobile_results", ROLE_BIT(ROLE_INSTITUTION),
     service_mobile_results, NULL},
    /* a device has no certificate: code or secret stand in the message */
    {"POST", "/v1/mobile/activation", "mobile_activation", 0, service_mobile_activation, NULL},
    {"POST", "/v1/mobile/challenge", "mobile_challenge", 0, service_mobile_challenge, NULL},
    {"POST", "/v1/mobile/check", "mobile_check", 0, service_mobile_check, NULL},
    {"POST", "/v1/mobile/web/challenge", "web_challenge", ROLE_BIT(ROLE_PORTAL),
     service_web_challenge, NULL},
    {"POST", "/v1/mobile/web/check", "web_check", ROLE_BIT(ROLE_PORTAL), service_web_check, NULL},
};
const size_t route_count = sizeof routes / sizeof routes[0];
_Static_assert(sizeof routes / sizeof routes[0] <= ROUTES_MAX, "metrics have a row a route");

const struct route *route_find(const char *method, const char *path)
{
    for (size_t i = 0; i < route_count; i++)
        if (strcmp(routes[i].path, path) == 0 && strcmp(routes[i].method, method) == 0)
            return &routes[i];
    return NULL;
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
