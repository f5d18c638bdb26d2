/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/desk_ladder.h"

#include "domain/policy.h"

enum row {
    D1,
    D2,
    D3,
    D4,
    D5,
    D5_LENIENT,
    D6,
    D7,
    D8,
    D8_TOLD,
    D9,
    D10,
    D11,
    D11_TOLD,
    D12,
    D12_TOLD,
    D13,
    D14,
    D15,
    D16,
    ROWS
};

#define NOTHING_JA "特になし"
#define NOTHING_EN "nothing more"
#define ORAL_JA "内容に変更がないことを口頭で確認"
#define ORAL_EN "orally, that it still holds"
#define FORM_JA "被保険者資格申立書の記入"
#define FORM_EN "to fill in the eligibility declaration"
#define TOLD_JA "現在の資格の番号等と、被保険者資格申立書の記入"
#define TOLD_EN "the numbers as far as known, and to fill in the eligibility declaration"
#define SHARE_JA "通常の負担割合(3割等)"
#define SHARE_EN "the proper share (30 % etc.), never 100 %"
#define CURRENT_JA "現在の資格で請求(①)"
#define CURRENT_EN "the current numbers (1)"
#define FORMER_JA "旧資格で請求(②)。摘要欄の先頭に「旧資格」"
#define FORMER_EN "the former numbers (2), marked 旧資格 in the first remark"
#define UNKNOWN_JA                                                                                 \
    "不詳として請求(③)"                                                                   \
    "。保険者番号は7を8桁、番号は7を9桁、摘要欄に「不詳」と住所・事業所名・連絡先"
#define UNKNOWN_EN                                                                                 \
    "unknown (3): insurer number of eight sevens, number of nine sevens, remarks 不詳 with "     \
    "address, employer and contact"
#define SHOWN_JA "表示された保険者(資格が変わっていれば審査支払機関が振替)"
#define SHOWN_EN "the insurer shown; the review organisation moves the claim if it changed"
#define PAPER_JA "書面の保険者"
#define PAPER_EN "the insurer on the paper"

