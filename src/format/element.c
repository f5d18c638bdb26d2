/* SPDX-License-Identifier: Apache-2.0 */
#include "format/element.h"

#include <assert.h>
#include <string.h>

enum status element_builder_begin(struct scope *scope, size_t capacity, struct element_builder *out)
{
    *out = (struct element_builder){.scope = scope, .capacity = capacity};
    TRY(scope_alloc(scope, capacity + 1, 1, &out->bytes));
    TRY(scope_alloc(scope, 1, sizeof *out->document, &out->document));
    out->open = out->document;
    return STATUS_OK;
}

static void fail(struct element_builder *builder, enum cause cause, const char *detail)
{
    if (builder->status == STATUS_OK)
        builder->status = scope_fail(builder->scope, cause, "%s", detail);
}

/* Names and texts together are never longer than the message they come from. */
static struct text keep(struct element_builder *builder, struct text text)
{
    char *place = builder->bytes + builder->size;

    assert(text.size <= builder->capacity - builder->size);
    if (text.size > 0)
        memcpy(place, text.bytes, text.size);
    builder->size += text.size;
    return (struct text){place, text.size};
}

static void append_child(struct element *parent, struct element *child)
{
    child->parent = parent;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

void element_builder_open(struct element_builder *builder, struct text name)
{
    struct element *made = NULL;

    if (builder->status != STATUS_OK)
        return;
    if (builder->depth == OQS_DEPTH_MAX || builder->count == OQS_ELEMENTS_MAX) {
        fail(builder, CAUSE_XML_TOO_DEEP,
             builder->depth == OQS_DEPTH_MAX ? "nested too deep" : "too many elements");
        return;
    }
    builder->status = scope_alloc(builder->scope, 1, sizeof *made, &made);
    if (builder->status != STATUS_OK)
        return;
    if (!builder->open->first)
        builder->size = builder->text_start; /* what stood before the first child is dropped */
    made->name = keep(builder, name);
    append_child(builder->open, made);
    builder->open = made;
    builder->depth++;
    builder->count++;
    builder->text_start = builder->size;
}

void element_builder_text(struct element_builder *builder, struct text text)
{
    if (builder->status == STATUS_OK && builder->depth > 0 && !builder->open->first)
        keep(builder, text);
}

void element_builder_close(struct element_builder *builder)
{
    struct element *closed = builder->open;

    if (builder->status != STATUS_OK || builder->depth == 0)
        return;
    if (!closed->first)
        closed->text = (struct text){builder->bytes + builder->text_start,
                                     builder->size - builder->text_start};
    builder->open = closed->parent;
    builder->depth--;
    builder->text_start = builder->size;
}

enum status element_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                         struct element **document)
{
    struct element_builder builder = {0};
    enum status status = STATUS_OK;

    *document = NULL;
    if (bytes.size > OQS_BODY_MAX)
        return scope_fail(scope, CAUSE_BODY_TOO_LARGE, "%zu bytes", bytes.size);
    if (bytes.size == 0)
        bytes = TEXT(""); /* no bytes may come without a pointer */
    status = (syntax == OQS_XML ? xml_read : json_read)(scope, bytes, &builder);
    *document = builder.document;
    return status;
}

struct element *element_find(const struct element *parent, struct text name)
{
    for (struct element *child = parent ? parent->first : NULL; child; child = child->next)
        if (text_equal(child->name, name))
            return child;
    return NULL;
}

bool element_name_ok(const struct element *element)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    size_t size = element->name.size;

    for (size_t i = 0; i < size; i++)
        if (!memchr(allowed, element->name.bytes[i], sizeof allowed - 1))
            return false;
    return size > 0;
}
