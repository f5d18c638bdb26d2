/* SPDX-License-Identifier: Apache-2.0
 *
 * store_columns.h - the columns of each table as SQL names them, in the order of sql/.
 *
 * Only the lists stand here; the queries are whole where they are used.
 */
#pragma once

#define PERSON_NAMES                                                                               \
    "person_id, name, name_kana, other_name, other_name_kana, postal_code, address,"               \
    " birth, sex1, sex2, protection, register_difference, registered, deregisters, "               \
    "holds, recorded"

#define COVERAGE_NAMES                                                                             \
    "person_id, coverage_id, insurer, symbol, number, branch, relation, "                          \
    "insured_name, held_from, held_until, loss_reason, kind, paper, issued, "                      \
    "valid_from, valid_until, share, recorded"

#define ELDERLY_NAMES "person_id, coverage_id, valid_from, valid_until, issued, share, recorded"

#define LIMIT_NAMES                                                                                \
    "person_id, coverage_id, valid_from, valid_until, issued, kind, category, "                    \
    "long_stay, recorded"

#define DISEASE_NAMES                                                                              \
    "person_id, coverage_id, category, valid_from, valid_until, issued, "                          \
    "monthly_limit, recorded"

#define CERTIFICATE_NAMES                                                                          \
    "issuer, serial, person_id, not_before, expires, state, successor, phone, "                    \
    "recorded"

#define INSURER_NAMES "number, name, recorded"

#define INSTITUTION_NAMES "code, name, type, measure, measure_until, recorded"

#define REGISTRATION_NAMES "person_id, used_from, used_until, way, ended, recorded"

#define DEVICE_NAMES "device, institution, class, code_hash, code_until, secret_hash, recorded"

#define CONSENT_NAMES "person_id, institution, given, until, ended, consents, mode, recorded"

#define MEMBER_NAMES "insurer, member_key, person_id, identity, recorded"

#define CLOCK_NAMES                                                                                \
    "person_id, coverage_id, event, insurer, symbol, happened, received, registered, late"

#define FILE_NAMES                                                                                 \
    "insurer, sha256, row_count, state, begun, next_row, next_byte, reply_size, accepted, "        \
    "warned, refused, recorded"

#define DEREGISTRATION_NAMES                                                                       \
    "person_id, request_id, requested, received, insurer, channel, proxy, state, "                 \
    "executes, executed, error, recorded"

#define DOCUMENT_NAMES                                                                             \
    "person_id, kind, serial, insurer, coverage_id, reason, rule, due, latest, "                   \
    "issued, valid_from, valid_until, state, returned, replaced_by, special, recorded"

#define FILING_NAMES "person_id, source, flag, valid_from, valid_until, recorded"

#define NEED_NAMES "person_id, need, since, until, recorded"

#define POLICY_NAMES                                                                               \
    "insurer, valid_from, gives_both, certificate_years, expiry_months, uses_12_months, "          \
    "uses_3_months, uses_month, recorded"

#define USE_POSITION_NAMES "journal, records, segment, hash, counted, recorded"

#define JOB_NAMES                                                                                  \
    "kind, day, state, next_person, executed, failed, lapsed, documents, changed, recorded"

/* The same with the alias that a joined query gives its table. */
#define PERSON_JOINED_NAMES                                                                        \
    "p.person_id, p.name, p.name_kana, p.other_name, p.other_name_kana, "                          \
    "p.postal_code, p.address, p.birth, p.sex1, p.sex2, p.protection, "                            \
    "p.register_difference, p.registered, p.deregisters, p.holds, p.recorded"

#define COVERAGE_JOINED_NAMES                                                                      \
    "v.person_id, v.coverage_id, v.insurer, v.symbol, v.number, v.branch, "                        \
    "v.relation, v.insured_name, v.held_from, v.held_until, v.loss_reason, v.kind, "               \
    "v.paper, v.issued, v.valid_from, v.valid_until, v.share, v.recorded"

#define CERTIFICATE_JOINED_NAMES                                                                   \
    "c.issuer, c.serial, c.person_id, c.not_before, c.expires, c.state, "                          \
    "c.successor, c.phone, c.recorded"
