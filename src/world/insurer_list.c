/* SPDX-License-Identifier: Apache-2.0 */
#include "world/insurer_list.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define INSURERS_MAX 4000
#define SOCIETY_COUNT 1380 /* 健康保険組合, about 2023 */
#define UNION_COUNT 160    /* 国保組合 */
#define UNION_SERIAL 301   /* claims 3.1: trade associations use serials in the 300s */

/* The insurers with eight digits but for societies: how many, and how they are called. */
struct scheme_row {
    enum scheme scheme;
    int count;
    const char *name; /* %s: the prefecture's name without its ending, or a number */
    bool by_prefecture;
    enum symbol_style symbol;
};

static const struct scheme_row scheme_rows[] = {
    {SCHEME_ASSOCIATION, 47, "協会けんぽ架空%s支部", true, SYMBOL_EIGHT},
    {SCHEME_SEAMEN, 1, "架空船員保険", false, SYMBOL_DIGITS},
    {SCHEME_DAY_LABOUR, 1, "架空日雇特例被保険者", false, SYMBOL_DIGITS},
    {SCHEME_DAY_LABOUR_SPECIAL, 1, "架空日雇特例被保険者（特別療養費）", false, SYMBOL_DIGITS},
    {SCHEME_SELF_DEFENCE, 1, "架空自衛官診療", false, SYMBOL_KANJI},
    {SCHEME_NATIONAL_SERVANTS, 20, "架空第%s省共済組合", false, SYMBOL_KANJI},
    {SCHEME_LOCAL_SERVANTS, 12, "架空地方職員共済組合第%s支部", false, SYMBOL_KANJI},
    {SCHEME_POLICE, 4, "架空警察共済組合第%s支部", false, SYMBOL_KANJI},
    {SCHEME_SCHOOLS, 2, "架空学校共済組合第%s支部", false, SYMBOL_KANJI},
    {SCHEME_LATE_ELDERLY, 47, "架空%s後期高齢者医療広域連合", true, SYMBOL_NONE},
    {SCHEME_SPECIAL_RETIRED, 10, "架空第%s特定健康保険組合", false, SYMBOL_DIGITS},
    {SCHEME_RETIRED, 5, "架空第%s退職者医療", false, SYMBOL_DIGITS},
    {SCHEME_SPECIAL_NATIONAL, 1, "架空省特例退職", false, SYMBOL_KANJI},
    {SCHEME_SPECIAL_LOCAL, 1, "架空地方職員特例退職", false, SYMBOL_KANJI},
    {SCHEME_SPECIAL_POLICE, 1, "架空警察特例退職", false, SYMBOL_KANJI},
    {SCHEME_SPECIAL_SCHOOLS, 1, "架空学校特例退職", false, SYMBOL_KANJI},
};

static const char *const trades[] = {
    "電機", "製薬", "鉄道", "商事", "建設", "運輸", "食品",   "化学", "銀行",   "保険",
    "通信", "印刷", "百貨", "鉄鋼", "繊維", "造船", "自動車", "放送", "ガラス", "情報サービス",
};

/* Puts the check digit behind a body of digits. */
static void number_write(struct insurer_number *out, int scheme, int prefecture, int serial)
{
    int value = prefecture * 1000 + serial;
    size_t size = scheme == SCHEME_COMMUNITY ? 5 : 7;

    if (scheme != SCHEME_COMMUNITY)
        value += scheme * 100000;
    for (size_t i = size; i-- > 0; value /= 10)
        out->digits[i] = (char)('0' + value % 10);
    out->digits[size] =
        (char)('0' + number_check_digit(NUMBER_INSURER, (struct text){out->digits, size}));
    out->digits[size + 1] = '\0';
}

static struct number_style draw_style(struct draw *draw, enum scheme scheme)
{
    if (scheme == SCHEME_LATE_ELDERLY)
        return (struct number_style){.leading_zeros = true};
    return (struct number_style){
        .full_width = draw_chance(draw, 250000),
        .leading_zeros = draw_chance(draw, 500000),
        .hyphen = draw_chance(draw, 60000),
    };
}

/* Adds one insurer; the name is a constant or lives in the scope. */
static struct world_insurer *add(struct insurer_list *list, enum scheme scheme, int prefecture,
                                 int serial, struct text name)
{
    struct draw draw = draw_begin(0, DRAW_INSURERS, list->count);
    struct world_insurer *insurer = &list->items[list->count];

    *insurer = (struct world_insurer){.name = name, .scheme = scheme, .prefecture = prefecture};
    number_write(&insurer->number, (int)scheme, prefecture, serial);
    insurer->style = draw_style(&draw, scheme);
    insurer->symbol = (enum symbol_style)draw_between(&draw, SYMBOL_DIGITS, SYMBOL_KANA);
    list->first[scheme] = list->size[scheme] == 0 ? list->count : list->first[scheme];
    list->size[scheme]++;
    list->count++;
    return insurer;
}

/* 東京都 -> 東京: three bytes a character; 北海道 keeps its ending. */
static struct text without_ending(const char *prefecture)
{
    struct text name = text_of(prefecture);

    if (!text_is(name, "北海道"))
        name.size -= strlen("県");
    return name;
}

static enum status add_scheme(struct scope *scope, struct insurer_list *list,
                              const struct scheme_row *row)
{
    for (int i = 0; i < row->count; i++) {
        int prefecture = row->by_prefecture ? i + 1 : 13;
        struct text name = {0};
        char number[12];
        const char *hole = strstr(row->name, "%s");
        size_t before = hole ? (size_t)(hole - row->name) : strlen(row->name);
        struct text filling = without_ending(prefectures[prefecture - 1].name);

        snprintf(number, sizeof number, "%d", i + 1);
        if (!row->by_prefecture)
            filling = text_of(hole ? number : "");
        TRY(text_format(scope, &name, "%.*s%.*s%s", (int)before, row->name, TEXT_ARGS(filling),
                        hole ? hole + 2 : ""));
        add(list, row->scheme, prefecture, row->by_prefecture ? 1 : i + 1, name)->symbol =
            row->symbol;
    }
    return STATUS_OK;
}

