/*
 * The same packet captured twice: rules 2.1 to 2.3.
 */
#ifndef EG_COPIES_H
#define EG_COPIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"
#include "packet/packet.h"
#include "traffic/ways.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_copies; /* opaque; bounded memory, whatever the input */

enum eg_dedup { EG_DEDUP_AUTO, EG_DEDUP_ON, EG_DEDUP_OFF };

enum eg_copy_verdict {
    EG_COPY_NOT_LOOKED_AT, /* the mode does not look at frames like this */
    EG_COPY_ORIGINAL,
    EG_COPY_DUPLICATE,
    EG_COPY_NO_KEY, /* too little was captured, or no time: kept, and counted by the caller */
};

/*
 * window: ns, inclusive, from the first frame of a key. Memory grows with the window, up to a
 * ceiling of 48 MB; the usual 1 ms takes up to 1.6 MB.
 */
enum eg_status eg_copies_new(enum eg_dedup mode, int64_t window, const struct eg_hash_key *key,
                             struct eg_copies **copies);
void eg_copies_free(struct eg_copies *copies);

/* Copies are looked for within one input: call between inputs. */
void eg_copies_reset(struct eg_copies *copies);

/*
 * Looks at the next frame of the input. interface: its number in the matrix; known: whether that
 * tells interfaces apart (kinds INDEX, COOKED2, COOKED1_SENT).
 */
enum eg_copy_verdict eg_copies_check(struct eg_copies *copies, const struct eg_frame *frame,
                                     const struct eg_packet *packet, uint16_t interface,
                                     bool known);

/* False when nothing is looked for among such frames: those of one context, eg_way_context_of(). */
bool eg_copies_may_look(const struct eg_copies *copies, const struct eg_frame *frame);

/* Whether such frames are looked at only where the interface is `known`. */
bool eg_copies_needs_known(const struct eg_copies *copies, int32_t link);

/* Keys that had to leave before their window ended: there was no more room. */
uint64_t eg_copies_evicted(const struct eg_copies *copies);
void eg_copies_forget_evicted(struct eg_copies *copies);

/* A copy of all that is known now; NULL without memory. */
struct eg_copies *eg_copies_copy(const struct eg_copies *copies);

/*
 * Whether no frame of time `earliest` or later (EG_NO_TIME: none has a time) can tell `a` from `b`,
 * which have the same seed, mode and window: every verdict from here on is the same of both, and so
 * is what becomes of evicted(). interface_of: where `b` has a's interface n, is interface_of[n].
 * Costs a look at every record, some 100 us at a window of 1 ms.
 */
bool eg_copies_agree(const struct eg_copies *a, const struct eg_copies *b,
                     const uint16_t *interface_of, int64_t earliest);

#ifdef __cplusplus
}
#endif

#endif
