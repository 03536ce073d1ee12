/*
 * The frames that nearly every capture consists of, read in one go: Ethernet II with at most one
 * VLAN tag or a Linux cooked header, IPv4 without options or IPv6 without extension headers, and
 * TCP or UDP in one piece.
 *
 * What is read of them is what eg_packet_decode() reads; every other frame is left to that. All is
 * inlined where packets are counted, so that what is not asked for is not read.
 */
#ifndef EG_PLAIN_H
#define EG_PLAIN_H

#include "base/cursor.h"
#include "base/error.h"
#include "packet/packet.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_PLAIN_LINK = 20, /* of the longest link header */
    EG_PLAIN_IPV4 = 20,
    EG_PLAIN_IPV6 = 40,
    EG_PLAIN_UPPER = 14,                /* up to TCP's flags */
    EG_PLAIN_SMALL = EG_PLAIN_IPV4 + 8, /* UDP's header */
    EG_PLAIN_USUAL = EG_PLAIN_IPV4 + EG_PLAIN_UPPER,
    EG_PLAIN_MIN = EG_PLAIN_LINK + EG_PLAIN_USUAL,
};

struct eg_plain {
    uint64_t first, last; /* words of the link header's bytes, which may overlap: */
    uint32_t rest;        /* with this all that its facts are made of, as they lie in memory */
    const uint8_t *ip;
    uint32_t captured; /* bytes from there on, some perhaps behind the packet or the wire length */
    uint32_t ip_bytes;
    uint8_t protocol;
    bool tagged; /* Ethernet: with a VLAN tag */
    bool six;
    bool opens; /* a SYN without ACK */
};

/* Big-endian. Spelled out, compilers make one load of each. */
EG_INLINE uint16_t eg_plain_u16(const uint8_t *b)
{
    return (uint16_t)(b[0] << 8 | b[1]);
}

