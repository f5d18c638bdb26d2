/* SPDX-License-Identifier: Apache-2.0
 *
 * terminal.c - shikaku terminal: the link application of one institution's terminal.
 */
#include "terminal/terminal.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>

#include "base/log.h"
#include "command/command.h"
#include "command/daemon.h"
#include "terminal/presentation.h"

struct settings {
    struct daemon_settings daemon;
    const char *folder;
    const char *apart[FOLDER_COUNT];
    const char *service, *ca, *certificate, *key;
    const char *credential;
    const char *institution, *terminal;
    const char *encoding;
    int64_t workers, queue, request_max;
    int64_t class;
    int64_t settle, rescan, give_up, timeout, stay;
    const char *card_reader, *reader_name, *reader_mode;
    int64_t reader_wait;
    const char *face_device, *face_without;
    int64_t face_wait, face_tries;
    const char *visual_password;
    int64_t visual_minutes;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"config", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Configuration file; the command line wins over it.",
     "設定ファイル(コマンドラインの指定が優先)。", AT(daemon.config), false},
    {"write-sample-config", OPTION_FLAG, NULL, NULL, 0, 0,
     "Write a configuration file with all defaults and stop.",
     "既定値の設定ファイルを出力して終了。", AT(daemon.write_sample_config), false},
    {"folder", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Folder that holds req, res, face, reader, work and rejected.",
     "req・res・face・reader・work・rejectedの親フォルダー。", AT(folder), false},
    {"req", OPTION_TEXT, "DIR", NULL, 0, 0, "Folder of the requests, where it lies elsewhere.",
     "照会フォルダー(別の場所にある場合)。", AT(apart[FOLDER_REQ]), false},
    {"res", OPTION_TEXT, "DIR", NULL, 0, 0, "Folder of the results, where it lies elsewhere.",
     "結果フォルダー(別の場所にある場合)。", AT(apart[FOLDER_RES]), false},
    {"face", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Folder of the card presentations' results, where it lies elsewhere.",
     "顔認証結果フォルダー(別の場所にある場合)。", AT(apart[FOLDER_FACE]), false},
    {"reader", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Folder of the emulated card reader, where it lies elsewhere.",
     "模擬カードリーダーのフォルダー(別の場所にある場合)。", AT(apart[FOLDER_READER]), false},
    {"work", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Folder of answers under way, on the file system of res, face and reader.",
     "作業フォルダー(res・face・readerと同じファイルシステム)。", AT(apart[FOLDER_WORK]), false},
    {"rejected", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Folder of misnamed requests, on the file system of req.",
     "名前が誤っている照会の退避先(reqと同じファイルシステム)。", AT(apart[FOLDER_REJECTED]),
     false},
    {"service", OPTION_TEXT, "URL", NULL, 0, 0, "The service, https://host:port.",
     "資格確認サービスのURL(https://ホスト:ポート)。", AT(service), true},
    {"ca", OPTION_TEXT, "FILE", NULL, 0, 0,
     "CA of the service's certificate, PEM; no other counts.", "サービスの証明書の認証局(PEM)。",
     AT(ca), true},
    {"certificate", OPTION_TEXT, "FILE", NULL, 0, 0, "Client certificate of the institution, PEM.",
     "医療機関のクライアント証明書(PEM)。", AT(certificate), true},
    {"key", OPTION_TEXT, "FILE", NULL, 0, 0, "Key of the client certificate, PEM.",
     "クライアント証明書の秘密鍵(PEM)。", AT(key), true},
    {"terminal-credential", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Key and certificate for terminal authentication; face and visual modes need it.",
     "特定機関認証用の鍵と証明書(顔認証・目視に必要)。", AT(credential), false},
    {"card-reader", OPTION_TEXT, "KIND", "folder", 0, 0,
     "folder: cards are .card files; pcsc: also those on a PC/SC reader of this machine.",
     "folder: .cardファイルのみ。pcsc: PC/SCリーダーのカードも使う。", AT(card_reader), false},
    {"reader-name", OPTION_TEXT, "TEXT", "", 0, 0,
     "Of the PC/SC readers those whose name contains this; empty: all.",
     "使用するPC/SCリーダー名の一部(空ならすべて)。", AT(reader_name), false},
    {"reader-mode", OPTION_TEXT, "MODE", "none", 0, 0,
     "For a card that nothing was said about: visual, face, ask (the face device asks the holder), "
     "or none (it waits).",
     "指定のないカードの本人確認方法(visual、face、ask=顔認証装置で選択、none=指定を待つ)。",
     AT(reader_mode), false},
    {"reader-wait-seconds", OPTION_NUMBER, "N", "30", 1, 600,
     "A presentation waits so long for a card on the PC/SC reader.",
     "PC/SCリーダーにカードが置かれるのを待つ秒数。", AT(reader_wait), false},
    {"face-device", OPTION_TEXT, "SOCKET", NULL, 0, 0,
     "Unix socket of the face device, which compares faces and asks the holder.",
     "顔認証装置のUnixソケット(顔の照合と利用者の操作を受け持つ)。", AT(face_device), false},
    {"face-wait-seconds", OPTION_NUMBER, "N", "60", 1, 600,
     "The face device has so long for each answer.", "顔認証装置の応答を待つ秒数。", AT(face_wait),
     false},
    {"face-tries", OPTION_NUMBER, "N", "3", 1, IDENTITY_FACES_MAX,
     "Comparisons of the face for a card, then PIN or visual.",
     "1枚のカードでの顔認証の回数の上限。", AT(face_tries), false},
    {"face-without-device", OPTION_TEXT, "WORD", "state", 0, 0,
     "mode = face without a face device: state (an outside device's match is believed) or refuse.",
     "face-deviceなしのmode = face: state(外部装置の結果として受け付ける)またはrefuse。",
     AT(face_without), false},
    {"visual-password", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Salted hash of the facility's password for visual checks; without it none is asked.",
     "目視確認用パスワードのソルト付きハッシュ(なければ確認しない)。", AT(visual_password), false},
    {"visual-minutes", OPTION_NUMBER, "N", "30", 1, VISUAL_MINUTES_MAX,
     "The administrator's switch for visual goes off by itself after so long.",
     "管理者による目視切替が自動で戻るまでの分数。", AT(visual_minutes), false},
    {"institution", OPTION_TEXT, "CODE", NULL, 0, 0, "Institution code, ten digits.",
     "医療機関コード(10桁)。", AT(institution), true},
    {"terminal", OPTION_TEXT, "NAME", "T01", 0, 0,
     "Name of this terminal: 1 to 20 letters, digits, hyphens.",
     "端末名(英数字とハイフン、20文字以内)。", AT(terminal), false},
    {"service-class", OPTION_NUMBER, "N", "1", CLASS_NORMAL, CLASS_ELIGIBILITY_ONLY,
     "1 normal (face reader), 2 mobile with consent, 3 eligibility only.",
     "資格確認の区分(1 通常、2 居宅同意取得型、3 資格確認限定型)。", AT(class), false},
    {"encoding", OPTION_TEXT, "NAME", "utf-8", 0, 0, "Encoding of results: utf-8 or shift_jis.",
     "結果の文字コード(utf-8またはshift_jis)。", AT(encoding), false},
    {"workers", OPTION_NUMBER, "N", "2", 1, TERMINAL_WORKERS_MAX,
     "Requests asked at the same time.", "同時に照会する件数。", AT(workers), false},
    {"queue", OPTION_NUMBER, "N", "64", 1, 4096, "Requests handed to the workers at once.",
     "待ち行列の長さ。", AT(queue), false},
    {"request-max", OPTION_NUMBER, "BYTES", "1048576", 1024, 4194304,
     "Larger request files are answered with an error, unread.",
     "照会ファイルの大きさの上限(バイト)。", AT(request_max), false},
    {"settle-milliseconds", OPTION_NUMBER, "N", "2000", 100, 600000,
     "A request that is cut off is answered with its error after so long without change.",
     "書きかけの照会を誤りとみなすまでの、変化がない時間(ミリ秒)。", AT(settle), false},
    {"rescan-milliseconds", OPTION_NUMBER, "N", "2000", 100, 600000,
     "Time between looks at folders that send no events, such as network shares.",
     "フォルダーを定期的に見る間隔(ミリ秒、ネットワーク共有向け)。", AT(rescan), false},
    {"give-up-seconds", OPTION_NUMBER, "N", "60", 0, 86400,
     "While the service is away a request is tried for so long, then answered with an error.",
     "サービスに接続できない照会をあきらめるまでの秒数。", AT(give_up), false},
    {"timeout-seconds", OPTION_NUMBER, "N", "10", 1, 600, "The service has so long for one answer.",
     "サービスの応答を待つ秒数。", AT(timeout), false},
    {"stay-minutes", OPTION_NUMBER, "N", "1440", 1, 525600,
     "A result that is not collected within this time is removed.",
     "結果データファイルの消し忘れ判定時間(分)。", AT(stay), false},
    {"log-level", OPTION_TEXT, "LEVEL", "info", 0, 0, "error, warning, info or debug.",
     "ログの詳しさ(error、warning、info、debug)。", AT(daemon.log_level), false},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};

