/* SPDX-License-Identifier: Apache-2.0
 *
 * A file layer of SQLite for read connections that maps the whole database.
 *
 * Debian's build maps at most 2 GiB of a file; each page behind that costs a system call and a
 * copy. This layer hands out pages of a mapping of its own, as large as the file, and leaves all
 * else to the layer below. It also remembers the size of the file for as long as SQLite says that
 * nothing has changed, which spares each look-up in a store without a log a system call.
 *
 * The mapping is made from the lower layer's, not from a descriptor of our own: closing one would
 * drop the locks that other connections of this process hold on the file (fcntl(2)). Where it
 * cannot be made, the lower layer's 2 GiB serve.
 */
#include <string.h>
#include <sys/mman.h>

#include "store/db_sqlite.h"

/* Address space costs nothing: twice the file and more, so that a growing one seldom needs anew. */
#define MAPPING_LEAST ((sqlite3_int64)16 << 20)
#define MAPS_MAX 16
#define PAGE 4096

struct mapping {
    char *bytes;
    sqlite3_int64 size;
};

struct mapped_file {
    sqlite3_file base; /* first: SQLite sees this */
    sqlite3_file *below;
    struct mapping maps[MAPS_MAX]; /* the last is used; pages of former ones may still be out */
    int map_count;
    sqlite3_int64 size; /* of the file, bytes; -1 = ask */
};

static struct mapped_file *mapped(sqlite3_file *file)
{
    return (struct mapped_file *)file;
}

static sqlite3_file *below(sqlite3_file *file)
{
    return mapped(file)->below;
}

/* --- the mapping -------------------------------------------------------------------------------
 */

/* A second mapping of the same file, as long as we like: mremap(2) with an old size of 0. */
static void add_mapping(struct mapped_file *self, sqlite3_int64 size)
{
    void *first = NULL;
    void *made = MAP_FAILED;

    if (self->map_count == MAPS_MAX ||
        self->below->pMethods->xFetch(self->below, 0, PAGE, &first) != SQLITE_OK || !first)
        return;
    made = mremap(first, 0, (size_t)size, MREMAP_MAYMOVE);
    self->below->pMethods->xUnfetch(self->below, 0, first);
    if (made == MAP_FAILED)
        return;
    madvise(made, (size_t)size, MADV_RANDOM);
    self->maps[self->map_count++] = (struct mapping){made, size};
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    struct mapped_file *self = mapped(file);
    int code = SQLITE_OK;

    if (self->size < 0)
        code = self->below->pMethods->xFileSize(self->below, &self->size);
    *size = self->size;
    return code;
}

static int fetch(sqlite3_file *file, sqlite3_int64 at, int amount, void **out)
{
    struct mapped_file *self = mapped(file);
    sqlite3_int64 size = 0;

    *out = NULL;
    if (file_size(file, &size) != SQLITE_OK || at + amount > size)
        return SQLITE_OK; /* SQLite reads such a page, and sees what is wrong with it */
    if (self->map_count == 0 || at + amount > self->maps[self->map_count - 1].size)
        add_mapping(self, size * 2 + MAPPING_LEAST);
    if (self->map_count == 0 || at + amount > self->maps[self->map_count - 1].size)
        return self->below->pMethods->xFetch(self->below, at, amount, out);
    *out = self->maps[self->map_count - 1].bytes + at;
    return SQLITE_OK;
}

static bool is_ours(const struct mapped_file *self, const char *page)
{
    for (int i = 0; i < self->map_count; i++)
        if (page >= self->maps[i].bytes && page < self->maps[i].bytes + self->maps[i].size)
            return true;
    return false;
}

/* Without a page: another process has changed the file, perhaps its size. */
static int unfetch(sqlite3_file *file, sqlite3_int64 at, void *page)
{
    struct mapped_file *self = mapped(file);

    if (!page)
        self->size = -1;
    if (page && is_ours(self, page))
        return SQLITE_OK;
    return self->below->pMethods->xUnfetch(self->below, at, page);
}

