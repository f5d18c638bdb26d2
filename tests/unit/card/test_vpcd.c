/* SPDX-License-Identifier: Apache-2.0
 *
 * What a virtual reader sends, in every cut; and what the log of commands never shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "card/apdu_log.h"
#include "card/vpcd_wire.h"

/* A card that tells its last command back and counts. */
static struct {
    struct card_link base; /* first */
    int resets, commands;
    bool fails;
} played;

static enum status transmit(struct scope *scope, struct card_link *link,
                            const unsigned char *command, size_t command_size,
                            unsigned char *response, size_t *response_size)
{
    (void)link;
    played.commands++;
    if (played.fails || command_size + 2 > APDU_MAX)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "played");
    memcpy(response, command, command_size);
    memcpy(response + command_size, "\x90\x00", 2);
    *response_size = command_size + 2;
    return STATUS_OK;
}

static enum status reset(struct scope *scope, struct card_link *link)
{
    (void)scope;
    (void)link;
    played.resets++;
    return STATUS_OK;
}

static void close_nothing(struct card_link *link)
{
    (void)link;
}

static const struct card_link_ops ops = {"played", transmit, reset, close_nothing};
static struct vpcd_stream stream;
static struct vpcd_card card;
static unsigned char answers[200000];
static size_t answered;

static int setup(void **state)
{
    (void)state;
    memset(&played, 0, sizeof played);
    played.base.ops = &ops;
    memset(&stream, 0, sizeof stream);
    card = (struct vpcd_card){.link = &played.base};
    answered = 0;
    return vpcd_atr_read("3BE000FF8131FE4514", &card) ? 0 : -1;
}

static void take_all(void)
{
    unsigned char answer[VPCD_ANSWER_MAX];
    size_t size = 0;

    while (vpcd_take(&stream, &card, answer, &size)) {
        assert_true(size <= sizeof answer && answered + size <= sizeof answers);
        memcpy(answers + answered, answer, size);
        answered += size;
    }
}

/* Bytes from the reader, so many at a time. */
static void arrive(const void *bytes_, size_t size, size_t step)
{
    const unsigned char *bytes = bytes_;

    for (size_t at = 0; at < size; at += step) {
        size_t room = 0, part = size - at < step ? size - at : step;
        unsigned char *end = vpcd_stream_end(&stream, &room);
        assert_true(part <= room);
        memcpy(end, bytes + at, part);
        stream.size += part;
        take_all();
    }
}

static void power_and_commands_are_answered_however_they_are_cut(void **state)
{
    static const char talk[] = "\0\1\1\0\1\4\0\1\2\0\5\0\xA4\0\0\2\0\1\0\0\1\4";
    static const char expected[] = "\0\x09\x3B\xE0\0\xFF\x81\x31\xFE\x45\x14"
                                   "\0\x07\0\xA4\0\0\2\x90\0"
                                   "\0\x09\x3B\xE0\0\xFF\x81\x31\xFE\x45\x14";

    for (size_t step = 1; step < sizeof talk; step++) {
        setup(state);
        arrive(talk, sizeof talk - 1, step);
        assert_int_equal(answered, sizeof expected - 1);
        assert_memory_equal(answers, expected, answered);
        assert_int_equal(played.resets, 3); /* on, reset, off */
        assert_int_equal(played.commands, 1);
        assert_int_equal(stream.size, 0);
    }
}

static void the_card_is_seen_once_its_atr_was_asked_for(void **state)
{
    (void)state;
    arrive("\0\1\1\0\1\2", 6, 6);
    assert_false(card.seen);
    arrive("\0\1\4", 3, 3);
    assert_true(card.seen);
}

static void what_is_no_message_is_passed_over(void **state)
{
    (void)state;
    arrive("\0\0\0\0\0\1\3\0\1\xFF\0\1\5", 13, 1);
    assert_int_equal(answered, 0);
    assert_int_equal(played.commands + played.resets, 0);
    assert_int_equal(stream.size, 0);
}

