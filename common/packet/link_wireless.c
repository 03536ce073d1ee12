/*
 * IEEE 802.11 data frames, and the headers that captures put before them.
 */
#include "packet/layers.h"

/* The frame control field's two bytes. */
enum {
    FC_TYPE = 0x0c,
    FC_DATA = 0x08,
    FC_NO_DATA = 0x40, /* subtype bits of data frames */
    FC_QOS = 0x80,
    FC_TO_DS = 0x01, /* second byte */
    FC_FROM_DS = 0x02,
    FC_PROTECTED = 0x40,
    FC_ORDER = 0x80,
};

/* Bytes up to the QoS field: the fourth address is there only between access points. */
static size_t addresses_end(const uint8_t control[2])
{
    return (control[1] & FC_TO_DS) && (control[1] & FC_FROM_DS) ? 30 : 24;
}

static size_t header_bytes(const uint8_t control[2])
{
    const size_t addresses = addresses_end(control);
    if (!(control[0] & FC_QOS))
        return addresses;
    return addresses + (control[1] & FC_ORDER ? 2 + 4 : 2); /* order: an HT control field */
}

/* IEEE 802.11, table 9-30: which of the addresses are the ends. */
static void set_ends(struct eg_walk *w, const uint8_t header[30])
{
    const uint8_t *const address1 = header + 4, *const address2 = header + 10;
    const uint8_t *const address3 = header + 16, *const address4 = header + 24;
    const bool to = header[1] & FC_TO_DS, from = header[1] & FC_FROM_DS;
    const uint8_t *const destination = to ? address3 : address1;
    const uint8_t *const source = !from ? address2 : to ? address4 : address3;
    eg_walk_set_addresses(w, destination, source);
}

/*
 * IEEE 802.11, 9.3.2.1: a data frame, LLC in its body. Bodies of protected frames are encrypted.
 * `padded`: the header takes a multiple of four bytes. Of an aggregate (A-MSDU) the first part is
 * read, for a frame is one packet.
 *
 *   +---------+----------+--------+--------+--------+----------+--------+-----+------------+
 *   | control | duration | addr 1 | addr 2 | addr 3 | sequence | addr 4 | QoS | HT control |
 *   |    2    |    2     |   6    |   6    |   6    |    2     |  (6)   | (2) |    (4)     |
 *   +---------+----------+--------+--------+--------+----------+--------+-----+------------+
 */
static enum eg_decode_result data_frame(struct eg_walk *w, bool padded)
{
    enum { AGGREGATE = 0x80, SUBFRAME_HEADER = 14 };
    uint8_t header[36] = {0};
    struct eg_cursor control = w->at;
    if (!eg_cursor_copy(&control, header, 2))
        return EG_DECODE_TRUNCATED;
    if ((header[0] & FC_TYPE) != FC_DATA || (header[0] & FC_NO_DATA) || (header[1] & FC_PROTECTED))
        return EG_DECODE_NOT_IP;
    const size_t bytes = header_bytes(header);
    if (!eg_cursor_copy(&w->at, header, bytes))
        return EG_DECODE_TRUNCATED;
    set_ends(w, header);
    if (padded && !eg_cursor_skip(&w->at, (4 - bytes % 4) % 4))
        return EG_DECODE_TRUNCATED;
    const bool aggregate = (header[0] & FC_QOS) && (header[addresses_end(header)] & AGGREGATE);
    if (aggregate && !eg_cursor_skip(&w->at, SUBFRAME_HEADER))
        return EG_DECODE_TRUNCATED;
    return eg_layer_llc(w);
}

enum eg_decode_result eg_link_80211(struct eg_walk *w)
{
    return data_frame(w, false);
}

/*
 * Whether a radiotap header says that padding follows the 802.11 header: bit 0x20 of the flags
 * field, which stands behind the time stamp where there is one, each aligned to its size. c is at
 * the first word of present fields, 4 bytes into the header.
 */
static bool radiotap_padded(struct eg_cursor c)
{
    enum { HAS_TIME = 1u << 0, HAS_FLAGS = 1u << 1, DATA_PAD = 0x20 };
    uint32_t present, more;
    size_t offset = 4 + 4;
    uint8_t flags;
    if (!eg_cursor_le32(&c, &present) || !(present & HAS_FLAGS))
        return false;
    for (more = present; more >> 31; offset += 4)
        if (!eg_cursor_le32(&c, &more))
            return false;
    if (present & HAS_TIME) {
        const size_t alignment = (8 - offset % 8) % 8;
        if (!eg_cursor_skip(&c, alignment + 8))
            return false;
    }
    return eg_cursor_u8(&c, &flags) && (flags & DATA_PAD);
}

/*
 * https://www.radiotap.org: little-endian.
 *
 *   +---------+-----+----------+------------------------------+-----------
 *   | version | pad |  length  | present (4, more by bit 31)  | fields ...
 *   +---------+-----+----------+------------------------------+-----------
 */
enum eg_decode_result eg_link_radiotap(struct eg_walk *w)
{
    struct eg_cursor c = w->at;
    uint16_t length;
    if (!eg_cursor_skip(&c, 2) || !eg_cursor_le16(&c, &length) || !eg_cursor_skip(&w->at, length))
        return EG_DECODE_TRUNCATED;
    if (length < 8)
        return EG_DECODE_MALFORMED;
    eg_cursor_clip(&c, length - 4u);
    return data_frame(w, radiotap_padded(c));
}

/* Absolute Value Systems header: magic, then its own length. */
enum eg_decode_result eg_link_avs(struct eg_walk *w)
{
    struct eg_cursor c = w->at;
    uint32_t length;
    if (!eg_cursor_skip(&c, 4) || !eg_cursor_u32(&c, &length) || !eg_cursor_skip(&w->at, length))
        return EG_DECODE_TRUNCATED;
    return length < 8 ? EG_DECODE_MALFORMED : data_frame(w, false);
}

/* The Prism header is 144 bytes long; where AVS's magic stands in its place it is that one. */
enum eg_decode_result eg_link_prism(struct eg_walk *w)
{
    enum { PRISM_BYTES = 144 };
    const uint32_t avs_magic = 0x80211000;
    struct eg_cursor c = w->at;
    uint32_t magic;
    if (!eg_cursor_u32(&c, &magic))
        return EG_DECODE_TRUNCATED;
    if ((magic & 0xfffff000) == avs_magic)
        return eg_link_avs(w);
    return eg_cursor_skip(&w->at, PRISM_BYTES) ? data_frame(w, false) : EG_DECODE_TRUNCATED;
}

/*
 * CACE Per-Packet Information 1.0.10, 3: little-endian.
 *
 *   +---------+-------+----------+------------------------+-----------
 *   | version | flags |  length  | link layer of the data | fields ...
 *   +---------+-------+----------+------------------------+-----------
 */
enum eg_decode_result eg_link_ppi(struct eg_walk *w)
{
    struct eg_cursor c = w->at;
    uint16_t length;
    uint32_t link;
    if (!eg_cursor_skip(&c, 2) || !eg_cursor_le16(&c, &length) || !eg_cursor_le32(&c, &link) ||
        !eg_cursor_skip(&w->at, length))
        return EG_DECODE_TRUNCATED;
    if (length < 8)
        return EG_DECODE_MALFORMED;
    return eg_layer_link(w, link <= INT32_MAX ? (int32_t)link : EG_LINK_OTHER);
}
