/* SPDX-License-Identifier: Apache-2.0
 *
 * cut_proxy.c - a network that breaks, for shell tests.
 *
 *   cut_proxy PORT BYTES[,stall]
 *
 * Listens on a port of its own (its first line) and passes connections, one after another, on to
 * PORT of this machine. When BYTES have come from the clients it breaks that connection, or with
 * `stall` takes nothing more until either end is gone. Connections after the break are passed
 * whole; after each of them a line says how many bytes came from the clients since.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE 16384

static long limit, passed;
static bool stall, broken;

static struct sockaddr_in place(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* Passes what is there; false at the end. */
static bool pass(int from, int to, bool counted)
{
    char bytes[PIECE];
    ssize_t got = read(from, bytes, sizeof bytes);

    for (ssize_t at = 0; at < got;) {
        ssize_t put = send(to, bytes + at, (size_t)(got - at), MSG_NOSIGNAL);
        if (put <= 0)
            return false;
        at += put;
    }
    if (counted && got > 0)
        passed += got;
    return got > 0;
}

static void serve(int client, int server)
{
    struct pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    bool alive = true;

    while (alive && (broken || passed < limit) && poll(ends, 2, -1) > 0) {
        if (ends[0].revents)
            alive = pass(client, server, true);
        if (alive && ends[1].revents)
            alive = pass(server, client, false);
    }
}

/* Either end is gone; what they still send is not taken. */
static void wait_for_hangup(int client, int server)
{
    struct pollfd ends[] = {{client, POLLRDHUP, 0}, {server, POLLRDHUP, 0}};

    poll(ends, 2, -1);
}

static void take_one(int listener, int port)
{
    struct linger at_once = {1, 0};
    struct sockaddr_in address = place(port);
    int client = accept(listener, NULL, NULL);
    int server = socket(AF_INET, SOCK_STREAM, 0);

    if (client < 0)
        exit(1);
    if (connect(server, (struct sockaddr *)&address, sizeof address) == 0)
        serve(client, server);
    if (broken) {
        printf("%ld\n", passed);
        fflush(stdout);
    } else if (passed >= limit) {
        broken = true;
        passed = 0;
        if (stall)
            wait_for_hangup(client, server);
        setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    close(client);
    close(server);
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = place(0);
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    if (argc != 3 || bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, 16) != 0 || getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return 1;
    limit = strtol(argv[2], NULL, 10);
    stall = strstr(argv[2], "stall") != NULL;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;)
        take_one(listener, (int)strtol(argv[1], NULL, 10));
}
