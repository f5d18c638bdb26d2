/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "proof/card_certificate.h"
#include "proof_world.h"

#define LIMIT (1 << 22)

static char ca_path[64] = "/tmp/test_trust.XXXXXX";

/* One world for all tests: making keys is slow. */
static struct world {
    struct scope scope;
    struct issuer *issuer, *younger, *stranger;
    struct test_card card, renewed, foreign;
    struct card_trust *trust;
    unsigned char hash[32], signature[256];
} world;

static struct text signature_text(const unsigned char *bytes)
{
    return (struct text){(const char *)bytes, 256};
}

static enum cause verify(struct text der, const unsigned char *hash, const unsigned char *signature,
                         struct card_identity *out)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    enum status status =
        card_trust_verify(&scope, world.trust, der, hash, signature_text(signature), out);

    assert_int_equal(status, failure_text(scope.cause)->status);
    return scope.cause;
}

static void e1_knows_the_holder_of_a_card(void **state)
{
    struct card_identity identity = {0};

    (void)state;
    for (int i = 0; i < 3; i++) { /* the first time and from the cache */
        assert_int_equal(verify(world.card.der, world.hash, world.signature, &identity),
                         CAUSE_NONE);
        assert_int_equal(identity.issuer, 1);
        assert_int_equal(identity.serial, 7001);
        assert_int_equal(identity.not_before.yyyymmdd, 20241201);
        assert_int_equal(identity.expires.yyyymmdd, 20291114);
    }
    assert_int_equal(card_trust_figures(world.trust).hits, 2);
    assert_int_equal(card_trust_figures(world.trust).misses, 1);
}

static void k1_takes_the_expiry_from_the_certificate_whatever_the_day(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(4096, instant_noon(DATE(20400101)));
    struct card_identity identity = {0};

    (void)state;
    assert_int_equal(card_trust_verify(&scope, world.trust, world.card.der, world.hash,
                                       signature_text(world.signature), &identity),
                     STATUS_OK);
    assert_int_equal(identity.expires.yyyymmdd, 20291114);
}

static void knows_each_generation_of_the_ca(void **state)
{
    struct card_identity identity = {0};
    unsigned char signature[256];

    (void)state;
    test_sign(world.renewed.key, world.hash, signature);
    assert_int_equal(verify(world.renewed.der, world.hash, signature, &identity), CAUSE_NONE);
    assert_int_equal(identity.issuer, 2);
    assert_int_equal(identity.serial, 7002);
}

/* The clock is the rules' (K1-K3): a pinned CA past its own validity still says who signed. */
static void k2_an_expired_ca_still_tells_the_holder(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_identity identity = {0};
    struct card_trust *trust = NULL;
    struct issuer *old = NULL;
    struct test_card card = {0};
    struct text ca = {0};
    unsigned char signature[256];
    char path[] = "/tmp/test_trust_old.XXXXXX";

    (void)state;
    close(mkstemp(path));
    assert_int_equal(
        issuer_make(&scope, ISSUER_CARD_AUTHENTICATION, instant_noon(DATE(20010101)), &old),
        STATUS_OK);
    assert_int_equal(issuer_public_pem(&scope, old, &ca), STATUS_OK);
    assert_int_equal(file_write(&scope, path, ca, FILE_MODE_PUBLIC), STATUS_OK);
    assert_int_equal(card_trust_open(&scope, path, ISSUER_POLICY_OID, 8, &trust), STATUS_OK);
    card = test_make_card(&scope, old, 31);
    test_sign(card.key, world.hash, signature);
    assert_int_equal(card_trust_verify(&scope, trust, card.der, world.hash,
                                       signature_text(signature), &identity),
                     STATUS_OK);
    assert_int_equal(identity.expires.yyyymmdd, 20291114);
    card_trust_close(trust);
    EVP_PKEY_free(card.key);
    issuer_close(old);
    unlink(path);
}

static void e1_refuses_another_signature(void **state)
{
    struct card_identity identity = {0};
    unsigned char hash[32];
    unsigned char signature[256];

    (void)state;
    memcpy(hash, world.hash, sizeof hash);
    hash[31] ^= 1;
    assert_int_equal(verify(world.card.der, hash, world.signature, &identity),
                     CAUSE_CARD_SIGNATURE_WRONG);
    for (size_t at = 0; at < 256; at += 51) {
        memcpy(signature, world.signature, sizeof signature);
        signature[at] ^= 0x10;
        assert_int_equal(verify(world.card.der, world.hash, signature, &identity),
                         CAUSE_CARD_SIGNATURE_WRONG);
    }
    memset(signature, 0, sizeof signature);
    assert_int_equal(verify(world.card.der, world.hash, signature, &identity),
                     CAUSE_CARD_SIGNATURE_WRONG);
    test_sign(world.foreign.key, world.hash, signature);
    assert_int_equal(verify(world.card.der, world.hash, signature, &identity),
                     CAUSE_CARD_SIGNATURE_WRONG);
    assert_int_equal(identity.serial, 0);
}

