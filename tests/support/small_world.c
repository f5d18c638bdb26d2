/* SPDX-License-Identifier: Apache-2.0 */
#include "small_world.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/file.h"
#include "proof/issuer.h"
#include "store/store.h"

#define FILE_LIMIT (64UL * 1024)

/* One card, and how it differs from a good one. Days and months are counted from today. */
struct card_kind {
    const char *name;
    int expires_months, expires_days;
    enum certificate_state state;
    bool registered; /* for insurance use */
    bool known;      /* its serial is in the store */
    unsigned protection;
};

static const struct card_kind kinds[] = {
    {"valid", 36, 0, CERTIFICATE_CURRENT, true, true, 0},
    {"alert", 0, 40, CERTIFICATE_CURRENT, true, true, 0},
    {"grace", 0, -20, CERTIFICATE_CURRENT, true, true, 0},
    {"lapsed", -6, 0, CERTIFICATE_CURRENT, true, true, 0},
    {"revoked", 36, 0, CERTIFICATE_REVOKED, true, true, 0},
    {"superseded", 3, 0, CERTIFICATE_SUPERSEDED, true, true, 0},
    {"unregistered", 36, 0, CERTIFICATE_CURRENT, false, true, 0},
    {"unknown", 36, 0, CERTIFICATE_CURRENT, true, false, 0},
    {"ungraced", 0, -20, CERTIFICATE_CURRENT, false, true,
     0}, /* not registered, and in the grace */
    {"blocked", 36, 0, CERTIFICATE_CURRENT, false, true, PROTECTION_SELF_REFUSAL},
    {"forged", 36, 0, CERTIFICATE_CURRENT, true, true, 0}, /* signed by a CA that is not trusted */
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])
#define FORGED (KIND_COUNT - 1)

const char *const small_cards[] = {"valid",    "alert",      "grace",        "lapsed",
                                   "revoked",  "superseded", "unregistered", "unknown",
                                   "ungraced", "blocked",    "forged"};
const size_t small_card_count = sizeof small_cards / sizeof small_cards[0];
_Static_assert(sizeof small_cards / sizeof small_cards[0] == KIND_COUNT, "one name a kind");

static struct institution_code code_of(const char *body)
{
    struct institution_code code = {0};
    int check = number_check_digit(NUMBER_INSTITUTION, text_of(body));

    memcpy(code.digits, body, 9);
    code.digits[9] = (char)('0' + check);
    return code;
}

struct institution_code small_institution_other(void)
{
    return code_of("131991240");
}

struct institution_code small_institution_stranger(void)
{
    return code_of("131991299");
}

/* --- the store ------------------------------------------------------------------------------ */

static struct coverage coverage_of(int64_t id, const char *number, const char *branch)
{
    return (struct coverage){
        .coverage_id = id,
        .insurer = {SMALL_INSURER},
        .symbol = TEXT("１２"),
        .number = text_of(number),
        .branch = {branch[0], branch[1], '\0'},
        .relation = RELATION_INSURED,
        .from = DATE(20200401),
        .until = DATE_NEVER,
        .kind = KIND_GENERAL,
        .paper = PAPER_ELIGIBILITY_CERTIFICATE,
        .issued = DATE(20241202),
        .valid_from = DATE(20241202),
        .valid_until = DATE_NEVER,
    };
}

static enum status put_person(struct scope *scope, struct store *store, int64_t id,
                              const char *name, struct date birth, struct date registered,
                              unsigned protection, const struct coverage *coverage)
{
    const struct person person = {
        .person_id = id,
        .name = text_of(name),
        .name_kana = TEXT("ﾔﾏﾀﾞ ﾊﾅｺ"),
        .postal_code = TEXT("100-9999"),
        .address = TEXT("東京都架空区見本町１－２－３"),
        .birth = birth,
        .sex1 = SEX_FEMALE,
        .registered = registered,
        .protection = protection,
        .coverages = coverage,
        .coverage_count = 1,
    };

    return store_put_person(scope, store, &person);
}

static enum status put_card_holder(struct scope *scope, struct store *store, size_t kind,
                                   struct date expires)
{
    char number[16];
    int64_t id = SMALL_CARDS + (int64_t)kind;
    struct coverage coverage = {0};
    const struct authentication_certificate certificate = {
        .issuer = 1,
        .serial = 1000 + kind,
        .person_id = id,
        .not_before = date_add_months(expires, -60),
        .expires = expires,
        .state = kinds[kind].state,
        .successor = kinds[kind].state == CERTIFICATE_SUPERSEDED ? 1000 : 0,
    };

    snprintf(number, sizeof number, "%d", 9000 + (int)kind);
    coverage = coverage_of(100 + (int64_t)kind, number, "01");
    TRY(put_person(scope, store, id, "札見　太郎", DATE(19800101),
                   kinds[kind].registered ? DATE(20240101) : DATE_NONE, kinds[kind].protection,
                   &coverage));
    return kinds[kind].known ? store_put_certificate(scope, store, &certificate) : STATUS_OK;
}

