/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "proof/issuer.h"

#define LIMIT (1 << 20)
#define NOT_BEFORE instant_noon(DATE(20241201))

static char folder[] = "/tmp/test_issuer.XXXXXX";

static const char *path_of(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static X509 *parse(struct text der)
{
    const unsigned char *at = (const unsigned char *)der.bytes;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.size);

    assert_non_null(certificate);
    assert_ptr_equal(at, der.bytes + der.size);
    return certificate;
}

static X509 *ca_of(struct scope *scope, const struct issuer *issuer)
{
    struct text der = {0};

    assert_int_equal(issuer_certificate(scope, issuer, &der), STATUS_OK);
    return parse(der);
}

static int critical(const X509 *certificate, int nid)
{
    return X509_EXTENSION_get_critical(
        X509_get_ext(certificate, X509_get_ext_by_NID(certificate, nid, -1)));
}

/* The extension as OpenSSL prints it. */
static const char *printed(const X509 *certificate, int nid)
{
    static char text[2048];
    BIO *bio = BIO_new(BIO_s_mem());
    int at = X509_get_ext_by_NID(certificate, nid, -1);
    int size = 0;

    assert_true(at >= 0);
    assert_int_equal(X509V3_EXT_print(bio, X509_get_ext(certificate, at), 0, 0), 1);
    size = BIO_read(bio, text, sizeof text - 1);
    text[size > 0 ? size : 0] = '\0';
    BIO_free(bio);
    return text;
}

static void assert_entry(const X509_NAME *name, int at, int nid, int type, const char *value)
{
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, at);
    const ASN1_STRING *string = X509_NAME_ENTRY_get_data(entry);

    assert_int_equal(OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)), nid);
    assert_int_equal(ASN1_STRING_type(string), type);
    if (value)
        assert_string_equal(ASN1_STRING_get0_data(string), value);
}

static void assert_time(const ASN1_TIME *time, const char *value)
{
    assert_int_equal(ASN1_STRING_type(time), V_ASN1_UTCTIME);
    assert_string_equal(ASN1_STRING_get0_data(time), value);
}

static struct issuer *make(struct scope *scope, enum issuer_kind kind)
{
    struct issuer *issuer = NULL;

    assert_int_equal(issuer_make(scope, kind, NOT_BEFORE, &issuer), STATUS_OK);
    return issuer;
}

static void the_card_ca_has_the_documented_profile(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *issuer = make(&scope, ISSUER_CARD_AUTHENTICATION);
    X509 *ca = ca_of(&scope, issuer);
    const X509_NAME *name = X509_get_subject_name(ca);

    (void)state;
    assert_int_equal(X509_get_version(ca), X509_VERSION_3);
    assert_int_equal(X509_verify(ca, X509_get0_pubkey(ca)), 1);
    assert_int_equal(X509_get_signature_nid(ca), NID_sha256WithRSAEncryption);
    assert_int_equal(EVP_PKEY_get_bits(X509_get0_pubkey(ca)), 2048);
    assert_int_equal(X509_NAME_cmp(name, X509_get_issuer_name(ca)), 0);
    assert_entry(name, 0, NID_countryName, V_ASN1_PRINTABLESTRING, "JP");
    assert_entry(name, 1, NID_organizationName, V_ASN1_UTF8STRING, "JPKI-SIM");
    assert_entry(name, 2, NID_organizationalUnitName, V_ASN1_UTF8STRING,
                 "JPKI for user authentication");
    assert_int_equal(X509_NAME_entry_count(name), 4);
    assert_time(X509_get0_notAfter(ca), "341130145959Z");
    assert_string_equal(printed(ca, NID_key_usage), "Certificate Sign, CRL Sign");
    assert_string_equal(printed(ca, NID_basic_constraints), "CA:TRUE");
    assert_true(critical(ca, NID_key_usage) && critical(ca, NID_basic_constraints));
    assert_true(X509_get_ext_by_NID(ca, NID_subject_alt_name, -1) >= 0);
    assert_true(X509_get_ext_by_NID(ca, NID_crl_distribution_points, -1) >= 0);
    assert_int_equal(X509_get_ext_by_NID(ca, NID_authority_key_identifier, -1), -1);
    X509_free(ca);
    issuer_close(issuer);
}

