/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/residence.h"

#include <stddef.h>
#include <string.h>

#include "domain/register_comparison.h"

#define LETTER 3 /* bytes of a kanji or kana in UTF-8 */
#define COUNTY_MAX ((ptrdiff_t)6 * LETTER)

/* JIS X 0401: the place in the table and 1 is the code. */
static const char *const prefectures[] = {
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県",   "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県",   "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県",   "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
};
#define PREFECTURES ((int)(sizeof prefectures / sizeof prefectures[0]))

static bool starts(const char *string, const char *front)
{
    return strncmp(string, front, strlen(front)) == 0;
}

static bool ends(const char *string, const char *tail)
{
    size_t size = strlen(string);
    size_t wanted = strlen(tail);

    return size >= wanted && strcmp(string + size - wanted, tail) == 0;
}

/* 鎌ヶ谷 and 鎌ケ谷 are one. */
static void fold_small_ke(char *string)
{
    static const char large[] = "ケ";

    for (char *at = string; (at = strstr(at, "ヶ")) != NULL; at += LETTER)
        for (int i = 0; i < LETTER; i++)
            at[i] = large[i];
}

/* The code of the prefecture at the front, moved behind it; 0 where there is none. */
static int take_prefecture(const char **at)
{
    for (int i = 0; i < PREFECTURES; i++)
        if (starts(*at, prefectures[i])) {
            *at += strlen(prefectures[i]);
            return i + 1;
        }
    return 0;
}

static bool is_municipal(struct insurer_number insurer)
{
    return strlen(insurer.digits) == 6 && insurer.digits[2] != '3';
}

static void cut(char *name, const char *tail)
{
    if (ends(name, tail))
        name[strlen(name) - strlen(tail)] = '\0';
}

bool residence_city_of(struct insurer_number insurer, struct text name, struct residence_city *out)
{
    char normal[REGISTER_ITEM_MAX + 1];
    const char *at = normal;
    int prefecture = 0;

    *out = (struct residence_city){.insurer = insurer};
    if (!is_municipal(insurer) || !register_normalise_name(name, normal))
        return false;
    out->prefecture = (insurer.digits[0] - '0') * 10 + insurer.digits[1] - '0';
    prefecture = take_prefecture(&at);
    cut(normal, "国民健康保険");
    cut(normal, "国保");
    if ((prefecture != 0 && prefecture != out->prefecture) || out->prefecture > PREFECTURES ||
        strlen(at) > RESIDENCE_NAME_MAX)
        return false;
    memcpy(out->name, at, strlen(at) + 1);
    fold_small_ke(out->name);
    return strlen(at) > LETTER &&
           (ends(at, "市") || ends(at, "区") || ends(at, "町") || ends(at, "村"));
}

/* 三重郡菰野町: a county may stand before a town or a village. */
static bool lies_in_county(const struct residence_city *city, const char *at)
{
    const char *county = strstr(at, "郡");

    return (ends(city->name, "町") || ends(city->name, "村")) && county && county > at &&
           county - at <= COUNTY_MAX && starts(county + LETTER, city->name);
}

const struct residence_city *residence_find(const struct residence_city *cities, size_t count,
                                            struct text address)
{
    const struct residence_city *found = NULL;
    char normal[REGISTER_ITEM_MAX + 1];
    const char *at = normal;
    size_t longest = 0;
    int prefecture = 0;

    if (!register_normalise_name(address, normal))
        return NULL;
    fold_small_ke(normal);
    prefecture = take_prefecture(&at);
    for (size_t i = 0; prefecture != 0 && i < count; i++) {
        const struct residence_city *city = &cities[i];
        size_t size = strlen(city->name);
        if (city->prefecture != prefecture || size < longest ||
            (!starts(at, city->name) && !lies_in_county(city, at)))
            continue;
        found = size > longest ? city : NULL; /* two of one length: not for certain */
        longest = size;
    }
    return found;
}
