/* SPDX-License-Identifier: Apache-2.0
 *
 * same_people.h - one human under two records: found over all people, told to the insurers.
 *
 * People are read in pages in the order of person_id, each as a hash of birth date and kana name;
 * only those whose hashes meet are read whole and decided (same_person.h). Time grows with the
 * people, as n log n; memory stays below 128 MiB of hashes: a larger store is gone over in parts.
 * It only reads. The same store and day give the same rows in the same order. Source:
 * insurers-and-documents 2.4; 11 (6); docs/decisions/0073.
 */
#pragma once

#include "domain/same_person.h"
#include "store/store.h"

/* Records of one hash that are compared with one another; the rest in further such groups. */
#define SAME_PEOPLE_GROUP 64
/* Pairs that are told of; more are counted. */
#define SAME_PEOPLE_PAIRS_MAX 1000000

/*
 * What one insurer is told of a record of its own: which, and how sure it is. Nothing of the other
 * record, and not whose it is; where that is its own too, its key.
 */
struct same_person_row {
    struct insurer_number to;
    struct text key, other_key; /* other_key: "" where the other record is not the insurer's */
    enum same_person_answer answer;
    int64_t pair; /* 1 and up: for who sees all insurers */
};

struct same_people_order {
    struct date on;                                  /* whose records they are on this day */
    struct insurer_number insurer;                   /* only what this one is told; "" = all */
    size_t marks_max;                                /* hashes at a time; 0 = SAME_PEOPLE_MARKS */
    void (*progress)(void *context, int64_t people); /* so many more; or NULL */
    void *progress_context;
    enum status (*row)(struct scope *scope, void *context, const struct same_person_row *row);
    void *context;
};
#define SAME_PEOPLE_MARKS ((size_t)8 * 1024 * 1024)

struct same_people_figures {
    int64_t people;
    int64_t pairs[SAME_PERSON_ANSWER_COUNT]; /* CERTAIN, PROBABLE */
    int64_t rows;
    int64_t one_sided; /* pairs with a protection flag on one record only: its insurers are told */
    int64_t crowded;   /* hashes of more than SAME_PEOPLE_GROUP records */
    int64_t untold;    /* pairs beyond SAME_PEOPLE_PAIRS_MAX */
};

/* order.row is called for every row, by pairs. Fails with the store, MEMORY_LIMIT, as row fails. */
MUST_CHECK enum status same_people_read(struct scope *scope, struct store *store,
                                        const struct same_people_order *order,
                                        struct same_people_figures *out);
