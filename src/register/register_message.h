/* SPDX-License-Identifier: Apache-2.0
 *
 * register_message.h - the messages between the resident register and those who ask it.
 *
 * JSON over HTTPS, version 1, as docs/resident-register.md has them. Both sides use these readers
 * and writers; all they make lies in the scope and is wiped with it.
 */
#pragma once

#include "register/register_client.h"
#include "register/register_json.h"

#define REGISTER_VERSION 1

enum register_question {
    REGISTER_BY_NUMBER,
    REGISTER_BY_ITEMS,
    REGISTER_COMPARE,
    REGISTER_CHANGES,
    REGISTER_QUESTION_COUNT
};

/* "/v1/by-number" ... */
const char *register_path(enum register_question question);

/* A request: what its question uses is set. */
struct register_request {
    enum register_question question;
    struct text *numbers;            /* BY_NUMBER; each a good 個人番号 */
    struct register_identity *items; /* BY_ITEMS */
    struct register_record *records; /* COMPARE; a good number or a link code, never both */
    size_t count;                    /* of these, 1 to REGISTER_BATCH_MAX */
    int64_t since;                   /* CHANGES */
};

struct register_answer {
    struct register_finding *findings;       /* BY_NUMBER, BY_ITEMS */
    struct register_comparison *comparisons; /* COMPARE */
    size_t count;
    struct register_changes changes; /* CHANGES */
};

MUST_CHECK enum status register_request_write(struct scope *scope,
                                              const struct register_request *request,
                                              struct text *out);
/* Fails with REGISTER_MESSAGE_WRONG, REGISTER_BATCH_WRONG, INDIVIDUAL_NUMBER_WRONG. */
MUST_CHECK enum status register_request_read(struct scope *scope, enum register_question question,
                                             struct text bytes, struct register_request *out);

MUST_CHECK enum status register_answer_write(struct scope *scope, enum register_question question,
                                             const struct register_answer *answer,
                                             struct text *out);
/* count: how many were asked about. Fails with REGISTER_MESSAGE_WRONG. */
MUST_CHECK enum status register_answer_read(struct scope *scope, enum register_question question,
                                            size_t count, struct text bytes,
                                            struct register_answer *out);

/* A refusal: code and texts of a cause. */
MUST_CHECK enum status register_refusal_write(struct scope *scope, enum cause cause,
                                              struct text *out);
/* The cause of a refusal; CAUSE_NONE where it is none that we know. */
enum cause register_refusal_read(struct scope *scope, struct text bytes);
