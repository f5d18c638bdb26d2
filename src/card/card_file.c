/* SPDX-License-Identifier: Apache-2.0
 *
 * card_file.c - the .card file: one JSON object, every member known, each at most once.
 *
 *   {"format": "shikaku-card-1", "label": "...", "auth_certificate": "<base64>", ...,
 *    "auth_pin": "1234", "auth_tries": 3, "card_expires": "20341114"}
 *
 * It holds the secrets of an invented person in clear, as a chip would; hence mode 0600.
 */
#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "card/chip.h"
#include "card/emulated_card.h"

#define FORMAT "shikaku-card-1"
#define FILE_MAX 65536
#define DER_MAX 4096
#define PEM_MAX 4096
#define LABEL_MAX 32

static void json_drop(json_t **json)
{
    json_decref(*json);
}

static enum status wrong(struct scope *scope, const char *member)
{
    return scope_fail(scope, CAUSE_CONFIGURATION, "card file: '%s' is missing or wrong", member);
}

/* One SEQUENCE with a two-byte length, as certificates are: readers rely on its first bytes. */
static bool der_ok(struct text der)
{
    return text_empty(der) ||
           (der.size > 4 && der.size <= DER_MAX && memcmp(der.bytes, "\x30\x82", 2) == 0 &&
            der.size - 4 ==
                ((size_t)(unsigned char)der.bytes[2] << 8 | (unsigned char)der.bytes[3]));
}

static bool pem_ok(struct text pem)
{
    return text_empty(pem) ||
           (pem.size <= PEM_MAX && text_starts_with(pem, "-----BEGIN ") && text_is_utf8(pem));
}

static bool label_ok(struct text label)
{
    for (size_t i = 0; i < label.size; i++)
        if (label.bytes[i] < 0x20 || label.bytes[i] > 0x7E)
            return false;
    return label.size <= LABEL_MAX;
}

static bool card_number_ok(struct text number)
{
    return text_empty(number) || (number.size == 15 && text_is_digits(number));
}

static bool municipality_ok(struct text code)
{
    return text_empty(code) || (code.size == 5 && text_is_digits(code));
}

/* The members that are texts of the image. */
static const struct text_member {
    const char *name;
    bool binary; /* base64 in the file */
    bool (*ok)(struct text value);
    size_t offset;
} text_members[] = {
    {"label", false, label_ok, offsetof(struct card_image, label)},
    {"auth_certificate", true, der_ok, offsetof(struct card_image, auth_certificate)},
    {"auth_ca", true, der_ok, offsetof(struct card_image, auth_ca)},
    {"auth_key_pem", false, pem_ok, offsetof(struct card_image, auth_key_pem)},
    {"sign_certificate", true, der_ok, offsetof(struct card_image, sign_certificate)},
    {"sign_ca", true, der_ok, offsetof(struct card_image, sign_ca)},
    {"sign_key_pem", false, pem_ok, offsetof(struct card_image, sign_key_pem)},
    {"terminal_ca_pem", false, pem_ok, offsetof(struct card_image, terminal_ca_pem)},
    {"card_number", false, card_number_ok, offsetof(struct card_image, card_number)},
    {"municipality", false, municipality_ok, offsetof(struct card_image, municipality)},
};

/* The references: a secret and its counter. */
static const struct reference_member {
    const char *secret_name, *tries_name;
    enum chip_reference_id id;
    int tries_max;
    size_t secret_offset, secret_size, tries_offset;
} reference_members[] = {
    {"auth_pin", "auth_tries", CHIP_AUTH, CHIP_AUTH_TRIES, offsetof(struct card_image, auth_pin),
     sizeof((struct card_image *)0)->auth_pin, offsetof(struct card_image, auth_tries)},
    {"sign_password", "sign_tries", CHIP_SIGN, CHIP_SIGN_TRIES,
     offsetof(struct card_image, sign_password), sizeof((struct card_image *)0)->sign_password,
     offsetof(struct card_image, sign_tries)},
};

#define TEXT_COUNT (sizeof text_members / sizeof text_members[0])
#define REFERENCE_COUNT (sizeof reference_members / sizeof reference_members[0])
#define MEMBER_COUNT (TEXT_COUNT + 2 * REFERENCE_COUNT + 2) /* format, card_expires */

static struct text *text_at(struct card_image *image, const struct text_member *member)
{
    return (struct text *)(void *)((char *)image + member->offset);
}

static char *secret_at(struct card_image *image, const struct reference_member *member)
{
    return (char *)image + member->secret_offset;
}

