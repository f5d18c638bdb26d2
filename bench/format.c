/* SPDX-License-Identifier: Apache-2.0
 *
 * format.c - what reading and writing one message costs, in microseconds of one core.
 *
 * usage: bench_format FOLDER      FOLDER is tests/data
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "format/cp932.h"
#include "format/oqs.h"

#define SCOPE_LIMIT ((size_t)1 << 20)
#define ROUNDS 500
#define REPEATS 300 /* the fastest counts: the others were disturbed */

struct work {
    struct scope scope;
    struct text bytes;
    struct oqs_inquiry inquiry;
    struct oqs_card_inquiry card;
    struct oqs_answer answer;
};

static bool read_xml(struct work *work)
{
    return oqs_inquiry_read(&work->scope, OQS_XML, work->bytes, &work->inquiry, NULL) == STATUS_OK;
}

static bool read_json(struct work *work)
{
    return oqs_inquiry_read(&work->scope, OQS_JSON, work->bytes, &work->inquiry, NULL) == STATUS_OK;
}

static bool read_card(struct work *work)
{
    return oqs_card_inquiry_read(&work->scope, OQS_XML, work->bytes, &work->card, NULL) ==
           STATUS_OK;
}

static bool read_answer(struct work *work)
{
    struct oqs_answer_summary summary = {0};

    return oqs_answer_read(&work->scope, OQS_XML, work->bytes, &summary) == STATUS_OK;
}

static bool write_xml(struct work *work)
{
    struct text text = {0};

    return oqs_answer_write(&work->scope, OQS_XML, &work->answer, &text) == STATUS_OK;
}

static bool write_json(struct work *work)
{
    struct text text = {0};

    return oqs_answer_write(&work->scope, OQS_JSON, &work->answer, &text) == STATUS_OK;
}

static bool to_shift_jis(struct work *work)
{
    struct text text = {0};
    size_t replaced = 0;

    return oqs_answer_to_shift_jis(&work->scope, work->bytes, &text, &replaced) == STATUS_OK;
}

static bool to_cp932(struct work *work)
{
    struct text text = {0};
    size_t replaced = 0;

    return utf8_to_cp932(&work->scope, work->bytes, &text, &replaced) == STATUS_OK;
}

static double seconds_now(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Microseconds a round. */
static double measure(struct work *work, bool (*once)(struct work *))
{
    double best = 1e9;

    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = seconds_now();
        for (int round = 0; round < ROUNDS; round++) {
            if (!once(work)) {
                fprintf(stderr, "failed: %s\n", work->scope.failure);
                exit(1);
            }
            scope_reset(&work->scope);
        }
        double took = seconds_now() - start;
        best = took < best ? took : best;
    }
    return best / ROUNDS * 1e6;
}

static struct text load(const char *folder, const char *name, char *room, size_t size)
{
    char path[512];
    FILE *file = NULL;
    struct text text = {0};

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(3);
    }
    text = (struct text){room, fread(room, 1, size, file)};
    fclose(file);
    return text;
}

/* The person of the layout notes' example. */
static const struct elderly_certificate elderly = {
    .issued = {20260701}, .valid_from = {20260801}, .valid_until = {20270731}, .share = 20};
static const struct limit_certificate limit = {.kind = 2,
                                               .category = "B05",
                                               .issued = {20260801},
                                               .valid_from = {20260801},
                                               .valid_until = {20270731}};
static const struct coverage coverage = {
    .insurer = {"139998"},
    .symbol = {"９９・架空", 15},
    .number = {"0012345", 7},
    .branch = "02",
    .relation = RELATION_FAMILY,
    .insured_name = {"山田　一郎", 15},
    .from = {20200401},
    .until = {99991231},
    .kind = KIND_GENERAL,
    .issued = {20260701},
    .valid_from = {20260801},
    .valid_until = {20270731},
};
static const struct person person = {
    .name = {"山田　花子", 15},
    .name_kana = {"ﾔﾏﾀﾞ ﾊﾅｺ", 22},
    .postal_code = {"100-9999", 8},
    .address = {"東京都架空区見本町１－２－３", 42},
    .birth = {19520203},
    .sex1 = SEX_FEMALE,
};
static const struct eligibility eligibility = {
    .validity = VALIDITY_VALID,
    .person = &person,
    .coverage = &coverage,
    .show_address = true,
    .consents = CONSENT_LIMIT | CONSENT_CHECKUP | CONSENT_MEDICATION,
    .elderly = &elderly,
    .limit = &limit,
};

static const struct {
    const char *name;
    const char *file; /* what is read, under the folder; NULL = the answer is written */
    bool (*once)(struct work *);
} tasks[] = {
    {"read inquiry, XML", "inquiry_xml/habit5_two_pieces.xml", read_xml},
    {"read inquiry, XML in Shift_JIS", "inquiry_xml/habit2_shift_jis.xml", read_xml},
    {"read inquiry, JSON", "inquiry_json/twin.json", read_json},
    {"read card inquiry, XML", "card_inquiry_xml/pin.xml", read_card},
    {"read answer, XML", "answer_xml/face_both_certificates.xml", read_answer},
    {"write answer, XML", NULL, write_xml},
    {"write answer, JSON", NULL, write_json},
    {"answer to Shift_JIS", "answer_xml/face_both_certificates.xml", to_shift_jis},
    {"UTF-8 to CP932 alone", "answer_xml/face_both_certificates.xml", to_cp932},
};

int main(int argc, char **argv)
{
    static char room[OQS_BODY_MAX];
    struct work work = {.scope = scope_begin(SCOPE_LIMIT)};

    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    work.answer = (struct oqs_answer){
        .processed = instant_now(),
        .on = DATE(20261105),
        .institution = TEXT("1319912349"),
        .file_identifier = TEXT("Rk0wMDAxMjM0NTY="),
        .by_card = true,
        .eligibility = &eligibility,
        .insurer_name = TEXT("架空区"),
        .consented = instant_now(),
        .reference_number = TEXT("10234"),
    };
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (tasks[i].file)
            work.bytes = load(argv[1], tasks[i].file, room, sizeof room);
        printf("%-32s %7.2f us\n", tasks[i].name, measure(&work, tasks[i].once));
    }
    scope_end(&work.scope);
    return 0;
}
