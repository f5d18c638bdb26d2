/* SPDX-License-Identifier: Apache-2.0
 *
 * store_member.h - what insurers register in files: their own keys, the 5 + 5 day clock, where a
 * file stands.
 *
 * A person is one row whoever insures them; each insurer knows the person by a key of its own. The
 * coverages of an insurer are those of the person that name it (coverage.insurer). Outside of a
 * transaction each change is one of its own.
 */
#pragma once

#include "domain/registration_clock.h"
#include "store/store.h"

/* Most rows that one call lists. */
#define MEMBER_LIST_MAX 1000
#define SHA256_DIGITS 64

/* An insurer's own key for a person, 1 to 20 characters. */
struct member {
    struct insurer_number insurer;
    struct text key;
    int64_t person_id;
    int identity; /* 本人確認判定フラグ: 0 not checked, 1 by the insurer, 2 ask, 9 no doubt */
    struct instant recorded;
};

/* NOT_FOUND where the insurer has no such key. */
MUST_CHECK enum status store_find_member(struct scope *scope, struct store *store,
                                         struct insurer_number insurer, struct text key,
                                         struct member *out);
/* Adds, or replaces and keeps the former row in the history. The same again changes nothing. */
MUST_CHECK enum status store_put_member(struct scope *scope, struct store *store,
                                        const struct member *member);
/* Moves a key to the history. NOT_FOUND where it is not there. */
MUST_CHECK enum status store_drop_member(struct scope *scope, struct store *store,
                                         struct insurer_number insurer, struct text key);
/* The keys of a person, of all insurers, by insurer and key; at most MEMBER_LIST_MAX. */
MUST_CHECK enum status store_list_person_members(struct scope *scope, struct store *store,
                                                 int64_t person_id, struct member **out,
                                                 size_t *count);
/* An insurer's keys above one ("" = from the first), ascending, at most limit. */
MUST_CHECK enum status store_list_members(struct scope *scope, struct store *store,
                                          struct insurer_number insurer, struct text after,
                                          size_t limit, struct member **out, size_t *count);
MUST_CHECK enum status store_count_members(struct scope *scope, struct store *store,
                                           struct insurer_number insurer, int64_t *out);

/* --- enrolment ----------------------------------------------------------------------------------
 */

/* What the store knows of an insurer's key and of a link code, in one round. */
struct enrolment {
    bool member_found, link_found;
    struct member member;
    int64_t link_person; /* whose link code it is */
};

/* link: a link code (register/link_code.h), or empty = not asked. */
MUST_CHECK enum status store_find_enrolment(struct scope *scope, struct store *store,
                                            struct insurer_number insurer, struct text key,
                                            struct text link, struct enrolment *out);

/* A person that the store has not had, with the key of the insurer that registers it. */
struct new_member {
    const struct person *person; /* person_id from store_next_person_id() */
    const struct member *member;
    struct text link; /* link code */
    const struct registration_clock *clocks;
    size_t clock_count;
    bool compare; /* request the comparison with the resident register */
};

/* Adds without looking: fails with ALREADY_EXISTS, or replaces, where anything was there. */
MUST_CHECK enum status store_add_member(struct scope *scope, struct store *store,
                                        const struct new_member *added);

/* The id for a new person: those who write are one at a time, so it holds until the commit. */
MUST_CHECK enum status store_next_person_id(struct scope *scope, struct store *store, int64_t *out);
/* The id for a new coverage of a person; ids of coverages that were taken away are not used anew.
 */
MUST_CHECK enum status store_next_coverage_id(struct scope *scope, struct store *store,
                                              int64_t person_id, int64_t *out);

/* What is taken away of a person; it moves to the history. */
enum person_part { PART_COVERAGE, PART_ELDERLY, PART_LIMIT, PART_DISEASE };
struct part_key {
    int64_t person_id;
    enum person_part part;
    int64_t coverage_id;
    struct date valid_from; /* not of coverages */
    int category;           /* of diseases */
};

/*
 * Takes one part away; a coverage's way in by numbers goes with it, its certificates do not. Put
 * the person after that: what it holds is counted then. NOT_FOUND where it is not there.
 */
MUST_CHECK enum status store_drop_part(struct scope *scope, struct store *store,
                                       const struct part_key *key);

/* --- the 5 + 5 day clock -----------------------------------------------------------------------
 */

struct registration_clock {
    int64_t person_id, coverage_id;
    enum clock_event event;
    struct insurer_number insurer;
    struct text symbol;   /* 記号: the employer, in employees' insurance */
    struct date happened; /* 資格取得年月日, 資格喪失年月日 */
    struct date received; /* the insurer had the notice, or DATE_NONE */
    struct instant registered;
    int late; /* CLOCK_ bits */
};

/* Keeps the first: an event that is there already stays as it was. */
MUST_CHECK enum status store_put_clock(struct scope *scope, struct store *store,
                                       const struct registration_clock *clock);
/* An insurer's late events, by symbol, received day, person; from and to: received days. */
struct clock_search {
    struct insurer_number insurer;
    struct date from, to; /* both included */
};
MUST_CHECK enum status store_list_late_clocks(struct scope *scope, struct store *store,
                                              const struct clock_search *search,
                                              struct registration_clock **out, size_t *count);
/*
 * The same for lists of any length: those behind one (NULL: from the first), at most
 * MEMBER_LIST_MAX.
 */
MUST_CHECK enum status store_next_late_clocks(struct scope *scope, struct store *store,
                                              const struct clock_search *search,
                                              const struct registration_clock *after,
                                              struct registration_clock **out, size_t *count);

/* --- where files stand -------------------------------------------------------------------------
 */

/* The numbers are in the store. */
enum registration_file_state { FILE_LOADING = 1, FILE_DONE = 2, FILE_STOPPED = 3 };

struct registration_file {
    struct insurer_number insurer;
    char sha256[SHA256_DIGITS + 1]; /* lower-case hexadecimal */
    int64_t rows;
    enum registration_file_state state;
    struct instant begun;
    int64_t next_row;   /* rows below it are loaded; 1 and up */
    int64_t next_byte;  /* where that row begins */
    int64_t reply_size; /* bytes of the reply that answer the rows below it */
    int64_t accepted, warned, refused;
    struct instant recorded;
};

/* NOT_FOUND where the insurer has not sent it. */
MUST_CHECK enum status store_find_registration_file(struct scope *scope, struct store *store,
                                                    struct insurer_number insurer,
                                                    const char *sha256,
                                                    struct registration_file *out);
/* Adds or replaces; keeps no history. */
MUST_CHECK enum status store_put_registration_file(struct scope *scope, struct store *store,
                                                   const struct registration_file *file);
/* An insurer's files, or with an empty number all insurers', the newest first, at most limit. */
MUST_CHECK enum status store_list_registration_files(struct scope *scope, struct store *store,
                                                     struct insurer_number insurer, size_t limit,
                                                     struct registration_file **out, size_t *count);
