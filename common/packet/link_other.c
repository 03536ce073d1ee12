/*
 * Link layers of which only the way to IP is read: null and loop, NFLOG, ERF, IPoIB.
 */
#include "packet/layers.h"

/*
 * LINKTYPE_NULL and LINKTYPE_LOOP: an address family in four bytes, in the order of the capturing
 * host or the network's. AF_INET is 2 everywhere; AF_INET6 is 24, 28 or 30 by system.
 */
enum eg_decode_result eg_link_null(struct eg_walk *w)
{
    enum { INET = 2, INET6_BSD = 24, INET6_FREEBSD = 28, INET6_DARWIN = 30 };
    struct eg_cursor c = w->at;
    uint32_t family;
    if (!eg_cursor_u32(&w->at, &family))
        return EG_DECODE_TRUNCATED;
    if (family > UINT16_MAX)
        eg_cursor_le32(&c, &family);
    switch (family) {
    case INET:
    case INET6_BSD:
    case INET6_FREEBSD:
    case INET6_DARWIN:
        return eg_layer_ip(w);
    default:
        return EG_DECODE_NOT_IP;
    }
}

/*
 * One attribute of NFLOG: length (this header included) and type, in the order of the capturing
 * host. No type reaches 256, so its zero byte tells the order.
 */
static bool nflog_attribute(struct eg_cursor *c, uint16_t *length, uint16_t *type)
{
    struct eg_cursor again = *c;
    if (!eg_cursor_le16(c, length) || !eg_cursor_le16(c, type))
        return false;
    if (*type <= UINT8_MAX)
        return true;
    return eg_cursor_u16(&again, length) && eg_cursor_u16(&again, type);
}

/*
 * LINKTYPE_NFLOG: address family, version, resource; then attributes aligned to four bytes, of
 * which one is the packet from its network header on.
 *
 *   +--------+---------+-------------+   +----------+--------+-----------
 *   | family | version | resource id |   |  length  |  type  | value ...
 *   +--------+---------+-------------+   +----------+--------+-----------
 */
enum eg_decode_result eg_link_nflog(struct eg_walk *w)
{
    enum { PAYLOAD = 9, HEADER = 4, ATTRIBUTES_MAX = 64, INET = 2, INET6 = 10 };
    uint8_t family;
    if (!eg_cursor_peek_u8(&w->at, 0, &family) || !eg_cursor_skip(&w->at, HEADER))
        return EG_DECODE_TRUNCATED;
    if (family != INET && family != INET6)
        return EG_DECODE_NOT_IP;
    for (unsigned i = 0; i < ATTRIBUTES_MAX; i++) {
        uint16_t length, type;
        if (!nflog_attribute(&w->at, &length, &type))
            return EG_DECODE_TRUNCATED;
        if (type == PAYLOAD)
            return eg_layer_ip(w);
        if (length < HEADER)
            return EG_DECODE_MALFORMED;
        if (!eg_cursor_skip(&w->at, (length + 3u) / 4 * 4 - HEADER))
            return EG_DECODE_TRUNCATED;
    }
    return EG_DECODE_MALFORMED;
}

int32_t eg_link_of_erf(uint8_t type)
{
    switch (type & 0x7f) {
    case 2:  /* ETH */
    case 11: /* COLOR_ETH */
    case 16: /* DSM_COLOR_ETH */
    case 20: /* COLOR_HASH_ETH */
        return EG_LINKTYPE_ETHERNET;
    case 1:  /* HDLC_POS */
    case 10: /* COLOR_HDLC_POS */
    case 15: /* DSM_COLOR_HDLC_POS */
    case 17: /* COLOR_MC_HDLC_POS */
    case 19: /* COLOR_HASH_POS */
        return EG_LINKTYPE_PPP_HDLC;
    case 22: /* IPV4 */
    case 23: /* IPV6 */
        return EG_LINKTYPE_RAW;
    default:
        return EG_LINK_OTHER;
    }
}

/*
 * Endace ERF: a header of 16 bytes, extension headers of 8 while the top bit of the type byte, and
 * then of each one's first byte, is set; two bytes of padding before Ethernet.
 *
 *   +-----------+------+-------+---------------+------+-------------+
 *   | time (8)  | type | flags | record length | loss | wire length |
 *   +-----------+------+-------+---------------+------+-------------+
 */
enum eg_decode_result eg_link_erf(struct eg_walk *w)
{
    enum { HEADER = 16, EXTENSION = 8, MORE = 0x80, EXTENSIONS_MAX = 16, ETHERNET_PAD = 2 };
    uint8_t type;
    if (!eg_cursor_peek_u8(&w->at, 8, &type) || !eg_cursor_skip(&w->at, HEADER))
        return EG_DECODE_TRUNCATED;
    uint8_t more = type;
    for (unsigned i = 0; more & MORE; i++) {
        if (i == EXTENSIONS_MAX)
            return EG_DECODE_MALFORMED;
        if (!eg_cursor_peek_u8(&w->at, 0, &more) || !eg_cursor_skip(&w->at, EXTENSION))
            return EG_DECODE_TRUNCATED;
    }
    const int32_t link = eg_link_of_erf(type);
    if (link == EG_LINKTYPE_ETHERNET && !eg_cursor_skip(&w->at, ETHERNET_PAD))
        return EG_DECODE_TRUNCATED;
    return eg_layer_link(w, link);
}

/* RFC 4391, 6, behind the two 20-byte link addresses that captures hold: EtherType, reserved. */
enum eg_decode_result eg_link_ipoib(struct eg_walk *w)
{
    enum { ADDRESSES = 20 + 20 };
    uint16_t type;
    if (!eg_cursor_skip(&w->at, ADDRESSES) || !eg_cursor_u16(&w->at, &type) ||
        !eg_cursor_skip(&w->at, 2))
        return EG_DECODE_TRUNCATED;
    return eg_layer_ethertype(w, type);
}
