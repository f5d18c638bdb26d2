/* SPDX-License-Identifier: Apache-2.0 */
#include "service/decide.h"

enum status decide_by_numbers(struct scope *scope, struct store *store,
                              const struct insured_key *key, struct date on, unsigned consents,
                              struct eligibility *out)
{
    struct insured_match *matches = NULL;
    struct person *person = NULL;
    size_t count = 0;
    enum status status = STATUS_OK;

    TRY(store_list_matches(scope, store, key, &matches, &count));
    count = eligibility_narrow(matches, count, key->branch);
    if (count == 0) {
        *out = eligibility_none(key->insurer, on);
        return STATUS_OK;
    }
    if (eligibility_several(matches, count)) {
        *out = eligibility_several_answer();
        return STATUS_OK;
    }
    TRY(scope_alloc(scope, 1, sizeof *person, &person));
    status = store_find_person(scope, store, matches[0].person_id, person);
    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a way in by numbers leads to no person");
    TRY(status);
    *out = eligibility_by_numbers(person, matches, count, on, consents);
    return STATUS_OK;
}
