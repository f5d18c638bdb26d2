/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/steady.h"

#include <time.h>

int64_t steady_microseconds(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t steady_milliseconds(void)
{
    return steady_microseconds() / 1000;
}
