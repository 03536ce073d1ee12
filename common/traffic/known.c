#include "traffic/known.h"

#include "traffic/tables.h"

/* What two words leave out of the longest header, cooked v2, and what is not in the header. */
static uint64_t rest_of(const struct eg_frame *frame, const struct eg_plain *plain)
{
    const uint64_t middle = plain->cooked == 2 ? eg_load32(frame->data + 8) : 0;
    return middle << 8 | (uint64_t)plain->cooked << 4 | (uint64_t)frame->hint;
}

static struct eg_way way_of(uint32_t input, const struct eg_frame *frame,
                            const struct eg_plain *plain)
{
    return (struct eg_way){
        .first = eg_load64(frame->data),
        .last = eg_load64(frame->data + plain->link_bytes - 8),
        .interface = frame->interface,
        .rest = rest_of(frame, plain),
        .input = input,
    };
}

/* The two places a way can be at. Headers made to meet there cost time, and only that. */
static size_t place_of(const struct eg_way *way)
{
    const uint64_t mixed = (way->first ^ way->last << 1) + (way->interface << 8 ^ way->rest);
    return (size_t)(mixed * UINT64_C(0x9e3779b97f4a7c15) >> (64 - EG_WAY_BITS));
}

static bool is_way(const struct eg_way *a, const struct eg_way *b)
{
    return a->first == b->first && a->last == b->last && a->rest == b->rest &&
           a->interface == b->interface && a->input == b->input && a->used;
}

const struct eg_way *eg_matrix_find_way(const struct eg_matrix *matrix, uint32_t input,
                                        const struct eg_frame *frame, const struct eg_plain *plain)
{
    const struct eg_way wanted = way_of(input, frame, plain);
    const struct eg_way *places = matrix->ways[place_of(&wanted)];
    if (is_way(&places[0], &wanted))
        return &places[0];
    return is_way(&places[1], &wanted) ? &places[1] : NULL;
}

static bool is_ipv4(const struct eg_address *address, const uint8_t *bytes)
{
    return eg_load32(address->bytes) == eg_load32(bytes) && address->family == EG_IPV4;
}

static bool is_ipv6(const struct eg_address *address, const uint8_t *bytes)
{
    return memcmp(address->bytes, bytes, sizeof address->bytes) == 0 && address->family == EG_IPV6;
}

static bool is_between(const struct eg_matrix *matrix, const struct eg_cell *cell,
                       const struct eg_plain *plain)
{
    const struct eg_address *source = eg_address_at(matrix, cell->source);
    const struct eg_address *destination = eg_address_at(matrix, cell->destination);
    if (plain->family == EG_IPV4)
        return is_ipv4(source, plain->source) && is_ipv4(destination, plain->destination);
    return is_ipv6(source, plain->source) && is_ipv6(destination, plain->destination);
}

bool eg_matrix_add_known(struct eg_matrix *matrix, const struct eg_way *way,
                         const struct eg_frame *frame, const struct eg_plain *plain, uint32_t *cell)
{
    if (way->link == EG_WAY_NO_LINK)
        return false;
    const struct eg_cell_kind kind = {
        .link = way->link,
        .interface = way->number,
        .port = eg_service_port(plain->source_port, plain->destination_port),
        .protocol = plain->protocol,
        .hint = way->hint,
    };
    const uint32_t hash =
        eg_cell_hash(&matrix->key, &kind, plain->family, plain->source, plain->destination);
    uint32_t at = hash, number;
    while ((number = eg_index_next(&matrix->cell_index, hash, &at)) != EG_INDEX_NONE) {
        struct eg_cell *found = eg_cell_at(matrix, number);
        if (!eg_cell_is_of(found, &kind) || !is_between(matrix, found, plain))
            continue;
        /* Without memory the long way is no way either, and says so. */
        if (eg_series_is_awaited(&matrix->series, found, frame->time) &&
            eg_series_enter(&matrix->series, matrix, number, frame->time) != EG_OK)
            return false;
        found->packets++;
        found->ip_bytes += plain->ip_bytes;
        found->flags |= plain->opens ? EG_CELL_OPENED : 0;
        eg_span_add(frame->time, &found->first_time, &found->last_time);
        *cell = number;
        return true;
    }
    return false;
}

void eg_matrix_learn_way(struct eg_matrix *matrix, uint32_t input, const struct eg_frame *frame,
                         const struct eg_plain *plain, uint16_t interface, enum eg_hint hint,
                         uint32_t cell)
{
    const enum eg_interface_kind kind = eg_matrix_interface(matrix, interface)->kind;
    struct eg_way way = way_of(input, frame, plain);
    struct eg_way *places = matrix->ways[place_of(&way)];
    way.link = cell == EG_CELL_OVERFLOW ? EG_WAY_NO_LINK : eg_cell_at(matrix, cell)->link;
    way.number = interface;
    way.hint = (uint8_t)hint;
    way.told_apart = kind != EG_INTERFACE_UNKNOWN && kind != EG_INTERFACE_COOKED1_OTHER;
    way.used = true;
    /* Past the ceiling of link pairs each packet is counted as one without. */
    if (way.link < EG_LINKS_BARE)
        return;
    struct eg_way *place = is_way(&places[1], &way) ? &places[1] : &places[0];
    if (!is_way(place, &way))
        places[1] = places[0];
    else if (way.link == EG_WAY_NO_LINK)
        return;
    *place = way;
}
