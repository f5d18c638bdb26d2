/* SPDX-License-Identifier: Apache-2.0 */
#include "card/jpki.h"

#include <string.h>

#include "card/exchange.h"

#define CERTIFICATE_MAX 4096 /* bytes; the documented one has 1573 */
#define READ_SIZE 256
#define LABEL_SIZE 32
#define SIGNATURE_SIZE 256
#define PIN_SIZE 4
#define RECORD_SIZE 28   /* of the common application: 15 digits of the card, 5 of the place, */
#define RECORD_EXPIRY 20 /* and from here the day, YYYYMMDD */

enum file {
    FILE_LABEL = 0x06,
    FILE_PRESENCE = 0x08,
    FILE_AUTH_CERTIFICATE = 0x0A,
    FILE_AUTH_KEY = 0x17,
    FILE_AUTH_PIN = 0x18,
};

enum status jpki_select(struct scope *scope, struct card_link *link)
{
    static const unsigned char select[] = {0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0,
                                           0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
    struct exchange answer = {.size = 0};

    TRY(exchange_send(scope, link, select, sizeof select, &answer));
    if (answer.status == EXCHANGE_OK)
        return STATUS_OK;
    return scope_fail(scope, CAUSE_CARD_NOT_OURS, "card: no JPKI application: %04X", answer.status);
}

enum status common_read_expiry(struct scope *scope, struct card_link *link, struct date *out)
{
    static const unsigned char select[] = {0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0x10,
                                           0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00};
    static const unsigned char select_record[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x01};
    static const unsigned char read[] = {0x00, 0xB2, 0x01, 0x04, 0x00};
    struct exchange answer = {.size = 0};

    *out = DATE_NONE;
    TRY(exchange_send(scope, link, select, sizeof select, &answer));
    if (answer.status == EXCHANGE_OK)
        TRY(exchange_send(scope, link, select_record, sizeof select_record, &answer));
    if (answer.status == EXCHANGE_OK)
        TRY(exchange_send(scope, link, read, sizeof read, &answer));
    if (answer.status == EXCHANGE_OK && answer.size == RECORD_SIZE &&
        !date_read((const char *)answer.bytes + RECORD_EXPIRY, RECORD_SIZE - RECORD_EXPIRY, out))
        *out = DATE_NONE;
    return STATUS_OK;
}

static enum status select_file(struct scope *scope, struct card_link *link, enum file file)
{
    const unsigned char select[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, (unsigned char)file};
    struct exchange answer = {.size = 0};

    return exchange_expect(scope, link, select, sizeof select, "SELECT", &answer);
}

/* Reads size bytes (1 to 256) at an offset of the current file, exactly. */
static enum status read_bytes(struct scope *scope, struct card_link *link, size_t offset,
                              size_t size, char *out)
{
    const unsigned char read[] = {0x00, 0xB0, (unsigned char)(offset >> 8),
                                  (unsigned char)(offset & 0xFF), (unsigned char)(size & 0xFF)};
    struct exchange answer = {.size = 0};

    TRY(exchange_expect(scope, link, read, sizeof read, "READ BINARY", &answer));
    if (answer.size != size)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "card: %zu bytes instead of %zu",
                          answer.size, size);
    memcpy(out, answer.bytes, size);
    return STATUS_OK;
}

enum status jpki_read_label(struct scope *scope, struct card_link *link, struct text *out)
{
    char *bytes = NULL;

    TRY(select_file(scope, link, FILE_LABEL));
    TRY(scope_alloc(scope, LABEL_SIZE + 1, 1, &bytes));
    TRY(read_bytes(scope, link, 0, LABEL_SIZE, bytes));
    for (size_t i = 0; i < LABEL_SIZE; i++)
        if (bytes[i] < 0x20 || bytes[i] > 0x7E)
            return scope_fail(scope, CAUSE_CARD_UNREADABLE, "card: a label that is not text");
    *out = text_trim((struct text){bytes, LABEL_SIZE});
    return STATUS_OK;
}

/* Older notes write the label of plastic cards without its last character: prefixes (1.2). */
static const struct {
    const char *label;
    enum card_kind kind;
} kinds[] = {
    {"JPKIAPICCTOKEN", CARD_KIND_PLASTIC},
    {"JPKIAPGPSETOKEN", CARD_KIND_ANDROID},
    {"JPKIAPIOSTOKEN", CARD_KIND_IPHONE},
};

enum status jpki_read_kind(struct scope *scope, struct card_link *link, enum card_kind *out)
{
    struct text label = {0};

    TRY(jpki_read_label(scope, link, &label));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (text_starts_with(label, kinds[i].label)) {
            *out = kinds[i].kind;
            return STATUS_OK;
        }
    return scope_fail(scope, CAUSE_CARD_NOT_OURS, "card: a label of no known kind");
}

enum status jpki_read_certificate(struct scope *scope, struct card_link *link, struct text *out)
{
    unsigned char head[4] = {0};
    char *bytes = NULL;
    size_t size = 0;

