/* SPDX-License-Identifier: Apache-2.0
 *
 * sender.c - from state to state until the reply is here. Each try asks the service how the file
 * stands and goes on from there; between tries the pauses grow, until something moves again.
 */
#include "sending/sender.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "proof/sha256.h"
#include "sending/sending_parts.h"

#define TRY_MEMORY ((size_t)16 * 1024 * 1024)
#define NAME_MAX_SENT 200 /* bytes of a file's name that the service takes */
/* Bytes of one request: the first, and after one that broke, whose reason may be heard so. */
#define PART_MOST (INT64_C(1024) * 1024 * 1024)
#define PART_LEAST (INT64_C(64) * 1024)
#define PART_GROWTH 8
/* Seconds between two tries. Our choice. */
#define PAUSE_FIRST 1
#define PAUSE_MOST 30
/* Milliseconds between two looks at a load. */
#define LOOK_FIRST 100
#define LOOK_MOST 2000
#define REPLY_MODE 0600

struct sender {
    const struct send_order *order;
    struct send_outcome *out;
    struct send_stand stand;
    char name[NAME_MAX_SENT + 1];
    int file, reply; /* descriptors, -1 = none */
    struct stat about;
    struct https_stream fetched;
    char reply_path[4096];
    int64_t part; /* bytes of the next request at most */
    struct instant moved;
    bool begun; /* this run saw the file on its way: a refusal is of this run */
    bool over;  /* what failed is the service's last word */
};

static void sender_drop(struct sender *sender)
{
    if (sender->file >= 0)
        close(sender->file);
    if (sender->reply >= 0) {
        close(sender->reply);
        unlink(sender->reply_path);
    }
}

static void show(const struct sender *sender, enum send_stage stage, int64_t done, int64_t total,
                 int64_t began)
{
    const struct send_watch *watch = &sender->order->watch;

    if (watch->progress)
        watch->progress(watch->context, stage, done, total, began);
}

/* --- the file -----------------------------------------------------------------------------------
 */

struct reading {
    const struct sender *sender;
    int64_t done;
};

static void was_read(void *reading_, int64_t more)
{
    struct reading *reading = reading_;

    reading->done += more;
    show(reading->sender, SEND_READ_BYTES, reading->done, reading->sender->stand.length, 0);
}

/* A name that the service would refuse is not told. */
static void take_name(const char *path, char out[NAME_MAX_SENT + 1])
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t size = strlen(name);

    out[0] = '\0';
    if (size > NAME_MAX_SENT || !text_is_utf8(text_of(name)))
        return;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F)
            return;
    memcpy(out, name, size + 1);
}

static enum status open_file(struct scope *scope, struct sender *sender)
{
    const char *path = sender->order->file;
    struct reading reading = {sender, 0};
    unsigned char hash[SHA256_SIZE];

    sender->file = open(path, O_RDONLY | O_CLOEXEC);
    if (sender->file < 0 || fstat(sender->file, &sender->about) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot read '%s': %s", path,
                          strerrordesc_np(errno));
    if (!S_ISREG(sender->about.st_mode))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "'%s' is no regular file", path);
    if (sender->about.st_size == 0)
        return scope_fail(scope, CAUSE_REGISTRATION_CUT, "'%s' is empty", path);
    take_name(path, sender->name);
    sender->stand.length = sender->about.st_size;
    TRY(sha256_file(scope, sender->file, was_read, &reading, hash));
    hex_write(hash, sizeof hash, sender->stand.sha256);
    return STATUS_OK;
}

static enum status check_unchanged(struct scope *scope, struct sender *sender)
{
    struct stat now = {0};

    if (fstat(sender->file, &now) == 0 && now.st_size == sender->about.st_size &&
        now.st_mtim.tv_sec == sender->about.st_mtim.tv_sec &&
        now.st_mtim.tv_nsec == sender->about.st_mtim.tv_nsec)
        return STATUS_OK;
    sender->over = true;
    return scope_fail(scope, CAUSE_SEND_CHANGED, "'%s'", sender->order->file);
}

/* --- sending ------------------------------------------------------------------------------------
 */

static void has_moved(struct sender *sender)
{
    sender->moved = instant_now();
}

static void was_sent(void *sender_, int64_t more)
{
    struct sender *sender = sender_;

    sender->stand.offset += more; /* until the service says what it has */
    show(sender, SEND_SENT_BYTES, sender->stand.offset, sender->stand.length, sender->out->found);
}

/* A request that broke off is followed by a small one: a reason that the service has for it is not
 * lost behind bytes that nobody reads. */
static enum status send_rest(struct scope *scope, struct sender *sender)
{
    struct send_stand *stand = &sender->stand;
    int64_t left = stand->length - stand->offset, before = stand->offset;
    struct https_stream part = {
        .file = sender->file,
        .offset = before,
        .left = left < sender->part ? left : sender->part,
        .moved = was_sent,
        .context = sender,
    };
    enum status status = STATUS_OK;

