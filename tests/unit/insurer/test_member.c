/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows P, F and D: who is registered, how a person is found, and what is never mixed up.
 */
#include "batch/filings_end.h"
#include "insurer_desk.h"

#include "domain/number.h"
#include "store/store_register.h"
#include "store/store_standing.h"

#define HANA "P,N,A-1,,,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,1009999,架空区１,1,"
#define HANA_Q "Q,N,A-1,,20261103,１２,345,00,1,髙橋　ハナ,20261101,,,,"
#define HANA_C "C,N,A-1,,,,20261102,20261101,99991231,"

static void e1_a_new_member_can_be_asked_about(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct person person = {0};
    struct text link = {0};

    TAKES(desk, SEND(desk, HANA, HANA_Q, HANA_C), "0", "0", "0");
    assert_int_equal(strncmp(desk->line[0], "R,1,06139992,", 13), 0);
    person = desk_person(&scope, desk, "A-1");
    assert_true(text_is(person.name, "髙橋　ハナ"));
    assert_true(text_is(person.postal_code, "100-9999"));
    assert_int_equal(person.birth.yyyymmdd, 19800203);
    assert_int_equal(person.coverage_count, 1);
    assert_true(text_is(person.coverages[0].symbol, "１２"));
    assert_int_equal(person.coverages[0].from.yyyymmdd, 20261101);
    assert_int_equal(person.coverages[0].paper, PAPER_ELIGIBILITY_NOTICE);
    assert_int_equal(store_find_link(&scope, desk->store, person.person_id, &link), STATUS_OK);
    assert_true(link_code_ok(link));
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage_key"), 1);
    assert_int_equal(desk_number(desk, "SELECT waiting FROM register_check"), 1);
    assert_int_equal(desk_number(desk, "SELECT received FROM registration_clock"), 20261103);
    assert_int_equal(desk->outcome.new_people, 1);
}

static void e1_a_number_is_kept_as_link_code_only(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct text bytes = {0};

    TAKES(desk, SEND(desk, HANA, HANA_Q), "0", "0");
    store_close(desk->store);
    desk->store = NULL;
    assert_int_equal(file_read(&scope, desk->url + strlen("sqlite:"), 1 << 24, &bytes), STATUS_OK);
    assert_null(memmem(bytes.bytes, bytes.size, "123456789018", 12));
    assert_null(strstr(desk->answers, "123456789018"));
}

static void e1_rows_in_need_of_a_person_say_so(void **state)
{
    struct desk *desk = *state;

    TAKES(desk, SEND(desk, HANA_Q, HANA_C), "2 SKK-6041 key", "2 SKK-6041 key");
    TAKES(
        desk,
        SEND(desk, "P,N,A-1,,,123456789012,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,,架空区１,1,", HANA_Q),
        "2 SKK-6030 individual_number", "2 SKK-6041 key");
    TAKES(desk, SEND(desk, "P,U,A-1,,,,,,,,,,,,架空区２,1,"), "2 SKK-6041 key");
    TAKES(desk, SEND(desk, "P,N,A-1,,,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,20261201,,架空区１,1,"),
          "2 SKK-6052 birth");
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person"), 0);
}

/* Problem 1 of section 11: never a silent ●. Characters that some systems lack are no problem. */
static void e1_a_replaced_character_is_told(void **state)
{
    struct desk *desk = *state;

    TAKES(desk, SEND(desk, "P,N,A-1,,,123456789018,●橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,,架空区１,1,"),
          "1 SKK-7109 name");
    TAKES(desk, SEND(desk, "P,U,A-1,,,,𠮷橋　邊󠄁,,,,,,,,架空区〓,1,"),
          "1 SKK-7109 address");
    TAKES(desk, SEND(desk, "P,U,A-1,,,,,,,,,,,,架空区１,1,"), "0");
    TAKES(desk,
          SEND(desk,
               "P,N,A-1,,,,𠮷橋　邊󠄁,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,,架空区１,1,"),
          "0");
}

