/* SPDX-License-Identifier: Apache-2.0
 *
 * demo.c - `shikaku demo`: a world, its issuer, the service, a terminal, first checks; then it
 * stays up.
 */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/child.h"
#include "command/command.h"
#include "command/exhibit.h"

#define PATH_SIZE (PATH_MAX + 64)
#define ISSUER_PORT 8444 /* the one that the world's certificates name */
#define WITHOUT_ISSUER 5 /* words of `serve` before those about the issuer */
#define EXHIBIT_SCOPE_LIMIT (4UL * 1024 * 1024)

struct settings {
    const char *dir;
    bool once;
    int64_t people, cards, seed, port;
};

/* The demo while it runs. */
struct demo {
    const struct settings *settings;
    char dir[PATH_MAX]; /* absolute */
    char url[300], issuer_url[300];
    struct child issuer, service, terminal;
    bool colour;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static bool port_is_free(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int reuse = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_free = false;

    if (listener < 0)
        return false;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    is_free = bind(listener, (struct sockaddr *)&address, sizeof address) == 0;
    close(listener);
    return is_free;
}

/* Makes the world unless an earlier run left one. */
static enum status make_world(struct scope *scope, struct demo *demo)
{
    char people[24], cards[24], seed[24], path[PATH_SIZE];
    const char *arguments[] = {"world",  "--people", people,  "--cards",           cards,
                               "--seed", seed,       "--dir", demo->settings->dir, NULL};

    snprintf(path, sizeof path, "%s/world.json", demo->settings->dir);
    if (access(path, F_OK) != 0) {
        snprintf(people, sizeof people, "%lld", (long long)demo->settings->people);
        snprintf(cards, sizeof cards, "%lld", (long long)demo->settings->cards);
        snprintf(seed, sizeof seed, "%lld", (long long)demo->settings->seed);
        printf("making a world of %s people in %s/ ... / 架空の世界を作成中\n", people,
               demo->settings->dir);
        fflush(stdout);
        if (child_run(arguments) != 0)
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the world could not be made in '%s'",
                              demo->settings->dir);
    }
    if (!realpath(demo->settings->dir, demo->dir))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "no folder '%s'", demo->settings->dir);
    return STATUS_OK;
}

/* The cast's dates are relative to the world's day; an old world answers as an old world. */
static void print_age(const struct demo *demo, struct date today)
{
    char path[PATH_SIZE];
    struct date made = DATE_NONE;
    const char *on = NULL;
    json_t *root = NULL;

    snprintf(path, sizeof path, "%s/world.json", demo->dir);
    root = json_load_file(path, 0, NULL);
    on = json_string_value(json_object_get(root, "on"));
    if (on && date_read_option(on, &made) && date_compare(made, today) != 0)
        printf("this world is of %s: the cast's answers may have moved on; remove %s/ for a new "
               "one\n別の日の世界です。登場人物の回答が変わっていることがあります\n",
               on, demo->settings->dir);
    json_decref(root);
}

/* The issuer of certificates, whom the service asks about revocation. */
static enum status start_issuer(struct scope *scope, struct demo *demo)
{
    bool usual = demo->settings->port != 0 && port_is_free(ISSUER_PORT);
    char folder[PATH_SIZE], number[24], log[PATH_SIZE];
    const char *arguments[] = {"card",          "respond", "--issuer", folder,
                               "--listen-port", number,    NULL};

    snprintf(folder, sizeof folder, "%s/pki/book.sqlite", demo->dir);
    if (access(folder, F_OK) != 0)
        return STATUS_OK; /* a world of an earlier version: nobody is asked */
    snprintf(folder, sizeof folder, "%s/pki", demo->dir);
    snprintf(number, sizeof number, "%d", usual ? ISSUER_PORT : 0);
    snprintf(log, sizeof log, "%s/issuer.log", demo->dir);
    TRY(child_start(scope, arguments, log, &demo->issuer));
    snprintf(demo->issuer_url, sizeof demo->issuer_url, "%s",
             demo->issuer.ready + strlen("ready "));
    return STATUS_OK;
}

static enum status start_service(struct scope *scope, struct demo *demo)
{
    int64_t port = demo->settings->port;
    char config[PATH_SIZE], number[24], log[PATH_SIZE], ocsp[320], crl[320];
    const char *arguments[] = {
        "serve", "--config",  config, "--listen-port", number,           "--ocsp-url",
        ocsp,    "--crl-url", crl,    "--link-url",    demo->issuer_url, NULL};

