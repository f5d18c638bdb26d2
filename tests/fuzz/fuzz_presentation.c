/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_presentation.c - aims at presentation_read(); corpus: tests/data/presentation/
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/presentation.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1UL << 20);
    struct presentation read = {.pin = "----"};

    if (presentation_read(&scope, (struct text){(const char *)bytes, size}, &read) != STATUS_OK) {
        demand(scope.cause != CAUSE_NONE);
        demand(strcmp(read.pin, "----") == 0 && read.card[0] == '\0');
        return 0;
    }
    demand(memchr(read.card, '\0', sizeof read.card) != NULL);
    demand(read.mode == 0 || *identity_mode_name(read.mode) != '\0');
    demand(read.order == VISUAL_ORDER_NONE || staff_id_ok(read.staff));
    demand(read.staff[0] == '\0' || staff_id_ok(read.staff));
    demand(memchr(read.password, '\0', sizeof read.password) != NULL);
    demand(read.minutes >= 0 && read.minutes <= VISUAL_MINUTES_MAX);
    demand(read.pin[0] == '\0' || text_is_digits((struct text){read.pin, 4}));
    demand(read.mode != IDENTITY_PIN || read.pin[0] != '\0');
    demand((read.consents | CONSENT_MEDICAL | CONSENT_LIMIT | CONSENT_DISEASE) ==
           (CONSENT_MEDICAL | CONSENT_LIMIT | CONSENT_DISEASE));
    demand(!date_is(read.on) || date_ok(read.on));
    return 0;
}
