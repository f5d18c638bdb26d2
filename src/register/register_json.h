/* SPDX-License-Identifier: Apache-2.0
 *
 * register_json.h - JSON as the register's messages use it, read into a scope and wiped with it.
 *
 * The messages carry individual numbers. A library's parser leaves copies of them in freed memory;
 * here every byte that is made lies in the scope, which wipes what it frees. Strict: UTF-8, no
 * duplicate names, no fractions, no null, no comments; bounded in depth, members and nodes.
 */
#pragma once

#include <stdbool.h>

#include "base/scope.h"
#include "base/text.h"

#define REGISTER_JSON_DEPTH 4             /* object, array, object, array */
#define REGISTER_JSON_MEMBERS 24          /* of one object */
#define REGISTER_JSON_ITEMS 1000          /* of one array */
#define REGISTER_BODY_MAX (1024UL * 1024) /* bytes of a message */

enum json_kind {
    JSON_OBJECT_NODE,
    JSON_ARRAY_NODE,
    JSON_STRING_NODE,
    JSON_NUMBER_NODE,
    JSON_FLAG_NODE
};

struct json_node {
    enum json_kind kind;
    struct text name;        /* of a member */
    struct text text;        /* string */
    int64_t number;          /* number; flag: 1 or 0 */
    struct json_node *first; /* members or items */
    struct json_node *next;  /* sibling */
    size_t count;            /* of members or items */
};

/* Reads a whole message, which is an object. Fails with REGISTER_MESSAGE_WRONG. */
MUST_CHECK enum status register_json_read(struct scope *scope, struct text bytes,
                                          const struct json_node **out);
/* The member of an object, or NULL. */
const struct json_node *json_member(const struct json_node *object, const char *name);

/* Writes "name": and a string with what must be escaped. */
void json_add_member(struct text_buffer *buffer, const char *name, struct text value);
