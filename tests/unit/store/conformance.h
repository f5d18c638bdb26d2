/* SPDX-License-Identifier: Apache-2.0
 *
 * conformance.h - tests that every engine passes, in lists that test_conformance.c joins.
 */
#pragma once

#include "fixture.h"

struct conformance_list {
    const struct CMUnitTest *tests;
    size_t count;
};

struct conformance_list conformance_queries(void);
struct conformance_list conformance_changes(void);
struct conformance_list conformance_hostile(void);
struct conformance_list conformance_load(void);
struct conformance_list conformance_members(void);
struct conformance_list conformance_protection(void);
struct conformance_list conformance_standing(void);
struct conformance_list conformance_mobile(void);
struct conformance_list conformance_registration(void);
struct conformance_list conformance_enrolment(void);
struct conformance_list conformance_register(void);
