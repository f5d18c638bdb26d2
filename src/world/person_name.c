/* SPDX-License-Identifier: Apache-2.0 */
#include "world/person_name.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Shares, per million. */
#define FOREIGN_RATE 27000    /* 3.3 of 124 million residents, about 2024 */
#define LARGE_KANA_RATE 40000 /* seen in the field (oqs-files 3.3); rate assumed */
#define FULL_WIDTH_RATE 400000
#define MAIDEN_RATE 3000
#define ALIAS_RATE 600000 /* of those whose row says that an alias is usual */

struct weighted_name {
    const char *kanji, *kana;
    int weight;
};

static const struct weighted_name families[] = {
#define FAMILY(kanji_, kana_, weight_) {kanji_, kana_, weight_},
#define HARD(kanji_, kana_, weight_) {kanji_, kana_, weight_},
#define GIVEN(list_, kanji_, kana_)
#define FOREIGN(family_, family_kana_, given_, given_kana_, alias_)
#include "world/name_table.def"
#undef FAMILY
#undef HARD
#undef GIVEN
#undef FOREIGN
};

struct foreign_name {
    const char *family, *family_kana, *given, *given_kana;
    bool alias;
};

static const struct foreign_name foreigners[] = {
#define FAMILY(kanji_, kana_, weight_)
#define HARD(kanji_, kana_, weight_)
#define GIVEN(list_, kanji_, kana_)
#define FOREIGN(family_, family_kana_, given_, given_kana_, alias_)                                \
    {family_, family_kana_, given_, given_kana_, (alias_) != 0},
#include "world/name_table.def"
#undef FAMILY
#undef HARD
#undef GIVEN
#undef FOREIGN
};

/* Given names by sex and the years in which they were given. */
enum given_list { male_old, male_mid, male_new, female_old, female_mid, female_new, LIST_COUNT };

struct given_name {
    enum given_list list;
    const char *kanji, *kana;
};

static const struct given_name givens[] = {
#define FAMILY(kanji_, kana_, weight_)
#define HARD(kanji_, kana_, weight_)
#define GIVEN(list_, kanji_, kana_) {list_, kanji_, kana_},
#define FOREIGN(family_, family_kana_, given_, given_kana_, alias_)
#include "world/name_table.def"
#undef FAMILY
#undef HARD
#undef GIVEN
#undef FOREIGN
};

static const struct weighted_name *draw_japanese_family(struct draw *draw)
{
    int total = 0;
    int at = 0;
    size_t i = 0;

    for (i = 0; i < COUNT(families); i++)
        total += families[i].weight;
    at = draw_below(draw, total);
    for (i = 0; i + 1 < COUNT(families) && at >= families[i].weight; i++)
        at -= families[i].weight;
    return &families[i];
}

struct family_name family_name_draw(struct draw *draw)
{
    struct family_name name = {.large_kana = draw_chance(draw, LARGE_KANA_RATE)};

    if (draw_chance(draw, FOREIGN_RATE)) {
        const struct foreign_name *row = &foreigners[draw_below(draw, COUNT(foreigners))];
        name.foreign = true;
        name.kanji = row->family;
        name.kana = row->family_kana;
        name.full_width = draw_chance(draw, FULL_WIDTH_RATE);
        return name;
    }
    const struct weighted_name *row = draw_japanese_family(draw);
    name.kanji = row->kanji;
    name.kana = row->kana;
    return name;
}

static enum given_list list_of(const struct person *person)
{
    int year = date_year(person->birth);
    int era = year <= 1955 ? 0 : year <= 1997 ? 1 : 2;

    return (enum given_list)((person->sex1 == SEX_FEMALE ? female_old : male_old) + era);
}

static const struct given_name *draw_given(struct draw *draw, enum given_list list)
{
    size_t first = 0;
    size_t count = 0;

    while (givens[first].list != list)
        first++;
    while (first + count < COUNT(givens) && givens[first + count].list == list)
        count++;
    return &givens[first + (size_t)draw_below(draw, (int)count)];
}

static const struct foreign_name *draw_foreign(struct draw *draw, const char *family)
{
    size_t first = 0;
    size_t count = 0;

    while (strcmp(foreigners[first].family, family) != 0)
        first++;
    while (first + count < COUNT(foreigners) &&
           strcmp(foreigners[first + count].family, family) == 0)
        count++;
    return &foreigners[first + (size_t)draw_below(draw, (int)count)];
}