static int *tries_at(struct card_image *image, const struct reference_member *member)
{
    return (int *)(void *)((char *)image + member->tries_offset);
}

static bool reference_ok(const struct reference_member *member, const char *secret, int64_t tries)
{
    return (secret[0] == '\0' || chip_secret_ok(member->id, secret, strlen(secret))) &&
           tries >= 0 && tries <= member->tries_max;
}

static bool expiry_ok(struct date date)
{
    return !date_is(date) || date_ok(date);
}

static enum status encode(struct scope *scope, struct text bytes, struct text *out)
{
    unsigned char *made = NULL;

    TRY(scope_alloc(scope, (bytes.size + 2) / 3 * 4 + 1, 1, &made));
    *out = (struct text){
        (char *)made,
        (size_t)EVP_EncodeBlock(made, (const unsigned char *)bytes.bytes, (int)bytes.size)};
    return STATUS_OK;
}

/* libcrypto's decoder is lenient: only what encodes to the same text again is accepted. */
static enum status decode(struct scope *scope, const char *member, struct text base64,
                          struct text *out)
{
    unsigned char *made = NULL;
    struct text again = {0};
    int size = 0;

    if (text_empty(base64) || !base64.bytes)
        return STATUS_OK;
    TRY(scope_alloc(scope, base64.size + 1, 1, &made));
    size = EVP_DecodeBlock(made, (const unsigned char *)base64.bytes, (int)base64.size);
    if (size < 3)
        return wrong(scope, member);
    size -= base64.bytes[base64.size - 1] == '=';
    size -= base64.bytes[base64.size - 2] == '=';
    TRY(encode(scope, (struct text){(char *)made, (size_t)size}, &again));
    if (!text_equal(again, base64))
        return wrong(scope, member);
    *out = (struct text){(char *)made, (size_t)size};
    return STATUS_OK;
}

/* A string member, copied into the scope. */
static enum status read_string(struct scope *scope, const json_t *json, const char *name,
                               struct text *out)
{
    const json_t *value = json_object_get(json, name);

    if (!json_is_string(value))
        return wrong(scope, name);
    return text_copy(scope, (struct text){json_string_value(value), json_string_length(value)},
                     out);
}

static enum status read_text(struct scope *scope, const json_t *json,
                             const struct text_member *member, struct card_image *image)
{
    struct text value = {0};

    TRY(read_string(scope, json, member->name, &value));
    if (member->binary)
        TRY(decode(scope, member->name, value, &value));
    if (!member->ok(value))
        return wrong(scope, member->name);
    *text_at(image, member) = value;
    return STATUS_OK;
}

static enum status read_reference(struct scope *scope, const json_t *json,
                                  const struct reference_member *member, struct card_image *image)
{
    const json_t *tries = json_object_get(json, member->tries_name);
    struct text secret = {0};

    TRY(read_string(scope, json, member->secret_name, &secret));
    if (!secret.bytes || secret.size >= member->secret_size ||
        strlen(secret.bytes) != secret.size || !reference_ok(member, secret.bytes, 0))
        return wrong(scope, member->secret_name);
    if (!json_is_integer(tries) || !reference_ok(member, "", json_integer_value(tries)))
        return wrong(scope, member->tries_name);
    memcpy(secret_at(image, member), secret.bytes, secret.size + 1);
    *tries_at(image, member) = (int)json_integer_value(tries);
    return STATUS_OK;
}

static enum status read_expiry(struct scope *scope, const json_t *json, struct card_image *image)
{
    struct text value = {0};

    TRY(read_string(scope, json, "card_expires", &value));
    if (!text_empty(value) && !date_read(value.bytes, value.size, &image->card_expires))
        return wrong(scope, "card_expires");
    return STATUS_OK;
}

static enum status read_members(struct scope *scope, const json_t *json, struct card_image *image)
{
    struct text format = {0};

    TRY(read_string(scope, json, "format", &format));
    if (!text_is(format, FORMAT))
        return wrong(scope, "format");
    for (size_t i = 0; i < TEXT_COUNT; i++)
        TRY(read_text(scope, json, &text_members[i], image));
    for (size_t i = 0; i < REFERENCE_COUNT; i++)
        TRY(read_reference(scope, json, &reference_members[i], image));
    TRY(read_expiry(scope, json, image));
    if (json_object_size(json) != MEMBER_COUNT)
        return scope_fail(scope, CAUSE_CONFIGURATION, "card file: it has unknown members");
    return STATUS_OK;
}

