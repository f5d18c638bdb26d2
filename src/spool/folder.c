/* SPDX-License-Identifier: Apache-2.0
 *
 * folder.c - the spool folder: ID.data, ID.reply and ID.note of each file, and what is found at the
 * start. A note makes a file; parts without one are removed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/log.h"
#include "spool/spool_parts.h"

#define NOTE_MAX ((size_t)4096)
#define NOTE_MODE 0600

static const char *const suffixes[] = {
    [SPOOL_DATA] = ".data",
    [SPOOL_REPLY] = ".reply",
    [SPOOL_NOTE] = ".note",
    [SPOOL_NOTE_NEW] = ".note-new",
};
#define SUFFIX_COUNT (sizeof suffixes / sizeof suffixes[0])

void spool_part_name(const char *id, enum spool_part_kind kind, char out[SPOOL_PART_NAME])
{
    snprintf(out, SPOOL_PART_NAME, "%.*s%s", SPOOL_ID_SIZE - 1, id, suffixes[kind]);
}

void spool_remove_part(const struct spool *spool, const char *id, enum spool_part_kind kind)
{
    char name[SPOOL_PART_NAME];

    spool_part_name(id, kind, name);
    unlinkat(spool->folder, name, 0);
}

static void descriptor_drop(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

enum status spool_write_note(struct scope *scope, const struct spool *spool,
                             const struct spool_entry *entry)
{
    CLEANUP(descriptor_drop) int file = -1;
    char fresh[SPOOL_PART_NAME], name[SPOOL_PART_NAME];
    struct text note = {0};

    TRY(spool_note_write(scope, entry, &note));
    spool_part_name(entry->id, SPOOL_NOTE_NEW, fresh);
    spool_part_name(entry->id, SPOOL_NOTE, name);
    file = openat(spool->folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                  NOTE_MODE);
    if (file < 0 || write(file, note.bytes, note.size) != (ssize_t)note.size || fsync(file) != 0 ||
        renameat(spool->folder, fresh, spool->folder, name) != 0 || fsync(spool->folder) != 0) {
        int problem = errno;
        unlinkat(spool->folder, fresh, 0);
        return scope_fail(scope, CAUSE_SPOOL_UNAVAILABLE, "a note cannot be written: %s",
                          strerrordesc_np(problem));
    }
    return STATUS_OK;
}

/* --- at the start -------------------------------------------------------------------------------
 */

/* Whose part a name is: its id; false for a name that is not ours. */
static bool read_name(const char *name, char id[SPOOL_ID_SIZE], enum spool_part_kind *kind)
{
    unsigned char bytes[(SPOOL_ID_SIZE - 1) / 2];

    if (strlen(name) < SPOOL_ID_SIZE ||
        !hex_read((struct text){name, SPOOL_ID_SIZE - 1}, bytes, sizeof bytes))
        return false;
    memcpy(id, name, SPOOL_ID_SIZE - 1);
    id[SPOOL_ID_SIZE - 1] = '\0';
    for (size_t i = 0; i < SUFFIX_COUNT; i++)
        if (strcmp(name + SPOOL_ID_SIZE - 1, suffixes[i]) == 0) {
            *kind = (enum spool_part_kind)i;
            return true;
        }
    return false;
}

static bool read_note(const struct spool *spool, const char *name, struct spool_entry *out)
{
    CLEANUP(descriptor_drop)
    int file = openat(spool->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char bytes[NOTE_MAX];
    ssize_t got = file >= 0 ? read(file, bytes, sizeof bytes) : -1;

    return got > 0 && spool_note_read((struct text){bytes, (size_t)got}, out);
}

/* Size and time of a part, zeros where it is not there. */
static struct stat part_stat(const struct spool *spool, const char *id, enum spool_part_kind kind)
{
    char name[SPOOL_PART_NAME];
    struct stat about = {0};

    spool_part_name(id, kind, name);
    if (fstatat(spool->folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
        return (struct stat){0};
    return about;
}

/* How a file stands after whoever had the folder before is gone. */
static void settle(const struct spool *spool, struct spool_entry *entry)
{
    bool over = entry->state == SPOOL_DONE || entry->state == SPOOL_REFUSED;
    const struct stat data = part_stat(spool, entry->id, SPOOL_DATA);
    int64_t touched = (int64_t)data.st_mtime * 1000000;

    entry->offset = over || data.st_size > entry->length ? entry->length : data.st_size;
    if (!over && touched > entry->changed.microseconds)
        entry->changed.microseconds = touched;
    if (over)
        spool_remove_part(spool, entry->id, SPOOL_DATA);
    else if (entry->offset < entry->length)
        entry->state = SPOOL_RECEIVING;
    else if (entry->state != SPOOL_ASKING)
        entry->state = SPOOL_WAITING;
    entry->rows_done = entry->state == SPOOL_DONE ? entry->rows : 0;
    entry->reply_size =
        entry->state == SPOOL_DONE ? part_stat(spool, entry->id, SPOOL_REPLY).st_size : 0;
}

static enum status take_note(struct scope *scope, struct spool *spool, const char *name,
                             const char *id)
{
    struct spool_entry entry = {.state = 0};

    if (!read_note(spool, name, &entry) || strcmp(entry.id, id) != 0) {
        LOG(WARNING, scope, "spool: a note is no note", "file='%s'", name);
        return STATUS_OK; /* left where it is: somebody must look */
    }
    settle(spool, &entry);
    if (!spool_add(spool, &entry))
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the spool's files");
    return STATUS_OK;
}

static bool has_note(const struct spool *spool, const char *id)
{
    char name[SPOOL_PART_NAME];

    spool_part_name(id, SPOOL_NOTE, name);
    return faccessat(spool->folder, name, F_OK, 0) == 0;
}

static enum status take_part(struct scope *scope, struct spool *spool, const char *name)
{
    char id[SPOOL_ID_SIZE];
    enum spool_part_kind kind = SPOOL_DATA;

    if (!read_name(name, id, &kind))
        return STATUS_OK; /* not ours */
    if (kind == SPOOL_NOTE)
        return take_note(scope, spool, name, id);
    if (kind == SPOOL_NOTE_NEW || !has_note(spool, id))
        spool_remove_part(spool, id, kind);
    return STATUS_OK;
}

static void folder_drop(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

enum status spool_scan(struct scope *scope, struct spool *spool)
{
    CLEANUP(folder_drop) DIR *folder = opendir(spool->options.directory);

    if (!folder)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot read the spool folder");
    for (;;) {
        const struct dirent *entry = NULL;
        errno = 0;
        entry = readdir(folder); /* NOLINT(concurrency-mt-unsafe): the stream is ours */
        if (!entry)
            break;
        TRY(take_part(scope, spool, entry->d_name));
    }
    return errno == 0 ? STATUS_OK
                      : scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot read the spool folder");
}