    TRY(check_unchanged(scope, sender));
    status = send_part(scope, sender->order->client, &part, stand);
    if (part.failed) {
        scope_forgive(scope);
        return scope_fail(scope, CAUSE_SEND_CHANGED, "'%s' became shorter", sender->order->file);
    }
    if (status != STATUS_OK) {
        sender->part = PART_LEAST;
        return status;
    }
    sender->out->sent += stand->offset - before;
    sender->part = sender->part < PART_MOST / PART_GROWTH ? sender->part * PART_GROWTH : PART_MOST;
    has_moved(sender);
    return check_unchanged(scope, sender);
}

/* Where the service stands may be farther than at the last try: another sender, or bytes whose
 * acknowledgement was lost. */
static enum status receive(struct scope *scope, struct sender *sender)
{
    int64_t before = sender->stand.offset;

    TRY(send_ask_offset(scope, sender->order->client, &sender->stand));
    if (!sender->begun)
        sender->out->found = sender->stand.offset;
    if (sender->stand.offset > before)
        has_moved(sender);
    sender->begun = true;
    while (sender->stand.offset < sender->stand.length)
        TRY(send_rest(scope, sender));
    return send_ask_stand(scope, sender->order->client, &sender->stand);
}

static enum status create(struct scope *scope, struct sender *sender)
{
    TRY(check_unchanged(scope, sender));
    TRY(send_create(scope, sender->order->client, sender->name, &sender->stand));
    has_moved(sender);
    return STATUS_OK;
}

/* --- waiting ------------------------------------------------------------------------------------
 */

static void sleep_for(int milliseconds)
{
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000L};

    while (nanosleep(&pause, &pause) != 0 && errno == EINTR)
        ;
}

static bool out_of_patience(const struct sender *sender)
{
    int64_t still = instant_now().microseconds - sender->moved.microseconds;

    return still > (int64_t)sender->order->patience * 1000000;
}

static enum status wait_for_load(struct scope *scope, struct sender *sender)
{
    struct send_stand *stand = &sender->stand;
    int64_t rows = 0;

    sender->begun = true;
    for (int pause = LOOK_FIRST; stand->state == SEND_WAITING || stand->state == SEND_LOADING;
         pause = pause < LOOK_MOST / 2 ? pause * 2 : LOOK_MOST) {
        if (stand->state == SEND_LOADING)
            show(sender, SEND_LOADED_ROWS, stand->rows_done, stand->rows, 0);
        if (out_of_patience(sender)) {
            sender->over = true;
            return scope_fail(scope, CAUSE_SEND_UNFINISHED, "state '%s' %s",
                              send_state_name(stand->state), failure_text(stand->reason)->code);
        }
        sleep_for(pause);
        rows = stand->rows_done;
        TRY(send_ask_stand(scope, sender->order->client, stand));
        if (stand->rows_done > rows)
            has_moved(sender);
    }
    has_moved(sender);
    return STATUS_OK;
}

/* The file as a whole: what the service says of it is what we say. */
static enum status refused(struct scope *scope, struct sender *sender)
{
    enum cause reason = sender->stand.reason;

    sender->over = true;
    if (reason == CAUSE_NONE || failure_text(reason)->status == STATUS_OK)
        reason = CAUSE_SEND_ANSWER_WRONG;
    return scope_fail(scope, reason, "the service %s the file",
                      sender->stand.state == SEND_ASKING ? "asks about" : "refuses");
}

/* One that was refused before we came is sent anew: what was wrong may not be the file. */
static enum status begin_anew(struct scope *scope, struct sender *sender)
{
    if (sender->begun)
        return refused(scope, sender);
    TRY(send_remove(scope, sender->order->client, &sender->stand));
    sender->stand.state = SEND_UNKNOWN;
    sender->stand.offset = 0;
    return STATUS_OK;
}

static enum status confirm(struct scope *scope, struct sender *sender)
{
    if (!sender->order->confirm)
        return refused(scope, sender);
    TRY(send_confirm(scope, sender->order->client, &sender->stand));
    has_moved(sender);
    return STATUS_OK;
}

/* --- the reply ----------------------------------------------------------------------------------
 */

static void was_fetched(void *sender_, int64_t more)
{
    struct sender *sender = sender_;

    (void)more;
    has_moved(sender);
    show(sender, SEND_FETCHED_BYTES, sender->fetched.offset, 0, 0);
}

static enum status reply_failed(struct scope *scope, struct sender *sender)
{
    sender->over = true;
    return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot write '%s': %s", sender->reply_path,
                      strerrordesc_np(errno));
}

/* Beside its place first, so that a reply is there whole or not at all. */
static enum status open_reply(struct scope *scope, struct sender *sender)
{
    int size = snprintf(sender->reply_path, sizeof sender->reply_path, "%s.%d.part",
                        sender->order->reply, (int)getpid());

