/*
 * The outermost IP header, what of it is counted (rules 1.2, 1.4) and where the ports are.
 */
#include "packet/layers.h"

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_DCCP = 33,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_AH = 51,
    PROTOCOL_DESTINATION_OPTIONS = 60,
    PROTOCOL_SCTP = 132,
    PROTOCOL_UDPLITE = 136,
    PROTOCOL_SHIM6 = 140,
};

enum { IPV4_BYTES = 20, IPV6_BYTES = 40, TCP_BYTES = 20, UDP_BYTES = 8 };

static uint16_t u16_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Length on the wire behind the link header; the walk stands at the IP header. */
static uint32_t on_wire(const struct eg_walk *w)
{
    return w->wire - w->packet->ip_offset;
}

/*
 * RFC 9293, 3.1: data offset in 32-bit words at byte 12, flags at byte 13.
 *
 *   +-------------+-----------+------------+----------------+--------+-------+------
 *   | source port | dest port |  sequence  | acknowledgment | offset | flags | ...
 *   |      2      |     2     |     4      |       4        |   1    |   1   |
 *   +-------------+-----------+------------+----------------+--------+-------+------
 */
static void read_tcp(const struct eg_cursor *upper, struct eg_packet *packet)
{
    uint8_t offset = 0;
    eg_cursor_peek_u8(upper, 12, &offset);
    eg_cursor_peek_u8(upper, 13, &packet->tcp_flags);
    const unsigned bytes = (unsigned)(offset >> 4) * 4;
    packet->upper_header_bytes = (uint16_t)(bytes > TCP_BYTES ? bytes : TCP_BYTES);
}

/*
 * Finds what follows the IP headers, and, if it starts here (not in an earlier fragment), its
 * header and ports. All these transports have their ports in the first four bytes.
 */
static void read_upper(const struct eg_walk *w, struct eg_cursor upper, bool starts_here)
{
    struct eg_packet *packet = w->packet;
    eg_cursor_clip(&upper, (size_t)(packet->ip_bytes - packet->header_bytes));
    packet->upper_captured = (uint32_t)eg_cursor_left(&upper);
    if (!starts_here)
        return;
    switch (packet->protocol) {
    case PROTOCOL_TCP:
        read_tcp(&upper, packet);
        break;
    case PROTOCOL_UDP:
        packet->upper_header_bytes = UDP_BYTES;
        break;
    case PROTOCOL_DCCP:
    case PROTOCOL_SCTP:
    case PROTOCOL_UDPLITE:
        break;
    default:
        return;
    }
    eg_cursor_peek_u16(&upper, 0, &packet->source_port);
    eg_cursor_peek_u16(&upper, 2, &packet->destination_port);
}

/*
 * RFC 791, 3.1. The destination is the header's field, also under source routing (rule 1.4).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version|  IHL  |Type of Service|          Total Length         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Identification        |Flags|      Fragment Offset    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Time to Live |    Protocol   |         Header Checksum       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                       Source Address                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                    Destination Address                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                    Options                    |    Padding    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
static enum eg_decode_result decode_ipv4(struct eg_walk *w)
{
    enum { MORE_FRAGMENTS = 0x2000, FRAGMENT_OFFSET = 0x1fff };
    struct eg_packet *packet = w->packet;
    uint8_t header[IPV4_BYTES];
    if (!eg_cursor_copy(&w->at, header, sizeof header))
        return EG_DECODE_TRUNCATED;

    const uint32_t header_bytes = (header[0] & 0x0fu) * 4;
    const uint16_t total = u16_at(header + 2);
    const uint32_t ip_bytes = total != 0 ? total : on_wire(w);
    if (header_bytes < IPV4_BYTES || ip_bytes < header_bytes)
        return EG_DECODE_MALFORMED;

    packet->ip_bytes = ip_bytes;
    packet->length_from_wire = total == 0;
    packet->length_beyond_frame = ip_bytes > on_wire(w);
    packet->header_bytes = header_bytes;
    packet->upper_offset = packet->ip_offset + header_bytes;
    packet->protocol = header[9];
    packet->source.family = EG_IPV4;
    memcpy(packet->source.bytes, header + 12, 4);
    packet->destination.family = EG_IPV4;
    memcpy(packet->destination.bytes, header + 16, 4);

    const uint16_t fragment = u16_at(header + 6);
    packet->fragment = fragment & (MORE_FRAGMENTS | FRAGMENT_OFFSET);
    struct eg_cursor upper = w->at;
    if (!eg_cursor_skip(&upper, header_bytes - IPV4_BYTES))
        eg_cursor_clip(&upper, 0);
    read_upper(w, upper, !(fragment & FRAGMENT_OFFSET));
    return EG_DECODED;
}

/* RFC 8200, 4, and IANA's list: the headers between IPv6 and what it carries. The mobility and HIP
 * headers are not walked over: nothing follows them. */
static bool is_extension(uint8_t next)
{
    switch (next) {
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_FRAGMENT:
    case PROTOCOL_AH:
    case PROTOCOL_DESTINATION_OPTIONS:
    case PROTOCOL_SHIM6:
        return true;
    default:
        return false;
    }
}

static uint32_t extension_bytes(uint8_t kind, uint8_t length)
{
    switch (kind) {
    case PROTOCOL_FRAGMENT:
        return 8;
    case PROTOCOL_AH: /* RFC 4302, 2.2: in 32-bit words, less two */
        return (length + 2u) * 4;
    default: /* in 8-byte units, the first not counted */
        return (length + 1u) * 8;
    }
}

/*
 * RFC 2675, 2: the jumbo payload option of a hop-by-hop header, 0 if it has none. `options` is
 * behind the header's first two bytes.
 *
 *   +----------------+----------------+------------------------------------+
 *   | type 0xc2      | length 4       | jumbo payload length (4)           |
 *   +----------------+----------------+------------------------------------+
 */
