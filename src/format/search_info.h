/* SPDX-License-Identifier: Apache-2.0
 *
 * search_info.h - QualificationConfirmSearchInfo (資格確認照会用情報): asked with, and echoed.
 */
#pragma once

#include "format/message_writer.h"
#include "format/oqs.h"

/* Writes the group of a request; an answer by numbers ends with the same. */
void search_info_write(struct message_writer *writer, const struct oqs_inquiry *inquiry);
