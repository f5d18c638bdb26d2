/* SPDX-License-Identifier: Apache-2.0 */
#include "format/registration_file.h"

#include <assert.h>
#include <string.h>

#define DATE_SIZE 8
#define POSTAL_DIGITS 7

/* --- the tables ---------------------------------------------------------------------------------
 */

static const struct registration_item person_items[] = {
    [P_NUMBER] = {"individual_number", "個人番号", ITEM_INDIVIDUAL, false, 0, 0, NULL},
    [P_NAME] = {"name", "氏名", ITEM_TEXT, true, 1, 100, NULL},
    [P_KANA] = {"name_kana", "氏名カナ", ITEM_TEXT, true, 1, 100, NULL},
    [P_OTHER_NAME] = {"other_name", "氏名（その他）", ITEM_TEXT, false, 1, 100, NULL},
    [P_OTHER_KANA] = {"other_name_kana", "氏名カナ（その他）", ITEM_TEXT, false, 1, 100, NULL},
    [P_SEX1] = {"sex1", "性別1", ITEM_CODE, true, 0, 0, "1,2,3"},
    [P_SEX2] = {"sex2", "性別2", ITEM_CODE, false, 0, 0, "1,2,3"},
    [P_BIRTH] = {"birth", "生年月日", ITEM_DATE, true, 0, 0, NULL},
    [P_POSTAL] = {"postal_code", "郵便番号", ITEM_POSTAL, false, 0, 0, NULL},
    [P_ADDRESS] = {"address", "住所", ITEM_TEXT, true, 1, 200, NULL},
    [P_IDENTITY] = {"identity", "本人確認判定フラグ", ITEM_CODE, true, 0, 0, "0,1,2,9"},
    [P_REASON] = {"reason", "疑いなしの理由", ITEM_TEXT, false, 1, 100, NULL},
};
static const struct registration_item qualification_items[] = {
    [Q_SYMBOL] = {"symbol", "記号", ITEM_TEXT, false, 1, 20, NULL},
    [Q_NUMBER] = {"number", "番号", ITEM_TEXT, true, 1, 20, NULL},
    [Q_BRANCH] = {"branch", "枝番", ITEM_BRANCH, false, 0, 0, NULL},
    [Q_RELATION] = {"relation", "本人・家族の別", ITEM_CODE, true, 0, 0, "1,2"},
    [Q_INSURED_NAME] = {"insured_name", "被保険者氏名（世帯主氏名）", ITEM_TEXT, false, 1, 100,
                        NULL},
    [Q_FROM] = {"acquired", "資格取得年月日", ITEM_DATE, true, 0, 0, NULL},
    [Q_FROM_REASON] = {"acquisition_reason", "資格取得事由", ITEM_NUMBER, false, 0, 999, NULL},
    [Q_UNTIL] = {"lost", "資格喪失年月日", ITEM_DATE, false, 0, 0, NULL},
    [Q_LOSS_REASON] = {"loss_reason", "資格喪失事由", ITEM_CODE, false, 0, 0, "01,02,03,99"},
    [Q_PRESCHOOL] = {"preschool", "未就学区分", ITEM_CODE, false, 0, 0, "0,1"},
};
static const struct registration_item certificate_items[] = {
    [C_KIND] = {"kind", "被保険者証区分", ITEM_CODE, false, 0, 0, "01,02,03,04,05,06,07,A1"},
    [C_ISSUED] = {"issued", "交付年月日", ITEM_DATE, false, 0, 0, NULL},
    [C_FROM] = {"valid_from", "有効開始年月日", ITEM_DATE, false, 0, 0, NULL},
    [C_UNTIL] = {"valid_until", "有効終了年月日", ITEM_DATE, false, 0, 0, NULL},
    [C_SHARE] = {"share", "一部負担金割合", ITEM_CODE, false, 0, 0, "000,010,020,030"},
};
static const struct registration_item elderly_items[] = {
    [E_ISSUED] = {"issued", "交付年月日", ITEM_DATE, false, 0, 0, NULL},
    [E_FROM] = {"valid_from", "有効開始年月日", ITEM_DATE, true, 0, 0, NULL},
    [E_UNTIL] = {"valid_until", "有効終了年月日", ITEM_DATE, true, 0, 0, NULL},
    [E_SHARE] = {"share", "一部負担金割合", ITEM_CODE, true, 0, 0, "010,020,030"},
};
static const struct registration_item limit_items[] = {
    [L_KIND] = {"kind", "限度額適用認定証区分", ITEM_CODE, true, 0, 0, "01,02,03"},
    [L_CATEGORY] = {"category", "適用区分", ITEM_CODE, true, 0, 0,
                    "A01,A02,A03,A04,A05,A06,B01,B02,B03,B04,B05,B06,B07,B08,B09,B10"},
    [L_ISSUED] = {"issued", "交付年月日", ITEM_DATE, false, 0, 0, NULL},
    [L_FROM] = {"valid_from", "有効開始年月日", ITEM_DATE, true, 0, 0, NULL},
    [L_UNTIL] = {"valid_until", "有効終了年月日", ITEM_DATE, true, 0, 0, NULL},
    [L_LONG_STAY] = {"long_stay", "長期入院該当年月日", ITEM_DATE, false, 0, 0, NULL},
};
static const struct registration_item disease_items[] = {
    [S_CATEGORY] = {"category", "認定疾病区分", ITEM_CODE, true, 0, 0, "1,2,3"},
    [S_ISSUED] = {"issued", "交付年月日", ITEM_DATE, false, 0, 0, NULL},
    [S_FROM] = {"valid_from", "有効開始年月日", ITEM_DATE, true, 0, 0, NULL},
    [S_UNTIL] = {"valid_until", "有効終了年月日", ITEM_DATE, true, 0, 0, NULL},
    [S_LIMIT] = {"monthly_limit", "自己負担限度額", ITEM_NUMBER, true, 0, 10000000, NULL},
};
static const struct registration_item flag_items[] = {
    [F_NON_DISCLOSURE] = {"non_disclosure", "不開示該当フラグ", ITEM_CODE, true, 0, 0, "0,1"},
    [F_REFUSAL] = {"refusal", "自己情報提供不可フラグ", ITEM_CODE, true, 0, 0, "0,1"},
    [F_FROM] = {"valid_from", "開始年月日", ITEM_DATE, false, 0, 0, NULL},
    [F_UNTIL] = {"valid_until", "終了年月日", ITEM_DATE, false, 0, 0, NULL},
};
static const struct registration_item request_items[] = {
    [D_REQUESTED] = {"requested", "申請年月日", ITEM_DATE, true, 0, 0, NULL},
    [D_CHANNEL] = {"channel", "受付経路", ITEM_CODE, true, 0, 0, "1,2,3"},
    [D_PROXY] = {"proxy", "代理人申請", ITEM_CODE, true, 0, 0, "0,1"},
};

