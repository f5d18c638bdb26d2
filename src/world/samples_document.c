/* SPDX-License-Identifier: Apache-2.0
 *
 * samples_document.c - docs/sandbox.md from the tables of the cast.
 */
#include <stdio.h>

#include "domain/rule.h"
#include "world/card_maker.h"
#include "world/samples.h"

static void add_introduction(struct text_buffer *buffer)
{
    text_buffer_add_string(
        buffer,
        "# The sandbox: a fixed cast in every world\n"
        "\n"
        "This page is made from the tables of `src/world/` by `shikaku world --write-sandbox-doc`; "
        "a "
        "test compares the two.\n"
        "\n"
        "Every world that `shikaku world` or `shikaku demo` makes holds the same people beside the "
        "random ones, so that you can\n"
        "type a number from this page and get the documented answer, on any day. All of them are "
        "invented. Dates are relative\n"
        "to the world's date T (`--on`, default today in Japan): \"72, 02-03\" is someone who is "
        "72 "
        "on T and born on 3 February.\n"
        "`samples/cast.csv` of a world has the same rows with all dates worked out, and the answer "
        "expected on T.\n"
        "\n"
        "Every card's PIN is " CARD_MAKER_PIN ". Authentication certificates here end on the day "
        "that a scenario needs, not on a birthday; only the\n"
        "cards of `valid-employee` and `locked-pin` have a signature certificate "
        "(password " CARD_MAKER_PASSWORD "). "
        "Keys are fresh in each world.\n\n");
}

static void add_insurers(struct text_buffer *buffer)
{
    size_t count = 0;
    const struct cast_insurer *rows = cast_insurers(&count);

    text_buffer_add_string(buffer, "## Insurers\n\n| number | name |\n|---|---|\n");
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(buffer, "| %s | %s |\n", rows[i].number, rows[i].name);
    text_buffer_add_string(buffer, "\nClient certificates: `pki/insurers/NUMBER.pem`, `.key`.\n\n");
}

static void add_institutions(struct text_buffer *buffer)
{
    size_t count = 0;
    const struct cast_institution *rows = cast_institutions(&count);

    text_buffer_add_string(buffer,
                           "## Institutions\n\n| code | name | what | deadline | credential "
                           "|\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_format(buffer, "| %s | %s | %s | ", rows[i].code, rows[i].name,
                               rows[i].what);
        if (rows[i].measure > 0)
            text_buffer_add_format(buffer, "end of the %d%s month after T", rows[i].measure_months,
                                   rows[i].measure_months == 3 ? "rd" : "th");
        text_buffer_add_format(buffer, " | %s |\n", rows[i].face_reader ? "yes" : "");
    }
    text_buffer_add_string(
        buffer,
        "\nClient certificates: `pki/institutions/CODE.pem`, `.key`. Those with a face reader have "
        "`CODE.credential` for terminal\nauthentication (特定機関認証, simulated). "
        "`pki/expired-client.pem` and `pki/stranger.pem` (another CA) must be refused.\n\n");
}

static void add_person(struct text_buffer *buffer, const struct cast_person *person)
{
    text_buffer_add_format(buffer, "| %lld | %s | %s | %d, %02d-%02d | ", (long long)person->id,
                           person->name, person->kana, person->age, person->month_day / 100,
                           person->month_day % 100);
    for (size_t i = 0; i < CAST_COVERAGES && person->coverages[i].insurer; i++) {
        const struct cast_coverage *coverage = &person->coverages[i];
        text_buffer_add_format(buffer, "%s%s · %s · %s · %s", i > 0 ? "<br>" : "",
                               coverage->insurer, *coverage->symbol ? coverage->symbol : "–",
                               coverage->number, *coverage->branch ? coverage->branch : "–");
    }
    text_buffer_add_string(buffer, " | ");
    for (size_t i = 0; i < CAST_CERTIFICATES && person->certificates[i].file; i++)
        text_buffer_add_format(buffer, "%s%s.card", i > 0 ? "<br>" : "",
                               person->certificates[i].file);
    text_buffer_add_string(buffer, " |\n");
}

