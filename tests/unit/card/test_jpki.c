/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card_world.h"

#define LIMIT (1 << 20)

static const unsigned char hash[32] = {0x5A, 1, 2, 3};

static struct card_link *open_selected(struct scope *scope, const struct card_image *image)
{
    struct card_link *card = card_world_open(image);

    assert_int_equal(jpki_select(scope, card), STATUS_OK);
    return card;
}

static void reads_label_and_certificate(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_link *card = open_selected(&scope, &card_world.image);
    struct text label = {0};
    struct text certificate = {0};

    (void)state;
    assert_int_equal(jpki_read_label(&scope, card, &label), STATUS_OK);
    assert_true(text_is(label, "JPKIAPICCTOKEN2"));
    assert_int_equal(jpki_read_certificate(&scope, card, &certificate), STATUS_OK);
    assert_true(text_equal(certificate, card_world.image.auth_certificate));
    card->ops->close(card);
}

static void e2_signs_after_the_pin(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_link *card = open_selected(&scope, &card_world.image);
    unsigned char signature[256];
    int tries = -1;

    (void)state;
    assert_int_equal(jpki_sign(&scope, card, hash, signature), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    assert_int_equal(jpki_pin_tries(&scope, card, &tries), STATUS_OK);
    assert_int_equal(tries, 3);
    assert_int_equal(jpki_verify_pin(&scope, card, "1234", 4, &tries), STATUS_OK);
    assert_int_equal(jpki_sign(&scope, card, hash, signature), STATUS_OK);
    assert_true(card_world_signed(hash, signature));
    assert_int_equal(card->ops->reset(&scope, card), STATUS_OK);
    assert_int_equal(jpki_sign(&scope, card, hash, signature), STATUS_UNAVAILABLE);
    card->ops->close(card);
}

static void e2_tells_wrong_pins_from_locked_ones(void **state)
{
    static const struct {
        const char *pin;
        enum cause cause;
        int tries;
    } attempts[] = {
        {"9999", CAUSE_CARD_PIN_WRONG, 2},    {"123", CAUSE_CODE_VALUE_WRONG, 2},
        {"12345", CAUSE_CODE_VALUE_WRONG, 2}, {"12a4", CAUSE_CODE_VALUE_WRONG, 2},
        {"0000", CAUSE_CARD_PIN_WRONG, 1},    {"0001", CAUSE_CARD_PIN_LOCKED, 0},
        {"1234", CAUSE_CARD_PIN_LOCKED, 0},
    };
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_link *card = open_selected(&scope, &card_world.image);
    int tries = 3;

    (void)state;
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        const char *pin = attempts[i].pin;
        assert_int_not_equal(jpki_verify_pin(&scope, card, pin, strlen(pin), &tries), STATUS_OK);
        assert_int_equal(scope.cause, attempts[i].cause);
        assert_null(strstr(scope.failure, pin));
        assert_int_equal(tries, attempts[i].tries);
        scope_forgive(&scope);
        assert_int_equal(jpki_pin_tries(&scope, card, &tries), STATUS_OK);
        assert_int_equal(tries, attempts[i].tries);
    }
    card->ops->close(card);
}

/* Face and visual modes: also on a locked card, and on one without a PIN. */
static void e2_an_authenticated_terminal_signs_once_without_pin(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_image locked = card_world.image;
    struct card_image without_pin = card_world.image;
    const struct card_image *images[] = {&card_world.image, &locked, &without_pin};
    struct terminal_credential *credential = NULL;
    unsigned char signature[256];

    (void)state;
    locked.auth_tries = 0;
    memset(without_pin.auth_pin, 0, sizeof without_pin.auth_pin);
    assert_int_equal(terminal_credential_open(&scope, card_world.credential, &credential),
                     STATUS_OK);
    for (size_t i = 0; i < 3; i++) {
        struct card_link *card = open_selected(&scope, images[i]);
        assert_int_equal(jpki_authenticate_terminal(&scope, card, credential), STATUS_OK);
        assert_int_equal(jpki_sign(&scope, card, hash, signature), STATUS_OK);
        assert_true(card_world_signed(hash, signature));
        assert_int_equal(jpki_sign(&scope, card, hash, signature), STATUS_UNAVAILABLE);
        scope_forgive(&scope);
        assert_int_equal(jpki_authenticate_terminal(&scope, card, credential), STATUS_OK);
        assert_int_equal(jpki_select(&scope, card), STATUS_OK); /* ends it */
        assert_int_equal(jpki_sign(&scope, card, hash, signature), STATUS_UNAVAILABLE);
        scope_forgive(&scope);
        card->ops->close(card);
    }
    terminal_credential_close(credential);
}

