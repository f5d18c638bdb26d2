/* SPDX-License-Identifier: Apache-2.0 */
#include "card_work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#define WINDOW 5000 /* microseconds */

static _Atomic bool stop;

void check(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
}

/* --- cards --- */

static void sign(struct text key_pem, const unsigned char hash[32], unsigned char out[256])
{
    BIO *bio = BIO_new_mem_buf(key_pem.bytes, (int)key_pem.size);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t size = 256;

    check(EVP_PKEY_sign_init(context) == 1 &&
              EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
              EVP_PKEY_sign(context, out, &size, hash, 32) == 1,
          "signing");
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(bio);
}

struct issuer *cards_make(struct scope *scope, struct cards *out)
{
    struct issuer *issuer = NULL;

    memset(out->hash, 0x5A, sizeof out->hash);
    check(issuer_make(scope, ISSUER_CARD_AUTHENTICATION, instant_noon(DATE(20241101)), &issuer) ==
              STATUS_OK,
          "a CA");
    for (size_t i = 0; i < CARDS; i++) {
        struct card_certificate_order order = {.serial = 1000 + i,
                                               .not_before = instant_noon(DATE(20241201)),
                                               .expires = DATE(20341014),
                                               .municipality = "13104"};
        struct text key = {0};
        check(issuer_make_card(scope, issuer, &order, &key, &out->certificates[i]) == STATUS_OK,
              "a card");
        sign(key, out->hash, out->signatures[i]);
    }
    return issuer;
}

/* --- threads --- */

struct worker {
    _Alignas(64) void (*once)(size_t card);
    _Atomic uint64_t done;
    size_t card;
    long waited;
    pthread_t thread;
};

static double clock_seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* How often this thread gave up the processor of its own: waiting for a lock. */
static long waits(void)
{
    struct rusage usage;

    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    long waited = waits();

    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        worker->once(worker->card);
        worker->card = (worker->card + 1) % CARDS;
        atomic_fetch_add_explicit(&worker->done, 1, memory_order_relaxed);
    }
    worker->waited = waits() - waited;
    return NULL;
}

static uint64_t done_by(struct worker *workers, size_t threads)
{
    uint64_t done = 0;

    for (size_t i = 0; i < threads; i++)
        done += atomic_load_explicit(&workers[i].done, memory_order_relaxed);
    return done;
}

/* Lets the workers work; the rate of the best window. */
static double watch(struct worker *workers, size_t threads, double seconds)
{
    double start = clock_seconds(CLOCK_MONOTONIC);
    double best = 0;

    for (double at = start; at - start < seconds;) {
        uint64_t done = done_by(workers, threads);
        usleep(WINDOW);
        double now = clock_seconds(CLOCK_MONOTONIC);
        double rate = (double)(done_by(workers, threads) - done) / (now - at);
        best = rate > best ? rate : best;
        at = now;
    }
    return best;
}

struct work_cost work_run(void (*once)(size_t card), size_t threads, double seconds)
{
    struct worker workers[THREADS_MAX] = {{.card = 0}};
    double clock = clock_seconds(CLOCK_MONOTONIC);
    double cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct work_cost cost = {0};
    double done = 0;

    stop = false;
    for (size_t i = 0; i < threads; i++) {
        workers[i].once = once;
        workers[i].card = i * (CARDS / THREADS_MAX);
        check(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0, "a thread");
    }
    cost.best = watch(workers, threads, seconds);
    stop = true;
    for (size_t i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        cost.waits += (double)workers[i].waited;
    }
    done = (double)done_by(workers, threads);
    cost.per_second = done / (clock_seconds(CLOCK_MONOTONIC) - clock);
    cost.microseconds = (clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / done * 1e6;
    cost.waits /= done;
    return cost;
}
