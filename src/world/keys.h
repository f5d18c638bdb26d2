/* SPDX-License-Identifier: Apache-2.0
 *
 * keys.h - the certificate authorities of a world and the certificates that they give out.
 *
 * Fresh in each world: keys are never derived from its seed.
 */
#pragma once

#include "proof/issuer.h"
#include "world/folder.h"

/* The CAs that cards and terminals are made with. */
struct world_keys {
    struct issuer *card;      /* pki/card-ca.*: the generation that the world's cards are of */
    struct issuer *signature; /* pki/card-sign-ca.* */
    struct issuer *terminal;  /* pki/terminal-ca.* */
};

/*
 * Makes all CAs and network certificates in pki/. t: the world's date, for the card CA, which
 * begins five years before it; the network's certificates hold from scope->now. The card CA's
 * second generation (serial: that of its certificate) began a month before t and signs what is
 * issued from then on; card-ca.pem has both, in their order.
 */
MUST_CHECK enum status keys_make(struct scope *scope, const struct world_folder *folder,
                                 struct date t, uint64_t serial, struct world_keys *out);
void keys_close(struct world_keys *keys);
