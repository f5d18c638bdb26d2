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
    struct spool *spool = server->options.spool;
    struct spool_figures files = {.bytes = 0};

    (void)worker;
    if (spool)
        files = spool_figures(spool);
    return metrics_write(scope, &server->metrics, &figures, spool ? &files : NULL, out);
}