static void e2_a_strange_terminal_gets_no_signature(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_link *card = open_selected(&scope, &card_world.image);
    struct terminal_credential *strange = NULL;
    struct card_image without_ca = card_world.image;
    unsigned char signature[256];

    (void)state;
    assert_int_equal(terminal_credential_open(&scope, card_world.foreign_credential, &strange),
                     STATUS_OK);
    assert_int_equal(jpki_authenticate_terminal(&scope, card, strange), STATUS_UNAVAILABLE);
    assert_non_null(strstr(scope.failure, "6982"));
    scope_forgive(&scope);
    assert_int_equal(jpki_sign(&scope, card, hash, signature), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    card->ops->close(card);
    without_ca.terminal_ca_pem = (struct text){NULL, 0};
    card = open_selected(&scope, &without_ca);
    assert_int_equal(jpki_authenticate_terminal(&scope, card, strange), STATUS_UNAVAILABLE);
    assert_non_null(strstr(scope.failure, "6985"));
    card->ops->close(card);
    terminal_credential_close(strange);
}

/* A good certificate with another terminal's key behind it. */
static void e2_a_stolen_terminal_certificate_is_not_enough(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_link *card = open_selected(&scope, &card_world.image);
    struct terminal_credential *mixed = NULL;
    struct text good = {0};
    struct text strange = {0};
    struct text pem = {0};
    char path[] = "/tmp/test_mixed.XXXXXX";

    (void)state;
    assert_int_equal(file_read(&scope, card_world.credential, LIMIT, &good), STATUS_OK);
    assert_int_equal(file_read(&scope, card_world.foreign_credential, LIMIT, &strange), STATUS_OK);
    const char *split = strstr(good.bytes, "-----BEGIN CARD");
    const char *cut = strstr(strange.bytes, "-----BEGIN CARD");
    assert_int_equal(
        text_format(&scope, &pem, "%.*s%s", (int)(cut - strange.bytes), strange.bytes, split),
        STATUS_OK);
    close(mkstemp(path));
    assert_int_equal(file_write(&scope, path, pem, FILE_MODE_SECRET), STATUS_OK);
    assert_int_equal(terminal_credential_open(&scope, path, &mixed), STATUS_OK);
    assert_int_equal(jpki_authenticate_terminal(&scope, card, mixed), STATUS_UNAVAILABLE);
    assert_non_null(strstr(scope.failure, "authentication: 6982"));
    terminal_credential_close(mixed);
    card->ops->close(card);
    unlink(path);
}

static void refuses_files_that_are_no_credential(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct terminal_credential *credential = NULL;
    struct text pem = {0};
    char path[] = "/tmp/test_credential.XXXXXX";

    (void)state;
    close(mkstemp(path));
    assert_int_equal(file_read(&scope, card_world.credential, LIMIT, &pem), STATUS_OK);
    for (size_t size = 0; size < pem.size; size += pem.size / 7) {
        struct text cut = {pem.bytes, size};
        assert_int_equal(file_write(&scope, path, cut, FILE_MODE_SECRET), STATUS_OK);
        assert_int_equal(terminal_credential_open(&scope, path, &credential), STATUS_INVALID);
        scope_forgive(&scope);
    }
    assert_int_equal(file_write(&scope, path, card_world.image.auth_key_pem, FILE_MODE_SECRET),
                     STATUS_OK);
    assert_int_equal(terminal_credential_open(&scope, path, &credential), STATUS_INVALID);
    scope_forgive(&scope);
    unlink(path);
    assert_int_equal(terminal_credential_open(&scope, path, &credential), STATUS_UNAVAILABLE);
    assert_null(credential);
    terminal_credential_close(NULL);
}

/* A card that answers from a script, whatever it is asked. */
static struct script {
    struct card_link base;
    const char *const *answers; /* in hexadecimal, NULL at the end */
    unsigned char last[APDU_MAX];
    size_t last_size;
} script;

static enum status scripted(struct scope *scope, struct card_link *link,
                            const unsigned char *command, size_t command_size,
                            unsigned char *response, size_t *response_size)
{
    const char *hex = *script.answers;
    unsigned byte = 0;
    int read = 0;

    (void)link;
    if (!hex)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "the card was taken away");
    script.answers++;
    memcpy(script.last, command, command_size);
    script.last_size = command_size;
    *response_size = 0;
    while (sscanf(hex, " %2x%n", &byte, &read) == 1) {
        response[(*response_size)++] = (unsigned char)byte;
        hex += read;
    }
    return STATUS_OK;
}