static void add_people(struct text_buffer *buffer)
{
    size_t count = 0;
    const struct cast_person *people = cast_people(&count);

    text_buffer_add_string(
        buffer,
        "## People\n\n| id | name | kana | age, birthday | insurer · symbol · number · branch "
        "| card |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++)
        add_person(buffer, &people[i]);
    text_buffer_add_string(buffer, "\n");
}

static void add_question(struct text_buffer *buffer, const struct cast_scenario *scenario)
{
    static const char *const modes[] = {"", "face", "PIN", "visual"};
    const char *consent = scenario->consents & CONSENT_LIMIT ? ", consent" : "";

    if (scenario->person == 0)
        text_buffer_add_format(buffer, "numbers 0 · 99999999 of %s, born 1980-01-01",
                               scenario->unknown_insurer);
    else if (scenario->way == WAY_CARD)
        text_buffer_add_format(buffer, "card %s.card, %s",
                               cast_person(scenario->person)->certificates[scenario->entry].file,
                               modes[scenario->mode]);
    else
        text_buffer_add_format(buffer, "numbers of %lld at %s%s%s", (long long)scenario->person,
                               cast_person(scenario->person)->coverages[scenario->entry].insurer,
                               scenario->without_branch ? ", no branch" : "", consent);
    if (scenario->on.unit == DAY_FROM_T)
        text_buffer_add_format(buffer, ", for T %+d days", scenario->on.value);
    if (scenario->on.unit == DAY_FIXED)
        text_buffer_add_format(buffer, ", for %d", scenario->on.value);
}

static void add_outcome(struct text_buffer *buffer, const struct cast_answer *answer)
{
    if (answer->validity == 0)
        text_buffer_add_string(buffer, "refused");
    else
        text_buffer_add_format(buffer, "%d", (int)answer->validity);
    if (answer->share > 0)
        text_buffer_add_format(buffer, ", %d %%", answer->share);
    if (answer->cause != CAUSE_NONE)
        text_buffer_add_format(buffer, ", %s", failure_text(answer->cause)->code);
    if (answer->rule)
        text_buffer_add_format(buffer, " (%s)", answer->rule);
}

static void add_answers(struct text_buffer *buffer, const struct cast_scenario *scenario)
{
    const struct cast_answer *answer = scenario->answers;

    for (; date_before(answer->until, DATE_NEVER); answer++) {
        char until[11];
        date_write_iso(answer->until, until);
        text_buffer_add_format(buffer, "to %s: ", until);
        add_outcome(buffer, answer);
        text_buffer_add_string(buffer, "<br>then: ");
    }
    add_outcome(buffer, answer);
}

static void add_scenarios(struct text_buffer *buffer)
{
    size_t count = 0;
    const struct cast_scenario *scenarios = cast_scenarios(&count);

    text_buffer_add_string(
        buffer,
        "## Scenarios\n\nAnswers: `QualificationValidity` (1 valid, 2 invalid, 3 invalid and "
        "newer, 4 "
        "none, 5 several) or refused, the share that\nthe desk collects, our code, the rule "
        "(`shikaku explain rule ID` says more). Requests lie in `samples/requests/` under the\n"
        "scenario's name without hyphens, presentations of cards in `samples/presentations/`.\n\n"
        "| scenario | asked with | answer | what it shows |\n|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_format(buffer, "| `%s` | ", scenarios[i].name);
        add_question(buffer, &scenarios[i]);
        text_buffer_add_string(buffer, " | ");
        add_answers(buffer, &scenarios[i]);
        text_buffer_add_format(buffer, " | %s<br>%s |\n", scenarios[i].shows_en,
                               scenarios[i].shows_ja);
    }
}

enum status samples_write_document(struct scope *scope, struct text *out)
{
    struct text_buffer buffer = text_buffer_begin(scope, 65536);

    add_introduction(&buffer);
    add_insurers(&buffer);
    add_institutions(&buffer);
    add_people(&buffer);
    add_scenarios(&buffer);
    return text_buffer_end(&buffer, out);
}
