/* SPDX-License-Identifier: Apache-2.0
 *
 * test_spool.c - files from their creation to their reply, with a loader that does what it is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "spool/spool_parts.h"

#define OURS ((struct insurer_number){"06139992"})
#define OTHERS ((struct insurer_number){"139998"})
#define KIB 1024

static char folder[] = "/tmp/test_spool.XXXXXX";

/* What the loader does, and what it saw. Set while no file waits. */
static struct {
    enum spool_verdict verdict;
    enum cause cause;
    bool loaded_before, until_stopped;
    _Atomic int calls;
    _Atomic bool confirmed;
    _Atomic int64_t size;
} loader;

static bool write_reply(const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        return false;
    fputs("R,1,06139992\n1,0,,\nT,1,0,0\n", file);
    return fclose(file) == 0;
}

static enum spool_verdict load(void *context, const struct spool_order *order,
                               struct spool_outcome *out)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    struct stat about = {0};

    (void)context;
    if (stat(order->file, &about) == 0)
        atomic_store(&loader.size, about.st_size);
    atomic_store(&loader.confirmed, order->confirmed);
    order->progress(order->context, 1, 3);
    atomic_fetch_add(&loader.calls, 1);
    while (loader.until_stopped && !atomic_load(order->stop))
        nanosleep(&millisecond, NULL);
    out->cause = loader.cause;
    out->rows = 3;
    out->accepted = 2;
    out->refused = 1;
    out->loaded_before = loader.loaded_before;
    memset(out->content, 'a', sizeof out->content - 1);
    if (loader.verdict == SPOOL_LOADED && !loader.loaded_before)
        (void)write_reply(order->reply);
    return loader.verdict;
}

static struct spool_options options_of(bool with_loader)
{
    return (struct spool_options){
        .directory = folder,
        .quota = 64 * KIB,
        .file_limit = 32 * KIB,
        .files = 6,
        .files_per_insurer = 4,
        .writers = 2,
        .receive_hours = 1,
        .keep_days = 1,
        .loader = {with_loader ? load : NULL, NULL},
    };
}

static struct spool *spool_begin_with(struct spool_options options)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 16);
    struct spool *spool = NULL;

    if (spool_open(&scope, &options, &spool) != STATUS_OK)
        fail_msg("spool_open: %s", scope.failure);
    return spool;
}

static int make_folder(void **state)
{
    (void)state;
    loader.verdict = SPOOL_LOADED;
    loader.cause = CAUSE_NONE;
    loader.loaded_before = loader.until_stopped = false;
    atomic_store(&loader.calls, 0);
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    return mkdtemp(folder) ? 0 : 1;
}

static int remove_folder(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

/* --- jobs, waited for ---------------------------------------------------------------------------
 */

static void posted(void *semaphore)
{
    sem_post(semaphore);
}

static enum cause job_run(struct spool *spool, struct spool_job *job)
{
    sem_t done;

    sem_init(&done, 0, 0);
    job->now = instant_now();
    job->done = posted;
    job->context = &done;
    spool_submit(spool, job);
    sem_wait(&done);
    sem_destroy(&done);
    return job->cause;
}

static enum cause task_run(struct spool *spool, enum spool_task task, struct insurer_number insurer,
                           const char *id, struct spool_entry *out)
{
    struct spool_job job = {.task = task, .entry = {.insurer = insurer}};

    memcpy(job.entry.id, id, SPOOL_ID_SIZE);
    job_run(spool, &job);
    if (out)
        *out = job.entry;
    return job.cause;
}

static enum cause create(struct spool *spool, struct insurer_number insurer, int64_t length,
                         char id[SPOOL_ID_SIZE])
{
    struct spool_job job = {
        .task = SPOOL_CREATE,
        .entry = {.insurer = insurer, .name = "april.csv", .length = length},
    };

    job_run(spool, &job);
    memcpy(id, job.entry.id, SPOOL_ID_SIZE);
    return job.cause;
}

static enum cause writer_begin(struct spool *spool, const char *id, int64_t offset, int64_t length,
                               struct spool_writer **out)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 12);
    const struct spool_part part = {OURS, id, offset, length};
    int64_t stands = 0;

    return spool_writer_open(&scope, spool, &part, out, &stands) == STATUS_OK ? CAUSE_NONE
                                                                              : scope.cause;
}