EG_INLINE uint32_t eg_plain_u32(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* As they lie in memory: for words that are only compared and hashed. */
EG_INLINE uint64_t eg_load64(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

EG_INLINE uint32_t eg_load32(const uint8_t *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* ---- what was read ------------------------------------------------------------------------- */

EG_INLINE uint32_t eg_plain_header(const struct eg_plain *plain)
{
    return plain->six ? EG_PLAIN_IPV6 : EG_PLAIN_IPV4;
}

EG_INLINE const uint8_t *eg_plain_source(const struct eg_plain *plain)
{
    return plain->ip + (plain->six ? 8 : 12);
}

EG_INLINE const uint8_t *eg_plain_destination(const struct eg_plain *plain)
{
    return plain->ip + (plain->six ? 24 : 16);
}

EG_INLINE const uint8_t *eg_plain_upper(const struct eg_plain *plain)
{
    return plain->ip + eg_plain_header(plain);
}

/* The source above the destination. */
EG_INLINE uint32_t eg_plain_ports(const struct eg_plain *plain)
{
    return eg_plain_u32(eg_plain_upper(plain));
}

/* Bytes captured behind the IP header, clipped to the IP length. */
EG_INLINE uint32_t eg_plain_upper_captured(const struct eg_plain *plain)
{
    const uint32_t all = plain->captured < plain->ip_bytes ? plain->captured : plain->ip_bytes;
    return all - eg_plain_header(plain);
}

/*
 * Of the metadata service's address. Its answers are looked into, eg_packet_metadata_region(), so
 * its packets are kept from the short way.
 */
static inline bool eg_plain_is_metadata(const uint8_t ipv4[4])
{
    static const uint8_t service[4] = {169, 254, 169, 254};
    return eg_load32(ipv4) == eg_load32(service);
}

/* 0 for frames that are not cooked: of struct eg_link_facts. */
static inline uint8_t eg_plain_cooked(int32_t link)
{
    return link == EG_LINKTYPE_LINUX_SLL ? 1 : link == EG_LINKTYPE_LINUX_SLL2 ? 2 : 0;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Behind the IP header. */
static inline bool eg_plain_read_upper(uint32_t header, struct eg_plain *plain)
{
    enum { FLAGS = 13, UDP = 8 };
    const uint32_t there = eg_plain_upper_captured(plain);
    const uint8_t *upper = plain->ip + header;
    plain->opens = false;
    if (plain->protocol == EG_PROTOCOL_TCP) {
        if (there <= FLAGS)
            return false;
        plain->opens = (upper[FLAGS] & (EG_TCP_SYN | EG_TCP_ACK)) == EG_TCP_SYN;
    } else if (plain->protocol != EG_PROTOCOL_UDP || there < UDP) {
        return false;
    }
    return true;
}

enum { EG_PLAIN_VERSION_4 = 0x45, EG_PLAIN_PROTOCOL = 9 };

/* Whether there are neither options nor fragments. */
EG_INLINE bool eg_plain_is_whole_v4(const uint8_t *ip)
{
    static const uint8_t looked_at[8] = {0xff, 0, 0, 0, 0, 0, 0x3f, 0xff};
    static const uint8_t wanted[8] = {EG_PLAIN_VERSION_4};
    return (eg_load64(ip) & eg_load64(looked_at)) == eg_load64(wanted);
}

/* plain->captured bytes are at ip, of `wire` on the wire. */
static inline bool eg_plain_read_ipv4(const uint8_t *ip, uint32_t wire, struct eg_plain *plain)
{
    if (plain->captured < EG_PLAIN_IPV4 || !eg_plain_is_whole_v4(ip))
        return false;
    plain->ip = ip;
    plain->ip_bytes = eg_plain_u16(ip + 2);
    plain->six = false;
    plain->protocol = ip[EG_PLAIN_PROTOCOL];
    return plain->ip_bytes >= EG_PLAIN_IPV4 && plain->ip_bytes <= wire &&
           eg_plain_read_upper(EG_PLAIN_IPV4, plain);
}

static inline bool eg_plain_read_ipv6(const uint8_t *ip, uint32_t wire, struct eg_plain *plain)
{
    enum { VERSION = 6, PAYLOAD = 4, NEXT = 6 };
    if (plain->captured < EG_PLAIN_IPV6 || ip[0] >> 4 != VERSION)
        return false;
    const uint16_t payload = eg_plain_u16(ip + PAYLOAD);
    plain->ip = ip;
    plain->ip_bytes = EG_PLAIN_IPV6 + (uint32_t)payload;
    plain->six = true;
    plain->protocol = ip[NEXT];
    return payload != 0 && plain->ip_bytes <= wire && eg_plain_read_upper(EG_PLAIN_IPV6, plain);
}

enum { EG_PLAIN_TYPE_IPV4 = 0x0800, EG_PLAIN_TYPE_IPV6 = 0x86dd, EG_PLAIN_TYPE_VLAN = 0x8100 };

/*
 * The inner type into the place of the outer one, which is always the same: exclusive-or keeps
 * frames with a tag apart as their types do.
 */
EG_INLINE uint64_t eg_plain_with_type(uint64_t last, const uint8_t type[2])
{
    const uint8_t bytes[8] = {0, 0, 0, 0, 0, 0, type[0], type[1]};
    return last ^ eg_load64(bytes);
}

enum { EG_PLAIN_ETHERNET = 14, EG_PLAIN_TAGGED = 18, EG_PLAIN_COOKED = 16, EG_PLAIN_COOKED2 = 20 };

/* Each takes the words of a link header; the type that names what follows is theirs to return. */
EG_INLINE uint16_t eg_plain_take_ethernet(const uint8_t *data, struct eg_plain *plain)
{
    plain->first = eg_load64(data);
    plain->last = eg_load64(data + 6); /* with the type */
    plain->rest = 0;
    plain->tagged = false;
    return eg_plain_u16(data + 12);
}

/* The type was that of a VLAN tag. */
EG_INLINE uint16_t eg_plain_take_tag(const uint8_t *data, struct eg_plain *plain)
{
    plain->last = eg_plain_with_type(plain->last, data + 16);
    plain->tagged = true;
    return eg_plain_u16(data + 16);
}

enum { EG_PLAIN_NETLINK = 824 }; /* its frames have an inner header: 0 is no type */

EG_INLINE uint16_t eg_plain_take_cooked(const uint8_t *data, struct eg_plain *plain)
{
    plain->first = eg_load64(data);
    plain->last = eg_load64(data + 8);
    plain->rest = 0;
    plain->tagged = false;
    return eg_plain_u16(data + 2) != EG_PLAIN_NETLINK ? eg_plain_u16(data + 14) : 0;
}

EG_INLINE uint16_t eg_plain_take_cooked2(const uint8_t *data, struct eg_plain *plain)
{
    plain->first = eg_load64(data);
    plain->last = eg_load64(data + 8);
    plain->rest = eg_load32(data + 16);
    plain->tagged = false;
    return eg_plain_u16(data + 8) != EG_PLAIN_NETLINK ? eg_plain_u16(data) : 0;
}

/* The length of the link header, and the type that names what follows; 0: it is not plain. */
EG_INLINE uint32_t eg_plain_read_link(int32_t link, const uint8_t *data, uint16_t *type,
                                      struct eg_plain *plain)
{
    switch (link) {
    case EG_LINKTYPE_ETHERNET:
        *type = eg_plain_take_ethernet(data, plain);
        if (*type != EG_PLAIN_TYPE_VLAN)
            return EG_PLAIN_ETHERNET;
        *type = eg_plain_take_tag(data, plain);
        return EG_PLAIN_TAGGED;
    case EG_LINKTYPE_LINUX_SLL:
        *type = eg_plain_take_cooked(data, plain);
        return EG_PLAIN_COOKED;
    case EG_LINKTYPE_LINUX_SLL2:
        *type = eg_plain_take_cooked2(data, plain);
        return EG_PLAIN_COOKED2;
    default:
        return 0;
    }
}

/* False when the frame is not plain, or too little of it was captured to tell. */
static inline bool eg_plain_read(int32_t link, const struct eg_record *record,
                                 struct eg_plain *plain)
{
    uint16_t type = 0;
    if (record->captured < EG_PLAIN_LINK || record->wire < EG_PLAIN_LINK)
        return false;
    const uint32_t offset = eg_plain_read_link(link, record->data, &type, plain);
    const uint8_t *ip = record->data + offset;
    plain->captured = record->captured - offset;
    if (offset == 0)
        return false;
    if (type == EG_PLAIN_TYPE_IPV4)
        return eg_plain_read_ipv4(ip, record->wire - offset, plain);
    return type == EG_PLAIN_TYPE_IPV6 && eg_plain_read_ipv6(ip, record->wire - offset, plain);
}

/* UDP with hardly anything in it. */
EG_INLINE bool eg_plain_is_small(uint8_t protocol, uint32_t ip_bytes)
{
    return protocol == EG_PROTOCOL_UDP && ip_bytes >= EG_PLAIN_SMALL && ip_bytes < EG_PLAIN_USUAL;
}

/* Whether that can be, on Ethernet without a tag, of a frame shorter than EG_PLAIN_MIN. */
static inline bool eg_plain_may_be_small(const struct eg_record *record)
{
    return record->captured >= EG_PLAIN_ETHERNET + EG_PLAIN_SMALL &&
           eg_plain_u16(record->data + 12) == EG_PLAIN_TYPE_IPV4 &&
           record->data[EG_PLAIN_ETHERNET + EG_PLAIN_PROTOCOL] == EG_PROTOCOL_UDP;
}

/*
 * The same of the most usual frames alone, with as few instructions as can be: IPv4, EG_PLAIN_USUAL
 * bytes or up to longest_less more, of which so many were captured; TCP without SYN, or UDP, which
 * may be small. The link header was `offset` bytes; whether it says IPv4 is the caller's to know.
 */
EG_INLINE bool eg_plain_read_usual(const struct eg_record *record, uint32_t offset,
                                   uint32_t longest_less, struct eg_plain *plain)
{
    enum { FLAGS = EG_PLAIN_IPV4 + 13 };
    const uint8_t *ip = record->data + offset;
    if (EG_UNLIKELY(!eg_plain_is_whole_v4(ip)))
        return false;
    plain->ip = ip;
    plain->ip_bytes = eg_plain_u32(ip) & UINT16_MAX;
    plain->captured = record->captured - offset;
    plain->six = plain->opens = false;
    plain->protocol = ip[EG_PLAIN_PROTOCOL];
    if (EG_UNLIKELY(plain->ip_bytes - EG_PLAIN_USUAL > longest_less) &&
        !eg_plain_is_small(plain->protocol, plain->ip_bytes))
        return false;
    if (EG_UNLIKELY(offset + plain->ip_bytes > record->wire))
        return false;
    if (EG_LIKELY(plain->protocol == EG_PROTOCOL_TCP)) {
        if (EG_UNLIKELY(ip[FLAGS] & EG_TCP_SYN))
            return false;
    } else if (EG_UNLIKELY(plain->protocol != EG_PROTOCOL_UDP)) {
        return false;
    }
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
