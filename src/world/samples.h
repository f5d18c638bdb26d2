/* SPDX-License-Identifier: Apache-2.0
 *
 * samples.h - the files of a world that people and programs try things with: the cast as a table,
 * requests as real programs write them, hostile ones, presentations of cards, configurations.
 */
#pragma once

#include "world/cast.h"
#include "world/folder.h"

/* samples/cast.csv: one row a scenario, with the answer expected on T. */
MUST_CHECK enum status samples_write_cast(struct scope *scope, const struct world_folder *folder,
                                          struct date t);

/* samples/presentations/SCENARIO.present: one a scenario that is asked by card. */
MUST_CHECK enum status samples_write_presentations(struct scope *scope,
                                                   const struct world_folder *folder);

/*
 * samples/requests/: OQSsiquc01req_SCENARIO.xml (without hyphens) for each scenario that is asked
 * by numbers, and one a habit of real programs (habit1 to habit8), byte for byte.
 */
MUST_CHECK enum status samples_write_requests(struct scope *scope,
                                              const struct world_folder *folder, struct date t);

/* samples/hostile/: requests that must be refused, and README.txt about them. */
MUST_CHECK enum status samples_write_hostile(struct scope *scope, const struct world_folder *folder,
                                             struct date t);

/* serve.conf and terminal.conf; store: URL of the store. */
MUST_CHECK enum status samples_write_configurations(struct scope *scope,
                                                    const struct world_folder *folder,
                                                    const char *store);

/* What a request of a scenario says, in the order of the book; for files and tests. */
struct sample_request {
    const char *on; /* yyyymmdd; what is sent, right or wrong */
    const char *institution, *identifier;
    const char *insurer, *symbol, *number, *branch; /* symbol, branch: NULL = element left out */
    const char *birth;
    bool consent;
};

/* The element names of a request around its values. indent: "  " or "". */
void sample_request_add(struct text_buffer *buffer, const struct sample_request *request,
                        const char *newline, bool indent);

/* docs/sandbox.md, Markdown. */
MUST_CHECK enum status samples_write_document(struct scope *scope, struct text *out);
