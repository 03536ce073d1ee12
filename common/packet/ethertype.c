/*
 * From an EtherType to IP: tags, shims, MPLS, PPPoE.
 */
#include "packet/layers.h"

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_VLAN = 0x8100, /* IEEE 802.1Q */
    TYPE_IPV6 = 0x86dd,
    TYPE_MPLS = 0x8847, /* RFC 5332, and the next one */
    TYPE_MPLS_MULTICAST = 0x8848,
    TYPE_PPPOE_SESSION = 0x8864,    /* RFC 2516 */
    TYPE_JUMBO_LLC = 0x8870,        /* LLC in a frame too long for a length field */
    TYPE_PROVIDER_VLAN = 0x88a8,    /* IEEE 802.1ad */
    TYPE_MACSEC = 0x88e5,           /* IEEE 802.1AE */
    TYPE_BACKBONE_SERVICE = 0x88e7, /* IEEE 802.1ah */
    TYPE_CISCO_CMD = 0x8909,
    TYPE_VN_TAG = 0x8926,
    TYPE_E_TAG = 0x893f, /* IEEE 802.1BR */
    TYPE_NSH = 0x894f,   /* RFC 8300 */
    TYPE_OLD_QINQ = 0x9100,
    TYPE_ARISTA = 0xd28b,
    LENGTH_MAX = 0x05ff, /* up to here it is an IEEE 802.3 length, with LLC behind it */
};

/*
 * IEEE 802.1AE, 9.3: the SecTAG. With E and C clear the data is as it was sent, and only its
 * integrity is protected; else 0.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |V|ES|SC|SCB|E|C|AN|short length|      packet number ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     ... packet number             |  SCI: 8 bytes, if SC is set ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
static size_t macsec_bytes(const struct eg_walk *w)
{
    enum { HAS_SCI = 0x20, ENCRYPTED = 0x08, CHANGED = 0x04 };
    uint8_t control = 0;
    eg_cursor_peek_u8(&w->at, 0, &control);
    if (control & (ENCRYPTED | CHANGED))
        return 0;
    return control & HAS_SCI ? 6 + 8 : 6;
}

/*
 * What an Arista switch puts before the frames it mirrors: subtype 1, version, time stamp. Versions
 * 0x10 and 0x20 have stamps of 64 and 48 bits; 0x0100 marks UTC. Others are not guessed at: 0.
 */
static size_t arista_bytes(const struct eg_walk *w)
{
    enum { UTC = 0x0100, LONG = 0x0010, SHORT = 0x0020 };
    uint16_t version = SHORT;
    eg_cursor_peek_u16(&w->at, 2, &version);
    switch (version & ~UTC) {
    case LONG:
        return 2 + 2 + 8;
    case SHORT:
        return 2 + 2 + 6;
    default:
        return 0;
    }
}

/* Bytes between `type` and the EtherType that follows its header; 0: none can be read behind it. */
static size_t shim_bytes(const struct eg_walk *w, uint16_t type)
{
    switch (type) {
    case TYPE_VLAN: /* priority, drop eligible, VLAN */
    case TYPE_PROVIDER_VLAN:
    case TYPE_OLD_QINQ:
        return 2;
    case TYPE_VN_TAG: /* direction, destination and source virtual interface */
        return 4;
    case TYPE_E_TAG:
    case TYPE_CISCO_CMD: /* version, length, option, security group tag */
        return 6;
    case TYPE_BACKBONE_SERVICE: /* flags and service, then the customer's two addresses */
        return 4 + 12;
    case TYPE_MACSEC:
        return macsec_bytes(w);
    case TYPE_ARISTA:
        return arista_bytes(w);
    default:
        return 0;
    }
}

/*
 * RFC 8300, 2.2: the length counts words of four bytes, from the first bit on. Ethernet in it is a
 * container, and left out.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Ver|O|U|    TTL    |   Length  |U|U|U|U|MD Type| Next Protocol |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          Service Path Identifier              | Service Index |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
static enum eg_decode_result service_header(struct eg_walk *w)
{
    enum { LENGTH = 0x3f, IPV4 = 1, IPV6 = 2, BASE_WORDS = 2 };
    uint16_t flags;
    uint8_t next;
    if (!eg_cursor_peek_u16(&w->at, 0, &flags) || !eg_cursor_peek_u8(&w->at, 3, &next))
        return EG_DECODE_TRUNCATED;
    if (next != IPV4 && next != IPV6)
        return EG_DECODE_NOT_IP;
    const size_t words = flags & LENGTH;
    if (words < BASE_WORDS)
        return EG_DECODE_MALFORMED;
    return eg_cursor_skip(&w->at, words * 4) ? eg_layer_ip(w) : EG_DECODE_TRUNCATED;
}

enum eg_decode_result eg_layer_ethertype(struct eg_walk *w, uint16_t type)
{
    for (;;) {
        switch (type) {
        case TYPE_IPV4: /* either may stand over the other's header, rule 1.3 */
        case TYPE_IPV6:
            return eg_layer_ip(w);
        case TYPE_MPLS:
        case TYPE_MPLS_MULTICAST:
            return eg_layer_mpls(w);
        case TYPE_PPPOE_SESSION:
            return eg_layer_pppoe(w);
        case TYPE_NSH:
            return service_header(w);
        case TYPE_JUMBO_LLC:
            return eg_layer_llc(w);
        default:
            break;
        }
        if (type <= LENGTH_MAX)
            return eg_layer_llc(w);
        const size_t shim = shim_bytes(w, type);
        if (shim == 0)
            return EG_DECODE_NOT_IP;
        if (!eg_walk_descend(w))
            return EG_DECODE_MALFORMED;
        if (!eg_cursor_skip(&w->at, shim) || !eg_cursor_u16(&w->at, &type))
            return EG_DECODE_TRUNCATED;
    }
}

/*
 * RFC 3032, 2.1: a stack of labels, the last of which has S set. What is below it is told by the
 * first nibble (RFC 4928, 3): 4 and 6 are IP; anything else is a pseudo-wire, which rule 1.3 leaves
 * out.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                label                  | TC  |S|      TTL      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
enum eg_decode_result eg_layer_mpls(struct eg_walk *w)
{
    enum { BOTTOM_OF_STACK = 0x100 };
    uint32_t label = 0;
    while (!(label & BOTTOM_OF_STACK)) {
        if (!eg_walk_descend(w))
            return EG_DECODE_MALFORMED;
        if (!eg_cursor_u32(&w->at, &label))
            return EG_DECODE_TRUNCATED;
    }
    uint8_t first;
    if (!eg_cursor_peek_u8(&w->at, 0, &first))
        return EG_DECODE_TRUNCATED;
    if (first >> 4 != 4 && first >> 4 != 6)
        return EG_DECODE_NOT_IP;
    return eg_layer_ip(w);
}

/*
 * RFC 2516, 4: the session stage, code 0.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  ver  | type  |     code      |           session             |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |            length             |     PPP protocol ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
enum eg_decode_result eg_layer_pppoe(struct eg_walk *w)
{
    uint8_t code;
    if (!eg_cursor_skip(&w->at, 1) || !eg_cursor_u8(&w->at, &code))
        return EG_DECODE_TRUNCATED;
    if (code != 0)
        return EG_DECODE_NOT_IP;
    if (!eg_cursor_skip(&w->at, 4))
        return EG_DECODE_TRUNCATED;
    return eg_layer_ppp_protocol(w);
}
