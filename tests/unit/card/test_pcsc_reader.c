/* SPDX-License-Identifier: Apache-2.0
 *
 * Readers through PC/SC, which this file plays: its functions stand in the library's place. So
 * readers, cards and the service come and go at a word, and calls hang until they are released.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include "card/pcsc_reader.h"

#define READERS 3
#define PRESENT 0x20
#define EMPTY 0x10

static struct {
    pthread_mutex_t lock;
    bool service;
    struct {
        const char *name; /* NULL = unplugged */
        DWORD event;
    } readers[READERS];
    LONG connects, transmits; /* results */
    DWORD protocol;
    bool hangs;
    int contexts, connected, transactions, resets;
    unsigned char command[1024];
    size_t command_size;
    const unsigned char *command_at; /* where the caller keeps it */
    char reader[PCSC_NAME_MAX];
} played = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct card_slot *slot;

/* --- PC/SC ------------------------------------------------------------------------------------ */

static void rest(int milliseconds)
{
    const struct timespec time = {0, milliseconds * 1000000L};

    nanosleep(&time, NULL);
}

/* Adds to a figure, and tells whether the service is there. */
static bool note(int *figure, int by)
{
    bool service = false;

    pthread_mutex_lock(&played.lock);
    *figure += by;
    service = played.service;
    pthread_mutex_unlock(&played.lock);
    return service;
}

static int figure(const int *at)
{
    int value = 0;

    pthread_mutex_lock(&played.lock);
    value = *at;
    pthread_mutex_unlock(&played.lock);
    return value;
}

LONG SCardEstablishContext(DWORD scope, LPCVOID reserved1, LPCVOID reserved2,
                           LPSCARDCONTEXT context)
{
    (void)scope;
    (void)reserved1;
    (void)reserved2;
    *context = 1;
    if (note(&played.contexts, 1))
        return SCARD_S_SUCCESS;
    note(&played.contexts, -1);
    return SCARD_E_NO_SERVICE;
}

LONG SCardReleaseContext(SCARDCONTEXT context)
{
    (void)context;
    note(&played.contexts, -1);
    return SCARD_S_SUCCESS;
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD size)
{
    size_t at = 0;
    bool service = false;

    (void)context;
    (void)groups;
    pthread_mutex_lock(&played.lock);
    service = played.service;
    for (int i = 0; i < READERS; i++) {
        if (!played.readers[i].name)
            continue;
        memcpy(names + at, played.readers[i].name, strlen(played.readers[i].name) + 1);
        at += strlen(played.readers[i].name) + 1;
    }
    pthread_mutex_unlock(&played.lock);
    names[at] = '\0';
    *size = (DWORD)at + 1;
    if (!service)
        return SCARD_E_NO_SERVICE;
    return at > 0 ? SCARD_S_SUCCESS : SCARD_E_NO_READERS_AVAILABLE;
}

static bool fill_state(SCARD_READERSTATE *state)
{
    for (int i = 0; i < READERS; i++)
        if (played.readers[i].name && strcmp(played.readers[i].name, state->szReader) == 0)
            state->dwEventState = played.readers[i].event | SCARD_STATE_CHANGED;
    return (state->dwEventState & ~(DWORD)SCARD_STATE_CHANGED) != state->dwCurrentState;
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
                          DWORD count)
{
    (void)context;
    for (DWORD waited = 0; waited < timeout; waited += 5) {
        bool changed = false, service = false;
        pthread_mutex_lock(&played.lock);
        service = played.service;
        for (DWORD i = 0; i < count; i++)
            changed = fill_state(&states[i]) || changed;
        pthread_mutex_unlock(&played.lock);
        if (!service)
            return SCARD_E_SERVICE_STOPPED;
        if (changed)
            return SCARD_S_SUCCESS;
        rest(5);
    }
    return SCARD_E_TIMEOUT;
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols,
                  LPSCARDHANDLE card, LPDWORD protocol)
{
    LONG result = 0;

    (void)context;
    assert_int_equal(mode, SCARD_SHARE_SHARED);
    assert_int_equal(protocols, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1);
    pthread_mutex_lock(&played.lock);
    result = played.connects;
    strcpy(played.reader, reader); /* NOLINT: both have one size */
    *protocol = played.protocol;
    pthread_mutex_unlock(&played.lock);
    *card = 7;
    if (result == SCARD_S_SUCCESS)
        note(&played.connected, 1);
    return result;
}

