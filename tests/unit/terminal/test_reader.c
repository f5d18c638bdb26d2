/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader with real cards of an invented person, in files and on a slot that is played; the
 * service is played, and checks the card's signature itself.
 */
#include "terminal_files.h"

#include <jansson.h>
#include <regex.h>

#include "card/card_world.h"
#include "played_service.h"
#include "terminal/reader.h"
#include "terminal/reader_slot.h"

#define INSTITUTION "1319912349"
#define SESSION "000102030405060708090a0b0c0d0e0f"
#define NONCE "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"

/* What the card is shown for, and what the service does. */
enum card_play {
    CARD_ANSWERED,
    CARD_NO_PERSON, /* 該当資格なし */
    CARD_REFUSED,
    CARD_NO_CHALLENGE,  /* refused before anything is signed */
    CARD_BAD_CHALLENGE, /* too short */
    CARD_AWAY,          /* at the first call */
    CARD_AWAY_LATER     /* at the second */
};

static struct {
    struct service_client base; /* first */
    enum card_play play;
    int checks;
    bool signature_good;
    struct oqs_card_inquiry last;
    char identifier[32];
} card_service;

static struct {
    struct card_slot base; /* first */
    struct card_slot_state state;
    enum cause fault; /* of connect() */
} slot;

static struct reader reader;
static struct terminal_credential *credential;

static enum status give_challenge(struct scope *scope, struct service_reply *out)
{
    const struct oqs_challenge challenge = {TEXT(SESSION), TEXT(NONCE), 60};

    if (card_service.play == CARD_AWAY)
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "played");
    if (card_service.play == CARD_NO_CHALLENGE) {
        *out = (struct service_reply){403, TEXT(PLAYED_REFUSAL)};
        return STATUS_OK;
    }
    out->http_code = 200;
    if (card_service.play == CARD_BAD_CHALLENGE) {
        out->body = TEXT("<XmlMsg><MessageBody><CardChallenge><SessionIdentifier>00"
                         "</SessionIdentifier></CardChallenge></MessageBody></XmlMsg>");
        return STATUS_OK;
    }
    return oqs_challenge_write(scope, OQS_XML, &challenge, &out->body);
}

/* Over the block that the specification names, with the challenge that was given. */
static bool signature_is_good(const struct oqs_card_inquiry *inquiry)
{
    struct challenge challenge = {0};
    char terminal[CHALLENGE_TERMINAL_MAX + 1] = "";
    unsigned char hash[32];

    memcpy(terminal, inquiry->terminal.bytes, inquiry->terminal.size);
    for (unsigned char i = 0; i < CHALLENGE_SESSION_SIZE; i++)
        challenge.session[i] = i;
    for (unsigned char i = 0; i < CHALLENGE_NONCE_SIZE; i++)
        challenge.nonce[i] = (unsigned char)(0x20 + i);
    const struct proof_circumstance circumstance = {inquiry->institution, terminal, inquiry->mode,
                                                    inquiry->time};
    proof_block_hash(&challenge, &circumstance, hash);
    return inquiry->signature.size == 256 &&
           card_world_signed(hash, (const unsigned char *)inquiry->signature.bytes);
}

static enum status check_card(struct scope *scope, struct text body, struct service_reply *out)
{
    struct oqs_card_inquiry *inquiry = &card_service.last;
    const struct oqs_answer nobody = {.processed = scope->now, .cause = CAUSE_CARD_NOT_REGISTERED};

    card_service.checks++;
    if (card_service.play == CARD_AWAY_LATER)
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "played");
    TRY(oqs_card_inquiry_read(scope, OQS_XML, body, inquiry, NULL));
    card_service.signature_good = signature_is_good(inquiry);
    snprintf(card_service.identifier, sizeof card_service.identifier, "%.*s",
             TEXT_ARGS(inquiry->file_identifier));
    out->http_code = card_service.play == CARD_REFUSED ? 403 : 200;
    if (card_service.play == CARD_REFUSED)
        return oqs_answer_write(scope, OQS_XML, &nobody, &out->body);
    if (card_service.play == CARD_NO_PERSON) {
        out->body = TEXT("<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>"
                         "</MessageHeader><MessageBody><ProcessingResultStatus>1"
                         "</ProcessingResultStatus><QualificationValidity>4"
                         "</QualificationValidity></MessageBody></XmlMsg>");
        return STATUS_OK;
    }
    return text_format(scope, &out->body, PLAYED_ANSWER, TEXT_ARGS(inquiry->file_identifier));
}

