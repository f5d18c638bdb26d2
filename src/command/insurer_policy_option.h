/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_policy_option.h - an insurer's settings (方針) as options of a command.
 */
#pragma once

#include "base/options.h"
#include "domain/insurer_policy.h"

/* As they were given; NULL or 0: not given. */
struct policy_words {
    const char *give_both, *validity, *use_record;
    int64_t expiry_months, uses_month;
};

/* Rows of an option table; at: where the struct policy_words lies in its settings. */
#define POLICY_OPTIONS(at)                                                                         \
    {"give-both",                                                                                  \
     OPTION_TEXT,                                                                                  \
     "YES-NO",                                                                                     \
     NULL,                                                                                         \
     0,                                                                                            \
     0,                                                                                            \
     "yes: a certificate to everybody, with a registered card too.",                               \
     "yes: マイナ保険証の有無にかかわらず全員に資格確認書を交付する。",                            \
     (at) + offsetof(struct policy_words, give_both),                                              \
     false},                                                                                       \
        {"certificate-validity",                                                                   \
         OPTION_TEXT,                                                                              \
         "YEARS",                                                                                  \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "How long certificates hold: 1 to 5 years, or july (to the 31 July that follows).",       \
         "資格確認書の有効期間: 1〜5(年)、またはjuly(次の7月31日まで)。",                          \
         (at) + offsetof(struct policy_words, validity),                                           \
         false},                                                                                   \
        {"expiry-months",                                                                          \
         OPTION_NUMBER,                                                                            \
         "N",                                                                                      \
         NULL,                                                                                     \
         1,                                                                                        \
         3,                                                                                        \
         "Months after an unrenewed expiry (group C) in which the certificate is issued.",         \
         "電子証明書の更新がない方(C)へ交付する月(期限切れの月の何か月後か)。",                    \
         (at) + offsetof(struct policy_words, expiry_months),                                      \
         false},                                                                                   \
        {"use-record",                                                                             \
         OPTION_TEXT,                                                                              \
         "N,M",                                                                                    \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "The late elderly's record of use: N uses in 12 months, M of them in the last 3.",        \
         "後期高齢者の利用実績: 12か月にN回、うち直近3か月にM回。",                                \
         (at) + offsetof(struct policy_words, use_record),                                         \
         false},                                                                                   \
    {                                                                                              \
        "use-month", OPTION_NUMBER, "MONTH", NULL, 3, 6,                                           \
            "Month at whose end those uses are counted for the papers of August.",                 \
            "8月更新の書面のために利用回数を数える基準の月(月末)。",                               \
            (at) + offsetof(struct policy_words, uses_month), false                                \
    }

bool policy_words_given(const struct policy_words *words);
/* Changes what was given; the rest stays. Fails with USAGE, INSURER_POLICY_WRONG. */
MUST_CHECK enum status policy_words_apply(struct scope *scope, const struct policy_words *words,
                                          struct insurer_policy *policy);
