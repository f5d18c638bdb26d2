/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/list_files.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFERS_TOTAL (64UL * 1024 * 1024)
#define BUFFER_MIN 2048
#define BUFFER_MAX (256UL * 1024)
#define PATH_SIZE 512
#define HEADER_SIZE 64
#define LINE_SIZE 4096 /* of a row, with room */
#define SLOTS_EACH 4   /* of the table of insurers, an insurer */

struct list_file {
    struct insurer_number insurer;
    EVP_MD_CTX *hash;
    char *buffer;
    size_t used;
    int64_t rows;
    bool made; /* the file exists, with its header's place */
};

struct list_files {
    struct list_file *files;
    size_t count, buffer_size;
    uint32_t *slots; /* number of a file and 1, by hash; 0 = empty */
    size_t slot_count;
    struct date created;
    int64_t passed;
    const char *suffix;
    bool sparse;
    char folder[PATH_SIZE - 32];
};

static size_t slot_of(const struct list_files *files, struct insurer_number insurer)
{
    uint64_t hash = 14695981039346656037U;

    for (const char *at = insurer.digits; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211U;
    return (size_t)(hash % files->slot_count);
}

static struct list_file *find(const struct list_files *files, struct insurer_number insurer)
{
    for (size_t at = slot_of(files, insurer); files->slots[at]; at = (at + 1) % files->slot_count) {
        struct list_file *file = &files->files[files->slots[at] - 1];
        if (strcmp(file->insurer.digits, insurer.digits) == 0)
            return file;
    }
    return NULL;
}

static void enter(struct list_files *files, size_t number)
{
    size_t at = slot_of(files, files->files[number].insurer);

    while (files->slots[at])
        at = (at + 1) % files->slot_count;
    files->slots[at] = (uint32_t)number + 1;
}

static bool prepare(struct list_files *files, const struct insurer *insurers)
{
    for (size_t i = 0; i < files->count; i++) {
        struct list_file *file = &files->files[i];
        file->insurer = insurers[i].number;
        file->hash = EVP_MD_CTX_new();
        file->buffer = malloc(files->buffer_size);
        if (!file->hash || !file->buffer || EVP_DigestInit_ex(file->hash, EVP_sha256(), NULL) != 1)
            return false;
        enter(files, i);
    }
    return true;
}

static size_t buffer_size_for(size_t count)
{
    size_t size = count ? BUFFERS_TOTAL / count : BUFFER_MAX;

    if (size > BUFFER_MAX)
        return BUFFER_MAX;
    return size < BUFFER_MIN ? BUFFER_MIN : size;
}

enum status list_files_begin(struct scope *scope, const struct list_files_order *order,
                             struct list_files **out)
{
    struct list_files *files = calloc(1, sizeof *files);

    if (!files)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    files->buffer_size = buffer_size_for(order->count);
    files->count = order->count;
    files->created = order->created;
    files->suffix = order->suffix;
    files->sparse = order->sparse;
    files->slot_count = SLOTS_EACH * order->count + 1;
    files->files = calloc(order->count + 1, sizeof *files->files);
    files->slots = calloc(files->slot_count, sizeof *files->slots);
    if (snprintf(files->folder, sizeof files->folder, "%s", order->folder) >=
        (int)sizeof files->folder) {
        list_files_drop(files);
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the folder's name is too long");
    }
    if (!files->files || !files->slots || !prepare(files, order->insurers)) {
        list_files_drop(files);
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    }
    *out = files;
    return STATUS_OK;
}

static int header_of(const struct list_files *files, const struct list_file *file,
                     char out[HEADER_SIZE])
{
    return snprintf(out, HEADER_SIZE, "H,1,%s,%d,%010lld\n", file->insurer.digits,
                    (int)files->created.yyyymmdd, (long long)file->rows);
}

static bool write_whole(int to, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(to, bytes, size);
        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

static void path_of(const struct list_files *files, const struct list_file *file,
                    char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%s/%s%s.csv", files->folder, file->insurer.digits, files->suffix);
}

/* Opens the file; at the first time with the place of its header, which is written again later. */
static int open_file(const struct list_files *files, struct list_file *file)
{
    char path[PATH_SIZE];
    char header[HEADER_SIZE];
    int to = -1;

    path_of(files, file, path);
    to = open(path, O_WRONLY | O_CLOEXEC | (file->made ? O_APPEND : O_CREAT | O_TRUNC), 0640);
    if (to < 0 || file->made)
        return to;
    file->made = true;
    if (write_whole(to, header, (size_t)header_of(files, file, header)))
        return to;
    close(to);
    return -1;
}

static enum status flush(struct scope *scope, struct list_files *files, struct list_file *file)
{
    int to = open_file(files, file);
    bool written = to >= 0 && write_whole(to, file->buffer, file->used);

    if (to >= 0)
        written = close(to) == 0 && written;
    if (!written)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "a list cannot be written");
    file->used = 0;
    return STATUS_OK;
}

enum status list_files_add(struct scope *scope, struct list_files *files,
                           struct insurer_number insurer, const char *row, size_t size)
{
    struct list_file *file = find(files, insurer);

    if (!file) {
        files->passed++;
        return STATUS_OK;
    }
    if (file->used + size > files->buffer_size)
        TRY(flush(scope, files, file));
    if (size > files->buffer_size || EVP_DigestUpdate(file->hash, row, size) != 1)
        return scope_fail(scope, CAUSE_INTERNAL, "a row is larger than the room for rows");
    memcpy(file->buffer + file->used, row, size);
    file->used += size;
    file->rows++;
    return STATUS_OK;
}

int64_t list_files_passed(const struct list_files *files)
{
    return files->passed;
}

static bool write_hash(EVP_MD_CTX *hash, char out[LIST_SHA256_HEX])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (EVP_DigestFinal_ex(hash, bytes, &size) != 1)
        return false;
    for (unsigned i = 0; i < size && 2 * i + 2 < LIST_SHA256_HEX; i++)
        snprintf(out + (size_t)2 * i, 3, "%02x", bytes[i]);
    return true;
}

