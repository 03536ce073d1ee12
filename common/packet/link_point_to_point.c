/*
 * Point-to-point links: PPP, Cisco HDLC, Frame Relay.
 */
#include "packet/layers.h"

/* The LINKTYPE_..._WITH_DIR family has a byte before the frame: 0 received, else sent. */
static bool skip_direction(struct eg_walk *w)
{
    return eg_cursor_skip(&w->at, 1);
}

/*
 * RFC 1661, 2, and 6.5: the protocol field is one byte when that is odd (compressed), else two.
 */
enum eg_decode_result eg_layer_ppp_protocol(struct eg_walk *w)
{
    enum { IPV4 = 0x0021, IPV6 = 0x0057, MPLS = 0x0281, MPLS_MULTICAST = 0x0283 };
    uint8_t high, low;
    if (!eg_cursor_u8(&w->at, &high))
        return EG_DECODE_TRUNCATED;
    unsigned protocol = high;
    if (high % 2 == 0) {
        if (!eg_cursor_u8(&w->at, &low))
            return EG_DECODE_TRUNCATED;
        protocol = (unsigned)high << 8 | low;
    }
    switch (protocol) {
    case IPV4:
    case IPV6:
        return eg_layer_ip(w);
    case MPLS:
    case MPLS_MULTICAST:
        return eg_layer_mpls(w);
    default:
        return EG_DECODE_NOT_IP;
    }
}

/*
 * RFC 1662, 3.1: address 0xff and control 0x03 before the protocol, which both ends may agree to
 * leave out. Where the address is one of Cisco HDLC the link is that.
 */
enum eg_decode_result eg_link_ppp(struct eg_walk *w)
{
    enum { ALL_STATIONS = 0xff, CISCO_UNICAST = 0x0f, CISCO_BROADCAST = 0x8f };
    uint8_t address;
    if (!eg_cursor_peek_u8(&w->at, 0, &address))
        return EG_DECODE_TRUNCATED;
    if (address == CISCO_UNICAST || address == CISCO_BROADCAST)
        return eg_link_hdlc(w);
    if (address == ALL_STATIONS && !eg_cursor_skip(&w->at, 2))
        return EG_DECODE_TRUNCATED;
    return eg_layer_ppp_protocol(w);
}

enum eg_decode_result eg_link_ppp_with_direction(struct eg_walk *w)
{
    return skip_direction(w) ? eg_link_ppp(w) : EG_DECODE_TRUNCATED;
}

/* RFC 1547, 4.3.1: address, control, EtherType. */
enum eg_decode_result eg_link_hdlc(struct eg_walk *w)
{
    uint16_t type;
    if (!eg_cursor_skip(&w->at, 2) || !eg_cursor_u16(&w->at, &type))
        return EG_DECODE_TRUNCATED;
    return eg_layer_ethertype(w, type);
}

enum eg_decode_result eg_link_hdlc_with_direction(struct eg_walk *w)
{
    return skip_direction(w) ? eg_link_hdlc(w) : EG_DECODE_TRUNCATED;
}

/* RFC 2427, 3: the network layer protocol identifier behind control 0x03 and optional padding. */
static enum eg_decode_result network_protocol(struct eg_walk *w)
{
    enum { PADDING = 0x00, SNAP = 0x80, IPV6 = 0x8e, IPV4 = 0xcc, PPP = 0xcf };
    uint8_t nlpid;
    if (!eg_cursor_u8(&w->at, &nlpid) || (nlpid == PADDING && !eg_cursor_u8(&w->at, &nlpid)))
        return EG_DECODE_TRUNCATED;
    switch (nlpid) {
    case IPV4:
    case IPV6:
        return eg_layer_ip(w);
    case SNAP:
        return eg_layer_snap(w);
    case PPP: /* RFC 1973 */
        return eg_layer_ppp_protocol(w);
    default:
        return EG_DECODE_NOT_IP;
    }
}

/*
 * RFC 2427, 3: an address of two to four bytes, the last of which has its low bit set, and control.
 * Cisco's own encapsulation has an EtherType in place of the control byte.
 *
 *   +------+-+-+  +------+---+-+  +---------+-------+
 *   | DLCI |C|0|  | DLCI |...|1|  | 0x03    | NLPID |
 *   +------+-+-+  +------+---+-+  +---------+-------+
 */
enum eg_decode_result eg_link_frame_relay(struct eg_walk *w)
{
    enum { ADDRESS_MIN = 2, ADDRESS_MAX = 4, LAST = 0x01, UNNUMBERED_INFORMATION = 0x03 };
    uint8_t byte = 0;
    unsigned count = 0;
    while (count < ADDRESS_MAX && !(byte & LAST)) {
        if (!eg_cursor_u8(&w->at, &byte))
            return EG_DECODE_TRUNCATED;
        count++;
    }
    if (count < ADDRESS_MIN || !(byte & LAST))
        return EG_DECODE_NOT_IP;
    if (!eg_cursor_peek_u8(&w->at, 0, &byte))
        return EG_DECODE_TRUNCATED;
    uint16_t type;
    if (byte != UNNUMBERED_INFORMATION)
        return eg_cursor_u16(&w->at, &type) ? eg_layer_ethertype(w, type) : EG_DECODE_TRUNCATED;
    eg_cursor_skip(&w->at, 1);
    return network_protocol(w);
}

enum eg_decode_result eg_link_frame_relay_with_direction(struct eg_walk *w)
{
    return skip_direction(w) ? eg_link_frame_relay(w) : EG_DECODE_TRUNCATED;
}
