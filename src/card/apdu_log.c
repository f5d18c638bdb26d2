/* SPDX-License-Identifier: Apache-2.0 */
#include "card/apdu_log.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

#define SHOWN 24       /* bytes of a command */
#define ANSWER_SHOWN 4 /* of an answer: of a certificate nothing that tells whose it is */

/* Instructions whose data may be shown: selections, reads, hashes, certificates, challenges. */
static const unsigned char harmless[] = {0xA4, 0xB0, 0xB2, 0xC0, 0xCA, 0xCB,
                                         0x2A, 0x84, 0x82, 0xA2, 0xFC};

static size_t add_hex(const unsigned char *bytes, size_t size, size_t most, char *out)
{
    size_t shown = size < most ? size : most;

    out[0] = '\0';
    for (size_t i = 0; i < shown; i++)
        snprintf(out + 2 * i, 3, "%02X", bytes[i]);
    return 2 * shown;
}

/* Behind what is shown: how much is not. */
static void add_rest(size_t rest, const char *why, char *out, size_t room)
{
    if (rest > 0)
        snprintf(out, room, "+%zu %s", rest, why);
}

void apdu_log_command(const unsigned char *command, size_t size, char *out)
{
    bool known = size >= 2 && memchr(harmless, command[1], sizeof harmless);
    size_t open = known || size <= 4 ? size : 4; /* the header never holds a secret */
    size_t at = add_hex(command, open, SHOWN, out);

    if (open < size)
        add_rest(size - open, "hidden", out + at, APDU_LOG_TEXT - at);
    else if (size > SHOWN)
        add_rest(size - SHOWN, "more", out + at, APDU_LOG_TEXT - at);
}

void apdu_log_answer(const unsigned char *answer, size_t size, char *out)
{
    size_t at = 0;

    if (size < 2) {
        snprintf(out, APDU_LOG_TEXT, "nothing");
        return;
    }
    at = add_hex(answer, size - 2, ANSWER_SHOWN, out);
    if (size - 2 > ANSWER_SHOWN)
        add_rest(size - 2 - ANSWER_SHOWN, "more", out + at, APDU_LOG_TEXT - at);
    at = strlen(out);
    snprintf(out + at, APDU_LOG_TEXT - at, "%s%02X%02X", at ? " " : "", answer[size - 2],
             answer[size - 1]);
}

void apdu_log(const unsigned char *command, size_t size, const unsigned char *answer,
              size_t answer_size)
{
    char asked[APDU_LOG_TEXT], answered[APDU_LOG_TEXT];

    apdu_log_command(command, size, asked);
    apdu_log_answer(answer, answer_size, answered);
    LOG(INFO, NULL, "apdu", "command='%s' answer='%s'", asked, answered);
}
