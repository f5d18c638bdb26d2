/* SPDX-License-Identifier: Apache-2.0
 *
 * failure.h - every way in which shikaku cannot, or must not, answer.
 *
 * Two levels. A status says how the caller must react; a cause says what happened, with one stable
 * code, one text for the desk (what to do now) and one for IT, each in Japanese and English. All
 * causes stand in one table, failure_causes.def; HTTP codes and exit codes follow from the status.
 * What the ministry calls an answer (資格(無効), 資格情報なし) is not a failure and not here.
 */
#pragma once

/* How a caller must react. */
enum status {
    STATUS_OK,
    STATUS_NOT_FOUND,   /* no such thing: often an answer further up */
    STATUS_INVALID,     /* the input is wrong: whoever sent it must correct it */
    STATUS_DENIED,      /* understood, and refused */
    STATUS_CONFLICT,    /* exists already, or changed meanwhile */
    STATUS_UNAVAILABLE, /* something we need is away: trying again later helps */
    STATUS_EXHAUSTED,   /* a limit of ours was reached */
    STATUS_CORRUPT,     /* what we stored is not what we wrote */
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define CLEANUP(drop) __attribute__((cleanup(drop)))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))

/* Passes a failure up; the only macro that returns. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != STATUS_OK)                                                              \
            return try_status_;                                                                    \
    } while (0)

/* What happened. CAUSE_NONE is 0: nothing. One enumerator a row of failure_causes.def. */
enum cause {
    CAUSE_NONE,
#define CAUSE(id, status, code, desk_ja, desk_en, it_ja, it_en) CAUSE_##id,
#include "base/failure_causes.def"
#undef CAUSE
    CAUSE_COUNT
};

/* One row of the table. All texts are UTF-8, without personal data, and live for ever. */
struct failure_text {
    enum status status;  /* STATUS_OK: a remark that accompanies an answer */
    const char *code;    /* ErrorCode: "SKK-" and four digits, never reused */
    const char *desk_ja; /* ErrorMessage: at most 60 characters */
    const char *desk_en;
    const char *it_ja;
    const char *it_en;
};

/* The row of a cause; never NULL. CAUSE_NONE has the code "". */
const struct failure_text *failure_text(enum cause cause);

/* The cause of a code such as "SKK-1104", or CAUSE_NONE where no row has it. */
enum cause failure_cause(const char *code);

/* HTTP code of a status: 200 404 400 403 409 503 413 500. */
int failure_http_code(enum status status);

/* Exit code of a status: 0 done, 1 the answer is no, 2 bad input, 3 something needed is away. */
int failure_exit_code(enum status status);

/* The name of a status for logs: "ok", "not_found" ... */
const char *failure_status_name(enum status status);
