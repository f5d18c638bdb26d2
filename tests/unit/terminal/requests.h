/* SPDX-License-Identifier: Apache-2.0
 *
 * requests.h - requests as real programs write them, one a habit (the sandbox's list), and their
 * parts.
 */
#pragma once

#include "base/text.h"

#define HEADER(identifier)                                                                         \
    "<MessageHeader><QualificationConfirmationDate>20261105</QualificationConfirmationDate>"       \
    "<MedicalInstitutionCode>1319912349</MedicalInstitutionCode>"                                  \
    "<ArbitraryFileIdentifier>" identifier "</ArbitraryFileIdentifier></MessageHeader>"
#define SEARCH_HEAD "<MessageBody><QualificationConfirmSearchInfo>"
#define SEARCH_TAIL                                                                                \
    "<Birthdate>19520203</Birthdate>"                                                              \
    "<LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>"     \
    "</QualificationConfirmSearchInfo></MessageBody></XmlMsg>"

/* 0: nothing special. */
#define REQUEST_PLAIN                                                                              \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg>" HEADER("F-1")         \
        SEARCH_HEAD                                                                                \
        "<InsurerNumber>  139998</InsurerNumber><InsuredCardSymbol>99</InsuredCardSymbol>"         \
        "<InsuredIdentificationNumber>0012345</InsuredIdentificationNumber>"                       \
        "<InsuredBranchNumber>02</InsuredBranchNumber>" SEARCH_TAIL "\n"

/* 1: single quotes, blanks in tags, an empty branch. */
#define REQUEST_BLANKS                                                                             \
    "<?xml version='1.0' encoding='UTF-8' standalone='no'?>\n<XmlMsg >\n<MessageHeader>\n"         \
    "<QualificationConfirmationDate>20261105</QualificationConfirmationDate>\n"                    \
    "<MedicalInstitutionCode>1319912349</MedicalInstitutionCode>\n"                                \
    "<ArbitraryFileIdentifier >F-1</ArbitraryFileIdentifier >\n</MessageHeader>\n" SEARCH_HEAD     \
    "\n<InsurerNumber>  139998</InsurerNumber>\n"                                                  \
    "<InsuredIdentificationNumber>0012345</InsuredIdentificationNumber>\n"                         \
    "<InsuredBranchNumber></InsuredBranchNumber>\n<Birthdate>19520203</Birthdate>\n"               \
    "<LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>\n"   \
    "</QualificationConfirmSearchInfo>\n</MessageBody>\n</XmlMsg >\n"

/* 2: CP932 bytes, no indentation, another order, a symbol in full-width kanji (架空). */
#define REQUEST_SHIFT_JIS                                                                          \
    "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?><XmlMsg><MessageBody>"        \
    "<QualificationConfirmSearchInfo>"                                                             \
    "<LimitApplicationCertificateRelatedConsFlg>0</LimitApplicationCertificateRelatedConsFlg>"     \
    "<Birthdate>19520203</Birthdate>"                                                              \
    "<InsuredIdentificationNumber>0012345</InsuredIdentificationNumber>"                           \
    "<InsuredCardSymbol>\x89\xCB\x8B\xF3</InsuredCardSymbol>"                                      \
    "<InsurerNumber>  139998</InsurerNumber></QualificationConfirmSearchInfo></MessageBody>"       \
    "<MessageHeader><ArbitraryFileIdentifier>F-1</ArbitraryFileIdentifier>"                        \
    "<MedicalInstitutionCode>1319912349</MedicalInstitutionCode>"                                  \
    "<QualificationConfirmationDate>20261105</QualificationConfirmationDate></MessageHeader>"      \
    "</XmlMsg>"

/* 3: byte-order mark, CRLF. */
#define REQUEST_MARK                                                                               \
    "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<XmlMsg>\r\n" HEADER(               \
        "F-1") "\r\n" SEARCH_HEAD "<InsurerNumber>  139998</InsurerNumber>\r\n"                    \
               "<InsuredIdentificationNumber>0012345</"                                            \
               "InsuredIdentificationNumber>\r\n" SEARCH_TAIL "\r\n"

/* 6: zero-padded insurer number, hyphens in the symbol. */
#define REQUEST_ZEROS                                                                              \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><XmlMsg>" HEADER("F-1")          \
        SEARCH_HEAD "<InsurerNumber>00139998</InsurerNumber>"                                      \
                    "<InsuredCardSymbol>9-9</InsuredCardSymbol>"                                   \
                    "<InsuredIdentificationNumber>12345</InsuredIdentificationNumber>" SEARCH_TAIL

/* Hostile ones that end as a whole message does. */
#define REQUEST_BAD_DATE                                                                           \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"                            \
    "<QualificationConfirmationDate>20230229</QualificationConfirmationDate>"                      \
    "<MedicalInstitutionCode>1319912349</MedicalInstitutionCode>"                                  \
    "<ArbitraryFileIdentifier>F-1</ArbitraryFileIdentifier></MessageHeader>" SEARCH_HEAD           \
    "<InsurerNumber>  139998</InsurerNumber>"                                                      \
    "<InsuredIdentificationNumber>0012345</InsuredIdentificationNumber>" SEARCH_TAIL
#define REQUEST_BOMB                                                                               \
    "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c "                    \
    "\"&b;&b;&b;&b;&b;&b;&b;&b;\">]><XmlMsg>&c;</XmlMsg>"
#define REQUEST_TWO_BODIES                                                                         \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg>" HEADER(                                   \
        "F-1") "<MessageBody></MessageBody>" SEARCH_HEAD "<InsurerNumber>  139998</InsurerNumber>" \
               "<InsuredIdentificationNumber>0012345</InsuredIdentificationNumber>" SEARCH_TAIL
