/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/crl.h"

#include <stdlib.h>
#include <string.h>

#include "proof/der.h"

#define SECOND INT64_C(1000000)
/* Clocks may differ by this much. */
#define SKEW_SECONDS 300
/* The smallest entry: a serial of one byte, a UTCTime, their heads. */
#define ENTRY_BYTES_MIN 20
#define REMOVE_FROM_CRL 8 /* of delta lists only */
#define EXTENSIONS_MAX 16
#define SIGNATURE_SIZE 256

struct entry {
    uint64_t serial;
    int reason;
};

struct crl {
    struct revocation times;
    size_t count;
    struct entry entries[]; /* by serial */
};

/* What is read before there is room for entries; texts point into the DER. */
struct list {
    struct text issuer_name, entries, signed_part, signature;
    struct revocation times;
};

static enum status wrong(struct scope *scope, const char *why)
{
    return scope_fail(scope, CAUSE_STATUS_ANSWER_WRONG, "CRL: %s", why);
}

/* --- extensions --- */

/* The last byte of 2.5.29.x; 0 for other object identifiers. oid: with tag and length. */
static unsigned char standard_extension(struct text oid)
{
    if (oid.size != 5 || memcmp(oid.bytes, "\x06\x03\x55\x1D", 4) != 0)
        return 0;
    return (unsigned char)oid.bytes[4];
}

enum { CRL_NUMBER = 20, REASON_CODE = 21, DELTA_INDICATOR = 27, DISTRIBUTION_POINT = 28 };

/* One extension: its place under 2.5.29 and its value. False: not well-formed, or critical. */
static bool take_extension(struct text *rest, unsigned char *which, struct text *value)
{
    struct text extension = {0};
    struct text oid = {0};

    if (!der_take(rest, DER_SEQUENCE, &extension, NULL) || !der_take_oid(&extension, &oid))
        return false;
    *which = standard_extension(oid);
    return der_peek(extension) != DER_BOOLEAN &&
           der_take(&extension, DER_OCTET_STRING, value, NULL) && extension.size == 0;
}

/* Of the list: none that narrows what it speaks of. rest: what follows the entries. */
static bool list_extensions_ok(struct text rest)
{
    struct text wrapper = {0};
    struct text list = {0};

    if (rest.size == 0)
        return true;
    if (!der_take(&rest, DER_CONTEXT_CONSTRUCTED | 0, &wrapper, NULL) || rest.size > 0 ||
        !der_take(&wrapper, DER_SEQUENCE, &list, NULL) || wrapper.size > 0)
        return false;
    for (int i = 0; list.size > 0; i++) {
        struct text value = {0};
        unsigned char which = 0;
        if (i == EXTENSIONS_MAX || !take_extension(&list, &which, &value) ||
            which == DELTA_INDICATOR || which == DISTRIBUTION_POINT)
            return false;
    }
    return true;
}

static bool read_reason(struct text value, int *reason)
{
    struct text number = {0};

    if (!der_take(&value, DER_ENUMERATED, &number, NULL) || value.size > 0 || number.size != 1)
        return false;
    *reason = (unsigned char)number.bytes[0];
    return *reason <= REVOCATION_REASON_LAST && *reason != REMOVE_FROM_CRL;
}

/* Of an entry: its reason. An entry of another issuer would be critical, and is refused. */
static bool read_entry_extensions(struct text rest, int *reason)
{
    struct text list = {0};

    if (rest.size == 0)
        return true;
    if (!der_take(&rest, DER_SEQUENCE, &list, NULL) || rest.size > 0)
        return false;
    for (int i = 0; list.size > 0; i++) {
        struct text value = {0};
        unsigned char which = 0;
        if (i == EXTENSIONS_MAX || !take_extension(&list, &which, &value) ||
            (which == REASON_CODE && !read_reason(value, reason)))
            return false;
    }
    return true;
}

/* --- entries --- */

/* Takes an entry; serial 0 where it is longer than any of a card. */
static bool take_entry(struct text *rest, struct entry *out)
{
    struct text fields = {0};
    struct text serial = {0};
    struct instant revoked = {0};
    struct entry entry = {0};

    if (!der_take(rest, DER_SEQUENCE, &fields, NULL) || !der_take_positive(&fields, &serial) ||
        !der_take_time(&fields, &revoked) || !read_entry_extensions(fields, &entry.reason))
        return false;
    for (size_t i = 0; i < serial.size && serial.size <= sizeof entry.serial; i++)
        entry.serial = entry.serial << 8 | (unsigned char)serial.bytes[i];
    *out = entry;
    return true;
}

