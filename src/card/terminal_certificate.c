/* SPDX-License-Identifier: Apache-2.0 */
#include "card/terminal_certificate.h"

#include <stddef.h>
#include <string.h>

/* All lengths are fixed, so tags and lengths are constants at known places. */
static const struct {
    size_t at, size;
    unsigned char bytes[9];
} fixed[] = {
    {0, 5, {0x7F, 0x21, 0x82, 0x02, 0x33}},
    {5, 5, {0x5F, 0x4E, 0x82, 0x01, 0x29}},
    {42, 9, {0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00}},
    {307, 5, {0x5F, 0x37, 0x82, 0x01, 0x00}},
};

#define BODY_AT 10
#define MODULUS_AT 51
#define SIGNATURE_AT 312

bool terminal_certificate_read(const unsigned char *bytes, struct terminal_certificate *out)
{
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (memcmp(bytes + fixed[i].at, fixed[i].bytes, fixed[i].size) != 0)
            return false;
    *out = (struct terminal_certificate){bytes + BODY_AT, bytes + MODULUS_AT, bytes + SIGNATURE_AT};
    return true;
}
