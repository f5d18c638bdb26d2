/* SPDX-License-Identifier: Apache-2.0 */
#include "http/pages.h"

#include "http/server_parts.h"

enum status page_health(struct scope *scope, struct http_server *server,
                        struct service_worker *worker, struct text *out)
{
    (void)server;
    TRY(service_health(scope, worker));
    *out = TEXT("ok\n");
    return STATUS_OK;
}

enum status page_metrics(struct scope *scope, struct http_server *server,
                         struct service_worker *worker, struct text *out)
{
    const struct service_figures figures = service_figures(server->service);

    (void)worker;
    return metrics_write(scope, &server->metrics, &figures, out);
}
