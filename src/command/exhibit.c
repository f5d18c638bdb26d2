/* SPDX-License-Identifier: Apache-2.0 */
#include "command/exhibit.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "card/emulated_card.h"
#include "domain/insured_number.h"
#include "format/oqs.h"

#define PATH_SIZE 4096
#define ANSWER_MAX (256UL * 1024)
#define WAIT_MILLISECONDS 15000
#define POLL_MILLISECONDS 10
#define INSTITUTION "1319912349"

static const struct exhibit exhibits[] = {
    {"cert-valid", EXHIBIT_CARD, 1, "", "カードで資格確認: 有効", "by card: covered"},
    {"valid-employee", EXHIBIT_NUMBERS, 1, "", "記号・番号で資格確認: 有効", "by numbers: covered"},
    {"newer-coverage", EXHIBIT_NUMBERS, 3, "SKK-7006",
     "無効(新しい資格あり): 転職後に古い番号で照会",
     "lost, a newer coverage exists: asked with the old number after a change of job"},
    {"lost-nothing-new", EXHIBIT_NUMBERS, 2, "", "無効: 資格喪失後、新しい資格は未登録",
     "lost, nothing new registered"},
    {"unknown", EXHIBIT_NUMBERS, 4, "", "該当資格なし: 誰のものでもない番号",
     "nobody has these numbers"},
    {"several", EXHIBIT_NUMBERS_NO_BRANCH, 5, "SKK-7005", "複数該当: 双子を枝番なしで照会",
     "several: twins asked for without branch"},
    {"cert-grace", EXHIBIT_CARD, 1, "SKK-7002", "電子証明書の期限切れ後3か月以内: 資格のみ確認",
     "certificate expired, within grace: eligibility only"},
    {"cert-lapsed", EXHIBIT_CARD, 0, "SKK-3008", "電子証明書の失効: カードでは確認できない",
     "certificate lapsed: the card cannot be used"},
    {"cert-valid", EXHIBIT_FORGED_CARD, 0, "SKK-3004", "署名が証明書と合わないカード: 拒否",
     "a card whose signature does not fit its certificate: refused"},
};

const struct exhibit *exhibit_list(size_t *count)
{
    *count = sizeof exhibits / sizeof exhibits[0];
    return exhibits;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void pause_a_little(void)
{
    const struct timespec pause = {.tv_nsec = POLL_MILLISECONDS * 1000000L};

    nanosleep(&pause, NULL);
}

/* Waits until the file is there; the milliseconds that took. */
static enum status wait_for(struct scope *scope, const char *path, int *milliseconds)
{
    struct instant begin = instant_now();
    int waited = 0;

    while (!exists(path)) {
        waited = (int)((instant_now().microseconds - begin.microseconds) / 1000);
        if (waited > WAIT_MILLISECONDS)
            return scope_fail(scope, CAUSE_SERVICE_AWAY, "no '%s' after %d seconds", path,
                              WAIT_MILLISECONDS / 1000);
        pause_a_little();
    }
    *milliseconds = (int)((instant_now().microseconds - begin.microseconds) / 1000);
    return STATUS_OK;
}

static enum status judge(struct scope *scope, const char *path, struct exhibit_result *out)
{
    struct text bytes = {0};
    struct oqs_answer_summary summary = {0};

    TRY(file_read(scope, path, ANSWER_MAX, &bytes));
    TRY(oqs_answer_read(scope, OQS_XML, bytes, &summary));
    out->validity = summary.validity;
    out->code = summary.code;
    out->name = summary.name;
    out->insurer = text_trim(summary.insurer_number);
    return STATUS_OK;
}

/* A suffix that no earlier answer in res/ has. */
static void free_suffix(const struct stage *stage, const struct exhibit *exhibit, char *suffix,
                        size_t size)
{
    char path[PATH_SIZE];
    int number = (int)(exhibit - exhibits) + 1;
    int64_t day = instant_to_japan14(instant_now()) / 1000000;

    for (int round = 0; round < 10000; round += 100) {
        snprintf(suffix, size, "%08lld%04d", (long long)day, round + number);
        snprintf(path, sizeof path, "%s/terminal/res/OQSsiquc01res_%s.xml", stage->dir, suffix);
        if (!exists(path))
            return;
    }
}

static enum status make_request(struct scope *scope, const struct cast_row *row, bool with_branch,
                                const char *suffix, struct text *out)
{
    struct oqs_inquiry inquiry = {
        .on = instant_date(scope->now),
        .file_identifier = text_of(suffix),
        .symbol = row->symbol,
        .number = row->number,
        .branch = with_branch ? row->branch : (struct text){0},
        .consents = CONSENT_LIMIT,
    };

    if (institution_code_read(TEXT(INSTITUTION), &inquiry.institution) != NUMBER_GOOD ||
        insurer_number_read(row->insurer, &inquiry.insurer) != NUMBER_GOOD ||
        !date_read(row->birth.bytes, row->birth.size, &inquiry.key.birth))
        return scope_fail(scope, CAUSE_CONFIGURATION, "cast.csv: a number or date is wrong");
    return oqs_inquiry_write(scope, OQS_XML, &inquiry, out);
}

static enum status show_numbers(struct scope *scope, const struct stage *stage,
                                const struct exhibit *exhibit, const struct cast_row *row,
                                struct exhibit_result *out)
{
    char suffix[32], path[PATH_SIZE];
    struct text request = {0};

    free_suffix(stage, exhibit, suffix, sizeof suffix);
    TRY(make_request(scope, row, exhibit->way != EXHIBIT_NUMBERS_NO_BRANCH, suffix, &request));
    snprintf(path, sizeof path, "%s/terminal/req/OQSsiquc01req_%s.xml", stage->dir, suffix);
    TRY(file_write(scope, path, request, FILE_MODE_PUBLIC));
    snprintf(out->file, sizeof out->file, "terminal/res/OQSsiquc01res_%s.xml", suffix);
    snprintf(path, sizeof path, "%s/%s", stage->dir, out->file);
    TRY(wait_for(scope, path, &out->milliseconds));
    return judge(scope, path, out);
}

/* A card with the certificate of one and the key of another. */
static enum status forge_card(struct scope *scope, const struct stage *stage, const char *honest,
                              char *path, size_t size)
{
    const struct cast_row *other = cast_file_find(&stage->cast, "cert-alert", true);
    struct card_image image = {0}, lent = {0};
    char other_path[PATH_SIZE];

    if (!other)
        return scope_fail(scope, CAUSE_CONFIGURATION, "cast.csv has no cert-alert card");
    snprintf(other_path, sizeof other_path, "%s/%.*s", stage->dir, TEXT_ARGS(other->card));
    TRY(card_image_read(scope, honest, &image));
    TRY(card_image_read(scope, other_path, &lent));
    image.auth_key_pem = lent.auth_key_pem;
    snprintf(path, size, "%s/cards/forged.card", stage->dir);
    return card_image_write(scope, path, &image);
}

/* Reads NAME.result of the reader: the staff's screen. */
static enum status read_result(struct scope *scope, const char *path, struct exhibit_result *out)
{
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    const char *code = json_string_value(json_object_get(root, "code"));
    const char *face = json_string_value(json_object_get(root, "face_file"));
    enum status status = STATUS_OK;

    if (!root)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "'%s' is no JSON", path);
    out->validity = (int)json_integer_value(json_object_get(root, "validity"));
    if (code)
        status = text_copy(scope, text_of(code), &out->code);
    snprintf(out->file, sizeof out->file, "terminal/%s%.180s", face ? "face/" : "reader/",
             face ? face : strrchr(path, '/') + 1);
    json_decref(root);
    return status;
}

