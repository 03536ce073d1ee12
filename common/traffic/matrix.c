#include "traffic/matrix.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "traffic/tables.h"

enum {
    DEFAULT_CELLS = 16 << 20,
    DEFAULT_ADDRESSES = 16 << 20,
    DEFAULT_LINKS = 1 << 20,
    LINKS_MAX = 1 << 22, /* link numbers have 22 bits of a key's hashed word */
    NUMBERS_MAX = 1 << 30,
};

static_assert(sizeof(struct eg_cell) <= 64, "a cell is one cache line");
static_assert(sizeof(struct eg_link_pair) == 2 * EG_LINK_ADDRESS_MAX + 4,
              "pairs are compared whole");
static_assert(sizeof(struct eg_address) == 17, "addresses are compared whole");

/* What tells cells apart, with the addresses still as the packet has them. */
struct cell_key {
    const struct eg_address *source;
    const struct eg_address *destination;
    struct eg_cell_kind kind;
};

static uint32_t limit_or(uint32_t wanted, uint32_t initial, uint32_t maximum)
{
    const uint32_t limit = wanted ? wanted : initial;
    return limit < maximum ? limit : maximum;
}

static bool begin_tables(struct eg_matrix *matrix)
{
    return eg_index_reserve(&matrix->cell_index, 1) && eg_interned_reserve(&matrix->addresses, 2) &&
           eg_interned_reserve(&matrix->interfaces, 1) &&
           eg_links_begin(&matrix->links, &matrix->key);
}

enum eg_status eg_matrix_new(const struct eg_hash_key *key, const struct eg_matrix_limits *limits,
                             struct eg_matrix **matrix)
{
    const struct eg_matrix_limits given = limits ? *limits : (struct eg_matrix_limits){0};
    struct eg_matrix *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->key = *key;
    made->cells.item_size = sizeof(struct eg_cell);
    made->cell_limit = limit_or(given.cells, DEFAULT_CELLS, NUMBERS_MAX);
    made->addresses.store.item_size = sizeof(struct eg_address);
    made->addresses.limit = limit_or(given.addresses, DEFAULT_ADDRESSES, NUMBERS_MAX);
    made->links.store.item_size = sizeof(struct eg_link_pair);
    made->links.limit = limit_or(given.links, DEFAULT_LINKS, LINKS_MAX);
    made->interfaces.store.item_size = sizeof(struct eg_interface);
    made->interfaces.limit = EG_INTERFACES_MAX;
    made->series = EG_SERIES_OFF;
    if (!begin_tables(made)) {
        eg_matrix_free(made);
        return EG_ERR_NO_MEMORY;
    }
    *matrix = made;
    return EG_OK;
}

void eg_matrix_free(struct eg_matrix *matrix)
{
    if (!matrix)
        return;
    eg_store_free(&matrix->cells);
    eg_index_free(&matrix->cell_index);
    eg_interned_free(&matrix->addresses);
    eg_interned_free(&matrix->links);
    eg_interned_free(&matrix->interfaces);
    eg_series_clear(&matrix->series);
    free(matrix);
}

const struct eg_hash_key *eg_matrix_seed(const struct eg_matrix *matrix)
{
    return &matrix->key;
}

/* ---- interfaces and link pairs ------------------------------------------------------------- */

enum eg_status eg_matrix_intern_interface(struct eg_matrix *matrix, uint32_t input,
                                          const struct eg_frame *frame,
                                          const struct eg_link_facts *link, uint16_t *number)
{
    const struct eg_interface interface = eg_interface_of(input, frame, link);
    if (matrix->last_interface < matrix->interfaces.store.count &&
        eg_interfaces_equal(eg_store_at(&matrix->interfaces.store, matrix->last_interface),
                            &interface)) {
        *number = matrix->last_interface;
        return EG_OK;
    }
    uint32_t found;
    if (!eg_interfaces_intern(&matrix->interfaces, &matrix->key, &interface, &found))
        return EG_ERR_NO_MEMORY;
    *number = matrix->last_interface = (uint16_t)found;
    return EG_OK;
}

/* The pair's number; frames mostly go between the same two ends, one way or the other. */
static bool intern_link(struct eg_matrix *matrix, const struct eg_link_pair *pair, uint32_t *number)
{
    for (unsigned i = 0; i < EG_RECENT_LINKS; i++)
        if (memcmp(eg_store_at(&matrix->links.store, matrix->recent_links[i]), pair,
                   sizeof *pair) == 0) {
            *number = matrix->recent_links[i];
            return true;
        }
    if (!eg_links_intern(&matrix->links, &matrix->key, pair, number))
        return false;
    matrix->recent_links[1] = matrix->recent_links[0];
    matrix->recent_links[0] = *number;
    return true;
}

