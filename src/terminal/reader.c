/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/log.h"
#include "terminal/card_check.h"
#include "terminal/desk.h"
#include "terminal/json_text.h"
#include "terminal/presentation.h"
#include "terminal/publish.h"
#include "terminal/reader_notice.h"
#include "terminal/reader_slot.h"
#include "terminal/steady.h"

#define ENDING ".present"
#define FILE_NAME_SIZE READER_FILE_NAME_SIZE
#define FACE_RANDOM 10 /* bytes, twenty hexadecimal digits in the name */

/* One presentation under way. */
struct session {
    struct reader *reader;
    char name[READER_NAME_MAX + 1];
    bool on_slot; /* the card is the one on the reader's slot */
    bool order;   /* no card: the switch for visual was turned, or was not */
    struct card_check check;
    enum cause cause; /* why there is no answer */
    char face[FILE_NAME_SIZE];
    size_t replaced;
};

/* --- taking the presentation ------------------------------------------------------------------ */

static bool is_name_character(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_';
}

/* Characters before ".present"; 0 where the name is not one. */
static size_t stem(const char *name)
{
    size_t size = 0;

    while (is_name_character(name[size]))
        size++;
    return size <= READER_NAME_MAX && strcmp(name + size, ENDING) == 0 ? size : 0;
}

bool reader_takes(const char *name)
{
    return stem(name) > 0;
}

/* Zeros over the file's bytes, on the disk before its name goes. */
static void overwrite(int file, size_t size)
{
    static const char zeros[PRESENTATION_MAX];

    if (size > sizeof zeros)
        size = sizeof zeros;
    if (pwrite(file, zeros, size, 0) < 0 || fdatasync(file) != 0)
        LOG(WARNING, NULL, "presentation was not overwritten", "errno='%d'", errno);
}

/* Reads the file into bytes (PRESENTATION_MAX + 1 of them), and leaves nothing of it. */
static enum status take_file(struct scope *scope, int folder, const char *name, char *bytes,
                             size_t *size)
{
    CLEANUP(descriptor_drop)
    int file = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status = {0};
    ssize_t got = 0;

    if (file < 0 && errno == ENOENT)
        return STATUS_NOT_FOUND;
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot open a presentation");
    got = read(file, bytes, PRESENTATION_MAX + 1);
    overwrite(file, (size_t)status.st_size);
    if (unlinkat(folder, name, 0) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot delete a presentation, errno %d",
                          errno);
    if (got < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot read a presentation, errno %d",
                          errno);
    *size = (size_t)got;
    return STATUS_OK;
}

static enum status take(struct scope *scope, int folder, const char *name, bool *taken,
                        struct presentation *out)
{
    char bytes[PRESENTATION_MAX + 1];
    size_t size = 0;
    enum status status = take_file(scope, folder, name, bytes, &size);

    *taken = status == STATUS_OK;
    if (status == STATUS_OK)
        status = presentation_read(scope, (struct text){bytes, size}, out);
    explicit_bzero(bytes, sizeof bytes);
    return status;
}

/* --- the face file ---------------------------------------------------------------------------- */

/* OQSsiquc01res_face_<institution, twenty hexadecimal digits>_<time>.xml (oqs-files 1.1). */
static enum status face_name(struct scope *scope, const struct reader *reader,
                             char out[FILE_NAME_SIZE])
{
    unsigned char random[FACE_RANDOM];
    char hex[2 * FACE_RANDOM + 1];

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return scope_fail(scope, CAUSE_INTERNAL, "no random bytes");
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(hex + 2 * i, 3, "%02x", random[i]);
    snprintf(out, FILE_NAME_SIZE, "OQSsiquc01res_face_%s%s_%014" PRId64 ".xml",
             reader->institution.digits, hex, instant_to_japan14(instant_now()));
    return STATUS_OK;
}

static bool has_person(const struct oqs_answer_summary *summary)
{
    return summary->segment == 1 && !text_empty(summary->name);
}

