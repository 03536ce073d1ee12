/*
 * TCP segments that were sent before: docs/findings.md, "Sent again".
 *
 * A flow is what one cell of the matrix has between two ports, so one direction on one interface.
 * Of each flow the ranges of sequence numbers are kept that were seen; a segment in them was sent
 * before. So what is found was seen twice for sure, and what the capture has no first sending of is
 * not found. What a flow remembers depends on every segment before: flows are of one session, and
 * do not go over into another that it is merged with, but for what they have come to.
 */
#ifndef EG_RESENT_H
#define EG_RESENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"
#include "packet/packet.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_resent; /* opaque; at most 72 bytes for each flow */

enum { EG_RESENT_FLOWS_MAX = 1 << 18 };

/* flows_max: at least 1; above it the flow that was quiet for longest is forgotten. */
enum eg_status eg_resent_new(const struct eg_hash_key *key, uint32_t flows_max,
                             struct eg_resent **resent);
void eg_resent_free(struct eg_resent *resent);

/* Forgets all flows, as at the start of an input; not how many were forgotten for lack of room. */
void eg_resent_reset(struct eg_resent *resent);

struct eg_again {
    bool whole;       /* all of the segment was sent before, its SYN or FIN too */
    uint64_t payload; /* bytes of it that were */
};

/*
 * Looks at the next packet, whose cell is below every ceiling. Segments without data, SYN and FIN,
 * keep-alives, resets, fragments, and headers that were cut before the flags were never sent again.
 * EG_ERR_NO_MEMORY only.
 */
enum eg_status eg_resent_check(struct eg_resent *resent, const struct eg_frame *frame,
                               const struct eg_packet *packet, uint32_t cell,
                               struct eg_again *again);

/* Flows that were forgotten for lack of room. */
uint64_t eg_resent_forgotten(const struct eg_resent *resent);

#ifdef __cplusplus
}
#endif

#endif
