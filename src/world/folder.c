/* SPDX-License-Identifier: Apache-2.0 */
#include "world/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define OPEN_FOLDERS 16

/* Folders that hold keys are the owner's only. */
static const struct {
    const char *name;
    mode_t mode;
} folders[] = {
    {"pki", 0700},
    {"pki/institutions", 0700},
    {"pki/insurers", 0700},
    {"cards", 0700},
    {"journal", 0700},
    {"terminal", 0755},
    {"terminal/req", 0755},
    {"terminal/res", 0755},
    {"terminal/face", 0755},
    {"terminal/reader", 0755},
    {"terminal/work", 0755},
    {"samples", 0755},
    {"samples/requests", 0755},
    {"samples/hostile", 0755},
    {"samples/presentations", 0755},
};

/* What a world consists of, at the top; nothing else is ever removed. */
static const char *const entries[] = {
    "store.sqlite",
    "store.sqlite-wal",
    "store.sqlite-shm",
    "store.sqlite-journal",
    "register.sqlite",
    "register.sqlite-journal",
    "register.conf",
    "register.log",
    "pki",
    "cards",
    "journal",
    "spool",
    "terminal",
    "samples",
    "serve.conf",
    "terminal.conf",
    "serve.log",
    "terminal.log",
    "world.json",
};

void folder_path(const struct world_folder *folder, const char *file, char *out)
{
    snprintf(out, FOLDER_PATH_SIZE, "%s/%s", folder->path, file);
}

static bool is_world(const struct world_folder *folder)
{
    char path[FOLDER_PATH_SIZE];

    folder_path(folder, "world.json", path);
    return access(path, F_OK) == 0;
}

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool is_empty(const struct world_folder *folder)
{
    struct dirent **found = NULL;
    int count = scandir(folder->path, &found, is_entry, NULL);

    for (int i = 0; i < count; i++)
        free(found[i]);
    free(found);
    return count == 0;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    remove(path);
    return 0;
}

void folder_remove(const struct world_folder *folder)
{
    char path[FOLDER_PATH_SIZE];

    for (size_t i = 0; i < COUNT(entries); i++) {
        folder_path(folder, entries[i], path);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread only, the working directory stays */
        nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    }
    rmdir(folder->path);
}

static enum status make_folder(struct scope *scope, const char *path, mode_t mode)
{
    if (mkdir(path, mode) != 0 && errno != EEXIST)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot make the folder '%s': errno %d",
                          path, errno);
    return STATUS_OK;
}

static enum status make_folders(struct scope *scope, const struct world_folder *folder)
{
    char path[FOLDER_PATH_SIZE];

    for (size_t i = 0; i < COUNT(folders); i++) {
        folder_path(folder, folders[i].name, path);
        TRY(make_folder(scope, path, folders[i].mode));
    }
    return STATUS_OK;
}

enum status folder_begin(struct scope *scope, const char *directory, bool force,
                         struct world_folder *out)
{
    TRY(make_folder(scope, directory, 0755));
    if (!realpath(directory, out->path))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "no folder '%s'", directory);
    if (is_empty(out))
        return make_folders(scope, out);
    if (!is_world(out))
        return scope_fail(scope, CAUSE_FOLDER_TAKEN,
                          "'%s' is not empty and not a world: nothing is written there", directory);
    if (!force)
        return scope_fail(scope, CAUSE_FOLDER_TAKEN, "'%s' is a world already; --force replaces it",
                          directory);
    folder_remove(out);
    TRY(make_folder(scope, out->path, 0755));
    return make_folders(scope, out);
}

static void descriptor_drop(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

/* Without waiting for the disk: a world that a crash cut short is made again. */
enum status folder_write(struct scope *scope, const struct world_folder *folder, const char *file,
                         struct text content)
{
    char path[FOLDER_PATH_SIZE];
    CLEANUP(descriptor_drop) int descriptor = -1;

    folder_path(folder, file, path);
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    while (descriptor >= 0 && content.size > 0) {
        ssize_t written = write(descriptor, content.bytes, content.size);
        if (written < 0 && errno != EINTR)
            break;
        if (written > 0) {
            content.bytes += written;
            content.size -= (size_t)written;
        }
    }
    if (descriptor < 0 || content.size > 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot write '%s': errno %d", path,
                          errno);
    return STATUS_OK;
}
