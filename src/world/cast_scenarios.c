/* SPDX-License-Identifier: Apache-2.0
 *
 * cast_scenarios.c - the ways of asking for the cast, and the documented answers.
 */
#include "world/cast.h"

#define ALWAYS                                                                                     \
    {                                                                                              \
        99991231                                                                                   \
    }
#define BEFORE_REFORM                                                                              \
    {                                                                                              \
        20241201                                                                                   \
    }

/* Answers; T and the day asked for decide which of a scenario's answers counts. */
#define VALID(share_)                                                                              \
    {                                                                                              \
        ALWAYS, VALIDITY_VALID, share_, CAUSE_NONE, "E1.valid", false                              \
    }
#define REMARKED(validity_, share_, cause_, rule_)                                                 \
    {                                                                                              \
        ALWAYS, VALIDITY_##validity_, share_, CAUSE_REMARK_##cause_, rule_, false                  \
    }
#define ANSWERED(validity_, rule_)                                                                 \
    {                                                                                              \
        ALWAYS, VALIDITY_##validity_, 0, CAUSE_NONE, rule_, false                                  \
    }
#define REFUSED(cause_, rule_)                                                                     \
    {                                                                                              \
        ALWAYS, 0, 0, CAUSE_CARD_##cause_, rule_, true                                             \
    }

#define BY_NUMBERS(person_) .way = WAY_NUMBERS, .person = (person_)
#define BY_CARD(person_, mode_)                                                                    \
    .way = WAY_CARD, .person = (person_), .mode = IDENTITY_##mode_,                                \
    .consents = CONSENT_LIMIT | CONSENT_DISEASE | CONSENT_MEDICAL
#define DAYS(n)                                                                                    \
    {                                                                                              \
        DAY_FROM_T, n                                                                              \
    }
#define FIXED(day)                                                                                 \
    {                                                                                              \
        DAY_FIXED, day                                                                             \
    }

