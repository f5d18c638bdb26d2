/* SPDX-License-Identifier: Apache-2.0
 *
 * journal_load.c - writes a journal of synthetic records, for tests of `shikaku audit`.
 *
 * usage: journal_load DIR COUNT [SEGMENT_BYTES]
 */
#include <stdio.h>
#include <stdlib.h>

#include "journal/journal.h"

static struct journal_entry entry_of(struct scope *scope, int64_t number)
{
    return (struct journal_entry){
        .operation = number % 2 ? JOURNAL_CHECK_BY_CARD : JOURNAL_CHECK_BY_NUMBERS,
        .at = instant_noon(DATE(20261105)),
        .request_id = scope->id,
        .institution = number % 3 ? "1311234567" : "2712345678",
        .client = "00112233445566aa",
        .terminal = number % 2 ? "T1" : NULL,
        .person_id = number,
        .coverage_id = number * 10,
        .on = DATE(20261105),
        .mode = number % 2 ? IDENTITY_PIN : (enum identity_mode)0,
        .validity = VALIDITY_VALID,
        .rule = "E1.valid",
    };
}

int main(int argc, char **argv)
{
    struct scope scope = scope_begin(0);
    struct journal_options options = {0};
    struct journal *journal = NULL;
    long count = argc > 2 ? strtol(argv[2], NULL, 10) : 0;

    if (argc < 3)
        return 2;
    if (argc > 3)
        options.segment_bytes = (size_t)strtol(argv[3], NULL, 10);
    if (journal_open(&scope, argv[1], &options, &journal) != STATUS_OK) {
        fprintf(stderr, "%s\n", scope.failure);
        return 3;
    }
    for (long i = 1; i <= count; i++) {
        struct journal_entry entry = entry_of(&scope, i);
        if (journal_append_wait(&scope, journal, &entry) != STATUS_OK)
            return 3;
    }
    journal_close(journal);
    return 0;
}
