/*
 * The names that packets themselves carry: DNS answers, TLS and QUIC ClientHellos, HTTP requests.
 *
 * A packet is read by itself: no stream is put together again, so what is cut between two packets
 * gives no name. That keeps names a sum over packets, whatever thread reads which.
 */
#ifndef EG_PACKET_NAMES_H
#define EG_PACKET_NAMES_H

#include "names/hosts.h"
#include "packet/packet.h"
#include "packet/plain.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_DNS_PORT = 53, EG_MDNS_PORT = 5353 };

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

/* Whether a plain frame may carry a name; a few instructions for those that do not. */
EG_INLINE bool eg_names_may_be_in(const struct eg_plain *plain)
{
    enum { TCP_OFFSET = 12, UDP_HEADER = 8, NEEDED = 8 };
    const uint32_t from = eg_plain_ports(plain) >> 16;
    if (from == EG_DNS_PORT || from == EG_MDNS_PORT)
        return true;
    const bool udp = plain->protocol == EG_PROTOCOL_UDP;
    const uint8_t *upper = eg_plain_upper(plain);
    const uint32_t header = udp ? (uint32_t)UDP_HEADER : (upper[TCP_OFFSET] >> 4) * 4u;
    if (eg_plain_upper_captured(plain) < header + NEEDED)
        return false;
    const uint8_t *payload = upper + header;
    return udp ? eg_looks_like_quic(payload) : eg_looks_like_request(payload);
}

/* Once before threads take names: libgcrypt wants to be begun by one. */
void eg_names_prepare(void);

/*
 * Adds the names that a decoded frame carries. EG_ERR_NO_MEMORY only. Bounded work: at most 512
 * records of a DNS message, one ClientHello, 4 KiB of a request.
 */
enum eg_status eg_names_take(struct eg_hosts *hosts, const struct eg_frame *frame,
                             const struct eg_packet *packet);

#ifdef __cplusplus
}
#endif

#endif
