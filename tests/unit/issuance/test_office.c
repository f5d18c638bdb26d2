/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "card/emulated_card.h"
#include "domain/rule.h"
#include "issuance/office.h"
#include "proof/card_certificate.h"

#define BIRTH DATE(19850203)
#define ISSUED DATE(20240610) /* the fifth birthday after: 2029-02-03 */
#define EXPIRES 20290203

static char folder[64];
static char card[96], phone[96];
static struct scope scope;
static struct office *office;

static enum status make_issuer(void)
{
    char key[96], certificate[96];
    struct issuer *card_ca = NULL, *terminal = NULL;

    snprintf(key, sizeof key, "%s/card-ca.key", folder);
    snprintf(certificate, sizeof certificate, "%s/card-ca.pem", folder);
    TRY(issuer_make_generation(&scope, ISSUER_CARD_AUTHENTICATION, instant_noon(DATE(20240101)), 1,
                               &card_ca));
    TRY(issuer_write(&scope, card_ca, key, certificate));
    issuer_close(card_ca);
    snprintf(key, sizeof key, "%s/terminal-ca.key", folder);
    snprintf(certificate, sizeof certificate, "%s/terminal-ca.pem", folder);
    TRY(issuer_make(&scope, ISSUER_TERMINAL, scope.now, &terminal));
    TRY(issuer_write(&scope, terminal, key, certificate));
    issuer_close(terminal);
    TRY(office_found(&scope, folder, 5000));
    return office_open(&scope, folder, &office);
}

static int open_office(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/test_office.XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    snprintf(card, sizeof card, "%s/one.card", folder);
    snprintf(phone, sizeof phone, "%s/phone.card", folder);
    scope = scope_begin_at(16UL << 20, instant_noon(ISSUED));
    return make_issuer() == STATUS_OK ? 0 : 1;
}

