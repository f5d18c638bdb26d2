/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/number.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_DIGITS_MAX 12 /* digits of the longest number */
#define NUMBER_BYTES_MAX 96  /* bytes looked at of a number that people typed */
#define NO_PREFECTURE (-1)
#define LAW_COUNT 100

/* One row a kind and length. Source: claims 3.1. */
static const struct number_shape {
    enum number_kind kind;
    size_t length;     /* digits, check digit included */
    int prefecture_at; /* where the two digits of the prefecture stand */
    bool has_law;      /* begins with the law number of an insurer */
    bool sentinels;    /* all sevens and all nines mean 不詳 */
} shapes[] = {
    {NUMBER_INSURER, 6, 0, false, true},
    {NUMBER_INSURER, 8, 2, true, true},
    {NUMBER_INSTITUTION, 10, 0, false, false},
    {NUMBER_PUBLIC_EXPENSE, 8, 2, false, false},
    {NUMBER_RECIPIENT, 7, NO_PREFECTURE, false, false},
    {NUMBER_INDIVIDUAL, 12, NO_PREFECTURE, false, false},
};

static const char *const kind_names[NUMBER_KIND_COUNT] = {
    [NUMBER_INSURER] = "insurer",       [NUMBER_INSTITUTION] = "institution",
    [NUMBER_PUBLIC_EXPENSE] = "public", [NUMBER_RECIPIENT] = "recipient",
    [NUMBER_INDIVIDUAL] = "individual",
};

/* 法別番号 of insurers; one without names is none. Source: claims 3.3. */
static const struct {
    const char *ja;
    const char *en;
} insurer_laws[LAW_COUNT] = {
    [0] = {"国民健康保険", "community insurance (six digits)"},
    [1] = {"全国健康保険協会管掌健康保険", "health insurance association"},
    [2] = {"船員保険", "seamen"},
    [3] = {"日雇特例被保険者の保険(一般療養)", "day labourers, general"},
    [4] = {"日雇特例被保険者の保険(特別療養費)", "day labourers, special"},
    [6] = {"組合管掌健康保険", "health insurance society"},
    [7] = {"自衛官等の療養の給付", "Self-Defence Force"},
    [31] = {"国家公務員共済組合", "national civil servants"},
    [32] = {"地方公務員等共済組合", "local civil servants"},
    [33] = {"警察共済組合", "police"},
    [34] = {"公立学校・私立学校共済", "public and private schools"},
    [39] = {"後期高齢者医療", "medical system for the late elderly"},
    [63] = {"特定健康保険組合(特例退職被保険者)", "society, specified retired"},
    [67] = {"国民健康保険(退職者医療)", "community insurance, retired"},
    [72] = {"国家公務員特定共済組合", "national civil servants, specified retired"},
    [73] = {"地方公務員等特定共済組合", "local civil servants, specified retired"},
    [74] = {"警察特定共済組合", "police, specified retired"},
    [75] = {"公立学校・私立学校特定共済", "schools, specified retired"},
};

static const struct {
    const char *name;
    const char *ja;
    const char *en;
} verdict_texts[] = {
    [NUMBER_GOOD] = {"good", "正しい番号です。", "The number is right."},
    [NUMBER_UNKNOWN_SENTINEL] = {"unknown_sentinel", "番号不詳を表す7の並びです。",
                                 "All sevens: the number is not known (不詳)."},
    [NUMBER_DISASTER_SENTINEL] = {"disaster_sentinel", "災害時の番号不詳を表す9の並びです。",
                                  "All nines: not known because of a disaster."},
    [NUMBER_WRONG_LENGTH] = {"wrong_length", "桁数が正しくありません。",
                             "The number of digits is wrong."},
    [NUMBER_NOT_DIGITS] = {"not_digits", "数字以外の文字が含まれています。",
                           "There are characters other than digits."},
    [NUMBER_WRONG_CHECK_DIGIT] = {"wrong_check_digit", "検証番号(末尾の桁)が一致しません。",
                                  "The check digit (the last one) does not fit."},
    [NUMBER_WRONG_PREFECTURE] = {"wrong_prefecture", "都道府県番号が正しくありません。",
                                 "There is no such prefecture code."},
    [NUMBER_WRONG_LAW] = {"wrong_law", "保険者にない法別番号です。",
                          "No insurer has this law number (法別番号)."},
};

