/*
 * The frames that nearly every capture consists of, read in one go: Ethernet II with at most one
 * VLAN tag or a Linux cooked header, IPv4 without options or IPv6 without extension headers, and
 * TCP or UDP in one piece.
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
    const uint8_t *source; /* 4 or 16 bytes */
    const uint8_t *destination;
    const uint8_t *upper;    /* behind the IP header */
    uint32_t upper_captured; /* bytes there, clipped to the IP length */
    uint32_t ip_bytes;
    uint16_t source_port;
    uint16_t destination_port;
    uint8_t family;
    uint8_t protocol;
    uint8_t cooked;     /* as struct eg_link_facts has it */
    uint8_t link_bytes; /* of the frame: all that the link facts are made of */
    bool opens;         /* a SYN without ACK */
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
    EG_PLAIN_IPV4 = 20,
    EG_PLAIN_IPV6 = 40,
    EG_PLAIN_TCP = 14, /* bytes that must be there: up to the flags */
    EG_PLAIN_UDP = 8,
};

/* The IP header has been read; `captured` bytes behind it were captured. */
static inline bool eg_plain_read_upper(uint32_t header_bytes, uint32_t captured,
                                       struct eg_plain *plain)
{
    enum { FLAGS = 13 };
    const uint32_t of_packet = plain->ip_bytes - header_bytes;
    plain->upper_captured = captured < of_packet ? captured : of_packet;
    plain->opens = false;
    if (plain->protocol == EG_PROTOCOL_TCP) {
        if (plain->upper_captured < EG_PLAIN_TCP)
            return false;
        plain->opens = (plain->upper[FLAGS] & (EG_TCP_SYN | EG_TCP_ACK)) == EG_TCP_SYN;
    } else if (plain->protocol != EG_PROTOCOL_UDP || plain->upper_captured < EG_PLAIN_UDP) {
        return false;
    }
    plain->source_port = eg_plain_u16(plain->upper);
    plain->destination_port = eg_plain_u16(plain->upper + 2);
    return true;
}

/* `captured` bytes of the packet were captured, of `wire` on the wire. */
static inline bool eg_plain_read_ipv4(const uint8_t *ip, uint32_t captured, uint32_t wire,
                                      struct eg_plain *plain)
{
    enum { VERSION_AND_LENGTH = 0x45, FRAGMENT = 0x3fff, PROTOCOL = 9, SOURCE = 12 };
    if (captured < EG_PLAIN_IPV4)
        return false;
    const uint64_t first = eg_plain_u64(ip); /* up to the fragment offset */
    plain->ip_bytes = (uint32_t)(first >> 32) & 0xffff;
    if (first >> 56 != VERSION_AND_LENGTH || (first & FRAGMENT) != 0 ||
        plain->ip_bytes < EG_PLAIN_IPV4 || plain->ip_bytes > wire)
        return false;
    plain->family = EG_IPV4;
    plain->protocol = ip[PROTOCOL];
    plain->source = ip + SOURCE;
    plain->destination = ip + SOURCE + 4;
    plain->upper = ip + EG_PLAIN_IPV4;
    return eg_plain_read_upper(EG_PLAIN_IPV4, captured - EG_PLAIN_IPV4, plain);
}

static inline bool eg_plain_read_ipv6(const uint8_t *ip, uint32_t captured, uint32_t wire,
                                      struct eg_plain *plain)
{
    enum { VERSION = 6, PAYLOAD = 4, NEXT = 6, SOURCE = 8 };
    if (captured < EG_PLAIN_IPV6)
        return false;
    const uint16_t payload = eg_plain_u16(ip + PAYLOAD);
    plain->ip_bytes = EG_PLAIN_IPV6 + (uint32_t)payload;
    if (ip[0] >> 4 != VERSION || payload == 0 || plain->ip_bytes > wire)
        return false;
    plain->family = EG_IPV6;
    plain->protocol = ip[NEXT];
    plain->source = ip + SOURCE;
    plain->destination = ip + SOURCE + 16;
    plain->upper = ip + EG_PLAIN_IPV6;
    return eg_plain_read_upper(EG_PLAIN_IPV6, captured - EG_PLAIN_IPV6, plain);
}

/* Where the IP header is and which EtherType names it; 0 when the link header is not plain. */
static inline uint32_t eg_plain_read_link(const struct eg_frame *frame, uint32_t captured,
                                          uint16_t *type, struct eg_plain *plain)
{
    enum { VLAN = 0x8100, NETLINK = 824, LINK_MAX = 20 };
    const uint8_t *data = frame->data;
    if (captured < LINK_MAX)
        return 0;
    switch (frame->link) {
    case EG_LINKTYPE_ETHERNET:
        plain->cooked = 0;
        plain->link_bytes = 12;
        *type = eg_plain_u16(data + 12);
        if (*type != VLAN)
            return 14;
        *type = eg_plain_u16(data + 16);
        return 18;
    case EG_LINKTYPE_LINUX_SLL:
        plain->cooked = 1;
        plain->link_bytes = 16;
        *type = eg_plain_u16(data + 14);
        return eg_plain_u16(data + 2) != NETLINK ? 16 : 0;
    case EG_LINKTYPE_LINUX_SLL2:
        plain->cooked = 2;
        plain->link_bytes = 20;
        *type = eg_plain_u16(data);
        return eg_plain_u16(data + 8) != NETLINK ? 20 : 0;
    default:
        return 0;
    }
}

/* False when the frame is not plain, or too little of it was captured to tell. */
static inline bool eg_plain_read(const struct eg_frame *frame, struct eg_plain *plain)
{
    enum { IPV4 = 0x0800, IPV6 = 0x86dd };
    const uint32_t captured = frame->captured < frame->wire ? frame->captured : frame->wire;
    uint16_t type = 0;
    const uint32_t offset = eg_plain_read_link(frame, captured, &type, plain);
    if (offset == 0)
        return false;
    const uint8_t *ip = frame->data + offset;
    if (type == IPV4)
        return eg_plain_read_ipv4(ip, captured - offset, frame->wire - offset, plain);
    return type == IPV6 && eg_plain_read_ipv6(ip, captured - offset, frame->wire - offset, plain);
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