    if (port != 0 && !port_is_free((int)port)) {
        printf("port %lld is taken, using another one / ポート使用中のため変更します\n",
               (long long)port);
        port = 0;
    }
    snprintf(config, sizeof config, "%s/serve.conf", demo->dir);
    snprintf(number, sizeof number, "%lld", (long long)port);
    snprintf(log, sizeof log, "%s/serve.log", demo->dir);
    if (demo->issuer.pid == 0)
        arguments[WITHOUT_ISSUER] = NULL;
    snprintf(ocsp, sizeof ocsp, "%s/ocsp", demo->issuer_url);
    snprintf(crl, sizeof crl, "%s/crl/%%d.crl", demo->issuer_url);
    TRY(child_start(scope, arguments, log, &demo->service));
    snprintf(demo->url, sizeof demo->url, "%s", demo->service.ready + strlen("ready "));
    return STATUS_OK;
}

static enum status start_terminal(struct scope *scope, struct demo *demo)
{
    char config[PATH_SIZE], log[PATH_SIZE];
    const char *arguments[] = {"terminal", "--config", config, "--service", demo->url, NULL};

    snprintf(config, sizeof config, "%s/terminal.conf", demo->dir);
    snprintf(log, sizeof log, "%s/terminal.log", demo->dir);
    return child_start(scope, arguments, log, &demo->terminal);
}

static void print_exhibit(const struct demo *demo, const struct exhibit *exhibit,
                          const struct exhibit_result *result)
{
    const char *mark = result->as_expected ? "ok" : "NOT AS EXPECTED";
    const char *colour = result->as_expected ? "\033[32m" : "\033[31m";
    char verdict[64];

    if (result->validity)
        snprintf(verdict, sizeof verdict, "validity %d%s%.*s", result->validity,
                 result->code.size ? " " : "", TEXT_ARGS(result->code));
    else
        snprintf(verdict, sizeof verdict, "refused %.*s", TEXT_ARGS(result->code));
    printf("%s%s%s  %-19s %s / %s", demo->colour ? colour : "", mark, demo->colour ? "\033[0m" : "",
           verdict, exhibit->says_ja, exhibit->says_en);
    if (result->name.size)
        printf(" [%.*s, %.*s]", TEXT_ARGS(result->name), TEXT_ARGS(result->insurer));
    printf("\n    %s/%s (%d ms)\n", demo->settings->dir, result->file, result->milliseconds);
    fflush(stdout);
}

/* Shows all; *good is false where an answer is not the documented one. */
static enum status show_all(struct scope *scope, struct demo *demo, bool *good)
{
    struct stage stage = {.dir = demo->dir};
    size_t count = 0;
    const struct exhibit *list = exhibit_list(&count);
    char path[PATH_SIZE];

    snprintf(path, sizeof path, "%s/samples/cast.csv", demo->dir);
    TRY(cast_file_read(scope, path, &stage.cast));
    *good = true;
    for (size_t i = 0; i < count && !interrupted; i++) {
        CLEANUP(scope_end) struct scope one = scope_begin(EXHIBIT_SCOPE_LIMIT);
        struct exhibit_result result = {0};
        if (exhibit_show(&one, &stage, &list[i], &result) != STATUS_OK)
            return scope_fail(scope, one.cause, "%s: %s", list[i].scenario, one.failure);
        print_exhibit(demo, &list[i], &result);
        *good = *good && result.as_expected;
    }
    return STATUS_OK;
}

static void print_where(const struct demo *demo)
{
    const char *dir = demo->settings->dir;

    printf("\nThe service and the terminal stay up. Ctrl-C stops them. / 停止は Ctrl-C\n\n"
           "Drop a request file, read its answer / 照会ファイルを置くと回答が出ます:\n"
           "  cp %s/samples/requests/OQSsiquc01req_elderly20.xml %s/terminal/req/\n"
           "  cp %s/samples/requests/OQSsiquc01req_newercoverage.xml %s/terminal/req/\n"
           "  ls %s/terminal/res/\n\n"
           "Lay a card on the emulated reader / カードを置く:\n"
           "  cp %s/samples/presentations/elderly-20-card.present %s/terminal/reader/\n"
           "  ls %s/terminal/face/ %s/terminal/reader/\n\n",
           dir, dir, dir, dir, dir, dir, dir, dir, dir);
    printf("Revoke a card, and lay it on again / カードを失効させて再度置く:\n"
           "  shikaku card revoke --issuer %s/pki --reason keyCompromise %s/cards/elderly-20.card\n"
           "  (the service hears of it within fifteen minutes / 反映は15分以内)\n\n",
           dir, dir);
    printf("The same check with curl / 同じ照会を curl で:\n"
           "  curl --cacert %s/pki/network-ca.pem --cert %s/pki/institutions/1319912349.pem \\\n"
           "    --key %s/pki/institutions/1319912349.key -H 'Content-Type: application/xml' \\\n"
           "    --data-binary @%s/samples/requests/OQSsiquc01req_elderly20.xml \\\n"
           "    %s/v1/eligibility/numbers\n\n"
           "Who can be asked about / 照会できる人: %s/samples/cast.csv, docs/sandbox.md\n"
           "What was asked and answered / 監査記録: shikaku audit show %s/journal\n",
           dir, dir, dir, dir, demo->url, dir, dir);
    fflush(stdout);
}

