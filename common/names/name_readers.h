/*
 * Inside names/: the readers of the protocols that carry names. Each reads hostile bytes, as far as
 * they were captured, and finds text that eg_hosts_add() then looks at.
 */
#ifndef EG_NAME_READERS_H
#define EG_NAME_READERS_H

#include "base/cursor.h"
#include "names/hosts.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Adds what one DNS message answers. mdns: it is multicast DNS. EG_ERR_NO_MEMORY only. */
enum eg_status eg_dns_take(struct eg_hosts *hosts, struct eg_cursor message, bool mdns);

/* The server name of a TLS record that holds a ClientHello, and of the ClientHello alone. */
bool eg_tls_server_name(struct eg_cursor record, struct eg_cursor *name);
bool eg_hello_server_name(struct eg_cursor handshake, struct eg_cursor *name);

/* The Host of a request in origin form; without its port, and none that is an address. */
bool eg_http_host(struct eg_cursor request, struct eg_cursor *host);

/*
 * What is said under the protection of a client's QUIC Initial packet, at the start of a datagram:
 * the beginning of its ClientHello, in `room`. False when it does not authenticate as one.
 */
enum { EG_QUIC_ROOM = 2048 };
bool eg_quic_hello(struct eg_cursor datagram, uint8_t room[EG_QUIC_ROOM], struct eg_cursor *hello);

/*
 * The same out of the frames of such a packet. Clients cut their ClientHello into frames in any
 * order, so that only those who know QUIC read it: the parts are put where they belong, and what
 * comes before the first gap is the hello. `frames` may lie in `room`.
 */
bool eg_quic_join(struct eg_cursor frames, uint8_t room[EG_QUIC_ROOM], struct eg_cursor *hello);

#ifdef __cplusplus
}
#endif

#endif
