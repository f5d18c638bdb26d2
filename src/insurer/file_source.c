/* SPDX-License-Identifier: Apache-2.0 */
#include "insurer/file_source.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"

#define RECORD_MEMORY ((size_t)256 * 1024)
#define WATCH_EVERY 50000 /* rows */

static enum status fill(struct scope *scope, void *context, char *room, size_t size, size_t *filled)
{
    const struct file_source *source = context;
    ssize_t got = 0;

    do
        got = read(source->file, room, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the registration file cannot be read");
    *filled = (size_t)got;
    return STATUS_OK;
}

enum status file_source_open(struct scope *scope, const char *path, int descriptor,
                             struct file_source *out)
{
    struct stat state = {0};

    *out = (struct file_source){.file = path ? open(path, O_RDONLY | O_CLOEXEC)
                                             : fcntl(descriptor, F_DUPFD_CLOEXEC, 0)};
    if (out->file < 0 || fstat(out->file, &state) != 0 || !S_ISREG(state.st_mode)) {
        file_source_close(out);
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the registration file cannot be opened");
    }
    (void)posix_fadvise(out->file, 0, 0, POSIX_FADV_SEQUENTIAL);
    out->size = state.st_size;
    return csv_begin(scope, fill, out, &out->reader);
}

enum status file_source_seek(struct scope *scope, struct file_source *source, int64_t offset)
{
    if (lseek(source->file, offset, SEEK_SET) != offset)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the registration file cannot be read");
    source->reader.at = source->reader.end = 0;
    source->reader.ended = false;
    source->reader.offset = offset;
    return STATUS_OK;
}

void file_source_close(struct file_source *source)
{
    if (source->file >= 0)
        close(source->file);
    source->file = -1;
}

/* --- the first pass -----------------------------------------------------------------------------
 */

struct pass {
    struct scope records; /* one record at a time */
    EVP_MD_CTX *hash;
    struct file_facts *facts;
    int64_t rows;
    bool trailer;
};

static void pass_end(struct pass *pass)
{
    scope_end(&pass->records);
    EVP_MD_CTX_free(pass->hash);
}

static enum status add_hash(struct scope *scope, struct pass *pass, struct text raw)
{
    return EVP_DigestUpdate(pass->hash, raw.bytes, raw.size) == 1
               ? STATUS_OK
               : scope_fail(scope, CAUSE_INTERNAL, "the hash failed");
}

/* Rows that take something away: cancelled, or changed to "there is none". */
static bool lessens(struct text raw)
{
    if (raw.size < 3 || raw.bytes[1] != ',')
        return false;
    if (raw.bytes[2] == 'X')
        return raw.bytes[0] != 'D' && raw.bytes[0] != 'F';
    return raw.bytes[2] == 'U' &&
           (memmem(raw.bytes, raw.size, ",-,", 3) || memmem(raw.bytes, raw.size, ",-\n", 3) ||
            memmem(raw.bytes, raw.size, ",-\r", 3));
}

/* A failure of a row's scope becomes one of the caller's that names the row. */
static enum status pass_up(struct scope *scope, const struct pass *pass, enum status status)
{
    return status == STATUS_OK ? STATUS_OK
                               : scope_fail(scope, pass->records.cause, "row %lld: %s",
                                            (long long)pass->rows + 1, pass->records.failure);
}

static enum status take_header(struct scope *scope, struct pass *pass, struct text raw)
{
    struct csv_record record = {0};

    TRY(csv_split(scope, raw, &record)); /* lives on: created is kept */
    TRY(registration_header_read(scope, &record, &pass->facts->header));
    pass->facts->first_byte = (int64_t)raw.size;
    return add_hash(scope, pass, raw);
}

static enum status take_trailer(struct scope *scope, struct pass *pass, struct text raw)
{
    struct csv_record record = {0};
    struct registration_trailer trailer = {0};
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    TRY(csv_split(scope, raw, &record));
    TRY(registration_trailer_read(scope, &record, &trailer));
    if (trailer.rows != pass->rows || pass->facts->header.rows != pass->rows)
        return scope_fail(
            scope, CAUSE_REGISTRATION_COUNT, "%lld rows, the header says %lld, the trailer %lld",
            (long long)pass->rows, (long long)pass->facts->header.rows, (long long)trailer.rows);
    if (EVP_DigestFinal_ex(pass->hash, hash, &size) != 1)
        return scope_fail(scope, CAUSE_INTERNAL, "the hash failed");
    hex_write(hash, size, pass->facts->sha256);
    if (strcmp(trailer.sha256, pass->facts->sha256) != 0)
        return scope_fail(scope, CAUSE_REGISTRATION_HASH, "the hash of the trailer is another");
    pass->trailer = true;
    return STATUS_OK;
}

/* A record must split: what is no CSV would not be a row either. */
static enum status take_row(struct scope *scope, struct pass *pass, struct text raw)
{
    struct csv_record record;

    scope_reset(&pass->records);
    if (memchr(raw.bytes, '"', raw.size))
        TRY(pass_up(scope, pass, csv_split(&pass->records, raw, &record)));
    pass->rows++;
    pass->facts->lessening += lessens(raw);
    return add_hash(scope, pass, raw);
}

static enum status take_rows(struct scope *scope, struct file_source *source, struct pass *pass,
                             const struct file_watch *watch)
{
    for (;;) {
        struct text raw = {0};
        enum status status = csv_next(scope, &source->reader, &raw);
        if (status == STATUS_NOT_FOUND && pass->trailer)
            return STATUS_OK;
        if (status == STATUS_NOT_FOUND)
            return scope_fail(scope, CAUSE_REGISTRATION_CUT, "there is no trailer");
        TRY(status);
        if (pass->trailer)
            return scope_fail(scope, CAUSE_REGISTRATION_COUNT, "something follows the trailer");
        TRY(registration_is_trailer(raw) ? take_trailer(scope, pass, raw)
                                         : take_row(scope, pass, raw));
        if (watch->progress && pass->rows % WATCH_EVERY == 0)
            watch->progress(watch->context, FILE_CHECKED_BYTES, source->reader.offset,
                            source->size);
    }
}

enum status file_source_verify(struct scope *scope, struct file_source *source,
                               const struct file_watch *watch, struct file_facts *out)
{
    CLEANUP(pass_end)
    struct pass pass = {.records = scope_begin_at(RECORD_MEMORY, scope->now),
                        .hash = EVP_MD_CTX_new(),
                        .facts = out};
    struct text raw = {0};
    enum status status = STATUS_OK;

    *out = (struct file_facts){0};
    if (!pass.hash || EVP_DigestInit_ex(pass.hash, EVP_sha256(), NULL) != 1)
        return scope_fail(scope, CAUSE_INTERNAL, "the hash failed");
    TRY(file_source_seek(scope, source, 0));
    status = csv_next(scope, &source->reader, &raw);
    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_REGISTRATION_HEADER, "the file is empty");
    TRY(status);
    TRY(take_header(scope, &pass, raw));
    return take_rows(scope, source, &pass, watch);
}