/* Waits for Ctrl-C, or for a child that ends by itself. */
static enum status stay_up(struct scope *scope, struct demo *demo)
{
    while (!interrupted) {
        if (!child_alive(&demo->service))
            return scope_fail(scope, CAUSE_SERVICE_AWAY, "the service ended; see '%s/serve.log'",
                              demo->dir);
        if (demo->issuer.pid != 0 && !child_alive(&demo->issuer))
            return scope_fail(scope, CAUSE_SERVICE_AWAY, "the issuer ended; see '%s/issuer.log'",
                              demo->dir);
        if (!child_alive(&demo->terminal))
            return scope_fail(scope, CAUSE_SERVICE_AWAY,
                              "the terminal ended; see '%s/terminal.log'", demo->dir);
        usleep(200000);
    }
    return STATUS_OK;
}

static enum status perform(struct scope *scope, struct demo *demo, bool *good)
{
    TRY(make_world(scope, demo));
    print_age(demo, instant_date(scope->now));
    TRY(start_issuer(scope, demo));
    TRY(start_service(scope, demo));
    TRY(start_terminal(scope, demo));
    printf("service %s, terminal of 1319912349 テスト内科医院\n", demo->url);
    if (demo->issuer.pid != 0)
        printf("issuer of certificates (模擬発行者) %s\n", demo->issuer_url);
    printf("\n");
    fflush(stdout);
    TRY(show_all(scope, demo, good));
    if (demo->settings->once || interrupted)
        return STATUS_OK;
    print_where(demo);
    return stay_up(scope, demo);
}

static int run(struct scope *scope, void *settings, int words, char **argv)
{
    static struct demo demo;
    struct sigaction action = {.sa_handler = on_signal};
    bool good = false;
    enum status status = STATUS_OK;

    (void)words;
    (void)argv;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    demo.settings = settings;
    demo.colour = isatty(STDOUT_FILENO);
    status = perform(scope, &demo, &good);
    child_stop(&demo.terminal);
    child_stop(&demo.service);
    child_stop(&demo.issuer);
    if (status != STATUS_OK)
        return -1;
    return good || interrupted ? 0 : 1;
}

static const struct option options[] = {
    {"dir", OPTION_TEXT, "DIR", "demo", 0, 0, "Folder of the world; made where missing.",
     "世界を置くフォルダー。なければ作成します。", OPTION_AT(struct settings, dir), false},
    {"once", OPTION_FLAG, NULL, NULL, 0, 0, "Stop after the first checks.",
     "最初の照会の後に終了します。", OPTION_AT(struct settings, once), false},
    {"people", OPTION_NUMBER, "N", "10000", 0, 100000000, "People beside the fixed cast.",
     "固定の登場人物のほかに作る人数。", OPTION_AT(struct settings, people), false},
    {"cards", OPTION_NUMBER, "K", "5", 0, 1000000, "Of them, people who get a card with real keys.",
     "そのうち実際の鍵を持つカードの枚数。", OPTION_AT(struct settings, cards), false},
    {"seed", OPTION_NUMBER, "S", "1", 0, INT64_MAX, "The same seed makes the same people.",
     "同じ値からは同じ人々ができます。", OPTION_AT(struct settings, seed), false},
    {"port", OPTION_NUMBER, "PORT", "8443", 0, 65535, "Port on 127.0.0.1; 0 takes a free one.",
     "127.0.0.1のポート。0なら空きを使います。", OPTION_AT(struct settings, port), false},
};

static const char *const examples[] = {
    "shikaku demo",
    "Make a world in ./demo, check some cards, stay up.",
    "shikaku demo --dir /tmp/d --once",
    "The same in /tmp/d, and stop after the checks.",
    NULL,
};

const struct command command_demo = {
    .name = "demo",
    .arguments = "",
    .summary_en = "A small world, the service and a terminal; first checks by card and by numbers",
    .summary_ja = "小さな世界・サービス・端末を起動し、カードと記号番号で資格確認を行います",
    .description = "Makes a synthetic world in a folder unless there is one, starts the issuer of "
                   "certificates, the central\nservice and one clinic's terminal on this machine, "
                   "carries out checks, and prints each answer in one line.\nWithout --once they "
                   "stay up, and the screen says where to drop a file.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