/* Tokyo has many of the societies' seats; a few are large, most are small. */
static enum status add_societies(struct scope *scope, struct insurer_list *list)
{
    int serials[PREFECTURE_COUNT + 1] = {0};
    int sum = 0;

    TRY(scope_alloc(scope, SOCIETY_COUNT, sizeof *list->society_sums, &list->society_sums));
    for (int i = 0; i < SOCIETY_COUNT; i++) {
        struct draw draw = draw_begin(1, DRAW_INSURERS, (uint64_t)i);
        int prefecture = draw_chance(&draw, 400000) ? 13 : place_draw(&draw).prefecture;
        struct text name = {0};

        TRY(text_format(scope, &name, "架空%s第%d健康保険組合", trades[(size_t)i % COUNT(trades)],
                        i / (int)COUNT(trades) + 1));
        add(list, SCHEME_SOCIETY, prefecture, ++serials[prefecture], name);
        sum += 1000000 / (i + 20); /* sizes fall as 1 / rank */
        list->society_sums[i] = sum;
    }
    return STATUS_OK;
}

static enum status add_municipalities(struct scope *scope, struct insurer_list *list)
{
    for (int prefecture = 1; prefecture <= PREFECTURE_COUNT; prefecture++) {
        list->community[prefecture] = list->count;
        for (int i = 0; i < prefectures[prefecture - 1].municipalities; i++) {
            char municipality[MUNICIPALITY_NAME_MAX];
            struct text name = {0};

            place_municipality_name((struct place){prefecture, i}, municipality);
            TRY(text_format(scope, &name, "%s%s国民健康保険", prefectures[prefecture - 1].name,
                            municipality));
            add(list, SCHEME_COMMUNITY, prefecture, i + 1, name);
        }
    }
    return STATUS_OK;
}

static enum status add_unions(struct scope *scope, struct insurer_list *list)
{
    int serials[PREFECTURE_COUNT + 1] = {0};

    list->union_first = list->count;
    list->union_count = UNION_COUNT;
    for (int i = 0; i < UNION_COUNT; i++) {
        struct draw draw = draw_begin(2, DRAW_INSURERS, (uint64_t)i);
        int prefecture = place_draw(&draw).prefecture;
        struct text name = {0};

        TRY(text_format(scope, &name, "架空%s第%d国民健康保険組合",
                        trades[(size_t)i % COUNT(trades)], i / (int)COUNT(trades) + 1));
        add(list, SCHEME_COMMUNITY, prefecture, UNION_SERIAL + serials[prefecture]++, name);
    }
    return STATUS_OK;
}

enum status insurer_list_make(struct scope *scope, struct insurer_list *out)
{
    struct insurer_list list = {0};

    TRY(scope_alloc(scope, INSURERS_MAX, sizeof *list.items, &list.items));
    for (size_t i = 0; i < COUNT(scheme_rows); i++)
        TRY(add_scheme(scope, &list, &scheme_rows[i]));
    TRY(add_societies(scope, &list));
    TRY(add_municipalities(scope, &list));
    TRY(add_unions(scope, &list));
    *out = list;
    return STATUS_OK;
}

const struct world_insurer *insurer_of_place(const struct insurer_list *list, struct place place)
{
    return &list->items[list->community[place.prefecture] + (size_t)place.municipality];
}

const struct world_insurer *insurer_late_elderly(const struct insurer_list *list, int prefecture)
{
    return &list->items[list->first[SCHEME_LATE_ELDERLY] + (size_t)prefecture - 1];
}

const struct world_insurer *insurer_draw_scheme(const struct insurer_list *list, struct draw *draw,
                                                enum scheme scheme)
{
    size_t at = (size_t)draw_below(draw, (int)list->size[scheme]);

    if (scheme == SCHEME_SOCIETY)
        at = draw_cumulative(draw, list->society_sums, SOCIETY_COUNT);
    return &list->items[list->first[scheme] + at];
}

const struct world_insurer *insurer_draw_employee(const struct insurer_list *list,
                                                  struct draw *draw, int prefecture)
{
    /* people insured, thousands: insurers-and-documents, section 1; the shares among 31-34 assumed
     */
    static const struct {
        enum scheme scheme;
        int people;
    } rows[] = {
        {SCHEME_ASSOCIATION, 39400}, {SCHEME_SOCIETY, 28000}, {SCHEME_LOCAL_SERVANTS, 3400},
        {SCHEME_SCHOOLS, 3400},      {SCHEME_POLICE, 900},    {SCHEME_NATIONAL_SERVANTS, 2200},
        {SCHEME_SELF_DEFENCE, 230},  {SCHEME_SEAMEN, 110},
    };
    int at = draw_below(draw, 77640);
    size_t i = 0;

    for (i = 0; i + 1 < COUNT(rows) && at >= rows[i].people; i++)
        at -= rows[i].people;
    if (rows[i].scheme == SCHEME_ASSOCIATION)
        return &list->items[list->first[SCHEME_ASSOCIATION] + (size_t)prefecture - 1];
    return insurer_draw_scheme(list, draw, rows[i].scheme);
}

const struct world_insurer *insurer_draw_union(const struct insurer_list *list, struct draw *draw)
{
    return &list->items[list->union_first + (size_t)draw_below(draw, (int)list->union_count)];
}
