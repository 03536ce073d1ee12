/*
 * What a packet looks like on every device it crosses, as one number: rule 2.2.
 */
#ifndef EG_PACKET_KEY_H
#define EG_PACKET_KEY_H

#include "base/hash.h"
#include "packet/packet.h"
#include "packet/plain.h"

#ifdef __cplusplus
extern "C" {
#endif

/* False when too little of the packet was captured to know it again. */
bool eg_packet_key(const struct eg_hash_key *seed, const struct eg_frame *frame,
                   const struct eg_packet *packet, uint64_t *key);

/* The same of a plain frame, of which enough was captured. hint: as the packet's would be. */
uint64_t eg_plain_key(const struct eg_hash_key *seed, const struct eg_plain *plain,
                      enum eg_hint hint);

/* The IPv4 identification; 0 for IPv6, which has none in its fixed header. */
uint16_t eg_packet_identification(const struct eg_frame *frame, const struct eg_packet *packet);
uint16_t eg_plain_identification(const struct eg_plain *plain);

#ifdef __cplusplus
}
#endif

#endif
