/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/policy.h"

static const struct policy_value values[] = {
#define POLICY(name, value, unit, meaning, source) {#name, value, unit, meaning, source},
#include "domain/policy_values.def"
#undef POLICY
};

const struct policy_value *policy_list(size_t *count)
{
    *count = sizeof values / sizeof values[0];
    return values;
}