    if (size < 0 || (size_t)size >= sizeof sender->reply_path)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the name of the reply is too long");
    sender->reply =
        open(sender->reply_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, REPLY_MODE);
    return sender->reply < 0 ? reply_failed(scope, sender) : STATUS_OK;
}

static enum status fetch(struct scope *scope, struct sender *sender)
{
    struct https_stream *fetched = &sender->fetched;

    if (!sender->stand.has_reply)
        return STATUS_OK;
    if (sender->reply < 0)
        TRY(open_reply(scope, sender));
    fetched->file = sender->reply;
    fetched->left = INT64_MAX - fetched->offset;
    fetched->moved = was_fetched;
    fetched->context = sender;
    errno = 0;
    if (send_fetch_reply(scope, sender->order->client, &sender->stand, fetched) != STATUS_OK) {
        if (!fetched->failed)
            return failure_text(scope->cause)->status;
        scope_forgive(scope);
        return reply_failed(scope, sender);
    }
    if (ftruncate(sender->reply, fetched->offset) != 0 || fsync(sender->reply) != 0 ||
        rename(sender->reply_path, sender->order->reply) != 0)
        return reply_failed(scope, sender);
    close(sender->reply);
    sender->reply = -1;
    return STATUS_OK;
}

/* --- from state to state ------------------------------------------------------------------------
 */

static bool is_received(const struct sender *sender)
{
    return sender->stand.state == SEND_WAITING || sender->stand.state == SEND_LOADING;
}

static enum status step(struct scope *scope, struct sender *sender)
{
    switch (sender->stand.state) {
    case SEND_UNKNOWN:
        return create(scope, sender);
    case SEND_RECEIVING:
        return receive(scope, sender);
    case SEND_WAITING:
    case SEND_LOADING:
        return wait_for_load(scope, sender);
    case SEND_ASKING:
        return confirm(scope, sender);
    case SEND_REFUSED:
        return begin_anew(scope, sender);
    case SEND_DONE:
        break;
    }
    return fetch(scope, sender);
}

/* One try: from where the service stands to the end. */
static enum status try_once(struct scope *scope, struct sender *sender)
{
    struct send_stand found = {.state = SEND_UNKNOWN};
    bool done = false;

    TRY(send_find(scope, sender->order->client, &sender->stand, &found));
    if (found.state == SEND_UNKNOWN) {
        sender->stand.state = SEND_UNKNOWN;
        sender->stand.offset = 0;
    } else {
        sender->stand = found;
    }
    if (!sender->begun)
        sender->out->found = found.offset;
    sender->out->known = !sender->begun && found.state == SEND_DONE;
    while (!done) {
        if (is_received(sender) && !sender->order->wait)
            return STATUS_OK;
        done = sender->stand.state == SEND_DONE;
        TRY(step(scope, sender));
    }
    return STATUS_OK;
}

/* What passes by itself, or by looking again how the file stands. */
static bool passes(const struct sender *sender, enum cause cause)
{
    static const enum cause again[] = {CAUSE_UPLOAD_LOCKED, CAUSE_UPLOAD_OFFSET,
                                       CAUSE_UPLOAD_COMPLETE, CAUSE_UPLOAD_UNKNOWN,
                                       CAUSE_UPLOAD_LOADING};

    if (sender->over)
        return false;
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++)
        if (again[i] == cause)
            return true;
    return failure_text(cause)->status == STATUS_UNAVAILABLE && cause != CAUSE_FILE_UNAVAILABLE;
}

/* Up to seconds, but not beyond the patience. */
static void rest(const struct sender *sender, const struct scope *failed, int seconds)
{
    const struct send_watch *watch = &sender->order->watch;

    if (watch->again)
        watch->again(watch->context, failed, seconds);
    sleep_for(seconds * 1000);
}

static enum status send_all(struct scope *scope, struct sender *sender)
{
    int pause = PAUSE_FIRST;

    for (;;) {
        CLEANUP(scope_end) struct scope attempt = scope_begin(TRY_MEMORY);
        int64_t moved = sender->moved.microseconds;
        enum status status = try_once(&attempt, sender);
        if (status == STATUS_OK)
            return STATUS_OK;
        if (sender->moved.microseconds > moved)
            pause = PAUSE_FIRST;
        if (!passes(sender, attempt.cause) || out_of_patience(sender))
            return scope_fail(scope, attempt.cause, "%s", attempt.failure);
        rest(sender, &attempt, pause);
        pause = pause < PAUSE_MOST / 2 ? 2 * pause : PAUSE_MOST;
    }
}

enum status send_file(struct scope *scope, const struct send_order *order, struct send_outcome *out)
{
    CLEANUP(sender_drop)
    struct sender sender = {
        .order = order,
        .out = out,
        .file = -1,
        .reply = -1,
        .part = PART_MOST,
    };

    *out = (struct send_outcome){.found = 0};
    TRY(open_file(scope, &sender));
    has_moved(&sender);
    TRY(send_all(scope, &sender));
    out->stand = sender.stand;
    return STATUS_OK;
}