/* The header again, with the number of rows; the trailer behind them. */
static bool write_ends(const struct list_files *files, struct list_file *file, const char *sha256)
{
    char path[PATH_SIZE];
    char line[HEADER_SIZE + LIST_SHA256_HEX];
    int size = header_of(files, file, line);
    bool written = false;
    int to = -1;

    path_of(files, file, path);
    to = open(path, O_WRONLY | O_CLOEXEC);
    if (to < 0)
        return false;
    written = pwrite(to, line, (size_t)size, 0) == size && lseek(to, 0, SEEK_END) >= 0;
    size = snprintf(line, sizeof line, "T,%lld,%s\n", (long long)file->rows, sha256);
    written = written && write_whole(to, line, (size_t)size);
    return close(to) == 0 && written;
}

enum status list_files_finish(struct scope *scope, struct list_files *files,
                              struct list_file_figures **out, size_t *count)
{
    struct list_file_figures *figures = NULL;

    *count = 0;
    TRY(scope_alloc(scope, files->count + 1, sizeof *figures, &figures));
    for (size_t i = 0; i < files->count; i++) {
        struct list_file *file = &files->files[i];
        struct list_file_figures *made = &figures[*count];
        if (files->sparse && file->rows == 0)
            continue;
        made->insurer = file->insurer;
        made->suffix = files->suffix;
        made->rows = file->rows;
        TRY(flush(scope, files, file));
        if (!write_hash(file->hash, made->sha256) || !write_ends(files, file, made->sha256))
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "a list cannot be finished");
        ++*count;
    }
    *out = figures;
    return STATUS_OK;
}

/* --- reading one back ------------------------------------------------------------------------- */

struct check {
    FILE *file;
    EVP_MD_CTX *hash;
};

static void check_drop(struct check *check)
{
    if (check->file)
        fclose(check->file);
    EVP_MD_CTX_free(check->hash);
}

/* Hashes the rows; line is then the last line of the file. */
static bool hash_rows(const struct check *check, char line[LINE_SIZE], int64_t *rows)
{
    char next[LINE_SIZE];

    if (!fgets(line, LINE_SIZE, check->file))
        return false;
    for (*rows = 0; fgets(next, LINE_SIZE, check->file); ++*rows) {
        if (EVP_DigestUpdate(check->hash, line, strlen(line)) != 1)
            return false;
        memcpy(line, next, sizeof next);
    }
    return true;
}

bool list_file_check(const char *path, struct list_file_figures *out)
{
    CLEANUP(check_drop) struct check check = {fopen(path, "re"), EVP_MD_CTX_new()};
    char line[LINE_SIZE];
    char stated[LIST_SHA256_HEX];
    char head[20];
    char tail[20];
    int64_t rows[2] = {0};

    if (!check.file || !check.hash || EVP_DigestInit_ex(check.hash, EVP_sha256(), NULL) != 1 ||
        !fgets(line, LINE_SIZE, check.file) ||
        sscanf(line, "H,1,%8[0-9],%*8[0-9],%10[0-9]\n", out->insurer.digits, head) != 2 ||
        !hash_rows(&check, line, &out->rows) || !write_hash(check.hash, out->sha256) ||
        sscanf(line, "T,%18[0-9],%64[0-9a-f]\n", tail, stated) != 2 ||
        !text_read_number(text_of(head), &rows[0]) || !text_read_number(text_of(tail), &rows[1]))
        return false;
    return rows[0] == out->rows && rows[1] == out->rows && strcmp(stated, out->sha256) == 0;
}

void list_files_drop(struct list_files *files)
{
    if (!files)
        return;
    for (size_t i = 0; files->files && i < files->count; i++) {
        EVP_MD_CTX_free(files->files[i].hash);
        free(files->files[i].buffer);
    }
    free(files->files);
    free(files->slots);
    free(files);
}
