/*
 * Inside names/: the readers of the protocols that carry names. Each reads hostile bytes, as far as
 * they were captured, and finds text that eg_hosts_add() then looks at.
 */
#ifndef EG_NAME_READERS_H
#define EG_NAME_READERS_H

#include "base/cursor.h"
#include "names/hosts.h"
#include "names/streams.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A packet that is looked into. */
struct eg_name_packet {
    struct eg_hosts *hosts; /* NULL: names are not kept */
    struct eg_streams *streams;
    uint64_t number; /* of its frame */
    const struct eg_frame *frame;
    const struct eg_packet *packet;
    struct eg_cursor payload; /* as far as it was captured */
    bool whole;               /* all of it was */
};

/* Keeps a name of the packet's destination. EG_ERR_NO_MEMORY only, as the next two. */
enum eg_status eg_name_keep(const struct eg_name_packet *from, enum eg_name_source source,
                            const struct eg_cursor *name);

/* Of a TCP segment, and of a datagram that begins as one of QUIC does. */
enum eg_status eg_tcp_take(const struct eg_name_packet *from);
enum eg_status eg_quic_take(const struct eg_name_packet *from);

/* Adds what one DNS message answers. mdns: it is multicast DNS. EG_ERR_NO_MEMORY only. */
enum eg_status eg_dns_take(struct eg_hosts *hosts, struct eg_cursor message, bool mdns);

/* What the beginning of a message has come to. */
enum eg_found {
    EG_FOUND,      /* its name */
    EG_FOUND_NONE, /* whatever follows, there will be none */
    EG_FOUND_MORE, /* what follows may have one */
};

/*
 * The server name of a ClientHello in one or several TLS records, and of the ClientHello alone.
 * *name may lie in room, where a ClientHello of several records is put together.
 */
enum { EG_HELLO_MAX = 16384 };
enum eg_found eg_tls_server_name(struct eg_cursor records, uint8_t room[EG_HELLO_MAX],
                                 struct eg_cursor *name);
enum eg_found eg_hello_server_name(struct eg_cursor handshake, struct eg_cursor *name);

/* The Host of a request in origin form; without its port, and none that is an address. */
enum eg_found eg_http_host(struct eg_cursor request, struct eg_cursor *host);

#ifdef __cplusplus
}
#endif

#endif
