/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/reject.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "terminal/publish.h"

#define TRIES_MAX 1000
#define PATH_SIZE (REQUEST_NAME_MAX + 32)

static enum status note_text(struct scope *scope, const char *name, enum name_fault fault,
                             struct text *out)
{
    const struct failure_text *text = failure_text(CAUSE_FILE_NAME_WRONG);

    return text_format(scope, out, "%" PRId64 " %s\r\n%s\r\n%s\r\n%s\r\n\r\n%s\r\n%s\r\n",
                       instant_to_japan14(scope->now), text->code, name, text->desk_ja,
                       name_fault_ja(fault), text->desk_en, name_fault_en(fault));
}

/* The name in rejected/ at the n-th try; false where it would be too long for a note beside it. */
static bool rejected_name(const char *name, int number, char out[PATH_SIZE])
{
    int size = number == 1 ? snprintf(out, PATH_SIZE, "%s", name)
                           : snprintf(out, PATH_SIZE, "%s.%d", name, number);

    return size > 0 && size <= REQUEST_NAME_MAX - 6;
}

/* Moves the file, then writes the note: a file without a note is better than a note without file.
 */
static enum status reject_as(struct scope *scope, const struct folders *folders, const char *from,
                             const char *to, struct text note)
{
    char note_name[PATH_SIZE + 8];

    TRY(publish_place(scope, folders->fds[FOLDER_REQ], from, folders->fds[FOLDER_REJECTED], to));
    snprintf(note_name, sizeof note_name, "%s.txt", to);
    return publish_write(scope, folders->fds[FOLDER_REJECTED], note_name, note);
}

enum status reject_request(struct scope *scope, const struct folders *folders, const char *name,
                           enum name_fault fault)
{
    struct text note = {0};

    TRY(note_text(scope, name, fault, &note));
    for (int number = 1; number <= TRIES_MAX; number++) {
        char to[PATH_SIZE];
        enum status status = STATUS_OK;
        if (!rejected_name(name, number, to))
            snprintf(to, sizeof to, "%.100s.%d", name, number);
        status = reject_as(scope, folders, name, to, note);
        if (status == STATUS_NOT_FOUND)
            return STATUS_OK;
        if (status != STATUS_CONFLICT)
            return status;
    }
    return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "rejected/ has %d files of one name",
                      TRIES_MAX);
}
