/* SPDX-License-Identifier: Apache-2.0 */
#include "http/metrics.h"

#include <inttypes.h>

static const int codes[METRICS_CODES] = {200, 201, 204, 206, 400, 403, 404, 409,
                                         412, 413, 415, 416, 423, 500, 503, 507};

/* Upper bounds of the latency histogram, microseconds. */
static const int64_t bounds[METRICS_BUCKETS] = {
    50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000};

static void add(counter *value, uint64_t more)
{
    atomic_fetch_add_explicit(value, more, memory_order_relaxed);
}

static uint64_t get(const counter *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

static size_t code_index(int code)
{
    size_t i = 0;

    while (i < METRICS_CODES && codes[i] != code)
        i++;
    return i;
}

static size_t bucket_index(int64_t microseconds)
{
    size_t i = 0;

    while (i < METRICS_BUCKETS && bounds[i] < microseconds)
        i++;
    return i;
}

static size_t route_index(const struct route *route)
{
    return route ? (size_t)(route - routes) : ROUTES_MAX;
}

static void count_outcome(struct metrics *metrics, const struct service_outcome *outcome)
{
    const struct journal_entry *entry = &outcome->entry;
    bool by_card = entry->operation == JOURNAL_CHECK_BY_CARD;

    if (failure_text(entry->cause)->status != STATUS_OK)
        add(&metrics->failures[entry->cause], 1);
    else if (entry->validity > 0 && entry->validity < METRICS_VALIDITIES)
        add(&metrics->checks[by_card][entry->validity], 1);
}

void metrics_count(struct metrics *metrics, const struct route *route,
                   const struct service_outcome *outcome, int64_t microseconds)
{
    struct route_metrics *row = &metrics->routes[route_index(route)];

    add(&row->codes[code_index(outcome->http_code)], 1);
    add(&row->buckets[bucket_index(microseconds)], 1);
    add(&row->microseconds, microseconds > 0 ? (uint64_t)microseconds : 0);
    count_outcome(metrics, outcome);
}

/* --- writing -------------------------------------------------------------------------------- */

static void write_head(struct text_buffer *buffer, const char *name, const char *type,
                       const char *help)
{
    text_buffer_add_format(buffer, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_one(struct text_buffer *buffer, const char *name, const char *type,
                      const char *help, uint64_t value)
{
    write_head(buffer, name, type, help);
    text_buffer_add_format(buffer, "%s %" PRIu64 "\n", name, value);
}

static const char *route_name(size_t index)
{
    return index < route_count ? routes[index].name : "none";
}

static void write_requests(struct text_buffer *buffer, const struct metrics *metrics)
{
    write_head(buffer, "shikaku_requests_total", "counter", "Requests by route and HTTP code.");
    for (size_t route = 0; route <= ROUTES_MAX; route++)
        for (size_t i = 0; i <= METRICS_CODES; i++) {
            uint64_t value = get(&metrics->routes[route].codes[i]);
            if (value > 0)
                text_buffer_add_format(
                    buffer, "shikaku_requests_total{route=\"%s\",code=\"%d\"} %" PRIu64 "\n",
                    route_name(route), i < METRICS_CODES ? codes[i] : 0, value);
        }
}

static void write_histogram(struct text_buffer *buffer, const char *route,
                            const struct route_metrics *row)
{
    static const char name[] = "shikaku_request_seconds";
    uint64_t total = 0;

    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        total += get(&row->buckets[i]);
        text_buffer_add_format(buffer, "%s_bucket{route=\"%s\",le=\"%g\"} %" PRIu64 "\n", name,
                               route, (double)bounds[i] / 1e6, total);
    }
    total += get(&row->buckets[METRICS_BUCKETS]);
    text_buffer_add_format(buffer, "%s_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name, route,
                           total);
    text_buffer_add_format(buffer, "%s_sum{route=\"%s\"} %.6f\n", name, route,
                           (double)get(&row->microseconds) / 1e6);
    text_buffer_add_format(buffer, "%s_count{route=\"%s\"} %" PRIu64 "\n", name, route, total);
}

static void write_checks(struct text_buffer *buffer, const struct metrics *metrics)
{
    static const char *const by[] = {"numbers", "card"};

    write_head(buffer, "shikaku_checks_total", "counter",
               "Checks answered, by way of asking and validity (OQSCD006).");
    for (size_t way = 0; way < 2; way++)
        for (int validity = 1; validity < METRICS_VALIDITIES; validity++)
            text_buffer_add_format(buffer,
                                   "shikaku_checks_total{by=\"%s\",validity=\"%d\"} %" PRIu64 "\n",
                                   by[way], validity, get(&metrics->checks[way][validity]));
}

static void write_failures(struct text_buffer *buffer, const struct metrics *metrics)
{
    write_head(buffer, "shikaku_failures_total", "counter", "Requests refused, by error code.");
    for (int cause = 1; cause < CAUSE_COUNT; cause++) {
        uint64_t value = get(&metrics->failures[cause]);
        if (value > 0)
            text_buffer_add_format(buffer, "shikaku_failures_total{code=\"%s\"} %" PRIu64 "\n",
                                   failure_text((enum cause)cause)->code, value);
    }
}

static void write_status(struct text_buffer *buffer, const struct card_status_figures *figures)
{
    write_one(buffer, "shikaku_revocation_kept_total", "counter",
              "Checks whose card's state was known.", figures->kept);
    write_one(buffer, "shikaku_revocation_degraded_total", "counter",
              "Checks by an old word of the issuer, which is away.", figures->degraded);
    write_one(buffer, "shikaku_revocation_refused_total", "counter",
              "Checks refused: the issuer is away and no word is young enough.", figures->refused);
    write_one(buffer, "shikaku_ocsp_questions_total", "counter", "Questions to the responder.",
              figures->asked);
    write_one(buffer, "shikaku_ocsp_failures_total", "counter",
              "Questions without an answer that counts.", figures->failed);
    write_one(buffer, "shikaku_ocsp_away", "gauge",
              "1 while checks do not ask the responder (circuit breaker).", figures->away);
    write_one(buffer, "shikaku_crl_reads_total", "counter", "CRLs read.", figures->lists);
    write_one(buffer, "shikaku_crl_failures_total", "counter", "CRLs that could not be read.",
              figures->lists_failed);
    write_one(buffer, "shikaku_crl_entries", "gauge", "Entries of the CRLs in use.",
              figures->listed);
}

static void write_service(struct text_buffer *buffer, const struct service_figures *figures)
{
    write_one(buffer, "shikaku_journal_records_total", "counter", "Records made durable.",
              figures->journal.records);
    write_one(buffer, "shikaku_journal_groups_total", "counter",
              "Groups of records, one sync each.", figures->journal.groups);
    write_one(buffer, "shikaku_journal_bytes_total", "counter", "Bytes written to the journal.",
              figures->journal.bytes);
    write_one(buffer, "shikaku_journal_failed", "gauge", "1 where nothing more can be written.",
              figures->journal.failed);
    write_one(buffer, "shikaku_certificate_cache_hits_total", "counter",
              "Card certificates found verified.", figures->certificates.hits);
    write_one(buffer, "shikaku_certificate_cache_misses_total", "counter",
              "Card certificates verified anew.", figures->certificates.misses);
    write_status(buffer, &figures->status);
    write_one(buffer, "shikaku_store_errors_total", "counter", "Operations that the store failed.",
              figures->store_errors);
}

static void write_spool(struct text_buffer *buffer, const struct spool_figures *spool)
{
    write_head(buffer, "shikaku_files", "gauge", "Insurers' files by state.");
    for (int state = 1; state <= SPOOL_STATE_LAST; state++)
        text_buffer_add_format(buffer, "shikaku_files{state=\"%s\"} %" PRId64 "\n",
                               spool_state_name((enum spool_state)state), spool->files[state]);
    write_one(buffer, "shikaku_spool_bytes", "gauge", "Bytes used of the spool's quota.",
              (uint64_t)spool->bytes);
    write_one(buffer, "shikaku_spool_writers", "gauge", "Files being received.",
              (uint64_t)spool->writers);
    write_one(buffer, "shikaku_file_bytes_total", "counter", "Bytes of files received.",
              spool->received);
    write_one(buffer, "shikaku_files_loaded_total", "counter", "Files loaded.", spool->loaded);
    write_one(buffer, "shikaku_file_rows_total", "counter", "Rows of loaded files.", spool->rows);
}

static uint64_t gauge(const _Atomic int64_t *value)
{
    int64_t now = atomic_load_explicit(value, memory_order_relaxed);

    return now > 0 ? (uint64_t)now : 0;
}

enum status metrics_write(struct scope *scope, const struct metrics *metrics,
                          const struct service_figures *figures, const struct spool_figures *spool,
                          struct text *out)
{
    struct text_buffer buffer = text_buffer_begin(scope, 16UL * 1024);

    write_requests(&buffer, metrics);
    write_head(&buffer, "shikaku_request_seconds", "histogram", "From header to answer sent.");
    for (size_t i = 0; i < route_count; i++)
        write_histogram(&buffer, routes[i].name, &metrics->routes[i]);
    write_checks(&buffer, metrics);
    write_failures(&buffer, metrics);
    write_one(&buffer, "shikaku_connections", "gauge", "Connections open.",
              gauge(&metrics->connections));
    write_one(&buffer, "shikaku_connections_total", "counter", "Connections made.",
              get(&metrics->connections_made));
    write_one(&buffer, "shikaku_requests_under_way", "gauge", "Requests being answered.",
              gauge(&metrics->under_way));
    write_service(&buffer, figures);
    if (spool)
        write_spool(&buffer, spool);
    return text_buffer_end(&buffer, out);
}