/* jansson frees strings as they are; these held secrets. */
static void wipe_strings(json_t *json)
{
    const char *name = NULL;
    json_t *value = NULL;

    json_object_foreach(json, name, value)
    {
        if (json_is_string(value)) /* NOLINTNEXTLINE(performance-no-int-to-ptr): takes off const */
            OPENSSL_cleanse((char *)(uintptr_t)json_string_value(value), json_string_length(value));
    }
}

enum status card_image_parse(struct scope *scope, struct text json, struct card_image *out)
{
    json_error_t error;
    CLEANUP(json_drop)
    json_t *read = json_loadb(json.bytes, json.size, JSON_REJECT_DUPLICATES, &error);
    struct card_image image = {0};
    enum status status = STATUS_OK;

    if (!json_is_object(read))
        return scope_fail(scope, CAUSE_CONFIGURATION, "card file: it is not a JSON object");
    status = read_members(scope, read, &image);
    wipe_strings(read);
    if (status == STATUS_OK)
        *out = image;
    OPENSSL_cleanse(&image, sizeof image);
    return status;
}

enum status card_image_read(struct scope *scope, const char *path, struct card_image *out)
{
    struct text json = {0};

    TRY(file_read(scope, path, FILE_MAX, &json));
    return card_image_parse(scope, json, out);
}

/* The members of an image that can be written; its texts must be such as are read. */
static enum status check_image(struct scope *scope, struct card_image *image)
{
    for (size_t i = 0; i < TEXT_COUNT; i++)
        if (!text_members[i].ok(*text_at(image, &text_members[i])))
            return wrong(scope, text_members[i].name);
    for (size_t i = 0; i < REFERENCE_COUNT; i++)
        if (!reference_ok(&reference_members[i], secret_at(image, &reference_members[i]),
                          *tries_at(image, &reference_members[i])))
            return wrong(scope, reference_members[i].secret_name);
    return expiry_ok(image->card_expires) ? STATUS_OK : wrong(scope, "card_expires");
}

static enum status add_texts(struct scope *scope, json_t *json, struct card_image *image)
{
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        struct text value = *text_at(image, &text_members[i]);
        if (text_members[i].binary)
            TRY(encode(scope, value, &value));
        if (json_object_set_new(json, text_members[i].name,
                                json_stringn(value.bytes ? value.bytes : "", value.size)) != 0)
            return wrong(scope, text_members[i].name);
    }
    return STATUS_OK;
}

static enum status add_rest(struct scope *scope, json_t *json, struct card_image *image)
{
    char expires[12] = "";
    bool added = true;

    for (size_t i = 0; i < REFERENCE_COUNT && added; i++) {
        const struct reference_member *member = &reference_members[i];
        added = json_object_set_new(json, member->secret_name,
                                    json_string(secret_at(image, member))) == 0 &&
                json_object_set_new(json, member->tries_name,
                                    json_integer(*tries_at(image, member))) == 0;
    }
    if (date_is(image->card_expires))
        snprintf(expires, sizeof expires, "%08d", image->card_expires.yyyymmdd);
    added = added && json_object_set_new(json, "card_expires", json_string(expires)) == 0;
    return added ? STATUS_OK : wrong(scope, "card_expires");
}

/* The JSON of an image as text in the scope. */
static enum status dump(struct scope *scope, json_t *json, struct text *out)
{
    char *text = json_dumps(json, JSON_INDENT(2));
    enum status status = STATUS_OK;

    wipe_strings(json);
    if (!text)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    status = text_copy(scope, text_of(text), out);
    OPENSSL_cleanse(text, strlen(text));
    free(text);
    return status;
}

enum status card_image_format(struct scope *scope, const struct card_image *image,
                              struct text *json)
{
    CLEANUP(json_drop) json_t *made = json_pack("{s:s}", "format", FORMAT);
    struct card_image copy = *image;
    enum status status = check_image(scope, &copy);

    if (status == STATUS_OK)
        status = add_texts(scope, made, &copy);
    if (status == STATUS_OK)
        status = add_rest(scope, made, &copy);
    OPENSSL_cleanse(&copy, sizeof copy);
    return status == STATUS_OK ? dump(scope, made, json) : status;
}

enum status card_image_write(struct scope *scope, const char *path, const struct card_image *image)
{
    struct text json = {0};

    TRY(card_image_format(scope, image, &json));
    return file_write(scope, path, json, FILE_MODE_SECRET);
}
