/* SPDX-License-Identifier: Apache-2.0
 *
 * routes.h - what can be asked for, by whom: one row a route.
 */
#pragma once

#include <stdbool.h>

#include "base/scope.h"
#include "format/oqs.h"
#include "service/service.h"

struct http_server;

/* A page for people and machines who watch; text/plain. */
typedef enum status (*http_page)(struct scope *scope, struct http_server *server,
                                 struct service_worker *worker, struct text *out);

/* One row. Either operation or page. */
struct route {
    const char *method;
    const char *path;
    const char *name; /* in metrics and logs */
    unsigned roles;   /* bits ROLE_BIT(role); 0 = anyone, with or without certificate */
    service_operation operation;
    http_page page;
};

#define ROLE_BIT(role) (1U << (role))
#define ROUTES_MAX 48

/* All routes. */
extern const struct route routes[];
extern const size_t route_count;

/* NULL where there is no such route: path and method must both be those of the row. */
const struct route *route_find(const char *method, const char *path);

/* May this role use the route? */
bool route_allows(const struct route *route, enum role role);

/*
 * The syntax that a Content-Type asks for; NULL means XML. False where it is none of
 * application/xml, text/xml, application/json; parameters are not looked at.
 */
bool syntax_read(const char *content_type, enum oqs_syntax *out);
/* Content-Type of an answer. */
const char *syntax_content_type(enum oqs_syntax syntax);
