/* SPDX-License-Identifier: Apache-2.0
 *
 * The same tests over SQLite in memory, SQLite in a file, and PostgreSQL.
 */
#include "conformance.h"

#include <stdio.h>

#define TESTS_MAX 512
#define NAME_SIZE 128

static struct CMUnitTest tests[TESTS_MAX];
static char names[TESTS_MAX][NAME_SIZE];
static size_t count;

static void add(enum engine *engine, struct conformance_list list)
{
    assert_true(count + list.count <= TESTS_MAX);
    for (size_t i = 0; i < list.count; i++) {
        snprintf(names[count], NAME_SIZE, "%s: %s", engine_names[*engine], list.tests[i].name);
        tests[count] = list.tests[i];
        tests[count].name = names[count];
        tests[count].setup_func = world_begin;
        tests[count].teardown_func = world_end;
        tests[count].initial_state = engine;
        count++;
    }
}

int main(void)
{
    static enum engine engines[] = {ENGINE_SQLITE_MEMORY, ENGINE_SQLITE_FILE, ENGINE_POSTGRES};

    for (size_t i = 0; i < ENGINE_COUNT; i++) {
        add(&engines[i], conformance_queries());
        add(&engines[i], conformance_changes());
        add(&engines[i], conformance_hostile());
        add(&engines[i], conformance_load());
        add(&engines[i], conformance_members());
        add(&engines[i], conformance_protection());
        add(&engines[i], conformance_standing());
        add(&engines[i], conformance_mobile());
        add(&engines[i], conformance_registration());
        add(&engines[i], conformance_enrolment());
        add(&engines[i], conformance_register());
    }
    return _cmocka_run_group_tests("store", tests, count, NULL, NULL);
}
