#include "capture/etl/ndis_capture.h"

enum {
    EVENT_FRAGMENT = 1001, /* a packet or a part of one */
    EVENT_SWITCH_FRAGMENT = 1003,
    EVENT_SOURCE = 5101,
    EVENT_RAS_SENT = 5001,
    EVENT_RAS_RECEIVED = 5002,
};

static const struct eg_etl_guid ndis = EG_ETL_GUID(0x2ed6006e, 0x4729, 0x4609, 0xb4233ee7bcd678ef);
static const struct eg_etl_guid ras = EG_ETL_GUID(0xd84521f7, 0x2235, 0x4237, 0xa7c014e3a9676286);

/* Bits of the keyword. */
static const uint64_t keyword_wwan = UINT64_C(1) << 9;
static const uint64_t keyword_wlan = UINT64_C(1) << 16;
static const uint64_t keyword_start = UINT64_C(1) << 30;
static const uint64_t keyword_end = UINT64_C(1) << 31;
static const uint64_t keyword_sent = UINT64_C(1) << 32;
static const uint64_t keyword_received = UINT64_C(1) << 33;

static bool is_ndis(const struct eg_etl_record *record)
{
    return record->kind == EG_ETL_EVENT && eg_etl_guid_equal(&record->provider, &ndis);
}

static bool is_ras(const struct eg_etl_record *record)
{
    return record->kind == EG_ETL_EVENT && eg_etl_guid_equal(&record->provider, &ras);
}

bool eg_ndis_is_packet(const struct eg_etl_record *record)
{
    if (is_ndis(record))
        return record->id == EVENT_FRAGMENT || record->id == EVENT_SWITCH_FRAGMENT;
    return is_ras(record) && (record->id == EVENT_RAS_SENT || record->id == EVENT_RAS_RECEIVED);
}

/* ---- packets ---- */

static int32_t link_of(uint64_t keyword)
{
    if (keyword & keyword_wlan)
        return EG_LINKTYPE_IEEE802_11;
    return keyword & keyword_wwan ? EG_LINKTYPE_RAW : EG_LINKTYPE_ETHERNET;
}

static enum eg_hint hint_of(uint64_t keyword)
{
    if (keyword & keyword_sent)
        return EG_HINT_SENT;
    return keyword & keyword_received ? EG_HINT_RECEIVED : EG_HINT_UNKNOWN;
}

/* A 32-bit count and as many bytes. */
static bool read_counted(struct eg_cursor *c, struct eg_cursor *bytes)
{
    uint32_t size = 0;
    if (!eg_cursor_le32(c, &size))
        return false;
    *bytes = *c;
    eg_cursor_clip(bytes, size);
    return eg_cursor_skip(c, size);
}

static bool skip_text(struct eg_cursor *c)
{
    char unused[1];
    return eg_etl_text(c, unused, sizeof unused);
}

static bool skip_texts(struct eg_cursor *c, unsigned count)
{
    while (count > 0 && skip_text(c))
        count--;
    return count == 0;
}

static enum eg_etl_parse parse_fragment(const struct eg_etl_record *record,
                                        struct eg_etl_packet *packet)
{
    struct eg_cursor c = record->payload;
    packet->port.tap = EG_ETL_TAP_NDIS;
    packet->port.link = link_of(record->keyword);
    return eg_cursor_le32(&c, &packet->port.where) && eg_cursor_le32(&c, &packet->port.layer) &&
                   read_counted(&c, &packet->bytes)
               ? EG_ETL_PACKET
               : EG_ETL_BAD_PACKET;
}

/*
 * The VLAN of a packet at a switch: its out-of-band data are slots as wide as a pointer, the fifth
 * of which is the 802.1Q tag, with 4 bits below the number. 0: none.
 */
static uint32_t vlan_of(struct eg_cursor slots, uint8_t pointer_size)
{
    enum { SLOT = 4, SHIFT = 4, MASK = 0xfff };
    uint32_t tag = 0;
    return eg_cursor_skip(&slots, (size_t)SLOT * pointer_size) && eg_cursor_le32(&slots, &tag)
               ? tag >> SHIFT & MASK
               : 0;
}

static bool skip_destinations(struct eg_cursor *c, uint32_t count, bool named)
{
    enum { UNNAMED_BYTES = 8 };
    if (!named)
        return count <= eg_cursor_left(c) / UNNAMED_BYTES &&
               eg_cursor_skip(c, (size_t)count * UNNAMED_BYTES);
    for (uint32_t i = 0; i < count; i++)
        if (!eg_cursor_skip(c, 4) || !skip_text(c) || !skip_text(c) || !skip_text(c))
            return false;
    return true;
}

