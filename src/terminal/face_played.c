/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/face_played.h"

#include <string.h>

static enum status read_line(struct scope *scope, struct text line, int number,
                             struct face_played *out)
{
    const char *colon = memchr(line.bytes, ':', line.size);
    size_t size = colon ? (size_t)(colon - line.bytes) : 0;

    if (!colon || out->count == FACE_LINES_MAX)
        return scope_fail(scope, CAUSE_CONFIGURATION, "script, line %d: not 'question: answer'",
                          number);
    out->lines[out->count].question = text_trim((struct text){line.bytes, size});
    out->lines[out->count].answer = text_trim((struct text){colon + 1, line.size - size - 1});
    if (text_empty(out->lines[out->count].answer))
        return scope_fail(scope, CAUSE_CONFIGURATION, "script, line %d: no answer", number);
    out->count++;
    return STATUS_OK;
}

enum status face_played_read(struct scope *scope, struct text script, struct face_played *out)
{
    *out = (struct face_played){.count = 0};
    for (int number = 1; script.size > 0; number++) {
        const char *end = memchr(script.bytes, '\n', script.size);
        size_t size = end ? (size_t)(end - script.bytes) + 1 : script.size;
        struct text line = text_trim((struct text){script.bytes, size});
        if (line.size > 0 && line.bytes[0] != '#')
            TRY(read_line(scope, line, number, out));
        script = (struct text){script.bytes + size, script.size - size};
    }
    return STATUS_OK;
}

struct text face_played_answer(struct face_played *played, struct text question)
{
    struct text last = {0};

    for (size_t i = 0; i < played->count; i++) {
        if (!text_equal(played->lines[i].question, question))
            continue;
        last = played->lines[i].answer;
        if (!played->lines[i].used) {
            played->lines[i].used = true;
            return last;
        }
    }
    return last;
}
