/* SPDX-License-Identifier: Apache-2.0 */
#include "command/simulate_report.h"

#include <jansson.h>
#include <stdio.h>

#include "simulation/audit.h"

/* --- for people ------------------------------------------------------------------------------- */

static long long events_of(const struct tally_month *month)
{
    long long sum = 0;

    for (int i = 0; i < HAPPENING_LIVES; i++)
        sum += month->events[i];
    return sum;
}

static void print_row(const char *name, const struct tally_month *month)
{
    long long notices = 0;

    for (int i = TALLY_N1; i <= TALLY_N5; i++)
        notices += month->papers[i];
    printf("%-8s%9lld%8lld", name, (long long)month->people, events_of(month));
    for (int i = TALLY_T1; i <= TALLY_T7; i++)
        printf("%7lld", (long long)month->papers[i]);
    printf("%8lld%8lld%9lld%9lld%8lld%8lld\n", notices, (long long)month->papers[TALLY_OLD_CARD],
           (long long)month->days[MEANS_PENDING], (long long)month->days[MEANS_WAITING],
           (long long)month->days[MEANS_NONE],
           (long long)month->double_certificates + (long long)month->double_notices);
}

static void print_months(const struct tally *tally)
{
    const struct tally_month total = tally_total(tally);

    printf("月ごと / by month\n"
           "insured 加入者数、events 出来事、T1-T7 資格確認書(事由別)、N1-N5 資格情報のお知らせ、"
           "old 健康保険証、\n"
           "延べ日数: pending 届出・登録待ち、waiting 交付待ち、none 手段なし、"
           "double 同じ書面が二つ\n"
           "papers issued by trigger; person-days: pending = being enrolled, waiting = after a "
           "loss, none = without a means,\n"
           "double = two of the same paper\n\n");
    printf("%-8s%9s%8s%7s%7s%7s%7s%7s%7s%7s%8s%8s%9s%9s%8s%8s\n", "month", "insured", "events",
           "T1", "T2", "T3", "T4", "T5", "T6", "T7", "N1-N5", "old", "pending", "waiting", "none",
           "double");
    for (size_t i = 0; i < tally->count; i++) {
        char name[11];
        date_write_iso(tally->months[i].first, name);
        name[7] = '\0';
        print_row(name, &tally->months[i]);
    }
    print_row("total", &total);
}

/* With what people could be treated. */
static void print_means(const struct tally_month *total)
{
    static const char *const names[MEANS_COUNT] = {
        [MEANS_CERTIFICATE] = "資格確認書 / eligibility certificate",
        [MEANS_OLD_CARD] = "健康保険証 / old card",
        [MEANS_CARD] = "マイナ保険証 / registered card",
        [MEANS_PENDING] = "届出・登録待ち / pending",
        [MEANS_WAITING] = "交付待ち / waiting",
        [MEANS_NONE] = "手段なし / none",
    };
    int64_t all = 0;

    for (int i = MEANS_CARD; i < MEANS_COUNT; i++)
        all += total->days[i];
    printf("\n受診の手段(延べ日数) / means to be treated, person-days\n");
    for (int i = MEANS_CARD; i < MEANS_COUNT; i++)
        printf("%12lld %8.4f %%  %s\n", (long long)total->days[i],
               all ? 100.0 * (double)total->days[i] / (double)all : 0.0, names[i]);
}

static void print_events(const struct tally_month *total)
{
    printf("\n出来事 / events\n");
    for (int i = 0; i < HAPPENING_LIVES; i++)
        printf("%10lld  %s / %s\n", (long long)total->events[i], happening_ja((enum happening)i),
               happening_en((enum happening)i));
}

/* longest: the longest run of days of each reason, or NULL. */
static void print_reasons(const char *title, const int64_t days[REASON_COUNT], const int *longest)
{
    bool titled = false;

    for (int i = 0; i < REASON_COUNT; i++) {
        if (days[i] == 0)
            continue;
        if (!titled)
            printf("\n%s\n", title);
        titled = true;
        printf("%10lld", (long long)days[i]);
        if (longest)
            printf("  %3d", longest[i]);
        printf("  %s / %s\n", means_reason_ja((enum means_reason)i),
               means_reason_en((enum means_reason)i));
    }
}

