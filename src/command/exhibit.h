/* SPDX-License-Identifier: Apache-2.0
 *
 * exhibit.h - the checks that the demo carries out, through the terminal's folders as a receipt
 * computer and a reader would.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/scope.h"
#include "command/cast_file.h"

/* Where the demo's world lies, and its cast. */
struct stage {
    const char *dir;
    struct cast_file cast;
};

/* How a check of the demo is asked. */
enum exhibit_way {
    EXHIBIT_CARD,        /* the card is laid on the emulated reader */
    EXHIBIT_FORGED_CARD, /* a certificate with somebody else's key */
    EXHIBIT_NUMBERS,     /* a request file in UTF-8 */
    EXHIBIT_NUMBERS_NO_BRANCH,
};

struct exhibit {
    const char *scenario; /* of the cast */
    enum exhibit_way way;
    int validity;     /* expected QualificationValidity, 0 = refused */
    const char *code; /* expected code, or "" */
    const char *says_ja, *says_en;
};

/* All exhibits in the order in which they are shown; the first is a card check. */
const struct exhibit *exhibit_list(size_t *count);

/* What came back. */
struct exhibit_result {
    bool as_expected;
    int validity;
    struct text code, name, insurer;
    char file[256]; /* the answer, below the demo's folder */
    int milliseconds;
};

/*
 * Carries one out and waits for its answer, at most fifteen seconds. Fails with SERVICE_AWAY where
 * none comes.
 */
MUST_CHECK enum status exhibit_show(struct scope *scope, const struct stage *stage,
                                    const struct exhibit *exhibit, struct exhibit_result *out);
