/* SPDX-License-Identifier: Apache-2.0
 *
 * process.h - what other processes use, from /proc.
 */
#pragma once

#include <stdint.h>

#define PROCESSES_MAX 16

/* Processes that are one server: nginx has several. */
struct process_list {
    long ids[PROCESSES_MAX];
    int count;
};

/* Reads "123,456". Count 0 where it is no such list. */
struct process_list process_list_read(const char *words);

/* User and system time of all their threads, microseconds; -1 where one is gone. */
int64_t process_cpu(const struct process_list *list);
