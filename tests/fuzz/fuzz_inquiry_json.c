/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_inquiry_json.c - aims at oqs_inquiry_read() in JSON; corpus: tests/data/inquiry_json/
 */
#include "fuzz_inquiry.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_inquiry(OQS_JSON, OQS_XML, bytes, size);
    return 0;
}
