/* SPDX-License-Identifier: Apache-2.0
 *
 * draft_parts.h - what the files of a draft share: one function a kind of row.
 */
#pragma once

#include "insurer/member_draft.h"

/* Sets the finding; STATUS_OK, so that a refusal is one line. */
enum status draft_find(struct registration_finding *finding, enum cause cause, const char *item);
/* The same where nothing graver was found. */
void draft_warn(struct registration_finding *finding, enum cause cause, const char *item);
bool draft_refused(const struct registration_finding *finding);

/* Takes over what a row tells. */
void draft_text(struct text *value, const struct registration_value *told);
void draft_day(struct date *value, const struct registration_value *told);
void draft_number(int *value, const struct registration_value *told);
struct date draft_day_of(const struct registration_value *told);

/* The coverage of this insurer with a first day; or that on a day; or the last one. NULL. */
struct coverage *draft_coverage_from(struct member_draft *draft, struct date from);
struct coverage *draft_coverage_on(struct member_draft *draft, struct date on);
struct coverage *draft_coverage_last(struct member_draft *draft);

/* Makes room behind the arrays of draft->person, and takes them over. */
enum status draft_take_arrays(struct scope *scope, struct member_draft *draft);

/* Notes that a part of the store is taken away. */
void draft_drop(struct member_draft *draft, const struct part_key *key);
/* Takes a coverage and its certificates away. */
void draft_drop_coverage(struct member_draft *draft, const struct coverage *coverage);

/* Takes this insurer's filings away at once: the rows that follow may be of another person. */
enum status draft_drop_filings(struct scope *scope, struct member_draft *draft);

enum status draft_person_row(struct scope *scope, struct member_draft *draft,
                             const struct registration_row *row,
                             struct registration_finding *finding);
enum status draft_flags_row(struct scope *scope, struct member_draft *draft,
                            const struct registration_row *row,
                            struct registration_finding *finding);
enum status draft_qualification_row(struct scope *scope, struct member_draft *draft,
                                    const struct registration_row *row,
                                    struct registration_finding *finding);
enum status draft_certificate_row(struct scope *scope, struct member_draft *draft,
                                  const struct registration_row *row,
                                  struct registration_finding *finding);
enum status draft_elderly_row(struct scope *scope, struct member_draft *draft,
                              const struct registration_row *row,
                              struct registration_finding *finding);
enum status draft_limit_row(struct scope *scope, struct member_draft *draft,
                            const struct registration_row *row,
                            struct registration_finding *finding);
enum status draft_request_row(struct scope *scope, struct member_draft *draft,
                              const struct registration_row *row,
                              struct registration_finding *finding);
enum status draft_disease_row(struct scope *scope, struct member_draft *draft,
                              const struct registration_row *row,
                              struct registration_finding *finding);
