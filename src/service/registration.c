/* SPDX-License-Identifier: Apache-2.0
 *
 * registration.c - R1: a person registers the card for insurance use, at a reader or at the portal.
 *
 * The person is found by the certificate's serial: the issuer has told whose it is (J-LIS keeps the
 * link, card-and-pki 2.5), and the registration adds to that link what was missing, the person's
 * wish. Nobody is registered by a proof alone, and nobody whose serial is unknown.
 *
 * The change and its record are one: the store's transaction is open while the record becomes
 * durable, and is given up where it does not.
 */
#include "service/operation.h"

struct registering {
    struct service *service;
    const struct journal_entry *entry;
    const struct registration_wish *wish;
    bool already;
};

static enum status change(struct scope *scope, struct store *store, void *context)
{
    struct registering *registering = context;
    const struct registration_wish *wish = registering->wish;

    TRY(store_register_person(scope, store, wish->holder->person.person_id, wish->on, wish->way,
                              &registering->already));
    if (registering->already)
        return STATUS_OK;
    return journal_append_wait(scope, registering->service->journal, registering->entry);
}

static struct journal_entry entry_of(const struct journal_entry *asked,
                                     const struct registration_wish *wish, const char *rule)
{
    struct journal_entry entry = *asked;

    entry.operation = JOURNAL_REGISTRATION;
    entry.person_id = wish->holder->person.person_id;
    entry.on = wish->on;
    entry.mode = wish->mode;
    entry.rule = rule;
    return entry;
}

enum status register_holder(struct scope *scope, struct service_worker *worker,
                            const struct registration_wish *wish, const struct journal_entry *asked,
                            bool *made)
{
    struct person *person = &wish->holder->person;
    const struct registration_decision decision =
        registration_decide(person, &wish->holder->certificate, wish->mode, wish->way, wish->on);
    const struct journal_entry entry = entry_of(asked, wish, decision.rule->id);
    struct registering registering = {worker->service, &entry, wish, false};

    *made = false;
    if (!decision.allowed)
        return scope_fail(scope, decision.refusal, "%s", decision.rule->id);
    if (decision.already)
        return STATUS_OK;
    TRY(service_write(scope, worker->service, change, &registering));
    *made = !registering.already;
    person->registered = wish->on;
    person->deregisters = DATE_NONE;
    return STATUS_OK;
}

enum status registration_last(struct scope *scope, struct store *store, int64_t person_id,
                              const struct registration **out)
{
    struct registration *items = NULL;
    size_t count = 0;

    *out = NULL;
    TRY(store_list_registrations(scope, store, person_id, &items, &count));
    if (count > 0)
        *out = &items[count - 1];
    return STATUS_OK;
}

enum status fail_unregistered(struct scope *scope, struct store *store, int64_t person_id,
                              const struct rule *rule)
{
    const struct registration *last = NULL;

    TRY(registration_last(scope, store, person_id, &last));
    if (last && last->ended != REGISTRATION_RUNS)
        rule = registration_end_rule(last->ended);
    return scope_fail(scope, CAUSE_CARD_NOT_REGISTERED, "%s", rule->id);
}