#define ITEMS(items) items, sizeof(items) / sizeof *(items)

static const struct registration_type types[ROW_TYPE_COUNT] = {
    [ROW_PERSON] = {'P', "加入者基本情報", "NUX", ITEMS(person_items)},
    [ROW_QUALIFICATION] = {'Q', "資格情報", "NULX", ITEMS(qualification_items)},
    [ROW_CERTIFICATE] = {'C', "被保険者証等情報", "NUX", ITEMS(certificate_items)},
    [ROW_ELDERLY] = {'E', "高齢受給者証情報", "NUX", ITEMS(elderly_items)},
    [ROW_LIMIT] = {'L', "限度額適用認定証関連情報", "NUX", ITEMS(limit_items)},
    [ROW_DISEASE] = {'S', "特定疾病療養受療証情報", "NUX", ITEMS(disease_items)},
    [ROW_FLAGS] = {'F', "不開示・自己情報提供不可", "NUX", ITEMS(flag_items)},
    [ROW_REQUEST] = {'D', "利用登録解除申請", "NX", ITEMS(request_items)},
};

static const char op_letters[OP_COUNT + 1] = "NULX";

const struct registration_type *registration_type_at(enum registration_row_type type)
{
    return &types[type];
}

/* --- values -------------------------------------------------------------------------------------
 */

static bool plain_text(struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte < 0x20 || byte == 0x7f)
            return false;
    }
    return text_is_utf8(text);
}

