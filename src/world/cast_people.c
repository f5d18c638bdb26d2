/* SPDX-License-Identifier: Apache-2.0
 *
 * cast_people.c - the people of the cast. All invented; numbers as docs/sandbox.md prints them.
 */
#include "world/cast.h"

/* Insurers of the cast: prefecture 13, serial 999, right check digits. */
#define ASSOCIATION "01139997"
#define SEAMEN "02139996"
#define SOCIETY "06139992"
#define SELF_DEFENCE "07139991"
#define SERVANTS "31139991"
#define SCHOOLS "34139998"
#define LATE_ELDERLY "39139993"
#define WARD "139998"

static const struct cast_insurer insurers[] = {
    {ASSOCIATION, "協会けんぽ架空支部"},  {SEAMEN, "架空船員保険"},
    {"03139995", "架空日雇特例被保険者"}, {SOCIETY, "架空健康保険組合"},
    {SELF_DEFENCE, "架空自衛官診療"},     {SERVANTS, "架空省共済組合"},
    {SCHOOLS, "架空学校共済組合"},        {LATE_ELDERLY, "架空県後期高齢者医療広域連合"},
    {WARD, "架空区国民健康保険"},
};

const struct cast_insurer *cast_insurers(size_t *count)
{
    *count = sizeof insurers / sizeof *insurers;
    return insurers;
}

/* Days. */
#define FIXED(day)                                                                                 \
    {                                                                                              \
        DAY_FIXED, day                                                                             \
    }
#define DAYS(n)                                                                                    \
    {                                                                                              \
        DAY_FROM_T, n                                                                              \
    }
#define MONTHS(n)                                                                                  \
    {                                                                                              \
        DAY_MONTHS, n                                                                              \
    }
#define MONTH_END(n)                                                                               \
    {                                                                                              \
        DAY_MONTH_END, n                                                                           \
    }
#define YEAR_BEGINS                                                                                \
    {                                                                                              \
        DAY_YEAR_BEGINS, 0                                                                         \
    }
#define BIRTHDAY(n)                                                                                \
    {                                                                                              \
        DAY_BIRTHDAY, n                                                                            \
    }
#define NEVER                                                                                      \
    {                                                                                              \
        DAY_NEVER, 0                                                                               \
    }

/* What most have. */
#define WARD_ADDRESS "100-9999", "東京都架空区見本町１－２－３"
#define REGISTERED .registered = FIXED(20240401)
#define VALID_CARD(file_) .card = CARD_USUAL, .certificates = {{file_, MONTHS(-30), MONTHS(30), 0}}

/* A coverage; what else there is to say of it follows by name. */
#define HELD(insurer_, symbol_, number_, branch_, relation_, from_, until_)                        \
    .insurer = (insurer_), .symbol = (symbol_), .number = (number_), .branch = (branch_),          \
    .relation = (relation_), .held = {from_, until_}

