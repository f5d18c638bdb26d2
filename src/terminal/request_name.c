/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/request_name.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/*
 * The catalogue (oqs-files 1.2). Families of other link applications that may share the folder
 * (EPS: prescriptions, CIS: chart sharing, PMH) are not ours to answer and are not listed.
 */
static const struct {
    const char *name;
    enum request_kind kind;
} families[] = {
    {"OQSsiquc01", REQUEST_SUPPORTED},   /* eligibility, one person */
    {"OQSsiimm01", REQUEST_UNSUPPORTED}, /* 照会番号 */
    {"OQSmuquc01", REQUEST_UNSUPPORTED}, /* eligibility, many */
    {"OQSmuquc02", REQUEST_UNSUPPORTED}, /* ... its results */
    {"OQSmuimm01", REQUEST_UNSUPPORTED}, /* 照会番号, many */
    {"OQSmuimm02", REQUEST_UNSUPPORTED}, /* ... */
    {"OQSmutic01", REQUEST_UNSUPPORTED}, /* 医療扶助 tickets */
    {"OQSmutic02", REQUEST_UNSUPPORTED}, /* ... */
    {"OQSmuhvq01", REQUEST_UNSUPPORTED}, /* consented, home visits, many */
    {"OQSmuhvq02", REQUEST_UNSUPPORTED}, /* ... */
    {"OQSmuonq01", REQUEST_UNSUPPORTED}, /* consented, online care, many */
    {"OQSmuonq02", REQUEST_UNSUPPORTED}, /* ... */
    {"OQSsihvq01", REQUEST_UNSUPPORTED}, /* home visit */
    {"OQSsionq01", REQUEST_UNSUPPORTED}, /* online care */
    {"OQSsihvd01", REQUEST_UNSUPPORTED}, /* withdrawal of a consent */
    {"OQSsiurl01", REQUEST_UNSUPPORTED}, /* the institution's address for phones */
    {"OQSsiinq01", REQUEST_UNSUPPORTED}, /* settings, read */
    {"OQSsiupd01", REQUEST_UNSUPPORTED}, /* settings, change */
    {"YZKsiquc01", REQUEST_UNSUPPORTED}, /* 薬剤情報, 診療情報 */
    {"TKKsiquc01", REQUEST_UNSUPPORTED}, /* 特定健診情報 */
    {"CIPsiquc01", REQUEST_UNSUPPORTED}, /* 臨床情報 */
};

/* Names that begin so were meant for this link application. */
static const char *const beginnings[] = {"OQS", "YZK", "TKK", "CIP"};

/* Endings of files that somebody is still writing: left alone. */
static const char *const unfinished[] = {".tmp",        ".part", ".partial", ".filepart",
                                         ".crdownload", ".swp",  ".lock",    "~"};

static const struct {
    const char *ja, *en;
} faults[NAME_FAULT_COUNT] = {
    [NAME_GOOD] = {"", ""},
    [NAME_FAMILY_UNKNOWN] = {"ファイル種別が定義にありません。先頭は OQSsiquc01req_ "
                             "のように、大文字・小文字も含めて正確に付けてください。",
                             "The family is not in the catalogue. Begin the name with "
                             "OQSsiquc01req_, in exactly these letters."},
    [NAME_RESULT] = {"結果ファイルの名前です。照会は req_ を含む名前で置いてください。",
                     "This is the name of a result. A request has req_ in its name."},
    [NAME_SUFFIX_EMPTY] = {"req_ の後に英数字がありません。1文字以上付けてください。",
                           "No letters or digits follow req_. Add at least one."},
    [NAME_SUFFIX_CHARACTERS] = {"req_ の後に使えるのは半角英数字だけです。",
                                "Only ASCII letters and digits may follow req_."},
    [NAME_SUFFIX_LONG] = {"req_ の後は100文字以内にしてください。",
                          "At most 100 letters and digits may follow req_."},
    [NAME_EXTENSION] = {"拡張子は .xml にしてください。", "The name must end in .xml."},
};

const char *name_fault_ja(enum name_fault fault)
{
    return faults[fault].ja;
}

const char *name_fault_en(enum name_fault fault)
{
    return faults[fault].en;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t size = strlen(name), end = strlen(ending);

    return size >= end && strcasecmp(name + size - end, ending) == 0;
}

static bool is_unfinished(const char *name)
{
    for (size_t i = 0; i < sizeof unfinished / sizeof unfinished[0]; i++)
        if (ends_with(name, unfinished[i]))
            return true;
    return name[0] == '.';
}

static bool is_meant_for_us(const char *name)
{
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (strncasecmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static bool is_letter_or_digit(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

/* What follows "req_": suffix and ".xml". */
static enum name_fault suffix_read(const char *rest, size_t *size)
{
    const char *dot = strchr(rest, '.');

    *size = dot ? (size_t)(dot - rest) : strlen(rest);
    for (size_t i = 0; i < *size; i++)
        if (!is_letter_or_digit(rest[i]))
            return NAME_SUFFIX_CHARACTERS;
    if (!dot || strcasecmp(dot, ".xml") != 0)
        return NAME_EXTENSION;
    if (*size == 0)
        return NAME_SUFFIX_EMPTY;
    return *size > REQUEST_SUFFIX_MAX ? NAME_SUFFIX_LONG : NAME_GOOD;
}

/* The name after its family: "req_..." or "res_...". */
static void rest_read(struct request_name *read, enum request_kind kind, const char *rest)
{
    size_t size = 0;

    read->fault = NAME_FAMILY_UNKNOWN;
    if (strncmp(rest, "res_", 4) == 0)
        read->fault = NAME_RESULT;
    if (strncmp(rest, "req_", 4) != 0)
        return;
    rest += 4;
    read->fault = suffix_read(rest, &size);
    if (read->fault != NAME_GOOD)
        return;
    read->kind = kind;
    snprintf(read->result, sizeof read->result, "%sres_%.*s.xml", read->family, (int)size, rest);
}

struct request_name request_name_read(const char *name)
{
    struct request_name read = {.kind = REQUEST_IGNORED, .family = ""};

    if (is_unfinished(name) || !is_meant_for_us(name))
        return read;
    read.kind = REQUEST_MISNAMED;
    read.fault = NAME_FAMILY_UNKNOWN;
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        size_t size = strlen(families[i].name);
        if (strncmp(name, families[i].name, size) == 0) {
            read.family = families[i].name;
            rest_read(&read, families[i].kind, name + size);
        }
    }
    return read;
}