/* The code's number: its hexadecimal digits where it has letters (A1), else decimal; of classes
 * (A01, B10) the text counts. False where the list does not have it. */
static bool read_code(const char *codes, struct text text, int64_t *out)
{
    const char *at = codes;

    while (at) {
        const char *comma = strchr(at, ',');
        size_t size = comma ? (size_t)(comma - at) : strlen(at);
        if (size == text.size && memcmp(at, text.bytes, size) == 0) {
            if (!text_read_number(text, out))
                *out = text.size == 2 ? 0xA1 : 0; /* OQSCD010 A1 */
            return true;
        }
        at = comma ? comma + 1 : NULL;
    }
    return false;
}

static enum cause check_text(const struct registration_item *item, struct text text)
{
    if (!plain_text(text))
        return CAUSE_ROW_TEXT;
    /* a character has at least one byte: counting is for those that may be too many */
    if (text.size > (size_t)item->maximum && text_length(text) > (size_t)item->maximum)
        return CAUSE_ROW_TOO_LONG;
    return CAUSE_NONE;
}

static enum cause check_postal(struct text text)
{
    size_t digits = 0;

    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] >= '0' && text.bytes[i] <= '9')
            digits++;
        else if (text.bytes[i] != '-' || i != 3)
            return CAUSE_ROW_NUMBER;
    }
    return digits == POSTAL_DIGITS ? CAUSE_NONE : CAUSE_ROW_NUMBER;
}

static enum cause read_date(struct text text, int64_t *out)
{
    struct date date = DATE_NONE;

    if (!date_read(text.bytes, text.size, &date))
        return CAUSE_ROW_DATE;
    *out = date.yyyymmdd;
    return CAUSE_NONE;
}

static enum cause read_number(const struct registration_item *item, struct text text, int64_t *out)
{
    if (!text_read_number(text, out) || *out < item->minimum || *out > item->maximum)
        return CAUSE_ROW_NUMBER;
    return CAUSE_NONE;
}

static enum cause read_told(const struct registration_item *item, struct registration_value *value)
{
    switch (item->kind) {
    case ITEM_DATE:
        return read_date(value->text, &value->number);
    case ITEM_NUMBER:
        return read_number(item, value->text, &value->number);
    case ITEM_CODE:
        return read_code(item->codes, value->text, &value->number) ? CAUSE_NONE : CAUSE_ROW_CODE;
    case ITEM_INDIVIDUAL:
        return number_check(NUMBER_INDIVIDUAL, value->text) == NUMBER_GOOD ? CAUSE_NONE
                                                                           : CAUSE_ROW_INDIVIDUAL;
    case ITEM_POSTAL:
        return check_postal(value->text);
    case ITEM_BRANCH:
        return value->text.size <= 2 && text_is_digits(value->text) ? CAUSE_NONE : CAUSE_ROW_NUMBER;
    case ITEM_TEXT:
        break;
    }
    return check_text(item, value->text);
}

static enum cause read_value(const struct registration_item *item, bool must,
                             struct registration_value *value)
{
    value->number = 0;
    value->told = TOLD_VALUE;
    if (text_is(value->text, "-"))
        value->told = TOLD_NONE;
    else if (value->text.size == 0)
        value->told = TOLD_NOTHING;
    if (value->told == TOLD_VALUE)
        return read_told(item, value);
    value->text = (struct text){0};
    /* what is required cannot be taken away either */
    return must || (item->required && value->told == TOLD_NONE) ? CAUSE_ROW_MISSING : CAUSE_NONE;
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static bool refuse(struct registration_finding *finding, enum cause cause, const char *item)
{
    *finding = (struct registration_finding){cause, item};
    return false;
}

static bool read_type(struct text text, enum registration_row_type *out)
{
    for (int i = 0; i < ROW_TYPE_COUNT; i++)
        if (text.size == 1 && text.bytes[0] == types[i].letter) {
            *out = (enum registration_row_type)i;
            return true;
        }
    return false;
}

static bool read_op(const struct registration_type *type, struct text text,
                    enum registration_op *out)
{
    const char *letter = NULL;

