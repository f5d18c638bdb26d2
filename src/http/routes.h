/* SPDX-License-Identifier: Apache-2.0
 *
 * routes.h - what can be asked for, by whom: one row a route.
 */
#pragma once

#include <stdbool.h>

#include "base/scope.h"
#include "format/oqs.h"
#include "service/service.h"
#include "spool/spool.h"

struct http_server;

/* A page for people and machines who watch; text/plain. */
typedef enum status (*http_page)(struct scope *scope, struct http_server *server,
                                 struct service_worker *worker, struct text *out);

/* What is asked about insurers' files (upload.h). */
enum upload_kind {
    UPLOAD_NONE,
    UPLOAD_OPTIONS,
    UPLOAD_CREATE,
    UPLOAD_LIST,
    UPLOAD_HEAD,
    UPLOAD_PATCH,
    UPLOAD_STATE,
    UPLOAD_REMOVE,
    UPLOAD_REPLY,
    UPLOAD_CONFIRM,
};
#define UPLOAD_PATH "/v1/insurer/files"

/* One row. Operation, page or upload. A star in the path stands for a file's id. */
struct route {
    const char *method;
    const char *path;
    const char *name; /* in metrics and logs */
    unsigned roles;   /* bits ROLE_BIT(role); 0 = anyone, with or without certificate */
    service_operation operation;
    http_page page;
    enum upload_kind upload;
};

#define ROLE_BIT(role) (1U << (role))
#define ROUTES_MAX 48

/* All routes. */
extern const struct route routes[];
extern const size_t route_count;

/* NULL where there is no such route: path and method must both be those of the row. */
const struct route *route_find(const char *method, const char *path);

/* The id in the path of a route that was found: 32 digits and NUL; "" where it has no star. */
void route_id(const struct route *route, const char *path, char out[SPOOL_ID_SIZE]);

/* May this role use the route? */
bool route_allows(const struct route *route, enum role role);

/*
 * The syntax that a Content-Type asks for; NULL means XML. False where it is none of
 * application/xml, text/xml, application/json; parameters are not looked at.
 */
bool syntax_read(const char *content_type, enum oqs_syntax *out);
/* Content-Type of an answer. */
const char *syntax_content_type(enum oqs_syntax syntax);
