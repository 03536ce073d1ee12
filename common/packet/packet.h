/*
 * From a frame to its outermost IP header: rules 1.2 to 1.4.
 */
#ifndef EG_PACKET_H
#define EG_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "packet/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Why a frame is no packet; the buckets of rule 1.1 that decoding decides. */
enum eg_decode_result {
    EG_DECODED = 0,
    EG_DECODE_UNSUPPORTED_LINK,
    EG_DECODE_NOT_IP,
    EG_DECODE_TRUNCATED, /* fewer than 20 or 40 bytes of the IP header captured */
    EG_DECODE_MALFORMED,
};

enum { EG_LINK_ADDRESS_MAX = 8 };

/* IANA's numbers of the protocols that are told apart here. */
enum { EG_PROTOCOL_TCP = 6, EG_PROTOCOL_UDP = 17 };

/* TCP flags as in the header's byte 13. */
enum { EG_TCP_SYN = 0x02, EG_TCP_ACK = 0x10 };

/* What the link layer told on the way up. */
struct eg_link_facts {
    enum eg_hint hint;      /* a cooked header's packet type, else the frame's */
    bool group;             /* the destination is a link-layer multicast or broadcast address */
    bool broadcast;         /* the destination is the link-layer broadcast address */
    uint8_t cooked;         /* 0: not cooked; 1, 2: Linux cooked version */
    bool has_hardware;      /* hardware is set (cooked) */
    uint16_t hardware;      /* ARPHRD_ type */
    uint32_t ifindex;       /* cooked v2 */
    uint8_t address_length; /* of the addresses; 0: none; cooked has a source only */
    bool has_destination;
    uint8_t source[EG_LINK_ADDRESS_MAX];
    uint8_t destination[EG_LINK_ADDRESS_MAX];
};

struct eg_packet {
    struct eg_address source;
    struct eg_address destination;
    uint64_t ip_bytes;     /* rule 1.4 */
    uint32_t ip_offset;    /* of the IP header in the frame */
    uint32_t header_bytes; /* IPv4 header with options; IPv6 header with its extension headers */
    uint32_t
        upper_offset; /* of what follows them, in the frame; may lie beyond the captured bytes */
    uint32_t upper_captured; /* bytes captured there, clipped to the IP length */
    uint16_t
        upper_header_bytes; /* TCP 20..60, UDP 8 (assumed where not captured, rule 5.2), else 0 */
    uint16_t source_port; /* TCP, UDP, SCTP, DCCP, UDP-Lite; 0 when there is none or not captured */
    uint16_t destination_port;
    uint8_t protocol;         /* IANA number behind IPv6 extension headers */
    uint8_t tcp_flags;        /* 0 when not captured */
    bool fragment;            /* any fragment, the first included */
    bool length_from_wire;    /* the header's length field was 0 */
    bool length_beyond_frame; /* Total Length reaches beyond the frame, rule 1.4 */
    struct eg_link_facts link;
};

/*
 * Decodes frame into *packet. *packet is whole only for EG_DECODED; packet->link is meaningful for
 * every result but EG_DECODE_UNSUPPORTED_LINK. Reads no byte beyond `captured`; bounded work
 * whatever the bytes say.
 */
enum eg_decode_result eg_packet_decode(const struct eg_frame *frame, struct eg_packet *packet);

/* "Ethernet", "Linux cooked v2": the name of a LINKTYPE_ number; NULL when unknown to the core. */
const char *eg_link_name(int32_t link);

/*
 * Rule 5.2. What a super-frame becomes on the wire: *count packets (1 when it is none), and the sum
 * of their IP lengths. mtu 0: segmentation is not computed.
 */
void eg_packet_segment(const struct eg_packet *packet, uint32_t mtu, uint64_t *count,
                       uint64_t *ip_bytes);

/*
 * Rule 4.4. When packet is an answer of the instance metadata service (169.254.169.254, TCP port
 * 80) that holds a "location": "<region>" member, copies the region's name (lower case letters and
 * digits, terminated) and returns true.
 */
enum { EG_REGION_NAME_MAX = 64 };
bool eg_packet_metadata_region(const struct eg_frame *frame, const struct eg_packet *packet,
                               char region[EG_REGION_NAME_MAX]);

#ifdef __cplusplus
}
#endif

#endif
