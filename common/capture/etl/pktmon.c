#include "capture/etl/pktmon.h"

#include <stdlib.h>

enum {
    EVENT_COMPONENT = 20,
    EVENT_PROPERTY_NUMBER = 30,
    EVENT_PROPERTY_BYTES = 70,
    EVENT_PACKET = 160,
    EVENT_PACKET_DROPPED = 170,
    EVENT_PACKET_FURTHER = 240,
    EVENT_REGISTERED = 270,
};

enum { PROPERTY_IF_INDEX = 1, PROPERTY_MAC = 6 };

enum { UPPER_EDGE = 1 };

/* Components next to the wire, in the order in which they stand for it. */
enum { TYPE_MINIPORT = 2 };
static const uint16_t wire_types[] = {TYPE_MINIPORT, 0xe, 9, 6, 7, 5, 8};

static const struct eg_etl_guid pktmon =
    EG_ETL_GUID(0x4d4f80d9, 0xc8bd, 0x4d73, 0xbb5b19c90402c5ac);

static bool is_pktmon(const struct eg_etl_record *record)
{
    return record->kind == EG_ETL_EVENT && eg_etl_guid_equal(&record->provider, &pktmon);
}

/* ---- packets ---- */

bool eg_pktmon_is_packet(const struct eg_etl_record *record)
{
    return is_pktmon(record) && (record->id == EVENT_PACKET || record->id == EVENT_PACKET_DROPPED ||
                                 record->id == EVENT_PACKET_FURTHER);
}

static enum eg_etl_tap tap_of(uint16_t event)
{
    if (event == EVENT_PACKET)
        return EG_ETL_TAP_PKTMON;
    return event == EVENT_PACKET_DROPPED ? EG_ETL_TAP_PKTMON_DROP : EG_ETL_TAP_PKTMON_FURTHER;
}

/* In, Rx and Ingress are odd; Out, Tx and Egress even. */
static enum eg_hint hint_of(uint16_t direction)
{
    enum { DIRECTIONS = 6 };
    if (direction == 0 || direction > DIRECTIONS)
        return EG_HINT_UNKNOWN;
    return direction % 2 ? EG_HINT_RECEIVED : EG_HINT_SENT;
}

/* EG_LINK_OTHER: the bytes are not those of a frame. */
static int32_t link_of(uint16_t type)
{
    static const int32_t links[] = {EG_LINK_OTHER, EG_LINKTYPE_ETHERNET, EG_LINKTYPE_IEEE802_11,
                                    EG_LINKTYPE_RAW};
    return type < sizeof links / sizeof *links ? links[type] : EG_LINK_OTHER;
}

enum eg_etl_parse eg_pktmon_parse(const struct eg_etl_record *record, struct eg_etl_packet *packet)
{
    struct eg_cursor c = record->payload;
    uint16_t appearance = 0, direction = 0, type = 0, component = 0, edge = 0;
    uint16_t original = 0, logged = 0;
    *packet = (struct eg_etl_packet){.starts = true, .ends = true};
    if (!eg_etl_u64(&c, &packet->group) || !eg_cursor_le16(&c, &packet->number) ||
        !eg_cursor_le16(&c, &appearance) || !eg_cursor_le16(&c, &direction) ||
        !eg_cursor_le16(&c, &type) || !eg_cursor_le16(&c, &component) ||
        !eg_cursor_le16(&c, &edge) || !eg_cursor_skip(&c, 2 + 4 + 4) ||
        !eg_cursor_le16(&c, &original) || !eg_cursor_le16(&c, &logged) ||
        eg_cursor_left(&c) < logged)
        return EG_ETL_BAD_PACKET;
    eg_cursor_clip(&c, logged);
    packet->bytes = c;
    packet->wire = original > logged ? original : logged;
    packet->port = (struct eg_etl_port){tap_of(record->id), link_of(type), component, edge};
    packet->hint = hint_of(direction);
    packet->grouped = appearance > 0; /* always 0 since Windows 11 24H2: groups are then single */
    return packet->port.link == EG_LINK_OTHER ? EG_ETL_NO_FRAME : EG_ETL_PACKET;
}

/* ---- components ---- */

static void learn_names(struct eg_cursor c, struct eg_etl_component *component)
{
    struct eg_etl_component told = *component;
    if (eg_cursor_le16(&c, &told.type) && eg_etl_text(&c, told.name, sizeof told.name) &&
        eg_etl_text(&c, told.description, sizeof told.description))
        *component = told;
}

