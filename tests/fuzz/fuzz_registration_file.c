/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_registration_file.c - aims at csv_next(), csv_split(), registration_row_read(), the header's
 * and the trailer's readers; corpus: tests/data/registration_file/
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/registration_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* Hands the input over in pieces, as a disk or a network may. */
struct pieces {
    const uint8_t *bytes;
    size_t size, at;
};

static enum status fill(struct scope *scope, void *pieces_, char *room, size_t size, size_t *filled)
{
    struct pieces *pieces = pieces_;
    size_t left = pieces->size - pieces->at;
    size_t piece = 1 + pieces->at % 251;

    (void)scope;
    *filled = piece < left ? piece : left;
    *filled = *filled < size ? *filled : size;
    if (*filled > 0)
        memcpy(room, pieces->bytes + pieces->at, *filled);
    pieces->at += *filled;
    return STATUS_OK;
}

static enum status refill(struct scope *scope, void *written_, char *room, size_t size,
                          size_t *filled)
{
    struct text *written = written_;

    (void)scope;
    *filled = written->size < size ? written->size : size;
    if (*filled > 0)
        memcpy(room, written->bytes, *filled);
    written->bytes += *filled;
    written->size -= *filled;
    return STATUS_OK;
}

/* What was read and written is read as the same. */
static void write_again(struct scope *scope, const struct registration_row *row)
{
    struct text_buffer buffer = text_buffer_begin(scope, 256);
    struct registration_finding finding = {0};
    struct registration_row again;
    struct csv_reader reader = {0};
    struct csv_record record = {0};
    struct text line = {0};
    struct text raw = {0};

    registration_row_write(&buffer, row);
    demand(text_buffer_end(&buffer, &line) == STATUS_OK);
    demand(csv_begin(scope, refill, &line, &reader) == STATUS_OK);
    demand(csv_next(scope, &reader, &raw) == STATUS_OK);
    demand(csv_split(scope, raw, &record) == STATUS_OK);
    demand(registration_row_read(&record, &again, &finding));
    demand(again.type == row->type && again.op == row->op && text_equal(again.key, row->key));
    demand(date_compare(again.effective, row->effective) == 0);
    for (size_t i = 0; i < registration_type_at(row->type)->count; i++)
        demand(again.values[i].told == row->values[i].told &&
               again.values[i].number == row->values[i].number);
}

static void read_record(struct scope *scope, struct text raw)
{
    struct registration_finding finding = {0};
    struct registration_trailer trailer = {0};
    struct registration_header header = {0};
    struct csv_record record = {0};
    struct registration_row row;

    if (csv_split(scope, raw, &record) != STATUS_OK) {
        demand(scope->cause == CAUSE_REGISTRATION_CSV);
        return;
    }
    demand(record.count <= CSV_FIELDS_MAX);
    if (registration_row_read(&record, &row, &finding))
        write_again(scope, &row);
    else
        demand(finding.cause != CAUSE_NONE && registration_result(&finding) == 2);
    if (registration_header_read(scope, &record, &header) != STATUS_OK)
        scope_forgive(scope);
    else
        demand(header.rows >= 0 && header.rows <= REGISTRATION_ROWS_MAX);
    if (registration_trailer_read(scope, &record, &trailer) == STATUS_OK)
        demand(trailer.rows >= 0 && strlen(trailer.sha256) == 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4UL << 20);
    struct pieces pieces = {bytes, size, 0};
    struct csv_reader reader = {0};
    struct text raw = {0};
    int64_t seen = 0;

    demand(csv_begin(&scope, fill, &pieces, &reader) == STATUS_OK);
    while (csv_next(&scope, &reader, &raw) == STATUS_OK) {
        CLEANUP(scope_end) struct scope inner = scope_begin(1UL << 20);
        seen += (int64_t)raw.size;
        demand(raw.size > 0 && raw.size <= CSV_RECORD_MAX && reader.offset == seen);
        read_record(&inner, raw);
    }
    demand(scope.cause == CAUSE_REGISTRATION_CSV || seen == (int64_t)size);
    return 0;
}