static enum status put_people(struct scope *scope, struct store *store, struct date today)
{
    const struct coverage valid = coverage_of(11, "345", "01");
    const struct coverage twin_a = coverage_of(12, "777", "02");
    const struct coverage twin_b = coverage_of(13, "777", "03");
    struct coverage lost = coverage_of(14, "888", "01");

    lost.until = date_first_of_month(date_add_months(today, -1));
    lost.loss_reason = LOSS_OTHER;
    TRY(put_person(scope, store, SMALL_VALID, "山田　花子", DATE(19850203), DATE(20240101), 0,
                   &valid));
    TRY(put_person(scope, store, SMALL_TWIN_A, "双子　一", DATE(20150505), DATE_NONE, 0, &twin_a));
    TRY(put_person(scope, store, SMALL_TWIN_B, "双子　二", DATE(20150505), DATE_NONE, 0, &twin_b));
    return put_person(scope, store, SMALL_LOST, "田中　三郎", DATE(19700101), DATE_NONE, 0, &lost);
}

static enum status put_institution(struct scope *scope, struct store *store,
                                   struct institution_code code)
{
    const struct institution institution = {
        .code = code, .name = TEXT("テスト内科医院"), .type = FACILITY_MEDICAL_CLINIC};

    return store_put_institution(scope, store, &institution);
}

static struct date expiry(const struct card_kind *kind, struct date today)
{
    return date_add_days(date_add_months(today, kind->expires_months), kind->expires_days);
}

static enum status fill_store(struct scope *scope, struct store *store, struct date today)
{
    const struct insurer insurer = {.number = {SMALL_INSURER}, .name = TEXT(SMALL_INSURER_NAME)};

    TRY(store_begin(scope, store));
    TRY(store_put_insurer(scope, store, &insurer));
    TRY(put_institution(scope, store, (struct institution_code){SMALL_INSTITUTION}));
    TRY(put_institution(scope, store, small_institution_other()));
    TRY(put_people(scope, store, today));
    for (size_t i = 0; i < KIND_COUNT; i++)
        TRY(put_card_holder(scope, store, i, expiry(&kinds[i], today)));
    return store_commit(scope, store);
}

static enum status write_store(struct scope *scope, const char *folder, struct date today)
{
    struct store *store = NULL;
    struct text url = {0};
    enum status status = STATUS_OK;

    TRY(text_format(scope, &url, "sqlite:%s/store.db", folder));
    TRY(store_open(scope, url.bytes, STORE_CREATE, &store));
    status = fill_store(scope, store, today);
    store_close(store);
    return status;
}

/* --- cards ---------------------------------------------------------------------------------- */

static enum status write_card(struct scope *scope, const char *folder, const struct issuer *issuer,
                              size_t kind, struct date today)
{
    struct date expires = expiry(&kinds[kind], today);
    const struct card_certificate_order order = {
        .serial = 1000 + kind,
        .not_before = instant_noon(date_add_months(expires, -60)),
        .expires = expires,
        .municipality = "13101",
    };
    struct text key = {0}, der = {0}, path = {0};

    TRY(issuer_make_card(scope, issuer, &order, &key, &der));
    TRY(text_format(scope, &path, "%s/cards/%s.key", folder, kinds[kind].name));
    TRY(file_write(scope, path.bytes, key, FILE_MODE_SECRET));
    TRY(text_format(scope, &path, "%s/cards/%s.der", folder, kinds[kind].name));
    return file_write(scope, path.bytes, der, FILE_MODE_PUBLIC);
}

static enum status write_cards(struct scope *scope, const char *folder, const struct issuer *ours,
                               const struct issuer *other, struct date today)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        TRY(write_card(scope, folder, i == FORGED ? other : ours, i, today));
    return STATUS_OK;
}

static enum status make_cards(struct scope *scope, const char *folder, struct date today)
{
    struct instant since = instant_noon(date_add_months(today, -72));
    struct issuer *ours = NULL, *other = NULL;
    struct text key = {0}, certificate = {0}, cards = {0};
    enum status status = STATUS_OK;

    TRY(text_format(scope, &cards, "%s/cards", folder));
    if (mkdir(cards.bytes, 0700) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot make the folder of the cards");
    TRY(text_format(scope, &key, "%s/card-ca.key", folder));
    TRY(text_format(scope, &certificate, "%s/card-ca.pem", folder));
    TRY(issuer_make(scope, ISSUER_CARD_AUTHENTICATION, since, &ours));
    status = issuer_make(scope, ISSUER_CARD_AUTHENTICATION, since, &other);
    if (status == STATUS_OK)
        status = issuer_write(scope, ours, key.bytes, certificate.bytes);
    if (status == STATUS_OK)
        status = write_cards(scope, folder, ours, other, today);
    issuer_close(ours);
    issuer_close(other);
    return status;
}

/* --- network certificates -------------------------------------------------------------------- */

static enum status make_client(struct scope *scope, const char *folder, const struct issuer *issuer,
                               const char *file, const char *role, const char *name,
                               struct date from, struct date until)
{
    const struct network_certificate_order order = {
        .role = role,
        .name = name,
        .hosts = strcmp(role, "server") == 0 ? "localhost,127.0.0.1" : NULL,
        .not_before = instant_noon(from),
        .not_after = instant_noon(until),
    };
    struct text key = {0}, certificate = {0};

