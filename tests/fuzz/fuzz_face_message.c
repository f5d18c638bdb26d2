/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_face_message.c - aims at face_message_read(); corpus: tests/data/face_message/
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/face_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct face_message read = {.pin = "----"};

    if (face_message_read(&scope, (struct text){(const char *)bytes, size}, &read) != STATUS_OK) {
        demand(scope.cause == CAUSE_FACE_DEVICE_AWAY);
        demand(strcmp(read.pin, "----") == 0 && read.password[0] == '\0');
        return 0;
    }
    demand(size < FACE_LINE_MAX);
    demand(strlen(read.session) == (read.word == FACE_HELLO ? 0 : FACE_SESSION_SIZE));
    demand((read.word == FACE_DIGITS) == (read.pin[0] != '\0'));
    demand(read.pin[0] == '\0' || text_is_digits((struct text){read.pin, 4}));
    demand((read.word == FACE_STAFF) == staff_id_ok(read.staff));
    demand(read.word == FACE_STAFF || read.password[0] == '\0');
    demand(memchr(read.password, '\0', sizeof read.password) != NULL);
    demand((read.word == FACE_PICK) == (read.mode != 0) && read.mode != IDENTITY_VISUAL);
    return 0;
}
