/* SPDX-License-Identifier: Apache-2.0
 *
 * cp932.h - Shift_JIS as Japanese Windows writes it (CP932), to and from UTF-8.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"

/* CP932 bytes to UTF-8. Fails with CAUSE_ENCODING at the first byte that is not CP932, or NUL. */
MUST_CHECK enum status cp932_to_utf8(struct scope *scope, struct text cp932, struct text *out);

/*
 * UTF-8 to CP932. A character that CP932 cannot hold becomes ● (one for a base with its variation
 * selector); a selector alone, and wave dash and minus (U+301C, U+2212) are mapped to what CP932
 * has. replaced counts the ●. The input must be UTF-8.
 */
MUST_CHECK enum status utf8_to_cp932(struct scope *scope, struct text utf8, struct text *out,
                                     size_t *replaced);
