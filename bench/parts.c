/* SPDX-License-Identifier: Apache-2.0
 *
 * parts.c - what a card check is made of, each part alone in this process: CPU a check.
 *
 * usage: parts --world DIR --institution CODE [--checks N] [--subjects N]
 *
 * The journal's part writes to --journal DIR (a new, empty one) in groups of --group records, as
 * the service does under load. TLS and HTTP are what is left of the server's whole: see run.sh.
 */
#include <limits.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/rsa.h>

#include "base/options.h"
#include "domain/rule.h"
#include "journal/journal.h"
#include "proof/card_certificate.h"
#include "proof/challenge.h"
#include "proof/issuer.h"
#include "store/store.h"
#include "subjects.h"

#define MEMORY_LIMIT ((size_t)1 << 30)
#define REQUEST_MEMORY ((size_t)1 << 20)
#define TERMINAL "BENCH-1"
#define SIGNATURE_SIZE 256

struct settings {
    const char *world, *institution, *journal;
    int64_t checks, subjects, group;
    struct date on;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"world", OPTION_TEXT, "DIR", NULL, 0, 0, "The world: people, keys.", "世界。", AT(world),
     true},
    {"institution", OPTION_TEXT, "CODE", NULL, 0, 0, "Who asks: ten digits.", "医療機関コード。",
     AT(institution), true},
    {"journal", OPTION_TEXT, "DIR", NULL, 0, 0, "A new directory for the journal's part.",
     "監査記録の試験用フォルダー。", AT(journal), true},
    {"checks", OPTION_NUMBER, "N", "20000", 1, 100000000, "Rounds a part.", "回数。", AT(checks),
     false},
    {"subjects", OPTION_NUMBER, "N", "2000", 1, 1000000, "People.", "対象者数。", AT(subjects),
     false},
    {"group", OPTION_NUMBER, "N", "16", 1, 65536, "Journal records under way.", "同時の記録数。",
     AT(group), false},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day asked for; today where not given.", "照会日。",
     AT(on), false},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};

/* A card's proof, signed once; the same work each time it is verified. */
struct proof {
    unsigned char hash[32];
    unsigned char signature[SIGNATURE_SIZE];
    struct text body; /* as it comes over the wire */
};

struct bench {
    struct settings settings;
    struct subjects subjects;
    struct proof *proofs; /* one a card */
    struct store *store;
    struct card_trust *trust, *forgetful; /* with and without a cache */
    struct challenge_table *challenges;
    struct journal *journal;
    sem_t room;         /* records that may still be under way */
    struct scope scope; /* of one round */
};

