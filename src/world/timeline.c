/* SPDX-License-Identifier: Apache-2.0 */
#include "world/timeline.h"

#include <stdio.h>
#include <string.h>

#include "domain/policy.h"

/* Numbers have seven digits; beyond ten million households the symbol grows. */
#define NUMBER_RANGE UINT64_C(10000000)
#define NUMBER_STEP UINT64_C(6180339) /* coprime to the range: a bijection that hides the order */

/* --- symbols and numbers ---------------------------------------------------------------------- */

static const char *const full_digits[10] = {"０", "１", "２", "３", "４",
                                            "５", "６", "７", "８", "９"};
static const char *const kanji_symbols[] = {"架国", "見本", "架公", "例示い", "仮は"};
static const char *const kana_symbols[] = {"ア", "カ", "サ", "い", "ろ"};

static void add_full_width(struct text_buffer *buffer, const char *digits)
{
    for (; *digits; digits++)
        if (*digits == '-')
            text_buffer_add_string(buffer, "－");
        else
            text_buffer_add_string(buffer, full_digits[*digits - '0']);
}

static void add_symbol(struct text_buffer *buffer, struct draw *draw, enum symbol_style style,
                       unsigned value)
{
    char digits[24];

    snprintf(digits, sizeof digits, style == SYMBOL_EIGHT ? "2%07u" : "%u", value);
    if (style == SYMBOL_HYPHEN)
        snprintf(digits, sizeof digits, "%u-%02u", value / 100, value % 100);
    if (style == SYMBOL_KANJI)
        text_buffer_add_string(buffer, kanji_symbols[draw_below(draw, 5)]);
    if (style == SYMBOL_KANA)
        text_buffer_add_format(buffer, "%s・", kana_symbols[draw_below(draw, 5)]);
    if (style == SYMBOL_KANJI || style == SYMBOL_FULL_WIDTH)
        add_full_width(buffer, digits);
    else
        text_buffer_add_string(buffer, digits);
}

static void add_number(struct text_buffer *buffer, struct number_style style, unsigned value)
{
    char digits[24];

    snprintf(digits, sizeof digits, style.leading_zeros ? "%07u" : "%u", value);
    if (style.hyphen)
        snprintf(digits, sizeof digits, "%u-%04u", value / 10000, value % 10000);
    if (style.full_width)
        add_full_width(buffer, digits);
    else
        text_buffer_add_string(buffer, digits);
}

enum status membership_write_numbers(struct scope *scope, struct draw *draw,
                                     const struct world_insurer *insurer, uint64_t household,
                                     int slot, struct text *symbol, struct text *number)
{
    struct text_buffer symbols = text_buffer_begin(scope, 32);
    struct text_buffer numbers = text_buffer_begin(scope, 32);
    unsigned high = (unsigned)(household / NUMBER_RANGE);
    unsigned value = (unsigned)((household % NUMBER_RANGE * NUMBER_STEP + 1) % NUMBER_RANGE);

    if (insurer->symbol != SYMBOL_NONE)
        add_symbol(&symbols, draw, insurer->symbol,
                   (high * 300 + (unsigned)draw_below(draw, 300)) * 64 + (unsigned)slot);
    add_number(&numbers, insurer->style, value);
    TRY(text_buffer_end(&symbols, symbol));
    return text_buffer_end(&numbers, number);
}

/* --- memberships ------------------------------------------------------------------------------ */

/* Shares of a million: what happens at the newest change of a timeline. */
static const struct {
    enum ending {
        PLAIN,
        GAP,               /* some weeks without any insurance between two */
        OVERLAP,           /* the former insurer was not told */
        LATE_REGISTRATION, /* the new insurer has not registered yet */
        NOTHING_NEW,       /* lost, and no new one */
        PUBLIC_ASSISTANCE, /* 生活保護 */
    } ending;
    int weight;
} endings[] = {
    {PLAIN, 953500},           {GAP, 30000},        {OVERLAP, 4000},
    {LATE_REGISTRATION, 3500}, {NOTHING_NEW, 5000}, {PUBLIC_ASSISTANCE, 4000},
};

