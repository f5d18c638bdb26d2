/* SPDX-License-Identifier: Apache-2.0
 *
 * enrolment_rows.h - a person as the rows of one insurer's registration file.
 */
#pragma once

#include "domain/person.h"
#include "format/registration_file.h"

/*
 * Adds the rows of what one insurer registers of a person, all with one key; *rows counts them.
 * None where the insurer covers the person in no way that the system knows (E9).
 */
MUST_CHECK enum status enrolment_add_rows(struct scope *scope, const struct person *person,
                                          struct insurer_number insurer, struct date on,
                                          struct text_buffer *buffer, int64_t *rows);
