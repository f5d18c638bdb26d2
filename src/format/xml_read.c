/* SPDX-License-Identifier: Apache-2.0
 *
 * XML to elements: libxml2's SAX parser, with nothing of XML that a message does not need.
 *
 * The bytes are made UTF-8 and checked before the parser sees them, and the parser is told not to
 * believe the declaration. Limits are counted while parsing; the first fault stops the parser.
 */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <string.h>

#include "format/cp932.h"
#include "format/element.h"
#include "format/xml_declaration.h"

/*
 * Equals signs in a message at most. Messages have no attributes; libxml2 compares the attributes
 * of an element each with each, so that many in one tag would cost a hundred milliseconds.
 */
#define EQUALS_SIGNS_MAX 1000

struct parse {
    struct element_builder *builder;
    xmlParserCtxt *parser;
};

static void stop_on_failure(struct parse *parse)
{
    if (parse->builder->status != STATUS_OK)
        xmlStopParser(parse->parser);
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
    struct parse *parse = user;

    (void)attributes;
    element_builder_open(parse->builder, text_of((const char *)name));
    stop_on_failure(parse);
}

static void on_end(void *user, const xmlChar *name)
{
    struct parse *parse = user;

    (void)name;
    element_builder_close(parse->builder);
}

static void on_text(void *user, const xmlChar *bytes, int size)
{
    struct parse *parse = user;

    element_builder_text(parse->builder, (struct text){(const char *)bytes, (size_t)size});
    stop_on_failure(parse);
}

static void on_doctype(void *user, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    struct parse *parse = user;

    (void)name;
    (void)public_id;
    (void)system_id;
    if (parse->builder->status == STATUS_OK)
        parse->builder->status =
            scope_fail(parse->builder->scope, CAUSE_XML_DOCTYPE, "DOCTYPE is refused");
    stop_on_failure(parse);
}

/* No handler for entities: only the five predefined ones are known. No error handler: silent. */
static const xmlSAXHandler handlers = {
    .internalSubset = on_doctype,
    .startElement = on_start,
    .endElement = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .initialized = 1,
};

/* Bytes of any accepted encoding to UTF-8 without byte-order mark. */
static enum status decode(struct scope *scope, struct text bytes, struct text *utf8)
{
    enum oqs_encoding encoding = OQS_UTF8;
    size_t mark = 0;

    if (!xml_declared_encoding(bytes, &encoding, &mark))
        return scope_fail(scope, CAUSE_ENCODING, "the encoding is neither UTF-8 nor Shift_JIS");
    if (encoding == OQS_SHIFT_JIS)
        return cp932_to_utf8(scope, bytes, utf8);
    *utf8 = (struct text){bytes.bytes + mark, bytes.size - mark};
    if (!text_is_utf8(*utf8))
        return scope_fail(scope, CAUSE_ENCODING, "not UTF-8, or a NUL");
    return STATUS_OK;
}

static bool too_many_equals_signs(struct text text)
{
    const char *end = text.bytes + text.size;
    const char *at = memchr(text.bytes, '=', text.size);
    size_t count = 0;

    while (at && ++count <= EQUALS_SIGNS_MAX)
        at = memchr(at + 1, '=', (size_t)(end - at) - 1);
    return count > EQUALS_SIGNS_MAX;
}

static void drop_parser(xmlParserCtxt **parser)
{
    if (!*parser)
        return;
    (*parser)->sax = NULL; /* ours, constant */
    if ((*parser)->myDoc)  /* this release makes none for our handlers */
        xmlFreeDoc((*parser)->myDoc);
    (*parser)->myDoc = NULL;
    xmlFreeParserCtxt(*parser);
}

static enum status run(struct scope *scope, struct text utf8, struct element_builder *builder)
{
    CLEANUP(drop_parser)
    xmlParserCtxt *parser = xmlCreateMemoryParserCtxt(utf8.bytes, (int)utf8.size);
    struct parse parse = {builder, parser};
    xmlSAXHandler own = handlers;
    int result = 0;

    if (!parser)
        return scope_fail(scope, CAUSE_XML_NOT_WELL_FORMED, "nothing to parse");
    xmlFree(parser->sax);
    parser->sax = &own;
    parser->userData = &parse;
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    result = xmlParseDocument(parser);
    xmlResetLastError(); /* it may quote the message */
    TRY(builder->status);
    if (result != 0 || !parser->wellFormed)
        return scope_fail(scope, CAUSE_XML_NOT_WELL_FORMED, "not well-formed");
    return STATUS_OK;
}

enum status xml_read(struct scope *scope, struct text bytes, struct element_builder *builder)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct text utf8 = {0};

    pthread_once(&once, xmlInitParser);
    TRY(decode(scope, bytes, &utf8));
    TRY(element_builder_begin(scope, utf8.size, builder));
    if (too_many_equals_signs(utf8))
        return scope_fail(scope, CAUSE_XML_TOO_DEEP, "too many attributes");
    return run(scope, utf8, builder);
}
