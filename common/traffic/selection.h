/*
 * A part of the matrix: what some of its packets count for, cell by cell.
 *
 * Direction is settled over all packets; a display filter or a dialog's own filter then shows only
 * some of them. A selection holds their counters under the cells' numbers.
 */
#ifndef EG_SELECTION_H
#define EG_SELECTION_H

#include <stdint.h>

#include "base/error.h"
#include "traffic/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_cell_part {
    uint64_t packets;
    uint64_t ip_bytes;
    uint64_t more_packets;
    uint64_t more_bytes;
    struct eg_resent_sums resent;
    int64_t first_time;
    int64_t last_time;
};

struct eg_series;

/* Zeroed: nothing is selected. Freed with eg_cell_parts_free(). */
struct eg_cell_parts {
    struct eg_cell_part *parts;
    uint32_t count;
    uint32_t capacity;
    struct eg_series *series; /* when they came, traffic/series.h; NULL: none did */
};

void eg_cell_parts_free(struct eg_cell_parts *parts);

/* Selects all that is in the matrix now, and takes its series, which goes on here only. */
enum eg_status eg_cell_parts_all(struct eg_cell_parts *parts, struct eg_matrix *matrix);

/*
 * Adds what came at part->first_time to one cell; amortized constant. A cell never added to counts
 * nothing.
 */
enum eg_status eg_cell_parts_add(struct eg_cell_parts *parts, uint32_t cell,
                                 const struct eg_cell_part *part);

/* The matrix's cell with the counters of what is selected; parts NULL: all of it. */
struct eg_cell_part eg_cell_parts_of(const struct eg_cell_parts *parts,
                                     const struct eg_matrix *matrix, uint32_t cell);

/* Of that, the packets. */
uint64_t eg_cell_parts_packets(const struct eg_cell_parts *parts, const struct eg_matrix *matrix,
                               uint32_t cell);

#ifdef __cplusplus
}
#endif

#endif
