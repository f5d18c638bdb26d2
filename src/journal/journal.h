/* SPDX-License-Identifier: Apache-2.0
 *
 * journal.h - the audit journal: who asked what of whom, when, and what was answered.
 *
 * Append-only files in one directory; each record carries the hash of the one before it. Records of
 * many requests are made durable together (group commit) by one writer thread; a request is
 * answered only after its record is on disk. What is in a record: journal_entry below. No names, no
 * symbols and numbers, no birth dates, no addresses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "domain/eligibility.h"
#include "domain/service_class.h"

/* What was asked; stable numbers, they are on disk. */
enum journal_operation {
    JOURNAL_OPENED = 1,           /* the service started; no person */
    JOURNAL_CLOSED = 2,           /* it stopped in good order */
    JOURNAL_CHECK_BY_NUMBERS = 3, /* E1, E5 */
    JOURNAL_CHECK_BY_CARD = 4,    /* E1, E2 */
    JOURNAL_REFUSED_CLIENT = 5,   /* a connection whose certificate was not accepted */
    JOURNAL_REGISTRATION = 6,     /* R1: a person was registered for insurance use */
    JOURNAL_PORTAL = 7,           /* P1: the portal asked for a person */
    JOURNAL_MOBILE_DEVICE = 8,    /* E3: a phone or tablet was activated, or a code issued for it */
    JOURNAL_MOBILE_CONSENT = 9,   /* E3, class 2: an institution fetched a result by a consent */
    /* registration files of insurers: institution is the insurer's number, terminal the file's id
     */
    JOURNAL_FILE_CREATED = 20,
    JOURNAL_FILE_PART = 21,      /* bytes were received */
    JOURNAL_FILE_ASKED = 22,     /* how a file, or all, stand */
    JOURNAL_FILE_REPLY = 23,     /* its reply was fetched */
    JOURNAL_FILE_CONFIRMED = 24, /* its mass change is meant */
    JOURNAL_FILE_REMOVED = 25,   /* by the insurer */
    JOURNAL_FILE_LOADED = 26,    /* a load ended: loaded, refused, or stopped by the alarm */
};

/* One record. Strings are borrowed and at most 64 bytes; NULL = none. */
struct journal_entry {
    enum journal_operation operation;
    struct instant at;        /* the request's time */
    const char *request_id;   /* scope id */
    const char *institution;  /* ten-digit code, or insurer number, of the client certificate */
    const char *client;       /* first 16 hex digits of the client certificate's SHA-256 */
    const char *terminal;     /* terminal id, by card; or an insurer's file's id */
    const char *staff;        /* account of the staff who compared a face (E2), never a name */
    int64_t person_id;        /* 0 = no one found */
    int64_t coverage_id;      /* given back, 0 = none */
    struct date on;           /* day asked for */
    enum identity_mode mode;  /* by card, else 0 */
    enum service_class class; /* E3, by card, else 0 */
    unsigned consents;        /* CONSENT_ bits given */
    enum validity validity;   /* the answer, 0 where refused */
    const char *rule;         /* rule id of the answer */
    enum cause cause;         /* why refused, or the remark */
    bool degraded;            /* answered from an aged copy */
};

struct journal; /* opaque; safe to use from many threads */

/* How a journal is kept. */
struct journal_options {
    size_t segment_bytes; /* size of one file, preallocated; 0 = 64 MiB */
    size_t queue_records; /* records under way at most; more are refused; 0 = 65536 */
};

/*
 * Opens the journal in a directory (made where missing), recovers from a crash (an unfinished last
 * record that was never acknowledged is cut off), and starts the writer thread. Fails: UNAVAILABLE,
 * CORRUPT (the chain is broken before its end: nothing is written then).
 */
MUST_CHECK enum status journal_open(struct scope *scope, const char *directory,
                                    const struct journal_options *options, struct journal **out);
/* Writes what is queued, makes it durable, stops the thread. Accepts NULL. */
void journal_close(struct journal *journal);

/* Called by the writer thread when the record is durable (ok) or could not be written (!ok). */
typedef void (*journal_done)(void *context, bool ok);

