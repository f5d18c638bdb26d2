/* SPDX-License-Identifier: Apache-2.0
 *
 * property_card_use.c - E3, K1-K3, R1 together: lives of cards of every kind, with registration at
 * a reader or the portal, deregistration, renewal in time and late, loss, return and self-refusal;
 * on each day from the issue to a year after the last certificate lapsed, every facility and class
 * asks what may be checked and seen. The answers are those of the rules over a real store.
 *
 * The model is a state machine that goes from day to day by the tables of card-and-pki 2.6 and
 * insurers-and-documents 4.2 to 4.4. It counts days and looks at month and day of each; it calls no
 * rule and no arithmetic of months.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "domain/registration.h"
#include "domain/service_class.h"
#include "printed_table.h"
#include "random.h"
#include "store/store.h"

#define LIVES_EACH 6
#define ATTEMPTS 5
#define PERSON 7

enum kind { ADULT, YOUNG, PHONE, PINLESS, KIND_COUNT };
enum renewal { NEVER, IN_ALERT, IN_GRACE, LATE, LOST, RENEWAL_COUNT };

static const char *const kinds[] = {"adult", "under 18", "phone", "PIN-less"};
static const char *const renewals[] = {"never", "in the alert", "in the grace", "late", "lost"};

/* --- days ------------------------------------------------------------------------------------- */

static struct date day_of(int day)
{
    return date_from_days(day);
}

static int month_of(int day)
{
    return date_month(day_of(day));
}

/* The n-th day after from that has the month and day of birth. */
static int walk_birthdays(int birth, int from, int n)
{
    int day = from;

    while (n > 0) {
        day++;
        n -= month_of(day) == month_of(birth) && date_day(day_of(day)) == date_day(day_of(birth));
    }
    return day;
}

/* The last day of the month that lies n months behind that of a day. */
static int walk_month_end(int day, int n)
{
    for (n++; n > 0; day++)
        n -= month_of(day + 1) != month_of(day);
    return day - 1;
}

/* Back into the third month before, to its day of the same number or the last below it. */
static int walk_back(int expires)
{
    int at = expires;

    for (int months = 0; months < 3 || date_day(day_of(at)) > date_day(day_of(expires)); at--)
        months += month_of(at - 1) != month_of(at);
    return at;
}

/* --- what happens, by plan ---------------------------------------------------------------------
 */

struct attempt {
    int day;
    bool portal, pin;
};

struct life {
    enum kind kind;
    enum renewal renewal;
    int birth, issued;
    int lost, renewed; /* 0 = does not happen */
    int returned, requested, refused_from, refused_until;
    struct attempt attempts[ATTEMPTS];
};

/* --- the model ---------------------------------------------------------------------------------
 */

struct leaf {                         /* a certificate */
    int issued, alert, expires, last; /* last: of the grace */
    bool revoked;
};

struct model {
    struct leaf now;
    int card_ends;
    bool registered, blocked;
    int deregisters; /* last day of use, 0 = none */
};

enum state { VALID, ALERT, GRACE, LAPSED, REVOKED };

static enum state state_on(const struct leaf *leaf, int day)
{
    if (leaf->revoked)
        return REVOKED;
    if (day <= leaf->alert)
        return VALID;
    if (day <= leaf->expires)
        return ALERT;
    return day <= leaf->last ? GRACE : LAPSED;
}

static void model_issue(struct model *model, const struct life *life, int day, bool renewal)
{
    int end = walk_birthdays(life->birth, day, renewal ? 6 : 5);

    if (day >= model->card_ends - 100) /* the card ends with its certificate: a new one comes */
        model->card_ends = walk_birthdays(
            life->birth, day, day < walk_birthdays(life->birth, life->birth, 18) ? 5 : 10);
    if (end > model->card_ends)
        end = model->card_ends;
    model->now = (struct leaf){.issued = day, .alert = walk_back(end), .expires = end};
    model->now.last = life->kind == PHONE ? end : walk_month_end(end, 3);
}

