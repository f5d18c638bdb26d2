/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/residence.h"

static struct residence_city cities[16];
static size_t city_count;

static bool add(const char *number, const char *name)
{
    struct insurer_number insurer = {""};

    strncpy(insurer.digits, number, sizeof insurer.digits - 1);
    if (!residence_city_of(insurer, text_of(name), &cities[city_count]))
        return false;
    city_count++;
    return true;
}

static int begin(void **state)
{
    (void)state;
    city_count = 0;
    assert_true(add("139998", "架空区"));
    assert_true(add("130013", "東京都見本市国民健康保険"));
    assert_true(add("120014", "千葉県見本市国保"));
    assert_true(add("120022", "見本ヶ原市"));
    assert_true(add("240010", "三重県見本町国民健康保険"));
    return 0;
}

static void lives_in(const char *address, const char *insurer)
{
    const struct residence_city *city = residence_find(cities, city_count, text_of(address));

    if (!insurer) {
        assert_null(city);
        return;
    }
    assert_non_null(city);
    assert_string_equal(city->insurer.digits, insurer);
}

static void d4_an_address_leads_to_the_municipal_insurer_there(void **state)
{
    (void)state;
    lives_in("東京都架空区試験１－２－３", "139998");
    lives_in("東京都　架空区　試験1-2-3", "139998");
    lives_in("東京都見本市本町1", "130013");
    lives_in("千葉県見本市本町1", "120014");
    lives_in("千葉県見本ケ原市本町1", "120022"); /* ヶ or ケ */
    lives_in("三重県三重郡見本町1", "240010");   /* a county before a town */
    lives_in("三重県見本町1", "240010");
}

static void d4_what_does_not_lead_to_one_city_for_certain_leads_to_none(void **state)
{
    (void)state;
    lives_in("架空区試験１－２－３", NULL); /* without the prefecture it is a guess */
    lives_in("大阪府架空区試験１－２－３", NULL);
    lives_in("東京都例示市本町1", NULL);   /* no insurer of the store */
    lives_in("千葉県千葉郡見本市1", NULL); /* no city lies in a county */
    lives_in("東京都", NULL);
    lives_in("", NULL);
    lives_in("\xFF\xFE", NULL);
    assert_true(add("130021", "東京都架空区国民健康保険")); /* two of one name */
    lives_in("東京都架空区試験１－２－３", NULL);
}

static void d4_of_two_names_the_longer_one_counts(void **state)
{
    (void)state;
    assert_true(add("120030", "見本町"));
    assert_true(add("120048", "見本町村")); /* begins as the other ends */
    lives_in("千葉県見本町村1", "120048");
    lives_in("千葉県見本町1", "120030");
}

static void d4_only_municipal_insurers_are_cities(void **state)
{
    (void)state;
    assert_false(add("133033", "架空東京都第1国民健康保険組合")); /* serial in the 300s */
    assert_false(add("133033", "架空区"));
    assert_false(add("06139992", "架空健康保険組合"));
    assert_false(add("39139991", "架空市"));
    assert_false(add("139998", "架空"));
    assert_false(add("139998", "区"));
    assert_false(add("139998", "大阪府架空区")); /* another prefecture than the number's */
    assert_false(add("990014", "架空市"));
    assert_false(add("139998", ""));
    assert_false(add("139998", "\xFF市"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(d4_an_address_leads_to_the_municipal_insurer_there, begin),
        cmocka_unit_test_setup(d4_what_does_not_lead_to_one_city_for_certain_leads_to_none, begin),
        cmocka_unit_test_setup(d4_of_two_names_the_longer_one_counts, begin),
        cmocka_unit_test_setup(d4_only_municipal_insurers_are_cities, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