static enum status post(struct scope *scope, struct service_client *client,
                        enum service_route route, struct text body, struct service_reply *out)
{
    (void)client;
    assert_int_not_equal(route, SERVICE_CHECK_BY_NUMBERS);
    return route == SERVICE_CARD_CHALLENGE ? give_challenge(scope, out)
                                           : check_card(scope, body, out);
}

static const struct service_client_ops card_ops = {"played", post, played_close};

static struct card_slot_state slot_state(struct card_slot *slot_)
{
    (void)slot_;
    return slot.state;
}

static enum status slot_connect(struct scope *scope, struct card_slot *slot_,
                                struct card_link **out)
{
    (void)slot_;
    if (slot.fault)
        return scope_fail(scope, slot.fault, "played");
    return emulated_card_open(scope, card_world.path, out);
}

static void slot_close(struct card_slot *slot_)
{
    (void)slot_;
}

static const struct card_slot_ops slot_ops = {"played slot", slot_state, slot_connect, slot_close};

static int setup(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);

    if (folders_setup(state) != 0 ||
        card_image_write(&scope, card_world.path, &card_world.image) != STATUS_OK ||
        terminal_credential_open(&scope, card_world.credential, &credential) != STATUS_OK)
        return -1;
    memset(&card_service, 0, sizeof card_service);
    card_service.base.ops = &card_ops;
    reader = (struct reader){.folders = &folders,
                             .institution = {INSTITUTION},
                             .terminal = "T01",
                             .credential = credential,
                             .faces_max = 3,
                             .face_wait = 5000,
                             .visual_milliseconds = 60000,
                             .stop = -1,
                             .client = &card_service.base};
    return 0;
}

static int teardown(void **state)
{
    terminal_credential_close(credential);
    return folders_teardown(state);
}

/* Puts the card down with these further lines. */
static void present(const char *lines)
{
    char bytes[512];

    snprintf(bytes, sizeof bytes, "card = %s\n%s", card_world.path, lines);
    put(FOLDER_READER, "desk.present", text_of(bytes));
    reader_present(&reader, "desk.present");
    assert_false(exists(FOLDER_READER, "desk.present"));
    assert_int_equal(count(FOLDER_WORK), 0);
}

/* As the card's file says. */
static int tries_on_card(void)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    struct card_image image = {0};

    assert_int_equal(card_image_read(&scope, card_world.path, &image), STATUS_OK);
    return image.auth_tries;
}

static void write_card(const struct card_image *image)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);

    assert_int_equal(card_image_write(&scope, card_world.path, image), STATUS_OK);
}

/* The result, which must be JSON; freed by the caller. */
static json_t *result(void)
{
    json_t *json = json_loads(content(FOLDER_READER, "desk.result"), JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "reader")), "emulated");
    return json;
}

static void expect_result(int segment, int validity, const char *code, bool face)
{
    json_t *json = result();
    json_t *message = json_object_get(json, "message");

    assert_int_equal(json_integer_value(json_object_get(json, "segment")), segment);
    assert_int_equal(json_integer_value(json_object_get(json, "validity")), validity);
    assert_string_equal(json_string_value(json_object_get(json, "code")), code);
    assert_true(json_string_length(json_object_get(message, "ja")) > 0);
    assert_true(json_string_length(json_object_get(message, "en")) > 0);
    assert_int_equal(json_object_get(json, "face_file") != NULL, face);
    assert_int_equal(count(FOLDER_FACE), face);
    json_decref(json);
}

static int tries_left(void)
{
    json_t *json = result();
    json_t *tries = json_object_get(json, "pin_tries_left");
    int left = tries ? (int)json_integer_value(tries) : -1;

    json_decref(json);
    return left;
}

