/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "issuance/book.h"

#define NOW DATE(20261105)

static char folder[] = "/tmp/test_book.XXXXXX";
static char path[64];
static struct scope scope;
static struct book *book;

static int open_book(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/test_book.XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/book.sqlite", folder);
    scope = scope_begin_at(4UL << 20, instant_noon(NOW));
    return book_open(&scope, path, BOOK_CREATE, &book) == STATUS_OK ? 0 : 1;
}

static int close_book(void **state)
{
    char command[64];

    (void)state;
    book_close(book);
    scope_end(&scope);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static struct book_certificate example(uint64_t serial)
{
    return (struct book_certificate){
        .serial = serial,
        .generation = 2,
        .holder = 7,
        .not_before = instant_noon(DATE(20240203)),
        .expires = DATE(20290203),
        .state = CERTIFICATE_CURRENT,
    };
}

static void add(const struct book_certificate *certificate)
{
    struct book_holder holder = {7, DATE(19850203), 13201};

    assert_int_equal(book_put_holder(&scope, book, &holder), STATUS_OK);
    assert_int_equal(book_add_certificate(&scope, book, certificate), STATUS_OK);
}

static void k1_keeps_what_was_issued(void **state)
{
    struct book_certificate certificate = example(1001);
    struct book_certificate found = {0};
    struct book_holder holder = {0};

    (void)state;
    add(&certificate);
    assert_int_equal(book_find_certificate(&scope, book, 1001, &found), STATUS_OK);
    assert_int_equal(found.generation, 2);
    assert_int_equal(found.expires.yyyymmdd, 20290203);
    assert_int_equal(found.not_before.microseconds, certificate.not_before.microseconds);
    assert_int_equal(book_find_holder(&scope, book, 7, &holder), STATUS_OK);
    assert_int_equal(holder.birth.yyyymmdd, 19850203);
    assert_int_equal(book_find_certificate(&scope, book, 1002, &found), STATUS_NOT_FOUND);
    assert_int_equal(book_add_certificate(&scope, book, &certificate), STATUS_CONFLICT);
}

static void assert_same_end(const struct book_certificate *a, const struct book_certificate *b)
{
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->reason, b->reason);
    assert_int_equal(a->revoked.microseconds, b->revoked.microseconds);
    assert_int_equal(a->successor, b->successor);
}

static void k1_keeps_how_it_ended(void **state)
{
    struct book_certificate certificate = example(1001);
    struct book_certificate other = example(1002);
    struct book_certificate found = {0};

    (void)state;
    add(&certificate);
    add(&other);
    certificate.state = CERTIFICATE_SUPERSEDED;
    certificate.reason = REASON_SUPERSEDED;
    certificate.revoked = scope.now;
    certificate.successor = 1002;
    assert_int_equal(book_update_certificate(&scope, book, &certificate), STATUS_OK);
    assert_int_equal(book_find_certificate(&scope, book, 1001, &found), STATUS_OK);
    assert_same_end(&found, &certificate);
    assert_int_equal(book_find_certificate(&scope, book, 1002, &found), STATUS_OK);
    assert_same_end(&found, &other); /* and no other row */
}

static void serials_only_go_up(void **state)
{
    uint64_t one = 0, two = 0;

    (void)state;
    assert_int_equal(book_start_serials(&scope, book, 500), STATUS_OK);
    assert_int_equal(book_take_serial(&scope, book, &one), STATUS_OK);
    assert_int_equal(book_start_serials(&scope, book, 10), STATUS_OK);
    assert_int_equal(book_take_serial(&scope, book, &two), STATUS_OK);
    assert_int_equal(one, 500);
    assert_int_equal(two, 501);
    assert_int_equal(book_take_crl_number(&scope, book, 2, &one), STATUS_OK);
    assert_int_equal(book_take_crl_number(&scope, book, 2, &two), STATUS_OK);
    assert_int_equal(one, 1);
    assert_int_equal(two, 2);
}

static void what_was_not_committed_is_undone(void **state)
{
    struct book_certificate certificate = example(1001);

    (void)state;
    assert_int_equal(book_begin(&scope, book), STATUS_OK);
    add(&certificate);
    book_close(book);
    assert_int_equal(book_open(&scope, path, BOOK_WRITE, &book), STATUS_OK);
    assert_int_equal(book_find_certificate(&scope, book, 1001, &certificate), STATUS_NOT_FOUND);
}

/* 1 -> 2 -> 3 -> 4, and 5 is a phone beside 4. */
static void make_chain(void)
{
    for (uint64_t serial = 1; serial <= 5; serial++) {
        struct book_certificate certificate = example(serial);
        certificate.phone = serial == 5;
        certificate.generation = serial < 3 ? 1 : 2;
        add(&certificate);
        if (serial > 1)
            assert_int_equal(
                book_add_link(&scope, book, (struct instant){(int64_t)serial}, serial - 1, serial),
                STATUS_OK);
    }
}

static void k2_links_are_found_from_both_ends(void **state)
{
    struct book_link link = {0};

    (void)state;
    make_chain();
    assert_int_equal(book_find_link_to(&scope, book, (struct book_name){2, 3}, false, &link),
                     STATUS_OK);
    assert_int_equal(link.old.serial, 2);
    assert_int_equal(link.old.generation, 1);
    assert_int_equal(link.new.serial, 3);
    assert_int_equal(link.new.generation, 2);
    assert_int_equal(link.at.microseconds, 3);
    assert_int_equal(book_find_link_from(&scope, book, (struct book_name){2, 3}, false, &link),
                     STATUS_OK);
    assert_int_equal(link.new.serial, 4);
    assert_int_equal(book_find_link_to(&scope, book, (struct book_name){1, 1}, true, &link),
                     STATUS_NOT_FOUND);
    assert_int_equal(book_find_link_to(&scope, book, (struct book_name){1, 3}, true, &link),
                     STATUS_NOT_FOUND); /* the serial, but of another generation */
}

