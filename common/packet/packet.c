#include "packet/packet.h"

#include <stddef.h>

#include "packet/layers.h"

struct link {
    const char *name;
    eg_layer *layer;
};

/*
 * The link layers of rule 1.3. 12 and 14 are DLT_RAW of some systems, found in files although the
 * registry gives it 101.
 */
static const struct link links[] = {
    [EG_LINKTYPE_NULL] = {"BSD null", eg_link_null},
    [EG_LINKTYPE_ETHERNET] = {"Ethernet", eg_link_ethernet},
    [EG_LINKTYPE_IEEE802_5] = {"token ring", eg_link_token_ring},
    [EG_LINKTYPE_ARCNET_BSD] = {"ARCNET", eg_link_arcnet},
    [EG_LINKTYPE_PPP] = {"PPP", eg_link_ppp},
    [EG_LINKTYPE_FDDI] = {"FDDI", eg_link_fddi},
    [12] = {"raw IP", eg_layer_ip},
    [14] = {"raw IP", eg_layer_ip},
    [EG_LINKTYPE_PPP_HDLC] = {"PPP in HDLC framing", eg_link_ppp},
    [EG_LINKTYPE_PPP_ETHER] = {"PPPoE", eg_layer_pppoe},
    [EG_LINKTYPE_RAW] = {"raw IP", eg_layer_ip},
    [EG_LINKTYPE_C_HDLC] = {"Cisco HDLC", eg_link_hdlc},
    [EG_LINKTYPE_IEEE802_11] = {"IEEE 802.11", eg_link_80211},
    [EG_LINKTYPE_FRELAY] = {"Frame Relay", eg_link_frame_relay},
    [EG_LINKTYPE_LOOP] = {"OpenBSD loop", eg_link_null},
    [EG_LINKTYPE_LINUX_SLL] = {"Linux cooked v1", eg_link_cooked1},
    [EG_LINKTYPE_IEEE802_11_PRISM] = {"IEEE 802.11 with Prism header", eg_link_prism},
    [EG_LINKTYPE_IEEE802_11_RADIOTAP] = {"IEEE 802.11 with radiotap header", eg_link_radiotap},
    [EG_LINKTYPE_ARCNET_LINUX] = {"Linux ARCNET", eg_link_arcnet_linux},
    [EG_LINKTYPE_IEEE802_11_AVS] = {"IEEE 802.11 with AVS header", eg_link_avs},
    [EG_LINKTYPE_PPP_PPPD] = {"PPP with direction", eg_link_ppp_with_direction},
    [EG_LINKTYPE_PPI] = {"Per-Packet Information", eg_link_ppi},
    [EG_LINKTYPE_ERF] = {"Endace ERF", eg_link_erf},
    [EG_LINKTYPE_PPP_WITH_DIR] = {"PPP with direction", eg_link_ppp_with_direction},
    [EG_LINKTYPE_C_HDLC_WITH_DIR] = {"Cisco HDLC with direction", eg_link_hdlc_with_direction},
    [EG_LINKTYPE_FRELAY_WITH_DIR] = {"Frame Relay with direction",
                                     eg_link_frame_relay_with_direction},
    [EG_LINKTYPE_IPV4] = {"raw IPv4", eg_layer_ip},
    [EG_LINKTYPE_IPV6] = {"raw IPv6", eg_layer_ip},
    [EG_LINKTYPE_NFLOG] = {"Linux NFLOG", eg_link_nflog},
    [EG_LINKTYPE_IPOIB] = {"IP over InfiniBand", eg_link_ipoib},
    [EG_LINKTYPE_LINUX_SLL2] = {"Linux cooked v2", eg_link_cooked2},
};

static const struct link *find_link(int32_t link)
{
    static const struct link unknown = {0};
    if (link < 0 || (size_t)link >= sizeof links / sizeof links[0])
        return &unknown;
    return &links[link];
}

const char *eg_link_name(int32_t link)
{
    return find_link(link)->name;
}

enum eg_decode_result eg_layer_link(struct eg_walk *w, int32_t link)
{
    eg_layer *layer = find_link(link)->layer;
    if (layer == NULL)
        return EG_DECODE_UNSUPPORTED_LINK;
    if (!eg_walk_descend(w))
        return EG_DECODE_MALFORMED;
    return layer(w);
}

/* In two parts, which compilers store in a few registers; the whole takes a slow string
 * instruction. */
static void clear(struct eg_packet *packet, enum eg_hint hint)
{
    memset(packet, 0, offsetof(struct eg_packet, link));
    packet->link = (struct eg_link_facts){.hint = hint};
}

enum eg_decode_result eg_packet_decode(const struct eg_frame *frame, struct eg_packet *packet)
{
    static const uint8_t nothing[1];
    const uint32_t captured = frame->captured < frame->wire ? frame->captured : frame->wire;
    const uint8_t *const data = captured != 0 ? frame->data : nothing; /* it may be NULL */
    clear(packet, frame->hint);
    struct eg_walk walk = {
        .at = eg_cursor_over(data, captured),
        .start = data,
        .wire = frame->wire,
        .layers_left = EG_LAYERS_MAX,
        .packet = packet,
    };
    if (frame->link == EG_LINKTYPE_ETHERNET) /* nearly every frame there is */
        return eg_link_ethernet(&walk);
    return eg_layer_link(&walk, frame->link);
}
