/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "openssl_reader.h"
#include "proof/der.h"
#include "proof_world.h"

#define LIMIT (1 << 22)

static struct world {
    struct scope scope;
    struct issuer *issuer;
    struct test_card card;
} world;

static enum status read_der(struct text der, struct card_certificate *out)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    enum status status = card_certificate_read(&scope, der, out);

    assert_true(status == STATUS_OK || scope.cause == CAUSE_CARD_CERTIFICATE_MALFORMED);
    return status;
}

static void k1_reads_the_documented_profile(void **state)
{
    struct card_certificate certificate = {0};

    (void)state;
    assert_int_equal(read_der(world.card.der, &certificate), STATUS_OK);
    assert_true(reader_agrees(world.card.der, &certificate));
    assert_int_equal(certificate.serial, 7001);
    assert_int_equal(instant_to_japan14(certificate.not_after), 20291114235959);
    assert_int_equal(instant_to_japan14(certificate.not_before), 20241201120000);
    assert_int_equal(certificate.authority_key.size, 20);
    assert_true(certificate.digital_signature);
    assert_true(certificate.client_auth);
}

/* Reads a copy of exactly its size, so that a step outside is found; counts what was accepted. */
static int check_mutant(const char *bytes, size_t size)
{
    char *exact = malloc(size ? size : 1);
    struct card_certificate certificate = {0};
    struct text der = {exact, size};
    int accepted = 0;

    memcpy(exact, bytes, size);
    if (read_der(der, &certificate) == STATUS_OK) {
        accepted = 1;
        assert_true(reader_agrees(der, &certificate));
    }
    free(exact);
    return accepted;
}

static void agrees_with_openssl_on_each_changed_byte(void **state)
{
    static const unsigned char flips[] = {0x01, 0x02, 0x20, 0x80, 0xFF};
    size_t size = world.card.der.size;
    char *copy = malloc(size);
    int accepted = 0;
    int refused = 0;

    (void)state;
    for (size_t at = 0; at < size; at++) {
        for (size_t i = 0; i < sizeof flips; i++) {
            memcpy(copy, world.card.der.bytes, size);
            copy[at] = (char)(copy[at] ^ flips[i]);
            int good = check_mutant(copy, size);
            accepted += good;
            refused += !good;
        }
    }
    free(copy);
    assert_true(accepted > 2000); /* key, signature, names: still well-formed */
    assert_true(refused > 1000);  /* structure */
}

static void agrees_with_openssl_on_cut_and_random_bytes(void **state)
{
    size_t size = world.card.der.size;
    char *copy = malloc(size + 1);

    (void)state;
    memcpy(copy, world.card.der.bytes, size);
    copy[size] = 0;
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(check_mutant(copy, cut), 0);
    assert_int_equal(check_mutant(copy, size + 1), 0);
    srandom(20241202);
    for (int round = 0; round < 4000; round++) {
        memcpy(copy, world.card.der.bytes, size);
        for (long changes = random() % 4; changes >= 0; changes--)
            copy[(size_t)random() % 700] = (char)random(); /* the fields before the key too */
        check_mutant(copy, size);
    }
    free(copy);
}

/* What a field is replaced by, in a certificate that OpenSSL builds. */
struct change {
    const char *what;
    void (*make)(X509 *certificate);
    enum status status;
};

static void plain(X509 *certificate)
{
    (void)certificate;
}

static void version_1(X509 *certificate)
{
    X509_set_version(certificate, X509_VERSION_1);
}

static void serial_of_eight_bytes(X509 *certificate)
{
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), UINT64_MAX);
}

static void serial_of_nine_bytes(X509 *certificate)
{
    BIGNUM *number = BN_new();

    BN_set_bit(number, 64);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
}

static void serial_zero(X509 *certificate)
{
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 0);
}

static void serial_negative(X509 *certificate)
{
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), -7);
}

static void expires_2050(X509 *certificate)
{
    ASN1_TIME_set_string(X509_getm_notAfter(certificate), "20500101000000Z");
}

static void expires_before_it_begins(X509 *certificate)
{
    ASN1_TIME_set_string(X509_getm_notAfter(certificate), "200101000000Z");
}

static void time_with_zone(X509 *certificate)
{
    ASN1_STRING_set(X509_getm_notAfter(certificate), "2911142359+0900", 15);
}

static void time_without_seconds(X509 *certificate)
{
    ASN1_STRING_set(X509_getm_notAfter(certificate), "2911142359Z", 11);
}

static void day_that_is_none(X509 *certificate)
{
    ASN1_STRING_set(X509_getm_notAfter(certificate), "290230145959Z", 13);
}

