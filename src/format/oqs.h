/* SPDX-License-Identifier: Apache-2.0
 *
 * oqs.h - OQS messages (オンライン資格確認 外部インターフェイス): bytes <-> values, as XML and as
 * JSON.
 *
 * Element names and order are those of the book (oqs-files 2.2, 2.3). The JSON form has the same
 * names: {"XmlMsg":{"MessageHeader":{...},"MessageBody":{...}}}, lists as arrays. Everything read
 * is hostile: no DTD, no entities, bounded depth, size and count. Readers take any order of
 * elements, unknown elements (counted), empty leaf elements, unpadded insurer numbers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/scope.h"
#include "base/text.h"
#include "domain/deregistration.h"
#include "domain/eligibility.h"
#include "domain/insured_number.h"
#include "domain/registration.h"
#include "domain/service_class.h"

enum oqs_syntax { OQS_XML, OQS_JSON };

/* OQSCD005 文字コード識別. */
enum oqs_encoding { OQS_UTF8 = 0, OQS_SHIFT_JIS = 1 };

/* Limits of a single-request message. */
#define OQS_BODY_MAX ((size_t)64 * 1024) /* bytes */
#define OQS_DEPTH_MAX 16                 /* nested elements */
#define OQS_ELEMENTS_MAX 1000            /* elements in a message */
#define OQS_IDENTIFIER_MAX 50 /* characters of ArbitraryFileIdentifier and ArbitraryIdentifier */

/* OQSsiquc01req: a check by numbers. Texts live in the scope. */
struct oqs_inquiry {
    struct date on;                      /* QualificationConfirmationDate */
    struct institution_code institution; /* MedicalInstitutionCode */
    struct text file_identifier;         /* ArbitraryFileIdentifier, may be empty */
    struct insurer_number insurer;       /* InsurerNumber, read and checked */
    struct text symbol, number, branch;  /* as sent (echoed) */
    struct insured_key key;              /* normalised */
    unsigned consents;                   /* CONSENT_LIMIT or 0 */
    struct text identifier;              /* ArbitraryIdentifier, may be empty */
    size_t unknown_elements;             /* ignored, noted */
};

/* What a person does with the consents given by phone or tablet (E3, class 2). */
enum consent_action { CONSENT_VIEW = 1, CONSENT_RENEW = 2, CONSENT_WITHDRAW = 3 };

/*
 * A card's proof (our own message, same envelope: MessageBody/CardProof). Binary values are base64.
 * What the card signed: proof/challenge.h.
 */
struct oqs_card_inquiry {
    struct date on;
    struct institution_code institution;
    struct text file_identifier;
    struct text session;        /* SessionIdentifier: 32 hex digits from the challenge */
    struct text terminal;       /* TerminalIdentifier: 1 to 20 letters, digits, hyphens */
    enum identity_mode mode;    /* IdentityMode: 1 face, 2 PIN, 3 visual */
    struct text staff;          /* StaffIdentifier: 1 to 20 letters, digits, hyphens; or empty */
    enum service_class class;   /* ServiceClass: 1 where the element is missing */
    int64_t time;               /* ProofTime: yyyyMMddHHmmss, Japan */
    struct text certificate;    /* Certificate: DER, decoded */
    struct text signature;      /* Signature: 256 bytes, decoded */
    unsigned consents;          /* from the ...ConsFlg elements */
    struct text device, secret; /* DeviceIdentifier, DeviceSecret: of a phone or tablet (E3) */
    struct date consent_until;  /* ConsentLimitDate: class 2 */
    enum consent_action action; /* ConsentAction, at the portal */
    struct institution_code consent_to; /* ConsentInstitutionCode, at the portal */
    unsigned registers; /* RegistrationConsFlg: 1 = the person wants to register (R1) */
    size_t unknown_elements;
};

/* The answer to a challenge request: MessageBody/CardChallenge. */
struct oqs_challenge {
    struct text session; /* SessionIdentifier: 32 hex digits */
    struct text nonce;   /* Nonce: 64 hex digits */
    int lifetime;        /* ChallengeLifetime: seconds */
};

/* Header of every answer, and what frames it. */
struct oqs_answer {
    struct instant processed;              /* ProcessExecutionTime */
    struct date on;                        /* QualificationConfirmationDate, DATE_NONE = left out */
    struct text institution;               /* MedicalInstitutionCode, echoed; may be empty */
    struct text file_identifier;           /* ArbitraryFileIdentifier; may be empty */
    bool by_card;                          /* ReferenceClassification: 1 card, 2 numbers */
    enum cause cause;                      /* a failure: segment 9, status 2; or CAUSE_NONE */
    const char *request_id;                /* for JSON and logs only; NULL = none */
    const struct eligibility *eligibility; /* NULL where cause is set */
    struct text insurer_name;              /* 保険者名称 of the coverage given back */
    struct instant consented;              /* when the consents were given */
    const struct oqs_inquiry *echo;        /* QualificationConfirmSearchInfo; NULL by card */
    struct text reference_number;          /* 照会番号; empty = none */
    struct instant status_as_of; /* RevocationCheckTime: the issuer of the card is away, and this
                                  * is how old its last word is; 0 = up to date */
    int prescription_issue;      /* PrescriptionIssueSelect: 1 electronic, 2 paper, 0 = not asked */
};