/* --- good cases ------------------------------------------------------------------------------- */

static void e1_e2_a_card_with_its_pin_gives_a_face_file(void **state)
{
    regex_t shape;
    json_t *json = NULL;
    const char *face = NULL;

    (void)state;
    present("mode = pin\npin = 1234\nconsent = limit,medication\non = 2026-11-05\n");
    expect_result(1, 1, "", true);
    assert_true(card_service.signature_good);
    assert_int_equal(card_service.last.mode, IDENTITY_PIN);
    assert_int_equal(card_service.last.consents, CONSENT_LIMIT | CONSENT_MEDICATION);
    assert_int_equal(card_service.last.on.yyyymmdd, 20261105);
    json = result();
    face = json_string_value(json_object_get(json, "face_file"));
    assert_int_equal(regcomp(&shape,
                             "^OQSsiquc01res_face_" INSTITUTION "[0-9a-f]{20}_[0-9]{14}\\.xml$",
                             REG_EXTENDED),
                     0);
    assert_int_equal(regexec(&shape, face, 0, NULL, 0), 0);
    regfree(&shape);
    assert_true(holds(FOLDER_FACE, face, "<SegmentOfResult>1<"));
    assert_true(holds(FOLDER_FACE, face, "髙﨑"));
    assert_true(holds(FOLDER_FACE, face, card_service.identifier));
    assert_int_equal(strlen(card_service.identifier), 16);
    assert_int_equal(json_object_size(json_object_get(json, "milliseconds")), 6);
    json_decref(json);
    assert_false(holds(FOLDER_READER, "desk.result", "髙")); /* the person is in the face file */
    assert_int_equal(tries_left(), 3);
}

static void e2_face_and_visual_sign_without_the_pin(void **state)
{
    (void)state;
    present("mode = face\n");
    assert_true(card_service.signature_good);
    assert_int_equal(card_service.last.mode, IDENTITY_FACE);
    assert_int_equal(tries_left(), -1);
    present("mode = visual\n");
    assert_true(card_service.signature_good);
    assert_int_equal(card_service.last.mode, IDENTITY_VISUAL);
    assert_int_equal(card_service.checks, 2);
    assert_int_equal(count(FOLDER_FACE), 2);
}

static void e2_a_locked_or_pinless_card_still_has_face_and_visual(void **state)
{
    struct card_image image = card_world.image;

    (void)state;
    image.auth_tries = 0;
    write_card(&image);
    present("mode = pin\npin = 1234\n");
    expect_result(9, 0, "SKK-3104", false);
    image.sign_certificate = image.sign_key_pem = (struct text){0};
    memset(image.auth_pin, 0, sizeof image.auth_pin);
    write_card(&image);
    present("mode = pin\npin = 1234\n");
    expect_result(9, 0, "SKK-3105", false);
    assert_int_equal(card_service.checks, 0);
    present("mode = face\n");
    expect_result(1, 1, "", true);
}

static void e5_face_files_follow_the_sites_encoding(void **state)
{
    json_t *json = NULL;
    const char *face = NULL;

    (void)state;
    reader.encoding = OQS_SHIFT_JIS;
    present("mode = face\n");
    json = result();
    face = json_string_value(json_object_get(json, "face_file"));
    assert_true(holds(FOLDER_FACE, face, "<CharacterCodeIdentifier>1<"));
    assert_true(holds(FOLDER_FACE, face, "\xFB\xFC\xFA\xB1"));
    assert_true(holds(FOLDER_FACE, face, "SKK-7007"));
    json_decref(json);
}

/* --- the PIN ---------------------------------------------------------------------------------- */

static void e2_a_wrong_pin_costs_one_try_and_the_last_is_not_taken_unasked(void **state)
{
    (void)state;
    present("mode = pin\npin = 9999\n");
    expect_result(9, 0, "SKK-3103", false);
    assert_int_equal(tries_left(), 2);
    present("mode = pin\npin = 9999\n");
    assert_int_equal(tries_left(), 1);
    present("mode = pin\npin = 1234\n");
    expect_result(9, 0, "SKK-3106", false);
    assert_int_equal(tries_left(), 1);
    assert_int_equal(card_service.checks, 0);
    present("mode = pin\npin = 1234\nlast-try = yes\n");
    expect_result(1, 1, "", true);
}

