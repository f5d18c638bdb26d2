/* SPDX-License-Identifier: Apache-2.0
 *
 * store_lookup.c - what a look-up costs, and how fast a world is loaded.
 *
 *   store_lookup URL PEOPLE [LOOKUPS]
 *
 * Loads PEOPLE invented people into URL where it has none (a world of the same number else), then
 * asks for LOOKUPS holders at random and prints microseconds of this process's CPU and of the
 * clock, for each kind of look-up. The shape of the people: 1.25 coverages each, three in ten hold
 * something.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "store/store.h"

#define SCOPE_LIMIT ((size_t)1024 * 1024)
#define PERCENTILES 3

struct bench {
    struct store *store;
    int64_t people, lookups;
};

static double seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Mixes well; the same number gives the same person in each run. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static uint64_t serial_of(int64_t person)
{
    return mix((uint64_t)person + 1);
}

struct made {
    struct person person;
    struct coverage coverages[2];
    struct elderly_certificate elderly;
    struct limit_certificate limit;
    char number[16], address[96];
};

static struct date birth_of(int64_t person)
{
    return date_from_days(-9000 - (int32_t)(mix((uint64_t)person * 3) % 20000));
}

static void make_coverage(struct made *made, int i)
{
    struct coverage *coverage = &made->coverages[i];
    uint64_t dice = mix((uint64_t)made->person.person_id * 7 + (uint64_t)i);

    *coverage = (struct coverage){
        .coverage_id = i + 1,
        .symbol = TEXT("１２３４"),
        .number = text_of(made->number),
        .branch = "01",
        .relation = RELATION_INSURED,
        .insured_name = dice % 3 ? TEXT("") : TEXT("架空　太郎"),
        .from = DATE(20200401),
        .until = i + 1 < (int)made->person.coverage_count ? DATE(20240401) : DATE_NEVER,
        .loss_reason = LOSS_NONE,
        .kind = KIND_GENERAL,
        .paper = PAPER_ELIGIBILITY_NOTICE,
        .issued = DATE(20240401),
        .valid_from = DATE(20240401),
        .valid_until = DATE_NEVER,
    };
    snprintf(coverage->insurer.digits, sizeof coverage->insurer.digits, "06%06u",
             (unsigned)(dice % 3000));
}

static void make(struct made *made, int64_t id)
{
    uint64_t dice = mix((uint64_t)id * 5);

    memset(made, 0, sizeof *made);
    snprintf(made->number, sizeof made->number, "%" PRId64, id % 9000000 + 1000000);
    snprintf(made->address, sizeof made->address, "架空県架空市架空町%u丁目%u番%u号",
             (unsigned)(dice % 9), (unsigned)(dice % 40), (unsigned)(dice % 30));
    made->person = (struct person){
        .person_id = id,
        .name = TEXT("架空　花子"),
        .name_kana = TEXT("ｶｸｳ ﾊﾅｺ"),
        .postal_code = TEXT("100-0001"),
        .address = text_of(made->address),
        .birth = birth_of(id),
        .sex1 = dice % 2 ? SEX_MALE : SEX_FEMALE,
        .registered = DATE(20220401),
        .coverages = made->coverages,
        .coverage_count = dice % 4 ? 1 : 2,
        .elderly = &made->elderly,
        .elderly_count = dice % 10 < 2,
        .limits = &made->limit,
        .limit_count = dice % 10 == 2,
    };
    for (int i = 0; i < (int)made->person.coverage_count; i++)
        make_coverage(made, i);
    made->elderly =
        (struct elderly_certificate){1, DATE(20240401), DATE(20240401), DATE(20270731), 20};
    made->limit = (struct limit_certificate){
        1, 1, "A03", DATE(20240401), DATE(20240401), DATE(20270731), DATE_NONE};
}

static enum status load(struct scope *scope, const struct bench *bench)
{
    TRY(store_load_begin(scope, bench->store));
    for (int64_t i = 0; i < bench->people; i++) {
        struct authentication_certificate certificate = {.issuer = 1,
                                                         .serial = serial_of(i),
                                                         .person_id = i,
                                                         .not_before = DATE(20240401),
                                                         .expires = DATE(20290401),
                                                         .state = CERTIFICATE_CURRENT};
        struct made made;
        make(&made, i);
        TRY(store_load_person(scope, bench->store, &made.person));
        TRY(store_load_certificate(scope, bench->store, &certificate));
    }
    return store_load_end(scope, bench->store);
}

typedef enum status (*lookup)(struct scope *scope, const struct bench *bench, int64_t person);

static enum status by_card(struct scope *scope, const struct bench *bench, int64_t person)
{
    struct card_holder holder = {0};

    return store_find_card_holder(scope, bench->store, 1, serial_of(person), &holder);
}

static enum status by_person(struct scope *scope, const struct bench *bench, int64_t person)
{
    struct person found = {0};

    return store_find_person(scope, bench->store, person, &found);
}

static enum status by_numbers(struct scope *scope, const struct bench *bench, int64_t person)
{
    struct insured_match *matches = NULL;
    struct insured_key key = {0};
    struct made made;
    size_t count = 0;

    make(&made, person);
    key.insurer = made.coverages[0].insurer;
    key.birth = made.person.birth;
    if (!insured_text_normalise(made.coverages[0].symbol, false, key.symbol) ||
        !insured_text_normalise(made.coverages[0].number, true, key.number))
        return STATUS_INVALID;
    TRY(store_list_matches(scope, bench->store, &key, &matches, &count));
    return count > 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

static int compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;

    return difference < 0 ? -1 : difference > 0;
}

/* Random people; the clock is read around each, so that the slow ones are seen. */
static enum status measure(struct scope *scope, const struct bench *bench, const char *name,
                           lookup ask)
{
    double *times = calloc((size_t)bench->lookups, sizeof *times);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    enum status status = STATUS_OK;

    for (int64_t i = 0; times && i < bench->lookups && status == STATUS_OK; i++) {
        double start = seconds(CLOCK_MONOTONIC);
        int64_t person = (int64_t)(mix((uint64_t)i * 11 + 1) % (uint64_t)bench->people);
        status = ask(scope, bench, person);
        times[i] = seconds(CLOCK_MONOTONIC) - start;
        scope_reset(scope);
    }
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (times && status == STATUS_OK) {
        qsort(times, (size_t)bench->lookups, sizeof *times, compare);
        printf("%-12s %8.2f us CPU   clock: half %8.2f  99%% %8.2f  worst %8.2f us\n", name,
               cpu / (double)bench->lookups * 1e6, times[bench->lookups / 2] * 1e6,
               times[bench->lookups * 99 / 100] * 1e6, times[bench->lookups - 1] * 1e6);
    }
    free(times);
    return status;
}