static const struct card_link_ops scripted_ops = {"script", scripted, NULL, NULL};

static struct card_link *follow(const char *const *answers)
{
    script = (struct script){.base = {&scripted_ops}, .answers = answers};
    return &script.base;
}

#define LABEL_HEX "4A504B49415049434354204F4B454E20 20202020202020202020202020202020"

static void takes_answers_in_parts(void **state)
{
    static const char *const parts[] = {"9000", "4A504B4941504943435420 6115",
                                        "4F4B454E20 20202020202020202020202020202020 9000", NULL};
    static const char *const again[] = {"9000", "6C20", LABEL_HEX " 9000", NULL};
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text label = {0};

    (void)state;
    assert_int_equal(jpki_read_label(&scope, follow(parts), &label), STATUS_OK);
    assert_true(text_is(label, "JPKIAPICCT OKEN"));
    assert_memory_equal(script.last, "\x00\xC0\x00\x00\x15", 5);
    assert_int_equal(jpki_read_label(&scope, follow(again), &label), STATUS_OK);
    assert_memory_equal(script.last, "\x00\xB0\x00\x00\x20", 5);
}

/* The second answer would take the PIN: a byte of it would have become a length. */
static void e2_a_pin_is_never_sent_twice(void **state)
{
    static const char *const again[] = {"9000", "6C04", "9000", NULL};
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    int tries = 9;

    (void)state;
    assert_int_equal(jpki_verify_pin(&scope, follow(again), "1234", 4, &tries), STATUS_UNAVAILABLE);
    assert_string_equal(*script.answers, "9000");
    assert_memory_equal(script.last + 5, "1234", 4);
}

static void a_label_tells_what_the_application_lies_on(void **state)
{
    static const struct {
        const char *label; /* in hexadecimal */
        enum cause cause;
        enum card_kind kind;
    } rows[] = {
        {"4A504B494150494343544F4B454E32", CAUSE_NONE, CARD_KIND_PLASTIC},
        {"4A504B494150494343544F4B454E20", CAUSE_NONE, CARD_KIND_PLASTIC}, /* of older notes */
        {"4A504B49415047505345544F4B454E", CAUSE_NONE, CARD_KIND_ANDROID},
        {"4A504B494150494F53544F4B454E20", CAUSE_NONE, CARD_KIND_IPHONE},
        {"4A504B49415000434354204F4B454E", CAUSE_CARD_UNREADABLE, CARD_KIND_PLASTIC},
        {"4F544845522020202020202020204E", CAUSE_CARD_NOT_OURS, CARD_KIND_PLASTIC},
        {"202020202020202020202020202020", CAUSE_CARD_NOT_OURS, CARD_KIND_PLASTIC},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        enum card_kind kind = CARD_KIND_PLASTIC;
        char label[128];
        const char *const answers[] = {"9000", label, NULL};
        snprintf(label, sizeof label, "%s %s 9000", rows[i].label,
                 "2020202020202020202020202020202020");
        assert_int_equal(jpki_read_kind(&scope, follow(answers), &kind) == STATUS_OK,
                         rows[i].cause == CAUSE_NONE);
        assert_int_equal(scope.cause, rows[i].cause);
        assert_int_equal(kind, rows[i].kind);
    }
}

static void the_card_tells_its_last_day_or_nothing(void **state)
{
    static const char *const scripts[][4] = {
        {"6A82"},
        {"9000", "6A82"},
        {"9000", "9000", "6A83"},
        {"9000", "9000", "9000"},
        {"9000", "9000", "3030303030303030303030303030303030303030 3230323630323330 9000"},
        {"9000", "9000", "3030303030303030303030303030303030303030 32303236303233 9000"},
    };
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct card_link *card = card_world_open(&card_world.image);
    struct date expires = DATE(20000101);

    (void)state;
    assert_int_equal(common_read_expiry(&scope, card, &expires), STATUS_OK);
    assert_int_equal(expires.yyyymmdd, 20341114);
    card->ops->close(card);
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        assert_int_equal(common_read_expiry(&scope, follow(scripts[i]), &expires), STATUS_OK);
        assert_false(date_is(expires));
    }
    assert_int_equal(common_read_expiry(&scope, follow(scripts[0] + 1), &expires),
                     STATUS_UNAVAILABLE);
}

