/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_rows.h"

#include <string.h>

#include "domain/protection.h"
#include "store/store_member.h"

#define FIRST_ROOM 4

/* Bytes of a text; ours, wide enough for the longest value of a registration file. */
#define NAME_MAX_BYTES 1024
#define ADDRESS_MAX_BYTES 2048
#define POSTAL_MAX_BYTES 32
#define SYMBOL_MAX_BYTES 128
#define RULE_MAX_BYTES 64
#define REASON_MAX_BYTES 512
#define CODE_MAX_BYTES 16
#define LINK_DIGITS 64 /* hexadecimal, of HMAC-SHA256 */

/* What a value may be. */
enum column_kind {
    COLUMN_NUMBER,       /* minimum to maximum, or also */
    COLUMN_DATE,         /* a day of the calendar */
    COLUMN_DATE_OR_NONE, /* or 0 */
    COLUMN_TEXT,         /* UTF-8 without NUL, at most maximum bytes */
    COLUMN_INSURER,      /* 6 or 8 digits */
    COLUMN_SOURCE,       /* the same, or "register" */
    COLUMN_INSTITUTION,  /* 10 digits */
    COLUMN_BRANCH,       /* two digits or empty */
    COLUMN_CATEGORY,     /* A or B and two digits */
    COLUMN_LINK,         /* 64 lower-case hexadecimal digits */
};

struct column {
    const char *name;
    enum column_kind kind;
    int64_t minimum, maximum;
    int64_t also; /* one more number that is allowed */
};

#define ID(name)                                                                                   \
    {                                                                                              \
        name, COLUMN_NUMBER, 0, INT64_MAX, 0                                                       \
    }
#define ANY(name)                                                                                  \
    {                                                                                              \
        name, COLUMN_NUMBER, INT64_MIN, INT64_MAX, 0                                               \
    }
#define NUMBER(name, minimum, maximum)                                                             \
    {                                                                                              \
        name, COLUMN_NUMBER, minimum, maximum, minimum                                             \
    }
#define NUMBER_ALSO(name, minimum, maximum, also)                                                  \
    {                                                                                              \
        name, COLUMN_NUMBER, minimum, maximum, also                                                \
    }
#define DAY(name)                                                                                  \
    {                                                                                              \
        name, COLUMN_DATE, 0, 0, 0                                                                 \
    }
#define DAY_OR_NONE(name)                                                                          \
    {                                                                                              \
        name, COLUMN_DATE_OR_NONE, 0, 0, 0                                                         \
    }
#define TEXT_COLUMN(name, bytes)                                                                   \
    {                                                                                              \
        name, COLUMN_TEXT, 0, bytes, 0                                                             \
    }
#define SHAPED(name, kind)                                                                         \
    {                                                                                              \
        name, kind, 0, 0, 0                                                                        \
    }

