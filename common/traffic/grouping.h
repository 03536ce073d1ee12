/*
 * The cells of a matrix sorted into groups that are settled together (rule 3.2).
 */
#ifndef EG_GROUPING_H
#define EG_GROUPING_H

#include "base/error.h"
#include "traffic/matrix.h"

struct eg_grouping {
    uint32_t count;       /* of groups */
    uint32_t *cells;      /* cell numbers, by group */
    uint16_t *interfaces; /* interfaces with cells, by group */
    uint32_t *first_cell; /* group g has cells[first_cell[g]] .. cells[first_cell[g + 1] - 1] */
    uint32_t *first_interface; /* the same for interfaces */
    bool *alone; /* by interface number: whether packets of its input were seen nowhere else */
};

/* apart: each input is a group; else all are one. Linear in cells. */
enum eg_status eg_grouping_new(const struct eg_matrix *matrix, bool apart,
                               struct eg_grouping **grouping);
void eg_grouping_free(struct eg_grouping *grouping);

#endif