/* Source: claims 6; the deck, 資格確認ができなかった場合の対応. */
static const struct desk_step rows[ROWS] = {
    [D1] = {"D1", RULE_E6_D01, CLAIM_CURRENT, false, NOTHING_JA, NOTHING_EN, SHARE_JA, SHARE_EN,
            CURRENT_JA, CURRENT_EN, SHOWN_JA, SHOWN_EN},
    [D2] = {"D2", RULE_E6_D02, CLAIM_CURRENT, false, "暗証番号の入力、または職員による目視確認",
            "the PIN, or that staff compare the face", SHARE_JA, SHARE_EN, CURRENT_JA, CURRENT_EN,
            SHOWN_JA, SHOWN_EN},
    [D3] = {"D3", RULE_E6_D03, CLAIM_CURRENT, false, ORAL_JA, ORAL_EN, SHARE_JA, SHARE_EN,
            CURRENT_JA, CURRENT_EN, "画面の保険者", "the insurer on the screen"},
    [D4] = {"D4", RULE_E6_D04, CLAIM_CURRENT, false, ORAL_JA, ORAL_EN, SHARE_JA, SHARE_EN,
            CURRENT_JA, CURRENT_EN, PAPER_JA, PAPER_EN},
    [D5] = {"D5", RULE_E6_D05, CLAIM_CURRENT, false, NOTHING_JA, NOTHING_EN, SHARE_JA, SHARE_EN,
            CURRENT_JA, CURRENT_EN, PAPER_JA, PAPER_EN},
    [D5_LENIENT] = {"D5", RULE_E6_D05_LENIENT, CLAIM_CURRENT, false, ORAL_JA, ORAL_EN, SHARE_JA,
                    SHARE_EN, CURRENT_JA, CURRENT_EN, PAPER_JA, PAPER_EN},
    [D6] = {"D6", RULE_E6_D06, CLAIM_CURRENT, false, ORAL_JA, ORAL_EN, SHARE_JA, SHARE_EN,
            "控えの資格で請求(①)。復旧後に照会して確かめる",
            "the numbers on file (1), checked afterwards when the line is back",
            "控えの保険者(資格が変わっていれば振替)",
            "the insurer on file, or the one the claim is moved to"},
    [D7] = {"D7", RULE_E6_D07, CLAIM_CURRENT, false, "氏名・生年月日・性別・住所",
            "name, birth date, sex and address", SHARE_JA, SHARE_EN, CURRENT_JA, CURRENT_EN,
            "見つかった保険者", "the insurer found"},
    [D8] = {"D8", RULE_E6_D08, CLAIM_CURRENT, false, "新しい資格の書面の提示",
            "to show the paper of the new coverage", SHARE_JA, SHARE_EN, CURRENT_JA, CURRENT_EN,
            "新しい保険者", "the new insurer"},
    [D8_TOLD] = {"D8", RULE_E6_D08, CLAIM_CURRENT, true, TOLD_JA, TOLD_EN, SHARE_JA, SHARE_EN,
                 CURRENT_JA, CURRENT_EN, "新しい保険者", "the new insurer"},
    [D9] = {"D9", RULE_E6_D09, CLAIM_FORMER, true, FORM_JA, FORM_EN, SHARE_JA, SHARE_EN, FORMER_JA,
            FORMER_EN, "新しい保険者が分かれば振替、分からなければ請求書の保険者",
            "the new insurer where one is found, else the one on the claim"},
    [D10] = {"D10", RULE_E6_D10, CLAIM_UNKNOWN, true, FORM_JA, FORM_EN, SHARE_JA, SHARE_EN,
             UNKNOWN_JA, UNKNOWN_EN, "検索で見つかった保険者、なければ保険者間で按分",
             "the insurer that a search finds, else insurers share the cost"},
    [D11] = {"D11", RULE_E6_D11, CLAIM_UNKNOWN, true, FORM_JA "とマイナンバーカードの提示",
             FORM_EN ", and to show the card", SHARE_JA, SHARE_EN,
             "①現在の資格、②旧資格、③不詳の順にできるもので請求。何も分からなければ不詳(③)",
             "(1) current, (2) former, (3) unknown, whichever comes first; with nothing known, (3)",
             "段階に応じた保険者、なければ按分",
             "as the step reached; else insurers share the cost"},
    [D11_TOLD] = {"D11", RULE_E6_D11, CLAIM_CURRENT, true, TOLD_JA "、マイナンバーカードの提示",
                  TOLD_EN ", and to show the card", SHARE_JA, SHARE_EN, CURRENT_JA, CURRENT_EN,
                  "申告された保険者(資格が変わっていれば振替)",
                  "the insurer told, or the one the claim is moved to"},
    [D12] = {"D12", RULE_E6_D12, CLAIM_FORMER, true, FORM_JA, FORM_EN, SHARE_JA, SHARE_EN,
             FORMER_JA, FORMER_EN, "新しい保険者が分かれば振替、分からなければ請求書の保険者",
             "the new insurer where one is found, else the one on the claim"},
    [D12_TOLD] = {"D12", RULE_E6_D12, CLAIM_CURRENT, true, TOLD_JA, TOLD_EN, SHARE_JA, SHARE_EN,
                  CURRENT_JA, CURRENT_EN, "新しい保険者", "the new insurer"},
    [D13] = {"D13", RULE_E6_D13, CLAIM_CURRENT, false,
             "特になし(診療情報等の同意は求めない)。電子証明書の更新を案内",
             "nothing more, and no consent to medical information; advise renewal", SHARE_JA,
             SHARE_EN, CURRENT_JA, CURRENT_EN, SHOWN_JA, SHOWN_EN},
    [D14] = {"D14", RULE_E6_D14, CLAIM_CURRENT, false, "書面の内容に変更がないことを口頭で確認",
             ORAL_EN, SHARE_JA, SHARE_EN, CURRENT_JA, CURRENT_EN, PAPER_JA, PAPER_EN},
    [D15] = {"D15", RULE_E6_D15, CLAIM_CURRENT, false, "日雇特例被保険者の受給資格者票等の提示",
             "the scheme's own passbook or document", SHARE_JA, SHARE_EN, "書面の資格で請求(①)",
             "the numbers on the document (1)", "協会けんぽ(法別03・04)",
             "the health insurance association, law numbers 03 and 04"},
    [D16] = {"D16", RULE_E6_D16, CLAIM_NONE, false, "カードまたは書面を後日持参",
             "to bring the card or a paper later",
             "原則10割。後日、保険者に療養費を請求(面識があれば柔軟に)",
             "100 % in principle, refunded by the insurer later; a known patient may be treated "
             "flexibly",
             "請求しない(資格が分かれば現在の資格で請求)",
             "no claim, unless the coverage becomes known", "患者(後日、保険者が払い戻し)",
             "the patient, refunded by the insurer"},
};

