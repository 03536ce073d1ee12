/*
 * The inputs whose local addresses are settled together: all of a run, or one of them (rule 3.2).
 */
#ifndef EG_GROUP_H
#define EG_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "traffic/matrix.h"
#include "traffic/scope.h"
#include "traffic/tables.h"

struct eg_group {
    const struct eg_matrix *matrix;
    const uint8_t *scope;  /* enum eg_scope of every address of the matrix */
    const uint32_t *cells; /* the numbers of the group's cells */
    uint32_t cell_count;
    const uint16_t *interfaces; /* that these cells were seen on */
    uint32_t interface_count;
    bool *local; /* by address number: whether it is in L */
};

static inline struct eg_cell eg_group_cell(const struct eg_group *group, uint32_t i)
{
    return eg_cell_view(group->matrix, group->cells[i]);
}

static inline enum eg_scope eg_group_scope(const struct eg_group *group, uint32_t address)
{
    return (enum eg_scope)group->scope[address];
}

static inline uint8_t eg_group_family(const struct eg_group *group, const struct eg_cell *cell)
{
    return eg_matrix_family(group->matrix, cell->destination);
}

/* Rule 3.6: never leaves, whatever the hints say. */
static inline bool eg_group_stays_local(const struct eg_group *group, const struct eg_cell *cell)
{
    return eg_scope_stays_local(eg_group_scope(group, cell->destination)) ||
           eg_group_scope(group, cell->source) == EG_SCOPE_LOOPBACK ||
           eg_matrix_link(group->matrix, cell->link)->broadcast;
}

/* From one host to one other: what rules 3.3 and 3.4 learn from. */
static inline bool eg_group_is_unicast(const struct eg_group *group, const struct eg_cell *cell)
{
    return !eg_group_stays_local(group, cell) &&
           !eg_scope_stays_local(eg_group_scope(group, cell->source));
}

#endif
