/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening the register's file, adding residents, finding them.
 */
#include "resident/resident_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resident/resident_parts.h"

#define RESIDENT_APPLICATION_ID 0x52534B4B /* "RSKK" */
/* Namesakes born on one day that are looked at: more are "several" all the same. */
#define NAMESAKES "64"
#define BUSY_MILLISECONDS 5000

/* Dates are yyyymmdd, 0 = none. name_key: the name as comparisons write it. */
static const char schema[] =
    "PRAGMA application_id = 1381190475;"
    "PRAGMA user_version = 1;"
    "CREATE TABLE resident ("
    "number TEXT NOT NULL PRIMARY KEY," /* 個人番号, 12 digits */
    "link TEXT NOT NULL UNIQUE,"        /* its link code, 64 hexadecimal digits */
    "name TEXT NOT NULL,"               /* 氏名 */
    "kana TEXT NOT NULL,"               /* 氏名の振り仮名 */
    "birth INTEGER NOT NULL,"           /* 生年月日 */
    "sex INTEGER NOT NULL,"             /* 性別: 1 male, 2 female */
    "address TEXT NOT NULL,"            /* 住所 */
    "municipality TEXT NOT NULL,"       /* 市区町村コード, 5 digits */
    "supported INTEGER NOT NULL,"       /* 支援措置: 1 while it holds */
    "died INTEGER NOT NULL,"            /* 死亡年月日 */
    "name_key TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX resident_by_items ON resident (birth, sex, name_key);"
    "CREATE TABLE move (" /* 異動履歴: addresses that were, until the day of the next */
    "link TEXT NOT NULL, until INTEGER NOT NULL, address TEXT NOT NULL,"
    "municipality TEXT NOT NULL);"
    "CREATE INDEX move_by_link ON move (link, until);"
    "CREATE TABLE change (" /* the feed: what others must hear of */
    "sequence INTEGER PRIMARY KEY AUTOINCREMENT, link TEXT NOT NULL, kind INTEGER NOT NULL,"
    "day INTEGER NOT NULL);";

#define RESIDENT_NAMES                                                                             \
    "number, link, name, kana, birth, sex, address, municipality, supported, died"

/* --- statements --------------------------------------------------------------------------------
 */

enum status resident_failed(struct scope *scope, const struct resident_file *file,
                            const char *doing)
{
    return scope_fail(scope, CAUSE_REGISTER_FILE_AWAY, "%s: sqlite %d", doing,
                      file->db ? sqlite3_extended_errcode(file->db) : SQLITE_NOMEM);
}