static enum status show_card(struct scope *scope, const struct stage *stage,
                             const struct exhibit *exhibit, const struct cast_row *row,
                             struct exhibit_result *out)
{
    char card[PATH_SIZE], path[PATH_SIZE];
    struct text presentation = {0};
    int number = (int)(exhibit - exhibits) + 1;

    snprintf(card, sizeof card, "%s/%.*s", stage->dir, TEXT_ARGS(row->card));
    if (exhibit->way == EXHIBIT_FORGED_CARD)
        TRY(forge_card(scope, stage, card, card, sizeof card));
    TRY(text_format(
        scope, &presentation,
        "card = %s\nmode = face\nconsent = limit,disease,checkup,medication,diagnosis\n", card));
    snprintf(path, sizeof path, "%s/terminal/reader/demo%d.result", stage->dir, number);
    unlink(path);
    snprintf(path, sizeof path, "%s/terminal/reader/demo%d.present", stage->dir, number);
    TRY(file_write(scope, path, presentation, FILE_MODE_SECRET));
    snprintf(path, sizeof path, "%s/terminal/reader/demo%d.result", stage->dir, number);
    TRY(wait_for(scope, path, &out->milliseconds));
    TRY(read_result(scope, path, out));
    if (!strstr(out->file, "/face/"))
        return STATUS_OK;
    snprintf(path, sizeof path, "%s/%s", stage->dir, out->file);
    return judge(scope, path, out);
}

enum status exhibit_show(struct scope *scope, const struct stage *stage,
                         const struct exhibit *exhibit, struct exhibit_result *out)
{
    bool by_card = exhibit->way == EXHIBIT_CARD || exhibit->way == EXHIBIT_FORGED_CARD;
    const struct cast_row *row = cast_file_find(&stage->cast, exhibit->scenario, by_card);
    struct exhibit_result result = {0};

    if (!row)
        return scope_fail(scope, CAUSE_CONFIGURATION, "cast.csv has no '%s'", exhibit->scenario);
    if (by_card)
        TRY(show_card(scope, stage, exhibit, row, &result));
    else
        TRY(show_numbers(scope, stage, exhibit, row, &result));
    result.as_expected =
        result.validity == exhibit->validity && text_is(result.code, exhibit->code);
    *out = result;
    return STATUS_OK;
}
