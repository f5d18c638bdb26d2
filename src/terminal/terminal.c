/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/terminal.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/log.h"
#include "card/pcsc_reader.h"
#include "terminal/exchange.h"
#include "terminal/leftover.h"
#include "terminal/publish.h"
#include "terminal/reader.h"
#include "terminal/reader_slot.h"
#include "terminal/steady.h"

#define STATUS_SCOPE_LIMIT (4UL * 1024 * 1024)
#define STATUS_EVERY 1000    /* ms between two writings of work/status.json */
#define LEFTOVER_EVERY 60000 /* ms between two looks for results that nobody collected */
#define READER_EVERY 1000    /* ms between looks at reader/ that no event asked for */
#define READER_AGE 1000      /* ms: a presentation that no event told of must be as old */
#define FINISH_MAX 1000      /* ms at the end for the touches of the last results */
#define EVENTS_SIZE 4096

struct worker {
    struct terminal *terminal;
    struct service_client *client;
    pthread_t thread;
    bool started;
};

struct terminal {
    struct terminal_options options;
    struct folders folders;
    struct exchange *exchange;
    struct worker workers[TERMINAL_WORKERS_MAX];
    struct worker reader_thread;
    struct reader reader;
    struct reader_board board;
    struct reader_board_state board_shown; /* in work/status.json */
    struct terminal_credential *credential;
    struct card_slot *slot;        /* NULL: cards are files only */
    int wake;                      /* eventfd: a worker has news */
    int folder_events;             /* inotify on req/ and res/ */
    int reader_events;             /* inotify on reader/ */
    int reader_stop;               /* eventfd */
    struct exchange_figures shown; /* in work/status.json */
    int64_t shown_at, leftover_at; /* ms */
};

/* --- threads ---------------------------------------------------------------------------------- */

static void *work(void *worker_)
{
    struct worker *worker = worker_;

    while (exchange_work(worker->terminal->exchange, worker->client, true))
        continue;
    return NULL;
}

/* Takes the presentations that the events tell of: these were closed or renamed, so are whole. */
static void take_events(struct terminal *terminal)
{
    _Alignas(struct inotify_event) char bytes[EVENTS_SIZE];
    ssize_t size = read(terminal->reader_events, bytes, sizeof bytes);

    for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= size;) {
        struct inotify_event event;
        memcpy(&event, bytes + at, sizeof event);
        const char *name = bytes + at + sizeof event;
        if (event.len > 0 && reader_takes(name))
            reader_present(&terminal->reader, name);
        at += (ssize_t)(sizeof event + event.len);
    }
}

/* What was read does not matter: whatever it tells of is looked at anew. */
static void drain(int descriptor)
{
    char bytes[EVENTS_SIZE];

    while (descriptor >= 0 && read(descriptor, bytes, sizeof bytes) > 0)
        continue;
}

/* Milliseconds until the reader has something to do by itself. */
static int64_t reader_due(struct reader *reader)
{
    return reader_slot_due(reader, reader_touch_due(reader, READER_EVERY));
}

static void *serve_reader(void *worker_)
{
    struct worker *worker = worker_;
    struct terminal *terminal = worker->terminal;
    struct reader *reader = &terminal->reader;
    int slot = terminal->slot ? terminal->slot->events : -1;
    struct pollfd polled[] = {{terminal->reader_stop, POLLIN, 0},
                              {terminal->reader_events, POLLIN, 0},
                              {slot, POLLIN, 0}};

    while (!(polled[0].revents & POLLIN)) {
        if (polled[1].revents & POLLIN)
            take_events(terminal);
        else
            reader_scan(reader, READER_AGE);
        drain(slot);
        reader_slot_look(reader);
        reader_show(reader);
        poll(polled, 3, (int)reader_due(reader));
    }
    reader_slot_end(reader);
    while (reader->touch_count > 0)
        usleep((useconds_t)reader_touch_due(reader, READER_EVERY) * 1000);
    return NULL;
}

static enum status start_thread(struct scope *scope, struct terminal *terminal,
                                struct worker *worker, void *(*run)(void *))
{
    worker->terminal = terminal;
    TRY(service_client_open(scope, &terminal->options.service, &worker->client));
    if (run == serve_reader)
        terminal->reader.client = worker->client;
    if (pthread_create(&worker->thread, NULL, run, worker) != 0)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no thread");
    worker->started = true;
    return STATUS_OK;
}

static void stop_thread(struct worker *worker)
{
    if (worker->started)
        pthread_join(worker->thread, NULL);
    service_client_close(worker->client);
}

static void raise_event(int descriptor)
{
    const uint64_t one = 1;

    /* fails only where it is raised already */
    if (write(descriptor, &one, sizeof one) < 0)
        return;
}

