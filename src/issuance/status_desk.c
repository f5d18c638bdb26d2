/* SPDX-License-Identifier: Apache-2.0 */
#include "issuance/status_desk.h"

#include <stdlib.h>
#include <string.h>

#include "domain/certificate_life.h"
#include "domain/policy.h"
#include "proof/crl_builder.h"

#define SECOND INT64_C(1000000)
/* A CRL is built anew half way, so that whoever fetches one has half a day of it at least. */
#define CRL_KEPT (DESK_CRL_SECONDS / 2 * SECOND)
/* Clocks differ: a list made this second is not refused as one of the future. */
#define CRL_BACKDATED (60 * SECOND)

struct kept_crl {
    struct shared_bytes *bytes; /* NULL: none */
    struct instant made;
    int64_t version; /* of the book */
};

struct status_desk {
    struct office *office;
    struct ocsp_responder *responder;
    struct kept_crl lists[OFFICE_GENERATIONS_MAX];
};

/* --- OCSP ------------------------------------------------------------------------------------- */

/* The key for a generation's answers: its certificate takes a serial of the sequence. */
static enum status renew_signer(struct scope *scope, struct status_desk *desk, int generation)
{
    uint64_t serial = 0;

    TRY(book_take_serial(scope, office_book(desk->office), &serial));
    return ocsp_responder_set(scope, desk->responder, generation,
                              office_issuer(desk->office, generation), serial);
}

static enum status renew_signers(struct scope *scope, struct status_desk *desk)
{
    for (int generation = ocsp_responder_due(desk->responder, scope->now); generation != 0;
         generation = ocsp_responder_due(desk->responder, scope->now))
        TRY(renew_signer(scope, desk, generation));
    return STATUS_OK;
}

/* Q7: the clock ends nothing before the grace does; a revocation stays for ever. */
static enum ocsp_state state_on(const struct book_certificate *certificate, struct date today)
{
    const struct authentication_certificate life = office_life_of(certificate);

    if (certificate->state != CERTIFICATE_CURRENT)
        return OCSP_STATE_REVOKED;
    return certificate_life_on(&life, today).phase == PHASE_LAPSED ? OCSP_STATE_UNKNOWN
                                                                   : OCSP_STATE_GOOD;
}

static enum status tell(struct scope *scope, void *desk_, int generation, uint64_t serial,
                        struct ocsp_status *out)
{
    struct status_desk *desk = desk_;
    struct book_certificate certificate = {0};
    enum status status =
        book_find_certificate(scope, office_book(desk->office), serial, &certificate);

    *out = (struct ocsp_status){.reason = OCSP_REASON_NOT_TOLD};
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && certificate.generation != generation))
        return STATUS_OK;
    TRY(status);
    out->state = state_on(&certificate, instant_date(scope->now));
    if (out->state != OCSP_STATE_REVOKED)
        return STATUS_OK;
    out->revoked = certificate.revoked;
    if (certificate.reason != REASON_UNSPECIFIED)
        out->reason = (int)certificate.reason;
    return STATUS_OK;
}

enum status status_desk_ocsp(struct scope *scope, struct status_desk *desk, struct text request,
                             struct text *answer, struct ocsp_told *told)
{
    TRY(renew_signers(scope, desk));
    return ocsp_responder_answer(scope, desk->responder, request, tell, desk, answer, told);
}

/* --- CRL -------------------------------------------------------------------------------------- */

void shared_bytes_drop(void *shared_)
{
    struct shared_bytes *shared = shared_;

    if (shared && --shared->holders == 0)
        free(shared);
}

static void builder_drop(struct crl_builder **builder)
{
    crl_builder_close(*builder);
}

static enum status add_entry(struct scope *scope, const struct book_certificate *certificate,
                             void *builder)
{
    return crl_builder_add(scope, builder, certificate->serial, certificate->revoked,
                           (int)certificate->reason);
}

/* What has lapsed cannot be used anyway, and leaves the list with its grace. */
static struct date first_end_listed(struct date today)
{
    return date_first_of_month(date_add_months(today, -POLICY_GRACE_MONTHS));
}

static enum status build(struct scope *scope, struct status_desk *desk, int generation,
                         struct text *der)
{
    CLEANUP(builder_drop) struct crl_builder *builder = NULL;
    struct book *book = office_book(desk->office);
    struct crl_terms terms = {.made = {scope->now.microseconds - CRL_BACKDATED},
                              .next = {scope->now.microseconds + DESK_CRL_SECONDS * SECOND}};

    TRY(crl_builder_open(scope, &builder));
    TRY(book_each_revoked(scope, book, generation, first_end_listed(instant_date(scope->now)),
                          add_entry, builder));
    TRY(book_take_crl_number(scope, book, generation, &terms.number));
    return crl_builder_sign(scope, builder, office_issuer(desk->office, generation), &terms, der);
}

