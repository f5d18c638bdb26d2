/* SPDX-License-Identifier: Apache-2.0
 *
 * invitations.h - the joining-invitation list (加入勧奨ファイル): over all people, who has no new
 * coverage three months after a loss, told to the city where they live.
 *
 * People come in runs, so that memory stays flat; it only reads, and asks for names only of those
 * who are due. The same store and days give the same rows in the same order. Under a protection
 * flag no city is told; see domain/invitation.h. Source: insurers-and-documents 2.3, 2.5, 8.
 */
#pragma once

#include "batch/invitation_row.h"
#include "domain/residence.h"
#include "store/store_standing.h"

/* The municipal insurers of a store. Lives as long as the scope it was made in. */
struct invitation_cities {
    struct residence_city *items;
    size_t count;
};
MUST_CHECK enum status invitation_cities_make(struct scope *scope, const struct insurer *insurers,
                                              size_t count, struct invitation_cities *out);

struct invitations_order {
    struct date on;                /* seen on this day: the first after the last month */
    struct date from;              /* due in the month of this day or later ... */
    struct date to;                /* ... and in no later one than the month of this */
    struct insurer_number insurer; /* only what this one is told; "" = all */
    struct invitation_cities cities;
    enum status (*row)(struct scope *scope, void *context, const struct invitation_row *row);
    void *context;
};

struct invitations_figures {
    int64_t people;
    int64_t rows[INVITATION_WAY_COUNT]; /* who is told, by way */
};

/* All people. order.row is called for every row. Fails with the store, and as row fails. */
MUST_CHECK enum status invitations_read(struct scope *scope, struct store *store,
                                        const struct invitations_order *order,
                                        struct invitations_figures *figures);
/* Those of one run, added to the figures. */
MUST_CHECK enum status invitations_of_run(struct scope *scope, struct store *store,
                                          const struct invitations_order *order,
                                          const struct standing_run *run,
                                          struct invitations_figures *figures);

/*
 * The same, as OUT/invitations-yyyy-mm-dd/INSURER.csv with an index; whole or not at all
 * (month_folder.h). insurers: who get a file, also where they have no row. order.row is not called.
 */
struct invitation_files_order {
    const char *out;
    const struct insurer *insurers;
    size_t count;
};
MUST_CHECK enum status invitation_files_write(struct scope *scope, struct store *store,
                                              const struct invitations_order *order,
                                              const struct invitation_files_order *files,
                                              struct invitations_figures *figures);
/* For order.row where context is struct list_files: adds the row to the file of who is told. */
MUST_CHECK enum status invitation_row_add(struct scope *scope, void *context,
                                          const struct invitation_row *row);
