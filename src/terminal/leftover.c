/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/leftover.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "terminal/publish.h"
#include "terminal/request_name.h"

#define NOTICE_NAME_MAX (REQUEST_NAME_MAX + 16)

/* A name that a terminal gives: the result of the request that has req_ in place of res_. */
static bool is_result(const char *name)
{
    char request[REQUEST_NAME_MAX];
    const char *at = strstr(name, "res_");

    if (!at || strlen(name) >= sizeof request)
        return false;
    snprintf(request, sizeof request, "%s", name);
    request[at - name + 2] = 'q';
    return strcmp(request_name_read(request).result, name) == 0;
}

static enum status write_notice(struct scope *scope, const struct folders *folders,
                                const char *result)
{
    int work = folders->fds[FOLDER_WORK];
    char name[NOTICE_NAME_MAX];
    char part[NOTICE_NAME_MAX + 8];
    struct text notice = {0};
    enum status status = STATUS_OK;

    snprintf(name, sizeof name, "DEL_%s.txt", result);
    snprintf(part, sizeof part, "%s.part", name);
    TRY(text_format(scope, &notice,
                    "%" PRId64 "\r\n%s\r\n"
                    "結果ファイルが取り込まれないまま保存時間を過ぎたため、削除しました。\r\n"
                    "This result was not collected within its stay time and was removed.\r\n",
                    instant_to_japan14(scope->now), result));
    TRY(publish_write(scope, work, part, notice));
    status = publish_place(scope, work, part, folders->fds[FOLDER_RES], name);
    if (status == STATUS_OK)
        return STATUS_OK;
    unlinkat(work, part, 0);
    return status == STATUS_CONFLICT ? STATUS_OK : status; /* an earlier notice says it already */
}

/* The notice comes first: if we are stopped between, the next round removes the result. */
static enum status remove_one(struct scope *scope, const struct folders *folders, const char *name)
{
    TRY(write_notice(scope, folders, name));
    if (unlinkat(folders->fds[FOLDER_RES], name, 0) != 0 && errno != ENOENT)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot remove a result, errno %d", errno);
    return STATUS_OK;
}

/* One look over res/. */
struct round {
    struct scope *scope;
    const struct folders *folders;
    int64_t oldest; /* nanoseconds: what was changed then or before goes */
    size_t removed;
};

static enum status look_at(void *round_, const char *name)
{
    struct round *round = round_;
    struct file_identity identity = {0};

    if (!is_result(name) || !folder_find(round->folders->fds[FOLDER_RES], name, &identity) ||
        identity.changed > round->oldest)
        return STATUS_OK;
    TRY(remove_one(round->scope, round->folders, name));
    round->removed++;
    return STATUS_OK;
}

enum status leftover_remove(struct scope *scope, const struct folders *folders,
                            int64_t stay_seconds, size_t *removed)
{
    int64_t oldest = scope->now.microseconds * 1000 - stay_seconds * 1000000000;
    struct round round = {.scope = scope, .folders = folders, .oldest = oldest};
    enum status status = STATUS_OK;

    status = folder_visit(scope, folders, FOLDER_RES, look_at, &round);
    if (removed)
        *removed = round.removed;
    return status;
}