/* Where the rules themselves leave somebody without: how often, how long, and which rule. */
static void print_allowances(const struct tally *tally, const struct tally_month *total)
{
    print_reasons(
        "届出・登録待ち: 延べ日数、連続最長日数 / pending: person-days, longest run in days\n"
        "  届出5日(国保の世帯は14日)＋登録5日 / 5 days (households in community "
        "insurance: 14) to notify + 5 to register:\n"
        "  NOTIFICATION_DAYS, NOTIFICATION_DAYS_COMMUNITY, REGISTRATION_DAYS; "
        "insurers-and-documents 1.1, 4.1",
        total->pending, tally->longest_pending);
    print_reasons(
        "交付待ち: 延べ日数、連続最長日数 / waiting: person-days, longest run in days\n"
        "  紛失・返納・届出から交付まで7日以内 / 7 days from a loss, a return or a flag to the "
        "paper:\n"
        "  CERTIFICATE_APPLICATION_DAYS; insurers-and-documents 4.5 T4",
        total->waiting, tally->longest_waiting);
}

/* Would the store's answers have been what was counted? */
static void print_audit(const struct tally_month *total)
{
    printf("\n月末の照合: 延べ%lld人(うち資格確認と同じ照会%lld人)、不一致%lld\n"
           "Compared with the store at the ends of months: %lld people (%lld by the query of a "
           "check), %lld differences\n",
           (long long)total->compared, (long long)total->looked_up,
           (long long)tally_differences(total), (long long)total->compared,
           (long long)total->looked_up, (long long)tally_differences(total));
    for (int i = 0; i < AUDIT_DIFFERENCES; i++)
        if (total->differ[i] > 0)
            printf("%10lld  %s / %s\n", (long long)total->differ[i],
                   audit_difference_ja((enum audit_difference)i),
                   audit_difference_en((enum audit_difference)i));
}

static void print_verdict(const struct simulate_about *about, const struct tally *tally,
                          const struct tally_month *total)
{
    putchar('\n');
    if (tally_seamless(tally))
        printf("だれも受診の手段を失わず、同じ書面を二つ持った人もいません。\n"
               "Nobody was without a means to be treated, and nobody held two of the same "
               "paper.\n");
    else
        printf("受診の手段のない延べ日数%lld日、同じ書面を二つ持った延べ日数%lld日。\n"
               "%lld person-days without a means to be treated, %lld with two of the same "
               "paper.\n",
               (long long)total->days[MEANS_NONE],
               (long long)total->double_certificates + (long long)total->double_notices,
               (long long)total->days[MEANS_NONE],
               (long long)total->double_certificates + (long long)total->double_notices);
    if (total->most > 0) {
        char day[11];
        date_write_iso(total->most_on, day);
        printf("最も多い日 / the worst day: %s, %lld人 / people\n", day, (long long)total->most);
    }
    if (about->without)
        printf("除外した規則 / left out: %s\n", about->without);
    printf("%.1f s\n", about->seconds);
}

void simulate_report_text(const struct simulate_about *about, const struct tally *tally)
{
    const struct tally_month total = tally_total(tally);
    char from[11];

    date_write_iso(about->from, from);
    printf("%lld人、%sから%lldか月、シード%lld / %lld people, %lld months from %s, seed %lld\n\n",
           (long long)about->people, from, (long long)about->months, (long long)about->seed,
           (long long)about->people, (long long)about->months, from, (long long)about->seed);
    print_months(tally);
    print_events(&total);
    print_means(&total);
    print_reasons("手段なし(延べ日数) / without a means, person-days", total.none, NULL);
    print_allowances(tally, &total);
    print_audit(&total);
    print_verdict(about, tally, &total);
}

/* --- for programs ----------------------------------------------------------------------------- */

