/* SPDX-License-Identifier: Apache-2.0
 *
 * resident_answer.h - from a request to the register's answer: decode, may they, look up, answer.
 */
#pragma once

#include "register/register_message.h"
#include "resident/resident_file.h"

/* Who may ask, from the client certificate's OU. */
enum resident_role {
    RESIDENT_NOBODY,
    RESIDENT_INSURER,  /* all questions; is told individual numbers */
    RESIDENT_OPERATOR, /* comparisons by link code, and the feed; never a number */
};

struct resident_reply {
    int http_code;
    enum cause cause; /* CAUSE_NONE, or why it was refused */
    size_t count;     /* people asked about, or changes told */
    struct text body; /* JSON, in the scope */
};

/* A failure is an answer too: *out is always set where the scope has memory for it. */
MUST_CHECK enum status resident_answer(struct scope *scope, struct resident_file *file,
                                       enum resident_role role, enum register_question question,
                                       struct text body, struct resident_reply *out);
/* The question of a path; false where there is none. */
bool resident_question(const char *path, enum register_question *out);
