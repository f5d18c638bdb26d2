/* SPDX-License-Identifier: Apache-2.0
 *
 * desk_ladder.h - E6: what the desk does when the card says yes, no, or nothing at all.
 *
 * The decision table of claims 6 (rows D1 to D16): given what happened, what the patient holds and
 * what is known from before, what the desk does now, what the patient pays, and what is claimed:
 * (1) the current numbers, else (2) former ones, else (3) unknown; never a later step where an
 * earlier one is possible (C2). Pure.
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"
#include "base/text.h"
#include "domain/rule.h"
#include "domain/unconfirmed_reason.h"

enum desk_situation {
    DESK_CARD_VALID,         /* the card was read, the coverage is valid */
    DESK_FACE_FAILED,        /* the face check failed, the card works */
    DESK_CARD_UNREADABLE,    /* card or chip fault */
    DESK_READER_BROKEN,      /* reader or terminal fault */
    DESK_NO_NETWORK,         /* line, power, or the service itself */
    DESK_CERTIFICATE_GRACE,  /* expired, within the grace (K2) */
    DESK_CERTIFICATE_LAPSED, /* after the grace (K3) */
    DESK_INVALID,            /* 資格(無効) */
    DESK_NO_INFORMATION,     /* 資格情報なし */
    DESK_NO_CARD,            /* the patient has no card here */
    DESK_NOT_IN_SYSTEM,      /* 日雇特例被保険者 (E9) */
    DESK_SITUATION_COUNT
};

/* What the patient holds: bits. */
enum desk_paper {
    HOLDS_CARD = 1,        /* マイナンバーカード */
    HOLDS_PORTAL = 2,      /* マイナポータルの画面またはPDF */
    HOLDS_NOTICE = 4,      /* 資格情報のお知らせ */
    HOLDS_CERTIFICATE = 8, /* 資格確認書 */
    HOLDS_OLD_CARD = 16,   /* 健康保険証 */
};

/* What an earlier visit tells. */
enum desk_known {
    KNOWN_NO,      /* first visit, or nothing on file */
    KNOWN_SAME,    /* on file; the patient says that nothing has changed */
    KNOWN_CHANGED, /* on file; the patient says that it has changed */
};

enum claim_basis {
    CLAIM_NONE = 0,    /* no claim: the patient pays and is refunded by the insurer */
    CLAIM_CURRENT = 1, /* ① 現在の資格 */
    CLAIM_FORMER = 2,  /* ② 旧資格 */
    CLAIM_UNKNOWN = 3, /* ③ 不詳 */
};

struct desk_case {
    enum desk_situation situation;
    unsigned holds; /* enum desk_paper */
    enum desk_known known;
    bool new_coverage_told;    /* the patient can tell the new numbers */
    bool outage_mode;          /* システム障害時モード is open (E7) */
    struct date old_card_ends; /* DATE_NONE = not printed */
    struct date on;
};

/* One row of the table, in words. Texts are constants. */
struct desk_step {
    const char *row; /* "D3" */
    enum rule_id rule;
    enum claim_basis claim;
    bool form;                       /* 被保険者資格申立書 is to be filled in (D3, C3) */
    const char *asked_ja, *asked_en; /* of the patient */
    const char *pays_ja, *pays_en;
    const char *claimed_ja, *claimed_en;
    const char *payer_ja, *payer_en;
};

/* What to do now. Every case has an answer. */
const struct desk_step *desk_ladder_step(const struct desk_case *desk);
/* The table, for pages and tests. */
const struct desk_step *desk_ladder_rows(size_t *count);

/* "card_valid" ... */
const char *desk_situation_name(enum desk_situation situation);
const char *desk_situation_ja(enum desk_situation situation);
const char *desk_situation_en(enum desk_situation situation);
bool desk_situation_read(struct text name, enum desk_situation *out);
/* C5: the reason that is recorded where coverage was not confirmed by the system. */
enum unconfirmed_reason desk_situation_reason(enum desk_situation situation);
/* Reads "card,notice" into bits; false where a word is none of card, portal, notice, certificate,
 * old_card, nothing. */
bool desk_papers_read(struct text words, unsigned *out);
const char *claim_basis_name(enum claim_basis basis); /* "current", "former", "unknown", "none" */
