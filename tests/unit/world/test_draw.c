/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world/draw.h"

static void streams_repeat_and_differ(void **state)
{
    struct draw a = draw_begin(7, DRAW_HOUSEHOLD, 3);
    struct draw again = draw_begin(7, DRAW_HOUSEHOLD, 3);
    struct draw other_seed = draw_begin(8, DRAW_HOUSEHOLD, 3);
    struct draw other_purpose = draw_begin(7, DRAW_CARD, 3);
    struct draw other_index = draw_begin(7, DRAW_HOUSEHOLD, 4);
    uint64_t first = draw_bits(&a);

    (void)state;
    assert_int_equal(first, draw_bits(&again));
    assert_int_not_equal(first, draw_bits(&a));
    assert_int_not_equal(first, draw_bits(&other_seed));
    assert_int_not_equal(first, draw_bits(&other_purpose));
    assert_int_not_equal(first, draw_bits(&other_index));
}

/* Worlds that were made once must come out the same for ever: the first values are pinned. */
static void the_stream_never_changes(void **state)
{
    struct draw draw = draw_begin(1, DRAW_HOUSEHOLD, 0);

    (void)state;
    assert_true(draw_bits(&draw) == UINT64_C(0xB76709EAD0826F0));
    assert_true(draw_bits(&draw) == UINT64_C(0x4F7FABD7ED2F82AD));
}

static void draws_stay_in_range_and_reach_both_ends(void **state)
{
    struct draw draw = draw_begin(2, DRAW_CARD, 0);
    int seen[10] = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        int value = draw_between(&draw, -3, 6);
        assert_in_range(value + 3, 0, 9);
        seen[value + 3]++;
        assert_int_equal(draw_below(&draw, 1), 0);
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(seen[i], 60, 140);
}

static void chances_never_and_always(void **state)
{
    struct draw draw = draw_begin(3, DRAW_CARD, 0);
    int hits = 0;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        assert_false(draw_chance(&draw, 0));
        assert_true(draw_chance(&draw, 1000000));
        hits += draw_chance(&draw, 250000);
    }
    assert_in_range(hits, 2300, 2700);
}

static void weights_count_and_zero_is_never_drawn(void **state)
{
    static const int weights[4] = {0, 30, 0, 70};
    static const int sums[4] = {0, 30, 30, 100};
    struct draw draw = draw_begin(4, DRAW_CARD, 0);
    int seen[4] = {0};
    int seen_sums[4] = {0};

    (void)state;
    for (int i = 0; i < 10000; i++) {
        seen[draw_weighted(&draw, weights, 4)]++;
        seen_sums[draw_cumulative(&draw, sums, 4)]++;
    }
    assert_int_equal(seen[0] + seen[2] + seen_sums[0] + seen_sums[2], 0);
    assert_in_range(seen[1], 2800, 3200);
    assert_in_range(seen_sums[1], 2800, 3200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_repeat_and_differ),
        cmocka_unit_test(the_stream_never_changes),
        cmocka_unit_test(draws_stay_in_range_and_reach_both_ends),
        cmocka_unit_test(chances_never_and_always),
        cmocka_unit_test(weights_count_and_zero_is_never_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