static const struct column person_columns[PERSON_COLUMNS] = {
    ID("person_id"),
    TEXT_COLUMN("name", NAME_MAX_BYTES),
    TEXT_COLUMN("name_kana", NAME_MAX_BYTES),
    TEXT_COLUMN("other_name", NAME_MAX_BYTES),
    TEXT_COLUMN("other_name_kana", NAME_MAX_BYTES),
    TEXT_COLUMN("postal_code", POSTAL_MAX_BYTES),
    TEXT_COLUMN("address", ADDRESS_MAX_BYTES),
    DAY("birth"),
    NUMBER("sex1", SEX_NONE, SEX_NOT_SET),
    NUMBER("sex2", SEX_NONE, SEX_NOT_SET),
    NUMBER("protection", 0, PROTECTION_NON_DISCLOSURE | PROTECTION_SELF_REFUSAL),
    NUMBER("register_difference", 0, 3),
    DAY_OR_NONE("registered"),
    DAY_OR_NONE("deregisters"),
    NUMBER("holds", 0, HOLDS_ELDERLY | HOLDS_LIMIT | HOLDS_DISEASE),
    ANY("recorded"),
};
static const struct column coverage_columns[COVERAGE_COLUMNS] = {
    ID("person_id"),
    ID("coverage_id"),
    SHAPED("insurer", COLUMN_INSURER),
    TEXT_COLUMN("symbol", SYMBOL_MAX_BYTES),
    TEXT_COLUMN("number", SYMBOL_MAX_BYTES),
    SHAPED("branch", COLUMN_BRANCH),
    NUMBER("relation", RELATION_NONE, RELATION_FAMILY),
    TEXT_COLUMN("insured_name", NAME_MAX_BYTES),
    DAY("held_from"),
    DAY("held_until"),
    NUMBER_ALSO("loss_reason", LOSS_NONE, LOSS_OTHER_INSURANCE, LOSS_OTHER),
    NUMBER_ALSO("kind", KIND_GENERAL, KIND_SELF_DEFENCE, KIND_MEDICAL_ASSISTANCE),
    NUMBER("paper", PAPER_NONE, PAPER_ELIGIBILITY_NOTICE),
    DAY_OR_NONE("issued"),
    DAY_OR_NONE("valid_from"),
    DAY_OR_NONE("valid_until"),
    NUMBER("share", 0, 100),
    ANY("recorded"),
};
static const struct column elderly_columns[ELDERLY_COLUMNS] = {
    ID("person_id"),       ID("coverage_id"),       DAY("valid_from"), DAY("valid_until"),
    DAY_OR_NONE("issued"), NUMBER("share", 0, 100), ANY("recorded"),
};
static const struct column limit_columns[LIMIT_COLUMNS] = {
    ID("person_id"),
    ID("coverage_id"),
    DAY("valid_from"),
    DAY("valid_until"),
    DAY_OR_NONE("issued"),
    NUMBER("kind", 1, 3),
    SHAPED("category", COLUMN_CATEGORY),
    DAY_OR_NONE("long_stay"),
    ANY("recorded"),
};
static const struct column disease_columns[DISEASE_COLUMNS] = {
    ID("person_id"),
    ID("coverage_id"),
    NUMBER("category", 1, 3),
    DAY("valid_from"),
    DAY("valid_until"),
    DAY_OR_NONE("issued"),
    NUMBER("monthly_limit", 0, INT32_MAX),
    ANY("recorded"),
};
static const struct column certificate_columns[CERTIFICATE_COLUMNS] = {
    NUMBER("issuer", 0, INT32_MAX),
    ANY("serial"),
    ID("person_id"),
    DAY_OR_NONE("not_before"),
    DAY("expires"),
    NUMBER("state", CERTIFICATE_CURRENT, CERTIFICATE_SUPERSEDED),
    ANY("successor"),
    NUMBER("phone", 0, 1),
    ANY("recorded"),
};
static const struct column insurer_columns[INSURER_COLUMNS] = {
    SHAPED("number", COLUMN_INSURER),
    TEXT_COLUMN("name", NAME_MAX_BYTES),
    ANY("recorded"),
};
static const struct column institution_columns[INSTITUTION_COLUMNS] = {
    SHAPED("code", COLUMN_INSTITUTION),
    TEXT_COLUMN("name", NAME_MAX_BYTES),
    NUMBER("type", FACILITY_HOSPITAL, FACILITY_MIDWIFERY),
    NUMBER_ALSO("measure", 2, 6, 0),
    DAY_OR_NONE("measure_until"),
    ANY("recorded"),
};
static const struct column registration_columns[REGISTRATION_COLUMNS] = {
    ID("person_id"),
    DAY("used_from"),
    DAY_OR_NONE("used_until"),
    NUMBER("way", REGISTERED_BEFORE, REGISTERED_AT_PORTAL),
    NUMBER("ended", REGISTRATION_RUNS, REGISTRATION_DEREGISTERED),
    ANY("recorded"),
};
#define TIME_MAX INT64_C(99991231235959) /* yyyymmddhhmmss */
static const struct column device_columns[DEVICE_COLUMNS] = {
    TEXT_COLUMN("device", MOBILE_ID_SIZE - 1),
    SHAPED("institution", COLUMN_INSTITUTION),
    NUMBER("class", CLASS_MOBILE_CONSENT, CLASS_ELIGIBILITY_ONLY),
    TEXT_COLUMN("code_hash", MOBILE_HASH_SIZE - 1),
    ANY("code_until"),
    TEXT_COLUMN("secret_hash", MOBILE_HASH_SIZE - 1),
    ANY("recorded"),
};
static const struct column consent_columns[CONSENT_COLUMNS] = {
    ID("person_id"),
    SHAPED("institution", COLUMN_INSTITUTION),
    NUMBER("given", 0, TIME_MAX),
    DAY("until"),
    NUMBER_ALSO("ended", 0, 0, 2),
    NUMBER("consents", 0, CONSENT_LIMIT | CONSENT_DISEASE | CONSENT_MEDICAL),
    NUMBER("mode", IDENTITY_FACE, IDENTITY_VISUAL),
    ANY("recorded"),
};
static const struct column key_columns[KEY_COLUMNS] = {
    SHAPED("insurer", COLUMN_INSURER),
    TEXT_COLUMN("symbol", SYMBOL_MAX_BYTES),
    TEXT_COLUMN("number", SYMBOL_MAX_BYTES),
    DAY("birth"),
    ID("person_id"),
    ID("coverage_id"),
    SHAPED("branch", COLUMN_BRANCH),
};
static const struct column person_key_columns[PERSON_KEY_COLUMNS] = {
    SHAPED("link", COLUMN_LINK),
    ID("person_id"),
    ANY("recorded"),
};
static const struct column register_check_columns[REGISTER_CHECK_COLUMNS] = {
    ID("person_id"),
    NUMBER("waiting", 0, 1),
    ANY("requested"),
    ANY("compared"),
    NUMBER("difference", 0, 3),
    TEXT_COLUMN("rule", RULE_MAX_BYTES),
    TEXT_COLUMN("reason", REASON_MAX_BYTES),
    TEXT_COLUMN("reason_by", REASON_MAX_BYTES),
    NUMBER("reason_class", 0, 3),
    ANY("recorded"),
};
static const struct column register_notice_columns[REGISTER_NOTICE_COLUMNS] = {
    ID("person_id"),
    ID("sequence"),
    NUMBER("kind", 1, 5),
    DAY("day"),
    NUMBER("protection", 0, PROTECTION_NON_DISCLOSURE | PROTECTION_SELF_REFUSAL),
    ANY("recorded"),
};

