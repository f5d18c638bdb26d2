/* SPDX-License-Identifier: Apache-2.0
 *
 * terminal.h - the link application of one institution's terminal: folders, workers, reader, clock.
 *
 * One thread looks at req/ and keeps the clock (exchange.h), a few ask the service, one serves the
 * emulated reader (reader.h). Folders are watched with inotify, and looked at slowly besides:
 * network shares send no events.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "domain/eligibility.h"
#include "domain/number.h"
#include "format/oqs.h"
#include "proof/challenge.h"
#include "terminal/folder.h"
#include "terminal/service_client.h"

#define TERMINAL_WORKERS_MAX 16

/* Paths and texts live as long as the terminal. */
struct terminal_options {
    const char *folder;              /* base of the folders, may be NULL */
    const char *apart[FOLDER_COUNT]; /* a folder elsewhere, or NULL */
    struct service_address service;
    const char *credential;       /* for face and visual, or NULL */
    enum service_class class;     /* E3: 1 with a face reader, 2 or 3 with a phone or tablet */
    bool pcsc;                    /* cards also come on a PC/SC reader */
    const char *reader_name;      /* part of its name, "" = any */
    enum identity_mode slot_mode; /* reader.h */
    bool slot_asks;               /* reader.h */
    int64_t slot_patience;        /* ms */
    const char *face_device;      /* a socket's path, or NULL */
    int64_t face_wait;            /* ms */
    int faces_max;                /* 1 to IDENTITY_FACES_MAX */
    bool face_refused;            /* reader.h */
    const char *visual_password;  /* a file, or NULL */
    int64_t visual_milliseconds;  /* reader.h */
    struct institution_code institution;
    char terminal[CHALLENGE_TERMINAL_MAX + 1];
    enum oqs_encoding encoding;
    size_t workers; /* 1 to TERMINAL_WORKERS_MAX */
    size_t queue_max;
    size_t request_max;              /* bytes */
    int64_t settle, give_up, rescan; /* ms, see exchange.h */
    int64_t stay;                    /* seconds a result may lie in res/ */
};

struct terminal; /* opaque */

/*
 * Opens and locks the folders, takes up what was under way, starts the threads. Signals that the
 * caller has blocked stay blocked in them. Fails: CONFIGURATION, FILE_UNAVAILABLE, FOLDER_IN_USE.
 */
MUST_CHECK enum status terminal_open(struct scope *scope, const struct terminal_options *options,
                                     struct terminal **out);

/* Serves until the descriptor stop can be read. */
void terminal_serve(struct terminal *terminal, int stop);

/*
 * Finishes the requests that workers have (each at most the service's time-out), then frees all.
 * What was queued stays in req/. Accepts NULL.
 */
void terminal_close(struct terminal *terminal);