/* What a day brings before anybody asks. */
static void model_day(struct model *model, const struct life *life, int day)
{
    if (model->deregisters && day > model->deregisters)
        model->registered = false, model->deregisters = 0;
    if (day > model->now.last)
        model->registered = false, model->deregisters = 0;
    if (day == life->issued || day == life->renewed)
        model_issue(model, life, day, day != life->issued && state_on(&model->now, day) == ALERT);
    if (day == life->lost)
        model->now.revoked = true;
    if (day == life->returned) {
        model->now.revoked = true;
        model->registered = false;
        model->deregisters = 0;
    }
    model->blocked = life->refused_from && day >= life->refused_from && day < life->refused_until;
    for (int i = 0; i < ATTEMPTS; i++)
        if (day == life->attempts[i].day && !model->registered && !model->blocked &&
            state_on(&model->now, day) <= ALERT &&
            (!life->attempts[i].portal || life->attempts[i].pin))
            model->registered = true;
    if (day == life->requested && model->registered && !model->deregisters)
        model->deregisters = walk_month_end(day, 1);
}

/* --- the system --------------------------------------------------------------------------------
 */

struct system {
    struct store *store;
    struct card_holder holder; /* as a check would read it */
    struct authentication_certificate former;
    bool has_former;
    struct scope kept; /* what holder points to */
    uint64_t serial;
    struct date card_ends;
};

static void must(const struct scope *scope, enum status status)
{
    if (status != STATUS_OK)
        fail_msg("%s", scope->failure);
}

static void read_holder(struct system *system)
{
    scope_reset(&system->kept);
    must(&system->kept,
         store_find_card_holder(&system->kept, system->store, 1, system->serial, &system->holder));
}

static void put_certificate(struct scope *scope, struct system *system,
                            const struct authentication_certificate *certificate)
{
    must(scope, store_put_certificate(scope, system->store, certificate));
}

static void put_person(struct scope *scope, struct system *system, unsigned protection)
{
    static const struct coverage coverage = {.coverage_id = 1,
                                             .insurer = {"06139992"},
                                             .number = {"1", 1},
                                             .from = {20100101},
                                             .until = {99991231},
                                             .kind = KIND_GENERAL,
                                             .relation = RELATION_INSURED};
    struct person person = system->holder.person;

    person.person_id = PERSON;
    person.name = TEXT("試験　一郎");
    person.birth = DATE(19800401);
    person.coverages = &coverage;
    person.coverage_count = 1;
    person.protection = protection;
    must(scope, store_put_person(scope, system->store, &person));
}

static void issue(struct scope *scope, struct system *system, const struct life *life, int day)
{
    struct authentication_certificate *certificate = &system->holder.certificate;
    bool renewal =
        system->serial && certificate_life_on(certificate, day_of(day)).phase == PHASE_ALERT;
    bool ends = day >= date_to_days(system->card_ends) - 100;

    if (ends)
        system->card_ends = card_expiry(day_of(life->birth), day_of(day));
    if (system->serial && certificate->state == CERTIFICATE_CURRENT) {
        certificate->state = CERTIFICATE_SUPERSEDED;
        certificate->successor = system->serial + 1;
        put_certificate(scope, system, certificate);
    }
    system->has_former = system->serial > 0;
    system->former = *certificate;
    system->serial++;
    *certificate = (struct authentication_certificate){
        .issuer = 1,
        .serial = system->serial,
        .person_id = PERSON,
        .not_before = day_of(day),
        .expires = certificate_expiry(day_of(life->birth), day_of(day), renewal, system->card_ends),
        .state = CERTIFICATE_CURRENT,
        .phone = life->kind == PHONE,
    };
    put_certificate(scope, system, certificate);
}

static void revoke(struct scope *scope, struct system *system)
{
    system->holder.certificate.state = CERTIFICATE_REVOKED;
    put_certificate(scope, system, &system->holder.certificate);
}

static void attempt_registration(struct scope *scope, struct system *system,
                                 const struct attempt *attempt)
{
    enum registration_way way = attempt->portal ? REGISTERED_AT_PORTAL : REGISTERED_AT_READER;
    struct registration_decision decision = registration_decide(
        &system->holder.person, &system->holder.certificate,
        attempt->pin ? IDENTITY_PIN : IDENTITY_VISUAL, way, day_of(attempt->day));
    bool already = false;

    if (decision.allowed && !decision.already)
        must(scope, store_register_person(scope, system->store, PERSON, day_of(attempt->day), way,
                                          &already));
    assert_false(already);
}

