#include "capture/etl/ndis_fragments.h"

#include <stdlib.h>

struct partial {
    bool open;
    bool too_long;
    struct eg_etl_port port;
    enum eg_hint hint;
    struct eg_fragment_origin origin;
    uint8_t *bytes;
    size_t size, capacity;
};

struct eg_fragments {
    struct partial partials[EG_FRAGMENTS_OPEN_MAX];
    size_t open;
    size_t next; /* to make way when all are open */
    uint64_t lost;
};

enum eg_status eg_fragments_new(struct eg_fragments **fragments)
{
    struct eg_fragments *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    *fragments = made;
    return EG_OK;
}

void eg_fragments_free(struct eg_fragments *fragments)
{
    if (!fragments)
        return;
    for (size_t i = 0; i < EG_FRAGMENTS_OPEN_MAX; i++)
        free(fragments->partials[i].bytes);
    free(fragments);
}

void eg_fragments_reset(struct eg_fragments *fragments)
{
    for (size_t i = 0; i < EG_FRAGMENTS_OPEN_MAX; i++)
        fragments->partials[i].open = false;
    fragments->open = 0;
}

static bool is_of(const struct partial *partial, const struct eg_etl_packet *packet,
                  const struct eg_fragment_origin *origin)
{
    return partial->open && partial->origin.cpu == origin->cpu &&
           partial->origin.thread == origin->thread && partial->port.tap == packet->port.tap &&
           partial->port.where == packet->port.where && partial->port.layer == packet->port.layer &&
           partial->hint == packet->hint;
}

static struct partial *find(struct eg_fragments *fragments, const struct eg_etl_packet *packet,
                            const struct eg_fragment_origin *origin)
{
    for (size_t i = 0; i < EG_FRAGMENTS_OPEN_MAX && fragments->open; i++)
        if (is_of(&fragments->partials[i], packet, origin))
            return &fragments->partials[i];
    return NULL;
}

static void end(struct eg_fragments *fragments, struct partial *partial)
{
    partial->open = false;
    fragments->open--;
}

static struct partial *begin(struct eg_fragments *fragments, const struct eg_etl_packet *packet,
                             const struct eg_fragment_origin *origin)
{
    struct partial *free_one = NULL;
    for (size_t i = 0; i < EG_FRAGMENTS_OPEN_MAX && !free_one; i++)
        if (!fragments->partials[i].open)
            free_one = &fragments->partials[i];
    if (!free_one) {
        free_one = &fragments->partials[fragments->next++ % EG_FRAGMENTS_OPEN_MAX];
        end(fragments, free_one);
        fragments->lost++;
    }
    fragments->open++;
    free_one->open = true;
    free_one->too_long = false;
    free_one->port = packet->port;
    free_one->hint = packet->hint;
    free_one->origin = *origin;
    free_one->size = 0;
    return free_one;
}

static bool append(struct partial *partial, struct eg_cursor bytes)
{
    const size_t more = eg_cursor_left(&bytes);
    partial->too_long |= more > EG_FRAGMENTS_BYTES_MAX - partial->size;
    if (partial->too_long || more == 0)
        return true;
    if (partial->size + more > partial->capacity) {
        const size_t capacity = 2 * (partial->size + more);
        uint8_t *grown = realloc(partial->bytes, capacity);
        if (!grown)
            return false;
        partial->bytes = grown;
        partial->capacity = capacity;
    }
    const bool copied = eg_cursor_copy(&bytes, partial->bytes + partial->size, more);
    partial->size += more;
    return copied;
}

enum eg_status eg_fragments_add(struct eg_fragments *fragments, struct eg_etl_packet *packet,
                                struct eg_fragment_origin *origin, bool *whole)
{
    *whole = packet->starts && packet->ends;
    struct partial *partial = find(fragments, packet, origin);
    if (packet->starts && partial) {
        end(fragments, partial); /* the rest of it is not coming any more */
        fragments->lost++;
    }
    if (*whole)
        return EG_OK;
    if (packet->starts)
        partial = begin(fragments, packet, origin);
    if (!partial) {
        fragments->lost++;
        return EG_OK;
    }
    if (!append(partial, packet->bytes))
        return EG_ERR_NO_MEMORY;
    if (!packet->ends)
        return EG_OK;
    end(fragments, partial);
    fragments->lost += partial->too_long;
    *whole = !partial->too_long;
    packet->port = partial->port;
    packet->bytes = eg_cursor_over(partial->bytes, partial->size);
    *origin = partial->origin;
    return EG_OK;
}

uint64_t eg_fragments_lost(const struct eg_fragments *fragments)
{
    return fragments->lost + fragments->open;
}
