/* SPDX-License-Identifier: Apache-2.0
 *
 * audit.c - `shikaku audit verify` and `shikaku audit show`: the journal, for those who must answer
 * for it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "journal/journal.h"

/* --- verify --- */

struct verify_settings {
    bool json;
    const char *anchor;
};

static const struct option verify_options[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .help_en = "Print one JSON object.",
     .help_ja = "結果をJSONで出力する。",
     .offset = OPTION_AT(struct verify_settings, json)},
    {.name = "anchor",
     .type = OPTION_TEXT,
     .placeholder = "RECORDS:HASH",
     .help_en = "What an earlier run printed; the journal must lead to it.",
     .help_ja = "以前の実行で表示された値。監査記録がこの値につながることを確かめる。",
     .offset = OPTION_AT(struct verify_settings, anchor)},
};

/* What to tell of each fault; one row a fault. */
static const struct {
    const char *ja, *en;
} fault_texts[] = {
    [JOURNAL_WHOLE] = {"監査記録は完全です", "The journal is whole"},
    [JOURNAL_CHANGED] = {"監査記録が変更されています", "The journal was changed"},
    [JOURNAL_MISSING] = {"監査記録の途中が失われています",
                         "Something between two records is missing"},
    [JOURNAL_REORDERED] = {"監査記録の順序が入れ替わっています", "The journal is out of order"},
    [JOURNAL_CUT] = {"監査記録の末尾が失われています", "The end of the journal is missing"},
    [JOURNAL_UNFINISHED] =
        {"監査記録は完全です(末尾に書きかけの記録があります。異常ではありません)",
         "The journal is whole (an unfinished record at its end, as a stop in "
         "mid-write leaves it, is no fault)"},
};

static bool is_good(const struct journal_report *report)
{
    return report->fault == JOURNAL_WHOLE || report->fault == JOURNAL_UNFINISHED;
}

static void print_report(FILE *out, const struct journal_report *report)
{
    const char *ja = fault_texts[report->fault].ja;
    const char *en = fault_texts[report->fault].en;

    if (is_good(report)) {
        fprintf(out, "%s: %" PRIu64 "件\n%s: %" PRIu64 " records\n", ja, report->records, en,
                report->records);
        fprintf(out, "--anchor %" PRIu64 ":%s\n", report->records, report->hash);
        return;
    }
    fprintf(out, "%s: 記録 %" PRIu64 "、ファイル %s、位置 %" PRIu64 "\n", ja, report->sequence,
            report->file, report->offset);
    fprintf(out, "%s: record %" PRIu64 ", file %s, offset %" PRIu64 "\n", en, report->sequence,
            report->file, report->offset);
    fprintf(out, "その前の%" PRIu64 "件は正常です / the %" PRIu64 " records before it are whole\n",
            report->records, report->records);
}

static void print_report_json(const struct journal_report *report)
{
    printf("{\"fault\":\"%s\",\"records\":%" PRIu64 ",\"sequence\":%" PRIu64
           ",\"file\":\"%s\",\"offset\":%" PRIu64 ",\"hash\":\"%s\"}\n",
           journal_fault_name(report->fault), report->records, report->sequence, report->file,
           report->offset, report->hash);
}

/* Reads "RECORDS:HASH" as print_report() writes it. */
static enum status read_anchor(struct scope *scope, const char *string, struct journal_anchor *out)
{
    const char *colon = strchr(string, ':');
    int64_t records = 0;

    if (!colon || !text_read_number((struct text){string, (size_t)(colon - string)}, &records) ||
        records < 1 || strlen(colon + 1) != JOURNAL_HASH_TEXT_SIZE - 1 ||
        strspn(colon + 1, "0123456789abcdef") != JOURNAL_HASH_TEXT_SIZE - 1)
        return scope_fail(scope, CAUSE_USAGE,
                          "--anchor is a count, a colon and 64 hexadecimal digits");
    out->records = (uint64_t)records;
    memcpy(out->hash, colon + 1, sizeof out->hash);
    return STATUS_OK;
}

