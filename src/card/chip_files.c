/* SPDX-License-Identifier: Apache-2.0
 *
 * chip_files.c - applications and files: SELECT, READ BINARY, READ RECORD (card-and-pki 1.1-1.3).
 */
#include <stdio.h>
#include <string.h>

#include "card/chip.h"

#define LABEL_TEXT 32 /* characters of EF 0006 that are the label */

static const struct {
    unsigned char id[10];
    enum chip_application application;
} applications[] = {
    {{0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01}, CHIP_JPKI},
    {{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00}, CHIP_COMMON},
};

static struct text label(const struct chip *chip)
{
    return (struct text){chip->label, sizeof chip->label};
}

/* Which certificates there are: for signatures, for authentication; the third byte is unknown. */
static struct text presence(const struct chip *chip)
{
    if (text_empty(chip->image.sign_certificate))
        return (struct text){"\x00\x8F\x00", 3};
    return (struct text){"\x8F\x8F\x00", 3};
}

static struct text unknown(const struct chip *chip)
{
    static const char bytes[16] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

    (void)chip;
    return (struct text){bytes, sizeof bytes};
}

static struct text sign_certificate(const struct chip *chip)
{
    return chip->image.sign_certificate;
}

static struct text sign_ca(const struct chip *chip)
{
    return chip->image.sign_ca;
}

static struct text auth_certificate(const struct chip *chip)
{
    return chip->image.auth_certificate;
}

static struct text auth_ca(const struct chip *chip)
{
    return chip->image.auth_ca;
}

static struct text record(const struct chip *chip)
{
    return (struct text){chip->record, sizeof chip->record - 1};
}

enum file_kind {
    BINARY, /* there only where it holds something */
    RECORD, /* one record */
    SECRET, /* keys and references: can be selected, never read */
    OPAQUE, /* answers SELECT; its use is not known */
};

enum file_condition {
    FREE,
    AFTER_PASSWORD,       /* the signature password */
    AFTER_PIN_ON_ANDROID, /* the PIN where the card is an Android phone */
};

/* Every EF, one row each (card-and-pki 1.2). */
static const struct file {
    enum chip_application application;
    uint16_t id;
    enum file_kind kind;
    enum file_condition condition;
    struct text (*content)(const struct chip *chip);
} files[] = {
    {CHIP_JPKI, 0x0001, BINARY, AFTER_PASSWORD, sign_certificate},
    {CHIP_JPKI, 0x0002, BINARY, FREE, sign_ca},
    {CHIP_JPKI, 0x0005, OPAQUE, FREE, NULL},
    {CHIP_JPKI, 0x0006, BINARY, FREE, label},
    {CHIP_JPKI, 0x0008, BINARY, FREE, presence},
    {CHIP_JPKI, 0x0009, BINARY, FREE, unknown},
    {CHIP_JPKI, 0x000A, BINARY, AFTER_PIN_ON_ANDROID, auth_certificate},
    {CHIP_JPKI, 0x000B, BINARY, FREE, auth_ca},
    {CHIP_JPKI, 0x0010, OPAQUE, FREE, NULL},
    {CHIP_JPKI, 0x0016, SECRET, FREE, NULL},
    {CHIP_JPKI, 0x0017, SECRET, FREE, NULL},
    {CHIP_JPKI, 0x0018, SECRET, FREE, NULL},
    {CHIP_JPKI, 0x0019, OPAQUE, FREE, NULL},
    {CHIP_JPKI, 0x001A, SECRET, FREE, NULL},
    {CHIP_JPKI, 0x001B, SECRET, FREE, NULL},
    {CHIP_JPKI, 0x001C, OPAQUE, FREE, NULL},
    {CHIP_JPKI, 0x001E, OPAQUE, FREE, NULL},
    {CHIP_COMMON, 0x0001, RECORD, FREE, record}, /* id and layout are ours: not published */
};

void chip_fill_files(struct chip *chip)
{
    const struct card_image *image = &chip->image;
    size_t size = image->label.size < LABEL_TEXT ? image->label.size : LABEL_TEXT;

    memset(chip->label, ' ', LABEL_TEXT);
    if (size > 0)
        memcpy(chip->label, image->label.bytes, size);
    snprintf(chip->record, sizeof chip->record, "%.*s%.*s%08d", TEXT_ARGS(image->card_number),
             TEXT_ARGS(image->municipality), image->card_expires.yyyymmdd);
}

