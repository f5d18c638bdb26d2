/* SPDX-License-Identifier: Apache-2.0
 *
 * certificate.c - the certificate check of a card: parse, chain, purpose, times, revocation from
 * what is kept, signature over the challenge; the first time a card is seen, and again.
 *
 *   certificate [ROUNDS [SECONDS]]
 *
 * Each round measures first and repeated checks, in one thread and in two, in turns, so that other
 * load on the machine falls on all of them alike. Printed: checks a CPU second (medians over
 * rounds), and what two threads do compared with one: by CPU (2 x cost alone / cost together:
 * what they cost each other), and by the clock in the best window of a round, which needs both
 * cores to be free for a moment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ocsp.h>
#include <openssl/pem.h>

#include "base/file.h"
#include "domain/certificate_life.h"
#include "proof/card_status.h"

#include "card_work.h"

#define ROUNDS_MAX 99
#define SCOPE_LIMIT (1 << 22)

static struct bench {
    struct cards cards;
    struct card_trust *large; /* keeps all cards */
    struct card_trust *small; /* keeps eight: cards in turn are never there */
    struct card_status *status;
    double seconds; /* a run */
} bench;

/* All that a check does with the certificate; it must come out good. */
static void certificate_check(struct card_trust *trust, size_t card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct text signature = {(const char *)bench.cards.signatures[card], 256};
    struct card_identity identity = {0};
    struct card_standing standing = {0};

    check(card_trust_verify(&scope, trust, bench.cards.certificates[card], bench.cards.hash,
                            signature, &identity) == STATUS_OK,
          "card_trust_verify");
    const struct authentication_certificate certificate = {.issuer = identity.issuer,
                                                           .serial = identity.serial,
                                                           .not_before = identity.not_before,
                                                           .expires = identity.expires,
                                                           .state = CERTIFICATE_CURRENT};
    check(certificate_life_on(&certificate, instant_date(scope.now)).check, "the dates");
    check(card_status_find(&scope, bench.status,
                           (struct status_key){identity.issuer, identity.serial},
                           &standing) == STATUS_OK &&
              standing.state == REVOCATION_GOOD && !standing.degraded,
          "card_status_find");
}

static void first(size_t card)
{
    certificate_check(bench.small, card);
}

static void repeated(size_t card)
{
    certificate_check(bench.large, card);
}

/* For comparison: what was there before revocation came to it. */
static void without_revocation(size_t card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct text signature = {(const char *)bench.cards.signatures[card], 256};
    struct card_identity identity = {0};

    check(card_trust_verify(&scope, bench.large, bench.cards.certificates[card], bench.cards.hash,
                            signature, &identity) == STATUS_OK,
          "card_trust_verify");
}

/* --- the world --- */

static EVP_PKEY *issuer_key; /* with its certificate: the responder's */
static X509 *issuer_certificate_of;

static void add_good(OCSP_BASICRESP *basic, OCSP_CERTID *id)
{
    ASN1_TIME *now = ASN1_TIME_set(NULL, time(NULL));

    OCSP_basic_add1_status(basic, id, V_OCSP_CERTSTATUS_GOOD, 0, NULL, now, NULL);
    ASN1_TIME_free(now);
}

/* A responder in this process: everything is good. */
static enum status respond(struct scope *scope, struct fetcher *fetcher,
                           const struct fetch_request *asked, struct text *body, long *http_code)
{
    const unsigned char *at = (const unsigned char *)asked->body.bytes;
    OCSP_REQUEST *request = d2i_OCSP_REQUEST(NULL, &at, (long)asked->body.size);
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_RESPONSE *response = NULL;
    unsigned char *bytes = NULL;
    char *copy = NULL;
    int size = 0;

    (void)fetcher;
    add_good(basic, OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, 0)));
    OCSP_copy_nonce(basic, request);
    check(OCSP_basic_sign(basic, issuer_certificate_of, issuer_key, EVP_sha256(), NULL,
                          OCSP_NOCERTS) == 1,
          "the responder");
    response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    size = i2d_OCSP_RESPONSE(response, &bytes);
    check(size > 0 && scope_copy(scope, bytes, (size_t)size, &copy) == STATUS_OK, "its answer");
    *body = (struct text){copy, (size_t)size};
    *http_code = 200;
    OPENSSL_free(bytes);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    OCSP_REQUEST_free(request);
    return STATUS_OK;
}

