#include "traffic/store.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNKS = 16, FIRST_SLOTS = 64, CACHE_LINE = 64 };

static bool add_chunk(struct eg_store *store)
{
    if (store->chunk_count == store->chunk_room) {
        const uint32_t room = store->chunk_room ? store->chunk_room * 2 : FIRST_CHUNKS;
        unsigned char **chunks = realloc(store->chunks, room * sizeof *chunks);
        if (!chunks)
            return false;
        store->chunks = chunks;
        store->chunk_room = room;
    }
    /* So that an item of a line's size is one miss; a chunk's size is a multiple of it. */
    unsigned char *chunk = aligned_alloc(CACHE_LINE, EG_STORE_CHUNK * store->item_size);
    if (!chunk)
        return false;
    memset(chunk, 0, EG_STORE_CHUNK * store->item_size);
    store->chunks[store->chunk_count++] = chunk;
    return true;
}

bool eg_store_reserve(struct eg_store *store, uint32_t more)
{
    while ((uint64_t)store->chunk_count * EG_STORE_CHUNK < (uint64_t)store->count + more)
        if (!add_chunk(store))
            return false;
    return true;
}

void eg_store_free(struct eg_store *store)
{
    for (uint32_t i = 0; i < store->chunk_count; i++)
        free(store->chunks[i]);
    free(store->chunks);
}

static bool resize(struct eg_index *index, size_t slots)
{
    struct eg_index grown = {.slots = malloc(slots * sizeof *grown.slots),
                             .mask = (uint32_t)(slots - 1)};
    if (!grown.slots)
        return false;
    memset(grown.slots, 0xff, slots * sizeof *grown.slots); /* all EG_INDEX_NONE */
    for (size_t i = 0; index->slots && i <= index->mask; i++)
        if (index->slots[i].number != EG_INDEX_NONE)
            eg_index_put(&grown, index->slots[i].hash, index->slots[i].number);
    free(index->slots);
    *index = grown;
    return true;
}

bool eg_index_reserve(struct eg_index *index, uint32_t more)
{
    const uint64_t wanted = 2 * ((uint64_t)index->used + more);
    size_t slots = index->slots ? (size_t)index->mask + 1 : FIRST_SLOTS;
    if (index->slots && wanted <= slots)
        return true;
    while (slots < wanted)
        slots *= 2;
    return resize(index, slots);
}

void eg_index_free(struct eg_index *index)
{
    free(index->slots);
}

void eg_index_put(struct eg_index *index, uint32_t hash, uint32_t number)
{
    uint32_t at = hash & index->mask;
    while (index->slots[at].number != EG_INDEX_NONE)
        at = (at + 1) & index->mask;
    index->slots[at] = (struct eg_index_slot){hash, number};
    index->used++;
}
