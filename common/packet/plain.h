/*
 * The frames that nearly every capture consists of, read in one go: Ethernet II with at most one
 * VLAN tag, IPv4 without options or IPv6 without extension headers, and TCP or UDP in one piece.
 *
 * What is read of them is what eg_packet_decode() reads; every other frame is left to that.
 */
#ifndef EG_PLAIN_H
#define EG_PLAIN_H

#include "base/cursor.h"
#include "packet/packet.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_plain {
    const uint8_t *ends;   /* the link addresses, 12 bytes */
    const uint8_t *source; /* 4 or 16 bytes */
    const uint8_t *destination;
    uint32_t ip_bytes;
    uint16_t source_port;
    uint16_t destination_port;
    uint8_t family;
    uint8_t protocol;
    bool opens; /* a SYN without ACK */
};

/* Big-endian. Spelled out, compilers make one load of each. */
static inline uint16_t eg_plain_u16(const uint8_t *b)
{
    return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint64_t eg_plain_u64(const uint8_t *b)
{
    return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
           (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
           (uint64_t)b[6] << 8 | (uint64_t)b[7];
}

enum {
    EG_PLAIN_ETHERNET = 14,
    EG_PLAIN_VLAN = 4,
    EG_PLAIN_IPV4 = 20,
    EG_PLAIN_IPV6 = 40,
    EG_PLAIN_UPPER = 14, /* of TCP: up to its flags */
};

/* `upper` is behind the IP header, with UPPER bytes captured and of the packet. */
static inline bool eg_plain_read_upper(const uint8_t *upper, struct eg_plain *plain)
{
    enum { FLAGS = 13 };
    plain->source_port = eg_plain_u16(upper);
    plain->destination_port = eg_plain_u16(upper + 2);
    plain->opens = plain->protocol == EG_PROTOCOL_TCP &&
                   (upper[FLAGS] & (EG_TCP_SYN | EG_TCP_ACK)) == EG_TCP_SYN;
    return plain->protocol == EG_PROTOCOL_TCP || plain->protocol == EG_PROTOCOL_UDP;
}

/* `ip` has IPV4 + UPPER bytes captured; `wire` bytes of it were on the wire. */
static inline bool eg_plain_read_ipv4(const uint8_t *ip, uint32_t wire, struct eg_plain *plain)
{
    enum { VERSION_AND_LENGTH = 0x45, FRAGMENT = 0x3fff, PROTOCOL = 9, SOURCE = 12 };
    const uint64_t first = eg_plain_u64(ip); /* up to the fragment offset */
    plain->ip_bytes = (uint32_t)(first >> 32) & 0xffff;
    plain->family = EG_IPV4;
    plain->protocol = ip[PROTOCOL];
    plain->source = ip + SOURCE;
    plain->destination = ip + SOURCE + 4;
    return first >> 56 == VERSION_AND_LENGTH && (first & FRAGMENT) == 0 &&
           plain->ip_bytes >= EG_PLAIN_IPV4 + EG_PLAIN_UPPER && plain->ip_bytes <= wire &&
           eg_plain_read_upper(ip + EG_PLAIN_IPV4, plain);
}

/* `ip` has IPV6 + UPPER bytes captured; `wire` bytes of it were on the wire. */
static inline bool eg_plain_read_ipv6(const uint8_t *ip, uint32_t wire, struct eg_plain *plain)
{
    enum { VERSION = 6, PAYLOAD = 4, NEXT = 6, SOURCE = 8 };
    plain->ip_bytes = EG_PLAIN_IPV6 + (uint32_t)eg_plain_u16(ip + PAYLOAD);
    plain->family = EG_IPV6;
    plain->protocol = ip[NEXT];
    plain->source = ip + SOURCE;
    plain->destination = ip + SOURCE + 16;
    return ip[0] >> 4 == VERSION && plain->ip_bytes >= EG_PLAIN_IPV6 + EG_PLAIN_UPPER &&
           plain->ip_bytes <= wire && eg_plain_read_upper(ip + EG_PLAIN_IPV6, plain);
}

/* False when the frame is not plain, or too little of it was captured to tell. */
static inline bool eg_plain_read(const struct eg_frame *frame, struct eg_plain *plain)
{
    enum { TYPE = 12, IPV4 = 0x0800, IPV6 = 0x86dd, VLAN = 0x8100 };
    const uint32_t captured = frame->captured < frame->wire ? frame->captured : frame->wire;
    if (frame->link != EG_LINKTYPE_ETHERNET ||
        captured < EG_PLAIN_ETHERNET + EG_PLAIN_IPV4 + EG_PLAIN_UPPER)
        return false;
    uint32_t offset = EG_PLAIN_ETHERNET;
    uint16_t type = eg_plain_u16(frame->data + TYPE);
    if (type == VLAN) {
        offset += EG_PLAIN_VLAN;
        type = eg_plain_u16(frame->data + TYPE + EG_PLAIN_VLAN);
    }
    plain->ends = frame->data;
    if (type == IPV4)
        return captured >= offset + EG_PLAIN_IPV4 + EG_PLAIN_UPPER &&
               eg_plain_read_ipv4(frame->data + offset, frame->wire - offset, plain);
    return type == IPV6 && captured >= offset + EG_PLAIN_IPV6 + EG_PLAIN_UPPER &&
           eg_plain_read_ipv6(frame->data + offset, frame->wire - offset, plain);
}

/* Whether it may be an answer of the instance metadata service: eg_packet_metadata_region(). */
static inline bool eg_plain_is_from_metadata(const struct eg_plain *plain)
{
    enum { HTTP = 80 };
    static const uint8_t service[4] = {169, 254, 169, 254};
    return plain->source_port == HTTP && memcmp(plain->source, service, sizeof service) == 0;
}

#ifdef __cplusplus
}
#endif

#endif
