/* SPDX-License-Identifier: Apache-2.0
 *
 * status_ca.h - the CA that signed the corpora of OCSP answers and CRLs (with openssl ocsp and
 * openssl ca), and the moment they were made for. Its key is gone.
 */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "proof/card_certificate.h"
#include "proof/issuer.h"

#define STATUS_CA_NOW ((struct instant){INT64_C(1795621660) * 1000000})
#define STATUS_CA_SERIAL UINT64_C(0x1B59)

static const char status_ca_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDUTCCAjmgAwIBAgIUQnQQAgtG+p92l68YyVAI4RHMV3owDQYJKoZIhvcNAQEL\n"
    "BQAwLzELMAkGA1UEBhMCSlAxETAPBgNVBAoMCEpQS0ktU0lNMQ0wCwYDVQQLDARm\n"
    "dXp6MCAXDTI2MTEyNTE1NDczN1oYDzIwNTEwNzE3MTU0NzM3WjAvMQswCQYDVQQG\n"
    "EwJKUDERMA8GA1UECgwISlBLSS1TSU0xDTALBgNVBAsMBGZ1enowggEiMA0GCSqG\n"
    "SIb3DQEBAQUAA4IBDwAwggEKAoIBAQDht6MEAnPCGUyolTH9re8bxXdeiKZ0yS6e\n"
    "/kDtZeIAjfLaKM7fHzO4eK4JctLlUaoDMTHWnqWe4TXRlWeEOHIPd8zMofDGIGLV\n"
    "2G6lpfV973dDwNOC2inhI5YLkzrL4/Q3qoftSjbf4CpDNMC9LtOLu4+1itS1v7j8\n"
    "SemhXESzGjMCrY5gmbzelIzlKviNs3jnYtTCFaPSNzR6hzXvZTpKaeYHkkuKaQ9c\n"
    "JbKFy2rQ507FcPcH9O+MBDqa+3w1jRnOdmSF7SGuE2fmgSobmeNq6gSEGYHvD/C/\n"
    "s8JL4YFaNGYoLQYloWSs7yzZSPXedKsr58gK8mey9VugVbGUOe8jAgMBAAGjYzBh\n"
    "MB0GA1UdDgQWBBSSJKHTfp0sfR9U2tG83WmOf25wNjAfBgNVHSMEGDAWgBSSJKHT\n"
    "fp0sfR9U2tG83WmOf25wNjAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIB\n"
    "BjANBgkqhkiG9w0BAQsFAAOCAQEALmKO2S6nB+mcxeRHqFu5HaWDeKguIsfuH5e5\n"
    "L6t1ulRWC1RRNQxFr0AcPqZzd3GFXqVOypoEK0bAGSptFm1SdzT0kzKg7sWcJywT\n"
    "4s3TGLyNo3eYKrIICTWQabRhx4OUyfeQsMe0JtnfFiJcPxtQzHsfoYmYZXrfmxna\n"
    "b5+nUB022TfU2dKKbkMp+JDvBXmlnfKg4uyNkk+ZzqKtJZUtvXNMy89taZUQREK+\n"
    "+ZKWu533hcACw1OsnvAD+eeiyP2ZCpIK6srgJIw0j1qPH9qfXP2mf+vyxzv9elBl\n"
    "bBTgC3IA1dKMNSJzwJVuNyp2HgCbBU5lOWh1J/tjRoBrxO/ATw==\n"
    "-----END CERTIFICATE-----\n";

/* Opened at the first call, kept for good. */
static struct card_trust *status_ca_trust(void)
{
    static struct card_trust *trust;
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    char path[] = "/tmp/fuzz_status.XXXXXX";

    if (trust)
        return trust;
    close(mkstemp(path));
    if (file_write(&scope, path, text_of(status_ca_pem), FILE_MODE_PUBLIC) != STATUS_OK ||
        card_trust_open(&scope, path, ISSUER_POLICY_OID, 8, &trust) != STATUS_OK)
        abort();
    unlink(path);
    return trust;
}
