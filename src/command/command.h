/* SPDX-License-Identifier: Apache-2.0
 *
 * command.h - the commands of the program as a table; --help and the manual pages come from it.
 */
#pragma once

#include "base/options.h"
#include "base/scope.h"

/* One command, or one subcommand ("number check"). */
struct command {
    const char *name;       /* "serve", "number check" */
    const char *arguments;  /* what follows the options: "KIND NUMBER", or "" */
    const char *summary_en; /* one line */
    const char *summary_ja;
    const char *description;     /* paragraphs for the manual page, English; NULL = summary only */
    const char *const *examples; /* pairs: command line, what it does; NULL-terminated */
    struct option_table table;
    size_t settings_size;     /* of the struct that the options fill */
    int words_min, words_max; /* words that are no options */
    /*
     * Runs the command with its settings (defaults and options applied). Returns an exit code;
     * where it returns -1 the failure is in the scope, and main() prints it and takes the code from
     * there.
     */
    int (*run)(struct scope *scope, void *settings, int words, char **argv);
};

/* All commands, ordered for --help; NULL-terminated. */
extern const struct command *const commands[];

/* One a command file: */
extern const struct command command_demo;
extern const struct command command_world;
extern const struct command command_simulate;
extern const struct command command_serve;
extern const struct command command_terminal;
extern const struct command command_card_issue;
extern const struct command command_card_renew;
extern const struct command command_card_revoke;
extern const struct command command_card_show;
extern const struct command command_card_respond;
extern const struct command command_card_emulate;
extern const struct command command_face_device;
extern const struct command command_visual_password;
extern const struct command command_number_check;
extern const struct command command_number_make;
extern const struct command command_explain_check;
extern const struct command command_explain_number;
extern const struct command command_explain_copayment;
extern const struct command command_explain_certificate;
extern const struct command command_explain_service_class;
extern const struct command command_explain_desk;
extern const struct command command_explain_document;
extern const struct command command_explain_rule;
extern const struct command command_explain_policy;
extern const struct command command_insurer_load;
extern const struct command command_insurer_sample;
extern const struct command command_insurer_send;
extern const struct command command_insurer_status;
extern const struct command command_register_serve;
extern const struct command command_register_record;
extern const struct command command_register_link;
extern const struct command command_register_compare;
extern const struct command command_register_changes;
extern const struct command command_register_differences;
extern const struct command command_register_notices;
extern const struct command command_register_no_doubt;
extern const struct command command_card_uses;
extern const struct command command_month_end;
extern const struct command command_insurer_deregister;
extern const struct command command_insurer_list;
extern const struct command command_insurer_need;
extern const struct command command_insurer_papers;
extern const struct command command_insurer_policy_show;
extern const struct command command_insurer_policy_set;
extern const struct command command_insurer_overdue;
extern const struct command command_insurer_overlaps;
extern const struct command command_insurer_invitations;
extern const struct command command_insurer_same_person;
extern const struct command command_store_upgrade;
extern const struct command command_audit_verify;
extern const struct command command_audit_show;