static const struct card_certificate_order order = {
    .serial = 0x01234567,
    .not_before = {INT64_C(1733022000000000)}, /* 2024-12-01T03:00:00Z */
    .expires = {20291114},
    .municipality = "13104",
};

static void assert_card_extensions(X509 *card)
{
    assert_string_equal(printed(card, NID_key_usage), "Digital Signature");
    assert_true(critical(card, NID_key_usage));
    assert_string_equal(printed(card, NID_ext_key_usage), "TLS Web Client Authentication");
    assert_false(critical(card, NID_ext_key_usage));
    assert_true(critical(card, NID_certificate_policies));
    assert_non_null(strstr(printed(card, NID_certificate_policies), ISSUER_POLICY_OID));
    assert_non_null(strstr(printed(card, NID_certificate_policies), "CPS: http://"));
    assert_non_null(strstr(printed(card, NID_info_access), "OCSP - URI:http://"));
    assert_non_null(strstr(printed(card, NID_issuer_alt_name), "DirName:"));
    assert_non_null(strstr(printed(card, NID_crl_distribution_points), "13104 CRLDP"));
    assert_non_null(strstr(printed(card, NID_authority_key_identifier), "serial:"));
    assert_int_equal(ASN1_STRING_length(X509_get0_subject_key_id(card)), 20);
    assert_int_equal(X509_get_ext_by_NID(card, NID_subject_alt_name, -1), -1);
}

static void a_card_certificate_has_the_documented_profile(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *issuer = make(&scope, ISSUER_CARD_AUTHENTICATION);
    X509 *ca = ca_of(&scope, issuer);
    struct text key = {0};
    struct text der = {0};
    uint64_t serial = 0;

    (void)state;
    assert_int_equal(issuer_make_card(&scope, issuer, &order, &key, &der), STATUS_OK);
    assert_true(der.size > 1300 && der.size < 1800);
    X509 *card = parse(der);
    assert_int_equal(X509_get_version(card), X509_VERSION_3);
    assert_int_equal(ASN1_INTEGER_get_uint64(&serial, X509_get0_serialNumber(card)), 1);
    assert_int_equal(serial, 0x01234567);
    assert_int_equal(X509_verify(card, X509_get0_pubkey(ca)), 1);
    assert_int_equal(X509_check_issued(ca, card), X509_V_OK);
    assert_time(X509_get0_notBefore(card), "241201030000Z");
    assert_time(X509_get0_notAfter(card), "291114145959Z");
    assert_entry(X509_get_subject_name(card), 0, NID_countryName, V_ASN1_PRINTABLESTRING, "JP");
    assert_entry(X509_get_subject_name(card), 1, NID_commonName, V_ASN1_UTF8STRING, NULL);
    const ASN1_STRING *name =
        X509_NAME_ENTRY_get_data(X509_NAME_get_entry(X509_get_subject_name(card), 1));
    assert_int_equal(ASN1_STRING_length(name), 23);
    assert_memory_equal(ASN1_STRING_get0_data(name) + 14, "13104", 5);
    assert_int_equal(ASN1_STRING_get0_data(name)[22], 'A');
    assert_card_extensions(card);
    X509_free(card);
    X509_free(ca);
    issuer_close(issuer);
}

static void a_signature_certificate_has_its_own_usage_and_policy(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *issuer = make(&scope, ISSUER_CARD_SIGNATURE);
    struct text key = {0};
    struct text der = {0};

    (void)state;
    assert_int_equal(issuer_make_card(&scope, issuer, &order, &key, &der), STATUS_OK);
    X509 *card = parse(der);
    assert_string_equal(printed(card, NID_key_usage), "Digital Signature, Non Repudiation");
    assert_int_equal(X509_get_ext_by_NID(card, NID_ext_key_usage, -1), -1);
    assert_non_null(strstr(printed(card, NID_certificate_policies), ISSUER_SIGNATURE_POLICY_OID));
    X509_free(card);
    issuer_close(issuer);
}