static void key_of(X509 *certificate, EVP_PKEY *key)
{
    X509_set_pubkey(certificate, key);
    EVP_PKEY_free(key);
}

static void key_p256(X509 *certificate)
{
    key_of(certificate, issuer_new_p256());
}

static void key_1024(X509 *certificate)
{
    key_of(certificate, EVP_RSA_gen(1024));
}

static void another_policy(X509 *certificate)
{
    test_set_extension(certificate, NID_certificate_policies, "1.2.3.4");
}

static void two_policies(X509 *certificate)
{
    test_set_extension(certificate, NID_certificate_policies, "1.2.3.4,1.2.3.5");
}

static void every_usage(X509 *certificate)
{
    test_set_extension(certificate, NID_key_usage,
                       "critical,digitalSignature,keyEncipherment,decipherOnly");
}

static void no_authority_key(X509 *certificate)
{
    test_set_extension(certificate, NID_authority_key_identifier, NULL);
}

static void email_in_the_name(X509 *certificate)
{
    X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_pkcs9_emailAddress,
                               V_ASN1_IA5STRING, (const unsigned char *)"a@example.jp", -1, -1, 0);
}

static void two_attributes_in_a_part(X509 *certificate)
{
    X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_localityName,
                               V_ASN1_UTF8STRING, (const unsigned char *)"a", -1, -1, -1);
}

static void unknown_extension(X509 *certificate)
{
    test_set_extension(certificate, NID_netscape_comment, "hello");
}

static void unknown_critical_extension(X509 *certificate)
{
    test_set_extension(certificate, NID_netscape_comment, "critical,hello");
}

static void repeated_extension(X509 *certificate)
{
    X509_EXTENSION *usage =
        X509_get_ext(certificate, X509_get_ext_by_NID(certificate, NID_key_usage, -1));

    X509_add_ext(certificate, usage, -1);
}

static void no_extensions(X509 *certificate)
{
    while (X509_get_ext_count(certificate) > 0)
        X509_EXTENSION_free(X509_delete_ext(certificate, 0));
}

