/* SPDX-License-Identifier: Apache-2.0
 *
 * mobile_device.c - E3: phones and tablets of an institution. Its terminal issues an activation
 * code; a device activates once with it and gets a secret, which it states from then on. Codes and
 * secrets are random and stored as hashes.
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/hex.h"
#include "format/oqs_mobile.h"
#include "proof/sha256.h"
#include "service/mobile.h"

/* Our choices. */
#define CODE_LETTERS 16 /* of 32 letters: 80 bits */
#define CODE_LIFE_MICROSECONDS (INT64_C(24) * 3600 * 1000000)
#define DEVICES_MAX 200 /* of one institution, codes that were not used included */

static void hash_hex(struct text text, char out[MOBILE_HASH_SIZE])
{
    unsigned char hash[SHA256_SIZE];

    sha256(text, hash);
    hex_write(hash, sizeof hash, out);
}

static enum status random_bytes(struct scope *scope, void *out, size_t size)
{
    if (getrandom(out, size, 0) != (ssize_t)size)
        return scope_fail(scope, CAUSE_INTERNAL, "no random bytes");
    return STATUS_OK;
}

/* Letters and digits that are not taken for one another; a person types them. */
static enum status make_code(struct scope *scope, char out[CODE_LETTERS + 1])
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    TRY(random_bytes(scope, out, CODE_LETTERS));
    for (size_t i = 0; i < CODE_LETTERS; i++)
        out[i] = letters[(unsigned char)out[i] & 31];
    out[CODE_LETTERS] = '\0';
    return STATUS_OK;
}

/* --- the code ----------------------------------------------------------------------------------
 */

static enum status add_device(struct scope *scope, struct store *store, void *context)
{
    const struct mobile_device *device = context;
    size_t count = 0;

    TRY(store_drop_codes(scope, store, device->institution));
    TRY(store_count_devices(scope, store, device->institution, &count));
    if (count >= DEVICES_MAX)
        return scope_fail(scope, CAUSE_DEVICES_TOO_MANY, "%d devices and codes", DEVICES_MAX);
    return store_put_device(scope, store, device);
}

/* E3: a device is for one class, and the place must be allowed it today. */
static enum status class_of_place(struct scope *scope, struct service_worker *worker,
                                  struct institution_code institution, enum service_class class)
{
    const struct oqs_card_inquiry asked = {.on = instant_date(scope->now),
                                           .institution = institution,
                                           .mode = IDENTITY_PIN,
                                           .class = class};
    bool medical = false;
    enum cause cause =
        class ? mobile_refusal(MOBILE_APP, class, IDENTITY_PIN) : CAUSE_MOBILE_CLASS_WRONG;

    if (cause != CAUSE_NONE)
        return scope_fail(scope, cause, "ServiceClass %d", (int)class);
    return place_may_use(scope, worker, &asked, &medical);
}

static enum status issue_code(struct scope *scope, struct service_worker *worker,
                              const struct service_request *request,
                              struct service_outcome *outcome)
{
    struct oqs_device asked = {0};
    struct mobile_device device = {.institution = request->caller->institution};
    unsigned char id[16];
    char code[CODE_LETTERS + 1];

    TRY(oqs_device_read(scope, request->syntax, request->body, &asked));
    TRY(worker_begin(scope, worker));
    TRY(caller_may_ask(scope, worker, request->caller, request->caller->institution));
    TRY(class_of_place(scope, worker, request->caller->institution, asked.class));
    TRY(make_code(scope, code));
    TRY(random_bytes(scope, id, sizeof id));
    hex_write(id, sizeof id, device.device);
    hash_hex(text_of(code), device.code_hash);
    device.class = asked.class;
    device.code_until.microseconds = scope->now.microseconds + CODE_LIFE_MICROSECONDS;
    TRY(service_write(scope, worker->service, add_device, &device));
    outcome->entry.class = asked.class;
    outcome->http_code = failure_http_code(STATUS_OK);
    asked = (struct oqs_device){.class = asked.class,
                                .code = text_of(code),
                                .code_limit = instant_to_japan14(device.code_until)};
    return oqs_device_write(scope, request->syntax, &asked, &outcome->body);
}

