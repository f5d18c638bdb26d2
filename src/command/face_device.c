/* SPDX-License-Identifier: Apache-2.0
 *
 * face_device.c - shikaku face-device: a played face device for tests and demonstrations. It has no
 * camera and compares nothing; it says what its operator told it to say.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "command/command.h"
#include "command/daemon.h"
#include "terminal/face_message.h"
#include "terminal/face_played.h"

#define SESSION_LIMIT (64UL * 1024)

struct settings {
    const char *socket, *script, *says;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"socket", OPTION_TEXT, "PATH", NULL, 0, 0, "Unix socket to listen on.",
     "待ち受けるUnixソケット。", AT(socket), true},
    {"says", OPTION_TEXT, "WORD", "match", 0, 0,
     "Its answer to every comparison: match, no-match, no-face, broken, slow or gone.",
     "照合への応答(match、no-match、no-face、broken、slow、gone)。", AT(says), false},
    {"script", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Answers, a line each: question: answer; read anew for each card.",
     "応答の台本(「質問: 応答」の行。カードごとに読み直す)。", AT(script), false},
};

static void descriptor_close(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* What it says without a script. */
static enum status default_script(struct scope *scope, const char *says, struct text *out)
{
    static const char *const results[] = {"match", "no-match", "no-face", "broken"};

    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (strcmp(says, results[i]) == 0)
            return text_format(scope, out,
                               "identify: pick mode=face\nidentify: cancel\n"
                               "compare: face result=%s\nconsent: consented items=none\n",
                               says);
    if (strcmp(says, "slow") == 0 || strcmp(says, "gone") == 0)
        return text_format(scope, out, "identify: pick mode=face\ncompare: %s\n", says);
    return scope_fail(scope, CAUSE_USAGE, "--says: match, no-match, no-face, broken, slow or gone");
}

static enum status open_script(struct scope *scope, const struct settings *settings,
                               struct face_played *out)
{
    struct text script = {0};

    if (settings->script)
        TRY(file_read(scope, settings->script, FACE_SCRIPT_MAX, &script));
    else
        TRY(default_script(scope, settings->says, &script));
    return face_played_read(scope, script, out);
}

static enum status open_socket(struct scope *scope, const char *path, int *out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat status = {0};
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *out = descriptor;
    if (descriptor < 0 || strlen(path) >= sizeof address.sun_path)
        return scope_fail(scope, CAUSE_USAGE, "--socket: the path is too long");
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode))
        unlink(path); /* of one that was killed */
    umask(0077);
    if (bind(descriptor, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(descriptor, 4) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot listen on '%s', errno %d", path,
                          errno);
    return STATUS_OK;
}

/* One line of the terminal at most, without its end; false at the end of the connection. */
static bool read_question(int peer, int stop, char line[FACE_LINE_MAX])
{
    size_t size = 0;

    while (size < FACE_LINE_MAX - 1) {
        struct pollfd polled[] = {{peer, POLLIN, 0}, {stop, POLLIN, 0}};
        poll(polled, 2, -1);
        if (polled[1].revents & POLLIN || read(peer, line + size, 1) != 1)
            return false;
        if (line[size] == '\n') {
            line[size] = '\0';
            return true;
        }
        size++;
    }
    return false;
}

/* The answer with the question's session put in behind its word. False where there is none. */
static bool answer(int peer, struct text question, const char *session, struct text said)
{
    char line[FACE_LINE_MAX];
    size_t word = said.size;
    const char *blank = memchr(said.bytes ? said.bytes : "", ' ', said.size);
    int size = 0;

    if (blank)
        word = (size_t)(blank - said.bytes);
    if (text_is(question, "hello"))
        size = snprintf(line, sizeof line, "hello version=%d\n", FACE_VERSION);
    else
        size = snprintf(line, sizeof line, "%.*s %.*s%.*s\n", (int)word, said.bytes,
                        (int)strcspn(session, " "), session, (int)(said.size - word),
                        said.bytes + word);
    bool sent = size > 0 && (size_t)size < sizeof line &&
                send(peer, line, (size_t)size, MSG_NOSIGNAL) == (ssize_t)size;
    explicit_bzero(line, sizeof line);
    return sent;
}

static void serve_card(const struct settings *settings, int peer, int stop)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SESSION_LIMIT);
    struct face_played played = {.count = 0};
    char line[FACE_LINE_MAX];

    if (open_script(&scope, settings, &played) != STATUS_OK) {
        log_failure(&scope, "script");
        return;
    }
    while (read_question(peer, stop, line)) {
        struct text question = {line, strcspn(line, " ")};
        struct text said = face_played_answer(&played, question);
        const char *session = line[question.size] ? line + question.size + 1 : "";
        printf("asked %s\n", line);
        fflush(stdout);
        if (text_is(question, "end") || text_is(said, "gone"))
            return;
        if (text_is(said, "slow"))
            continue;
        if (text_is(question, "hello") || !text_empty(said))
            if (!answer(peer, question, session, said))
                return;
    }
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    static const int taken[] = {SIGTERM, SIGINT, 0};
    const struct settings *settings = settings_;
    const sigset_t set = daemon_block_signals(taken);
    CLEANUP(descriptor_close) int stop = signalfd(-1, &set, SFD_CLOEXEC);
    CLEANUP(descriptor_close) int listener = -1;
    struct face_played played = {.count = 0};

    (void)words;
    (void)argv;
    if (open_script(scope, settings, &played) != STATUS_OK ||
        open_socket(scope, settings->socket, &listener) != STATUS_OK)
        return -1;
    printf("ready %s (played: compares nothing / 模擬: 照合はしません)\n", settings->socket);
    fflush(stdout);
    for (;;) {
        struct pollfd polled[] = {{stop, POLLIN, 0}, {listener, POLLIN, 0}};
        CLEANUP(descriptor_close) int peer = -1;
        poll(polled, 2, -1);
        if (polled[0].revents & POLLIN)
            break;
        peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (peer >= 0)
            serve_card(settings, peer, stop);
    }
    unlink(settings->socket);
    return 0;
}

static const char *const examples[] = {
    "shikaku face-device --socket /run/shikaku/face --says no-match",
    "finds nobody, so that the way to PIN and visual can be tried", NULL};

const struct command command_face_device = {
    .name = "face-device",
    .arguments = "",
    .summary_en = "Plays a face device that compares nothing: it says what it is told to say.",
    .summary_ja = "顔認証装置を演じる(照合はせず、指示された応答を返す)。",
    .description =
        "For tests and demonstrations of the terminal's face-device. There is no camera and no\n"
        "comparison: each answer comes from --says, or from a script of lines question: answer.\n"
        "Questions are identify, compare, pin, warn, look and consent; answers stand in\n"
        "docs/face-device.md. Prints what it is asked. Never use it where patients are.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