static int close_office(void **state)
{
    char command[96];

    (void)state;
    office_close(office);
    scope_end(&scope);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void on(int yyyymmdd)
{
    scope.now = instant_noon(DATE(yyyymmdd));
}

static struct issued issue(const char *path, enum card_kind_issued kind, int64_t holder)
{
    const struct issue_order order = {.card = path,
                                      .holder = holder,
                                      .birth = BIRTH,
                                      .municipality = "13201",
                                      .pin = "4321",
                                      .kind = kind};
    struct issued issued = {0};

    assert_int_equal(office_issue(&scope, office, &order, &issued), STATUS_OK);
    return issued;
}

static struct book_certificate in_book(uint64_t serial)
{
    struct book_certificate found = {0};

    assert_int_equal(book_find_certificate(&scope, office_book(office), serial, &found), STATUS_OK);
    return found;
}

static void k1_issues_to_the_fifth_birthday(void **state)
{
    struct issued issued = issue(card, ISSUED_PLASTIC, 0);
    struct card_image image = {0};
    struct card_certificate read = {0};

    (void)state;
    assert_int_equal(issued.certificate.serial, 5000);
    assert_int_equal(issued.certificate.expires.yyyymmdd, EXPIRES);
    assert_string_equal(issued.rule->id, "K1.expires_first");
    assert_int_equal(card_image_read(&scope, card, &image), STATUS_OK);
    assert_int_equal(card_certificate_read(&scope, image.auth_certificate, &read), STATUS_OK);
    assert_int_equal(read.serial, 5000);
    assert_int_equal(instant_date(read.not_after).yyyymmdd, EXPIRES);
    assert_int_equal(read.not_before.microseconds, issued.certificate.not_before.microseconds);
    assert_string_equal(image.auth_pin, "4321");
    assert_int_equal(image.card_expires.yyyymmdd, 20340203);
}

static void k1_renews_only_in_the_last_months_and_keeps_the_card(void **state)
{
    struct issued first = issue(card, ISSUED_PLASTIC, 0);
    struct issued renewed = {0};
    struct card_image before = {0}, after = {0};
    struct book_link link = {0};

    (void)state;
    assert_int_equal(card_image_read(&scope, card, &before), STATUS_OK);
    on(20281103); /* three months before, the day itself: not yet */
    assert_int_equal(office_renew(&scope, office, card, NULL, &renewed), STATUS_DENIED);
    assert_int_equal(scope.cause, CAUSE_RENEWAL_TOO_EARLY);
    scope_forgive(&scope);
    assert_int_equal(in_book(first.certificate.serial).state, CERTIFICATE_CURRENT);
    on(20281104);
    assert_int_equal(office_renew(&scope, office, card, NULL, &renewed), STATUS_OK);
    assert_int_equal(renewed.certificate.expires.yyyymmdd, 20340203);
    assert_string_equal(renewed.rule->id, "K1.expires_renewed");
    assert_int_equal(renewed.former, first.certificate.serial);
    assert_int_equal(in_book(first.certificate.serial).state, CERTIFICATE_SUPERSEDED);
    assert_int_equal(in_book(first.certificate.serial).reason, REASON_SUPERSEDED);
    assert_int_equal(in_book(first.certificate.serial).successor, renewed.certificate.serial);
    assert_int_equal(card_image_read(&scope, card, &after), STATUS_OK);
    assert_true(text_equal(before.card_number, after.card_number));
    assert_false(text_equal(before.auth_key_pem, after.auth_key_pem));
    assert_int_equal(book_find_link_to(&scope, office_book(office),
                                       (struct book_name){1, renewed.certificate.serial}, false,
                                       &link),
                     STATUS_OK);
    assert_int_equal(link.old.serial, first.certificate.serial);
    assert_false(link.phone);
}

static void k3_a_reissue_after_the_grace_leaves_the_old_one_lapsed(void **state)
{
    struct issued first = issue(card, ISSUED_PLASTIC, 0);
    struct issued again = {0};

    (void)state;
    on(20290601); /* the grace ended on 2029-05-31 */
    assert_int_equal(office_renew(&scope, office, card, NULL, &again), STATUS_OK);
    assert_string_equal(again.rule->id, "K1.expires_first");
    assert_int_equal(in_book(first.certificate.serial).state, CERTIFICATE_CURRENT);
    assert_int_equal(in_book(first.certificate.serial).successor, again.certificate.serial);
}

static void k1_what_was_revoked_stays_so(void **state)
{
    struct issued first = issue(card, ISSUED_PLASTIC, 0);
    struct book_certificate revoked = {0};
    struct issued again = {0};

    (void)state;
    assert_int_equal(office_revoke(&scope, office, first.certificate.serial, REASON_HOLD, &revoked),
                     STATUS_OK);
    assert_int_equal(office_revoke(&scope, office, first.certificate.serial, REASON_HOLD, &revoked),
                     STATUS_CONFLICT);
    scope_forgive(&scope);
    on(20281104);
    assert_int_equal(office_renew(&scope, office, card, NULL, &again), STATUS_CONFLICT);
    scope_forgive(&scope);
    /* a new card for the holder: from the start, and the old one stays revoked */
    snprintf(card, sizeof card, "%s/two.card", folder);
    again = issue(card, ISSUED_PINLESS, first.holder.id);
    assert_string_equal(again.rule->id, "K1.expires_first");
    assert_int_equal(again.former, first.certificate.serial);
    assert_int_equal(in_book(first.certificate.serial).state, CERTIFICATE_REVOKED);
    assert_int_equal(in_book(first.certificate.serial).reason, REASON_HOLD);
}

static void e2_a_pinless_card_has_no_pin_left(void **state)
{
    struct card_image image = {0};

    (void)state;
    issue(card, ISSUED_PINLESS, 0);
    assert_int_equal(card_image_read(&scope, card, &image), STATUS_OK);
    assert_string_equal(image.auth_pin, "");
    assert_true(text_empty(image.sign_certificate));
}

static void e2_a_phone_stands_beside_a_good_card_and_ends_with_it(void **state)
{
    const struct issue_order alone = {.card = phone,
                                      .birth = BIRTH,
                                      .municipality = "13201",
                                      .pin = "1111",
                                      .kind = ISSUED_ANDROID};
    struct issued first = {0}, second = {0}, refused = {0};
    struct card_image image = {0};

    (void)state;
    assert_int_equal(office_issue(&scope, office, &alone, &refused), STATUS_NOT_FOUND);
    scope_forgive(&scope);
    first = issue(card, ISSUED_PLASTIC, 0);
    second = issue(phone, ISSUED_ANDROID, first.holder.id);
    assert_true(second.certificate.phone);
    assert_int_equal(second.certificate.expires.yyyymmdd, EXPIRES);
    assert_int_equal(in_book(first.certificate.serial).state, CERTIFICATE_CURRENT);
    assert_int_equal(card_image_read(&scope, phone, &image), STATUS_OK);
    assert_true(text_is(image.label, "JPKIAPGPSETOKEN"));
    assert_int_equal(office_renew(&scope, office, phone, NULL, &refused), STATUS_CONFLICT);
}

/* A book that is ahead of the cards would answer for a card that does not exist. */
static void no_row_without_its_card(void **state)
{
    const struct issue_order order = {
        .card = "/nonexistent/one.card", .birth = BIRTH, .municipality = "13201", .pin = "4321"};
    struct issued issued = {0};
    struct book_certificate found = {0};

    (void)state;
    assert_int_equal(office_issue(&scope, office, &order, &issued), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    assert_int_equal(book_find_certificate(&scope, office_book(office), 5000, &found),
                     STATUS_NOT_FOUND);
}

static void wrong_orders_are_refused(void **state)
{
    struct issue_order order = {
        .card = card, .birth = BIRTH, .municipality = "13201", .pin = "4321"};
    struct issued issued = {0};

    (void)state;
    order.municipality = "1320";
    assert_int_equal(office_issue(&scope, office, &order, &issued), STATUS_INVALID);
    scope_forgive(&scope);
    order.municipality = "13201";
    order.birth = DATE(20240611);
    assert_int_equal(office_issue(&scope, office, &order, &issued), STATUS_INVALID);
    scope_forgive(&scope);
    order.birth = BIRTH;
    order.pin = "12a4";
    assert_int_equal(office_issue(&scope, office, &order, &issued), STATUS_INVALID);
    scope_forgive(&scope);
    order.pin = "1234";
    order.ocsp = "http://a,issuer:copy";
    assert_int_equal(office_issue(&scope, office, &order, &issued), STATUS_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_office, close_office)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(k1_issues_to_the_fifth_birthday),
        TEST(k1_renews_only_in_the_last_months_and_keeps_the_card),
        TEST(k3_a_reissue_after_the_grace_leaves_the_old_one_lapsed),
        TEST(k1_what_was_revoked_stays_so),
        TEST(e2_a_pinless_card_has_no_pin_left),
        TEST(e2_a_phone_stands_beside_a_good_card_and_ends_with_it),
        TEST(no_row_without_its_card),
        TEST(wrong_orders_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