static void e1_refuses_a_signature_of_another_size(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    struct card_identity identity = {0};
    struct text none = {NULL, 0};
    struct text shorter = {(const char *)world.signature, 255};

    (void)state;
    assert_int_equal(
        card_trust_verify(&scope, world.trust, world.card.der, world.hash, shorter, &identity),
        STATUS_DENIED);
    assert_int_equal(
        card_trust_verify(&scope, world.trust, world.card.der, world.hash, none, &identity),
        STATUS_DENIED);
}

static void e1_refuses_a_strange_issuer(void **state)
{
    struct card_identity identity = {0};
    unsigned char signature[256];

    (void)state;
    test_sign(world.foreign.key, world.hash, signature);
    assert_int_equal(verify(world.foreign.der, world.hash, signature, &identity),
                     CAUSE_CARD_ISSUER_UNKNOWN);
}

/* Same name and key identifier as the pinned CA, another key: only the signature tells. */
static void e1_refuses_a_certificate_that_claims_a_pinned_issuer(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_identity identity = {0};
    X509 *certificate = test_parse(world.card.der);
    struct text forged = {0};

    (void)state;
    X509_set_pubkey(certificate, world.card.key);
    forged = test_sign_again(&scope, world.stranger, certificate);
    assert_int_equal(verify(forged, world.hash, world.signature, &identity),
                     CAUSE_CARD_CERTIFICATE_MALFORMED);
    X509_free(certificate);
}

static void every_changed_byte_of_a_certificate_is_noticed(void **state)
{
    struct card_identity identity = {0};
    char *copy = malloc(world.card.der.size);

    (void)state;
    for (size_t at = 0; at < world.card.der.size; at++) {
        memcpy(copy, world.card.der.bytes, world.card.der.size);
        copy[at] = (char)(copy[at] ^ (1 << at % 8));
        assert_int_not_equal(verify((struct text){copy, world.card.der.size}, world.hash,
                                    world.signature, &identity),
                             CAUSE_NONE);
    }
    free(copy);
}

