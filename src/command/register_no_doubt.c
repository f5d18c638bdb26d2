/* SPDX-License-Identifier: Apache-2.0
 *
 * register_no_doubt.c - shikaku register no-doubt: 理由付き疑いなし, one by one or in bulk.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "command/command.h"
#include "register/register_job.h"

#define PEOPLE_MAX 10000
#define FILE_LIMIT (4UL * 1024 * 1024)
#define ROUND_SCOPE_LIMIT (1024UL * 1024)

struct settings {
    const char *store, *by, *reason, *file;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"by", OPTION_TEXT, "NAME", NULL, 0, 0, "Who says so: the insurer and its clerk.",
     "登録者(保険者と担当)。", AT(by), true},
    {"reason", OPTION_TEXT, "TEXT", NULL, 0, 0, "Why there is no doubt, for the people named.",
     "疑いなしとする理由(引数の人に共通)。", AT(reason), false},
    {"file", OPTION_TEXT, "FILE", NULL, 0, 0, "Bulk: a line \"PERSON,REASON\" each, UTF-8.",
     "一括登録: 1行に「人,理由」(UTF-8)。", AT(file), false},
};

struct sums {
    int64_t done, refused;
};

static void store_drop(struct store **store)
{
    store_close(*store);
}

/* One row, one result: a wrong row does not keep the others from being registered. */
static void clear_one(struct store *store, struct text person, struct text reason, struct text by,
                      struct sums *sums)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(ROUND_SCOPE_LIMIT);
    struct register_clearing clearing = {.reason = reason, .by = by};
    enum status status = STATUS_OK;

    if (!text_read_number(person, &clearing.person_id))
        status = scope_fail(&scope, CAUSE_REGISTER_PERSON_UNKNOWN, "a person is a number");
    else
        status = register_job_clear(&scope, store, &clearing);
    sums->done += status == STATUS_OK;
    sums->refused += status != STATUS_OK;
    if (status == STATUS_OK)
        printf("%.*s\tok\t理由付き疑いなし / no doubt, with reason\n", TEXT_ARGS(person));
    else
        printf("%.*s\t%s\t%s / %s\n", person.size > 18 ? 18 : (int)person.size, person.bytes,
               failure_text(scope.cause)->code, failure_text(scope.cause)->it_ja,
               failure_text(scope.cause)->it_en);
}

/* The line at *at without its end; moves on. */
static bool next_line(struct text file, size_t *at, struct text *out)
{
    const char *begin = file.bytes + *at;
    const char *end = NULL;

    if (*at >= file.size)
        return false;
    end = memchr(begin, '\n', file.size - *at);
    *out = (struct text){begin, end ? (size_t)(end - begin) : file.size - *at};
    *at += out->size + 1;
    *out = text_trim(*out);
    return true;
}

static enum status clear_file(struct scope *scope, struct store *store,
                              const struct settings *settings, struct sums *sums)
{
    struct text file = {0};
    struct text line = {0};
    size_t at = 0;

    TRY(file_read(scope, settings->file, FILE_LIMIT, &file));
    if (!text_is_utf8(file))
        return scope_fail(scope, CAUSE_REGISTER_REASONS_ENCODING, "'%s' is no UTF-8",
                          settings->file);
    while (next_line(file, &at, &line)) {
        const char *comma = line.size ? memchr(line.bytes, ',', line.size) : NULL;
        struct text person = {line.bytes, comma ? (size_t)(comma - line.bytes) : line.size};
        struct text reason = {comma ? comma + 1 : "", comma ? line.size - person.size - 1 : 0};
        if (line.size > 0)
            clear_one(store, text_trim(person), text_trim(reason), text_of(settings->by), sums);
    }
    return STATUS_OK;
}

static enum status clear_all(struct scope *scope, const struct settings *settings, int words,
                             char **argv, struct sums *sums)
{
    CLEANUP(store_drop) struct store *store = NULL;

    if ((words > 0) == (settings->file != NULL))
        return scope_fail(scope, CAUSE_USAGE, "PERSON... with --reason, or --file FILE");
    TRY(store_open(scope, settings->store, STORE_WRITE, &store));
    if (settings->file)
        return clear_file(scope, store, settings, sums);
    for (int i = 0; i < words; i++)
        clear_one(store, text_of(argv[i]), text_trim(text_of(settings->reason)),
                  text_of(settings->by), sums);
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    struct sums sums = {0};

    if (options_require(scope, command_register_no_doubt.table, settings) != STATUS_OK ||
        clear_all(scope, settings, words, argv, &sums) != STATUS_OK)
        return -1;
    return sums.refused > 0 ? 1 : 0;
}

static const char *const examples[] = {
    "shikaku register no-doubt --store sqlite:demo/store.sqlite --by \"06139992 架空\" "
    "--reason 住所は届出済み 26",
    "clears the difference of person 26 / 1人の差異を解除する",
    "shikaku register no-doubt --store sqlite:demo/store.sqlite --by \"06139992 架空\" "
    "--file reasons.csv",
    "clears those of a file / ファイルで一括登録する", NULL};

const struct command command_register_no_doubt = {
    .name = "register no-doubt",
    .arguments = "[PERSON...]",
    .summary_en = "Registers \"no doubt, with reason\": the difference stops nothing any more.",
    .summary_ja = "理由付き疑いなしを登録し、差異による停止を解除する。",
    .description =
        "The insurer has made sure that the record is of the right person although it differs from "
        "the resident register. The reason and who gave it are kept. A later comparison that finds "
        "a graver class takes the clearance away. Each person has a line with the result; exit "
        "code 1 where one was refused.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_max = PEOPLE_MAX,
    .run = run,
};
