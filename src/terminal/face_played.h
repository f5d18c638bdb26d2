/* SPDX-License-Identifier: Apache-2.0
 *
 * face_played.h - a played face device: it compares nothing. It answers what a script says.
 *
 * A script has lines `QUESTION: ANSWER`, QUESTION being the terminal's word (identify, compare,
 * pin, warn, look, consent) and ANSWER what the device says to it, without the session; '#' begins
 * a comment. Of several lines with one question each is used once, in order, and the last of them
 * again and again. Besides the answers of face_message.h:
 *
 *   compare: slow       says nothing any more
 *   compare: gone       closes the connection
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/scope.h"
#include "base/text.h"

#define FACE_SCRIPT_MAX 8192 /* bytes */
#define FACE_LINES_MAX 64

struct face_played {
    struct {
        struct text question, answer; /* borrowed from the script */
        bool used;
    } lines[FACE_LINES_MAX];
    size_t count;
};

/* Reads a script, which stays. Fails with CONFIGURATION, naming the line. */
MUST_CHECK enum status face_played_read(struct scope *scope, struct text script,
                                        struct face_played *out);
/* The answer to a question's word; empty where the script has none. */
struct text face_played_answer(struct face_played *played, struct text question);
