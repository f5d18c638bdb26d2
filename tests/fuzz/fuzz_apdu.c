/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_apdu.c - commands into the chip of an emulated card: whatever comes, an answer of at least a
 * status word, a counter within its bounds, and nothing outside the buffers. Corpus:
 * tests/data/apdu/; a file is a run of commands, each with its length in two bytes before it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "card/chip.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A key of no one, fixed so that a corpus can hold what it signed. */
static const char key_pem[] = "-----BEGIN PRIVATE KEY-----\n"
                              "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDjjhfGkQUNqchL\n"
                              "jPZDFQRrxFIww0mAtzTLHT18YLQEyiV/xXHUYlBqaobRigqGSlMr4kTRlkcvxeeP\n"
                              "oP4K/Cn6pTZrRAKhjrx6ofxkH5m8R8VTnU3+WKIDma48BzC57rm7n5D7gT++gH34\n"
                              "XW/WTqqpEszEtMelgNla0h8QRm2sVAd9m8hx3oRLXeOka3f+1SX3m76Ewsa+xyqx\n"
                              "MVed89H+n9IuxriVihDnwOKYboVsYns70RA8h7DCjcjJ2poUOB2tcjXSlSQeTVCQ\n"
                              "a52kAOovxeuIWp9WXM2XZSfMMh/lHLoS3Axj3VoVrXllAGPv01sqpFezA6zcm8II\n"
                              "kYo4v9CXAgMBAAECggEASL1zyTQzVtZGoiv5zqDJzH8xvMe4V854sFL1BCzPbtaF\n"
                              "nS3rALa6uQG7fgDv81SP+K+4Sv0MXW+YYXfXrYBFFQu59RkE9Erx4guk6AaX+LFC\n"
                              "mUNoGp2PkLIQGb08rLrsoVbVHCiJTWa6nemUZf+4mxpY3apiRXwGPvt7FZNF3LdX\n"
                              "XXv9ESI+U1CKfy7J27M6D/a4+kar10sMpIwQcs/+ha+1mSX5gBWKWaH9ldcLZ9gm\n"
                              "flxHPMLbmojhhv0olXiaLpjJJqpeo9JzYSsWqAC/iVSzXkOCeU5cxbdvD3BvKB0D\n"
                              "Rpiv2dFsDe35bZ+DMsLmhJe3OPlz2Ba8pHpW5TdlHQKBgQD4NHOoLwxrIVm7k17F\n"
                              "AJdFcNnzbpwbYnOCF41SEUypYKEOvN91sw3Ap399dH1iQWjM+742Jt/dwVTjJm1T\n"
                              "jZzJPlx7rovhSB73tI8mgyl/t2Dlcsi7jDBrHN5Z80K5DYcZnW6kNdbwhoXTzJgG\n"
                              "pLoTwPa38ziRrIrfP+6W4ConawKBgQDqs54zJsQmWtFhEcwyNtlj0gQB4WJFM/pn\n"
                              "zyxjp/V9cGsZ7TgeR4Zoa3XxpX09v1eS7sJlJvneuyXL73yzwfAiQCk2+r646KHG\n"
                              "AVPi1tIhXS8n+4sGg8VI5Tc2dpPa/1iI8kQUfGM/iXKl4y6GHddeIr7DvyARJ51s\n"
                              "dlkjVr+ChQKBgQDHr7tVFfURw5Uj2h6mtCD/1xkiRl0FkyGHClfCLPTWWE17Q+0s\n"
                              "DlAELT3euvedMy6Tq/2OJ5x4FnCrB2FxlT8MkUVqpDUZnCJ9+yAoReH/RJOKRdzF\n"
                              "NrZFlsY07AdERmPo8cXwCvjQLgpBKhstTR3/goF74Qwj9wMLNa5IaDTB3QKBgES3\n"
                              "WjY3v25LYMo+375D+NoU/z9dsdv5H/OM4L48ys9zPqhUn/2di2i/LcUWYtjVUNqg\n"
                              "NSJQiw//U02mTKiEu74LcwW53GVfFx5V/S2JH/TMx6W5LDc4FWcGVWgIx7ly0YUn\n"
                              "CW/GC3jq0TpojZKO4iOZoKjHKKhdJOZAsFB8cY3RAoGAAbhiVRrlomxMBifkfTNG\n"
                              "GVvB+cnkGTgYdmnsEjU93/AuVeEnapLB11WUdJLG1V3R+/2RsgVHud1BffBaExvx\n"
                              "lH2NCoYrSBt19zL7CoUiYhwpuGXktWvI/9pl7qHIQUMG3cpZX+AXMMHtFOY8iK56\n"
                              "WM5QAfuXfw2g9W2hXANtSQc=\n"
                              "-----END PRIVATE KEY-----\n";
