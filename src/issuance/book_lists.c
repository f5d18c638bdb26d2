/* SPDX-License-Identifier: Apache-2.0
 *
 * book_lists.c - what others read of the book: links from old to new certificates, and what a CRL
 * lists.
 */
#include "issuance/book_parts.h"

/* The other ends of a link, with the generations that signed them. */
#define LINK                                                                                       \
    "SELECT link.number, link.at, old.generation, old.serial, new.generation, new.serial, "        \
    "new.phone FROM link JOIN certificate old ON old.serial = link.old "                           \
    "JOIN certificate new ON new.serial = link.new "
#define LINK_COLUMNS 7

enum status book_add_link(struct scope *scope, struct book *book, struct instant at, uint64_t old,
                          uint64_t new)
{
    const struct book_query query = {"INSERT INTO link (new, old, at) VALUES (?1, ?2, ?3)",
                                     {(int64_t) new, (int64_t)old, at.microseconds},
                                     3,
                                     0,
                                     NULL,
                                     NULL};

    return book_run(scope, book, &query);
}

static struct book_link link_of(const int64_t *row)
{
    return (struct book_link){
        .number = row[0],
        .at = {row[1]},
        .old = {(int)row[2], (uint64_t)row[3]},
        .new = {(int)row[4], (uint64_t)row[5]},
        .phone = row[6] != 0,
    };
}

static enum status take_link(struct scope *scope, const int64_t *row, void *context)
{
    (void)scope;
    *(struct book_link *)context = link_of(row);
    return STATUS_OK;
}

static enum status find_link(struct scope *scope, struct book *book, const char *sql,
                             struct book_name name, bool phones, struct book_link *out)
{
    struct book_link found = {0};
    const struct book_query query = {
        sql, {(int64_t)name.serial, name.generation, phones}, 3, LINK_COLUMNS, take_link, &found};

    TRY(book_run(scope, book, &query));
    if (found.number == 0)
        return STATUS_NOT_FOUND;
    *out = found;
    return STATUS_OK;
}

enum status book_find_link_to(struct scope *scope, struct book *book, struct book_name name,
                              bool phones, struct book_link *out)
{
    return find_link(scope, book,
                     LINK "WHERE link.new = ?1 AND new.generation = ?2 AND new.phone <= ?3", name,
                     phones, out);
}

enum status book_find_link_from(struct scope *scope, struct book *book, struct book_name name,
                                bool phones, struct book_link *out)
{
    return find_link(scope, book,
                     LINK "WHERE link.old = ?1 AND old.generation = ?2 AND new.phone <= ?3 "
                          "ORDER BY new.phone, link.number DESC LIMIT 1",
                     name, phones, out);
}

struct link_list {
    struct book_link *items;
    size_t count;
};

static enum status take_listed_link(struct scope *scope, const int64_t *row, void *context)
{
    struct link_list *list = context;

    if (list->count == BOOK_LINKS_MAX)
        return scope_fail(scope, CAUSE_INTERNAL, "more links than were asked for");
    list->items[list->count++] = link_of(row);
    return STATUS_OK;
}

enum status book_list_links_after(struct scope *scope, struct book *book, int64_t after,
                                  bool phones, struct book_link **out, size_t *count)
{
    struct link_list list = {0};
    const struct book_query query = {
        LINK "WHERE link.number > ?1 AND new.phone <= ?2 ORDER BY link.number LIMIT ?3",
        {after, phones, BOOK_LINKS_MAX},
        3,
        LINK_COLUMNS,
        take_listed_link,
        &list};

    TRY(scope_alloc(scope, BOOK_LINKS_MAX, sizeof *list.items, &list.items));
    TRY(book_run(scope, book, &query));
    *out = list.items;
    *count = list.count;
    return STATUS_OK;
}

/* --- what a CRL lists ------------------------------------------------------------------------- */

struct telling {
    book_certificate_taker take;
    void *context;
    size_t count;
};

static enum status tell_certificate(struct scope *scope, const int64_t *row, void *context)
{
    struct telling *telling = context;
    const struct book_certificate certificate = book_certificate_of(row);

    if (telling->count == BOOK_REVOKED_MAX)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "more revoked certificates than a CRL holds");
    telling->count++;
    return telling->take(scope, &certificate, telling->context);
}

enum status book_each_revoked(struct scope *scope, struct book *book, int generation,
                              struct date ends_from, book_certificate_taker take, void *context)
{
    struct telling telling = {take, context, 0};
    const struct book_query query = {"SELECT " BOOK_CERTIFICATE
                                     " FROM certificate WHERE generation = ?1 AND state <> 1 AND "
                                     "expires >= ?2 ORDER BY serial",
                                     {generation, ends_from.yyyymmdd},
                                     2,
                                     BOOK_CERTIFICATE_COLUMNS,
                                     tell_certificate,
                                     &telling};

    return book_run(scope, book, &query);
}