static void refuses_orders_that_no_card_can_have(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *cards = make(&scope, ISSUER_CARD_AUTHENTICATION);
    struct issuer *network = make(&scope, ISSUER_NETWORK);
    struct card_certificate_order wrong[5];
    struct text key = {0};
    struct text der = {0};

    (void)state;
    for (size_t i = 0; i < 5; i++)
        wrong[i] = order;
    wrong[0].serial = 0;
    wrong[1].municipality = "1310";
    wrong[2].municipality = "13\n04"; /* would reach a configuration text */
    wrong[3].expires = DATE(20290230);
    wrong[4].common_name = "TOO SHORT";
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(issuer_make_card(&scope, cards, &wrong[i], &key, &der), STATUS_INVALID);
        scope_forgive(&scope);
    }
    assert_int_equal(issuer_make_card(&scope, network, &order, &key, &der), STATUS_CORRUPT);
    issuer_close(cards);
    issuer_close(network);
}

static X509 *read_pem(struct scope *scope, const char *path)
{
    struct text pem = {0};
    X509 *certificate = NULL;

    assert_int_equal(file_read(scope, path, 65536, &pem), STATUS_OK);
    BIO *bio = BIO_new_mem_buf(pem.bytes, (int)pem.size);
    certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    assert_non_null(certificate);
    return certificate;
}