static void the_longest_message_fits_and_a_longer_answer_is_refused(void **state)
{
    static unsigned char longest[2 + VPCD_MESSAGE_MAX];

    (void)state;
    memset(longest, 0xFF, sizeof longest);
    arrive(longest, sizeof longest, 4096);
    assert_int_equal(answered, 4);
    assert_memory_equal(answers, "\0\2\x67\0", 4);
    assert_int_equal(stream.size, 0);
    played.fails = true;
    arrive("\0\2\x00\xA4", 4, 1);
    assert_int_equal(answered, 8);
}

static void e2_nothing_of_a_message_stays_behind_it(void **state)
{
    (void)state;
    arrive("\0\x09\0\x20\0\x80\4"
           "4711\0",
           12, 12);
    assert_int_equal(stream.size, 1);
    assert_null(memmem(stream.bytes, sizeof stream.bytes, "4711", 4));
}

static void an_atr_is_hexadecimal_and_begins_as_one(void **state)
{
    static const char *const wrong[] = {"",     "3B",    "3B0",    "3B0G",  "4B00",
                                        "003B", "3B 00", "0x3B00", "3B–00", "３Ｂ"};
    char too_long[2 * VPCD_ATR_MAX + 3];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(vpcd_atr_read(wrong[i], &card));
    memset(too_long, '3', sizeof too_long);
    memcpy(too_long, "3B", 2);
    too_long[sizeof too_long - 1] = '\0';
    assert_false(vpcd_atr_read(too_long, &card));
    too_long[2 * VPCD_ATR_MAX] = '\0';
    assert_true(vpcd_atr_read(too_long, &card));
    assert_true(vpcd_atr_read("3b80800101", &card));
    assert_int_equal(card.atr_size, 5);
    assert_memory_equal(card.atr, "\x3B\x80\x80\x01\x01", 5);
}

/* --- the log ---------------------------------------------------------------------------------- */

static void e2_the_log_shows_data_of_harmless_instructions_only(void **state)
{
    char out[APDU_LOG_TEXT];

    (void)state;
    apdu_log_command((const unsigned char *)"\0\xA4\2\x0C\2\0\x0A", 7, out);
    assert_string_equal(out, "00A4020C02000A");
    for (int instruction = 0; instruction < 256; instruction++) {
        unsigned char verify[] = {0x80, (unsigned char)instruction, 0, 0x80, 4, '4', '7', '1', '1'};
        apdu_log_command(verify, sizeof verify, out);
        if (instruction == 0x20 || instruction == 0x24 || instruction == 0x2C ||
            instruction == 0x21 || instruction == 0xDA)
            assert_null(strstr(out, "34373131"));
    }
    apdu_log_command((const unsigned char *)"\0\x20\0\x80\4"
                                            "4711",
                     9, out);
    assert_string_equal(out, "00200080+5 hidden");
}

static void the_log_cuts_what_is_long_and_bears_what_is_short(void **state)
{
    unsigned char bytes[1024];
    char out[APDU_LOG_TEXT];

    (void)state;
    memset(bytes, 0xA4, sizeof bytes);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        apdu_log_command(bytes, size, out);
        assert_true(strlen(out) < sizeof out);
        apdu_log_answer(bytes, size, out);
        assert_true(strlen(out) < sizeof out);
    }
    apdu_log_answer((const unsigned char *)"\x30\x82\6\x10\x55\x66\x90\0", 8, out);
    assert_string_equal(out, "30820610+2 more 9000");
    apdu_log_answer((const unsigned char *)"\x63\xC2", 2, out);
    assert_string_equal(out, "63C2");
    apdu_log_answer(bytes, 1, out);
    assert_string_equal(out, "nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(power_and_commands_are_answered_however_they_are_cut, setup),
        cmocka_unit_test_setup(the_card_is_seen_once_its_atr_was_asked_for, setup),
        cmocka_unit_test_setup(what_is_no_message_is_passed_over, setup),
        cmocka_unit_test_setup(the_longest_message_fits_and_a_longer_answer_is_refused, setup),
        cmocka_unit_test_setup(e2_nothing_of_a_message_stays_behind_it, setup),
        cmocka_unit_test_setup(an_atr_is_hexadecimal_and_begins_as_one, setup),
        cmocka_unit_test(e2_the_log_shows_data_of_harmless_instructions_only),
        cmocka_unit_test(the_log_cuts_what_is_long_and_bears_what_is_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