static bool is_terminal_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    size_t size = strspn(name, allowed);

    return size >= 1 && size <= CHALLENGE_TERMINAL_MAX && name[size] == '\0';
}

static enum status read_encoding(struct scope *scope, const char *word, enum oqs_encoding *out)
{
    if (strcmp(word, "utf-8") != 0 && strcmp(word, "shift_jis") != 0)
        return scope_fail(scope, CAUSE_USAGE, "--encoding: utf-8 or shift_jis");
    *out = strcmp(word, "utf-8") == 0 ? OQS_UTF8 : OQS_SHIFT_JIS;
    return STATUS_OK;
}

/* Which cards count, and what is done with one that nothing was said about (never a PIN). */
static enum status read_card_reader(struct scope *scope, const struct settings *settings,
                                    struct terminal_options *out)
{
    out->pcsc = strcmp(settings->card_reader, "pcsc") == 0;
    if (!out->pcsc && strcmp(settings->card_reader, "folder") != 0)
        return scope_fail(scope, CAUSE_USAGE, "--card-reader: folder or pcsc");
    out->slot_mode = identity_mode_read(text_of(settings->reader_mode));
    out->slot_asks = strcmp(settings->reader_mode, "ask") == 0;
    if (out->slot_mode == IDENTITY_PIN ||
        (!out->slot_mode && !out->slot_asks && strcmp(settings->reader_mode, "none") != 0))
        return scope_fail(scope, CAUSE_USAGE, "--reader-mode: visual, face, ask or none");
    if (out->slot_asks && !settings->face_device)
        return scope_fail(scope, CAUSE_USAGE, "--reader-mode ask needs --face-device");
    out->reader_name = settings->reader_name;
    out->slot_patience = settings->reader_wait * 1000;
    return STATUS_OK;
}

