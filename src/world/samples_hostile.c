/* SPDX-License-Identifier: Apache-2.0
 *
 * samples_hostile.c - requests that must be refused without harm.
 */
#include <stdio.h>
#include <string.h>

#include "world/samples.h"

#define NESTED 100000
#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"

/* A good request, by which each hostile one is made. */
static struct sample_request good_request(const char *on)
{
    return (struct sample_request){
        .on = on,
        .institution = CAST_CLINIC,
        .identifier = "hostile",
        .insurer = "06139992",
        .symbol = "架電１２",
        .number = "0012345",
        .branch = "00",
        .birth = "19850510",
    };
}

static void add_good(struct text_buffer *buffer, const char *on)
{
    struct sample_request request = good_request(on);

    text_buffer_add_string(buffer, DECLARATION);
    sample_request_add(buffer, &request, "\n", true);
}

/* Cut in the middle of an element. */
static void add_cut(struct text_buffer *buffer, const char *on)
{
    add_good(buffer, on);
    if (buffer->status == STATUS_OK)
        buffer->size = buffer->size / 2;
}

/* UTF-8 bytes under a declaration of Shift_JIS. */
static void add_wrong_encoding(struct text_buffer *buffer, const char *on)
{
    struct sample_request request = good_request(on);

    text_buffer_add_string(buffer, "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>\n");
    sample_request_add(buffer, &request, "\n", true);
}

/* Nine levels of ten: two thousand million characters, if anyone unfolds them. */
static void add_entity_bomb(struct text_buffer *buffer, const char *on)
{
    struct sample_request request = good_request(on);

    text_buffer_add_string(buffer, DECLARATION "<!DOCTYPE XmlMsg [\n<!ENTITY e0 \"架空\">\n");
    for (int level = 1; level < 10; level++) {
        text_buffer_add_format(buffer, "<!ENTITY e%d \"", level);
        for (int i = 0; i < 10; i++)
            text_buffer_add_format(buffer, "&e%d;", level - 1);
        text_buffer_add_string(buffer, "\">\n");
    }
    text_buffer_add_string(buffer, "]>\n");
    request.symbol = "&e9;";
    sample_request_add(buffer, &request, "\n", true);
}

static void add_external_entity(struct text_buffer *buffer, const char *on)
{
    struct sample_request request = good_request(on);

    text_buffer_add_string(buffer, DECLARATION
                           "<!DOCTYPE XmlMsg [<!ENTITY file SYSTEM \"file:///etc/hostname\">]>\n");
    request.symbol = "&file;";
    sample_request_add(buffer, &request, "\n", true);
}

static void add_nested(struct text_buffer *buffer, const char *on)
{
    (void)on;
    text_buffer_add_string(buffer, DECLARATION);
    for (int i = 0; i < NESTED; i++)
        text_buffer_add_string(buffer, "<XmlMsg>");
    for (int i = 0; i < NESTED; i++)
        text_buffer_add_string(buffer, "</XmlMsg>");
}

static void add_other_institution(struct text_buffer *buffer, const char *on)
{
    struct sample_request request = good_request(on);

    request.institution = "1319910012";
    text_buffer_add_string(buffer, DECLARATION);
    sample_request_add(buffer, &request, "\n", true);
}

/* Two bodies: which one is asked about? */
static void add_two_bodies(struct text_buffer *buffer, const char *on)
{
    static const char end[] = "</XmlMsg>\n";

    add_good(buffer, on);
    if (buffer->status != STATUS_OK)
        return;
    buffer->size -= sizeof end - 1;
    text_buffer_add_string(buffer,
                           "  <MessageBody>\n    <QualificationConfirmSearchInfo>\n"
                           "      <InsurerNumber>01139997</InsurerNumber>\n"
                           "      <InsuredIdentificationNumber>482</InsuredIdentificationNumber>\n"
                           "      <Birthdate>19780714</Birthdate>\n"
                           "      <LimitApplicationCertificateRelatedConsFlg>0"
                           "</LimitApplicationCertificateRelatedConsFlg>\n"
                           "    </QualificationConfirmSearchInfo>\n  </MessageBody>\n");
    text_buffer_add_string(buffer, end);
}

