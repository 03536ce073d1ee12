#include "traffic/matrix.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "traffic/known.h"

enum {
    DEFAULT_CELLS = 16 << 20,
    DEFAULT_ADDRESSES = 16 << 20,
    DEFAULT_LINKS = 1 << 20,
    NUMBERS_MAX = 1 << 29,
};

static_assert(sizeof(struct eg_kept_cell) == 48, "with its part of the index below 64 bytes");
static_assert(sizeof(struct eg_link_pair) == 2 * EG_LINK_ADDRESS_MAX + 4,
              "pairs are compared whole");
static_assert(sizeof(struct eg_address) == 17, "addresses are compared whole");

/* What tells cells apart, with the addresses still as the packet has them. */
struct cell_key {
    const struct eg_address *source;
    const struct eg_address *destination;
    uint64_t kind;
};

/* What is added to a cell. */
struct sums {
    uint64_t packets;
    uint64_t ip_bytes;
    struct eg_more more;
    bool opened;
    int64_t first_time, last_time;
};

static uint32_t limit_or(uint32_t wanted, uint32_t initial, uint32_t maximum)
{
    const uint32_t limit = wanted ? wanted : initial;
    return limit < maximum ? limit : maximum;
}

static uint32_t hash_of_cell(const void *context, uint32_t number);

