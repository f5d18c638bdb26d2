/* SPDX-License-Identifier: Apache-2.0
 *
 * Readers share nothing but what is filled once: CP932's tables, libxml2's own.
 */
#include <pthread.h>
#include <string.h>

#include "format/cp932.h"
#include "format/oqs.h"
#include "samples.h"

#define THREADS 4
#define ROUNDS 50

/* No cmocka in here: its assertions belong to the main thread. Returns what went wrong. */
static void *read_and_write(void *argument)
{
    const struct text *bytes = argument;
    const char *wrong = NULL;

    for (int i = 0; i < ROUNDS && !wrong; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
        struct oqs_inquiry inquiry = {0};
        struct text text = {0};
        size_t replaced = 0;
        if (oqs_inquiry_read(&scope, OQS_XML, *bytes, &inquiry, NULL) != STATUS_OK ||
            oqs_inquiry_write(&scope, OQS_JSON, &inquiry, &text) != STATUS_OK ||
            oqs_inquiry_read(&scope, OQS_JSON, text, &inquiry, NULL) != STATUS_OK)
            wrong = "a message";
        else if (!text_is(inquiry.symbol, "髙・架空～９９"))
            wrong = "a symbol";
        else if (utf8_to_cp932(&scope, text, &text, &replaced) != STATUS_OK || replaced != 0)
            wrong = "its characters";
    }
    return (void *)(uintptr_t)wrong;
}

static void threads_read_at_once(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SAMPLE_LIMIT);
    struct text bytes = sample(&scope, "inquiry_xml/habit2_shift_jis.xml");
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_and_write, &bytes), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_read_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
