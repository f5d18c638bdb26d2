/* SPDX-License-Identifier: Apache-2.0 */
#include "command/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "/proc/self/exe"
#define ARGUMENTS_MAX 32
#define READY_MILLISECONDS 10000
#define STOP_MILLISECONDS 15000

/* Never returns. argv[0] is the program's name; the rest are the arguments. */
static void become(const char *const *arguments)
{
    char *argv[ARGUMENTS_MAX + 2] = {0};
    char name[] = "shikaku";
    int count = 0;

    argv[count++] = name;
    for (size_t i = 0; arguments[i] && count <= ARGUMENTS_MAX; i++)
        argv[count++] = strdup(arguments[i]);
    execv(PROGRAM, argv);
    _exit(3);
}

/* In the child: its output goes to the pipe and the log; it ends when its parent does. */
static void settle(int out, const char *log_path)
{
    int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setpgid(0, 0); /* Ctrl-C is for the demo, which stops its children in order */
    if (log < 0 || dup2(log, STDERR_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
        _exit(3);
}

/* Reads up to the first newline. False where the other end closes or time runs out. */
static bool read_ready(int from, char *line, size_t size)
{
    size_t used = 0;

    while (used + 1 < size) {
        struct pollfd wait = {.fd = from, .events = POLLIN};
        if (poll(&wait, 1, READY_MILLISECONDS) <= 0 || read(from, line + used, 1) != 1)
            return false;
        if (line[used] == '\n') {
            line[used] = '\0';
            return strncmp(line, "ready", 5) == 0;
        }
        used++;
    }
    return false;
}

enum status child_start(struct scope *scope, const char *const *arguments, const char *log_path,
                        struct child *out)
{
    struct child child = {0};
    int ends[2];
    bool ready = false;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "pipe: errno %d", errno);
    child.pid = fork();
    if (child.pid == 0) {
        settle(ends[1], log_path);
        become(arguments);
    }
    close(ends[1]);
    if (child.pid > 0)
        ready = read_ready(ends[0], child.ready, sizeof child.ready);
    close(ends[0]);
    if (!ready) {
        child_stop(&child);
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE,
                          "'shikaku %s' did not start; see its log '%s'", arguments[0], log_path);
    }
    *out = child;
    return STATUS_OK;
}

int child_run(const char *const *arguments)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        become(arguments);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return 3;
    return WEXITSTATUS(status);
}

bool child_alive(struct child *child)
{
    if (child->pid > 0 && waitpid(child->pid, NULL, WNOHANG) != 0)
        child->pid = 0;
    return child->pid > 0;
}

void child_stop(struct child *child)
{
    const struct timespec pause = {.tv_nsec = 20000000};

    if (child->pid <= 0)
        return;
    kill(child->pid, SIGTERM);
    for (int waited = 0; waited < STOP_MILLISECONDS && child_alive(child); waited += 20)
        nanosleep(&pause, NULL);
    if (child->pid > 0) {
        kill(child->pid, SIGKILL);
        waitpid(child->pid, NULL, 0);
    }
    child->pid = 0;
}
