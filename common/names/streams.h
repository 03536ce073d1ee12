/*
 * Messages that may hold a name and of which only a part has come: the heads of streams.
 *
 * A head waits for the frames that follow its first one, EG_HEAD_FRAMES in all, and is forgotten
 * then. A frame opens one at most, so there are never more heads than that, and nothing ever has to
 * make room: what becomes of a head is told by the frames within its wait alone. That is why
 * threads can share an input: who has looked at as many frames in front of a part knows its open
 * heads, and eg_streams_agree() proves it.
 */
#ifndef EG_STREAMS_H
#define EG_STREAMS_H

#include "base/hash.h"
#include "names/pieces.h"
#include "names/quic.h"
#include "packet/packet.h"
#include "packet/plain.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_HEAD_FRAMES = 1024, /* a power of two */
    EG_HEAD_GROWN_MAX = 32 /* pieces that make a head longer: each costs a look at all of it */
};

/* One direction of a conversation. */
struct eg_stream_key {
    struct eg_address source, destination;
    uint32_t ports; /* the source above the destination */
    uint8_t protocol;
};

struct eg_head {
    struct eg_stream_key key;
    bool open;
    uint16_t next;   /* of the same bucket, 1 more than its index; 0: none */
    uint64_t opened; /* the number of its frame */
    uint32_t base;   /* TCP: the sequence number of its first byte */
    struct eg_quic_keys quic;
    struct eg_pieces pieces;
};

/* How many open heads have ports of a slot: what says of most packets that no head awaits them. */
enum { EG_AWAITED_BITS = 10, EG_AWAITED = 1 << EG_AWAITED_BITS };

struct eg_streams {
    struct eg_hash_key key; /* mixed */
    uint16_t awaited[EG_AWAITED];
    uint16_t buckets[EG_HEAD_FRAMES * 2];
    struct eg_head *heads; /* a ring of EG_HEAD_FRAMES; NULL before the first */
    uint64_t first, end;   /* serial numbers: those not yet looked through, and the next one */
    uint32_t open;
    uint64_t given_up; /* heads that were too long, or in too many pieces */
};

enum eg_status eg_streams_new(const struct eg_hash_key *key, struct eg_streams **streams);
void eg_streams_free(struct eg_streams *streams);

/* Forgets all heads, as at the start of an input; not how many were given up. */
void eg_streams_reset(struct eg_streams *streams);

/* Forgets the heads that have waited long enough when frame `number` comes. */
void eg_streams_expire(struct eg_streams *streams, uint64_t number);

/* NULL: none is open. Valid until the next one is opened. */
struct eg_head *eg_streams_find(const struct eg_streams *streams, const struct eg_stream_key *key);

/*
 * Opens a head, in place of one of the same key and of one that the same frame has opened; behind
 * eg_streams_expire() of its number. NULL without memory.
 */
struct eg_head *eg_streams_open(struct eg_streams *streams, const struct eg_stream_key *key,
                                uint64_t number);

void eg_streams_close(struct eg_streams *streams, struct eg_head *head);

struct eg_stream_key eg_stream_key_of(const struct eg_packet *packet);

/* ---- for the frames that are most --------------------------------------------------------------
 */

EG_INLINE uint32_t eg_awaited_slot(uint32_t ports)
{
    return (ports * UINT32_C(0x9e3779b1)) >> (32 - EG_AWAITED_BITS);
}

/* Whether any head is open, perhaps one that has waited long enough. */
EG_INLINE bool eg_streams_any(const struct eg_streams *streams)
{
    return streams->open != 0;
}

/* Whether a head may be open of these ports. */
EG_INLINE bool eg_streams_may_await(const struct eg_streams *streams, uint32_t ports)
{
    return streams->awaited[eg_awaited_slot(ports)] != 0;
}

/* Whether one is, of a plain TCP packet. */
bool eg_streams_await(const struct eg_streams *streams, const struct eg_plain *plain);

/* ---- parts of an input --------------------------------------------------------------------------
 */

/* What is open when frame `number` comes; NULL without memory. */
struct eg_streams *eg_streams_copy(const struct eg_streams *streams);

/*
 * Whether nothing that follows can tell the two apart, of which the one would take frame a_number
 * next, and the other b_number.
 */
bool eg_streams_agree(const struct eg_streams *a, uint64_t a_number, const struct eg_streams *b,
                      uint64_t b_number);

#ifdef __cplusplus
}
#endif

#endif
