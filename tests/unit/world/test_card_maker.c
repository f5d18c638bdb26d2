/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "card/emulated_card.h"
#include "card/jpki.h"
#include "proof/card_certificate.h"
#include "world/card_maker.h"

#define LIMIT (16UL * 1024 * 1024)
#define T DATE(20261105)

static struct world_folder folder;
static struct world_keys keys;
static struct scope scope;

static int begin(void **state)
{
    char path[] = "/tmp/shikaku-cards-XXXXXX";

    (void)state;
    scope = scope_begin(LIMIT);
    if (!mkdtemp(path) || folder_begin(&scope, path, false, &folder) != STATUS_OK ||
        keys_make(&scope, &folder, T, 90000000, &keys) != STATUS_OK)
        return -1;
    return 0;
}

static int end(void **state)
{
    (void)state;
    keys_close(&keys);
    folder_remove(&folder);
    scope_end(&scope);
    return 0;
}

static struct card_job job_of(const char *file, uint64_t serial, enum cast_card kind)
{
    struct card_job job = {.holder = 1,
                           .birth = DATE(19850101),
                           .state = CERTIFICATE_CURRENT,
                           .serial = serial,
                           .not_before = DATE(20240501),
                           .expires = DATE(20290501),
                           .municipality = "13201",
                           .kind = kind};

    snprintf(job.file, sizeof job.file, "cards/%s.card", file);
    return job;
}

static struct card_link *open_card(const char *file)
{
    char name[FOLDER_FILE_MAX];
    char path[FOLDER_PATH_SIZE];
    struct card_link *link = NULL;

    snprintf(name, sizeof name, "cards/%s.card", file);
    folder_path(&folder, name, path);
    if (emulated_card_open(&scope, path, &link) != STATUS_OK ||
        jpki_select(&scope, link) != STATUS_OK)
        fail_msg("%s", scope.failure);
    return link;
}

/* E2: usual, PIN-less and locked cards, a credential among them, by several workers. */
static void e2_cards_sign_and_their_authority_is_known(void **state)
{
    struct card_job jobs[4] = {job_of("usual", 20000007, CARD_USUAL),
                               job_of("pinless", 20000015, CARD_PINLESS),
                               job_of("locked", 20000023, CARD_PIN_LOCKED),
                               {.institution = CAST_CLINIC, .file = "pki/terminal.credential"}};
    const struct card_maker maker = {&folder, &keys, NULL, NULL};
    CLEANUP(scope_end) struct scope answer = scope_begin(LIMIT);
    char path[FOLDER_PATH_SIZE];
    struct card_trust *trust = NULL;
    struct card_identity identity = {0};
    struct text certificate = {0};
    unsigned char hash[32] = {1, 2, 3};
    unsigned char signature[256];
    struct card_link *link = NULL;
    int tries = 0;

    (void)state;
    jobs[0].signature = true;
    if (card_maker_run(&scope, &maker, jobs, 4) != STATUS_OK)
        fail_msg("%s", scope.failure);
    folder_path(&folder, "pki/card-ca.pem", path);
    assert_int_equal(card_trust_open(&answer, path, ISSUER_POLICY_OID, 16, &trust), STATUS_OK);
    link = open_card("usual");
    assert_int_equal(jpki_pin_tries(&answer, link, &tries), STATUS_OK);
    assert_int_equal(tries, 3);
    assert_int_equal(jpki_verify_pin(&answer, link, CARD_MAKER_PIN, 4, &tries), STATUS_OK);
    assert_int_equal(jpki_sign(&answer, link, hash, signature), STATUS_OK);
    assert_int_equal(jpki_read_certificate(&answer, link, &certificate), STATUS_OK);
    assert_int_equal(card_trust_verify(&answer, trust, certificate, hash,
                                       (struct text){(char *)signature, 256}, &identity),
                     STATUS_OK);
    assert_int_equal(identity.issuer, 1);
    assert_int_equal(identity.serial, 20000007);
    assert_int_equal(identity.not_before.yyyymmdd, 20240501);
    assert_int_equal(identity.expires.yyyymmdd, 20290501);
    link->ops->close(link);
    link = open_card("locked");
    assert_int_equal(jpki_pin_tries(&answer, link, &tries), STATUS_OK);
    assert_int_equal(tries, 0);
    assert_int_not_equal(jpki_verify_pin(&answer, link, CARD_MAKER_PIN, 4, &tries), STATUS_OK);
    link->ops->close(link);
    card_trust_close(trust);
}

/* The credential lets a card without PIN sign: face and visual modes. */
static void e2_the_credential_is_accepted_by_pinless_cards(void **state)
{
    struct card_job jobs[2] = {job_of("face", 20000031, CARD_PINLESS),
                               {.institution = CAST_CLINIC, .file = "pki/face.credential"}};
    const struct card_maker maker = {&folder, &keys, NULL, NULL};
    char path[FOLDER_PATH_SIZE];
    struct terminal_credential *credential = NULL;
    unsigned char hash[32] = {1};
    unsigned char signature[256];
    struct card_link *link = NULL;

    (void)state;
    assert_int_equal(card_maker_run(&scope, &maker, jobs, 2), STATUS_OK);
    folder_path(&folder, "pki/face.credential", path);
    assert_int_equal(terminal_credential_open(&scope, path, &credential), STATUS_OK);
    link = open_card("face");
    if (jpki_authenticate_terminal(&scope, link, credential) != STATUS_OK ||
        jpki_sign(&scope, link, hash, signature) != STATUS_OK)
        fail_msg("%s", scope.failure);
    link->ops->close(link);
    terminal_credential_close(credential);
}

static void a_stop_and_a_failing_disk_end_it(void **state)
{
    struct card_job jobs[2] = {job_of("never", 20000039, CARD_USUAL),
                               job_of("nowhere/never", 20000047, CARD_USUAL)};
    CLEANUP(scope_end) struct scope failing = scope_begin(LIMIT);
    atomic_bool stop = true;
    struct card_maker maker = {&folder, &keys, &stop, NULL};
    char path[FOLDER_PATH_SIZE];

    (void)state;
    assert_int_equal(card_maker_run(&failing, &maker, jobs, 2), STATUS_UNAVAILABLE);
    folder_path(&folder, jobs[0].file, path);
    assert_int_not_equal(access(path, F_OK), 0);
    scope_forgive(&failing);
    maker.stop = NULL;
    assert_int_equal(card_maker_run(&failing, &maker, &jobs[1], 1), STATUS_UNAVAILABLE);
    assert_true(failing.failure[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e2_cards_sign_and_their_authority_is_known),
        cmocka_unit_test(e2_the_credential_is_accepted_by_pinless_cards),
        cmocka_unit_test(a_stop_and_a_failing_disk_end_it),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
