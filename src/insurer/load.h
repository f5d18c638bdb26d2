/* SPDX-License-Identifier: Apache-2.0
 *
 * load.h - loads a registration file into the store, and answers each row.
 *
 * Two passes. The first reads the whole file: header, number of rows, trailer, hash; a file that is
 * cut or damaged is refused before a row is believed. The second applies the rows in transactions;
 * the row of registration_file that each commits says where the file stands, so that a load that
 * was killed goes on there and its reply is, byte for byte, that of a load that was not. The same
 * file again changes nothing. Memory is flat. Source: insurers-and-documents 2.3, 12.1 (3)
 * and 12.2; E9.
 */
#pragma once

#include <stdatomic.h>

#include "insurer/file_source.h"
#include "insurer/member_draft.h"

struct registration_order {
    struct store *store;           /* opened to write */
    const char *file;              /* path, or NULL: descriptor is read, and stays the caller's */
    int descriptor;                /* of a regular file, open to read */
    const char *reply;             /* path, or NULL: none is wanted */
    struct insurer_number insurer; /* whose file it must be; "" = as its header says */
    const struct link_key *key;
    struct register_client *lookup; /* or NULL */
    bool dry_run;                   /* everything is looked at, nothing is kept */
    bool confirm_mass_change;       /* that many rows take something away is meant */
    bool fixed_time;                /* the scope's time stands still: --today, tests */
    int64_t checkpoint;             /* rows in a transaction, 0 = our choice */
    const atomic_bool *stop;        /* becomes true: ends after the transaction; may be NULL */
    struct file_watch watch;
};

struct registration_outcome {
    struct registration_file file;
    bool loaded_before; /* the same file was done already: nothing was changed */
    bool resumed;
    int64_t new_people;
    int64_t lessening; /* rows that take something away */
};

/*
 * Loads. Fails as file_source_verify() does, and with REGISTRATION_INSURER (not the caller's),
 * REGISTRATION_DAY_LABOURER (E9), REGISTRATION_MASS_CHANGE, REGISTRATION_REPLY_GONE,
 * REGISTRATION_BUSY (another load of the same file runs), REGISTRATION_STOPPED, STORE_UNAVAILABLE,
 * REGISTER_AWAY... What was committed before stays, and the next call goes on there. Rows that are
 * refused are no failure: out says how many.
 */
MUST_CHECK enum status registration_load(struct scope *scope,
                                         const struct registration_order *order,
                                         struct registration_outcome *out);
