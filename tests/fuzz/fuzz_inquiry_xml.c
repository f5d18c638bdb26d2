/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_inquiry_xml.c - aims at oqs_inquiry_read() in XML; corpus: tests/data/inquiry_xml/
 */
#include "fuzz_inquiry.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_inquiry(OQS_XML, OQS_JSON, bytes, size);
    return 0;
}