static void k1_refuses_what_the_profile_does_not_have(void **state)
{
    static const struct change changes[] = {
        {"plain", plain, STATUS_OK},
        {"version 1", version_1, STATUS_INVALID},
        {"serial of 8 bytes", serial_of_eight_bytes, STATUS_OK},
        {"serial of 9 bytes", serial_of_nine_bytes, STATUS_INVALID},
        {"serial 0", serial_zero, STATUS_INVALID},
        {"serial -7", serial_negative, STATUS_INVALID},
        {"GeneralizedTime", expires_2050, STATUS_OK},
        {"expires before it begins", expires_before_it_begins, STATUS_INVALID},
        {"time with zone", time_with_zone, STATUS_INVALID},
        {"time without seconds", time_without_seconds, STATUS_INVALID},
        {"day that is none", day_that_is_none, STATUS_INVALID},
        {"P-256", key_p256, STATUS_INVALID},
        {"RSA-1024", key_1024, STATUS_INVALID},
        {"another policy", another_policy, STATUS_OK},
        {"two policies", two_policies, STATUS_INVALID},
        {"every usage", every_usage, STATUS_OK},
        {"no authority key", no_authority_key, STATUS_OK},
        {"email in the name", email_in_the_name, STATUS_OK},
        {"two attributes in a part", two_attributes_in_a_part, STATUS_INVALID},
        {"unknown extension", unknown_extension, STATUS_OK},
        {"unknown critical extension", unknown_critical_extension, STATUS_INVALID},
        {"repeated extension", repeated_extension, STATUS_INVALID},
        {"no extensions", no_extensions, STATUS_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        struct card_certificate certificate = {0};
        X509 *made = test_parse(world.card.der);
        changes[i].make(made);
        struct text der = test_sign_again(&scope, world.issuer, made);
        if (read_der(der, &certificate) != changes[i].status)
            fail_msg("%s", changes[i].what);
        if (changes[i].status == STATUS_OK)
            assert_true(reader_agrees(der, &certificate));
        else
            assert_null(certificate.modulus.bytes);
        X509_free(made);
    }
}

static void refuses_another_signature_algorithm(void **state)
{
    struct card_certificate certificate = {0};
    X509 *made = test_parse(world.card.der);
    unsigned char *der = NULL;

    (void)state;
    assert_true(X509_sign(made, world.issuer->key, EVP_sha384()) > 0);
    int size = i2d_X509(made, &der);
    assert_int_equal(read_der((struct text){(char *)der, (size_t)size}, &certificate),
                     STATUS_INVALID);
    OPENSSL_free(der);
    X509_free(made);
}

/* DER has one form for each value; BER's others are refused. */
static void the_walk_takes_der_only(void **state)
{
    const struct {
        struct text bytes;
        bool good;
    } integers[] = {
        {TEXT("\x02\x01\x01"), true},
        {TEXT("\x02\x02\x00\x80"), true},
        {TEXT("\x02\x08\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), true},
        {TEXT("\x02\x09\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), true},
        {TEXT("\x02\x09\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), false},
        {TEXT("\x02\x01\x00"), false},         /* zero */
        {TEXT("\x02\x01\x80"), false},         /* negative */
        {TEXT("\x02\x02\x00\x01"), false},     /* a needless byte */
        {TEXT("\x02\x00"), false},             /* nothing */
        {TEXT("\x02\x81\x01\x01"), false},     /* length not in its shortest form */
        {TEXT("\x02\x82\x00\x01\x01"), false}, /* the same */
        {TEXT("\x02\x80\x01\x00\x00"), false}, /* indefinite */
        {TEXT("\x02\x83\x00\x00\x01\x01"), false},
        {TEXT("\x02\xFF\x01"), false},
        {TEXT("\x02\x02\x01"), false}, /* cut */
        {TEXT("\x02"), false},
        {TEXT(""), false},
        {TEXT("\x22\x01\x01"), false}, /* constructed */
        {TEXT("\x1F\x02\x01\x01"), false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        struct text rest = integers[i].bytes;
        uint64_t number = 0;
        assert_int_equal(der_take_number(&rest, &number), integers[i].good);
        assert_true(!integers[i].good || (rest.size == 0 && number > 0));
    }
}

static void takes_well_formed_oids_and_names_only(void **state)
{
    const struct {
        struct text bytes;
        bool good;
    } oids[] = {
        {TEXT("\x06\x03\x55\x1D\x0F"), true},
        {TEXT("\x06\x02\x81\x01"), true},
        {TEXT("\x06\x00"), false},
        {TEXT("\x06\x02\x55\x80"), false}, /* does not end */
        {TEXT("\x06\x03\x55\x80\x01"), false},
        {TEXT("\x06\x01\x80"), false},
    };
    const struct {
        struct text bytes;
        bool good;
    } names[] = {
        {TEXT("\x30\x00"), true},
        {TEXT("\x30\x0D\x31\x0B\x30\x09\x06\x03\x55\x04\x06\x13\x02JP"), true},
        {TEXT("\x30\x0D\x31\x0B\x30\x09\x06\x03\x55\x04\x06\x0C\x02\xC3\xA9"), true},
        {TEXT("\x30\x0D\x31\x0B\x30\x09\x06\x03\x55\x04\x06\x13\x02J@"), false},
        {TEXT("\x30\x0D\x31\x0B\x30\x09\x06\x03\x55\x04\x06\x0C\x02\xC0\x80"), false},
        {TEXT("\x30\x0D\x31\x0B\x30\x09\x06\x03\x55\x04\x06\x1E\x02JP"), false}, /* BMPString */
        {TEXT("\x30\x0B\x31\x09\x30\x07\x06\x03\x55\x04\x06\x13\x00"), false},   /* empty */
        {TEXT("\x30\x02\x31\x00"), false},
        {TEXT("\x30\x04\x31\x02\x30\x00"), false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof oids / sizeof oids[0]; i++) {
        struct text rest = oids[i].bytes;
        struct text whole = {0};
        assert_int_equal(der_take_oid(&rest, &whole), oids[i].good);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct text rest = names[i].bytes;
        assert_int_equal(der_take_name(&rest, NULL), names[i].good);
    }
}

static int make_world(void **state)
{
    (void)state;
    world.scope = scope_begin(LIMIT);
    world.issuer = test_make_issuer(&world.scope, ISSUER_CARD_AUTHENTICATION);
    world.card = test_make_card(&world.scope, world.issuer, 7001);
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    EVP_PKEY_free(world.card.key);
    issuer_close(world.issuer);
    scope_end(&world.scope);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_reads_the_documented_profile),
        cmocka_unit_test(agrees_with_openssl_on_each_changed_byte),
        cmocka_unit_test(agrees_with_openssl_on_cut_and_random_bytes),
        cmocka_unit_test(k1_refuses_what_the_profile_does_not_have),
        cmocka_unit_test(refuses_another_signature_algorithm),
        cmocka_unit_test(the_walk_takes_der_only),
        cmocka_unit_test(takes_well_formed_oids_and_names_only),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