static enum cause writer_finish(struct spool_writer *writer)
{
    enum cause cause = CAUSE_NONE;
    sem_t done;

    sem_init(&done, 0, 0);
    spool_writer_end(writer, posted, &done);
    sem_wait(&done);
    sem_destroy(&done);
    cause = spool_writer_cause(writer);
    spool_writer_close(writer);
    return cause;
}

static enum cause send_part(struct spool *spool, const char *id, int64_t offset, int64_t size)
{
    static const char bytes[64 * KIB];
    struct spool_writer *writer = NULL;
    enum cause cause = writer_begin(spool, id, offset, size, &writer);

    if (cause != CAUSE_NONE)
        return cause;
    assert_int_equal(spool_writer_take(writer, bytes, (size_t)size), size);
    return writer_finish(writer);
}

static struct spool_entry entry_of(struct spool *spool, const char *id)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 12);
    struct spool_entry entry = {.state = 0};

    assert_int_equal(spool_find(&scope, spool, OURS, id, &entry), STATUS_OK);
    return entry;
}

static struct spool_entry wait_for(struct spool *spool, const char *id, enum spool_state state)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    struct spool_entry entry = entry_of(spool, id);

    for (int i = 0; i < 10000 && entry.state != state; i++) {
        nanosleep(&millisecond, NULL);
        entry = entry_of(spool, id);
    }
    assert_int_equal(entry.state, state);
    return entry;
}

static bool has_part(const char *id, const char *suffix)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s%s", folder, id, suffix);
    return access(path, F_OK) == 0;
}

/* --- tests --------------------------------------------------------------------------------------
 */

static void a_file_goes_from_its_bytes_to_its_reply(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 16);
    struct spool *spool = spool_begin_with(options_of(true));
    char id[SPOOL_ID_SIZE];
    struct spool_entry entry = {.state = 0};
    int64_t size = 0;
    int reply = -1;

    (void)state;
    assert_int_equal(create(spool, OURS, 10 * KIB, id), CAUSE_NONE);
    assert_int_equal(entry_of(spool, id).state, SPOOL_RECEIVING);
    assert_int_equal(spool_open_reply(&scope, spool, OURS, id, &reply, &size), STATUS_NOT_FOUND);
    scope_forgive(&scope);
    assert_int_equal(send_part(spool, id, 0, 4 * KIB), CAUSE_NONE);
    assert_int_equal(entry_of(spool, id).offset, 4 * KIB);
    assert_int_equal(send_part(spool, id, 4 * KIB, 6 * KIB), CAUSE_NONE);
    entry = wait_for(spool, id, SPOOL_DONE);
    assert_int_equal(entry.rows, 3);
    assert_int_equal(entry.accepted, 2);
    assert_int_equal(entry.refused, 1);
    assert_int_equal(atomic_load(&loader.size), 10 * KIB);
    assert_int_equal(spool_open_reply(&scope, spool, OURS, id, &reply, &size), STATUS_OK);
    assert_int_equal(size, entry.reply_size);
    close(reply);
    assert_false(has_part(id, ".data")); /* it held individual numbers */
    assert_int_equal(spool_figures(spool).bytes, entry.reply_size);
    assert_int_equal(spool_figures(spool).loaded, 1);
    spool_close(spool);
}

static void a_part_begins_where_the_last_one_ended(void **state)
{
    struct spool *spool = spool_begin_with(options_of(false));
    struct spool_writer *writer = NULL;
    char id[SPOOL_ID_SIZE];

    (void)state;
    assert_int_equal(create(spool, OURS, 1000, id), CAUSE_NONE);
    assert_int_equal(send_part(spool, id, 0, 600), CAUSE_NONE);
    assert_int_equal(writer_begin(spool, id, 0, 10, &writer), CAUSE_UPLOAD_OFFSET);
    assert_int_equal(writer_begin(spool, id, 601, 10, &writer), CAUSE_UPLOAD_OFFSET);
    assert_int_equal(writer_begin(spool, id, 600, 401, &writer), CAUSE_UPLOAD_TOO_LONG);
    assert_int_equal(writer_begin(spool, id, 600, -1, &writer), CAUSE_NONE);
    assert_false(spool_writer_too_long(writer, 400));
    assert_true(spool_writer_too_long(writer, 401));
    assert_int_equal(writer_finish(writer), CAUSE_NONE);
    assert_int_equal(send_part(spool, id, 600, 400), CAUSE_NONE);
    assert_int_equal(entry_of(spool, id).state, SPOOL_WAITING);
    assert_int_equal(writer_begin(spool, id, 1000, 0, &writer), CAUSE_UPLOAD_COMPLETE);
    spool_close(spool);
}

