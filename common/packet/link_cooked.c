/*
 * Linux cooked captures: what `tcpdump -i any` writes.
 */
#include "packet/layers.h"

/* sll_pkttype of packet(7), rule 3.1. */
static void take_packet_type(struct eg_link_facts *link, unsigned type)
{
    enum { TO_US = 0, BROADCAST = 1, MULTICAST = 2, OTHER_HOST = 3, OUTGOING = 4 };
    switch (type) {
    case TO_US:
    case BROADCAST:
    case MULTICAST:
        link->hint = EG_HINT_RECEIVED;
        break;
    case OTHER_HOST:
        link->hint = EG_HINT_OTHER_HOST;
        break;
    case OUTGOING:
        link->hint = EG_HINT_SENT;
        break;
    default:
        break;
    }
    link->group = type == BROADCAST || type == MULTICAST;
    link->broadcast = type == BROADCAST;
}

static void take_hardware(struct eg_link_facts *link, uint8_t cooked, uint16_t hardware)
{
    link->cooked = cooked;
    link->has_hardware = true;
    link->hardware = hardware;
}

/* The sender's address: eight bytes, of which `length` count. */
static void take_source(struct eg_link_facts *link, const uint8_t address[8], unsigned length)
{
    link->address_length = (uint8_t)(length < EG_LINK_ADDRESS_MAX ? length : EG_LINK_ADDRESS_MAX);
    memcpy(link->source, address, link->address_length);
}

/*
 * The protocol field: an EtherType, also on GRE tunnels; below 0x0600 a number of Linux's own, of
 * which only 4 leads to IP: LLC. On netlink devices it is something else altogether.
 */
static enum eg_decode_result cooked_protocol(struct eg_walk *w, uint16_t protocol)
{
    enum { NETLINK = 824, LLC = 4, FIRST_ETHERTYPE = 0x0600 };
    if (w->packet->link.hardware == NETLINK)
        return EG_DECODE_NOT_IP;
    if (protocol >= FIRST_ETHERTYPE)
        return eg_layer_ethertype(w, protocol);
    return protocol == LLC ? eg_layer_llc(w) : EG_DECODE_NOT_IP;
}

/*
 * LINKTYPE_LINUX_SLL.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          packet type          |         hardware type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |        address length         |   address (8 bytes) ...       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                       ... address ...                         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          ... address          |           protocol            |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
enum eg_decode_result eg_link_cooked1(struct eg_walk *w)
{
    struct eg_link_facts *link = &w->packet->link;
    uint16_t type, hardware, length, protocol;
    uint8_t address[8];
    if (!eg_cursor_u16(&w->at, &type) || !eg_cursor_u16(&w->at, &hardware) ||
        !eg_cursor_u16(&w->at, &length) || !eg_cursor_copy(&w->at, address, sizeof address) ||
        !eg_cursor_u16(&w->at, &protocol))
        return EG_DECODE_TRUNCATED;
    take_packet_type(link, type);
    take_hardware(link, 1, hardware);
    take_source(link, address, length);
    return cooked_protocol(w, protocol);
}

/*
 * LINKTYPE_LINUX_SLL2.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |           protocol            |           reserved            |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                        interface index                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         hardware type         |  packet type  |address length |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                       address (8 bytes)                       |
 *   |                                                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
enum eg_decode_result eg_link_cooked2(struct eg_walk *w)
{
    struct eg_link_facts *link = &w->packet->link;
    uint16_t protocol, hardware;
    uint32_t ifindex;
    uint8_t type, length, address[8];
    if (!eg_cursor_u16(&w->at, &protocol) || !eg_cursor_skip(&w->at, 2) ||
        !eg_cursor_u32(&w->at, &ifindex) || !eg_cursor_u16(&w->at, &hardware) ||
        !eg_cursor_u8(&w->at, &type) || !eg_cursor_u8(&w->at, &length) ||
        !eg_cursor_copy(&w->at, address, sizeof address))
        return EG_DECODE_TRUNCATED;
    take_packet_type(link, type);
    take_hardware(link, 2, hardware);
    take_source(link, address, length);
    link->ifindex = ifindex;
    return cooked_protocol(w, protocol);
}
