/* SPDX-License-Identifier: Apache-2.0 */
#include "command/command.h"

/* In the order of --help. */
const struct command *const commands[] = {
    &command_demo,
    &command_world,
    &command_serve,
    &command_terminal,
    &command_card_emulate,
    &command_face_device,
    &command_visual_password,
    &command_number_check,
    &command_number_make,
    &command_explain_check,
    &command_explain_number,
    &command_explain_copayment,
    &command_explain_certificate,
    &command_explain_service_class,
    &command_explain_desk,
    &command_explain_document,
    &command_explain_rule,
    &command_explain_policy,
    &command_audit_verify,
    &command_audit_show,
    NULL,
};
