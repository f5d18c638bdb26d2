/* SPDX-License-Identifier: Apache-2.0
 *
 * service_fixture.h - a service over a small world in a temporary folder, and one worker of it.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proof/issuer.h"
#include "service/service.h"
#include "small_world.h"

#define TODAY DATE(20261105)

static char folder[] = "/tmp/test_service.XXXXXX";
/* The small world that each test gets a copy of: its keys take longest to make. */
static char original[] = "/tmp/test_service_original.XXXXXX";
static struct scope world_scope;
static struct service *service;
static struct service_worker *worker;

static struct service_options service_options_of(void)
{
    static char store[128], journal[128], card_ca[128];

    snprintf(store, sizeof store, "sqlite:%s/store.db", folder);
    snprintf(journal, sizeof journal, "%s/journal", folder);
    snprintf(card_ca, sizeof card_ca, "%s/card-ca.pem", folder);
    return (struct service_options){
        .store_url = store,
        .journal_directory = journal,
        .card_ca_path = card_ca,
        .policy_oid = ISSUER_POLICY_OID,
        .challenge_lifetime = 60,
        .challenge_capacity = 64,
        .certificate_cache = 64,
        .journal_segment = 1UL << 20,
    };
}

static void remove_original(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r %s", original);
    (void)!system(command);
}

/* Writes the world where that was not done yet. */
static enum status write_original(void)
{
    static bool written;

    if (written)
        return STATUS_OK;
    if (!mkdtemp(original) || atexit(remove_original) != 0)
        return scope_fail(&world_scope, CAUSE_FILE_UNAVAILABLE, "no folder for the world");
    written = true;
    return small_world_write(&world_scope, original, TODAY);
}

static enum status copy_original(void)
{
    char command[128];

    TRY(write_original());
    snprintf(command, sizeof command, "cp -r %s/. %s", original, folder);
    if (system(command) != 0)
        return scope_fail(&world_scope, CAUSE_FILE_UNAVAILABLE, "the world cannot be copied");
    return STATUS_OK;
}

static int open_service(void **state)
{
    struct service_options options = {0};

    (void)state;
    if (!mkdtemp(folder))
        return 1;
    options = service_options_of();
    world_scope = scope_begin_at(16UL << 20, instant_noon(TODAY));
    if (copy_original() != STATUS_OK ||
        service_open(&world_scope, &options, &service) != STATUS_OK ||
        service_worker_open(&world_scope, service, &worker) != STATUS_OK) {
        fprintf(stderr, "# %s\n", world_scope.failure);
        return 1;
    }
    return 0;
}

static int close_service(void **state)
{
    char command[128];

    (void)state;
    service_worker_close(worker);
    service_close(service);
    scope_end(&world_scope);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static const struct caller institution = {.role = ROLE_INSTITUTION,
                                          .institution = {SMALL_INSTITUTION},
                                          .fingerprint = "0123456789abcdef"};

/* What came of a request, read back as a receipt computer would. */
struct seen {
    struct service_outcome outcome;
    struct oqs_answer_summary answer;
};
