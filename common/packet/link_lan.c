/*
 * Local networks: Ethernet, FDDI, token ring, ARCNET, and the IEEE 802.2 header they share.
 */
#include "packet/layers.h"

void eg_walk_set_addresses(struct eg_walk *w, const uint8_t destination[6], const uint8_t source[6])
{
    static const uint8_t broadcast[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct eg_link_facts *link = &w->packet->link;
    if (link->address_length != 0)
        return;
    link->address_length = 6;
    link->has_destination = true;
    memcpy(link->destination, destination, 6);
    memcpy(link->source, source, 6);
    link->group = destination[0] & 1;
    link->broadcast = memcmp(destination, broadcast, 6) == 0;
}

/*
 * IEEE 802.3, 3.2: destination (6 bytes), source (6), then an EtherType (Ethernet II) or, up to
 * 0x05ff, the length of what follows, which is LLC.
 */
enum eg_decode_result eg_link_ethernet(struct eg_walk *w)
{
    uint8_t header[14];
    if (!eg_cursor_copy(&w->at, header, sizeof header))
        return EG_DECODE_TRUNCATED;
    eg_walk_set_addresses(w, header, header + 6);
    return eg_layer_ethertype(w, eg_u16_at(header + 12));
}

/*
 * IEEE 802.2, 3.2: destination and source service access point, control.
 *
 *   +--------+--------+---------+
 *   |  DSAP  |  SSAP  | control |  aa aa 03: SNAP;  06 06 03: IP
 *   +--------+--------+---------+
 */
enum eg_decode_result eg_layer_llc(struct eg_walk *w)
{
    enum { SNAP = 0xaa, IP = 0x06, UNNUMBERED_INFORMATION = 0x03 };
    uint8_t llc[3];
    if (!eg_cursor_copy(&w->at, llc, sizeof llc))
        return EG_DECODE_TRUNCATED;
    if (llc[0] != llc[1] || llc[2] != UNNUMBERED_INFORMATION)
        return EG_DECODE_NOT_IP;
    if (llc[0] == SNAP)
        return eg_layer_snap(w);
    return llc[0] == IP ? eg_layer_ip(w) : EG_DECODE_NOT_IP;
}

/*
 * RFC 1042: three bytes of organization, two of protocol, an EtherType if the organization is
 * 00-00-00 or, for bridged frames (IEEE 802.1H), 00-00-f8.
 */
enum eg_decode_result eg_layer_snap(struct eg_walk *w)
{
    uint8_t organization[3];
    uint16_t type;
    if (!eg_cursor_copy(&w->at, organization, sizeof organization) || !eg_cursor_u16(&w->at, &type))
        return EG_DECODE_TRUNCATED;
    if (organization[0] != 0 || organization[1] != 0 ||
        (organization[2] != 0 && organization[2] != 0xf8))
        return EG_DECODE_NOT_IP;
    if (!eg_walk_descend(w))
        return EG_DECODE_MALFORMED;
    return eg_layer_ethertype(w, type);
}

/* RFC 1390: frame control, destination, source; LLC behind frame control 0101rPPP. */
enum eg_decode_result eg_link_fddi(struct eg_walk *w)
{
    enum { KIND = 0xf0, ASYNCHRONOUS_LLC = 0x50 };
    uint8_t header[1 + 6 + 6];
    if (!eg_cursor_copy(&w->at, header, sizeof header))
        return EG_DECODE_TRUNCATED;
    eg_walk_set_addresses(w, header + 1, header + 7);
    return (header[0] & KIND) == ASYNCHRONOUS_LLC ? eg_layer_llc(w) : EG_DECODE_NOT_IP;
}

/*
 * IEEE 802.5, 3.2: access control, frame control, destination, source, and a routing field, when
 * the top bit of the source says so, whose length is in the low five bits of its first byte.
 */
enum eg_decode_result eg_link_token_ring(struct eg_walk *w)
{
    enum { KIND = 0xc0, LLC = 0x40, ROUTED = 0x80, ROUTE_LENGTH = 0x1f };
    uint8_t header[2 + 6 + 6];
    uint8_t route;
    if (!eg_cursor_copy(&w->at, header, sizeof header))
        return EG_DECODE_TRUNCATED;
    eg_walk_set_addresses(w, header + 2, header + 8);
    if ((header[1] & KIND) != LLC)
        return EG_DECODE_NOT_IP;
    if (header[8] & ROUTED) {
        if (!eg_cursor_peek_u8(&w->at, 0, &route) || !eg_cursor_skip(&w->at, route & ROUTE_LENGTH))
            return EG_DECODE_TRUNCATED;
    }
    return eg_layer_llc(w);
}

/*
 * Behind the addresses of an ARCNET frame: a type, and for the types of RFC 1201 a split flag and a
 * sequence number. Flag 0xff is padding before a second flag and number. An even flag other
 * than 0 marks a later part of a packet whose first part carried its IP header.
 */
static enum eg_decode_result arcnet_packet(struct eg_walk *w)
{
    enum { IPV4 = 212, IPV6 = 196, IPV4_RFC1051 = 240, PADDING = 0xff };
    uint8_t type, flag;
    if (!eg_cursor_u8(&w->at, &type))
        return EG_DECODE_TRUNCATED;
    if (type == IPV4_RFC1051)
        return eg_layer_ip(w);
    if (type != IPV4 && type != IPV6)
        return EG_DECODE_NOT_IP;
    if (!eg_cursor_u8(&w->at, &flag) || !eg_cursor_skip(&w->at, 2))
        return EG_DECODE_TRUNCATED;
    if (flag == PADDING && (!eg_cursor_u8(&w->at, &flag) || !eg_cursor_skip(&w->at, 2)))
        return EG_DECODE_TRUNCATED;
    return flag != 0 && flag % 2 == 0 ? EG_DECODE_NOT_IP : eg_layer_ip(w);
}

/* Source and destination, one byte each. */
enum eg_decode_result eg_link_arcnet(struct eg_walk *w)
{
    if (!eg_cursor_skip(&w->at, 2))
        return EG_DECODE_TRUNCATED;
    return arcnet_packet(w);
}

/* Linux has the two bytes of the hardware's offset field behind the addresses. */
enum eg_decode_result eg_link_arcnet_linux(struct eg_walk *w)
{
    if (!eg_cursor_skip(&w->at, 2 + 2))
        return EG_DECODE_TRUNCATED;
    return arcnet_packet(w);
}
