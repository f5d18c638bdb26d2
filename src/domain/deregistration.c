/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/deregistration.h"

#include <string.h>

#include "domain/document_days.h"
#include "domain/policy.h"

struct date deregistration_executes(struct date received)
{
    return document_deregistered_on(received);
}

bool deregistration_is_open(const struct deregistration_request *request)
{
    return request->state == DEREGISTRATION_ACCEPTED || request->state == DEREGISTRATION_REQUESTED;
}

static bool same_insurer(struct insurer_number a, struct insurer_number b)
{
    return strcmp(a.digits, b.digits) == 0;
}

/* Sent twice by the same insurer, for the same day of asking. */
static bool is_the_same(const struct deregistration_request *a,
                        const struct deregistration_request *b)
{
    return same_insurer(a->insurer, b->insurer) && date_compare(a->requested, b->requested) == 0;
}

static struct deregistration_decision refuse(enum cause cause, enum rule_id rule,
                                             const struct deregistration_request *existing)
{
    return (struct deregistration_decision){cause, rule_at(rule), existing, false};
}

/* What stood in the way of a duplicate: one that is open, or was carried out since. */
static const struct deregistration_request *
find_first(const struct deregistration_request *existing, size_t count,
           const struct deregistration_request *duplicate)
{
    for (size_t i = 0; i < count; i++)
        if (deregistration_is_open(&existing[i]) ||
            (existing[i].state == DEREGISTRATION_DONE &&
             !date_before(existing[i].executes, duplicate->received)))
            return &existing[i];
    return NULL;
}

/* A duplicate says nothing any more when the first was withdrawn. */
static bool still_says(const struct deregistration_request *existing, size_t count,
                       const struct deregistration_request *request)
{
    if (request->state == DEREGISTRATION_DUPLICATE)
        return find_first(existing, count, request) != NULL;
    return request->state != DEREGISTRATION_WITHDRAWN && request->state != DEREGISTRATION_FAILED;
}

/* Of what the same insurer sent before for the same day, that which still says something. */
static const struct deregistration_request *find_same(const struct deregistration_request *existing,
                                                      size_t count,
                                                      const struct deregistration_request *request)
{
    for (size_t i = 0; i < count; i++)
        if (is_the_same(&existing[i], request) && still_says(existing, count, &existing[i]))
            return &existing[i];
    return NULL;
}

static const struct deregistration_request *find_open(const struct deregistration_request *existing,
                                                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (deregistration_is_open(&existing[i]))
            return &existing[i];
    return NULL;
}

struct deregistration_decision deregistration_decide(const struct deregistration_request *existing,
                                                     size_t count,
                                                     const struct deregistration_request *request)
{
    const struct deregistration_request *same = find_same(existing, count, request);
    const struct deregistration_request *open = find_open(existing, count);

    if (date_before(request->received, POLICY_DATE(DEREGISTRATION_BEGINS)))
        return refuse(CAUSE_DEREGISTRATION_NOT_OPEN, RULE_R2_NOT_OPEN, NULL);
    if (date_before(request->received, request->requested))
        return refuse(CAUSE_DATE_WRONG, RULE_R2_NOT_OPEN, NULL);
    if (same && same->state == DEREGISTRATION_DUPLICATE)
        return (struct deregistration_decision){same->error, rule_at(RULE_R3_ALREADY),
                                                find_first(existing, count, same), true};
    if (same)
        return (struct deregistration_decision){CAUSE_NONE, rule_at(RULE_R2_ACCEPTED), same, true};
    if (open)
        return refuse(CAUSE_DEREGISTRATION_ALREADY, RULE_R3_ALREADY, open);
    return (struct deregistration_decision){.rule = rule_at(RULE_R2_ACCEPTED)};
}

struct deregistration_decision
deregistration_withdraw_decide(const struct deregistration_request *existing, size_t count,
                               struct insurer_number insurer, struct date on)
{
    const struct deregistration_request *open = find_open(existing, count);

    if (!open || !same_insurer(open->insurer, insurer))
        return refuse(CAUSE_DEREGISTRATION_NONE_OPEN, RULE_R2_NONE_OPEN, NULL);
    if (!date_before(on, open->executes))
        return refuse(CAUSE_DEREGISTRATION_TOO_LATE, RULE_R2_TOO_LATE, open);
    return (struct deregistration_decision){.rule = rule_at(RULE_R2_WITHDRAWN), .existing = open};
}

/* A registration that began after the last day of use is another one. */
static bool registration_to_end(const struct person *person, struct date executes)
{
    return date_is(person->registered) && !date_before(executes, person->registered) &&
           !(date_is(person->deregisters) && date_before(person->deregisters, executes) &&
             !date_before(person->deregisters, person->registered));
}

enum deregistration_state deregistration_outcome(const struct deregistration_request *request,
                                                 const struct person *person, struct date on)
{
    if (!deregistration_is_open(request) || date_before(on, request->executes))
        return request->state;
    return registration_to_end(person, request->executes) ? DEREGISTRATION_DONE
                                                          : DEREGISTRATION_FAILED;
}

const struct deregistration_request *
deregistration_shown(const struct deregistration_request *requests, size_t count,
                     struct insurer_number insurer)
{
    const struct deregistration_request *shown = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct deregistration_request *request = &requests[i];
        bool own_error = request->state == DEREGISTRATION_DUPLICATE;
        if (request->state == DEREGISTRATION_WITHDRAWN ||
            (own_error && !same_insurer(request->insurer, insurer)))
            continue;
        if (!shown || shown->request_id < request->request_id)
            shown = request;
    }
    return shown;
}

const char *deregistration_shown_name(const struct deregistration_request *shown)
{
    static const char *const names[] = {"NONE", "REQUESTED", "REQUESTED", "ERROR",
                                        "DONE", "ERROR",     "NONE"};

    return names[shown ? shown->state : 0];
}

const char *deregistration_state_name(enum deregistration_state state)
{
    static const char *const names[] = {"none", "requested", "accepted", "duplicate",
                                        "done", "failed",    "withdrawn"};

    return names[state];
}