static void request_deregistration(struct scope *scope, struct system *system, int day)
{
    struct date last = date_end_of_month(date_add_months(date_first_of_month(day_of(day)), 1));
    struct person person = system->holder.person;

    person.protection = 0; /* who is blocked may ask as well */
    if (registration_on(&person, day_of(day)).state == REGISTRATION_HOLDS)
        must(scope,
             store_end_registration(scope, system->store, PERSON, last, REGISTRATION_DEREGISTERED));
}

/* In the order of the model: each reads what the one before has written. */
static void system_day(struct system *system, const struct life *life, int day)
{
    CLEANUP(scope_end)
    struct scope scope = scope_begin_at(1UL << 20, instant_noon(day_of(day)));

    if (day == life->issued || day == life->renewed) {
        issue(&scope, system, life, day);
        read_holder(system);
    }
    if (day == life->lost || day == life->returned) {
        revoke(&scope, system);
        if (day == life->returned &&
            store_end_registration(&scope, system->store, PERSON, day_of(day),
                                   REGISTRATION_RETURNED) == STATUS_UNAVAILABLE)
            fail_msg("%s", scope.failure);
        read_holder(system);
    }
    if (life->refused_from && (day == life->refused_from || day == life->refused_until)) {
        put_person(&scope, system, day == life->refused_from ? PROTECTION_SELF_REFUSAL : 0U);
        read_holder(system);
    }
    for (int i = 0; i < ATTEMPTS; i++)
        if (day == life->attempts[i].day) {
            attempt_registration(&scope, system, &life->attempts[i]);
            read_holder(system);
        }
    if (day == life->requested) {
        request_deregistration(&scope, system, day);
        read_holder(system);
    }
}

/* --- comparing ---------------------------------------------------------------------------------
 */

static void differ(const struct life *life, const struct model *model, int day,
                   const struct eligibility *eligibility, const char *what)
{
    fail_msg(
        "%s, renewal %s, issued %d, renewed %d, on %d: the rules say %s (validity %d), the model "
        "says state %d, registered %d, blocked %d: %s",
        kinds[life->kind], renewals[life->renewal], day_of(life->issued).yyyymmdd,
        life->renewed ? day_of(life->renewed).yyyymmdd : 0, day_of(day).yyyymmdd,
        eligibility->rule->id, (int)eligibility->validity, (int)state_on(&model->now, day),
        model->registered, model->blocked, what);
}

static int compare_places(const struct life *life, const struct model *model, int day,
                          const struct eligibility *eligibility)
{
    enum state state = state_on(&model->now, day);
    bool use = state <= GRACE && model->registered && !model->blocked;
    int compared = 0;

    for (size_t r = 0; r < sizeof printed / sizeof printed[0]; r++)
        for (int class = 1; class <= 3; class ++, compared++) {
            struct service_place place = {.measure = printed[r].measure};
            struct service_permission may;
            char word = letter(&printed[r], class, day_of(day).yyyymmdd);

            (void)facility_row_read(text_of(printed[r].type), &place.row);
            place.measure_until = DATE(printed[r].ends);
            may = service_class_on(&place, (enum service_class) class, day_of(day));
            if ((may.allowed && eligibility->validity == VALIDITY_VALID) != (word != 'x' && use))
                differ(life, model, day, eligibility, "check");
            if ((may.allowed && may.medical && eligibility->medical) !=
                (word != 'x' && class != 3 && use && state <= ALERT))
                differ(life, model, day, eligibility, "medical information");
        }
    return compared;
}

static int compare_day(const struct life *life, const struct model *model,
                       const struct system *system, int day)
{
    const struct eligibility eligibility = eligibility_by_card(
        &system->holder.person, &system->holder.certificate, day_of(day), CONSENT_MEDICAL);
    enum state state = state_on(&model->now, day);
    bool use = state <= GRACE && model->registered && !model->blocked;
    enum cause warning = state == GRACE   ? CAUSE_REMARK_CERTIFICATE_GRACE
                         : state == ALERT ? CAUSE_REMARK_CERTIFICATE_ALERT
                                          : CAUSE_NONE;

    if (use && eligibility.remark != warning)
        differ(life, model, day, &eligibility, "warning");
    if ((eligibility.consents != 0) != (use && state <= ALERT))
        differ(life, model, day, &eligibility, "consents");
    if (system->has_former &&
        eligibility_card_use(&system->holder.person, &system->former, day_of(day)).refusal ==
            CAUSE_NONE)
        differ(life, model, day, &eligibility, "the former certificate");
    return compare_places(life, model, day, &eligibility);
}