void service_mobile_code(struct scope *scope, struct service_worker *worker,
                         const struct service_request *request, struct service_outcome *outcome)
{
    outcome_begin(scope, request, JOURNAL_MOBILE_DEVICE, outcome);
    if (issue_code(scope, worker, request, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, NULL, outcome);
}

/* --- activation --------------------------------------------------------------------------------
 */

struct activation {
    const struct oqs_device *asked;
    char code_hash[MOBILE_HASH_SIZE], secret_hash[MOBILE_HASH_SIZE];
    struct mobile_device device;
};

/* The device that waits for this code. */
static enum status find_waiting(struct scope *scope, struct store *store,
                                struct activation *activation)
{
    struct mobile_device *device = &activation->device;
    enum status status = store_find_device_by_code(scope, store, activation->code_hash, device);

    if (status == STATUS_OK &&
        (device->secret_hash[0] ||
         !institution_code_equal(device->institution, activation->asked->institution)))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_ACTIVATION_CODE_WRONG, "no such code");
    TRY(status);
    if (device->code_until.microseconds < scope->now.microseconds)
        return scope_fail(scope, CAUSE_ACTIVATION_CODE_EXPIRED, "issued more than a day ago");
    return STATUS_OK;
}

/* Found and changed in one transaction: a code is good for one device. */
static enum status activate(struct scope *scope, struct store *store, void *context)
{
    struct activation *activation = context;
    struct mobile_device *device = &activation->device;

    TRY(find_waiting(scope, store, activation));
    memcpy(device->secret_hash, activation->secret_hash, sizeof device->secret_hash);
    return store_put_device(scope, store, device);
}

static enum status record_institution(struct scope *scope, struct institution_code institution,
                                      struct service_outcome *outcome)
{
    char *code = NULL;

    TRY(scope_copy(scope, institution.digits, strlen(institution.digits), &code));
    outcome->entry.institution = code;
    outcome->recorded = true;
    return STATUS_OK;
}

static enum status activate_device(struct scope *scope, struct service_worker *worker,
                                   const struct service_request *request,
                                   struct service_outcome *outcome)
{
    struct oqs_device asked = {0};
    struct activation activation = {.asked = &asked};
    unsigned char secret[32];
    char hex[MOBILE_HASH_SIZE];

    TRY(oqs_device_read(scope, request->syntax, request->body, &asked));
    if (!asked.institution.digits[0] || text_empty(asked.code))
        return scope_fail(scope, CAUSE_ELEMENT_MISSING, "MedicalInstitutionCode, ActivationCode");
    TRY(worker_begin(scope, worker));
    TRY(random_bytes(scope, secret, sizeof secret));
    hex_write(secret, sizeof secret, hex);
    hash_hex(text_of(hex), activation.secret_hash);
    hash_hex(asked.code, activation.code_hash);
    /* whoever guesses does not get as far as the one writer */
    TRY(find_waiting(scope, worker->store, &activation));
    TRY(service_write(scope, worker->service, activate, &activation));
    TRY(record_institution(scope, asked.institution, outcome));
    outcome->entry.class = activation.device.class;
    outcome->http_code = failure_http_code(STATUS_OK);
    asked = (struct oqs_device){.institution = asked.institution,
                                .class = activation.device.class,
                                .device = text_of(activation.device.device),
                                .secret = text_of(hex)};
    return oqs_device_write(scope, request->syntax, &asked, &outcome->body);
}

void service_mobile_activation(struct scope *scope, struct service_worker *worker,
                               const struct service_request *request,
                               struct service_outcome *outcome)
{
    outcome_begin(scope, request, JOURNAL_MOBILE_DEVICE, outcome);
    if (activate_device(scope, worker, request, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, NULL, outcome);
}

/* --- withdrawal ---------------------------------------------------------------------------------
 */

static enum status withdraw(struct scope *scope, struct store *store, void *context)
{
    struct mobile_device *device = context;

    device->secret_hash[0] = '\0';
    device->code_until.microseconds = 0;
    return store_put_device(scope, store, device);
}

/* A phone was lost: its secret is worth nothing from now on. */
static enum status withdraw_device(struct scope *scope, struct service_worker *worker,
                                   const struct service_request *request,
                                   struct service_outcome *outcome)
{
    struct oqs_device asked = {0};
    struct mobile_device device = {0};
    char id[MOBILE_ID_SIZE] = "";
    enum status status = STATUS_NOT_FOUND;

