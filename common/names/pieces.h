/*
 * The beginning of a message that comes in pieces, in any order and more than once.
 *
 * Where pieces overlap, what came first stays. Bounded whatever comes: a message is put together up
 * to EG_PIECES_MAX bytes, with at most EG_PIECES_RANGES runs of bytes between its gaps.
 */
#ifndef EG_PIECES_H
#define EG_PIECES_H

#include "base/cursor.h"
#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_PIECES_MAX = 16384, EG_PIECES_RANGES = 32 };

/* Zeroed, it is empty. */
struct eg_pieces {
    uint8_t *bytes;
    uint16_t room; /* of bytes */
    uint8_t count; /* of ranges, which are in order and do not touch */
    uint8_t grown; /* how often there was more before the first gap */
    struct {
        uint16_t from, to;
    } ranges[EG_PIECES_RANGES];
};

/*
 * Puts a piece where it belongs; what lies beyond EG_PIECES_MAX is left out. EG_ERR_LIMIT: there
 * are too many gaps, and it was left out. EG_ERR_NO_MEMORY. Costs its bytes, and one look at each
 * range.
 */
enum eg_status eg_pieces_put(struct eg_pieces *pieces, uint64_t offset, struct eg_cursor piece);

/* What there is before the first gap. Valid until the next piece. */
struct eg_cursor eg_pieces_whole(const struct eg_pieces *pieces);

/* Forgets the first `count` bytes, no more than there are before the first gap. */
void eg_pieces_drop(struct eg_pieces *pieces, size_t count);

/* Frees what is held; it is empty then. */
void eg_pieces_clear(struct eg_pieces *pieces);

bool eg_pieces_equal(const struct eg_pieces *a, const struct eg_pieces *b);

/* *to is what is cleared whatever the outcome. EG_ERR_NO_MEMORY. */
enum eg_status eg_pieces_copy(const struct eg_pieces *from, struct eg_pieces *to);

#ifdef __cplusplus
}
#endif

#endif
