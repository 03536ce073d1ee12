#include "names/packet_names.h"

#include "names/name_readers.h"

/* What is behind the headers of a packet, as far as it was captured. */
static bool payload_of(const struct eg_frame *frame, const struct eg_packet *packet,
                       struct eg_cursor *payload)
{
    *payload = eg_cursor_over(frame->data, frame->captured);
    if (packet->upper_header_bytes == 0 || !eg_cursor_skip(payload, packet->upper_offset))
        return false;
    eg_cursor_clip(payload, packet->upper_captured);
    uint16_t length = 0; /* of a datagram, its header included; there may be padding behind it */
    if (packet->protocol == EG_PROTOCOL_UDP && eg_cursor_peek_u16(payload, 4, &length) && length)
        eg_cursor_clip(payload, length);
    return eg_cursor_skip(payload, packet->upper_header_bytes);
}

enum eg_status eg_name_keep(const struct eg_name_packet *from, enum eg_name_source source,
                            const struct eg_cursor *name)
{
    if (!from->hosts)
        return EG_OK;
    return eg_hosts_add(from->hosts, &from->packet->destination, source, name->at,
                        eg_cursor_left(name));
}

/*
 * What a server answers in QUIC is protected by keys that the client's packet gave; the ports tell
 * which of the two it is, so that nothing is decrypted in vain.
 */
static enum eg_status take_udp(const struct eg_name_packet *from)
{
    const uint16_t source = from->packet->source_port;
    if (source == EG_DNS_PORT || source == EG_MDNS_PORT)
        return from->hosts ? eg_dns_take(from->hosts, from->payload, source == EG_MDNS_PORT)
                           : EG_OK;
    if (eg_cursor_left(&from->payload) < EG_NAME_NEEDED || !eg_looks_like_quic(from->payload.at) ||
        from->packet->destination_port > source)
        return EG_OK;
    return eg_quic_take(from);
}

/* All that was sent behind the headers was captured, and the packet is in one piece. */
static bool is_whole(const struct eg_packet *packet, const struct eg_cursor *payload)
{
    const uint64_t headers = (uint64_t)packet->header_bytes + packet->upper_header_bytes;
    return !packet->fragment && packet->ip_bytes <= headers + eg_cursor_left(payload);
}

enum eg_status eg_names_take(struct eg_hosts *hosts, struct eg_streams *streams, uint64_t number,
                             const struct eg_frame *frame, const struct eg_packet *packet)
{
    struct eg_name_packet from = {hosts, streams, number, frame, packet, {NULL, NULL}, false};
    const bool tcp = packet->protocol == EG_PROTOCOL_TCP;
    if (!tcp && packet->protocol != EG_PROTOCOL_UDP)
        return EG_OK;
    if (!payload_of(frame, packet, &from.payload))
        return EG_OK;
    if (!tcp && eg_cursor_left(&from.payload) == 0)
        return EG_OK;
    from.whole = is_whole(packet, &from.payload);
    return tcp ? eg_tcp_take(&from) : take_udp(&from);
}
