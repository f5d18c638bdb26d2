/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_cp932.c - aims at both directions of cp932.h; corpus: tests/data/cp932/
 */
#include <stdint.h>
#include <stdlib.h>

#include "format/cp932.h"

#define FUZZ_MEMORY_LIMIT ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What was read as CP932 can be written as CP932, without ●, and reads the same. */
static void cp932_comes_back(struct scope *scope, struct text bytes)
{
    struct text utf8 = {0};
    struct text cp932 = {0};
    struct text again = {0};
    size_t replaced = 0;

    if (cp932_to_utf8(scope, bytes, &utf8) != STATUS_OK)
        return;
    if (!text_is_utf8(utf8) || utf8_to_cp932(scope, utf8, &cp932, &replaced) != STATUS_OK ||
        replaced != 0 || cp932.size != bytes.size ||
        cp932_to_utf8(scope, cp932, &again) != STATUS_OK || !text_equal(utf8, again))
        abort();
}

/* What was written as CP932 can be read, and then stays as it is. */
static void utf8_settles(struct scope *scope, struct text bytes)
{
    struct text cp932 = {0};
    struct text utf8 = {0};
    struct text again = {0};
    size_t replaced = 0;

    if (utf8_to_cp932(scope, bytes, &cp932, &replaced) != STATUS_OK)
        return;
    if (cp932_to_utf8(scope, cp932, &utf8) != STATUS_OK ||
        utf8_to_cp932(scope, utf8, &again, &replaced) != STATUS_OK || replaced != 0 ||
        !text_equal(cp932, again))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct text text = {(const char *)bytes, size};

    cp932_comes_back(&scope, text);
    scope_reset(&scope);
    utf8_settles(&scope, text);
    return 0;
}