static uint32_t jumbo_payload(struct eg_cursor options)
{
    enum { PAD1 = 0, JUMBO = 0xc2 };
    uint8_t type, length;
    while (eg_cursor_u8(&options, &type)) {
        if (type == PAD1)
            continue;
        uint32_t payload = 0;
        if (!eg_cursor_u8(&options, &length))
            return 0;
        if (type == JUMBO && length == sizeof payload)
            return eg_cursor_u32(&options, &payload) ? payload : 0;
        if (!eg_cursor_skip(&options, length))
            return 0;
    }
    return 0;
}

/* Where a chain of extension headers ended. */
struct chain {
    struct eg_cursor at; /* behind the last one; empty if that was not captured */
    uint32_t bytes;
    uint32_t jumbo; /* payload length, or 0 */
    uint8_t protocol;
    bool fragment;
    bool later_fragment; /* the upper layer started in another packet */
};

/* RFC 8200, 4.5: offset (13 bits), reserved, M at byte 2 of a fragment header. */
static void read_fragment_header(const struct eg_cursor *c, struct chain *chain)
{
    enum { OFFSET = 0xfff8, MORE = 0x0001 };
    uint16_t field = OFFSET; /* when not captured: nothing is known of what follows */
    eg_cursor_peek_u16(c, 2, &field);
    chain->fragment = field & (OFFSET | MORE);
    chain->later_fragment = field & OFFSET;
}

/* One extension header; false when the chain ends before it: not captured, or in another packet. */
static bool walk_extension(struct chain *chain)
{
    uint8_t next, length;
    if (chain->later_fragment || !eg_cursor_peek_u8(&chain->at, 0, &next) ||
        !eg_cursor_peek_u8(&chain->at, 1, &length))
        return false;
    const uint32_t bytes = extension_bytes(chain->protocol, length);
    if (chain->protocol == PROTOCOL_FRAGMENT) {
        read_fragment_header(&chain->at, chain);
    } else if (chain->protocol == PROTOCOL_HOP_BY_HOP) {
        struct eg_cursor options = chain->at;
        eg_cursor_clip(&options, bytes);
        eg_cursor_skip(&options, 2);
        chain->jumbo = jumbo_payload(options);
    }
    if (!eg_cursor_skip(&chain->at, bytes))
        eg_cursor_clip(&chain->at, 0);
    chain->bytes += bytes;
    chain->protocol = next;
    return true;
}

static struct chain walk_extensions(struct eg_cursor at, uint8_t next)
{
    enum { EXTENSIONS_MAX = 32 };
    struct chain chain = {.at = at, .protocol = next};
    for (unsigned i = 0; i < EXTENSIONS_MAX && is_extension(chain.protocol); i++)
        if (!walk_extension(&chain))
            break;
    return chain;
}

/* Rule 1.4. payload: the header's or the jumbo option's length, 0 if there is neither. */
static void set_ipv6_length(const struct eg_walk *w, uint32_t payload, uint8_t next)
{
    struct eg_packet *packet = w->packet;
    packet->length_from_wire = payload == 0 && (next == PROTOCOL_TCP || next == PROTOCOL_UDP);
    packet->ip_bytes = packet->length_from_wire ? on_wire(w) : IPV6_BYTES + (uint64_t)payload;
    packet->length_beyond_frame = packet->ip_bytes > on_wire(w);
}

/*
 * RFC 8200, 3.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version| Traffic Class |           Flow Label                  |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Payload Length        |  Next Header  |   Hop Limit   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                  Source Address (16 bytes)                    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |               Destination Address (16 bytes)                  |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
static enum eg_decode_result decode_ipv6(struct eg_walk *w)
{
    struct eg_packet *packet = w->packet;
    uint8_t header[IPV6_BYTES];
    if (!eg_cursor_copy(&w->at, header, sizeof header))
        return EG_DECODE_TRUNCATED;

    const uint16_t payload = u16_at(header + 4);
    const uint8_t next = header[6];
    if (payload != 0)
        eg_cursor_clip(&w->at, payload);
    const struct chain chain = walk_extensions(w->at, next);
    set_ipv6_length(w, payload != 0 ? payload : chain.jumbo, next);
    const uint64_t header_bytes = IPV6_BYTES + (uint64_t)chain.bytes;
    packet->header_bytes =
        (uint32_t)(header_bytes < packet->ip_bytes ? header_bytes : packet->ip_bytes);
    packet->upper_offset = packet->ip_offset + packet->header_bytes;
    packet->protocol = chain.protocol;
    packet->fragment = chain.fragment;
    packet->source.family = EG_IPV6;
    memcpy(packet->source.bytes, header + 8, 16);
    packet->destination.family = EG_IPV6;
    memcpy(packet->destination.bytes, header + 24, 16);
    read_upper(w, chain.at, !chain.later_fragment);
    return EG_DECODED;
}

/*
 * By the version nibble, whatever the link layer calls it (rule 1.3). The bytes of the header that
 * the version asks for are looked for first: a cut header is truncated before it is malformed.
 */
enum eg_decode_result eg_layer_ip(struct eg_walk *w)
{
    uint8_t first;
    w->packet->ip_offset = eg_walk_offset(w);
    if (!eg_cursor_peek_u8(&w->at, 0, &first))
        return EG_DECODE_TRUNCATED;
    switch (first >> 4) {
    case 4:
        return decode_ipv4(w);
    case 6:
        return decode_ipv6(w);
    default:
        return eg_cursor_left(&w->at) < IPV4_BYTES ? EG_DECODE_TRUNCATED : EG_DECODE_MALFORMED;
    }
}
