/* SPDX-License-Identifier: Apache-2.0
 *
 * invitation.h - 加入勧奨: who lost a coverage and has had no new one for three months, and who may
 * be told of it.
 *
 * A person is due at the end of the third month after that of the loss (its 資格喪失年月日), or of
 * the month in which a late loss was registered, once. Whoever has a coverage by then, or one to
 * come, died, went to public assistance or is of the age of the late elderly is not asked to join.
 * Pure. Source: D4; insurers-and-documents 2.3, 2.5, 8; docs/decisions/0072.
 */
#pragma once

#include <stdbool.h>

#include "domain/overlap.h"

struct invitation_facts {
    const struct person *person; /* birth and coverages */
    const struct coverage_loss *losses;
    size_t loss_count;
    struct date on; /* seen on this day */
};

/*
 * The loss after which nothing came, and the first day of the month at whose end the person is to
 * be invited; may lie ahead. false: not to be asked. Deaths that only the resident register told of
 * are the caller's to look for.
 */
struct invitation {
    const struct coverage *lost;
    struct date month;
};
bool invitation_due(const struct invitation_facts *facts, struct invitation *out);

/* Who is told. */
enum invitation_way {
    INVITATION_BY_CITY,   /* the municipal insurer of the residence, by name */
    INVITATION_PROTECTED, /* the former insurer: a protection flag (2.5), no city is told */
    INVITATION_DOUBTFUL,  /* the former insurer: the register differs (2.4), or has another address
                           */
    INVITATION_NO_CITY,   /* the former insurer: the address leads to no city */
    INVITATION_WAY_COUNT
};

/*
 * person: protection and register_difference. moved: the resident register told of another address
 * that no comparison has looked at since.
 */
enum invitation_way invitation_way_of(const struct person *person, bool moved, bool city_known);
/* What is told, to the city or to the former insurer: to that, never which of the reasons it is. */
const struct rule *invitation_rule(enum invitation_way way);
