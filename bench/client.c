/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_NAME "localhost" /* the name in the server certificates of a world */

SSL_CTX *client_context(const struct client_order *order)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (!context || SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_load_verify_locations(context, order->ca_path, NULL) != 1 ||
        SSL_CTX_use_certificate_chain_file(context, order->certificate_path) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, order->key_path, SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    return context;
}

static int connect_socket(const struct client_order *order)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)order->port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;

    if (fd < 0)
        return -1;
    if (inet_pton(AF_INET, order->host, &address.sin_addr) != 1 ||
        connect(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool client_connect(struct client *client)
{
    char name[] = SERVER_NAME; /* the library's macro takes no const */

    client->fd = connect_socket(client->order);
    client->tls = SSL_new(client->context);
    client->size = 0;
    if (client->fd >= 0 && client->tls && SSL_set_fd(client->tls, client->fd) == 1 &&
        SSL_set1_host(client->tls, SERVER_NAME) == 1 &&
        SSL_set_tlsext_host_name(client->tls, name) == 1 && SSL_connect(client->tls) == 1)
        return true;
    client_close(client);
    return false;
}

void client_close(struct client *client)
{
    SSL_free(client->tls);
    if (client->fd >= 0)
        close(client->fd);
    client->tls = NULL;
    client->fd = -1;
}

static bool send_request(struct client *client, const char *path, struct text body)
{
    char request[CLIENT_REQUEST_MAX];
    int head = 0;

    if (body.size == 0)
        head = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: " SERVER_NAME "\r\n\r\n",
                        path);
    else
        head = snprintf(request, sizeof request,
                        "POST %s HTTP/1.1\r\nHost: " SERVER_NAME "\r\n"
                        "Content-Type: application/xml\r\nContent-Length: %zu\r\n\r\n",
                        path, body.size);
    if (head < 0 || (size_t)head + body.size > sizeof request)
        return false;
    if (body.size > 0)
        memcpy(request + head, body.bytes, body.size);
    return SSL_write(client->tls, request, (int)((size_t)head + body.size)) > 0;
}

/* The value of a header field, up to its end of line; NULL where there is none. */
static const char *field(const char *head, const char *name)
{
    const char *at = strcasestr(head, name);

    return at ? at + strlen(name) + strspn(at + strlen(name), " ") : NULL;
}

/* Bytes of header and body, once the header is complete; 0 before. */
static size_t whole_size(struct client *client)
{
    char *end = strstr(client->bytes, "\r\n\r\n");
    const char *length = NULL;
    size_t size = 0;

    if (!end)
        return 0;
    *end = '\0'; /* header fields are looked for before this */
    length = field(client->bytes, "\nContent-Length:");
    size = (size_t)(end - client->bytes) + 4 + (length ? strtoul(length, NULL, 10) : 0);
    *end = '\r';
    return size;
}

static bool receive(struct client *client)
{
    size_t whole = 0;

    client->size = 0;
    while (whole == 0 || client->size < whole) {
        int count = SSL_read(client->tls, client->bytes + client->size,
                             (int)(CLIENT_ANSWER_MAX - client->size));
        if (count <= 0)
            return false;
        client->size += (size_t)count;
        client->bytes[client->size] = '\0';
        if (whole == 0)
            whole = whole_size(client);
        if (whole > CLIENT_ANSWER_MAX)
            return false;
    }
    return client->size == whole;
}

bool client_request(struct client *client, const char *path, struct text body,
                    struct client_answer *out)
{
    const char *end = NULL;
    const char *id = NULL;

    if (!send_request(client, path, body) || !receive(client))
        return false;
    end = strstr(client->bytes, "\r\n\r\n");
    id = field(client->bytes, "\nX-Request-Id:");
    *out = (struct client_answer){.code = (int)strtol(client->bytes + 9, NULL, 10)};
    if (id && id < end)
        snprintf(out->request_id, sizeof out->request_id, "%.16s", id);
    out->body = (struct text){end + 4, client->size - (size_t)(end + 4 - client->bytes)};
    return true;
}
