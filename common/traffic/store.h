/*
 * Numbered items that never move, and an index to find them by content.
 *
 * A store keeps items of one size in chunks: item n stays where it is, and growing copies nothing
 * (law 6). An index is an open-addressing table of numbers; the caller compares the items.
 */
#ifndef EG_STORE_H
#define EG_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EG_STORE_CHUNK_BITS = 12, EG_STORE_CHUNK = 1 << EG_STORE_CHUNK_BITS };

struct eg_store {
    unsigned char **chunks;
    size_t item_size;
    uint32_t count;
    uint32_t chunk_count;
    uint32_t chunk_room;
};

/* Makes sure that the next `more` pushes succeed. */
bool eg_store_reserve(struct eg_store *store, uint32_t more);
void eg_store_free(struct eg_store *store);

/* item_size: the store's; where it is a constant, finding an item takes half the time. */
static inline void *eg_store_at_sized(const struct eg_store *store, uint32_t number,
                                      size_t item_size)
{
    return store->chunks[number >> EG_STORE_CHUNK_BITS] +
           (number & (EG_STORE_CHUNK - 1)) * item_size;
}

static inline void *eg_store_at(const struct eg_store *store, uint32_t number)
{
    return eg_store_at_sized(store, number, store->item_size);
}

/* The next item, zeroed. Only after eg_store_reserve(). */
static inline void *eg_store_push(struct eg_store *store)
{
    return eg_store_at(store, store->count++);
}

#define EG_INDEX_NONE UINT32_MAX

/* A number and 32 bits of its item's hash, so that growing and most misses touch no item. */
struct eg_index_slot {
    uint32_t hash;
    uint32_t number; /* EG_INDEX_NONE: empty */
};

struct eg_index {
    struct eg_index_slot *slots; /* a power of two of them, at most half in use */
    uint32_t mask;
    uint32_t used;
};

/* Makes sure that the next `more` puts succeed. Until the first call an index cannot be searched.
 */
bool eg_index_reserve(struct eg_index *index, uint32_t more);
void eg_index_free(struct eg_index *index);

/* Only after eg_index_reserve(). One hash may be put many times. */
void eg_index_put(struct eg_index *index, uint32_t hash, uint32_t number);

/*
 * Walks the numbers under a hash: start with *at = hash, until EG_INDEX_NONE.
 */
static inline uint32_t eg_index_next(const struct eg_index *index, uint32_t hash, uint32_t *at)
{
    for (;;) {
        const struct eg_index_slot *slot = &index->slots[(*at)++ & index->mask];
        if (slot->number == EG_INDEX_NONE || slot->hash == hash)
            return slot->number;
    }
}

#endif
