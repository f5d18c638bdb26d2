/* SPDX-License-Identifier: Apache-2.0
 *
 * pages.h - the pages that are no operation: health and metrics.
 */
#pragma once

#include "http/routes.h"

/* GET /healthz: "ok" where store and journal work, else a failure (503). */
MUST_CHECK enum status page_health(struct scope *scope, struct http_server *server,
                                   struct service_worker *worker, struct text *out);

/* GET /metrics: Prometheus text format. */
MUST_CHECK enum status page_metrics(struct scope *scope, struct http_server *server,
                                    struct service_worker *worker, struct text *out);