static int verify_run(struct scope *scope, void *settings, int words, char **argv)
{
    const struct verify_settings *wanted = settings;
    struct journal_anchor anchor = {0};
    struct journal_report report = {0};

    (void)words;
    if (wanted->anchor && read_anchor(scope, wanted->anchor, &anchor) != STATUS_OK)
        return -1;
    if (journal_verify(scope, argv[0], wanted->anchor ? &anchor : NULL, &report) != STATUS_OK)
        return -1;
    if (wanted->json)
        print_report_json(&report);
    else
        print_report(stdout, &report);
    return is_good(&report) ? 0 : 1;
}

static const char *const verify_examples[] = {
    "shikaku audit verify demo/journal",
    "is the journal whole? if not, which record is at fault / 監査記録が完全かどうか",
    NULL,
};

const struct command command_audit_verify = {
    .name = "audit verify",
    .arguments = "DIR",
    .summary_en = "Verify the audit journal: changed, missing, reordered or cut records.",
    .summary_ja = "監査記録の改ざん・欠落・順序の入れ替わりを検査する。",
    .description =
        "Follows the chain of hashes from the first record to the last, also while the service is "
        "writing. Exit code 0: whole; 1: a fault, named with record, file and byte; 3: the journal "
        "cannot be read.\n\n"
        "The chain has no key. Keep the anchor that is printed outside of the machine and give it "
        "back with --anchor: so a journal that was rewritten as a whole, or put back to an older "
        "state, is found as well.",
    .examples = verify_examples,
    .table = {verify_options, sizeof verify_options / sizeof verify_options[0]},
    .settings_size = sizeof(struct verify_settings),
    .words_min = 1,
    .words_max = 1,
    .run = verify_run,
};

/* --- show --- */

struct show_settings {
    const char *institution;
    int64_t from, count;
};

static const struct option show_options[] = {
    {.name = "institution",
     .type = OPTION_TEXT,
     .placeholder = "CODE",
     .help_en = "Only what this institution (ten digits) asked.",
     .help_ja = "この医療機関コード(10桁)の照会だけを表示する。",
     .offset = OPTION_AT(struct show_settings, institution)},
    {.name = "from",
     .type = OPTION_NUMBER,
     .placeholder = "N",
     .fallback = "1",
     .minimum = 1,
     .maximum = INT64_MAX,
     .help_en = "Number of the first record.",
     .help_ja = "最初に表示する記録の番号。",
     .offset = OPTION_AT(struct show_settings, from)},
    {.name = "count",
     .type = OPTION_NUMBER,
     .placeholder = "N",
     .fallback = "1000",
     .minimum = 1,
     .maximum = INT64_MAX,
     .help_en = "Print at most so many records.",
     .help_ja = "表示する記録の上限。",
     .offset = OPTION_AT(struct show_settings, count)},
};

struct showing {
    const struct show_settings *wanted;
    int64_t shown;
};

static const char *operation_name(enum journal_operation operation)
{
    static const char *const names[] = {
        [JOURNAL_OPENED] = "opened",
        [JOURNAL_CLOSED] = "closed",
        [JOURNAL_CHECK_BY_NUMBERS] = "check_by_numbers",
        [JOURNAL_CHECK_BY_CARD] = "check_by_card",
        [JOURNAL_REFUSED_CLIENT] = "refused_client",
        [JOURNAL_REGISTRATION] = "registration",
        [JOURNAL_PORTAL] = "portal",
        [JOURNAL_MOBILE_DEVICE] = "mobile_device",
        [JOURNAL_MOBILE_CONSENT] = "mobile_consent",
        [JOURNAL_FILE_CREATED] = "file_created",
        [JOURNAL_FILE_PART] = "file_part",
        [JOURNAL_FILE_ASKED] = "file_asked",
        [JOURNAL_FILE_REPLY] = "file_reply",
        [JOURNAL_FILE_CONFIRMED] = "file_confirmed",
        [JOURNAL_FILE_REMOVED] = "file_removed",
        [JOURNAL_FILE_LOADED] = "file_loaded",
    };
    size_t at = (size_t)operation;

    return at < sizeof names / sizeof names[0] && names[at] ? names[at] : "unknown";
}

