/* SPDX-License-Identifier: Apache-2.0
 *
 * register_office.c - shikaku register record and register link: what a municipality's office does
 * to the resident register, and the link code of a number.
 */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "resident/resident_file.h"

static void file_drop(struct resident_file **file)
{
    resident_file_close(*file);
}

/* --- record -------------------------------------------------------------------------------------
 */

struct record_settings {
    const char *store, *link, *address, *municipality, *name, *kana, *support;
    struct date on;
    bool death;
};

#define AT(member) OPTION_AT(struct record_settings, member)

static const struct option record_options[] = {
    {"store", OPTION_TEXT, "PATH", NULL, 0, 0, "The register's file.", "住民基本台帳のファイル。",
     AT(store), true},
    {"link", OPTION_TEXT, "CODE", NULL, 0, 0, "Whose: the link code (shikaku register link).",
     "対象者の連携符号(shikaku register link)。", AT(link), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day of the event; today where left out.",
     "異動日。省略時は今日。", AT(on), false},
    {"address", OPTION_TEXT, "TEXT", NULL, 0, 0, "A move: the new address.", "転居: 新しい住所。",
     AT(address), false},
    {"municipality", OPTION_TEXT, "CODE", NULL, 0, 0, "A move: the new municipality, 5 digits.",
     "転居: 市区町村コード(5桁)。", AT(municipality), false},
    {"name", OPTION_TEXT, "TEXT", NULL, 0, 0, "A change of name: the new one.",
     "氏名変更: 新しい氏名。", AT(name), false},
    {"kana", OPTION_TEXT, "TEXT", NULL, 0, 0, "A change of name: its kana.",
     "氏名変更: 新しい氏名のカナ。", AT(kana), false},
    {"support", OPTION_TEXT, "WORD", NULL, 0, 0, "A support measure: set or ended.",
     "支援措置: set(開始)またはended(終了)。", AT(support), false},
    {"death", OPTION_FLAG, NULL, NULL, 0, 0, "A death.", "死亡。", AT(death), false},
};

#undef AT

/* Exactly one kind of event. */
static enum status read_kind(struct scope *scope, const struct record_settings *settings,
                             enum register_change_kind *out)
{
    int kinds = settings->death + (settings->address != NULL) + (settings->name != NULL) +
                (settings->support != NULL);

    if (kinds != 1)
        return scope_fail(scope, CAUSE_USAGE,
                          "one of --address, --name, --support and --death says what happened");
    if (settings->death)
        *out = REGISTER_CHANGE_DEATH;
    else if (settings->address)
        *out = REGISTER_CHANGE_ADDRESS;
    else if (settings->name)
        *out = REGISTER_CHANGE_NAME;
    else if (strcmp(settings->support, "set") == 0)
        *out = REGISTER_CHANGE_SUPPORT_SET;
    else if (strcmp(settings->support, "ended") == 0)
        *out = REGISTER_CHANGE_SUPPORT_ENDED;
    else
        return scope_fail(scope, CAUSE_USAGE, "--support: set or ended");
    return STATUS_OK;
}

static enum status record(struct scope *scope, const struct record_settings *settings)
{
    CLEANUP(file_drop) struct resident_file *file = NULL;
    struct resident_event event = {
        .link = text_of(settings->link),
        .day = date_is(settings->on) ? settings->on : instant_date(scope->now),
        .address = text_of(settings->address),
        .municipality = text_of(settings->municipality),
        .name = text_of(settings->name),
        .kana = text_of(settings->kana),
    };

    TRY(read_kind(scope, settings, &event.kind));
    TRY(resident_file_open(scope, settings->store, RESIDENT_WRITE, &file));
    return resident_record(scope, file, &event);
}

static int record_run(struct scope *scope, void *settings_, int words, char **argv)
{
    struct record_settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_register_record.table, settings) != STATUS_OK ||
        record(scope, settings) != STATUS_OK)
        return -1;
    puts("異動を記録しました / recorded");
    return 0;
}

static const char *const record_examples[] = {
    "shikaku register record --store demo/register.sqlite --link CODE --death",
    "a death, told to insurers by the next `register changes` / 死亡を記録する", NULL};

const struct command command_register_record = {
    .name = "register record",
    .arguments = "",
    .summary_en = "Records a move, a change of name, a death or a support measure.",
    .summary_ja = "転居・氏名変更・死亡・支援措置を住民基本台帳に記録する。",
    .description = "What a municipality's office does to the resident register. Each event changes "
                   "the resident, keeps the former address, and goes into the feed that `shikaku "
                   "register changes` takes in. The register may run meanwhile.",
    .examples = record_examples,
    .table = {record_options, sizeof record_options / sizeof record_options[0]},
    .settings_size = sizeof(struct record_settings),
    .run = record_run,
};

/* --- link ---------------------------------------------------------------------------------------
 */

struct link_settings {
    const char *key;
};

static const struct option link_options[] = {
    {"key", OPTION_TEXT, "FILE", NULL, 0, 0, "The link key, mode 0600.",
     "連携符号の鍵(モード0600)。", OPTION_AT(struct link_settings, key), true},
};

/* A number a line, so that none stands on a command line, where others see it. */
static enum status print_links(struct scope *scope, const struct link_key *key)
{
    char line[64];
    char code[LINK_CODE_SIZE];
    enum status status = STATUS_OK;

    while (status == STATUS_OK && fgets(line, sizeof line, stdin)) {
        status = link_code_make(scope, key, text_trim(text_of(line)), code);
        if (status == STATUS_OK)
            puts(code);
    }
    explicit_bzero(line, sizeof line);
    return status;
}

static int link_run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct link_settings *settings = settings_;
    struct link_key key = {{0}};
    enum status status = options_require(scope, command_register_link.table, settings);

    (void)words;
    (void)argv;
    setvbuf(stdin, NULL, _IONBF, 0); /* no buffer keeps what was read */
    if (status == STATUS_OK)
        status = link_key_read(scope, settings->key, &key);
    if (status == STATUS_OK)
        status = print_links(scope, &key);
    link_key_drop(&key);
    return status == STATUS_OK ? 0 : -1;
}

static const char *const link_examples[] = {
    "shikaku register link --key demo/pki/link.key < numbers.txt",
    "the link codes of numbers, one a line / 個人番号(1行1件)の連携符号", NULL};

const struct command command_register_link = {
    .name = "register link",
    .arguments = "",
    .summary_en = "Prints the link codes of individual numbers read from standard input.",
    .summary_ja = "標準入力の個人番号から連携符号を求める。",
    .description = "A link code is what the store keeps in place of an individual number "
                   "(HMAC-SHA256 under the link key). Numbers are read from standard input, one a "
                   "line, and never printed.",
    .examples = link_examples,
    .table = {link_options, sizeof link_options / sizeof link_options[0]},
    .settings_size = sizeof(struct link_settings),
    .run = link_run,
};