static void a_pin_is_never_in_what_is_left_behind(void **state)
{
    char bytes[256];
    struct file_identity kept = {0};

    (void)state;
    /* a second name of the file shows what is on the disk when the first is gone */
    snprintf(bytes, sizeof bytes, "card = %s\nmode = pin\npin = 8642\n", card_world.path);
    put(FOLDER_READER, "desk.present", text_of(bytes));
    assert_int_equal(
        linkat(folders.fds[FOLDER_READER], "desk.present", folders.fds[FOLDER_READER], "kept", 0),
        0);
    reader_present(&reader, "desk.present");
    assert_true(folder_find(folders.fds[FOLDER_READER], "kept", &kept));
    assert_int_equal(kept.size, strlen(bytes));
    for (size_t i = 0; i < kept.size; i++)
        assert_int_equal(content(FOLDER_READER, "kept")[i], 0);
    assert_false(holds(FOLDER_READER, "desk.result", "8642"));
}

/* --- refusals and faults ---------------------------------------------------------------------- */

static void refusals_of_the_service_are_shown_and_give_no_face_file(void **state)
{
    (void)state;
    card_service.play = CARD_REFUSED;
    present("mode = face\n");
    expect_result(9, 0, "SKK-3010", false);
    card_service.play = CARD_NO_CHALLENGE;
    present("mode = face\n");
    expect_result(9, 0, "SKK-2001", false);
    card_service.play = CARD_NO_PERSON;
    present("mode = face\n");
    expect_result(1, 4, "", false);
}

static void c5_without_the_service_the_desk_is_told_at_once(void **state)
{
    static const enum card_play plays[] = {CARD_AWAY, CARD_AWAY_LATER, CARD_BAD_CHALLENGE};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        card_service.play = plays[i];
        present("mode = pin\npin = 1234\n");
        expect_result(9, 0, "SKK-4001", false);
    }
}

static void faults_of_card_reader_and_presentation_are_told(void **state)
{
    (void)state;
    reader.credential = NULL;
    present("mode = face\n");
    expect_result(9, 0, "SKK-9002", false);
    present("mode = iris\n");
    expect_result(9, 0, "SKK-1107", false);
    present("mode = pin\n");
    expect_result(9, 0, "SKK-1101", false);
    put(FOLDER_READER, "desk.present", TEXT("card = nowhere.card\nmode = pin\npin = 1234\n"));
    reader_present(&reader, "desk.present");
    assert_true(holds(FOLDER_READER, "desk.result", "\"segment\":9"));
    put(FOLDER_READER, "garbage.card", TEXT("{\"no\": \"card\"}"));
    put(FOLDER_READER, "desk.present", TEXT("card = garbage.card\nmode = pin\npin = 1234\n"));
    reader_present(&reader, "desk.present");
    assert_true(holds(FOLDER_READER, "desk.result", "\"segment\":9"));
    assert_int_equal(card_service.checks, 0);
    assert_int_equal(count(FOLDER_FACE), 0);
}

static void a_link_is_no_presentation(void **state)
{
    (void)state;
    put(FOLDER_WORK, "secret", TEXT("card = x\nmode = pin\npin = 1234\n"));
    assert_int_equal(symlinkat("../work/secret", folders.fds[FOLDER_READER], "desk.present"), 0);
    reader_scan(&reader, 0);
    reader_present(&reader, "desk.present");
    assert_true(holds(FOLDER_WORK, "secret", "1234")); /* not wiped, not read */
    assert_int_equal(card_service.checks, 0);
}

/* --- cards on a slot -------------------------------------------------------------------------- */

/* A reader with a slot, and nothing on it. */
static void open_slot(int64_t patience)
{
    memset(&slot, 0, sizeof slot);
    slot.base = (struct card_slot){&slot_ops, -1};
    slot.state.reachable = true;
    reader.slot = &slot.base;
    reader.slot_patience = patience;
}

