/* SPDX-License-Identifier: Apache-2.0
 *
 * samples_requests.c - requests as files: plain ones, and the habits of real programs.
 */
#include <stdio.h>
#include <string.h>

#include "format/cp932.h"
#include "world/samples.h"

#define NAME_SIZE 48

static void add_element(struct text_buffer *buffer, const char *margin, const char *name,
                        const char *value, const char *newline)
{
    if (value)
        text_buffer_add_format(buffer, "%s<%s>%s</%s>%s", margin, name, value, name, newline);
}

void sample_request_add(struct text_buffer *buffer, const struct sample_request *request,
                        const char *newline, bool indent)
{
    const char *one = indent ? "  " : "";
    const char *two = indent ? "    " : "";
    const char *three = indent ? "      " : "";

    text_buffer_add_format(buffer, "<XmlMsg>%s%s<MessageHeader>%s", newline, one, newline);
    add_element(buffer, two, "QualificationConfirmationDate", request->on, newline);
    add_element(buffer, two, "MedicalInstitutionCode", request->institution, newline);
    add_element(buffer, two, "ArbitraryFileIdentifier", request->identifier, newline);
    text_buffer_add_format(buffer,
                           "%s</MessageHeader>%s%s<MessageBody>%s%s"
                           "<QualificationConfirmSearchInfo>%s",
                           one, newline, one, newline, two, newline);
    add_element(buffer, three, "InsurerNumber", request->insurer, newline);
    add_element(buffer, three, "InsuredCardSymbol", request->symbol, newline);
    add_element(buffer, three, "InsuredIdentificationNumber", request->number, newline);
    add_element(buffer, three, "InsuredBranchNumber", request->branch, newline);
    add_element(buffer, three, "Birthdate", request->birth, newline);
    add_element(buffer, three, "LimitApplicationCertificateRelatedConsFlg",
                request->consent ? "1" : "0", newline);
    text_buffer_add_format(buffer,
                           "%s</QualificationConfirmSearchInfo>%s%s</MessageBody>%s</XmlMsg>%s",
                           two, newline, one, newline, newline);
}

/* The values of a scenario as strings. */
struct request_values {
    char on[12], birth[12], insurer[9], identifier[NAME_SIZE];
};

static struct sample_request request_of(const struct cast_scenario *scenario, struct date t,
                                        const char *identifier, struct request_values *values)
{
    struct cast_inquiry inquiry = cast_inquiry(scenario, t);
    struct insurer_number number = {{0}};

    snprintf(values->on, sizeof values->on, "%d", inquiry.on.yyyymmdd);
    snprintf(values->birth, sizeof values->birth, "%d", inquiry.birth.yyyymmdd);
    snprintf(values->identifier, sizeof values->identifier, "%s", identifier);
    memcpy(number.digits, inquiry.insurer, strlen(inquiry.insurer));
    insurer_number_pad(number, values->insurer);
    return (struct sample_request){
        .on = values->on,
        .institution = CAST_CLINIC,
        .identifier = values->identifier,
        .insurer = values->insurer,
        .symbol = *inquiry.symbol ? inquiry.symbol : NULL,
        .number = inquiry.number,
        .branch = *inquiry.branch ? inquiry.branch : NULL,
        .birth = values->birth,
        .consent = (scenario->consents & CONSENT_LIMIT) != 0,
    };
}

/* valid-employee -> validemployee: file names have letters and digits only. */
static void suffix_of(const char *scenario, char out[NAME_SIZE])
{
    size_t size = 0;

    for (; *scenario && size + 1 < NAME_SIZE; scenario++)
        if (*scenario != '-')
            out[size++] = *scenario;
    out[size] = '\0';
}

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>"

static enum status write_plain(struct scope *scope, const struct world_folder *folder,
                               const struct cast_scenario *scenario, struct date t)
{
    struct text_buffer buffer = text_buffer_begin(scope, 1024);
    struct request_values values;
    struct text content = {0};
    char suffix[NAME_SIZE];
    char file[FOLDER_FILE_MAX];
    struct sample_request request;

    suffix_of(scenario->name, suffix);
    request = request_of(scenario, t, suffix, &values);
    text_buffer_add_string(&buffer, DECLARATION "\n");
    sample_request_add(&buffer, &request, "\n", true);
    TRY(text_buffer_end(&buffer, &content));
    snprintf(file, sizeof file, "samples/requests/OQSsiquc01req_%s.xml", suffix);
    return folder_write(scope, folder, file, content);
}

