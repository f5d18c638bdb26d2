/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card_world.h"

/* "00 A4 ..." to bytes. */
static size_t bytes_of(const char *hex, unsigned char *out)
{
    size_t size = 0;
    unsigned byte = 0;
    int read = 0;

    while (sscanf(hex, " %2x%n", &byte, &read) == 1) {
        out[size++] = (unsigned char)byte;
        hex += read;
    }
    return size;
}

static unsigned char answer[APDU_MAX];
static size_t answer_size; /* of the data */

/* Sends a command in hexadecimal, gives the status word. */
static unsigned send(struct card_link *card, const char *hex)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    unsigned char command[APDU_MAX];
    size_t size = bytes_of(hex, command);

    assert_int_equal(card->ops->transmit(&scope, card, command, size, answer, &answer_size),
                     STATUS_OK);
    assert_true(answer_size >= 2);
    answer_size -= 2;
    return (unsigned)answer[answer_size] << 8 | answer[answer_size + 1];
}

#define SELECT_JPKI "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01"
#define SELECT_COMMON "00 A4 04 0C 0A D3 92 10 00 31 00 01 01 01 00"
#define PIN "31 32 33 34"
#define WRONG "39 39 39 39"
#define HASH "11223344556677889900112233445566778899001122334455667788990011AA"
#define SIGN_HASH "80 2A 02 97 20 " HASH " 00"

/* A run of commands and the status each answers; NULL ends it. */
struct step {
    const char *command;
    unsigned status;
};

static void run(struct card_link *card, const struct step *steps)
{
    for (; steps->command; steps++) {
        unsigned status = send(card, steps->command);
        if (status != steps->status)
            print_message("# %s\n", steps->command);
        assert_int_equal(status, steps->status);
    }
}

static void run_fresh(const struct card_image *image, const struct step *steps)
{
    struct card_link *card = card_world_open(image);

    run(card, steps);
    card->ops->close(card);
}

static void selects_what_is_there(void **state)
{
    static const struct step steps[] = {
        {"00 A4 02 0C 02 00 06", 0x6A82}, /* no application yet */
        {"00 A4 00 00", 0x6A86},
        {"00 A4 04 0C 0A D3 92 10 00 31 00 01 01 04 02", 0x6A82}, /* 券面事項確認AP: not here */
        {"00 A4 04 0C 09 D3 92 F0 00 26 01 00 00 00", 0x6A82},    /* half a name */
        {"00 A4 04 00 06 A0 00 00 00 03 00", 0x6A82},             /* a foreign probe */
        {"00 A4 04 0C", 0x6A82},
        {SELECT_JPKI, 0x9000},
        {"00 A4 00 00", 0x9000}, /* an oddity that cards show */
        {"00 A4 00 0C 02 3F 00", 0x6A82},
        {"00 A4 02 0C 02 3F 00", 0x6A82},
        {"00 A4 02 0C 02 00 06", 0x9000},
        {"00 A4 02 0C 02 00 16", 0x9000},
        {"00 A4 02 0C 02 00 1E", 0x9000},
        {"00 A4 02 0C 02 00 03", 0x6A82},
        {"00 A4 02 0C 02 01 06", 0x6A82},
        {"00 A4 02 0C 01 06", 0x6700},
        {"00 A4 03 0C 02 00 06", 0x6A86},
        {"00 A4 02 04 02 00 06", 0x6A86},
        {NULL, 0},
    };

    (void)state;
    run_fresh(&card_world.image, steps);
}