static const char public_pem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA444XxpEFDanIS4z2QxUE\n"
    "a8RSMMNJgLc0yx09fGC0BMolf8Vx1GJQamqG0YoKhkpTK+JE0ZZHL8Xnj6D+Cvwp\n"
    "+qU2a0QCoY68eqH8ZB+ZvEfFU51N/liiA5muPAcwue65u5+Q+4E/voB9+F1v1k6q\n"
    "qRLMxLTHpYDZWtIfEEZtrFQHfZvIcd6ES13jpGt3/tUl95u+hMLGvscqsTFXnfPR\n"
    "/p/SLsa4lYoQ58DimG6FbGJ7O9EQPIewwo3IydqaFDgdrXI10pUkHk1QkGudpADq\n"
    "L8XriFqfVlzNl2UnzDIf5Ry6EtwMY91aFa15ZQBj79NbKqRXswOs3JvCCJGKOL/Q\n"
    "lwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

static struct card_image image_of_no_one(void)
{
    static char certificate[1573] = {0x30, (char)0x82, 0x06, 0x21};

    return (struct card_image){.label = TEXT("JPKIAPICCTOKEN2"),
                               .auth_certificate = {certificate, sizeof certificate},
                               .auth_ca = {certificate, sizeof certificate},
                               .auth_key_pem = TEXT(key_pem),
                               .sign_certificate = {certificate, sizeof certificate},
                               .sign_key_pem = TEXT(key_pem),
                               .terminal_ca_pem = TEXT(public_pem),
                               .auth_pin = "1234",
                               .sign_password = "ABC123",
                               .auth_tries = 3,
                               .sign_tries = 5,
                               .card_number = TEXT("123456789012345"),
                               .municipality = TEXT("13104"),
                               .card_expires = DATE(20341114)};
}

/* The answer in a buffer of its exact size; the command in one, too. */
static void send(struct chip *chip, const uint8_t *bytes, size_t size)
{
    unsigned char *command = malloc(size ? size : 1);
    unsigned char *answer = malloc(APDU_MAX);
    size_t answered = 0;

    if (!command || !answer)
        abort();
    memcpy(command, bytes, size);
    answered = chip_transmit(chip, command, size, answer);
    if (answered < 2 || answered > APDU_MAX || chip->image.auth_tries < 0 ||
        chip->image.auth_tries > CHIP_AUTH_TRIES || chip->image.sign_tries < 0 ||
        chip->image.sign_tries > CHIP_SIGN_TRIES)
        abort();
    if (answered > 2 && (answer[answered - 2] != 0x90 || answer[answered - 1] != 0x00))
        abort(); /* data goes with success only */
    free(command);
    free(answer);
}

/* The chip as it was issued; its keys are read once. */
static struct chip *fresh_chip(void)
{
    static struct chip chip;
    static bool open;
    struct card_image image = image_of_no_one();

    if (!open) {
        struct scope scope = scope_begin(65536); /* ends with the program */
        if (chip_open(&scope, &image, &chip) != STATUS_OK)
            abort();
        open = true;
    }
    chip_reset(&chip);
    chip.image = image;
    return &chip;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct chip *chip = fresh_chip();

    while (size >= 2) {
        size_t length = (size_t)bytes[0] << 8 | bytes[1];
        bytes += 2;
        size -= 2;
        if (length > size)
            length = size;
        send(chip, bytes, length);
        bytes += length;
        size -= length;
    }
    return 0;
}
