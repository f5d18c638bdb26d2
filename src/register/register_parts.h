/* SPDX-License-Identifier: Apache-2.0
 *
 * register_parts.h - inside of this folder: members that requests and answers both have.
 */
#pragma once

#include "register/register_message.h"

enum status register_wrong(struct scope *scope, const char *why);

/* The message's root; its version is looked at. */
MUST_CHECK enum status register_root_read(struct scope *scope, struct text bytes,
                                          const struct json_node **out);
/* A member that is an array of objects. */
MUST_CHECK enum status register_list_read(struct scope *scope, const struct json_node *root,
                                          const char *name, const struct json_node **out);
/* A string of at most limit bytes; empty where it is left out. */
MUST_CHECK enum status register_text_read(struct scope *scope, const struct json_node *object,
                                          const char *name, size_t limit, struct text *out);
MUST_CHECK enum status register_number_read(struct scope *scope, const struct json_node *object,
                                            const char *name, int64_t maximum, int64_t *out);
MUST_CHECK enum status register_flag_read(struct scope *scope, const struct json_node *object,
                                          const char *name, bool *out);
/* "yyyymmdd", or DATE_NONE where it is left out. */
MUST_CHECK enum status register_day_read(struct scope *scope, const struct json_node *object,
                                         const char *name, struct date *out);
MUST_CHECK enum status register_identity_read(struct scope *scope, const struct json_node *object,
                                              struct register_identity *out);
/* An empty text, and DATE_NONE, are left out; each member has a comma before it. */
void register_text_add(struct text_buffer *buffer, const char *name, struct text value);
void register_day_add(struct text_buffer *buffer, const char *name, struct date day);
void register_identity_add(struct text_buffer *buffer, const struct register_identity *identity);
