/* SPDX-License-Identifier: Apache-2.0 */
#include "format/envelope.h"

#include "format/fields.h"

#define INSTITUTION_DIGITS 10

/* Looks for the only child of a name; *out stays NULL where there is none. */
static enum status find_single(struct scope *scope, const struct element *parent, struct text name,
                               const struct element **out, size_t *others)
{
    const struct element *found = NULL;

    for (const struct element *child = parent->first; child; child = child->next) {
        if (!text_equal(child->name, name)) {
            ++*others;
            continue;
        }
        if (found)
            return scope_fail(scope, CAUSE_ELEMENT_REPEATED, "element %.*s", TEXT_ARGS(name));
        found = child;
    }
    *out = found;
    return STATUS_OK;
}

enum status envelope_open(struct scope *scope, const struct element *document, struct envelope *out)
{
    const struct element *root = element_find(document, TEXT("XmlMsg"));
    struct envelope envelope = {0};
    size_t beside_header = 0;
    size_t beside_body = 0;

    if (!root)
        return scope_fail(scope, CAUSE_XML_ROOT, "the root is not XmlMsg");
    TRY(find_single(scope, root, TEXT("MessageHeader"), &envelope.header, &beside_header));
    TRY(find_single(scope, root, TEXT("MessageBody"), &envelope.body, &beside_body));
    if (!envelope.body)
        return scope_fail(scope, CAUSE_XML_ROOT, "no MessageBody");
    envelope.unknown = beside_body - (envelope.header ? 1 : 0);
    *out = envelope;
    return STATUS_OK;
}

enum status envelope_group(struct scope *scope, struct envelope *envelope, struct text name,
                           const struct element **out)
{
    TRY(find_single(scope, envelope->body, name, out, &envelope->unknown));
    if (!*out)
        return scope_fail(scope, CAUSE_XML_ROOT, "no %.*s", TEXT_ARGS(name));
    return STATUS_OK;
}

static struct text leaf_text(const struct element *parent, struct text name)
{
    const struct element *leaf = element_find(parent, name);

    return leaf ? leaf->text : (struct text){0};
}

void envelope_partial(const struct element *document, struct oqs_partial *out)
{
    const struct element *root = element_find(document, TEXT("XmlMsg"));
    const struct element *header = element_find(root, TEXT("MessageHeader"));
    struct text institution = text_trim(leaf_text(header, TEXT("MedicalInstitutionCode")));
    struct text identifier = leaf_text(header, TEXT("ArbitraryFileIdentifier"));
    struct text on = text_trim(leaf_text(header, TEXT("QualificationConfirmationDate")));

    if (!out)
        return;
    *out = (struct oqs_partial){0};
    if (text_is_digits(institution) && institution.size <= INSTITUTION_DIGITS)
        out->institution = institution;
    if (!field_identifier_ok(identifier))
        identifier = text_trim(identifier);
    if (field_identifier_ok(identifier))
        out->file_identifier = identifier;
    (void)date_read(on.bytes, on.size, &out->on);
}
