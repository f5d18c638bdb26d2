/* SPDX-License-Identifier: Apache-2.0
 *
 * person_block.h - ResultOfQualificationConfirmation (資格確認結果): the person in an answer.
 */
#pragma once

#include "format/message_writer.h"
#include "format/oqs.h"

/* Writes the group. answer->eligibility has a person and a coverage. */
void person_block_write(struct message_writer *writer, const struct oqs_answer *answer);
