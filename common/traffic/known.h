/*
 * The short way into the matrix, of nearly all packets: plain frames between link addresses that
 * were seen before, into a cell that is there.
 *
 * Nothing is interned or allocated here. What is not known goes the long way, by eg_matrix_add(),
 * and can be learned behind it.
 */
#ifndef EG_KNOWN_H
#define EG_KNOWN_H

#include "packet/plain.h"
#include "traffic/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Adds one packet that is no super-frame, as eg_matrix_add() would. False, with nothing added, when
 * the way or the cell is not known.
 */
bool eg_matrix_add_known(struct eg_matrix *matrix, uint32_t input, const struct eg_frame *frame,
                         const struct eg_plain *plain, uint32_t *cell);

/* What became of a plain frame that went the long way, so that its like need not. */
void eg_matrix_learn_way(struct eg_matrix *matrix, uint32_t input, const struct eg_frame *frame,
                         const struct eg_plain *plain, uint32_t cell);

#ifdef __cplusplus
}
#endif

#endif
