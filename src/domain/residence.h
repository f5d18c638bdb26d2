/* SPDX-License-Identifier: Apache-2.0
 *
 * residence.h - the city whose 国民健康保険 covers who lives at an address.
 *
 * Known are an address as text and, of each municipal insurer, number and name. The address must
 * begin with the prefecture; behind it (and behind a 郡) the municipality's name is looked for
 * among the municipal insurers of that prefecture. What leads to none, or to two, leads to none: a
 * list that names people must not go to a city by a guess. Postal codes are not used, as one may
 * lie in two municipalities. Pure. Source: insurers-and-documents 8; claims 3.1;
 * docs/decisions/0072.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "domain/number.h"

/* Longest name of a municipality that is compared, bytes. */
#define RESIDENCE_NAME_MAX 96

/* A municipal insurer (市町村国保). */
struct residence_city {
    struct insurer_number insurer;
    int prefecture;                    /* 1 to 47 */
    char name[RESIDENCE_NAME_MAX + 1]; /* 架空市: normalised, without prefecture and 国民健康保険 */
};

/*
 * Is the insurer a municipal one (six digits; those of 国保組合 have a serial in the 300s), whose
 * name ends with a municipality's (架空県見本市国民健康保険, 見本市国保, 見本市)?
 */
bool residence_city_of(struct insurer_number insurer, struct text name, struct residence_city *out);

/* The city of an address, or NULL where it is not known for certain. */
const struct residence_city *residence_find(const struct residence_city *cities, size_t count,
                                            struct text address);