static void wake(void *terminal)
{
    raise_event(((struct terminal *)terminal)->wake);
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Without a watch (limits, network file systems) the slow look alone must do. */
static int watch(const struct folders *folders, enum folder folder, uint32_t events,
                 enum folder second, uint32_t second_events)
{
    int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

    if (descriptor < 0 || inotify_add_watch(descriptor, folders->paths[folder], events) < 0 ||
        inotify_add_watch(descriptor, folders->paths[second], second_events) < 0)
        LOG(WARNING, NULL, "folder is not watched, only looked at", "folder='%s' errno='%d'",
            folder_name(folder), errno);
    return descriptor;
}

static enum status open_exchange(struct scope *scope, struct terminal *terminal)
{
    const struct terminal_options *options = &terminal->options;
    const struct exchange_settings settings = {
        .folders = &terminal->folders,
        .encoding = options->encoding,
        .request_max = options->request_max,
        .queue_max = options->queue_max,
        .settle = options->settle,
        .give_up = options->give_up,
        .rescan = options->rescan,
        .wake = wake,
        .wake_context = terminal,
    };

    return exchange_open(scope, &settings, &terminal->exchange);
}

static enum status open_reader(struct scope *scope, struct terminal *terminal)
{
    const struct terminal_options *options = &terminal->options;

    if (options->credential)
        TRY(terminal_credential_open(scope, options->credential, &terminal->credential));
    if (options->pcsc)
        TRY(pcsc_reader_open(scope, options->reader_name, &terminal->slot));
    terminal->reader = (struct reader){.folders = &terminal->folders,
                                       .encoding = options->encoding,
                                       .institution = options->institution,
                                       .class = options->class,
                                       .credential = terminal->credential,
                                       .slot = terminal->slot,
                                       .slot_mode = options->slot_mode,
                                       .slot_asks = options->slot_asks,
                                       .slot_patience = options->slot_patience,
                                       .face_device = options->face_device,
                                       .face_wait = options->face_wait,
                                       .faces_max = options->faces_max,
                                       .face_refused = options->face_refused,
                                       .visual_milliseconds = options->visual_milliseconds,
                                       .stop = terminal->reader_stop,
                                       .board = &terminal->board};
    if (options->visual_password)
        TRY(visual_password_open(scope, options->visual_password,
                                 &terminal->reader.visual_password));
    memcpy(terminal->reader.terminal, options->terminal, sizeof options->terminal);
    return STATUS_OK;
}

static enum status open_events(struct scope *scope, struct terminal *terminal)
{
    const uint32_t written = IN_CLOSE_WRITE | IN_MOVED_TO;

    terminal->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    terminal->reader_stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (terminal->wake < 0 || terminal->reader_stop < 0)
        return scope_fail(scope, CAUSE_INTERNAL, "no eventfd, errno %d", errno);
    terminal->folder_events =
        watch(&terminal->folders, FOLDER_REQ, written, FOLDER_RES, IN_DELETE | IN_MOVED_FROM);
    terminal->reader_events =
        watch(&terminal->folders, FOLDER_READER, written, FOLDER_READER, written);
    return STATUS_OK;
}

static enum status open_all(struct scope *scope, struct terminal *terminal)
{
    TRY(folders_open(scope, terminal->options.folder, terminal->options.apart, &terminal->folders));
    TRY(open_events(scope, terminal));
    TRY(open_reader(scope, terminal));
    TRY(open_exchange(scope, terminal));
    for (size_t i = 0; i < terminal->options.workers; i++)
        TRY(start_thread(scope, terminal, &terminal->workers[i], work));
    return start_thread(scope, terminal, &terminal->reader_thread, serve_reader);
}

enum status terminal_open(struct scope *scope, const struct terminal_options *options,
                          struct terminal **out)
{
    struct terminal *terminal = calloc(1, sizeof *terminal);
    enum status status = STATUS_OK;

    if (!terminal)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    terminal->options = *options;
    reader_board_begin(&terminal->board);
    terminal->wake = terminal->reader_stop = -1;
    terminal->folder_events = terminal->reader_events = -1;
    status = open_all(scope, terminal);
    if (status != STATUS_OK) {
        terminal_close(terminal);
        return status;
    }
    *out = terminal;
    return STATUS_OK;
}

/* The results of the last requests get their touch, for readers that wait for a change. */
static void finish_last(struct exchange *exchange)
{
    int64_t end = steady_milliseconds() + FINISH_MAX;

    while (exchange_figures(exchange).finishing > 0 && steady_milliseconds() < end)
        usleep((useconds_t)exchange_scan(exchange, steady_milliseconds()) * 1000);
}

void terminal_close(struct terminal *terminal)
{
    if (!terminal)
        return;
    if (terminal->exchange)
        exchange_stop(terminal->exchange);
    if (terminal->reader_stop >= 0)
        raise_event(terminal->reader_stop);
    for (size_t i = 0; i < TERMINAL_WORKERS_MAX; i++)
        stop_thread(&terminal->workers[i]);
    stop_thread(&terminal->reader_thread);
    if (terminal->exchange)
        finish_last(terminal->exchange);
    exchange_close(terminal->exchange);
    terminal_credential_close(terminal->credential);
    if (terminal->slot)
        terminal->slot->ops->close(terminal->slot);
    descriptor_drop(&terminal->folder_events);
    descriptor_drop(&terminal->reader_events);
    descriptor_drop(&terminal->reader_stop);
    descriptor_drop(&terminal->wake);
    folders_close(&terminal->folders);
    reader_board_end(&terminal->board);
    free(terminal);
}

/* --- serving ---------------------------------------------------------------------------------- */

static enum status write_status(struct scope *scope, struct terminal *terminal,
                                const struct exchange_figures *figures)
{
    int work = terminal->folders.fds[FOLDER_WORK];
    struct text_buffer reader = text_buffer_begin(scope, 512);
    struct text waiting = {0}, reader_json = {0}, json = {0};

    TRY(exchange_write_waiting(scope, terminal->exchange, &waiting));
    reader_board_add(&reader, &terminal->board_shown, steady_milliseconds());
    TRY(text_buffer_end(&reader, &reader_json));
    TRY(text_format(scope, &json,
                    "{\"time\":\"%" PRId64 "\",\"service\":\"%s\",\"answered\":%" PRIu64
                    ",\"rejected\":%" PRIu64 ",\"withdrawn\":%" PRIu64
                    ",\"reader\":%.*s,\"waiting\":%.*s}\n",
                    instant_to_japan14(scope->now), figures->service_away ? "away" : "reachable",
                    figures->answered, figures->rejected, figures->withdrawn,
                    TEXT_ARGS(reader_json), TEXT_ARGS(waiting)));
    TRY(publish_write(scope, work, "status.json.part", json));
    if (renameat(work, "status.json.part", work, "status.json") != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot write status.json, errno %d",
                          errno);
    return STATUS_OK;
}

static bool figures_equal(const struct exchange_figures *a, const struct exchange_figures *b)
{
    return a->answered == b->answered && a->rejected == b->rejected &&
           a->withdrawn == b->withdrawn && a->waiting == b->waiting && a->blocked == b->blocked &&
           a->away == b->away && a->service_away == b->service_away;
}

/* work/status.json follows the figures, at most once a second. */
static void show_status(struct terminal *terminal, int64_t now)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(STATUS_SCOPE_LIMIT);
    struct exchange_figures figures = exchange_figures(terminal->exchange);

    struct reader_board_state board = reader_board_read(&terminal->board);
    bool same = figures_equal(&figures, &terminal->shown) &&
                reader_board_equal(&board, &terminal->board_shown);

    if (terminal->shown_at != 0 && (now - terminal->shown_at < STATUS_EVERY || same))
        return;
    terminal->shown = figures;
    terminal->board_shown = board;
    terminal->shown_at = now;
    if (write_status(&scope, terminal, &figures) != STATUS_OK)
        log_failure(&scope, "status");
}

static void remove_leftovers(struct terminal *terminal, int64_t now)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(STATUS_SCOPE_LIMIT);
    size_t removed = 0;

    if (terminal->leftover_at != 0 && now - terminal->leftover_at < LEFTOVER_EVERY)
        return;
    terminal->leftover_at = now;
    if (leftover_remove(&scope, &terminal->folders, terminal->options.stay, &removed) != STATUS_OK)
        log_failure(&scope, "results that were not collected");
    if (removed > 0)
        LOG(WARNING, &scope, "results that were not collected are removed", "count='%zu'", removed);
}

void terminal_serve(struct terminal *terminal, int stop)
{
    struct pollfd polled[] = {
        {stop, POLLIN, 0}, {terminal->wake, POLLIN, 0}, {terminal->folder_events, POLLIN, 0}};

    while (!(polled[0].revents & POLLIN)) {
        int64_t now = steady_milliseconds();
        int64_t wait = exchange_scan(terminal->exchange, now);
        remove_leftovers(terminal, now);
        show_status(terminal, now);
        poll(polled, 3, (int)wait);
        drain(terminal->wake);
        drain(terminal->folder_events);
    }
}
