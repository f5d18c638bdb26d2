/* SPDX-License-Identifier: Apache-2.0
 *
 * protection.h - who holds a protection flag of a person, and until when (2.5).
 *
 * A flag holds until the person is fully out of danger, and no party knows what the others know: it
 * holds while any filing does. An insurer has the filing of its member, the resident register a
 * support measure (支援措置); nobody ends another's.
 */
#pragma once

#include "domain/person.h"

#define PROTECTION_FLAGS ((unsigned)PROTECTION_NON_DISCLOSURE | (unsigned)PROTECTION_SELF_REFUSAL)
#define PROTECTION_REGISTER "register"
#define PROTECTION_SOURCE_SIZE 9 /* 6 or 8 digits, or "register", and NUL */
/* Filings read for one person. Our limit, far above the insurers that a person has. */
#define PROTECTION_FILINGS_MAX 512

struct protection_filing {
    char source[PROTECTION_SOURCE_SIZE];
    unsigned flag;     /* one PROTECTION_ bit */
    struct date from;  /* first day, or DATE_NONE = not told */
    struct date until; /* last day, or DATE_NEVER */
};

/* A run of filings with room behind: each source has at most one of a flag. */
struct protection_book {
    struct protection_filing *items;
    size_t count, room;
};

/* The flags that any filing holds that day. */
unsigned protection_on(const struct protection_book *book, struct date on);
/* NULL where the source has no filing of the flag. */
struct protection_filing *protection_find(const struct protection_book *book, const char *source,
                                          unsigned flag);
/* Adds the filing, or replaces what its source had of its flag. False: there is no room. */
bool protection_put(struct protection_book *book, const struct protection_filing *filing);
/* Takes a source's filings of these flags away; true where there was one. */
bool protection_drop(struct protection_book *book, const char *source, unsigned flags);
/* Takes away what ended before a day; true where there was something. */
bool protection_end(struct protection_book *book, struct date day);
/*
 * Flags of the person that no filing holds were registered before filings were kept: every insurer
 * whose coverage is not lost by the day holds them, or else every one that the person ever had.
 */
void protection_inherit(struct protection_book *book, const struct person *person, struct date on);