static const struct column member_columns[MEMBER_COLUMNS] = {
    SHAPED("insurer", COLUMN_INSURER),
    TEXT_COLUMN("member_key", SYMBOL_MAX_BYTES),
    ID("person_id"),
    NUMBER_ALSO("identity", 0, 2, 9),
    ANY("recorded"),
};
static const struct column clock_columns[CLOCK_COLUMNS] = {
    ID("person_id"),
    ID("coverage_id"),
    NUMBER("event", CLOCK_ACQUISITION, CLOCK_LOSS),
    SHAPED("insurer", COLUMN_INSURER),
    TEXT_COLUMN("symbol", SYMBOL_MAX_BYTES),
    DAY("happened"),
    DAY_OR_NONE("received"),
    ANY("registered"),
    NUMBER("late", 0, CLOCK_NOTICE_LATE | CLOCK_REGISTRATION_LATE),
};
static const struct column file_columns[FILE_COLUMNS] = {
    SHAPED("insurer", COLUMN_INSURER),
    SHAPED("sha256", COLUMN_LINK),
    ID("row_count"),
    NUMBER("state", FILE_LOADING, FILE_STOPPED),
    ANY("begun"),
    ID("next_row"),
    ID("next_byte"),
    ID("reply_size"),
    ID("accepted"),
    ID("warned"),
    ID("refused"),
    ANY("recorded"),
};
static const struct column deregistration_columns[DEREGISTRATION_COLUMNS] = {
    ID("person_id"),
    ID("request_id"),
    DAY("requested"),
    DAY("received"),
    SHAPED("insurer", COLUMN_INSURER),
    NUMBER("channel", DEREGISTRATION_BY_TERMINAL, DEREGISTRATION_BY_LINK),
    NUMBER("proxy", 0, 1),
    NUMBER("state", DEREGISTRATION_REQUESTED, DEREGISTRATION_WITHDRAWN),
    DAY("executes"),
    DAY_OR_NONE("executed"),
    TEXT_COLUMN("error", CODE_MAX_BYTES),
    ANY("recorded"),
};
static const struct column document_columns[DOCUMENT_COLUMNS] = {
    ID("person_id"),
    NUMBER("kind", ISSUE_CERTIFICATE, ISSUE_NOTICE),
    ID("serial"),
    SHAPED("insurer", COLUMN_INSURER),
    ID("coverage_id"),
    TEXT_COLUMN("reason", CODE_MAX_BYTES),
    TEXT_COLUMN("rule", RULE_MAX_BYTES),
    DAY("due"),
    DAY("latest"),
    DAY_OR_NONE("issued"),
    DAY("valid_from"),
    DAY("valid_until"),
    NUMBER("state", ISSUE_DUE, ISSUE_CANCELLED),
    DAY_OR_NONE("returned"),
    ID("replaced_by"),
    NUMBER("special", 0, 1),
    ANY("recorded"),
};
static const struct column need_columns[NEED_COLUMNS] = {
    ID("person_id"), NUMBER("need", NEED_CARD_RETURNED, NEED_LAST),
    DAY("since"),    DAY("until"),
    ANY("recorded"),
};
static const struct column policy_columns[POLICY_COLUMNS] = {
    SHAPED("insurer", COLUMN_INSURER),
    DAY("valid_from"),
    NUMBER("gives_both", 0, 1),
    NUMBER("certificate_years", 0, 5),
    NUMBER("expiry_months", 1, 3),
    NUMBER("uses_12_months", 0, INT32_MAX),
    NUMBER("uses_3_months", 0, INT32_MAX),
    NUMBER("uses_month", 1, 12),
    ANY("recorded"),
};
static const struct column card_use_columns[CARD_USE_COLUMNS] = {
    ID("person_id"),
    NUMBER("month", 200001, 999912),
    NUMBER("uses", 1, INT64_MAX),
};
static const struct column use_position_columns[USE_POSITION_COLUMNS] = {
    TEXT_COLUMN("journal", 32), ID("records"),  NUMBER("segment", 0, INT32_MAX),
    TEXT_COLUMN("hash", 64),    DAY("counted"), ANY("recorded"),
};
static const struct column filing_columns[FILING_COLUMNS] = {
    ID("person_id"),
    SHAPED("source", COLUMN_SOURCE),
    NUMBER("flag", PROTECTION_NON_DISCLOSURE, PROTECTION_SELF_REFUSAL),
    DAY_OR_NONE("valid_from"),
    DAY("valid_until"),
    ANY("recorded"),
};
static const struct column job_columns[JOB_COLUMNS] = {
    TEXT_COLUMN("kind", RULE_MAX_BYTES),
    DAY("day"),
    NUMBER("state", 1, 2),
    ID("next_person"),
    ID("executed"),
    ID("failed"),
    ID("lapsed"),
    ID("documents"),
    ID("changed"),
    ANY("recorded"),
};

