/* SPDX-License-Identifier: Apache-2.0
 *
 * use_journal.c - writes checks by card into a journal, for tests of shikaku card-uses.
 *
 * usage: use_journal DIR PERSON DAY COUNT [PERSON DAY COUNT]...   (DAY: yyyymmdd)
 */
#include <stdio.h>
#include <stdlib.h>

#include "journal/journal.h"

#define SEGMENT_BYTES 8192 /* so that a few dozen records go over several files */

static enum status use_card(struct scope *scope, struct journal *journal, char **words)
{
    struct journal_entry entry = {
        .operation = JOURNAL_CHECK_BY_CARD,
        .at = instant_noon(DATE((int32_t)strtol(words[1], NULL, 10))),
        .request_id = scope->id,
        .institution = "1311234567",
        .client = "00112233445566aa",
        .person_id = strtol(words[0], NULL, 10),
        .mode = IDENTITY_PIN,
        .validity = VALIDITY_VALID,
        .rule = "E1.valid",
    };

    entry.on = instant_date(entry.at);
    for (long i = strtol(words[2], NULL, 10); i > 0; i--)
        TRY(journal_append_wait(scope, journal, &entry));
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    const struct journal_options options = {.segment_bytes = SEGMENT_BYTES};
    struct journal *journal = NULL;
    enum status status = STATUS_OK;

    if (argc < 2 || argc % 3 != 2)
        return 2;
    status = journal_open(&scope, argv[1], &options, &journal);
    for (int i = 2; i + 2 < argc && status == STATUS_OK; i += 3)
        status = use_card(&scope, journal, argv + i);
    if (status != STATUS_OK)
        fprintf(stderr, "%s\n", scope.failure);
    journal_close(journal);
    return status == STATUS_OK ? 0 : 3;
}
