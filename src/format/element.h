/* SPDX-License-Identifier: Apache-2.0
 *
 * element.h - a message as a small tree of elements, whatever its syntax.
 *
 * Both readers build the same tree: XML elements, and members of JSON objects (the objects of an
 * array stand in its element one behind the other). Attributes, comments and text between elements
 * are dropped. The tree lives in the scope; all names and texts share one buffer in it.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "format/oqs.h"

/* One element. Names are as sent: they may hold anything, do not log them. */
struct element {
    struct text name; /* with its prefix, if it has one */
    struct text text; /* of a leaf; empty where it has children, or was never closed */
    struct element *parent;
    struct element *first, *last; /* children */
    struct element *next;         /* sibling */
};

/*
 * Reads a message. *document is a nameless element that holds the root; it is set on failure too,
 * with what was read before the fault, so that a failing answer can name its request.
 * Fails: BODY_TOO_LARGE, ENCODING, XML_NOT_WELL_FORMED, XML_DOCTYPE, XML_TOO_DEEP,
 * JSON_NOT_WELL_FORMED, MEMORY_LIMIT.
 */
MUST_CHECK enum status element_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                                    struct element **document);

/* The first child of a name, or NULL; parent may be NULL. */
struct element *element_find(const struct element *parent, struct text name);

/* True for a name of ASCII letters, digits, hyphens, dots and underscores, which every encoding
 * has. */
bool element_name_ok(const struct element *element);

/* What the two readers build a tree with. */
struct element_builder {
    struct scope *scope;
    struct element *document; /* nameless */
    struct element *open;     /* the innermost open element */
    size_t depth, count;      /* elements open; elements made */
    char *bytes;              /* names and texts, as many as the message has bytes */
    size_t size, capacity;
    size_t text_start;  /* where the text of the open element begins */
    enum status status; /* the first failure; nothing is built after it */
};

/* capacity: bytes of the message, in UTF-8. */
MUST_CHECK enum status element_builder_begin(struct scope *scope, size_t capacity,
                                             struct element_builder *out);
/* The builder's functions note a failure in status, so that they can serve as callbacks. */
void element_builder_open(struct element_builder *builder, struct text name);
void element_builder_text(struct element_builder *builder, struct text text);
void element_builder_close(struct element_builder *builder);

/* One a syntax, for element_read(): bytes are within the size limit; builder is not begun. */
MUST_CHECK enum status xml_read(struct scope *scope, struct text bytes,
                                struct element_builder *builder);
MUST_CHECK enum status json_read(struct scope *scope, struct text bytes,
                                 struct element_builder *builder);
