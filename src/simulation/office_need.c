/* SPDX-License-Identifier: Apache-2.0
 *
 * What an office is told that makes a paper needed, as `shikaku insurer need` enters it.
 */
#include "simulation/office.h"

static enum status put_need(struct society *society, struct resident *resident, enum need need,
                            struct date until)
{
    const struct need_row row = {resident->person_id, need, resident->needs[need], until};

    return registry_need(society->registry, resident, &row);
}

enum status office_end_need(struct society *society, struct resident *resident, enum need need)
{
    if (!date_is(resident->needs[need]))
        return STATUS_OK;
    TRY(put_need(society, resident, need, date_add_days(society->today, -1)));
    resident->needs[need] = DATE_NONE;
    return STATUS_OK;
}

enum status office_note_need(struct society *society, struct resident *resident, enum need need)
{
    if (date_compare(resident->needs[need], society->today) == 0)
        return STATUS_OK;
    TRY(office_end_need(society, resident, need));
    resident->needs[need] = society->today;
    return put_need(society, resident, need, DATE_NEVER);
}

/* Applications end with what they were made for: a membership, or a card that does not work. */
enum status office_end_applications(struct society *society, struct resident *resident)
{
    TRY(office_end_need(society, resident, NEED_PAPER_LOST));
    return office_end_need(society, resident, NEED_APPLIED);
}