/* R2: why a request in a file is not taken, and which item is wrong. */
static void r2_a_request_that_is_not_taken_says_why(void **state)
{
    struct desk *desk = *state;

    TAKES(desk, SEND(desk, HANA, HANA_Q, "D,N,A-1,,,20261105,2,0"), "0", "0", "2 SKK-6050 key");
    TAKES(desk, SEND(desk, "D,N,A-1,,,20271105,2,0"), "2 SKK-1104 requested");
    TAKES(desk, SEND(desk, "D,X,A-1,,,,,"), "2 SKK-6303");
}

/* 2.4: three items matched are what the mix-ups of 2023 came from. */
static void e1_without_the_number_nobody_is_guessed(void **state)
{
    struct desk *desk = *state;

    TAKES(desk, SEND(desk, "P,N,A-1,,,,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,,架空区１,1,"),
          "2 SKK-6032 individual_number");
}

struct played {
    struct register_client base; /* first */
    enum register_found found;
    int calls;
    bool away;
};

static enum status played_by_items(struct scope *scope, struct register_client *client,
                                   const struct register_identity *items, size_t count,
                                   struct register_finding **out)
{
    struct played *played = (struct played *)client;

    assert_int_equal(count, 1);
    assert_true(text_is(items[0].kana, "ﾀｶﾊｼ ﾊﾅ"));
    played->calls++;
    if (played->away)
        return scope_fail(scope, CAUSE_REGISTER_AWAY, "played");
    TRY(scope_alloc(scope, 1, sizeof **out, out));
    (*out)[0].found = played->found;
    if (played->found == REGISTER_FOUND_ONE)
        (*out)[0].person.number = TEXT("123456789018");
    return STATUS_OK;
}

static void e1_the_register_finds_a_number_by_five_items(void **state)
{
    static const char row[] = "P,N,A-1,,,,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,,架空区１,1,";
    struct desk *desk = *state;
    struct register_ops ops = {.name = "played", .by_items = played_by_items};
    struct played played = {.base = {&ops}, .found = REGISTER_FOUND_SEVERAL};

    desk->lookup = &played.base;
    TAKES(desk, SEND(desk, row), "2 SKK-6032 individual_number");
    played.found = REGISTER_FOUND_NONE;
    TAKES(desk, SEND(desk, row, HANA_Q), "2 SKK-6032 individual_number", "2 SKK-6041 key");
    played.away = true;
    assert_int_equal(SEND(desk, row, HANA_C), STATUS_UNAVAILABLE);
    assert_int_equal(desk->cause, CAUSE_REGISTER_AWAY);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person"), 0);
    played.away = false;
    played.found = REGISTER_FOUND_ONE;
    TAKES(desk, (unlink(desk->reply), desk_load_file(desk)), "0", "2 SKK-6043 valid_from");
    assert_int_equal(played.calls, 4);
    /* the number found is the one that is told later */
    TAKES(desk, SEND(desk, "P,N,A-1,,,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,,架空区１,1,"),
          "0");
}

static void e1_two_people_are_never_taken_for_one(void **state)
{
    struct desk *desk = *state;

    TAKES(desk, SEND(desk, HANA, HANA_Q), "0", "0");
    /* the same number with another birth date, then another sex */
    TAKES(desk,
          SEND(desk, "P,N,A-2,,,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800204,,架空区１,1,",
               "P,N,A-3,,,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,1,,19800203,,架空区１,1,"),
          "2 SKK-6045 individual_number", "2 SKK-6045 individual_number");
    /* another number for a key that is known */
    TAKES(desk, SEND(desk, "P,U,A-1,,,000000000000,,,,,,,,,,1,"), "2 SKK-6044 individual_number");
    /* in one run of rows too */
    TAKES(desk,
          SEND(desk, "P,N,A-4,,,000000000000,架空　太郎,ｶｸｳ ﾀﾛｳ,,,1,,19900101,,架空区９,1,",
               "P,N,A-4,,,999999999996,架空　太郎,ｶｸｳ ﾀﾛｳ,,,1,,19900101,,架空区９,1,"),
          "0", "2 SKK-6044 individual_number");
    /* other values under a key that is taken */
    TAKES(desk, SEND(desk, "P,N,A-1,,,,別の　人,ﾍﾞﾂﾉ ﾋﾄ,,,2,,19800203,,架空区１,1,"),
          "2 SKK-6042 key");
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person"), 2);
}

