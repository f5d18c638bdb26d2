/* SPDX-License-Identifier: Apache-2.0
 *
 * segment.h - the bytes of one journal file, for those who follow its records.
 *
 * Read from the end to the start: of two parts of a file that is being written, the later one is
 * never newer than the earlier one, so that a live journal looks as it did at one moment. The zeros
 * behind the last record are looked at, but not kept.
 */
#pragma once

#include "journal/folder.h"

struct segment {
    uint32_t number;
    bool last; /* the highest number of the journal */
    unsigned char *bytes;
    size_t size;        /* bytes kept */
    uint64_t file_size; /* bytes of the file; those not kept are zero */
};

/*
 * Fails with FILE_UNAVAILABLE. Of a file that is too long only the first SEGMENT_SIZE_MAX bytes.
 * settled: nobody writes it, and it is read only up to where nothing can be that a crash left: a
 * start need not look at 64 MiB of zeros.
 */
MUST_CHECK enum status segment_read(struct scope *scope, const struct folder *folder,
                                    uint32_t number, bool settled, struct segment *out);
void segment_drop(struct segment *segment);