    TRY(text_format(scope, &key, "%s/%s.key", folder, file));
    TRY(text_format(scope, &certificate, "%s/%s.pem", folder, file));
    return issuer_make_network(scope, issuer, &order, key.bytes, certificate.bytes);
}

static enum status make_clients(struct scope *scope, const char *folder, const struct issuer *ours,
                                const struct issuer *other, struct date today)
{
    struct date from = date_add_months(today, -1);
    struct date until = date_add_months(today, 6);
    const struct {
        const char *file, *role;
        const char *name;
    } rows[] = {
        {"server", "server", "localhost"},
        {"institution", "institution", SMALL_INSTITUTION},
        {"other", "institution", small_institution_other().digits},
        {"stranger", "institution", small_institution_stranger().digits},
        {"insurer", "insurer", SMALL_INSURER},
        {"insurer-other", "insurer", SMALL_INSURER_OTHER},
        {"operator", "operator", "operations"},
        {"portal", "portal", "portal"},
        {"norole", "janitor", SMALL_INSTITUTION},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        TRY(make_client(scope, folder, ours, rows[i].file, rows[i].role, rows[i].name, from,
                        until));
    TRY(make_client(scope, folder, ours, "expired", "institution", SMALL_INSTITUTION,
                    date_add_months(today, -3), date_add_days(today, -1)));
    return make_client(scope, folder, other, "alien", "institution", SMALL_INSTITUTION, from,
                       until);
}

static enum status make_network(struct scope *scope, const char *folder, struct date today)
{
    struct instant since = instant_noon(date_add_months(today, -12));
    struct issuer *ours = NULL, *other = NULL;
    struct text key = {0}, certificate = {0};
    enum status status = STATUS_OK;

    TRY(text_format(scope, &key, "%s/client-ca.key", folder));
    TRY(text_format(scope, &certificate, "%s/client-ca.pem", folder));
    TRY(issuer_make(scope, ISSUER_NETWORK, since, &ours));
    status = issuer_make(scope, ISSUER_NETWORK, since, &other);
    if (status == STATUS_OK)
        status = issuer_write(scope, ours, key.bytes, certificate.bytes);
    if (status == STATUS_OK)
        status = make_clients(scope, folder, ours, other, today);
    issuer_close(ours);
    issuer_close(other);
    return status;
}

enum status small_world_write(struct scope *scope, const char *folder, struct date today)
{
    TRY(write_store(scope, folder, today));
    TRY(make_cards(scope, folder, today));
    return make_network(scope, folder, today);
}

/* --- proofs ---------------------------------------------------------------------------------- */

static enum status sign(struct scope *scope, struct text key_pem, const unsigned char hash[32],
                        struct text *out)
{
    BIO *bio = BIO_new_mem_buf(key_pem.bytes, (int)key_pem.size);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    unsigned char signature[256];
    size_t size = sizeof signature;
    bool good = context && EVP_PKEY_sign_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
                EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
                EVP_PKEY_sign(context, signature, &size, hash, 32) == 1;

    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(bio);
    if (!good)
        return scope_fail(scope, CAUSE_INTERNAL, "a card did not sign");
    return text_copy(scope, (struct text){(const char *)signature, size}, out);
}

static enum status write_session(struct scope *scope, const struct challenge *challenge,
                                 struct text *out)
{
    struct text_buffer buffer = text_buffer_begin(scope, 64);

    for (size_t i = 0; i < sizeof challenge->session; i++)
        text_buffer_add_format(&buffer, "%02x", challenge->session[i]);
    return text_buffer_end(&buffer, out);
}

enum status small_proof_make(struct scope *scope, const struct small_proof *proof,
                             struct oqs_card_inquiry *out)
{
    const struct proof_circumstance circumstance = {
        .institution = proof->institution,
        .terminal = "T-1",
        .mode = proof->mode ? proof->mode : IDENTITY_PIN,
        .time = instant_to_japan14(proof->at),
    };
    unsigned char hash[32];
    struct text path = {0}, key = {0};

    *out = (struct oqs_card_inquiry){
        .on = instant_date(proof->at),
        .institution = proof->institution,
        .terminal = text_of(circumstance.terminal),
        .mode = circumstance.mode,
        .time = circumstance.time,
        .consents = proof->consents,
    };
    TRY(text_format(scope, &path, "%s/cards/%s.der", proof->folder, proof->card));
    TRY(file_read(scope, path.bytes, FILE_LIMIT, &out->certificate));
    TRY(text_format(scope, &path, "%s/cards/%s.key", proof->folder, proof->card));
    TRY(file_read(scope, path.bytes, FILE_LIMIT, &key));
    proof_block_hash(&proof->challenge, &circumstance, hash);
    TRY(sign(scope, key, hash, &out->signature));
    return write_session(scope, &proof->challenge, &out->session);
}