/* A bare pair that the table starts with was kept if it is what the packet had. */
static bool is_kept(const struct eg_link_pair *pair, uint32_t number)
{
    return number >= EG_LINKS_BARE || pair->address_length == 0;
}

/* ---- cells --------------------------------------------------------------------------------- */

static uint32_t hash_cell(const struct eg_hash_key *key, const struct cell_key *cell)
{
    return eg_cell_hash(key, &cell->kind, cell->source->family, cell->source->bytes,
                        cell->destination->bytes);
}

static bool is_address(const struct eg_matrix *matrix, uint32_t number,
                       const struct eg_address *address)
{
    return memcmp(eg_address_at(matrix, number), address, sizeof *address) == 0;
}

static bool has_key(const struct eg_matrix *matrix, const struct eg_cell *cell,
                    const struct cell_key *key)
{
    return eg_cell_is_of(cell, &key->kind) && is_address(matrix, cell->source, key->source) &&
           is_address(matrix, cell->destination, key->destination);
}

/* The cell of this key with room for more_packets, or EG_INDEX_NONE. */
static uint32_t find_cell(const struct eg_matrix *matrix, const struct cell_key *key, uint32_t hash,
                          uint64_t more_packets)
{
    uint32_t at = hash, number;
    while ((number = eg_index_next(&matrix->cell_index, hash, &at)) != EG_INDEX_NONE) {
        const struct eg_cell *cell = eg_cell_at(matrix, number);
        if (has_key(matrix, cell, key) && cell->more_packets + more_packets <= UINT32_MAX)
            break;
    }
    return number;
}

/* Whether every table has room and memory for one more cell with two new addresses. */
static enum eg_status reserve_cell(struct eg_matrix *matrix)
{
    if (eg_store_reserve(&matrix->cells, 1) && eg_index_reserve(&matrix->cell_index, 1) &&
        eg_interned_reserve(&matrix->addresses, 2))
        return EG_OK;
    return EG_ERR_NO_MEMORY;
}

/* Interns the two ends of a cell; false, with nothing added, where they are past the ceiling. */
static bool intern_ends(struct eg_matrix *matrix, const struct cell_key *key, uint32_t *source,
                        uint32_t *destination)
{
    struct eg_interned *addresses = &matrix->addresses;
    const bool same = memcmp(key->source, key->destination, sizeof *key->source) == 0;
    uint32_t from = eg_addresses_find(addresses, &matrix->key, key->source);
    uint32_t to = same ? from : eg_addresses_find(addresses, &matrix->key, key->destination);
    const uint32_t missing =
        (from == EG_INDEX_NONE ? 1u : 0u) + (to == EG_INDEX_NONE && !same ? 1u : 0u);
    if (missing > addresses->limit - addresses->store.count)
        return false;
    if (from == EG_INDEX_NONE)
        from = eg_addresses_add(addresses, &matrix->key, key->source);
    if (same)
        to = from;
    else if (to == EG_INDEX_NONE)
        to = eg_addresses_add(addresses, &matrix->key, key->destination);
    *source = from;
    *destination = to;
    return true;
}

/* *number is EG_CELL_OVERFLOW at a ceiling. */
static enum eg_status open_cell(struct eg_matrix *matrix, const struct cell_key *key, uint32_t hash,
                                uint32_t *number)
{
    *number = EG_CELL_OVERFLOW;
    if (matrix->cells.count >= matrix->cell_limit)
        return EG_OK;
    const enum eg_status status = reserve_cell(matrix);
    uint32_t source, destination;
    if (status != EG_OK || !intern_ends(matrix, key, &source, &destination))
        return status;
    *number = matrix->cells.count;
    struct eg_cell *cell = eg_store_push(&matrix->cells);
    *cell = (struct eg_cell){.source = source,
                             .destination = destination,
                             .link = key->kind.link,
                             .interface = key->kind.interface,
                             .port = key->kind.port,
                             .protocol = key->kind.protocol,
                             .hint = key->kind.hint,
                             .first_time = EG_NO_TIME,
                             .last_time = EG_NO_TIME};
    eg_index_put(&matrix->cell_index, hash, *number);
    return EG_OK;
}

/* The cell of key with room for more_packets, opened if need be; or EG_CELL_OVERFLOW. */
static enum eg_status cell_for(struct eg_matrix *matrix, const struct cell_key *key,
                               uint64_t more_packets, uint32_t *number)
{
    *number = EG_CELL_OVERFLOW;
    if (more_packets > UINT32_MAX)
        return EG_OK;
    const uint32_t hash = hash_cell(&matrix->key, key);
    const uint32_t found = find_cell(matrix, key, hash, more_packets);
    if (found == EG_INDEX_NONE)
        return open_cell(matrix, key, hash, number);
    *number = found;
    return EG_OK;
}