/*
 * Queues a record; done is called once it is on disk: at once after a pause, within a millisecond
 * and a sync under load, when records gather to go to disk together. Fails with JOURNAL_UNAVAILABLE
 * when the queue is full or an earlier write failed; done is not called then.
 */
MUST_CHECK enum status journal_append(struct scope *scope, struct journal *journal,
                                      const struct journal_entry *entry, journal_done done,
                                      void *context);
/* The same, and waits until the record is durable. */
MUST_CHECK enum status journal_append_wait(struct scope *scope, struct journal *journal,
                                           const struct journal_entry *entry);

/* Counters for metrics. */
struct journal_figures {
    uint64_t records; /* durable since open */
    uint64_t groups;  /* fdatasync calls */
    uint64_t bytes;
    bool failed;            /* nothing more can be written */
    bool checkpoint_failed; /* the last checkpoint was not written; it is tried again */
};
struct journal_figures journal_figures(struct journal *journal);

#define JOURNAL_HASH_TEXT_SIZE 65 /* 64 hexadecimal digits, lower case, and the NUL */

/* What is wrong with a journal at rest. */
enum journal_fault {
    JOURNAL_WHOLE,
    JOURNAL_CHANGED,    /* a record's bytes are not what was hashed */
    JOURNAL_MISSING,    /* a record, or a file, between two others is not there */
    JOURNAL_REORDERED,  /* a record stands where another belongs */
    JOURNAL_CUT,        /* the end is missing */
    JOURNAL_UNFINISHED, /* an unacknowledged record at the end, as a crash leaves it: no fault */
};

/* The fault in one word: "whole", "changed" ... */
const char *journal_fault_name(enum journal_fault fault);

struct journal_report {
    enum journal_fault fault;
    uint64_t records;  /* good ones before the fault */
    uint64_t sequence; /* number of the record at fault, from 1; 0 = the checkpoint itself */
    char file[64];     /* file name of the record at fault */
    uint64_t offset;   /* byte in that file */
    char hash[JOURNAL_HASH_TEXT_SIZE]; /* of the last good record, for an anchor kept elsewhere */
};

/*
 * What was once reported of a whole journal and kept outside of it: the chain has no key, so only
 * an anchor tells a journal that was rewritten as a whole, or put back to an older state.
 */
struct journal_anchor {
    uint64_t records; /* 1 and up */
    char hash[JOURNAL_HASH_TEXT_SIZE];
};

/*
 * Reads the whole journal of a directory. Fails only where it cannot be read; a fault is an answer.
 * anchor may be NULL; a journal that does not lead to it is CHANGED at that record, or CUT.
 */
MUST_CHECK enum status journal_verify(struct scope *scope, const char *directory,
                                      const struct journal_anchor *anchor,
                                      struct journal_report *out);

#define JOURNAL_ID_TEXT_SIZE 33 /* 32 hexadecimal digits, lower case, and the NUL */

/* Where a reader of records stands; all zero = at the begin. */
struct journal_position {
    struct journal_anchor anchor; /* the last record that was visited; records 0 = none */
    uint32_t segment;             /* number of the file in which it lies */
};

/* The journal's own id, made with it and never changed; FILE_UNAVAILABLE where there is none. */
MUST_CHECK enum status journal_find_id(struct scope *scope, const char *directory,
                                       char out[JOURNAL_ID_TEXT_SIZE]);

/* Called for each record in order; the entry lives until the call returns. Non-zero stops. */
typedef int (*journal_visit)(void *context, uint64_t sequence, const struct journal_entry *entry);

/* Reads records in order up to the first fault, which is reported as journal_verify() does. */
MUST_CHECK enum status journal_read(struct scope *scope, const char *directory, journal_visit visit,
                                    void *context, struct journal_report *out);

/*
 * The same behind a position, which moves to the last record that was visited. Reads the position's
 * file and those behind it. A journal that does not lead to the position is CHANGED, MISSING or
 * CUT; the position stays then. On failure it is not changed.
 */
MUST_CHECK enum status journal_read_on(struct scope *scope, const char *directory,
                                       struct journal_position *position, journal_visit visit,
                                       void *context, struct journal_report *out);
