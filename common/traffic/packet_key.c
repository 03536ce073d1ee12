#include "traffic/packet_key.h"

#include <string.h>

#include "base/cursor.h"

enum {
    IPV4_MAX = 60,
    IPV6_FIXED = 40,
    UPPER_MIN = 8,
    UPPER_MIN_TCP = 12, /* the acknowledgement number included */
    SEEN_MAX = IPV4_MAX + EG_KEY_UPPER,
};

/* What a key is made of. */
struct parts {
    const uint8_t *header; /* the fixed one, or IPv4's with its options: at most IPV4_MAX bytes */
    size_t header_bytes;
    const uint8_t *upper; /* what follows all headers: at most EG_KEY_UPPER bytes */
    size_t upper_bytes;
    uint64_t extensions; /* a hash of IPv6's */
    uint8_t family;
    uint8_t protocol;
    enum eg_hint hint;
};

/* What changes on the way: DSCP and ECN, TTL, header checksum. */
static void clear_v4(uint8_t *header)
{
    header[1] = 0;
    header[8] = 0;
    header[10] = header[11] = 0;
}

/* Traffic class and hop limit. */
static void clear_v6(uint8_t *header)
{
    header[0] &= 0xf0;
    header[1] &= 0x0f;
    header[7] = 0;
}

/* Checksums that a device may fill in after the packet was first seen; false: it has none here. */
static bool find_checksum(uint8_t protocol, size_t *offset, size_t *length)
{
    enum { ICMP = 1, DCCP = 33, ICMPV6 = 58, SCTP = 132, UDPLITE = 136 };
    *length = 2;
    switch (protocol) {
    case EG_PROTOCOL_TCP: /* RFC 9293 */
        *offset = 16;
        return true;
    case EG_PROTOCOL_UDP: /* RFC 768 */
    case DCCP:            /* RFC 4340 */
    case UDPLITE:         /* RFC 3828 */
        *offset = 6;
        return true;
    case ICMP:   /* RFC 792 */
    case ICMPV6: /* RFC 4443 */
        *offset = 2;
        return true;
    case SCTP: /* RFC 9260 */
        *offset = 8;
        *length = 4;
        return true;
    default:
        return false;
    }
}

static void clear_checksum(uint8_t protocol, uint8_t *upper, size_t length)
{
    size_t offset, size;
    if (find_checksum(protocol, &offset, &size) && length > offset)
        memset(upper + offset, 0, length - offset < size ? length - offset : size);
}

/* As eg_key_of_v4() and eg_key_of_v6() do, which have no parts to put together. */
static void put_more(uint8_t family, uint8_t hint, size_t length, uint8_t *header)
{
    if (family == EG_IPV4) {
        header[8] = hint;
        header[10] = (uint8_t)length;
    } else {
        header[1] |= (uint8_t)(hint << 4);
        header[7] = (uint8_t)length;
    }
}

static uint64_t key_of(const struct eg_hash_key *seed, const struct parts *parts)
{
    static const uint8_t all[SEEN_MAX] = {EG_ALL_32, EG_ALL_32, EG_ALL_32,
                                          EG_ALL_16, EG_ALL_8,  EG_ALL_4};
    const struct eg_hash_key mixed = eg_hash_mixed(seed);
    uint8_t seen[SEEN_MAX];
    const size_t length = parts->header_bytes + parts->upper_bytes;
    memcpy(seen, parts->header, parts->header_bytes);
    if (parts->family == EG_IPV4)
        clear_v4(seen);
    else
        clear_v6(seen);
    put_more(parts->family, (uint8_t)parts->hint, length, seen);
    memcpy(seen + parts->header_bytes, parts->upper, parts->upper_bytes);
    clear_checksum(parts->protocol, seen + parts->header_bytes, parts->upper_bytes);
    const uint64_t first =
        eg_hash_step(&mixed, mixed.k0 ^ parts->extensions, eg_load64(seen), eg_load64(seen + 8));
    return eg_key_blocks(&mixed, first, seen, all, length, SEEN_MAX);
}

/* A cursor at `offset` of the frame. */
static bool cursor_at(const struct eg_frame *frame, uint32_t offset, struct eg_cursor *cursor)
{
    const uint32_t captured = frame->captured < frame->wire ? frame->captured : frame->wire;
    *cursor = eg_cursor_over(frame->data, captured);
    return eg_cursor_skip(cursor, offset);
}

/* IPv6 extension headers: all of them, in place. */
static uint64_t hash_extensions(const struct eg_hash_key *seed, const struct eg_frame *frame,
                                const struct eg_packet *packet)
{
    struct eg_cursor cursor;
    if (packet->source.family != EG_IPV6 || packet->header_bytes <= IPV6_FIXED ||
        !cursor_at(frame, packet->ip_offset + IPV6_FIXED, &cursor))
        return 0;
    eg_cursor_clip(&cursor, packet->header_bytes - IPV6_FIXED);
    return eg_hash(seed, cursor.at, eg_cursor_left(&cursor));
}

bool eg_packet_key(const struct eg_hash_key *seed, const struct eg_frame *frame,
                   const struct eg_packet *packet, uint64_t *key)
{
    const uint32_t needed = packet->protocol == EG_PROTOCOL_TCP ? UPPER_MIN_TCP : UPPER_MIN;
    const bool v4 = packet->source.family == EG_IPV4;
    struct eg_cursor header, upper;
    struct parts parts = {
        .header_bytes = v4 ? packet->header_bytes : IPV6_FIXED,
        .upper_bytes =
            packet->upper_captured < EG_KEY_UPPER ? packet->upper_captured : EG_KEY_UPPER,
        .family = packet->source.family,
        .protocol = packet->protocol,
        .hint = packet->link.hint,
    };
    if (packet->upper_captured < needed || parts.header_bytes > IPV4_MAX ||
        !cursor_at(frame, packet->ip_offset, &header) ||
        eg_cursor_left(&header) < parts.header_bytes ||
        !cursor_at(frame, packet->upper_offset, &upper) ||
        eg_cursor_left(&upper) < parts.upper_bytes)
        return false;
    parts.header = header.at;
    parts.upper = upper.at;
    parts.extensions = hash_extensions(seed, frame, packet);
    *key = key_of(seed, &parts);
    return true;
}

uint64_t eg_plain_key_v6(const struct eg_hash_key *mixed, const uint8_t *ip, uint8_t protocol,
                         uint8_t hint, size_t length)
{
    if (protocol == EG_PROTOCOL_TCP)
        return eg_key_of_v6(mixed, ip, eg_mask_v6_tcp, hint, length);
    return eg_key_of_v6(mixed, ip, eg_mask_v6_udp, hint, length);
}

uint16_t eg_packet_identification(const struct eg_frame *frame, const struct eg_packet *packet)
{
    struct eg_cursor cursor;
    uint16_t identification;
    if (packet->source.family != EG_IPV4 || !cursor_at(frame, packet->ip_offset, &cursor) ||
        !eg_cursor_peek_u16(&cursor, 4, &identification))
        return 0;
    return identification;
}
