/* SPDX-License-Identifier: Apache-2.0
 *
 * oqs_mobile.h - messages of phones and tablets, and of the consents that they took (E3).
 *
 * A check by phone or tablet is an oqs_card_inquiry. Failures are those of oqs.h.
 */
#pragma once

#include "domain/mobile.h"
#include "format/oqs.h"

/* MessageBody/MobileDevice: each operation takes and gives the items it needs; the rest is empty.
 */
struct oqs_device {
    struct institution_code institution;
    enum service_class class;
    struct text code;   /* ActivationCode */
    int64_t code_limit; /* ActivationCodeLimit: yyyymmddhhmmss, Japan */
    struct text device; /* DeviceIdentifier: 32 hex digits */
    struct text secret; /* DeviceSecret: 64 hex digits, given once */
};
MUST_CHECK enum status oqs_device_read(struct scope *scope, enum oqs_syntax syntax,
                                       struct text bytes, struct oqs_device *out);
MUST_CHECK enum status oqs_device_write(struct scope *scope, enum oqs_syntax syntax,
                                        const struct oqs_device *device, struct text *out);

/* An institution asks for results with their consents, by the days on which these were given. */
struct oqs_consent_search {
    struct institution_code institution;
    struct text file_identifier;
    struct date from, to;
    int64_t after; /* ConsentTimeAfter of the former answer, 0 = from the beginning */
};
MUST_CHECK enum status oqs_consent_search_read(struct scope *scope, enum oqs_syntax syntax,
                                               struct text bytes, struct oqs_consent_search *out);

/* One person: answer has on, eligibility (NULL where the consent has ended), consented,
 * insurer_name and by_card. */
struct oqs_consent_result {
    const struct mobile_consent *consent;
    struct oqs_answer answer;
};
/* more: there are further ones; the answer says where to go on. */
MUST_CHECK enum status oqs_consent_results_write(struct scope *scope, enum oqs_syntax syntax,
                                                 const struct oqs_consent_search *search,
                                                 const struct oqs_consent_result *results,
                                                 size_t count, bool more, struct text *out);
/* A person's consents, as the person sees them. */
MUST_CHECK enum status oqs_consents_write(struct scope *scope, enum oqs_syntax syntax,
                                          const struct mobile_consent *consents, size_t count,
                                          struct date on, struct text *out);
