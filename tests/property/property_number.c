/* SPDX-License-Identifier: Apache-2.0
 *
 * property_number.c - check digits find every single wrong digit; symbols and numbers match however
 * they are typed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/insured_number.h"
#include "domain/number.h"
#include "random.h"

#define ROUNDS 20000

static const struct {
    enum number_kind kind;
    size_t length;
} forms[] = {
    {NUMBER_INSURER, 6},        {NUMBER_INSURER, 8},   {NUMBER_INSTITUTION, 10},
    {NUMBER_PUBLIC_EXPENSE, 8}, {NUMBER_RECIPIENT, 7},
};

static void random_digits(struct random *random, char *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (char)('0' + random_below(random, 10));
}

/* A good number: bodies are drawn until prefecture and law are right too. */
static void random_number(struct random *random, enum number_kind kind, char *out, size_t length)
{
    do {
        random_digits(random, out, length - 1);
        out[length - 1] = (char)('0' + number_check_digit(kind, (struct text){out, length - 1}));
    } while (number_check(kind, (struct text){out, length}) != NUMBER_GOOD);
}

static void e1_every_single_wrong_digit_is_found(void **state)
{
    struct random random = random_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t form = (size_t)random_below(&random, 5);
        size_t length = forms[form].length;
        char number[13] = {0};
        random_number(&random, forms[form].kind, number, length);
        size_t at = (size_t)random_below(&random, (int)length);
        number[at] = (char)('0' + (number[at] - '0' + 1 + random_below(&random, 9)) % 10);
        if (number_check(forms[form].kind, (struct text){number, length}) == NUMBER_GOOD)
            fail_msg("seed %" PRIu64 ": %s is taken for good", random.seed, number);
    }
}

/* 個人番号: remainders 0 and 1 share a check digit, so an error may pass only between those two. */
static void e1_individual_numbers_miss_only_what_their_rule_misses(void **state)
{
    static const int weights[] = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    struct random random = random_begin();
    int missed = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char number[13] = {0};
        int sum = 0;
        random_number(&random, NUMBER_INDIVIDUAL, number, 12);
        size_t at = (size_t)random_below(&random, 11);
        number[at] = (char)('0' + (number[at] - '0' + 1 + random_below(&random, 9)) % 10);
        for (size_t i = 0; i < 11; i++)
            sum += (number[i] - '0') * weights[i];
        if (number_check(NUMBER_INDIVIDUAL, (struct text){number, 12}) != NUMBER_GOOD)
            continue;
        missed++;
        if (sum % 11 > 1)
            fail_msg("seed %" PRIu64 ": %s is taken for good", random.seed, number);
    }
    assert_true(missed < ROUNDS / 20);
}

static const char *const full_width_digits[] = {"０", "１", "２", "３", "４",
                                                "５", "６", "７", "８", "９"};
static const char *const fillers[] = {"-", " ", "/", "－", "　", "／", "‐", "−", "\t"};

/* Types digits as people might: full or half width, with hyphens and blanks between. */
static void type_digits(struct random *random, const char *digits, char *out, size_t size)
{
    size_t used = 0;

    out[0] = 0;
    for (size_t i = 0; digits[i] && used + 8 < size; i++) {
        if (random_one_in(random, 5))
            used +=
                (size_t)snprintf(out + used, size - used, "%s", fillers[random_below(random, 9)]);
        if (random_one_in(random, 2))
            used +=
                (size_t)snprintf(out + used, size - used, "%s", full_width_digits[digits[i] - '0']);
        else
            used += (size_t)snprintf(out + used, size - used, "%c", digits[i]);
    }
}

static void e1_numbers_match_however_they_are_typed(void **state)
{
    struct random random = random_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char digits[9] = {0};
        char typed[64];
        char normal[INSURED_NORMAL_SIZE], again[INSURED_NORMAL_SIZE];
        random_digits(&random, digits, (size_t)(1 + random_below(&random, 8)));
        type_digits(&random, digits, typed, sizeof typed);
        const char *expected = digits + strspn(digits, "0");
        if (!*expected)
            expected = "0";
        if (!insured_text_normalise(text_of(typed), true, normal) || strcmp(normal, expected) != 0)
            fail_msg("seed %" PRIu64 ": '%s' became '%s'", random.seed, typed, normal);
        assert_true(insured_text_normalise(text_of(normal), true, again));
        assert_string_equal(normal, again);
    }
}

/* Any bytes: refused or normalised into UTF-8 that fits. */
static void e1_any_bytes_are_refused_or_normalised(void **state)
{
    struct random random = random_begin();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char bytes[24];
        char normal[INSURED_NORMAL_SIZE];
        size_t size = (size_t)random_below(&random, 24);
        for (size_t i = 0; i < size; i++) {
            uint32_t wide = (uint32_t)random_next(&random);
            bytes[i] = (char)(i % 3 == 0 ? 0xE0 | (wide & 0xF) : 0x80 | (wide & 0x3F));
            if (random_one_in(&random, 12))
                bytes[i] = (char)wide;
        }
        bool taken = insured_text_normalise((struct text){bytes, size}, false, normal);
        if (memchr(normal, 0, sizeof normal) == NULL || !text_is_utf8(text_of(normal)) ||
            (!taken && normal[0]))
            fail_msg("seed %" PRIu64 ", round %d", random.seed, round);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_every_single_wrong_digit_is_found),
        cmocka_unit_test(e1_individual_numbers_miss_only_what_their_rule_misses),
        cmocka_unit_test(e1_numbers_match_however_they_are_typed),
        cmocka_unit_test(e1_any_bytes_are_refused_or_normalised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