static void overflow(struct eg_matrix *matrix, uint64_t packets, uint64_t ip_bytes)
{
    matrix->overflow.packets += packets;
    matrix->overflow.ip_bytes += ip_bytes;
}

enum { PROTOCOL_TCP = 6 };

static bool opens(const struct eg_packet *packet)
{
    return packet->protocol == PROTOCOL_TCP &&
           (packet->tcp_flags & (EG_TCP_SYN | EG_TCP_ACK)) == EG_TCP_SYN;
}

enum eg_status eg_matrix_add(struct eg_matrix *matrix, const struct eg_packet *packet,
                             uint16_t interface, int64_t time, uint64_t segments,
                             uint64_t segment_bytes, uint32_t *cell)
{
    const struct eg_link_pair pair = eg_link_pair_of(&packet->link);
    struct cell_key key = {
        .source = &packet->source,
        .destination = &packet->destination,
        .kind = {.interface = interface,
                 .port = eg_service_port(packet->source_port, packet->destination_port),
                 .protocol = packet->protocol,
                 .hint = (uint8_t)packet->link.hint},
    };
    uint32_t number;
    if (!intern_link(matrix, &pair, &key.kind.link) ||
        cell_for(matrix, &key, segments - 1, &number) != EG_OK)
        return EG_ERR_NO_MEMORY;
    if (number == EG_CELL_OVERFLOW) {
        overflow(matrix, 1, packet->ip_bytes);
    } else {
        struct eg_cell *found = eg_cell_at(matrix, number);
        if (eg_series_is_awaited(&matrix->series, found, time) &&
            eg_series_enter(&matrix->series, matrix, number, time) != EG_OK)
            return EG_ERR_NO_MEMORY;
        found->packets++;
        found->ip_bytes += packet->ip_bytes;
        found->more_packets += (uint32_t)(segments - 1);
        found->more_bytes += segment_bytes - packet->ip_bytes;
        found->flags |= opens(packet) ? EG_CELL_OPENED : 0;
        eg_span_add(time, &found->first_time, &found->last_time);
    }
    matrix->overflow.links += !is_kept(&pair, key.kind.link);
    *cell = number;
    return EG_OK;
}

/* ---- merging ------------------------------------------------------------------------------- */

bool eg_matrix_add_need(const struct eg_matrix *from, struct eg_matrix_need *need)
{
    need->cells += from->cells.count;
    need->addresses += from->addresses.store.count;
    need->links += from->links.store.count;
    need->interfaces += from->interfaces.store.count;
    return from->overflow.packets == 0 && from->overflow.links == 0 &&
           from->interfaces.store.count < from->interfaces.limit;
}

static bool has_room(const struct eg_interned *interned, uint64_t more)
{
    return interned->store.count + more <= interned->limit;
}

bool eg_matrix_has_room(const struct eg_matrix *into, const struct eg_matrix_need *need)
{
    return into->cells.count + need->cells <= into->cell_limit &&
           has_room(&into->addresses, need->addresses) && has_room(&into->links, need->links) &&
           has_room(&into->interfaces, need->interfaces);
}

/* The numbers that from's interfaces get, in their order. */
static enum eg_status merge_interfaces(struct eg_matrix *into, const struct eg_matrix *from,
                                       uint32_t first_input, uint16_t *numbers)
{
    for (uint32_t i = 0; i < from->interfaces.store.count; i++) {
        struct eg_interface interface = *eg_matrix_interface(from, (uint16_t)i);
        uint32_t number;
        interface.input += first_input;
        if (!eg_interfaces_intern(&into->interfaces, &into->key, &interface, &number))
            return EG_ERR_NO_MEMORY;
        numbers[i] = (uint16_t)number;
    }
    return EG_OK;
}

/* interface: its number in `into`. *merged: what the cell is called there. */
static enum eg_status merge_cell(struct eg_matrix *into, const struct eg_matrix *from,
                                 const struct eg_cell *cell, uint16_t interface, uint32_t *merged)
{
    const struct eg_link_pair *pair = eg_matrix_link(from, cell->link);
    struct cell_key key = {
        .source = eg_matrix_address(from, cell->source),
        .destination = eg_matrix_address(from, cell->destination),
        .kind = {.interface = interface,
                 .port = cell->port,
                 .protocol = cell->protocol,
                 .hint = cell->hint},
    };
    uint32_t number;
    if (!intern_link(into, pair, &key.kind.link) ||
        cell_for(into, &key, cell->more_packets, &number) != EG_OK)
        return EG_ERR_NO_MEMORY;
    if (number == EG_CELL_OVERFLOW) {
        overflow(into, cell->packets, cell->ip_bytes);
    } else {
        struct eg_cell *sum = eg_cell_at(into, number);
        sum->packets += cell->packets;
        sum->ip_bytes += cell->ip_bytes;
        sum->more_packets += cell->more_packets;
        sum->more_bytes += cell->more_bytes;
        sum->flags |= cell->flags;
        eg_span_add(cell->first_time, &sum->first_time, &sum->last_time);
        eg_span_add(cell->last_time, &sum->first_time, &sum->last_time);
    }
    if (!is_kept(pair, key.kind.link))
        into->overflow.links += cell->packets;
    *merged = number;
    return EG_OK;
}