static void add_nul_bytes(struct text_buffer *buffer, const char *on)
{
    add_good(buffer, on);
    text_buffer_add_string(buffer, "<!-- ");
    for (int i = 0; i < 16; i++)
        text_buffer_add_char(buffer, '\0');
    text_buffer_add_string(buffer, " -->\n");
}

static void add_no_such_day(struct text_buffer *buffer, const char *on)
{
    (void)on;
    add_good(buffer, "20230229");
}

static void add_script(struct text_buffer *buffer, const char *on)
{
    struct sample_request request = good_request(on);

    request.symbol = "' OR '1'='1'; --";
    request.identifier = "../../etc/passwd";
    text_buffer_add_string(buffer, DECLARATION);
    sample_request_add(buffer, &request, "\n", true);
}

static void add_nothing(struct text_buffer *buffer, const char *on)
{
    (void)buffer;
    (void)on;
}

static const struct {
    const char *suffix;
    void (*add)(struct text_buffer *buffer, const char *on);
    const char *what;
} files[] = {
    {"cut", add_cut, "cut in the middle"},
    {"wrongencoding", add_wrong_encoding, "UTF-8 bytes, Shift_JIS declared"},
    {"entitybomb", add_entity_bomb, "entities that unfold to two thousand million characters"},
    {"externalentity", add_external_entity, "an entity that names a file of the machine"},
    {"nested", add_nested, "100,000 nested elements"},
    {"otherinstitution", add_other_institution, "the code of another institution"},
    {"twobodies", add_two_bodies, "two bodies"},
    {"nulbytes", add_nul_bytes, "NUL bytes"},
    {"nosuchday", add_no_such_day, "confirmation date 20230229"},
    {"script", add_script, "quotes, dots and slashes where numbers belong"},
    {"empty", add_nothing, "no bytes at all"},
};
#define FILE_COUNT (sizeof files / sizeof *files)

static enum status write_readme(struct scope *scope, const struct world_folder *folder)
{
    struct text_buffer buffer = text_buffer_begin(scope, 4096);
    struct text content = {0};

    text_buffer_add_string(&buffer, "Requests that a terminal and the service must refuse, or "
                                    "answer as unknown, at once and without harm.\n\n");
    for (size_t i = 0; i < FILE_COUNT; i++)
        text_buffer_add_format(&buffer, "OQSsiquc01req_%s.xml: %s\n", files[i].suffix,
                               files[i].what);
    text_buffer_add_string(
        &buffer, "\nOne of 50 MB is not kept here; to make it:\n"
                 "  (printf '<XmlMsg><MessageHeader>'; head -c 50000000 /dev/zero | tr '\\0' 'A') "
                 "> OQSsiquc01req_large.xml\n");
    TRY(text_buffer_end(&buffer, &content));
    return folder_write(scope, folder, "samples/hostile/README.txt", content);
}

enum status samples_write_hostile(struct scope *scope, const struct world_folder *folder,
                                  struct date t)
{
    char on[12];

    snprintf(on, sizeof on, "%d", t.yyyymmdd);
    for (size_t i = 0; i < FILE_COUNT; i++) {
        struct text_buffer buffer = text_buffer_begin(scope, 2048);
        struct text content = {0};
        char file[FOLDER_FILE_MAX];
        files[i].add(&buffer, on);
        TRY(text_buffer_end(&buffer, &content));
        snprintf(file, sizeof file, "samples/hostile/OQSsiquc01req_%s.xml", files[i].suffix);
        TRY(folder_write(scope, folder, file, content));
    }
    return write_readme(scope, folder);
}