/* Signed by the pinned CA, but not for user authentication. */
static void e1_refuses_certificates_of_another_purpose(void **state)
{
    static const struct {
        int nid;
        const char *value;
        enum cause cause;
    } changes[] = {
        {NID_certificate_policies, "critical,1.2.392.200149.8.5.1.3.30",
         CAUSE_CARD_CERTIFICATE_PURPOSE},
        {NID_certificate_policies, "critical," ISSUER_SIGNATURE_POLICY_OID,
         CAUSE_CARD_CERTIFICATE_PURPOSE},
        {NID_certificate_policies, NULL, CAUSE_CARD_CERTIFICATE_PURPOSE},
        {NID_certificate_policies, "1.2.3," ISSUER_POLICY_OID, CAUSE_CARD_CERTIFICATE_MALFORMED},
        {NID_key_usage, "critical,digitalSignature,nonRepudiation", CAUSE_CARD_CERTIFICATE_PURPOSE},
        {NID_key_usage, "critical,keyCertSign", CAUSE_CARD_CERTIFICATE_PURPOSE},
        {NID_key_usage, NULL, CAUSE_CARD_CERTIFICATE_PURPOSE},
        {NID_ext_key_usage, "serverAuth", CAUSE_CARD_CERTIFICATE_PURPOSE},
        {NID_ext_key_usage, NULL, CAUSE_CARD_CERTIFICATE_PURPOSE},
        {NID_basic_constraints, "critical,CA:TRUE", CAUSE_CARD_CERTIFICATE_MALFORMED},
        {NID_name_constraints, "critical,permitted;DNS:a.b", CAUSE_CARD_CERTIFICATE_MALFORMED},
        {NID_subject_key_identifier, NULL, CAUSE_NONE}, /* decides nothing */
        {NID_authority_key_identifier, NULL, CAUSE_NONE},
        {NID_subject_alt_name, "DNS:a.b", CAUSE_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        struct card_identity identity = {0};
        X509 *certificate = test_parse(world.card.der);
        test_set_extension(certificate, changes[i].nid, changes[i].value);
        struct text der = test_sign_again(&scope, world.issuer, certificate);
        assert_int_equal(verify(der, world.hash, world.signature, &identity), changes[i].cause);
        X509_free(certificate);
    }
}

static void refuses_what_is_no_certificate(void **state)
{
    struct card_identity identity = {0};
    static char large[CARD_CERTIFICATE_MAX + 1] = {0x30, (char)0x82, 0x0F, (char)0xFD};

    (void)state;
    assert_int_equal(verify((struct text){NULL, 0}, world.hash, world.signature, &identity),
                     CAUSE_CARD_CERTIFICATE_MALFORMED);
    assert_int_equal(verify(TEXT("no DER"), world.hash, world.signature, &identity),
                     CAUSE_CARD_CERTIFICATE_MALFORMED);
    assert_int_equal(
        verify((struct text){large, sizeof large}, world.hash, world.signature, &identity),
        CAUSE_CARD_CERTIFICATE_MALFORMED);
}

/* Wrong ones are not kept, and a full cache lets the oldest go without losing a key in use. */
static void the_cache_is_bounded(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_trust *trust = NULL;
    struct card_identity identity = {0};
    struct card_trust_figures figures;

    (void)state;
    assert_int_equal(card_trust_open(&scope, ca_path, ISSUER_POLICY_OID, 8, &trust), STATUS_OK);
    for (int i = 0; i < 20; i++) {
        X509 *certificate = test_parse(world.card.der);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 9000 + i);
        struct text der = test_sign_again(&scope, world.issuer, certificate);
        for (int round = 0; round < 2; round++)
            assert_int_equal(card_trust_verify(&scope, trust, der, world.hash,
                                               signature_text(world.signature), &identity),
                             STATUS_OK);
        assert_int_equal(identity.serial, 9000 + i);
        X509_free(certificate);
    }
    figures = card_trust_figures(trust);
    assert_int_equal(figures.hits, 20);
    assert_int_equal(figures.misses, 20);
    assert_int_equal(card_trust_verify(&scope, trust, world.card.der, world.hash,
                                       signature_text(world.hash), &identity),
                     STATUS_DENIED);
    assert_int_equal(card_trust_verify(&scope, trust, world.card.der, world.hash,
                                       signature_text(world.signature), &identity),
                     STATUS_OK);
    assert_int_equal(card_trust_figures(trust).hits, 20); /* the wrong one was not kept */
    card_trust_close(trust);
}

static _Atomic int wrong_answers;

static void *verify_many(void *unused)
{
    const struct test_card *cards[] = {&world.card, &world.renewed};

    (void)unused;
    for (int i = 0; i < 200; i++) {
        const struct test_card *card = cards[i % 2];
        unsigned char signature[256];
        struct card_identity identity = {0};
        memcpy(signature, world.signature, sizeof signature);
        if (i % 2 == 1 || i % 10 == 0)
            memset(signature, 1, sizeof signature);
        enum cause cause = verify(card->der, world.hash, signature, &identity);
        bool should = i % 2 == 0 && i % 10 != 0;
        if ((cause == CAUSE_NONE) != should || (should && identity.serial != 7001))
            atomic_fetch_add(&wrong_answers, 1);
    }
    return NULL;
}

static void threads_share_a_trust(void **state)
{
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, verify_many, NULL), 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(wrong_answers, 0);
}

/* A CA file as given; what opening it says. */
static enum cause open_with(struct text pem, const char *policy)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    char path[] = "/tmp/test_trust_ca.XXXXXX";
    struct card_trust *trust = NULL;

    close(mkstemp(path));
    assert_int_equal(file_write(&scope, path, pem, FILE_MODE_PUBLIC), STATUS_OK);
    if (card_trust_open(&scope, path, policy, 16, &trust) == STATUS_OK)
        card_trust_close(trust);
    unlink(path);
    return scope.cause;
}

/* The pinned CA under another organisation's name. */
static struct text renamed_ca(struct scope *scope, const char *organisation)
{
    X509 *certificate = X509_dup(world.issuer->certificate);
    X509_NAME *name = X509_NAME_new();
    const struct issuer_attribute parts[] = {
        {NID_countryName, "JP"}, {NID_organizationName, organisation}, {0, NULL}};
    struct text pem = {0};

    assert_true(issuer_fill_name(name, parts));
    X509_set_subject_name(certificate, name);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, world.issuer->key, EVP_sha256());
    assert_int_equal(issuer_certificate_pem(scope, certificate, &pem), STATUS_OK);
    X509_NAME_free(name);
    X509_free(certificate);
    return pem;
}