static void put_down(void)
{
    slot.state.occupied = true;
    slot.state.arrival++;
    reader_slot_look(&reader);
}

static void lift(void)
{
    slot.state.occupied = false;
    reader_slot_look(&reader);
}

/* A presentation without a card's path. */
static void present_slot(const char *lines)
{
    put(FOLDER_READER, "desk.present", text_of(lines));
    reader_present(&reader, "desk.present");
    assert_false(exists(FOLDER_READER, "desk.present"));
}

static void expect_code(const char *code)
{
    char member[32];

    snprintf(member, sizeof member, "\"code\":\"%s\"", code);
    assert_true(holds(FOLDER_READER, "desk.result", member));
    assert_true(holds(FOLDER_READER, "desk.result", "\"reader\":\"played slot\""));
}

static void e2_a_presentation_and_the_card_on_the_slot_come_in_either_order(void **state)
{
    (void)state;
    open_slot(60000);
    present_slot("mode = pin\npin = 1234\n");
    assert_false(exists(FOLDER_READER, "desk.result"));
    assert_int_equal(reader_slot_due(&reader, 1000), 1000);
    put_down();
    expect_code("");
    assert_true(card_service.signature_good);
    assert_string_equal(reader.waiting.presentation.pin, "");
    lift();
    put_down();
    present_slot("mode = visual\n");
    expect_code("");
    assert_int_equal(count(FOLDER_FACE), 2);
}

static void e2_an_answered_card_must_go_before_the_next_pin_is_tried(void **state)
{
    (void)state;
    open_slot(0);
    put_down();
    present_slot("mode = pin\npin = 1234\n");
    expect_code("");
    present_slot("mode = pin\npin = 9999\n"); /* the next person's, on the card before */
    expect_code("SKK-3114");
    assert_int_equal(tries_on_card(), 3);
    reader.slot_patience = 60000;
    present_slot("mode = pin\npin = 1234\n");
    assert_false(exists(FOLDER_READER, "desk.result"));
    lift();
    put_down();
    expect_code("");
    assert_int_equal(card_service.checks, 2);
}

static void e2_a_refused_pin_may_be_entered_again_while_the_card_lies_there(void **state)
{
    (void)state;
    open_slot(0);
    put_down();
    present_slot("mode = pin\npin = 9999\n");
    expect_code("SKK-3103");
    present_slot("mode = pin\npin = 1234\n");
    expect_code("");
    assert_int_equal(tries_on_card(), 3);
}

static void a_card_that_does_not_come_is_told(void **state)
{
    (void)state;
    open_slot(0);
    present_slot("mode = pin\npin = 1234\n");
    expect_code("SKK-3110");
    slot.state.reachable = false;
    present_slot("mode = pin\npin = 1234\n");
    expect_code("SKK-4012");
    open_slot(0);
    slot.fault = CAUSE_CARD_SILENT;
    put_down();
    present_slot("mode = pin\npin = 1234\n");
    expect_code("SKK-3112");
    assert_int_equal(card_service.checks, 0);
    assert_string_equal(reader.waiting.presentation.pin, "");
    reader.slot = NULL;
    present_slot("mode = pin\npin = 1234\n"); /* no slot, and no card named */
    assert_true(holds(FOLDER_READER, "desk.result", "\"code\":\"SKK-1101\""));
}

static void the_later_presentation_counts(void **state)
{
    (void)state;
    open_slot(60000);
    put(FOLDER_READER, "first.present", TEXT("mode = pin\npin = 9999\n"));
    reader_present(&reader, "first.present");
    present_slot("mode = visual\n");
    assert_true(holds(FOLDER_READER, "first.result", "\"code\":\"SKK-3113\""));
    put_down();
    expect_code("");
    assert_int_equal(card_service.last.mode, IDENTITY_VISUAL);
    present_slot("mode = pin\npin = 1234\n");
    reader_slot_end(&reader);
    assert_string_equal(reader.waiting.presentation.pin, "");
    lift();
    put_down();
    assert_int_equal(card_service.checks, 1); /* nothing waits any more */
}