static enum ending draw_ending(struct draw *draw)
{
    int at = draw_below(draw, 1000000);
    size_t i = 0;

    for (i = 0; i + 1 < sizeof endings / sizeof *endings && at >= endings[i].weight; i++)
        at -= endings[i].weight;
    return endings[i].ending;
}

/* A day from first to last, both included; changes fall on the first of a month more often. */
static struct date draw_day(struct draw *draw, struct date first, struct date last)
{
    int32_t from = date_to_days(first);
    int32_t span = date_to_days(last) - from;
    struct date day = span <= 0 ? first : date_from_days(from + draw_below(draw, span + 1));
    struct date month = date_first_of_month(day);

    return draw_chance(draw, 650000) && !date_before(month, first) ? month : day;
}

static const struct world_insurer *draw_retired(const struct timeline_order *order,
                                                struct draw *draw)
{
    static const enum scheme schemes[] = {SCHEME_SPECIAL_RETIRED, SCHEME_SPECIAL_NATIONAL,
                                          SCHEME_SPECIAL_LOCAL, SCHEME_SPECIAL_POLICE,
                                          SCHEME_SPECIAL_SCHOOLS};
    static const int weights[] = {60, 10, 10, 10, 10};

    return insurer_draw_scheme(order->insurers, draw, schemes[draw_weighted(draw, weights, 5)]);
}

static const struct world_insurer *draw_insurer(const struct timeline_order *order,
                                                struct draw *draw, bool employee)
{
    if (employee)
        return insurer_draw_employee(order->insurers, draw, order->household->place.prefecture);
    if (order->age >= 60 && order->age < 75 && draw_chance(draw, 30000))
        return draw_retired(order, draw);
    if (draw_chance(draw, 100000))
        return insurer_draw_union(order->insurers, draw);
    return insurer_of_place(order->insurers, order->household->place);
}

/* OQSCD010; the short-term kind (03) ended with the reform and stays on rows lost before it. */
static enum certificate_kind draw_kind(struct draw *draw, const struct membership *membership)
{
    enum scheme scheme = membership->insurer->scheme;
    bool before_reform = date_before(membership->until, POLICY_DATE(REFORM_DAY));

    if (scheme == SCHEME_SELF_DEFENCE)
        return KIND_SELF_DEFENCE;
    if (scheme == SCHEME_SPECIAL_RETIRED || scheme >= SCHEME_SPECIAL_NATIONAL)
        return before_reform || date_before(membership->from, POLICY_DATE(REFORM_DAY))
                   ? KIND_SPECIAL_RETIRED
                   : KIND_GENERAL;
    if (scheme != SCHEME_COMMUNITY)
        return KIND_GENERAL;
    if (before_reform && draw_chance(draw, 10000))
        return KIND_SHORT_TERM;
    return draw_chance(draw, 1500) ? KIND_SPECIAL_EXPENSE : KIND_GENERAL;
}

/* 退職者医療 ended; rows of it are history. */
static enum status add_retired_row(struct scope *scope, struct draw *draw,
                                   const struct timeline_order *order, struct timeline *timeline)
{
    struct membership row = {
        .from = DATE(20120401),
        .until = DATE(20210401),
        .loss = LOSS_OTHER_INSURANCE,
        .kind = draw_chance(draw, 300000) ? KIND_SHORT_TERM_RETIRED : KIND_RETIRED,
        .insurer = insurer_draw_scheme(order->insurers, draw, SCHEME_RETIRED),
    };

    TRY(membership_write_numbers(scope, draw, row.insurer, order->household->number,
                                 order->slot * 8 + 7, &row.symbol, &row.number));
    memmove(&timeline->items[1], &timeline->items[0], timeline->count * sizeof timeline->items[0]);
    timeline->items[0] = row;
    timeline->count++;
    return STATUS_OK;
}

