/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON to elements: a member is an element, a string its text; the objects of an array stand in
 * the array's element one behind the other. null is left out. Every value is a string.
 */
#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "format/element.h"

/* Objects and arrays nested: an element of a list is one of each. */
#define NESTED_MAX ((size_t)2 * OQS_DEPTH_MAX)

/* An object or array under way. */
struct frame {
    json_t *value;
    void *member; /* of an object: jansson's iterator */
    size_t index; /* of an array */
    bool element; /* closes an element when it ends: not so for the objects of an array */
};

struct walk {
    struct element_builder *builder;
    struct frame frames[NESTED_MAX + 1];
    size_t depth;
};

static void drop_json(json_t **value)
{
    json_decref(*value);
}

/* jansson calls itself for each level: how deep is told before it runs. */
static bool nested_too_deep(struct text text)
{
    size_t depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < text.size; i++) {
        char byte = text.bytes[i];
        if (byte == '"')
            quoted = !quoted;
        else if (byte == '\\')
            i++;
        else if (!quoted && (byte == '{' || byte == '['))
            depth++;
        else if (!quoted && (byte == '}' || byte == ']') && depth > 0)
            depth--;
        if (depth > NESTED_MAX)
            return true;
    }
    return false;
}

static enum status refuse(struct walk *walk, const char *why)
{
    return scope_fail(walk->builder->scope, CAUSE_JSON_NOT_WELL_FORMED, "%s", why);
}

static void push(struct walk *walk, json_t *value, bool element)
{
    assert(walk->depth <= NESTED_MAX); /* nested_too_deep() told */
    walk->frames[walk->depth++] = (struct frame){
        .value = value,
        .member = json_is_object(value) ? json_object_iter(value) : NULL,
        .element = element,
    };
}

static enum status take_member(struct walk *walk, struct frame *frame)
{
    const char *name = json_object_iter_key(frame->member);
    json_t *value = json_object_iter_value(frame->member);

    frame->member = json_object_iter_next(frame->value, frame->member);
    if (json_is_null(value))
        return STATUS_OK;
    element_builder_open(walk->builder, text_of(name));
    if (json_is_string(value)) {
        element_builder_text(walk->builder,
                             (struct text){json_string_value(value), json_string_length(value)});
        element_builder_close(walk->builder);
        return walk->builder->status;
    }
    TRY(walk->builder->status);
    if (!json_is_object(value) && !json_is_array(value))
        return refuse(walk, "every value is a string");
    push(walk, value, true);
    return STATUS_OK;
}

static enum status take_item(struct walk *walk, struct frame *frame)
{
    json_t *item = json_array_get(frame->value, frame->index++);

    if (!json_is_object(item))
        return refuse(walk, "an array holds objects");
    push(walk, item, false);
    return STATUS_OK;
}

/* One step: a member, an item, or the end of the innermost object or array. */
static enum status step(struct walk *walk)
{
    struct frame *frame = &walk->frames[walk->depth - 1];

    if (frame->member)
        return take_member(walk, frame);
    if (json_is_array(frame->value) && frame->index < json_array_size(frame->value))
        return take_item(walk, frame);
    if (frame->element)
        element_builder_close(walk->builder);
    walk->depth--;
    return walk->builder->status;
}

enum status json_read(struct scope *scope, struct text bytes, struct element_builder *builder)
{
    size_t mark = text_starts_with(bytes, "\xEF\xBB\xBF") ? 3 : 0;
    struct text utf8 = {bytes.bytes + mark, bytes.size - mark};
    CLEANUP(drop_json) json_t *root = NULL;
    struct walk walk = {.builder = builder};

    if (!text_is_utf8(utf8))
        return scope_fail(scope, CAUSE_ENCODING, "not UTF-8, or a NUL");
    TRY(element_builder_begin(scope, utf8.size, builder));
    if (nested_too_deep(utf8))
        return scope_fail(scope, CAUSE_XML_TOO_DEEP, "nested too deep");
    root = json_loadb(utf8.size ? utf8.bytes : "", utf8.size, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(root))
        return refuse(&walk, "not a JSON object");
    push(&walk, root, false);
    while (walk.depth > 0)
        TRY(step(&walk));
    return STATUS_OK;
}