/* From the destinations to the end of the event, which must be met. */
static bool read_behind_destinations(struct eg_cursor c, uint32_t count, bool named,
                                     uint8_t pointer_size, struct eg_etl_packet *packet)
{
    struct eg_cursor slots;
    if (!skip_destinations(&c, count, named) || !read_counted(&c, &packet->bytes) ||
        !read_counted(&c, &slots) || eg_cursor_left(&c) != 0)
        return false;
    packet->port.layer = vlan_of(slots, pointer_size);
    return true;
}

/* Descriptions of this event differ: in one its destinations are named, in one they are not. */
static enum eg_etl_parse parse_switch_fragment(const struct eg_etl_record *record,
                                               struct eg_etl_packet *packet)
{
    struct eg_cursor c = record->payload;
    uint32_t count = 0;
    packet->port.tap = EG_ETL_TAP_SWITCH;
    packet->port.link = link_of(record->keyword);
    if (!eg_cursor_skip(&c, 4 + 4) || !eg_cursor_le32(&c, &packet->port.where) ||
        !skip_texts(&c, 3) || !eg_cursor_le32(&c, &count))
        return EG_ETL_BAD_PACKET;
    return read_behind_destinations(c, count, true, record->pointer_size, packet) ||
                   read_behind_destinations(c, count, false, record->pointer_size, packet)
               ? EG_ETL_PACKET
               : EG_ETL_BAD_PACKET;
}

/* Whole packets; their direction is the event's number. */
static enum eg_etl_parse parse_ras(const struct eg_etl_record *record, struct eg_etl_packet *packet)
{
    struct eg_cursor c = record->payload;
    packet->port = (struct eg_etl_port){.tap = EG_ETL_TAP_RAS, .link = EG_LINKTYPE_ETHERNET};
    packet->hint = record->id == EVENT_RAS_SENT ? EG_HINT_SENT : EG_HINT_RECEIVED;
    packet->starts = packet->ends = true;
    return skip_texts(&c, 2) && read_counted(&c, &packet->bytes) ? EG_ETL_PACKET
                                                                 : EG_ETL_BAD_PACKET;
}

enum eg_etl_parse eg_ndis_parse(const struct eg_etl_record *record, struct eg_etl_packet *packet)
{
    *packet = (struct eg_etl_packet){
        .hint = hint_of(record->keyword),
        .starts = record->keyword & keyword_start,
        .ends = record->keyword & keyword_end,
    };
    if (is_ras(record))
        return parse_ras(record, packet);
    return record->id == EVENT_FRAGMENT ? parse_fragment(record, packet)
                                        : parse_switch_fragment(record, packet);
}

enum eg_status eg_ndis_learn(const struct eg_etl_record *record, struct eg_etl_components *cards)
{
    struct eg_cursor c = record->payload;
    char name[EG_ETL_COMPONENT_TEXT];
    uint32_t index = 0;
    struct eg_etl_component *card = NULL;
    if (!is_ndis(record) || record->id != EVENT_SOURCE || !eg_cursor_skip(&c, 1) ||
        !eg_etl_text(&c, name, sizeof name) || !eg_cursor_le32(&c, &index))
        return EG_OK;
    const enum eg_status status = eg_etl_components_add(cards, index, &card);
    if (status == EG_OK)
        memcpy(card->name, name, sizeof name);
    return status == EG_ERR_LIMIT ? EG_OK : status; /* names are a help, no more */
}

/* ---- what is not logged ---- */

/* Header and payload of an IP packet as its header tells; 0: cannot be told. */
static uint32_t ip_length(struct eg_cursor ip)
{
    uint8_t version = 0;
    uint16_t total = 0, payload = 0;
    if (!eg_cursor_peek_u8(&ip, 0, &version))
        return 0;
    if (version >> 4 == 4)
        return eg_cursor_peek_u16(&ip, 2, &total) ? total : 0;
    if (version >> 4 != 6 || !eg_cursor_peek_u16(&ip, 4, &payload) || payload == 0)
        return 0;
    return 40U + payload;
}

/* Skips an Ethernet header; false when IP does not follow. */
static bool skip_ethernet(struct eg_cursor *c)
{
    enum { VLAN = 0x8100, PROVIDER_VLAN = 0x88a8, IPV4 = 0x0800, IPV6 = 0x86dd };
    uint16_t type = 0;
    if (!eg_cursor_skip(c, 12) || !eg_cursor_u16(c, &type))
        return false;
    while (type == VLAN || type == PROVIDER_VLAN)
        if (!eg_cursor_skip(c, 2) || !eg_cursor_u16(c, &type))
            return false;
    return type == IPV4 || type == IPV6;
}

