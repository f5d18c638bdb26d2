/* SPDX-License-Identifier: Apache-2.0 */
#include "world/place.h"

#include <stdio.h>

const struct prefecture prefectures[PREFECTURE_COUNT] = {
    {"北海道", 5092, 179, 6},   {"青森県", 1184, 40, 3},    {"岩手県", 1163, 33, 2},
    {"宮城県", 2264, 35, 98},   {"秋田県", 914, 25, 1},     {"山形県", 1026, 35, 99},
    {"福島県", 1767, 59, 96},   {"茨城県", 2825, 44, 31},   {"栃木県", 1897, 25, 32},
    {"群馬県", 1902, 35, 37},   {"埼玉県", 7331, 63, 33},   {"千葉県", 6257, 54, 26},
    {"東京都", 14086, 62, 10},  {"神奈川県", 9229, 33, 22}, {"新潟県", 2126, 30, 95},
    {"富山県", 1007, 15, 93},   {"石川県", 1109, 19, 92},   {"福井県", 744, 17, 91},
    {"山梨県", 796, 27, 40},    {"長野県", 2004, 77, 38},   {"岐阜県", 1931, 42, 50},
    {"静岡県", 3555, 35, 42},   {"愛知県", 7477, 54, 46},   {"三重県", 1727, 29, 51},
    {"滋賀県", 1407, 19, 52},   {"京都府", 2535, 26, 60},   {"大阪府", 8763, 43, 53},
    {"兵庫県", 5370, 41, 65},   {"奈良県", 1296, 39, 63},   {"和歌山県", 892, 30, 64},
    {"鳥取県", 537, 19, 68},    {"島根県", 650, 19, 69},    {"岡山県", 1847, 27, 70},
    {"広島県", 2738, 23, 73},   {"山口県", 1298, 19, 75},   {"徳島県", 695, 24, 77},
    {"香川県", 926, 17, 76},    {"愛媛県", 1291, 20, 79},   {"高知県", 666, 34, 78},
    {"福岡県", 5103, 60, 81},   {"佐賀県", 795, 20, 84},    {"長崎県", 1267, 21, 85},
    {"熊本県", 1709, 45, 86},   {"大分県", 1096, 18, 87},   {"宮崎県", 1042, 26, 88},
    {"鹿児島県", 1549, 43, 89}, {"沖縄県", 1468, 41, 90},
};

#define TOKYO 13
#define TOKYO_WARDS 23

static int draw_prefecture(struct draw *draw)
{
    int total = 0;
    int at = 0;
    int i = 0;

    for (i = 0; i < PREFECTURE_COUNT; i++)
        total += prefectures[i].population;
    at = draw_below(draw, total);
    for (i = 0; i + 1 < PREFECTURE_COUNT && at >= prefectures[i].population; i++)
        at -= prefectures[i].population;
    return i + 1;
}

struct place place_draw(struct draw *draw)
{
    struct place place = {.prefecture = draw_prefecture(draw)};
    int count = prefectures[place.prefecture - 1].municipalities;

    /* the lower of two draws: the first municipalities are the cities */
    int a = draw_below(draw, count);
    int b = draw_below(draw, count);
    place.municipality = a < b ? a : b;
    return place;
}

/*
 * Ten words for "made up" and ten directions give a hundred names; from the hundredth on the same
 * names return with another ending. The ward 架空区 belongs to the cast: Tokyo begins one later.
 */
void place_municipality_name(struct place place, char out[MUNICIPALITY_NAME_MAX])
{
    static const char *const words[10] = {"架空", "見本", "例示", "仮設", "想定",
                                          "試作", "模擬", "虚構", "仮想", "雛形"};
    static const char *const directions[10] = {"",   "東", "西", "南", "北",
                                               "中", "新", "上", "下", "本"};
    int number = place.municipality + (place.prefecture == TOKYO ? 1 : 0);
    int name = number % 100;
    const char *ending = name < 30 ? "市" : name < 70 ? "町" : "村";

    if (number >= 100)
        ending = name < 30 ? "町" : "村";
    if (place.prefecture == TOKYO && number < TOKYO_WARDS)
        ending = "区";
    snprintf(out, MUNICIPALITY_NAME_MAX, "%s%s%s", directions[name / 10], words[name % 10], ending);
}

void place_municipality_code(struct place place, char out[6])
{
    unsigned number = (unsigned)(place.prefecture * 1000 + 201 + place.municipality) % 100000;

    for (int i = 4; i >= 0; i--, number /= 10)
        out[i] = (char)('0' + number % 10);
    out[5] = '\0';
}

static const char *const towns[] = {
    "見本町",   "例示町", "本町",     "中央",       "仮名町",   "試験台",       "想定が丘",
    "模擬本町", "桜台",   "緑が丘",   "大字架空",   "若葉町",   "架空新田",     "東見本",
    "旭町",     "栄町",   "字例示沢", "見本ヶ原",   "仮名ノ宮", "末広町",       "虚構通",
    "大字想定", "港町",   "試作団地", "雛形一条西", "南仮名",   "見本町字本郷", "朝日が丘",
};

static const char *const buildings[] = {
    "架空ハイツ",     "コーポ見本",   "メゾン例示", "仮設団地",
    "サンプルコート", "グランド想定", "見本荘",
};

static const char *const full_digits[10] = {"０", "１", "２", "３", "４",
                                            "５", "６", "７", "８", "９"};

static void add_full_width(struct text_buffer *buffer, int number)
{
    char digits[12];

    snprintf(digits, sizeof digits, "%d", number);
    for (const char *at = digits; *at; at++)
        text_buffer_add_string(buffer, full_digits[*at - '0']);
}

static void add_house_number(struct text_buffer *buffer, struct draw *draw)
{
    int block = draw_between(draw, 1, 9);
    int lot = draw_between(draw, 1, 40);
    int house = draw_between(draw, 1, 30);

    if (draw_chance(draw, 150000)) {
        text_buffer_add_format(buffer, "%d-%d-%d", block, lot, house);
        return;
    }
    bool long_form = draw_chance(draw, 300000);
    add_full_width(buffer, block);
    text_buffer_add_string(buffer, long_form ? "丁目" : "－");
    add_full_width(buffer, lot);
    text_buffer_add_string(buffer, long_form ? "番" : "－");
    add_full_width(buffer, house);
    if (long_form)
        text_buffer_add_string(buffer, "号");
}

enum status place_write_address(struct scope *scope, struct draw *draw, struct place place,
                                struct text *address, struct text *postal_code)
{
    struct text_buffer buffer = text_buffer_begin(scope, 128);
    char municipality[MUNICIPALITY_NAME_MAX];
    const struct prefecture *prefecture = &prefectures[place.prefecture - 1];

    place_municipality_name(place, municipality);
    text_buffer_add_string(&buffer, prefecture->name);
    text_buffer_add_string(&buffer, municipality);
    text_buffer_add_string(&buffer, towns[draw_below(draw, (int)(sizeof towns / sizeof *towns))]);
    add_house_number(&buffer, draw);
    if (draw_chance(draw, 320000)) {
        text_buffer_add_string(&buffer, "　");
        text_buffer_add_string(
            &buffer, buildings[draw_below(draw, (int)(sizeof buildings / sizeof *buildings))]);
        add_full_width(&buffer, draw_between(draw, 1, 14) * 100 + draw_between(draw, 1, 12));
    }
    TRY(text_buffer_end(&buffer, address));
    return text_format(scope, postal_code, "%02d%d-99%02d", prefecture->postal,
                       draw_below(draw, 10), draw_below(draw, 100));
}