    TRY(select_file(scope, link, FILE_AUTH_CERTIFICATE));
    TRY(read_bytes(scope, link, 0, sizeof head, (char *)head));
    size = 4 + ((size_t)head[2] << 8 | head[3]);
    if (head[0] != 0x30 || head[1] != 0x82 || size > CERTIFICATE_MAX)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "card: no certificate in its file");
    TRY(scope_alloc(scope, size, 1, &bytes));
    for (size_t at = 0; at < size; at += READ_SIZE)
        TRY(read_bytes(scope, link, at, size - at < READ_SIZE ? size - at : READ_SIZE, bytes + at));
    *out = (struct text){bytes, size};
    return STATUS_OK;
}

/* What an answer to VERIFY says of the tries left; false where it says nothing. */
static bool tries_of(unsigned status, int *out)
{
    if (status == 0x6983 || status == 0x6984) { /* guides and cards differ (Q2) */
        *out = 0;
        return true;
    }
    *out = (int)(status & 0xF);
    return (status & 0xFFF0) == 0x63C0;
}

enum status jpki_pin_tries(struct scope *scope, struct card_link *link, int *out)
{
    static const unsigned char ask[] = {0x00, 0x20, 0x00, 0x80};
    struct exchange answer = {.size = 0};
    int tries = 0;

    TRY(select_file(scope, link, FILE_AUTH_PIN));
    TRY(exchange_send(scope, link, ask, sizeof ask, &answer));
    if (!tries_of(answer.status, &tries))
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "card: tries left: %04X", answer.status);
    *out = tries;
    return STATUS_OK;
}

/* Sends the PIN once, and wipes the command. */
static enum status send_pin(struct scope *scope, struct card_link *link, const char *pin,
                            unsigned *answer_status)
{
    unsigned char verify[5 + PIN_SIZE] = {0x00, 0x20, 0x00, 0x80, PIN_SIZE};
    struct exchange answer = {.size = 0};
    enum status status = STATUS_OK;

    memcpy(verify + 5, pin, PIN_SIZE);
    status = exchange_send(scope, link, verify, sizeof verify, &answer);
    explicit_bzero(verify, sizeof verify);
    *answer_status = answer.status;
    return status;
}

/*
 * A PIN-less card answers as a locked one does; what tells them apart is that it has no signature
 * certificate (EF 0008 begins with 00). Where that cannot be read: locked.
 */
static bool has_no_pin(struct scope *scope, struct card_link *link)
{
    char presence[3] = {0};
    bool read = select_file(scope, link, FILE_PRESENCE) == STATUS_OK &&
                read_bytes(scope, link, 0, sizeof presence, presence) == STATUS_OK;

    if (!read)
        scope_forgive(scope);
    return read && presence[0] == 0;
}

enum status jpki_read_pin(struct scope *scope, struct card_link *link, struct jpki_pin *out)
{
    TRY(jpki_pin_tries(scope, link, &out->tries));
    out->none = out->tries == 0 && has_no_pin(scope, link);
    return STATUS_OK;
}

/* Why a PIN cannot be tried. */
static enum status fail_blocked(struct scope *scope, struct card_link *link)
{
    if (has_no_pin(scope, link))
        return scope_fail(scope, CAUSE_CARD_PIN_NONE, "card: it has no PIN");
    return scope_fail(scope, CAUSE_CARD_PIN_LOCKED, "card: the PIN is locked");
}

enum status jpki_verify_pin(struct scope *scope, struct card_link *link, const char *pin,
                            size_t size, int *tries)
{
    unsigned answer = 0;

    if (size != PIN_SIZE || !text_is_digits((struct text){pin, size}))
        return scope_fail(scope, CAUSE_CODE_VALUE_WRONG, "a PIN has four digits");
    TRY(select_file(scope, link, FILE_AUTH_PIN));
    TRY(send_pin(scope, link, pin, &answer));
    if (answer == EXCHANGE_OK)
        return STATUS_OK;
    if (!tries_of(answer, tries))
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "card: VERIFY: %04X", answer);
    if (*tries == 0)
        return fail_blocked(scope, link);
    return scope_fail(scope, CAUSE_CARD_PIN_WRONG, "card: the PIN was refused");
}

enum status jpki_sign(struct scope *scope, struct card_link *link, const unsigned char hash[32],
                      unsigned char out[256])
{
    /* COMPUTE DIGITAL SIGNATURE over a SHA-256 DigestInfo, whose last 32 bytes are the hash */
    unsigned char sign[57] = {0x80, 0x2A, 0x00, 0x80, 0x33, 0x30, 0x31, 0x30,
                              0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
                              0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    struct exchange answer = {.size = 0};

    memcpy(sign + 24, hash, 32);
    TRY(select_file(scope, link, FILE_AUTH_KEY));
    TRY(exchange_expect(scope, link, sign, sizeof sign, "signature", &answer));
    if (answer.size != SIGNATURE_SIZE)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "card: a signature of %zu bytes",
                          answer.size);
    memcpy(out, answer.bytes, SIGNATURE_SIZE);
    return STATUS_OK;
}
