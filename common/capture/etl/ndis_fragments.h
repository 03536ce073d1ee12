/*
 * Packets that Windows 7 and 8 log in several events.
 */
#ifndef EG_NDIS_FRAGMENTS_H
#define EG_NDIS_FRAGMENTS_H

#include "base/error.h"
#include "capture/etl/etl_packet.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_FRAGMENTS_OPEN_MAX = 64,          /* packets under way at one time */
    EG_FRAGMENTS_BYTES_MAX = 256 * 1024, /* of one packet */
};

/* Who logs the parts of one packet: they follow each other there. */
struct eg_fragment_origin {
    uint16_t cpu;
    uint32_t thread;
    uint32_t process;
    int64_t time;
    uint64_t place;
};

struct eg_fragments; /* opaque */

enum eg_status eg_fragments_new(struct eg_fragments **fragments);
void eg_fragments_free(struct eg_fragments *fragments);

/*
 * Adds a part. When it completes a packet, *whole is true, and packet->bytes and origin become
 * those of all of it, as it began; they are valid until the next call. EG_ERR_NO_MEMORY.
 */
enum eg_status eg_fragments_add(struct eg_fragments *fragments, struct eg_etl_packet *packet,
                                struct eg_fragment_origin *origin, bool *whole);

/* Forgets what is under way. */
void eg_fragments_reset(struct eg_fragments *fragments);

/* Packets that were begun and not completed, and parts without a beginning, so far. */
uint64_t eg_fragments_lost(const struct eg_fragments *fragments);

#ifdef __cplusplus
}
#endif

#endif
