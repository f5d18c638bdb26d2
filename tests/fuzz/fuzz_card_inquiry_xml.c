/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_card_inquiry_xml.c - aims at oqs_card_inquiry_read(); corpus: tests/data/card_inquiry_xml/
 */
#include <stdint.h>
#include <stdlib.h>

#include "format/oqs.h"

#define FUZZ_MEMORY_LIMIT ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool inquiry_equal(const struct oqs_card_inquiry *a, const struct oqs_card_inquiry *b)
{
    return a->on.yyyymmdd == b->on.yyyymmdd &&
           institution_code_equal(a->institution, b->institution) &&
           text_equal(a->file_identifier, b->file_identifier) &&
           text_equal(a->session, b->session) && text_equal(a->terminal, b->terminal) &&
           text_equal(a->staff, b->staff) && a->mode == b->mode && a->time == b->time &&
           text_equal(a->certificate, b->certificate) && text_equal(a->signature, b->signature) &&
           a->consents == b->consents && a->registers == b->registers;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct oqs_card_inquiry inquiry = {0};
    struct oqs_card_inquiry again = {0};
    struct text text = {0};

    /* the portal's proof: the same reader with a header of its own */
    if (oqs_portal_inquiry_read(&scope, OQS_XML, (struct text){(const char *)bytes, size}, &again,
                                NULL) != STATUS_OK)
        scope_reset(&scope);
    scope_forgive(&scope);
    if (oqs_card_inquiry_read(&scope, OQS_XML, (struct text){(const char *)bytes, size}, &inquiry,
                              NULL) != STATUS_OK)
        return 0;
    for (int syntax = OQS_XML; syntax <= OQS_JSON; syntax++)
        if (oqs_card_inquiry_write(&scope, (enum oqs_syntax)syntax, &inquiry, &text) != STATUS_OK ||
            oqs_card_inquiry_read(&scope, (enum oqs_syntax)syntax, text, &again, NULL) !=
                STATUS_OK ||
            !inquiry_equal(&inquiry, &again))
            abort();
    return 0;
}
