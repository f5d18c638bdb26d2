/* SPDX-License-Identifier: Apache-2.0
 *
 * The two readers below all messages: what is a tree, and each way of not being one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format/element.h"

#define LIMIT (1 << 20)

/* Asserts that a message is refused for a cause. */
static void refused(enum oqs_syntax syntax, struct text bytes, enum cause cause)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct element *document = NULL;

    assert_int_not_equal(element_read(&scope, syntax, bytes, &document), STATUS_OK);
    assert_string_equal(failure_text(scope.cause)->code, failure_text(cause)->code);
}

/* Asserts that a message is read, and that the leaf /a/b has a text. */
static void leaf_is(enum oqs_syntax syntax, struct text bytes, const char *expected)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct element *document = NULL;
    struct element *leaf = NULL;

    assert_int_equal(element_read(&scope, syntax, bytes, &document), STATUS_OK);
    leaf = element_find(element_find(document, TEXT("a")), TEXT("b"));
    assert_non_null(leaf);
    assert_int_equal(leaf->text.size, strlen(expected));
    assert_memory_equal(leaf->text.bytes, expected, leaf->text.size);
}

/* Asserts that a message is read that has only a root. */
static void leaf_less(enum oqs_syntax syntax, struct text bytes)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct element *document = NULL;

    assert_int_equal(element_read(&scope, syntax, bytes, &document), STATUS_OK);
    assert_null(element_find(document, TEXT("a"))->first);
}

static void xml_texts_are_put_together(void **state)
{
    (void)state;
    leaf_is(OQS_XML, TEXT("<a>x<b>1&lt;2 &amp; 3&#x9AD9;</b>y</a>"), "1<2 & 3髙");
    leaf_is(OQS_XML, TEXT("<a><b>1<!-- no -->2<![CDATA[<3>]]><?no no?></b></a>"), "12<3>");
    leaf_is(OQS_XML, TEXT("<a ><b\n x='1' >\r\n  7\r\n</b ></a >"), "\n  7\n");
    leaf_is(OQS_XML, TEXT("<a><c>1</c><b/><b>2</b></a>"), "");
}

static void declarations_tell_the_encoding(void **state)
{
    static const char *const names[] = {"Shift_JIS", "shift-jis",   "SJIS",
                                        "cp932",     "Windows-31J", "MS932"};
    char bytes[128];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int size =
            snprintf(bytes, sizeof bytes,
                     "<?xml version='1.0'\tencoding = '%s' standalone=\"no\" ?><a><b>%s</b></a>",
                     names[i], "\xFB\xFC");
        leaf_is(OQS_XML, (struct text){bytes, (size_t)size}, "髙");
    }
    leaf_is(OQS_XML, TEXT("<?xml version=\"1.0\" encoding=\"utf-8\"?><a><b>髙</b></a>"), "髙");
    leaf_is(OQS_XML, TEXT("<?xml version='1.0'?><a><b>髙</b></a>"), "髙");
    leaf_is(OQS_XML, TEXT("\xEF\xBB\xBF<?xml version='1.0'?>\r\n<a>\r\n<b>髙</b></a>"), "髙");
    leaf_is(OQS_XML, TEXT("<a><b>髙</b></a>"), "髙");
}

