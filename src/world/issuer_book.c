/* SPDX-License-Identifier: Apache-2.0 */
#include "world/issuer_book.h"

#include "issuance/office.h"

static void book_drop(struct book **book)
{
    book_close(*book);
}

static int number_of(const char *digits)
{
    int64_t number = 0;

    return text_read_number(text_of(digits), &number) ? (int)number : 0;
}

/* What is entered: the people's jobs, and the world's date. */
struct entering {
    const struct card_job *jobs;
    size_t count;
    struct date on;
};

/* When the next one took over; NULL where it is not among the jobs. */
static const struct card_job *successor_of(const struct entering *entering,
                                           const struct card_job *job)
{
    for (size_t i = 0; job->successor != 0 && i < entering->count; i++)
        if (!entering->jobs[i].institution && entering->jobs[i].serial == job->successor)
            return &entering->jobs[i];
    return NULL;
}

/* A renewed one ended with its successor's issue; a revoked one, by our choice, a month after its
 * own, and no later than the world's date. */
static struct instant ended(const struct entering *entering, const struct card_job *job)
{
    const struct card_job *next = successor_of(entering, job);
    struct date month = date_add_months(job->not_before, 1);

    if (job->state == CERTIFICATE_CURRENT)
        return (struct instant){0};
    if (next)
        return instant_noon(next->not_before);
    return instant_start(date_before(entering->on, month) ? entering->on : month);
}

static enum revocation_reason reason_of(enum certificate_state state)
{
    static const enum revocation_reason reasons[] = {
        [CERTIFICATE_CURRENT] = REASON_UNSPECIFIED,
        [CERTIFICATE_REVOKED] = REASON_CESSATION,
        [CERTIFICATE_SUPERSEDED] = REASON_SUPERSEDED,
    };

    return reasons[state];
}

static enum status enter(struct scope *scope, struct book *book, const struct entering *entering,
                         const struct card_job *job)
{
    struct book_holder holder = {job->holder, job->birth, number_of(job->municipality)};
    const struct book_certificate certificate = {
        .serial = job->serial,
        .generation = 1,
        .holder = job->holder,
        .not_before = instant_noon(job->not_before),
        .expires = job->expires,
        .state = job->state,
        .revoked = ended(entering, job),
        .reason = reason_of(job->state),
        .successor = job->successor,
    };

    TRY(book_put_holder(scope, book, &holder));
    return book_add_certificate(scope, book, &certificate);
}

static enum status enter_all(struct scope *scope, struct book *book,
                             const struct entering *entering)
{
    const struct card_job *jobs = entering->jobs;

    for (size_t i = 0; i < entering->count; i++)
        if (!jobs[i].institution)
            TRY(enter(scope, book, entering, &jobs[i]));
    for (size_t i = 0; i < entering->count; i++)
        if (!jobs[i].institution && successor_of(entering, &jobs[i]))
            TRY(book_add_link(scope, book, ended(entering, &jobs[i]), jobs[i].serial,
                              jobs[i].successor));
    return STATUS_OK;
}

enum status issuer_book_write(struct scope *scope, const struct world_folder *folder,
                              const struct issuer_book_order *order)
{
    const struct entering entering = {order->jobs, order->count, order->on};
    CLEANUP(book_drop) struct book *book = NULL;
    char pki[FOLDER_PATH_SIZE];
    char path[FOLDER_PATH_SIZE];
    enum status status = STATUS_OK;

    folder_path(folder, "pki", pki);
    folder_path(folder, "pki/book.sqlite", path);
    TRY(office_found(scope, pki, order->next));
    TRY(book_open(scope, path, BOOK_WRITE, &book));
    TRY(book_begin(scope, book));
    status = enter_all(scope, book, &entering);
    if (status != STATUS_OK) {
        book_rollback(book);
        return status;
    }
    return book_commit(scope, book);
}
