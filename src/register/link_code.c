/* SPDX-License-Identifier: Apache-2.0 */
#include "register/link_code.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hex.h"
#include "domain/number.h"

/* What is hashed before the number, so that the key serves one purpose. */
#define LINK_PURPOSE "shikaku-link-1:"
#define NUMBER_DIGITS 12
#define KEY_DIGITS 64 /* two a byte */
_Static_assert(KEY_DIGITS == 2 * LINK_KEY_SIZE, "a digit is half a byte");

bool link_code_ok(struct text code)
{
    for (size_t i = 0; i < code.size; i++)
        if (hex_digit(code.bytes[i]) < 0 || (code.bytes[i] >= 'A' && code.bytes[i] <= 'F'))
            return false;
    return code.size == LINK_CODE_SIZE - 1;
}

static enum status must_be_secret(struct scope *scope, const char *path)
{
    struct stat state = {0};

    if (stat(path, &state) == 0 && (state.st_mode & 077) != 0)
        return scope_fail(scope, CAUSE_REGISTER_FILE_OPEN, "the link key's mode must be 0600");
    return STATUS_OK;
}

enum status link_key_read(struct scope *scope, const char *path, struct link_key *out)
{
    struct text file = {0};
    struct text digits = {0};

    TRY(must_be_secret(scope, path));
    TRY(file_read(scope, path, 4096, &file));
    digits = text_trim(file);
    if (!hex_read(digits, out->bytes, LINK_KEY_SIZE))
        return scope_fail(scope, CAUSE_REGISTER_KEY_WRONG, "the key is not %d hexadecimal digits",
                          KEY_DIGITS);
    return STATUS_OK;
}

enum status link_key_make(struct scope *scope, const char *path, struct link_key *out)
{
    char digits[KEY_DIGITS + 2];
    enum status status = STATUS_OK;

    if (RAND_priv_bytes(out->bytes, LINK_KEY_SIZE) != 1)
        return scope_fail(scope, CAUSE_INTERNAL, "no random bytes for the link key");
    hex_write(out->bytes, LINK_KEY_SIZE, digits);
    digits[KEY_DIGITS] = '\n';
    status = file_write(scope, path, (struct text){digits, KEY_DIGITS + 1}, FILE_MODE_SECRET);
    explicit_bzero(digits, sizeof digits);
    return status;
}

void link_key_drop(struct link_key *key)
{
    explicit_bzero(key, sizeof *key);
}

enum status link_code_make(struct scope *scope, const struct link_key *key, struct text number,
                           char out[LINK_CODE_SIZE])
{
    unsigned char message[sizeof LINK_PURPOSE - 1 + NUMBER_DIGITS] = LINK_PURPOSE;
    unsigned char hash[32];
    unsigned size = sizeof hash;
    bool made = false;

    if (number_check(NUMBER_INDIVIDUAL, number) != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_INDIVIDUAL_NUMBER_WRONG,
                          "12 digits with a right check digit");
    memcpy(message + sizeof LINK_PURPOSE - 1, number.bytes, NUMBER_DIGITS);
    made = HMAC(EVP_sha256(), key->bytes, LINK_KEY_SIZE, message, sizeof message, hash, &size);
    explicit_bzero(message, sizeof message);
    if (!made)
        return scope_fail(scope, CAUSE_INTERNAL, "HMAC failed");
    hex_write(hash, sizeof hash, out);
    return STATUS_OK;
}
