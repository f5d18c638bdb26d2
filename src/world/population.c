/* SPDX-License-Identifier: Apache-2.0 */
#include "world/population.h"

#include "world/membership.h"
#include "world/paper.h"

#define HOUSEHOLD_SCOPE_LIMIT (1024UL * 1024)

static bool is_dead(const struct person *person)
{
    for (size_t i = 0; i < person->coverage_count; i++)
        if (person->coverages[i].loss_reason == LOSS_DEATH)
            return true;
    return false;
}

/* A death revokes the certificates and ends the use of the card. */
static void bury(struct person *person, struct card_life *life)
{
    person->registered = DATE_NONE;
    person->deregisters = DATE_NONE;
    for (size_t i = 0; i < life->count; i++)
        if (life->certificates[i].state == CERTIFICATE_CURRENT)
            life->certificates[i].state = CERTIFICATE_REVOKED;
}

enum status population_make_household(struct scope *scope, const struct population_order *order,
                                      uint64_t number, int64_t first_person_id,
                                      struct population_household *out)
{
    struct household *household = &out->household;

    TRY(household_make(scope, order->seed, number, order->on, first_person_id, household));
    TRY(membership_assign(scope, order->insurers, household));
    for (size_t i = 0; i < household->count; i++) {
        struct person *person = &household->people[i];
        struct draw draw = draw_begin(order->seed, DRAW_CARD, (uint64_t)person->person_id);
        out->cards[i] = card_life_draw(&draw, person, order->on);
        if (is_dead(person))
            bury(person, &out->cards[i]);
        TRY(paper_assign(scope, &draw, person, order->on));
    }
    return STATUS_OK;
}

enum status population_make(struct scope *scope, const struct population_order *order,
                            const atomic_bool *stop, population_visit visit, void *context)
{
    CLEANUP(scope_end) struct scope round = scope_begin_at(HOUSEHOLD_SCOPE_LIMIT, scope->now);
    int64_t left = order->people;
    uint64_t number = 0;

    while (left > 0) {
        struct population_household made = {0};
        enum status status = STATUS_OK;
        if (stop && atomic_load(stop))
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "stopped by a signal");
        status = population_make_household(&round, order, number++,
                                           POPULATION_FIRST_ID + order->people - left, &made);
        if (status == STATUS_OK) {
            if ((int64_t)made.household.count > left)
                made.household.count = (size_t)left;
            left -= (int64_t)made.household.count;
            status = visit(&round, context, &made);
        }
        if (status != STATUS_OK)
            return scope_fail(scope, round.cause, "%s", round.failure);
        scope_reset(&round);
    }
    return STATUS_OK;
}