static const struct cast_scenario scenarios[] = {
    {"valid-employee", BY_NUMBERS(1), .answers = {VALID(30)},
     .shows_en = "Insured employee of a health insurance society.",
     .shows_ja = "健康保険組合の被保険者本人。"},
    {"valid-employee-card", BY_CARD(1, PIN), .answers = {VALID(30)},
     .shows_en = "The same by card and PIN; all consents.",
     .shows_ja = "同じ人をカードと暗証番号で。"},
    {"valid-family", BY_NUMBERS(2), .answers = {VALID(30)},
     .shows_en = "Family member at school age.", .shows_ja = "家族、就学児。"},
    {"preschool", BY_NUMBERS(3), .answers = {VALID(20)}, .shows_en = "Preschool flag, 20 %.",
     .shows_ja = "未就学区分、2割。"},
    {"valid-community", BY_NUMBERS(4), .answers = {VALID(30)},
     .shows_en = "Six-digit insurer number, padded on the left; symbol in full-width characters.",
     .shows_ja = "6桁の保険者番号(左詰めの空白)、全角の記号。"},
    {"elderly-20", BY_NUMBERS(5), .consents = CONSENT_LIMIT, .answers = {VALID(20)},
     .shows_en = "Elderly recipient certificate 20 %; limit B05 with long-stay date, with consent.",
     .shows_ja = "高齢受給者証2割、同意により限度額B05と長期入院該当日。"},
    {"elderly-20-no-consent", BY_NUMBERS(5), .answers = {VALID(20)},
     .shows_en = "The same without consent: no limit certificate.",
     .shows_ja = "同意なし: 限度額情報なし。"},
    {"elderly-20-card", BY_CARD(5, FACE), .answers = {VALID(20)},
     .shows_en = "The same by card and face: the certificates need not be shown.",
     .shows_ja = "カードと顔認証で。証の提示は不要。"},
    {"elderly-30", BY_NUMBERS(6), .consents = CONSENT_LIMIT, .answers = {VALID(30)},
     .shows_en = "Income like the active: 30 %, limit B02.", .shows_ja = "現役並み3割、B02。"},
    {"late-elderly-10", BY_NUMBERS(7), .consents = CONSENT_LIMIT, .answers = {VALID(10)},
     .shows_en = "75 and over: no symbol, no branch, 10 %, limit B06.",
     .shows_ja = "後期高齢者1割、記号・枝番なし、B06。"},
    {"late-elderly-10-card", BY_CARD(7, VISUAL), .answers = {VALID(10)},
     .shows_en = "The same by card, identity confirmed by sight.",
     .shows_ja = "カードと目視確認で。"},
    {"late-elderly-20", BY_NUMBERS(8), .consents = CONSENT_LIMIT, .answers = {VALID(20)},
     .shows_en = "75 and over, 20 %, limit B09.", .shows_ja = "後期高齢者2割、B09。"},
    {"late-elderly-30", BY_NUMBERS(9), .consents = CONSENT_LIMIT, .answers = {VALID(30)},
     .shows_en = "75 and over, 30 %, limit B01.", .shows_ja = "後期高齢者3割、B01。"},
    {"limit-under-70", BY_NUMBERS(10), .consents = CONSENT_LIMIT, .answers = {VALID(30)},
     .shows_en = "Limit certificate A03, with consent only.", .shows_ja = "同意により限度額A03。"},
    {"limit-under-70-card", BY_CARD(10, FACE), .answers = {VALID(30)},
     .shows_en = "The same by card and face.", .shows_ja = "カードと顔認証で。"},
    {"specified-disease", BY_CARD(11, PIN), .answers = {VALID(30)},
     .shows_en = "Specified diseases: dialysis and HIV, 10,000 yen a month each, with consent.",
     .shows_ja = "特定疾病2件(透析、HIV)、各月1万円。"},
    {"newer-coverage", BY_NUMBERS(12),
     .answers = {REMARKED(INVALID_NEWER, 0, NEWER_COVERAGE, "E1.newer_coverage")},
     .shows_en = "Asked with the numbers of the insurer left last month: old data, newer exists.",
     .shows_ja = "前月喪失した資格で照会: 無効(新しい資格あり)。"},
    {"newer-coverage-card", BY_CARD(12, PIN), .gives = 1, .answers = {VALID(30)},
     .shows_en = "The same person by card: the new coverage.",
     .shows_ja = "カードなら新しい資格。"},
    {"lost-nothing-new", BY_NUMBERS(13), .answers = {ANSWERED(INVALID, "E1.lost")},
     .shows_en = "Lost twenty days before T, reason 99: old data.",
     .shows_ja = "20日前に喪失(事由99): 無効、旧データ。"},
    {"lost-before-visit", BY_NUMBERS(13), .on = DAYS(-21), .answers = {VALID(30)},
     .shows_en = "The same asked for the day before the loss.",
     .shows_ja = "喪失前日の資格確認日。"},
    {"dead", BY_NUMBERS(14), .answers = {ANSWERED(INVALID, "E1.lost_death")},
     .shows_en = "Lost by death, reason 01.", .shows_ja = "死亡による喪失(事由01)。"},
    {"public-assistance", BY_NUMBERS(42),
     .answers = {ANSWERED(INVALID, "E1.lost_public_assistance")},
     .shows_en = "Lost when public assistance began, reason 02.",
     .shows_ja = "生活保護による喪失(事由02)。"},
    {"unknown", .way = WAY_NUMBERS, .unknown_insurer = "06139992",
     .answers = {ANSWERED(NONE, "E1.none")}, .shows_en = "Numbers that nobody has.",
     .shows_ja = "該当資格なし。"},
    {"several", BY_NUMBERS(15), .without_branch = true,
     .answers = {REMARKED(SEVERAL, 0, ASK_BRANCH, "E1.several")},
     .shows_en = "Twins asked without branch.", .shows_ja = "双子、枝番なしの照会: 複数該当。"},
    {"several-branch-01", BY_NUMBERS(15), .answers = {VALID(30)},
     .shows_en = "The first of them, with branch 01.", .shows_ja = "枝番01。"},
    {"several-branch-02", BY_NUMBERS(16), .answers = {VALID(30)},
     .shows_en = "The second, with branch 02.", .shows_ja = "枝番02。"},
    {"overlap-former", BY_NUMBERS(18), .answers = {VALID(30)},
     .shows_en = "Two live coverages: asked with the numbers of the former.",
     .shows_ja = "二重加入: 前の資格の番号で。"},
    {"overlap-latter", BY_NUMBERS(18), .entry = 1, .gives = 1, .answers = {VALID(30)},
     .shows_en = "Asked with the numbers of the latter.",
     .shows_ja = "二重加入: 後の資格の番号で。"},
    {"overlap-card", BY_CARD(18, PIN), .gives = 1, .answers = {VALID(30)},
     .shows_en = "By card: the one issued later.", .shows_ja = "カード: 交付日が新しい方。"},
    {"late-registration", BY_CARD(19, FACE), .answers = {ANSWERED(INVALID, "E1.late_registration")},
     .shows_en =
         "Lost three days before T, the new insurer has not registered yet: inside 5 + 5 days.",
     .shows_ja = "3日前に喪失、新資格は未登録(5日+5日以内)。"},
    {"sdf", BY_NUMBERS(20),
     .answers = {{BEFORE_REFORM, VALIDITY_NONE, 0, CAUSE_NONE, "E9.before_sdf", false}, VALID(30)},
     .shows_en = "Self-Defence Force member: known for days from 2024-12-02 on.",
     .shows_ja = "自衛官: 2024年12月2日以降の確認日で有効。"},
    {"sdf-before", BY_NUMBERS(20), .on = FIXED(20241201),
     .answers = {ANSWERED(NONE, "E9.before_sdf")}, .shows_en = "The same asked for 2024-12-01.",
     .shows_ja = "同じ人を2024年12月1日で。"},
    {"day-labourer", .way = WAY_NUMBERS, .unknown_insurer = "03139995",
     .answers = {ANSWERED(NONE, "E9.day_labourer")},
     .shows_en = "Special day labourers are not in the system.",
     .shows_ja = "日雇特例被保険者は対象外。"},
    {"hard-name", BY_NUMBERS(21), .answers = {VALID(30)},
     .shows_en =
         "髙 﨑 𠮷, a variation selector, an alias, small kana: UTF-8 exact; in Shift_JIS what "
         "CP932 lacks becomes ●, logged.",
     .shows_ja = "髙﨑𠮷と異体字セレクタ。CP932にない字は●。"},
    {"foreign-name", BY_NUMBERS(22), .answers = {VALID(30)},
     .shows_en = "Long Latin name, alias (通称) in kanji.",
     .shows_ja = "長いローマ字氏名と漢字の通称。"},
    {"sex-on-back", BY_NUMBERS(23), .answers = {VALID(30)},
     .shows_en = "Sex1 3 (not set), Sex2 set: printed on the back.",
     .shows_ja = "性別1は3、性別2あり(裏面)。"},
    {"protected", BY_NUMBERS(24), .answers = {VALID(30)},
     .shows_en = "Non-disclosure flag: no address in the answer.",
     .shows_ja = "不開示該当: 住所なし。"},
    {"protected-refusal", BY_NUMBERS(25), .answers = {VALID(30)},
     .shows_en = "Self-information refusal: by numbers without address.",
     .shows_ja = "自己情報提供不可: 番号では住所なしで有効。"},
    {"protected-refusal-card", BY_CARD(25, PIN), .answers = {REFUSED(USE_REFUSED, "R1.refused")},
     .shows_en = "The same by card: refused while the flag is set.",
     .shows_ja = "カードは利用不可。"},
    {"register-mismatch", BY_CARD(26, PIN),
     .answers = {{ALWAYS, VALIDITY_VALID, 30, CAUSE_REMARK_REGISTER_MISMATCH,
                  "E1.register_mismatch", true}},
     .shows_en =
         "Class 2 difference with the resident register: coverage shown, medical information "
         "stopped.",
     .shows_ja = "住基との差異(区分2): 資格は表示、診療情報は停止。"},
    {"register-stopped", BY_NUMBERS(27), .answers = {ANSWERED(NONE, "E1.register_stopped")},
     .shows_en = "Class 1 difference (birth date or sex): nothing shown.",
     .shows_ja = "住基との差異(区分1): 停止。"},
    {"special-expense", BY_NUMBERS(28),
     .answers = {REMARKED(VALID, 100, SPECIAL_EXPENSE, "E1.special_expense")},
     .shows_en = "Kind 05: 100 % at the window.", .shows_ja = "特別療養費(区分05): 窓口10割。"},
    {"old-card", BY_NUMBERS(29),
     .answers = {{{20250731}, VALIDITY_VALID, 30, CAUSE_NONE, "E1.valid", false},
                 {{20260331},
                  VALIDITY_VALID,
                  30,
                  CAUSE_REMARK_OLD_CARD_ENDED,
                  "E5.old_card_lenient",
                  false},
                 REMARKED(VALID, 30, OLD_CARD_ENDED, "E5.old_card_ended")},
     .shows_en =
         "Old card with the end 2025-07-31: the coverage holds; from the day after, the card "
         "itself does not.",
     .shows_ja = "2025年7月31日までの旧保険証。以後は資格のみ有効。"},
    {"old-card-employee", BY_NUMBERS(30),
     .answers = {{{20251201}, VALIDITY_VALID, 30, CAUSE_NONE, "E1.valid", false},
                 {{20260331},
                  VALIDITY_VALID,
                  30,
                  CAUSE_REMARK_OLD_CARD_ENDED,
                  "E5.old_card_lenient",
                  false},
                 REMARKED(VALID, 30, OLD_CARD_ENDED, "E5.old_card_ended")},
     .shows_en = "Old card to the last day of all old cards, 2025-12-01.",
     .shows_ja = "2025年12月1日までの旧保険証。"},
    {"cert-valid", BY_CARD(31, PIN), .answers = {VALID(30)},
     .shows_en = "Certificate to T + 3 years.", .shows_ja = "電子証明書はあと3年有効。"},
    {"cert-alert", BY_CARD(32, PIN),
     .answers = {REMARKED(VALID, 30, CERTIFICATE_ALERT, "K1.alert")},
     .shows_en = "Certificate to T + 40 days: warning.", .shows_ja = "あと40日: 更新の警告。"},
    {"cert-grace", BY_CARD(33, PIN),
     .answers = {{BEFORE_REFORM, 0, 0, CAUSE_CARD_CERTIFICATE_LAPSED, "K3.lapsed", true},
                 {ALWAYS, VALIDITY_VALID, 30, CAUSE_REMARK_CERTIFICATE_GRACE, "K2.grace", true}},
     .shows_en = "Expired twenty days before T: eligibility only (grace, from 2024-12-02 on).",
     .shows_ja = "20日前に期限切れ: 資格のみ(猶予期間)。"},
    {"cert-lapsed", BY_CARD(34, PIN), .answers = {REFUSED(CERTIFICATE_LAPSED, "K3.lapsed")},
     .shows_en = "Expired four months before T: the grace ended with last month.",
     .shows_ja = "猶予期間は前月末で終了。"},
    {"cert-revoked", BY_CARD(35, PIN), .answers = {REFUSED(CERTIFICATE_REVOKED, "K1.revoked")},
     .shows_en = "Revoked: no grace.", .shows_ja = "失効。"},
    {"cert-renewed", BY_CARD(36, PIN), .entry = 1, .answers = {VALID(30)},
     .shows_en = "Renewed last week: the card with the new serial.",
     .shows_ja = "先週更新: 新しいシリアル番号。"},
    {"cert-renewed-old", BY_CARD(36, PIN),
     .answers = {REFUSED(CERTIFICATE_SUPERSEDED, "K1.superseded")},
     .shows_en = "The same person's old serial.", .shows_ja = "更新前の古いシリアル番号。"},
    {"unregistered", BY_CARD(37, PIN), .answers = {REFUSED(NOT_REGISTERED, "R1.not_registered")},
     .shows_en = "Card not registered for insurance use: offers registration.",
     .shows_ja = "利用登録なし: その場での登録を案内。"},
    {"deregistering", BY_CARD(38, PIN), .answers = {VALID(30)},
     .shows_en = "Deregistration asked for last month: usable to the end of this month.",
     .shows_ja = "前月に解除申請: 今月末まで利用可。"},
    {"deregistered", BY_CARD(39, PIN), .answers = {REFUSED(NOT_REGISTERED, "R2.deregistered")},
     .shows_en = "Deregistered at the end of last month.", .shows_ja = "前月末で利用登録解除。"},
    {"pinless", BY_CARD(40, FACE), .answers = {VALID(10)},
     .shows_en = "PIN-less card: face or visual only.", .shows_ja = "顔認証マイナンバーカード。"},
    {"pinless-pin", BY_CARD(40, PIN), .answers = {REFUSED(PIN_NONE, NULL)},
     .shows_en = "The same with a PIN: the reader refuses.", .shows_ja = "暗証番号は使えない。"},
    {"locked-pin", BY_CARD(41, VISUAL), .answers = {VALID(30)},
     .shows_en = "PIN locked, identity confirmed by sight.",
     .shows_ja = "暗証番号ロック、目視確認で。"},
    {"locked-pin-pin", BY_CARD(41, PIN), .answers = {REFUSED(PIN_LOCKED, NULL)},
     .shows_en = "The same with the PIN: told where to unlock.",
     .shows_ja = "ロック解除の窓口を案内。"},
};

const struct cast_scenario *cast_scenarios(size_t *count)
{
    *count = sizeof scenarios / sizeof *scenarios;
    return scenarios;
}
