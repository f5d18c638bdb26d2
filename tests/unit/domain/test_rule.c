/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/policy.h"
#include "domain/rule.h"

static void every_rule_has_all_its_texts(void **state)
{
    size_t count = 0;
    const struct rule *rules = rule_list(&count);

    (void)state;
    assert_true(count == RULE_COUNT && count > 20);
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(rules[i].id) > 3 && strchr(rules[i].id, '.'));
        assert_true(*rules[i].title_ja && *rules[i].title_en);
        assert_true(*rules[i].desk_ja && *rules[i].desk_en);
        assert_true(text_is_utf8(text_of(rules[i].title_ja)));
        assert_true(text_is_utf8(text_of(rules[i].desk_ja)));
        /* the source names the requirement that the id begins with */
        assert_non_null(rules[i].source);
        assert_memory_equal(rules[i].source, rules[i].id, 2);
    }
}

static void every_rule_is_found_by_its_id(void **state)
{
    size_t count = 0;
    const struct rule *rules = rule_list(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(rule_find(rules[i].id), &rules[i]); /* sorted, so each id is unique */
        assert_ptr_equal(rule_of(rules[i].id), &rules[i]);
        assert_ptr_equal(rule_at((enum rule_id)i), &rules[i]);
    }
    assert_string_equal(rule_at(RULE_K2_GRACE)->id, "K2.grace");
}

static void ids_that_no_rule_has_are_not_found(void **state)
{
    static const char *const unknown[] = {"",         "E",        "E1",      "E1.",  "E1.valid ",
                                          "e1.valid", "K2.gracf", "Z9.none", "\xFF", "C9.last"};

    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_null(rule_find(unknown[i]));
}

static void every_policy_value_has_meaning_and_source(void **state)
{
    size_t count = 0;
    const struct policy_value *values = policy_list(&count);

    (void)state;
    assert_true(count > 10);
    for (size_t i = 0; i < count; i++) {
        assert_true(*values[i].name && *values[i].meaning && *values[i].source);
        if (values[i].unit == POLICY_UNIT_DAY)
            assert_true(date_ok(DATE(values[i].value)));
        if (values[i].unit == POLICY_UNIT_PERCENT)
            assert_true(values[i].value >= 0 && values[i].value <= 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_all_its_texts),
        cmocka_unit_test(every_rule_is_found_by_its_id),
        cmocka_unit_test(ids_that_no_rule_has_are_not_found),
        cmocka_unit_test(every_policy_value_has_meaning_and_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
