/* SPDX-License-Identifier: Apache-2.0
 *
 * spool.c - the table of files: opening, asking, counting.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool/spool_parts.h"

#define FOLDER_MODE 0700
#define SCOPE_LIMIT ((size_t)64 * 1024)
#define HOUR_MICROSECONDS (INT64_C(3600) * 1000000)

const char *spool_state_name(enum spool_state state)
{
    static const char *const names[] = {
        [SPOOL_RECEIVING] = "receiving", [SPOOL_WAITING] = "waiting", [SPOOL_LOADING] = "loading",
        [SPOOL_DONE] = "done",           [SPOOL_REFUSED] = "refused", [SPOOL_ASKING] = "asking",
    };

    return names[state];
}

/* --- the table, with the lock held --------------------------------------------------------------
 */

struct spool_file *spool_lookup(struct spool *spool, struct insurer_number insurer, const char *id)
{
    for (size_t i = 0; i < spool->count; i++)
        if (strcmp(spool->files[i]->seen.id, id) == 0)
            return insurer_number_equal(spool->files[i]->seen.insurer, insurer) ? spool->files[i]
                                                                                : NULL;
    return NULL;
}

int64_t spool_weight(const struct spool_entry *entry)
{
    bool over = entry->state == SPOOL_DONE || entry->state == SPOOL_REFUSED;

    return over ? entry->reply_size : entry->length;
}

static bool make_room(struct spool *spool)
{
    size_t capacity = spool->capacity ? 2 * spool->capacity : 64;
    struct spool_file **files = NULL;

    if (spool->count < spool->capacity)
        return true;
    files = realloc(spool->files, capacity * sizeof(struct spool_file *));
    if (!files)
        return false;
    spool->files = files;
    spool->capacity = capacity;
    return true;
}

bool spool_add(struct spool *spool, const struct spool_entry *entry)
{
    struct spool_file *file = make_room(spool) ? calloc(1, sizeof *file) : NULL;

    if (!file)
        return false;
    file->seen = *entry;
    spool->files[spool->count++] = file;
    spool->bytes += spool_weight(entry);
    return true;
}

void spool_take_out(struct spool *spool, struct spool_file *file)
{
    size_t at = 0;

    while (spool->files[at] != file)
        at++;
    spool->files[at] = spool->files[--spool->count];
    spool->bytes -= spool_weight(&file->seen);
    free(file);
}

void spool_change(struct spool *spool, struct spool_file *file, const struct spool_entry *to)
{
    spool->bytes += spool_weight(to) - spool_weight(&file->seen);
    file->seen = *to;
}

/* --- asking -------------------------------------------------------------------------------------
 */

const struct spool_options *spool_options(const struct spool *spool)
{
    return &spool->options;
}

struct instant spool_expiry(const struct spool *spool, const struct spool_entry *entry)
{
    return (struct instant){entry->changed.microseconds +
                            spool->options.receive_hours * HOUR_MICROSECONDS};
}

enum status spool_find(struct scope *scope, struct spool *spool, struct insurer_number insurer,
                       const char *id, struct spool_entry *out)
{
    const struct spool_file *file = NULL;

    pthread_mutex_lock(&spool->lock);
    file = spool_lookup(spool, insurer, id);
    if (file)
        *out = file->seen;
    pthread_mutex_unlock(&spool->lock);
    return file ? STATUS_OK : scope_fail(scope, CAUSE_UPLOAD_UNKNOWN, "no such file");
}

static int newest_first(const void *a_, const void *b_)
{
    const struct spool_entry *a = a_, *b = b_;

    if (a->created.microseconds != b->created.microseconds)
        return a->created.microseconds < b->created.microseconds ? 1 : -1;
    return strcmp(a->id, b->id);
}

enum status spool_list(struct scope *scope, struct spool *spool, struct insurer_number insurer,
                       struct spool_entry **out, size_t *count)
{
    size_t room = (size_t)spool->options.files_per_insurer;
    struct spool_entry *entries = NULL;
    size_t found = 0;

    TRY(scope_alloc(scope, room, sizeof *entries, &entries));
    pthread_mutex_lock(&spool->lock);
    for (size_t i = 0; i < spool->count && found < room; i++)
        if (insurer_number_equal(spool->files[i]->seen.insurer, insurer))
            entries[found++] = spool->files[i]->seen;
    pthread_mutex_unlock(&spool->lock);
    qsort(entries, found, sizeof *entries, newest_first);
    *out = entries;
    *count = found;
    return STATUS_OK;
}

enum status spool_open_reply(struct scope *scope, struct spool *spool,
                             struct insurer_number insurer, const char *id, int *out, int64_t *size)
{
    struct spool_entry entry = {.state = 0};
    char name[SPOOL_PART_NAME];
    int file = -1;