/* E2: who compares faces, and what permits a visual check. */
static enum status read_identity(struct scope *scope, const struct settings *settings,
                                 struct terminal_options *out)
{
    out->face_device = settings->face_device;
    out->face_wait = settings->face_wait * 1000;
    out->faces_max = (int)settings->face_tries;
    out->face_refused = strcmp(settings->face_without, "refuse") == 0;
    out->visual_password = settings->visual_password;
    out->visual_milliseconds = settings->visual_minutes * 60000;
    if (!out->face_refused && strcmp(settings->face_without, "state") != 0)
        return scope_fail(scope, CAUSE_USAGE, "--face-without-device: state or refuse");
    return STATUS_OK;
}

static enum status make_options(struct scope *scope, const struct settings *settings,
                                struct terminal_options *out)
{
    *out = (struct terminal_options){
        .folder = settings->folder,
        .service = {settings->service, settings->ca, settings->certificate, settings->key,
                    (int)settings->timeout},
        .credential = settings->credential,
        .class = (enum service_class)settings->class,
        .workers = (size_t)settings->workers,
        .queue_max = (size_t)settings->queue,
        .request_max = (size_t)settings->request_max,
        .settle = settings->settle,
        .rescan = settings->rescan,
        .give_up = settings->give_up * 1000,
        .stay = settings->stay * 60,
    };
    memcpy(out->apart, settings->apart, sizeof out->apart);
    TRY(read_encoding(scope, settings->encoding, &out->encoding));
    TRY(read_card_reader(scope, settings, out));
    TRY(read_identity(scope, settings, out));
    if (institution_code_read(text_of(settings->institution), &out->institution) != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_USAGE, "--institution: ten digits with a right check digit");
    if (!is_terminal_name(settings->terminal))
        return scope_fail(scope, CAUSE_USAGE, "--terminal: 1 to 20 letters, digits, hyphens");
    memcpy(out->terminal, settings->terminal, strlen(settings->terminal));
    return STATUS_OK;
}

