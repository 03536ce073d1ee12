/*
 * The short way into the matrix, of nearly all packets: plain frames whose link header was seen
 * before, into a cell that is there.
 *
 * Nothing is interned or allocated here. What is not known goes the long way, by eg_matrix_add().
 */
#ifndef EG_KNOWN_H
#define EG_KNOWN_H

#include "traffic/tables.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The tables of a matrix as looking up needs them; good until the next cell is opened. */
struct eg_finder {
    struct eg_hash_key mixed;
    const uint32_t *slots; /* of the index */
    uint32_t mask;
    uint32_t tags; /* the bits of a hash that are a slot's tag */
    struct eg_kept_cell *cells;
    const uint32_t *words; /* of the addresses */
    const struct eg_addresses *addresses;
};

static inline struct eg_finder eg_finder_of(const struct eg_matrix *matrix)
{
    const struct eg_finder finder = {
        matrix->mixed,
        matrix->cell_index.slots,
        matrix->cell_index.mask,
        eg_index_tag(&matrix->cell_index, UINT32_MAX),
        (struct eg_kept_cell *)(void *)matrix->cells.items,
        (const uint32_t *)(const void *)matrix->addresses.words.items,
        &matrix->addresses,
    };
    return finder;
}

EG_INLINE bool eg_known_is_between(const struct eg_finder *finder, const struct eg_kept_cell *cell,
                                   const struct eg_plain *plain)
{
    const uint8_t *source = eg_plain_source(plain), *destination = eg_plain_destination(plain);
    if (!plain->six)
        return EG_LIKELY(finder->words[cell->source] == eg_load32(source)) &&
               EG_LIKELY(finder->words[cell->destination] == eg_load32(destination));
    return memcmp(eg_addresses_wide(finder->addresses, cell->source), source, 16) == 0 &&
           memcmp(eg_addresses_wide(finder->addresses, cell->destination), destination, 16) == 0;
}

EG_INLINE uint64_t eg_known_kind(const struct eg_way *way, const struct eg_plain *plain)
{
    /* The lower port is above the other's lower half: one comparison of both. */
    const uint32_t ports = eg_plain_ports(plain), turned = ports << 16 | ports >> 16;
    const uint32_t lower = (turned < ports ? turned : ports) >> 16;
    const uint32_t port = lower < EG_PORT_DYNAMIC ? lower : (uint32_t)EG_PORT_DYNAMIC;
    return eg_cell_kind(way->kind, plain->six, plain->protocol, (uint16_t)port);
}

EG_INLINE uint32_t eg_known_hash(const struct eg_finder *finder, uint64_t kind,
                                 const struct eg_plain *plain)
{
    const uint8_t *source = eg_plain_source(plain);
    if (plain->six)
        return eg_cell_hash_v6(&finder->mixed, kind, source, eg_plain_destination(plain));
    return eg_cell_hash_v4(&finder->mixed, kind, eg_load64(source));
}

/* The first cell of a plain packet's kind and ends, or NULL. */
EG_INLINE struct eg_kept_cell *eg_known_find(const struct eg_finder *finder,
                                             const struct eg_way *way, const struct eg_plain *plain)
{
    const uint64_t kind = eg_known_kind(way, plain);
    const uint32_t hash = eg_known_hash(finder, kind, plain), tag = hash & finder->tags;
    for (uint32_t at = hash;; at++) {
        const uint32_t slot = finder->slots[at & finder->mask], number = slot ^ tag;
        if (EG_LIKELY(number <= finder->mask)) {
            struct eg_kept_cell *cell = &finder->cells[number];
            if (EG_LIKELY(cell->kind == kind) &&
                EG_LIKELY(eg_known_is_between(finder, cell, plain)))
                return cell;
        } else if (slot == EG_INDEX_NONE) {
            return NULL;
        }
    }
}

/* Adds one packet that is no super-frame to a cell, but for the packet's number and time. */
EG_INLINE void eg_known_add(struct eg_kept_cell *cell, const struct eg_plain *plain)
{
    cell->ip_bytes += plain->ip_bytes;
    if (EG_UNLIKELY(plain->opens))
        cell->more |= EG_MORE_OPENED;
}

/*
 * Opens the cell of a plain packet that has none and whose way is known: the last one of the matrix
 * then, without a packet yet, seen at `time`. False when there is no room or no memory, and for
 * what goes the long way. Finders are good no longer.
 */
bool eg_matrix_open_known(struct eg_matrix *matrix, uint64_t kind, const struct eg_plain *plain,
                          int64_t time);

/*
 * What a plain frame that went the long way came to, so that its like need not: its interface and
 * hint, and its cell, EG_CELL_OVERFLOW when it got none.
 */
void eg_matrix_learn_way(struct eg_matrix *matrix, const struct eg_way_context *context,
                         const struct eg_plain *plain, uint16_t interface, enum eg_hint hint,
                         uint32_t cell);

#ifdef __cplusplus
}
#endif

#endif