static void network_certificates_name_role_and_code(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *issuer = make(&scope, ISSUER_NETWORK);
    struct network_certificate_order client = {"institution", "1312345670", NULL, NOT_BEFORE,
                                               instant_noon(DATE(20280301))};
    struct network_certificate_order server = {"server", "localhost", "localhost,127.0.0.1,::1",
                                               NOT_BEFORE, instant_noon(DATE(20280301))};
    X509 *ca = ca_of(&scope, issuer);
    struct stat about;

    (void)state;
    assert_int_equal(
        issuer_make_network(&scope, issuer, &client, path_of("c.key"), path_of("c.pem")),
        STATUS_OK);
    assert_int_equal(
        issuer_make_network(&scope, issuer, &server, path_of("s.key"), path_of("s.pem")),
        STATUS_OK);
    assert_int_equal(stat(path_of("c.key"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    X509 *certificate = read_pem(&scope, path_of("c.pem"));
    assert_int_equal(X509_verify(certificate, X509_get0_pubkey(ca)), 1);
    assert_true(EVP_PKEY_is_a(X509_get0_pubkey(certificate), "EC"));
    assert_entry(X509_get_subject_name(certificate), 2, NID_organizationalUnitName,
                 V_ASN1_UTF8STRING, "institution");
    assert_entry(X509_get_subject_name(certificate), 3, NID_commonName, V_ASN1_UTF8STRING,
                 "1312345670");
    assert_string_equal(printed(certificate, NID_ext_key_usage), "TLS Web Client Authentication");
    assert_int_equal(X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1), -1);
    X509_free(certificate);
    certificate = read_pem(&scope, path_of("s.pem"));
    assert_string_equal(printed(certificate, NID_ext_key_usage), "TLS Web Server Authentication");
    assert_int_equal(X509_check_host(certificate, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "::1", 0), 1);
    assert_int_equal(X509_check_host(certificate, "example.jp", 0, 0, NULL), 0);
    X509_free(certificate);
    X509_free(ca);
    issuer_close(issuer);
}

static void hosts_cannot_smuggle_extensions(void **state)
{
    static const char *const wrong[] = {"", "a,", ",a", "a\nb", "a;IP", "@section", "a b", "999.1"};
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *issuer = make(&scope, ISSUER_NETWORK);
    struct network_certificate_order server = {"server", "localhost", NULL, NOT_BEFORE, NOT_BEFORE};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        server.hosts = wrong[i];
        assert_int_not_equal(
            issuer_make_network(&scope, issuer, &server, path_of("x.key"), path_of("x.pem")),
            STATUS_OK);
        scope_forgive(&scope);
    }
    assert_int_not_equal(access(path_of("x.key"), F_OK), 0);
    issuer_close(issuer);
}

static void an_issuer_survives_its_files(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *made = make(&scope, ISSUER_CARD_AUTHENTICATION);
    struct issuer *other = make(&scope, ISSUER_NETWORK);
    struct issuer *read = NULL;
    struct text before = {0};
    struct text after = {0};

    (void)state;
    assert_int_equal(issuer_write(&scope, made, path_of("ca.key"), path_of("ca.pem")), STATUS_OK);
    assert_int_equal(issuer_read(&scope, ISSUER_CARD_AUTHENTICATION, path_of("ca.key"),
                                 path_of("ca.pem"), &read),
                     STATUS_OK);
    assert_int_equal(issuer_certificate(&scope, made, &before), STATUS_OK);
    assert_int_equal(issuer_certificate(&scope, read, &after), STATUS_OK);
    assert_true(text_equal(before, after));
    issuer_close(read);
    assert_int_equal(issuer_write(&scope, other, path_of("n.key"), path_of("n.pem")), STATUS_OK);
    assert_int_equal(
        issuer_read(&scope, ISSUER_CARD_AUTHENTICATION, path_of("n.key"), path_of("ca.pem"), &read),
        STATUS_INVALID);
    assert_int_equal(
        issuer_read(&scope, ISSUER_CARD_AUTHENTICATION, path_of("ca.key"), path_of("n.pem"), &read),
        STATUS_INVALID);
    assert_int_equal(issuer_read(&scope, ISSUER_CARD_AUTHENTICATION, path_of("ca.pem"),
                                 path_of("ca.pem"), &read),
                     STATUS_INVALID);
    assert_int_equal(
        issuer_read(&scope, ISSUER_CARD_AUTHENTICATION, path_of("none"), path_of("ca.pem"), &read),
        STATUS_UNAVAILABLE);
    issuer_close(made);
    issuer_close(other);
}

static void a_terminal_credential_has_the_reported_layout(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct issuer *issuer = make(&scope, ISSUER_TERMINAL);
    struct text pem = {0};
    struct text public_pem = {0};
    char *name = NULL;
    char *header = NULL;
    unsigned char *bytes = NULL;
    long size = 0;

    (void)state;
    assert_int_equal(issuer_make_terminal(&scope, issuer, "1312345670", path_of("t.pem")),
                     STATUS_OK);
    assert_int_equal(file_read(&scope, path_of("t.pem"), 65536, &pem), STATUS_OK);
    BIO *bio = BIO_new_mem_buf(pem.bytes, (int)pem.size);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    assert_non_null(key);
    assert_int_equal(PEM_read_bio(bio, &name, &header, &bytes, &size), 1);
    assert_string_equal(name, "CARD VERIFIABLE CERTIFICATE");
    assert_int_equal(size, 568);
    assert_memory_equal(bytes, "\x7F\x21\x82\x02\x33\x5F\x4E\x82\x01\x29", 10);
    assert_memory_equal(bytes + 26, "1312345670", 10);
    EVP_PKEY_free(key);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(bytes);
    BIO_free(bio);
    assert_int_equal(issuer_public_pem(&scope, issuer, &public_pem), STATUS_OK);
    assert_true(text_starts_with(public_pem, "-----BEGIN PUBLIC KEY-----"));
    issuer_close(issuer);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    static const char *const names[] = {"c.key",  "c.pem", "s.key", "s.pem", "ca.key",
                                        "ca.pem", "n.key", "n.pem", "t.pem"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(path_of(names[i]));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_card_ca_has_the_documented_profile),
        cmocka_unit_test(a_card_certificate_has_the_documented_profile),
        cmocka_unit_test(a_signature_certificate_has_its_own_usage_and_policy),
        cmocka_unit_test(refuses_orders_that_no_card_can_have),
        cmocka_unit_test(network_certificates_name_role_and_code),
        cmocka_unit_test(hosts_cannot_smuggle_extensions),
        cmocka_unit_test(an_issuer_survives_its_files),
        cmocka_unit_test(a_terminal_credential_has_the_reported_layout),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
