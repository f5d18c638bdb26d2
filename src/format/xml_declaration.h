/* SPDX-License-Identifier: Apache-2.0
 *
 * xml_declaration.h - which encoding an XML file declares, told before it is parsed.
 */
#pragma once

#include "base/text.h"
#include "format/oqs.h"

/*
 * Finds the encoding of a file: UTF-8 where a byte-order mark or nothing says so, else what the
 * declaration says, in single or double quotes, any order, any case. Names for CP932: Shift_JIS,
 * shift-jis, SJIS, CP932, Windows-31J, MS932 (oqs-files 3.3). Returns false for UTF-16, other
 * names, and a mark that contradicts the declaration. *mark is the length of the byte-order mark.
 * Whether the declaration is well-formed is the parser's to say.
 */
bool xml_declared_encoding(struct text bytes, enum oqs_encoding *encoding, size_t *mark);