static const struct table tables[TABLE_COUNT] = {
    [TABLE_DEREGISTRATION] = {"deregistration_request", deregistration_columns,
                              DEREGISTRATION_COLUMNS, 2},
    [TABLE_DOCUMENT] = {"document", document_columns, DOCUMENT_COLUMNS, 3},
    [TABLE_NEED] = {"document_need", need_columns, NEED_COLUMNS, 3},
    [TABLE_POLICY] = {"insurer_policy", policy_columns, POLICY_COLUMNS, 2},
    [TABLE_CARD_USE] = {"card_use", card_use_columns, CARD_USE_COLUMNS, 2},
    [TABLE_USE_POSITION] = {"card_use_position", use_position_columns, USE_POSITION_COLUMNS, 1},
    [TABLE_FILING] = {"protection_filing", filing_columns, FILING_COLUMNS, 3},
    [TABLE_JOB] = {"job", job_columns, JOB_COLUMNS, 2},
    [TABLE_PERSON] = {"person", person_columns, PERSON_COLUMNS, 1},
    [TABLE_COVERAGE] = {"coverage", coverage_columns, COVERAGE_COLUMNS, 2},
    [TABLE_ELDERLY] = {"elderly_certificate", elderly_columns, ELDERLY_COLUMNS, 3},
    [TABLE_LIMIT] = {"limit_certificate", limit_columns, LIMIT_COLUMNS, 3},
    [TABLE_DISEASE] = {"specified_disease", disease_columns, DISEASE_COLUMNS, 4},
    [TABLE_CERTIFICATE] = {"authentication_certificate", certificate_columns, CERTIFICATE_COLUMNS,
                           2},
    [TABLE_INSURER] = {"insurer", insurer_columns, INSURER_COLUMNS, 1},
    [TABLE_INSTITUTION] = {"institution", institution_columns, INSTITUTION_COLUMNS, 1},
    [TABLE_REGISTRATION] = {"registration", registration_columns, REGISTRATION_COLUMNS, 2},
    [TABLE_DEVICE] = {"mobile_device", device_columns, DEVICE_COLUMNS, 1},
    [TABLE_CONSENT] = {"mobile_consent", consent_columns, CONSENT_COLUMNS, 2},
    [TABLE_KEY] = {"coverage_key", key_columns, KEY_COLUMNS, 6},
    [TABLE_PERSON_KEY] = {"person_key", person_key_columns, PERSON_KEY_COLUMNS, 1},
    [TABLE_REGISTER_CHECK] = {"register_check", register_check_columns, REGISTER_CHECK_COLUMNS, 1},
    [TABLE_REGISTER_NOTICE] = {"register_notice", register_notice_columns, REGISTER_NOTICE_COLUMNS,
                               2},
    [TABLE_MEMBER] = {"member", member_columns, MEMBER_COLUMNS, 2},
    [TABLE_CLOCK] = {"registration_clock", clock_columns, CLOCK_COLUMNS, 3},
    [TABLE_FILE] = {"registration_file", file_columns, FILE_COLUMNS, 2},
};

