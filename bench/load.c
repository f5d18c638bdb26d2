/* SPDX-License-Identifier: Apache-2.0
 *
 * load.c - puts a server under load over keep-alive mutual TLS 1.3 and tells what it cost the
 * server.
 *
 * usage: load KIND --world DIR --port PORT [--servers PID,PID] ...
 *   numbers     one request a check: POST /v1/eligibility/numbers
 *   card        two: a challenge, then the proof; signing is the client's work, between the two
 *   challenge   the first of them alone
 *   constant    GET (or, with --body, POST) of --path
 *
 * Prints one line of JSON. The CPU is that of the server's processes (utime + stime) between the
 * first and the last request, divided by the checks; connections are made, and --warm requests
 * sent, before.
 */
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/options.h"
#include "client.h"
#include "process.h"
#include "proof/challenge.h"
#include "subjects.h"

#define MEMORY_LIMIT ((size_t)1 << 30)
#define REQUEST_MEMORY ((size_t)256 << 10)
#define THREADS_MAX 256
#define VALIDITIES 7
#define TERMINAL "BENCH-1"

struct settings {
    const char *world, *host, *institution, *servers, *path, *acknowledged;
    int64_t port, connections, requests, warm, subjects, seed, body;
    struct date on;
    bool until_broken;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"world", OPTION_TEXT, "DIR", NULL, 0, 0, "The world: people, keys.", "世界。", AT(world),
     true},
    {"host", OPTION_TEXT, "ADDRESS", "127.0.0.1", 0, 0, "Numeric address.", "宛先。", AT(host),
     false},
    {"port", OPTION_NUMBER, "PORT", NULL, 1, 65535, "Port.", "ポート。", AT(port), true},
    {"institution", OPTION_TEXT, "CODE", NULL, 0, 0, "Who asks: ten digits.", "医療機関コード。",
     AT(institution), true},
    {"servers", OPTION_TEXT, "PIDS", "", 0, 0, "Processes whose CPU is counted.",
     "計測するプロセス。", AT(servers), false},
    {"path", OPTION_TEXT, "PATH", "/healthz", 0, 0, "Path of constant.", "constantのパス。",
     AT(path), false},
    {"body", OPTION_NUMBER, "BYTES", "0", 0, 15000, "POST so many bytes; 0 is GET.",
     "本文の大きさ。", AT(body), false},
    {"connections", OPTION_NUMBER, "N", "32", 1, THREADS_MAX, "Connections, a thread each.",
     "接続数。", AT(connections), false},
    {"requests", OPTION_NUMBER, "N", "20000", 1, 1000000000, "Checks that are measured.",
     "計測する件数。", AT(requests), false},
    {"warm", OPTION_NUMBER, "N", "1000", 0, 1000000000, "Checks before them.", "準備の件数。",
     AT(warm), false},
    {"subjects", OPTION_NUMBER, "N", "2000", 1, 1000000, "People who are asked about.",
     "対象者数。", AT(subjects), false},
    {"seed", OPTION_NUMBER, "N", "1", 0, 0, "The same people for the same number.", "乱数の種。",
     AT(seed), false},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day asked for; today where not given.", "照会日。",
     AT(on), false},
    {"acknowledged", OPTION_TEXT, "FILE", NULL, 0, 0, "Add the request id of each answer.",
     "応答の要求IDを書く。", AT(acknowledged), false},
    {"until-broken", OPTION_FLAG, NULL, NULL, 0, 0, "A broken connection ends the load quietly.",
     "切断で終了。", AT(until_broken), false},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};

struct load;

/* One thread with its connection. */
struct worker {
    struct load *load;
    pthread_t thread;
    struct client client;
    struct scope scope; /* of one request */
    size_t measured;
    uint64_t validities[VALIDITIES];
    uint64_t refused, answer_bytes, request_bytes;
};

/* One check; false where the connection broke. */
typedef bool (*check)(struct worker *worker, uint64_t number, int64_t *microseconds);

