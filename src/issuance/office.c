/* SPDX-License-Identifier: Apache-2.0 */
#include "issuance/office.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "card/emulated_card.h"
#include "domain/certificate_expiry.h"
#include "proof/card_certificate.h"

#define PEM_MAX 65536
#define PATH_SIZE (PATH_MAX + 32)
#define CARD_TRIES 3

struct office {
    struct book *book;
    struct issuer *issuers[OFFICE_GENERATIONS_MAX];
    int count;
    char terminal_ca[PATH_SIZE];
};

static const struct {
    const char *word, *label;
    bool phone, pin;
} kinds[] = {
    [ISSUED_PLASTIC] = {"plastic", "JPKIAPICCTOKEN2", false, true},
    [ISSUED_PINLESS] = {"pinless", "JPKIAPICCTOKEN2", false, false},
    [ISSUED_ANDROID] = {"android", "JPKIAPGPSETOKEN", true, true},
    [ISSUED_IPHONE] = {"iphone", "JPKIAPIOSTOKEN", true, true},
};

bool issued_kind_read(const char *word, enum card_kind_issued *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].word, word) == 0) {
            *out = (enum card_kind_issued)i;
            return true;
        }
    return false;
}

/* --- the office ------------------------------------------------------------------------------- */

static enum status book_path(struct scope *scope, const char *folder, const char **out)
{
    struct text path = {0};

    TRY(text_format(scope, &path, "%s/book.sqlite", folder));
    *out = path.bytes;
    return STATUS_OK;
}

enum status office_found(struct scope *scope, const char *folder, uint64_t first)
{
    const char *path = NULL;
    struct book *book = NULL;
    enum status status = STATUS_OK;

    TRY(book_path(scope, folder, &path));
    TRY(book_open(scope, path, BOOK_CREATE, &book));
    status = book_start_serials(scope, book, first);
    book_close(book);
    return status;
}

static enum status read_generations(struct scope *scope, struct office *office, const char *folder)
{
    for (int n = 1; n <= OFFICE_GENERATIONS_MAX; n++) {
        struct text key = {0}, certificate = {0};
        TRY(n == 1 ? text_format(scope, &key, "%s/card-ca.key", folder)
                   : text_format(scope, &key, "%s/card-ca-%d.key", folder, n));
        TRY(n == 1 ? text_format(scope, &certificate, "%s/card-ca.pem", folder)
                   : text_format(scope, &certificate, "%s/card-ca-%d.pem", folder, n));
        if (n > 1 && access(key.bytes, F_OK) != 0)
            return STATUS_OK;
        TRY(issuer_read(scope, ISSUER_CARD_AUTHENTICATION, key.bytes, certificate.bytes,
                        &office->issuers[n - 1]));
        office->count = n;
    }
    return STATUS_OK;
}

static enum status fill(struct scope *scope, struct office *office, const char *folder)
{
    const char *path = NULL;

    if (strlen(folder) >= PATH_MAX)
        return scope_fail(scope, CAUSE_USAGE, "the issuer's folder has too long a name");
    snprintf(office->terminal_ca, sizeof office->terminal_ca, "%s/terminal-ca.pem", folder);
    TRY(read_generations(scope, office, folder));
    TRY(book_path(scope, folder, &path));
    return book_open(scope, path, BOOK_WRITE, &office->book);
}

enum status office_open(struct scope *scope, const char *folder, struct office **out)
{
    struct office *office = calloc(1, sizeof *office);
    enum status status = STATUS_OK;

    if (!office)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    status = fill(scope, office, folder);
    if (status == STATUS_OK)
        *out = office;
    else
        office_close(office);
    return status;
}

void office_close(struct office *office)
{
    if (!office)
        return;
    book_close(office->book);
    for (int i = 0; i < OFFICE_GENERATIONS_MAX; i++)
        issuer_close(office->issuers[i]);
    free(office);
}

struct book *office_book(struct office *office)
{
    return office->book;
}

int office_generations(const struct office *office)
{
    return office->count;
}

