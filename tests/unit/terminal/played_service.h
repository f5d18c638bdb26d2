/* SPDX-License-Identifier: Apache-2.0
 *
 * played_service.h - a service that a test plays: here, away, wrong, refusing.
 */
#pragma once

#include <stdatomic.h>
#include <string.h>

#include "terminal/service_client.h"

/* The service's answer to a check by numbers, with the file identifier that was sent. */
#define PLAYED_ANSWER                                                                              \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"                               \
    "<XmlMsg><MessageHeader><ProcessExecutionTime>20261105101112</ProcessExecutionTime>"           \
    "<QualificationConfirmationDate>20261105</QualificationConfirmationDate>"                      \
    "<MedicalInstitutionCode>1319912349</MedicalInstitutionCode>"                                  \
    "<ArbitraryFileIdentifier>%.*s</ArbitraryFileIdentifier>"                                      \
    "<ReferenceClassification>2</ReferenceClassification><SegmentOfResult>1</SegmentOfResult>"     \
    "<CharacterCodeIdentifier>0</CharacterCodeIdentifier></MessageHeader><MessageBody>"            \
    "<ProcessingResultStatus>1</ProcessingResultStatus>"                                           \
    "<QualificationValidity>1</QualificationValidity><ResultList>"                                 \
    "<ResultOfQualificationConfirmation>"                                                          \
    "<InsuredCardClassification>01</InsuredCardClassification>"                                    \
    "<InsurerNumber>  139998</InsurerNumber><Name>髙﨑　𠮷次</Name><Sex1>1</Sex1>"           \
    "<Birthdate>19520203</Birthdate><InsurerName>架空区国民健康保険</InsurerName>"        \
    "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>\n"

#define PLAYED_REFUSAL                                                                                \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"                                  \
    "<XmlMsg><MessageHeader><ProcessExecutionTime>20261105101112</ProcessExecutionTime>"              \
    "<SegmentOfResult>9</SegmentOfResult><ErrorCode>SKK-2001</ErrorCode>"                             \
    "<ErrorMessage>医療機関コードがこの端末の登録と異なります。</ErrorMessage>" \
    "<CharacterCodeIdentifier>0</CharacterCodeIdentifier></MessageHeader><MessageBody>"               \
    "<ProcessingResultStatus>2</ProcessingResultStatus></MessageBody></XmlMsg>\n"

enum play {
    PLAY_ANSWER,
    PLAY_AWAY,    /* no connection */
    PLAY_BUSY,    /* HTTP 503, with an OQS body */
    PLAY_REFUSE,  /* HTTP 403, with an OQS body */
    PLAY_NONSENSE /* HTTP 200, a page of somebody else's */
};

struct played_service {
    struct service_client base; /* first */
    enum play play;
    _Atomic int calls;
    char last[4096];         /* body of the last call */
    void (*meanwhile)(void); /* what happens while the service works; may be NULL */
};

static inline struct text between(struct text body, const char *from, const char *to)
{
    const char *start = memmem(body.bytes, body.size, from, strlen(from));
    const char *end = start ? strstr(start, to) : NULL;

    if (!end)
        return (struct text){0};
    start += strlen(from);
    return (struct text){start, (size_t)(end - start)};
}

static inline enum status played_post(struct scope *scope, struct service_client *client,
                                      enum service_route route, struct text body,
                                      struct service_reply *out)
{
    struct played_service *service = (struct played_service *)client;
    struct text identifier =
        between(body, "<ArbitraryFileIdentifier>", "</ArbitraryFileIdentifier>");

    (void)route;
    service->calls++;
    snprintf(service->last, sizeof service->last, "%.*s", TEXT_ARGS(body));
    if (service->meanwhile)
        service->meanwhile();
    out->http_code = 200;
    switch (service->play) {
    case PLAY_AWAY:
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "played");
    case PLAY_NONSENSE:
        out->body = TEXT("<html><body>It works!</body></html>");
        return STATUS_OK;
    case PLAY_BUSY:
    case PLAY_REFUSE:
        out->http_code = service->play == PLAY_BUSY ? 503 : 403;
        out->body = TEXT(PLAYED_REFUSAL);
        return STATUS_OK;
    case PLAY_ANSWER:
        break;
    }
    return text_format(scope, &out->body, PLAYED_ANSWER, TEXT_ARGS(identifier));
}

static inline void played_close(struct service_client *client)
{
    (void)client;
}

static const struct service_client_ops played_ops = {"played", played_post, played_close};
