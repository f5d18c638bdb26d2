/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by hand, byte by byte: ten million rows go through here.
 */
#include "batch/list_row.h"

#include <string.h>

#include "domain/insured_number.h"

#define DATE_DIGITS 8

struct row {
    char *at, *end;
    bool full;
};

static void put(struct row *row, const char *bytes, size_t size)
{
    if ((size_t)(row->end - row->at) < size) {
        row->full = true;
        return;
    }
    if (size > 0)
        memcpy(row->at, bytes, size);
    row->at += size;
}

static void put_char(struct row *row, char byte)
{
    put(row, &byte, 1);
}

static void put_word(struct row *row, const char *word)
{
    put(row, word, strlen(word));
}

/* What would end a cell, or move the parts of a key, is left out: no number has it. */
static void put_text(struct row *row, struct text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] != ',' && text.bytes[i] != '"' && (unsigned char)text.bytes[i] >= ' ')
            put_char(row, text.bytes[i]);
}

static void put_number(struct row *row, struct text number)
{
    char normal[INSURED_NORMAL_SIZE];
    bool hyphen = number.size > 0 && memchr(number.bytes, '-', number.size) != NULL;

    if (hyphen && insured_text_normalise(number, true, normal))
        put_word(row, normal);
    else
        put_text(row, number);
}

static void put_key(struct row *row, const struct standing *standing,
                    const struct coverage *coverage)
{
    for (size_t i = 0; i < standing->key_count; i++)
        if (strcmp(standing->keys[i].insurer.digits, coverage->insurer.digits) == 0) {
            put_text(row, standing->keys[i].key);
            return;
        }
    put_text(row, coverage->symbol);
    put_char(row, '-');
    put_number(row, coverage->number);
    put_char(row, '-');
    put_word(row, coverage->branch);
}

size_t list_key_write(const struct standing *standing, const struct coverage *coverage, char *out,
                      size_t room)
{
    struct row row = {out, out + room, false};

    put_key(&row, standing, coverage);
    return row.full ? 0 : (size_t)(row.at - out);
}

size_t list_date_write(struct date date, char out[DATE_DIGITS])
{
    int32_t rest = date.yyyymmdd;

    if (!date_is(date))
        return 0;
    for (size_t i = DATE_DIGITS; i-- > 0; rest /= 10)
        out[i] = (char)('0' + rest % 10);
    return DATE_DIGITS;
}

static void put_date(struct row *row, struct date date)
{
    char digits[DATE_DIGITS];

    put_char(row, ',');
    put(row, digits, list_date_write(date, digits));
}

static void put_flag(struct row *row, bool flag)
{
    put(row, flag ? ",1" : ",0", 2);
}

size_t list_row_write(const struct standing *standing, const struct coverage *coverage,
                      struct date on, char out[LIST_ROW_MAX])
{
    const struct standing_status status = standing_status(standing, coverage, on);
    struct row row = {out, out + LIST_ROW_MAX, false};

    put_key(&row, standing, coverage);
    put_char(&row, ',');
    put_word(&row, coverage->branch);
    put_flag(&row, status.registered);
    put_date(&row, status.since);
    put_char(&row, ',');
    put_word(&row, status.certificate);
    put_date(&row, status.expires);
    put_date(&row, status.grace_ends);
    put_char(&row, ',');
    put_word(&row, deregistration_shown_name(status.deregistration));
    put_date(&row, status.deregistration ? status.deregistration->requested : DATE_NONE);
    put_flag(&row, status.returned);
    put_flag(&row, status.recommended != NULL);
    put_char(&row, ',');
    put_word(&row, status.recommended ? status.recommended->reason : "");
    put_date(&row, status.recommended ? status.recommended->latest : DATE_NONE);
    put_char(&row, '\n');
    return row.full ? 0 : (size_t)(row.at - out);
}
