/* SPDX-License-Identifier: Apache-2.0
 *
 * envelope.h - what all messages share: XmlMsg with MessageHeader and MessageBody.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "format/element.h"
#include "format/oqs.h"

/* The groups of a message. */
struct envelope {
    const struct element *header; /* MessageHeader, or NULL */
    const struct element *body;   /* MessageBody */
    size_t unknown;               /* elements beside the two */
};

/*
 * Finds the groups. Fails: XML_ROOT where the root or the body is missing, ELEMENT_REPEATED where
 * there are two headers or bodies.
 */
MUST_CHECK enum status envelope_open(struct scope *scope, const struct element *document,
                                     struct envelope *out);

/*
 * The only group of a name in the body. Fails: XML_ROOT where it is not there (another kind of
 * message), ELEMENT_REPEATED. Others in the body are counted as unknown.
 */
MUST_CHECK enum status envelope_group(struct scope *scope, struct envelope *envelope,
                                      struct text name, const struct element **out);

/* What can be told of a request's header, read or not. document and out may be NULL. */
void envelope_partial(const struct element *document, struct oqs_partial *out);