uint32_t eg_ndis_wire_length(int32_t link, struct eg_cursor bytes)
{
    const uint32_t captured = (uint32_t)eg_cursor_left(&bytes);
    struct eg_cursor c = bytes;
    if (link != EG_LINKTYPE_RAW && (link != EG_LINKTYPE_ETHERNET || !skip_ethernet(&c)))
        return captured;
    const uint32_t told = captured - (uint32_t)eg_cursor_left(&c) + ip_length(c);
    return told > captured ? told : captured;
}

void eg_ndis_mend_wlan(uint8_t *frame, size_t size)
{
    enum {
        HEADER = 24,
        TYPE_MASK = 0x0c,
        TYPE_DATA = 0x08,
        SUBTYPE_QOS = 0x80,
        BOTH_DS = 0x03,
        PROTECTED = 0x40,
    };
    struct eg_cursor c = eg_cursor_over(frame, size);
    uint8_t control = 0, flags = 0, dsap = 0, ssap = 0, llc = 0;
    if (!eg_cursor_peek_u8(&c, 0, &control) || !eg_cursor_peek_u8(&c, 1, &flags) ||
        (control & TYPE_MASK) != TYPE_DATA || !(flags & PROTECTED))
        return;
    const size_t header =
        HEADER + (control & SUBTYPE_QOS ? 2U : 0U) + ((flags & BOTH_DS) == BOTH_DS ? 6U : 0U);
    if (eg_cursor_skip(&c, header) && eg_cursor_u8(&c, &dsap) && eg_cursor_u8(&c, &ssap) &&
        eg_cursor_u8(&c, &llc) && dsap == 0xaa && ssap == 0xaa && llc == 0x03)
        frame[1] = (uint8_t)(flags & ~PROTECTED);
}

/* ---- the choice ---- */

static void choose_tap(struct eg_etl_interfaces *interfaces, enum eg_etl_tap tap)
{
    for (size_t i = 0; i < interfaces->count; i++)
        if (interfaces->items[i].port.tap == tap)
            eg_etl_interface_choose(&interfaces->items[i]);
}

static bool is_same_card(const struct eg_etl_interface *a, const struct eg_etl_interface *b)
{
    return a->port.tap == b->port.tap && a->port.where == b->port.where;
}

/* Packets of a layer, over its link types, which follow each other. */
static uint64_t layer_packets(const struct eg_etl_interfaces *interfaces, size_t first, size_t end)
{
    uint64_t packets = 0;
    const uint32_t layer = interfaces->items[first].port.layer;
    for (size_t i = first; i < end && interfaces->items[i].port.layer == layer; i++)
        packets += eg_etl_interface_packets(&interfaces->items[i]);
    return packets;
}

/* The card itself is its lowest layer; where only layers above were captured, the busiest. */
static uint32_t choose_layer(const struct eg_etl_interfaces *interfaces, size_t first, size_t end)
{
    uint32_t chosen = interfaces->items[first].port.layer;
    uint64_t most = 0;
    for (size_t i = first; i < end; i++) {
        const struct eg_etl_port *port = &interfaces->items[i].port;
        if (port->layer == port->where)
            return port->layer;
        const uint64_t packets = layer_packets(interfaces, i, end);
        if (packets > most) {
            most = packets;
            chosen = port->layer;
        }
    }
    return chosen;
}

/* Returns whether there was any card. */
static bool choose_cards(struct eg_etl_interfaces *interfaces)
{
    bool any = false;
    size_t end = 0;
    for (size_t first = 0; first < interfaces->count; first = end) {
        const struct eg_etl_interface *card = &interfaces->items[first];
        for (end = first + 1; end < interfaces->count; end++)
            if (!is_same_card(card, &interfaces->items[end]))
                break;
        if (card->port.tap != EG_ETL_TAP_NDIS)
            continue;
        const uint32_t layer = choose_layer(interfaces, first, end);
        for (size_t i = first; i < end; i++)
            if (interfaces->items[i].port.layer == layer)
                eg_etl_interface_choose(&interfaces->items[i]);
        any = true;
    }
    return any;
}

static bool has_tap(const struct eg_etl_interfaces *interfaces, enum eg_etl_tap tap)
{
    for (size_t i = 0; i < interfaces->count; i++)
        if (interfaces->items[i].port.tap == tap)
            return true;
    return false;
}

void eg_ndis_choose(struct eg_etl_interfaces *interfaces)
{
    if (choose_cards(interfaces))
        return;
    choose_tap(interfaces,
               has_tap(interfaces, EG_ETL_TAP_SWITCH) ? EG_ETL_TAP_SWITCH : EG_ETL_TAP_RAS);
}
