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
    return eg_cursor_skip(payload, packet->upper_header_bytes) && eg_cursor_left(payload) != 0;
}

/* RFC 1035, 4.2.2: each message with its length in front; only whole ones are read. */
static enum eg_status take_dns_stream(struct eg_hosts *hosts, struct eg_cursor payload)
{
    enum eg_status status = EG_OK;
    uint16_t length = 0;
    while (status == EG_OK && eg_cursor_u16(&payload, &length) && length != 0 &&
           eg_cursor_left(&payload) >= length) {
        status = eg_dns_take(hosts, eg_cursor_over(payload.at, length), false);
        eg_cursor_skip(&payload, length);
    }
    return status;
}

static enum eg_status add(struct eg_hosts *hosts, const struct eg_packet *packet,
                          enum eg_name_source source, const struct eg_cursor *name)
{
    return eg_hosts_add(hosts, &packet->destination, source, name->at, eg_cursor_left(name));
}

static enum eg_status take_tcp(struct eg_hosts *hosts, const struct eg_packet *packet,
                               struct eg_cursor payload)
{
    struct eg_cursor name;
    if (packet->source_port == EG_DNS_PORT)
        return take_dns_stream(hosts, payload);
    if (eg_tls_server_name(payload, &name))
        return add(hosts, packet, EG_NAME_TLS, &name);
    if (eg_http_host(payload, &name))
        return add(hosts, packet, EG_NAME_HTTP, &name);
    return EG_OK;
}

/*
 * What a server answers in QUIC is protected by keys that the client's packet gave; the ports tell
 * which of the two it is, so that nothing is decrypted in vain.
 */
static enum eg_status take_udp(struct eg_hosts *hosts, const struct eg_packet *packet,
                               struct eg_cursor payload)
{
    enum { LONG_HEADER = 7 };
    if (packet->source_port == EG_DNS_PORT || packet->source_port == EG_MDNS_PORT)
        return eg_dns_take(hosts, payload, packet->source_port == EG_MDNS_PORT);
    if (eg_cursor_left(&payload) < LONG_HEADER || !eg_looks_like_quic(payload.at) ||
        packet->destination_port > packet->source_port)
        return EG_OK;
    uint8_t room[EG_QUIC_ROOM];
    struct eg_cursor hello, name;
    if (eg_quic_hello(payload, room, &hello) && eg_hello_server_name(hello, &name))
        return add(hosts, packet, EG_NAME_QUIC, &name);
    return EG_OK;
}

enum eg_status eg_names_take(struct eg_hosts *hosts, const struct eg_frame *frame,
                             const struct eg_packet *packet)
{
    struct eg_cursor payload;
    if (!payload_of(frame, packet, &payload))
        return EG_OK;
    if (packet->protocol == EG_PROTOCOL_TCP)
        return take_tcp(hosts, packet, payload);
    if (packet->protocol == EG_PROTOCOL_UDP)
        return take_udp(hosts, packet, payload);
    return EG_OK;
}
