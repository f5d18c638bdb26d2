/* SPDX-License-Identifier: Apache-2.0
 *
 * office.h - what the insurers' offices do: register enrolments, work off lists and applications,
 * issue papers.
 *
 * An office plans by domain/document.h and issues by the register of papers (batch/settle.h), over
 * what stands in the store. Offices are slow in ways that the rules allow: some
 * act at once, some when they get to it, some so that the paper arrives on the very last day.
 */
#pragma once

#include "simulation/society.h"

/* How an insurer uses the time it has. */
enum pace { PACE_PROMPT, PACE_SOME, PACE_LAST_DAY };
enum pace office_pace(const struct society *society, const struct world_insurer *insurer);

/*
 * Enrols somebody with an insurer from a day on: papers of the former insurer go back, the new one
 * hears of it some days later. earner: through whom, or NOBODY.
 */
MUST_CHECK enum status office_enrol(struct society *society, struct resident *resident,
                                    const struct world_insurer *insurer, uint32_t earner,
                                    struct date enrolled);
/* The late elderly's union will have somebody from the 75th birthday on, and prepares for it. */
MUST_CHECK enum status office_expect(struct society *society, struct resident *resident);
/* The insurer looks at somebody today and plans what is due. */
MUST_CHECK enum status office_look(struct society *society, struct resident *resident);
/* The register follows what became of somebody's papers. */
MUST_CHECK enum status office_follow(struct society *society, struct resident *resident);
/* What makes a paper needed is told today, or is so no more. */
MUST_CHECK enum status office_note_need(struct society *society, struct resident *resident,
                                        enum need need);
MUST_CHECK enum status office_end_need(struct society *society, struct resident *resident,
                                       enum need need);
MUST_CHECK enum status office_end_applications(struct society *society, struct resident *resident);
/* Everybody: the day of the monthly list. */
MUST_CHECK enum status office_work_off_list(struct society *society);
/* Carries out what was noted for today. */
MUST_CHECK enum status office_do(struct society *society, struct resident *resident,
                                 enum happening what);
/* End of the month: registrations whose end was asked for in the month before end with today. */
void office_end_month(struct society *society);
/* Gives the old card of the first day: before the people are loaded into the store. */
MUST_CHECK enum status office_endow_old_card(struct society *society, struct resident *resident);
/* Gives the papers of the first day, as if all had gone well until then. */
MUST_CHECK enum status office_endow(struct society *society, struct resident *resident);
/* The last day of an old card that an insurer issued. */
struct date office_old_card_ends(const struct society *society, const struct enrolment *enrolment);