static double cpu_microseconds(void)
{
    struct timespec time = {0};

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* --- parts: one round each; number counts up --- */

static enum status cached_certificate(struct bench *bench, size_t number)
{
    size_t at = number % bench->subjects.card_count;
    struct card_identity identity = {0};

    return card_trust_verify(
        &bench->scope, bench->trust, bench->subjects.cards[at].certificate, bench->proofs[at].hash,
        (struct text){(const char *)bench->proofs[at].signature, SIGNATURE_SIZE}, &identity);
}

static enum status new_certificate(struct bench *bench, size_t number)
{
    size_t at = number % bench->subjects.card_count;
    struct card_identity identity = {0};

    return card_trust_verify(
        &bench->scope, bench->forgetful, bench->subjects.cards[at].certificate,
        bench->proofs[at].hash,
        (struct text){(const char *)bench->proofs[at].signature, SIGNATURE_SIZE}, &identity);
}

static enum status challenge_given_and_used(struct bench *bench, size_t number)
{
    struct challenge challenge = {0};
    struct challenge taken = {0};

    (void)number;
    TRY(challenge_issue(&bench->scope, bench->challenges, bench->subjects.institution, &challenge));
    return challenge_consume(&bench->scope, bench->challenges, bench->subjects.institution,
                             challenge.session, &taken);
}

static enum status holder_found(struct bench *bench, size_t number)
{
    struct card_holder holder = {0};

    return store_find_card_holder(&bench->scope, bench->store, 1,
                                  bench->subjects.cards[number % bench->subjects.card_count].serial,
                                  &holder);
}

static enum status institution_found(struct bench *bench, size_t number)
{
    struct institution institution = {0};

    (void)number;
    return store_find_institution(&bench->scope, bench->store, bench->subjects.institution,
                                  &institution);
}

static enum status numbers_found(struct bench *bench, size_t number)
{
    const struct number_subject *subject =
        &bench->subjects.numbers[number % bench->subjects.number_count];
    struct insured_key key = {.insurer = subject->insurer, .birth = subject->birth};
    struct insured_match *matches = NULL;
    struct person person = {0};
    size_t count = 0;

    if (!insured_text_normalise(subject->symbol, false, key.symbol) ||
        !insured_text_normalise(subject->number, true, key.number))
        return scope_fail(&bench->scope, CAUSE_INTERNAL, "a number of the world");
    TRY(store_list_matches(&bench->scope, bench->store, &key, &matches, &count));
    if (count == 0)
        return scope_fail(&bench->scope, CAUSE_INTERNAL, "numbers that lead to nobody");
    return store_find_person(&bench->scope, bench->store, matches[0].person_id, &person);
}

static enum status proof_read(struct bench *bench, size_t number)
{
    struct oqs_card_inquiry inquiry = {0};

    return oqs_card_inquiry_read(&bench->scope, OQS_XML,
                                 bench->proofs[number % bench->subjects.card_count].body, &inquiry,
                                 NULL);
}

/* The answer about one person, as a check writes it; deciding is a part of it. */
static enum status answer_written(struct bench *bench, size_t number)
{
    static struct card_holder holder; /* found in the first round */
    static struct scope keep;
    struct eligibility eligibility = {0};
    struct text body = {0};
    struct oqs_answer answer = {
        .processed = bench->scope.now,
        .on = bench->settings.on,
        .institution = text_of(bench->subjects.institution.digits),
        .file_identifier = TEXT("bench"),
        .by_card = true,
        .insurer_name = TEXT("架空健康保険組合"),
        .consented = bench->scope.now,
    };

    if (number == 0) {
        keep = scope_begin(REQUEST_MEMORY);
        TRY(store_find_card_holder(&keep, bench->store, 1, bench->subjects.cards[0].serial,
                                   &holder));
    }
    eligibility = eligibility_by_card(&holder.person, &holder.certificate, bench->settings.on,
                                      CONSENT_LIMIT | CONSENT_MEDICATION);
    answer.eligibility = &eligibility;
    return oqs_answer_write(&bench->scope, OQS_XML, &answer, &body);
}

static void record_done(void *context, bool ok)
{
    struct bench *bench = context;

    (void)ok;
    sem_post(&bench->room);
}

static enum status record_written(struct bench *bench, size_t number)
{
    struct journal_entry entry = {
        .operation = JOURNAL_CHECK_BY_CARD,
        .at = bench->scope.now,
        .request_id = bench->scope.id,
        .institution = bench->subjects.institution.digits,
        .client = "0011223344556677",
        .terminal = TERMINAL,
        .person_id = (int64_t)number,
        .coverage_id = 1,
        .on = bench->settings.on,
        .mode = IDENTITY_PIN,
        .consents = CONSENT_LIMIT,
        .validity = VALIDITY_VALID,
        .rule = "E1.valid",
    };

    while (sem_wait(&bench->room) != 0)
        continue;
    return journal_append(&bench->scope, bench->journal, &entry, record_done, bench);
}

static const struct part {
    const char *name;
    enum status (*round)(struct bench *bench, size_t number);
} parts[] = {
    {"challenge given and used", challenge_given_and_used},
    {"proof read (XML, base64)", proof_read},
    {"signature, certificate in the cache", cached_certificate},
    {"signature, certificate at first sight", new_certificate},
    {"look-up: institution", institution_found},
    {"look-up: card and its holder", holder_found},
    {"look-up: numbers and their holder", numbers_found},
    {"decision, answer written (XML)", answer_written},
    {"journal, with its share of the syncs", record_written},
};

/* --- preparation --- */

static enum status sign(struct scope *scope, EVP_PKEY *key, struct proof *proof)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t size = SIGNATURE_SIZE;
    bool good =
        context && EVP_PKEY_sign_init(context) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
        EVP_PKEY_sign(context, proof->signature, &size, proof->hash, sizeof proof->hash) == 1;

    EVP_PKEY_CTX_free(context);
    return good ? STATUS_OK : scope_fail(scope, CAUSE_INTERNAL, "cannot sign");
}

