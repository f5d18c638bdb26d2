/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/claim.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal/publish.h"

#define WORK_NAME_MAX (REQUEST_NAME_MAX + 64)

static void after(claim_step step, int number)
{
    if (step)
        step(number);
}

/* "R.inode-size-changed.ending", the numbers in hexadecimal. */
static void work_name(const struct claim *claim, const char *ending, char out[WORK_NAME_MAX])
{
    snprintf(out, WORK_NAME_MAX, "%s.%" PRIx64 "-%" PRIx64 "-%" PRIx64 ".%s", claim->request,
             claim->identity.inode, claim->identity.size, (uint64_t)claim->identity.changed,
             ending);
}

/* Up to sixteen hexadecimal digits and the byte behind them; NULL where that is not so. */
static const char *read_hexadecimal(const char *at, char behind, uint64_t *out)
{
    char *end = NULL;

    if (!isxdigit((unsigned char)*at))
        return NULL;
    *out = strtoull(at, &end, 16);
    return end - at <= 16 && *end == behind ? end + 1 : NULL;
}

/* Reads ".inode-size-changed.ending". */
static bool identity_read(const char *at, struct file_identity *out, const char **ending)
{
    uint64_t changed = 0;

    at = read_hexadecimal(at + 1, '-', &out->inode);
    if (at)
        at = read_hexadecimal(at, '-', &out->size);
    if (at)
        at = read_hexadecimal(at, '.', &changed);
    out->changed = (int64_t)changed;
    *ending = at;
    return at != NULL;
}

/* Reads a name that work_name() wrote. */
static bool work_name_read(const char *name, struct claim *out, const char **ending)
{
    const char *dot = strcasestr(name, ".xml.");
    size_t size = dot ? (size_t)(dot - name) + 4 : 0;

    *out = (struct claim){0};
    if (size == 0 || size >= sizeof out->request ||
        !identity_read(name + size, &out->identity, ending))
        return false;
    memcpy(out->request, name, size);
    const struct request_name request = request_name_read(out->request);
    memcpy(out->result, request.result, sizeof out->result);
    return request.result[0] != '\0';
}

static enum status make_claim(struct scope *scope, const struct folders *folders,
                              const struct claim *claim)
{
    char name[WORK_NAME_MAX];
    CLEANUP(descriptor_drop) int file = -1;

    work_name(claim, "claim", name);
    file =
        openat(folders->fds[FOLDER_WORK], name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot make a claim, errno %d", errno);
    publish_sync(folders->fds[FOLDER_WORK]);
    return STATUS_OK;
}

enum status claim_answer(struct scope *scope, const struct folders *folders,
                         const struct claim *claim, struct text answer, claim_step step)
{
    int work = folders->fds[FOLDER_WORK];
    char part[WORK_NAME_MAX], whole[WORK_NAME_MAX];

    work_name(claim, "part", part);
    work_name(claim, "answer", whole);
    TRY(publish_write(scope, work, part, answer));
    after(step, 1);
    if (renameat(work, part, work, whole) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot rename an answer, errno %d",
                          errno);
    after(step, 2);
    TRY(make_claim(scope, folders, claim));
    after(step, 3);
    return STATUS_OK;
}

static bool request_is_the_same(const struct folders *folders, const struct claim *claim)
{
    struct file_identity now = {0};

    return folder_find(folders->fds[FOLDER_REQ], claim->request, &now) &&
           file_identity_equal(now, claim->identity);
}

/* The claim first: alone it would mean that the answer went out. */
static void drop_answer(const struct folders *folders, const struct claim *claim)
{
    char name[WORK_NAME_MAX];

    work_name(claim, "claim", name);
    unlinkat(folders->fds[FOLDER_WORK], name, 0);
    work_name(claim, "answer", name);
    unlinkat(folders->fds[FOLDER_WORK], name, 0);
}

/* A request that came under the same name meanwhile stays: it is answered in its turn. */
static enum status remove_request(struct scope *scope, const struct folders *folders,
                                  const struct claim *claim, claim_step step)
{
    if (!request_is_the_same(folders, claim))
        return STATUS_OK;
    if (unlinkat(folders->fds[FOLDER_REQ], claim->request, 0) != 0 && errno != ENOENT)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot remove a request, errno %d",
                          errno);
    after(step, 5);
    return STATUS_OK;
}

enum status claim_place(struct scope *scope, const struct folders *folders,
                        const struct claim *claim, claim_step step)
{
    char answer[WORK_NAME_MAX];

    if (!request_is_the_same(folders, claim)) {
        drop_answer(folders, claim);
        return STATUS_NOT_FOUND;
    }
    work_name(claim, "answer", answer);
    TRY(make_claim(scope, folders, claim)); /* a recovered answer may lack it */
    TRY(publish_place(scope, folders->fds[FOLDER_WORK], answer, folders->fds[FOLDER_RES],
                      claim->result));
    publish_sync(folders->fds[FOLDER_RES]);
    after(step, 4);
    if (remove_request(scope, folders, claim, step) != STATUS_OK)
        scope_forgive(scope); /* claim_finish() tries again */
    return STATUS_OK;
}

enum status claim_finish(struct scope *scope, const struct folders *folders,
                         const struct claim *claim, claim_step step)
{
    char name[WORK_NAME_MAX];

    TRY(remove_request(scope, folders, claim, step));
    publish_touch(folders->fds[FOLDER_RES], claim->result);
    after(step, 6);
    work_name(claim, "claim", name);
    unlinkat(folders->fds[FOLDER_WORK], name, 0);
    after(step, 7);
    return STATUS_OK;
}

static bool exists_in_work(const struct folders *folders, const struct claim *claim,
                           const char *ending)
{
    char name[WORK_NAME_MAX];
    struct file_identity identity = {0};

    work_name(claim, ending, name);
    return folder_find(folders->fds[FOLDER_WORK], name, &identity);
}

static bool ends_with_part(const char *name)
{
    size_t size = strlen(name);

    return size > 5 && strcmp(name + size - 5, ".part") == 0;
}

/* One look over work/. */
struct recovery {
    const struct folders *folders;
    claim_found found;
    void *context;
};

static enum status recover_one(void *recovery_, const char *name)
{
    const struct recovery *recovery = recovery_;
    struct claim claim = {0};
    const char *ending = "";

    if (ends_with_part(name))
        unlinkat(recovery->folders->fds[FOLDER_WORK], name, 0);
    else if (!work_name_read(name, &claim, &ending))
        return STATUS_OK;
    else if (strcmp(ending, "answer") == 0)
        recovery->found(recovery->context, &claim, CLAIM_ANSWERED);
    else if (strcmp(ending, "claim") == 0 && !exists_in_work(recovery->folders, &claim, "answer"))
        recovery->found(recovery->context, &claim, CLAIM_PLACED);
    return STATUS_OK;
}

enum status claim_recover(struct scope *scope, const struct folders *folders, claim_found found,
                          void *context)
{
    struct recovery recovery = {folders, found, context};

    return folder_visit(scope, folders, FOLDER_WORK, recover_one, &recovery);
}
