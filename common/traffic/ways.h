/*
 * Ways: what the link headers that frames come with came to in the matrix, so that the next frame
 * with one need not be looked at so closely.
 *
 * What a way says never changes, since numbers of interfaces and link pairs do not. A frame whose
 * way is not known goes by eg_matrix_add(), and its way is learned behind it. Headers made to push
 * each other out cost time, and only that.
 */
#ifndef EG_WAYS_H
#define EG_WAYS_H

#include "packet/plain.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_way {
    uint64_t first, last; /* struct eg_plain's */
    uint64_t kind;        /* eg_kind_of_link(), or EG_WAY_NO_CELL */
    uint32_t rest;
    uint16_t number; /* of the interface */
    uint8_t hint;
    uint8_t flags; /* EG_WAY_... */
};

enum {
    EG_WAY_USED = 1,
    EG_WAY_TOLD_APART = 2, /* that interface from others */
};

/* No cell is of this kind: none was opened by frames with the header yet. */
#define EG_WAY_NO_CELL UINT64_MAX

extern const struct eg_way eg_way_unknown; /* of no header; not used */

/* What frames have in common whose ways are in one table. */
struct eg_way_context {
    uint64_t interface; /* struct eg_frame's */
    uint32_t input;
    int32_t link;
    enum eg_hint hint;
};

enum { EG_WAY_BITS = 5, EG_WAY_TABLES = 16 };

struct eg_way_table {
    struct eg_way_context context;
    struct eg_way places[2][1 << EG_WAY_BITS][2]; /* of frames with a tag: the second half */
};

struct eg_ways {
    struct eg_way_table tables[EG_WAY_TABLES];
};

void eg_ways_init(struct eg_ways *ways);

/* The ways of such frames; NULL when none is known. */
const struct eg_way_table *eg_ways_find(const struct eg_ways *ways,
                                        const struct eg_way_context *context);

/* Notes a way of a plain frame; the one it pushes out is forgotten. */
void eg_ways_learn(struct eg_ways *ways, const struct eg_way_context *context,
                   const struct eg_plain *plain, const struct eg_way *facts);

static inline struct eg_way_context eg_way_context_of(uint32_t input, const struct eg_frame *frame)
{
    const struct eg_way_context context = {frame->interface, input, frame->link, frame->hint};
    return context;
}

/* Where a way is, or would be. */
EG_INLINE size_t eg_way_place(const struct eg_plain *plain)
{
    const uint64_t mixed = plain->first + 2 * plain->last + plain->rest;
    /* All of the words tells ways apart: of cooked frames, also what lies in their low bytes. */
    return (size_t)(mixed * UINT64_C(0x9e3779b97f4a7c15) >> (64 - EG_WAY_BITS));
}

EG_INLINE bool eg_way_is_of(int32_t link, const struct eg_way *way, const struct eg_plain *plain)
{
    return ((way->first ^ plain->first) | (way->last ^ plain->last)) == 0 &&
           (link != EG_LINKTYPE_LINUX_SLL2 || way->rest == plain->rest);
}

/* The way of a plain frame; one of no cell that is not `used` when it is not known. */
EG_INLINE const struct eg_way *eg_way_find(int32_t link, const struct eg_way_table *table,
                                           const struct eg_plain *plain)
{
    const struct eg_way *places = table->places[plain->tagged][eg_way_place(plain)];
    if (EG_LIKELY(eg_way_is_of(link, &places[0], plain)))
        return &places[0];
    return eg_way_is_of(link, &places[1], plain) ? &places[1] : &eg_way_unknown;
}

#ifdef __cplusplus
}
#endif

#endif
