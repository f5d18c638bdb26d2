/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card_world.h"

#define LIMIT (1 << 20)

static void assert_same(const struct card_image *a, const struct card_image *b)
{
    assert_true(text_equal(a->label, b->label));
    assert_true(text_equal(a->auth_certificate, b->auth_certificate));
    assert_true(text_equal(a->auth_ca, b->auth_ca));
    assert_true(text_equal(a->auth_key_pem, b->auth_key_pem));
    assert_true(text_equal(a->sign_certificate, b->sign_certificate));
    assert_true(text_equal(a->sign_ca, b->sign_ca));
    assert_true(text_equal(a->sign_key_pem, b->sign_key_pem));
    assert_true(text_equal(a->terminal_ca_pem, b->terminal_ca_pem));
    assert_true(text_equal(a->card_number, b->card_number));
    assert_true(text_equal(a->municipality, b->municipality));
    assert_string_equal(a->auth_pin, b->auth_pin);
    assert_string_equal(a->sign_password, b->sign_password);
    assert_int_equal(a->auth_tries, b->auth_tries);
    assert_int_equal(a->sign_tries, b->sign_tries);
    assert_int_equal(a->card_expires.yyyymmdd, b->card_expires.yyyymmdd);
}

static void a_card_comes_back_as_it_was(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_image bare = {.label = TEXT(""), .auth_tries = 0};
    const struct card_image *images[] = {&card_world.image, &bare};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct card_image read = {0};
        assert_int_equal(card_image_write(&scope, card_world.path, images[i]), STATUS_OK);
        assert_int_equal(card_image_read(&scope, card_world.path, &read), STATUS_OK);
        assert_same(images[i], &read);
    }
}

static void writes_no_card_that_could_not_be_read(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_image wrong[9];

    (void)state;
    unlink(card_world.path);
    for (size_t i = 0; i < 9; i++)
        wrong[i] = card_world.image;
    wrong[0].auth_tries = 4;
    wrong[1].sign_tries = -1;
    memcpy(wrong[2].auth_pin, "12a4", 5);
    memcpy(wrong[3].sign_password, "abc123", 7);
    wrong[4].label = TEXT("A LABEL THAT IS LONGER THAN 32 CHARACTERS");
    wrong[5].label = TEXT("\xE3\x81\x82");
    wrong[6].auth_certificate.size--;
    wrong[7].card_number = TEXT("12345");
    wrong[8].card_expires = DATE(20340230);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(card_image_write(&scope, card_world.path, &wrong[i]), STATUS_INVALID);
        scope_forgive(&scope);
    }
    assert_int_not_equal(access(card_world.path, F_OK), 0);
}

/* The file with one text replaced by another. */
static struct text edited(struct scope *scope, const char *from, const char *to)
{
    struct text json = {0};
    struct text made = {0};
    const char *at = NULL;

    assert_int_equal(card_image_write(scope, card_world.path, &card_world.image), STATUS_OK);
    assert_int_equal(file_read(scope, card_world.path, LIMIT, &json), STATUS_OK);
    at = strstr(json.bytes, from);
    assert_non_null(at);
    assert_int_equal(text_format(scope, &made, "%.*s%s%s", (int)(at - json.bytes), json.bytes, to,
                                 at + strlen(from)),
                     STATUS_OK);
    return made;
}

static void refuses_files_that_are_no_card(void **state)
{
    static const struct {
        const char *from, *to;
    } edits[] = {
        {"shikaku-card-1", "shikaku-card-2"},
        {"\"auth_pin\": \"1234\"", "\"auth_pin\": \"12345\""},
        {"\"auth_pin\": \"1234\"", "\"auth_pin\": \"123\""},
        {"\"auth_pin\": \"1234\"", "\"auth_pin\": 1234"},
        {"\"auth_pin\": \"1234\"", "\"auth_pin\": null"},
        {"\"auth_pin\": \"1234\"", "\"auth_pin\": \"1234\", \"auth_pin\": \"1234\""},
        {"\"auth_pin\": \"1234\",", ""},
        {"\"auth_pin\": \"1234\",", "\"auth_pin\": \"1234\", \"other\": 1,"},
        {"\"auth_tries\": 3", "\"auth_tries\": 4"},
        {"\"auth_tries\": 3", "\"auth_tries\": -1"},
        {"\"auth_tries\": 3", "\"auth_tries\": 3.0"},
        {"\"auth_tries\": 3", "\"auth_tries\": 4294967299"},
        {"\"auth_tries\": 3", "\"auth_tries\": \"3\""},
        {"\"sign_password\": \"ABC123\"", "\"sign_password\": \"ABC12345678901234567890\""},
        {"\"auth_certificate\": \"MII", "\"auth_certificate\": \"MI I"},
        {"\"auth_certificate\": \"MII", "\"auth_certificate\": \"%II"},
        {"\"auth_certificate\": \"MII", "\"auth_certificate\": \"AAA"},
        {"-----BEGIN PRIVATE", "BEGIN PRIVATE"},
        {"\"20341114\"", "\"20340230\""},
        {"\"20341114\"", "\"2034\""},
        {"\"13104\"", "\"1310\""},
        {"{", "["},
        {"{", "{}{"},
        {"}", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        struct card_image read = {0};
        struct text json = edited(&scope, edits[i].from, edits[i].to);
        if (card_image_parse(&scope, json, &read) != STATUS_INVALID)
            fail_msg("accepted: %s", edits[i].to);
        assert_int_equal(scope.cause, CAUSE_CONFIGURATION);
        assert_null(read.auth_certificate.bytes);
        assert_null(strstr(scope.failure, "1234"));
        assert_null(strstr(scope.failure, "ABC"));
    }
}

static void refuses_keys_that_no_card_has(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_image without = card_world.image;
    struct card_image wrong = card_world.image;
    struct card_link *card = NULL;

    (void)state;
    without.auth_key_pem = (struct text){NULL, 0};
    assert_int_equal(card_image_write(&scope, card_world.path, &without), STATUS_OK);
    assert_int_equal(emulated_card_open(&scope, card_world.path, &card), STATUS_INVALID);
    scope_forgive(&scope);
    wrong.auth_key_pem = TEXT("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assert_int_equal(card_image_write(&scope, card_world.path, &wrong), STATUS_OK);
    assert_int_equal(emulated_card_open(&scope, card_world.path, &card), STATUS_INVALID);
    scope_forgive(&scope);
    wrong.auth_key_pem = card_world.image.terminal_ca_pem; /* public only */
    assert_int_equal(card_image_write(&scope, card_world.path, &wrong), STATUS_OK);
    assert_int_equal(emulated_card_open(&scope, card_world.path, &card), STATUS_INVALID);
    scope_forgive(&scope);
    unlink(card_world.path);
    assert_int_equal(emulated_card_open(&scope, card_world.path, &card), STATUS_UNAVAILABLE);
    assert_null(card);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_comes_back_as_it_was),
        cmocka_unit_test(writes_no_card_that_could_not_be_read),
        cmocka_unit_test(refuses_files_that_are_no_card),
        cmocka_unit_test(refuses_keys_that_no_card_has),
    };
    return cmocka_run_group_tests(tests, card_world_begin, card_world_end);
}
