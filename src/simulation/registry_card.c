/* SPDX-License-Identifier: Apache-2.0
 *
 * What the store has of cards: certificates, registrations and their ends, protection flags.
 */
#include "domain/document_days.h"
#include "simulation/registry_parts.h"

#define ISSUER 1
#define CERTIFICATE_SERIALS UINT64_C(1000000000000) /* above those of the world */

/* --- the card --------------------------------------------------------------------------------- */

static enum status newest_certificate(struct change_of *change,
                                      struct authentication_certificate *out, size_t *count)
{
    struct authentication_certificate *items = NULL;
    size_t given = 0;

    TRY(store_list_certificates(change->scope, change->registry->store, change->resident->person_id,
                                &items, &given));
    for (size_t i = 0; i < given; i++)
        if (!items[i].phone)
            *out = items[i];
    *count = given;
    return STATUS_OK;
}

static enum status certify(struct change_of *change, const void *value)
{
    const struct resident *resident = change->resident;
    struct authentication_certificate former = {0};
    struct authentication_certificate made = {
        .issuer = ISSUER,
        .serial = CERTIFICATE_SERIALS + (uint64_t)resident->person_id * COVERAGES_EACH +
                  (uint64_t)resident->certificates,
        .person_id = resident->person_id,
        .not_before = change->today,
        .expires = resident->expires,
        .state = CERTIFICATE_CURRENT,
    };
    size_t count = 0;

    (void)value;
    TRY(newest_certificate(change, &former, &count));
    if (former.serial != 0 && former.state == CERTIFICATE_CURRENT) {
        former.state = CERTIFICATE_SUPERSEDED;
        former.successor = made.serial;
        TRY(store_put_certificate(change->scope, change->registry->store, &former));
    }
    return store_put_certificate(change->scope, change->registry->store, &made);
}

enum status registry_certify(struct registry *registry, struct date today,
                             const struct resident *resident)
{
    return registry_run(registry, today, resident, certify, NULL);
}

static enum status revoke_newest(struct change_of *change, const void *value)
{
    struct authentication_certificate newest = {0};
    size_t count = 0;

    (void)value;
    TRY(newest_certificate(change, &newest, &count));
    if (newest.serial == 0)
        return STATUS_OK;
    newest.state = CERTIFICATE_REVOKED;
    return store_put_certificate(change->scope, change->registry->store, &newest);
}

enum status registry_revoke(struct registry *registry, struct date today,
                            const struct resident *resident)
{
    return registry_run(registry, today, resident, revoke_newest, NULL);
}

static enum status make_registration(struct change_of *change, const void *value)
{
    bool already = false;

    (void)value;
    return store_register_person(change->scope, change->registry->store,
                                 change->resident->person_id, change->today, REGISTERED_AT_READER,
                                 &already);
}

enum status registry_register(struct registry *registry, struct date today,
                              const struct resident *resident)
{
    return registry_run(registry, today, resident, make_registration, NULL);
}

struct registration_ending {
    enum registration_end ended;
    struct date until;
};

/* One that a new certificate found lapsed has ended already. */
static enum status end_registration(struct change_of *change, const void *value)
{
    const struct registration_ending *ending = value;
    enum status status =
        store_end_registration(change->scope, change->registry->store, change->resident->person_id,
                               ending->until, ending->ended);

    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status registry_end_registration(struct registry *registry, struct date today,
                                      const struct resident *resident, enum registration_end ended)
{
    const struct registration_ending ending = {ended, date_add_days(today, -1)};

    return registry_run(registry, today, resident, end_registration, &ending);
}

/* R2: the last day of use is written with the request. */
enum status registry_request(struct registry *registry, struct date today,
                             const struct resident *resident)
{
    const struct registration_ending ending = {REGISTRATION_DEREGISTERED,
                                               document_deregistered_on(resident->requested)};

    return registry_run(registry, today, resident, end_registration, &ending);
}

static enum status protect(struct change_of *change, const void *value)
{
    unsigned refusal = date_is(change->resident->protected_since) ? PROTECTION_SELF_REFUSAL : 0;

    (void)value;
    TRY(registry_read_person(change));
    change->person.protection &= ~(unsigned)PROTECTION_SELF_REFUSAL;
    change->person.protection |= refusal;
    return registry_put_person(change);
}

enum status registry_protect(struct registry *registry, struct date today,
                             const struct resident *resident)
{
    return registry_run(registry, today, resident, protect, NULL);
}