    TRY(oqs_device_read(scope, request->syntax, request->body, &asked));
    TRY(worker_begin(scope, worker));
    TRY(caller_may_ask(scope, worker, request->caller, request->caller->institution));
    if (asked.device.size == sizeof id - 1) {
        memcpy(id, asked.device.bytes, sizeof id - 1);
        status = store_find_device(scope, worker->store, id, &device);
    }
    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK &&
         !institution_code_equal(device.institution, request->caller->institution)))
        return scope_fail(scope, CAUSE_DEVICE_UNKNOWN, "not a device of this institution");
    TRY(status);
    TRY(service_write(scope, worker->service, withdraw, &device));
    outcome->entry.class = device.class;
    outcome->http_code = failure_http_code(STATUS_OK);
    asked = (struct oqs_device){.device = text_of(id)};
    return oqs_device_write(scope, request->syntax, &asked, &outcome->body);
}

void service_mobile_withdrawal(struct scope *scope, struct service_worker *worker,
                               const struct service_request *request,
                               struct service_outcome *outcome)
{
    outcome_begin(scope, request, JOURNAL_MOBILE_DEVICE, outcome);
    if (withdraw_device(scope, worker, request, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, NULL, outcome);
}

/* --- who speaks --------------------------------------------------------------------------------
 */

/* As long as the texts are, whatever they hold. */
static bool same_hash(const char *a, const char *b)
{
    unsigned difference = 0;

    for (size_t i = 0; i < MOBILE_HASH_SIZE - 1; i++)
        difference |= (unsigned)(unsigned char)a[i] ^ (unsigned char)b[i];
    return difference == 0;
}

enum status mobile_device_speaks(struct scope *scope, struct service_worker *worker,
                                 const struct mobile_claim *claim, struct service_outcome *outcome,
                                 struct mobile_device *out)
{
    char id[MOBILE_ID_SIZE] = "";
    char hash[MOBILE_HASH_SIZE];
    enum status status = STATUS_NOT_FOUND;

    hash_hex(claim->secret, hash);
    if (claim->device.size == sizeof id - 1) {
        memcpy(id, claim->device.bytes, sizeof id - 1);
        status = store_find_device(scope, worker->store, id, out);
    }
    if (status == STATUS_OK && (!out->secret_hash[0] || !same_hash(hash, out->secret_hash) ||
                                !institution_code_equal(out->institution, claim->institution)))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_DEVICE_UNKNOWN, "not activated, or another's");
    TRY(status);
    return record_institution(scope, claim->institution, outcome);
}

static enum status give_challenge(struct scope *scope, struct service_worker *worker,
                                  const struct service_request *request,
                                  struct service_outcome *outcome)
{
    struct oqs_device asked = {0};
    struct mobile_device device = {0};

    TRY(oqs_device_read(scope, request->syntax, request->body, &asked));
    TRY(worker_begin(scope, worker));
    const struct mobile_claim claim = {asked.institution, asked.device, asked.secret};
    TRY(mobile_device_speaks(scope, worker, &claim, outcome, &device));
    return challenge_give(scope, worker, request->syntax, device.institution, outcome);
}

void service_mobile_challenge(struct scope *scope, struct service_worker *worker,
                              const struct service_request *request,
                              struct service_outcome *outcome)
{
    outcome_begin(scope, request, JOURNAL_MOBILE_DEVICE, outcome);
    if (give_challenge(scope, worker, request, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, NULL, outcome);
}

static enum status give_web_challenge(struct scope *scope, struct service_worker *worker,
                                      const struct service_request *request,
                                      struct service_outcome *outcome)
{
    struct oqs_device asked = {0};

    if (request->caller->role != ROLE_PORTAL)
        return scope_fail(scope, CAUSE_ROLE_MAY_NOT, "only the portal's pages ask this");
    TRY(oqs_device_read(scope, request->syntax, request->body, &asked));
    TRY(worker_begin(scope, worker));
    const struct caller place = {.role = ROLE_INSTITUTION, .institution = asked.institution};
    TRY(caller_may_ask(scope, worker, &place, asked.institution));
    return challenge_give(scope, worker, request->syntax, asked.institution, outcome);
}

void service_web_challenge(struct scope *scope, struct service_worker *worker,
                           const struct service_request *request, struct service_outcome *outcome)
{
    outcome_begin(scope, request, JOURNAL_MOBILE_DEVICE, outcome);
    if (give_web_challenge(scope, worker, request, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, NULL, outcome);
}