static int digit_at(struct text digits, size_t at)
{
    return digits.bytes[at] - '0';
}

static int two_digits_at(struct text digits, size_t at)
{
    return digit_at(digits, at) * 10 + digit_at(digits, at + 1);
}

static const struct number_shape *shape_of(enum number_kind kind, size_t length)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        if (shapes[i].kind == kind && shapes[i].length == length)
            return &shapes[i];
    return NULL;
}

/* Weights 2, 1, 2, 1 ... from the right; claims 3.2. */
static int common_check_digit(struct text body)
{
    int sum = 0;

    for (size_t i = 0; i < body.size; i++) {
        int product = digit_at(body, body.size - 1 - i) * (i % 2 == 0 ? 2 : 1);
        sum += product / 10 + product % 10;
    }
    return (10 - sum % 10) % 10;
}

/* Weights 2 to 7, then 2 to 6, from the right, modulo 11; insurers-and-documents 2.2. */
static int individual_check_digit(struct text body)
{
    int sum = 0;
    int rest = 0;

    for (size_t i = 0; i < body.size; i++)
        sum += digit_at(body, body.size - 1 - i) * (int)(i < 6 ? i + 2 : i - 4);
    rest = sum % 11;
    return rest <= 1 ? 0 : 11 - rest;
}

int number_check_digit(enum number_kind kind, struct text body)
{
    if (!text_is_digits(body) || !shape_of(kind, body.size + 1))
        return -1;
    return kind == NUMBER_INDIVIDUAL ? individual_check_digit(body) : common_check_digit(body);
}

static bool all_digits_are(struct text number, char digit)
{
    for (size_t i = 0; i < number.size; i++)
        if (number.bytes[i] != digit)
            return false;
    return true;
}

/* NUMBER_GOOD where it is none. 77777779 is 77777777 for programs that insist on a check digit. */
static enum number_verdict sentinel(struct text number)
{
    if (all_digits_are(number, '7') || text_is(number, "77777779"))
        return NUMBER_UNKNOWN_SENTINEL;
    return all_digits_are(number, '9') ? NUMBER_DISASTER_SENTINEL : NUMBER_GOOD;
}

/* 01-47 by JIS X 0401; 51-97 the same prefectures once the first range is used up. Claims 3.4. */
static bool is_prefecture(int code)
{
    int folded = code > 50 ? code - 50 : code;

    return folded >= 1 && folded <= 47;
}

/* Zero stands for six digits; as the first two of eight it is no law number. */
static bool is_insurer_law(int law)
{
    return law > 0 && insurer_laws[law].en;
}

static enum number_verdict check_parts(const struct number_shape *shape, struct text number)
{
    struct text body = {number.bytes, number.size - 1};

    if (number_check_digit(shape->kind, body) != digit_at(number, number.size - 1))
        return NUMBER_WRONG_CHECK_DIGIT;
    if (shape->prefecture_at != NO_PREFECTURE &&
        !is_prefecture(two_digits_at(number, (size_t)shape->prefecture_at)))
        return NUMBER_WRONG_PREFECTURE;
    if (shape->has_law && !is_insurer_law(two_digits_at(number, 0)))
        return NUMBER_WRONG_LAW;
    return NUMBER_GOOD;
}

enum number_verdict number_check(enum number_kind kind, struct text number)
{
    const struct number_shape *shape = shape_of(kind, number.size);

    if (number.size > 0 && !text_is_digits(number))
        return NUMBER_NOT_DIGITS;
    if (!shape)
        return NUMBER_WRONG_LENGTH;
    if (shape->sentinels && sentinel(number) != NUMBER_GOOD)
        return sentinel(number);
    return check_parts(shape, number);
}

bool number_read_kind(const char *word, enum number_kind *out)
{
    for (int i = 0; i < NUMBER_KIND_COUNT; i++) {
        if (strcmp(kind_names[i], word) != 0)
            continue;
        *out = (enum number_kind)i;
        return true;
    }
    return false;
}

const char *number_kind_name(enum number_kind kind)
{
    return kind_names[kind];
}

const char *number_verdict_name(enum number_verdict verdict)
{
    return verdict_texts[verdict].name;
}

const char *number_verdict_ja(enum number_verdict verdict)
{
    return verdict_texts[verdict].ja;
}

