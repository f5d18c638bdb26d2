/* SPDX-License-Identifier: Apache-2.0
 *
 * json_text.h - a string for a JSON file that a terminal writes.
 */
#pragma once

#include "base/text.h"

/* Adds text in quotes, escaped. What is not UTF-8 (a file's name may be anything) becomes "?". */
void json_text_add(struct text_buffer *buffer, struct text text);
