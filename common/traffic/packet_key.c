#include "traffic/packet_key.h"

#include <string.h>

#include "base/cursor.h"

enum {
    IPV4_MAX = 60,
    IPV6_FIXED = 40,
    UPPER_MAX = 64, /* bytes behind the headers that are looked at */
    UPPER_MIN = 8,
    UPPER_MIN_TCP = 12, /* the acknowledgement number included */
    PROTOCOL_TCP = 6,
};

struct field {
    uint8_t protocol;
    uint8_t offset;
    uint8_t length;
};

/* Checksums that a device may fill in after the packet was first seen. */
static const struct field checksums[] = {
    {1, 2, 2},             /* ICMP, RFC 792 */
    {PROTOCOL_TCP, 16, 2}, /* RFC 9293 */
    {17, 6, 2},            /* UDP, RFC 768 */
    {33, 6, 2},            /* DCCP, RFC 4340 */
    {58, 2, 2},            /* ICMPv6, RFC 4443 */
    {132, 8, 4},           /* SCTP, RFC 9260 */
    {136, 6, 2},           /* UDP-Lite, RFC 3828 */
};

static void clear_checksum(uint8_t protocol, uint8_t *upper, size_t length)
{
    for (size_t i = 0; i < sizeof checksums / sizeof *checksums; i++) {
        const struct field *field = &checksums[i];
        if (field->protocol == protocol && length > field->offset) {
            const size_t left = length - field->offset;
            memset(upper + field->offset, 0, left < field->length ? left : field->length);
        }
    }
}

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

/* A cursor at `offset` of the frame. */
static bool cursor_at(const struct eg_frame *frame, uint32_t offset, struct eg_cursor *cursor)
{
    const uint32_t captured = frame->captured < frame->wire ? frame->captured : frame->wire;
    *cursor = eg_cursor_over(frame->data, captured);
    return eg_cursor_skip(cursor, offset);
}

/* The fixed header, or IPv4's with its options; at most IPV4_MAX bytes, 0 when not captured. */
static size_t copy_header(const struct eg_frame *frame, const struct eg_packet *packet,
                          uint8_t header[IPV4_MAX])
{
    const bool v4 = packet->source.family == EG_IPV4;
    const size_t length = v4 ? packet->header_bytes : IPV6_FIXED;
    struct eg_cursor cursor;
    if (length > IPV4_MAX || length < (v4 ? 20 : IPV6_FIXED) ||
        !cursor_at(frame, packet->ip_offset, &cursor) || !eg_cursor_copy(&cursor, header, length))
        return 0;
    if (v4)
        clear_v4(header);
    else
        clear_v6(header);
    return length;
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
    const uint32_t needed = packet->protocol == PROTOCOL_TCP ? UPPER_MIN_TCP : UPPER_MIN;
    if (packet->upper_captured < needed)
        return false;
    uint8_t seen[IPV4_MAX + UPPER_MAX];
    const size_t header = copy_header(frame, packet, seen);
    const size_t upper = packet->upper_captured < UPPER_MAX ? packet->upper_captured : UPPER_MAX;
    struct eg_cursor cursor;
    if (header == 0 || !cursor_at(frame, packet->upper_offset, &cursor) ||
        !eg_cursor_copy(&cursor, seen + header, upper))
        return false;
    clear_checksum(packet->protocol, seen + header, upper);
    *key = eg_hash_words(seed, eg_hash(seed, seen, header + upper),
                         hash_extensions(seed, frame, packet) ^ (uint64_t)packet->link.hint);
    return true;
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
