/* SPDX-License-Identifier: Apache-2.0
 *
 * sender.h - sends a registration file to the service, from an insurer's side, until its reply is
 * here.
 *
 * The service is asked how far it is each time, so that nothing must be remembered on this side: a
 * sender that was killed, or whose connection broke, goes on where the service stands. A file is
 * known again by its SHA-256 and length. The protocol is that of docs/registration-upload.md.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "net/https_client.h"

/* What is counted while it goes on. */
enum send_stage {
    SEND_READ_BYTES, /* of the file, for its SHA-256 */
    SEND_SENT_BYTES,
    SEND_LOADED_ROWS,  /* at the service */
    SEND_FETCHED_BYTES /* of the reply; its total is not known (0) */
};

struct send_watch {
    /* done: of total. began: what was done before this side did anything. Or NULL. */
    void (*progress)(void *context, enum send_stage stage, int64_t done, int64_t total,
                     int64_t began);
    /* It failed for now and is tried again after so many seconds. Or NULL. */
    void (*again)(void *context, const struct scope *failed, int seconds);
    void *context;
};

struct send_order {
    struct https_client *client; /* to the service */
    const char *file;            /* path of a regular file */
    const char *reply;           /* path; written as a whole, mode 0600 */
    bool wait;                   /* until it is loaded; else until the service has all of it */
    bool confirm;                /* a mass change is meant */
    int patience; /* seconds: gives up when nothing moved for so long, whatever is away */
    struct send_watch watch;
};

enum send_state {
    SEND_UNKNOWN, /* the service does not have it */
    SEND_RECEIVING,
    SEND_WAITING,
    SEND_LOADING,
    SEND_DONE,
    SEND_REFUSED,
    SEND_ASKING
};

#define SEND_ID_SIZE 33
#define SEND_HASH_SIZE 65

/* How a file stands at the service. */
struct send_stand {
    char id[SEND_ID_SIZE];
    char sha256[SEND_HASH_SIZE]; /* of the whole file */
    enum send_state state;
    int64_t length, offset;
    int64_t rows, rows_done, accepted, warned, refused;
    bool loaded_before, has_reply;
    enum cause reason; /* REFUSED, ASKING, WAITING */
};

struct send_outcome {
    struct send_stand stand;
    int64_t found; /* bytes that the service had before */
    int64_t sent;  /* bytes that it took from us */
    bool known;    /* it was loaded before we came: nothing was sent */
};

/* "receiving", "waiting" ... as the service says */
const char *send_state_name(enum send_state state);

/*
 * Sends. Fails: FILE_UNAVAILABLE (file, reply), REGISTRATION_CUT (empty), SEND_AWAY (nothing moved
 * for the patience), SEND_UNTRUSTED, SEND_CHANGED (the file, meanwhile), SEND_UNFINISHED (not
 * loaded within the patience; the service has it), SEND_ANSWER_WRONG, and with what the service
 * says of the file or of us: REGISTRATION_..., UPLOAD_..., SPOOL_... Rows that are refused are no
 * failure.
 */
MUST_CHECK enum status send_file(struct scope *scope, const struct send_order *order,
                                 struct send_outcome *out);