    if (text.size != 1 || text.bytes[0] == '\0' || !strchr(type->ops, text.bytes[0]))
        return false;
    letter = strchr(op_letters, text.bytes[0]);
    *out = (enum registration_op)(letter - op_letters);
    return true;
}

static bool read_day(struct text text, const char *item, struct date *out,
                     struct registration_finding *finding)
{
    *out = DATE_NONE;
    if (text.size > 0 && !date_read(text.bytes, text.size, out))
        return refuse(finding, CAUSE_ROW_DATE, item);
    return true;
}

static bool read_common(const struct csv_record *record, struct registration_row *out,
                        struct registration_finding *finding)
{
    static const struct registration_item key = {"key", "保険者の管理番号",   ITEM_TEXT, true,
                                                 1,     REGISTRATION_KEY_MAX, NULL};
    enum cause cause = CAUSE_NONE;

    if (!read_type(record->fields[0], &out->type))
        return refuse(finding, CAUSE_ROW_TYPE, "");
    if (record->count != REGISTRATION_COMMON + types[out->type].count)
        return refuse(finding, CAUSE_ROW_COLUMNS, "");
    if (!read_op(&types[out->type], record->fields[1], &out->op))
        return refuse(finding, CAUSE_ROW_OP, "op");
    cause = check_text(&key, record->fields[2]);
    if (cause != CAUSE_NONE || record->fields[2].size == 0)
        return refuse(finding, cause != CAUSE_NONE ? cause : CAUSE_ROW_MISSING, "key");
    out->key = record->fields[2];
    return read_day(record->fields[3], "effective", &out->effective, finding) &&
           read_day(record->fields[4], "received", &out->received, finding);
}

bool registration_row_read(const struct csv_record *record, struct registration_row *out,
                           struct registration_finding *finding)
{
    const struct registration_type *type = NULL;

    out->key = (struct text){0};
    *finding = (struct registration_finding){CAUSE_NONE, ""};
    if (!read_common(record, out, finding))
        return false;
    type = &types[out->type];
    for (size_t i = 0; i < type->count; i++) {
        const struct registration_item *item = &type->items[i];
        enum cause cause = CAUSE_NONE;
        out->values[i].text = record->fields[REGISTRATION_COMMON + i];
        cause = read_value(item, item->required && out->op == OP_NEW, &out->values[i]);
        if (cause != CAUSE_NONE)
            return refuse(finding, cause, item->name);
    }
    return true;
}

static void add_day(struct text_buffer *buffer, struct date day)
{
    text_buffer_add_char(buffer, ',');
    if (date_is(day))
        text_buffer_add_format(buffer, "%d", day.yyyymmdd);
}

void registration_row_write(struct text_buffer *buffer, const struct registration_row *row)
{
    const struct registration_type *type = &types[row->type];

    text_buffer_add_char(buffer, type->letter);
    text_buffer_add_char(buffer, ',');
    text_buffer_add_char(buffer, op_letters[row->op]);
    text_buffer_add_char(buffer, ',');
    csv_write(buffer, row->key);
    add_day(buffer, row->effective);
    add_day(buffer, row->received);
    for (size_t i = 0; i < type->count; i++) {
        text_buffer_add_char(buffer, ',');
        if (row->values[i].told == TOLD_NONE)
            text_buffer_add_char(buffer, '-');
        else if (row->values[i].told == TOLD_VALUE)
            csv_write(buffer, row->values[i].text);
    }
    text_buffer_add_char(buffer, '\n');
}

/* --- header and trailer -------------------------------------------------------------------------
 */

/* yyyymmdd, or with hhmmss behind. */
static bool created_ok(struct text created)
{
    struct date day = {0};
    const char *time = created.bytes + 8;

    if ((created.size != 8 && created.size != 14) || !text_is_digits(created) ||
        !date_read(created.bytes, 8, &day))
        return false;
    return created.size == 8 || (memcmp(time, "24", 2) < 0 && time[2] < '6' && time[4] < '6');
}

enum status registration_header_read(struct scope *scope, const struct csv_record *record,
                                     struct registration_header *out)
{
    struct text first = record->fields[0];