static void learn_number(struct eg_cursor c, struct eg_etl_component *component)
{
    uint16_t property = 0;
    uint32_t value = 0;
    if (!eg_cursor_le16(&c, &property) || !eg_cursor_le32(&c, &value) ||
        property != PROPERTY_IF_INDEX)
        return;
    component->has_index = true;
    component->index = value;
}

static void learn_bytes(struct eg_cursor c, struct eg_etl_component *component)
{
    uint16_t property = 0;
    uint32_t size = 0;
    if (eg_cursor_le16(&c, &property) && eg_cursor_le32(&c, &size) && property == PROPERTY_MAC &&
        size == EG_ETL_MAC)
        component->has_mac = eg_cursor_copy(&c, component->mac, EG_ETL_MAC);
}

enum eg_status eg_pktmon_learn(const struct eg_etl_record *record,
                               struct eg_etl_components *components)
{
    struct eg_cursor c = record->payload;
    uint16_t id = 0;
    struct eg_etl_component *component = NULL;
    const bool names = record->id == EVENT_COMPONENT || record->id == EVENT_REGISTERED;
    if (!is_pktmon(record) ||
        (!names && record->id != EVENT_PROPERTY_NUMBER && record->id != EVENT_PROPERTY_BYTES) ||
        !eg_cursor_le16(&c, &id))
        return EG_OK;
    const enum eg_status status = eg_etl_components_add(components, id, &component);
    if (status != EG_OK)
        return status == EG_ERR_LIMIT ? EG_OK : status;
    if (names)
        learn_names(c, component);
    else if (record->id == EVENT_PROPERTY_NUMBER)
        learn_number(c, component);
    else
        learn_bytes(c, component);
    return EG_OK;
}

/* ---- the choice ---- */

static uint16_t type_of(const struct eg_etl_components *components,
                        const struct eg_etl_interface *interface)
{
    const struct eg_etl_component *component =
        eg_etl_components_find(components, interface->port.where);
    return component ? component->type : 0;
}

/* The edge of a component that stands for it: the upper one if packets were seen there. */
static uint32_t edge_of(const struct eg_etl_interfaces *interfaces, const struct eg_etl_port *port)
{
    uint32_t edge = port->layer;
    for (size_t i = 0; i < interfaces->count; i++) {
        const struct eg_etl_port *other = &interfaces->items[i].port;
        if (other->tap == port->tap && other->where == port->where &&
            (other->layer == UPPER_EDGE || (edge != UPPER_EDGE && other->layer < edge)))
            edge = other->layer;
    }
    return edge;
}

/* Components of one type; returns whether there are any. */
static bool choose_type(struct eg_etl_interfaces *interfaces,
                        const struct eg_etl_components *components, enum eg_etl_tap tap,
                        uint16_t type)
{
    bool any = false;
    for (size_t i = 0; i < interfaces->count; i++) {
        struct eg_etl_interface *interface = &interfaces->items[i];
        if (interface->port.tap != tap || type_of(components, interface) != type ||
            interface->port.layer != edge_of(interfaces, &interface->port))
            continue;
        eg_etl_interface_choose(interface);
        any = true;
    }
    return any;
}

static bool have_same_mac(const struct eg_etl_components *components,
                          const struct eg_etl_interface *a, const struct eg_etl_interface *b)
{
    const struct eg_etl_component *const x = eg_etl_components_find(components, a->port.where);
    const struct eg_etl_component *const y = eg_etl_components_find(components, b->port.where);
    return x && y && x != y && x->has_mac && y->has_mac &&
           memcmp(x->mac, y->mac, sizeof x->mac) == 0;
}

/* Whether `whole` saw at least as much in each direction; of two that saw the same, it is first. */
static bool saw_all_of(const struct eg_etl_interface *whole, const struct eg_etl_interface *part)
{
    for (size_t i = 0; i < EG_ETL_DIRECTIONS; i++)
        if (whole->packets[i] < part->packets[i])
            return false;
    return eg_etl_interface_packets(whole) > eg_etl_interface_packets(part) || whole < part;
}

/*
 * Where appearances cannot be told: a virtual card hands packets to a real one below it, which has
 * its address (accelerated networking, teams). What the one did not see all of stays, too: the
 * copies that this leaves can still be found by their bytes.
 */