static int close_file(sqlite3_file *file)
{
    struct mapped_file *self = mapped(file);

    for (int i = 0; i < self->map_count; i++)
        munmap(self->maps[i].bytes, (size_t)self->maps[i].size);
    self->map_count = 0;
    return self->below->pMethods->xClose(self->below);
}

/* --- all else goes below -------------------------------------------------------------------------
 */

static int read_file(sqlite3_file *file, void *out, int amount, sqlite3_int64 at)
{
    return below(file)->pMethods->xRead(below(file), out, amount, at);
}

static int write_file(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 at)
{
    mapped(file)->size = -1;
    return below(file)->pMethods->xWrite(below(file), bytes, amount, at);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    mapped(file)->size = -1;
    return below(file)->pMethods->xTruncate(below(file), size);
}

static int sync_file(sqlite3_file *file, int flags)
{
    return below(file)->pMethods->xSync(below(file), flags);
}

static int lock_file(sqlite3_file *file, int level)
{
    return below(file)->pMethods->xLock(below(file), level);
}

static int unlock_file(sqlite3_file *file, int level)
{
    mapped(file)->size = -1;
    return below(file)->pMethods->xUnlock(below(file), level);
}

static int check_reserved(sqlite3_file *file, int *out)
{
    return below(file)->pMethods->xCheckReservedLock(below(file), out);
}

static int control(sqlite3_file *file, int operation, void *argument)
{
    return below(file)->pMethods->xFileControl(below(file), operation, argument);
}

static int sector_size(sqlite3_file *file)
{
    return below(file)->pMethods->xSectorSize(below(file));
}

static int characteristics(sqlite3_file *file)
{
    return below(file)->pMethods->xDeviceCharacteristics(below(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return below(file)->pMethods->xShmMap(below(file), page, size, extend, out);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return below(file)->pMethods->xShmLock(below(file), offset, count, flags);
}

static void shm_barrier(sqlite3_file *file)
{
    below(file)->pMethods->xShmBarrier(below(file));
}

static int shm_unmap(sqlite3_file *file, int remove)
{
    return below(file)->pMethods->xShmUnmap(below(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 3,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = fetch,
    .xUnfetch = unfetch,
};

/* --- the layer
 * -------------------------------------------------------------------------------------- */

static sqlite3_vfs layer;

static sqlite3_vfs *lower_layer(const sqlite3_vfs *vfs)
{
    return vfs->pAppData;
}

/* Databases are ours; logs and temporary files are as the lower layer makes them. */
static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *taken)
{
    sqlite3_vfs *lower = lower_layer(vfs);
    struct mapped_file *self = mapped(file);
    int code = SQLITE_OK;

    if (!(flags & SQLITE_OPEN_MAIN_DB))
        return lower->xOpen(lower, name, file, flags, taken);
    *self = (struct mapped_file){.below = (sqlite3_file *)(self + 1), .size = -1};
    self->below->pMethods = NULL;
    code = lower->xOpen(lower, name, self->below, flags, taken);
    if (code == SQLITE_OK && self->below->pMethods->iVersion >= 3)
        self->base.pMethods = &methods;
    else if (self->below->pMethods)
        self->below->pMethods->xClose(self->below);
    return code == SQLITE_OK && !self->base.pMethods ? SQLITE_CANTOPEN : code;
}

void db_sqlite_map_register(void)
{
    sqlite3_vfs *lower = sqlite3_vfs_find(NULL);

    if (!lower)
        return;
    layer =
        *lower; /* paths, time and chance as below: those functions do not look at their layer */
    layer.zName = DB_SQLITE_MAP_LAYER;
    layer.pNext = NULL;
    layer.szOsFile = lower->szOsFile + (int)sizeof(struct mapped_file);
    layer.pAppData = lower;
    layer.xOpen = open_file;
    sqlite3_vfs_register(&layer, 0); /* cannot fail once SQLite is there */
}
