/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_request_name.c - aims at request_name_read(); corpus: tests/data/request_name/
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/desk.h"
#include "terminal/request_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    char name[REQUEST_NAME_MAX] = "";
    struct request_name read = {0};
    size_t stem = 0;

    /* the end of a request, for desk_looks_whole(), is as hostile as a name */
    (void)desk_looks_whole((struct text){(const char *)bytes, size});
    memcpy(name, bytes, size < sizeof name - 1 ? size : sizeof name - 1);
    read = request_name_read(name);
    if ((read.kind == REQUEST_MISNAMED) != (read.fault != NAME_GOOD))
        abort();
    if (read.kind == REQUEST_IGNORED || read.kind == REQUEST_MISNAMED) {
        if (read.result[0] != '\0')
            abort();
        return 0;
    }
    stem = strspn(read.result, allowed);
    if (strcmp(read.result + stem, ".xml") != 0 || !strstr(read.result, "res_"))
        abort(); /* a result's name never leads out of res/ */
    return 0;
}
