/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer_words.h - what the commands of the issuer (`shikaku card issue` and the like) share.
 */
#pragma once

#include "command/explanation.h"
#include "issuance/office.h"

/* For CLEANUP(). */
void office_drop(struct office **office);

/* "4" or "superseded"; false for what JPKI has not. */
bool reason_read(const char *word, enum revocation_reason *out);
/* "superseded(4) 更新" and the like. */
const char *reason_words(enum revocation_reason reason);

/* A certificate's life on a day, as facts. */
MUST_CHECK enum status tell_certificate(struct scope *scope,
                                        const struct book_certificate *certificate, struct date on,
                                        struct explanation *out);

/* The time of an act: now, or noon of another day that was told with --today. */
struct instant act_time(const struct scope *scope, struct date today);