static void hostile_cards_are_unreadable(void **state)
{
    static const char *const scripts[][12] = {
        {"9000", "9000"},          /* nothing */
        {"9000", "3082 9000"},     /* too little */
        {"9000", "30820FFD 9000"}, /* 4097 bytes */
        {"9000", "3082FFFF 9000"},
        {"9000", "30810400 9000"}, /* another form of length */
        {"9000", "00000000 9000"},
        {"9000", "30820004 9000", "9000"}, /* promises more than it gives */
        {"9000", "30820004 9000", "3082000400 9000"},
        {"9000", "30820004 9000", "6B00"},
        {"9000", "6C05", "6C05"}, /* never content */
        {"9000", "AA6101", "AA6101", "AA6101", "AA6101", "AA6101", "AA6101", "AA6101", "AA6101",
         "AA6101", "AA6101"},
        {"90"},
        {""},
        {"6A82"},
        {NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        struct text certificate = {0};
        assert_int_equal(jpki_read_certificate(&scope, follow(scripts[i]), &certificate),
                         STATUS_UNAVAILABLE);
        assert_int_equal(scope.cause, CAUSE_CARD_UNREADABLE);
        assert_null(certificate.bytes);
    }
}

static void e2_knows_every_way_to_say_locked(void **state)
{
    static const char *const answers[] = {"63C0", "6983", "6984"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        const char *const lines[] = {"9000", answers[i], NULL};
        int tries = 9;
        assert_int_equal(jpki_pin_tries(&scope, follow(lines), &tries), STATUS_OK);
        assert_int_equal(tries, 0);
        assert_int_equal(jpki_verify_pin(&scope, follow(lines), "1234", 4, &tries), STATUS_DENIED);
        assert_int_equal(scope.cause, CAUSE_CARD_PIN_LOCKED);
    }
}

static void other_answers_say_nothing_of_the_pin(void **state)
{
    static const char *const answers[] = {"6300", "6A82", "6F00", "63D1"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        const char *const lines[] = {"9000", answers[i], NULL};
        int tries = 9;
        assert_int_equal(jpki_pin_tries(&scope, follow(lines), &tries), STATUS_UNAVAILABLE);
        assert_int_equal(tries, 9);
        scope_forgive(&scope);
        assert_int_equal(jpki_verify_pin(&scope, follow(lines), "1234", 4, &tries),
                         STATUS_UNAVAILABLE);
    }
}

static void a_card_without_the_application_is_not_ours(void **state)
{
    static const char *const answers[] = {"6A82", NULL};
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);

    (void)state;
    assert_int_equal(jpki_select(&scope, follow(answers)), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_CARD_NOT_OURS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_label_and_certificate),
        cmocka_unit_test(e2_signs_after_the_pin),
        cmocka_unit_test(e2_tells_wrong_pins_from_locked_ones),
        cmocka_unit_test(e2_an_authenticated_terminal_signs_once_without_pin),
        cmocka_unit_test(e2_a_strange_terminal_gets_no_signature),
        cmocka_unit_test(e2_a_stolen_terminal_certificate_is_not_enough),
        cmocka_unit_test(refuses_files_that_are_no_credential),
        cmocka_unit_test(takes_answers_in_parts),
        cmocka_unit_test(e2_a_pin_is_never_sent_twice),
        cmocka_unit_test(a_label_tells_what_the_application_lies_on),
        cmocka_unit_test(the_card_tells_its_last_day_or_nothing),
        cmocka_unit_test(hostile_cards_are_unreadable),
        cmocka_unit_test(e2_knows_every_way_to_say_locked),
        cmocka_unit_test(other_answers_say_nothing_of_the_pin),
        cmocka_unit_test(a_card_without_the_application_is_not_ours),
    };
    return cmocka_run_group_tests(tests, card_world_begin, card_world_end);
}