/* --- habits ------------------------------------------------------------------------------------
 */

static const struct cast_scenario *scenario_named(const char *name)
{
    size_t count = 0;
    const struct cast_scenario *scenarios = cast_scenarios(&count);
    size_t i = 0;

    while (i + 1 < count && strcmp(scenarios[i].name, name) != 0)
        i++;
    return &scenarios[i];
}

/* 1: declaration in single quotes, blanks before '>', an empty branch, blanks before the number. */
static void habit_blanks(struct text_buffer *buffer, const struct sample_request *request)
{
    text_buffer_add_format(
        buffer,
        "<?xml version='1.0' encoding='UTF-8' standalone='no' ?>\n"
        "<XmlMsg>\n\t<MessageHeader>\n"
        "\t\t<QualificationConfirmationDate>%s</QualificationConfirmationDate>\n"
        "\t\t<MedicalInstitutionCode>%s</MedicalInstitutionCode>\n"
        "\t\t<ArbitraryFileIdentifier >%s</ArbitraryFileIdentifier >\n"
        "\t</MessageHeader>\n\t<MessageBody>\n\t\t<QualificationConfirmSearchInfo>\n"
        "\t\t\t<InsurerNumber>%s</InsurerNumber>\n"
        "\t\t\t<InsuredCardSymbol>%s</InsuredCardSymbol>\n"
        "\t\t\t<InsuredIdentificationNumber>%s</InsuredIdentificationNumber>\n"
        "\t\t\t<InsuredBranchNumber></InsuredBranchNumber>\n"
        "\t\t\t<Birthdate>%s</Birthdate>\n"
        "\t\t\t<LimitApplicationCertificateRelatedConsFlg>1"
        "</LimitApplicationCertificateRelatedConsFlg>\n"
        "\t\t</QualificationConfirmSearchInfo>\n\t</MessageBody>\n</XmlMsg>\n",
        request->on, request->institution, request->identifier, request->insurer, request->symbol,
        request->number, request->birth);
}

/* 2: one line, elements in another order; the caller makes CP932 of it. */
static void habit_shift_jis(struct text_buffer *buffer, const struct sample_request *request)
{
    text_buffer_add_format(
        buffer,
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>"
        "<XmlMsg><MessageBody><QualificationConfirmSearchInfo>"
        "<Birthdate>%s</Birthdate><InsuredIdentificationNumber>%s</InsuredIdentificationNumber>"
        "<InsuredCardSymbol>%s</InsuredCardSymbol><InsurerNumber>%s</InsurerNumber>"
        "<LimitApplicationCertificateRelatedConsFlg>0</LimitApplicationCertificateRelatedConsFlg>"
        "<InsuredBranchNumber>%s</InsuredBranchNumber>"
        "</QualificationConfirmSearchInfo></MessageBody><MessageHeader>"
        "<ArbitraryFileIdentifier>%s</ArbitraryFileIdentifier>"
        "<MedicalInstitutionCode>%s</MedicalInstitutionCode>"
        "<QualificationConfirmationDate>%s</QualificationConfirmationDate>"
        "</MessageHeader></XmlMsg>",
        request->birth, request->number, request->symbol, request->insurer, request->branch,
        request->identifier, request->institution, request->on);
}

static void habit_byte_order_mark(struct text_buffer *buffer, const struct sample_request *request)
{
    text_buffer_add_string(buffer, "\xEF\xBB\xBF" DECLARATION "\r\n");
    sample_request_add(buffer, request, "\r\n", true);
}

static void habit_plain(struct text_buffer *buffer, const struct sample_request *request)
{
    text_buffer_add_string(buffer, DECLARATION "\n");
    sample_request_add(buffer, request, "\n", true);
}

/* 6: the insurer number padded with zeros, the number without its own, hyphens in the symbol. */
static void habit_other_padding(struct text_buffer *buffer, const struct sample_request *request)
{
    struct sample_request other = *request;

    other.insurer = "00139998";
    other.symbol = "9-9";
    other.number = "12345";
    habit_plain(buffer, &other);
}

