/* SPDX-License-Identifier: Apache-2.0 */
#include "base/failure.h"

#include <stddef.h>
#include <string.h>

static const struct failure_text texts[CAUSE_COUNT] = {
    [CAUSE_NONE] = {STATUS_OK, "", "", "", "", ""},
#define CAUSE(id, status, code, desk_ja, desk_en, it_ja, it_en)                                    \
    [CAUSE_##id] = {status, code, desk_ja, desk_en, it_ja, it_en},
#include "base/failure_causes.def"
#undef CAUSE
};

/* One row a status. */
static const struct {
    const char *name;
    int http_code;
    int exit_code;
} reactions[] = {
    [STATUS_OK] = {"ok", 200, 0},
    [STATUS_NOT_FOUND] = {"not_found", 404, 1},
    [STATUS_INVALID] = {"invalid", 400, 2},
    [STATUS_DENIED] = {"denied", 403, 1},
    [STATUS_CONFLICT] = {"conflict", 409, 1},
    [STATUS_UNAVAILABLE] = {"unavailable", 503, 3},
    [STATUS_EXHAUSTED] = {"exhausted", 413, 2},
    [STATUS_CORRUPT] = {"corrupt", 500, 1},
};

const struct failure_text *failure_text(enum cause cause)
{
    return &texts[cause];
}

enum cause failure_cause(const char *code)
{
    for (int i = 1; i < CAUSE_COUNT; i++)
        if (strcmp(texts[i].code, code) == 0)
            return (enum cause)i;
    return CAUSE_NONE;
}

int failure_http_code(enum status status)
{
    return reactions[status].http_code;
}

int failure_exit_code(enum status status)
{
    return reactions[status].exit_code;
}

const char *failure_status_name(enum status status)
{
    return reactions[status].name;
}
