/* SPDX-License-Identifier: Apache-2.0
 *
 * proof.c - what verifying a card's proof costs, against OpenSSL's own parser, in threads.
 *
 *   proof [SECONDS]
 *
 * Makes a CA and CARDS cards, then runs each kind of verification for SECONDS (default 2) in one
 * thread and in two. Prints verifications a second of the clock: over the whole run, which other
 * load on the machine slows, and in the best WINDOW; then microseconds of CPU each, and how often a
 * thread had to wait for another in a thousand. The table of docs/decisions/0030 comes from here.
 */
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
#include <openssl/x509.h>

#include "base/file.h"
#include "proof/card_certificate.h"
#include "proof/challenge.h"
#include "proof/issuer.h"

#define CARDS 16
#define THREADS_MAX 2
#define SCOPE_LIMIT (1 << 22)
#define WINDOW 5000 /* microseconds */

static struct bench {
    struct text certificates[CARDS];
    unsigned char signatures[CARDS][256];
    unsigned char hash[32];
    struct card_trust *large; /* keeps all cards */
    struct card_trust *small; /* keeps eight: cards in turn are never there */
    struct challenge_table *challenges;
    X509_STORE *store;
    double seconds;
    _Atomic bool stop;
} bench;

static void check(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
}

static double clock_seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

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

static void one_of_ours(struct card_trust *trust, size_t card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct text signature = {(const char *)bench.signatures[card], 256};
    struct card_identity identity = {0};

    check(card_trust_verify(&scope, trust, bench.certificates[card], bench.hash, signature,
                            &identity) == STATUS_OK,
          "card_trust_verify");
}

static void ours_kept(size_t card)
{
    one_of_ours(bench.large, card);
}

static void ours_first(size_t card)
{
    one_of_ours(bench.small, card);
}

static void read_only(size_t card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct card_certificate certificate = {0};

    check(card_certificate_read(&scope, bench.certificates[card], &certificate) == STATUS_OK,
          "card_certificate_read");
}

/* The whole with X509 objects: parse, chain, challenge. */
static void openssl_objects(size_t card)
{
    const unsigned char *at = (const unsigned char *)bench.certificates[card].bytes;
    X509 *read = d2i_X509(NULL, &at, (long)bench.certificates[card].size);
    X509_STORE_CTX *chain = X509_STORE_CTX_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(X509_get0_pubkey(read), NULL);

    check(X509_STORE_CTX_init(chain, bench.store, read, NULL) == 1 && X509_verify_cert(chain) == 1,
          "X509_verify_cert");
    check(EVP_PKEY_verify_init(context) == 1 &&
              EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
              EVP_PKEY_verify(context, bench.signatures[card], 256, bench.hash, 32) == 1,
          "EVP_PKEY_verify");
    EVP_PKEY_CTX_free(context);
    X509_STORE_CTX_free(chain);
    X509_free(read);
}

static void challenge_round(size_t card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct institution_code institution = {"1312345670"};
    struct challenge given = {0};
    struct challenge taken = {0};
    struct proof_circumstance circumstance = {institution, "desk-1", IDENTITY_PIN,
                                              INT64_C(20261105091530)};
    unsigned char hash[32];

    (void)card;
    check(challenge_issue(&scope, bench.challenges, institution, &given) == STATUS_OK &&
              challenge_consume(&scope, bench.challenges, institution, given.session, &taken) ==
                  STATUS_OK,
          "challenge");
    proof_block_hash(&taken, &circumstance, hash);
}

/* How often this thread gave up the processor of its own: waiting for a lock. */
static long waits(void)
{
    struct rusage usage;

    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
}

struct worker {
    _Alignas(64) void (*once)(size_t card);
    _Atomic uint64_t done;
    size_t card;
    long waited;
    pthread_t thread;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    long waited = waits();