static void what_arrived_before_a_break_is_kept(void **state)
{
    struct spool *spool = spool_begin_with(options_of(false));
    struct spool_writer *writer = NULL;
    struct spool_entry entry = {.state = 0};
    char id[SPOOL_ID_SIZE];

    (void)state;
    assert_int_equal(create(spool, OURS, 1000, id), CAUSE_NONE);
    assert_int_equal(writer_begin(spool, id, 0, 1000, &writer), CAUSE_NONE);
    assert_int_equal(spool_writer_take(writer, "0123456789", 10), 10);
    spool_writer_close(writer); /* the request broke off */
    assert_int_equal(task_run(spool, SPOOL_SETTLE, OURS, id, &entry), CAUSE_NONE);
    assert_int_equal(entry.offset, 10);
    assert_int_equal(spool_figures(spool).writers, 0);
    assert_int_equal(send_part(spool, id, 10, 990), CAUSE_NONE);
    spool_close(spool);
}

static void one_request_at_a_time_sends_to_a_file(void **state)
{
    struct spool *spool = spool_begin_with(options_of(false));
    struct spool_writer *first = NULL, *second = NULL, *third = NULL;
    char a[SPOOL_ID_SIZE], b[SPOOL_ID_SIZE], c[SPOOL_ID_SIZE];

    (void)state;
    assert_int_equal(create(spool, OURS, 1000, a), CAUSE_NONE);
    assert_int_equal(create(spool, OURS, 1000, b), CAUSE_NONE);
    assert_int_equal(create(spool, OURS, 1000, c), CAUSE_NONE);
    assert_int_equal(writer_begin(spool, a, 0, 1000, &first), CAUSE_NONE);
    assert_int_equal(writer_begin(spool, a, 0, 1000, &second), CAUSE_UPLOAD_LOCKED);
    assert_int_equal(writer_begin(spool, b, 0, 1000, &second), CAUSE_NONE);
    assert_int_equal(writer_begin(spool, c, 0, 1000, &third), CAUSE_SPOOL_BUSY);
    assert_int_equal(writer_finish(first), CAUSE_NONE);
    assert_int_equal(writer_begin(spool, c, 0, 1000, &third), CAUSE_NONE);
    assert_int_equal(writer_finish(second), CAUSE_NONE);
    assert_int_equal(writer_finish(third), CAUSE_NONE);
    spool_close(spool);
}

/* The silence is made by setting the clock of what is under the lock. */
static void a_silent_request_is_followed_by_the_next(void **state)
{
    struct spool *spool = spool_begin_with(options_of(false));
    struct spool_writer *silent = NULL, *next = NULL;
    char id[SPOOL_ID_SIZE];

    (void)state;
    assert_int_equal(create(spool, OURS, 20, id), CAUSE_NONE);
    assert_int_equal(writer_begin(spool, id, 0, 20, &silent), CAUSE_NONE);
    pthread_mutex_lock(&spool->lock);
    spool_lookup(spool, OURS, id)->last_byte.microseconds -= INT64_C(11) * 1000000;
    pthread_mutex_unlock(&spool->lock);
    assert_int_equal(writer_begin(spool, id, 0, 20, &next), CAUSE_NONE);
    assert_int_equal(spool_writer_take(next, "0123456789", 10), 10);
    assert_int_equal(spool_writer_take(silent, "xxxxxxxxxx", 10), 10);
    assert_int_equal(writer_finish(silent), CAUSE_UPLOAD_LOCKED); /* none of its bytes counts */
    assert_int_equal(entry_of(spool, id).offset, 0);
    assert_int_equal(writer_finish(next), CAUSE_NONE);
    assert_int_equal(entry_of(spool, id).offset, 10);
    spool_close(spool);
}

