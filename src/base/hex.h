/* SPDX-License-Identifier: Apache-2.0
 *
 * hex.h - bytes as hexadecimal digits, and back.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* The value of a digit of either case, 0 to 15; -1 where it is none. */
int hex_digit(char digit);

/* Writes 2 * size digits in lower case, and a NUL: out has room for 2 * size + 1. */
void hex_write(const unsigned char *bytes, size_t size, char *out);

/* Reads size bytes from exactly 2 * size digits of either case; else false, out is then undefined.
 */
bool hex_read(struct text digits, unsigned char *out, size_t size);