static enum status write_face(struct scope *scope, struct session *session)
{
    const struct reader *reader = session->reader;
    int work = reader->folders->fds[FOLDER_WORK];
    int face = reader->folders->fds[FOLDER_FACE];
    int64_t since = steady_microseconds();
    char name[FILE_NAME_SIZE], part[FILE_NAME_SIZE + 8];
    struct text bytes = {0};

    TRY(face_name(scope, reader, name));
    snprintf(part, sizeof part, "%s.part", name);
    TRY(desk_encode(scope, session->check.answer, reader->encoding, &bytes, &session->replaced));
    TRY(publish_write(scope, work, part, bytes));
    TRY(publish_place(scope, work, part, face, name));
    publish_sync(face);
    memcpy(session->face, name, sizeof session->face);
    session->check.times.file = steady_microseconds() - since;
    return STATUS_OK;
}

/* --- the result ------------------------------------------------------------------------------- */

static const struct {
    const char *ja, *en;
} validity_texts[] = {
    {"", ""},
    {"資格は有効です。", "The coverage is valid."},
    {"資格は無効です(喪失済み)。", "The coverage is not valid: it was lost."},
    {"資格は無効です。新しい資格があります。", "Not valid: there is a newer coverage."},
    {"該当する資格がありません。", "No such coverage is known."},
    {"複数の資格が該当します。", "Several coverages match."},
    {"資格は有効です(未登録)。", "Valid, not registered."},
};

static struct text message_ja(const struct session *session)
{
    const struct oqs_answer_summary *summary = &session->check.summary;

    if (session->cause != CAUSE_NONE)
        return text_of(failure_text(session->cause)->desk_ja);
    if (!text_empty(summary->message))
        return summary->message;
    if (summary->validity >= 1 && summary->validity <= 6)
        return text_of(validity_texts[summary->validity].ja);
    return (struct text){0};
}

static struct text message_en(const struct session *session, const char *code)
{
    const struct oqs_answer_summary *summary = &session->check.summary;

    if (failure_cause(code) != CAUSE_NONE)
        return text_of(failure_text(failure_cause(code))->desk_en);
    if (summary->validity >= 1 && summary->validity <= 6)
        return text_of(validity_texts[summary->validity].en);
    return (struct text){0};
}

static void add_member(struct text_buffer *buffer, const char *name, struct text value)
{
    text_buffer_add_format(buffer, "\"%s\":", name);
    json_text_add(buffer, value);
    text_buffer_add_char(buffer, ',');
}

static void add_times(struct text_buffer *buffer, const struct card_check_times *times)
{
    text_buffer_add_format(buffer,
                           "\"milliseconds\":{\"card\":%.1f,\"challenge\":%.1f,"
                           "\"identify\":%.1f,\"sign\":%.1f,\"service\":%.1f,"
                           "\"file\":%.1f}",
                           (double)times->card / 1000, (double)times->challenge / 1000,
                           (double)times->identify / 1000, (double)times->sign / 1000,
                           (double)times->service / 1000, (double)times->file / 1000);
}

static void add_expiry(struct text_buffer *buffer, struct date expires)
{
    char iso[11];

    if (!date_is(expires))
        return;
    date_write_iso(expires, iso);
    add_member(buffer, "card_expires", text_of(iso));
}

/* R1: the patient may say yes now; presenting again with register = yes registers. */
static bool offers_registration(const struct card_check *check)
{
    return text_is(check->summary.code, failure_text(CAUSE_CARD_NOT_REGISTERED)->code);
}

static void add_switch(struct text_buffer *buffer, struct reader *reader)
{
    const char *staff = visual_switch_staff(&reader->visual, steady_milliseconds());

    text_buffer_add_format(buffer, "\"visual\":\"%s\",", staff ? "on" : "off");
}