static void close_nothing(struct fetcher *fetcher)
{
    (void)fetcher;
}

static void read_issuer(struct scope *scope, const char *key_path, struct text der)
{
    const unsigned char *at = (const unsigned char *)der.bytes;
    struct text pem = {0};
    BIO *bio = NULL;

    check(file_read(scope, key_path, 65536, &pem) == STATUS_OK, "the CA's key");
    bio = BIO_new_mem_buf(pem.bytes, (int)pem.size);
    issuer_key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    issuer_certificate_of = d2i_X509(NULL, &at, (long)der.size);
    check(issuer_key && issuer_certificate_of, "the CA");
    BIO_free(bio);
}

static void make_world(struct scope *scope)
{
    static const struct fetcher_ops ops = {respond, close_nothing};
    static struct fetcher fetcher = {&ops};
    const struct card_status_options options = {
        .ocsp_url = "http://responder/", .age = 86400, .grace = 86400, .cache = 1000};
    struct issuer *issuer = cards_make(scope, &bench.cards);
    struct text der = {0};
    char path[] = "/tmp/bench_certificate.XXXXXX";
    char key_path[] = "/tmp/bench_certificate.XXXXXX";

    close(mkstemp(path));
    close(mkstemp(key_path));
    check(issuer_write(scope, issuer, key_path, path) == STATUS_OK &&
              issuer_certificate(scope, issuer, &der) == STATUS_OK,
          "a CA");
    read_issuer(scope, key_path, der);
    check(card_trust_open(scope, path, ISSUER_POLICY_OID, 1000, &bench.large) == STATUS_OK &&
              card_trust_open(scope, path, ISSUER_POLICY_OID, 1, &bench.small) == STATUS_OK &&
              card_status_open(scope, bench.large, &fetcher, &options, &bench.status) == STATUS_OK,
          "trust and status");
    unlink(path);
    unlink(key_path);
    issuer_close(issuer);
    for (size_t card = 0; card < CARDS; card++)
        repeated(card); /* asks the responder once */
}

/* --- rounds --- */

static int by_value(const void *a_, const void *b_)
{
    const double *a = a_;
    const double *b = b_;

    return (*a > *b) - (*a < *b);
}

static void show(const char *what, double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    printf("%-52s %10.2f  (%.2f to %.2f)\n", what, values[count / 2], values[0], values[count - 1]);
}

static void measure(const char *name, void (*once)(size_t card), size_t rounds)
{
    static double rate[ROUNDS_MAX], cpu_scale[ROUNDS_MAX];
    double best[THREADS_MAX] = {0};

    for (size_t i = 0; i < rounds; i++) {
        struct work_cost one = work_run(once, 1, bench.seconds);
        struct work_cost two = work_run(once, 2, bench.seconds);
        rate[i] = 1e6 / one.microseconds;
        cpu_scale[i] = 2 * one.microseconds / two.microseconds;
        best[0] = one.best > best[0] ? one.best : best[0];
        best[1] = two.best > best[1] ? two.best : best[1];
    }
    printf("%s\n", name);
    show("  checks a CPU second, one thread", rate, rounds);
    show("  two threads / one, by CPU", cpu_scale, rounds);
    printf("%-52s %10.2f  (%.0f / %.0f a second)\n",
           "  two threads / one, best windows of the clock", best[1] / best[0], best[1], best[0]);
}

int main(int argc, char **argv)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 7;

    bench.seconds = argc > 2 ? strtod(argv[2], NULL) : 1;
    check(rounds >= 1 && rounds <= ROUNDS_MAX, "certificate [ROUNDS (1 to 99) [SECONDS]]");
    make_world(&scope);
    measure("first check of a card", first, rounds);
    measure("repeated check", repeated, rounds);
    measure("repeated, without dates and revocation", without_revocation, rounds);
    card_status_close(bench.status);
    card_trust_close(bench.large);
    card_trust_close(bench.small);
    EVP_PKEY_free(issuer_key);
    X509_free(issuer_certificate_of);
    return 0;
}