struct load {
    struct settings settings;
    struct client_order order;
    struct subjects subjects;
    SSL_CTX *context;
    check check;
    char *body;             /* of constant */
    uint32_t *microseconds; /* one a check that is measured */
    pthread_barrier_t barrier;
    _Atomic int64_t next; /* checks begun; below warm they are not measured */
    _Atomic bool broken;
    pthread_mutex_t lock;
    FILE *acknowledged;
};

static int64_t clock_microseconds(void)
{
    struct timespec time = {0};

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* --- one check --- */

static bool ask(struct worker *worker, const char *path, struct text body, int64_t *microseconds,
                struct client_answer *out)
{
    int64_t began = clock_microseconds();
    bool good = client_request(&worker->client, path, body, out);

    *microseconds += clock_microseconds() - began;
    worker->request_bytes += body.size;
    return good;
}

static void note_id(struct worker *worker, const struct client_answer *answer)
{
    struct load *load = worker->load;

    if (!load->acknowledged)
        return;
    pthread_mutex_lock(&load->lock);
    fprintf(load->acknowledged, "%s\n", answer->request_id);
    pthread_mutex_unlock(&load->lock);
}

/* What was answered; a 200 only counts if it is an answer about coverage. */
static void note_answer(struct worker *worker, const struct client_answer *answer)
{
    struct oqs_answer_summary summary = {0};

    worker->answer_bytes += answer->body.size;
    if (answer->code != 200 ||
        oqs_answer_read(&worker->scope, OQS_XML, answer->body, &summary) != STATUS_OK ||
        summary.validity <= 0 || summary.validity >= VALIDITIES) {
        if (worker->refused++ == 0)
            fprintf(stderr, "refused: HTTP %d %.*s\n", answer->code,
                    (int)(answer->body.size < 600 ? answer->body.size : 600), answer->body.bytes);
        return;
    }
    worker->validities[summary.validity]++;
    note_id(worker, answer);
}

static bool check_constant(struct worker *worker, uint64_t number, int64_t *microseconds)
{
    const struct settings *settings = &worker->load->settings;
    struct client_answer answer = {0};

    (void)number;
    if (!ask(worker, settings->path, (struct text){worker->load->body, (size_t)settings->body},
             microseconds, &answer))
        return false;
    worker->answer_bytes += answer.body.size;
    worker->refused += answer.code != 200;
    return true;
}

static bool check_by_numbers(struct worker *worker, uint64_t number, int64_t *microseconds)
{
    const struct load *load = worker->load;
    const struct number_subject *subject =
        &load->subjects.numbers[number % load->subjects.number_count];
    struct oqs_inquiry inquiry = {
        .on = load->settings.on,
        .institution = load->subjects.institution,
        .file_identifier = TEXT("bench"),
        .insurer = subject->insurer,
        .symbol = subject->symbol,
        .number = subject->number,
        .branch = subject->branch,
        .key = {.birth = subject->birth},
    };
    struct client_answer answer = {0};
    struct text body = {0};

    if (oqs_inquiry_write(&worker->scope, OQS_XML, &inquiry, &body) != STATUS_OK)
        abort();
    if (!ask(worker, "/v1/eligibility/numbers", body, microseconds, &answer))
        return false;
    note_answer(worker, &answer);
    return true;
}

static void read_hex(struct text hex, unsigned char *out, size_t size)
{
    for (size_t i = 0; i < size && 2 * i + 1 < hex.size; i++) {
        char digits[3] = {hex.bytes[2 * i], hex.bytes[2 * i + 1], '\0'};
        out[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
}

static bool check_challenge(struct worker *worker, uint64_t number, int64_t *microseconds)
{
    struct client_answer answer = {0};

    (void)number;
    if (!ask(worker, "/v1/eligibility/card/challenge", TEXT(" "), microseconds, &answer))
        return false;
    worker->answer_bytes += answer.body.size;
    worker->refused += answer.code != 200;
    return true;
}

/* The card's work: PKCS#1 v1.5 over the hash of the proof block. */
static void sign(struct worker *worker, const struct oqs_challenge *given, int64_t time,
                 struct text *out)
{
    const struct load *load = worker->load;
    struct challenge challenge = {0};
    struct proof_circumstance circumstance = {.institution = load->subjects.institution,
                                              .terminal = TERMINAL,
                                              .mode = IDENTITY_PIN,
                                              .time = time};
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(load->subjects.key, NULL);
    unsigned char hash[32];
    unsigned char *signature = NULL;
    size_t size = 256;

    read_hex(given->session, challenge.session, sizeof challenge.session);
    read_hex(given->nonce, challenge.nonce, sizeof challenge.nonce);
    proof_block_hash(&challenge, &circumstance, hash);
    if (scope_alloc(&worker->scope, size, 1, &signature) != STATUS_OK || !context ||
        EVP_PKEY_sign_init(context) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1 ||
        EVP_PKEY_sign(context, signature, &size, hash, sizeof hash) != 1)
        abort();
    EVP_PKEY_CTX_free(context);
    *out = (struct text){(const char *)signature, size};
}

static bool check_by_card(struct worker *worker, uint64_t number, int64_t *microseconds)
{
    const struct load *load = worker->load;
    const struct card_subject *card = &load->subjects.cards[number % load->subjects.card_count];
    struct oqs_challenge challenge = {0};
    struct client_answer answer = {0};
    struct text body = {0};
    struct oqs_card_inquiry inquiry = {
        .on = load->settings.on,
        .institution = load->subjects.institution,
        .file_identifier = TEXT("bench"),
        .terminal = TEXT(TERMINAL),
        .mode = IDENTITY_PIN,
        .time = instant_to_japan14(instant_now()),
        .certificate = card->certificate,
        .consents = CONSENT_LIMIT | CONSENT_MEDICATION,
    };

    if (!ask(worker, "/v1/eligibility/card/challenge", TEXT(" "), microseconds, &answer))
        return false;
    if (answer.code != 200 ||
        oqs_challenge_read(&worker->scope, OQS_XML, answer.body, &challenge) != STATUS_OK) {
        worker->refused++;
        return true;
    }
    inquiry.session = challenge.session;
    sign(worker, &challenge, inquiry.time, &inquiry.signature);
    if (oqs_card_inquiry_write(&worker->scope, OQS_XML, &inquiry, &body) != STATUS_OK)
        abort();
    if (!ask(worker, "/v1/eligibility/card", body, microseconds, &answer))
        return false;
    note_answer(worker, &answer);
    return true;
}

/* --- threads --- */

/* Checks until the shared counter says that there were enough. */
static void run_checks(struct worker *worker, int64_t until, bool measured)
{
    struct load *load = worker->load;

    for (;;) {
        int64_t microseconds = 0;
        int64_t number = atomic_fetch_add(&load->next, 1);
        if (number >= until || atomic_load(&load->broken))
            return;
        if (!load->check(worker, (uint64_t)number, &microseconds)) {
            atomic_store(&load->broken, true);
            return;
        }
        if (measured) {
            load->microseconds[number - load->settings.warm] = (uint32_t)microseconds;
            worker->measured++;
        }
        scope_reset(&worker->scope);
    }
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct load *load = worker->load;

    if (!client_connect(&worker->client))
        atomic_store(&load->broken, true);
    run_checks(worker, load->settings.warm, false);
    pthread_barrier_wait(&load->barrier); /* all are connected and warm */
    pthread_barrier_wait(&load->barrier); /* the clocks were read */
    run_checks(worker, load->settings.warm + load->settings.requests, true);
    pthread_barrier_wait(&load->barrier); /* the end */
    client_close(&worker->client);
    return NULL;
}

/* --- report --- */

static int compare_times(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

struct totals {
    uint32_t *microseconds;
    size_t measured;
    uint64_t validities[VALIDITIES];
    uint64_t refused, answer_bytes, request_bytes;
};

static struct totals add_up(const struct load *load, const struct worker *workers)
{
    struct totals totals = {.microseconds = load->microseconds};

    for (int64_t i = 0; i < load->settings.connections; i++) {
        const struct worker *worker = &workers[i];
        totals.measured += worker->measured;
        totals.refused += worker->refused;
        totals.answer_bytes += worker->answer_bytes;
        totals.request_bytes += worker->request_bytes;
        for (size_t v = 0; v < VALIDITIES; v++)
            totals.validities[v] += worker->validities[v];
    }
    qsort(totals.microseconds, (size_t)load->settings.requests, sizeof *totals.microseconds,
          compare_times);
    return totals;
}

static uint32_t quantile(const struct totals *totals, size_t percent)
{
    return totals->measured ? totals->microseconds[(totals->measured - 1) * percent / 100] : 0;
}

static void print_totals(const struct load *load, const char *kind, const struct totals *totals,
                         int64_t wall, int64_t cpu)
{
    double checks = totals->measured ? (double)totals->measured : 1;
    double all = checks + (double)load->settings.warm;

    printf("{\"kind\":\"%s\",\"checks\":%zu,\"refused\":%" PRIu64 ",\"seconds\":%.3f,"
           "\"per_second\":%.0f,\"p50_us\":%" PRIu32 ",\"p99_us\":%" PRIu32 ",\"max_us\":%" PRIu32
           ",\"server_cpu_us\":%.2f,\"request_bytes\":%.0f,\"answer_bytes\":%.0f,\"valid\":%" PRIu64
           ",\"invalid\":%" PRIu64 ",\"none\":%" PRIu64 ",\"several\":%" PRIu64 "}\n",
           kind, totals->measured, totals->refused, (double)wall / 1e6,
           checks / ((double)wall / 1e6), quantile(totals, 50), quantile(totals, 99),
           quantile(totals, 100), (double)cpu / checks, (double)totals->request_bytes / all,
           (double)totals->answer_bytes / all, totals->validities[VALIDITY_VALID],
           totals->validities[VALIDITY_INVALID] + totals->validities[VALIDITY_INVALID_NEWER],
           totals->validities[VALIDITY_NONE], totals->validities[VALIDITY_SEVERAL]);
}

/* --- run --- */

static const struct {
    const char *name;
    check check;
} kinds[] = {
    {"numbers", check_by_numbers},
    {"card", check_by_card},
    {"challenge", check_challenge},
    {"constant", check_constant},
};

static enum status draw_subjects(struct scope *scope, struct load *load)
{
    const struct settings *settings = &load->settings;
    char store[PATH_MAX];

    snprintf(store, sizeof store, "%s/store.sqlite", settings->world);
    if (load->check == check_by_numbers)
        return subjects_draw_numbers(scope, store, settings->on, (size_t)settings->subjects,
                                     (uint64_t)settings->seed, &load->subjects);
    if (load->check == check_by_card)
        return subjects_draw_cards(scope, settings->world, settings->on, (size_t)settings->subjects,
                                   (uint64_t)settings->seed, &load->subjects);
    return STATUS_OK;
}

static enum status path_text(struct scope *scope, const char *format_a, const char *world,
                             const char *institution, const char *end, const char **out)
{
    struct text path = {0};

    TRY(text_format(scope, &path, "%s/%s%s%s", world, format_a, institution, end));
    *out = path.bytes;
    return STATUS_OK;
}

static enum status prepare(struct scope *scope, struct load *load)
{
    struct settings *settings = &load->settings;
    const char *code = settings->institution;

    if (institution_code_read(text_of(code), &load->subjects.institution) != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_USAGE, "--institution: ten digits");
    if (!date_is(settings->on))
        settings->on = instant_date(scope->now);
    load->order = (struct client_order){.host = settings->host, .port = (int)settings->port};
    TRY(path_text(scope, "pki/network-ca", settings->world, "", ".pem", &load->order.ca_path));
    TRY(path_text(scope, "pki/institutions/", settings->world, code, ".pem",
                  &load->order.certificate_path));
    TRY(path_text(scope, "pki/institutions/", settings->world, code, ".key",
                  &load->order.key_path));
    TRY(scope_alloc(scope, (size_t)settings->body + 1, 1, &load->body));
    memset(load->body, 'x', (size_t)settings->body);
    TRY(draw_subjects(scope, load));
    load->context = client_context(&load->order);
    if (!load->context)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "certificates of the world");
    if (settings->acknowledged) {
        load->acknowledged = fopen(settings->acknowledged, "a");
        if (!load->acknowledged)
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot write --acknowledged");
    }
    return STATUS_OK;
}

static enum status start_workers(struct scope *scope, struct load *load, struct worker *workers)
{
    for (int64_t i = 0; i < load->settings.connections; i++) {
        struct worker *worker = &workers[i];
        worker->load = load;
        worker->client = (struct client){.order = &load->order, .context = load->context, .fd = -1};
        worker->scope = scope_begin(REQUEST_MEMORY);
    }
    for (int64_t i = 0; i < load->settings.connections; i++)
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return scope_fail(scope, CAUSE_INTERNAL, "cannot start a thread");
    return STATUS_OK;
}

static enum status measure(struct scope *scope, struct load *load, const char *kind)
{
    const struct settings *settings = &load->settings;
    struct process_list servers = process_list_read(settings->servers);
    struct worker *workers = NULL;
    int64_t wall = 0, cpu = 0;

    TRY(scope_alloc(scope, (size_t)settings->connections, sizeof *workers, &workers));
    TRY(scope_alloc(scope, (size_t)settings->requests, sizeof *load->microseconds,
                    &load->microseconds));
    pthread_barrier_init(&load->barrier, NULL, (unsigned)settings->connections + 1);
    TRY(start_workers(scope, load, workers));
    pthread_barrier_wait(&load->barrier);
    atomic_store(&load->next, settings->warm);
    cpu = process_cpu(&servers);
    wall = clock_microseconds();
    pthread_barrier_wait(&load->barrier);
    pthread_barrier_wait(&load->barrier);
    wall = clock_microseconds() - wall;
    cpu = process_cpu(&servers) - cpu;
    for (int64_t i = 0; i < settings->connections; i++) {
        pthread_join(workers[i].thread, NULL);
        scope_end(&workers[i].scope);
    }
    if (load->acknowledged)
        fclose(load->acknowledged);
    struct totals totals = add_up(load, workers);
    print_totals(load, kind, &totals, wall, servers.count ? cpu : 0);
    if (atomic_load(&load->broken) && !settings->until_broken)
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "a connection broke");
    return STATUS_OK;
}

static enum status run(struct scope *scope, int argc, char **argv, struct load *load)
{
    int words = 0;

    TRY(options_default(scope, table, &load->settings));
    TRY(options_parse(scope, table, argc, argv, &load->settings, &words));
    TRY(options_require(scope, table, &load->settings));
    for (size_t i = 0; words == 1 && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(argv[0], kinds[i].name) == 0)
            load->check = kinds[i].check;
    if (!load->check)
        return scope_fail(scope, CAUSE_USAGE, "load numbers|card|challenge|constant [options]");
    TRY(prepare(scope, load));
    return measure(scope, load, argv[0]);
}

int main(int argc, char **argv)
{
    static struct load load;
    CLEANUP(scope_end) struct scope scope = scope_begin(MEMORY_LIMIT);
    enum status status = STATUS_OK;

    pthread_mutex_init(&load.lock, NULL);
    status = run(&scope, argc - 1, argv + 1, &load);
    if (status != STATUS_OK) {
        fprintf(stderr, "load: %s\n", scope.failure);
        if (scope.cause == CAUSE_USAGE)
            options_write_help(stderr, table);
    }
    subjects_close(&load.subjects);
    SSL_CTX_free(load.context);
    return status == STATUS_OK ? 0 : failure_exit_code(status);
}