static const struct habit {
    const char *file, *identifier, *scenario;
    void (*write)(struct text_buffer *buffer, const struct sample_request *request);
    bool cp932;
    bool halves; /* written as FILE.part1 and FILE.part2 */
    const char *what;
} habits[] = {
    {"OQSsiquc01req_2026110500001.xml", "2026110500001", "valid-employee", habit_blanks, false,
     false,
     "UTF-8; declaration in single quotes, blanks before '>', an empty branch element, insurer "
     "number padded with blanks, 13-digit suffix"},
    {"OQSsiquc01req_habit2.xml", "habit2", "valid-community", habit_shift_jis, true, false,
     "Shift_JIS (CP932 bytes), one line, elements in another order, full-width symbol"},
    {"OQSsiquc01req_habit3.xml", "habit3", "valid-family", habit_byte_order_mark, false, false,
     "UTF-8 with byte-order mark, CRLF line ends"},
    {"OQSsiquc01req_habit4.xml.tmp", "habit4", "preschool", habit_plain, false, false,
     "written as .tmp and renamed: copy it into req/ under this name, then rename it to .xml"},
    {"OQSsiquc01req_habit5.xml", "habit5", "limit-under-70", habit_plain, false, true,
     "written straight into the final name in two pieces: append .part1, wait half a second, "
     "append .part2"},
    {"OQSsiquc01req_habit6.xml", "habit6", "elderly-20", habit_other_padding, false, false,
     "insurer number padded with zeros, number without its leading zeros, hyphen in the symbol"},
    {"OQSsiquc01req_habit7.xml", "habit3", "late-elderly-20", habit_plain, false, false,
     "a second request under a name whose answer still lies in res/: copy it as "
     "OQSsiquc01req_habit3.xml after habit 3 was answered"},
    {"OQSsiquc01req_Habit8aB.XML", "Habit8aB", "late-elderly-30", habit_plain, false, false,
     "upper-case .XML, letters in the suffix"},
};
#define HABIT_COUNT (sizeof habits / sizeof *habits)

static enum status write_file(struct scope *scope, const struct world_folder *folder,
                              const char *name, const char *ending, struct text content)
{
    char file[FOLDER_FILE_MAX];

    snprintf(file, sizeof file, "samples/requests/%s%s", name, ending);
    return folder_write(scope, folder, file, content);
}

static enum status write_habit(struct scope *scope, const struct world_folder *folder,
                               const struct habit *habit, struct date t)
{
    struct text_buffer buffer = text_buffer_begin(scope, 1024);
    struct request_values values;
    struct sample_request request =
        request_of(scenario_named(habit->scenario), t, habit->identifier, &values);
    struct text content = {0};
    size_t replaced = 0;

    habit->write(&buffer, &request);
    TRY(text_buffer_end(&buffer, &content));
    if (habit->cp932)
        TRY(utf8_to_cp932(scope, content, &content, &replaced));
    if (!habit->halves)
        return write_file(scope, folder, habit->file, "", content);
    TRY(write_file(scope, folder, habit->file, ".part1",
                   (struct text){content.bytes, content.size / 2}));
    return write_file(
        scope, folder, habit->file, ".part2",
        (struct text){content.bytes + content.size / 2, content.size - content.size / 2});
}

static enum status write_readme(struct scope *scope, const struct world_folder *folder)
{
    struct text_buffer buffer = text_buffer_begin(scope, 4096);
    struct text content = {0};

    text_buffer_add_string(
        &buffer,
        "Requests by numbers. Copy one into terminal/req/; its answer appears in terminal/res/.\n"
        "OQSsiquc01req_SCENARIO.xml: one a scenario of cast.csv. Besides, as real programs "
        "write:\n\n");
    for (size_t i = 0; i < HABIT_COUNT; i++)
        text_buffer_add_format(&buffer, "%zu. %s (%s): %s\n", i + 1, habits[i].file,
                               habits[i].scenario, habits[i].what);
    TRY(text_buffer_end(&buffer, &content));
    return folder_write(scope, folder, "samples/requests/README.txt", content);
}

enum status samples_write_requests(struct scope *scope, const struct world_folder *folder,
                                   struct date t)
{
    size_t count = 0;
    const struct cast_scenario *scenarios = cast_scenarios(&count);

    for (size_t i = 0; i < count; i++)
        if (scenarios[i].way == WAY_NUMBERS)
            TRY(write_plain(scope, folder, &scenarios[i], t));
    for (size_t i = 0; i < HABIT_COUNT; i++)
        TRY(write_habit(scope, folder, &habits[i], t));
    return write_readme(scope, folder);
}
