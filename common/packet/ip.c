/*
 * The outermost IP header: what of it is counted (rules 1.2, 1.4), and where the ports are.
 */
#include "packet/layers.h"

enum { IPV4_BYTES = 20, TCP_BYTES = 20, UDP_BYTES = 8 };

/*
 * RFC 9293, 3.1: data offset in 32-bit words at byte 12, flags at byte 13.
 *
 *   +-------------+-----------+------------+----------------+--------+-------+------
 *   | source port | dest port |  sequence  | acknowledgment | offset | flags | ...
 *   |      2      |     2     |     4      |       4        |   1    |   1   |
 *   +-------------+-----------+------------+----------------+--------+-------+------
 */
static void read_tcp(const struct eg_cursor *upper, struct eg_packet *packet)
{
    uint16_t word = 0;
    eg_cursor_peek_u16(upper, 12, &word);
    const unsigned bytes = (unsigned)(word >> 12) * 4;
    packet->upper_header_bytes = (uint16_t)(bytes > TCP_BYTES ? bytes : TCP_BYTES);
    packet->tcp_flags = (uint8_t)word;
}

void eg_walk_read_upper(struct eg_walk *w, bool starts_here)
{
    enum { DCCP = 33, SCTP = 132, UDPLITE = 136 };
    struct eg_packet *packet = w->packet;
    eg_cursor_clip(&w->at, (size_t)(packet->ip_bytes - packet->header_bytes));
    packet->upper_captured = (uint32_t)eg_cursor_left(&w->at);
    if (!starts_here)
        return;
    switch (packet->protocol) {
    case EG_PROTOCOL_TCP:
        read_tcp(&w->at, packet);
        break;
    case EG_PROTOCOL_UDP:
        packet->upper_header_bytes = UDP_BYTES;
        break;
    case DCCP:
    case SCTP:
    case UDPLITE:
        break;
    default:
        return;
    }
    uint32_t ports;
    if (!eg_cursor_u32(&w->at, &ports))
        return;
    packet->source_port = (uint16_t)(ports >> 16);
    packet->destination_port = (uint16_t)ports;
}

/*
 * RFC 791, 3.1. The destination is the header's field, also under source routing (rule 1.4).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version|  IHL  |Type of Service|          Total Length         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Identification        |Flags|      Fragment Offset    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Time to Live |    Protocol   |         Header Checksum       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                       Source Address                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                    Destination Address                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                    Options                    |    Padding    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
static enum eg_decode_result decode_ipv4(struct eg_walk *w)
{
    enum { MORE_FRAGMENTS = 0x2000, FRAGMENT_OFFSET = 0x1fff };
    struct eg_packet *packet = w->packet;
    uint8_t header[IPV4_BYTES];
    if (!eg_cursor_copy(&w->at, header, sizeof header))
        return EG_DECODE_TRUNCATED;

    const uint32_t header_bytes = (header[0] & 0x0fu) * 4;
    const uint16_t total = eg_u16_at(header + 2);
    const uint32_t ip_bytes = total != 0 ? total : eg_walk_on_wire(w);
    if (header_bytes < IPV4_BYTES || ip_bytes < header_bytes)
        return EG_DECODE_MALFORMED;

    packet->ip_bytes = ip_bytes;
    packet->length_from_wire = total == 0;
    packet->length_beyond_frame = ip_bytes > eg_walk_on_wire(w);
    packet->header_bytes = header_bytes;
    packet->upper_offset = packet->ip_offset + header_bytes;
    packet->protocol = header[9];
    packet->source.family = EG_IPV4;
    memcpy(packet->source.bytes, header + 12, 4);
    packet->destination.family = EG_IPV4;
    memcpy(packet->destination.bytes, header + 16, 4);

    const uint16_t fragment = eg_u16_at(header + 6);
    packet->fragment = fragment & (MORE_FRAGMENTS | FRAGMENT_OFFSET);
    if (!eg_cursor_skip(&w->at, header_bytes - IPV4_BYTES))
        eg_cursor_clip(&w->at, 0);
    eg_walk_read_upper(w, !(fragment & FRAGMENT_OFFSET));
    return EG_DECODED;
}

/*
 * By the version nibble, whatever the link layer calls it (rule 1.3). The bytes of the header that
 * the version asks for are looked for first: a cut header is truncated before it is malformed.
 */
enum eg_decode_result eg_layer_ip(struct eg_walk *w)
{
    uint8_t first;
    w->packet->ip_offset = eg_walk_offset(w);
    if (!eg_cursor_peek_u8(&w->at, 0, &first))
        return EG_DECODE_TRUNCATED;
    switch (first >> 4) {
    case 4:
        return decode_ipv4(w);
    case 6:
        return eg_layer_ipv6(w);
    default:
        return eg_cursor_left(&w->at) < IPV4_BYTES ? EG_DECODE_TRUNCATED : EG_DECODE_MALFORMED;
    }
}
