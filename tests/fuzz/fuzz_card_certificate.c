/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_card_certificate.c - aims at card_certificate_read(): whatever it accepts, OpenSSL reads the
 * same. Corpus: tests/data/card_certificate/, made by proof/issuer.h.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../unit/proof/openssl_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    struct text der = {(const char *)bytes, size};
    struct card_certificate certificate = {0};

    if (card_certificate_read(&scope, der, &certificate) != STATUS_OK)
        return 0;
    if (!reader_agrees(der, &certificate))
        abort();
    return 0;
}
