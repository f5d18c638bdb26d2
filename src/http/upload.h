/* SPDX-License-Identifier: Apache-2.0
 *
 * upload.h - inside this folder: requests about insurers' files, the tus 1.0.0 protocol over the
 * spool. Bytes go from the connection into a writer's buffer; what touches the disk is done by the
 * spool's thread while the connection is suspended, so that no thread that answers checks waits.
 */
#pragma once

#include "http/server_parts.h"
#include "http/tus.h"

/* A request about files; in its request's scope. */
struct upload {
    enum upload_kind kind;
    char id[SPOOL_ID_SIZE]; /* from the path, or of the file that was made; "" = none */
    struct spool_job job;
    struct spool_writer *writer; /* PATCH, once it was let in */
    enum cause refusal;          /* found before the body's end */
    bool client_refused;         /* refusal is of the client, not of the request */
    size_t dropped;              /* bytes of a body that nobody wants */
    _Atomic bool on_disk;        /* the spool's thread has the job or the writer */
    int64_t offset;              /* where the file stands, -1 = not said */
    struct spool_entry entry;    /* of what is answered */
    int reply;                   /* descriptor, -1 = none */
    int64_t reply_size;
    struct tus_range range;
    bool whole;
};

/* The header is in: may they, and what do they want? */
enum MHD_Result upload_begin(struct connection *connection, const char *url);
/* Bytes of the body. */
enum MHD_Result upload_take(struct connection *connection, const char *bytes, size_t *size);
/* The body's end, and again when the disk is done. */
enum MHD_Result upload_end(struct connection *connection);
/* The request has ended in whatever way: what arrived is kept. */
void upload_close(struct upload *upload);

/* --- answers (upload_answer.c) ------------------------------------------------------------------
 */

/* What succeeded, into the outcome: HTTP code and body. */
MUST_CHECK enum status upload_answer(struct scope *scope, struct upload *upload,
                                     const struct spool *spool, struct service_outcome *outcome);
/* A failure in the outcome: HTTP code, cause, and a body with its texts. */
void upload_answer_failure(struct scope *scope, enum cause cause, struct service_outcome *outcome);
/* All files, as JSON. */
MUST_CHECK enum status upload_answer_list(struct scope *scope, const struct spool *spool,
                                          const struct spool_entry *entries, size_t count,
                                          struct text *out);
/* The header fields of the protocol. */
void upload_add_headers(const struct request *request, const struct spool *spool,
                        struct MHD_Response *response);
