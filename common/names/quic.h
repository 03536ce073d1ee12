/*
 * QUIC's first flight: RFC 9001, 5. The Initial packets of a client are protected with keys that
 * everyone who sees the first one can make from its destination connection ID.
 */
#ifndef EG_QUIC_H
#define EG_QUIC_H

#include "base/cursor.h"
#include "names/pieces.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_QUIC_KEY = 16, EG_QUIC_IV = 12, EG_QUIC_ID_MAX = 20, EG_QUIC_ROOM = 2048 };

/* A packet with a long header, as it lies in a datagram. */
struct eg_quic_packet {
    uint32_t version;
    bool initial;
    const uint8_t *start;
    struct eg_cursor connection_id; /* the destination's */
    struct eg_cursor sealed;        /* from the packet number on */
};

/* What protects a client's Initial packets, and the connection ID that it was made from. */
struct eg_quic_keys {
    uint32_t version;
    uint8_t id_size, id[EG_QUIC_ID_MAX];
    uint8_t key[EG_QUIC_KEY], iv[EG_QUIC_IV], hp[EG_QUIC_KEY];
};

/* The next packet of a datagram, which may hold several. False: none that tells where it ends. */
bool eg_quic_next(struct eg_cursor *datagram, struct eg_quic_packet *packet);

/* False when libgcrypt fails. Costs ten hashes. */
bool eg_quic_make_keys(const struct eg_quic_packet *packet, struct eg_quic_keys *keys);

/* Keys are equal that are made from equal IDs; these are made from the packet's. */
bool eg_quic_keys_equal(const struct eg_quic_keys *a, const struct eg_quic_keys *b);
bool eg_quic_keys_are_of(const struct eg_quic_keys *keys, const struct eg_quic_packet *packet);

/* Takes the protection off: *frames, in room. False when it does not authenticate. */
bool eg_quic_open(const struct eg_quic_packet *packet, const struct eg_quic_keys *keys,
                  uint8_t room[EG_QUIC_ROOM], struct eg_cursor *frames);

/*
 * Puts what the frames of an Initial packet have of the ClientHello where it belongs. Clients cut
 * it into frames in any order, so that only those who know QUIC read it. However many there are, it
 * has grown once, as one look at it is due. Status: as of eg_pieces_put(), the last one that is
 * none of EG_OK.
 */
enum eg_status eg_quic_join(struct eg_cursor frames, struct eg_pieces *pieces);

#ifdef __cplusplus
}
#endif

#endif