static const struct {
    const char *name, *ja, *en;
    enum unconfirmed_reason reason;
} situations[DESK_SITUATION_COUNT] = {
    [DESK_CARD_VALID] = {"card_valid", "カードで確認でき、資格は有効", "card read, coverage valid",
                         UNCONFIRMED_NOT},
    [DESK_FACE_FAILED] = {"face_failed", "顔認証ができない(カードは正常)",
                          "face check failed, card fine", UNCONFIRMED_NOT},
    [DESK_CARD_UNREADABLE] = {"card_unreadable", "カードを読み取れない", "card cannot be read",
                              UNCONFIRMED_CARD_FAULT},
    [DESK_READER_BROKEN] = {"reader_broken", "カードリーダーまたは端末の故障",
                            "reader or terminal broken", UNCONFIRMED_TERMINAL_FAULT},
    [DESK_NO_NETWORK] = {"no_network", "停電または通信障害", "power or network failure",
                         UNCONFIRMED_POWER_OR_NETWORK},
    [DESK_CERTIFICATE_GRACE] = {"certificate_grace", "電子証明書の期限切れ(3か月以内)",
                                "certificate expired, within the grace", UNCONFIRMED_NOT},
    [DESK_CERTIFICATE_LAPSED] = {"certificate_lapsed", "電子証明書の期限切れ(3か月超)",
                                 "certificate expired, after the grace",
                                 UNCONFIRMED_CERTIFICATE_NOT_RENEWED},
    [DESK_INVALID] = {"invalid", "資格(無効)と表示", "the screen says invalid",
                      UNCONFIRMED_LATE_REGISTRATION},
    [DESK_NO_INFORMATION] = {"no_information", "資格情報なしと表示",
                             "the screen says no information", UNCONFIRMED_LATE_REGISTRATION},
    [DESK_NO_CARD] = {"no_card", "カードを持っていない", "no card at hand", UNCONFIRMED_OTHER},
    [DESK_NOT_IN_SYSTEM] = {"not_in_system", "日雇特例被保険者(システムの対象外)",
                            "day labourer, not in the system", UNCONFIRMED_OTHER},
};

/* --- the decision ----------------------------------------------------------------------------- */

static bool holds(const struct desk_case *desk, unsigned papers)
{
    return (desk->holds & papers) == papers;
}

/* An old card counts to its own end, and to the last day of all old cards. */
static bool old_card_holds(const struct desk_case *desk)
{
    struct date last = POLICY_DATE(OLD_CARD_LAST_DAY);

    if (date_is(desk->old_card_ends) && date_before(desk->old_card_ends, last))
        last = desk->old_card_ends;
    return holds(desk, HOLDS_OLD_CARD) && !date_before(last, desk->on);
}

/*
 * To the end of the leniency an ended old card, or after the last old card a lone notice, will do
 * where a look-up by its numbers confirms it.
 */
static bool leniency_helps(const struct desk_case *desk)
{
    bool lone_notice =
        holds(desk, HOLDS_NOTICE) && date_before(POLICY_DATE(OLD_CARD_LAST_DAY), desk->on);
    bool looked_up = desk->situation != DESK_NO_NETWORK && desk->situation != DESK_INVALID &&
                     desk->situation != DESK_NO_INFORMATION;

    return looked_up && (lone_notice || holds(desk, HOLDS_OLD_CARD)) &&
           !date_before(POLICY_DATE(LENIENCY_LAST_DAY), desk->on);
}

/* A paper that shows the current coverage; ROWS where there is none. */
static enum row by_paper(const struct desk_case *desk)
{
    bool lapsed = desk->situation == DESK_CERTIFICATE_LAPSED;

    if (holds(desk, HOLDS_CERTIFICATE) || old_card_holds(desk))
        return lapsed ? D14 : D5;
    if (holds(desk, HOLDS_CARD | HOLDS_PORTAL))
        return lapsed ? D14 : D3;
    if (holds(desk, HOLDS_CARD | HOLDS_NOTICE))
        return lapsed ? D14 : D4;
    return leniency_helps(desk) ? D5_LENIENT : ROWS;
}