static void q16_links_to_phones_are_told_to_those_who_ask(void **state)
{
    struct book_link link = {0};
    struct book_link *links = NULL;
    size_t count = 0;

    (void)state;
    make_chain();
    assert_int_equal(book_find_link_to(&scope, book, (struct book_name){2, 5}, false, &link),
                     STATUS_NOT_FOUND);
    assert_int_equal(book_find_link_to(&scope, book, (struct book_name){2, 5}, true, &link),
                     STATUS_OK);
    assert_true(link.phone);
    assert_int_equal(book_find_link_from(&scope, book, (struct book_name){2, 4}, false, &link),
                     STATUS_NOT_FOUND);
    assert_int_equal(book_list_links_after(&scope, book, 0, false, &links, &count), STATUS_OK);
    assert_int_equal(count, 3);
    assert_int_equal(links[2].new.serial, 4);
    assert_int_equal(book_list_links_after(&scope, book, links[1].number, true, &links, &count),
                     STATUS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(links[0].new.serial, 4);
    assert_true(links[1].phone);
    assert_int_equal(book_list_links_after(&scope, book, links[1].number, true, &links, &count),
                     STATUS_OK);
    assert_int_equal(count, 0);
}

static void a_link_of_no_certificate_is_refused(void **state)
{
    struct book_certificate one = example(1);

    (void)state;
    add(&one);
    assert_int_equal(book_add_link(&scope, book, scope.now, 1, 2), STATUS_CONFLICT);
}

static void a_page_of_links_has_a_maximum(void **state)
{
    struct book_certificate certificate = example(1);
    struct book_link *links = NULL;
    size_t count = 0;

    (void)state;
    assert_int_equal(book_begin(&scope, book), STATUS_OK);
    add(&certificate);
    for (uint64_t serial = 2; serial <= BOOK_LINKS_MAX + 3; serial++) {
        certificate = example(serial);
        add(&certificate);
        assert_int_equal(book_add_link(&scope, book, scope.now, serial - 1, serial), STATUS_OK);
    }
    assert_int_equal(book_commit(&scope, book), STATUS_OK);
    assert_int_equal(book_list_links_after(&scope, book, 0, false, &links, &count), STATUS_OK);
    assert_int_equal(count, BOOK_LINKS_MAX);
    assert_int_equal(
        book_list_links_after(&scope, book, links[count - 1].number, false, &links, &count),
        STATUS_OK);
    assert_int_equal(count, 2);
}

static enum status collect(struct scope *unused, const struct book_certificate *certificate,
                           void *context)
{
    uint64_t **next = context;

    (void)unused;
    *(*next)++ = certificate->serial;
    return STATUS_OK;
}

static void k1_tells_revoked_ones_of_a_generation_by_serial(void **state)
{
    uint64_t serials[10] = {0};
    uint64_t *next = serials;

    (void)state;
    for (uint64_t serial = 30; serial > 20; serial--) {
        struct book_certificate certificate = example(serial);
        certificate.generation = serial % 2 ? 1 : 2;
        certificate.state = serial == 24 ? CERTIFICATE_CURRENT : CERTIFICATE_REVOKED;
        certificate.expires = serial == 26 ? DATE(20200101) : certificate.expires;
        add(&certificate);
    }
    assert_int_equal(book_each_revoked(&scope, book, 2, DATE(20260801), collect, &next), STATUS_OK);
    assert_int_equal(next - serials, 3);
    assert_int_equal(serials[0], 22);
    assert_int_equal(serials[1], 28);
    assert_int_equal(serials[2], 30);
}

static void its_version_moves_with_another_hand_on_it(void **state)
{
    struct book_certificate certificate = example(1001);
    struct book *other = NULL;
    int64_t before = 0, after = 0;

    (void)state;
    assert_int_equal(book_open(&scope, path, BOOK_READ, &other), STATUS_OK);
    assert_int_equal(book_version(&scope, other, &before), STATUS_OK);
    assert_int_equal(book_version(&scope, other, &after), STATUS_OK);
    assert_int_equal(before, after);
    add(&certificate);
    assert_int_equal(book_version(&scope, other, &after), STATUS_OK);
    assert_int_not_equal(before, after);
    book_close(other);
}

static void another_file_is_refused(void **state)
{
    struct book *other = NULL;
    char none[80];

    (void)state;
    assert_int_equal(book_open(&scope, path, BOOK_CREATE, &other), STATUS_CONFLICT);
    scope_forgive(&scope);
    snprintf(none, sizeof none, "%s/none", folder);
    assert_int_equal(book_open(&scope, none, BOOK_WRITE, &other), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    FILE *file = fopen(none, "w");
    fputs("not a database, but long enough to be read as the header of one", file);
    fclose(file);
    assert_int_equal(book_open(&scope, none, BOOK_WRITE, &other), STATUS_CORRUPT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(k1_keeps_what_was_issued),
        TEST(k1_keeps_how_it_ended),
        TEST(serials_only_go_up),
        TEST(what_was_not_committed_is_undone),
        TEST(k2_links_are_found_from_both_ends),
        TEST(q16_links_to_phones_are_told_to_those_who_ask),
        TEST(a_link_of_no_certificate_is_refused),
        TEST(a_page_of_links_has_a_maximum),
        TEST(k1_tells_revoked_ones_of_a_generation_by_serial),
        TEST(its_version_moves_with_another_hand_on_it),
        TEST(another_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
