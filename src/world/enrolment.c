/* SPDX-License-Identifier: Apache-2.0
 *
 * enrolment.c - rows go to a part file an insurer, which is closed between writes: there are more
 * insurers than a process may have files open. Header and trailer come when the rows are counted.
 */
#include "world/enrolment.h"

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "format/registration_file.h"
#include "world/cast.h"
#include "world/enrolment_rows.h"
#include "world/population.h"

#define LISTS_MEMORY ((size_t)64 * 1024 * 1024)
#define ROUND_MEMORY ((size_t)1024 * 1024)
#define BUFFER_SIZE ((size_t)8 * 1024)
#define COPY_SIZE ((size_t)256 * 1024)

/* One insurer's file in the making. */
struct part {
    struct insurer_number insurer;
    char *buffer; /* allocated with the first row */
    size_t used;
    int64_t rows;
};

struct writing {
    const struct enrolment_order *order;
    struct enrolment_figures *figures;
    struct part *parts; /* sorted by number */
    size_t count;
    struct scope round; /* one person */
};

static void writing_end(struct writing *writing)
{
    for (size_t i = 0; i < writing->count; i++)
        free(writing->parts[i].buffer);
    scope_end(&writing->round);
}

/* --- parts --------------------------------------------------------------------------------------
 */

static int compare_parts(const void *a, const void *b)
{
    return strcmp(((const struct part *)a)->insurer.digits,
                  ((const struct part *)b)->insurer.digits);
}

static struct part *find_part(const struct writing *writing, struct insurer_number insurer)
{
    const struct part key = {.insurer = insurer};

    return bsearch(&key, writing->parts, writing->count, sizeof key, compare_parts);
}

static enum status make_parts(struct scope *scope, struct writing *writing,
                              const struct insurer_list *insurers)
{
    size_t cast_count = 0;
    const struct cast_insurer *cast = cast_insurers(&cast_count);

    TRY(scope_alloc(scope, insurers->count + cast_count, sizeof *writing->parts, &writing->parts));
    for (size_t i = 0; i < cast_count; i++)
        snprintf(writing->parts[writing->count++].insurer.digits,
                 sizeof writing->parts->insurer.digits, "%s", cast[i].number);
    for (size_t i = 0; i < insurers->count; i++)
        writing->parts[writing->count++].insurer = insurers->items[i].number;
    qsort(writing->parts, writing->count, sizeof *writing->parts, compare_parts);
    return STATUS_OK;
}

static void path_of(const struct writing *writing, const struct part *part, const char *ending,
                    char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%s.csv%s", writing->order->directory, part->insurer.digits, ending);
}

static enum status flush(struct scope *scope, const struct writing *writing, struct part *part,
                         bool first)
{
    char path[PATH_MAX];
    FILE *file = NULL;
    bool written = false;

    path_of(writing, part, ".part", path);
    file = fopen(path, first ? "w" : "a");
    written = file && fwrite(part->buffer, 1, part->used, file) == part->used;
    if (file && fclose(file) != 0)
        written = false;
    part->used = 0;
    return written ? STATUS_OK
                   : scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "a file cannot be written: %s",
                                strerrordesc_np(errno));
}

static enum status add_text(struct scope *scope, struct writing *writing, struct part *part,
                            struct text text, int64_t rows)
{
    bool first = part->rows == 0;

    if (!part->buffer)
        part->buffer = malloc(BUFFER_SIZE);
    if (!part->buffer || text.size > BUFFER_SIZE)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for a file's rows");
    if (first) { /* what an earlier run left goes */
        part->used = 0;
        TRY(flush(scope, writing, part, true));
    }
    if (part->used + text.size > BUFFER_SIZE)
        TRY(flush(scope, writing, part, false));
    memcpy(part->buffer + part->used, text.bytes, text.size);
    part->used += text.size;
    part->rows += rows;
    writing->figures->rows += rows;
    writing->figures->members++;
    return STATUS_OK;
}

/* --- people -------------------------------------------------------------------------------------
 */

static bool seen_before(const struct person *person, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (insurer_number_equal(person->coverages[i].insurer, person->coverages[index].insurer))
            return true;
    return false;
}

static bool wanted(const struct writing *writing, struct insurer_number insurer)
{
    return writing->order->only.digits[0] == '\0' ||
           insurer_number_equal(writing->order->only, insurer);
}

static enum status add_person(struct scope *scope, struct writing *writing,
                              const struct person *person)
{
    for (size_t i = 0; i < person->coverage_count; i++) {
        struct insurer_number insurer = person->coverages[i].insurer;
        struct part *part = find_part(writing, insurer);
        struct text_buffer buffer = {0};
        struct text text = {0};
        int64_t rows = 0;
        if (!part || !wanted(writing, insurer) || seen_before(person, i))
            continue;
        scope_reset(&writing->round);
        buffer = text_buffer_begin(&writing->round, BUFFER_SIZE);
        TRY(enrolment_add_rows(&writing->round, person, insurer, writing->order->on, &buffer,
                               &rows));
        TRY(text_buffer_end(&buffer, &text));
        if (rows > 0)
            TRY(add_text(scope, writing, part, text, rows));
    }
    return STATUS_OK;
}

