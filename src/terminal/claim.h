/* SPDX-License-Identifier: Apache-2.0
 *
 * claim.h - one request, exactly one result, whenever the terminal is stopped.
 *
 * All state is in the file system. For a request R with the identity I (folder.h), in this order:
 *
 *   1  work/R.I.part     the result is being written
 *   2  work/R.I.answer   ... is whole and on the disk (renamed from .part)
 *   3  work/R.I.claim    an empty file: the answer may go out
 *   4  res/RESULT        the .answer, renamed without overwriting
 *   5  req/R             removed, if it still is the file with identity I
 *   6  res/RESULT        touched, 0.3 s after step 4
 *   7  work/R.I.claim    removed
 *
 * What a terminal finds when it starts, then, tells where the last one was stopped:
 *
 *   .part                            before 2: removed; req/R is asked again
 *   .answer                          before 4: goes on at 3, the service is not asked again
 *   .claim without .answer           after 4: goes on at 5, even if the result was collected since
 *   nothing, req/R                   not answered yet
 *
 * A request that is gone at step 4 was withdrawn by its sender: the answer is dropped.
 */
#pragma once

#include <stdbool.h>

#include "base/scope.h"
#include "base/text.h"
#include "terminal/folder.h"
#include "terminal/request_name.h"

struct claim {
    char request[REQUEST_NAME_MAX]; /* its name in req/ */
    char result[REQUEST_NAME_MAX];  /* the name of its result in res/ */
    struct file_identity identity;  /* of the request that was answered */
};

/* Called behind each step, with its number; NULL outside of tests. */
typedef void (*claim_step)(int step);

/* Steps 1 to 3. Fails: FILE_UNAVAILABLE; then nothing but a .part may remain. */
MUST_CHECK enum status claim_answer(struct scope *scope, const struct folders *folders,
                                    const struct claim *claim, struct text answer, claim_step step);

/*
 * Steps 4 and 5. Fails: STATUS_CONFLICT without a cause (a result of this name lies in res/; try
 * again later), STATUS_NOT_FOUND without a cause (the request was withdrawn or replaced, the answer
 * dropped: the claim is over), FILE_UNAVAILABLE.
 */
MUST_CHECK enum status claim_place(struct scope *scope, const struct folders *folders,
                                   const struct claim *claim, claim_step step);

/*
 * Steps 5 (where it was not done), 6 and 7; the caller has waited. Fails: FILE_UNAVAILABLE where
 * the request cannot be removed; the claim stays, so that it is not answered again.
 */
MUST_CHECK enum status claim_finish(struct scope *scope, const struct folders *folders,
                                    const struct claim *claim, claim_step step);

/* What is found of a claim at the start. */
enum claim_state {
    CLAIM_ANSWERED, /* .answer: claim_place() is next */
    CLAIM_PLACED,   /* .claim alone: claim_finish() is next */
};

typedef void (*claim_found)(void *context, const struct claim *claim, enum claim_state state);

/*
 * Removes .part files and calls found for each claim that work/ holds. Files that are no claims are
 * left alone. Fails: FILE_UNAVAILABLE.
 */
MUST_CHECK enum status claim_recover(struct scope *scope, const struct folders *folders,
                                     claim_found found, void *context);
