/* SPDX-License-Identifier: Apache-2.0 */
#include "world/residents.h"

#include <string.h>

#include "resident/resident_file.h"
#include "store/store_register.h"
#include "world/individual.h"

#define VARIANT_EVERY 3 /* of those whose name has one */

static enum status write_configuration(struct scope *scope, const struct world_folder *folder)
{
    struct text content = {0};

    TRY(text_format(scope, &content,
                    "# shikaku register serve --config register.conf\n"
                    "listen-address = 127.0.0.1\n"
                    "listen-port = 8445\n"
                    "store = %s/register.sqlite\n"
                    "certificate = %s/pki/register.pem\n"
                    "key = %s/pki/register.key\n"
                    "client-ca = %s/pki/network-ca.pem\n",
                    folder->path, folder->path, folder->path, folder->path));
    return folder_write(scope, folder, "register.conf", content);
}

enum status residents_begin(struct scope *scope, const struct world_folder *folder,
                            struct store *store, struct residents *out)
{
    char path[FOLDER_PATH_SIZE];

    out->store = store;
    folder_path(folder, "pki/link.key", path);
    TRY(link_key_make(scope, path, &out->key));
    folder_path(folder, "register.sqlite", path);
    TRY(resident_file_open(scope, path, RESIDENT_CREATE, &out->file));
    TRY(write_configuration(scope, folder));
    return resident_load_begin(scope, out->file);
}

/* --- what the register has that the insurer does not -------------------------------------------
 */

/* The first character that has another form is written in it. */
static enum status write_variant(struct scope *scope, struct text name, struct text *out)
{
    static const struct {
        const char *common, *variant;
    } forms[] = {{"高", "髙"}, {"崎", "﨑"}, {"斎", "齋"},
                 {"辺", "邊"}, {"浜", "濱"}, {"沢", "澤"}};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t size = strlen(forms[i].common);
        const char *at = memmem(name.bytes, name.size, forms[i].common, size);
        size_t before = at ? (size_t)(at - name.bytes) : 0;
        if (at)
            return text_format(scope, out, "%.*s%s%.*s", (int)before, name.bytes, forms[i].variant,
                               (int)(name.size - before - size), at + size);
    }
    *out = name;
    return STATUS_OK;
}

static enum status differ(struct scope *scope, const struct person *person,
                          struct register_identity *identity)
{
    if (person->register_difference == 1)
        identity->birth = date_add_days(identity->birth, 1);
    if (person->register_difference == 2) {
        identity->name = TEXT("相違　名");
        identity->kana = TEXT("ｿｳｲ ﾒｲ");
    }
    if (person->register_difference == 3)
        return text_format(scope, &identity->address, "%.*s９９９", TEXT_ARGS(identity->address));
    return STATUS_OK;
}

/* The day before the first day not covered, where the loss is a death. */
static struct date death_of(const struct person *person)
{
    for (size_t i = 0; i < person->coverage_count; i++)
        if (person->coverages[i].loss_reason == LOSS_DEATH)
            return date_add_days(person->coverages[i].until, -1);
    return DATE_NONE;
}

static enum status describe(struct scope *scope, const struct person *person,
                            struct register_person *out)
{
    struct register_identity *identity = &out->identity;

    *identity = (struct register_identity){
        .name = person->name,
        .kana = person->name_kana,
        .address = person->address,
        .birth = person->birth,
        .sex = person->sex1 == SEX_NOT_SET ? person->sex2 : person->sex1,
    };
    out->supported = person->protection != 0;
    out->died = death_of(person);
    if (person->person_id % VARIANT_EVERY == 0)
        TRY(write_variant(scope, identity->name, &identity->name));
    return differ(scope, person, identity);
}

enum status residents_add(struct scope *scope, struct residents *residents,
                          const struct person *person, const char *municipality)
{
    char number[INDIVIDUAL_NUMBER_SIZE];
    char link[LINK_CODE_SIZE];
    struct register_person resident = {.municipality = text_of(municipality)};
    struct person_key key = {{link, LINK_CODE_SIZE - 1}, person->person_id};
    enum status status = STATUS_OK;

    individual_number_make(person->person_id, number);
    resident.number = text_of(number);
    resident.link = key.link;
    TRY(describe(scope, person, &resident));
    status = link_code_make(scope, &residents->key, resident.number, link);
    if (status == STATUS_OK)
        status = resident_add(scope, residents->file, &resident);
    explicit_bzero(number, sizeof number);
    return status == STATUS_OK ? store_load_person_key(scope, residents->store, &key) : status;
}

enum status residents_end(struct scope *scope, struct residents *residents)
{
    return resident_load_end(scope, residents->file);
}

void residents_close(struct residents *residents)
{
    resident_file_close(residents->file);
    link_key_drop(&residents->key);
    residents->file = NULL;
}
