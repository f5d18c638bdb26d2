/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/spare.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum spare_state {
    SPARE_NONE,
    SPARE_WANTED,
    SPARE_MAKING,
    SPARE_READY,
};

struct spare {
    const struct folder *folder;
    uint64_t bytes;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t change;
    enum spare_state state;
    bool closing;
    int fd; /* where READY */
};

/* Makes the file; -1 where it cannot be made. Holds no lock. */
static int make_spare(const struct spare *spare)
{
    struct scope scope = scope_begin(0);
    int fd = -1;
    bool good = folder_prepare_segment(&scope, spare->folder, spare->bytes, &fd) == STATUS_OK;

    scope_end(&scope);
    return good ? fd : -1;
}

static void *make_spares(void *argument)
{
    struct spare *spare = argument;

    pthread_mutex_lock(&spare->lock);
    while (!spare->closing) {
        if (spare->state != SPARE_WANTED) {
            pthread_cond_wait(&spare->change, &spare->lock);
            continue;
        }
        spare->state = SPARE_MAKING;
        pthread_mutex_unlock(&spare->lock);
        int fd = make_spare(spare);
        pthread_mutex_lock(&spare->lock);
        spare->fd = fd;
        spare->state = fd >= 0 ? SPARE_READY : SPARE_NONE;
        pthread_cond_broadcast(&spare->change);
    }
    pthread_mutex_unlock(&spare->lock);
    return NULL;
}

enum status spare_open(struct scope *scope, const struct folder *folder, uint64_t bytes,
                       struct spare **out)
{
    struct spare *spare = calloc(1, sizeof *spare);

    if (!spare)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    *spare = (struct spare){.folder = folder, .bytes = bytes, .fd = -1};
    if (pthread_mutex_init(&spare->lock, NULL) != 0 ||
        pthread_cond_init(&spare->change, NULL) != 0 ||
        pthread_create(&spare->thread, NULL, make_spares, spare) != 0) {
        free(spare);
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "journal: cannot start a thread");
    }
    *out = spare;
    return STATUS_OK;
}

void spare_close(struct spare *spare)
{
    if (!spare)
        return;
    pthread_mutex_lock(&spare->lock);
    spare->closing = true;
    pthread_cond_broadcast(&spare->change);
    pthread_mutex_unlock(&spare->lock);
    pthread_join(spare->thread, NULL);
    if (spare->fd >= 0)
        close(spare->fd);
    folder_remove_prepared(spare->folder);
    pthread_cond_destroy(&spare->change);
    pthread_mutex_destroy(&spare->lock);
    free(spare);
}

void spare_begin(struct spare *spare)
{
    pthread_mutex_lock(&spare->lock);
    if (spare->state == SPARE_NONE) {
        spare->state = SPARE_WANTED;
        pthread_cond_broadcast(&spare->change);
    }
    pthread_mutex_unlock(&spare->lock);
}

enum status spare_take(struct scope *scope, struct spare *spare, int *fd)
{
    int taken = -1;

    pthread_mutex_lock(&spare->lock);
    while (spare->state == SPARE_WANTED || spare->state == SPARE_MAKING)
        pthread_cond_wait(&spare->change, &spare->lock);
    taken = spare->fd;
    spare->fd = -1;
    spare->state = SPARE_NONE;
    pthread_mutex_unlock(&spare->lock);
    if (taken < 0)
        return folder_prepare_segment(scope, spare->folder, spare->bytes, fd);
    *fd = taken;
    return STATUS_OK;
}