static void opens_only_simulated_authorities(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *network = test_make_issuer(&scope, ISSUER_NETWORK);
    struct text ca = {0};
    struct text network_ca = {0};
    struct text twice = {0};
    struct text leaf = {0};
    X509 *card = test_parse(world.card.der);

    (void)state;
    assert_int_equal(issuer_public_pem(&scope, world.issuer, &ca), STATUS_OK);
    assert_int_equal(issuer_public_pem(&scope, network, &network_ca), STATUS_OK);
    assert_int_equal(issuer_certificate_pem(&scope, card, &leaf), STATUS_OK);
    assert_int_equal(text_format(&scope, &twice, "%s%s", ca.bytes, leaf.bytes), STATUS_OK);
    assert_int_equal(open_with(ca, ISSUER_POLICY_OID), CAUSE_NONE);
    assert_int_equal(open_with(renamed_ca(&scope, "JPKI-OTHER"), ISSUER_POLICY_OID), CAUSE_NONE);
    assert_int_equal(open_with(renamed_ca(&scope, "JPKI"), ISSUER_POLICY_OID), CAUSE_CONFIGURATION);
    assert_int_equal(open_with(renamed_ca(&scope, "JPKI-TEST"), ISSUER_POLICY_OID),
                     CAUSE_CONFIGURATION);
    assert_int_equal(open_with(ca, "no policy"), CAUSE_CONFIGURATION);
    assert_int_equal(open_with(network_ca, ISSUER_POLICY_OID), CAUSE_CONFIGURATION);
    assert_int_equal(open_with(twice, ISSUER_POLICY_OID), CAUSE_CONFIGURATION);
    assert_int_equal(open_with(TEXT(""), ISSUER_POLICY_OID), CAUSE_CONFIGURATION);
    ca.size /= 2;
    assert_int_equal(open_with(ca, ISSUER_POLICY_OID), CAUSE_CONFIGURATION);
    X509_free(card);
    issuer_close(network);
}

static int make_world(void **state)
{
    struct text first = {0};
    struct text second = {0};
    struct text both = {0};
    struct scope *scope = &world.scope;

    (void)state;
    world.scope = scope_begin(LIMIT);
    world.issuer = test_make_issuer(scope, ISSUER_CARD_AUTHENTICATION);
    world.younger = test_make_issuer(scope, ISSUER_CARD_AUTHENTICATION);
    world.stranger = test_make_issuer(scope, ISSUER_CARD_AUTHENTICATION);
    world.card = test_make_card(scope, world.issuer, 7001);
    world.renewed = test_make_card(scope, world.younger, 7002);
    world.foreign = test_make_card(scope, world.stranger, 7001);
    memset(world.hash, 0x5A, sizeof world.hash);
    test_sign(world.card.key, world.hash, world.signature);
    close(mkstemp(ca_path));
    if (issuer_public_pem(scope, world.issuer, &first) != STATUS_OK ||
        issuer_public_pem(scope, world.younger, &second) != STATUS_OK ||
        text_format(scope, &both, "%s%s", first.bytes, second.bytes) != STATUS_OK ||
        file_write(scope, ca_path, both, FILE_MODE_PUBLIC) != STATUS_OK)
        return -1;
    return card_trust_open(scope, ca_path, ISSUER_POLICY_OID, 100, &world.trust) == STATUS_OK ? 0
                                                                                              : -1;
}

static int drop_world(void **state)
{
    (void)state;
    card_trust_close(world.trust);
    issuer_close(world.issuer);
    issuer_close(world.younger);
    issuer_close(world.stranger);
    EVP_PKEY_free(world.card.key);
    EVP_PKEY_free(world.renewed.key);
    EVP_PKEY_free(world.foreign.key);
    scope_end(&world.scope);
    return unlink(ca_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_knows_the_holder_of_a_card), /* first: counts hits */
        cmocka_unit_test(k1_takes_the_expiry_from_the_certificate_whatever_the_day),
        cmocka_unit_test(knows_each_generation_of_the_ca),
        cmocka_unit_test(k2_an_expired_ca_still_tells_the_holder),
        cmocka_unit_test(e1_refuses_another_signature),
        cmocka_unit_test(e1_refuses_a_signature_of_another_size),
        cmocka_unit_test(e1_refuses_a_strange_issuer),
        cmocka_unit_test(e1_refuses_a_certificate_that_claims_a_pinned_issuer),
        cmocka_unit_test(every_changed_byte_of_a_certificate_is_noticed),
        cmocka_unit_test(e1_refuses_certificates_of_another_purpose),
        cmocka_unit_test(refuses_what_is_no_certificate),
        cmocka_unit_test(the_cache_is_bounded),
        cmocka_unit_test(threads_share_a_trust),
        cmocka_unit_test(opens_only_simulated_authorities),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
