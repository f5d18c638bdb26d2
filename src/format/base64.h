/* SPDX-License-Identifier: Apache-2.0
 *
 * base64.h - bytes as base64 (RFC 4648, section 4) and back.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"

/*
 * Decodes into the scope. Strict: complete padding, no spare bits, nothing after the padding; line
 * ends (CR, LF) may stand anywhere, other blanks not. Fails with TEXT_WRONG, and with
 * VALUE_TOO_LONG where more than max bytes would come out.
 */
MUST_CHECK enum status base64_read(struct scope *scope, struct text text, size_t max,
                                   struct text *out);

/* Encodes into the scope, on one line. */
MUST_CHECK enum status base64_write(struct scope *scope, struct text bytes, struct text *out);