static enum eg_status merge_each(struct eg_matrix *into, const struct eg_matrix *from,
                                 const uint16_t *interfaces, uint32_t *merged)
{
    enum eg_status status = EG_OK;
    for (uint32_t i = 0; i < from->cells.count && status == EG_OK; i++) {
        const struct eg_cell *cell = eg_matrix_cell(from, i);
        const uint16_t interface = cell->interface == EG_INTERFACES_MAX
                                       ? (uint16_t)EG_INTERFACES_MAX
                                       : interfaces[cell->interface];
        status = merge_cell(into, from, cell, interface, &merged[i]);
    }
    return status;
}

/* The cells are added behind the back of an open bucket, which must not count them. */
static enum eg_status merge_cells(struct eg_matrix *into, const struct eg_matrix *from,
                                  const uint16_t *interfaces)
{
    uint32_t *merged = malloc(((size_t)from->cells.count + 1) * sizeof *merged);
    if (!merged)
        return EG_ERR_NO_MEMORY;
    enum eg_status status = eg_series_settle(&into->series, into);
    if (status == EG_OK)
        status = merge_each(into, from, interfaces, merged);
    if (status == EG_OK)
        status = eg_series_merge(&into->series, into, &from->series, from, merged);
    free(merged);
    return status;
}

enum eg_status eg_matrix_merge(struct eg_matrix *into, const struct eg_matrix *from,
                               uint32_t first_input)
{
    uint16_t *interfaces = malloc(((size_t)from->interfaces.store.count + 1) * sizeof *interfaces);
    if (!interfaces)
        return EG_ERR_NO_MEMORY;
    enum eg_status status = merge_interfaces(into, from, first_input, interfaces);
    if (status == EG_OK)
        status = merge_cells(into, from, interfaces);
    free(interfaces);
    if (status != EG_OK)
        return status;
    into->overflow.packets += from->overflow.packets;
    into->overflow.ip_bytes += from->overflow.ip_bytes;
    into->overflow.links += from->overflow.links;
    return EG_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

uint32_t eg_matrix_cells(const struct eg_matrix *matrix)
{
    return matrix->cells.count;
}

uint32_t eg_matrix_cells_max(const struct eg_matrix *matrix)
{
    return matrix->cell_limit;
}

const struct eg_cell *eg_matrix_cell(const struct eg_matrix *matrix, uint32_t number)
{
    return eg_cell_at(matrix, number);
}

uint16_t eg_matrix_interfaces(const struct eg_matrix *matrix)
{
    return (uint16_t)matrix->interfaces.store.count;
}

uint32_t eg_matrix_addresses(const struct eg_matrix *matrix)
{
    return matrix->addresses.store.count;
}

const struct eg_address *eg_matrix_address(const struct eg_matrix *matrix, uint32_t number)
{
    return eg_address_at(matrix, number);
}

const struct eg_interface *eg_matrix_interface(const struct eg_matrix *matrix, uint16_t number)
{
    static const struct eg_interface past_ceiling = {
        .kind = EG_INTERFACE_UNKNOWN, .link = EG_LINK_OTHER, .index = EG_NO_INTERFACE};
    return number == EG_INTERFACES_MAX ? &past_ceiling
                                       : eg_store_at(&matrix->interfaces.store, number);
}

const struct eg_link_pair *eg_matrix_link(const struct eg_matrix *matrix, uint32_t number)
{
    return eg_store_at(&matrix->links.store, number);
}

struct eg_matrix_overflow eg_matrix_overflowed(const struct eg_matrix *matrix)
{
    return matrix->overflow;
}

void eg_matrix_keep_series(struct eg_matrix *matrix, int64_t interval)
{
    eg_series_begin(&matrix->series, interval);
}

enum eg_status eg_matrix_settle_series(struct eg_matrix *matrix, const struct eg_series **series)
{
    const enum eg_status status = eg_series_settle(&matrix->series, matrix);
    if (status == EG_OK)
        *series = &matrix->series;
    return status;
}

void eg_matrix_move_series(struct eg_matrix *matrix, struct eg_series *to)
{
    eg_series_move(&matrix->series, matrix, to);
}
