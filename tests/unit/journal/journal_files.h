/* SPDX-License-Identifier: Apache-2.0
 *
 * journal_files.h - what the journal's tests share: throw-away directories, files as bytes,
 * entries.
 */
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/inspect.h"
#include "journal/journal.h"

#define PATH_SIZE 512

struct place {
    char path[128];
};

/* The bytes of a file. */
struct image {
    unsigned char *bytes;
    size_t size;
};

static inline void image_drop(struct image *image)
{
    free(image->bytes);
    image->bytes = NULL;
}

static inline struct place place_make(void)
{
    struct place place = {{0}};
    /* in memory where it can be: thousands of syncs, none of which may reach a disk slowly */
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    snprintf(place.path, sizeof place.path, "%s/shikaku-journal-XXXXXX", base);
    assert_non_null(mkdtemp(place.path));
    return place;
}

static inline void place_file(const struct place *place, const char *name, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%s/%s", place->path, name);
}

static inline void place_drop(struct place *place)
{
    DIR *folder = opendir(place->path);

    for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder)) {
        char path[PATH_SIZE];
        if (entry->d_name[0] == '.')
            continue;
        place_file(place, entry->d_name, path);
        unlink(path);
    }
    if (folder)
        closedir(folder);
    rmdir(place->path);
}

static inline struct image image_read(const struct place *place, const char *name)
{
    struct image image = {0};
    struct stat stat = {0};
    char path[PATH_SIZE];
    int fd = -1;

    place_file(place, name, path);
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && fstat(fd, &stat) == 0);
    image.size = (size_t)stat.st_size;
    image.bytes = malloc(image.size + 1);
    assert_non_null(image.bytes);
    assert_int_equal(read(fd, image.bytes, image.size), image.size);
    close(fd);
    return image;
}

static inline void image_write(const struct place *place, const char *name,
                               const struct image *image)
{
    char path[PATH_SIZE];
    int fd = -1;

    place_file(place, name, path);
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, image->bytes, image->size), image->size);
    assert_int_equal(ftruncate(fd, (off_t)image->size), 0);
    close(fd);
}

/* A synthetic entry whose texts, and so size, vary with a number; holder keeps them. */
static inline struct journal_entry entry_of(uint64_t number, char holder[32])
{
    static const char *const terminals[] = {NULL, "T1", "FRONT-DESK-02", "R"};

    snprintf(holder, 32, "%016llx", (unsigned long long)number);
    return (struct journal_entry){
        .operation = JOURNAL_CHECK_BY_CARD,
        .at = {INT64_C(1793977200000000) + (int64_t)number},
        .request_id = holder,
        .institution = "1311234567",
        .client = "00112233445566aa",
        .terminal = terminals[number % 4],
        .person_id = (int64_t)number * 7,
        .coverage_id = (int64_t)number * 11,
        .on = DATE(20261105),
        .mode = IDENTITY_PIN,
        .consents = 5,
        .validity = VALIDITY_VALID,
        .rule = "E1.valid",
        .cause = number % 3 ? CAUSE_NONE : CAUSE_REMARK_CERTIFICATE_ALERT,
    };
}

static inline struct journal *journal_begin(const struct place *place, size_t segment_bytes)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal_options options = {.segment_bytes = segment_bytes};
    struct journal *journal = NULL;

    if (journal_open(&scope, place->path, &options, &journal) != STATUS_OK)
        print_error("%s\n", scope.failure);
    assert_non_null(journal);
    return journal;
}

/* Appends entries first to last, one group each. */
static inline void append_all(struct journal *journal, uint64_t first, uint64_t last)
{
    for (uint64_t i = first; i <= last; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(0);
        char holder[32];
        struct journal_entry entry = entry_of(i, holder);
        assert_int_equal(journal_append_wait(&scope, journal, &entry), STATUS_OK);
    }
}

static inline struct journal_report verify(const struct place *place)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal_report report = {0};

    assert_int_equal(journal_verify(&scope, place->path, NULL, &report), STATUS_OK);
    return report;
}