static void e1_one_person_of_two_keys_stays_one(void **state)
{
    struct desk *desk = *state;

    TAKES(desk, SEND(desk, HANA, HANA_Q), "0", "0");
    TAKES(desk, SEND(desk, "P,N,B-1,,,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,,架空区２,1,"),
          "0");
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person"), 1);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM member"), 2);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person_history"), 1); /* the address */
}

static void e1_a_correction_keeps_the_former_row(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct person person = {0};

    TAKES(desk, SEND(desk, HANA, HANA_Q), "0", "0");
    TAKES(desk, SEND(desk, "P,U,A-1,,,,,,別名,ﾍﾞﾂﾒｲ,,3,,-,架空区２,,"), "0");
    person = desk_person(&scope, desk, "A-1");
    assert_true(text_is(person.name, "髙橋　ハナ"));
    assert_true(text_is(person.other_name, "別名"));
    assert_true(text_is(person.address, "架空区２"));
    assert_true(text_empty(person.postal_code));
    assert_int_equal(person.sex2, SEX_NOT_SET);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person_history"), 1);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person_history WHERE superseded > "
                                       "recorded"),
                     1);
    TAKES(desk, SEND(desk, "P,U,A-1,,,,,,-,-,,-,,,,,"), "0");
    assert_true(text_empty(desk_person(&scope, desk, "A-1").other_name));
    TAKES(desk, SEND(desk, "P,U,A-1,,,,,,,,,,20261102,,,,"), "2 SKK-6033 birth");
}

static void e1_a_cancelled_member_leaves_but_for_the_history(void **state)
{
    struct desk *desk = *state;

    TAKES(desk, SEND(desk, HANA, HANA_Q, HANA_C), "0", "0", "0");
    TAKES(desk, SEND(desk, "P,X,A-1,,,,,,,,,,,,,,", HANA_Q), "0", "2 SKK-6041 key");
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM member"), 0);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage"), 0);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage_key"), 0);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage_history"), 1);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM member_history"), 1);
    /* registered anew, in one file with the cancellation too */
    TAKES(desk, SEND(desk, HANA, HANA_Q, "P,X,A-1,,,,,,,,,,,,,,", HANA, HANA_Q), "0", "0", "0", "0",
          "0");
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person"), 1);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage"), 1);
}

static void e1_protection_flags_are_set_changed_and_cleared(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    TAKES(desk, SEND(desk, HANA, "F,N,A-1,,,1,0,20261101,"), "0", "0");
    assert_int_equal(desk_person(&scope, desk, "A-1").protection, PROTECTION_NON_DISCLOSURE);
    TAKES(desk, SEND(desk, "F,U,A-1,,,,1,,"), "0"); /* the other one stays */
    assert_int_equal(desk_person(&scope, desk, "A-1").protection,
                     PROTECTION_NON_DISCLOSURE | PROTECTION_SELF_REFUSAL);
    TAKES(desk, SEND(desk, "F,N,A-1,,,1,1,20270101,"), "2 SKK-6051 valid_from");
    TAKES(desk, SEND(desk, "F,U,A-1,,,1,0,20261101,20261231"), "1 SKK-7106 valid_until");
    TAKES(desk, SEND(desk, "F,X,A-1,,,,,,"), "0");
    assert_int_equal(desk_person(&scope, desk, "A-1").protection, 0);
}

/* The same rows as another insurer's. */
static enum status send_as(struct desk *desk, const char *insurer, const char *const *rows,
                           size_t count)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    desk_write(desk, desk_make(&scope, insurer, rows, count));
    unlink(desk->reply);
    return desk_load_file(desk);
}
#define SEND_CITY(desk, ...)                                                                       \
    send_as(desk, "139998", (const char *const[]){__VA_ARGS__},                                    \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
#define HANA_CITY "P,N,C-1,,,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,1009999,架空区１,1,"

static unsigned flags_of(const struct desk *desk)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    return desk_person(&scope, desk, "A-1").protection;
}

