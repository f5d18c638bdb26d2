/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/member_key.h"

#include <string.h>

#include "store/store_member.h"

#define KEY_SIZE_MAX 512

/* From the right: branch, number, and what is left is the symbol, which may hold hyphens. */
static bool split(struct text key, struct text out[3])
{
    size_t branch = key.size;
    size_t number = 0;

    if (key.size > KEY_SIZE_MAX)
        return false;
    while (branch > 0 && key.bytes[branch - 1] != '-')
        branch--;
    if (branch == 0)
        return false;
    number = branch - 1;
    while (number > 0 && key.bytes[number - 1] != '-')
        number--;
    if (number == 0)
        return false;
    out[0] = (struct text){key.bytes, number - 1};
    out[1] = (struct text){key.bytes + number, branch - 1 - number};
    out[2] = (struct text){key.bytes + branch, key.size - branch};
    return out[1].size > 0;
}

static bool read_key(struct text text, struct insured_key *key, char branch[3])
{
    struct text parts[3];

    return text_is_utf8(text) && split(text, parts) &&
           insured_text_normalise(parts[0], false, key->symbol) &&
           insured_text_normalise(parts[1], true, key->number) &&
           insured_branch_read(parts[2], branch);
}

/* One person with these numbers and, where it is given, this branch. */
static enum status pick(struct scope *scope, const struct insured_match *matches, size_t count,
                        const char *branch, int64_t *out)
{
    bool found = false;

    for (size_t i = 0; i < count; i++) {
        if (branch[0] != '\0' && strcmp(matches[i].branch, branch) != 0)
            continue;
        if (found && matches[i].person_id != *out)
            return scope_fail(scope, CAUSE_MEMBER_AMBIGUOUS, "several people have the key");
        found = true;
        *out = matches[i].person_id;
    }
    return found ? STATUS_OK : scope_fail(scope, CAUSE_MEMBER_NOT_FOUND, "nobody has the key");
}

enum status member_find(struct scope *scope, struct store *store, struct insurer_number insurer,
                        struct text key, int64_t *out)
{
    struct insured_key numbers = {.insurer = insurer};
    struct insured_match *matches = NULL;
    struct member member = {0};
    char branch[3] = {0};
    size_t count = 0;
    enum status status = STATUS_NOT_FOUND;

    if (key.size > 0 && key.size <= KEY_SIZE_MAX && text_is_utf8(key))
        status = store_find_member(scope, store, insurer, key, &member);
    if (status == STATUS_OK) {
        *out = member.person_id;
        return STATUS_OK;
    }
    if (status != STATUS_NOT_FOUND)
        return status;
    if (!read_key(key, &numbers, branch))
        return scope_fail(scope, CAUSE_MEMBER_KEY_WRONG, "the key is not SYMBOL-NUMBER-BRANCH");
    TRY(store_list_insured(scope, store, &numbers, &matches, &count));
    return pick(scope, matches, count, branch, out);
}