static const struct cast_person people[] = {
    {1, "山田　花子", "ﾔﾏﾀﾞ ﾊﾅｺ", NULL, NULL, WARD_ADDRESS, 41, 510, SEX_FEMALE, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電１２", "0012345", "00", RELATION_INSURED, FIXED(20190401),
                         NEVER)}},
     VALID_CARD("valid-employee")},
    {2, "山田　太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", NULL, NULL, WARD_ADDRESS, 9, 905, SEX_MALE, .insured = 1,
     REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電１２", "0012345", "01", RELATION_FAMILY, BIRTHDAY(0),
                         NEVER)}},
     VALID_CARD("valid-family")},
    {3, "山田　桃子", "ﾔﾏﾀﾞ ﾓﾓｺ", NULL, NULL, WARD_ADDRESS, 4, 303, SEX_FEMALE, .insured = 1,
     .coverages = {{HELD(SOCIETY, "架電１２", "0012345", "02", RELATION_FAMILY, BIRTHDAY(0),
                         NEVER)}}},
    {4, "佐藤　一郎", "ｻﾄｳ ｲﾁﾛｳ", NULL, NULL, "100-9998", "東京都架空区例示二丁目３番４号", 55,
     1123, SEX_MALE,
     .coverages = {{HELD(WARD, "架空い・１２", "56-7890", "01", RELATION_INSURED, FIXED(20100401),
                         NEVER)}}},
    {5, "高橋　ハナ", "ﾀｶﾊｼ ﾊﾅ", NULL, NULL, "100-9997", "東京都架空区見本町５－６", 72, 203,
     SEX_FEMALE, .insured = 6, REGISTERED,
     .coverages = {{HELD(WARD, "99", "0012345", "02", RELATION_FAMILY, FIXED(20150401), NEVER)}},
     .elderly_share = 20, .limit_kind = 2, .limit_category = "B05", .long_stay = YEAR_BEGINS,
     VALID_CARD("elderly-20")},
    {6, "高橋　勝", "ﾀｶﾊｼ ﾏｻﾙ", NULL, NULL, "100-9997", "東京都架空区見本町５－６", 71, 615,
     SEX_MALE,
     .coverages = {{HELD(WARD, "98", "0023456", "01", RELATION_INSURED, FIXED(20150401), NEVER)}},
     .elderly_share = 30, .limit_kind = 1, .limit_category = "B02"},
    {7, "伊藤　トシ", "ｲﾄｳ ﾄｼ", NULL, NULL, "100-9996", "東京都架空区試験台１－１", 82, 1231,
     SEX_FEMALE, REGISTERED,
     .coverages = {{HELD(LATE_ELDERLY, "", "00012341", "", RELATION_INSURED, BIRTHDAY(75), NEVER),
                    .share = 10}},
     .limit_kind = 2, .limit_category = "B06", VALID_CARD("late-elderly-10")},
    {8, "渡辺　清", "ﾜﾀﾅﾍﾞ ｷﾖｼ", NULL, NULL, "100-9996", "東京都架空区試験台２－２", 79, 401,
     SEX_MALE,
     .coverages = {{HELD(LATE_ELDERLY, "", "00012342", "", RELATION_INSURED, BIRTHDAY(75), NEVER),
                    .share = 20}},
     .limit_kind = 1, .limit_category = "B09"},
    {9, "小林　武", "ｺﾊﾞﾔｼ ﾀｹｼ", NULL, NULL, "100-9996", "東京都架空区試験台３－３", 77, 820,
     SEX_MALE,
     .coverages = {{HELD(LATE_ELDERLY, "", "00012343", "", RELATION_INSURED, BIRTHDAY(75), NEVER),
                    .share = 30}},
     .limit_kind = 1, .limit_category = "B01"},
    {10, "中村　誠", "ﾅｶﾑﾗ ﾏｺﾄ", NULL, NULL, "100-9995", "東京都架空区仮名町１－４－８", 48, 714,
     SEX_MALE, REGISTERED,
     .coverages = {{HELD(ASSOCIATION, "21700023", "482", "00", RELATION_INSURED, FIXED(20210701),
                         NEVER)}},
     .limit_kind = 1, .limit_category = "A03", VALID_CARD("limit-under-70")},
    {11, "加藤　実", "ｶﾄｳ ﾐﾉﾙ", NULL, NULL, "100-9995", "東京都架空区仮名町２－２－２", 60, 130,
     SEX_MALE, REGISTERED,
     .coverages = {{HELD(ASSOCIATION, "21700024", "7", "00", RELATION_INSURED, FIXED(20180401),
                         NEVER)}},
     .diseases = {1, 3}, VALID_CARD("specified-disease")},
    {12, "鈴木　次郎", "ｽｽﾞｷ ｼﾞﾛｳ", NULL, NULL, "100-9994", "東京都架空区想定が丘７", 34, 917,
     SEX_MALE, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電１３", "0000777", "00", RELATION_INSURED, FIXED(20200401),
                         MONTHS(-1)),
                    .loss = LOSS_OTHER_INSURANCE},
                   {HELD(ASSOCIATION, "21700025", "1201", "00", RELATION_INSURED, MONTHS(-1),
                         NEVER)}},
     VALID_CARD("newer-coverage")},
    {13, "田中　三郎", "ﾀﾅｶ ｻﾌﾞﾛｳ", NULL, NULL, "100-9994", "東京都架空区想定が丘９", 45, 1010,
     SEX_MALE,
     .coverages = {{HELD(SOCIETY, "架電１４", "0000888", "00", RELATION_INSURED, FIXED(20160401),
                         DAYS(-20)),
                    .loss = LOSS_OTHER}}},
    {14, "吉田　茂子", "ﾖｼﾀﾞ ｼｹﾞｺ", NULL, NULL, "100-9993", "東京都架空区栄町３－１", 80, 222,
     SEX_FEMALE,
     .coverages = {{HELD(LATE_ELDERLY, "", "00012344", "", RELATION_INSURED, BIRTHDAY(75),
                         DAYS(-40)),
                    .loss = LOSS_DEATH, .share = 10}}},
    {15, "井上　蒼", "ｲﾉｳｴ ｱｵｲ", NULL, NULL, "100-9992", "東京都架空区若葉町１０－１", 12, 606,
     SEX_MALE, .insured = 17,
     .coverages = {{HELD(ASSOCIATION, "21700026", "3003", "01", RELATION_FAMILY, BIRTHDAY(0),
                         NEVER)}}},
    {16, "井上　葵", "ｲﾉｳｴ ｱｵｲ", NULL, NULL, "100-9992", "東京都架空区若葉町１０－１", 12, 606,
     SEX_FEMALE, .insured = 17,
     .coverages = {{HELD(ASSOCIATION, "21700026", "3003", "02", RELATION_FAMILY, BIRTHDAY(0),
                         NEVER)}}},
    {17, "井上　直美", "ｲﾉｳｴ ﾅｵﾐ", NULL, NULL, "100-9992", "東京都架空区若葉町１０－１", 39, 1108,
     SEX_FEMALE,
     .coverages = {{HELD(ASSOCIATION, "21700026", "3003", "00", RELATION_INSURED, FIXED(20110401),
                         NEVER)}}},
    {18, "木村　学", "ｷﾑﾗ ﾏﾅﾌﾞ", NULL, NULL, "100-9991", "東京都架空区旭町６－６", 29, 1201,
     SEX_MALE, REGISTERED,
     .coverages =
         {{HELD(SOCIETY, "架電１５", "0001111", "00", RELATION_INSURED, MONTHS(-50), NEVER),
           .issued = MONTHS(-49)},
          {HELD(ASSOCIATION, "21700027", "55", "00", RELATION_INSURED, MONTHS(-3), NEVER)}},
     VALID_CARD("overlap")},
    {19, "林　愛", "ﾊﾔｼ ｱｲ", NULL, NULL, "100-9991", "東京都架空区旭町７－７", 26, 818, SEX_FEMALE,
     REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電１６", "0001212", "00", RELATION_INSURED, FIXED(20230401),
                         DAYS(-3)),
                    .loss = LOSS_OTHER}},
     VALID_CARD("late-registration")},
    {20, "清水　勇", "ｼﾐｽﾞ ｲｻﾑ", NULL, NULL, "100-9990", "東京都架空区港町１", 33, 505, SEX_MALE,
     REGISTERED,
     .coverages = {{HELD(SELF_DEFENCE, "架空１", "004321", "", RELATION_INSURED, FIXED(20140401),
                         NEVER),
                    .kind = KIND_SELF_DEFENCE}},
     VALID_CARD("sdf")},
    {21, "髙﨑　𠮷次\U000E0100", "ﾀｶｻﾞｷ ﾖｼﾂｸﾞ", "髙﨑　ジョー", "ﾀｶｻﾞｷ ｼﾞｮｰ", "100-9989",
     "東京都架空区見本ヶ原１－１　𣘺本ビル", 52, 1103, SEX_MALE, REGISTERED,
     .coverages = {{HELD(ASSOCIATION, "21700028", "912", "00", RELATION_INSURED, FIXED(20130401),
                         NEVER)}},
     VALID_CARD("hard-name")},
    {22, "OLIVEIRA DOS SANTOS　MARIA APARECIDA", "ｵﾘｳﾞｪｲﾗ ﾄﾞｽ ｻﾝﾄｽ ﾏﾘｱ ｱﾊﾟﾚｼｰﾀﾞ", "大利　真理亜",
     "ｵｵﾘ ﾏﾘｱ", "100-9988", "東京都架空区東見本２－８", 37, 1225, SEX_FEMALE,
     .coverages = {{HELD(SERVANTS, "架省", "１２３４５", "00", RELATION_INSURED, FIXED(20170401),
                         NEVER)}}},
    {23, "山本　薫", "ﾔﾏﾓﾄ ｶｵﾙ", NULL, NULL, "100-9987", "東京都架空区桜台８", 31, 721, SEX_NOT_SET,
     SEX_FEMALE,
     .coverages = {{HELD(SCHOOLS, "公立架", "0034567", "00", RELATION_INSURED, FIXED(20190401),
                         NEVER)}}},
    {24, "松本　恵", "ﾏﾂﾓﾄ ﾒｸﾞﾐ", NULL, NULL, "100-9986", "東京都架空区緑が丘４－４", 36, 219,
     SEX_FEMALE, .protection = PROTECTION_NON_DISCLOSURE,
     .coverages = {{HELD(SOCIETY, "架電１７", "0001313", "00", RELATION_INSURED, FIXED(20200401),
                         NEVER)}}},
    {25, "藤田　彩", "ﾌｼﾞﾀ ｱﾔ", NULL, NULL, "100-9986", "東京都架空区緑が丘５－５", 38, 1017,
     SEX_FEMALE, .protection = PROTECTION_NON_DISCLOSURE | PROTECTION_SELF_REFUSAL, REGISTERED,
     .coverages = {{HELD(WARD, "97", "0034567", "01", RELATION_INSURED, FIXED(20220601), NEVER)}},
     VALID_CARD("protected-refusal")},
    {26, "岡田　隆", "ｵｶﾀﾞ ﾀｶｼ", NULL, NULL, "100-9985", "東京都架空区末広町９", 58, 404, SEX_MALE,
     .register_difference = 2, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電１８", "0001414", "00", RELATION_INSURED, FIXED(20090401),
                         NEVER)}},
     VALID_CARD("register-mismatch")},
    {27, "後藤　進", "ｺﾞﾄｳ ｽｽﾑ", NULL, NULL, "100-9985", "東京都架空区末広町１０", 63, 808,
     SEX_MALE, .register_difference = 1,
     .coverages = {{HELD(SOCIETY, "架電１９", "0001515", "00", RELATION_INSURED, FIXED(20090401),
                         NEVER)}}},
    {28, "長谷川　剛", "ﾊｾｶﾞﾜ ﾂﾖｼ", NULL, NULL, "100-9984", "東京都架空区字例示沢２", 44, 315,
     SEX_MALE,
     .coverages = {{HELD(WARD, "96", "0045678", "01", RELATION_INSURED, FIXED(20180401), NEVER),
                    .kind = KIND_SPECIAL_EXPENSE}}},
    {29, "石井　明美", "ｲｼｲ ｱｹﾐ", NULL, NULL, "100-9983", "東京都架空区本町１５", 50, 929,
     SEX_FEMALE,
     .coverages = {{HELD(WARD, "95", "0056789", "01", RELATION_INSURED, FIXED(20190401), NEVER),
                    .paper = PAPER_OLD_CARD, .issued = FIXED(20240701),
                    .valid_until = FIXED(20250731)}}},
    {30, "村上　和也", "ﾑﾗｶﾐ ｶｽﾞﾔ", NULL, NULL, "100-9983", "東京都架空区本町１６", 43, 1116,
     SEX_MALE,
     .coverages =
         {{HELD(ASSOCIATION, "21700029", "640", "00", RELATION_INSURED, FIXED(20150401), NEVER),
           .paper = PAPER_OLD_CARD, .issued = FIXED(20150410), .valid_until = FIXED(20251201)}}},
    {31, "近藤　翔太", "ｺﾝﾄﾞｳ ｼｮｳﾀ", NULL, NULL, "100-9982", "東京都架空区中央１－１", 35, 112,
     SEX_MALE, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電２０", "0001616", "00", RELATION_INSURED, FIXED(20140401),
                         NEVER)}},
     .card = CARD_USUAL, .certificates = {{"cert-valid", MONTHS(-24), MONTHS(36), 0}}},
    {32, "坂本　麻衣", "ｻｶﾓﾄ ﾏｲ", NULL, NULL, "100-9982", "東京都架空区中央１－２", 35, 213,
     SEX_FEMALE, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電２０", "0001717", "00", RELATION_INSURED, FIXED(20140401),
                         NEVER)}},
     .card = CARD_USUAL, .certificates = {{"cert-alert", MONTHS(-58), DAYS(40), 0}}},
    {33, "遠藤　亮", "ｴﾝﾄﾞｳ ﾘｮｳ", NULL, NULL, "100-9982", "東京都架空区中央１－３", 35, 314,
     SEX_MALE, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電２０", "0001818", "00", RELATION_INSURED, FIXED(20140401),
                         NEVER)}},
     .card = CARD_USUAL, .certificates = {{"cert-grace", MONTHS(-60), DAYS(-20), 0}}},
    {34, "青木　沙織", "ｱｵｷ ｻｵﾘ", NULL, NULL, "100-9982", "東京都架空区中央１－４", 35, 415,
     SEX_FEMALE, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電２０", "0001919", "00", RELATION_INSURED, FIXED(20140401),
                         NEVER)}},
     .card = CARD_USUAL, .certificates = {{"cert-lapsed", MONTHS(-63), MONTHS(-4), 0}}},
    {35, "福田　聡", "ﾌｸﾀﾞ ｻﾄｼ", NULL, NULL, "100-9982", "東京都架空区中央１－５", 35, 516,
     SEX_MALE, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電２０", "0002020", "00", RELATION_INSURED, FIXED(20140401),
                         NEVER)}},
     .card = CARD_USUAL,
     .certificates = {{"cert-revoked", MONTHS(-20), MONTHS(40), CERTIFICATE_REVOKED}}},
    {36, "三浦　香織", "ﾐｳﾗ ｶｵﾘ", NULL, NULL, "100-9982", "東京都架空区中央１－６", 35, 617,
     SEX_FEMALE, REGISTERED,
     .coverages = {{HELD(SOCIETY, "架電２０", "0002121", "00", RELATION_INSURED, FIXED(20140401),
                         NEVER)}},
     .card = CARD_USUAL,
     .certificates = {{"cert-renewed-old", MONTHS(-59), MONTHS(1), CERTIFICATE_SUPERSEDED},
                      {"cert-renewed", DAYS(-7), MONTHS(61), 0}}},
    {37, "原田　洋平", "ﾊﾗﾀﾞ ﾖｳﾍｲ", NULL, NULL, "100-9981", "東京都架空区朝日が丘１", 47, 718,
     SEX_MALE,
     .coverages = {{HELD(SOCIETY, "架電２１", "0002222", "00", RELATION_INSURED, FIXED(20120401),
                         NEVER)}},
     VALID_CARD("unregistered")},
    {38, "小野　千尋", "ｵﾉ ﾁﾋﾛ", NULL, NULL, "100-9981", "東京都架空区朝日が丘２", 42, 819,
     SEX_FEMALE, REGISTERED, .deregisters = MONTH_END(0),
     .coverages = {{HELD(SOCIETY, "架電２１", "0002323", "00", RELATION_INSURED, FIXED(20120401),
                         NEVER)}},
     VALID_CARD("deregistering")},
    {39, "竹内　修", "ﾀｹｳﾁ ｵｻﾑ", NULL, NULL, "100-9981", "東京都架空区朝日が丘３", 66, 920,
     SEX_MALE, REGISTERED, .deregisters = MONTH_END(-1),
     .coverages = {{HELD(WARD, "94", "0067890", "01", RELATION_INSURED, FIXED(20200401), NEVER)}},
     VALID_CARD("deregistered")},
    {40, "金子　フミ", "ｶﾈｺ ﾌﾐ", NULL, NULL, "100-9980", "東京都架空区南仮名３", 84, 1021,
     SEX_FEMALE, REGISTERED,
     .coverages = {{HELD(LATE_ELDERLY, "", "00012345", "", RELATION_INSURED, BIRTHDAY(75), NEVER),
                    .share = 10}},
     .card = CARD_PINLESS, .certificates = {{"pinless", MONTHS(-8), MONTHS(52), 0}}},
    {41, "和田　豊", "ﾜﾀﾞ ﾕﾀｶ", NULL, NULL, "100-9980", "東京都架空区南仮名４", 68, 1122, SEX_MALE,
     REGISTERED,
     .coverages = {{HELD(ASSOCIATION, "21700030", "75", "00", RELATION_INSURED, FIXED(20220401),
                         NEVER)}},
     .card = CARD_PIN_LOCKED, .certificates = {{"locked-pin", MONTHS(-30), MONTHS(30), 0}}},
    {42, "中山　浩", "ﾅｶﾔﾏ ﾋﾛｼ", NULL, NULL, "100-9979", "東京都架空区虚構通６", 53, 1223, SEX_MALE,
     .coverages = {{HELD(WARD, "93", "0078901", "01", RELATION_INSURED, FIXED(20190401), DAYS(-90)),
                    .loss = LOSS_PUBLIC_ASSISTANCE}}},
};

const struct cast_person *cast_people(size_t *count)
{
    *count = sizeof people / sizeof *people;
    return people;
}