LONG SCardBeginTransaction(SCARDHANDLE card)
{
    (void)card;
    note(&played.transactions, 1);
    return SCARD_S_SUCCESS;
}

LONG SCardReconnect(SCARDHANDLE card, DWORD mode, DWORD protocols, DWORD action, LPDWORD protocol)
{
    (void)card;
    (void)mode;
    (void)protocols;
    (void)protocol;
    assert_int_equal(action, SCARD_RESET_CARD);
    note(&played.resets, 1);
    return SCARD_S_SUCCESS;
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD action)
{
    (void)card;
    assert_int_equal(action, SCARD_RESET_CARD);
    note(&played.connected, -1);
    return SCARD_S_SUCCESS;
}

static bool hangs(void)
{
    bool still = false;

    pthread_mutex_lock(&played.lock);
    still = played.hangs;
    pthread_mutex_unlock(&played.lock);
    return still;
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *header, LPCBYTE command, DWORD size,
                   SCARD_IO_REQUEST *received, LPBYTE response, LPDWORD response_size)
{
    LONG result = 0;

    (void)card;
    (void)received;
    while (hangs())
        rest(5);
    pthread_mutex_lock(&played.lock);
    assert_int_equal(header->dwProtocol, played.protocol);
    memcpy(played.command, command, size);
    played.command_at = command;
    played.command_size = size;
    result = played.transmits;
    pthread_mutex_unlock(&played.lock);
    assert_true(*response_size >= 2);
    memcpy(response, "\x90\x00", 2);
    *response_size = 2;
    return result;
}

/* --- help ------------------------------------------------------------------------------------- */

static void set_service(bool service)
{
    pthread_mutex_lock(&played.lock);
    played.service = service;
    pthread_mutex_unlock(&played.lock);
}

static void set_reader(int at, const char *name, DWORD event)
{
    pthread_mutex_lock(&played.lock);
    played.readers[at].name = name;
    played.readers[at].event = event;
    pthread_mutex_unlock(&played.lock);
}

static int setup(void **state)
{
    (void)state;
    pthread_mutex_lock(&played.lock);
    played.service = true;
    memset(played.readers, 0, sizeof played.readers);
    played.connects = played.transmits = SCARD_S_SUCCESS;
    played.protocol = SCARD_PROTOCOL_T1;
    played.hangs = false;
    played.contexts = played.connected = played.transactions = played.resets = 0;
    pthread_mutex_unlock(&played.lock);
    return 0;
}

static void open_slot(const char *name)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);

    assert_int_equal(pcsc_reader_open(&scope, name, &slot), STATUS_OK);
}

static int teardown(void **state)
{
    (void)state;
    slot->ops->close(slot);
    for (int i = 0; i < 400 && figure(&played.contexts) > 0; i++)
        rest(5); /* of a thread that was left to itself */
    return figure(&played.contexts) == 0 && figure(&played.connected) == 0 ? 0 : -1;
}

/* Waits for the state, as events tell of it. */
static void expect(bool reachable, bool occupied, uint64_t arrival)
{
    struct pollfd polled = {slot->events, POLLIN, 0};
    struct card_slot_state now = {0};
    uint64_t count = 0;

    for (int i = 0; i < 40; i++) {
        now = slot->ops->state(slot);
        if (now.reachable == reachable && now.occupied == occupied && now.arrival == arrival)
            return;
        if (poll(&polled, 1, 100) > 0)
            assert_int_equal(read(slot->events, &count, sizeof count), sizeof count);
    }
    fail_msg("reachable %d occupied %d arrival %d", now.reachable, now.occupied, (int)now.arrival);
}

static enum cause connect_fails(void)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    struct card_link *link = NULL;

    assert_int_not_equal(slot->ops->connect(&scope, slot, &link), STATUS_OK);
    assert_null(link);
    return scope.cause;
}

static struct card_link *connected(void)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    struct card_link *link = NULL;

    assert_int_equal(slot->ops->connect(&scope, slot, &link), STATUS_OK);
    return link;
}

