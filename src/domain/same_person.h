/* SPDX-License-Identifier: Apache-2.0
 *
 * same_person.h - are two records those of one human?
 *
 * A person is one record, found by the individual number (個人番号); the store keeps a number once.
 * One who was registered with another's number, or without any, may stand there twice, and each
 * record shows half of the coverages. Three items alone (kana, birth date, sex) say nothing: taking
 * them for enough caused the mix-ups of 2023. Written forms are compared as with the resident
 * register (register_comparison.h). Pure. Source: insurers-and-documents 2.4; 11 (6);
 * docs/decisions/0073.
 */
#pragma once

#include "domain/person.h"
#include "domain/rule.h"

enum same_person_answer {
    SAME_PERSON_NO,
    SAME_PERSON_PROBABLE,
    SAME_PERSON_CERTAIN,
    SAME_PERSON_ANSWER_COUNT
};

/* What is known of a record. */
struct same_person_record {
    const struct person *person; /* names, address, birth, sex, protection, register_difference */
    bool numbered;               /* it has an individual number: of two, each another */
};

/*
 *   kana, birth date, sex ...        a number at most on one side   a number on each
 *   ... and kanji name, address      certain                        probable
 *   ... and one of the two           probable                       probable where the register has
 *                                                                   another person under one of the
 *                                                                   numbers (class 1 or 2), else no
 *   ... and neither                  no                             no
 */
enum same_person_answer same_person_decide(const struct same_person_record *a,
                                           const struct same_person_record *b);
/* "no", "probable", "certain". */
const char *same_person_answer_name(enum same_person_answer answer);
/* What insurers are told of CERTAIN and PROBABLE. */
const struct rule *same_person_rule(enum same_person_answer answer);

/*
 * 2.5: may the insurers of a record be told of the other one? Not those of a record without a
 * protection flag where the other has one: they would look for the person where nobody may.
 */
bool same_person_tells(const struct person *own, const struct person *other);
