/* SPDX-License-Identifier: Apache-2.0
 *
 * apdu_log.h - commands and answers in the operator's log, without what could be a PIN.
 */
#pragma once

#include <stddef.h>

#define APDU_LOG_TEXT 96 /* characters of one side, with the NUL */

/*
 * One line at level info. A command's data show only where its instruction is known to carry no
 * secret (a list of those that may, not of those that may not); of the rest the header and a count.
 * Answers are cut after some bytes: certificates are long.
 */
void apdu_log(const unsigned char *command, size_t size, const unsigned char *answer,
              size_t answer_size);

/* The two sides as text; out: APDU_LOG_TEXT bytes. */
void apdu_log_command(const unsigned char *command, size_t size, char *out);
void apdu_log_answer(const unsigned char *answer, size_t size, char *out);
