/* SPDX-License-Identifier: Apache-2.0
 *
 * Q4: the card shows a serial that the store does not know; the issuer's link service, played here
 * over HTTP, tells the one before it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>

#include "base/hex.h"
#include "service_fixture.h"

#define SCOPE                                                                                      \
    CLEANUP(scope_end)                                                                             \
    struct scope scope = scope_begin_at(SERVICE_SCOPE_LIMIT, instant_noon(TODAY))

/* Serials of the small world's cards: 3E8 is "valid", 3EA "grace", 3EF "unknown" (to the store). */
static const char link_path[] = "/links/1/3EF";

static struct MHD_Daemon *daemon_of_links;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* for what is answered */
static const char *answer;                               /* NULL: 404 */
static int asked;

static enum MHD_Result respond(void *context, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *body,
                               size_t *size, void **own)
{
    struct MHD_Response *response = NULL;
    const char *text = NULL;
    enum MHD_Result result = MHD_NO;

    (void)context, (void)method, (void)version, (void)body, (void)size, (void)own;
    pthread_mutex_lock(&lock);
    asked++;
    text = strcmp(url, link_path) == 0 ? answer : NULL;
    pthread_mutex_unlock(&lock);
    response = MHD_create_response_from_buffer_with_free_callback(
        text ? strlen(text) : 0, text ? strdup(text) : strdup(""), free);
    result = MHD_queue_response(connection, text ? 200 : 404, response);
    MHD_destroy_response(response);
    return result;
}

static void answer_with(const char *text)
{
    pthread_mutex_lock(&lock);
    answer = text;
    pthread_mutex_unlock(&lock);
}

/* What came of a check with a card. */
static struct seen check_with(const char *card)
{
    SCOPE;
    const struct service_request ask = {&institution, OQS_XML, {0}};
    struct service_request request = {&institution, OQS_XML, {0}};
    struct small_proof proof = {
        .folder = folder, .card = card, .institution = {SMALL_INSTITUTION}, .at = scope.now};
    struct oqs_challenge challenge = {0};
    struct oqs_card_inquiry inquiry = {0};
    struct seen seen = {0};

    service_card_challenge(&scope, worker, &ask, &seen.outcome);
    assert_int_equal(oqs_challenge_read(&scope, OQS_XML, seen.outcome.body, &challenge), STATUS_OK);
    assert_true(
        hex_read(challenge.session, proof.challenge.session, sizeof proof.challenge.session));
    assert_true(hex_read(challenge.nonce, proof.challenge.nonce, sizeof proof.challenge.nonce));
    assert_int_equal(small_proof_make(&scope, &proof, &inquiry), STATUS_OK);
    assert_int_equal(oqs_card_inquiry_write(&scope, OQS_XML, &inquiry, &request.body), STATUS_OK);
    service_check_by_card(&scope, worker, &request, &seen.outcome);
    assert_int_equal(oqs_answer_read(&world_scope, OQS_XML, seen.outcome.body, &seen.answer),
                     STATUS_OK);
    return seen;
}

static void k2_without_a_link_that_leads_to_it_a_serial_stays_unknown(void **state)
{
    static const char *const rows[] = {
        NULL, /* 404 */
        "",
        "[]",
        "{}",
        "{\"issuer\":1,\"serial\":\"3E8\",\"new_issuer\":1,\"new_serial\":\"3EE\"}",
        "{\"issuer\":1,\"serial\":\"3E8\",\"new_issuer\":2,\"new_serial\":\"3EF\"}",
        "{\"issuer\":1,\"serial\":\"FFFF\",\"new_issuer\":1,\"new_serial\":\"3EF\"}",
        "{\"issuer\":-1,\"serial\":\"3E8\",\"new_issuer\":1,\"new_serial\":\"3EF\"}",
        "{\"issuer\":1,\"serial\":\"000000000000003E8\",\"new_issuer\":1,\"new_serial\":\"3EF\"}",
        "{\"issuer\":1,\"serial\":1000,\"new_issuer\":1,\"new_serial\":\"3EF\"}",
        "{\"issuer\":1,\"serial\":\"3EF\",\"new_issuer\":1,\"new_serial\":\"3EF\"}", /* a ring */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answer_with(rows[i]);
        struct seen seen = check_with("unknown");
        assert_int_equal(seen.outcome.entry.cause, CAUSE_CARD_SERIAL_UNKNOWN);
        assert_int_equal(seen.outcome.entry.person_id, 0);
    }
    assert_int_equal(check_with("valid").answer.validity, VALIDITY_VALID); /* nothing changed */
}

static void k2_a_renewed_card_is_its_holders_from_the_first_check_on(void **state)
{
    struct seen seen = {0};
    int before = 0;

    (void)state;
    answer_with("{\"number\":1,\"issuer\":1,\"serial\":\"3E8\",\"new_issuer\":1,\"new_serial\":"
                "\"3EF\",\"phone\":false,\"time\":\"2026-11-01T00:00:00.000000Z\"}");
    seen = check_with("unknown");
    assert_int_equal(seen.outcome.http_code, 200);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_int_equal(seen.outcome.entry.person_id, SMALL_CARDS);
    answer_with(NULL);
    before = asked;
    assert_int_equal(check_with("unknown").answer.validity, VALIDITY_VALID); /* it was kept */
    assert_int_equal(asked, before);
    assert_int_equal(check_with("valid").outcome.entry.cause, CAUSE_CARD_CERTIFICATE_SUPERSEDED);
}

static void links_come_by_https_or_from_this_machine_only(void **state)
{
    static const char *const rows[] = {"http://links.example/", "http://127.0.0.1.example/",
                                       "ftp://127.0.0.1/"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPE;
        struct service_options options = service_options_of();
        struct service *other = NULL;
        options.link_url = rows[i];
        assert_int_equal(service_open(&scope, &options, &other), STATUS_INVALID);
    }
}

static int open_linked(void **state)
{
    static char url[64];
    const struct sockaddr_in loopback = {.sin_family = AF_INET,
                                         .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct service_options options = {0};
    const union MHD_DaemonInfo *port = NULL;

    if (open_service(state) != 0)
        return 1;
    service_worker_close(worker);
    service_close(service);
    daemon_of_links = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, respond,
                                       NULL, MHD_OPTION_SOCK_ADDR, &loopback, MHD_OPTION_END);
    if (!daemon_of_links)
        return 1;
    port = MHD_get_daemon_info(daemon_of_links, MHD_DAEMON_INFO_BIND_PORT);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", (int)port->port);
    options = service_options_of();
    options.link_url = url;
    return service_open(&world_scope, &options, &service) != STATUS_OK ||
           service_worker_open(&world_scope, service, &worker) != STATUS_OK;
}

static int close_linked(void **state)
{
    int closed = close_service(state);

    MHD_stop_daemon(daemon_of_links);
    return closed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k2_without_a_link_that_leads_to_it_a_serial_stays_unknown),
        cmocka_unit_test(k2_a_renewed_card_is_its_holders_from_the_first_check_on),
        cmocka_unit_test(links_come_by_https_or_from_this_machine_only),
    };

    return cmocka_run_group_tests(tests, open_linked, close_linked);
}