/* The cause of a failure, CAUSE_NONE where there is none. */
static enum cause sent(struct card_link *link, const void *command, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    unsigned char response[APDU_MAX];
    size_t response_size = 0;

    if (link->ops->transmit(&scope, link, command, size, response, &response_size) != STATUS_OK)
        return scope.cause;
    assert_int_equal(response_size, 2);
    return CAUSE_NONE;
}

static void expect_command(const void *command, size_t size)
{
    assert_int_equal(played.command_size, size);
    assert_memory_equal(played.command, command, size);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void cards_readers_and_the_service_come_and_go(void **state)
{
    (void)state;
    set_service(false);
    open_slot("");
    expect(false, false, 0);
    assert_int_equal(connect_fails(), CAUSE_READER_AWAY);
    set_service(true);
    set_reader(0, "Reader A", EMPTY);
    expect(true, false, 0);
    assert_int_equal(connect_fails(), CAUSE_CARD_ABSENT);
    set_reader(0, "Reader A", 1 << 16 | PRESENT);
    expect(true, true, 1);
    set_reader(0, "Reader A", 2 << 16 | EMPTY);
    expect(true, false, 1);
    set_reader(0, "Reader A", 5 << 16 | PRESENT);
    expect(true, true, 2);
    set_reader(0, "Reader A", 7 << 16 | PRESENT); /* away and back between two looks */
    expect(true, true, 3);
    set_reader(0, NULL, 0);
    expect(false, false, 3);
    set_reader(0, "Reader A", PRESENT);
    expect(true, true, 4);
    set_service(false);
    expect(false, false, 4);
}

static void of_several_readers_the_first_card_of_the_name_counts(void **state)
{
    struct card_link *link = NULL;

    (void)state;
    set_reader(0, "Other 00", PRESENT);
    set_reader(1, "Face 00", EMPTY);
    set_reader(2, "Face 01", EMPTY);
    open_slot("Face");
    expect(true, false, 0);
    set_reader(2, "Face 01", PRESENT);
    expect(true, true, 1);
    set_reader(1, "Face 00", PRESENT); /* the one that was there stays */
    rest(50);
    expect(true, true, 1);
    link = connected();
    assert_string_equal(played.reader, "Face 01");
    link->ops->close(link);
    set_reader(2, "Face 01", EMPTY);
    expect(true, true, 2);
    link = connected();
    assert_string_equal(played.reader, "Face 00");
    link->ops->close(link);
}

static void a_card_that_does_not_answer_to_reset_is_none(void **state)
{
    (void)state;
    set_reader(0, "Reader", PRESENT | SCARD_STATE_MUTE);
    open_slot("");
    expect(true, false, 0);
}

static void e2_others_are_kept_out_and_no_pin_stays_behind(void **state)
{
    static const char verify[] = "\0\x20\0\x80\4"
                                 "4711";
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    struct card_link *link = NULL;

    (void)state;
    set_reader(0, "Reader", PRESENT);
    open_slot("");
    expect(true, true, 1);
    link = connected();
    assert_int_equal(played.transactions, 1);
    assert_int_equal(sent(link, verify, 9), CAUSE_NONE);
    expect_command(verify, 9);
    assert_null(memmem(played.command_at, APDU_MAX, "4711", 4));
    assert_int_equal(link->ops->reset(&scope, link), STATUS_OK);
    assert_int_equal(played.resets, 1);
    assert_int_equal(played.connected, 1);
    link->ops->close(link);
    assert_int_equal(played.connected, 0);
}

static void t0_carries_commands_in_its_own_shape(void **state)
{
    unsigned char extended[300] = {0x80, 0xA2, 0, 0xC1, 0, 1, 0};
    struct card_link *link = NULL;

    (void)state;
    played.protocol = SCARD_PROTOCOL_T0;
    set_reader(0, "Reader", PRESENT);
    open_slot("");
    expect(true, true, 1);
    link = connected();
    assert_int_equal(sent(link, "\0\x20\0\x80", 4), CAUSE_NONE); /* case 1 */
    expect_command("\0\x20\0\x80\0", 5);
    assert_int_equal(sent(link, "\0\xB0\0\0\0", 5), CAUSE_NONE); /* case 2 */
    expect_command("\0\xB0\0\0\0", 5);
    assert_int_equal(sent(link, "\0\xA4\2\x0C\2\0\x0A", 7), CAUSE_NONE); /* case 3 */
    expect_command("\0\xA4\2\x0C\2\0\x0A", 7);
    assert_int_equal(sent(link, "\x80\x2A\0\x80\2\1\2\0", 8), CAUSE_NONE); /* case 4: no Le */
    expect_command("\x80\x2A\0\x80\2\1\2", 7);
    assert_int_equal(sent(link, extended, sizeof extended), CAUSE_CARD_UNREADABLE);
    assert_int_equal(sent(link, "\0\x20\0", 3), CAUSE_CARD_UNREADABLE);
    link->ops->close(link);
}

static void what_pcsc_says_becomes_a_cause(void **state)
{
    static const struct {
        LONG result;
        enum cause cause;
    } rows[] = {{SCARD_E_NO_SERVICE, CAUSE_READER_AWAY},
                {SCARD_E_UNKNOWN_READER, CAUSE_READER_AWAY},
                {SCARD_E_NO_SMARTCARD, CAUSE_CARD_ABSENT},
                {SCARD_E_SHARING_VIOLATION, CAUSE_CARD_IN_USE},
                {SCARD_W_UNRESPONSIVE_CARD, CAUSE_CARD_UNREADABLE},
                {SCARD_E_PROTO_MISMATCH, CAUSE_CARD_UNREADABLE}};
    static unsigned char long_command[APDU_MAX + 1];
    struct card_link *link = NULL;

    (void)state;
    set_reader(0, "Reader", PRESENT);
    open_slot("");
    expect(true, true, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        played.connects = rows[i].result;
        assert_int_equal(connect_fails(), rows[i].cause);
    }
    played.connects = SCARD_S_SUCCESS;
    link = connected();
    played.transmits = SCARD_W_REMOVED_CARD;
    assert_int_equal(sent(link, "\0\xB0\0\0\0", 5), CAUSE_CARD_UNREADABLE);
    played.transmits = SCARD_S_SUCCESS;
    assert_int_equal(sent(link, long_command, sizeof long_command), CAUSE_CARD_UNREADABLE);
    link->ops->close(link);
}

static void a_reader_that_hangs_is_given_up(void **state)
{
    struct card_link *link = NULL;
    time_t began = time(NULL);

    (void)state;
    set_reader(0, "Reader", PRESENT);
    open_slot("");
    expect(true, true, 1);
    link = connected();
    pthread_mutex_lock(&played.lock);
    played.hangs = true;
    pthread_mutex_unlock(&played.lock);
    assert_int_equal(sent(link, "\0\xB0\0\0\0", 5), CAUSE_CARD_SILENT);
    assert_true(time(NULL) - began < 9);
    began = time(NULL);
    assert_int_equal(sent(link, "\0\xB0\0\0\0", 5), CAUSE_CARD_SILENT); /* at once */
    link->ops->close(link);
    assert_true(time(NULL) - began < 3);
    pthread_mutex_lock(&played.lock);
    played.hangs = false; /* the thread ends by itself; teardown sees that nothing is left */
    pthread_mutex_unlock(&played.lock);
}

static void a_name_has_its_limit(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    char name[PCSC_NAME_MAX + 1] = "";

    (void)state;
    memset(name, 'n', PCSC_NAME_MAX);
    assert_int_equal(pcsc_reader_open(&scope, name, &slot), STATUS_INVALID);
    name[PCSC_NAME_MAX - 1] = '\0';
    open_slot(name);
    expect(false, false, 0);
}

#define PCSC(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PCSC(cards_readers_and_the_service_come_and_go),
        PCSC(of_several_readers_the_first_card_of_the_name_counts),
        PCSC(a_card_that_does_not_answer_to_reset_is_none),
        PCSC(e2_others_are_kept_out_and_no_pin_stays_behind),
        PCSC(t0_carries_commands_in_its_own_shape),
        PCSC(what_pcsc_says_becomes_a_cause),
        PCSC(a_reader_that_hangs_is_given_up),
        PCSC(a_name_has_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