static void another_insurers_file_is_as_unknown_as_none(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 16);
    struct spool *spool = spool_begin_with(options_of(false));
    struct spool_entry *entries = NULL;
    struct spool_entry entry = {.state = 0};
    char id[SPOOL_ID_SIZE], other[SPOOL_ID_SIZE];
    size_t count = 0;

    (void)state;
    assert_int_equal(create(spool, OURS, 1000, id), CAUSE_NONE);
    assert_int_equal(create(spool, OTHERS, 1000, other), CAUSE_NONE);
    assert_int_equal(spool_find(&scope, spool, OTHERS, id, &entry), STATUS_NOT_FOUND);
    assert_int_equal(scope.cause, CAUSE_UPLOAD_UNKNOWN);
    scope_forgive(&scope);
    assert_int_equal(task_run(spool, SPOOL_SETTLE, OTHERS, id, NULL), CAUSE_UPLOAD_UNKNOWN);
    assert_int_equal(task_run(spool, SPOOL_REMOVE, OTHERS, id, NULL), CAUSE_UPLOAD_UNKNOWN);
    assert_int_equal(task_run(spool, SPOOL_CONFIRM, OTHERS, id, NULL), CAUSE_UPLOAD_UNKNOWN);
    assert_int_equal(send_part(spool, other, 0, 10), CAUSE_UPLOAD_UNKNOWN);
    assert_int_equal(spool_list(&scope, spool, OURS, &entries, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(entries[0].id, id);
    spool_close(spool);
}

static void limits_hold(void **state)
{
    struct spool *spool = spool_begin_with(options_of(false));
    char id[SPOOL_ID_SIZE], none[SPOOL_ID_SIZE];

    (void)state;
    assert_int_equal(create(spool, OURS, 32 * KIB + 1, none), CAUSE_UPLOAD_TOO_LARGE);
    assert_int_equal(create(spool, OURS, 32 * KIB, id), CAUSE_NONE);
    assert_int_equal(create(spool, OURS, 30 * KIB, id), CAUSE_NONE);
    assert_int_equal(create(spool, OURS, 3 * KIB, none), CAUSE_SPOOL_FULL);
    assert_int_equal(task_run(spool, SPOOL_REMOVE, OURS, id, NULL), CAUSE_NONE);
    for (int i = 0; i < 3; i++)
        assert_int_equal(create(spool, OURS, KIB, id), CAUSE_NONE);
    assert_int_equal(create(spool, OURS, KIB, id), CAUSE_UPLOAD_TOO_MANY);
    assert_int_equal(create(spool, OTHERS, KIB, id), CAUSE_NONE);
    assert_int_equal(create(spool, OTHERS, KIB, id), CAUSE_NONE);
    assert_int_equal(create(spool, OTHERS, KIB, id), CAUSE_SPOOL_FULL); /* files in all */
    spool_close(spool);
}

static void a_mass_change_waits_for_its_confirmation(void **state)
{
    struct spool *spool = spool_begin_with(options_of(true));
    char id[SPOOL_ID_SIZE];

    (void)state;
    loader.verdict = SPOOL_ASKS;
    loader.cause = CAUSE_UPLOAD_NOT_ASKED; /* any */
    assert_int_equal(create(spool, OURS, 10, id), CAUSE_NONE);
    assert_int_equal(task_run(spool, SPOOL_CONFIRM, OURS, id, NULL), CAUSE_UPLOAD_NOT_ASKED);
    assert_int_equal(send_part(spool, id, 0, 10), CAUSE_NONE);
    assert_int_equal(wait_for(spool, id, SPOOL_ASKING).cause, CAUSE_UPLOAD_NOT_ASKED);
    assert_false(atomic_load(&loader.confirmed));
    spool_close(spool); /* the question outlives the service */
    spool = spool_begin_with(options_of(true));
    assert_int_equal(entry_of(spool, id).state, SPOOL_ASKING);
    assert_int_equal(atomic_load(&loader.calls), 1);
    loader.verdict = SPOOL_LOADED;
    assert_int_equal(task_run(spool, SPOOL_CONFIRM, OURS, id, NULL), CAUSE_NONE);
    assert_int_equal(wait_for(spool, id, SPOOL_DONE).cause, CAUSE_NONE);
    assert_true(atomic_load(&loader.confirmed));
    spool_close(spool);
}

static void a_refused_file_keeps_its_reason_and_not_its_bytes(void **state)
{
    struct spool *spool = spool_begin_with(options_of(true));
    char id[SPOOL_ID_SIZE];

    (void)state;
    loader.verdict = SPOOL_WRONG;
    loader.cause = CAUSE_BODY_TOO_LARGE; /* any */
    assert_int_equal(create(spool, OURS, 10, id), CAUSE_NONE);
    assert_int_equal(send_part(spool, id, 0, 10), CAUSE_NONE);
    wait_for(spool, id, SPOOL_REFUSED);
    assert_false(has_part(id, ".data"));
    spool_close(spool);
    spool = spool_begin_with(options_of(true));
    assert_int_equal(entry_of(spool, id).cause, CAUSE_BODY_TOO_LARGE);
    assert_int_equal(atomic_load(&loader.calls), 1);
    spool_close(spool);
}

static void a_load_that_is_stopped_is_done_again_by_the_next_service(void **state)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    struct spool *spool = spool_begin_with(options_of(true));
    char id[SPOOL_ID_SIZE];

    (void)state;
    loader.verdict = SPOOL_LATER;
    loader.until_stopped = true;
    assert_int_equal(create(spool, OURS, 10, id), CAUSE_NONE);
    assert_int_equal(send_part(spool, id, 0, 10), CAUSE_NONE);
    while (atomic_load(&loader.calls) == 0)
        nanosleep(&millisecond, NULL);
    assert_int_equal(entry_of(spool, id).rows_done, 1);
    assert_int_equal(task_run(spool, SPOOL_REMOVE, OURS, id, NULL), CAUSE_UPLOAD_LOADING);
    spool_close(spool);
    assert_true(has_part(id, ".data"));
    loader.verdict = SPOOL_LOADED;
    loader.until_stopped = false;
    spool = spool_begin_with(options_of(true));
    wait_for(spool, id, SPOOL_DONE);
    spool_close(spool);
}

