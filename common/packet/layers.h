/*
 * Inside packet/: one walk through a frame, from its link layer to the outermost IP header.
 *
 * A layer reads its header off the walk's cursor and ends in the next layer's result. Every layer
 * that may meet itself again pays from a budget, so that the work is bounded whatever the bytes
 * say. Bytes a layer needs and does not find make the frame EG_DECODE_TRUNCATED: then fewer than 20
 * or 40 bytes of an IP header were captured (rule 1.1), if there is one.
 */
#ifndef EG_LAYERS_H
#define EG_LAYERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "packet/packet.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Deeper stacks than this are found nowhere but in frames made to waste time. */
enum { EG_LAYERS_MAX = 64 };

struct eg_walk {
    struct eg_cursor at;  /* captured bytes that are not read yet */
    const uint8_t *start; /* of the frame */
    uint32_t wire;        /* length of the frame on the wire */
    unsigned layers_left;
    struct eg_packet *packet;
};

/* Offset in the frame of what is read next. */
static inline uint32_t eg_walk_offset(const struct eg_walk *w)
{
    return (uint32_t)(w->at.at - w->start);
}

/* Pays for one layer; false when the budget is used up, which makes a frame malformed. */
static inline bool eg_walk_descend(struct eg_walk *w)
{
    if (w->layers_left == 0)
        return false;
    w->layers_left--;
    return true;
}

/* Length on the wire behind the link header, once the IP header's offset is known. */
static inline uint32_t eg_walk_on_wire(const struct eg_walk *w)
{
    return w->wire - w->packet->ip_offset;
}

/* Of a header that was copied out of the frame. */
static inline uint16_t eg_u16_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

typedef enum eg_decode_result eg_layer(struct eg_walk *w);

/* The layer that a LINKTYPE_ number names, for headers that wrap another link layer. */
enum eg_decode_result eg_layer_link(struct eg_walk *w, int32_t link);

/* ethertype.c: what stands behind an EtherType, tags and shims included. */
enum eg_decode_result eg_layer_ethertype(struct eg_walk *w, uint16_t type);
eg_layer eg_layer_mpls;  /* label stack, then version nibble */
eg_layer eg_layer_pppoe; /* session stage */

/* link_lan.c */
eg_layer eg_link_ethernet;
eg_layer eg_link_fddi;
eg_layer eg_link_token_ring;
eg_layer eg_link_arcnet;
eg_layer eg_link_arcnet_linux;
eg_layer eg_layer_llc;  /* IEEE 802.2, SNAP */
eg_layer eg_layer_snap; /* OUI and protocol, for those who have read the LLC header */

/* Keeps the first addresses met: the outermost frame's. */
void eg_walk_set_addresses(struct eg_walk *w, const uint8_t destination[6],
                           const uint8_t source[6]);

/* link_cooked.c */
eg_layer eg_link_cooked1;
eg_layer eg_link_cooked2;

/* link_wireless.c */
eg_layer eg_link_80211;
eg_layer eg_link_radiotap;
eg_layer eg_link_prism;
eg_layer eg_link_avs;
eg_layer eg_link_ppi;

/* link_point_to_point.c */
eg_layer eg_link_ppp;
eg_layer eg_link_ppp_with_direction;
eg_layer eg_link_hdlc;
eg_layer eg_link_hdlc_with_direction;
eg_layer eg_link_frame_relay;
eg_layer eg_link_frame_relay_with_direction;
eg_layer eg_layer_ppp_protocol; /* the protocol field and what it names */

/* link_other.c */
eg_layer eg_link_null;
eg_layer eg_link_nflog;
eg_layer eg_link_erf;
eg_layer eg_link_ipoib;

/* ip.c: IPv4 or IPv6 by the version nibble; the end of every walk. */
eg_layer eg_layer_ip;

/*
 * Reads what the walk has come to behind the IP headers, clipped to the IP length: if it starts
 * here (not in an earlier fragment), its header and ports. All these transports have their ports in
 * the first four bytes.
 */
void eg_walk_read_upper(struct eg_walk *w, bool starts_here);

/* ipv6.c: ip_offset is set. */
eg_layer eg_layer_ipv6;

#ifdef __cplusplus
}
#endif

#endif