/* What a reader gave up on, for a failing answer's header: what could be read before the fault. */
struct oqs_partial {
    struct text institution, file_identifier;
    struct date on;
};

/*
 * Reads a check by numbers. partial (may be NULL) is filled as far as possible, also on failure.
 * Fails with INVALID and the cause: XML_NOT_WELL_FORMED, XML_DOCTYPE, ENCODING, XML_ROOT,
 * XML_TOO_DEEP, JSON_NOT_WELL_FORMED, ELEMENT_MISSING, ELEMENT_REPEATED, VALUE_TOO_LONG,
 * DATE_WRONG, INSURER_NUMBER_WRONG, INSTITUTION_CODE_WRONG, CODE_VALUE_WRONG, TEXT_WRONG; the
 * scope's failure text names the element.
 */
MUST_CHECK enum status oqs_inquiry_read(struct scope *scope, enum oqs_syntax syntax,
                                        struct text bytes, struct oqs_inquiry *out,
                                        struct oqs_partial *partial);
MUST_CHECK enum status oqs_inquiry_write(struct scope *scope, enum oqs_syntax syntax,
                                         const struct oqs_inquiry *inquiry, struct text *out);

MUST_CHECK enum status oqs_card_inquiry_read(struct scope *scope, enum oqs_syntax syntax,
                                             struct text bytes, struct oqs_card_inquiry *out,
                                             struct oqs_partial *partial);
MUST_CHECK enum status oqs_card_inquiry_write(struct scope *scope, enum oqs_syntax syntax,
                                              const struct oqs_card_inquiry *inquiry,
                                              struct text *out);

/*
 * The same proof at the portal: no institution (what was signed has CHALLENGE_PORTAL), and the
 * header with the day may be missing.
 */
MUST_CHECK enum status oqs_portal_inquiry_read(struct scope *scope, enum oqs_syntax syntax,
                                               struct text bytes, struct oqs_card_inquiry *out,
                                               struct oqs_partial *partial);
MUST_CHECK enum status oqs_portal_inquiry_write(struct scope *scope, enum oqs_syntax syntax,
                                                const struct oqs_card_inquiry *inquiry,
                                                struct text *out);

/* P1: what a person sees of themselves. */
struct oqs_portal_status {
    struct instant processed;
    struct date on;
    const char *request_id;
    enum cause remark; /* 7xxx, or CAUSE_NONE */
    const struct person *person;
    bool person_shown; /* names and coverages: not where a difference stops all (2.4) */
    const struct text *insurer_names; /* one a coverage of the person */
    const struct coverage *covered;   /* the one that holds that day, or NULL */
    int share;                        /* 負担割合 of that one, percent */
    struct registration_standing standing;
    const struct registration *registration;             /* the last one, or NULL */
    const struct deregistration_request *deregistration; /* R2: asked for, or how it came out */
    const struct authentication_certificate *certificate;
    struct certificate_life life;
};
MUST_CHECK enum status oqs_portal_status_write(struct scope *scope, enum oqs_syntax syntax,
                                               const struct oqs_portal_status *status,
                                               struct text *out);

MUST_CHECK enum status oqs_challenge_read(struct scope *scope, enum oqs_syntax syntax,
                                          struct text bytes, struct oqs_challenge *out);
MUST_CHECK enum status oqs_challenge_write(struct scope *scope, enum oqs_syntax syntax,
                                           const struct oqs_challenge *challenge, struct text *out);

/* OQSsiquc01res / res_face: the whole answer, UTF-8. Empty containers are never written. */
MUST_CHECK enum status oqs_answer_write(struct scope *scope, enum oqs_syntax syntax,
                                        const struct oqs_answer *answer, struct text *out);

/* What a client needs of an answer to judge it: the terminal, the demo, the load generator. */
struct oqs_answer_summary {
    int segment;      /* SegmentOfResult */
    int status;       /* ProcessingResultStatus, 0 = none */
    struct text code; /* ErrorCode, or ProcessingResultCode */
    struct text message;
    int validity;                     /* QualificationValidity, 0 = none */
    struct text insurer_number, name; /* of the first person, may be empty */
    int share;                        /* percent as told by the paper items, 0 = not told */
};
MUST_CHECK enum status oqs_answer_read(struct scope *scope, enum oqs_syntax syntax,
                                       struct text bytes, struct oqs_answer_summary *out);

/*
 * Turns an answer in UTF-8 XML into the Shift_JIS form of a site: CP932 bytes, declaration
 * Shift_JIS, CharacterCodeIdentifier 1; what CP932 cannot hold becomes ● and is counted.
 */
MUST_CHECK enum status oqs_answer_to_shift_jis(struct scope *scope, struct text utf8,
                                               struct text *out, size_t *replaced);
