/* SPDX-License-Identifier: Apache-2.0
 *
 * samples.h - the files of tests/data, for the tests of format/.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"

#define SAMPLE_LIMIT ((size_t)1 << 20) /* bytes a test's scope may use */

/* The bytes of tests/data/NAME, in the scope. */
static inline struct text sample(struct scope *scope, const char *name)
{
    char path[512];
    char bytes[1 << 16];
    const char *root = getenv("SHIKAKU_ROOT");
    FILE *file = NULL;
    struct text text = {0};

    snprintf(path, sizeof path, "%s/tests/data/%s", root ? root : ".", name);
    file = fopen(path, "rb");
    assert_non_null(file);
    text = (struct text){bytes, fread(bytes, 1, sizeof bytes, file)};
    fclose(file);
    assert_int_equal(text_copy(scope, text, &text), STATUS_OK);
    return text;
}

/* The text with one part exchanged for another; the part must be there. */
static inline struct text exchanged(struct scope *scope, struct text text, const char *part,
                                    const char *other)
{
    const char *at = memmem(text.bytes, text.size, part, strlen(part));
    struct text out = {0};
    size_t before = 0;

    assert_non_null(at);
    before = (size_t)(at - text.bytes);
    assert_int_equal(text_format(scope, &out, "%.*s%s%.*s", (int)before, text.bytes, other,
                                 (int)(text.size - before - strlen(part)), at + strlen(part)),
                     STATUS_OK);
    return out;
}