/* Nothing could be asked, and no paper helps: what is known from before, the outage mode, the form.
 */
static enum row by_memory(const struct desk_case *desk)
{
    if (desk->known == KNOWN_SAME)
        return D6;
    if (desk->outage_mode)
        return D7;
    if (desk->known == KNOWN_CHANGED)
        return desk->new_coverage_told ? D12_TOLD : D12;
    return desk->new_coverage_told ? D11_TOLD : D11;
}

/* The screen says invalid. A paper shows the new coverage: that is D8 as well. */
static enum row by_invalid(const struct desk_case *desk)
{
    if (by_paper(desk) != ROWS)
        return D8;
    return desk->new_coverage_told ? D8_TOLD : D9;
}

static enum row by_no_information(const struct desk_case *desk)
{
    enum row paper = by_paper(desk);

    if (paper != ROWS)
        return paper;
    if (desk->new_coverage_told)
        return D8_TOLD;
    if (desk->known == KNOWN_SAME)
        return D6;
    return desk->known == KNOWN_CHANGED ? D12 : D10;
}

static enum row without_card(const struct desk_case *desk)
{
    enum row paper = by_paper(desk);

    if (paper != ROWS)
        return paper;
    if (desk->known == KNOWN_SAME)
        return D6;
    return desk->outage_mode ? D7 : D16;
}

static enum row row_of(const struct desk_case *desk)
{
    enum row paper = ROWS;

    switch (desk->situation) {
    case DESK_CARD_VALID:
        return D1;
    case DESK_FACE_FAILED:
        return D2;
    case DESK_CERTIFICATE_GRACE:
        return D13;
    case DESK_NOT_IN_SYSTEM:
        return D15;
    case DESK_INVALID:
        return by_invalid(desk);
    case DESK_NO_INFORMATION:
        return by_no_information(desk);
    case DESK_NO_CARD:
        return without_card(desk);
    case DESK_CARD_UNREADABLE:
    case DESK_READER_BROKEN:
    case DESK_NO_NETWORK:
    case DESK_CERTIFICATE_LAPSED:
    case DESK_SITUATION_COUNT:
        break;
    }
    paper = by_paper(desk);
    return paper == ROWS ? by_memory(desk) : paper;
}

const struct desk_step *desk_ladder_step(const struct desk_case *desk)
{
    return &rows[row_of(desk)];
}

const struct desk_step *desk_ladder_rows(size_t *count)
{
    *count = ROWS;
    return rows;
}

/* --- names ------------------------------------------------------------------------------------ */

const char *desk_situation_name(enum desk_situation situation)
{
    return situations[situation].name;
}

const char *desk_situation_ja(enum desk_situation situation)
{
    return situations[situation].ja;
}

const char *desk_situation_en(enum desk_situation situation)
{
    return situations[situation].en;
}

enum unconfirmed_reason desk_situation_reason(enum desk_situation situation)
{
    return situations[situation].reason;
}

bool desk_situation_read(struct text name, enum desk_situation *out)
{
    for (int i = 0; i < DESK_SITUATION_COUNT; i++)
        if (text_equal(name, text_of(situations[i].name))) {
            *out = (enum desk_situation)i;
            return true;
        }
    return false;
}

static bool paper_read(struct text word, unsigned *out)
{
    static const struct {
        const char *name;
        unsigned bit;
    } papers[] = {{"card", HOLDS_CARD},         {"portal", HOLDS_PORTAL},
                  {"notice", HOLDS_NOTICE},     {"certificate", HOLDS_CERTIFICATE},
                  {"old_card", HOLDS_OLD_CARD}, {"nothing", 0}};

    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++)
        if (text_equal(word, text_of(papers[i].name))) {
            *out |= papers[i].bit;
            return true;
        }
    return false;
}

bool desk_papers_read(struct text words, unsigned *out)
{
    *out = 0;
    for (size_t from = 0, at = 0; at <= words.size; at++) {
        if (at < words.size && words.bytes[at] != ',')
            continue;
        if (!paper_read((struct text){words.bytes + from, at - from}, out))
            return false;
        from = at + 1;
    }
    return true;
}

const char *claim_basis_name(enum claim_basis basis)
{
    static const char *const names[] = {"none", "current", "former", "unknown"};

    return names[basis];
}