static void e2_a_card_nothing_was_said_about_is_checked_once_in_the_set_mode(void **state)
{
    (void)state;
    open_slot(0);
    put_down();
    assert_false(exists(FOLDER_READER, "card.result")); /* no mode set: it lies there */
    lift();
    reader.slot_mode = IDENTITY_VISUAL;
    card_service.play = CARD_AWAY;
    put_down();
    assert_true(holds(FOLDER_READER, "card.result", "\"code\":\"SKK-4001\""));
    card_service.play = CARD_ANSWERED;
    reader_slot_look(&reader);
    assert_int_equal(card_service.checks, 0); /* not again and again by itself */
    lift();
    put_down();
    assert_true(holds(FOLDER_READER, "card.result", "\"mode\":\"visual\""));
    assert_int_equal(card_service.checks, 1);
}

/* --- folders and times ------------------------------------------------------------------------ */

static void names_of_presentations_are_bounded(void **state)
{
    char name[100] = "";

    (void)state;
    assert_true(reader_takes("desk-1_a.present"));
    assert_false(reader_takes(".present"));
    assert_false(reader_takes("desk.PRESENT"));
    assert_false(reader_takes("../x.present"));
    assert_false(reader_takes("desk.present.tmp"));
    assert_false(reader_takes("desk.result"));
    memset(name, 'a', 64);
    memcpy(name + 64, ".present", 9);
    assert_true(reader_takes(name));
    memcpy(name + 64, "a.present", 10);
    assert_false(reader_takes(name));
}

static void what_no_event_told_of_is_taken_when_it_is_old_enough(void **state)
{
    (void)state;
    put(FOLDER_READER, "desk.present", TEXT("card = x\nmode = face\n"));
    reader_scan(&reader, 60000);
    assert_true(exists(FOLDER_READER, "desk.present"));
    reader_scan(&reader, 0);
    assert_false(exists(FOLDER_READER, "desk.present"));
    assert_true(exists(FOLDER_READER, "desk.result"));
    reader_present(&reader, "gone.present");
    assert_false(exists(FOLDER_READER, "gone.result"));
}

static void face_files_are_touched_a_little_later(void **state)
{
    (void)state;
    for (int i = 0; i < READER_TOUCHES_MAX + 2; i++)
        present("mode = face\n");
    assert_true(reader.touch_count <= READER_TOUCHES_MAX);
    assert_true(reader_touch_due(&reader, 1000) <= 300);
    while (reader.touch_count > 0)
        usleep((useconds_t)reader_touch_due(&reader, 1000) * 1000);
    assert_int_equal(reader_touch_due(&reader, 1000), 1000);
    assert_int_equal(count(FOLDER_FACE), READER_TOUCHES_MAX + 2);
}

#define READER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READER(e1_e2_a_card_with_its_pin_gives_a_face_file),
        READER(e2_face_and_visual_sign_without_the_pin),
        READER(e2_a_locked_or_pinless_card_still_has_face_and_visual),
        READER(e5_face_files_follow_the_sites_encoding),
        READER(e2_a_wrong_pin_costs_one_try_and_the_last_is_not_taken_unasked),
        READER(a_pin_is_never_in_what_is_left_behind),
        READER(refusals_of_the_service_are_shown_and_give_no_face_file),
        READER(c5_without_the_service_the_desk_is_told_at_once),
        READER(faults_of_card_reader_and_presentation_are_told),
        READER(a_link_is_no_presentation),
        READER(e2_a_presentation_and_the_card_on_the_slot_come_in_either_order),
        READER(e2_an_answered_card_must_go_before_the_next_pin_is_tried),
        READER(e2_a_refused_pin_may_be_entered_again_while_the_card_lies_there),
        READER(a_card_that_does_not_come_is_told),
        READER(the_later_presentation_counts),
        READER(e2_a_card_nothing_was_said_about_is_checked_once_in_the_set_mode),
        READER(names_of_presentations_are_bounded),
        READER(what_no_event_told_of_is_taken_when_it_is_old_enough),
        READER(face_files_are_touched_a_little_later),
    };
    return cmocka_run_group_tests(tests, card_world_begin, card_world_end);
}