static int by_serial(const void *a_, const void *b_)
{
    const struct entry *a = a_;
    const struct entry *b = b_;

    return (a->serial > b->serial) - (a->serial < b->serial);
}

static enum status fill(struct scope *scope, struct text rest, struct crl *crl)
{
    while (rest.size > 0) {
        struct entry entry = {0};
        if (!take_entry(&rest, &entry))
            return wrong(scope, "an entry");
        if (entry.serial != 0)
            crl->entries[crl->count++] = entry;
    }
    if (crl->count > 0)
        qsort(crl->entries, crl->count, sizeof crl->entries[0], by_serial);
    return STATUS_OK;
}

/* --- the list --- */

/* tbsCertList up to its entries. Version 1 has no number. */
static bool read_head(struct text *fields, struct list *list)
{
    static const unsigned char version_2[] = {DER_INTEGER, 0x01, 0x01};

    (void)der_take_bytes(fields, version_2, sizeof version_2);
    if (!der_take_sha256_with_rsa(fields) || !der_take_name(fields, &list->issuer_name) ||
        !der_take_time(fields, &list->times.as_of))
        return false;
    if (der_peek(*fields) == DER_UTC_TIME || der_peek(*fields) == DER_GENERALIZED_TIME)
        return der_take_time(fields, &list->times.until);
    return true;
}

static enum status read_list(struct scope *scope, struct text der, struct list *list)
{
    struct text parts = {0};
    struct text fields = {0};

    if (der.size > CRL_BYTES_MAX)
        return wrong(scope, "too large");
    if (!der_take(&der, DER_SEQUENCE, &parts, NULL) || der.size > 0 ||
        !der_take(&parts, DER_SEQUENCE, &fields, &list->signed_part) ||
        !der_take_sha256_with_rsa(&parts) || !der_take_bits(&parts, &list->signature) ||
        list->signature.size != SIGNATURE_SIZE || parts.size > 0)
        return wrong(scope, "not DER, or another signature algorithm");
    if (!read_head(&fields, list))
        return wrong(scope, "its head");
    if (der_peek(fields) == DER_SEQUENCE && !der_take(&fields, DER_SEQUENCE, &list->entries, NULL))
        return wrong(scope, "its entries");
    if (!list_extensions_ok(fields))
        return wrong(scope, "an extension that is critical, or of a list of a part");
    return STATUS_OK;
}

static enum status check(struct scope *scope, struct card_trust *trust, int issuer,
                         const struct list *list)
{
    if (!text_equal(list->issuer_name, card_trust_name(trust, issuer)) ||
        !card_trust_signed(trust, issuer, list->signed_part, list->signature))
        return wrong(scope, "not signed by the issuer");
    if (list->times.as_of.microseconds > scope->now.microseconds + SKEW_SECONDS * SECOND)
        return wrong(scope, "thisUpdate is yet to come");
    return STATUS_OK;
}

enum status crl_read(struct scope *scope, struct card_trust *trust, int issuer, struct text der,
                     struct crl **out)
{
    struct list list = {0};
    struct crl *crl = NULL;
    enum status status = STATUS_OK;
    size_t room = 0;

    TRY(read_list(scope, der, &list));
    TRY(check(scope, trust, issuer, &list));
    room = list.entries.size / ENTRY_BYTES_MIN;
    crl = malloc(sizeof *crl + room * sizeof crl->entries[0]);
    if (!crl)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    *crl = (struct crl){.times = list.times};
    status = fill(scope, list.entries, crl);
    if (status == STATUS_OK)
        *out = crl;
    else
        crl_free(crl);
    return status;
}

void crl_free(struct crl *crl)
{
    free(crl);
}

size_t crl_count(const struct crl *crl)
{
    return crl->count;
}

struct revocation crl_times(const struct crl *crl)
{
    return crl->times;
}

struct revocation crl_find(const struct crl *crl, uint64_t serial)
{
    const struct entry key = {.serial = serial};
    const struct entry *found =
        bsearch(&key, crl->entries, crl->count, sizeof crl->entries[0], by_serial);
    struct revocation said = crl->times;

    said.state = found ? REVOCATION_REVOKED : REVOCATION_GOOD;
    said.reason = found ? found->reason : REVOCATION_REASON_UNSPECIFIED;
    return said;
}