/* The descriptor can be read when a signal to stop has come. */
static int open_signals(void)
{
    static const int taken[] = {SIGTERM, SIGINT, 0};
    const sigset_t set = daemon_block_signals(taken);

    signal(SIGHUP, SIG_IGN); /* nothing to read anew: certificates are read as we connect */
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static int serve(struct scope *scope, const struct settings *settings,
                 const struct terminal_options *made)
{
    CLEANUP(descriptor_drop) int stop = open_signals();
    struct terminal *terminal = NULL;

    if (stop < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        (void)scope_fail(scope, CAUSE_INTERNAL, "no signalfd or no libcurl");
        return -1;
    }
    if (terminal_open(scope, made, &terminal) != STATUS_OK)
        return -1;
    printf("ready %s\n", settings->folder ? settings->folder : settings->apart[FOLDER_REQ]);
    fflush(stdout);
    terminal_serve(terminal, stop);
    LOG(INFO, NULL, "stopping", "%s", "");
    terminal_close(terminal);
    curl_global_cleanup();
    return 0;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    struct settings *settings = settings_;
    struct terminal_options made = {0};

    (void)words;
    if (settings->daemon.write_sample_config) {
        options_write_sample(stdout, table, "shikaku terminal");
        return 0;
    }
    if (daemon_read_settings(scope, table, settings, argv) != STATUS_OK ||
        make_options(scope, settings, &made) != STATUS_OK)
        return -1;
    return serve(scope, settings, &made);
}

static const char *const examples[] = {"shikaku terminal --config /etc/shikaku/terminal.conf",
                                       "serves the folders that the configuration file names",
                                       "shikaku terminal --write-sample-config",
                                       "writes a configuration file to begin with", NULL};

const struct command command_terminal = {
    .name = "terminal",
    .arguments = "",
    .summary_en = "Runs an institution's terminal: folders req, res, face and the card reader.",
    .summary_ja = "資格確認端末の連携アプリケーションを実行する(req・res・face、カードリーダー)。",
    .description =
        "Answers the request files of a receipt computer, OQSsiquc01req_X.xml in req with\n"
        "OQSsiquc01res_X.xml in res, by asking the service. A result never overwrites another:\n"
        "a request whose result's name still lies in res waits. While the service is away\n"
        "requests are kept and tried again. Prints one line when it is ready; SIGTERM and\n"
        "SIGINT stop it after what is under way. work/status.json tells what waits, and why.\n\n"
        "A card is presented by a file NAME.present in the folder reader, with lines\n"
        "mode = face, pin or visual, pin = 1234, consent = limit,disease,checkup,medication,\n"
        "diagnosis,operation or none, on = DATE, and card = PATH of a .card file, an emulated\n"
        "card. The file is deleted at once; NAME.result says what came of it.\n\n"
        "This program compares no faces. With face-device = SOCKET a device of the reader's "
        "vendor\n"
        "does (docs/face-device.md), and mode = ask lets the holder pick there; without one, mode\n"
        "= face states that an outside device found the holder, or is refused with\n"
        "face-without-device = refuse. Whoever compares by eye stands in staff = ACCOUNT; with\n"
        "visual-password = FILE the facility's password is asked for besides, or the\n"
        "administrator's switch must be on: a file with visual = on or off, and staff.\n\n"
        "With card-reader = pcsc a presentation without the line card means the card that lies\n"
        "on a PC/SC reader, or will within reader-wait-seconds. reader-mode = visual, face or\n"
        "ask answers a card that nothing was said about; its result is card.result. A card that "
        "was\n"
        "answered must be taken away before the next counts.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