/* --- lives --------------------------------------------------------------------------------------
 */

/* When the renewal comes, from the first certificate's days. */
static void plan_renewal(struct random *random, struct life *life)
{
    struct model first = {0};

    model_issue(&first, life, life->issued, false);
    if (life->renewal == IN_ALERT)
        life->renewed = first.now.alert + 1 + random_below(random, 80);
    if (life->renewal == IN_GRACE) /* its first and last days are worth more */
        life->renewed = random_one_in(random, 2) ? first.now.last
                                                 : first.now.expires + 1 + random_below(random, 90);
    if (life->renewal == LATE)
        life->renewed =
            first.now.last + 1 + (random_one_in(random, 2) ? 0 : random_below(random, 200));
    if (life->renewal == LOST) {
        life->lost = life->issued + 1 + random_below(random, 1200);
        life->renewed = life->lost + 1 + random_below(random, 200);
    }
}

static struct life plan(struct random *random, enum kind kind, enum renewal renewal)
{
    struct life life = {.kind = kind, .renewal = renewal};
    int span = 0;

    /* so that none ends before the grace began, 2024-12-02 */
    life.issued = date_to_days(DATE(20201203)) + random_below(random, 1400);
    life.birth = life.issued - 365 * (kind == YOUNG ? 1 + random_below(random, 16)
                                                    : 20 + random_below(random, 60));
    while (date_day(day_of(life.birth)) > 28)
        life.birth--;
    plan_renewal(random, &life);
    span = 365 * (renewal == NEVER ? 6 : 11);
    for (int i = 0; i < ATTEMPTS; i++)
        life.attempts[i] = (struct attempt){
            .day = life.issued + random_below(random, i == 0 ? 400 : span),
            .portal = random_one_in(random, 2),
            .pin = kind != PINLESS && !random_one_in(random, 3),
        };
    if (life.renewed) /* the day of the new certificate is one to register on */
        life.attempts[1].day = life.renewed + random_below(random, 3);
    if (random_one_in(random, 2))
        life.requested = life.issued + random_below(random, span);
    if (random_one_in(random, 6))
        life.returned = life.issued + 30 + random_below(random, span);
    if (random_one_in(random, 4)) {
        life.refused_from = life.issued + random_below(random, span);
        life.refused_until = life.refused_from + 1 + random_below(random, 700);
    }
    return life;
}

static int live(const struct life *life)
{
    CLEANUP(scope_end)
    struct scope scope = scope_begin_at(1UL << 20, instant_noon(day_of(life->issued)));
    struct system system = {.kept = scope_begin(1UL << 20)};
    struct model model = {0};
    int compared = 0;

    must(&scope, store_open(&scope, "sqlite::memory:", STORE_CREATE, &system.store));
    put_person(&scope, &system, 0);
    for (int day = life->issued;; day++) {
        model_day(&model, life, day);
        system_day(&system, life, day);
        compared += compare_day(life, &model, &system, day);
        if (day > model.now.last + 366 && day > life->renewed)
            break;
    }
    store_close(system.store);
    scope_end(&system.kept);
    return compared;
}

static void e3_k1_k2_k3_r1_every_day_of_every_life(void **state)
{
    struct random random = random_begin();
    int64_t compared = 0;

    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (int renewal = 0; renewal < RENEWAL_COUNT; renewal++)
            for (int i = 0; i < LIVES_EACH; i++) {
                struct life life = {0};
                if (kind == PHONE && renewal == IN_GRACE)
                    continue; /* it has none */
                life = plan(&random, (enum kind)kind, (enum renewal)renewal);
                compared += live(&life);
            }
    printf("# %" PRId64 " answers compared, 0 differ\n", compared);
    assert_true(compared > 8000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e3_k1_k2_k3_r1_every_day_of_every_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
