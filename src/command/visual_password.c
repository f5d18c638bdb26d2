/* SPDX-License-Identifier: Apache-2.0
 *
 * visual_password.c - shikaku visual-mode password: the facility's password to a salted hash.
 */
#include "terminal/visual_password.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "command/command.h"
#include "terminal/presentation.h"

struct settings {
    const char *out;
};

static const struct option options[] = {
    {"out", OPTION_TEXT, "FILE", NULL, 0, 0, "The file to write; an old one is replaced.",
     "出力ファイル(既にあれば置き換える)。", OPTION_AT(struct settings, out), true},
};

/* One line of standard input, which is wiped by the caller. */
static enum status read_password(struct scope *scope, char line[VISUAL_PASSWORD_MAX + 3],
                                 char password[VISUAL_PASSWORD_MAX + 1])
{
    if (!fgets(line, VISUAL_PASSWORD_MAX + 3, stdin) ||
        !password_read(text_trim(text_of(line)), password))
        return scope_fail(scope, CAUSE_TEXT_WRONG,
                          "a password is %d to %d printable ASCII characters without blanks",
                          VISUAL_PASSWORD_MIN, VISUAL_PASSWORD_MAX);
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    char line[VISUAL_PASSWORD_MAX + 3] = "", password[VISUAL_PASSWORD_MAX + 1] = "";
    struct text hash = {0};
    enum status status = read_password(scope, line, password);

    (void)words;
    (void)argv;
    if (status == STATUS_OK)
        status = visual_password_make(scope, text_of(password), &hash);
    explicit_bzero(line, sizeof line);
    explicit_bzero(password, sizeof password);
    if (status == STATUS_OK)
        status = file_write(scope, settings->out, hash, FILE_MODE_SECRET);
    return status == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "echo 'correct-horse' | shikaku visual-mode password --out visual.hash",
    "writes the hash for terminal.conf's visual-password", NULL};

const struct command command_visual_password = {
    .name = "visual-mode password",
    .arguments = "",
    .summary_en = "Makes the salted hash of a facility's own password for visual checks.",
    .summary_ja = "目視確認用パスワードのソルト付きハッシュを作る。",
    .description =
        "Reads the password from standard input, one line of 6 to 64 printable ASCII\n"
        "characters without blanks, and writes salt and hash (scrypt). The password itself\n"
        "is kept nowhere. It is the facility's, not a card's PIN.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