enum status resident_exec(struct scope *scope, struct resident_file *file, const char *sql)
{
    if (sqlite3_exec(file->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return resident_failed(scope, file, "a step of the register's file");
    return STATUS_OK;
}

enum status resident_prepare(struct scope *scope, struct resident_file *file,
                             enum resident_statement which, const char *sql, sqlite3_stmt **out)
{
    sqlite3_stmt **statement = &file->statements[which];

    if (!*statement && sqlite3_prepare_v3(file->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
                                          NULL) != SQLITE_OK)
        return resident_failed(scope, file, "a statement");
    *out = *statement;
    return STATUS_OK;
}

void resident_bind_text(sqlite3_stmt *statement, int at, struct text text)
{
    /* values live until resident_done(); a failure to bind shows as a step's */
    sqlite3_bind_text(statement, at, text.size ? text.bytes : "", (int)text.size, SQLITE_STATIC);
}

void resident_done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

enum status resident_take_text(struct scope *scope, sqlite3_stmt *statement, int column,
                               struct text *out)
{
    const unsigned char *bytes = sqlite3_column_text(statement, column);
    struct text text = {(const char *)bytes, (size_t)sqlite3_column_bytes(statement, column)};

    if (!bytes || !text_is_utf8(text))
        return scope_fail(scope, CAUSE_REGISTER_FILE_AWAY, "the register holds what is no text");
    return text_copy(scope, text, out);
}

enum status resident_run(struct scope *scope, struct resident_file *file, sqlite3_stmt *statement,
                         int *changed)
{
    int code = sqlite3_step(statement);

    resident_done(statement);
    if (code == SQLITE_CONSTRAINT)
        return scope_fail(scope, CAUSE_ALREADY_EXISTS, "a resident is there already");
    if (code != SQLITE_DONE)
        return resident_failed(scope, file, "a change of the register");
    *changed = sqlite3_changes(file->db);
    return STATUS_OK;
}

/* --- opening ------------------------------------------------------------------------------------
 */

static enum status check_mode(struct scope *scope, const char *path, enum resident_mode mode)
{
    struct stat state = {0};
    bool there = stat(path, &state) == 0;

    if (mode == RESIDENT_CREATE)
        return there ? scope_fail(scope, CAUSE_ALREADY_EXISTS, "'%s' is there already", path)
                     : STATUS_OK;
    if (!there)
        return scope_fail(scope, CAUSE_REGISTER_FILE_AWAY, "there is no '%s'", path);
    if ((state.st_mode & 077) != 0)
        return scope_fail(scope, CAUSE_REGISTER_FILE_OPEN, "'%s' must have the mode 0600", path);
    return STATUS_OK;
}

static int64_t read_pragma(struct resident_file *file, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;

    if (sqlite3_prepare_v2(file->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static enum status prepare_file(struct scope *scope, struct resident_file *file,
                                enum resident_mode mode)
{
    sqlite3_busy_timeout(file->db, BUSY_MILLISECONDS);
    TRY(resident_exec(scope, file, "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;"));
    if (mode == RESIDENT_CREATE)
        TRY(resident_exec(scope, file, schema));
    if (read_pragma(file, "PRAGMA application_id") != RESIDENT_APPLICATION_ID ||
        read_pragma(file, "PRAGMA user_version") != 1)
        return scope_fail(scope, CAUSE_REGISTER_FILE_AWAY, "the file is no resident register");
    return STATUS_OK;
}

enum status resident_file_open(struct scope *scope, const char *path, enum resident_mode mode,
                               struct resident_file **out)
{
    static const int flags[] = {
        [RESIDENT_READ] = SQLITE_OPEN_READONLY,
        [RESIDENT_WRITE] = SQLITE_OPEN_READWRITE,
        [RESIDENT_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    };
    struct resident_file *file = NULL;
    enum status status = STATUS_OK;
    mode_t before = 0;
    int code = SQLITE_OK;

    TRY(check_mode(scope, path, mode));
    file = calloc(1, sizeof *file);
    if (!file)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    before = umask(077); /* the file and its journals are the owner's only */
    code = sqlite3_open_v2(path, &file->db, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
    status = code == SQLITE_OK ? prepare_file(scope, file, mode)
                               : resident_failed(scope, file, "opening the register's file");
    umask(before);
    if (status != STATUS_OK)
        resident_file_close(file);
    else
        *out = file;
    return status;
}

void resident_file_close(struct resident_file *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < RESIDENT_STATEMENT_COUNT; i++)
        sqlite3_finalize(file->statements[i]);
    sqlite3_close(file->db);
    free(file);
}

/* --- adding -------------------------------------------------------------------------------------
 */

enum status resident_load_begin(struct scope *scope, struct resident_file *file)
{
    return resident_exec(scope, file, "BEGIN IMMEDIATE");
}

enum status resident_load_end(struct scope *scope, struct resident_file *file)
{
    return resident_exec(scope, file, "COMMIT");
}

enum status resident_add(struct scope *scope, struct resident_file *file,
                         const struct register_person *person)
{
    const struct register_identity *identity = &person->identity;
    char key[REGISTER_ITEM_MAX + 1];
    sqlite3_stmt *add = NULL;
    int changed = 0;

    if (!register_normalise_name(identity->name, key) || !link_code_ok(person->link))
        return scope_fail(scope, CAUSE_TEXT_WRONG, "a resident has a name and a link code");
    TRY(resident_prepare(scope, file, RESIDENT_ADD,
                         "INSERT INTO resident (" RESIDENT_NAMES ", name_key) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         &add));
    resident_bind_text(add, 1, person->number);
    resident_bind_text(add, 2, person->link);
    resident_bind_text(add, 3, identity->name);
    resident_bind_text(add, 4, identity->kana);
    sqlite3_bind_int(add, 5, identity->birth.yyyymmdd);
    sqlite3_bind_int(add, 6, (int)identity->sex);
    resident_bind_text(add, 7, identity->address);
    resident_bind_text(add, 8, person->municipality);
    sqlite3_bind_int(add, 9, person->supported);
    sqlite3_bind_int(add, 10, person->died.yyyymmdd);
    resident_bind_text(add, 11, text_of(key));
    return resident_run(scope, file, add, &changed);
}

/* --- finding ------------------------------------------------------------------------------------
 */

static enum status take_person(struct scope *scope, sqlite3_stmt *row, struct register_person *out)
{
    TRY(resident_take_text(scope, row, 0, &out->number));
    TRY(resident_take_text(scope, row, 1, &out->link));
    TRY(resident_take_text(scope, row, 2, &out->identity.name));
    TRY(resident_take_text(scope, row, 3, &out->identity.kana));
    out->identity.birth = DATE(sqlite3_column_int(row, 4));
    out->identity.sex = (enum sex)sqlite3_column_int(row, 5);
    TRY(resident_take_text(scope, row, 6, &out->identity.address));
    TRY(resident_take_text(scope, row, 7, &out->municipality));
    out->supported = sqlite3_column_int(row, 8) != 0;
    out->died = DATE(sqlite3_column_int(row, 9));
    return STATUS_OK;
}

static enum status find_one(struct scope *scope, struct resident_file *file,
                            enum resident_statement which, const char *sql, struct text key,
                            struct register_person *out)
{
    sqlite3_stmt *find = NULL;
    enum status status = STATUS_NOT_FOUND;
    int code = SQLITE_OK;

    TRY(resident_prepare(scope, file, which, sql, &find));
    resident_bind_text(find, 1, key);
    code = sqlite3_step(find);
    if (code == SQLITE_ROW)
        status = take_person(scope, find, out);
    else if (code != SQLITE_DONE)
        status = resident_failed(scope, file, "a look-up");
    resident_done(find);
    return status;
}

enum status resident_find_number(struct scope *scope, struct resident_file *file,
                                 struct text number, struct register_person *out)
{
    return find_one(scope, file, RESIDENT_BY_NUMBER,
                    "SELECT " RESIDENT_NAMES " FROM resident WHERE number = ?", number, out);
}

enum status resident_find_link(struct scope *scope, struct resident_file *file, struct text link,
                               struct register_person *out)
{
    return find_one(scope, file, RESIDENT_BY_LINK,
                    "SELECT " RESIDENT_NAMES " FROM resident WHERE link = ?", link, out);
}

/* Five items, no fewer: three of five (kana, birth date, sex) are what mixed people up in 2023. */
static bool all_given(const struct register_identity *items)
{
    return items->name.size > 0 && items->kana.size > 0 && items->address.size > 0 &&
           date_is(items->birth) && (items->sex == SEX_MALE || items->sex == SEX_FEMALE);
}

static enum status look_through(struct scope *scope, struct resident_file *file, sqlite3_stmt *find,
                                const struct register_identity *items, struct register_finding *out)
{
    int code = SQLITE_OK;

    while ((code = sqlite3_step(find)) == SQLITE_ROW) {
        struct register_person person = {0};
        TRY(take_person(scope, find, &person));
        if (register_compare(items, &person.identity).items != 0)
            continue;
        if (out->found != REGISTER_FOUND_NONE) {
            *out = (struct register_finding){.found = REGISTER_FOUND_SEVERAL};
            return STATUS_OK;
        }
        *out = (struct register_finding){REGISTER_FOUND_ONE, person};
    }
    return code == SQLITE_DONE ? STATUS_OK : resident_failed(scope, file, "a look-up by items");
}

enum status resident_find_items(struct scope *scope, struct resident_file *file,
                                const struct register_identity *items, struct register_finding *out)
{
    struct register_finding finding = {0};
    char key[REGISTER_ITEM_MAX + 1];
    sqlite3_stmt *find = NULL;
    enum status status = STATUS_OK;

    *out = finding;
    if (!all_given(items) || !register_normalise_name(items->name, key))
        return STATUS_OK;
    TRY(resident_prepare(scope, file, RESIDENT_BY_ITEMS,
                         "SELECT " RESIDENT_NAMES " FROM resident WHERE birth = ? AND sex = ? "
                         "AND name_key = ? ORDER BY number LIMIT " NAMESAKES,
                         &find));
    sqlite3_bind_int(find, 1, items->birth.yyyymmdd);
    sqlite3_bind_int(find, 2, (int)items->sex);
    resident_bind_text(find, 3, text_of(key));
    status = look_through(scope, file, find, items, &finding);
    resident_done(find);
    if (status == STATUS_OK)
        *out = finding;
    return status;
}

enum status resident_count(struct scope *scope, struct resident_file *file, int64_t *out)
{
    sqlite3_stmt *count = NULL;
    bool found = false;

    TRY(resident_prepare(scope, file, RESIDENT_COUNT, "SELECT COUNT(*) FROM resident", &count));
    found = sqlite3_step(count) == SQLITE_ROW;
    if (found)
        *out = sqlite3_column_int64(count, 0);
    resident_done(count);
    return found ? STATUS_OK : resident_failed(scope, file, "counting");
}
