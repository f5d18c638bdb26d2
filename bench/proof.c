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
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/file.h"
#include "proof/card_certificate.h"
#include "proof/challenge.h"

#include "card_work.h"

#define SCOPE_LIMIT (1 << 22)

static struct bench {
    struct cards cards;
    struct card_trust *large; /* keeps all cards */
    struct card_trust *small; /* keeps eight: cards in turn are never there */
    struct challenge_table *challenges;
    X509_STORE *store;
} bench;

static void one_of_ours(struct card_trust *trust, size_t card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct text signature = {(const char *)bench.cards.signatures[card], 256};
    struct card_identity identity = {0};

    check(card_trust_verify(&scope, trust, bench.cards.certificates[card], bench.cards.hash,
                            signature, &identity) == STATUS_OK,
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

    check(card_certificate_read(&scope, bench.cards.certificates[card], &certificate) == STATUS_OK,
          "card_certificate_read");
}

/* The whole with X509 objects: parse, chain, challenge. */
static void openssl_objects(size_t card)
{
    const unsigned char *at = (const unsigned char *)bench.cards.certificates[card].bytes;
    X509 *read = d2i_X509(NULL, &at, (long)bench.cards.certificates[card].size);
    X509_STORE_CTX *chain = X509_STORE_CTX_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(X509_get0_pubkey(read), NULL);

    check(X509_STORE_CTX_init(chain, bench.store, read, NULL) == 1 && X509_verify_cert(chain) == 1,
          "X509_verify_cert");
    check(EVP_PKEY_verify_init(context) == 1 &&
              EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
              EVP_PKEY_verify(context, bench.cards.signatures[card], 256, bench.cards.hash, 32) ==
                  1,
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

static void run(const char *what, void (*once)(size_t card), size_t threads, double seconds)
{
    struct work_cost cost = work_run(once, threads, seconds);

    printf("%-28s %zu  %9.0f/s  best %9.0f/s  %7.2f us CPU  %6.2f waits in 1000\n", what, threads,
           cost.per_second, cost.best, cost.microseconds, cost.waits * 1e3);
}

static void make_world(struct scope *scope)
{
    struct issuer *issuer = cards_make(scope, &bench.cards);
    struct text ca = {0};
    char path[] = "/tmp/bench_proof.XXXXXX";
    const unsigned char *at = NULL;
    struct text ca_der = {0};

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
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 2;

    make_world(&scope);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (size_t threads = 1; threads <= THREADS_MAX; threads++)
            run(kinds[i].what, kinds[i].once, threads, seconds);
    card_trust_close(bench.large);
    card_trust_close(bench.small);
    challenge_table_close(bench.challenges);
    X509_STORE_free(bench.store);
    return 0;
}
