/* SPDX-License-Identifier: Apache-2.0 */
#include "register/register_parts.h"

enum status register_wrong(struct scope *scope, const char *why)
{
    return scope_fail(scope, CAUSE_REGISTER_MESSAGE_WRONG, "%s", why);
}

enum status register_root_read(struct scope *scope, struct text bytes, const struct json_node **out)
{
    const struct json_node *root = NULL;
    int64_t version = 0;

    TRY(register_json_read(scope, bytes, &root));
    TRY(register_number_read(scope, root, "version", INT32_MAX, &version));
    if (version != REGISTER_VERSION)
        return register_wrong(scope, "another version of the protocol");
    *out = root;
    return STATUS_OK;
}

enum status register_list_read(struct scope *scope, const struct json_node *root, const char *name,
                               const struct json_node **out)
{
    const struct json_node *list = json_member(root, name);

    if (!list || list->kind != JSON_ARRAY_NODE)
        return scope_fail(scope, CAUSE_REGISTER_MESSAGE_WRONG, "'%s' must be an array", name);
    for (const struct json_node *item = list->first; item; item = item->next)
        if (item->kind != JSON_OBJECT_NODE)
            return scope_fail(scope, CAUSE_REGISTER_MESSAGE_WRONG, "'%s' holds objects", name);
    *out = list;
    return STATUS_OK;
}

enum status register_text_read(struct scope *scope, const struct json_node *object,
                               const char *name, size_t limit, struct text *out)
{
    const struct json_node *member = json_member(object, name);

    if (!member) {
        *out = TEXT("");
        return STATUS_OK;
    }
    if (member->kind != JSON_STRING_NODE || member->text.size > limit)
        return scope_fail(scope, CAUSE_REGISTER_MESSAGE_WRONG, "'%s' is a string of %zu bytes",
                          name, limit);
    *out = member->text;
    return STATUS_OK;
}

enum status register_number_read(struct scope *scope, const struct json_node *object,
                                 const char *name, int64_t maximum, int64_t *out)
{
    const struct json_node *member = json_member(object, name);

    if (!member || member->kind != JSON_NUMBER_NODE || member->number > maximum)
        return scope_fail(scope, CAUSE_REGISTER_MESSAGE_WRONG, "'%s' is a number to %lld", name,
                          (long long)maximum);
    *out = member->number;
    return STATUS_OK;
}

enum status register_flag_read(struct scope *scope, const struct json_node *object,
                               const char *name, bool *out)
{
    const struct json_node *member = json_member(object, name);

    if (member && member->kind != JSON_FLAG_NODE)
        return scope_fail(scope, CAUSE_REGISTER_MESSAGE_WRONG, "'%s' is true or false", name);
    *out = member && member->number == 1;
    return STATUS_OK;
}

enum status register_day_read(struct scope *scope, const struct json_node *object, const char *name,
                              struct date *out)
{
    struct text text = {0};

    TRY(register_text_read(scope, object, name, 8, &text));
    *out = DATE_NONE;
    if (text.size > 0 && !date_read(text.bytes, text.size, out))
        return scope_fail(scope, CAUSE_REGISTER_MESSAGE_WRONG, "'%s' is a day yyyymmdd", name);
    return STATUS_OK;
}

enum status register_identity_read(struct scope *scope, const struct json_node *object,
                                   struct register_identity *out)
{
    struct register_identity identity = {0};
    int64_t sex = 0;

    TRY(register_text_read(scope, object, "name", REGISTER_ITEM_MAX, &identity.name));
    TRY(register_text_read(scope, object, "kana", REGISTER_ITEM_MAX, &identity.kana));
    TRY(register_text_read(scope, object, "address", REGISTER_ITEM_MAX, &identity.address));
    TRY(register_day_read(scope, object, "birth", &identity.birth));
    TRY(register_number_read(scope, object, "sex", SEX_NOT_SET, &sex));
    identity.sex = (enum sex)sex;
    *out = identity;
    return STATUS_OK;
}

void register_text_add(struct text_buffer *buffer, const char *name, struct text value)
{
    if (value.size == 0)
        return;
    text_buffer_add_char(buffer, ',');
    json_add_member(buffer, name, value);
}

void register_day_add(struct text_buffer *buffer, const char *name, struct date day)
{
    if (date_is(day))
        text_buffer_add_format(buffer, ",\"%s\":\"%08d\"", name, (int)day.yyyymmdd);
}

void register_identity_add(struct text_buffer *buffer, const struct register_identity *identity)
{
    text_buffer_add_format(buffer, "\"sex\":%d", (int)identity->sex);
    register_text_add(buffer, "name", identity->name);
    register_text_add(buffer, "kana", identity->kana);
    register_text_add(buffer, "address", identity->address);
    register_day_add(buffer, "birth", identity->birth);
}
