/* SPDX-License-Identifier: Apache-2.0
 *
 * message_writer.h - writes one message from one description, as XML or as JSON.
 *
 * A group is written when its first leaf is: empty containers cannot be written, which real readers
 * stumble over (oqs-files 4). Writing never fails by itself: the first failure is kept, and
 * message_end() reports it. XML is indented by two blanks, JSON is one line.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/scope.h"
#include "base/text.h"
#include "format/oqs.h"

/* A group that was begun. */
struct message_group {
    struct text name;
    bool list;   /* JSON: an array of objects with one member each */
    bool member; /* JSON: something was written into it */
};

struct message_writer {
    struct scope *scope;
    enum oqs_syntax syntax;
    char *bytes;
    size_t size, capacity;
    struct message_group groups[OQS_DEPTH_MAX];
    size_t depth;   /* groups begun */
    size_t written; /* of these, the ones whose start was written */
    enum status status;
};

/* Begins a message: XML declaration (UTF-8), XmlMsg. */
struct message_writer message_begin(struct scope *scope, enum oqs_syntax syntax);

/* The same with another encoding's name in the declaration; the bytes are UTF-8 nevertheless. */
struct message_writer message_begin_declared(struct scope *scope, struct text encoding);

/* Names must be ours: element names of ASCII letters and digits, constant. */
void message_group(struct message_writer *writer, struct text name);
void message_list(struct message_writer *writer, struct text name);
void message_group_end(struct message_writer *writer);

/* Writes an element with its text; nothing where the text is empty. */
void message_leaf(struct message_writer *writer, struct text name, struct text text);

/* The same; an empty text gives an empty element: for what readers want to be there (name,
 * insurer). */
void message_required_leaf(struct message_writer *writer, struct text name, struct text text);

/* A number with zeros on the left up to digits places, 1 to 18. Not negative. */
void message_number(struct message_writer *writer, struct text name, int64_t number, int digits);

/* Ends the message. Fails: MEMORY_LIMIT; TEXT_WRONG for what XML 1.0 cannot hold or is not UTF-8.
 */
MUST_CHECK enum status message_end(struct message_writer *writer, struct text *out);
