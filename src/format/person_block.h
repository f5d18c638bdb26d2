/* SPDX-License-Identifier: Apache-2.0
 *
 * person_block.h - ResultOfQualificationConfirmation (資格確認結果): the person in an answer.
 */
#pragma once

#include "format/message_writer.h"
#include "format/oqs.h"

/* A coverage's own items: membership, period, loss, insurer's name. */
void coverage_items_write(struct message_writer *writer, const struct coverage *coverage,
                          struct text insurer_name);
/* Name, kana, birth date. */
void person_names_write(struct message_writer *writer, const struct person *person);

/* Writes the group. answer->eligibility has a person and a coverage. */
void person_block_write(struct message_writer *writer, const struct oqs_answer *answer);
