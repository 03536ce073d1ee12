/*
 * Numbered items, and an index to find them by content.
 *
 * A store keeps items of one size in one array, which grows by half and moves when it does: a
 * pointer to an item is good until the next push. An index is an open-addressing table of numbers
 * in 4 bytes each; the caller compares the items.
 */
#ifndef EG_STORE_H
#define EG_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct eg_store {
    unsigned char *items;
    size_t item_size;
    uint32_t count;
    uint32_t room;
};

/* Makes sure that the next `more` pushes succeed. */
bool eg_store_reserve(struct eg_store *store, uint32_t more);
void eg_store_free(struct eg_store *store);

static inline void *eg_store_at(const struct eg_store *store, uint32_t number)
{
    return store->items + number * store->item_size;
}

/* The next item, zeroed. Only after eg_store_reserve(). */
static inline void *eg_store_push(struct eg_store *store)
{
    return memset(eg_store_at(store, store->count++), 0, store->item_size);
}

#define EG_INDEX_NONE UINT32_MAX

/*
 * Numbers from 0 on, each put once, in order. Of 2^k slots the one where the search for a hash
 * begins is named by its low k bits; a slot holds the number in its own low k bits and above them
 * the same bits of the hash, but for the highest, which tells slots in use from empty ones. So
 * nearly every slot of another item is passed over without looking at that item.
 */
struct eg_index {
    uint32_t *slots; /* EG_INDEX_NONE: empty; at most half are in use */
    uint32_t mask;   /* 2^k - 1 */
    uint32_t used;
};

enum { EG_INDEX_SLOTS_MAX_BITS = 31 };

/* The hash of item `number`, as it was put. */
typedef uint32_t eg_index_hash(const void *context, uint32_t number);

/*
 * Makes sure that the next `more` puts succeed; growing asks for the hash of every item that is in.
 * Until the first call an index cannot be searched.
 */
bool eg_index_reserve(struct eg_index *index, uint32_t more, eg_index_hash *hash_of,
                      const void *context);
void eg_index_free(struct eg_index *index);

/* Puts the number `used`. Only after eg_index_reserve(). One hash may be put many times. */
void eg_index_put(struct eg_index *index, uint32_t hash);

/* What a slot of this hash has above its number. */
static inline uint32_t eg_index_tag(const struct eg_index *index, uint32_t hash)
{
    return hash & ~index->mask & INT32_MAX;
}

/* Walks the numbers under a hash: start with *at = hash, until EG_INDEX_NONE. */
static inline uint32_t eg_index_next(const struct eg_index *index, uint32_t hash, uint32_t *at)
{
    const uint32_t tag = eg_index_tag(index, hash);
    for (;;) {
        const uint32_t slot = index->slots[(*at)++ & index->mask];
        if (slot == EG_INDEX_NONE)
            return EG_INDEX_NONE;
        if ((slot ^ tag) <= index->mask)
            return slot ^ tag;
    }
}

#endif