/* U+FF67 to U+FF6F, small kana, as their large forms. The text is UTF-8: EF BD A7 to EF BD AF. */
static const char *large_kana(const char *at)
{
    static const char *const large[9] = {"ｱ", "ｲ", "ｳ", "ｴ", "ｵ", "ﾔ", "ﾕ", "ﾖ", "ﾂ"};
    static const char small[9][4] = {"ｧ", "ｨ", "ｩ", "ｪ", "ｫ", "ｬ", "ｭ", "ｮ", "ｯ"};

    for (size_t i = 0; i < COUNT(small); i++)
        if (strncmp(at, small[i], 3) == 0)
            return large[i];
    return NULL;
}

static void add_kana(struct text_buffer *buffer, const char *kana, bool large)
{
    while (*kana) {
        const char *other = large ? large_kana(kana) : NULL;
        if (other) {
            text_buffer_add_string(buffer, other);
            kana += 3;
        } else {
            text_buffer_add_char(buffer, *kana++);
        }
    }
}

/* Letters as their full-width forms U+FF21 to U+FF5A, a blank as U+3000. */
static void add_letters(struct text_buffer *buffer, const char *letters, bool full_width)
{
    for (; *letters; letters++) {
        if (full_width && *letters >= 'A' && *letters <= 'Z')
            text_buffer_add_format(buffer, "\xEF\xBC%c", *letters - 'A' + 0xA1);
        else if (full_width && *letters == ' ')
            text_buffer_add_string(buffer, "　");
        else
            text_buffer_add_char(buffer, *letters);
    }
}

struct spelling {
    const char *family, *given, *family_kana, *given_kana;
    bool full_width, large_kana;
};

/* Family and given name parted by U+3000, their kana by a blank. */
static enum status spell(struct scope *scope, const struct spelling *spelling, struct text *name,
                         struct text *kana)
{
    struct text_buffer buffer = text_buffer_begin(scope, 64);
    struct text_buffer reading = text_buffer_begin(scope, 96);

    add_letters(&buffer, spelling->family, spelling->full_width);
    text_buffer_add_string(&buffer, "　");
    add_letters(&buffer, spelling->given, spelling->full_width);
    add_kana(&reading, spelling->family_kana, spelling->large_kana);
    text_buffer_add_char(&reading, ' ');
    add_kana(&reading, spelling->given_kana, spelling->large_kana);
    TRY(text_buffer_end(&buffer, name));
    return text_buffer_end(&reading, kana);
}

/* An alias (通称) of a foreign resident, or a maiden name (旧姓). */
static enum status write_other_name(struct scope *scope, struct draw *draw, const char *given,
                                    const char *given_kana, struct person *person)
{
    const struct weighted_name *family = draw_japanese_family(draw);

    return spell(scope, &(struct spelling){family->kanji, given, family->kana, given_kana, 0, 0},
                 &person->other_name, &person->other_name_kana);
}

static enum status write_foreign_name(struct scope *scope, struct draw *draw,
                                      const struct family_name *family, struct person *person)
{
    const struct foreign_name *row = draw_foreign(draw, family->kanji);

    if (row->alias && draw_chance(draw, ALIAS_RATE)) {
        const struct given_name *given = draw_given(draw, list_of(person));
        TRY(write_other_name(scope, draw, given->kanji, given->kana, person));
    }
    return spell(scope,
                 &(struct spelling){row->family, row->given, row->family_kana, row->given_kana,
                                    family->full_width, family->large_kana},
                 &person->name, &person->name_kana);
}

enum status person_name_write(struct scope *scope, struct draw *draw,
                              const struct family_name *family, struct person *person)
{
    const struct given_name *given = NULL;

    if (family->foreign)
        return write_foreign_name(scope, draw, family, person);
    given = draw_given(draw, list_of(person));
    if (draw_chance(draw, MAIDEN_RATE))
        TRY(write_other_name(scope, draw, given->kanji, given->kana, person));
    return spell(scope,
                 &(struct spelling){family->kanji, given->kanji, family->kana, given->kana, false,
                                    family->large_kana},
                 &person->name, &person->name_kana);
}
