/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_answer_xml.c - aims at oqs_answer_read() and oqs_answer_to_shift_jis(); corpus:
 * tests/data/answer_xml/. An answer that could be read says the same in Shift_JIS, but for ●; and
 * an answer already in Shift_JIS stays as it is.
 */
#include <stdint.h>
#include <stdlib.h>

#include "format/oqs.h"

#define FUZZ_MEMORY_LIMIT ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void shift_jis_says_the_same(struct scope *scope, const struct oqs_answer_summary *summary,
                                    struct text cp932, bool exact)
{
    struct oqs_answer_summary again = {0};

    if (oqs_answer_read(scope, OQS_XML, cp932, &again) != STATUS_OK ||
        again.segment != summary->segment || again.status != summary->status ||
        again.validity != summary->validity || again.share != summary->share)
        abort();
    if (exact &&
        (!text_equal(again.name, summary->name) || !text_equal(again.message, summary->message)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct text xml = {(const char *)bytes, size};
    struct oqs_answer_summary summary = {0};
    struct oqs_answer_summary first = {0};
    struct text cp932 = {0};
    struct text again = {0};
    size_t replaced = 0;

    if (oqs_answer_read(&scope, OQS_XML, xml, &summary) != STATUS_OK)
        return 0;
    if (oqs_answer_to_shift_jis(&scope, xml, &cp932, &replaced) != STATUS_OK)
        return 0;
    if (cp932.size > OQS_BODY_MAX)
        return 0; /* indented it may pass the limit */
    shift_jis_says_the_same(&scope, &summary, cp932, false);
    if (oqs_answer_read(&scope, OQS_XML, cp932, &first) != STATUS_OK ||
        oqs_answer_to_shift_jis(&scope, cp932, &again, &replaced) != STATUS_OK || replaced != 0 ||
        !text_equal(cp932, again))
        abort();
    shift_jis_says_the_same(&scope, &first, again, true);
    return 0;
}
