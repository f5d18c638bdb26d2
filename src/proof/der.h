/* SPDX-License-Identifier: Apache-2.0
 *
 * der.h - a strict walk over DER: what a certificate reader needs of X.690, and no more.
 *
 * An element is taken from the front of a text, which then holds the rest. Only low tag numbers and
 * definite lengths in their shortest form, of up to four bytes, are DER here; anything else is
 * false. No allocation, no recursion, nothing is ever read outside the text given.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0A,
    DER_UTF8_STRING = 0x0C,
    DER_PRINTABLE_STRING = 0x13,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,             /* + number: implicit, primitive */
    DER_CONTEXT_CONSTRUCTED = 0xA0, /* + number */
};

/* The tag of the first element; 0 where the text is empty. */
unsigned char der_peek(struct text text);
/* Takes the first element if it has the tag. whole: tag and length included; may be NULL. */
bool der_take(struct text *rest, unsigned char tag, struct text *content, struct text *whole);
/* Takes the given bytes from the front. */
bool der_take_bytes(struct text *rest, const void *bytes, size_t size);
/* The content of an INTEGER above 0 in its shortest form: big-endian, without the sign byte. */
bool der_positive(struct text content, struct text *magnitude);
/* Takes an INTEGER above 0 in its shortest form: big-endian, without the sign byte. */
bool der_take_positive(struct text *rest, struct text *magnitude);
/* Takes an INTEGER from 1 to 2^64 - 1. */
bool der_take_number(struct text *rest, uint64_t *out);
/* Takes an OBJECT IDENTIFIER; whole: with tag and length. */
bool der_take_oid(struct text *rest, struct text *whole);
/* Takes a BIT STRING without unused bits. */
bool der_take_bits(struct text *rest, struct text *out);
/* Takes the AlgorithmIdentifier of sha256WithRSAEncryption. */
bool der_take_sha256_with_rsa(struct text *rest);
/* Takes a UTCTime or GeneralizedTime that ends in Z and has seconds. */
bool der_take_time(struct text *rest, struct instant *out);
/*
 * Takes a Name whose parts hold one attribute each (as all names of this profile do), of type
 * PrintableString, UTF8String or IA5String. whole may be NULL.
 */
bool der_take_name(struct text *rest, struct text *whole);