/* 2.5: until fully out of danger; each insurer has a filing, and ends its own. */
static void e1_no_insurer_clears_what_another_filed(void **state)
{
    struct desk *desk = *state;
    const unsigned both = PROTECTION_FLAGS;

    TAKES(desk, SEND(desk, HANA, HANA_Q, "F,N,A-1,,,1,1,20261101,"), "0", "0", "0");
    TAKES(desk, SEND_CITY(desk, HANA_CITY, "F,N,C-1,,,0,0,20261101,"), "0", "0");
    assert_int_equal(flags_of(desk), both);
    TAKES(desk, SEND_CITY(desk, "F,X,C-1,,,,,,"), "0");
    assert_int_equal(flags_of(desk), both);
    TAKES(desk, SEND_CITY(desk, "F,N,C-1,,,1,0,20261102,"), "0");
    TAKES(desk, SEND(desk, "F,X,A-1,,,,,,"), "0");
    assert_int_equal(flags_of(desk), PROTECTION_NON_DISCLOSURE);
    TAKES(desk, SEND_CITY(desk, "P,X,C-1,,,,,,,,,,,,,,"), "0"); /* what it registered goes */
    assert_int_equal(flags_of(desk), 0);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM protection_filing"), 0);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM protection_filing_history"), 3);
}

static void e1_a_filing_holds_to_its_last_day(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope last = scope_begin_at(DESK_LIMIT, instant_noon(DATE(20261231)));
    CLEANUP(scope_end) struct scope next = scope_begin_at(DESK_LIMIT, instant_noon(DATE(20270101)));
    int64_t people = 0;

    TAKES(desk, SEND(desk, HANA, HANA_Q, "F,N,A-1,,,1,1,20261101,20261231"), "0", "0",
          "1 SKK-7106 valid_until");
    TAKES(desk, SEND_CITY(desk, HANA_CITY, "F,N,C-1,,,1,0,20261101,"), "0", "0");
    assert_int_equal(filings_end(&last, desk->store, DATE(20270101), &people), STATUS_OK);
    assert_int_equal(people, 0); /* no day is ended before it has passed */
    assert_int_equal(flags_of(desk), PROTECTION_FLAGS);
    assert_int_equal(filings_end(&next, desk->store, DATE(20270101), &people), STATUS_OK);
    assert_int_equal(people, 1);
    assert_int_equal(flags_of(desk), PROTECTION_NON_DISCLOSURE);
    assert_int_equal(filings_end(&next, desk->store, DATE(20270101), &people), STATUS_OK);
    assert_int_equal(people, 0);
}

/* 2.4: "no doubt, with reason" clears what the comparison found, and nothing before that. */
static void e1_a_reason_clears_a_difference(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct register_outcome outcome = {0};
    struct person person = {0};

    TAKES(desk, SEND(desk, HANA, HANA_Q), "0", "0");
    TAKES(desk, SEND(desk, "P,U,A-1,,,,,,,,,,,,,9,"), "2 SKK-6046 reason");
    TAKES(desk, SEND(desk, "P,U,A-1,,,,,,,,,,,,,9,旧住所"), "1 SKK-7107 reason");
    person = desk_person(&scope, desk, "A-1");
    assert_int_equal(
        store_find_register_check(&scope, desk->store, person.person_id, &outcome.check),
        STATUS_OK);
    outcome.check.difference = outcome.effective = 3;
    outcome.check.compared = scope.now;
    outcome.check.rule = TEXT("E1.register_mismatch");
    assert_int_equal(store_settle_register_check(&scope, desk->store, &outcome), STATUS_OK);
    TAKES(desk, SEND(desk, "P,U,A-1,,,,,,,,,,,,,9,転居前の住所のまま"), "0");
    assert_int_equal(desk_person(&scope, desk, "A-1").register_difference, 0);
    assert_int_equal(
        store_find_register_check(&scope, desk->store, person.person_id, &outcome.check),
        STATUS_OK);
    assert_true(text_is(outcome.check.reason, "転居前の住所のまま"));
    assert_true(text_is(outcome.check.reason_by, "06139992"));
}