static const char *mode_name(enum identity_mode mode)
{
    static const char *const names[] = {
        "", [IDENTITY_FACE] = "face", [IDENTITY_PIN] = "pin", [IDENTITY_VISUAL] = "visual"};

    return names[mode];
}

static const char *validity_name(enum validity validity)
{
    static const char *const names[] = {
        "",
        [VALIDITY_VALID] = "valid",
        [VALIDITY_INVALID] = "invalid",
        [VALIDITY_INVALID_NEWER] = "invalid_newer",
        [VALIDITY_NONE] = "none",
        [VALIDITY_SEVERAL] = "several",
        [VALIDITY_VALID_UNREGISTERED] = "valid_unregistered",
    };

    return names[validity];
}

static void print_text(const char *key, const char *value)
{
    if (value && *value)
        printf(" %s=%s", key, value);
}

static void print_number(const char *key, int64_t value)
{
    if (value != 0)
        printf(" %s=%" PRId64, key, value);
}

static void print_entry(uint64_t sequence, const struct journal_entry *entry)
{
    char at[28];
    char on[11] = "";

    instant_write_utc(entry->at, at);
    if (date_ok(entry->on))
        date_write_iso(entry->on, on);
    printf("%" PRIu64 " %s %s", sequence, at, operation_name(entry->operation));
    print_text("request", entry->request_id);
    print_text("institution", entry->institution);
    print_text("client", entry->client);
    print_text("terminal", entry->terminal);
    print_text("mode", mode_name(entry->mode));
    print_text("staff", entry->staff);
    print_number("class", entry->class);
    print_text("on", on);
    print_number("person", entry->person_id);
    print_number("coverage", entry->coverage_id);
    print_number("consents", entry->consents);
    print_text("validity", validity_name(entry->validity));
    print_text("rule", entry->rule);
    print_text("cause", failure_text(entry->cause)->code);
    puts(entry->degraded ? " degraded" : "");
}

static int show_entry(void *context, uint64_t sequence, const struct journal_entry *entry)
{
    struct showing *showing = context;
    const struct show_settings *wanted = showing->wanted;

    if (sequence < (uint64_t)wanted->from)
        return 0;
    if (wanted->institution &&
        (!entry->institution || strcmp(entry->institution, wanted->institution) != 0))
        return 0;
    print_entry(sequence, entry);
    return ++showing->shown >= wanted->count;
}

static int show_run(struct scope *scope, void *settings, int words, char **argv)
{
    struct showing showing = {.wanted = settings};
    struct journal_report report = {0};

    (void)words;
    if (journal_read(scope, argv[0], show_entry, &showing, &report) != STATUS_OK)
        return -1;
    if (is_good(&report))
        return 0;
    fflush(stdout);
    print_report(stderr, &report);
    return 1;
}

static const char *const show_examples[] = {
    "shikaku audit show demo/journal --institution 1311234567 --count 20",
    "the first 20 records of one institution / ある医療機関の最初の20件",
    NULL,
};

const struct command command_audit_show = {
    .name = "audit show",
    .arguments = "DIR",
    .summary_en = "Print records of the audit journal, a line each.",
    .summary_ja = "監査記録を1件1行で表示する。",
    .description = "Records are verified as they are read; at the first fault the command stops "
                   "with exit code 1. Fields without a value are left out. There are no names and "
                   "no insured numbers in the journal.",
    .examples = show_examples,
    .table = {show_options, sizeof show_options / sizeof show_options[0]},
    .settings_size = sizeof(struct show_settings),
    .words_min = 1,
    .words_max = 1,
    .run = show_run,
};