static enum status add_household(struct scope *scope, void *context,
                                 const struct population_household *made)
{
    struct writing *writing = context;

    for (size_t i = 0; i < made->household.count; i++)
        TRY(add_person(scope, writing, &made->household.people[i]));
    if (writing->order->progress)
        progress_add(writing->order->progress, (int64_t)made->household.count);
    return STATUS_OK;
}

static enum status add_cast(struct scope *scope, struct writing *writing)
{
    size_t count = 0;
    const struct cast_person *people = cast_people(&count);

    for (size_t i = 0; i < count; i++) {
        struct person person = {0};
        TRY(cast_make_person(scope, &people[i], writing->order->on, &person));
        TRY(add_person(scope, writing, &person));
    }
    return STATUS_OK;
}

/* --- header, rows, trailer ----------------------------------------------------------------------
 */

/* Both ends of a copy, and the hash of what went through. */
struct copy {
    FILE *from, *to;
    EVP_MD_CTX *hash;
};

static void copy_drop(struct copy *copy)
{
    if (copy->from)
        fclose(copy->from);
    if (copy->to)
        fclose(copy->to);
    EVP_MD_CTX_free(copy->hash);
}

static bool pass(struct copy *copy, const char *bytes, size_t size)
{
    return EVP_DigestUpdate(copy->hash, bytes, size) == 1 &&
           fwrite(bytes, 1, size, copy->to) == size;
}

static bool pass_rows(struct copy *copy, char *room)
{
    size_t got = 0;

    while ((got = fread(room, 1, COPY_SIZE, copy->from)) > 0)
        if (!pass(copy, room, got))
            return false;
    return !ferror(copy->from);
}

static bool pass_header(struct scope *scope, const struct writing *writing, const struct part *part,
                        struct copy *copy)
{
    struct text_buffer line = text_buffer_begin(scope, 128);
    struct text created = {0};
    struct registration_header header = {.insurer = part->insurer, .rows = part->rows};

    if (text_format(scope, &created, "%08d", writing->order->on.yyyymmdd) != STATUS_OK)
        return false;
    header.created = created;
    registration_header_write(&line, &header);
    return line.status == STATUS_OK && pass(copy, line.bytes, line.size);
}

static bool write_trailer(struct scope *scope, const struct part *part, struct copy *copy)
{
    struct text_buffer line = text_buffer_begin(scope, 128);
    struct registration_trailer trailer = {.rows = part->rows};
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (EVP_DigestFinal_ex(copy->hash, hash, &size) != 1 || size * 2 + 1 != sizeof trailer.sha256)
        return false;
    hex_write(hash, size, trailer.sha256);
    registration_trailer_write(&line, &trailer);
    return line.status == STATUS_OK && fwrite(line.bytes, 1, line.size, copy->to) == line.size;
}

static bool copy_file(struct scope *scope, const struct writing *writing, const struct part *part,
                      char *room)
{
    CLEANUP(copy_drop) struct copy copy = {.hash = EVP_MD_CTX_new()};
    char from[PATH_MAX];
    char to[PATH_MAX];
    bool written = false;

    path_of(writing, part, ".part", from);
    path_of(writing, part, "", to);
    copy.from = fopen(from, "r");
    copy.to = fopen(to, "w");
    if (!copy.from || !copy.to || !copy.hash ||
        EVP_DigestInit_ex(copy.hash, EVP_sha256(), NULL) != 1)
        return false;
    written = pass_header(scope, writing, part, &copy) && pass_rows(&copy, room) &&
              write_trailer(scope, part, &copy) && fflush(copy.to) == 0;
    return written && unlink(from) == 0;
}

static enum status finish(struct scope *scope, struct writing *writing)
{
    char *room = NULL;

    TRY(scope_alloc(scope, COPY_SIZE, 1, &room));
    for (size_t i = 0; i < writing->count; i++) {
        struct part *part = &writing->parts[i];
        if (part->rows == 0)
            continue;
        TRY(flush(scope, writing, part, false));
        scope_reset(&writing->round);
        if (!copy_file(&writing->round, writing, part, room))
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "a file cannot be written: %s",
                              strerrordesc_np(errno));
        writing->figures->files++;
    }
    return STATUS_OK;
}

static enum status write_all(struct scope *scope, struct writing *writing)
{
    const struct enrolment_order *order = writing->order;
    struct insurer_list insurers = {0};
    const struct population_order population = {order->seed, order->people, order->on, &insurers};

    TRY(insurer_list_make(scope, &insurers));
    TRY(make_parts(scope, writing, &insurers));
    if (order->cast)
        TRY(add_cast(scope, writing));
    TRY(population_make(scope, &population, order->stop, add_household, writing));
    return finish(scope, writing);
}

enum status enrolment_write(struct scope *scope, const struct enrolment_order *order,
                            struct enrolment_figures *out)
{
    CLEANUP(scope_end)
    struct scope lists = scope_begin_at(LISTS_MEMORY, instant_noon(order->on));
    CLEANUP(writing_end)
    struct writing writing = {.order = order,
                              .figures = out,
                              .round = scope_begin_at(ROUND_MEMORY, instant_noon(order->on))};

    *out = (struct enrolment_figures){0};
    if (mkdir(order->directory, 0755) != 0 && errno != EEXIST)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "%s cannot be made", order->directory);
    if (write_all(&lists, &writing) == STATUS_OK)
        return STATUS_OK;
    return scope_fail(scope, lists.cause == CAUSE_NONE ? CAUSE_INTERNAL : lists.cause, "%s",
                      lists.failure);
}
