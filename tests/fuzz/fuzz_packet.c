/*
 * Any bytes as a frame of any link layer: what is decoded lies within the frame, and cutting the
 * frame never changes what an IP header says.
 *
 * The input is the link layer's number (2 bytes), how much more was on the wire than is here (2),
 * an MTU (2), and the frame.
 */
#include "fuzz.h"

#include <string.h>

#include "base/cursor.h"
#include "packet/packet.h"
#include "packet/plain.h"

enum { IPV4_BYTES = 20, TCP_BYTES_MAX = 60 };

static void check_place(const struct eg_frame *frame, const struct eg_packet *packet)
{
    EG_FUZZ_CHECK(packet->ip_offset + IPV4_BYTES <= frame->captured);
    EG_FUZZ_CHECK(packet->header_bytes >= IPV4_BYTES && packet->header_bytes <= packet->ip_bytes);
    EG_FUZZ_CHECK(packet->upper_offset == packet->ip_offset + packet->header_bytes);
    EG_FUZZ_CHECK(packet->upper_captured == 0 ||
                  packet->upper_offset + packet->upper_captured <= frame->captured);
    EG_FUZZ_CHECK(packet->header_bytes + packet->upper_captured <= packet->ip_bytes);
    EG_FUZZ_CHECK(packet->upper_header_bytes <= TCP_BYTES_MAX);
    EG_FUZZ_CHECK(packet->link.address_length <= EG_LINK_ADDRESS_MAX);
    if (packet->ip_bytes > frame->wire - packet->ip_offset)
        EG_FUZZ_CHECK(packet->length_beyond_frame && !packet->length_from_wire);
}

static void check_segments(const struct eg_packet *packet, uint32_t mtu)
{
    uint64_t count, ip_bytes;
    eg_packet_segment(packet, mtu, &count, &ip_bytes);
    EG_FUZZ_CHECK(count >= 1 && ip_bytes >= packet->ip_bytes);
    EG_FUZZ_CHECK(count == 1 || (mtu < packet->ip_bytes && ip_bytes <= count * mtu));
}

static void check_region(const struct eg_frame *frame, const struct eg_packet *packet)
{
    char region[EG_REGION_NAME_MAX];
    if (eg_packet_metadata_region(frame, packet, region))
        EG_FUZZ_CHECK(memchr(region, '\0', sizeof region) != NULL && region[0] != '\0');
}

/* The shortest way reads what the short one does, and that what the decoder reads. */
static void check_usual(const struct eg_frame *frame, const struct eg_record *record,
                        const struct eg_plain *plain, bool is_plain)
{
    struct eg_plain usual;
    uint16_t type;
    if (record->captured < EG_PLAIN_MIN)
        return;
    const uint32_t offset = eg_plain_read_link(frame->link, record->data, &type, &usual);
    if (offset == 0 || type != EG_PLAIN_TYPE_IPV4 ||
        !eg_plain_read_usual(record, offset, 65535 - EG_PLAIN_USUAL, &usual))
        return;
    EG_FUZZ_CHECK(is_plain && usual.ip == plain->ip && usual.ip_bytes == plain->ip_bytes);
    EG_FUZZ_CHECK(eg_plain_ports(&usual) == eg_plain_ports(plain) &&
                  usual.protocol == plain->protocol);
    EG_FUZZ_CHECK(usual.captured == plain->captured && !plain->opens && !plain->six);
    EG_FUZZ_CHECK(usual.first == plain->first && usual.last == plain->last);
}

static void check_plain(const struct eg_frame *frame, enum eg_decode_result result,
                        const struct eg_packet *packet)
{
    const struct eg_record record = eg_record_of(frame);
    struct eg_plain plain;
    const bool is_plain = eg_plain_read(frame->link, &record, &plain);
    check_usual(frame, &record, &plain, is_plain);
    if (!is_plain)
        return;
    const size_t size = plain.six ? 16 : 4;
    EG_FUZZ_CHECK(result == EG_DECODED && plain.six == (packet->source.family == EG_IPV6));
    EG_FUZZ_CHECK(memcmp(eg_plain_source(&plain), packet->source.bytes, size) == 0);
    EG_FUZZ_CHECK(memcmp(eg_plain_destination(&plain), packet->destination.bytes, size) == 0);
    EG_FUZZ_CHECK(plain.ip_bytes == packet->ip_bytes && plain.protocol == packet->protocol);
    EG_FUZZ_CHECK(eg_plain_ports(&plain) >> 16 == packet->source_port);
    EG_FUZZ_CHECK((eg_plain_ports(&plain) & 0xffff) == packet->destination_port);
    EG_FUZZ_CHECK(eg_plain_upper_captured(&plain) == packet->upper_captured);
    EG_FUZZ_CHECK(!packet->fragment && !packet->length_from_wire && !packet->length_beyond_frame);
}

/* A snapshot length that leaves the IP header leaves the packet's length and ends. */
static void check_cut(const struct eg_frame *frame, const struct eg_packet *packet)
{
    const uint32_t header = packet->source.family == EG_IPV4 ? IPV4_BYTES : 40;
    struct eg_frame cut = *frame;
    struct eg_packet again;
    cut.captured = packet->ip_offset + header;
    EG_FUZZ_CHECK(eg_packet_decode(&cut, &again) == EG_DECODED);
    EG_FUZZ_CHECK(memcmp(&again.destination, &packet->destination, sizeof again.destination) == 0);
    if (packet->source.family == EG_IPV4) /* a jumbo option may be cut off */
        EG_FUZZ_CHECK(again.ip_bytes == packet->ip_bytes);
    cut.captured--;
    EG_FUZZ_CHECK(eg_packet_decode(&cut, &again) == EG_DECODE_TRUNCATED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eg_cursor c = eg_cursor_over(data, size);
    uint16_t link, more, mtu;
    if (!eg_cursor_u16(&c, &link) || !eg_cursor_u16(&c, &more) || !eg_cursor_u16(&c, &mtu))
        return 0;
    const struct eg_frame frame = {
        .data = c.at,
        .captured = (uint32_t)eg_cursor_left(&c),
        .wire = (uint32_t)eg_cursor_left(&c) + more,
        .link = link,
        .time = EG_NO_TIME,
        .interface = EG_NO_INTERFACE,
    };
    struct eg_packet packet;
    const enum eg_decode_result result = eg_packet_decode(&frame, &packet);
    EG_FUZZ_CHECK((eg_link_name(link) != NULL) || result == EG_DECODE_UNSUPPORTED_LINK);
    check_plain(&frame, result, &packet);
    if (result != EG_DECODED)
        return 0;
    check_place(&frame, &packet);
    check_segments(&packet, mtu);
    check_region(&frame, &packet);
    check_cut(&frame, &packet);
    return 0;
}