static void reads_files(void **state)
{
    struct card_link *card = card_world_open(&card_world.image);
    struct text certificate = card_world.image.auth_certificate;

    (void)state;
    run(card, (const struct step[]){{SELECT_JPKI, 0x9000},
                                    {"00 B0 00 00 00", 0x6986},
                                    {"00 A4 02 0C 02 00 0A", 0x9000},
                                    {"00 B0 00 00 04", 0x9000},
                                    {NULL, 0}});
    assert_int_equal(answer_size, 4);
    assert_memory_equal(answer, certificate.bytes, 4);
    run(card, (const struct step[]){{"00 B0 01 00 00", 0x9000}, {NULL, 0}});
    assert_int_equal(answer_size, 256);
    assert_memory_equal(answer, certificate.bytes + 256, 256);
    run(card, (const struct step[]){{"00 B0 8A 10 00", 0x9000}, {NULL, 0}}); /* short id */
    assert_memory_equal(answer, certificate.bytes + 16, 256);
    run(card, (const struct step[]){{"00 B0 06 00 00", 0x9000}, {NULL, 0}});
    assert_int_equal(answer_size, certificate.size - 0x600);
    run(card, (const struct step[]){{"00 B0 7F FF 00", 0x6B00},
                                    {"00 B0 00 00", 0x6700},
                                    {"00 B0 00 00 01 AA", 0x6700},
                                    {"00 B0 83 00 00", 0x6A82},
                                    {"00 B0 A6 00 00", 0x6A86},
                                    {"00 B0 97 00 00", 0x6986}, /* a key */
                                    {"00 B0 98 00 00", 0x6986}, /* a PIN */
                                    {"00 B0 81 00 00", 0x6982}, /* needs the password */
                                    {"00 B0 82 00 00", 0x9000},
                                    {"00 B0 88 00 00", 0x9000},
                                    {NULL, 0}});
    assert_memory_equal(answer, "\x8F\x8F\x00", 3);
    run(card, (const struct step[]){{"00 B0 86 00 00", 0x9000}, {NULL, 0}});
    assert_int_equal(answer_size, 160);
    assert_memory_equal(answer, "JPKIAPICCTOKEN2                 ", 33);
    run(card, (const struct step[]){{"00 20 00 9B 06 41 42 43 31 32 33", 0x9000},
                                    {"00 B0 81 00 00", 0x9000},
                                    {SELECT_JPKI, 0x9000},
                                    {"00 B0 81 00 00", 0x6982},
                                    {NULL, 0}});
    card->ops->close(card);
}

static void reads_the_card_number(void **state)
{
    struct card_link *card = card_world_open(&card_world.image);

    (void)state;
    run(card, (const struct step[]){{SELECT_COMMON, 0x9000},
                                    {"00 A4 02 0C 02 00 0A", 0x6A82},
                                    {"00 20 00 98", 0x6A86},
                                    {"00 B2 01 04 00", 0x6986},
                                    {"00 A4 02 0C 02 00 01", 0x9000},
                                    {"00 B0 00 00 00", 0x6986},
                                    {"00 B2 02 04 00", 0x6A82},
                                    {"00 B2 01 04 00", 0x9000},
                                    {NULL, 0}});
    assert_int_equal(answer_size, 28);
    assert_memory_equal(answer, "1234567890123451310420341114", 28);
    card->ops->close(card);
}

/* Table 1.5, row by row. */
static void e2_the_pin_counter_follows_its_table(void **state)
{
    static const struct step steps[] = {
        {SELECT_JPKI, 0x9000},
        {"00 20 00 80", 0x6986}, /* no reference is current */
        {"00 A4 02 0C 02 00 18", 0x9000},
        {"00 20 00 80", 0x63C3},
        {"00 20 00 80", 0x63C3},
        {"00 20 00 80 04 " WRONG, 0x63C2},
        {"00 20 00 80 04 " PIN, 0x9000},
        {"00 20 00 80", 0x63C3},
        {SIGN_HASH, 0x9000},
        {SIGN_HASH, 0x9000},               /* several signatures for one PIN */
        {"00 20 00 80 04 " WRONG, 0x63C2}, /* signing by short id leaves the PIN current */
        {NULL, 0},
    };

    (void)state;
    run_fresh(&card_world.image, steps);
    run_fresh(&card_world.image, (const struct step[]){{SELECT_JPKI, 0x9000},
                                                       {"00 20 00 98 04 " PIN, 0x9000},
                                                       {"00 20 00 98 04 " WRONG, 0x63C2},
                                                       {SIGN_HASH, 0x6982}, /* a wrong PIN closes */
                                                       {"00 20 00 98 04 " PIN, 0x9000},
                                                       {SELECT_JPKI, 0x9000},
                                                       {SIGN_HASH, 0x6982}, /* as does SELECT */
                                                       {"00 20 00 98 03 31 32 33", 0x63C2},
                                                       {"00 20 00 98 05 " PIN " 00", 0x63C1},
                                                       {"00 20 00 98 04 " WRONG, 0x63C0},
                                                       {"00 20 00 98", 0x63C0},
                                                       {"00 20 00 98 04 " PIN, 0x6984},
                                                       {"00 24 01 98 04 " PIN, 0x6984},
                                                       {SIGN_HASH, 0x6982},
                                                       {"00 20 00 9B", 0x63C5}, /* its own */
                                                       {"00 20 01 98", 0x6A86},
                                                       {"00 20 00 97", 0x6A86},
                                                       {NULL, 0}});
}

