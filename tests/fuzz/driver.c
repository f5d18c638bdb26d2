/* SPDX-License-Identifier: Apache-2.0
 *
 * driver.c - runs a fuzz target without libFuzzer: every file of a folder, then mutations of each
 * (cut, flipped, doubled bytes; a fixed sequence of numbers, so that a failure repeats).
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define MUTATIONS 200
#define FILE_MAX (1 << 20)

static uint64_t random_state = 88172645463325252ULL;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Changes a copy at up to four places, or cuts it. Returns the new size. */
static size_t mutate(uint8_t *bytes, size_t size)
{
    size_t changes = 1 + next_random() % 4;

    if (size == 0)
        return 0;
    for (size_t i = 0; i < changes; i++)
        bytes[next_random() % size] = (uint8_t)next_random();
    return next_random() % 4 == 0 ? next_random() % size : size;
}

static void run_file(const char *path)
{
    static uint8_t original[FILE_MAX];
    FILE *file = fopen(path, "rb");
    size_t size = 0;

    if (!file)
        return;
    size = fread(original, 1, sizeof original, file);
    fclose(file);
    for (int i = 0; i <= MUTATIONS; i++) {
        /* an allocation of exactly the size, so that reading past it is found */
        uint8_t *copy = malloc(size ? size : 1);
        size_t used = size;
        if (!copy)
            abort();
        memcpy(copy, original, size);
        if (i > 0)
            used = mutate(copy, size);
        uint8_t *exact = malloc(used ? used : 1);
        if (!exact)
            abort();
        memcpy(exact, copy, used);
        LLVMFuzzerTestOneInput(exact, used);
        free(exact);
        free(copy);
    }
}

int main(int argc, char **argv)
{
    DIR *folder = argc > 1 ? opendir(argv[1]) : NULL;
    int files = 0;

    if (!folder) {
        puts("1..1\nnot ok 1 - the corpus folder cannot be read");
        return 1;
    }
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        run_file(path);
        files++;
    }
    closedir(folder);
    printf("1..1\n%s 1 - %d corpus files and %d mutations of each\n", files ? "ok" : "not ok", files,
           MUTATIONS);
    return files ? 0 : 1;
}
