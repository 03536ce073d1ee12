#include "capture/etl/etl_interfaces.h"

#include <stdlib.h>
#include <string.h>

void eg_etl_interfaces_clear(struct eg_etl_interfaces *interfaces)
{
    free(interfaces->items);
    *interfaces = (struct eg_etl_interfaces){0};
}

static int compare(const struct eg_etl_port *a, const struct eg_etl_port *b)
{
    if (a->tap != b->tap)
        return a->tap < b->tap ? -1 : 1;
    if (a->where != b->where)
        return a->where < b->where ? -1 : 1;
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    return a->link < b->link ? -1 : a->link > b->link;
}

/* Where port is, or would be. */
static size_t place_of(const struct eg_etl_interfaces *interfaces, const struct eg_etl_port *port)
{
    size_t low = 0, high = interfaces->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(&interfaces->items[middle].port, port) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct eg_etl_interfaces *interfaces, size_t place,
                  const struct eg_etl_port *port)
{
    return place < interfaces->count && compare(&interfaces->items[place].port, port) == 0;
}

struct eg_etl_interface *eg_etl_interfaces_find(struct eg_etl_interfaces *interfaces,
                                                const struct eg_etl_port *port)
{
    if (!is_at(interfaces, interfaces->last, port))
        interfaces->last = place_of(interfaces, port);
    return is_at(interfaces, interfaces->last, port) ? &interfaces->items[interfaces->last] : NULL;
}

static enum eg_status grow(struct eg_etl_interfaces *interfaces)
{
    if (interfaces->count == EG_ETL_INTERFACES_MAX)
        return EG_ERR_LIMIT;
    if (interfaces->count < interfaces->capacity)
        return EG_OK;
    const size_t capacity = interfaces->capacity ? 2 * interfaces->capacity : 16;
    struct eg_etl_interface *grown = realloc(interfaces->items, capacity * sizeof *grown);
    if (!grown)
        return EG_ERR_NO_MEMORY;
    interfaces->items = grown;
    interfaces->capacity = capacity;
    return EG_OK;
}

/* At interfaces->last, where a search has just not found it. */
static enum eg_status insert(struct eg_etl_interfaces *interfaces, const struct eg_etl_port *port)
{
    const enum eg_status status = grow(interfaces);
    if (status != EG_OK)
        return status;
    struct eg_etl_interface *item = &interfaces->items[interfaces->last];
    memmove(item + 1, item, (interfaces->count - interfaces->last) * sizeof *item);
    *item = (struct eg_etl_interface){.port = *port};
    interfaces->count++;
    return EG_OK;
}

enum eg_status eg_etl_interfaces_count(struct eg_etl_interfaces *interfaces,
                                       const struct eg_etl_packet *packet)
{
    if (!eg_etl_interfaces_find(interfaces, &packet->port)) {
        const enum eg_status status = insert(interfaces, &packet->port);
        if (status != EG_OK)
            return status;
    }
    interfaces->items[interfaces->last].packets[packet->hint]++;
    return EG_OK;
}

uint64_t eg_etl_interface_packets(const struct eg_etl_interface *interface)
{
    uint64_t packets = 0;
    for (size_t i = 0; i < EG_ETL_DIRECTIONS; i++)
        packets += interface->packets[i];
    return packets;
}

void eg_etl_interface_choose(struct eg_etl_interface *interface)
{
    for (size_t i = 0; i < EG_ETL_DIRECTIONS; i++)
        interface->chosen[i] = true;
}

void eg_etl_interface_leave(struct eg_etl_interface *interface)
{
    for (size_t i = 0; i < EG_ETL_DIRECTIONS; i++)
        interface->chosen[i] = false;
}

bool eg_etl_interface_is_chosen(const struct eg_etl_interface *interface)
{
    return interface->chosen[EG_HINT_UNKNOWN] || interface->chosen[EG_HINT_RECEIVED] ||
           interface->chosen[EG_HINT_SENT];
}