    while (!atomic_load_explicit(&bench.stop, memory_order_relaxed)) {
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

/* Lets the workers work; gives the rate of the best window. */
static double watch(struct worker *workers, size_t threads)
{
    double start = clock_seconds(CLOCK_MONOTONIC);
    double best = 0;

    for (double at = start; at - start < bench.seconds;) {
        uint64_t done = done_by(workers, threads);
        usleep(WINDOW);
        double now = clock_seconds(CLOCK_MONOTONIC);
        double rate = (double)(done_by(workers, threads) - done) / (now - at);
        best = rate > best ? rate : best;
        at = now;
    }
    return best;
}

static void run(const char *what, void (*once)(size_t card), size_t threads)
{
    struct worker workers[THREADS_MAX] = {{.card = 0}};
    double clock = clock_seconds(CLOCK_MONOTONIC);
    double cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    long waited = 0;
    double best = 0;
    uint64_t done = 0;

    bench.stop = false;
    for (size_t i = 0; i < threads; i++) {
        workers[i].once = once;
        workers[i].card = i * (CARDS / THREADS_MAX);
        check(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0, "a thread");
    }
    best = watch(workers, threads);
    bench.stop = true;
    for (size_t i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        waited += workers[i].waited;
    }
    done = done_by(workers, threads);
    clock = clock_seconds(CLOCK_MONOTONIC) - clock;
    cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("%-28s %zu  %9.0f/s  best %9.0f/s  %7.2f us CPU  %6.2f waits in 1000\n", what, threads,
           (double)done / clock, best, cpu / (double)done * 1e6,
           (double)waited / (double)done * 1e3);
}

static void make_world(struct scope *scope)
{
    struct issuer *issuer = NULL;
    struct text ca = {0};
    char path[] = "/tmp/bench_proof.XXXXXX";
    const unsigned char *at = NULL;
    struct text ca_der = {0};

    check(issuer_make(scope, ISSUER_CARD_AUTHENTICATION, instant_noon(DATE(20241101)), &issuer) ==
              STATUS_OK,
          "a CA");
    for (size_t i = 0; i < CARDS; i++) {
        struct card_certificate_order order = {.serial = 1000 + i,
                                               .not_before = instant_noon(DATE(20241201)),
                                               .expires = DATE(20341014),
                                               .municipality = "13104"};
        struct text key = {0};
        check(issuer_make_card(scope, issuer, &order, &key, &bench.certificates[i]) == STATUS_OK,
              "a card");
        sign(key, bench.hash, bench.signatures[i]);
    }
    close(mkstemp(path));
    check(issuer_public_pem(scope, issuer, &ca) == STATUS_OK &&
              file_write(scope, path, ca, FILE_MODE_PUBLIC) == STATUS_OK &&
              card_trust_open(scope, path, ISSUER_POLICY_OID, 1000, &bench.large) == STATUS_OK &&
              card_trust_open(scope, path, ISSUER_POLICY_OID, 1, &bench.small) == STATUS_OK,
          "the trust");
    unlink(path);
    check(challenge_table_open(scope, 100000, 60, &bench.challenges) == STATUS_OK, "challenges");
    check(issuer_certificate(scope, issuer, &ca_der) == STATUS_OK, "the CA's certificate");
    at = (const unsigned char *)ca_der.bytes;
    bench.store = X509_STORE_new();
    check(X509_STORE_add_cert(bench.store, d2i_X509(NULL, &at, (long)ca_der.size)) == 1,
          "the store");
    X509_STORE_set_flags(bench.store, X509_V_FLAG_NO_CHECK_TIME);
    issuer_close(issuer);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *what;
        void (*once)(size_t card);
    } kinds[] = {
        {"OpenSSL objects, whole", openssl_objects},    {"own reader, parse only", read_only},
        {"own reader, first time", ours_first},         {"own reader, kept", ours_kept},
        {"challenge, given and used", challenge_round},
    };
    CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);

    bench.seconds = argc > 1 ? strtod(argv[1], NULL) : 2;
    memset(bench.hash, 0x5A, sizeof bench.hash);
    make_world(&scope);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (size_t threads = 1; threads <= THREADS_MAX; threads++)
            run(kinds[i].what, kinds[i].once, threads);
    card_trust_close(bench.large);
    card_trust_close(bench.small);
    challenge_table_close(bench.challenges);
    X509_STORE_free(bench.store);
    return 0;
}