static bool begin_tables(struct eg_matrix *matrix)
{
    return eg_index_reserve(&matrix->cell_index, 1, hash_of_cell, matrix) &&
           eg_addresses_reserve(&matrix->addresses, &matrix->key, 2) &&
           eg_interfaces_begin(&matrix->interfaces, &matrix->key) &&
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
    made->mixed = eg_hash_mixed(key);
    made->cells.item_size = sizeof(struct eg_kept_cell);
    made->more.item_size = sizeof(struct eg_more);
    made->resent.item_size = sizeof(struct eg_resent_sums);
    made->cell_limit = limit_or(given.cells, DEFAULT_CELLS, NUMBERS_MAX);
    eg_addresses_init(&made->addresses, limit_or(given.addresses, DEFAULT_ADDRESSES, NUMBERS_MAX));
    made->links.store.item_size = sizeof(struct eg_link_pair);
    made->links.limit = limit_or(given.links, DEFAULT_LINKS, EG_LINKS_MAX);
    made->interfaces.store.item_size = sizeof(struct eg_interface);
    made->interfaces.limit = EG_INTERFACES_MAX;
    made->series = EG_SERIES_OFF;
    eg_ways_init(&made->ways);
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
    eg_store_free(&matrix->more);
    eg_store_free(&matrix->resent);
    eg_index_free(&matrix->cell_index);
    eg_addresses_free(&matrix->addresses);
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

static uint32_t hash_cell(const struct eg_hash_key *mixed, const struct cell_key *cell)
{
    const uint8_t *source = cell->source->bytes, *destination = cell->destination->bytes;
    uint8_t ends[8];
    if (eg_kind_is_six(cell->kind))
        return eg_cell_hash_v6(mixed, cell->kind, source, destination);
    memcpy(ends, source, 4);
    memcpy(ends + 4, destination, 4);
    return eg_cell_hash_v4(mixed, cell->kind, eg_load64(ends));
}

static uint32_t hash_of_cell(const void *context, uint32_t number)
{
    const struct eg_matrix *matrix = context;
    const struct eg_kept_cell *cell = eg_cell_at(matrix, number);
    const struct eg_addresses *addresses = &matrix->addresses;
    if (eg_kind_is_six(cell->kind))
        return eg_cell_hash_v6(&matrix->mixed, cell->kind,
                               eg_addresses_wide(addresses, cell->source),
                               eg_addresses_wide(addresses, cell->destination));
    const uint32_t ends[2] = {eg_addresses_word(addresses, cell->source),
                              eg_addresses_word(addresses, cell->destination)};
    return eg_cell_hash_v4(&matrix->mixed, cell->kind, eg_load64((const uint8_t *)ends));
}

static bool has_key(const struct eg_matrix *matrix, const struct eg_kept_cell *cell,
                    const struct cell_key *key)
{
    return cell->kind == key->kind &&
           eg_addresses_is(&matrix->addresses, cell->source, key->source) &&
           eg_addresses_is(&matrix->addresses, cell->destination, key->destination);
}

/* Only after room for one more was reserved in matrix->more. */
static void set_more(struct eg_matrix *matrix, struct eg_kept_cell *cell,
                     const struct eg_more *more)
{
    if (!(cell->more & EG_MORE_APART)) {
        cell->more &= ~(uint32_t)EG_MORE_VALUE;
        if (more->packets <= EG_MORE_PACKETS_MAX && more->bytes <= EG_MORE_BYTES_MAX) {
            cell->more |= (uint32_t)(more->packets << EG_MORE_PACKETS_SHIFT | more->bytes);
            return;
        }
        cell->more |= EG_MORE_APART | matrix->more.count;
        eg_store_push(&matrix->more);
    }
    *(struct eg_more *)eg_store_at(&matrix->more, cell->more & EG_MORE_VALUE) = *more;
}

static bool has_room(const struct eg_matrix *matrix, const struct eg_kept_cell *cell,
                     const struct sums *sums)
{
    return cell->packets + sums->packets <= UINT32_MAX &&
           eg_more_of(matrix, cell).packets + sums->more.packets <= UINT32_MAX;
}

/* The cell of this key with room for the sums, or EG_INDEX_NONE. */
static uint32_t find_cell(const struct eg_matrix *matrix, const struct cell_key *key, uint32_t hash,
                          const struct sums *sums)
{
    uint32_t at = hash, number;
    while ((number = eg_index_next(&matrix->cell_index, hash, &at)) != EG_INDEX_NONE) {
        const struct eg_kept_cell *cell = eg_cell_at(matrix, number);
        if (has_key(matrix, cell, key) && has_room(matrix, cell, sums))
            break;
    }
    return number;
}

/* Whether every table has room and memory for one more cell with two new addresses. */
static enum eg_status reserve_cell(struct eg_matrix *matrix)
{
    if (eg_store_reserve(&matrix->cells, 1) &&
        eg_index_reserve(&matrix->cell_index, 1, hash_of_cell, matrix) &&
        eg_addresses_reserve(&matrix->addresses, &matrix->key, 2))
        return EG_OK;
    return EG_ERR_NO_MEMORY;
}

/* Interns the two ends of a cell; false, with nothing added, where they are past the ceiling. */
static bool intern_ends(struct eg_matrix *matrix, const struct cell_key *key, uint32_t *source,
                        uint32_t *destination)
{
    struct eg_addresses *addresses = &matrix->addresses;
    const bool same = memcmp(key->source, key->destination, sizeof *key->source) == 0;
    uint32_t from = eg_addresses_find(addresses, &matrix->key, key->source);
    uint32_t to = same ? from : eg_addresses_find(addresses, &matrix->key, key->destination);
    const uint32_t missing =
        (from == EG_INDEX_NONE ? 1u : 0u) + (to == EG_INDEX_NONE && !same ? 1u : 0u);
    if (missing > addresses->limit - addresses->words.count)
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
    struct eg_kept_cell *cell = eg_store_push(&matrix->cells);
    cell->kind = key->kind;
    cell->source = source;
    cell->destination = destination;
    cell->first_time = cell->last_time = EG_NO_TIME;
    eg_index_put(&matrix->cell_index, hash);
    return EG_OK;
}

bool eg_matrix_open_known(struct eg_matrix *matrix, uint64_t kind, const struct eg_plain *plain,
                          int64_t time)
{
    struct eg_address (*const address_of)(const uint8_t *) =
        plain->six ? eg_address_v6 : eg_address_v4;
    const struct eg_address source = address_of(eg_plain_source(plain));
    const struct eg_address destination = address_of(eg_plain_destination(plain));
    const struct cell_key key = {&source, &destination, kind};
    uint32_t number;
    if (!plain->six && eg_plain_is_metadata(source.bytes))
        return false;
    if (open_cell(matrix, &key, hash_cell(&matrix->mixed, &key), &number) != EG_OK ||
        number == EG_CELL_OVERFLOW)
        return false;
    struct eg_kept_cell *cell = eg_cell_at(matrix, number);
    cell->first_time = cell->last_time = time;
    return true;
}

/* The cell of key with room for the sums, opened if need be; or EG_CELL_OVERFLOW. */
static enum eg_status cell_for(struct eg_matrix *matrix, const struct cell_key *key,
                               const struct sums *sums, uint32_t *number)
{
    *number = EG_CELL_OVERFLOW;
    if (sums->more.packets > UINT32_MAX)
        return EG_OK;
    const uint32_t hash = hash_cell(&matrix->mixed, key);
    const uint32_t found = find_cell(matrix, key, hash, sums);
    if (found == EG_INDEX_NONE)
        return open_cell(matrix, key, hash, number);
    *number = found;
    return EG_OK;
}

static void add_to_cell(struct eg_matrix *matrix, uint32_t number, const struct sums *sums)
{
    struct eg_kept_cell *cell = eg_cell_at(matrix, number);
    cell->packets += (uint32_t)sums->packets;
    cell->ip_bytes += sums->ip_bytes;
    cell->more |= sums->opened ? EG_MORE_OPENED : 0;
    eg_span_add(sums->first_time, &cell->first_time, &cell->last_time);
    eg_span_add(sums->last_time, &cell->first_time, &cell->last_time);
    if (sums->more.packets == 0 && sums->more.bytes == 0)
        return;
    struct eg_more more = eg_more_of(matrix, cell);
    more.packets += sums->more.packets;
    more.bytes += sums->more.bytes;
    set_more(matrix, cell, &more);
}

/* Of a packet that is about to be added. */
static enum eg_status note_in_series(struct eg_matrix *matrix, uint32_t number, int64_t time)
{
    if (!eg_series_is_awaited(&matrix->series, eg_cell_at(matrix, number)->more & EG_MORE_NOTED,
                              time))
        return EG_OK;
    return eg_series_enter(&matrix->series, matrix, number, time);
}

/*
 * To the cell of key, or to what found no room. *number is EG_CELL_OVERFLOW then. packet: it is
 * one, not what another matrix has summed up.
 */
static enum eg_status add_sums(struct eg_matrix *matrix, const struct cell_key *key,
                               const struct sums *sums, bool packet, uint32_t *number)
{
    if (sums->more.packets > 0 && !eg_store_reserve(&matrix->more, 1))
        return EG_ERR_NO_MEMORY;
    enum eg_status status = cell_for(matrix, key, sums, number);
    if (status == EG_OK && packet && *number != EG_CELL_OVERFLOW)
        status = note_in_series(matrix, *number, sums->first_time);
    if (status != EG_OK)
        return status;
    if (*number != EG_CELL_OVERFLOW) {
        add_to_cell(matrix, *number, sums);
    } else {
        matrix->overflow.packets += sums->packets;
        matrix->overflow.ip_bytes += sums->ip_bytes;
    }
    return EG_OK;
}

static uint64_t kind_of(uint64_t of_link, const struct eg_address *source, uint8_t protocol,
                        uint16_t port)
{
    const bool six = source->family == EG_IPV6;
    const uint64_t kind = eg_cell_kind(of_link, six, protocol, port);
    return !six && eg_plain_is_metadata(source->bytes) ? kind | UINT64_C(1) << EG_KIND_LONG : kind;
}

static bool opens(const struct eg_packet *packet)
{
    return packet->protocol == EG_PROTOCOL_TCP &&
           (packet->tcp_flags & (EG_TCP_SYN | EG_TCP_ACK)) == EG_TCP_SYN;
}

enum eg_status eg_matrix_add(struct eg_matrix *matrix, const struct eg_packet *packet,
                             uint16_t interface, int64_t time, uint64_t segments,
                             uint64_t segment_bytes, uint32_t *cell)
{
    const struct eg_link_pair pair = eg_link_pair_of(&packet->link);
    const uint16_t port = eg_service_port(packet->source_port, packet->destination_port);
    const struct sums sums = {
        .packets = 1,
        .ip_bytes = packet->ip_bytes,
        .more = {segment_bytes - packet->ip_bytes, segments - 1},
        .opened = opens(packet),
        .first_time = time,
        .last_time = time,
    };
    uint32_t link, number;
    if (!intern_link(matrix, &pair, &link))
        return EG_ERR_NO_MEMORY;
    const struct cell_key key = {
        .source = &packet->source,
        .destination = &packet->destination,
        .kind = kind_of(eg_kind_of_link(interface, link, (uint8_t)packet->link.hint),
                        &packet->source, packet->protocol, port),
    };
    const enum eg_status status = add_sums(matrix, &key, &sums, true, &number);
    if (status != EG_OK)
        return status;
    matrix->overflow.links += !is_kept(&pair, link);
    *cell = number;
    return EG_OK;
}

/* ---- what was sent before ------------------------------------------------------------------ */

struct eg_resent_sums eg_matrix_resent(const struct eg_matrix *matrix, uint32_t number)
{
    if (number >= matrix->resent.count)
        return (struct eg_resent_sums){0};
    return *(const struct eg_resent_sums *)eg_store_at(&matrix->resent, number);
}

enum eg_status eg_matrix_add_resent(struct eg_matrix *matrix, uint32_t cell,
                                    const struct eg_resent_sums *sums)
{
    if (sums->bytes == 0)
        return EG_OK;
    if (cell >= matrix->resent.count &&
        !eg_store_reserve(&matrix->resent, cell - matrix->resent.count + 1))
        return EG_ERR_NO_MEMORY;
    while (matrix->resent.count <= cell)
        eg_store_push(&matrix->resent);
    struct eg_resent_sums *into = eg_store_at(&matrix->resent, cell);
    into->packets += sums->packets;
    into->bytes += sums->bytes;
    return EG_OK;
}

/* ---- merging ------------------------------------------------------------------------------- */

bool eg_matrix_add_need(const struct eg_matrix *from, struct eg_matrix_need *need)
{
    need->cells += from->cells.count;
    need->addresses += from->addresses.words.count;
    need->links += from->links.store.count;
    need->interfaces += from->interfaces.store.count;
    return from->overflow.packets == 0 && from->overflow.links == 0 &&
           from->interfaces.store.count < from->interfaces.limit;
}

static bool has_room_for(const struct eg_interned *interned, uint64_t more)
{
    return interned->store.count + more <= interned->limit;
}

bool eg_matrix_has_room(const struct eg_matrix *into, const struct eg_matrix_need *need)
{
    return into->cells.count + need->cells <= into->cell_limit &&
           into->addresses.words.count + need->addresses <= into->addresses.limit &&
           has_room_for(&into->links, need->links) &&
           has_room_for(&into->interfaces, need->interfaces);
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
    const struct eg_address source = eg_matrix_address(from, cell->source);
    const struct eg_address destination = eg_matrix_address(from, cell->destination);
    const struct sums sums = {
        .packets = cell->packets,
        .ip_bytes = cell->ip_bytes,
        .more = {cell->more_bytes, cell->more_packets},
        .opened = cell->flags & EG_CELL_OPENED,
        .first_time = cell->first_time,
        .last_time = cell->last_time,
    };
    uint32_t link, number;
    if (!intern_link(into, pair, &link))
        return EG_ERR_NO_MEMORY;
    const struct cell_key key = {
        .source = &source,
        .destination = &destination,
        .kind = kind_of(eg_kind_of_link(interface, link, cell->hint), &source, cell->protocol,
                        cell->port),
    };
    const enum eg_status status = add_sums(into, &key, &sums, false, &number);
    if (status != EG_OK)
        return status;
    if (!is_kept(pair, link))
        into->overflow.links += cell->packets;
    *merged = number;
    return EG_OK;
}

static enum eg_status merge_each(struct eg_matrix *into, const struct eg_matrix *from,
                                 const uint16_t *interfaces, uint32_t *merged)
{
    enum eg_status status = EG_OK;
    for (uint32_t i = 0; i < from->cells.count && status == EG_OK; i++) {
        const struct eg_cell cell = eg_matrix_cell(from, i);
        const uint16_t interface = cell.interface == EG_INTERFACES_MAX ? (uint16_t)EG_INTERFACES_MAX
                                                                       : interfaces[cell.interface];
        status = merge_cell(into, from, &cell, interface, &merged[i]);
        const struct eg_resent_sums resent = eg_matrix_resent(from, i);
        if (status == EG_OK && merged[i] != EG_CELL_OVERFLOW)
            status = eg_matrix_add_resent(into, merged[i], &resent);
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