    TRY(spool_find(scope, spool, insurer, id, &entry));
    if (entry.state != SPOOL_DONE || entry.reply_size == 0)
        return scope_fail(scope, CAUSE_UPLOAD_NO_REPLY, "state '%s'",
                          spool_state_name(entry.state));
    spool_part_name(id, SPOOL_REPLY, name);
    file = openat(spool->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return scope_fail(scope, CAUSE_SPOOL_UNAVAILABLE, "a reply cannot be opened");
    *out = file;
    *size = entry.reply_size;
    return STATUS_OK;
}

struct spool_figures spool_figures(struct spool *spool)
{
    struct spool_figures figures = {.bytes = 0};

    pthread_mutex_lock(&spool->lock);
    for (size_t i = 0; i < spool->count; i++)
        figures.files[spool->files[i]->seen.state]++;
    figures.bytes = spool->bytes;
    figures.writers = spool->writers;
    figures.received = spool->received;
    figures.loaded = spool->loaded;
    figures.rows = spool->rows;
    pthread_mutex_unlock(&spool->lock);
    return figures;
}

/* --- opening and closing ------------------------------------------------------------------------
 */

static enum status open_folder(struct scope *scope, struct spool *spool)
{
    const char *directory = spool->options.directory;
    struct stat about = {0};

    if (strlen(directory) > SPOOL_PATH_MAX - SPOOL_PART_NAME)
        return scope_fail(scope, CAUSE_CONFIGURATION, "the spool folder's name is too long");
    if (mkdir(directory, FOLDER_MODE) != 0 && errno != EEXIST)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot make the spool folder '%s': %s",
                          directory, strerrordesc_np(errno));
    spool->folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (spool->folder < 0 || fstat(spool->folder, &about) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot open the spool folder '%s': %s",
                          directory, strerrordesc_np(errno));
    if ((about.st_mode & 077) != 0)
        return scope_fail(scope, CAUSE_CONFIGURATION,
                          "the spool folder '%s' must be its owner's alone (mode 0700)", directory);
    if (flock(spool->folder, LOCK_EX | LOCK_NB) != 0)
        return scope_fail(scope, CAUSE_SPOOL_IN_USE, "'%s' is locked", directory);
    return STATUS_OK;
}

static enum status start_threads(struct scope *scope, struct spool *spool)
{
    spool->disk_runs = pthread_create(&spool->disk, NULL, spool_disk_thread, spool) == 0;
    if (spool->options.loader.load)
        spool->load_runs = pthread_create(&spool->load, NULL, spool_load_thread, spool) == 0;
    if (!spool->disk_runs || (spool->options.loader.load && !spool->load_runs))
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no thread for the spool");
    return STATUS_OK;
}

static enum status open_parts(struct scope *scope, struct spool *spool)
{
    char *directory = NULL;

    TRY(scope_copy(&spool->scope, spool->options.directory, strlen(spool->options.directory),
                   &directory));
    spool->options.directory = directory;
    TRY(open_folder(scope, spool));
    TRY(spool_scan(scope, spool));
    return start_threads(scope, spool);
}

enum status spool_open(struct scope *scope, const struct spool_options *options, struct spool **out)
{
    struct spool *spool = calloc(1, sizeof *spool);
    enum status status = STATUS_OK;

    if (!spool)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the spool");
    spool->scope = scope_begin(SCOPE_LIMIT);
    spool->options = *options;
    spool->folder = -1;
    pthread_mutex_init(&spool->lock, NULL);
    pthread_cond_init(&spool->disk_wake, NULL);
    pthread_cond_init(&spool->load_wake, NULL);
    status = open_parts(scope, spool);
    if (status == STATUS_OK)
        *out = spool;
    else
        spool_close(spool);
    return status;
}

static void stop_threads(struct spool *spool)
{
    pthread_mutex_lock(&spool->lock);
    spool->closing = true;
    atomic_store(&spool->stop, true);
    pthread_cond_broadcast(&spool->disk_wake);
    pthread_cond_broadcast(&spool->load_wake);
    pthread_mutex_unlock(&spool->lock);
    if (spool->load_runs)
        pthread_join(spool->load, NULL);
    if (spool->disk_runs)
        pthread_join(spool->disk, NULL);
}

void spool_close(struct spool *spool)
{
    if (!spool)
        return;
    stop_threads(spool);
    for (size_t i = 0; i < spool->count; i++)
        free(spool->files[i]);
    free(spool->files);
    if (spool->folder >= 0)
        close(spool->folder);
    pthread_cond_destroy(&spool->load_wake);
    pthread_cond_destroy(&spool->disk_wake);
    pthread_mutex_destroy(&spool->lock);
    scope_end(&spool->scope);
    free(spool);
}