const struct issuer *office_issuer(const struct office *office, int generation)
{
    return office->issuers[generation - 1];
}

struct authentication_certificate office_life_of(const struct book_certificate *certificate)
{
    return (struct authentication_certificate){
        .issuer = certificate->generation,
        .serial = certificate->serial,
        .not_before = instant_date(certificate->not_before),
        .expires = certificate->expires,
        .state = certificate->state,
        .successor = certificate->successor,
        .phone = certificate->phone,
    };
}

/* --- what comes before ------------------------------------------------------------------------ */

static enum status not_issued(struct scope *scope, enum status status, const char *what)
{
    if (status != STATUS_NOT_FOUND)
        return status;
    return scope_fail(scope, CAUSE_CERTIFICATE_NOT_ISSUED, "%s", what);
}

static bool lapsed(const struct book_certificate *certificate, struct date today)
{
    struct authentication_certificate life = office_life_of(certificate);

    life.state = CERTIFICATE_CURRENT;
    return certificate_life_on(&life, today).phase == PHASE_LAPSED;
}

/* The new certificate takes over; what was revoked, or has lapsed, stays what it is. */
static enum status take_over(struct scope *scope, struct office *office,
                             struct book_certificate *former, const struct book_certificate *next)
{
    if (former->serial == 0)
        return STATUS_OK;
    TRY(book_add_link(scope, office->book, scope->now, former->serial, next->serial));
    if (next->phone)
        return STATUS_OK;
    former->successor = next->serial;
    if (former->state == CERTIFICATE_CURRENT && !lapsed(former, instant_date(scope->now))) {
        former->state = CERTIFICATE_SUPERSEDED;
        former->reason = REASON_SUPERSEDED;
        former->revoked = scope->now;
    }
    return book_update_certificate(scope, office->book, former);
}

/* --- making one ------------------------------------------------------------------------------- */

/* What a certificate is made from, and the card it goes to. */
struct making {
    struct book_holder holder;
    struct book_certificate former; /* serial 0 = none */
    struct card_image image;
    bool phone;
    const char *path, *ocsp;
};

static struct certificate_expiry expiry_of(const struct making *making, struct date today)
{
    struct certificate_order order = {
        .birth = making->holder.birth,
        .issued = today,
        .card_expires = making->image.card_expires,
    };

    if (making->former.state == CERTIFICATE_CURRENT && !making->phone)
        order.former = making->former.expires;
    if (making->phone) /* it never outlives the card's certificate */
        order.card_expires = making->former.expires;
    return certificate_expiry_of(&order);
}

static enum status certify(struct scope *scope, struct office *office, struct making *making,
                           const struct book_certificate *certificate)
{
    const struct issuer *issuer = office_issuer(office, certificate->generation);
    char municipality[16];
    struct card_certificate_order order = {.serial = certificate->serial,
                                           .not_before = certificate->not_before,
                                           .expires = certificate->expires,
                                           .municipality = municipality,
                                           .ocsp = making->ocsp};

    snprintf(municipality, sizeof municipality, "%05d", making->holder.municipality);
    TRY(issuer_certificate(scope, issuer, &making->image.auth_ca));
    return issuer_make_card(scope, issuer, &order, &making->image.auth_key_pem,
                            &making->image.auth_certificate);
}

/* The book is changed first and committed after the card is written: what fails on the way leaves
 * both as they were. */
static enum status make(struct scope *scope, struct office *office, struct making *making,
                        struct issued *out)
{
    struct date today = instant_date(scope->now);
    struct certificate_expiry expiry = expiry_of(making, today);
    struct book_certificate next = {
        .generation = office->count,
        .holder = making->holder.id,
        .phone = making->phone,
        .not_before = {scope->now.microseconds / 1000000 * 1000000},
        .expires = expiry.expires,
        .state = CERTIFICATE_CURRENT,
    };

