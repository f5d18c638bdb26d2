/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_card_file.c - aims at card_image_parse(); corpus: tests/data/card_file/.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "card/emulated_card.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    struct card_image first = {0};
    struct card_image second = {0};
    struct text written = {0};
    struct text again = {0};

    if (size > 65536 ||
        card_image_parse(&scope, (struct text){(const char *)bytes, size}, &first) != STATUS_OK)
        return 0;
    /* what we accept, we can write and read back the same */
    if (card_image_format(&scope, &first, &written) != STATUS_OK ||
        card_image_parse(&scope, written, &second) != STATUS_OK ||
        card_image_format(&scope, &second, &again) != STATUS_OK || !text_equal(written, again) ||
        strcmp(first.auth_pin, second.auth_pin) != 0 || first.auth_tries != second.auth_tries ||
        !text_equal(first.auth_certificate, second.auth_certificate))
        abort();
    return 0;
}