/* With one holder; NULL without memory. */
static struct shared_bytes *share(struct text bytes)
{
    struct shared_bytes *shared = malloc(sizeof *shared + bytes.size);

    if (!shared)
        return NULL;
    shared->size = bytes.size;
    shared->holders = 1;
    memcpy(shared->bytes, bytes.bytes, bytes.size);
    return shared;
}

/* NULL where it has to be built anew. */
static struct shared_bytes *still_good(const struct kept_crl *kept, int64_t version,
                                       struct instant now)
{
    int64_t age = now.microseconds - kept->made.microseconds;

    return kept->version == version && age >= 0 && age < CRL_KEPT ? kept->bytes : NULL;
}

enum status status_desk_crl(struct scope *scope, struct status_desk *desk, int generation,
                            struct shared_bytes **out)
{
    struct kept_crl *kept = NULL;
    struct shared_bytes *bytes = NULL;
    struct text der = {0};
    int64_t version = 0;

    if (generation < 1 || generation > office_generations(desk->office))
        return STATUS_NOT_FOUND;
    kept = &desk->lists[generation - 1];
    TRY(book_version(scope, office_book(desk->office), &version));
    bytes = still_good(kept, version, scope->now);
    if (!bytes) {
        TRY(build(scope, desk, generation, &der));
        bytes = share(der);
        if (!bytes)
            return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
        shared_bytes_drop(kept->bytes);
        *kept = (struct kept_crl){bytes, scope->now, version};
    }
    bytes->holders++;
    *out = bytes;
    return STATUS_OK;
}

/* --- links ------------------------------------------------------------------------------------ */

static void add_link(struct text_buffer *json, const struct book_link *link)
{
    char time[28];

    instant_write_utc(link->at, time);
    text_buffer_add_format(json,
                           "{\"number\":%lld,\"issuer\":%d,\"serial\":\"%llX\",\"new_issuer\":%d,"
                           "\"new_serial\":\"%llX\",\"phone\":%s,\"time\":\"%s\"}",
                           (long long)link->number, link->old.generation,
                           (unsigned long long)link->old.serial, link->new.generation,
                           (unsigned long long)link->new.serial, link->phone ? "true" : "false",
                           time);
}

enum status status_desk_link(struct scope *scope, struct status_desk *desk, struct book_name name,
                             bool phones, struct text *json)
{
    struct book *book = office_book(desk->office);
    struct text_buffer buffer = text_buffer_begin(scope, 256);
    struct book_link link = {0};
    enum status status = book_find_link_to(scope, book, name, phones, &link);

    if (status == STATUS_NOT_FOUND)
        status = book_find_link_from(scope, book, name, phones, &link);
    TRY(status);
    add_link(&buffer, &link);
    text_buffer_add_char(&buffer, '\n');
    return text_buffer_end(&buffer, json);
}

enum status status_desk_links(struct scope *scope, struct status_desk *desk, int64_t after,
                              bool phones, struct text *json)
{
    struct text_buffer buffer = text_buffer_begin(scope, 4096);
    struct book_link *links = NULL;
    size_t count = 0;

    TRY(book_list_links_after(scope, office_book(desk->office), after, phones, &links, &count));
    text_buffer_add_string(&buffer, "{\"links\":[");
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_string(&buffer, i > 0 ? ",\n" : "\n");
        add_link(&buffer, &links[i]);
    }
    text_buffer_add_format(&buffer, "],\"next\":%lld,\"more\":%s}\n",
                           (long long)(count > 0 ? links[count - 1].number : after),
                           count == BOOK_LINKS_MAX ? "true" : "false");
    return text_buffer_end(&buffer, json);
}

/* --- open and close --------------------------------------------------------------------------- */

static enum status fill(struct scope *scope, struct status_desk *desk)
{
    TRY(ocsp_responder_open(scope, &desk->responder));
    for (int generation = 1; generation <= office_generations(desk->office); generation++)
        TRY(renew_signer(scope, desk, generation));
    return STATUS_OK;
}

enum status status_desk_open(struct scope *scope, struct office *office, struct status_desk **out)
{
    struct status_desk *desk = calloc(1, sizeof *desk);
    enum status status = STATUS_OK;

    if (!desk)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    desk->office = office;
    status = fill(scope, desk);
    if (status == STATUS_OK)
        *out = desk;
    else
        status_desk_close(desk);
    return status;
}

void status_desk_close(struct status_desk *desk)
{
    if (!desk)
        return;
    for (int i = 0; i < OFFICE_GENERATIONS_MAX; i++)
        shared_bytes_drop(desk->lists[i].bytes);
    ocsp_responder_close(desk->responder);
    free(desk);
}
