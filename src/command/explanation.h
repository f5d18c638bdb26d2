/* SPDX-License-Identifier: Apache-2.0
 *
 * explanation.h - facts that explain a decision, written for people or, with --json, for programs.
 *
 * Texts are borrowed; they live as long as the scope they were made in. All are UTF-8.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "domain/rule.h"

#define EXPLANATION_FACTS_MAX 40

enum fact_kind { FACT_TEXT, FACT_NUMBER, FACT_FLAG, FACT_NOTHING };

/* One line for people, one member (two where there is an English text) for programs. */
struct fact {
    enum fact_kind kind;
    const char *name;  /* JSON member: "share"; with two texts "desk_ja" and "desk_en" */
    const char *label; /* for people, both languages: "負担割合 / share" */
    const char *text;  /* FACT_TEXT: Japanese, or all there is */
    const char *text_en;
    int64_t number; /* FACT_NUMBER; FACT_FLAG: 1 or 0 */
};

struct explanation {
    struct fact facts[EXPLANATION_FACTS_MAX];
    size_t count;
};

/* A fact without text (NULL or "") is left out. */
void explain_text(struct explanation *explanation, const char *name, const char *label,
                  const char *text);
void explain_texts(struct explanation *explanation, const char *name, const char *label,
                   const char *ja, const char *en);
void explain_number(struct explanation *explanation, const char *name, const char *label,
                    int64_t number);
/* はい / yes; for programs true or false. */
void explain_flag(struct explanation *explanation, const char *name, const char *label, bool flag);
/* なし / none; for programs null. */
void explain_nothing(struct explanation *explanation, const char *name, const char *label);
/* 2026-11-05; DATE_NONE is left out, DATE_NEVER is open-ended. */
MUST_CHECK enum status explain_date(struct scope *scope, struct explanation *explanation,
                                    const char *name, const char *label, struct date date);
/* Id, what was decided, source, and what the desk does. */
void explain_rule(struct explanation *explanation, const struct rule *rule);

/* Writes to standard output; several as a JSON array, one as an object. */
MUST_CHECK enum status explanation_print(struct scope *scope, const struct explanation *explanation,
                                         bool json);
MUST_CHECK enum status explanation_print_list(struct scope *scope,
                                              const struct explanation *explanations, size_t count,
                                              bool json);