/* What stands beside the answer: who compared, the reader's number, the certificate's warning. */
static void add_notices(struct text_buffer *buffer, const struct session *session, enum cause cause)
{
    const struct card_check *check = &session->check;
    char number[16];

    if (check->staff[0])
        add_member(buffer, "staff", text_of(check->staff));
    if (reader_number(cause) != 0) {
        snprintf(number, sizeof number, "%03d", reader_number(cause));
        add_member(buffer, "number", text_of(number));
    }
    if (session->order)
        add_switch(buffer, session->reader);
    if (!reader_warns(&check->warning))
        return;
    text_buffer_add_string(buffer, "\"warning\":");
    reader_warning_add(buffer, &check->warning);
    text_buffer_add_char(buffer, ',');
}

/* No name, no number: the person stands in the face file only. */
static enum status write_json(struct scope *scope, const struct session *session, struct text *out)
{
    const struct card_check *check = &session->check;
    struct text_buffer buffer = text_buffer_begin(scope, 1024);
    struct text code = check->summary.code;
    char *code_string = NULL;

    if (session->cause != CAUSE_NONE)
        code = text_of(failure_text(session->cause)->code);
    TRY(scope_copy(scope, code.bytes, code.size, &code_string));
    text_buffer_add_format(&buffer, "{\"reader\":\"%s\",\"segment\":%d,\"status\":%d,",
                           session->on_slot ? session->reader->slot->ops->name : "emulated",
                           session->cause ? 9 : check->summary.segment,
                           session->cause ? 2 : check->summary.status);
    text_buffer_add_format(&buffer, "\"validity\":%d,",
                           session->cause ? 0 : check->summary.validity);
    add_member(&buffer, "mode", text_of(identity_mode_name(check->mode)));
    add_member(&buffer, "code", code);
    text_buffer_add_string(&buffer, "\"message\":{");
    add_member(&buffer, "ja", message_ja(session));
    text_buffer_add_string(&buffer, "\"en\":");
    json_text_add(&buffer, message_en(session, code_string));
    text_buffer_add_string(&buffer, "},");
    if (offers_registration(check))
        text_buffer_add_string(&buffer, "\"registration_offered\":true,");
    if (session->face[0])
        add_member(&buffer, "face_file", text_of(session->face));
    if (check->tries_left >= 0)
        text_buffer_add_format(&buffer, "\"pin_tries_left\":%d,", check->tries_left);
    add_expiry(&buffer, check->card_expires);
    add_notices(&buffer, session, session->cause ? session->cause : failure_cause(code_string));
    add_times(&buffer, &check->times);
    text_buffer_add_string(&buffer, "}\n");
    return text_buffer_end(&buffer, out);
}

/* reader/NAME.result: whole from the first moment; the last presentation of a name counts. */
static enum status write_result(struct scope *scope, const struct session *session)
{
    const struct folders *folders = session->reader->folders;
    char name[FILE_NAME_SIZE], part[FILE_NAME_SIZE + 8];
    struct text json = {0};

