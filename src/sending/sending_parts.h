/* SPDX-License-Identifier: Apache-2.0
 *
 * sending_parts.h - inside this folder: the questions that a sender asks the service.
 */
#pragma once

#include "base/text.h"
#include "sending/sender.h"

/* Bytes of a list of files at most. */
#define SEND_ANSWER_MAX ((size_t)2 * 1024 * 1024)

/* Each fails with what the service says (see send_refusal()) or, without an answer, SEND_AWAY. */

/* The file that has this hash and length, the one that is farthest; UNKNOWN where there is none. */
MUST_CHECK enum status send_find(struct scope *scope, struct https_client *client,
                                 const struct send_stand *wanted, struct send_stand *out);
MUST_CHECK enum status send_ask_stand(struct scope *scope, struct https_client *client,
                                      struct send_stand *stand);
/* stand: length and hash, in; id, out. name: "" = not told. */
MUST_CHECK enum status send_create(struct scope *scope, struct https_client *client,
                                   const char *name, struct send_stand *stand);
/* What is on the service's disk, into stand->offset. */
MUST_CHECK enum status send_ask_offset(struct scope *scope, struct https_client *client,
                                       struct send_stand *stand);
/* Sends a part; stand->offset is what the service acknowledged. */
MUST_CHECK enum status send_part(struct scope *scope, struct https_client *client,
                                 struct https_stream *part, struct send_stand *stand);
MUST_CHECK enum status send_confirm(struct scope *scope, struct https_client *client,
                                    struct send_stand *stand);
MUST_CHECK enum status send_remove(struct scope *scope, struct https_client *client,
                                   struct send_stand *stand);
/* The rest of the reply behind reply->offset. */
MUST_CHECK enum status send_fetch_reply(struct scope *scope, struct https_client *client,
                                        const struct send_stand *stand, struct https_stream *reply);

/* What an answer that refuses means: the cause of its code; SEND_AWAY where it says "later",
 * SEND_ANSWER_WRONG where nothing of it is known. */
enum status send_refusal(struct scope *scope, const struct https_reply *reply);
/* Reads how one file stands; false where it is none. */
bool send_stand_read(struct text body, struct send_stand *out);
/* The same of a list: the best of those with this hash and length. False where it is no list. */
bool send_list_read(struct text body, const struct send_stand *wanted, struct send_stand *out);