const struct table *table_of(enum table_id id)
{
    return &tables[id];
}

static bool digits(struct text text, size_t count)
{
    return text.size == count && text_is_digits(text);
}

static bool number_fits(const struct column *column, int64_t number)
{
    if (column->kind == COLUMN_NUMBER)
        return (number >= column->minimum && number <= column->maximum) || number == column->also;
    if (number == 0)
        return column->kind == COLUMN_DATE_OR_NONE;
    return number > 0 && number <= INT32_MAX && date_ok(DATE((int32_t)number));
}

static bool link_digits(struct text text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < text.size; i++)
        if (!memchr(digits, text.bytes[i], sizeof digits - 1))
            return false;
    return text.size == LINK_DIGITS;
}

static bool shape_fits(enum column_kind kind, struct text text)
{
    if (kind == COLUMN_SOURCE && text_is(text, PROTECTION_REGISTER))
        return true;
    if (kind == COLUMN_INSURER || kind == COLUMN_SOURCE)
        return digits(text, 6) || digits(text, 8);
    if (kind == COLUMN_INSTITUTION)
        return digits(text, 10);
    if (kind == COLUMN_BRANCH)
        return text.size == 0 || digits(text, 2);
    if (kind == COLUMN_LINK)
        return link_digits(text);
    return text.size == 3 && (text.bytes[0] == 'A' || text.bytes[0] == 'B') &&
           text_is_digits((struct text){text.bytes + 1, 2});
}

static bool is_text_column(const struct column *column)
{
    return column->kind >= COLUMN_TEXT;
}

/* CAUSE_NONE, or what is wrong with a value. */
static enum cause cell_fault(const struct column *column, const struct cell *cell)
{
    static const enum cause faults[] = {
        [COLUMN_NUMBER] = CAUSE_CODE_VALUE_WRONG,
        [COLUMN_DATE] = CAUSE_DATE_WRONG,
        [COLUMN_DATE_OR_NONE] = CAUSE_DATE_WRONG,
        [COLUMN_TEXT] = CAUSE_TEXT_WRONG,
        [COLUMN_INSURER] = CAUSE_INSURER_NUMBER_WRONG,
        [COLUMN_SOURCE] = CAUSE_INSURER_NUMBER_WRONG,
        [COLUMN_INSTITUTION] = CAUSE_INSTITUTION_CODE_WRONG,
        [COLUMN_BRANCH] = CAUSE_CODE_VALUE_WRONG,
        [COLUMN_CATEGORY] = CAUSE_CODE_VALUE_WRONG,
        [COLUMN_LINK] = CAUSE_CODE_VALUE_WRONG,
    };
    bool fits = false;

