/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE 1024

static const char *const names[] = {"error", "warning", "info", "debug"};
static enum log_level shown = LOG_INFO;

void log_set_level(enum log_level level)
{
    shown = level;
}

bool log_read_level(const char *word, enum log_level *out)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], word) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    return false;
}

void log_write(enum log_level level, const struct scope *scope, const char *words,
               const char *format, ...)
{
    char line[LINE_SIZE];
    char time[28];
    size_t used = 0;
    va_list args;

    if (level > shown)
        return;
    instant_write_utc(instant_now(), time);
    snprintf(line, sizeof line, "%s %s id=%s msg=\"%s\" ", time, names[level],
             scope ? scope->id : "-", words);
    used = strlen(line);
    va_start(args, format);
    vsnprintf(line + used, sizeof line - used - 1, format, args);
    va_end(args);
    used = strlen(line);
    for (size_t i = 0; i < used; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7F)
            line[i] = '?';
    while (used > 0 && line[used - 1] == ' ')
        used--;
    line[used++] = '\n';
    /* one write a line, so that lines of several threads do not mix; nobody to tell if it fails */
    if (write(STDERR_FILENO, line, used) < 0)
        return;
}

void log_failure(const struct scope *scope, const char *words)
{
    const struct failure_text *text = failure_text(scope->cause);
    bool ours = text->status == STATUS_CORRUPT || text->status == STATUS_UNAVAILABLE;

    log_write(ours ? LOG_ERROR : LOG_WARNING, scope, words, "code='%s' status='%s' detail='%s'",
              text->code, failure_status_name(text->status), scope->failure);
}