static enum status make_proof(struct scope *scope, struct bench *bench, size_t at)
{
    struct proof *proof = &bench->proofs[at];
    struct challenge challenge = {.nonce = {1}, .session = {2}};
    struct proof_circumstance circumstance = {.institution = bench->subjects.institution,
                                              .terminal = TERMINAL,
                                              .mode = IDENTITY_PIN,
                                              .time = instant_to_japan14(scope->now)};
    struct oqs_card_inquiry inquiry = {
        .on = bench->settings.on,
        .institution = bench->subjects.institution,
        .file_identifier = TEXT("bench"),
        .session = TEXT("00112233445566778899aabbccddeeff"),
        .terminal = TEXT(TERMINAL),
        .mode = IDENTITY_PIN,
        .time = circumstance.time,
        .certificate = bench->subjects.cards[at].certificate,
        .signature = {(const char *)proof->signature, SIGNATURE_SIZE},
        .consents = CONSENT_LIMIT | CONSENT_MEDICATION,
    };

    proof_block_hash(&challenge, &circumstance, proof->hash);
    TRY(sign(scope, bench->subjects.key, proof));
    return oqs_card_inquiry_write(scope, OQS_XML, &inquiry, &proof->body);
}

static enum status open_parts(struct scope *scope, struct bench *bench)
{
    char path[PATH_MAX];
    struct journal_options journal = {0};

    snprintf(path, sizeof path, "sqlite:%s/store.sqlite", bench->settings.world);
    TRY(store_open(scope, path, STORE_READ, &bench->store));
    snprintf(path, sizeof path, "%s/pki/card-ca.pem", bench->settings.world);
    TRY(card_trust_open(scope, path, ISSUER_POLICY_OID, 65536, &bench->trust));
    TRY(card_trust_open(scope, path, ISSUER_POLICY_OID, 0, &bench->forgetful));
    TRY(challenge_table_open(scope, 65536, CHALLENGE_LIFETIME_SECONDS, &bench->challenges));
    sem_init(&bench->room, 0, (unsigned)bench->settings.group);
    return journal_open(scope, bench->settings.journal, &journal, &bench->journal);
}

static enum status prepare(struct scope *scope, struct bench *bench)
{
    struct settings *settings = &bench->settings;
    size_t count = (size_t)settings->subjects;
    char store[PATH_MAX];

    if (institution_code_read(text_of(settings->institution), &bench->subjects.institution) !=
        NUMBER_GOOD)
        return scope_fail(scope, CAUSE_USAGE, "--institution: ten digits");
    if (!date_is(settings->on))
        settings->on = instant_date(scope->now);
    snprintf(store, sizeof store, "%s/store.sqlite", settings->world);
    TRY(subjects_draw_numbers(scope, store, settings->on, count, 1, &bench->subjects));
    TRY(subjects_draw_cards(scope, settings->world, settings->on, count, 1, &bench->subjects));
    TRY(scope_alloc(scope, count, sizeof *bench->proofs, &bench->proofs));
    for (size_t i = 0; i < count; i++)
        TRY(make_proof(scope, bench, i));
    return open_parts(scope, bench);
}

static void bench_drop(struct bench *bench)
{
    journal_close(bench->journal);
    challenge_table_close(bench->challenges);
    card_trust_close(bench->forgetful);
    card_trust_close(bench->trust);
    store_close(bench->store);
    subjects_close(&bench->subjects);
    scope_end(&bench->scope);
}

/* --- run --- */

static enum status run_part(struct scope *scope, struct bench *bench, const struct part *part)
{
    size_t rounds = (size_t)bench->settings.checks;
    double began = 0;

    for (size_t i = 0; i < bench->subjects.card_count + rounds; i++) {
        if (i == bench->subjects.card_count)
            began = cpu_microseconds(); /* each subject was seen once: caches are warm */
        if (part->round(bench, i) != STATUS_OK)
            return scope_fail(scope, bench->scope.cause, "%s: %s", part->name,
                              bench->scope.failure);
        scope_reset(&bench->scope);
    }
    printf("%-40s %8.2f us\n", part->name, (cpu_microseconds() - began) / (double)rounds);
    fflush(stdout);
    return STATUS_OK;
}

static enum status run(struct scope *scope, int argc, char **argv, struct bench *bench)
{
    int words = 0;

    TRY(options_default(scope, table, &bench->settings));
    TRY(options_parse(scope, table, argc, argv, &bench->settings, &words));
    TRY(options_require(scope, table, &bench->settings));
    TRY(prepare(scope, bench));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        TRY(run_part(scope, bench, &parts[i]));
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    CLEANUP(bench_drop) struct bench bench = {.scope = scope_begin(REQUEST_MEMORY)};
    CLEANUP(scope_end) struct scope scope = scope_begin(MEMORY_LIMIT);
    enum status status = run(&scope, argc - 1, argv + 1, &bench);

    if (status != STATUS_OK)
        fprintf(stderr, "parts: %s\n", scope.failure);
    return status == STATUS_OK ? 0 : failure_exit_code(status);
}
