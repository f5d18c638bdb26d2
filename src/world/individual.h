/* SPDX-License-Identifier: Apache-2.0
 *
 * individual.h - invented individual numbers (個人番号) with a right check digit.
 *
 * The number hangs on person_id alone: insurers' files and the resident register of one world name
 * the same person alike. Synthetic; a real person may have the same, as with any made number.
 */
#pragma once

#include <stdint.h>

#define INDIVIDUAL_NUMBER_SIZE 13 /* 12 digits and the NUL */

/* person_id: 0 to 200,000,000; two people never have one number. */
void individual_number_make(int64_t person_id, char out[INDIVIDUAL_NUMBER_SIZE]);