    if (date_before(expiry.expires, today))
        return scope_fail(scope, CAUSE_CERTIFICATE_ENDED, "the card itself has ended");
    TRY(book_take_serial(scope, office->book, &next.serial));
    TRY(book_add_certificate(scope, office->book, &next));
    TRY(take_over(scope, office, &making->former, &next));
    TRY(certify(scope, office, making, &next));
    if (text_empty(making->image.card_number))
        TRY(text_format(scope, &making->image.card_number, "%015llu",
                        (unsigned long long)next.serial));
    TRY(card_image_write(scope, making->path, &making->image));
    *out = (struct issued){next, making->holder, making->former.serial, making->image.card_expires,
                           expiry.rule};
    return STATUS_OK;
}

static enum status finish(struct scope *scope, struct office *office, enum status status)
{
    if (status == STATUS_OK)
        status = book_commit(scope, office->book);
    if (status != STATUS_OK)
        book_rollback(office->book);
    return status;
}

/* --- issue ------------------------------------------------------------------------------------ */

static enum status read_municipality(struct scope *scope, const char *digits, int *out)
{
    int64_t number = 0;

    if (!digits || strlen(digits) != 5 || !text_read_number(text_of(digits), &number))
        return scope_fail(scope, CAUSE_USAGE, "a municipality code has five digits");
    *out = (int)number;
    return STATUS_OK;
}

static enum status new_holder(struct scope *scope, struct office *office,
                              const struct issue_order *order, struct making *making)
{
    if (!date_ok(order->birth) || date_before(instant_date(scope->now), order->birth))
        return scope_fail(scope, CAUSE_USAGE, "a new holder has a birth date in the past");
    making->holder.birth = order->birth;
    TRY(read_municipality(scope, order->municipality, &making->holder.municipality));
    return book_put_holder(scope, office->book, &making->holder);
}

static enum status known_holder(struct scope *scope, struct office *office, int64_t id,
                                struct making *making)
{
    enum status status = STATUS_OK;

    TRY(not_issued(scope, book_find_holder(scope, office->book, id, &making->holder),
                   "there is no such holder"));
    status = book_find_newest(scope, office->book, id, &making->former);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* A phone's certificate hangs on the card's, which must be good (card-and-pki 1.8). */
static enum status check_phone(struct scope *scope, const struct making *making)
{
    struct authentication_certificate life = office_life_of(&making->former);
    enum certificate_phase phase = PHASE_LAPSED;

