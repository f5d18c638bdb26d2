/* SPDX-License-Identifier: Apache-2.0
 *
 * family.h - events that change whose insurance a family has: births, deaths, jobs, moves, 75.
 *
 * Each sets *happened where it did; *happened is false before.
 */
#pragma once

#include "simulation/society.h"

MUST_CHECK enum status family_birth(struct society *society, struct resident *mother,
                                    bool *happened);
MUST_CHECK enum status family_death(struct society *society, struct resident *resident,
                                    bool *happened);
MUST_CHECK enum status family_other_employer(struct society *society, struct resident *resident,
                                             bool *happened);
MUST_CHECK enum status family_leaves_job(struct society *society, struct resident *resident,
                                         bool *happened);
MUST_CHECK enum status family_finds_job(struct society *society, struct resident *resident,
                                        bool *happened);
MUST_CHECK enum status family_moves(struct society *society, struct resident *resident,
                                    bool *happened);
MUST_CHECK enum status family_assistance(struct society *society, struct resident *resident,
                                         bool *happened);
MUST_CHECK enum status family_turns_75(struct society *society, struct resident *resident,
                                       bool *happened);
