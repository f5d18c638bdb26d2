/* SPDX-License-Identifier: Apache-2.0
 *
 * card_life.h - who holds a My Number Card, its authentication certificates, and the registration
 * for insurance use.
 */
#pragma once

#include "domain/certificate_life.h"
#include "domain/person.h"
#include "world/draw.h"

#define CARD_LIFE_MAX 5 /* certificates of one person, the phone's included */

/* Serial of a person's n-th certificate (0 to 7): nine digits at most for fifty million people. */
uint64_t card_life_serial(int64_t person_id, size_t n);

/* A person's certificates, oldest first. */
struct card_life {
    struct authentication_certificate certificates[CARD_LIFE_MAX];
    size_t count;
    size_t newest; /* index of the card's newest certificate; count where there is no card */
};

/*
 * Draws the cards of a person whose birth is set: 75 % hold one, 81 % of them are registered. Sets
 * person->registered and deregisters. Cannot fail.
 */
struct card_life card_life_draw(struct draw *draw, struct person *person, struct date on);