static void the_same_content_again_has_the_reply_of_the_first(void **state)
{
    struct spool *spool = spool_begin_with(options_of(true));
    struct spool_entry first = {.state = 0}, second = {.state = 0};
    char a[SPOOL_ID_SIZE], b[SPOOL_ID_SIZE];

    (void)state;
    assert_int_equal(create(spool, OURS, 10, a), CAUSE_NONE);
    assert_int_equal(send_part(spool, a, 0, 10), CAUSE_NONE);
    first = wait_for(spool, a, SPOOL_DONE);
    loader.loaded_before = true;
    assert_int_equal(create(spool, OURS, 10, b), CAUSE_NONE);
    assert_int_equal(send_part(spool, b, 0, 10), CAUSE_NONE);
    second = wait_for(spool, b, SPOOL_DONE);
    assert_true(second.loaded_before);
    assert_true(first.reply_size > 0);
    assert_int_equal(second.reply_size, first.reply_size);
    assert_int_equal(task_run(spool, SPOOL_REMOVE, OURS, a, NULL), CAUSE_NONE);
    assert_true(has_part(b, ".reply"));
    spool_close(spool);
}

static void parts_without_a_note_are_removed_at_the_start(void **state)
{
    struct spool *spool = spool_begin_with(options_of(false));
    char id[SPOOL_ID_SIZE], path[128];

    (void)state;
    assert_int_equal(create(spool, OURS, 10, id), CAUSE_NONE);
    assert_int_equal(send_part(spool, id, 0, 4), CAUSE_NONE);
    spool_close(spool);
    snprintf(path, sizeof path, "%s/ffffffffffffffffffffffffffffffff.data", folder);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    snprintf(path, sizeof path, "%s/README", folder);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    spool = spool_begin_with(options_of(false));
    assert_false(has_part("ffffffffffffffffffffffffffffffff", ".data"));
    assert_true(has_part("README", ""));
    assert_int_equal(entry_of(spool, id).offset, 4);
    assert_int_equal(entry_of(spool, id).state, SPOOL_RECEIVING);
    spool_close(spool);
}

