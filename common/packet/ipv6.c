/*
 * IPv6, its extension headers, and the length they may hold.
 */
#include "packet/layers.h"

enum {
    HOP_BY_HOP = 0,
    ROUTING = 43,
    FRAGMENT = 44,
    AH = 51,
    DESTINATION_OPTIONS = 60,
    SHIM6 = 140,
    IPV6_BYTES = 40,
};

/* RFC 8200, 4, and IANA's list: the headers between IPv6 and what it carries. The mobility and HIP
 * headers are not walked over: nothing follows them. */
static bool is_extension(uint8_t next)
{
    switch (next) {
    case HOP_BY_HOP:
    case ROUTING:
    case FRAGMENT:
    case AH:
    case DESTINATION_OPTIONS:
    case SHIM6:
        return true;
    default:
        return false;
    }
}

static uint32_t extension_bytes(uint8_t kind, uint8_t length)
{
    switch (kind) {
    case FRAGMENT:
        return 8;
    case AH: /* RFC 4302, 2.2: in 32-bit words, less two */
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
    if (chain->protocol == FRAGMENT) {
        read_fragment_header(&chain->at, chain);
    } else if (chain->protocol == HOP_BY_HOP) {
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
    packet->length_from_wire = payload == 0 && (next == EG_PROTOCOL_TCP || next == EG_PROTOCOL_UDP);
    packet->ip_bytes =
        packet->length_from_wire ? eg_walk_on_wire(w) : IPV6_BYTES + (uint64_t)payload;
    packet->length_beyond_frame = packet->ip_bytes > eg_walk_on_wire(w);
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
enum eg_decode_result eg_layer_ipv6(struct eg_walk *w)
{
    struct eg_packet *packet = w->packet;
    uint8_t header[IPV6_BYTES];
    if (!eg_cursor_copy(&w->at, header, sizeof header))
        return EG_DECODE_TRUNCATED;

    const uint16_t payload = eg_u16_at(header + 4);
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
    w->at = chain.at;
    eg_walk_read_upper(w, !chain.later_fragment);
    return EG_DECODED;
}
