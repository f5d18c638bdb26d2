/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_ocsp_answer.c - aims at ocsp_answer_read(). Corpus: tests/data/ocsp_answer/, signed answers
 * of `openssl ocsp`; those without a nonce are accepted whole. Whatever is accepted says something
 * and has a time.
 */
#include "status_ca.h"

#include "proof/ocsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(1 << 20, STATUS_CA_NOW);
    const struct ocsp_question question = {.issuer = 1, .serial = STATUS_CA_SERIAL};
    struct revocation said = {.reason = -1};

    if (ocsp_answer_read(&scope, status_ca_trust(), &question,
                         (struct text){(const char *)bytes, size}, &said) != STATUS_OK)
        return 0;
    if (said.state != REVOCATION_GOOD || said.reason != 0 || said.as_of.microseconds <= 0 ||
        said.as_of.microseconds > scope.now.microseconds + OCSP_SKEW_SECONDS * INT64_C(1000000))
        abort(); /* that certificate was good, and only its CA can say otherwise */
    return 0;
}
