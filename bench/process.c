/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIELDS_BEFORE_UTIME 11 /* behind the name: state ... cmajflt */

struct process_list process_list_read(const char *words)
{
    struct process_list list = {0};

    while (*words && list.count < PROCESSES_MAX) {
        char *end = NULL;
        list.ids[list.count] = strtol(words, &end, 10);
        if (end == words || list.ids[list.count] <= 0)
            return (struct process_list){0};
        list.count++;
        words = *end == ',' ? end + 1 : end;
    }
    return list;
}

/* Clock ticks of one process; -1 where it is gone. */
static long process_ticks(long id)
{
    char path[64];
    char line[1024];
    size_t size = 0;
    char *at = NULL;
    FILE *file = NULL;
    long user = 0;

    snprintf(path, sizeof path, "/proc/%ld/stat", id);
    file = fopen(path, "r");
    if (!file)
        return -1;
    size = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[size] = '\0';
    at = strrchr(line, ')'); /* the name before it may hold blanks */
    if (!at)
        return -1;
    at += 2;
    for (int i = 0; at && i < FIELDS_BEFORE_UTIME; i++) {
        at = strchr(at, ' ');
        at = at ? at + 1 : NULL;
    }
    if (!at)
        return -1;
    user = strtol(at, &at, 10);
    return user + strtol(at, NULL, 10);
}

int64_t process_cpu(const struct process_list *list)
{
    int64_t ticks = 0;

    for (int i = 0; i < list->count; i++) {
        long one = process_ticks(list->ids[i]);
        if (one < 0)
            return -1;
        ticks += one;
    }
    return ticks * (1000000 / sysconf(_SC_CLK_TCK));
}
