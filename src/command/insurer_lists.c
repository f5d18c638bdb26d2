/* SPDX-License-Identifier: Apache-2.0 */
#include "command/insurer_lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void insurer_lists_store_drop(struct store **store)
{
    store_close(*store);
}

static int compare_number(const void *key, const void *insurer)
{
    return strcmp(key, ((const struct insurer *)insurer)->number.digits);
}

static const struct insurer *find(const struct insurer *insurers, size_t count,
                                  struct insurer_number number)
{
    if (count == 0)
        return NULL;
    return bsearch(number.digits, insurers, count, sizeof *insurers, compare_number);
}

enum status insurer_lists_choose(struct scope *scope, struct store *store, const char *number,
                                 struct insurer **out, size_t *count)
{
    struct insurer_number read = {0};
    const struct insurer *found = NULL;
    struct insurer *one = NULL;

    TRY(store_list_insurers(scope, store, out, count));
    if (!number)
        return STATUS_OK;
    if (insurer_number_read(text_of(number), &read) == NUMBER_GOOD)
        found = find(*out, *count, read);
    if (!found)
        return scope_fail(scope, CAUSE_INSURER_UNKNOWN, "'%.20s' is no insurer of this store",
                          number);
    TRY(scope_alloc(scope, 1, sizeof *one, &one));
    *one = *found;
    *out = one;
    *count = 1;
    return STATUS_OK;
}

struct text insurer_lists_name(const struct insurer *insurers, size_t count,
                               struct insurer_number number)
{
    const struct insurer *found = find(insurers, count, number);

    return found ? found->name : TEXT("");
}

enum status insurer_lists_print(struct scope *scope, json_t *object)
{
    int result = object ? json_dumpf(object, stdout, JSON_COMPACT) : -1;

    json_decref(object);
    if (result != 0 || putchar('\n') == EOF)
        return scope_fail(scope, CAUSE_INTERNAL, "a line cannot be printed");
    return STATUS_OK;
}

json_t *insurer_lists_text(struct text text)
{
    return json_stringn(text.size ? text.bytes : "", text.size);
}

json_t *insurer_lists_date(struct date date)
{
    char written[11];

    if (!date_is(date) || date_compare(date, DATE_NEVER) == 0)
        return json_null();
    date_write_iso(date, written);
    return json_string(written);
}
