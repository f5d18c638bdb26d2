/* SPDX-License-Identifier: Apache-2.0
 *
 * base64.h - bytes as base64 (RFC 4648, section 4) and back.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"

/* Bytes that base64 of a size needs at most when decoded. */
#define BASE64_ROOM(size) ((size) / 4 * 3 + 3)

/*
 * Decodes into out, which has BASE64_ROOM() bytes. Strict: complete padding, no spare bits, nothing
 * after the padding; line ends (CR, LF) may stand anywhere, other blanks not. False for all else.
 */
bool base64_read(struct text text, char *out, size_t *size);

/* Encodes into the scope, on one line. */
MUST_CHECK enum status base64_write(struct scope *scope, struct text bytes, struct text *out);
