/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_mobile_xml.c - aims at oqs_device_read() and oqs_consent_search_read(); corpus:
 * tests/data/mobile_xml/
 */
#include <stdint.h>
#include <stdlib.h>

#include "format/oqs_mobile.h"

#define FUZZ_MEMORY_LIMIT ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool device_equal(const struct oqs_device *a, const struct oqs_device *b)
{
    return institution_code_equal(a->institution, b->institution) && a->class == b->class &&
           text_equal(a->code, b->code) && a->code_limit == b->code_limit &&
           text_equal(a->device, b->device) && text_equal(a->secret, b->secret);
}

static bool is_empty(const struct oqs_device *device)
{
    const struct oqs_device none = {0};

    return device_equal(device, &none);
}

/* What was read can be written in both syntaxes and reads the same; an empty group is not written.
 */
static void try_device(struct text text)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct oqs_device device = {0};
    struct oqs_device again = {0};
    struct text written = {0};

    if (oqs_device_read(&scope, OQS_XML, text, &device) != STATUS_OK || is_empty(&device))
        return;
    for (int syntax = OQS_XML; syntax <= OQS_JSON; syntax++)
        if (oqs_device_write(&scope, (enum oqs_syntax)syntax, &device, &written) != STATUS_OK ||
            oqs_device_read(&scope, (enum oqs_syntax)syntax, written, &again) != STATUS_OK ||
            !device_equal(&device, &again))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    const struct text text = {(const char *)bytes, size};
    struct oqs_consent_search search = {0};

    try_device(text);
    if (oqs_consent_search_read(&scope, OQS_XML, text, &search) == STATUS_OK &&
        (!date_ok(search.from) || !date_ok(search.to) || search.institution.digits[0] == '\0'))
        abort();
    return 0;
}
