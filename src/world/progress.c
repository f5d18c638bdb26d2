/* SPDX-License-Identifier: Apache-2.0 */
#include "world/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BAR_WIDTH 30
#define PAUSE_MICROSECONDS 200000 /* between two lines */

void progress_begin(struct progress *progress, const char *what, int64_t total)
{
    memset(progress, 0, sizeof *progress);
    progress->what = what;
    progress->total = total;
    progress->begun = instant_now();
    progress->visible = isatty(STDERR_FILENO) == 1;
}

void progress_begin_at(struct progress *progress, const char *what, int64_t total, int64_t base)
{
    progress_begin(progress, what, total);
    progress->base = base;
    atomic_store(&progress->done, base);
}

static double rate_of(const struct progress *progress, int64_t done, int64_t now)
{
    int64_t spent = now - progress->begun.microseconds;

    return spent > 0 ? (double)(done - progress->base) * 1e6 / (double)spent : 0;
}

static void show(const struct progress *progress, int64_t done, int64_t now)
{
    static const char full[BAR_WIDTH + 1] = "##############################";
    static const char empty[BAR_WIDTH + 1] = "..............................";
    double rate = rate_of(progress, done, now);
    int width = progress->total > 0 ? (int)(done * BAR_WIDTH / progress->total) : BAR_WIDTH;
    long long left = rate > 0 ? (long long)((double)(progress->total - done) / rate) : 0;

    fprintf(stderr, "\r[%.*s%.*s] %lld / %lld %s  %.0f/s  %lld:%02lld left \033[K", width, full,
            BAR_WIDTH - width, empty, (long long)done, (long long)progress->total, progress->what,
            rate, left / 60, left % 60);
    fflush(stderr);
}

void progress_add(struct progress *progress, int64_t more)
{
    int64_t done = atomic_fetch_add_explicit(&progress->done, more, memory_order_relaxed) + more;
    int64_t shown = 0;
    int64_t now = 0;

    if (!progress->visible)
        return;
    now = instant_now().microseconds;
    shown = atomic_load_explicit(&progress->shown, memory_order_relaxed);
    if (now - shown < PAUSE_MICROSECONDS ||
        !atomic_compare_exchange_strong(&progress->shown, &shown, now))
        return;
    show(progress, done, now);
}

double progress_end(struct progress *progress)
{
    if (progress->visible)
        fprintf(stderr, "\r\033[K");
    return rate_of(progress, atomic_load(&progress->done), instant_now().microseconds);
}
