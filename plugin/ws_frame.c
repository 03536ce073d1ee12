#include <wireshark.h>

#include "ws_frame.h"

#include "ws_compat.h"

enum { NANOSECONDS = 1000000000 };

/* Encapsulations whose bytes begin as those of a LINKTYPE_ number do; the usual one first. */
static const struct {
    int encap;
    enum eg_linktype link;
} links[] = {
    {WTAP_ENCAP_ETHERNET, EG_LINKTYPE_ETHERNET},
    {WTAP_ENCAP_NULL, EG_LINKTYPE_NULL},
    {WTAP_ENCAP_NETTL_ETHERNET, EG_LINKTYPE_ETHERNET},
    {WTAP_ENCAP_TOKEN_RING, EG_LINKTYPE_IEEE802_5},
    {WTAP_ENCAP_NETTL_TOKEN_RING, EG_LINKTYPE_IEEE802_5},
    {WTAP_ENCAP_ARCNET, EG_LINKTYPE_ARCNET_BSD},
    {WTAP_ENCAP_PPP, EG_LINKTYPE_PPP},
    {WTAP_ENCAP_PPP_WITH_PHDR, EG_LINKTYPE_PPP}, /* wiretap takes the direction byte off */
    {WTAP_ENCAP_FDDI, EG_LINKTYPE_FDDI},
    {WTAP_ENCAP_FDDI_BITSWAPPED, EG_LINKTYPE_FDDI},
    {WTAP_ENCAP_NETTL_FDDI, EG_LINKTYPE_FDDI},
    {WTAP_ENCAP_PPP_ETHER, EG_LINKTYPE_PPP_ETHER},
    {WTAP_ENCAP_RAW_IP, EG_LINKTYPE_RAW},
    {WTAP_ENCAP_NETTL_RAW_IP, EG_LINKTYPE_RAW},
    {WTAP_ENCAP_CHDLC, EG_LINKTYPE_C_HDLC},
    {WTAP_ENCAP_CHDLC_WITH_PHDR, EG_LINKTYPE_C_HDLC},
    {WTAP_ENCAP_IEEE_802_11, EG_LINKTYPE_IEEE802_11},
    {WTAP_ENCAP_IEEE_802_11_WITH_RADIO, EG_LINKTYPE_IEEE802_11},
    {WTAP_ENCAP_FRELAY, EG_LINKTYPE_FRELAY},
    {WTAP_ENCAP_FRELAY_WITH_PHDR, EG_LINKTYPE_FRELAY},
    {WTAP_ENCAP_LOOP, EG_LINKTYPE_LOOP},
    {WTAP_ENCAP_SLL, EG_LINKTYPE_LINUX_SLL},
    {WTAP_ENCAP_IEEE_802_11_PRISM, EG_LINKTYPE_IEEE802_11_PRISM},
    {WTAP_ENCAP_IEEE_802_11_RADIOTAP, EG_LINKTYPE_IEEE802_11_RADIOTAP},
    {WTAP_ENCAP_ARCNET_LINUX, EG_LINKTYPE_ARCNET_LINUX},
    {WTAP_ENCAP_IEEE_802_11_AVS, EG_LINKTYPE_IEEE802_11_AVS},
    {WTAP_ENCAP_PPI, EG_LINKTYPE_PPI},
    {WTAP_ENCAP_RAW_IP4, EG_LINKTYPE_IPV4},
    {WTAP_ENCAP_RAW_IP6, EG_LINKTYPE_IPV6},
    {WTAP_ENCAP_NFLOG, EG_LINKTYPE_NFLOG},
    {WTAP_ENCAP_IP_OVER_IB_PCAP, EG_LINKTYPE_IPOIB},
    {WTAP_ENCAP_SLL2, EG_LINKTYPE_LINUX_SLL2},
};

static int32_t link_of_encap(int encap)
{
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        if (links[i].encap == encap)
            return links[i].link;
    return EG_LINK_OTHER;
}

/* Wiretap keeps some headers out of the bytes; then what they say decides. */
static int32_t link_of_packet(const wtap_packet_header *packet)
{
    switch (packet->pkt_encap) {
    case WTAP_ENCAP_ERF:
        return eg_link_of_erf(packet->pseudo_header.erf.phdr.type);
    case WTAP_ENCAP_NETMON_HEADER: /* a commented packet of Network Monitor */
        return link_of_encap((int)packet->pseudo_header.netmon.sub_encap);
    default:
        return link_of_encap(packet->pkt_encap);
    }
}

static enum eg_hint hint_of_record(const wtap_rec *rec)
{
    uint32_t flags;
    if (rec->block == NULL || wtap_block_get_uint32_option_value(rec->block, OPT_PKT_FLAGS,
                                                                 &flags) != WTAP_OPTTYPE_SUCCESS)
        return EG_HINT_UNKNOWN;
    switch (PACK_FLAGS_DIRECTION(flags)) {
    case PACK_FLAGS_DIRECTION_INBOUND:
        return EG_HINT_RECEIVED;
    case PACK_FLAGS_DIRECTION_OUTBOUND:
        return EG_HINT_SENT;
    default:
        return EG_HINT_UNKNOWN;
    }
}

static int64_t time_of_record(const wtap_rec *rec)
{
    const int64_t limit = INT64_MAX / NANOSECONDS - 1;
    const int64_t seconds = rec->ts.secs;
    if (!(rec->presence_flags & WTAP_HAS_TS) || seconds > limit || seconds < -limit)
        return EG_NO_TIME;
    return seconds * NANOSECONDS + rec->ts.nsecs;
}

/* Sections of a pcapng file number their interfaces each from 0. */
static uint64_t interface_of_record(const wtap_rec *rec)
{
    if (!(rec->presence_flags & WTAP_HAS_INTERFACE_ID))
        return EG_NO_INTERFACE;
    const uint64_t section =
        rec->presence_flags & WTAP_HAS_SECTION_NUMBER ? rec->section_number : 0;
    return section << 32 | rec->rec_header.packet_header.interface_id;
}

bool ws_frame_of_record(const wtap_rec *rec, const uint8_t *bytes, struct eg_frame *frame)
{
    if (rec->rec_type != REC_TYPE_PACKET)
        return false;
    const wtap_packet_header *packet = &rec->rec_header.packet_header;
    *frame = (struct eg_frame){
        .data = bytes,
        .captured = packet->caplen,
        .wire = packet->len,
        .link = link_of_packet(packet),
        .link_name = wtap_encap_description(packet->pkt_encap),
        .hint = hint_of_record(rec),
        .time = time_of_record(rec),
        .interface = interface_of_record(rec),
    };
    return true;
}
