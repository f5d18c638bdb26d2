/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/member_label.h"

#include <string.h>

/* NOT_FOUND where the insurer has no key for the person. */
static enum status own_key(struct scope *scope, struct store *store, int64_t person_id,
                           struct insurer_number insurer, struct text *out)
{
    struct member *members = NULL;
    size_t count = 0;

    TRY(store_list_person_members(scope, store, person_id, &members, &count));
    for (size_t i = 0; i < count; i++)
        if (strcmp(members[i].insurer.digits, insurer.digits) == 0) {
            *out = members[i].key;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

enum status member_label(struct scope *scope, struct store *store, const struct person *person,
                         const struct coverage *coverage, struct text *out)
{
    enum status status = own_key(scope, store, person->person_id, coverage->insurer, out);

    if (status != STATUS_NOT_FOUND)
        return status;
    return text_format(scope, out, "%.*s-%.*s-%s", TEXT_ARGS(coverage->symbol),
                       TEXT_ARGS(coverage->number), coverage->branch);
}

enum status member_label_of(struct scope *scope, struct store *store,
                            const struct registration_clock *clock, struct text *out)
{
    struct person person = {0};
    enum status status = own_key(scope, store, clock->person_id, clock->insurer, out);

    if (status != STATUS_NOT_FOUND)
        return status;
    *out = TEXT("");
    status = store_find_person(scope, store, clock->person_id, &person);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    for (size_t i = 0; i < person.coverage_count; i++)
        if (person.coverages[i].coverage_id == clock->coverage_id)
            return member_label(scope, store, &person, &person.coverages[i], out);
    return STATUS_OK;
}