    if (text_starts_with(first, "\xEF\xBB\xBF")) /* a byte order mark says nothing that matters */
        first = (struct text){first.bytes + 3, first.size - 3};
    if (record->count != 5 || !text_is(first, "H"))
        return scope_fail(scope, CAUSE_REGISTRATION_HEADER, "the first line must be H,1,...");
    if (!text_is(record->fields[1], "1"))
        return scope_fail(scope, CAUSE_REGISTRATION_HEADER, "only version 1 is known");
    if (insurer_number_read(record->fields[2], &out->insurer) != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_REGISTRATION_HEADER, "the insurer number is wrong");
    out->created = record->fields[3];
    if (!created_ok(out->created))
        return scope_fail(scope, CAUSE_REGISTRATION_HEADER, "created is yyyymmdd or with hhmmss");
    if (!text_read_number(record->fields[4], &out->rows) || out->rows > REGISTRATION_ROWS_MAX)
        return scope_fail(scope, CAUSE_REGISTRATION_HEADER, "rows is a number to %d",
                          REGISTRATION_ROWS_MAX);
    return STATUS_OK;
}

void registration_header_write(struct text_buffer *buffer, const struct registration_header *header)
{
    text_buffer_add_format(buffer, "H,%d,%s%s,%.*s,%lld\n", REGISTRATION_FILE_VERSION,
                           strlen(header->insurer.digits) == 6 ? "00" : "", header->insurer.digits,
                           TEXT_ARGS(header->created), (long long)header->rows);
}

bool registration_is_trailer(struct text raw)
{
    return raw.size > 1 && raw.bytes[0] == 'T' && raw.bytes[1] == ',';
}

enum status registration_trailer_read(struct scope *scope, const struct csv_record *record,
                                      struct registration_trailer *out)
{
    struct text hash = record->count == 3 ? record->fields[2] : (struct text){0};

    if (record->count != 3 || !text_read_number(record->fields[1], &out->rows))
        return scope_fail(scope, CAUSE_REGISTRATION_CUT, "the last line must be T,rows,sha256");
    for (size_t i = 0; i < hash.size; i++)
        if (!strchr("0123456789abcdef", hash.bytes[i]) || hash.bytes[i] == '\0')
            hash.size = 0;
    if (hash.size != sizeof out->sha256 - 1)
        return scope_fail(scope, CAUSE_REGISTRATION_CUT, "sha256 is 64 hexadecimal digits");
    memcpy(out->sha256, hash.bytes, hash.size);
    out->sha256[hash.size] = '\0';
    return STATUS_OK;
}

void registration_trailer_write(struct text_buffer *buffer,
                                const struct registration_trailer *trailer)
{
    text_buffer_add_format(buffer, "T,%lld,%s\n", (long long)trailer->rows, trailer->sha256);
}

/* --- the reply ----------------------------------------------------------------------------------
 */

int registration_result(const struct registration_finding *finding)
{
    if (finding->cause == CAUSE_NONE)
        return 0;
    return failure_text(finding->cause)->status == STATUS_OK ? 1 : 2;
}

void registration_reply_write(struct text_buffer *buffer, const struct registration_reply *reply)
{
    const struct failure_text *words = failure_text(reply->finding.cause);
    int result = registration_result(&reply->finding);

    text_buffer_add_format(buffer, "%lld,%d,", (long long)reply->row, result);
    if (result != 0) { /* our own texts: none has a quote; a test holds it */
        text_buffer_add_string(buffer, words->code);
        text_buffer_add_char(buffer, ',');
        text_buffer_add_string(buffer, reply->finding.item);
        text_buffer_add_char(buffer, ',');
        text_buffer_add_char(buffer, '"');
        text_buffer_add_string(buffer, words->desk_ja);
        text_buffer_add_string(buffer, " / ");
        text_buffer_add_string(buffer, words->desk_en);
        text_buffer_add_char(buffer, '"');
    } else {
        text_buffer_add_string(buffer, ",,");
    }
    text_buffer_add_char(buffer, ',');
    if (reply->difference >= 0)
        text_buffer_add_char(buffer, (char)('0' + reply->difference));
    text_buffer_add_char(buffer, ',');
    if (result != 2)
        text_buffer_add_format(buffer, "%lld", (long long)instant_to_japan14(reply->visible));
    text_buffer_add_char(buffer, '\n');
}
