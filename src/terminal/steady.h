/* SPDX-License-Identifier: Apache-2.0
 *
 * steady.h - a clock that never jumps, for waiting and measuring; never for what is recorded.
 */
#pragma once

#include <stdint.h>

int64_t steady_microseconds(void);
int64_t steady_milliseconds(void);