static void print_memory(void)
{
    char line[128];
    FILE *file = fopen("/proc/self/status", "r");

    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM", 5) == 0 || strncmp(line, "RssAnon", 7) == 0 ||
            strncmp(line, "RssFile", 7) == 0)
            printf("%s", line);
    if (file)
        fclose(file);
}

static enum status load_if_empty(struct scope *scope, const struct bench *bench)
{
    double clock = seconds(CLOCK_MONOTONIC);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct person found = {0};

    if (store_find_person(scope, bench->store, 0, &found) == STATUS_OK)
        return STATUS_OK;
    TRY(load(scope, bench));
    clock = seconds(CLOCK_MONOTONIC) - clock;
    printf("load         %8.0f people/s   (%.1f s, %.1f s CPU)\n", (double)bench->people / clock,
           clock, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    print_memory();
    return STATUS_OK;
}

static enum status run(struct scope *scope, const char *url, struct bench *bench)
{
    enum status status = STATUS_OK;

    TRY(store_open(scope, url, STORE_CREATE, &bench->store));
    status = load_if_empty(scope, bench);
    store_close(bench->store);
    TRY(status);
    TRY(store_open(scope, url, STORE_READ, &bench->store));
    for (int i = 0; i < 2 && status == STATUS_OK; i++) { /* the first round warms the caches */
        status = measure(scope, bench, "by card", by_card);
        if (status == STATUS_OK)
            status = measure(scope, bench, "by person", by_person);
        if (status == STATUS_OK)
            status = measure(scope, bench, "by numbers", by_numbers);
    }
    print_memory();
    store_close(bench->store);
    return status;
}

int main(int argc, char **argv)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);
    struct bench bench = {.people = argc > 2 ? strtoll(argv[2], NULL, 10) : 0,
                          .lookups = argc > 3 ? strtoll(argv[3], NULL, 10) : 200000};

    if (bench.people < 1 || bench.lookups < 1) {
        fprintf(stderr, "usage: %s URL PEOPLE [LOOKUPS]\n", argv[0]);
        return 2;
    }
    if (run(&scope, argv[1], &bench) == STATUS_OK)
        return 0;
    fprintf(stderr, "%s: %s\n", failure_text(scope.cause)->code, scope.failure);
    return 1;
}