/* Days on which the memberships begin, the newest first; at most TIMELINE_MAX - 1 of them. */
static size_t draw_beginnings(struct draw *draw, const struct timeline_order *order,
                              struct date *days)
{
    static const int weights[4] = {55, 30, 11, 4}; /* none, one, two, three former */
    size_t former = draw_weighted(draw, weights, 4);
    struct date last = order->household->on;
    struct date first =
        date_before(order->earliest, SYSTEM_BEGINS) ? SYSTEM_BEGINS : order->earliest;
    size_t count = 0;

    while (count < former && date_before(date_add_days(first, 60), last)) {
        days[count] = draw_day(draw, date_add_days(first, 30), last);
        last = date_add_days(days[count++], -30);
    }
    if (date_before(last, order->earliest))
        last = order->earliest;
    days[count++] = draw_day(draw, order->earliest, last);
    return count;
}

static void end_timeline(struct draw *draw, struct timeline *timeline, struct date on)
{
    struct membership *newest = &timeline->items[timeline->count - 1];
    struct membership *former = timeline->count > 1 ? newest - 1 : NULL;
    int days = draw_between(draw, 1, 20);

    switch (draw_ending(draw)) {
    case GAP:
        if (former)
            former->until = date_add_days(former->until, -draw_between(draw, 3, 29));
        break;
    case OVERLAP:
        if (former) {
            former->until = DATE_NEVER;
            former->loss = LOSS_NONE;
        }
        break;
    case LATE_REGISTRATION:
        newest->until = date_add_days(on, -days);
        newest->loss = LOSS_OTHER;
        break;
    case NOTHING_NEW:
        newest->until = date_add_days(on, -days * 20);
        newest->loss = LOSS_OTHER;
        break;
    case PUBLIC_ASSISTANCE:
        newest->until = date_add_days(on, -days * 15);
        newest->loss = LOSS_PUBLIC_ASSISTANCE;
        break;
    case PLAIN:
        break;
    }
    if (!date_before(newest->from, newest->until)) { /* it had hardly begun */
        newest->until = DATE_NEVER;
        newest->loss = LOSS_NONE;
    }
}

static enum status fill(struct scope *scope, struct draw *draw, const struct timeline_order *order,
                        const struct date *days, struct timeline *timeline)
{
    bool employee = order->employee;

    for (size_t i = timeline->count; i-- > 0;) {
        struct membership *membership = &timeline->items[i];
        bool newest = i + 1 == timeline->count;
        membership->insurer = draw_insurer(order, draw, employee);
        membership->from = days[timeline->count - 1 - i];
        membership->until = newest ? DATE_NEVER : timeline->items[i + 1].from;
        membership->loss = newest ? LOSS_NONE : LOSS_OTHER_INSURANCE;
        TRY(membership_write_numbers(scope, draw, membership->insurer, order->household->number,
                                     order->slot * 8 + (int)i, &membership->symbol,
                                     &membership->number));
        /* before an employer another employer, before 国保 mostly an employer */
        employee = draw_chance(draw, employee ? 700000 : 800000);
    }
    return STATUS_OK;
}

enum status timeline_make(struct scope *scope, struct draw *draw,
                          const struct timeline_order *order, struct timeline *out)
{
    struct date days[TIMELINE_MAX] = {{0}};

    *out = (struct timeline){.employee = order->employee};
    out->count = draw_beginnings(draw, order, days);
    TRY(fill(scope, draw, order, days, out));
    end_timeline(draw, out, order->household->on);
    for (size_t i = 0; i < out->count; i++)
        out->items[i].kind = draw_kind(draw, &out->items[i]);
    if (order->age >= 66 && order->age < 80 && out->count < TIMELINE_MAX &&
        !date_before(out->items[0].from, DATE(20210401)) && draw_chance(draw, 60000))
        TRY(add_retired_row(scope, draw, order, out));
    return STATUS_OK;
}
