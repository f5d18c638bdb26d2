/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_deregister_file.c - aims at deregister_row_next() and the keys in its rows; corpus:
 * tests/data/deregister_file/
 */
#include <stdint.h>
#include <stdlib.h>

#include "batch/deregister_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool lies_within(struct text part, struct text whole)
{
    return part.size == 0 ||
           (part.bytes >= whole.bytes && part.bytes + part.size <= whole.bytes + whole.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct deregister_reader reader = {.file = {(const char *)bytes, size}};
    struct deregister_row row;
    size_t line = 0;

    if (size > DEREGISTER_FILE_MAX || !text_is_utf8(reader.file))
        return 0;
    while (deregister_row_next(&reader, &row)) {
        if (row.line <= line || !lies_within(row.key, reader.file))
            abort();
        if (!row.wrong &&
            (text_empty(row.key) || (date_is(row.requested) && date_month(row.requested) > 12)))
            abort();
        line = row.line;
    }
    return reader.at >= size ? 0 : (abort(), 0);
}
