/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/visual_password.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/file.h"
#include "base/hex.h"

#define HEAD "scrypt 16384 8 1 "
#define COST_N 16384
#define COST_R 8
#define COST_P 1
#define COST_MEMORY (32UL * 1024 * 1024)

static enum status derive(struct scope *scope, struct text password, const unsigned char salt[16],
                          unsigned char out[32])
{
    if (EVP_PBE_scrypt(password.bytes, password.size, salt, 16, COST_N, COST_R, COST_P, COST_MEMORY,
                       out, 32) == 1)
        return STATUS_OK;
    return scope_fail(scope, CAUSE_INTERNAL, "no scrypt");
}

static void add_hex(struct text_buffer *buffer, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        text_buffer_add_format(buffer, "%02x", bytes[i]);
}

enum status visual_password_make(struct scope *scope, struct text password, struct text *line)
{
    struct visual_password made = {.set = true};
    struct text_buffer buffer = text_buffer_begin(scope, VISUAL_HASH_LINE_MAX);

    if (password.size < VISUAL_PASSWORD_MIN)
        return scope_fail(scope, CAUSE_TEXT_WRONG, "a password has at least %d characters",
                          VISUAL_PASSWORD_MIN);
    if (getrandom(made.salt, sizeof made.salt, 0) != (ssize_t)sizeof made.salt)
        return scope_fail(scope, CAUSE_INTERNAL, "no random bytes");
    TRY(derive(scope, password, made.salt, made.hash));
    text_buffer_add_string(&buffer, HEAD);
    add_hex(&buffer, made.salt, sizeof made.salt);
    text_buffer_add_char(&buffer, ' ');
    add_hex(&buffer, made.hash, sizeof made.hash);
    text_buffer_add_char(&buffer, '\n');
    return text_buffer_end(&buffer, line);
}

enum status visual_password_parse(struct scope *scope, struct text line,
                                  struct visual_password *out)
{
    struct visual_password read = {.set = true};
    const size_t head = sizeof HEAD - 1, salt = 2 * sizeof read.salt;
    struct text trimmed = text_trim(line);

    if (trimmed.size == head + salt + 1 + 2 * sizeof read.hash && text_starts_with(trimmed, HEAD) &&
        trimmed.bytes[head + salt] == ' ' &&
        hex_read((struct text){trimmed.bytes + head, salt}, read.salt, sizeof read.salt) &&
        hex_read((struct text){trimmed.bytes + head + salt + 1, 2 * sizeof read.hash}, read.hash,
                 sizeof read.hash)) {
        *out = read;
        return STATUS_OK;
    }
    return scope_fail(scope, CAUSE_CONFIGURATION,
                      "visual-password: not a line of 'shikaku visual-mode password'");
}

enum status visual_password_open(struct scope *scope, const char *path, struct visual_password *out)
{
    struct text line = {0};

    TRY(file_read(scope, path, VISUAL_HASH_LINE_MAX, &line));
    return visual_password_parse(scope, line, out);
}

enum status visual_password_check(struct scope *scope, struct visual_password *password,
                                  struct text given, int64_t now)
{
    unsigned char hash[32];
    bool same = false;

    if (now < password->paused_until)
        return scope_fail(scope, CAUSE_VISUAL_PASSWORD_PAUSED, "too many wrong passwords");
    if (text_empty(given))
        return scope_fail(scope, CAUSE_VISUAL_NOT_PERMITTED, "no password was given");
    TRY(derive(scope, given, password->salt, hash));
    same = CRYPTO_memcmp(hash, password->hash, sizeof hash) == 0;
    explicit_bzero(hash, sizeof hash);
    password->wrong = same ? 0 : password->wrong + 1;
    if (same)
        return STATUS_OK;
    if (password->wrong >= VISUAL_WRONG_MAX) {
        password->wrong = 0;
        password->paused_until = now + VISUAL_PAUSE_MILLISECONDS;
    }
    return scope_fail(scope, CAUSE_VISUAL_NOT_PERMITTED, "a wrong password");
}
