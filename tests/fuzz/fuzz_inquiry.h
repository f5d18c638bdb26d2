/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_inquiry.h - what we accept in one syntax, we can write in both and read back the same.
 */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/oqs.h"

#define FUZZ_MEMORY_LIMIT ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static inline bool inquiry_equal(const struct oqs_inquiry *a, const struct oqs_inquiry *b)
{
    return a->on.yyyymmdd == b->on.yyyymmdd &&
           institution_code_equal(a->institution, b->institution) &&
           text_equal(a->file_identifier, b->file_identifier) &&
           insurer_number_equal(a->insurer, b->insurer) && text_equal(a->symbol, b->symbol) &&
           text_equal(a->number, b->number) && text_equal(a->branch, b->branch) &&
           strcmp(a->key.symbol, b->key.symbol) == 0 && strcmp(a->key.number, b->key.number) == 0 &&
           strcmp(a->key.branch, b->key.branch) == 0 &&
           a->key.birth.yyyymmdd == b->key.birth.yyyymmdd && a->consents == b->consents &&
           text_equal(a->identifier, b->identifier);
}

/* Writes in a syntax and reads again; aborts where that fails or differs. */
static inline void inquiry_comes_back(struct scope *scope, enum oqs_syntax syntax,
                                      const struct oqs_inquiry *inquiry)
{
    struct oqs_inquiry again = {0};
    struct text text = {0};

    if (oqs_inquiry_write(scope, syntax, inquiry, &text) != STATUS_OK ||
        oqs_inquiry_read(scope, syntax, text, &again, NULL) != STATUS_OK ||
        !inquiry_equal(inquiry, &again) || again.unknown_elements != 0)
        abort();
}

static inline void fuzz_inquiry(enum oqs_syntax syntax, enum oqs_syntax other, const uint8_t *bytes,
                                size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct oqs_inquiry inquiry = {0};
    struct oqs_partial partial = {0};
    enum status status = oqs_inquiry_read(&scope, syntax, (struct text){(const char *)bytes, size},
                                          &inquiry, &partial);

    if (partial.file_identifier.size > OQS_IDENTIFIER_MAX || !text_is_utf8(partial.institution) ||
        (partial.on.yyyymmdd != 0 && !date_ok(partial.on)))
        abort();
    if (status != STATUS_OK) {
        if (scope.cause == CAUSE_NONE || scope.cause == CAUSE_INTERNAL)
            abort();
        return;
    }
    if (!text_equal(partial.file_identifier, inquiry.file_identifier))
        abort();
    inquiry_comes_back(&scope, syntax, &inquiry);
    inquiry_comes_back(&scope, other, &inquiry);
}
