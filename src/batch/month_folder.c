/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/month_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define INDEX_NAME "index.csv"
#define INDEX_HEADER "insurer,file,rows,sha256\n"
#define INDEX_LINE_MAX 160
#define INDEX_MAX (16UL * 1024 * 1024)
#define FILE_PATH_SIZE (MONTH_PATH_SIZE + 300)

static enum status fail_file(struct scope *scope, const char *what)
{
    return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "%s: %s", what, strerrordesc_np(errno));
}

/* --- parts ------------------------------------------------------------------------------------ */

/* A folder with files only; one that is not there is removed already. */
static bool remove_folder(const char *path)
{
    DIR *listing = opendir(path);
    const struct dirent *entry = NULL;
    bool removed = true;

    if (!listing)
        return errno == ENOENT;
    while ((entry = readdir(listing)) != NULL) /* NOLINT(concurrency-mt-unsafe): ours alone */
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            removed = unlinkat(dirfd(listing), entry->d_name, 0) == 0 && removed;
    closedir(listing);
    return rmdir(path) == 0 && removed;
}

static bool name_paths(const char *out, const char *name, struct month_folder *folder)
{
    int size = snprintf(folder->part, sizeof folder->part, "%s/.%s.part", out, name);

    snprintf(folder->whole, sizeof folder->whole, "%s/%s", out, name);
    snprintf(folder->lock_path, sizeof folder->lock_path, "%s/.month-end.lock", out);
    return size > 0 && (size_t)size + 8 < sizeof folder->part;
}

enum status month_folder_begin(struct scope *scope, const char *out, struct date month,
                               struct month_folder *folder)
{
    char name[32];

    snprintf(name, sizeof name, "%04d-%02d", date_year(month), date_month(month));
    return month_folder_begin_named(scope, out, name, folder);
}

enum status month_folder_begin_named(struct scope *scope, const char *out, const char *name,
                                     struct month_folder *folder)
{
    folder->lock = -1;
    if (!name_paths(out, name, folder))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the folder's name is too long");
    if (mkdir(out, 0750) != 0 && errno != EEXIST)
        return fail_file(scope, out);
    folder->lock = open(folder->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (folder->lock < 0)
        return fail_file(scope, folder->lock_path);
    if (flock(folder->lock, LOCK_EX | LOCK_NB) != 0) {
        close(folder->lock);
        folder->lock = -1;
        return scope_fail(scope, CAUSE_MONTH_END_RUNS, "'%s' is locked", folder->lock_path);
    }
    if (!remove_folder(folder->part) || mkdir(folder->part, 0750) != 0)
        return fail_file(scope, folder->part);
    return STATUS_OK;
}

void month_folder_end(struct month_folder *folder)
{
    if (folder->lock < 0)
        return;
    (void)remove_folder(folder->part);
    close(folder->lock);
    folder->lock = -1;
}

/* --- the index -------------------------------------------------------------------------------- */

static enum status write_index(struct scope *scope, const struct month_folder *folder,
                               const struct list_file_figures *figures, size_t count)
{
    struct text_buffer buffer = text_buffer_begin(scope, (count + 1) * INDEX_LINE_MAX);
    char path[FILE_PATH_SIZE];
    struct text text = {0};

    text_buffer_add_string(&buffer, INDEX_HEADER);
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(&buffer, "%s,%s%s.csv,%lld,%s\n", figures[i].insurer.digits,
                               figures[i].insurer.digits, figures[i].suffix,
                               (long long)figures[i].rows, figures[i].sha256);
    TRY(text_buffer_end(&buffer, &text));
    snprintf(path, sizeof path, "%s/" INDEX_NAME, folder->part);
    return file_write(scope, path, text, FILE_MODE_PUBLIC);
}

static enum status read_index(struct scope *scope, const char *folder, struct text *out)
{
    char path[FILE_PATH_SIZE];

    snprintf(path, sizeof path, "%s/" INDEX_NAME, folder);
    return file_read(scope, path, INDEX_MAX, out);
}

static enum status fail_other(struct scope *scope, const struct month_folder *folder)
{
    return scope_fail(scope, CAUSE_LIST_OTHER, "'%s'", folder->whole);
}

/* "insurer,file,rows,sha256": does the list say the same? */
static bool check_line(const struct month_folder *folder, const char *line, size_t size,
                       struct month_index *sums)
{
    struct list_file_figures stated = {0};
    struct list_file_figures found = {0};
    char text[INDEX_LINE_MAX];
    char path[FILE_PATH_SIZE];
    char name[32];
    char count[20];
    int64_t rows = 0;

    if (size >= sizeof text)
        return false;
    memcpy(text, line, size);
    text[size] = '\0';
    if (sscanf(text, "%8[0-9],%31[0-9a-z.-],%18[0-9],%64[0-9a-f]", stated.insurer.digits, name,
               count, stated.sha256) != 4 ||
        !text_read_number(text_of(count), &rows))
        return false;
    snprintf(path, sizeof path, "%s/%s", folder->whole, name);
    *(strchr(name, '-') ? &sums->invitations : &sums->rows) += rows;
    sums->lists += strchr(name, '-') == NULL;
    return list_file_check(path, &found) && found.rows == rows &&
           strcmp(found.sha256, stated.sha256) == 0 &&
           strcmp(found.insurer.digits, stated.insurer.digits) == 0;
}

enum status month_folder_check(struct scope *scope, const struct month_folder *folder, bool *found,
                               struct month_index *out)
{
    struct text index = {0};
    size_t at = sizeof INDEX_HEADER - 1;

    *out = (struct month_index){0};
    *found = access(folder->whole, F_OK) == 0;
    if (!*found)
        return STATUS_OK;
    TRY(read_index(scope, folder->whole, &index));
    if (!text_starts_with(index, INDEX_HEADER))
        return fail_other(scope, folder);
    while (at < index.size) {
        const char *end = memchr(index.bytes + at, '\n', index.size - at);
        size_t size = end ? (size_t)(end - (index.bytes + at)) : 0;
        if (!end || !check_line(folder, index.bytes + at, size, out))
            return fail_other(scope, folder);
        at += size + 1;
    }
    return STATUS_OK;
}

/* --- to its place ----------------------------------------------------------------------------- */

/* Everything below the part folder is on the disk; one call for thousands of files. */
static bool flush_disk(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool flushed = folder >= 0 && syncfs(folder) == 0;

    if (folder >= 0)
        close(folder);
    return flushed;
}

enum status month_folder_publish(struct scope *scope, const struct month_folder *folder,
                                 const struct list_file_figures *figures, size_t count)
{
    struct text made = {0};
    struct text there = {0};
    struct month_index sums;
    bool found = false;

    TRY(write_index(scope, folder, figures, count));
    TRY(month_folder_check(scope, folder, &found, &sums));
    if (found) {
        TRY(read_index(scope, folder->part, &made));
        TRY(read_index(scope, folder->whole, &there));
        return text_equal(made, there) ? STATUS_OK : fail_other(scope, folder);
    }
    if (!flush_disk(folder->part) || rename(folder->part, folder->whole) != 0 ||
        fsync(folder->lock) != 0 || !flush_disk(folder->whole))
        return fail_file(scope, folder->whole);
    return STATUS_OK;
}