    if (making->former.serial == 0)
        return scope_fail(scope, CAUSE_CERTIFICATE_NOT_ISSUED, "a phone needs the holder's card");
    phase = certificate_life_on(&life, instant_date(scope->now)).phase;
    if (phase != PHASE_VALID && phase != PHASE_ALERT)
        return scope_fail(scope, CAUSE_CERTIFICATE_ENDED, "the card's certificate is not valid");
    return STATUS_OK;
}

static enum status fill_image(struct scope *scope, struct office *office,
                              const struct issue_order *order, struct making *making)
{
    struct card_image *image = &making->image;
    char digits[16];

    TRY(file_read(scope, office->terminal_ca, PEM_MAX, &image->terminal_ca_pem));
    snprintf(digits, sizeof digits, "%05d", making->holder.municipality);
    TRY(text_copy(scope, text_of(digits), &image->municipality));
    image->label = text_of(kinds[order->kind].label);
    image->auth_tries = image->sign_tries = 0;
    image->card_expires = card_expiry(making->holder.birth, instant_date(scope->now));
    if (!kinds[order->kind].pin)
        return STATUS_OK;
    if (!order->pin || strlen(order->pin) != 4 || !text_is_digits(text_of(order->pin)))
        return scope_fail(scope, CAUSE_USAGE, "a PIN has four digits");
    image->auth_tries = CARD_TRIES;
    snprintf(image->auth_pin, sizeof image->auth_pin, "%s", order->pin);
    return STATUS_OK;
}

static enum status issue(struct scope *scope, struct office *office,
                         const struct issue_order *order, struct issued *out)
{
    struct making making = {
        .path = order->card, .ocsp = order->ocsp, .phone = kinds[order->kind].phone};

    TRY(order->holder == 0 ? new_holder(scope, office, order, &making)
                           : known_holder(scope, office, order->holder, &making));
    if (making.phone)
        TRY(check_phone(scope, &making));
    TRY(fill_image(scope, office, order, &making));
    return make(scope, office, &making, out);
}

enum status office_issue(struct scope *scope, struct office *office,
                         const struct issue_order *order, struct issued *out)
{
    if (access(order->card, F_OK) == 0)
        return scope_fail(scope, CAUSE_FOLDER_TAKEN, "'%s' is there already", order->card);
    TRY(book_begin(scope, office->book));
    return finish(scope, office, issue(scope, office, order, out));
}

/* --- renew ------------------------------------------------------------------------------------ */

static void descriptor_drop(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

/* As a reader holds it: a card lies in one place at a time. */
static enum status hold(struct scope *scope, const char *path, int *out)
{
    *out = open(path, O_RDONLY | O_CLOEXEC);
    if (*out >= 0 && flock(*out, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return scope_fail(scope, CAUSE_CARD_IN_USE, "another process has the card file");
    return STATUS_OK;
}

static enum status serial_of(struct scope *scope, const struct card_image *image, uint64_t *out)
{
    struct card_certificate certificate = {0};

    TRY(card_certificate_read(scope, image->auth_certificate, &certificate));
    *out = certificate.serial;
    return STATUS_OK;
}

enum status office_card_serial(struct scope *scope, const char *card, uint64_t *out)
{
    struct card_image image = {0};

    TRY(card_image_read(scope, card, &image));
    return serial_of(scope, &image, out);
}

static enum status renew(struct scope *scope, struct office *office, struct making *making,
                         struct issued *out)
{
    uint64_t serial = 0;

    TRY(serial_of(scope, &making->image, &serial));
    TRY(not_issued(scope, book_find_certificate(scope, office->book, serial, &making->former),
                   "the serial is not in the issuer's book"));
    TRY(not_issued(scope,
                   book_find_holder(scope, office->book, making->former.holder, &making->holder),
                   "there is no such holder"));
    if (making->former.state != CERTIFICATE_CURRENT || making->former.successor != 0 ||
        making->former.phone)
        return scope_fail(scope, CAUSE_CERTIFICATE_ENDED, "only a card's current one is renewed");
    if (date_before(instant_date(scope->now), certificate_renewable_from(making->former.expires)))
        return scope_fail(scope, CAUSE_RENEWAL_TOO_EARLY, "more than three months are left");
    if (making->image.auth_pin[0])
        making->image.auth_tries = CARD_TRIES;
    return make(scope, office, making, out);
}

enum status office_renew(struct scope *scope, struct office *office, const char *card,
                         const char *ocsp, struct issued *out)
{
    CLEANUP(descriptor_drop) int held = -1;
    struct making making = {.path = card, .ocsp = ocsp};

    TRY(hold(scope, card, &held));
    TRY(card_image_read(scope, card, &making.image));
    TRY(book_begin(scope, office->book));
    return finish(scope, office, renew(scope, office, &making, out));
}

/* --- revoke ----------------------------------------------------------------------------------- */

static enum status end_one(struct scope *scope, struct office *office, uint64_t serial,
                           enum revocation_reason reason, struct book_certificate *out)
{
    TRY(not_issued(scope, book_find_certificate(scope, office->book, serial, out),
                   "the serial is not in the issuer's book"));
    if (out->state != CERTIFICATE_CURRENT)
        return scope_fail(scope, CAUSE_CERTIFICATE_ENDED, "it is not current any more");
    out->state = CERTIFICATE_REVOKED;
    out->revoked = scope->now;
    out->reason = reason;
    return book_update_certificate(scope, office->book, out);
}

enum status office_revoke(struct scope *scope, struct office *office, uint64_t serial,
                          enum revocation_reason reason, struct book_certificate *out)
{
    TRY(book_begin(scope, office->book));
    return finish(scope, office, end_one(scope, office, serial, reason, out));
}