static void e2_counters_outlive_the_power(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    struct card_link *card = card_world_open(&card_world.image);
    struct card_image kept = {0};
    struct stat about;

    (void)state;
    run(card,
        (const struct step[]){{SELECT_JPKI, 0x9000}, {"00 20 00 98 04 " WRONG, 0x63C2}, {NULL, 0}});
    assert_int_equal(card->ops->reset(&scope, card), STATUS_OK);
    run(card, (const struct step[]){{"00 20 00 98", 0x6A86}, /* no application after a reset */
                                    {SELECT_JPKI, 0x9000},
                                    {"00 20 00 98", 0x63C2},
                                    {"00 20 00 98 04 " WRONG, 0x63C1},
                                    {NULL, 0}});
    card->ops->close(card);
    assert_int_equal(card_image_read(&scope, card_world.path, &kept), STATUS_OK);
    assert_int_equal(kept.auth_tries, 1);
    assert_int_equal(kept.sign_tries, 5);
    assert_int_equal(stat(card_world.path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(emulated_card_open(&scope, card_world.path, &card), STATUS_OK);
    run(card, (const struct step[]){{SELECT_JPKI, 0x9000},
                                    {"00 20 00 98", 0x63C1},
                                    {"00 20 00 98 04 " PIN, 0x9000},
                                    {"00 20 00 98", 0x63C3},
                                    {NULL, 0}});
    card->ops->close(card);
}

/* Were a lost counter answered, a wrong PIN could be tried for ever. */
static void e2_no_answer_where_the_counter_cannot_be_kept(void **state)
{
    struct card_link *card = card_world_open(&card_world.image);

    (void)state;
    assert_int_equal(unlink(card_world.path), 0);
    assert_int_equal(mkdir(card_world.path, 0700), 0); /* no file can take its place */
    run(card, (const struct step[]){{SELECT_JPKI, 0x9000},
                                    {"00 20 00 98 04 " WRONG, 0x6581},
                                    {SELECT_JPKI, 0x6581},
                                    {"00 20 00 98 04 " PIN, 0x6581},
                                    {SIGN_HASH, 0x6581},
                                    {NULL, 0}});
    assert_int_equal(rmdir(card_world.path), 0);
    card->ops->close(card);
}

static void changes_a_pin_after_the_old_one(void **state)
{
    static const struct step steps[] = {
        {SELECT_JPKI, 0x9000},
        {"00 24 01 98 04 35 36 37 38", 0x6982},
        {"00 20 00 98 04 " PIN, 0x9000},
        {"00 24 00 98 04 35 36 37 38", 0x6A86},
        {"00 24 01 98 05 35 36 37 38 39", 0x6A80},
        {"00 24 01 98 04 35 36 37 41", 0x6A80},
        {"00 24 01 98", 0x6A80},
        {"00 24 01 98 04 35 36 37 38", 0x9000},
        {"00 20 00 98 04 " PIN, 0x63C2},
        {"00 20 00 98 04 35 36 37 38", 0x9000},
        {"00 20 00 9B 06 41 42 43 31 32 33", 0x9000},
        {"00 24 01 9B 06 61 62 63 31 32 33", 0x6A80}, /* lower case */
        {"00 24 01 9B 07 58 59 5A 31 32 33 34", 0x9000},
        {"00 20 00 9B 07 58 59 5A 31 32 33 34", 0x9000},
        {NULL, 0},
    };
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    struct card_image kept = {0};

    (void)state;
    run_fresh(&card_world.image, steps);
    assert_int_equal(card_image_read(&scope, card_world.path, &kept), STATUS_OK);
    assert_string_equal(kept.auth_pin, "5678");
    assert_string_equal(kept.sign_password, "XYZ1234");
}

static void signs_with_each_scheme(void **state)
{
    static const struct step steps[] = {
        {SELECT_JPKI, 0x9000},
        {"80 2A 00 97 01 AA 00", 0x6982},
        {"00 20 00 98 04 " PIN, 0x9000},
        {"80 2A 00 80 01 AA 00", 0x6986}, /* no key is current */
        {"00 A4 02 0C 02 00 17", 0x9000},
        {"80 2A 00 80 01 AA 00", 0x9000},
        {"80 2A 01 97 01 AA 00", 0x9000},
        {"80 2A 02 97 20 " HASH " 00", 0x9000},
        {"80 2A 02 97 1F " HASH, 0x6700},
        {"80 2A 03 97 01 AA 00", 0x9000},
        {"80 2A 04 97 20 " HASH " 00", 0x9000},
        {"80 2A 05 97 01 AA 00", 0x9000},
        {"80 2A 05 97", 0x6700},
        {"80 2A 06 97 01 AA 00", 0x6A86},
        {"80 2A 00 98 01 AA 00", 0x6A86}, /* a PIN is no key */
        {"80 2A 00 9A 01 AA 00", 0x6982}, /* the other key has its own password */
        {"00 20 00 9B 06 41 42 43 31 32 33", 0x9000},
        {"80 2A 00 9A 01 AA 00", 0x9000},
        {"00 2A 00 97 01 AA 00", 0x6D00},
        {NULL, 0},
    };
    unsigned char hash[32];
    struct card_link *card = card_world_open(&card_world.image);

    (void)state;
    run(card, steps);
    bytes_of(HASH, hash);
    run(card, (const struct step[]){{SIGN_HASH, 0x9000}, {NULL, 0}});
    assert_int_equal(answer_size, 256);
    assert_true(card_world_signed(hash, answer));
    card->ops->close(card);
}

static void knows_no_other_commands(void **state)
{
    static const struct step steps[] = {
        {"00", 0x6700},
        {"00 A4 04", 0x6700},
        {"00 A4 04 0C 05 D3", 0x6700},       /* shorter than its Lc */
        {"00 A4 04 0C 00 01 00", 0x6A82},    /* extended Le, no data */
        {"00 A4 04 0C 00 00 05 D3", 0x6700}, /* shorter than its extended Lc */
        {"00 A4 04 0C 00 00 00 00", 0x6700},
        {"0C A4 04 0C 00", 0x6E00},
        {"FF A4 04 0C 00", 0x6E00},
        {"00 CB 00 00 00", 0x6D00},
        {"00 CA DF 30 05", 0x6A88},
        {"80 FC 00 00", 0x6700}, /* an iPhone's command */
        {"00 84 00 00 10", 0x9000},
        {"00 84 00 00 00", 0x9000},
        {"00 84 00 00", 0x6700},
        {"00 84 00 01 10", 0x6A86},
        {"00 84 00 00 00 10 00", 0x6700},
        {NULL, 0},
    };

    (void)state;
    run_fresh(&card_world.image, steps);
}

/* Q3: a 顔認証マイナンバーカード. */
static void e2_a_card_without_pin_answers_as_blocked(void **state)
{
    struct card_image image = card_world.image;
    struct card_link *card = NULL;

    (void)state;
    memset(image.auth_pin, 0, sizeof image.auth_pin);
    memset(image.sign_password, 0, sizeof image.sign_password);
    image.sign_certificate = (struct text){NULL, 0};
    image.sign_key_pem = (struct text){NULL, 0};
    card = card_world_open(&image);
    run(card, (const struct step[]){{SELECT_JPKI, 0x9000},
                                    {"00 A4 02 0C 02 00 01", 0x6A82},
                                    {"00 A4 02 0C 02 00 1A", 0x9000},
                                    {"00 A4 02 0C 02 00 1B", 0x9000},
                                    {"00 20 00 80", 0x63C0},
                                    {"00 20 00 98", 0x63C0},
                                    {"00 20 00 98 04 30 30 30 30", 0x6984},
                                    {"80 2A 00 9A 01 AA 00", 0x6982},
                                    {"00 B0 88 00 00", 0x9000},
                                    {NULL, 0}});
    assert_memory_equal(answer, "\x00\x8F\x00", 3);
    card->ops->close(card);
}

static void a_phone_asks_for_its_pin_before_the_certificate(void **state)
{
    struct card_image image = card_world.image;

    (void)state;
    image.label = TEXT("JPKIAPGPSETOKEN");
    run_fresh(&image, (const struct step[]){{SELECT_JPKI, 0x9000},
                                            {"00 B0 8A 00 00", 0x6982},
                                            {"00 20 00 98 04 " PIN, 0x9000},
                                            {"00 B0 8A 00 00", 0x9000},
                                            {NULL, 0}});
    image.label = TEXT("JPKIAPIOSTOKEN");
    run_fresh(&image,
              (const struct step[]){{SELECT_JPKI, 0x9000}, {"80 FC 00 00", 0x9000}, {NULL, 0}});
}

static void terminal_commands_want_their_order(void **state)
{
    struct card_image image = card_world.image;
    char authenticate[800] = "00 82 00 00 00 01 00";

    (void)state;
    for (int i = 0; i < 256; i++)
        strcat(authenticate, "00");
    run_fresh(&image, (const struct step[]){{SELECT_JPKI, 0x9000},
                                            {"80 A2 00 C1 01 00", 0x6700},
                                            {"80 A2 00 00 01 00", 0x6A86},
                                            {"80 A2 00 AE 01 00", 0x6A86},
                                            {"00 82 00 00 01 00", 0x6700},
                                            {"00 84 00 00 10", 0x9000},
                                            {authenticate, 0x6985}, /* no terminal was shown */
                                            {SIGN_HASH, 0x6982},
                                            {NULL, 0}});
}

static void e2_two_readers_never_have_one_card(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    struct card_link *first = card_world_open(&card_world.image);
    struct card_link *second = NULL;

    (void)state;
    assert_int_equal(send(first, SELECT_JPKI), 0x9000);
    assert_int_equal(send(first, "00 20 00 98 04 " WRONG), 0x63C2); /* the file is another now */
    assert_int_equal(emulated_card_open(&scope, card_world.path, &second), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_CARD_IN_USE);
    assert_null(second);
    assert_int_equal(send(first, "00 20 00 98 04 " WRONG), 0x63C1);
    first->ops->close(first);
    scope_forgive(&scope);
    assert_int_equal(emulated_card_open(&scope, card_world.path, &second), STATUS_OK);
    assert_int_equal(send(second, SELECT_JPKI), 0x9000);
    assert_int_equal(send(second, "00 20 00 98"), 0x63C1);
    second->ops->close(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e2_two_readers_never_have_one_card),
        cmocka_unit_test(selects_what_is_there),
        cmocka_unit_test(reads_files),
        cmocka_unit_test(reads_the_card_number),
        cmocka_unit_test(e2_the_pin_counter_follows_its_table),
        cmocka_unit_test(e2_counters_outlive_the_power),
        cmocka_unit_test(e2_no_answer_where_the_counter_cannot_be_kept),
        cmocka_unit_test(changes_a_pin_after_the_old_one),
        cmocka_unit_test(signs_with_each_scheme),
        cmocka_unit_test(knows_no_other_commands),
        cmocka_unit_test(e2_a_card_without_pin_answers_as_blocked),
        cmocka_unit_test(a_phone_asks_for_its_pin_before_the_certificate),
        cmocka_unit_test(terminal_commands_want_their_order),
    };
    return cmocka_run_group_tests(tests, card_world_begin, card_world_end);
}
