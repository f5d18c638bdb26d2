/* SPDX-License-Identifier: Apache-2.0
 *
 * registry.h - the store of a simulation: what the insurers and the operator wrote down.
 */
#pragma once

#include "domain/document.h"
#include "domain/registration.h"
#include "domain/standing.h"
#include "simulation/resident.h"
#include "store/store_standing.h"

struct population_household;
struct registry;

/* url: an empty store, or NULL: one in a temporary folder that goes when the registry is closed. */
MUST_CHECK enum status registry_open(struct scope *scope, const char *url, struct registry **out);
/* Accepts NULL. */
void registry_close(struct registry *registry);

/* The people of the first day, between the two calls. */
MUST_CHECK enum status registry_load_begin(struct scope *scope, struct registry *registry);
/* residents: those of the household; their old cards stand in the coverages, no other paper. */
MUST_CHECK enum status registry_load(struct scope *scope, struct registry *registry,
                                     const struct population_household *made,
                                     const struct resident *residents);
MUST_CHECK enum status registry_load_end(struct scope *scope, struct registry *registry);

/* Changes are recorded at noon of their day; a month's are one transaction. */
MUST_CHECK enum status registry_begin_day(struct registry *registry, struct date today);
MUST_CHECK enum status registry_end_month(struct registry *registry);

/* Everybody in the store, by person_id, as it is now; a failed visit ends it. */
typedef enum status (*registry_visit)(struct scope *scope, void *context,
                                      const struct standing *standing);
MUST_CHECK enum status registry_walk(struct registry *registry, registry_visit visit,
                                     void *context);
MUST_CHECK enum status registry_list_certificates(struct scope *scope, struct registry *registry,
                                                  int64_t person_id,
                                                  struct authentication_certificate **out,
                                                  size_t *count);
/* By the query of a check by card; NOT_FOUND. */
MUST_CHECK enum status registry_find_card(struct scope *scope, struct registry *registry,
                                          const struct authentication_certificate *certificate,
                                          struct card_holder *out);

/* Gives a new membership the id of its coverage. */
MUST_CHECK enum status registry_number_enrolment(struct registry *registry, int64_t person_id,
                                                 struct enrolment *enrolment);
/* The former coverage ends and the resident's standing begins; or it only ends. */
MUST_CHECK enum status registry_enrol(struct registry *registry, struct date today,
                                      const struct resident *resident);
/* The late elderly's union enters somebody before the 75th birthday. */
MUST_CHECK enum status registry_expect(struct registry *registry, struct date today,
                                       const struct resident *resident);
MUST_CHECK enum status registry_leave(struct registry *registry, struct date today,
                                      const struct resident *resident);
MUST_CHECK enum status registry_die(struct registry *registry, struct date today,
                                    const struct resident *resident);
/* A person's row for a child: address and family name of the mother. */
MUST_CHECK enum status registry_born(struct registry *registry, struct date today,
                                     const struct resident *child, const struct resident *mother);

/* The card: a new certificate; none any more; the registration begins, or ends. */
MUST_CHECK enum status registry_certify(struct registry *registry, struct date today,
                                        const struct resident *resident);
MUST_CHECK enum status registry_revoke(struct registry *registry, struct date today,
                                       const struct resident *resident);
MUST_CHECK enum status registry_register(struct registry *registry, struct date today,
                                         const struct resident *resident);
MUST_CHECK enum status registry_end_registration(struct registry *registry, struct date today,
                                                 const struct resident *resident,
                                                 enum registration_end ended);
/* The protection flag, as the resident has it. */
MUST_CHECK enum status registry_protect(struct registry *registry, struct date today,
                                        const struct resident *resident);

/* R2: a request to deregister, with the last day of use that follows. */
MUST_CHECK enum status registry_request(struct registry *registry, struct date today,
                                        const struct resident *resident);

/* What makes a paper needed: since a day, until another or DATE_NEVER. */
MUST_CHECK enum status registry_need(struct registry *registry, const struct resident *resident,
                                     const struct need_row *need);
/* Adds how often the card was used. */
void registry_count_uses(const struct resident *resident, struct standing *standing);
/* What the store knows of somebody; visit must change nothing. */
MUST_CHECK enum status registry_see(struct registry *registry, const struct resident *resident,
                                    registry_visit visit, void *context);
/*
 * The papers of somebody's day by the register of papers, as `shikaku insurer papers` has it.
 * taken: each row that is new or changed, when it was written.
 */
typedef enum status (*registry_taker)(void *context, const struct issue *issue);
struct registry_papers {
    struct issue_order order;
    registry_taker taken;
    registry_visit then; /* what is known afterwards; or NULL */
    void *context;
};
MUST_CHECK enum status registry_papers(struct registry *registry, const struct resident *resident,
                                       const struct registry_papers *papers);
