#include "traffic/store.h"

#include <stdlib.h>

enum { FIRST_ITEMS = 64, FIRST_SLOTS = 64 };

bool eg_store_reserve(struct eg_store *store, uint32_t more)
{
    const uint64_t wanted = (uint64_t)store->count + more;
    if (wanted <= store->room)
        return true;
    uint64_t room = store->room ? (uint64_t)store->room + store->room / 2 : FIRST_ITEMS;
    if (room < wanted)
        room = wanted;
    if (room > UINT32_MAX || room > SIZE_MAX / store->item_size)
        return false;
    /* Large arrays are moved by the kernel, page by page, without a copy. */
    unsigned char *items = realloc(store->items, (size_t)room * store->item_size);
    if (!items)
        return false;
    store->items = items;
    store->room = (uint32_t)room;
    return true;
}

void eg_store_free(struct eg_store *store)
{
    free(store->items);
}

/* Half of the slots at most are in use: nearly every search ends where it begins. */
static bool has_room(uint64_t slots, uint64_t items)
{
    return items <= slots / 2;
}

static void put(struct eg_index *index, uint32_t hash, uint32_t number)
{
    uint32_t at = hash & index->mask;
    while (index->slots[at] != EG_INDEX_NONE)
        at = (at + 1) & index->mask;
    index->slots[at] = eg_index_tag(index, hash) | number;
}

/*
 * In place: what the slots held is found again in the items, so the old and the new ones never take
 * memory together. Without memory the index stays as it was.
 */
static bool resize(struct eg_index *index, size_t slots, eg_index_hash *hash_of,
                   const void *context)
{
    uint32_t *grown = realloc(index->slots, slots * sizeof *grown);
    if (!grown)
        return false;
    memset(grown, 0xff, slots * sizeof *grown); /* all EG_INDEX_NONE */
    index->slots = grown;
    index->mask = (uint32_t)(slots - 1);
    for (uint32_t number = 0; number < index->used; number++)
        put(index, hash_of(context, number), number);
    return true;
}

bool eg_index_reserve(struct eg_index *index, uint32_t more, eg_index_hash *hash_of,
                      const void *context)
{
    const uint64_t wanted = (uint64_t)index->used + more;
    uint64_t slots = index->slots ? (uint64_t)index->mask + 1 : FIRST_SLOTS;
    if (index->slots && has_room(slots, wanted))
        return true;
    while (!has_room(slots, wanted))
        slots *= 2;
    return slots <= UINT64_C(1) << EG_INDEX_SLOTS_MAX_BITS &&
           resize(index, (size_t)slots, hash_of, context);
}

void eg_index_free(struct eg_index *index)
{
    free(index->slots);
}

void eg_index_put(struct eg_index *index, uint32_t hash)
{
    put(index, hash, index->used);
    index->used++;
}