static json_t *json_reasons(const int64_t days[REASON_COUNT])
{
    json_t *object = json_object();

    for (int i = 0; i < REASON_COUNT; i++)
        if (days[i] != 0)
            json_object_set_new(object, means_reason_name((enum means_reason)i),
                                json_integer(days[i]));
    return object;
}

static json_t *json_runs(const int days[REASON_COUNT])
{
    json_t *object = json_object();

    for (int i = 0; i < REASON_COUNT; i++)
        if (days[i] != 0)
            json_object_set_new(object, means_reason_name((enum means_reason)i),
                                json_integer(days[i]));
    return object;
}

static json_t *json_audit(const struct tally_month *month)
{
    json_t *object = json_pack("{s:I, s:I}", "compared", (json_int_t)month->compared, "looked_up",
                               (json_int_t)month->looked_up);

    for (int i = 0; object && i < AUDIT_DIFFERENCES; i++)
        json_object_set_new(object, audit_difference_name((enum audit_difference)i),
                            json_integer(month->differ[i]));
    return object;
}

static json_t *json_month(const struct tally_month *month)
{
    json_t *events = json_object();
    json_t *papers = json_object();

    for (int i = 0; i < HAPPENING_LIVES; i++)
        json_object_set_new(events, happening_name((enum happening)i),
                            json_integer(month->events[i]));
    for (int i = 0; i < TALLY_PAPERS; i++)
        json_object_set_new(papers, tally_paper_name((enum tally_paper)i),
                            json_integer(month->papers[i]));
    return json_pack(
        "{s:I, s:o, s:o, s:{s:I, s:I, s:I, s:I, s:I, s:I}, s:o, s:o, s:o, s:I, s:I, s:I, s:o}",
        "insured", (json_int_t)month->people, "events", events, "papers", papers, "person_days",
        "card", (json_int_t)month->days[MEANS_CARD], "old_card",
        (json_int_t)month->days[MEANS_OLD_CARD], "certificate",
        (json_int_t)month->days[MEANS_CERTIFICATE], "pending",
        (json_int_t)month->days[MEANS_PENDING], "waiting", (json_int_t)month->days[MEANS_WAITING],
        "none", (json_int_t)month->days[MEANS_NONE], "none_by_reason", json_reasons(month->none),
        "pending_by_reason", json_reasons(month->pending), "waiting_by_reason",
        json_reasons(month->waiting), "double_certificates", (json_int_t)month->double_certificates,
        "double_notices", (json_int_t)month->double_notices, "most_on_a_day",
        (json_int_t)month->most, "differences", json_audit(month));
}

static json_t *json_months(const struct tally *tally)
{
    json_t *months = json_array();

    for (size_t i = 0; i < tally->count; i++) {
        json_t *month = json_month(&tally->months[i]);
        char first[11];
        date_write_iso(tally->months[i].first, first);
        first[7] = '\0';
        json_object_set_new(month, "month", json_string(first));
        json_array_append_new(months, month);
    }
    return months;
}

enum status simulate_report_json(struct scope *scope, const struct simulate_about *about,
                                 const struct tally *tally)
{
    const struct tally_month total = tally_total(tally);
    char from[11];
    json_t *all = NULL;
    int failed = -1;

    date_write_iso(about->from, from);
    all = json_pack("{s:I, s:I, s:s, s:I, s:s?, s:b, s:o, s:o, s:o, s:o}", "people",
                    (json_int_t)about->people, "months", (json_int_t)about->months, "from", from,
                    "seed", (json_int_t)about->seed, "without", about->without, "seamless",
                    tally_seamless(tally), "longest_pending", json_runs(tally->longest_pending),
                    "longest_waiting", json_runs(tally->longest_waiting), "total",
                    json_month(&total), "by_month", json_months(tally));
    if (all)
        failed = json_dumpf(all, stdout, JSON_INDENT(2));
    json_decref(all);
    if (failed)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the report cannot be written as JSON");
    putchar('\n');
    return STATUS_OK;
}
