#include "traffic/known.h"

#include "traffic/tables.h"

static struct eg_way way_of(uint32_t input, const struct eg_frame *frame,
                            const struct eg_plain *plain)
{
    return (struct eg_way){
        .first = eg_load64(plain->ends),
        .last = eg_load64(plain->ends + 4),
        .interface = frame->interface,
        .input = input,
        .hint = (uint32_t)frame->hint,
    };
}

/* The two places a way can be at. Addresses made to meet there cost time, and only that. */
static struct eg_way *places_of(struct eg_matrix *matrix, const struct eg_way *way)
{
    const uint64_t mixed = (way->first ^ way->last << 1) + (way->interface << 8 | way->hint);
    return matrix->ways[mixed * UINT64_C(0x9e3779b97f4a7c15) >> 59];
}

static bool is_way(const struct eg_way *a, const struct eg_way *b)
{
    return ((a->first ^ b->first) | (a->last ^ b->last) | (a->interface ^ b->interface) |
            (a->input ^ b->input) | (a->hint ^ b->hint)) == 0 &&
           a->used;
}

static const struct eg_way *find_way(struct eg_matrix *matrix, const struct eg_way *way)
{
    const struct eg_way *places = places_of(matrix, way);
    if (is_way(&places[0], way))
        return &places[0];
    return is_way(&places[1], way) ? &places[1] : NULL;
}

static bool is_address(const struct eg_matrix *matrix, uint32_t number, uint8_t family,
                       const uint8_t *bytes)
{
    const struct eg_address *address = eg_store_at(&matrix->addresses.store, number);
    if (address->family != family)
        return false;
    if (family == EG_IPV4)
        return eg_load32(address->bytes) == eg_load32(bytes);
    return eg_load64(address->bytes) == eg_load64(bytes) &&
           eg_load64(address->bytes + 8) == eg_load64(bytes + 8);
}

bool eg_matrix_add_known(struct eg_matrix *matrix, uint32_t input, const struct eg_frame *frame,
                         const struct eg_plain *plain, uint32_t *cell)
{
    const struct eg_way wanted = way_of(input, frame, plain);
    const struct eg_way *way = find_way(matrix, &wanted);
    if (!way)
        return false;
    const struct eg_cell_kind kind = {
        .link = way->link,
        .interface = way->number,
        .port = eg_service_port(plain->source_port, plain->destination_port),
        .protocol = plain->protocol,
        .hint = (uint8_t)frame->hint,
    };
    const uint32_t hash =
        eg_cell_hash(&matrix->key, &kind, plain->family, plain->source, plain->destination);
    uint32_t at = hash, number;
    while ((number = eg_index_next(&matrix->cell_index, hash, &at)) != EG_INDEX_NONE) {
        struct eg_cell *found = eg_store_at(&matrix->cells, number);
        if (!eg_cell_is_of(found, &kind) ||
            !is_address(matrix, found->source, plain->family, plain->source) ||
            !is_address(matrix, found->destination, plain->family, plain->destination))
            continue;
        found->packets++;
        found->ip_bytes += plain->ip_bytes;
        found->flags |= plain->opens ? EG_CELL_OPENED : 0;
        eg_cell_stretch(found, frame->time, frame->time);
        *cell = number;
        return true;
    }
    return false;
}

void eg_matrix_learn_way(struct eg_matrix *matrix, uint32_t input, const struct eg_frame *frame,
                         const struct eg_plain *plain, uint32_t cell)
{
    if (cell == EG_CELL_OVERFLOW)
        return;
    const struct eg_cell *known = eg_store_at(&matrix->cells, cell);
    struct eg_way way = way_of(input, frame, plain);
    /* Past the ceiling of link pairs each packet is counted as one without. */
    if (known->link < EG_LINKS_BARE || find_way(matrix, &way))
        return;
    way.link = known->link;
    way.number = known->interface;
    way.used = true;
    struct eg_way *places = places_of(matrix, &way);
    places[1] = places[0];
    places[0] = way;
}
