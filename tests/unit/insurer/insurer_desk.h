/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_desk.h - an insurer that loads files of its own making into a store, and reads the reply.
 */
#pragma once

#include <ftw.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/hex.h"
#include "insurer/load.h"
#include "store/store_engine.h"

#define DESK_LIMIT (64UL * 1024 * 1024)
#define DESK_TODAY DATE(20261105)
#define DESK_INSURER ((struct insurer_number){"06139992"})
#define DESK_LINES 64

struct desk {
    char folder[64], url[96], file[96], reply[96];
    struct store *store;
    struct link_key key;
    struct register_client *lookup;
    struct date today;
    struct registration_order order; /* what a test changes of it */
    struct registration_outcome outcome;
    enum cause cause;             /* of the load */
    char answers[16 * 1024];      /* the reply, or "" */
    const char *line[DESK_LINES]; /* its lines */
    size_t lines;
};

static inline int desk_begin(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    assert_non_null(desk);
    snprintf(desk->folder, sizeof desk->folder, "/tmp/shikaku-insurer-XXXXXX");
    assert_non_null(mkdtemp(desk->folder));
    snprintf(desk->url, sizeof desk->url, "sqlite:%s/store.sqlite", desk->folder);
    snprintf(desk->file, sizeof desk->file, "%s/file.csv", desk->folder);
    snprintf(desk->reply, sizeof desk->reply, "%s/reply.csv", desk->folder);
    memset(desk->key.bytes, 7, sizeof desk->key.bytes);
    desk->today = DESK_TODAY;
    assert_int_equal(store_open(&scope, desk->url, STORE_CREATE, &desk->store), STATUS_OK);
    *state = desk;
    return 0;
}

static inline int desk_remove(const char *path, const struct stat *status, int kind,
                              struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline int desk_end(void **state)
{
    struct desk *desk = *state;

    store_close(desk->store);
    nftw(desk->folder, desk_remove, 8, FTW_DEPTH | FTW_PHYS);
    free(desk);
    return 0;
}

/* A file of these rows, each without its line end, as the insurer's. */
static inline struct text desk_make(struct scope *scope, const char *insurer,
                                    const char *const *rows, size_t count)
{
    struct text_buffer buffer = text_buffer_begin(scope, 4096);
    struct registration_trailer trailer = {.rows = (int64_t)count};
    unsigned char hash[32];
    struct text made = {0};

    text_buffer_add_format(&buffer, "H,1,%s,20261105,%zu\n", insurer, count);
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(&buffer, "%s\n", rows[i]);
    assert_int_equal(EVP_Digest(buffer.bytes, buffer.size, hash, NULL, EVP_sha256(), NULL), 1);
    hex_write(hash, sizeof hash, trailer.sha256);
    registration_trailer_write(&buffer, &trailer);
    assert_int_equal(text_buffer_end(&buffer, &made), STATUS_OK);
    return made;
}

static inline void desk_read_reply(struct scope *scope, struct desk *desk)
{
    struct text reply = {0};

    desk->answers[0] = '\0';
    desk->lines = 0;
    if (access(desk->reply, F_OK) != 0)
        return;
    assert_int_equal(file_read(scope, desk->reply, sizeof desk->answers - 1, &reply), STATUS_OK);
    memcpy(desk->answers, reply.bytes, reply.size);
    desk->answers[reply.size] = '\0';
    for (char *at = desk->answers; *at && desk->lines < DESK_LINES;) {
        char *end = strchr(at, '\n');
        assert_non_null(end);
        *end = '\0';
        desk->line[desk->lines++] = at;
        at = end + 1;
    }
}

/* Loads what lies in desk->file; the reply is read, the cause kept. */
static inline enum status desk_load_file(struct desk *desk)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(DESK_LIMIT, instant_noon(desk->today));
    struct registration_order order = desk->order;
    enum status status = STATUS_OK;

    order.store = desk->store;
    order.file = order.descriptor > 0 ? NULL : desk->file;
    order.reply = desk->reply;
    order.key = &desk->key;
    order.lookup = desk->lookup;
    order.fixed_time = true;
    status = registration_load(&scope, &order, &desk->outcome);
    desk->cause = scope.cause;
    scope_forgive(&scope);
    desk_read_reply(&scope, desk);
    desk->today = date_add_days(desk->today, 1); /* the next file comes a day later */
    return status;
}

static inline void desk_write(struct desk *desk, struct text bytes)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    assert_int_equal(file_write(&scope, desk->file, bytes, FILE_MODE_PUBLIC), STATUS_OK);
}

static inline enum status desk_send(struct desk *desk, const char *const *rows, size_t count)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    desk_write(desk, desk_make(&scope, DESK_INSURER.digits, rows, count));
    unlink(desk->reply);
    return desk_load_file(desk);
}

#define SEND(desk, ...)                                                                            \
    desk_send(desk, (const char *const[]){__VA_ARGS__},                                            \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* Asserts that a file is taken, and how each row is answered: "0", "1 SKK-7101 branch" ... */
static inline void desk_takes(struct desk *desk, enum status status, const char *const *answers,
                              size_t count)
{
    if (status != STATUS_OK)
        fail_msg("%s", failure_text(desk->cause)->code);
    assert_int_equal(desk->lines, count + 2);
    for (size_t i = 0; i < count; i++) {
        char expected[64];
        char result = answers[i][0];
        if (result == '0')
            snprintf(expected, sizeof expected, "%zu,0,,,,,", i + 1);
        else {
            const char *item = strchr(answers[i] + 2, ' ');
            snprintf(expected, sizeof expected, "%zu,%c,%.8s,%s,", i + 1, result, answers[i] + 2,
                     item ? item + 1 : "");
        }
        if (strncmp(desk->line[i + 1], expected, strlen(expected)) != 0)
            fail_msg("expected %s got %s", expected, desk->line[i + 1]);
    }
}

#define TAKES(desk, status, ...)                                                                   \
    desk_takes(desk, status, (const char *const[]){__VA_ARGS__},                                   \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* --- what the store has -------------------------------------------------------------------------
 */

static inline enum status desk_take_number(struct scope *scope, struct cell *cells, size_t count,
                                           void *context)
{
    (void)scope;
    assert_int_equal(count, 1);
    *(int64_t *)context = cells[0].number;
    return STATUS_OK;
}

static inline int64_t desk_number(const struct desk *desk, const char *sql)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct query query = {QUERY_PING, sql};
    int64_t number = -1;
    struct request request = {.query = &query, .read = desk_take_number, .context = &number};
    struct store *other = NULL;

    assert_int_equal(store_open(&scope, desk->url, STORE_READ, &other), STATUS_OK);
    assert_int_equal(store_run(&scope, other, &request, 1), STATUS_OK);
    store_close(other);
    return number;
}

/* The person behind a key; lives in the scope. */
static inline struct person desk_person(struct scope *scope, const struct desk *desk,
                                        const char *key)
{
    struct member member = {0};
    struct person person = {0};

    assert_int_equal(store_find_member(scope, desk->store, DESK_INSURER, text_of(key), &member),
                     STATUS_OK);
    assert_int_equal(store_find_person(scope, desk->store, member.person_id, &person), STATUS_OK);
    return person;
}
