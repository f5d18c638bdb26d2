/* SPDX-License-Identifier: Apache-2.0 */
#include "insurer/reply_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/hex.h"

#define BUFFER_SIZE ((size_t)128 * 1024)
#define LINE_MAX_SIZE ((size_t)1024) /* of our own texts and numbers */
#define REPLY_MODE 0640
#define SHA256_SIZE 32

static enum status hash_failed(struct scope *scope)
{
    return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the hash of the reply");
}

/* Reads what an earlier run wrote, so that the hash goes on from there. */
static enum status hash_begin(struct scope *scope, struct reply_file *reply)
{
    reply->hash = EVP_MD_CTX_new();
    if (!reply->hash || EVP_DigestInit_ex(reply->hash, EVP_sha256(), NULL) != 1)
        return hash_failed(scope);
    for (int64_t at = 0; at < reply->size;) {
        size_t left = (size_t)(reply->size - at);
        ssize_t got =
            pread(reply->file, reply->buffer, left < BUFFER_SIZE ? left : BUFFER_SIZE, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the reply cannot be read");
        if (EVP_DigestUpdate(reply->hash, reply->buffer, (size_t)got) != 1)
            return hash_failed(scope);
        at += got;
    }
    return STATUS_OK;
}

enum status reply_file_open(struct scope *scope, const char *path, int64_t size,
                            struct reply_file *out)
{
    struct stat state = {0};

    *out = (struct reply_file){.file = -1, .size = size};
    TRY(scope_alloc(scope, BUFFER_SIZE, 1, &out->buffer));
    if (!path)
        return STATUS_OK;
    out->file = open(path, O_RDWR | O_CLOEXEC | (size == 0 ? O_CREAT : 0), REPLY_MODE);
    if (out->file < 0 && size > 0)
        return scope_fail(scope, CAUSE_REGISTRATION_REPLY_GONE, "the reply cannot be opened");
    if (out->file < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the reply cannot be made");
    if (fstat(out->file, &state) != 0 || !S_ISREG(state.st_mode))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the reply is no file");
    if (flock(out->file, LOCK_EX | LOCK_NB) != 0)
        return scope_fail(scope, CAUSE_REGISTRATION_BUSY, "another load writes the reply");
    if (state.st_size < size)
        return scope_fail(scope, CAUSE_REGISTRATION_REPLY_GONE, "the reply is shorter than it was");
    if (ftruncate(out->file, size) != 0 || lseek(out->file, size, SEEK_SET) != size)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the reply cannot be cut");
    return hash_begin(scope, out);
}

static enum status flush(struct scope *scope, struct reply_file *reply)
{
    size_t written = 0;

    if (reply->hash && EVP_DigestUpdate(reply->hash, reply->buffer, reply->used) != 1)
        return hash_failed(scope);
    while (reply->file >= 0 && written < reply->used) {
        ssize_t wrote = write(reply->file, reply->buffer + written, reply->used - written);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the reply cannot be written");
        written += (size_t)wrote;
    }
    reply->used = 0;
    return STATUS_OK;
}

/* Lines are written into the buffer's own room: nothing is allocated a row. */
static enum status add_line(struct scope *scope, struct reply_file *reply,
                            const struct text_buffer *line)
{
    TRY(line->status);
    if (line->bytes != reply->buffer + reply->used) /* it was moved to where it had room */
        return scope_fail(scope, CAUSE_INTERNAL, "a line of the reply is too long");
    reply->used += line->size;
    reply->size += (int64_t)line->size;
    return reply->used + LINE_MAX_SIZE > BUFFER_SIZE ? flush(scope, reply) : STATUS_OK;
}

static struct text_buffer line_begin(struct scope *scope, struct reply_file *reply)
{
    return (struct text_buffer){
        .scope = scope, .bytes = reply->buffer + reply->used, .capacity = LINE_MAX_SIZE};
}

enum status reply_file_begin(struct scope *scope, struct reply_file *reply,
                             const struct registration_file *file)
{
    struct text_buffer line = line_begin(scope, reply);

    text_buffer_add_format(&line, "R,%d,%s,%s,%lld\n", REGISTRATION_FILE_VERSION,
                           file->insurer.digits, file->sha256, (long long)file->rows);
    return add_line(scope, reply, &line);
}

enum status reply_file_add(struct scope *scope, struct reply_file *reply,
                           const struct registration_reply *row)
{
    struct text_buffer line = line_begin(scope, reply);

    registration_reply_write(&line, row);
    return add_line(scope, reply, &line);
}

enum status reply_file_end(struct scope *scope, struct reply_file *reply,
                           const struct registration_file *file)
{
    unsigned char bytes[SHA256_SIZE] = {0};
    char hex[2 * SHA256_SIZE + 1];
    struct text_buffer line = {0};

    TRY(flush(scope, reply));
    if (reply->hash && EVP_DigestFinal_ex(reply->hash, bytes, NULL) != 1)
        return hash_failed(scope);
    EVP_MD_CTX_free(reply->hash); /* the last line is not in it */
    reply->hash = NULL;
    hex_write(bytes, sizeof bytes, hex);
    line = line_begin(scope, reply);
    text_buffer_add_format(&line, "T,%lld,%s,%lld,%lld,%lld\n", (long long)file->rows, hex,
                           (long long)file->accepted, (long long)file->warned,
                           (long long)file->refused);
    return add_line(scope, reply, &line);
}

enum status reply_file_sync(struct scope *scope, struct reply_file *reply)
{
    TRY(flush(scope, reply));
    if (reply->file >= 0 && fdatasync(reply->file) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the reply cannot be written");
    return STATUS_OK;
}

void reply_file_close(struct reply_file *reply)
{
    if (reply->file >= 0)
        close(reply->file);
    reply->file = -1;
    EVP_MD_CTX_free(reply->hash);
    reply->hash = NULL;
}