static const struct file *find_file(const struct chip *chip, uint16_t id)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i].application != chip->application || files[i].id != id)
            continue;
        if (files[i].content && text_empty(files[i].content(chip)))
            return NULL;
        return &files[i];
    }
    return NULL;
}

static enum chip_status select_application(struct chip *chip, const struct chip_command *command)
{
    for (size_t i = 0; i < sizeof applications / sizeof applications[0]; i++) {
        if (command->size != sizeof applications[i].id ||
            memcmp(command->data, applications[i].id, command->size) != 0)
            continue;
        chip_reset(chip);
        chip->application = applications[i].application;
        return CHIP_OK;
    }
    return CHIP_NOT_FOUND;
}

static enum chip_status select_file(struct chip *chip, const struct chip_command *command)
{
    uint16_t id = 0;

    if (command->size != 2)
        return CHIP_WRONG_LENGTH;
    id = (uint16_t)(command->data[0] << 8 | command->data[1]);
    if (!find_file(chip, id))
        return CHIP_NOT_FOUND;
    chip->file = id;
    return CHIP_OK;
}

enum chip_status chip_select(struct chip *chip, const struct chip_command *command,
                             struct chip_answer *answer)
{
    (void)answer;
    if (command->p2 != 0x0C && command->p2 != 0x00)
        return CHIP_WRONG_P1P2;
    if (command->p1 == 0x04)
        return select_application(chip, command);
    if (command->p1 == 0x02)
        return select_file(chip, command);
    if (command->p1 == 0x00 && command->size == 0) /* the MF: an oddity seen on cards */
        return chip->application == CHIP_NO_APPLICATION ? CHIP_WRONG_P1P2 : CHIP_OK;
    if (command->p1 == 0x00)
        return CHIP_NOT_FOUND;
    return CHIP_WRONG_P1P2;
}

static bool may_read(const struct chip *chip, const struct file *file)
{
    if (file->condition == AFTER_PASSWORD)
        return chip->references[CHIP_SIGN].verified;
    if (file->condition == AFTER_PIN_ON_ANDROID)
        return chip->references[CHIP_AUTH].verified ||
               !text_starts_with(chip->image.label, "JPKIAPGPSETOKEN");
    return true;
}

static enum chip_status read_at(const struct chip *chip, size_t offset, size_t expected,
                                struct chip_answer *answer)
{
    const struct file *file = find_file(chip, chip->file);
    struct text content = {0};

    if (!file || file->kind != BINARY)
        return CHIP_NO_FILE_CURRENT;
    if (!may_read(chip, file))
        return CHIP_NOT_ALLOWED;
    content = file->content(chip);
    if (offset >= content.size)
        return CHIP_OUTSIDE_FILE;
    answer->size = content.size - offset;
    if (answer->size > expected)
        answer->size = expected;
    if (answer->size > sizeof answer->bytes)
        answer->size = sizeof answer->bytes;
    memcpy(answer->bytes, content.bytes + offset, answer->size);
    return CHIP_OK;
}

enum chip_status chip_read_binary(struct chip *chip, const struct chip_command *command,
                                  struct chip_answer *answer)
{
    size_t offset = (size_t)command->p1 << 8 | command->p2;

    if (command->size > 0 || command->expected == 0)
        return CHIP_WRONG_LENGTH;
    if (command->p1 & 0x80) { /* by short id, which also makes it the current EF */
        uint16_t id = chip_file_of(chip, command->p1);
        if (id == 0 || command->p1 == 0x80)
            return CHIP_WRONG_P1P2;
        if (!find_file(chip, id))
            return CHIP_NOT_FOUND;
        chip->file = id;
        offset = command->p2;
    }
    return read_at(chip, offset, command->expected, answer);
}

enum chip_status chip_read_record(struct chip *chip, const struct chip_command *command,
                                  struct chip_answer *answer)
{
    const struct file *file = find_file(chip, chip->file);
    struct text content = {0};

    if (command->size > 0 || command->expected == 0)
        return CHIP_WRONG_LENGTH;
    if (command->p2 != 0x04) /* record number in P1, of the current EF */
        return CHIP_WRONG_P1P2;
    if (!file || file->kind != RECORD)
        return CHIP_NO_FILE_CURRENT;
    if (command->p1 != 1)
        return CHIP_NOT_FOUND;
    content = file->content(chip);
    answer->size = content.size < command->expected ? content.size : command->expected;
    memcpy(answer->bytes, content.bytes, answer->size);
    return CHIP_OK;
}
