/* SPDX-License-Identifier: Apache-2.0
 *
 * Events of residents' lives, and the feed of those that others must hear of.
 */
#include "resident/resident_parts.h"

#define MUNICIPALITY_DIGITS 5
#define FEED_LIMIT "501" /* one more than REGISTER_CHANGES_MAX */

static enum status move(struct scope *scope, struct resident_file *file,
                        const struct resident_event *event, int *changed)
{
    sqlite3_stmt *keep = NULL;
    sqlite3_stmt *put = NULL;

    if (event->address.size == 0 || event->address.size > REGISTER_ITEM_MAX ||
        event->municipality.size != MUNICIPALITY_DIGITS || !text_is_digits(event->municipality))
        return scope_fail(scope, CAUSE_USAGE, "a move needs an address and a municipality's code");
    TRY(resident_prepare(scope, file, RESIDENT_MOVE_KEEP,
                         "INSERT INTO move (link, until, address, municipality) "
                         "SELECT link, ?, address, municipality FROM resident WHERE link = ?",
                         &keep));
    sqlite3_bind_int(keep, 1, event->day.yyyymmdd);
    resident_bind_text(keep, 2, event->link);
    TRY(resident_run(scope, file, keep, changed));
    TRY(resident_prepare(scope, file, RESIDENT_MOVE,
                         "UPDATE resident SET address = ?, municipality = ? WHERE link = ?", &put));
    resident_bind_text(put, 1, event->address);
    resident_bind_text(put, 2, event->municipality);
    resident_bind_text(put, 3, event->link);
    return resident_run(scope, file, put, changed);
}

static enum status rename_one(struct scope *scope, struct resident_file *file,
                              const struct resident_event *event, int *changed)
{
    char key[REGISTER_ITEM_MAX + 1];
    sqlite3_stmt *put = NULL;

    if (event->name.size == 0 || event->kana.size == 0 || event->kana.size > REGISTER_ITEM_MAX ||
        !register_normalise_name(event->name, key))
        return scope_fail(scope, CAUSE_USAGE, "a change of name needs the name and its kana");
    TRY(resident_prepare(scope, file, RESIDENT_RENAME,
                         "UPDATE resident SET name = ?, kana = ?, name_key = ? WHERE link = ?",
                         &put));
    resident_bind_text(put, 1, event->name);
    resident_bind_text(put, 2, event->kana);
    resident_bind_text(put, 3, text_of(key));
    resident_bind_text(put, 4, event->link);
    return resident_run(scope, file, put, changed);
}

static enum status set_number(struct scope *scope, struct resident_file *file,
                              const struct resident_event *event, int *changed)
{
    bool death = event->kind == REGISTER_CHANGE_DEATH;
    sqlite3_stmt *put = NULL;

    TRY(resident_prepare(scope, file, death ? RESIDENT_BURY : RESIDENT_SUPPORT,
                         death ? "UPDATE resident SET died = ? WHERE link = ?"
                               : "UPDATE resident SET supported = ? WHERE link = ?",
                         &put));
    sqlite3_bind_int(put, 1,
                     death ? event->day.yyyymmdd : event->kind == REGISTER_CHANGE_SUPPORT_SET);
    resident_bind_text(put, 2, event->link);
    return resident_run(scope, file, put, changed);
}

static enum status tell(struct scope *scope, struct resident_file *file,
                        const struct resident_event *event)
{
    sqlite3_stmt *add = NULL;
    int changed = 0;

    TRY(resident_prepare(scope, file, RESIDENT_CHANGE_ADD,
                         "INSERT INTO change (link, kind, day) VALUES (?, ?, ?)", &add));
    resident_bind_text(add, 1, event->link);
    sqlite3_bind_int(add, 2, (int)event->kind);
    sqlite3_bind_int(add, 3, event->day.yyyymmdd);
    return resident_run(scope, file, add, &changed);
}

static enum status apply(struct scope *scope, struct resident_file *file,
                         const struct resident_event *event)
{
    int changed = 0;

    if (event->kind == REGISTER_CHANGE_ADDRESS)
        TRY(move(scope, file, event, &changed));
    else if (event->kind == REGISTER_CHANGE_NAME)
        TRY(rename_one(scope, file, event, &changed));
    else
        TRY(set_number(scope, file, event, &changed));
    if (changed != 1)
        return scope_fail(scope, CAUSE_REGISTER_PERSON_UNKNOWN, "nobody has that link code");
    return tell(scope, file, event);
}

enum status resident_record(struct scope *scope, struct resident_file *file,
                            const struct resident_event *event)
{
    enum status status = STATUS_OK;

    if (!date_ok(event->day))
        return scope_fail(scope, CAUSE_USAGE, "an event has a day");
    TRY(resident_exec(scope, file, "BEGIN IMMEDIATE"));
    status = apply(scope, file, event);
    if (status == STATUS_OK)
        return resident_exec(scope, file, "COMMIT");
    sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static enum status take_change(struct scope *scope, sqlite3_stmt *row, struct register_change *out)
{
    out->sequence = sqlite3_column_int64(row, 0);
    TRY(resident_take_text(scope, row, 1, &out->link));
    out->kind = (enum register_change_kind)sqlite3_column_int(row, 2);
    out->day = DATE(sqlite3_column_int(row, 3));
    if (out->kind < REGISTER_CHANGE_ADDRESS || out->kind > REGISTER_CHANGE_KIND_LAST)
        return scope_fail(scope, CAUSE_REGISTER_FILE_AWAY, "the feed holds an unknown change");
    return STATUS_OK;
}

static enum status read_feed(struct scope *scope, struct resident_file *file, sqlite3_stmt *feed,
                             struct register_changes *changes)
{
    int code = SQLITE_OK;

    while ((code = sqlite3_step(feed)) == SQLITE_ROW) {
        if (changes->count == REGISTER_CHANGES_MAX) {
            changes->more = true;
            return STATUS_OK;
        }
        TRY(take_change(scope, feed, &changes->items[changes->count]));
        changes->next = changes->items[changes->count++].sequence;
    }
    return code == SQLITE_DONE ? STATUS_OK : resident_failed(scope, file, "the feed");
}

enum status resident_list_changes(struct scope *scope, struct resident_file *file, int64_t since,
                                  struct register_changes *out)
{
    struct register_changes changes = {.next = since};
    sqlite3_stmt *feed = NULL;
    enum status status = STATUS_OK;

    TRY(scope_alloc(scope, REGISTER_CHANGES_MAX, sizeof *changes.items, &changes.items));
    TRY(resident_prepare(scope, file, RESIDENT_CHANGES,
                         "SELECT sequence, link, kind, day FROM change WHERE sequence > ? "
                         "ORDER BY sequence LIMIT " FEED_LIMIT,
                         &feed));
    sqlite3_bind_int64(feed, 1, since);
    status = read_feed(scope, file, feed, &changes);
    resident_done(feed);
    if (status == STATUS_OK)
        *out = changes;
    return status;
}
