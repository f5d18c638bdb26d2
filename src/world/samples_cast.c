/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proof/issuer.h"
#include "world/samples.h"

static const char *mode_name(enum identity_mode mode)
{
    return mode == IDENTITY_FACE ? "face" : mode == IDENTITY_PIN ? "pin" : "visual";
}

/* A field of RFC 4180; none of ours holds a quotation mark. */
static void add_field(struct text_buffer *buffer, const char *value, bool last)
{
    bool quoted = strchr(value, ',') != NULL;

    text_buffer_add_format(buffer, quoted ? "\"%s\"" : "%s", value);
    text_buffer_add_string(buffer, last ? "\r\n" : ",");
}

static void add_number(struct text_buffer *buffer, int value)
{
    if (value != 0)
        text_buffer_add_format(buffer, "%d", value);
    text_buffer_add_char(buffer, ',');
}

static const char *card_file(const struct cast_scenario *scenario, char out[FOLDER_FILE_MAX])
{
    out[0] = '\0';
    if (scenario->way == WAY_CARD)
        snprintf(out, FOLDER_FILE_MAX, "cards/%s.card",
                 cast_person(scenario->person)->certificates[scenario->entry].file);
    return out;
}

/* How it is asked. */
static void add_question(struct text_buffer *buffer, const struct cast_scenario *scenario,
                         struct date t)
{
    struct cast_inquiry inquiry = cast_inquiry(scenario, t);
    char file[FOLDER_FILE_MAX];

    add_field(buffer, scenario->name, false);
    add_field(buffer, inquiry.insurer ? inquiry.insurer : "", false);
    add_field(buffer, inquiry.symbol ? inquiry.symbol : "", false);
    add_field(buffer, inquiry.number ? inquiry.number : "", false);
    add_field(buffer, inquiry.branch ? inquiry.branch : "", false);
    add_number(buffer, inquiry.birth.yyyymmdd);
    add_field(buffer, card_file(scenario, file), false);
    add_field(buffer, scenario->way == WAY_CARD ? mode_name(scenario->mode) : "", false);
    add_number(buffer, inquiry.on.yyyymmdd);
    add_field(buffer, scenario->consents & CONSENT_LIMIT ? "1" : "0", false);
}

/* What comes of it, and what it shows. */
static void add_answer(struct text_buffer *buffer, const struct cast_scenario *scenario,
                       struct date t)
{
    const struct cast_answer *answer = cast_answer(scenario, t);
    const struct cast_person *person = scenario->person ? cast_person(scenario->person) : NULL;

    add_number(buffer, (int)answer->validity);
    add_field(buffer, failure_text(answer->cause)->code, false);
    add_number(buffer, answer->share);
    add_field(buffer, answer->rule ? answer->rule : "", false);
    add_field(buffer, person ? person->name : "", false);
    add_field(buffer, person ? person->kana : "", false);
    add_field(buffer, scenario->shows_en, false);
    add_field(buffer, scenario->shows_ja, true);
}

enum status samples_write_cast(struct scope *scope, const struct world_folder *folder,
                               struct date t)
{
    struct text_buffer buffer = text_buffer_begin(scope, 32768);
    struct text content = {0};
    size_t count = 0;
    const struct cast_scenario *scenarios = cast_scenarios(&count);

    text_buffer_add_string(
        &buffer, "scenario,insurer_number,symbol,number,branch,birth_date,card_file,mode,"
                 "confirmation_date,limit_consent,expected_validity,expected_code,expected_share,"
                 "expected_rule,name,name_kana,shows,shows_ja\r\n");
    for (size_t i = 0; i < count; i++) {
        add_question(&buffer, &scenarios[i], t);
        add_answer(&buffer, &scenarios[i], t);
    }
    TRY(text_buffer_end(&buffer, &content));
    return folder_write(scope, folder, "samples/cast.csv", content);
}

static const struct {
    unsigned consent;
    const char *name;
} consents[] = {
    {CONSENT_LIMIT, "limit"},         {CONSENT_DISEASE, "disease"},
    {CONSENT_CHECKUP, "checkup"},     {CONSENT_MEDICATION, "medication"},
    {CONSENT_DIAGNOSIS, "diagnosis"}, {CONSENT_OPERATION, "operation"},
};

static enum status write_presentation(struct scope *scope, const struct world_folder *folder,
                                      const struct cast_scenario *scenario)
{
    struct text_buffer buffer = text_buffer_begin(scope, 512);
    struct text content = {0};
    char file[FOLDER_FILE_MAX];
    char path[FOLDER_PATH_SIZE];
    const char *comma = "";

    folder_path(folder, card_file(scenario, file), path);
    text_buffer_add_format(&buffer, "card = %s\nmode = %s\n", path, mode_name(scenario->mode));
    if (scenario->mode == IDENTITY_PIN)
        text_buffer_add_string(&buffer, "pin = 1234\n");
    text_buffer_add_string(&buffer, "consent = ");
    for (size_t i = 0; i < sizeof consents / sizeof *consents; i++) {
        if (!(scenario->consents & consents[i].consent))
            continue;
        text_buffer_add_format(&buffer, "%s%s", comma, consents[i].name);
        comma = ",";
    }
    text_buffer_add_string(&buffer, "\n");
    TRY(text_buffer_end(&buffer, &content));
    snprintf(file, sizeof file, "samples/presentations/%s.present", scenario->name);
    return folder_write(scope, folder, file, content);
}

enum status samples_write_presentations(struct scope *scope, const struct world_folder *folder)
{
    size_t count = 0;
    const struct cast_scenario *scenarios = cast_scenarios(&count);

    for (size_t i = 0; i < count; i++)
        if (scenarios[i].way == WAY_CARD)
            TRY(write_presentation(scope, folder, &scenarios[i]));
    return STATUS_OK;
}

enum status samples_write_configurations(struct scope *scope, const struct world_folder *folder,
                                         const char *store)
{
    struct text content = {0}, spool = text_of("");
    const char *at = folder->path;
    char key[FOLDER_PATH_SIZE];

    folder_path(folder, "pki/link.key", key);
    if (access(key, F_OK) == 0) /* large worlds have none: their service takes no files */
        TRY(text_format(scope, &spool, "spool = %s/spool\nlink-key = %s\n", at, key));
    TRY(text_format(scope, &content,
                    "# shikaku serve --config serve.conf\n"
                    "listen-address = 127.0.0.1\nlisten-port = 8443\n"
                    "certificate = %s/pki/server.pem\nkey = %s/pki/server.key\n"
                    "client-ca = %s/pki/network-ca.pem\nstore = %s\njournal = %s/journal\n"
                    "card-ca = %s/pki/card-ca.pem\npolicy = %s\n%s",
                    at, at, at, store, at, at, ISSUER_POLICY_OID, spool.bytes));
    TRY(folder_write(scope, folder, "serve.conf", content));
    TRY(text_format(scope, &content,
                    "# shikaku terminal --config terminal.conf\n"
                    "service = https://127.0.0.1:8443\n"
                    "certificate = %s/pki/institutions/%s.pem\n"
                    "key = %s/pki/institutions/%s.key\n"
                    "ca = %s/pki/network-ca.pem\nfolder = %s/terminal\ninstitution = %s\n"
                    "terminal = T01\n"
                    "terminal-credential = %s/pki/institutions/%s.credential\n",
                    at, CAST_CLINIC, at, CAST_CLINIC, at, at, CAST_CLINIC, at, CAST_CLINIC));
    return folder_write(scope, folder, "terminal.conf", content);
}
