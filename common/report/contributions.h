/*
 * Which cells count for which far end, and in what roles: what rows by destination are made of.
 */
#ifndef EG_CONTRIBUTIONS_H
#define EG_CONTRIBUTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "report/report.h"

/* What a cell counts for at one of its ends: of the view, and what charges are on. */
enum eg_role { EG_ROLE_SHOWN = 1, EG_ROLE_EGRESS = 2, EG_ROLE_INGRESS = 4 };

/* What a cell adds to the row of its destination, and to that of its source; 0: nothing. */
void eg_roles_of(enum eg_direction direction, enum eg_view_direction view, uint8_t *destination,
                 uint8_t *source);

struct eg_contribution {
    uint64_t key; /* address number of the far end, protocol, service port; highest bits first */
    uint32_t cell;
    uint8_t role; /* EG_ROLE_... */
};

/*
 * Sorted by key, then by cell, in memory to be freed; NULL without it. parts NULL: all of the
 * matrix counts. The cost grows with the cells, not faster.
 */
struct eg_contribution *eg_contributions_of(const struct eg_report *report,
                                            const struct eg_matrix *matrix,
                                            const struct eg_cell_parts *parts, size_t *count);

#endif
