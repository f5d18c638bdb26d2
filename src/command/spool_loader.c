/* SPDX-License-Identifier: Apache-2.0 */
#include "command/spool_loader.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/log.h"
#include "command/register_option.h"
#include "insurer/load.h"
#include "proof/sha256.h"
#include "store/store.h"

#define LOAD_SCOPE_LIMIT ((size_t)64 * 1024 * 1024)
/* The store's write lock is held while the register is asked: short transactions then. */
#define LOOKUP_CHECKPOINT_ROWS 200

enum status spool_loading_begin(struct scope *scope, const struct spool_loading_order *order,
                                struct spool_loading *out)
{
    out->store_url = order->store_url;
    if (!order->link_key)
        return scope_fail(scope, CAUSE_USAGE, "--spool needs --link-key");
    TRY(link_key_read(scope, order->link_key, &out->key));
    return register_option_open(scope, "register-", &order->registrar, &out->lookup);
}

void spool_loading_drop(struct spool_loading *loading)
{
    register_client_close(loading->lookup);
    loading->lookup = NULL;
    link_key_drop(&loading->key);
}

static void show(void *context, enum file_stage stage, int64_t done, int64_t total)
{
    const struct spool_order *order = context;

    if (stage == FILE_LOADED_ROWS)
        order->progress(order->context, done, total);
}

static void store_drop(struct store **store)
{
    store_close(*store);
}

static void descriptor_drop(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

/* What arrived is what was sent, if its sender told. */
static enum status check_hash(struct scope *scope, const struct spool_order *asked)
{
    CLEANUP(descriptor_drop) int file = -1;
    unsigned char hash[SHA256_SIZE];
    char digits[2 * SHA256_SIZE + 1];

    if (!asked->sha256[0])
        return STATUS_OK;
    file = open(asked->file, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "a received file cannot be opened");
    TRY(sha256_file(scope, file, NULL, NULL, hash));
    hex_write(hash, sizeof hash, digits);
    return strcmp(digits, asked->sha256) == 0
               ? STATUS_OK
               : scope_fail(scope, CAUSE_UPLOAD_HASH, "the received bytes have another SHA-256");
}

static enum status run_load(struct scope *scope, const struct spool_loading *loading,
                            const struct spool_order *asked, struct registration_outcome *out)
{
    CLEANUP(store_drop) struct store *store = NULL;
    struct registration_order order = {
        .file = asked->file,
        .descriptor = -1,
        .reply = asked->reply,
        .insurer = asked->insurer,
        .key = &loading->key,
        .lookup = loading->lookup,
        .checkpoint = loading->lookup ? LOOKUP_CHECKPOINT_ROWS : 0,
        .confirm_mass_change = asked->confirmed,
        .stop = asked->stop,
    };
    struct spool_order watched = *asked;

    order.watch = (struct file_watch){show, &watched};
    TRY(check_hash(scope, asked));
    TRY(store_open(scope, loading->store_url, STORE_WRITE, &store));
    order.store = store;
    return registration_load(scope, &order, out);
}

/* Whether the file is what failed, or something that may be better in a while. */
static enum spool_verdict verdict_of(enum cause cause)
{
    enum status status = failure_text(cause)->status;

    if (cause == CAUSE_REGISTRATION_MASS_CHANGE)
        return SPOOL_ASKS;
    if (cause == CAUSE_REGISTRATION_BUSY || cause == CAUSE_REGISTER_REFUSED)
        return SPOOL_LATER; /* the register refuses us, not the file */
    return status == STATUS_INVALID || status == STATUS_DENIED || status == STATUS_CONFLICT
               ? SPOOL_WRONG
               : SPOOL_LATER;
}

static enum spool_verdict load(void *loading, const struct spool_order *order,
                               struct spool_outcome *out)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LOAD_SCOPE_LIMIT);
    struct registration_outcome outcome = {.loaded_before = false};

    if (run_load(&scope, loading, order, &outcome) != STATUS_OK) {
        log_failure(&scope, "spool: a file was not loaded");
        out->cause = scope.cause;
        return verdict_of(scope.cause);
    }
    out->rows = outcome.file.rows;
    out->accepted = outcome.file.accepted;
    out->warned = outcome.file.warned;
    out->refused = outcome.file.refused;
    out->loaded_before = outcome.loaded_before;
    _Static_assert(sizeof out->content == sizeof outcome.file.sha256, "both are of SHA-256");
    memcpy(out->content, outcome.file.sha256, sizeof out->content);
    return SPOOL_LOADED;
}

struct spool_loader spool_loading_loader(struct spool_loading *loading)
{
    return (struct spool_loader){load, loading};
}