    if (!is_text_column(column))
        fits = cell->kind == CELL_NUMBER && number_fits(column, cell->number);
    else if (cell->kind != CELL_TEXT)
        fits = false;
    else if (column->kind != COLUMN_TEXT)
        fits = shape_fits(column->kind, cell->text);
    else if (cell->text.size > (size_t)column->maximum)
        return CAUSE_VALUE_TOO_LONG;
    else
        fits = text_is_utf8(cell->text);
    return fits ? CAUSE_NONE : faults[column->kind];
}

enum status row_check_put(struct scope *scope, enum table_id table, const struct cell *cells)
{
    for (size_t i = 0; i < tables[table].count; i++) {
        const struct column *column = &tables[table].columns[i];
        enum cause fault = cell_fault(column, &cells[i]);
        if (fault != CAUSE_NONE)
            return scope_fail(scope, fault, "%s.%s cannot be stored", tables[table].name,
                              column->name);
    }
    return STATUS_OK;
}

static enum status row_check_read(struct scope *scope, enum table_id table,
                                  const struct cell *cells, size_t *text_size)
{
    for (size_t i = 0; i < tables[table].count; i++) {
        const struct column *column = &tables[table].columns[i];
        if (cell_fault(column, &cells[i]) != CAUSE_NONE)
            return scope_fail(scope, CAUSE_STORE_CORRUPT, "%s.%s holds what it should not",
                              tables[table].name, column->name);
        if (cells[i].kind == CELL_TEXT)
            *text_size += cells[i].text.size + 1;
    }
    return STATUS_OK;
}

enum status row_take(struct scope *scope, enum table_id table, struct cell *cells)
{
    size_t size = 0;
    char *room = NULL;

    TRY(row_check_read(scope, table, cells, &size));
    if (size == 0)
        return STATUS_OK;
    TRY(scope_alloc(scope, size, 1, &room));
    for (size_t i = 0; i < tables[table].count; i++) {
        if (cells[i].kind != CELL_TEXT)
            continue;
        if (cells[i].text.size > 0)
            memcpy(room, cells[i].text.bytes, cells[i].text.size);
        cells[i].text.bytes = room;
        room += cells[i].text.size + 1; /* the scope's bytes are zero: a NUL lies behind each */
    }
    return STATUS_OK;
}

static bool cell_equal(const struct cell *a, const struct cell *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == CELL_TEXT ? text_equal(a->text, b->text) : a->number == b->number;
}

bool cells_equal(const struct cell *a, const struct cell *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!cell_equal(&a[i], &b[i]))
            return false;
    return true;
}

struct cell *row_at(const struct row_list *list, size_t row)
{
    return list->cells + row * tables[list->table].count;
}

enum status row_add(struct scope *scope, struct row_list *list, const struct cell *cells)
{
    size_t row_size = tables[list->table].count * sizeof *cells;

    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : FIRST_ROOM;
        struct cell *wider = NULL;
        TRY(scope_alloc(scope, capacity, row_size, &wider));
        if (list->count > 0)
            memcpy(wider, list->cells, list->count * row_size);
        list->cells = wider;
        list->capacity = capacity;
    }
    list->count++;
    memcpy(row_at(list, list->count - 1), cells, row_size);
    return STATUS_OK;
}

enum status row_keep(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct row_list *list = context;

    if (count != tables[list->table].count)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "%s has other columns",
                          tables[list->table].name);
    TRY(row_take(scope, list->table, cells));
    return row_add(scope, list, cells);
}

struct cell *row_find(const struct row_list *list, const struct cell *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (cells_equal(row_at(list, i), key, tables[list->table].key))
            return row_at(list, i);
    return NULL;
}
