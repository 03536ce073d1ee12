/*
 * The names that packets themselves carry: DNS answers, TLS and QUIC ClientHellos, HTTP requests.
 *
 * Nearly all come whole in one packet. Of those that do not the beginning is kept until the rest
 * comes (streams.h); no other stream is put together.
 */
#ifndef EG_PACKET_NAMES_H
#define EG_PACKET_NAMES_H

#include "names/hosts.h"
#include "names/streams.h"
#include "packet/packet.h"
#include "packet/plain.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_DNS_PORT = 53, EG_MDNS_PORT = 5353 };

/* Bytes that are looked at to tell what a payload is. */
enum { EG_NAME_NEEDED = 8 };

/* RFC 9000, 17.2: a long header with the fixed bit, of version 1 or 2 (RFC 9369). */
EG_INLINE bool eg_looks_like_quic(const uint8_t *bytes)
{
    const uint32_t version =
        (uint32_t)bytes[1] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 8 | bytes[4];
    return (bytes[0] & 0xc0) == 0xc0 && (version == 1 || version == 0x6b3343cf);
}

/* A handshake record, or the first letters of a method of HTTP. */
EG_INLINE bool eg_looks_like_request(const uint8_t *bytes)
{
    enum { HANDSHAKE = 22 };
    /* Its bits are what the switch is about, from HANDSHAKE on: one question rules out the rest. */
    const uint64_t first = UINT64_C(1) | UINT64_C(1) << ('G' - HANDSHAKE) |
                           UINT64_C(1) << ('H' - HANDSHAKE) | UINT64_C(1) << ('D' - HANDSHAKE) |
                           UINT64_C(1) << ('P' - HANDSHAKE) | UINT64_C(1) << ('O' - HANDSHAKE);
    const uint32_t bit = (uint32_t)bytes[0] - HANDSHAKE;
    if (EG_LIKELY(bit >= 64) || EG_LIKELY(!(first >> bit & 1)))
        return false;
    switch (bytes[0]) {
    case HANDSHAKE:
        return bytes[1] == 3;
    case 'G':
    case 'H':
    case 'D':
        return bytes[1] == 'E';
    case 'P':
        return bytes[1] == 'O' || bytes[1] == 'U' || bytes[1] == 'A';
    case 'O':
        return bytes[1] == 'P';
    default:
        return false;
    }
}

/*
 * Whether a plain frame may carry a name, or a part of one; a few instructions for those that do
 * not. awaiting: NULL while no head is open. What is false here eg_names_take() takes for nothing,
 * so it does not matter who asks.
 */
EG_INLINE bool eg_names_may_be_in(const struct eg_plain *plain, const struct eg_streams *awaiting)
{
    enum { TCP_OFFSET = 12, TCP_SHORTEST = 0x50, UDP_HEADER = 8 };
    const uint32_t ports = eg_plain_ports(plain), from = ports >> 16;
    if (from == EG_DNS_PORT || from == EG_MDNS_PORT || plain->opens)
        return true;
    const uint8_t *upper = eg_plain_upper(plain);
    const uint32_t captured = eg_plain_upper_captured(plain);
    if (plain->protocol == EG_PROTOCOL_UDP)
        return captured >= UDP_HEADER + EG_NAME_NEEDED && eg_looks_like_quic(upper + UDP_HEADER);
    const uint32_t header = (upper[TCP_OFFSET] >> 4) * 4u;
    if (EG_UNLIKELY(upper[TCP_OFFSET] < TCP_SHORTEST))
        return true; /* its length is no length: the long way knows */
    if (EG_UNLIKELY(awaiting != NULL) && captured > header && eg_streams_await(awaiting, plain))
        return true;
    return captured >= header + EG_NAME_NEEDED && eg_looks_like_request(upper + header);
}

/* Once before threads take names: libgcrypt wants to be begun by one. */
void eg_names_prepare(void);

/*
 * Adds the names that a decoded frame carries, alone or with those before it; hosts NULL: only what
 * is open is kept up. number: of the frame, which grows by one with each. EG_ERR_NO_MEMORY only.
 * Bounded work: at most 512 records of a DNS message, 16 packets of a datagram, 16 KiB of a
 * message.
 */
enum eg_status eg_names_take(struct eg_hosts *hosts, struct eg_streams *streams, uint64_t number,
                             const struct eg_frame *frame, const struct eg_packet *packet);

#ifdef __cplusplus
}
#endif

#endif
