/* SPDX-License-Identifier: Apache-2.0
 *
 * registration_file.h - the file in which an insurer (医療保険者等) registers its members.
 *
 * A header line, rows, a trailer line: docs/registration-files.md. Which columns a row has, and
 * what each may hold, stands in tables in registration_file.c. The official layout is not public;
 * this one is ours. Everything read is hostile: a row that cannot be is a finding, with its code
 * and its item, and the rows beside it are read all the same.
 * Source: insurers-and-documents 2, 3 and 12.2. Individual numbers stay in the row: they are in no
 * finding and no failure.
 */
#pragma once

#include "base/date.h"
#include "domain/number.h"
#include "format/csv.h"

#define REGISTRATION_FILE_VERSION 1
#define REGISTRATION_ROWS_MAX 100000000 /* in one file */
#define REGISTRATION_KEY_MAX 20         /* characters of an insurer's own key */
#define REGISTRATION_ITEMS_MAX 12       /* columns behind the common ones */
#define REGISTRATION_COMMON 5           /* type, op, key, effective date, received date */

enum registration_row_type {
    ROW_PERSON,        /* P 加入者基本情報 */
    ROW_QUALIFICATION, /* Q 資格情報 */
    ROW_CERTIFICATE,   /* C 被保険者証等情報 */
    ROW_ELDERLY,       /* E 高齢受給者証情報 */
    ROW_LIMIT,         /* L 限度額適用認定証関連情報 */
    ROW_DISEASE,       /* S 特定疾病療養受療証情報 */
    ROW_FLAGS,         /* F 不開示該当フラグ、自己情報提供不可フラグ */
    ROW_REQUEST,       /* D 利用登録解除申請 */
    ROW_TYPE_COUNT
};

enum registration_op {
    OP_NEW,    /* N */
    OP_CHANGE, /* U */
    OP_LOSS,   /* L: Q only */
    OP_CANCEL, /* X */
    OP_COUNT
};

/* What a column may hold. */
enum item_kind {
    ITEM_TEXT,       /* UTF-8 without control characters, at most maximum characters */
    ITEM_DATE,       /* yyyymmdd */
    ITEM_NUMBER,     /* ASCII digits, minimum to maximum */
    ITEM_CODE,       /* one of a list, in number as registration_code() gives it */
    ITEM_INDIVIDUAL, /* 個人番号 with its check digit */
    ITEM_POSTAL,     /* 7 digits, with or without a hyphen */
    ITEM_BRANCH,     /* one or two digits */
};

/* Columns behind the common ones, in their order. */
enum registration_place {
    P_NUMBER = 0,
    P_NAME,
    P_KANA,
    P_OTHER_NAME,
    P_OTHER_KANA,
    P_SEX1,
    P_SEX2,
    P_BIRTH,
    P_POSTAL,
    P_ADDRESS,
    P_IDENTITY,
    P_REASON,
    Q_SYMBOL = 0,
    Q_NUMBER,
    Q_BRANCH,
    Q_RELATION,
    Q_INSURED_NAME,
    Q_FROM,
    Q_FROM_REASON,
    Q_UNTIL,
    Q_LOSS_REASON,
    Q_PRESCHOOL,
    C_KIND = 0,
    C_ISSUED,
    C_FROM,
    C_UNTIL,
    C_SHARE,
    E_ISSUED = 0,
    E_FROM,
    E_UNTIL,
    E_SHARE,
    L_KIND = 0,
    L_CATEGORY,
    L_ISSUED,
    L_FROM,
    L_UNTIL,
    L_LONG_STAY,
    S_CATEGORY = 0,
    S_ISSUED,
    S_FROM,
    S_UNTIL,
    S_LIMIT,
    F_NON_DISCLOSURE = 0,
    F_REFUSAL,
    F_FROM,
    F_UNTIL,
    D_REQUESTED = 0,
    D_CHANNEL,
    D_PROXY,
};

struct registration_item {
    const char *name; /* "birth": as the reply names it */
    const char *ja;
    enum item_kind kind;
    bool required; /* in a row N */
    int minimum, maximum;
    const char *codes; /* ITEM_CODE: "01,02"; NULL else */
};

struct registration_type {
    char letter;
    const char *ja;
    const char *ops; /* letters that it may have */
    const struct registration_item *items;
    size_t count;
};

const struct registration_type *registration_type_at(enum registration_row_type type);

/* An empty column says nothing, "-" says that there is none. */
enum told { TOLD_NOTHING, TOLD_NONE, TOLD_VALUE };

struct registration_value {
    enum told told;
    struct text text; /* as it stands; in the scope of the record */
    int64_t number;   /* of numbers, dates (yyyymmdd), codes (digits decimal; A1 = 0xA1) */
};

/* What is wrong, or noteworthy, about a row. */
struct registration_finding {
    enum cause cause; /* CAUSE_NONE: nothing */
    const char *item; /* "birth", or "" for the row as a whole; lives for ever */
};

struct registration_row {
    enum registration_row_type type;
    enum registration_op op;
    struct text key;
    struct date effective, received; /* DATE_NONE = not told */
    struct registration_value values[REGISTRATION_ITEMS_MAX];
};

/* Reads a row. False: it is refused, finding says why; type and key are set where they were read.
 */
bool registration_row_read(const struct csv_record *record, struct registration_row *out,
                           struct registration_finding *finding);
/* Writes a row as a line. */
void registration_row_write(struct text_buffer *buffer, const struct registration_row *row);

struct registration_header {
    struct insurer_number insurer;
    struct text created; /* as it stands, yyyymmdd or yyyymmddhhmmss */
    int64_t rows;
};

/* Fails with REGISTRATION_HEADER. */
MUST_CHECK enum status registration_header_read(struct scope *scope,
                                                const struct csv_record *record,
                                                struct registration_header *out);
void registration_header_write(struct text_buffer *buffer,
                               const struct registration_header *header);

/* rows and the hash of all bytes before the trailer's line, 64 hexadecimal digits. */
struct registration_trailer {
    int64_t rows;
    char sha256[65];
};

/* True where a record is a trailer by its first column. */
bool registration_is_trailer(struct text raw);
/* Fails with REGISTRATION_CUT. */
MUST_CHECK enum status registration_trailer_read(struct scope *scope,
                                                 const struct csv_record *record,
                                                 struct registration_trailer *out);
void registration_trailer_write(struct text_buffer *buffer,
                                const struct registration_trailer *trailer);

/* One row of the reply. */
struct registration_reply {
    int64_t row;                         /* 1 and up */
    struct registration_finding finding; /* the gravest */
    int difference;                      /* J-LIS class 0 to 3; -1 = not compared yet */
    struct instant visible;              /* answers follow from then at the latest */
};

/* 0 ok, 1 ok with warning, 2 refused: by the status of the finding's cause. */
int registration_result(const struct registration_finding *finding);
void registration_reply_write(struct text_buffer *buffer, const struct registration_reply *reply);