static void drop_lower_cards(struct eg_etl_interfaces *interfaces,
                             const struct eg_etl_components *components, enum eg_etl_tap tap)
{
    for (size_t i = 0; i < interfaces->count; i++)
        for (size_t k = 0; k < interfaces->count; k++) {
            struct eg_etl_interface *part = &interfaces->items[i];
            const struct eg_etl_interface *whole = &interfaces->items[k];
            if (part->port.tap == tap && whole->port.tap == tap &&
                eg_etl_interface_is_chosen(part) && eg_etl_interface_is_chosen(whole) &&
                part->port.link == whole->port.link && have_same_mac(components, whole, part) &&
                saw_all_of(whole, part))
                eg_etl_interface_leave(part);
        }
}

static void choose_all(struct eg_etl_interfaces *interfaces, enum eg_etl_tap tap)
{
    for (size_t i = 0; i < interfaces->count; i++)
        if (interfaces->items[i].port.tap == tap)
            eg_etl_interface_choose(&interfaces->items[i]);
}

/* For each direction the place that saw most packets. */
static void choose_busiest(struct eg_etl_interfaces *interfaces, enum eg_etl_tap tap)
{
    for (size_t direction = 0; direction < EG_ETL_DIRECTIONS; direction++) {
        struct eg_etl_interface *busiest = NULL;
        for (size_t i = 0; i < interfaces->count; i++) {
            struct eg_etl_interface *interface = &interfaces->items[i];
            if (interface->port.tap == tap &&
                interface->packets[direction] > (busiest ? busiest->packets[direction] : 0))
                busiest = interface;
        }
        if (busiest)
            busiest->chosen[direction] = true;
    }
}

static bool any_known(const struct eg_etl_interfaces *interfaces,
                      const struct eg_etl_components *components, enum eg_etl_tap tap)
{
    for (size_t i = 0; i < interfaces->count; i++)
        if (interfaces->items[i].port.tap == tap && type_of(components, &interfaces->items[i]) != 0)
            return true;
    return false;
}

static bool has_tap(const struct eg_etl_interfaces *interfaces, enum eg_etl_tap tap)
{
    for (size_t i = 0; i < interfaces->count; i++)
        if (interfaces->items[i].port.tap == tap)
            return true;
    return false;
}

enum eg_pktmon_choice eg_pktmon_choose(struct eg_etl_interfaces *interfaces,
                                       const struct eg_etl_components *components, bool grouped)
{
    const enum eg_etl_tap tap =
        has_tap(interfaces, EG_ETL_TAP_PKTMON) ? EG_ETL_TAP_PKTMON : EG_ETL_TAP_PKTMON_FURTHER;
    for (size_t i = 0; i < sizeof wire_types / sizeof *wire_types; i++) {
        if (!choose_type(interfaces, components, tap, wire_types[i]))
            continue;
        if (!grouped)
            drop_lower_cards(interfaces, components, tap);
        return wire_types[i] == TYPE_MINIPORT ? EG_PKTMON_CARDS : EG_PKTMON_NEXT_TO_CARDS;
    }
    if (!grouped && !any_known(interfaces, components, tap)) {
        choose_busiest(interfaces, tap);
        return EG_PKTMON_BUSIEST;
    }
    choose_all(interfaces, tap);
    return grouped ? EG_PKTMON_FIRST_APPEARANCE : EG_PKTMON_ALL;
}

/* ---- appearances ---- */

/* Sets of a few packets; the one that came first makes way. 1 MB: some 10 ms of a fast network. */
enum { SETS = 8192, WAYS = 4 };

struct appearance {
    uint64_t group;
    uint32_t packet; /* number and direction; 0: free */
};

struct eg_pktmon_groups {
    bool by_direction;
    uint8_t next[SETS];
    struct appearance seen[SETS][WAYS];
};

enum eg_status eg_pktmon_groups_new(bool by_direction, struct eg_pktmon_groups **groups)
{
    struct eg_pktmon_groups *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->by_direction = by_direction;
    *groups = made;
    return EG_OK;
}

void eg_pktmon_groups_free(struct eg_pktmon_groups *groups)
{
    free(groups);
}

static size_t set_of(const struct appearance *key)
{
    const uint64_t mixed = (key->group ^ key->packet) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 32) % SETS;
}

bool eg_pktmon_groups_first(struct eg_pktmon_groups *groups, const struct eg_etl_packet *packet)
{
    enum { USED = 4 };
    const uint32_t direction = groups->by_direction ? (uint32_t)packet->hint : 0;
    const struct appearance key = {packet->group, (uint32_t)packet->number << 8 | USED | direction};
    const size_t set = set_of(&key);
    for (size_t i = 0; i < WAYS; i++)
        if (groups->seen[set][i].group == key.group && groups->seen[set][i].packet == key.packet)
            return false;
    groups->seen[set][groups->next[set]++ % WAYS] = key;
    return true;
}