    snprintf(name, sizeof name, "%s.result", session->name);
    snprintf(part, sizeof part, "%s.part", name);
    TRY(write_json(scope, session, &json));
    TRY(publish_write(scope, folders->fds[FOLDER_WORK], part, json));
    if (renameat(folders->fds[FOLDER_WORK], part, folders->fds[FOLDER_READER], name) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot write a result, errno %d", errno);
    return STATUS_OK;
}

/* A result of this name speaks of an earlier card. */
static void remove_old_result(const struct session *session)
{
    char name[FILE_NAME_SIZE];

    snprintf(name, sizeof name, "%s.result", session->name);
    unlinkat(session->reader->folders->fds[FOLDER_READER], name, 0);
}

/* --- the sequence ----------------------------------------------------------------------------- */

static enum status check(struct scope *scope, struct session *session,
                         struct presentation *presentation)
{
    TRY(card_check(scope, session->reader, presentation, &session->check));
    if (!has_person(&session->check.summary))
        return STATUS_OK;
    TRY(write_face(scope, session));
    return STATUS_OK;
}

static void log_result(const struct scope *scope, const struct session *session)
{
    LOG(INFO, scope, "card presented",
        "mode='%s' segment='%d' validity='%d' code='%.*s' replaced='%zu' milliseconds='%lld'",
        identity_mode_name(session->check.mode), session->check.summary.segment,
        session->check.summary.validity, TEXT_ARGS(session->check.summary.code), session->replaced,
        (long long)(instant_now().microseconds - scope->now.microseconds) / 1000);
}

/* --- touches ---------------------------------------------------------------------------------- */

static void touch_first(struct reader *reader)
{
    publish_touch(reader->folders->fds[FOLDER_FACE], reader->touches[0].name);
    reader->touch_count--;
    memmove(reader->touches, reader->touches + 1, reader->touch_count * sizeof *reader->touches);
}

static void touch_later(struct reader *reader, const char *face)
{
    struct reader_touch *touch = NULL;

    if (reader->touch_count == READER_TOUCHES_MAX)
        touch_first(reader);
    touch = &reader->touches[reader->touch_count++];
    snprintf(touch->name, sizeof touch->name, "%s", face);
    touch->due = steady_milliseconds() + PUBLISH_TOUCH_MILLISECONDS;
}

int64_t reader_touch_due(struct reader *reader, int64_t otherwise)
{
    int64_t now = steady_milliseconds();

    while (reader->touch_count > 0 && reader->touches[0].due <= now)
        touch_first(reader);
    if (reader->touch_count == 0 || reader->touches[0].due - now > otherwise)
        return otherwise;
    return reader->touches[0].due - now;
}

/* --- the screens ------------------------------------------------------------------------------ */

void reader_show(struct reader *reader)
{
    struct reader_board_state *shown = &reader->shown;
    const char *staff = visual_switch_staff(&reader->visual, steady_milliseconds());
    struct card_slot_state slot = {.reachable = false};

    if (!reader->board)
        return;
    if (reader->slot)
        slot = reader->slot->ops->state(reader->slot);
    shown->slot = reader->slot != NULL;
    shown->reachable = slot.reachable;
    shown->occupied = slot.occupied;
    shown->visual_until = staff ? reader->visual.until : 0;
    snprintf(shown->visual_staff, sizeof shown->visual_staff, "%s", staff ? staff : "");
    reader_board_write(reader->board, shown);
}

/* What came of the last card; refusals of the service have their code in the answer. */
static void show_last(struct scope *scope, const struct session *session)
{
    struct reader *reader = session->reader;
    struct text code = session->check.summary.code;
    char *string = NULL;

    if (session->order)
        return;
    reader->shown.presented++;
    reader->shown.warning = session->check.warning;
    reader->shown.last = session->cause;
    if (session->cause == CAUSE_NONE && !text_empty(code) &&
        scope_copy(scope, code.bytes, code.size, &string) == STATUS_OK)
        reader->shown.last = failure_cause(string);
    reader_show(reader);
}

/* --- presenting ------------------------------------------------------------------------------- */

/* Writes what came of it. */
static void settle(struct scope *scope, struct session *session, enum status status)
{
    if (status == STATUS_OK)
        log_result(scope, session);
    else
        log_failure(scope, "card presented");
    session->cause = scope->cause;
    scope_forgive(scope);
    if (write_result(scope, session) != STATUS_OK)
        log_failure(scope, "reader result");
    show_last(scope, session);
    if (session->face[0])
        touch_later(session->reader, session->face);
}

static struct session session_of(struct reader *reader, const char *name, size_t size)
{
    struct session session = {.reader = reader, .check = {.tries_left = -1}};

