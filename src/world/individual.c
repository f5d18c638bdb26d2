/* SPDX-License-Identifier: Apache-2.0 */
#include "world/individual.h"

#include "domain/number.h"

#define BODY_DIGITS 11
#define BODIES INT64_C(100000000000) /* 10^11 */
/* Odd and no multiple of 5, so that multiplying permutes the bodies; the product fits 64 bits. */
#define SCATTER INT64_C(38247103957)
#define SHIFT INT64_C(20261105)

void individual_number_make(int64_t person_id, char out[INDIVIDUAL_NUMBER_SIZE])
{
    int64_t body = (person_id * SCATTER + SHIFT) % BODIES;

    for (int i = BODY_DIGITS - 1; i >= 0; i--, body /= 10)
        out[i] = (char)('0' + body % 10);
    out[BODY_DIGITS] =
        (char)('0' + number_check_digit(NUMBER_INDIVIDUAL, (struct text){out, BODY_DIGITS}));
    out[BODY_DIGITS + 1] = '\0';
}