const char *number_verdict_en(enum number_verdict verdict)
{
    return verdict_texts[verdict].en;
}

int number_digit(uint32_t point)
{
    if (point >= '0' && point <= '9')
        return (int)(point - '0');
    return point >= 0xFF10 && point <= 0xFF19 ? (int)(point - 0xFF10) : -1;
}

/* Without blanks at both ends, the ideographic one (U+3000) too. */
static struct text trim_wide(struct text text)
{
    static const char wide[] = "\xE3\x80\x80";
    size_t size = sizeof wide - 1;

    for (text = text_trim(text); text_starts_with(text, wide); text = text_trim(text)) {
        text.bytes += size;
        text.size -= size;
    }
    while (text.size >= size && memcmp(text.bytes + text.size - size, wide, size) == 0) {
        text.size -= size;
        text = text_trim(text);
    }
    return text;
}

/* Digits between blanks, half or full width, into out with a NUL; their count in *count. */
static enum number_verdict read_digits(struct text typed, char out[NUMBER_DIGITS_MAX + 1],
                                       size_t *count)
{
    struct text text = trim_wide(typed);

    *count = 0;
    if (text.size == 0 || text.size > NUMBER_BYTES_MAX)
        return NUMBER_WRONG_LENGTH;
    if (!text_is_utf8(text))
        return NUMBER_NOT_DIGITS;
    for (size_t at = 0; at < text.size;) {
        int digit = number_digit(text_next(text, &at));
        if (digit < 0)
            return NUMBER_NOT_DIGITS;
        if (*count == NUMBER_DIGITS_MAX)
            return NUMBER_WRONG_LENGTH;
        out[(*count)++] = (char)('0' + digit);
    }
    out[*count] = 0;
    return NUMBER_GOOD;
}

static bool verdict_gives_number(enum number_verdict verdict)
{
    return verdict == NUMBER_GOOD || verdict == NUMBER_UNKNOWN_SENTINEL ||
           verdict == NUMBER_DISASTER_SENTINEL;
}

enum number_verdict insurer_number_read(struct text text, struct insurer_number *out)
{
    char digits[NUMBER_DIGITS_MAX + 1];
    size_t count = 0;
    enum number_verdict verdict = read_digits(text, digits, &count);
    struct text number = {digits, count};

    if (verdict != NUMBER_GOOD)
        return verdict;
    if (count == 8 && text_starts_with(number, "00"))
        number = (struct text){digits + 2, 6};
    verdict = number_check(NUMBER_INSURER, number);
    if (!verdict_gives_number(verdict))
        return verdict;
    *out = (struct insurer_number){{0}};
    memcpy(out->digits, number.bytes, number.size);
    return verdict;
}

int insurer_number_law(struct insurer_number number)
{
    struct text digits = {number.digits, strnlen(number.digits, sizeof number.digits)};

    return digits.size == 8 ? two_digits_at(digits, 0) : 0;
}

const char *insurer_law_ja(int law)
{
    return law >= 0 && law < LAW_COUNT && insurer_laws[law].ja ? insurer_laws[law].ja : "";
}

const char *insurer_law_en(int law)
{
    return law >= 0 && law < LAW_COUNT && insurer_laws[law].en ? insurer_laws[law].en : "";
}

bool insurer_number_equal(struct insurer_number a, struct insurer_number b)
{
    return strncmp(a.digits, b.digits, sizeof a.digits) == 0;
}

void insurer_number_pad(struct insurer_number number, char out[9])
{
    snprintf(out, 9, "%8s", number.digits);
}

enum number_verdict institution_code_read(struct text text, struct institution_code *out)
{
    char digits[NUMBER_DIGITS_MAX + 1];
    size_t count = 0;
    enum number_verdict verdict = read_digits(text, digits, &count);

    if (verdict != NUMBER_GOOD)
        return verdict;
    verdict = number_check(NUMBER_INSTITUTION, (struct text){digits, count});
    if (verdict != NUMBER_GOOD)
        return verdict;
    *out = (struct institution_code){{0}};
    memcpy(out->digits, digits, count);
    return verdict;
}

bool institution_code_equal(struct institution_code a, struct institution_code b)
{
    return strncmp(a.digits, b.digits, sizeof a.digits) == 0;
}