static void strange_declarations_are_left_to_the_parser(void **state)
{
    char bytes[600];
    int size =
        snprintf(bytes, sizeof bytes, "<?xml version='1.0' %*s encoding='EUC-JP'?><a/>", 300, "");

    (void)state;
    refused(OQS_XML, TEXT("<?xml version='1.0' encoding=UTF-8?><a/>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<?xml version='1.0' encoding='UTF-8?><a/>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<?xml version='1.0' encoding?><a/>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<?xml version='1.0' encoding='UTF-8'"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<?xmlx version='1.0'?>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<?xml"), CAUSE_XML_NOT_WELL_FORMED);
    /* what stands so far behind is not looked at; the bytes must be UTF-8 then */
    leaf_less(OQS_XML, (struct text){bytes, (size_t)size});
}

static void wrong_encodings_are_refused(void **state)
{
    (void)state;
    refused(OQS_XML, TEXT("<?xml version='1.0' encoding='UTF-8'?><a>\x8E\x52</a>"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("<?xml version='1.0' encoding='Shift_JIS'?><a>\x81</a>"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("<?xml version='1.0' encoding='EUC-JP'?><a/>"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("<?xml version='1.0' encoding='UTF-16'?><a/>"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("\xEF\xBB\xBF<?xml version='1.0' encoding='SJIS'?><a/>"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("\xFF\xFE<\0a\0/\0>\0"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("\xFE\xFF\0<\0a\0/\0>"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("<\0a\0/\0>\0"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("<a>\0</a>"), CAUSE_ENCODING);
    refused(OQS_XML, TEXT("<a>\xED\xA0\x80</a>"), CAUSE_ENCODING);
    refused(OQS_JSON, TEXT("{\"a\":\"\x8E\x52\"}"), CAUSE_ENCODING);
    refused(OQS_JSON, TEXT("{\"a\":\"\0\"}"), CAUSE_ENCODING);
}

static void what_is_cut_or_crossed_is_refused(void **state)
{
    (void)state;
    refused(OQS_XML, TEXT(""), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("   "), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<a><b>1</b>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<a><b>1</a></b>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<a/><a/>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<a>&#0;</a>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<a>&unknown;</a>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<a>\x01</a>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<a x='1' x='2'/>"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("{\"a\":\"1\"}"), CAUSE_XML_NOT_WELL_FORMED);
    refused(OQS_XML, TEXT("<?xml encoding='UTF-8'?><a/>"), CAUSE_XML_NOT_WELL_FORMED);
}

static void entities_and_doctypes_are_refused_at_sight(void **state)
{
    (void)state;
    refused(OQS_XML, TEXT("<!DOCTYPE a><a/>"), CAUSE_XML_DOCTYPE);
    refused(OQS_XML, TEXT("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), CAUSE_XML_DOCTYPE);
    refused(OQS_XML, TEXT("<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY z '&x;&x;'>]><a>&z;</a>"),
            CAUSE_XML_DOCTYPE);
    refused(OQS_XML, TEXT("<!DOCTYPE a [ not even a document type"), CAUSE_XML_DOCTYPE);
}

/* A text of parts repeated: count times open, then count times close. */
static struct text nested(const char *open, const char *close, size_t count)
{
    size_t size = count * (strlen(open) + strlen(close));
    char *bytes = malloc(size + 1);
    size_t at = 0;

    assert_non_null(bytes);
    for (size_t i = 0; i < 2 * count; i++) {
        const char *part = i < count ? open : close;
        memcpy(bytes + at, part, strlen(part));
        at += strlen(part);
    }
    bytes[at] = '\0';
    return (struct text){bytes, at};
}

/* Asserts what becomes of a nested text between two ends. */
static void nested_is_refused(enum oqs_syntax syntax, const char *open, const char *close,
                              size_t count, enum cause cause)
{
    struct text text = nested(open, close, count);

    refused(syntax, text, cause);
    free((char *)(uintptr_t)text.bytes);
}

static void size_depth_and_count_are_limited(void **state)
{
    struct text fifty_megabytes = nested("<a>", "</a>", 50 * 1024 * 1024 / 7);

    (void)state;
    refused(OQS_XML, fifty_megabytes, CAUSE_BODY_TOO_LARGE);
    refused(OQS_JSON, fifty_megabytes, CAUSE_BODY_TOO_LARGE);
    free((char *)(uintptr_t)fifty_megabytes.bytes);
    nested_is_refused(OQS_XML, "<a>", "</a>", 100000, CAUSE_BODY_TOO_LARGE);
    nested_is_refused(OQS_XML, "<a>", "</a>", 9000, CAUSE_XML_TOO_DEEP);
    nested_is_refused(OQS_XML, "<a>", "</a>", OQS_DEPTH_MAX + 1, CAUSE_XML_TOO_DEEP);
    nested_is_refused(OQS_JSON, "[", "]", 30000, CAUSE_XML_TOO_DEEP);
    nested_is_refused(OQS_JSON, "{\"a\":", "}", 5000, CAUSE_XML_TOO_DEEP);
    nested_is_refused(OQS_JSON, "{\"a\":[", "]}", OQS_DEPTH_MAX + 1, CAUSE_XML_TOO_DEEP);
}

static void elements_and_attributes_are_counted(void **state)
{
    char bytes[OQS_BODY_MAX];
    size_t size = (size_t)snprintf(bytes, sizeof bytes, "<a>");

    (void)state;
    for (int i = 0; i < OQS_ELEMENTS_MAX; i++)
        size += (size_t)snprintf(bytes + size, sizeof bytes - size, "<b/>");
    size += (size_t)snprintf(bytes + size, sizeof bytes - size, "</a>");
    refused(OQS_XML, (struct text){bytes, size}, CAUSE_XML_TOO_DEEP);
    size = (size_t)snprintf(bytes, sizeof bytes, "<a");
    for (int i = 0; i < 6000; i++)
        size += (size_t)snprintf(bytes + size, sizeof bytes - size, " x%d=''", i);
    size += (size_t)snprintf(bytes + size, sizeof bytes - size, "/>");
    assert_true(size < sizeof bytes);
    refused(OQS_XML, (struct text){bytes, size}, CAUSE_XML_TOO_DEEP);
}

static void json_members_are_elements(void **state)
{
    (void)state;
    leaf_is(OQS_JSON, TEXT("{\"a\":{\"b\":\"1<2 \\u9AD9\"}}"), "1<2 髙");
    leaf_is(OQS_JSON, TEXT("\xEF\xBB\xBF{\"a\":[{\"c\":\"1\"},{\"b\":\"2\"}]}"), "2");
    leaf_is(OQS_JSON, TEXT("{\"a\":{\"c\":null,\"d\":{},\"e\":[],\"b\":\"\\ud842\\udfb7\"}}"),
            "𠮷");
}

static void wrong_json_is_refused(void **state)
{
    (void)state;
    refused(OQS_JSON, TEXT(""), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("[]"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":{\"b\":\"1\"}"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":\"1\"} x"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":\"1\",\"a\":\"2\"}"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":1}"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":true}"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":[\"1\"]}"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":[[]]}"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":\"\\u0000\"}"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{\"a\":\"\\ud842\"}"), CAUSE_JSON_NOT_WELL_FORMED);
    refused(OQS_JSON, TEXT("{'a':'1'}"), CAUSE_JSON_NOT_WELL_FORMED);
}

static void every_allocation_may_fail(void **state)
{
    const struct text xml = TEXT("<a><b>1</b><c>2</c></a>");
    const struct text json = TEXT("{\"a\":{\"b\":\"1\",\"c\":\"2\"}}");
    int failed = 0;

    (void)state;
    for (size_t limit = 0; limit < 700; limit += 16) {
        CLEANUP(scope_end) struct scope scope = scope_begin(limit);
        struct element *document = NULL;
        enum status status = element_read(&scope, OQS_XML, xml, &document);
        assert_true(status == STATUS_OK || scope.cause == CAUSE_MEMORY_LIMIT);
        failed += status != STATUS_OK;
        scope_reset(&scope);
        scope.used = 0;
        status = element_read(&scope, OQS_JSON, json, &document);
        assert_true(status == STATUS_OK || scope.cause == CAUSE_MEMORY_LIMIT);
    }
    assert_in_range(failed, 5, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xml_texts_are_put_together),
        cmocka_unit_test(declarations_tell_the_encoding),
        cmocka_unit_test(strange_declarations_are_left_to_the_parser),
        cmocka_unit_test(wrong_encodings_are_refused),
        cmocka_unit_test(what_is_cut_or_crossed_is_refused),
        cmocka_unit_test(entities_and_doctypes_are_refused_at_sight),
        cmocka_unit_test(size_depth_and_count_are_limited),
        cmocka_unit_test(elements_and_attributes_are_counted),
        cmocka_unit_test(json_members_are_elements),
        cmocka_unit_test(wrong_json_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