/* --- D ------------------------------------------------------------------------------------------
 */

static void r2_a_request_is_entered_once_and_can_be_withdrawn(void **state)
{
    struct desk *desk = *state;
    struct standing standing = {0};
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    TAKES(desk, SEND(desk, HANA, HANA_Q), "0", "0");
    TAKES(desk, SEND(desk, "D,N,A-1,,20261104,20261103,2,1", "D,N,A-9,,20261104,20261103,2,0"), "0",
          "2 SKK-6041 key");
    assert_int_equal(store_find_standing(&scope, desk->store,
                                         desk_person(&scope, desk, "A-1").person_id, &standing),
                     STATUS_OK);
    assert_int_equal(standing.request_count, 1);
    assert_int_equal(standing.requests[0].requested.yyyymmdd, 20261103);
    assert_int_equal(standing.requests[0].received.yyyymmdd, 20261106);
    assert_int_equal(standing.requests[0].executes.yyyymmdd, 20261231); /* end of N + 1 */
    assert_int_equal(standing.requests[0].channel, DEREGISTRATION_BY_FILE);
    assert_true(standing.requests[0].proxy);
    assert_int_equal(standing.issue_count, 1); /* T2: the certificate, with the request */
    TAKES(desk, SEND(desk, "D,X,A-1,,,20261103,2,0"), "0");
    TAKES(desk, SEND(desk, "D,X,A-1,,,20261103,3,0"), "2 SKK-6303");
}

static void r3_a_second_request_is_an_error_and_the_certificate_stays_due(void **state)
{
    struct desk *desk = *state;
    struct standing standing = {0};
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    TAKES(desk, SEND(desk, HANA, HANA_Q), "0", "0");
    TAKES(desk, SEND(desk, "D,N,A-1,,20261104,20261103,2,0"), "0");
    TAKES(desk, SEND(desk, "D,N,A-1,,20261104,20261105,2,0"), "2 SKK-6302");
    assert_int_equal(store_find_standing(&scope, desk->store,
                                         desk_person(&scope, desk, "A-1").person_id, &standing),
                     STATUS_OK);
    assert_int_equal(standing.issue_count, 1);
}

static void r2_a_dry_run_enters_no_request(void **state)
{
    struct desk *desk = *state;
    struct standing standing = {0};
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    TAKES(desk, SEND(desk, HANA, HANA_Q), "0", "0");
    desk->order.dry_run = true;
    TAKES(desk, SEND(desk, "D,N,A-1,,20261104,20261103,2,0"), "0");
    assert_int_equal(store_find_standing(&scope, desk->store,
                                         desk_person(&scope, desk, "A-1").person_id, &standing),
                     STATUS_OK);
    assert_int_equal(standing.request_count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_begin, desk_end)
    const struct CMUnitTest tests[] = {
        TEST(e1_a_new_member_can_be_asked_about),
        TEST(e1_a_number_is_kept_as_link_code_only),
        TEST(e1_rows_in_need_of_a_person_say_so),
        TEST(e1_a_replaced_character_is_told),
        TEST(r2_a_request_that_is_not_taken_says_why),
        TEST(e1_without_the_number_nobody_is_guessed),
        TEST(e1_the_register_finds_a_number_by_five_items),
        TEST(e1_two_people_are_never_taken_for_one),
        TEST(e1_one_person_of_two_keys_stays_one),
        TEST(e1_a_correction_keeps_the_former_row),
        TEST(e1_a_cancelled_member_leaves_but_for_the_history),
        TEST(e1_protection_flags_are_set_changed_and_cleared),
        TEST(e1_no_insurer_clears_what_another_filed),
        TEST(e1_a_filing_holds_to_its_last_day),
        TEST(e1_a_reason_clears_a_difference),
        TEST(r2_a_request_is_entered_once_and_can_be_withdrawn),
        TEST(r3_a_second_request_is_an_error_and_the_certificate_stays_due),
        TEST(r2_a_dry_run_enters_no_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
