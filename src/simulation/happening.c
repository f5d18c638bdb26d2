/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/happening.h"

static const struct {
    const char *name, *ja, *en;
} names[HAPPENING_LIVES] = {
    [HAPPENING_BIRTH] = {"birth", "出生", "births"},
    [HAPPENING_DEATH] = {"death", "死亡", "deaths"},
    [HAPPENING_OTHER_EMPLOYER] = {"other_employer", "転職(被用者→被用者)", "changes of employer"},
    [HAPPENING_LEAVES_JOB] = {"leaves_job", "退職(被用者→国保)",
                              "jobs left, to community insurance"},
    [HAPPENING_FINDS_JOB] = {"finds_job", "就職(国保→被用者)",
                             "jobs found, from community insurance"},
    [HAPPENING_MOVE] = {"move", "転居(世帯)", "moves of households"},
    [HAPPENING_ASSISTANCE] = {"assistance", "生活保護の開始", "to public assistance"},
    [HAPPENING_CARD_ISSUED] = {"card_issued", "カードの新規交付", "first cards"},
    [HAPPENING_REGISTERED] = {"registered", "初回登録", "registrations"},
    [HAPPENING_CARD_LOST] = {"card_lost", "カードの紛失", "cards lost"},
    [HAPPENING_CARD_RETURNED] = {"card_returned", "カードの返納", "cards returned"},
    [HAPPENING_DEREGISTRATION] = {"deregistration", "利用登録解除の申請",
                                  "deregistrations asked for"},
    [HAPPENING_PROTECTED] = {"protected", "自己情報提供不可の届出", "protection flags"},
    [HAPPENING_HELPER] = {"helper", "要配慮者の申請", "helpers' applications"},
    [HAPPENING_PAPER_LOST] = {"paper_lost", "書面の紛失", "papers lost"},
    [HAPPENING_TURNS_75] = {"turns_75", "75歳到達", "75th birthdays"},
    [HAPPENING_RENEWED] = {"renewed", "電子証明書の更新", "certificates renewed"},
    [HAPPENING_LAPSED] = {"lapsed", "電子証明書の失効(更新忘れ)", "certificates lapsed"},
    [HAPPENING_CARD_REISSUED] = {"card_reissued", "カードの再交付", "cards reissued"},
    [HAPPENING_PROTECTION_ENDS] = {"protection_ends", "自己情報提供不可の解除",
                                   "protection flags cleared"},
    [HAPPENING_ASKED_TWICE] = {"asked_twice", "利用登録解除の重複申請",
                               "deregistrations asked for twice"},
};

const char *happening_name(enum happening happening)
{
    return names[happening].name;
}

const char *happening_ja(enum happening happening)
{
    return names[happening].ja;
}

const char *happening_en(enum happening happening)
{
    return names[happening].en;
}
