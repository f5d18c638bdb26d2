/* SPDX-License-Identifier: Apache-2.0
 *
 * card_world.h - what the tests of card/ share: an invented person's card in a file.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/file.h"
#include "card/emulated_card.h"
#include "card/jpki.h"
#include "proof/issuer.h"

static struct card_world {
    struct scope scope;
    struct issuer *terminals;
    struct card_image image; /* as it was issued */
    char folder[32];
    char path[64], credential[64], foreign_credential[64];
} card_world;

static inline enum status card_world_fill(struct scope *scope)
{
    struct card_certificate_order order = {.serial = 4711,
                                           .not_before = instant_noon(DATE(20241201)),
                                           .expires = DATE(20291114),
                                           .municipality = "13104"};
    struct card_image *image = &card_world.image;
    struct issuer *auth = NULL;
    struct issuer *sign = NULL;
    struct issuer *foreign = NULL;
    struct instant start = instant_noon(DATE(20241101));

    TRY(issuer_make(scope, ISSUER_CARD_AUTHENTICATION, start, &auth));
    TRY(issuer_make(scope, ISSUER_CARD_SIGNATURE, start, &sign));
    TRY(issuer_make(scope, ISSUER_TERMINAL, start, &card_world.terminals));
    TRY(issuer_make(scope, ISSUER_TERMINAL, start, &foreign));
    TRY(issuer_make_card(scope, auth, &order, &image->auth_key_pem, &image->auth_certificate));
    TRY(issuer_make_card(scope, sign, &order, &image->sign_key_pem, &image->sign_certificate));
    TRY(issuer_certificate(scope, auth, &image->auth_ca));
    TRY(issuer_certificate(scope, sign, &image->sign_ca));
    TRY(issuer_public_pem(scope, card_world.terminals, &image->terminal_ca_pem));
    TRY(issuer_make_terminal(scope, card_world.terminals, "1312345670", card_world.credential));
    TRY(issuer_make_terminal(scope, foreign, "1312345670", card_world.foreign_credential));
    issuer_close(auth);
    issuer_close(sign);
    issuer_close(foreign);
    return STATUS_OK;
}

static int card_world_begin(void **state)
{
    struct card_image *image = &card_world.image;

    (void)state;
    card_world.scope = scope_begin(1 << 22);
    strcpy(card_world.folder, "/tmp/test_card.XXXXXX");
    if (!mkdtemp(card_world.folder))
        return -1;
    snprintf(card_world.path, sizeof card_world.path, "%s/card", card_world.folder);
    snprintf(card_world.credential, sizeof card_world.credential, "%s/t.pem", card_world.folder);
    snprintf(card_world.foreign_credential, sizeof card_world.foreign_credential, "%s/f.pem",
             card_world.folder);
    *image = (struct card_image){.label = TEXT("JPKIAPICCTOKEN2"),
                                 .auth_pin = "1234",
                                 .sign_password = "ABC123",
                                 .auth_tries = 3,
                                 .sign_tries = 5,
                                 .card_number = TEXT("123456789012345"),
                                 .municipality = TEXT("13104"),
                                 .card_expires = DATE(20341114)};
    return card_world_fill(&card_world.scope) == STATUS_OK ? 0 : -1;
}

static int card_world_end(void **state)
{
    (void)state;
    issuer_close(card_world.terminals);
    unlink(card_world.path);
    unlink(card_world.credential);
    unlink(card_world.foreign_credential);
    scope_end(&card_world.scope);
    return rmdir(card_world.folder);
}

/* Writes the image and opens the card. */
static inline struct card_link *card_world_open(const struct card_image *image)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    struct card_link *link = NULL;

    if (card_image_write(&scope, card_world.path, image) != STATUS_OK ||
        emulated_card_open(&scope, card_world.path, &link) != STATUS_OK)
        abort();
    return link;
}

/* True where a signature is PKCS#1 v1.5 with SHA-256 over a hash, by the card's auth certificate.
 */
static inline bool card_world_signed(const unsigned char hash[32], const unsigned char *signature)
{
    const unsigned char *at = (const unsigned char *)card_world.image.auth_certificate.bytes;
    X509 *certificate = d2i_X509(NULL, &at, (long)card_world.image.auth_certificate.size);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(X509_get0_pubkey(certificate), NULL);
    bool good = EVP_PKEY_verify_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
                EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
                EVP_PKEY_verify(context, signature, 256, hash, 32) == 1;

    EVP_PKEY_CTX_free(context);
    X509_free(certificate);
    return good;
}
