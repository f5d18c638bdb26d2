/* SPDX-License-Identifier: Apache-2.0
 *
 * card_maker.h - makes card files and terminal credentials, on all cores: a key pair takes a core
 * some 50 to 100 milliseconds.
 */
#pragma once

#include <stdatomic.h>

#include "world/cast.h"
#include "world/folder.h"
#include "world/keys.h"
#include "world/progress.h"

/* One file to be made. */
struct card_job {
    char file[FOLDER_FILE_MAX]; /* below the world's folder */
    const char *institution;    /* not NULL: a terminal credential of that institution */
    int64_t holder; /* for the issuer's book */
    struct date birth;
    uint64_t serial, successor;
    enum certificate_state state;
    struct date not_before, expires;
    char municipality[6];
    enum cast_card kind;
    bool signature; /* with a signature certificate (署名用) too */
};

struct card_maker {
    const struct world_folder *folder;
    const struct world_keys *keys;
    const atomic_bool *stop;   /* may be NULL */
    struct progress *progress; /* may be NULL */
};

/* The PIN of all cards that have one, and the password of signature certificates. */
#define CARD_MAKER_PIN "1234"
#define CARD_MAKER_PASSWORD "ABC123"

/* Makes all. Fails with the first job's failure; UNAVAILABLE where stopped. */
MUST_CHECK enum status card_maker_run(struct scope *scope, const struct card_maker *maker,
                                      const struct card_job *jobs, size_t count);
