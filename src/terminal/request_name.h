/* SPDX-License-Identifier: Apache-2.0
 *
 * request_name.h - what the name of a file in req/ says: which request, and its result's name.
 *
 * <family><01|02>req_<suffix>.xml asks, <family><01|02>res_<suffix>.xml answers (oqs-files 1.1).
 * The families are a table. Pure: no files.
 */
#pragma once

#include <stddef.h>

#define REQUEST_SUFFIX_MAX 100 /* ASCII letters and digits; ours: the book shows twelve */
#define REQUEST_NAME_MAX 256   /* bytes of a file's name, NUL included */

/* What to do with a file of this name. */
enum request_kind {
    REQUEST_IGNORED,     /* nothing of ours: other programs' files, files still being written */
    REQUEST_SUPPORTED,   /* OQSsiquc01req_: ask the service */
    REQUEST_UNSUPPORTED, /* known by name only: answered with FAMILY_UNSUPPORTED */
    REQUEST_MISNAMED,    /* begins like a request and is none: to rejected/ */
};

/* Why a name is REQUEST_MISNAMED. */
enum name_fault {
    NAME_GOOD,
    NAME_FAMILY_UNKNOWN,
    NAME_RESULT, /* a result's name in the folder of the requests */
    NAME_SUFFIX_EMPTY,
    NAME_SUFFIX_CHARACTERS, /* something else than ASCII letters and digits */
    NAME_SUFFIX_LONG,
    NAME_EXTENSION, /* not .xml */
    NAME_FAULT_COUNT
};

struct request_name {
    enum request_kind kind;
    enum name_fault fault;
    const char *family;            /* "OQSsiquc01", a constant; "" where none fits */
    char result[REQUEST_NAME_MAX]; /* name of the result in res/, or "" */
};

/* name: a file's name, without folder. Cannot fail. */
struct request_name request_name_read(const char *name);

/* What to correct, one line each, Japanese and English. */
const char *name_fault_ja(enum name_fault fault);
const char *name_fault_en(enum name_fault fault);