    memcpy(session.name, name, size);
    return session;
}

void reader_answer(struct reader *reader, const char *name, struct presentation *presentation)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_SCOPE_LIMIT);
    struct session session = session_of(reader, name, strnlen(name, READER_NAME_MAX));
    enum status status = STATUS_OK;
    uint64_t arrival = 0;

    session.on_slot = reader_slot_takes(reader, presentation);
    if (session.on_slot)
        arrival = reader->slot->ops->state(reader->slot).arrival;
    status = check(&scope, &session, presentation);
    presentation_wipe(presentation);
    if (session.on_slot && status == STATUS_OK)
        reader->answered = arrival;
    settle(&scope, &session, status);
}

void reader_refuse(struct reader *reader, const char *name, enum cause cause, const char *detail)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_SCOPE_LIMIT);
    struct session session = session_of(reader, name, strnlen(name, READER_NAME_MAX));

    session.on_slot = reader->slot != NULL;
    settle(&scope, &session, scope_fail(&scope, cause, "%s", detail));
}

/* 目視への切替: the folder's owner is the administrator; a password, where one is set, besides. */
static enum status turn_switch(struct scope *scope, struct reader *reader,
                               const struct presentation *order)
{
    int64_t now = steady_milliseconds();
    int64_t time =
        order->minutes > 0 ? (int64_t)order->minutes * 60000 : reader->visual_milliseconds;
    bool on = order->order == VISUAL_ORDER_ON;

    if (on && reader->visual_password.set)
        TRY(visual_password_check(scope, &reader->visual_password, text_of(order->password), now));
    if (!on)
        visual_switch_off(&reader->visual);
    else if (!visual_switch_on(&reader->visual, order->staff, now, time))
        return scope_fail(scope, CAUSE_INTERNAL, "E2: the switch takes no such time");
    LOG(INFO, scope, "visual switch", "on='%d' staff='%s'", on, order->staff);
    reader_show(reader);
    return STATUS_OK;
}

static void obey(struct reader *reader, const char *name, const struct presentation *order)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_SCOPE_LIMIT);
    struct session session = session_of(reader, name, strnlen(name, READER_NAME_MAX));
    enum status status = STATUS_OK;

    session.order = true;
    snprintf(session.check.staff, sizeof session.check.staff, "%s", order->staff);
    status = turn_switch(&scope, reader, order);
    settle(&scope, &session, status);
}

void reader_present(struct reader *reader, const char *name)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_SCOPE_LIMIT);
    struct session session = session_of(reader, name, stem(name));
    struct presentation presentation = {0};
    bool taken = false;
    enum status status =
        take(&scope, reader->folders->fds[FOLDER_READER], name, &taken, &presentation);

    if (status == STATUS_NOT_FOUND)
        return;
    if (taken)
        remove_old_result(&session);
    else
        (void)folder_find(reader->folders->fds[FOLDER_READER], name, &reader->refused);
    if (status != STATUS_OK)
        settle(&scope, &session, status);
    else if (presentation.order)
        obey(reader, session.name, &presentation);
    else if (reader_slot_takes(reader, &presentation))
        reader_slot_wait(reader, session.name, &presentation);
    else
        reader_answer(reader, session.name, &presentation);
    presentation_wipe(&presentation);
}

/* One look over reader/. */
struct round {
    struct reader *reader;
    int64_t youngest; /* microseconds: what was changed later may still be written */
};

static enum status look_at(void *round_, const char *name)
{
    const struct round *round = round_;
    struct file_identity identity = {0};

    if (reader_takes(name) &&
        folder_find(round->reader->folders->fds[FOLDER_READER], name, &identity) &&
        identity.changed / 1000 <= round->youngest &&
        !file_identity_equal(identity, round->reader->refused))
        reader_present(round->reader, name);
    return STATUS_OK;
}

void reader_scan(struct reader *reader, int64_t age)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1024);
    struct round round = {reader, instant_now().microseconds - age * 1000};

    if (folder_visit(&scope, reader->folders, FOLDER_READER, look_at, &round) != STATUS_OK)
        log_failure(&scope, "presentations are not seen");
}
