/*
 * The short way into the matrix, of nearly all packets: plain frames whose link header was seen
 * before, into a cell that is there.
 *
 * Nothing is interned or allocated here. What is not known goes the long way, by eg_matrix_add(),
 * and is learned behind it.
 */
#ifndef EG_KNOWN_H
#define EG_KNOWN_H

#include "packet/plain.h"
#include "traffic/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EG_WAY_NO_LINK UINT32_MAX

/* A link header, where frames with it were seen, and what that came to in the matrix. */
struct eg_way {
    uint64_t first, last; /* words of the link header's bytes, which may overlap */
    uint64_t interface;   /* struct eg_frame's */
    uint64_t rest;        /* of the header, and what else tells ways apart */
    uint32_t input;
    uint32_t link;   /* of cells; EG_WAY_NO_LINK: none was opened yet */
    uint16_t number; /* of the interface */
    uint8_t hint;
    bool told_apart; /* that interface from others */
    bool used;
};

/* The way of a plain frame; NULL when it is not known. Valid until the next is learned. */
const struct eg_way *eg_matrix_find_way(const struct eg_matrix *matrix, uint32_t input,
                                        const struct eg_frame *frame, const struct eg_plain *plain);

/*
 * Adds one packet that is no super-frame, as eg_matrix_add() would. False, with nothing added, when
 * its cell is not known.
 */
bool eg_matrix_add_known(struct eg_matrix *matrix, const struct eg_way *way,
                         const struct eg_frame *frame, const struct eg_plain *plain,
                         uint32_t *cell);

/*
 * What a plain frame that went the long way came to, so that its like need not: its interface and
 * hint, and its cell, EG_CELL_OVERFLOW when it got none.
 */
void eg_matrix_learn_way(struct eg_matrix *matrix, uint32_t input, const struct eg_frame *frame,
                         const struct eg_plain *plain, uint16_t interface, enum eg_hint hint,
                         uint32_t cell);

#ifdef __cplusplus
}
#endif

#endif