static void old_files_are_removed(void **state)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    struct spool *spool = spool_begin_with(options_of(false));
    char id[SPOOL_ID_SIZE], path[128];
    struct timespec old[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    struct spool_entry entry = {.state = 0};
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 16);

    (void)state;
    assert_int_equal(create(spool, OURS, 10, id), CAUSE_NONE);
    assert_int_equal(send_part(spool, id, 0, 4), CAUSE_NONE);
    entry = entry_of(spool, id);
    entry.created.microseconds = entry.changed.microseconds = 1000000;
    assert_int_equal(spool_write_note(&scope, spool, &entry), STATUS_OK);
    spool_close(spool);
    snprintf(path, sizeof path, "%s/%s.data", folder, id);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    spool = spool_begin_with(options_of(false));
    for (int i = 0; i < 10000 && has_part(id, ".note"); i++)
        nanosleep(&millisecond, NULL);
    spool_close(spool);
    assert_false(has_part(id, ".data"));
    assert_false(has_part(id, ".note"));
}

static void a_folder_is_one_services_and_its_owners(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 16);
    const struct spool_options options = options_of(false);
    struct spool *spool = spool_begin_with(options);
    struct spool *second = NULL;

    (void)state;
    assert_int_equal(spool_open(&scope, &options, &second), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_SPOOL_IN_USE);
    scope_forgive(&scope);
    spool_close(spool);
    assert_int_equal(chmod(folder, 0750), 0);
    assert_int_equal(spool_open(&scope, &options, &second), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_CONFIGURATION);
}

/* --- many at once -------------------------------------------------------------------------------
 */

struct sender {
    struct spool *spool;
    char id[SPOOL_ID_SIZE];
    int64_t sent;
};

static void *send_pieces(void *sender_)
{
    struct sender *sender = sender_;
    const struct timespec millisecond = {.tv_nsec = 1000000};

    while (sender->sent < 16 * KIB) {
        struct spool_writer *writer = NULL;
        enum cause cause = writer_begin(sender->spool, sender->id, sender->sent, KIB, &writer);
        if (cause == CAUSE_SPOOL_BUSY) {
            nanosleep(&millisecond, NULL);
            continue;
        }
        if (cause != CAUSE_NONE || spool_writer_take(writer, (const char[KIB]){0}, KIB) != KIB ||
            writer_finish(writer) != CAUSE_NONE)
            return NULL;
        sender->sent += KIB;
    }
    return NULL;
}

static void many_threads_send_ask_and_load(void **state)
{
    struct spool *spool = spool_begin_with(options_of(true));
    struct sender senders[4];
    pthread_t threads[4];

    (void)state;
    for (int i = 0; i < 4; i++) {
        senders[i] = (struct sender){.spool = spool};
        assert_int_equal(create(spool, OURS, 16 * KIB, senders[i].id), CAUSE_NONE);
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, send_pieces, &senders[i]), 0);
    for (int i = 0; i < 200; i++)
        assert_int_equal(spool_figures(spool).files[SPOOL_REFUSED], 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++)
        wait_for(spool, senders[i].id, SPOOL_DONE);
    assert_int_equal(spool_figures(spool).received, 64 * KIB);
    assert_int_equal(spool_figures(spool).loaded, 4);
    spool_close(spool);
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_file_goes_from_its_bytes_to_its_reply),
        WITH_FOLDER(a_part_begins_where_the_last_one_ended),
        WITH_FOLDER(what_arrived_before_a_break_is_kept),
        WITH_FOLDER(one_request_at_a_time_sends_to_a_file),
        WITH_FOLDER(a_silent_request_is_followed_by_the_next),
        WITH_FOLDER(another_insurers_file_is_as_unknown_as_none),
        WITH_FOLDER(limits_hold),
        WITH_FOLDER(a_mass_change_waits_for_its_confirmation),
        WITH_FOLDER(a_refused_file_keeps_its_reason_and_not_its_bytes),
        WITH_FOLDER(a_load_that_is_stopped_is_done_again_by_the_next_service),
        WITH_FOLDER(the_same_content_again_has_the_reply_of_the_first),
        WITH_FOLDER(parts_without_a_note_are_removed_at_the_start),
        WITH_FOLDER(old_files_are_removed),
        WITH_FOLDER(a_folder_is_one_services_and_its_owners),
        WITH_FOLDER(many_threads_send_ask_and_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
