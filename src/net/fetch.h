/* SPDX-License-Identifier: Apache-2.0
 *
 * fetch.h - small requests to the issuer of certificates: OCSP, CRLs, links.
 *
 * Behind the ops stands libcurl; a test puts an issuer of its own in its place. Safe to use from
 * many threads: each takes a connection from a bounded pool, and puts it back.
 */
#pragma once

#include "base/text.h"

struct fetch_request {
    const char *url;          /* http, https; file for a copy on this machine */
    struct text body;         /* empty: GET, else POST */
    const char *content_type; /* of the body; NULL with GET */
    int milliseconds;         /* for all of it, connecting included */
    size_t limit;             /* bytes of the answer at most */
};

struct fetcher;

struct fetcher_ops {
    /* http_code is 200 for a file. Fails with STATUS_SOURCE_AWAY where no answer came. */
    enum status (*fetch)(struct scope *, struct fetcher *, const struct fetch_request *,
                         struct text *body, long *http_code);
    void (*close)(struct fetcher *);
};

struct fetcher {
    const struct fetcher_ops *ops; /* every member set */
};

/* ca: PEM file that alone is trusted for https; NULL: those of the system. */
MUST_CHECK enum status fetcher_open(struct scope *scope, const char *ca, struct fetcher **out);
void fetcher_close(struct fetcher *fetcher); /* accepts NULL */

/* True for an address that a fetcher can use: "http://", "https://" or "file:///". */
bool fetch_url_ok(const char *url);

/* Any answer, whatever its code. */
MUST_CHECK enum status fetcher_get_any(struct scope *scope, struct fetcher *fetcher,
                                       const struct fetch_request *request, struct text *body,
                                       long *http_code);
/* The same; fails with STATUS_SOURCE_AWAY unless the code is 200. */
MUST_CHECK enum status fetcher_get(struct scope *scope, struct fetcher *fetcher,
                                   const struct fetch_request *request, struct text *body);
